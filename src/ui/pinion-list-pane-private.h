/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list pane from within: pinion-list-pane.c owns it, -rows.c makes its rows, -pages.c is what
 * there is without any, -pointer.c is what is done to them, -selection.c keeps selection and place
 * while the list changes. */

#pragma once

#include "pinion-conversation-row.h"
#include "pinion-list-pane.h"
#include "pinion-list-selection.h"
#include "pinion-outbox-list.h"
#include "pinion-problem-banner.h"
#include "pinion-search-bar.h"
#include "pinion-server-bar.h"

G_BEGIN_DECLS

struct _PinionListPane
{
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkWidget *sidebar_button;
  GtkWidget *again_button;
  GtkWidget *select_button;
  GtkWidget *search_button;
  GtkWidget *cancel_button;
  AdwBin *search_place;
  PinionSearchBar *search; /* (nullable) there soon */
  PinionServerBar *server;
  PinionProblemBanner *banner;
  GtkStack *stack;
  guint bar_tick;
  gboolean bar_waited;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  AdwStatusPage *empty;
  PinionOutboxList *outbox;
  GtkRevealer *bar;
  GtkMenuButton *bar_menu;
  GMenuModel *selection_menu;
  GtkRevealer *above;
  GtkButton *above_button;

  PinionEngine *engine;
  GSettings *settings;
  PinionView view;
  gboolean has_view;
  char *view_title;

  /* What a search gives back: a view, or an account's outbox.  @query: while something is found. */
  PinionView base;
  gboolean base_is_outbox;
  char *base_title;
  PinionSearchQuery *query;

  PinionConversationList *model;  /* (nullable) */
  PinionListSelection *selection; /* what the list view has of it */
  GPtrArray *rows; /* those on screen, borrowed */
  gboolean compact_rows; /* as the settings have it */
  gboolean show_avatars;
  guint spinner_source;
  gboolean is_slow; /* a search that is without an answer for long */
  guint hover_source;

  /* What the pointer does: (nullable), rows weak */
  PinionConversationRow *pointed;
  PinionConversationRow *pressed;
  PinionConversationRow *accepting;
  PinionConversation *grabbed;
  PinionRowSwipe *swipe;
  gboolean star_pressed;

  /* Selection kept over changes of the list */
  GArray *kept;
  guint n_kept; /* selected then; of many, few are in @kept */
  gint64 wanted; /* to be selected once the list has it, or 0 */
  double place; /* where to scroll to once the list has its rows */
  int top_page; /* how much of it showed at the last of those ticks */
  gint64 before_search; /* was selected when the search began, or 0 */
  double place_before_search;
  guint anchor;
  guint restore_source;
  guint top_tick;
  guint top_ticks;
  gboolean restoring;
  gboolean was_at_top;
  guint n_above; /* that have come while a person looked further down */

  gboolean selecting;
};

typedef enum
{
  PINION_LIST_PANE_SELECTION_CHANGED,
  PINION_LIST_PANE_OPENED,
  PINION_LIST_PANE_STAR_TOGGLED,
  PINION_LIST_PANE_SWIPED,
  PINION_LIST_PANE_LABEL_DROPPED,
  PINION_LIST_PANE_DRAGGING,
  PINION_LIST_PANE_TAKEN_BACK,
  PINION_LIST_PANE_OUTBOX_COUNTED,
  PINION_LIST_PANE_SOLVE,
  PINION_LIST_PANE_RENAMED,
  PINION_LIST_PANE_SEARCHED,
  PINION_LIST_PANE_FAILED,
  PINION_LIST_PANE_N_SIGNALS
} PinionListPaneSignal;

extern guint pinion_list_pane_signals[PINION_LIST_PANE_N_SIGNALS];

void pinion_list_pane_update_state (PinionListPane *self);
void pinion_list_pane_update_title (PinionListPane *self);

/* An Inbox, or all of them. */
gboolean pinion_list_pane_shows_inbox (PinionListPane *self);

/* Instead of what is shown.  @view: what acts are about. */
void pinion_list_pane_show_model (PinionListPane         *self,
                                  PinionConversationList *model,
                                  const PinionView       *view,
                                  const char             *title);

/* What was shown before the search. */
void pinion_list_pane_show_base (PinionListPane *self);

/* -- pinion-list-pane-pages.c */

/* By what there is to show. */
void pinion_list_pane_update_page  (PinionListPane *self);
void pinion_list_pane_show_page    (PinionListPane *self,
                                    const char     *name);
void pinion_list_pane_show_nothing (PinionListPane *self);

/* -- pinion-list-pane-search.c */
void pinion_list_pane_bind_search   (GtkWidgetClass *widget_class);
void pinion_list_pane_forget_search (PinionListPane *self);
void pinion_list_pane_close_search  (PinionListPane *self);

/* Or hides it: of the selection, a frame after its rows.  -- pinion-list-pane-selection.c */
void pinion_list_pane_show_bar (PinionListPane *self);

/* -- pinion-list-pane-rows.c */
void pinion_list_pane_bind_selection (GtkWidgetClass *widget_class);
void pinion_list_pane_bind_rows   (GtkWidgetClass *widget_class);
void pinion_list_pane_style_rows  (PinionListPane *self);

/* -- pinion-list-pane-pointer.c */
void pinion_list_pane_add_controllers (PinionListPane *self);

/* @row shows something else. */
void pinion_list_pane_forget_row (PinionListPane        *self,
                                  PinionConversationRow *row);

/* -- pinion-list-pane-selection.c */
void pinion_list_pane_watch_selection (PinionListPane *self);
void pinion_list_pane_watch_model (PinionListPane *self);
void pinion_list_pane_watch_place (PinionListPane *self);
void pinion_list_pane_forget_selection (PinionListPane *self);

G_END_DECLS
