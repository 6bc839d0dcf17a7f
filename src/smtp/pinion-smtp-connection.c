/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-connection-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* How long a good-bye may take, in milliseconds. */
#define GOOD_BYE 5000

const PinionSmtpLimits pinion_smtp_default_limits = {
  .net = { .resolve = 20 * 1000, .reach = 20 * 1000, .handshake = 20 * 1000 },
  .greeting = 60 * 1000,
  .command = 5 * 60 * 1000,
  .sign_in = 60 * 1000,
  .data = 3 * 60 * 1000,
  .final = 10 * 60 * 1000,
};

G_DEFINE_FINAL_TYPE (PinionSmtpConnection, pinion_smtp_connection, G_TYPE_OBJECT)

/* -- Replies -------------------------------------------------------------------------------- */

/* The bytes of the read that has settled */
static gboolean
take_bytes (PinionSmtpConnection *self,
            GError              **error)
{
  g_autoptr (GBytes) bytes = pinion_await_boxed (g_steal_pointer (&self->reading), error);
  gsize size;

  if (bytes == NULL)
    return FALSE;

  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (!self->heard)
    {
      self->tls_instead = pinion_net_is_tls_record (data, size);
      self->http_instead = size >= 5 && memcmp (data, "HTTP/", 5) == 0;
    }
  self->heard = TRUE;

  return pinion_smtp_reply_parser_feed (self->parser, data, size, error);
}

/* Adds bytes that arrived to the parser.  Returns: FALSE with @error, TIMED_OUT by the deadline */
static gboolean
receive (PinionSmtpConnection *self,
         gint64                deadline,
         GError              **error)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  DexFuture *limit = dex_timeout_new_msec ((int) CLAMP (left, 1, G_MAXINT));
  GError *local = NULL;

  /* It is kept: what it has read must not be lost to a deadline. */
  if (self->reading == NULL)
    self->reading = pinion_channel_read (self->channel);

  if (!pinion_await (dex_future_first (dex_ref (self->reading), limit, NULL), &local) &&
      dex_future_is_pending (self->reading))
    {
      g_propagate_error (error, local);
      return FALSE;
    }

  g_clear_error (&local);
  return take_bytes (self, error);
}

gboolean
pinion_smtp_connection_overhear (PinionSmtpConnection *self,
                                 guint                 wait)
{
  if (!pinion_smtp_reply_parser_is_empty (self->parser))
    return TRUE;

  if (self->reading == NULL)
    self->reading = pinion_channel_read (self->channel);

  if (wait > 0)
    {
      DexFuture *limit = dex_timeout_new_msec ((int) wait);

      pinion_await (dex_future_first (dex_ref (self->reading), limit, NULL), NULL);
    }

  return !dex_future_is_pending (self->reading);
}

PinionSmtpReply *
pinion_smtp_connection_read_reply (PinionSmtpConnection *self,
                                   guint                 limit,
                                   gboolean              keep,
                                   GError              **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) limit * 1000;
  PinionSmtpReply *reply;

  while ((reply = pinion_smtp_reply_parser_pop (self->parser)) == NULL)
    {
      g_autoptr (GError) local = NULL;

      if (receive (self, deadline, &local))
        continue;

      gboolean late = g_error_matches (local, DEX_ERROR, DEX_ERROR_TIMED_OUT);
      /* What was complete before the end still counts. */
      if (!late && (reply = pinion_smtp_reply_parser_pop (self->parser)) != NULL)
        return reply;

      if (!late || !keep)
        pinion_smtp_connection_close (self);
      g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&local), PINION_PROTOCOL_SMTP,
                                                    PINION_STAGE_NONE));
      return NULL;
    }

  return reply;
}

PinionSmtpReply *
pinion_smtp_connection_read_last_words (PinionSmtpConnection *self)
{
  PinionSmtpReply *reply = pinion_smtp_connection_read_reply (self, PINION_SMTP_LAST_WORDS, FALSE,
                                                              NULL);

  pinion_smtp_connection_close (self);
  return reply;
}

/* Whoever answers before he is asked answers something else; only a good-bye may come at any time
 * (RFC 5321, 3.8).  Returns: whether to go on; if not, that good-bye in @reply, else @error */
static gboolean
check_silence (PinionSmtpConnection *self,
               PinionSmtpReply     **reply,
               GError              **error)
{
  if (pinion_smtp_reply_parser_is_empty (self->parser))
    return TRUE;

  *reply = pinion_smtp_connection_read_last_words (self);
  if (*reply != NULL && (*reply)->code == 421)
    return FALSE;

  g_clear_pointer (reply, pinion_smtp_reply_free);
  return pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                           "The server answers before it is asked");
}

gboolean
pinion_smtp_connection_write (PinionSmtpConnection *self,
                              DexFuture            *written,
                              guint                 limit,
                              GError              **error)
{
  GError *local = NULL;
  DexFuture *late = dex_timeout_new_msec ((int) MIN (limit, (guint) G_MAXINT));

  if (pinion_await (dex_future_first (written, late, NULL), &local))
    return TRUE;

  g_propagate_error (error, pinion_error_adopt (local, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE));
  return FALSE;
}

/* Sends @bytes and waits for the reply; a server that hangs up often says why first. */
static PinionSmtpReply *
exchange (PinionSmtpConnection *self,
          GBytes               *bytes,
          gboolean              secret,
          guint                 limit,
          GError              **error)
{
  g_autoptr (GError) local = NULL;
  PinionSmtpReply *reply = NULL;

  if (!check_silence (self, &reply, error))
    return reply;

  DexFuture *written = secret ? pinion_channel_write_secret (self->channel, bytes)
                              : pinion_channel_write (self->channel, bytes);
  if (pinion_smtp_connection_write (self, written, limit, &local))
    return pinion_smtp_connection_read_reply (self, limit, FALSE, error);

  reply = pinion_smtp_connection_read_last_words (self);
  if (reply == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return reply;
}

PinionSmtpReply *
pinion_smtp_connection_command (PinionSmtpConnection *self,
                                const char           *line,
                                guint                 limit,
                                GError              **error)
{
  if (strpbrk (line, "\r\n") != NULL)
    {
      pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                        "A command may not have a line break");
      return NULL;
    }

  g_autofree char *text = g_strconcat (line, "\r\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return exchange (self, bytes, FALSE, limit, error);
}

PinionSmtpReply *
pinion_smtp_connection_command_bytes (PinionSmtpConnection *self,
                                      GBytes               *bytes,
                                      guint                 limit,
                                      GError              **error)
{
  return exchange (self, bytes, FALSE, limit, error);
}

PinionSmtpReply *
pinion_smtp_connection_command_secret (PinionSmtpConnection *self,
                                       GBytes               *bytes,
                                       guint                 limit,
                                       GError              **error)
{
  return exchange (self, bytes, TRUE, limit, error);
}

GError *
pinion_smtp_connection_explain (PinionSmtpConnection  *self,
                                PinionSmtpStep         step,
                                const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  GError *told = pinion_smtp_error_new (step, reply, text);
  /* It hangs up, or we no longer understand each other. */
  if (reply->code == 421 || pinion_error_is (told, PINION_ERROR_PROTOCOL))
    pinion_smtp_connection_close (self);

  return told;
}

/* -- The connection ------------------------------------------------------------------------- */

void
pinion_smtp_connection_close (PinionSmtpConnection *self)
{
  if (self->channel != NULL)
    pinion_channel_close (self->channel);
}

gboolean
pinion_smtp_connection_is_open (PinionSmtpConnection *self)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), FALSE);

  return self->channel != NULL && !pinion_channel_is_closed (self->channel);
}

guint64
pinion_smtp_connection_get_max_size (PinionSmtpConnection *self)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), 0);

  return self->ehlo->max_size;
}

gboolean
pinion_smtp_connection_can_report (PinionSmtpConnection *self)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), FALSE);

  return self->ehlo->dsn;
}

static DexFuture *
quit_fiber (gpointer user_data)
{
  PinionSmtpConnection *self = user_data;

  if (!self->busy && pinion_smtp_connection_is_open (self))
    {
      self->busy = TRUE;
      pinion_smtp_reply_free (pinion_smtp_connection_command (self, "QUIT", GOOD_BYE, NULL));
    }

  pinion_smtp_connection_close (self);
  return dex_future_new_true ();
}

DexFuture *
pinion_smtp_connection_quit (PinionSmtpConnection *self)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), NULL);

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, quit_fiber,
                              g_object_ref (self), g_object_unref);
}

static void
pinion_smtp_connection_finalize (GObject *object)
{
  PinionSmtpConnection *self = PINION_SMTP_CONNECTION (object);

  dex_clear (&self->reading);
  g_clear_object (&self->channel);
  g_clear_pointer (&self->parser, pinion_smtp_reply_parser_free);
  g_clear_pointer (&self->ehlo, pinion_smtp_ehlo_free);
  pinion_server_clear (&self->server);

  G_OBJECT_CLASS (pinion_smtp_connection_parent_class)->finalize (object);
}

static void
pinion_smtp_connection_class_init (PinionSmtpConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_smtp_connection_finalize;
}

static void
pinion_smtp_connection_init (PinionSmtpConnection *self)
{
}
