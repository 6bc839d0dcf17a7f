/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New messages of one batch: what is known of them is looked up together, and they are written many rows
 * at once.  Without an intake the same functions ask and write one by one. */

#pragma once

#include "pinion-store-mirror.h"
#include "pinion-store-session.h"

G_BEGIN_DECLS

/* How many values a row has, in the order of the statements in pinion-store-intake.c. */
#define PINION_INTAKE_MESSAGE_COLUMNS 17
#define PINION_INTAKE_PLACEMENT_COLUMNS 5
#define PINION_INTAKE_REFERENCE_COLUMNS 3

/* For messages that nobody reads or changes before pinion_store_intake_write(). */
void pinion_store_intake_begin (PinionStoreSession *session);
/* How many messages are not in the tables yet. */
guint pinion_store_intake_count_waiting (PinionStoreSession *session);
/* What was added is in the tables now, and what was looked up may not hold any more. */
void pinion_store_intake_write (PinionStoreSession *session);
/* Writes the rest. */
void pinion_store_intake_end   (PinionStoreSession *session);

/* Looks up what the keys of @incoming (where it has any) are known as, of an intake that has begun. */
void pinion_store_intake_look_up (PinionStoreSession        *session,
                                  gint64                     account,
                                  const PinionStoreIncoming *incoming,
                                  guint                      n_incoming);

/* Returns: the message of @account that has this key, be it still to be written, or 0. */
gint64 pinion_store_intake_find_message (PinionStoreSession *session,
                                         gint64              account,
                                         gint64              key);
/* Returns: the thread that the hash belongs to, or 0. */
gint64 pinion_store_intake_find_thread  (PinionStoreSession *session,
                                         gint64              account,
                                         gint64              hash);

/* @row: the first value is overwritten with the id; texts are borrowed until they are written, but for
 * @message_id (nullable) (transfer full), to which the row may point.  Returns: the id */
gint64 pinion_store_intake_add_message (PinionStoreSession *session,
                                        PinionSqlValue     *row,
                                        gint64              key,
                                        char               *message_id);
/* Returns: the id of a new thread */
gint64 pinion_store_intake_add_thread    (PinionStoreSession *session,
                                          gint64              account);
void   pinion_store_intake_add_placement (PinionStoreSession   *session,
                                          const PinionSqlValue *row);
/* @hash belongs to @thread from now on; it belonged to none before. */
void   pinion_store_intake_add_reference (PinionStoreSession *session,
                                          gint64              account,
                                          gint64              hash,
                                          gint64              thread);

G_END_DECLS
