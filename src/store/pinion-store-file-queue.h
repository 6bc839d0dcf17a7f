/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files whose message is forgotten: removed only once that is committed, and after a crash the next
 * time. */

#pragma once

#include "pinion-store-paths.h"
#include "pinion-store-session.h"

G_BEGIN_DECLS

void pinion_store_file_queue_add (PinionStoreSession *session,
                                  gint64              message_id,
                                  PinionStorePlace    place);

/* There is a new file of that name: it stays. */
void pinion_store_file_queue_drop (PinionStoreSession *session,
                                   gint64              message_id,
                                   PinionStorePlace    place);

/* After a commit, outside of a transaction: removes what is queued. */
void pinion_store_file_queue_run (PinionStoreSession *session);

/* In a transaction that writes, so that no other process is in the middle of one: removes raw files of
 * the outbox and of drafts whose transaction never was committed. */
void pinion_store_files_sweep (PinionStoreSession *session);

G_END_DECLS
