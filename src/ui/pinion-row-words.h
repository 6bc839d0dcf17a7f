/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a row of the list says of a conversation, in words; how it is drawn is the row's. */

#pragma once

#include <gdk/gdk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

/* Chips of three labels, and one that counts the others. */
#define PINION_ROW_MOST_CHIPS 4

/* @has_hue: else it is grey. */
typedef struct
{
  char *text;
  GdkRGBA hue;
  gboolean has_hue;
} PinionRowChip;

/* All of it stands empty where the conversation is not loaded; where it cannot be read, @people says
 * so, and @cure what helps.  What is not owned is the conversation's.  @people: whom it is from, or
 * where it was written here, whom it is to.  @draft: what says that a draft belongs to it. */
typedef struct
{
  gboolean loaded;
  gboolean unread;
  gboolean starred;
  gboolean has_attachments;
  char *people;
  gboolean is_to;
  const char *draft; /* (nullable) */
  char *cure;        /* (nullable) */
  const char *subject;
  const char *snippet;
  PinionSearchField snippet_field; /* what it is of */
  const char *avatar;
  char *time;
  char *snooze; /* (nullable) */
  gboolean is_back;
  PinionRowChip chips[PINION_ROW_MOST_CHIPS];
  guint n_chips;
} PinionRowWords;

/* Fills @self, which is empty or cleared.  @engine: (nullable) knows the labels; @view: whose own label
 * gets no chip. */
void pinion_row_words_init  (PinionRowWords     *self,
                             PinionConversation *conversation,
                             PinionEngine       *engine,
                             const PinionView   *view);
void pinion_row_words_clear (PinionRowWords     *self);

/* "Budget, from Ana, unread, starred, Tue", for a screen reader; @engine and @view as above.
 * Returns: (transfer full) */
char *pinion_conversation_dup_accessible_name (PinionConversation *conversation,
                                               PinionEngine       *engine,
                                               const PinionView   *view);

G_END_DECLS
