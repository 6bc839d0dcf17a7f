/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a session, for this room only: one connection, its statements, its sticky error,
 * and what the transaction has changed so far. */

#pragma once

#include "pinion-store-folders.h"
#include "pinion-store-sql.h"

G_BEGIN_DECLS

typedef struct _PinionStoreIntake PinionStoreIntake;
typedef struct _PinionStoreNewcomer PinionStoreNewcomer;

struct _PinionStoreSession
{
  PinionStore *store;
  sqlite3 *db;
  GHashTable *statements;
  gboolean is_writer;

  /* Of this transaction.  @durable: the commit waits for the disk.  @rescue: accounts, outbox or
   * drafts changed.  @forgets: what was deleted must not be found in the files any more.  @dirty:
   * threads to be counted again before the commit.  @new_threads: the first thread made since they were
   * last counted, 0 for none; ids only grow.  @n_threaded: messages that were given a thread since then.
   * @newcomers: PinionStoreNewcomer, what new messages count as.  @unquiet: those of the new threads
   * that hold more than their newcomers.  @references: what the threads of @references_account's
   * hashes are, as far as they were asked for; 0: none.  @intake: (nullable) what is still to be written of
   * new messages. */
  GError *error;
  gint64 now;
  gboolean durable;
  gboolean rescue;
  gboolean forgets;
  gboolean is_broken;
  gboolean has_removed_files;
  GArray *dirty;
  gint64 new_threads;
  guint n_threaded;
  GArray *newcomers;
  GHashTable *unquiet;
  GHashTable *references;
  gint64 references_account;
  PinionStoreIntake *intake;
  GArray *views;
  GArray *threads;
  GArray *messages;
  GArray *arrived;
  gboolean accounts;
  gboolean folders;
  gboolean operations;
  gboolean outbox;
};

/* Takes @db.  Returns: (transfer full) */
PinionStoreSession *pinion_store_session_new  (PinionStore *store,
                                               sqlite3     *db,
                                               gboolean     is_writer);
void                pinion_store_session_free (PinionStoreSession *session);

/* A transaction around @func.  Returns: (transfer full): settled.  @changes: (out) (nullable)
 * (transfer full) what a committed one changed. */
DexFuture *pinion_store_session_run (PinionStoreSession  *session,
                                     PinionStoreFunc      func,
                                     gpointer             data,
                                     PinionStoreChanges **changes);

/* The same for work of the store itself; no result.  Returns: (nullable) (transfer full) the
 * error. */
typedef void (*PinionStoreWork) (PinionStoreSession *session,
                                 gpointer            data);
GError *pinion_store_session_work (PinionStoreSession *session,
                                   PinionStoreWork     work,
                                   gpointer            data);

/* The thread's lists and counts may have changed. */
void pinion_store_session_dirty (PinionStoreSession *session,
                                 gint64              thread_id);
/* The same, by a message that is given to pinion_store_counters_add_newcomer() or is in no view. */
void pinion_store_session_grow  (PinionStoreSession *session,
                                 gint64              thread_id);
/* Those that are dirty have been counted. */
void pinion_store_session_clean (PinionStoreSession *session);
/* Only what is shown of the message has changed. */
void pinion_store_session_touch (PinionStoreSession *session,
                                 gint64              thread_id,
                                 gint64              message_id);
void pinion_store_session_touch_view (PinionStoreSession *session,
                                      gint64              view_id);

/* Sorts gint64 @ids and drops doubles. */
void pinion_store_ids_settle (GArray *ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreSession, pinion_store_session_free)

G_END_DECLS
