/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pinned labels of one account as the sidebar stands them: by section, each below the label it
 * lies in, in the order that was chosen.
 *
 * A label is in the section it was put into, else in that of the label it lies in, else in none. */

#pragma once

#include "pinion-sidebar-item.h"

G_BEGIN_DECLS

/* @parent: its place in the tree, -1 where it stands by itself.  @section: 0 for none.  @n_below: how
 * many that follow it lie in it. */
typedef struct
{
  PinionLabel *label; /* borrowed */
  int parent;
  gint64 section;
  guint depth;
  guint n_below;
} PinionSidebarNode;

/* What putting a label somewhere means for pinion_engine_place_label().  @below: the line that says
 * where is under the row, not over it.  @makes_section: it becomes the first of a new section; the
 * rest is unset then. */
typedef struct
{
  gint64 section;
  GArray *order;
  gboolean below;
  gboolean makes_section;
} PinionPlace;

void pinion_place_clear (PinionPlace *self);

/* @labels: the pinned ones of an account, borrowed.  @sections: those of the account that people
 * made (PinionSection), in their order.  Returns: (transfer full): PinionSidebarNode, section by
 * section, each followed by what lies in it */
GArray *pinion_sidebar_tree_new (GPtrArray        *labels,
                                 GPtrArray        *sections,
                                 PinionLabelOrder  order);

/* Where @label stands in it; -1: nowhere. */
int pinion_sidebar_tree_find (GArray      *tree,
                              PinionLabel *label);

/* Puts @label before, or after (@below), @target; or to the beginning of @section where @target is
 * %NULL.  Returns: whether it can stand there and does not yet; @place is set then. */
gboolean pinion_sidebar_tree_place (GArray      *tree,
                                    PinionLabel *label,
                                    PinionLabel *target,
                                    gint64       section,
                                    gboolean     below,
                                    PinionPlace *place);

/* One step up (-1) or down (1), over the edge of a section into the next of @sections. */
gboolean pinion_sidebar_tree_step (GArray      *tree,
                                   GPtrArray   *sections,
                                   PinionLabel *label,
                                   int          step,
                                   PinionPlace *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinionPlace, pinion_place_clear)

G_END_DECLS
