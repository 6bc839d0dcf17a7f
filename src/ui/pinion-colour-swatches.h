/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The colours a label may have, to choose one. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*PinionColourChosen) (const char *colour,
                                    gpointer    user_data);

/* @current: (nullable) "#rrggbb", shown as chosen; %NULL: none was.  @plain: what there is then.
 * @chosen is called with one of them, %NULL to have none. */
GtkWidget *pinion_colour_swatches_new (const char         *current,
                                       const char         *plain,
                                       PinionColourChosen  chosen,
                                       gpointer            user_data);

G_END_DECLS
