/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"

#include "pinion-mime-strip.h"
#include "pinion-smtp-connection.h"
#include "pinion-store-files.h"
#include "pinion-store-outbox.h"

#include <glib/gstdio.h>

/* The server's limit is counted by the minute (Exchange: five messages). */
#define RETRY_FIRST 60
#define RETRY_MOST (60 * 60)

typedef struct
{
  PinionSync *sync;
  gint64 id;
  PinionStoreOutboxItem *item;
  gboolean started;
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

  return dex_future_new_true ();
}

static DexFuture *
note_failed (PinionStoreSession *session,
             gpointer            data)
{
  Sending *sending = data;

  pinion_store_outbox_failed (session, sending->item->id, sending->error);

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

  return dex_await_object (pinion_smtp_connect (&self->account->smtp, secret,
                                                self->account->ca_pem, NULL, NULL),
                           error);
}

/* Everything that can fail without consequence comes before the state changes to "sending". */
static gboolean
submit (PinionSync *self,
        Sending    *sending,
        GError    **error)
{
  Stripping stripping = { sending->item->path, pinion_store_dup_temp_path (self->store) };
  g_autofree char *path = stripping.to;

  if (!dex_await (pinion_worker_run (self->parser, strip_bcc, &stripping, NULL), error))
    return FALSE;

  g_autoptr (PinionSmtpConnection) smtp = connect_smtp (self, error);
  if (smtp == NULL || !pinion_sync_write (self, begin, sending, error) || !sending->started)
    {
      g_unlink (path);
      return smtp != NULL && !sending->started && (error == NULL || *error == NULL);
    }

  g_autoptr (GFile) file = g_file_new_for_path (path);
  gboolean sent = dex_await (
      pinion_smtp_connection_submit (smtp, sending->item->sender,
                                     (const char *const *) sending->item->recipients, file),
      error);

  g_unlink (path);
  if (pinion_smtp_connection_is_open (smtp))
    dex_await (pinion_smtp_connection_quit (smtp), NULL);

  return sent;
}

static gboolean
note_result (PinionSync   *self,
             Sending      *sending,
             const GError *failure,
             GError      **error)
{
  sending->error = failure;

  if (failure == NULL)
    return !sending->started || pinion_sync_write (self, note_submitted, sending, error);

  if (pinion_error_is (failure, PINION_ERROR_OUTCOME_UNKNOWN)
      || !pinion_error_is_temporary (failure))
    return pinion_sync_write (self, note_failed, sending, error);

  guint64 wait = (guint64) RETRY_FIRST << MIN (sending->item->tries, 10);
  sending->next_try = pinion_sync_now () + (gint64) MIN (wait, RETRY_MOST);
  return pinion_sync_write (self, note_retry, sending, error);
}

gboolean
pinion_sync_outbox_step (PinionSync *self,
                         gboolean   *worked,
                         GError    **error)
{
  Sending sending = { .sync = self };
  g_autoptr (GError) failure = NULL;

  if (!pinion_sync_read (self, find_due, &sending, error))
    return FALSE;
  if (sending.item == NULL)
    return TRUE;

  *worked = TRUE;
  submit (self, &sending, &failure);
  gboolean kept = note_result (self, &sending, failure, error);
  pinion_store_outbox_item_unref (sending.item);

  return kept;
}
