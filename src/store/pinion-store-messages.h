/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Message rows, for this room only. */

#pragma once

#include "pinion-store-mirror.h"
#include "pinion-store-paths.h"
#include "pinion-store-session.h"

G_BEGIN_DECLS

/* The date to sort by: the sender's, unless it is missing or lies in the future of the arrival.
 * @received: 0 where that is not known. */
gint64 pinion_message_believable_date (gint64 date,
                                       gint64 received);

/* Makes a message with its thread; the caller is to place it, or to mark it as orphaned.
 * @key: see pinion-store-keys.h.  Returns: its id. */
gint64 pinion_message_insert (PinionStoreSession      *session,
                              gint64                   account,
                              gint64                   key,
                              const PinionStoreHeader *header,
                              gint64                   received,
                              guint64                  size,
                              PinionFlags              flags);

/* Overwrites the facts of @message, whose content was replaced (a draft). */
void pinion_message_update (PinionStoreSession      *session,
                            gint64                   message,
                            gint64                   key,
                            const PinionStoreHeader *header,
                            guint64                  size);

/* Forgets the row with what hangs on it; its file goes after the commit. */
void pinion_message_forget (PinionStoreSession *session,
                            gint64              message);

/* The row now has its raw file in @place. */
void pinion_message_set_body (PinionStoreSession *session,
                              gint64              message,
                              PinionStorePlace    place,
                              guint64             size);

G_END_DECLS
