/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one store: DIR/pinion.db (SQLite, WAL) for all accounts, raw messages as files beside it.
 *
 * Every access is a session: a function run on the store's writer thread inside one transaction, or
 * on its reader thread inside one snapshot.  Everything else in this room is a synchronous function
 * that takes the session, so that callers compose several into one atomic act.
 *
 * Invariants:
 * - A session that fails leaves nothing behind.
 * - Errors stick: after the first failed statement every further call of the session does nothing
 *   and returns zero, %NULL or an empty array; the future rejects with that first error.  So the
 *   typed functions take no GError and callers need no checks in between.
 * - Counters (views, unread) are brought up to date before each commit, by difference.
 * - Ids are never used twice, and never 0.
 * - Several processes may have the store open. */

#pragma once

#include <libdex.h>

#include "pinion-error.h"

G_BEGIN_DECLS

#define PINION_TYPE_STORE (pinion_store_get_type ())
G_DECLARE_FINAL_TYPE (PinionStore, pinion_store, PINION, STORE, GObject)

typedef struct _PinionStoreSession PinionStoreSession;

/* Runs on a thread of the store, where it may block.
 * Returns: (transfer full): a settled future, as dex_future_new_for_int64() or
 * dex_future_new_take_boxed() make them; a rejected one rolls the transaction back. */
typedef DexFuture *(*PinionStoreFunc) (PinionStoreSession *session,
                                       gpointer            data);

/* Opens or creates the store in @dir (0700, made where missing).  A broken database is moved aside
 * and begun anew: accounts, the outbox and local drafts are carried over, mail is fetched again.
 * Resolves to a PinionStore; rejects with PINION_ERROR_STORE_TOO_NEW, _STORE_READ_ONLY, _DISK_FULL
 * or _STORE_FAILED.  Any thread. */
DexFuture *pinion_store_open (const char *dir);

/* Ends the store's work once what was given so far is done, and closes its files; what is given
 * later is rejected with PINION_ERROR_CANCELLED.  Resolves to TRUE.  Not needed for safety:
 * whatever was committed is kept.  Any thread. */
DexFuture *pinion_store_close (PinionStore *self);

/* Whether this opening found the database broken and rebuilt it. */
gboolean pinion_store_was_rebuilt (PinionStore *self);

/* Returns: the folder the store lives in, borrowed. */
const char *pinion_store_get_dir (PinionStore *self);

/* Runs @func in one transaction, after those given before.  @destroy frees @data on the store's
 * thread, always.  The returned future settles like the one @func returns, once all is committed.
 * The last reference to the store must not be dropped by @func.  Any thread. */
DexFuture *pinion_store_write (PinionStore    *self,
                               PinionStoreFunc func,
                               gpointer        data,
                               GDestroyNotify  destroy);

/* The same on the reader's own read-only connection: never waits for a writer, and sees what was
 * committed before it began. */
DexFuture *pinion_store_read (PinionStore    *self,
                              PinionStoreFunc func,
                              gpointer        data,
                              GDestroyNotify  destroy);

/* -- For functions that run in a session ------------------------------------------------------- */

/* Returns: borrowed. */
PinionStore *pinion_store_session_get_store (PinionStoreSession *session);

/* Makes the session fail, unless it has failed before; nothing of it will be kept. */
void pinion_store_session_fail (PinionStoreSession *session,
                                PinionErrorCode     code,
                                const char         *format,
                                ...) G_GNUC_PRINTF (3, 4);

/* Whether it has failed; results since then are empty. */
gboolean pinion_store_session_has_failed (PinionStoreSession *session);

/* -- Changes ----------------------------------------------------------------------------------- */

/* What a committed transaction changed; immutable.  The arrays hold gint64 ids, ascending, each
 * once.  @views: PinionStoreView ids (pinion-store-view.h) whose lists or counts changed.
 * Threads that were merged away or emptied are listed too.  @arrived: messages that are news to
 * the person: unread, new here, and come into the Inbox since it was last compared.
 * @everything: another process wrote, anything may have changed and the arrays are empty. */
typedef struct
{
  GArray *views;
  GArray *threads;
  GArray *messages;
  GArray *arrived;
  gboolean accounts;
  gboolean folders;
  gboolean operations;
  gboolean outbox;
  gboolean everything;
} PinionStoreChanges;

#define PINION_TYPE_STORE_CHANGES (pinion_store_changes_get_type ())
GType pinion_store_changes_get_type (void);

PinionStoreChanges *pinion_store_changes_ref   (PinionStoreChanges *self);
void                pinion_store_changes_unref (PinionStoreChanges *self);

/* Whether the ascending gint64 @ids contain @id. */
gboolean pinion_store_ids_contain (GArray *ids,
                                   gint64  id);

/* Called on the writer thread, after the commit and before the write's future settles. */
typedef void (*PinionStoreChangesFunc) (PinionStore        *store,
                                        PinionStoreChanges *changes,
                                        gpointer            user_data);

/* Returns: a number for pinion_store_unsubscribe().  Any thread. */
guint pinion_store_subscribe   (PinionStore           *self,
                                PinionStoreChangesFunc func,
                                gpointer               user_data,
                                GDestroyNotify         destroy);
/* After it returned, the function is not called any more; not from within that function. */
void  pinion_store_unsubscribe (PinionStore *self,
                                guint        id);

/* Looks whether another process wrote since the last look or write, and if so announces
 * @everything.  Costs microseconds; resolves to a boolean.  Any thread. */
DexFuture *pinion_store_poll_external (PinionStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreChanges, pinion_store_changes_unref)

G_END_DECLS
