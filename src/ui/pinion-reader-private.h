/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader from within: pinion-reader.c loads and shows a conversation, -cards.c keeps its cards
 * in order, -answer.c writes at its foot. */

#pragma once

#include "pinion-composer.h"
#include "pinion-message-card.h"
#include "pinion-part-files.h"
#include "pinion-reader.h"
#include "pinion-web-guard.h"

G_BEGIN_DECLS

struct _PinionReader
{
  AdwBin parent_instance;

  AdwToastOverlay *toasts;
  GtkLabel *link;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkScrolledWindow *scroller;
  GtkViewport *viewport;
  GtkLabel *subject;
  AdwWrapBox *chips;
  GtkBox *cards;
  GtkWidget *foot;
  GtkWidget *answers;
  GtkWidget *reply;
  GtkLabel *reply_label;
  GtkWidget *reply_all;
  AdwBin *composer_place;

  PinionEngine *engine;
  PinionWebGuard *guard;
  PinionPartFiles *files;
  gint64 conversation;
  PinionView view;
  GPtrArray *messages;
  GtkWidget *more;
  gboolean show_all;
  gboolean arranged;
  guint askings;
  guint answerings;
  guint patience;
  guint reload;
  GtkWidget *scroll_target;
  guint scroll_ticks;
  PinionComposer *composer;
};

/* -- pinion-reader.c */
void pinion_reader_say       (PinionReader *self,
                              const char   *words);
void pinion_reader_say_error (PinionReader *self,
                              const GError *error);

/* Brings @widget into view once it has its place. */
void pinion_reader_scroll_to (PinionReader *self,
                              GtkWidget    *widget);

/* -- pinion-reader-cards.c */

/* Shows @messages (PinionMessage, oldest first); cards that stay keep what they show. */
void pinion_reader_set_messages (PinionReader *self,
                                 GPtrArray    *messages);
void pinion_reader_clear_cards  (PinionReader *self);

/* The newest message that can be answered; (nullable), borrowed. */
PinionMessage *pinion_reader_get_newest (PinionReader *self);

/* -- pinion-reader-answer.c */
void pinion_reader_update_foot    (PinionReader *self);
void pinion_reader_answer         (PinionReader   *self,
                                   gint64          message,
                                   PinionReplyKind kind);
/* Opens a draft of this computer in a window of its own. */
void pinion_reader_open_draft     (PinionReader *self,
                                   gint64        message);
/* Keeps what is being written and takes its composer away. */
void pinion_reader_leave_composer (PinionReader *self);

G_END_DECLS
