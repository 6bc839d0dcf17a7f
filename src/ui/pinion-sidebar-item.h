/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One row of the sidebar: a standing view, a label, the outbox, the title of a section, or "More".
 * Follows its label; the signal "changed" says that what is shown changed. */

#pragma once

#include <glib-object.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_SIDEBAR_VIEW,
  PINION_SIDEBAR_OUTBOX,
  PINION_SIDEBAR_MORE,
  PINION_SIDEBAR_SECTION,     /* the title over labels; its view's label is the section */
  PINION_SIDEBAR_NEW_SECTION, /* where a label is dropped to make one */
  PINION_SIDEBAR_SEARCHES,    /* the title over saved searches */
  PINION_SIDEBAR_SEARCH,      /* its view is All Mail, with the search as its label */
} PinionSidebarKind;

#define PINION_TYPE_SIDEBAR_ITEM (pinion_sidebar_item_get_type ())
G_DECLARE_FINAL_TYPE (PinionSidebarItem, pinion_sidebar_item, PINION, SIDEBAR_ITEM, GObject)

/* @view: what it shows; its account also for the kinds that are no view.  @label: (nullable). */
PinionSidebarItem *pinion_sidebar_item_new (PinionSidebarKind kind,
                                            const PinionView *view,
                                            PinionLabel      *label);

PinionSidebarKind pinion_sidebar_item_get_kind  (PinionSidebarItem *self);
const PinionView *pinion_sidebar_item_get_view  (PinionSidebarItem *self);
PinionLabel      *pinion_sidebar_item_get_label (PinionSidebarItem *self);
/* PINION_ROLE_NONE for a label without one and for what is no label. */
PinionRole        pinion_sidebar_item_get_role  (PinionSidebarItem *self);

const char *pinion_sidebar_item_get_title (PinionSidebarItem *self);
/* The icon, %NULL for a label that shows its colour. */
const char *pinion_sidebar_item_get_icon  (PinionSidebarItem *self);
/* The number at the end of the row: unread messages, or all of them for drafts, the outbox and
 * what is snoozed. */
guint       pinion_sidebar_item_get_count (PinionSidebarItem *self);
void        pinion_sidebar_item_set_count (PinionSidebarItem *self,
                                           guint              count);

/* "Inbox, 3 unread".  Returns: (transfer full) */
char *pinion_sidebar_item_dup_accessible_name (PinionSidebarItem *self);

/* How many of the labels it lies in are shown above it. */
guint pinion_sidebar_item_get_depth (PinionSidebarItem *self);
void  pinion_sidebar_item_set_depth (PinionSidebarItem *self,
                                     guint              depth);

/* Whether rows below it can be folded away, and are.  @hidden: (nullable) the labels that are not
 * shown since it is folded: what they have unread is counted here. */
void     pinion_sidebar_item_set_fold     (PinionSidebarItem *self,
                                           gboolean           foldable,
                                           gboolean           folded,
                                           GPtrArray         *hidden);
gboolean pinion_sidebar_item_get_foldable (PinionSidebarItem *self);
gboolean pinion_sidebar_item_get_folded   (PinionSidebarItem *self);
/* A label's unread messages changed. */
void     pinion_sidebar_item_count_hidden (PinionSidebarItem *self);

/* The name of a section or a search; (nullable) where it is the account's labels in none. */
void pinion_sidebar_item_set_name (PinionSidebarItem *self,
                                   const char        *name);

/* More about it, for a tooltip; (nullable) */
void        pinion_sidebar_item_set_hint (PinionSidebarItem *self,
                                          const char        *hint);
const char *pinion_sidebar_item_get_hint (PinionSidebarItem *self);

/* The part of the list it stands in; the model's own. */
guint       pinion_sidebar_item_get_section       (PinionSidebarItem *self);
const char *pinion_sidebar_item_get_section_title (PinionSidebarItem *self);
void        pinion_sidebar_item_set_section       (PinionSidebarItem *self,
                                                   guint              section,
                                                   const char        *title);

/* The translated name of a mailbox with a role, %NULL for none. */
const char *pinion_role_get_title (PinionRole role);

/* The icon of such a mailbox, %NULL for none. */
const char *pinion_role_get_icon (PinionRole role);

/* The name a person knows @label by: that of its role, else its last level. */
const char *pinion_label_get_title (PinionLabel *label);

G_END_DECLS
