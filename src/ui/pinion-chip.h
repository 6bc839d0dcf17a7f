/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A label as a small pill in its colour.  The colour belongs to the label, not to the theme, so it
 * is drawn here; it follows light and dark by itself. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PINION_TYPE_CHIP (pinion_chip_get_type ())
G_DECLARE_FINAL_TYPE (PinionChip, pinion_chip, PINION, CHIP, GtkWidget)

GtkWidget *pinion_chip_new (void);

/* @colour: "#rrggbb"; (nullable) for a grey chip. */
void pinion_chip_set (PinionChip *self,
                      const char *text,
                      const char *colour);

G_END_DECLS
