/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-connection-private.h"

#include <string.h>

/* How long a good-bye may take, in milliseconds. */
#define GOOD_BYE 5000

const PinionSmtpLimits pinion_smtp_default_limits = {
  .net = { .resolve = 20 * 1000, .reach = 20 * 1000, .handshake = 20 * 1000 },
  .greeting = 60 * 1000,
  .command = 5 * 60 * 1000,
  .sign_in = 60 * 1000,
  .data = 2 * 60 * 1000,
  .final = 10 * 60 * 1000,
};

G_DEFINE_FINAL_TYPE (PinionSmtpConnection, pinion_smtp_connection, G_TYPE_OBJECT)

/* -- Replies -------------------------------------------------------------------------------- */

/* Adds bytes that arrived to the parser.  Returns: FALSE with @error, TIMED_OUT by the deadline */
static gboolean
receive (PinionSmtpConnection *self,
         gint64                deadline,
         GError              **error)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  DexFuture *limit = dex_timeout_new_msec ((int) CLAMP (left, 1, G_MAXINT));
  DexFuture *reading = pinion_channel_read (self->channel);
  g_autoptr (GBytes) bytes = dex_await_boxed (dex_future_first (reading, limit, NULL), error);
  gsize size;

  if (bytes == NULL)
    return FALSE;

  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (!self->heard)
    self->tls_instead = pinion_net_is_tls_record (data, size);
  self->heard = TRUE;

  return pinion_smtp_reply_parser_feed (self->parser, data, size, error);
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

/* A server that hangs up often says why first.  @error: in, why writing failed. */
static PinionSmtpReply *
read_last_words (PinionSmtpConnection *self,
                 GError              **error)
{
  PinionSmtpReply *reply = pinion_smtp_connection_read_reply (self, PINION_SMTP_LAST_WORDS, FALSE,
                                                              NULL);

  pinion_smtp_connection_close (self);
  if (reply != NULL)
    g_clear_error (error);

  return reply;
}

static PinionSmtpReply *
exchange (PinionSmtpConnection *self,
          DexFuture            *written,
          guint                 limit,
          GError              **error)
{
  g_autoptr (GError) local = NULL;

  if (dex_await (written, &local))
    return pinion_smtp_connection_read_reply (self, limit, FALSE, error);

  PinionSmtpReply *reply = read_last_words (self, &local);
  if (reply == NULL)
    g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&local), PINION_PROTOCOL_SMTP,
                                                  PINION_STAGE_NONE));
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

  return exchange (self, pinion_channel_write (self->channel, bytes), limit, error);
}

PinionSmtpReply *
pinion_smtp_connection_command_secret (PinionSmtpConnection *self,
                                       GBytes               *bytes,
                                       guint                 limit,
                                       GError              **error)
{
  return exchange (self, pinion_channel_write_secret (self->channel, bytes), limit, error);
}

GError *
pinion_smtp_connection_explain (PinionSmtpConnection  *self,
                                PinionSmtpStep         step,
                                const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  if (reply->code == 421)
    pinion_smtp_connection_close (self);

  return pinion_smtp_error_new (step, reply, text);
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

  return dex_scheduler_spawn (dex_scheduler_get_thread_default (), 0, quit_fiber,
                              g_object_ref (self), g_object_unref);
}

static void
pinion_smtp_connection_finalize (GObject *object)
{
  PinionSmtpConnection *self = PINION_SMTP_CONNECTION (object);

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
