/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the sidebar: icon or coloured dot, name, a quiet number.  Takes conversations dropped
 * on it, gives its label away by dragging.
 *
 * Signals: "dropped" (PinionDragged, boolean move), "label-drag" (boolean whether one is under
 * way). */

#pragma once

#include <gtk/gtk.h>

#include "pinion-dnd.h"

G_BEGIN_DECLS

#define PINION_TYPE_LABEL_ROW (pinion_label_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionLabelRow, pinion_label_row, PINION, LABEL_ROW, GtkWidget)

GtkWidget *pinion_label_row_new (void);

/* @item: (nullable) */
void               pinion_label_row_set_item (PinionLabelRow    *self,
                                              PinionSidebarItem *item);
PinionSidebarItem *pinion_label_row_get_item (PinionLabelRow *self);

/* What is being dragged just now, so that the row can show whether it takes it.  (nullable) */
void pinion_label_row_set_drag (PinionLabelRow *self,
                                PinionDragged  *dragged);

G_END_DECLS
