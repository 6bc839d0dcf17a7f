/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The middle pane: the conversations of one view, or the outbox.
 *
 *   PinionConversationList (lazy, follows the store)
 *     └─ GtkMultiSelection
 *          └─ GtkListView of PinionConversationRow
 *
 * Selection and place are kept by conversation, not by row, so mail may come and go.
 *
 * Signals:
 *   "selection-changed": other conversations are selected
 *   "opened": a person wants to read the one selected
 *   "star-toggled" (PinionConversation)
 *   "swiped" (PinionConversation, int act): by a finger, to have that done to it
 *   "label-dropped" (PinionLabel, PinionDragged, boolean move)
 *   "dragging" (PinionDragged, nullable): conversations are being dragged, or no longer
 *   "taken-back" (int64): a message of the outbox is a draft again
 *   "outbox-counted" (int64 account, uint)
 *   "solve" (PinionAccountItem): the problem of the banner
 *   "renamed" (string): the label shown has another name
 *   "searched": something else is searched for, or nothing any more
 *   "failed" (GError) */

#pragma once

#include <adwaita.h>

#include "pinion-dnd.h"
#include "pinion-search.h"

G_BEGIN_DECLS

#define PINION_TYPE_LIST_PANE (pinion_list_pane_get_type ())
G_DECLARE_FINAL_TYPE (PinionListPane, pinion_list_pane, PINION, LIST_PANE, AdwBin)

/* Once, before anything is shown. */
void pinion_list_pane_set_engine (PinionListPane *self,
                                  PinionEngine   *engine);

void pinion_list_pane_show_view   (PinionListPane   *self,
                                   const PinionView *view,
                                   const char       *title);
void pinion_list_pane_show_outbox (PinionListPane *self,
                                   gint64          account);

/* Opens the search, over all mail; while something is found, that is the view. */
void pinion_list_pane_search (PinionListPane *self);

/* The same with @text in it. */
void pinion_list_pane_search_for (PinionListPane *self,
                                  const char     *text);

/* What is found for @text, the focus stays where it is. */
void pinion_list_pane_show_search (PinionListPane   *self,
                                   const char       *text,
                                   PinionSearchOrder order);

/* What is typed just now counts already. */
void pinion_list_pane_take_search (PinionListPane *self);

/* What is searched for, as it was typed; %NULL: nothing is. */
const char       *pinion_list_pane_get_search       (PinionListPane *self);
PinionSearchOrder pinion_list_pane_get_search_order (PinionListPane *self);

/* The title over what is found; (nullable) where the search has no name. */
void pinion_list_pane_name_search (PinionListPane *self,
                                   const char     *name);

/* Whether what is searched for may be on the server, too; and searching there. */
gboolean pinion_list_pane_can_search_server (PinionListPane *self);
void     pinion_list_pane_search_server     (PinionListPane *self);

/* What is shown where nothing is searched for; @outbox: (out) that of its account. */
const PinionView *pinion_list_pane_get_base (PinionListPane *self,
                                             gboolean       *outbox);

/* Returns: whether there was a search to end. */
gboolean pinion_list_pane_end_search (PinionListPane *self);

/* What is shown; %NULL before anything is, and for the outbox. */
const PinionView *pinion_list_pane_get_view (PinionListPane *self);

/* Whether the first rows of a list are made in the frames to come. */
gboolean pinion_list_pane_is_beginning (PinionListPane *self);

/* While @patient, the rows that follow the first ones wait: something else is to be shown. */
void pinion_list_pane_set_patient (PinionListPane *self,
                                   gboolean        patient);

/* All below its bars, the list among it; hidden at first. */
GtkWidget *pinion_list_pane_get_content (PinionListPane *self);

/* What a search is typed in.  Returns: whether it had to be made */
gboolean pinion_list_pane_make_search (PinionListPane *self);

/* The menu of the bar of a selection, which takes a third as long to make as the whole pane.  Returns:
 * whether it had to be made */
gboolean pinion_list_pane_make_menu (PinionListPane *self);

/* The conversations selected, newest first, gint64.  Returns: (transfer full) */
GArray *pinion_list_pane_dup_selected (PinionListPane *self);
guint   pinion_list_pane_get_n_selected (PinionListPane *self);

/* What is true of so many is taken to be true of all that are selected. */
#define PINION_LIST_PANE_LOOKED_AT 200

/* The same as PinionConversation, as many as are looked at.  Returns: (transfer full) */
GPtrArray *pinion_list_pane_dup_selected_items (PinionListPane *self);

/* The only one selected.  Returns: (transfer full) (nullable) */
PinionConversation *pinion_list_pane_dup_single (PinionListPane *self);

/* @conversations as something to drag or to act on.  Returns: (transfer full) */
PinionDragged *pinion_list_pane_make_dragged (PinionListPane *self,
                                              GArray         *conversations);

/* The account of @conversation, from its labels; 0 where it has none. */
gint64 pinion_list_pane_get_account (PinionListPane     *self,
                                     PinionConversation *conversation);

/* Selects @conversation alone, as soon as it is in the list. */
void pinion_list_pane_select (PinionListPane *self,
                              gint64          conversation);
/* Selects the one @step rows further, from none the first. */
void pinion_list_pane_step   (PinionListPane *self,
                              int             step);
void pinion_list_pane_unselect (PinionListPane *self);

/* All of the view, however many there are. */
void pinion_list_pane_select_all (PinionListPane *self);

/* @act is about to be done to @conversations as seen in @view: what it makes of those that are shown
 * is shown at once.  @label: see pinion_engine_act().  Returns: (transfer full) (nullable): a list to
 * settle once the act is in the store. */
PinionConversationList *pinion_list_pane_foretell (PinionListPane   *self,
                                                   PinionAct         act,
                                                   const gint64     *conversations,
                                                   guint             n_conversations,
                                                   const PinionView *view,
                                                   gint64            label);

/* Selecting several, with check marks and a bar of actions. */
void     pinion_list_pane_set_selecting (PinionListPane *self,
                                         gboolean        selecting);
gboolean pinion_list_pane_get_selecting (PinionListPane *self);

/* Whether the button that shows the sidebar is there. */
void pinion_list_pane_set_sidebar_button (PinionListPane *self,
                                          gboolean        visible);

void pinion_list_pane_focus_list (PinionListPane *self);

/* Where a popover about the selected conversation belongs: a widget of the pane, and a place in
 * it. */
GtkWidget *pinion_list_pane_get_anchor (PinionListPane *self,
                                        GdkRectangle   *at);

G_END_DECLS
