/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One account's mirror: what the server has and what is here, kept the same.
 *
 * A sync is one loop of small steps on one connection, the most urgent first: what the person did,
 * what is to be sent, what the person opened, what changed on the server, then the rest of the
 * mail, newest first.  Every step leaves the store whole, so it can stop anywhere.
 *
 * The loop lives on a thread of its own; all functions here may be called from any thread. At most one
 * process syncs an account at a time (a lock file in the store's directory). */

#pragma once

#include <libdex.h>

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-search-query.h"
#include "pinion-secret.h"
#include "pinion-store.h"
#include "pinion-worker.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_SYNC_PHASE_IDLE,
  PINION_SYNC_PHASE_CONNECTING,
  PINION_SYNC_PHASE_WORKING,
  PINION_SYNC_PHASE_OFFLINE, /* tries again by itself */
  PINION_SYNC_PHASE_FAILED,  /* needs the person */
} PinionSyncPhase;

/* @label: (nullable) the folder's path; @listing: headers are counted, of all folders, else bodies;
 * @error: (nullable) why it is offline or failed. */
typedef struct
{
  PinionSyncPhase phase;
  char *label;
  guint done;
  guint total;
  gboolean listing;
  GError *error;
} PinionSyncStatus;

PinionSyncStatus *pinion_sync_status_copy (const PinionSyncStatus *self);
void              pinion_sync_status_free (PinionSyncStatus *self);

/* Called on the sync's thread; @status is borrowed. */
typedef void (*PinionSyncStatusFunc) (const PinionSyncStatus *status,
              gpointer                                        user_data);

/* What one whole sync found. */
typedef struct
{
  guint messages;
  guint new_messages;
} PinionSyncCounts;

#define PINION_TYPE_SYNC_COUNTS (pinion_sync_counts_get_type ())
GType pinion_sync_counts_get_type (void);

#define PINION_TYPE_SYNC (pinion_sync_get_type ())
G_DECLARE_FINAL_TYPE (PinionSync, pinion_sync, PINION, SYNC, GObject)

/* @parser: the worker for MIME; it outlives the sync.  Returns: (transfer full) */
PinionSync *pinion_sync_new (PinionStore         *store,
                             PinionWorker        *parser,
                             const PinionAccount *account,
                             PinionSecret        *secret,
                             PinionSyncStatusFunc func,
                             gpointer             user_data,
                             GDestroyNotify       destroy);

gint64 pinion_sync_get_account_id (PinionSync *self);

/* How much is done: what is pending here; also what the server has, headers only; also bodies. */
typedef enum
{
  PINION_SYNC_WORK_JOURNAL,
  PINION_SYNC_WORK_HEADERS,
  PINION_SYNC_WORK_ALL,
} PinionSyncWork;

/* Works until nothing is left to do.  Resolves to a PinionSyncCounts; rejects with PINION_ERROR_BUSY
 * (detail "watched": "yes" or "no") where another process syncs this account, else with what went
 * wrong. */
DexFuture *pinion_sync_run_once (PinionSync    *self,
                                 PinionSyncWork work);

/* Works, then waits for more, reconnecting as needed, until pinion_sync_stop().  Resolves to TRUE
 * once stopped. */
DexFuture *pinion_sync_watch (PinionSync *self);

/* Compares what is here with what the server has now, changing neither: folders, UIDVALIDITY, UIDs,
 * flags, and that each UID is the message it is taken for.  Resolves to a GPtrArray (boxed) of
 * PinionStoreDifference; rejects as pinion_sync_run_once() does. */
DexFuture *pinion_sync_examine (PinionSync *self);

/* Signs in with the account's settings, which are not those in the store yet, and makes sure
 * that what is here is a mirror of that very mailbox: no folder that is known has another
 * UIDVALIDITY, no UID another Message-ID, and some are found.  Changes nothing anywhere, and
 * does not mind another sync of the account.  @sink's cancellable ends connecting; waking it to
 * stop and to connect anew, all of it.  Resolves to TRUE; rejects with
 * PINION_ERROR_OTHER_MAILBOX where it is not proven. */
DexFuture *pinion_sync_prove_same (PinionSync      *self,
                                   PinionStageSink *sink);

/* A folder that could not be searched. */
typedef struct
{
  char *label;
  GError *error;
} PinionSyncSearchFailure;

/* @known: messages found that were here already; @taken: those that were taken in.  @more: there
 * are older ones.  @failures: PinionSyncSearchFailure.  Counted atomically, never changed. */
typedef struct
{
  guint known;
  guint taken;
  gboolean more;
  GPtrArray *failures;
} PinionSyncFound;

#define PINION_TYPE_SYNC_FOUND (pinion_sync_found_get_type ())
GType pinion_sync_found_get_type (void);

PinionSyncFound *pinion_sync_found_ref   (PinionSyncFound *self);
void             pinion_sync_found_unref (PinionSyncFound *self);

/* Asks the server for @query in every folder that is mirrored, and takes in the newest @most
 * messages found that are not here, their headers only: pinion_store_search_find() finds them
 * from then on. Uses a connection of its own and does not mind another sync of the account;
 * tells each folder as its status.  @sink's cancellable ends connecting; waking it to stop and
 * to connect anew, all of it.  Resolves to a PinionSyncFound; rejects where the server was not
 * reached, or with PINION_ERROR_SEARCH_ASCII_ONLY or _UNSUPPORTED where it cannot be asked. */
DexFuture *pinion_sync_search (PinionSync        *self,
                               PinionSearchQuery *query,
                               guint              most,
                               PinionStageSink   *sink);

void pinion_sync_stop (PinionSync *self);

typedef enum
{
  PINION_SYNC_WAKE_JOURNAL = 1 << 0, /* operations or the outbox have something new */
  PINION_SYNC_WAKE_SERVER = 1 << 1,  /* look at every folder again, and reconnect at once */
  PINION_SYNC_WAKE_STOP = 1 << 2,
  PINION_SYNC_WAKE_NETWORK = 1 << 3, /* the network is there again, or another one: connect anew */
} PinionSyncWake;

void pinion_sync_wake (PinionSync    *self,
                       PinionSyncWake why);

/* Fetches the raw message ahead of everything else; the store announces it.  Any number of times. */
void pinion_sync_want_body (PinionSync *self,
                            gint64      message);

/* Whether bodies come only when they are opened, as where each byte costs.  Any thread. */
void pinion_sync_set_thrifty (PinionSync *self,
                              gboolean    thrifty);

/* Uses this password from now on, and tries at once. */
void pinion_sync_set_secret (PinionSync   *self,
                             PinionSecret *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSyncFound, pinion_sync_found_unref)

G_END_DECLS
