/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the sidebar: icon or coloured dot, name, a quiet number; or the title of a section.  Takes
 * conversations and labels dropped on it, gives its label away by dragging, and opens when something
 * hovers over it while it is folded.
 *
 * Signals: "dropped" (PinionDragged, boolean move), "label-dropped" (PinionLabel, boolean below),
 * "search-dropped" (PinionSidebarItem, boolean below),
 * "label-drag" (boolean whether one is under way), "fold" (it is to be folded, or unfolded), "menu"
 * (its menu is asked for). */

#pragma once

#include <gtk/gtk.h>

#include "pinion-dnd.h"
#include "pinion-sidebar-model.h"

G_BEGIN_DECLS

#define PINION_TYPE_LABEL_ROW (pinion_label_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionLabelRow, pinion_label_row, PINION, LABEL_ROW, GtkWidget)

GtkWidget *pinion_label_row_new (void);

/* @item: (nullable) */
void               pinion_label_row_set_item (PinionLabelRow    *self,
                                              PinionSidebarItem *item);
PinionSidebarItem *pinion_label_row_get_item (PinionLabelRow *self);

/* What says where labels may stand. */
void pinion_label_row_set_model (PinionLabelRow     *self,
                                 PinionSidebarModel *model);

/* What is being dragged just now, so that the row can show whether it takes it.  (nullable) */
void pinion_label_row_set_drag (PinionLabelRow *self,
                                PinionDragged  *dragged);

/* The same for a label.  (nullable) */
void pinion_label_row_set_label_drag (PinionLabelRow *self,
                                      PinionLabel    *label);

G_END_DECLS
