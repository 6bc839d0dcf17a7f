/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the sidebar, made from accounts and labels.
 *
 *   PinionSidebarModel (GListModel of PinionSidebarItem, GtkSectionModel)
 *     ├─ Inbox over all accounts, where there are several, and then the saved searches
 *     └─ for each account: Inbox, Snoozed where there is any, Starred, Drafts, Outbox, Sent, Archive, Junk,
 *        Trash, All Mail
 *        below them the saved searches, where it is the only one,
 *        its pinned labels under the title "Labels", "More", and its sections
 *
 * Follows these lists; a row that stays keeps its object, so a selection survives. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-sidebar-item.h"
#include "pinion-sidebar-tree.h"

G_BEGIN_DECLS

#define PINION_TYPE_SIDEBAR_MODEL (pinion_sidebar_model_get_type ())
G_DECLARE_FINAL_TYPE (PinionSidebarModel, pinion_sidebar_model, PINION, SIDEBAR_MODEL, GObject)

/* @accounts: PinionAccountItem.  @labels: PinionLabel.  @sections: PinionSection.
 * Returns: (transfer full) */
PinionSidebarModel *pinion_sidebar_model_new (GListModel *accounts,
                                              GListModel *labels,
                                              GListModel *sections);

/* @searches: PinionSavedSearch; those that are pinned get a row. */
void pinion_sidebar_model_set_searches (PinionSidebarModel *self,
                                        GListModel         *searches);

/* The row that shows @view or, where @outbox, the outbox of its account; GTK_INVALID_LIST_POSITION
 * where there is none. */
guint pinion_sidebar_model_find (PinionSidebarModel *self,
                                 const PinionView   *view,
                                 gboolean            outbox);

/* How many messages wait in the outbox of @account. */
void pinion_sidebar_model_set_outbox_count (PinionSidebarModel *self,
                                            gint64              account,
                                            guint               count);

/* While @label (nullable) is dragged there is a row to drop it on for a new section. */
void pinion_sidebar_model_set_dragged (PinionSidebarModel *self,
                                       PinionLabel        *label);

/* What a drop of @label on the upper or lower (@below) half of @target would do.  Returns: whether it
 * can; @place is set then. */
gboolean pinion_sidebar_model_place (PinionSidebarModel *self,
                                     PinionLabel        *label,
                                     PinionSidebarItem  *target,
                                     gboolean            below,
                                     PinionPlace        *place);

/* One step up (-1) or down (1). */
gboolean pinion_sidebar_model_step (PinionSidebarModel *self,
                                    PinionLabel        *label,
                                    int                 step,
                                    PinionPlace        *place);

/* The row with the title of @section. */
guint pinion_sidebar_model_find_section (PinionSidebarModel *self,
                                         gint64              account,
                                         gint64              section);

/* How many conversations of @account are snoozed. */
void pinion_sidebar_model_set_snoozed (PinionSidebarModel *self,
                                       gint64              account,
                                       guint               count);

/* Two views of the same thing. */
gboolean pinion_view_equal (const PinionView *a,
                            const PinionView *b);

G_END_DECLS
