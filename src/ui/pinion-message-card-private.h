/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The card from within: pinion-message-card.c does what it does, -words.c fills in what it says. */

#pragma once

#include "pinion-attachments.h"
#include "pinion-message-card.h"

G_BEGIN_DECLS

struct _PinionMessageCard
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkButton *folded;
  AdwAvatar *folded_avatar;
  GtkLabel *folded_name;
  GtkLabel *folded_preview;
  GtkLabel *folded_state;
  GtkWidget *folded_clip;
  GtkLabel *folded_time;
  GtkWidget *header;
  AdwAvatar *avatar;
  GtkLabel *name;
  GtkWidget *star;
  GtkLabel *state;
  GtkLabel *address;
  GtkLabel *people;
  GtkBox *details;
  GtkLabel *time;
  GtkBox *notices;
  GtkWidget *pictures;
  GtkWidget *always;
  GtkLabel *always_label;
  GtkStack *body_stack;
  AdwBin *page;
  GtkLabel *problem_title;
  GtkLabel *problem_words;
  GtkButton *problem_button;
  PinionAttachments *attachments;

  PinionEngine *engine;
  PinionWebGuard *guard;
  PinionPartFiles *files;
  PinionMessage *message;
  GSettings *settings;
  gboolean unfolded;
  gboolean with_pictures;
  gboolean even_if_broken;
  gboolean has_asked;
  PinionBodyFlags asked_flags;
  guint askings;
  guint patience;
};

/* -- pinion-message-card-words.c: all words of the header, from the message. */
void pinion_message_card_update_words (PinionMessageCard *self);

G_END_DECLS
