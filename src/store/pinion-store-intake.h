/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New messages of one batch, written many rows at once: one statement for each row takes half as long
 * again, most of it for opening and closing the table's indexes.  Without an intake the same
 * functions write at once. */

#pragma once

#include "pinion-store-session.h"

G_BEGIN_DECLS

/* How many values a row has, in the order of the statements in pinion-store-intake.c. */
#define PINION_INTAKE_MESSAGE_COLUMNS 17
#define PINION_INTAKE_PLACEMENT_COLUMNS 5
#define PINION_INTAKE_REFERENCE_COLUMNS 3

/* For messages that nobody reads or changes before pinion_store_intake_write(). */
void pinion_store_intake_begin (PinionStoreSession *session);
/* What was added is in the tables now. */
void pinion_store_intake_write (PinionStoreSession *session);
/* Writes the rest. */
void pinion_store_intake_end   (PinionStoreSession *session);

/* Whether a message of this key waits to be written.  Returns: its id, or 0. */
gint64 pinion_store_intake_find (PinionStoreSession *session,
                                 gint64              key);

/* @row: the first value is overwritten with the id; texts are borrowed until they are written, but for
 * @message_id (nullable) (transfer full), to which the row may point.  Returns: the id */
gint64 pinion_store_intake_add_message (PinionStoreSession *session,
                                        PinionSqlValue     *row,
                                        gint64              key,
                                        char               *message_id);
void pinion_store_intake_add_placement (PinionStoreSession   *session,
                                        const PinionSqlValue *row);
void pinion_store_intake_add_reference (PinionStoreSession   *session,
                                        const PinionSqlValue *row);

G_END_DECLS
