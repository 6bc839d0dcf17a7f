/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dragging conversations onto labels, and labels onto conversations.
 *
 * What is dragged is typed: a PinionDragged (conversations) or a PinionLabel.  What a drop would
 * do is a PinionDropPlan, made from the two sides alone; the drag shows its words while it
 * hovers. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-sidebar-item.h"

G_BEGIN_DECLS

/* Conversations on their way.  Atomically counted, never changed. */
typedef struct
{
  PinionView view; /* where they were taken from */
  PinionRole role; /* of the label that is, or NONE */
  gint64 account;  /* whose they are; 0 where they are of several accounts */
  guint n_conversations;
  gint64 conversations[];
} PinionDragged;

#define PINION_TYPE_DRAGGED (pinion_dragged_get_type ())
GType pinion_dragged_get_type (void);

/* @conversations: an array of gint64.  Returns: (transfer full) */
PinionDragged *pinion_dragged_new   (const PinionView *view,
                                     PinionRole        role,
                                     gint64            account,
                                     GArray           *conversations);
PinionDragged *pinion_dragged_ref   (PinionDragged *self);
void           pinion_dragged_unref (PinionDragged *self);

/* What dropping would do; @words say it ("Move to Projects"), %NULL where it is refused. */
typedef struct
{
  PinionAct act;
  gint64 label;
  char *words;
} PinionDropPlan;

void pinion_drop_plan_clear (PinionDropPlan *self);

/* Plans a drop of @dragged on @target.  @move: whether a label is moved to rather than added.
 * Returns: whether @target takes it; @plan is set then. */
gboolean pinion_drop_plan (const PinionDragged *dragged,
                           PinionSidebarItem   *target,
                           gboolean             move,
                           PinionDropPlan      *plan);

/* Whether files can be dropped on @label, to be imported as messages. */
gboolean pinion_drop_takes_files (PinionLabel *label);

/* Whether one of @files may be a message, as far as their names tell. */
gboolean pinion_drop_may_be_messages (GdkFileList *files);

/* Has the window of @widget import the @files that were dropped on @label. */
void pinion_drop_files (GtkWidget   *widget,
                        PinionLabel *label,
                        GdkFileList *files);

/* "Add label Projects" or "Move to Projects".  Returns: (transfer full) */
char *pinion_drop_words (const char *label_title,
                         gboolean    move);

/* Whether @drop is to move: Shift offers GTK's move action alone and means the other of the two,
 * Ctrl always adds; the preference "drop-moves" says which is usual. */
gboolean pinion_drop_wants_move (GdkDrop *drop);

/* The action to answer @drop with: one it offers. */
GdkDragAction pinion_drop_answer (GdkDrop *drop,
                                  gboolean move);

/* Whether it is a finger that is at @source. */
gboolean pinion_drag_is_touch (GtkDragSource *source);

/* Gives @drag its picture: @words, and a count where @n is more than one. */
void pinion_drag_begin (GdkDrag    *drag,
                        const char *words,
                        guint       n);

/* Says on the picture of the drag behind @drop what would happen; %NULL: what is dragged. */
void pinion_drag_say (GdkDrop    *drop,
                      const char *words);

/* Scrolls @scroller while a drag hovers near its upper or lower edge. */
void pinion_drag_add_scrolling (GtkScrolledWindow *scroller);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionDragged, pinion_dragged_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinionDropPlan, pinion_drop_plan_clear)

G_END_DECLS
