/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window from within: pinion-window.c owns it, -acts.c does what is done to conversations,
 * -reading.c shows the selected one, -panes.c keeps the widths. */

#pragma once

#include "pinion-command-bar.h"
#include "pinion-list-pane.h"
#include "pinion-reader.h"
#include "pinion-saved-search.h"
#include "pinion-sidebar.h"
#include "pinion-undo-toasts.h"
#include "pinion-window.h"

G_BEGIN_DECLS

struct _PinionWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failure;
  AdwBin *assistant_place;
  AdwOverlaySplitView *outer;
  AdwNavigationSplitView *inner;
  AdwNavigationPage *list_page;
  AdwNavigationPage *reading_page;
  AdwBin *sidebar_place;
  AdwBin *list_place;
  PinionSidebar *sidebar;    /* there before the engine is */
  PinionListPane *list_pane; /* so too */
  GtkStack *reading_stack;
  AdwStatusPage *many;
  AdwBin *reader_place;
  PinionReader *reader; /* (nullable) there soon */
  GtkWidget *reading_pane;
  guint tick;
  guint making;
  guint n_loaded;
  GtkWidget *label_button;
  GtkWidget *reading_actions;
  GtkMenuButton *reading_menu;
  GMenuModel *conversation_menu;
  GtkWidget *sidebar_edge;
  GtkWidget *list_edge;

  PinionEngine *engine;
  GSettings *settings;
  PinionUndoToasts *undo;
  gboolean shows_outbox;
  gint64 shown_search; /* the saved one that was opened last, or 0 */
  guint read_source;
  gint64 read_conversation;
  PinionCommandBar *bar;      /* (nullable) weak: the last one */
  PinionCommandBar *next_bar; /* (nullable) waits until that has gone */
};

/* -- pinion-window.c */
void pinion_window_show_label (PinionWindow *self,
                               PinionLabel  *label);

/* A view, a label or an outbox, as if chosen in the sidebar; what is marked there stays. */
void pinion_window_show_place (PinionWindow      *self,
                               PinionSidebarItem *item);

/* "Sending…", with the way back. */
void pinion_window_tell_sending (PinionWindow *self,
                                 gint64        outbox);

/* -- pinion-window-panes.c */
void pinion_window_add_pane_edges (PinionWindow *self);

/* -- pinion-window-acts.c */
void pinion_window_add_acts    (PinionWindow *self);
void pinion_window_add_pause   (PinionWindow *self);
void pinion_window_update_acts (PinionWindow *self);

/* Acts on @conversations as seen in @view.  @label: 0 where the act needs none. */
void pinion_window_act (PinionWindow     *self,
                        PinionAct         act,
                        const gint64     *conversations,
                        guint             n_conversations,
                        const PinionView *view,
                        gint64            label);

/* Tells of an act on @conversations once it is done (PinionDone), with the way back.  Takes @done.
 * @words: (nullable) what it is about.  @list: (transfer full) (nullable) from
 * pinion_list_pane_foretell(). */
void pinion_window_tell_done (PinionWindow           *self,
                              DexFuture              *done,
                              const char             *words,
                              PinionConversationList *list,
                              GArray                 *conversations);

/* Where a person looks for what is about the selection. */
void pinion_window_present_at_selection (PinionWindow *self,
                                         GtkPopover   *popover);

/* -- pinion-window-commands.c */
void pinion_window_add_commands (PinionWindow *self);

/* -- pinion-window-import.c */
void pinion_window_add_importing (PinionWindow *self);

/* -- pinion-window-labels.c */
void pinion_window_add_labelling (PinionWindow *self);

/* -- pinion-window-save.c */
void pinion_window_add_saving (PinionWindow *self);

/* -- pinion-window-snooze.c */
void pinion_window_add_snooze      (PinionWindow *self);
void pinion_window_look_for_snooze (PinionWindow *self,
                                    gboolean     *can_snooze,
                                    gboolean     *can_unsnooze);

/* -- pinion-window-search.c */
void pinion_window_add_search     (PinionWindow *self);
/* Once, when there is an engine. */
void pinion_window_watch_searches (PinionWindow *self);
/* What was saved, in place of what is shown; nothing where there is no such search. */
void pinion_window_show_search    (PinionWindow *self,
                                   gint64        search);
/* Another search, or none any more. */
void pinion_window_follow_search  (PinionWindow *self);

/* -- pinion-window-reading.c */
void pinion_window_show_selected (PinionWindow *self);
void pinion_window_open_selected (PinionWindow *self);
void pinion_window_open_draft    (PinionWindow *self,
                                  gint64        draft);
/* Marks what is read as read once it has been in sight for a moment. */
void pinion_window_watch_reading (PinionWindow *self);

/* Where a conversation is shown.  Returns: whether it had to be made */
gboolean pinion_window_make_reader (PinionWindow *self);

G_END_DECLS
