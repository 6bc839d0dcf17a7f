/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do with messages.  Each command is the wanted state, shown at once, and the
 * operations that will make it true on the server, in the session's one transaction.
 *
 * All are idempotent, work offline, take messages of any account, and return the undo group that
 * takes them back: 0 where nothing had to change.  Messages that do not exist (any more) are passed
 * over.  @messages: gint64 ids.  @from: the folder the person looks at, 0 where it is none. */

#pragma once

#include "pinion-store-mirror.h"

#include "pinion-stays.h"

G_BEGIN_DECLS

/* All messages of @thread_id that are shown in @folder_id, oldest first; @folder_id 0: all shown
 * outside Trash and Junk.  Returns: (transfer full): gint64 ids */
GArray *pinion_store_thread_get_messages (PinionStoreSession *session,
                                          gint64              thread_id,
                                          gint64              folder_id);

/* The messages shown in @folder that are not read.  @n_threads: (out) how many threads they belong to.
 * Returns: (transfer full): gint64 ids */
GArray *pinion_store_folder_get_unread (PinionStoreSession *session,
                                        gint64              folder,
                                        guint              *n_threads);

/* Adds to @counts (gint64 ids of folders, owned, to guints) how many of @threads are shown in each. */
void pinion_store_threads_count_folders (PinionStoreSession *session,
                                         const gint64       *threads,
                                         guint               n_threads,
                                         GHashTable         *counts);

/* @flag: SEEN, FLAGGED, ANSWERED or FORWARDED; on every copy. */
gint64 pinion_store_command_set_flag (PinionStoreSession *session,
                                      GArray             *messages,
                                      PinionFlags         flag,
                                      gboolean            value);

/* They were in sight: nobody did anything, so there is nothing to take back. */
void pinion_store_command_mark_seen (PinionStoreSession *session,
                                     GArray             *messages);

/* Inbox to Archive; what is shown in @from when that is Trash or Junk, too.  Messages elsewhere
 * stay. Fails with NOT_FOUND where the account has no Archive (likewise the next ones). */
gint64 pinion_store_command_archive (PinionStoreSession *session,
                                     GArray             *messages,
                                     gint64              from);

/* Every copy: one is moved to Trash, the others go.  A local draft is discarded. */
gint64 pinion_store_command_trash (PinionStoreSession *session,
                                   GArray             *messages);

/* Every copy: one is moved to Junk, the others go. */
gint64 pinion_store_command_spam (PinionStoreSession *session,
                                  GArray             *messages);

/* Junk to Inbox. */
gint64 pinion_store_command_unspam (PinionStoreSession *session,
                                    GArray             *messages);

/* To the folder @to of the same account (others: fails with INVALID_ARGUMENT), from @from, else
 * from the Inbox, else from the label it has had longest.  To Trash this is trash, to Junk spam,
 * to Archive with no @from archive. */
gint64 pinion_store_command_move (PinionStoreSession *session,
                                  GArray             *messages,
                                  gint64              from,
                                  gint64              to);

/* Each to the Inbox of its own account, from @from as above; what is there already stays. */
gint64 pinion_store_command_to_inbox (PinionStoreSession *session,
                                      GArray             *messages,
                                      gint64              from);

/* A copy in @label; the message stays where it is. */
gint64 pinion_store_command_add_label (PinionStoreSession *session,
                                       GArray             *messages,
                                       gint64              label);

/* The copy in @label goes; the last one outside Trash and Junk is moved to Archive instead. */
gint64 pinion_store_command_remove_label (PinionStoreSession *session,
                                          GArray             *messages,
                                          gint64              label);

/* Both at once, for several labels: first the copies in @added, then those in @removed go, so that none
 * is the last one in between.  @added, @removed: gint64 ids of folders. */
gint64 pinion_store_command_change_labels (PinionStoreSession *session,
                                           GArray             *messages,
                                           GArray             *added,
                                           GArray             *removed);

/* Gone for good: only copies that lie in Trash, and local drafts. */
gint64 pinion_store_command_delete (PinionStoreSession *session,
                                    GArray             *messages);

/* Takes @group back, or with 0 the last one not yet taken back: operations that have not begun are
 * dropped, the others get their opposite.  @stays: (nullable) PinionStays, to which is added what could
 * not go back.  Returns: whether there was anything to take back. */
gboolean pinion_store_command_undo (PinionStoreSession *session,
                                    gint64              group,
                                    GArray             *stays);

G_END_DECLS
