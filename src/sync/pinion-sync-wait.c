/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Between two pieces of work: IDLE or NOOP, until the server, the person or the clock wants
 * something. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-store-drafts.h"
#include "pinion-store-operations.h"
#include "pinion-store-outbox.h"

/* Seconds: IDLE below the server's 30 minutes, a whole comparison. */
#define IDLE_LIMIT (20 * 60)
#define POLL_INTERVAL_NO_IDLE 20
#define FULL_INTERVAL (15 * 60)

/* @lost: drafts whose copies are not on the server any more. */
typedef struct
{
  PinionSync *sync;
  gint64 next;
  gboolean lost;
} NextDue;

static DexFuture *
read_next_due (PinionStoreSession *session,
               gpointer            data)
{
  NextDue *due = data;
  gint64 account = due->sync->account->id;

  due->next = MIN (pinion_store_operations_next_try (session, account),
                   pinion_store_outbox_next_due (session, account));
  due->lost = pinion_store_drafts_have_lost (session, account);

  return dex_future_new_true ();
}

/* All that was found missing has been fetched: what is nowhere now is gone. */
static DexFuture *
follow_drafts (PinionStoreSession *session,
               gpointer            data)
{
  PinionSync *self = data;

  pinion_store_drafts_follow (session, self->account->id);

  return dex_future_new_true ();
}

DexFuture *
pinion_sync_take_bell (PinionSync     *self,
                       gboolean        mind_urgent,
                       PinionSyncWake *why)
{
  g_mutex_lock (&self->mutex);

  *why = self->wake;
  self->wake &= PINION_SYNC_WAKE_STOP;
  gboolean rung = *why != 0 || (mind_urgent && self->urgent->len > 0);
  if (self->bell == NULL)
    self->bell = dex_promise_new ();
  DexFuture *bell = rung ? NULL : DEX_FUTURE (dex_ref (self->bell));

  g_mutex_unlock (&self->mutex);
  return bell;
}

guint
pinion_sync_seconds_until (gint64 moment,
                           guint  most)
{
  if (moment == G_MAXINT64)
    return most;

  return (guint) CLAMP (moment - pinion_sync_now (), 1, most);
}

static gboolean
has_requests (PinionSync *self)
{
  g_mutex_lock (&self->mutex);
  gboolean some = self->wake != 0 || self->urgent->len > 0;
  g_mutex_unlock (&self->mutex);

  return some;
}

/* The future of IDLE must not stand in a set with others: a set cancels who comes second, and with it
 * the connection's place in the talk.  A request ends IDLE by waking the connection, see ring(). */
static gboolean
idle_in_inbox (PinionSync       *self,
               PinionSyncFolder *inbox,
               guint             seconds,
               GError          **error)
{
  if (!pinion_sync_open_folder (self, inbox, error))
    return FALSE;
  if (inbox->compare != PINION_COMPARE_NOTHING || has_requests (self))
    return TRUE;

  g_autoptr (GError) ended = NULL;
  pinion_await (pinion_imap_connection_idle (self->connection, MIN (seconds, IDLE_LIMIT)), &ended);
  if (ended == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&ended));
  return FALSE;
}

/* @bell: (transfer full) */
static gboolean
await_news (PinionSync *self,
            DexFuture  *bell,
            guint       seconds,
            GError    **error)
{
  PinionSyncFolder *inbox = pinion_sync_find_role (self, PINION_FOLDER_ROLE_INBOX);

  if (inbox != NULL
      && pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_IDLE))
    {
      dex_unref (bell);
      return idle_in_inbox (self, inbox, seconds, error);
    }

  pinion_await (dex_future_first (bell, dex_timeout_new_seconds ((int) seconds), NULL), NULL);
  return pinion_await (pinion_imap_connection_noop (self->connection), error);
}

static gboolean
answer_requests (PinionSync    *self,
                 PinionSyncWake why,
                 GError       **error)
{
  gint64 now = pinion_sync_now ();
  gboolean idles = pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_IDLE);

  if ((why & PINION_SYNC_WAKE_SERVER) != 0 || now - self->last_full >= FULL_INTERVAL)
    {
      if (!pinion_sync_list_folders (self, error) || !pinion_sync_mark_all (self, error))
        return FALSE;
      self->last_full = now;
      self->last_poll = now;
      self->collected = FALSE;
    }
  else if (now - self->last_poll >= (idles ? PINION_SYNC_POLL_INTERVAL : POLL_INTERVAL_NO_IDLE))
    {
      self->last_poll = now;
      if (!pinion_sync_poll_folders (self, error))
        return FALSE;
    }

  return pinion_sync_apply_changes (self, error);
}

gboolean
pinion_sync_wait_for_work (PinionSync *self,
                           GError    **error)
{
  PinionSyncWake why;
  NextDue due = { .sync = self };

  if (!pinion_sync_read (self, read_next_due, &due, error)
      || (due.lost && !pinion_sync_write (self, follow_drafts, self, error)))
    return FALSE;

  DexFuture *bell = pinion_sync_take_bell (self, TRUE, &why);

  if (bell != NULL)
    {
      gboolean idles = pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_IDLE);

      pinion_sync_report (self, PINION_SYNC_PHASE_IDLE, NULL, 0, 0, TRUE);
      if (!await_news (self, bell,
                       pinion_sync_seconds_until (due.next, idles ? PINION_SYNC_POLL_INTERVAL
                                                                  : POLL_INTERVAL_NO_IDLE),
                       error))
        return FALSE;
      bell = pinion_sync_take_bell (self, TRUE, &why);
      dex_clear (&bell);
    }

  return (why & PINION_SYNC_WAKE_STOP) != 0 || answer_requests (self, why, error);
}
