/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the list fills its rows. */

#pragma once

#include "pinion-conversation.h"
#include "pinion-store-view.h"

G_BEGIN_DECLS

PinionConversation *pinion_conversation_new (gint64 id);

/* Notifies what changed. */
void pinion_conversation_set_row (PinionConversation      *self,
                                  PinionStoreConversation *row);

/* It cannot be read.  What is here of it stays. */
void pinion_conversation_set_error (PinionConversation *self,
                                    const GError       *error);

/* Borrowed; %NULL until it is here. */
PinionStoreConversation *pinion_conversation_get_row (PinionConversation *self);

/* What @query found of it that the row does not say: @text (nullable), of the field @field, in the
 * place of the preview. */
void pinion_conversation_set_excerpt (PinionConversation *self,
                                      PinionSearchQuery  *query,
                                      const char         *text,
                                      PinionSearchField   field);

/* Whether that was looked for. */
gboolean pinion_conversation_answers (PinionConversation *self,
                                      PinionSearchQuery  *query);

/* Until the next row: what an act will make of it.  -1: as it is. */
void pinion_conversation_expect (PinionConversation *self,
                                 int                 unread,
                                 int                 starred);

/* "Ana, me (4)".  Returns: (transfer full) */
char *pinion_conversation_dup_senders (const PinionStoreConversation *row);

/* The smallest run of removals and insertions that turns @old into @now (gint64 ids, each once); @func is
 * called for each in order, with positions as they are then.  Ids that moved up are removed and
 * inserted; linear in the part that differs. */
typedef void (*PinionSpliceFunc) (guint    position,
                                  guint    removed,
                                  guint    added,
                                  gpointer user_data);

/* @ids: changed in place, step by step, so that it is right whenever @func is called. */
void pinion_ids_become (GArray          *ids,
                        GArray          *now,
                        PinionSpliceFunc func,
                        gpointer         user_data);

G_END_DECLS
