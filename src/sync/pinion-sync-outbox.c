/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-strip.h"
#include "pinion-smtp-connection.h"
#include "pinion-store-files.h"
#include "pinion-store-outbox.h"

#include <glib/gstdio.h>

/* Seconds.  The server's limit is counted by the minute (Exchange: five messages). */
#define RETRY_FIRST 60
#define RETRY_MOST (60 * 60)

/* @path: the message as it is submitted.  @connecting: it got as far as to the server; @started: its
 * state is "sending" on the disk; @stuck: the store failed us. */
typedef struct
{
  PinionSync *sync;
  PinionStoreOutboxItem *item;
  char *path;
  PinionSmtpConnection *smtp;
  gboolean connecting;
  gboolean started;
  gboolean stuck;
  gint64 next_try;
  const GError *error;
} Sending;

static DexFuture *
find_due (PinionStoreSession *session,
          gpointer            data)
{
  Sending *sending = data;

  sending->item = pinion_store_outbox_get_due (session, sending->sync->account->id,
                                               pinion_sync_now ());

  return dex_future_new_true ();
}

static DexFuture *
begin (PinionStoreSession *session,
       gpointer            data)
{
  Sending *sending = data;

  sending->started = pinion_store_outbox_start (session, sending->item->id);

  return dex_future_new_true ();
}

static DexFuture *
note_submitted (PinionStoreSession *session,
                gpointer            data)
{
  Sending *sending = data;

  pinion_store_outbox_submitted (session, sending->item->id);

  return dex_future_new_true ();
}

static DexFuture *
note_retry (PinionStoreSession *session,
            gpointer            data)
{
  Sending *sending = data;

  pinion_store_outbox_retry (session, sending->item->id, sending->next_try, sending->error);
  if (sending->connecting && !sending->started)
    pinion_store_outbox_hold (session, sending->sync->account->id, pinion_sync_now (),
                              sending->next_try);

  return dex_future_new_true ();
}

static DexFuture *
note_failed (PinionStoreSession *session,
             gpointer            data)
{
  Sending *sending = data;

  pinion_store_outbox_failed (session, sending->item->id, sending->error);
  if (sending->connecting && !sending->started)
    pinion_store_outbox_fail_waiting (session, sending->sync->account->id, pinion_sync_now (),
                                      sending->error);

  return dex_future_new_true ();
}

/* A message as it is submitted has no Bcc (RFC 5322, 3.6.3); the kept one has. */
typedef struct
{
  char *from;
  char *to;
} Stripping;

static DexFuture *
strip_bcc (gpointer data)
{
  Stripping *stripping = data;
  GError *error = NULL;

  if (!pinion_mime_copy_without_bcc (stripping->from, stripping->to, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static PinionSmtpConnection *
connect_smtp (PinionSync *self,
              GError    **error)
{
  g_mutex_lock (&self->mutex);
  g_autoptr (PinionSecret) secret
      = self->secret != NULL ? pinion_secret_ref (self->secret) : NULL;
  g_mutex_unlock (&self->mutex);

  return pinion_await_object (pinion_smtp_connect (&self->account->smtp, secret,
                                                   self->account->ca_pem, NULL, NULL),
                              error);
}

/* Everything that can fail without consequence comes before the state changes to "sending".
 * Returns: whether to send; FALSE without @error where it was cancelled meanwhile */
static gboolean
prepare (PinionSync *self,
         Sending    *sending,
         GError    **error)
{
  Stripping stripping = { sending->item->path, sending->path };

  if (!pinion_await (pinion_worker_run (self->parser, strip_bcc, &stripping, NULL), error))
    return FALSE;

  sending->connecting = TRUE;
  sending->smtp = connect_smtp (self, error);
  if (sending->smtp == NULL)
    return FALSE;

  sending->stuck = !pinion_sync_write (self, begin, sending, error);
  sending->started &= !sending->stuck;
  return sending->started;
}

static gboolean
submit (Sending *sending,
        GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (sending->path);

  return pinion_await (pinion_smtp_connection_submit (
                           sending->smtp, sending->item->sender,
                           (const char *const *) sending->item->recipients, file),
                       error);
}

/* Whether another try may help.  A name that cannot be looked up, or a handshake that broke off, is no
 * reason to give a message back: more often than not the network is to blame. */
static gboolean
is_worth_another_try (const GError *failure)
{
  return !pinion_error_is (failure, PINION_ERROR_OUTCOME_UNKNOWN)
         && (pinion_error_is_temporary (failure)
             || pinion_error_is (failure, PINION_ERROR_HOST_UNKNOWN)
             || pinion_error_is (failure, PINION_ERROR_TLS_FAILED));
}

/* Doubling, and as long as the server asks for. */
static gint64
choose_wait (const PinionStoreOutboxItem *item,
             const GError                *failure)
{
  const char *asked = pinion_error_get_detail (failure, "backoff-seconds");
  gint64 wait = MIN ((gint64) RETRY_FIRST << MIN (item->tries, 10), RETRY_MOST);

  return MAX (wait, asked != NULL ? g_ascii_strtoll (asked, NULL, 10) : 0);
}

/* What ended without an answer of SMTP's own proves nothing: the item is found as "sending" at the
 * next start, and is uncertain then.  A full disk is no fault of the message. */
static gboolean
is_no_result (const Sending *sending,
              const GError  *failure)
{
  if (sending->stuck || (pinion_error_is (failure, PINION_ERROR_DISK_FULL) && !sending->started))
    return TRUE;

  return failure->domain != PINION_ERROR || pinion_error_is (failure, PINION_ERROR_CANCELLED);
}

/* Takes @failure. */
static gboolean
note_result (PinionSync *self,
             Sending    *sending,
             GError     *failure,
             GError    **error)
{
  g_autoptr (GError) cause = failure;

  if (cause == NULL)
    return !sending->started || pinion_sync_write (self, note_submitted, sending, error);

  if (is_no_result (sending, cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  sending->error = cause;
  if (!is_worth_another_try (cause))
    return pinion_sync_write (self, note_failed, sending, error);

  sending->next_try = pinion_sync_now () + choose_wait (sending->item, cause);
  return pinion_sync_write (self, note_retry, sending, error);
}

static void
sending_clear (Sending *self)
{
  g_clear_object (&self->smtp);
  g_clear_pointer (&self->path, g_free);
  pinion_store_outbox_item_unref (self->item);
}

gboolean
pinion_sync_outbox_step (PinionSync *self,
                         gboolean   *worked,
                         GError    **error)
{
  Sending sending = { .sync = self };
  GError *failure = NULL;

  if (!pinion_sync_read (self, find_due, &sending, error))
    return FALSE;
  if (sending.item == NULL)
    return TRUE;

  *worked = TRUE;
  sending.path = pinion_store_dup_temp_path (self->store);
  if (prepare (self, &sending, &failure))
    submit (&sending, &failure);

  /* What came of it is written down before anything else can happen. */
  gboolean kept = note_result (self, &sending, failure, error);
  g_unlink (sending.path);
  if (sending.smtp != NULL && pinion_smtp_connection_is_open (sending.smtp))
    pinion_await (pinion_smtp_connection_quit (sending.smtp), NULL);
  sending_clear (&sending);

  return kept;
}
