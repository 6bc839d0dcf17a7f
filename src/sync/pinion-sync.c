/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-private.h"

#include "pinion-backoff.h"
#include "pinion-fiber.h"
#include "pinion-store-operations.h"
#include "pinion-store-outbox.h"

#include <unistd.h>

/* Room for GLib, GIO and our own frames; the default of 128 KiB is for leaves. */
#define STACK_SIZE (512 * 1024)

#define STATUS_INTERVAL (G_USEC_PER_SEC / 5)

/* How long a message that lies nowhere is kept: its arrival elsewhere may still be announced. */
#define COLLECT_AGE 120

/* How many messages outside of the history range are let go of in one transaction. */
#define LET_GO_AT_ONCE 200

G_DEFINE_FINAL_TYPE (PinionSync, pinion_sync, G_TYPE_OBJECT)

gint64
pinion_sync_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

gboolean
pinion_sync_is_stopping (PinionSync *self)
{
  g_mutex_lock (&self->mutex);
  gboolean stopping = (self->wake & PINION_SYNC_WAKE_STOP) != 0;
  g_mutex_unlock (&self->mutex);

  return stopping;
}

static void
report (PinionSync     *self,
        PinionSyncPhase phase,
        const char     *label,
        guint           done,
        guint           total,
        gboolean        listing,
        gboolean        now)
{
  gint64 time = g_get_monotonic_time ();

  if (!now && phase == self->status.phase && time - self->last_status < STATUS_INTERVAL)
    return;

  self->last_status = time;
  self->status.phase = phase;
  self->status.done = done;
  self->status.total = total;
  self->status.listing = listing;
  g_set_str (&self->status.label, label);
  if (phase != PINION_SYNC_PHASE_OFFLINE && phase != PINION_SYNC_PHASE_FAILED
      && phase != PINION_SYNC_PHASE_CONNECTING)
    g_clear_error (&self->status.error);

  self->func (&self->status, self->user_data);
}

void
pinion_sync_report (PinionSync     *self,
                    PinionSyncPhase phase,
                    const char     *label,
                    guint           done,
                    guint           total,
                    gboolean        now)
{
  report (self, phase, label, done, total, FALSE, now);
}

void
pinion_sync_report_listing (PinionSync *self,
                            const char *label,
                            guint       done,
                            guint       total)
{
  report (self, PINION_SYNC_PHASE_WORKING, label, done, total, TRUE, FALSE);
}

void
pinion_sync_report_comparing (PinionSync *self,
                              const char *label)
{
  report (self, PINION_SYNC_PHASE_WORKING, label, self->status.done, self->status.total,
          self->status.listing, FALSE);
}

/* What must not be tried again by itself: a domain account is locked after a few refused passwords, and
 * a wrong certificate does not become right. */
static gboolean
needs_person (const GError *error)
{
  static const PinionErrorCode codes[] = {
    PINION_ERROR_SIGN_IN_REFUSED,          PINION_ERROR_SIGN_IN_NO_MECHANISM,
    PINION_ERROR_APP_PASSWORD_NEEDED,      PINION_ERROR_PASSWORD_MISSING,
    PINION_ERROR_CERTIFICATE_EXPIRED,      PINION_ERROR_CERTIFICATE_NOT_YET_VALID,
    PINION_ERROR_CERTIFICATE_OTHER_NAME,   PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER,
    PINION_ERROR_CERTIFICATE_SELF_SIGNED,  PINION_ERROR_CERTIFICATE_REVOKED,
    PINION_ERROR_CERTIFICATE_CHANGED,      PINION_ERROR_CERTIFICATE_INVALID,
    PINION_ERROR_DATA_BEFORE_ENCRYPTION,   PINION_ERROR_STARTTLS_MISSING,
    PINION_ERROR_TICKET_REFUSED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (pinion_error_is (error, codes[i]))
        return TRUE;
    }

  return FALSE;
}

static void
report_error (PinionSync   *self,
              const GError *error)
{
  PinionSyncPhase phase = needs_person (error) ? PINION_SYNC_PHASE_FAILED
                                               : PINION_SYNC_PHASE_OFFLINE;

  g_clear_error (&self->status.error);
  self->status.error = g_error_copy (error);
  pinion_sync_report (self, phase, NULL, 0, 0, TRUE);
}

gboolean
pinion_sync_write (PinionSync     *self,
                   PinionStoreFunc func,
                   gpointer        data,
                   GError        **error)
{
  return pinion_await (pinion_store_write (self->store, func, data, NULL), error);
}

gboolean
pinion_sync_read (PinionSync     *self,
                  PinionStoreFunc func,
                  gpointer        data,
                  GError        **error)
{
  return pinion_await (pinion_store_read (self->store, func, data, NULL), error);
}

gboolean
pinion_sync_is_fatal (PinionSync   *self,
                      const GError *error)
{
  static const PinionErrorCode store_codes[] = {
    PINION_ERROR_DISK_FULL,
    PINION_ERROR_STORE_FAILED,
    PINION_ERROR_STORE_READ_ONLY,
    PINION_ERROR_STORE_BROKEN,
  };

  for (guint i = 0; i < G_N_ELEMENTS (store_codes); i++)
    {
      if (pinion_error_is (error, store_codes[i]))
        return TRUE;
    }

  return self->connection == NULL || pinion_imap_connection_is_closed (self->connection)
         || pinion_error_is (error, PINION_ERROR_THROTTLED);
}

/* -- Steps ---------------------------------------------------------------------------------- */

typedef gboolean (*Step) (PinionSync *self,
                          gboolean   *worked,
                          GError    **error);

/* The most urgent first; after each piece of work the question is asked anew. */
static const Step steps[] = {
  pinion_sync_replay_step,
  pinion_sync_outbox_step,
  pinion_sync_urgent_step,
  pinion_sync_first_bodies_step,
  pinion_sync_near_bodies_step,
  pinion_sync_compare_step,
  pinion_sync_headers_step,
  pinion_sync_dates_step,
  pinion_sync_bodies_step,
};

static gboolean
look_at_inbox (PinionSync *self,
               GError    **error)
{
  gint64 now = pinion_sync_now ();

  if (!self->watching || now - self->last_poll < PINION_SYNC_POLL_INTERVAL)
    return pinion_sync_apply_changes (self, error);

  PinionSyncFolder *inbox = pinion_sync_find_role (self, PINION_FOLDER_ROLE_INBOX);

  self->last_poll = now;
  if (inbox != NULL)
    inbox->compare = MAX (inbox->compare, PINION_COMPARE_NEW);

  return pinion_sync_apply_changes (self, error);
}

static gboolean
work_until_done (PinionSync *self,
                 GError    **error)
{
  gboolean worked = TRUE;

  while (worked && !pinion_sync_is_stopping (self))
    {
      worked = FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (steps) && !worked; i++)
        {
          if (!steps[i] (self, &worked, error))
            return FALSE;
        }

      if (!look_at_inbox (self, error))
        return FALSE;
    }

  return pinion_sync_finish_headers (self, error) && pinion_sync_finish_bodies (self, error);
}

static DexFuture *
collect (PinionStoreSession *session,
         gpointer            data)
{
  PinionSync *self = data;

  pinion_store_messages_collect (session, self->account->id, pinion_sync_now () - COLLECT_AGE);

  return dex_future_new_true ();
}

typedef struct
{
  PinionSync *sync;
  guint n;
} LettingGo;

static DexFuture *
let_go (PinionStoreSession *session,
        gpointer            data)
{
  LettingGo *letting_go = data;

  letting_go->n = pinion_store_history_let_go (session, letting_go->sync->account->id,
                                               LET_GO_AT_ONCE);

  return dex_future_new_true ();
}

static DexFuture *
forget_flag_acts (PinionStoreSession *session,
                  gpointer            data)
{
  PinionSync *self = data;

  pinion_store_flag_acts_forget (session, self->account->id,
                                 self->comparing_since > 0 ? self->comparing_since
                                                           : g_get_real_time ());

  return dex_future_new_true ();
}

static gboolean
tidy (PinionSync *self,
      GError    **error)
{
  LettingGo letting_go = { self, LET_GO_AT_ONCE };

  if (self->asked_all && !pinion_sync_write (self, forget_flag_acts, self, error))
    return FALSE;
  self->asked_all = FALSE;
  if (!self->compared_all || self->collected || self->work == PINION_SYNC_WORK_JOURNAL)
    return TRUE;

  self->collected = TRUE;
  while (letting_go.n == LET_GO_AT_ONCE)
    {
      if (!pinion_sync_write (self, let_go, &letting_go, error))
        return FALSE;
    }
  return pinion_sync_write (self, collect, self, error);
}

/* -- Sessions ------------------------------------------------------------------------------- */

static DexFuture *
recover (PinionStoreSession *session,
         gpointer            data)
{
  PinionSync *self = data;

  pinion_store_operations_recover (session, self->account->id);
  pinion_store_outbox_recover (session, self->account->id);
  if (self->work == PINION_SYNC_WORK_ALL)
    pinion_store_bodies_retry (session, self->account->id);

  return dex_future_new_true ();
}

static PinionSecret *
ref_secret (PinionSync *self)
{
  g_mutex_lock (&self->mutex);
  PinionSecret *secret = self->secret != NULL ? pinion_secret_ref (self->secret) : NULL;
  g_mutex_unlock (&self->mutex);

  return secret;
}

gboolean
pinion_sync_connect (PinionSync *self,
                     GError    **error)
{
  g_autoptr (PinionSecret) secret = ref_secret (self);

  if (secret == NULL)
    return pinion_error_set (error, PINION_ERROR_PASSWORD_MISSING, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_SIGN_IN, "no password");

  pinion_sync_report (self, PINION_SYNC_PHASE_CONNECTING, NULL, 0, 0, TRUE);
  self->connection
      = pinion_await_object (pinion_imap_budget_connect (self->budget, &self->account->imap, secret,
                                                         self->account->ca_pem, self->sink),
                             error);

  return self->connection != NULL;
}

/* One connection from sign-in to its end. */
static gboolean
run_session (PinionSync *self,
             GError    **error)
{
  if (!pinion_sync_connect (self, error) || !pinion_sync_list_folders (self, error))
    return FALSE;

  if (self->work != PINION_SYNC_WORK_JOURNAL && !pinion_sync_mark_all (self, error))
    return FALSE;
  self->last_full = self->last_poll = pinion_sync_now ();
  self->compared_all = FALSE;
  self->collected = FALSE;
  for (guint i = 0; i < self->folders->len; i++)
    ((PinionSyncFolder *) g_ptr_array_index (self->folders, i))->proving = FALSE;

  do
    {
      if (!work_until_done (self, error) || !tidy (self, error))
        return FALSE;
      if (self->watching && !pinion_sync_is_stopping (self) && !pinion_sync_wait_for_work (self, error))
        return FALSE;
    }
  while (self->watching && !pinion_sync_is_stopping (self));

  return TRUE;
}

void
pinion_sync_end_session (PinionSync *self,
                         gboolean    politely)
{
  pinion_sync_finish_headers (self, NULL);
  pinion_sync_finish_bodies (self, NULL);
  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    pinion_sync_folder_drop_ahead (g_ptr_array_index (self->folders, i));

  if (self->connection != NULL && politely
      && !pinion_imap_connection_is_closed (self->connection))
    pinion_await (pinion_imap_connection_logout (self->connection), NULL);
  else if (self->connection != NULL)
    pinion_imap_connection_close (self->connection);

  g_clear_object (&self->connection);
  self->first_bodies_here = FALSE;
  g_array_set_size (self->wanted, 0);
  self->next_wanted = 0;
  pinion_sync_dates_forget (self);
}

/* As long as the server needs, and longer each time. */
static guint
pause_length (PinionBackoff *backoff,
              const GError  *error)
{
  const char *asked = pinion_error_get_detail (error, "backoff-seconds");
  guint least = asked != NULL ? (guint) MIN (g_ascii_strtoull (asked, NULL, 10), 3600) : 1;

  return MAX (least, pinion_backoff_next (backoff));
}

static void
pause_before_retry (PinionSync    *self,
                    PinionBackoff *backoff,
                    const GError  *error)
{
  gint64 until = needs_person (error) ? G_MAXINT64
                                      : pinion_sync_now () + pause_length (backoff, error);

  while (pinion_sync_now () < until)
    {
      PinionSyncWake why;
      DexFuture *bell = pinion_sync_take_bell (self, FALSE, &why);

      /* Another network does not make a refused password right. */
      if ((why & (PINION_SYNC_WAKE_SERVER | PINION_SYNC_WAKE_STOP)) != 0
          || ((why & PINION_SYNC_WAKE_NETWORK) != 0 && until != G_MAXINT64))
        {
          dex_clear (&bell);
          return;
        }

      if (bell != NULL)
        {
          int seconds = (int) pinion_sync_seconds_until (until, 3600);

          pinion_await (dex_future_first (bell, dex_timeout_new_seconds (seconds), NULL), NULL);
        }
    }
}

/* From here on requests ring the bell on this thread; see ring(). */
void
pinion_sync_settle_in (PinionSync *self)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->scheduler, dex_unref);
  self->scheduler = dex_scheduler_ref_thread_default ();
  g_mutex_unlock (&self->mutex);
}

static DexFuture *
once_fiber (gpointer data)
{
  PinionSync *self = data;
  g_autoptr (GError) error = NULL;
  gboolean watched;

  pinion_sync_settle_in (self);
  int lock = pinion_sync_lock_take (pinion_store_get_dir (self->store), self->account->id, FALSE,
                                    &watched, &error);

  if (lock < 0)
    {
      pinion_error_set_detail (error, "watched", watched ? "yes" : "no");
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  gboolean done = pinion_sync_write (self, recover, self, &error) && run_session (self, &error);
  pinion_sync_end_session (self, done);
  close (lock);

  if (!done)
    {
      report_error (self, error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  pinion_sync_report (self, PINION_SYNC_PHASE_IDLE, NULL, 0, 0, TRUE);
  PinionSyncCounts *counts = g_new0 (PinionSyncCounts, 1);
  counts->new_messages = self->new_messages;
  return dex_future_new_take_boxed (PINION_TYPE_SYNC_COUNTS, counts);
}

static int
take_lock_patiently (PinionSync *self)
{
  while (!pinion_sync_is_stopping (self))
    {
      g_autoptr (GError) error = NULL;
      gboolean watched;
      int lock = pinion_sync_lock_take (pinion_store_get_dir (self->store), self->account->id,
                                        TRUE, &watched, &error);

      if (lock >= 0)
        return lock;

      report_error (self, error);
      PinionSyncWake why;
      DexFuture *bell = pinion_sync_take_bell (self, FALSE, &why);
      if (bell != NULL)
        pinion_await (dex_future_first (bell, dex_timeout_new_seconds (1), NULL), NULL);
    }

  return -1;
}

static DexFuture *
watch_fiber (gpointer data)
{
  PinionSync *self = data;
  PinionBackoff backoff;

  pinion_sync_settle_in (self);
  int lock = take_lock_patiently (self);

  pinion_backoff_init (&backoff, 2, 300);
  if (lock >= 0)
    pinion_await (pinion_store_write (self->store, recover, self, NULL), NULL);

  while (!pinion_sync_is_stopping (self))
    {
      g_autoptr (GError) error = NULL;
      gint64 began = pinion_sync_now ();
      gboolean done = run_session (self, &error);

      pinion_sync_end_session (self, done);
      if (done)
        break;

      g_debug ("the session ended: %s", error->message);
      if (pinion_sync_now () - began > 60)
        pinion_backoff_reset (&backoff);
      if (pinion_sync_is_stopping (self))
        break;

      /* Behind a portal nothing is wrong with the certificate or the server: it is tried again. */
      pinion_error_blame_network (
          error, g_network_monitor_get_connectivity (g_network_monitor_get_default ()));
      report_error (self, error);
      pause_before_retry (self, &backoff, error);
    }

  if (lock >= 0)
    close (lock);
  return dex_future_new_true ();
}

/* -- Object --------------------------------------------------------------------------------- */

static void
pinion_sync_finalize (GObject *object)
{
  PinionSync *self = PINION_SYNC (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->account, pinion_account_free);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_clear_pointer (&self->sink, pinion_stage_sink_unref);
  g_clear_pointer (&self->question, pinion_search_query_unref);
  g_clear_pointer (&self->urgent, g_array_unref);
  dex_clear (&self->bell);
  dex_clear (&self->scheduler);
  dex_clear (&self->storing);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->budget, pinion_imap_budget_unref);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->undated, g_array_unref);
  g_clear_pointer (&self->refused_bodies, g_hash_table_unref);
  g_clear_pointer (&self->refused_headers, g_hash_table_unref);
  g_clear_pointer (&self->status.label, g_free);
  g_clear_error (&self->status.error);
  g_mutex_clear (&self->mutex);
  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (pinion_sync_parent_class)->finalize (object);
}

static void
pinion_sync_class_init (PinionSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pinion_sync_finalize;
}

static void
pinion_sync_init (PinionSync *self)
{
  g_mutex_init (&self->mutex);
  self->urgent = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->wanted = g_array_new (FALSE, FALSE, sizeof (PinionStoreWanted));
  self->undated = g_array_new (FALSE, FALSE, sizeof (PinionStoreUndated));
  self->group_bytes = 1024 * 1024;
  self->header_batch = PINION_SYNC_HEADER_BATCH;
  self->budget = pinion_imap_budget_new (0);
  self->refused_bodies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->refused_headers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

PinionSync *
pinion_sync_new (PinionStore         *store,
                 PinionWorker        *parser,
                 const PinionAccount *account,
                 PinionSecret        *secret,
                 PinionSyncStatusFunc func,
                 gpointer             user_data,
                 GDestroyNotify       destroy)
{
  PinionSync *self = g_object_new (PINION_TYPE_SYNC, NULL);

  self->store = g_object_ref (store);
  self->parser = parser;
  self->account = pinion_account_copy (account);
  self->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

gint64
pinion_sync_get_account_id (PinionSync *self)
{
  return self->account->id;
}

/* The fiber holds its own reference and must run to its end, whoever drops the returned future. */
DexFuture *
pinion_sync_start (PinionSync  *self,
                   DexFiberFunc fiber)
{
  DexScheduler *pool = dex_thread_pool_scheduler_get_default ();
  DexFuture *future
      = pinion_fiber_spawn (pool, STACK_SIZE, fiber, g_object_ref (self), g_object_unref);

  dex_future_disown (dex_ref (future));
  return future;
}

DexFuture *
pinion_sync_run_once (PinionSync    *self,
                      PinionSyncWork work)
{
  self->watching = FALSE;
  self->work = work;

  return pinion_sync_start (self, once_fiber);
}

DexFuture *
pinion_sync_watch (PinionSync *self)
{
  self->watching = TRUE;
  self->work = PINION_SYNC_WORK_ALL;

  return pinion_sync_start (self, watch_fiber);
}

/* On the sync's thread: a set of futures with a timer in it has to settle where the timer runs. */
static void
ring (gpointer data)
{
  PinionSync *self = data;

  g_mutex_lock (&self->mutex);
  DexPromise *bell = g_steal_pointer (&self->bell);
  gboolean stale = (self->wake & PINION_SYNC_WAKE_NETWORK) != 0;
  g_mutex_unlock (&self->mutex);

  if (bell != NULL)
    {
      dex_promise_resolve_boolean (bell, TRUE);
      dex_unref (bell);
    }
  if (self->connection != NULL && stale)
    pinion_imap_connection_close (self->connection);
  else if (self->connection != NULL)
    pinion_imap_connection_wake (self->connection);
  g_object_unref (self);
}

/* Before the loop has begun there is nobody to wake: it looks at the requests first. */
static void
request_unlocked (PinionSync    *self,
                  PinionSyncWake why)
{
  self->wake |= why;
  if (self->scheduler != NULL)
    dex_scheduler_push (self->scheduler, ring, g_object_ref (self));
}

void
pinion_sync_wake (PinionSync    *self,
                  PinionSyncWake why)
{
  g_mutex_lock (&self->mutex);
  request_unlocked (self, why);
  g_mutex_unlock (&self->mutex);
}

void
pinion_sync_stop (PinionSync *self)
{
  pinion_sync_wake (self, PINION_SYNC_WAKE_STOP);
}

void
pinion_sync_want_body (PinionSync *self,
                       gint64      message)
{
  g_mutex_lock (&self->mutex);
  g_array_append_val (self->urgent, message);
  request_unlocked (self, 0);
  g_mutex_unlock (&self->mutex);
}

void
pinion_sync_set_thrifty (PinionSync *self,
                         gboolean    thrifty)
{
  if (g_atomic_int_exchange (&self->thrifty, thrifty) && !thrifty)
    pinion_sync_wake (self, PINION_SYNC_WAKE_JOURNAL);
}

void
pinion_sync_set_secret (PinionSync   *self,
                        PinionSecret *secret)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  self->secret = pinion_secret_ref (secret);
  request_unlocked (self, PINION_SYNC_WAKE_SERVER);
  g_mutex_unlock (&self->mutex);
}
