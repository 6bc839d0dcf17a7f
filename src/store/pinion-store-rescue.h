/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must outlive a broken database, written again beside it whenever it changes: the accounts'
 * settings, the outbox, the local drafts (whose raw files are files anyway) and what is put off.  No
 * secrets. */

#pragma once

#include "pinion-store-session.h"

G_BEGIN_DECLS

/* Everything worth rescuing, from inside the transaction.  Returns: (transfer full) (nullable) */
char *pinion_store_rescue_dup_text (PinionStoreSession *session);

/* After the commit.  A failure is logged: the database has it all. */
void pinion_store_rescue_write (const char *dir,
                                const char *text);

/* In a database that never had an account: takes in what the file says, and raw files of drafts and
 * the outbox that it does not know. */
void pinion_store_rescue_restore (PinionStoreSession *session);

G_END_DECLS
