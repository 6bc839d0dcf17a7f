/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar: mailboxes and pinned labels of every account, and how far the sync is.
 *
 * Signals:
 *   "selected" (PinionSidebarItem): a person chose it
 *   "visited" (PinionLabel): a label to be shown without pinning it
 *   "dropped" (PinionDragged, PinionSidebarItem, boolean move): conversations dropped on it
 *   "done" (PinionDone, string title): an act on labels; @title (nullable): what it is about
 *   "failed" (GError): what could not be done */

#pragma once

#include <adwaita.h>

#include "pinion-dnd.h"
#include "pinion-sidebar-model.h"

G_BEGIN_DECLS

#define PINION_TYPE_SIDEBAR (pinion_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (PinionSidebar, pinion_sidebar, PINION, SIDEBAR, AdwBin)

/* Once. */
void pinion_sidebar_set_engine (PinionSidebar *self,
                                PinionEngine  *engine);

/* Marks the row of @view (or of an outbox) as the one shown, without a signal; none where there is
 * no such row. */
void pinion_sidebar_select (PinionSidebar    *self,
                            const PinionView *view,
                            gboolean          outbox);

/* Chooses the row of @view as a person would; %FALSE where there is none. */
gboolean pinion_sidebar_activate (PinionSidebar    *self,
                                  const PinionView *view);

/* @dragged: (nullable) the conversations being dragged just now. */
void pinion_sidebar_set_drag (PinionSidebar *self,
                              PinionDragged *dragged);

void pinion_sidebar_set_outbox_count (PinionSidebar *self,
                                      gint64         account,
                                      guint          count);

void pinion_sidebar_open_menu (PinionSidebar *self);

/* What lies between its bars.  It is not visible until somebody makes it so: all that is in it takes a
 * frame of its own.  Returns: (transfer none) */
GtkWidget *pinion_sidebar_get_scroller (PinionSidebar *self);

G_END_DECLS
