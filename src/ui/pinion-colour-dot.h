/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A filled dot in a label's colour, the size of an icon. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PINION_TYPE_COLOUR_DOT (pinion_colour_dot_get_type ())
G_DECLARE_FINAL_TYPE (PinionColourDot, pinion_colour_dot, PINION, COLOUR_DOT, GtkWidget)

/* @colour: "#rrggbb". */
void pinion_colour_dot_set (PinionColourDot *self,
                            const char      *colour);

G_END_DECLS
