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

/* After a commit, outside of a transaction: removes what is queued. */
void pinion_store_file_queue_run (PinionStoreSession *session);

G_END_DECLS
