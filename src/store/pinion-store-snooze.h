/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations put off: away from the Inbox (and from there only) until a moment, or until
 * somebody answers.  A matter of this computer: the server hears nothing of it.
 *
 * It hangs on the messages that lie in the Inbox, by their keys.  What came back is sorted by when
 * it did, and counts as unread here until it is read. */

#pragma once

#include "pinion-store-view.h"

G_BEGIN_DECLS

/* The conversations of @messages (gint64 ids), as far as they lie in the Inbox, until @until
 * (seconds since 1970; fails with INVALID_ARGUMENT where that has passed).
 * Returns: the undo group, 0 where nothing had to change */
gint64 pinion_store_command_snooze (PinionStoreSession *session,
                                    GArray             *messages,
                                    gint64              until);

/* They come back at once, to where they were; "back from snooze" is forgotten, too. */
gint64 pinion_store_command_unsnooze (PinionStoreSession *session,
                                      GArray             *messages);

/* What is due comes back.  Returns: how many conversations */
guint pinion_store_snooze_wake (PinionStoreSession *session);

/* How many conversations of an account are put off, and when the first one comes back. */
typedef struct
{
  gint64 account_id;
  gint64 threads;
  gint64 next;
} PinionStoreSnoozed;

/* @due: (out) when pinion_store_snooze_wake() has something to do next, G_MAXINT64: never.
 * Returns: (transfer full): PinionStoreSnoozed of the accounts that have any */
GArray *pinion_store_snoozed_list (PinionStoreSession *session,
                                   gint64             *due);

G_END_DECLS
