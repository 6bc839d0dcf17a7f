/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-address.h"
#include "pinion-smtp-connection-private.h"
#include "pinion-smtp-data.h"

#include <string.h>

/* Bytes of the file in memory at a time. */
#define PIECE (64 * 1024)

/* One message on its way */
typedef struct
{
  PinionSmtpConnection *connection;
  char *sender;
  char **recipients;
  GFile *file;

  /* What the file was like before the server was told about it */
  PinionSmtpData seen;
} Submission;

static void
submission_free (Submission *self)
{
  g_object_unref (self->connection);
  g_free (self->sender);
  g_strfreev (self->recipients);
  g_object_unref (self->file);
  g_free (self);
}

/* -- Before the server is asked ------------------------------------------------------------- */

/* Puts addresses into their form on the wire. */
static gboolean
encode_addresses (Submission *self,
                  GError    **error)
{
  gboolean smtputf8 = self->connection->ehlo->smtputf8;
  g_autofree char *sender = pinion_smtp_address_encode (self->sender, smtputf8, error);

  if (sender == NULL)
    return FALSE;
  if (self->recipients[0] == NULL)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_SMTP,
                             PINION_STAGE_NONE, "There is nobody to send to");

  g_set_str (&self->sender, sender);
  for (guint i = 0; self->recipients[i] != NULL; i++)
    {
      char *recipient = pinion_smtp_address_encode (self->recipients[i], smtputf8, error);

      if (recipient == NULL)
        return FALSE;
      g_free (self->recipients[i]);
      self->recipients[i] = recipient;
    }

  return TRUE;
}

/* The next piece of @input; empty at its end, %NULL with @error. */
static GBytes *
read_piece (GInputStream *input,
            GError      **error)
{
  GError *local = NULL;
  GBytes *piece = dex_await_boxed (dex_input_stream_read_bytes (input, PIECE, G_PRIORITY_DEFAULT),
                                   &local);

  if (piece == NULL)
    g_propagate_error (error, pinion_error_adopt (local, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE));
  return piece;
}

static GInputStream *
open_file (Submission *self,
           GError    **error)
{
  GError *local = NULL;
  GInputStream *input = dex_await_object (dex_file_read (self->file, G_PRIORITY_DEFAULT), &local);

  if (input == NULL)
    g_propagate_error (error, pinion_error_adopt (local, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE));
  return input;
}

static gboolean
look_at_file (Submission *self,
              GError    **error)
{
  g_autoptr (GInputStream) input = open_file (self, error);

  while (input != NULL)
    {
      g_autoptr (GBytes) piece = read_piece (input, error);

      if (piece == NULL)
        return FALSE;
      if (g_bytes_get_size (piece) == 0)
        break;
      pinion_smtp_data_feed (&self->seen, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece),
                             NULL);
    }

  pinion_smtp_data_end (&self->seen, NULL);
  return input != NULL;
}

static gboolean
check_size (Submission *self,
            GError    **error)
{
  guint64 most = self->connection->ehlo->max_size;

  if (most == 0 || self->seen.size <= most)
    return TRUE;

  g_autofree char *limit = g_strdup_printf ("%" G_GUINT64_FORMAT, most);
  GError *told = pinion_error_new (PINION_ERROR_MESSAGE_TOO_LARGE, PINION_PROTOCOL_SMTP,
                                   PINION_STAGE_NONE,
                                   "The message has %" G_GUINT64_FORMAT
                                   " bytes, the server takes %s",
                                   self->seen.size, limit);
  pinion_error_set_detail (told, "max-size", limit);
  g_propagate_error (error, told);
  return FALSE;
}

/* -- The envelope --------------------------------------------------------------------------- */

static gboolean
needs_smtputf8 (Submission *self)
{
  gboolean needed = !g_str_is_ascii (self->sender);

  for (guint i = 0; self->recipients[i] != NULL; i++)
    needed |= !g_str_is_ascii (self->recipients[i]);

  return needed;
}

static gboolean
give_sender (Submission *self,
             GError    **error)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "MAIL FROM:%s", self->sender);
  if (connection->ehlo->size)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, self->seen.size);
  /* Where it is not offered, eight bits are sent nevertheless: everybody takes them. */
  if (self->seen.eight_bit && connection->ehlo->eight_bit_mime)
    g_string_append (line, " BODY=8BITMIME");
  if (needs_smtputf8 (self))
    g_string_append (line, " SMTPUTF8");

  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, line->str, connection->limits.command, error);
  if (reply == NULL)
    return FALSE;
  if (reply->code == 250)
    return TRUE;

  g_propagate_error (error, pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_SENDER,
                                                            reply));
  return FALSE;
}

/* Withdraws what was said, so that the connection can be used again. */
static void
withdraw (PinionSmtpConnection *connection)
{
  if (!pinion_smtp_connection_is_open (connection))
    return;

  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, "RSET", connection->limits.command, NULL);
  if (reply == NULL || reply->code != 250)
    pinion_smtp_connection_close (connection);
}

static void
note_refusal (GString               *refused,
              const char            *recipient,
              const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  /* Without its brackets */
  g_string_append_printf (refused, "%s%.*s\t%s", refused->len > 0 ? "\n" : "",
                          (int) strlen (recipient) - 2, recipient + 1, text);
}

/* The refusal that weighs most decides: one that is for good counts more than "try later". */
static gboolean
outweighs (const PinionSmtpReply *reply,
           const PinionSmtpReply *worst)
{
  return worst == NULL ||
         (pinion_smtp_reply_is_class (reply, 5) && !pinion_smtp_reply_is_class (worst, 5));
}

static GError *
explain_refusals (PinionSmtpConnection  *connection,
                  const PinionSmtpReply *worst,
                  const char            *refused)
{
  GError *told = pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_RECIPIENT, worst);

  /* 452 4.5.3: trying later does not make them fewer. */
  if (pinion_smtp_reply_has_status (worst, 4, 5, 3))
    {
      g_autofree char *text = g_strdup (pinion_error_get_detail (told, "server-text"));

      g_error_free (told);
      told = pinion_error_new (PINION_ERROR_RECIPIENTS_REFUSED, PINION_PROTOCOL_SMTP,
                               PINION_STAGE_NONE, "Too many recipients: “%s”", text);
      pinion_error_set_detail (told, "server-text", text);
    }

  pinion_error_set_detail (told, "recipients", refused);
  return told;
}

/* All of them are asked for, so that the person sees every bad one at once. */
static gboolean
give_recipients (Submission *self,
                 GError    **error)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (GString) refused = g_string_new (NULL);
  g_autoptr (PinionSmtpReply) worst = NULL;

  for (guint i = 0; self->recipients[i] != NULL && pinion_smtp_connection_is_open (connection); i++)
    {
      g_autofree char *line = g_strconcat ("RCPT TO:", self->recipients[i], NULL);
      g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
          connection, line, connection->limits.command, error);

      if (reply == NULL)
        return FALSE;
      if (pinion_smtp_reply_is_class (reply, 2))
        continue;

      note_refusal (refused, self->recipients[i], reply);
      /* The server hangs up now. */
      if (reply->code == 421)
        pinion_smtp_connection_close (connection);
      if (outweighs (reply, worst) || reply->code == 421)
        {
          g_clear_pointer (&worst, pinion_smtp_reply_free);
          worst = g_steal_pointer (&reply);
        }
    }

  if (worst == NULL)
    return TRUE;

  g_propagate_error (error, explain_refusals (connection, worst, refused->str));
  return FALSE;
}

/* -- The text ------------------------------------------------------------------------------- */

static gboolean
ask_for_data (PinionSmtpConnection *connection,
              GError              **error)
{
  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, "DATA", connection->limits.data, error);

  if (reply == NULL)
    return FALSE;
  if (reply->code == 354)
    return TRUE;

  g_propagate_error (error, pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_MESSAGE,
                                                            reply));
  return FALSE;
}

static gboolean
send_piece (PinionSmtpConnection *connection,
            GByteArray           *out,
            GError              **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (out->data, out->len);

  g_byte_array_set_size (out, 0);
  return dex_await (pinion_channel_write (connection->channel, bytes), error);
}

static gboolean
stream_file (Submission     *self,
             PinionSmtpData *sent,
             GError        **error)
{
  g_autoptr (GInputStream) input = open_file (self, error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gboolean more = TRUE;

  if (input == NULL)
    return FALSE;

  while (more)
    {
      g_autoptr (GBytes) piece = read_piece (input, error);

      if (piece == NULL)
        return FALSE;

      more = g_bytes_get_size (piece) > 0;
      pinion_smtp_data_feed (sent, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece), out);
      if (!more)
        pinion_smtp_data_end (sent, out);
      if (!send_piece (self->connection, out, error))
        return FALSE;
    }

  if (sent->size != self->seen.size)
    return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                             "The message changed while it was sent");

  return TRUE;
}

/* The text without its end: whatever goes wrong here, the server has no message. */
static gboolean
send_text (Submission *self,
           GError    **error)
{
  PinionSmtpConnection *connection = self->connection;
  PinionSmtpData sent = { 0 };
  g_autoptr (GError) local = NULL;

  if (stream_file (self, &sent, &local))
    return TRUE;

  /* A server that hung up in the middle may have said why. */
  g_autoptr (PinionSmtpReply) reply = NULL;
  if (pinion_error_is (local, PINION_ERROR_CONNECTION_LOST))
    reply = pinion_smtp_connection_read_reply (connection, PINION_SMTP_LAST_WORDS, FALSE, NULL);

  pinion_smtp_connection_close (connection);
  if (reply != NULL && reply->code >= 400)
    g_propagate_error (error, pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_MESSAGE,
                                                              reply));
  else
    g_propagate_error (error, pinion_error_adopt (g_steal_pointer (&local), PINION_PROTOCOL_SMTP,
                                                  PINION_STAGE_NONE));
  return FALSE;
}

/* The dot.  From here on only the server knows. */
static gboolean
finish_text (PinionSmtpConnection *connection,
             GError              **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, ".", connection->limits.final, &local);

  if (reply != NULL && pinion_smtp_reply_is_class (reply, 2))
    return TRUE;

  if (reply != NULL && reply->code >= 400)
    {
      g_propagate_error (error, pinion_smtp_connection_explain (connection,
                                                                PINION_SMTP_STEP_MESSAGE, reply));
      return FALSE;
    }

  pinion_smtp_connection_close (connection);
  return pinion_error_set (error, PINION_ERROR_OUTCOME_UNKNOWN, PINION_PROTOCOL_SMTP,
                           PINION_STAGE_NONE,
                           "The whole message was sent, but the answer was lost: %s",
                           local != NULL ? local->message : "it made no sense");
}

/* -- All of it ------------------------------------------------------------------------------ */

static gboolean
run (Submission *self,
     GError    **error)
{
  PinionSmtpConnection *connection = self->connection;

  if (!encode_addresses (self, error) || !look_at_file (self, error) || !check_size (self, error))
    return FALSE;

  if (!give_sender (self, error))
    return FALSE;

  if (!give_recipients (self, error) || !ask_for_data (connection, error))
    {
      withdraw (connection);
      return FALSE;
    }

  return send_text (self, error) && finish_text (connection, error);
}

static DexFuture *
submit_fiber (gpointer user_data)
{
  Submission *self = user_data;
  GError *error = NULL;
  gboolean done = run (self, &error);

  self->connection->busy = FALSE;
  return done ? dex_future_new_true () : dex_future_new_for_error (error);
}

DexFuture *
pinion_smtp_connection_submit (PinionSmtpConnection *self,
                               const char           *sender,
                               const char *const    *recipients,
                               GFile                *file)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), NULL);

  if (self->busy || !pinion_smtp_connection_is_open (self))
    return dex_future_new_for_error (
        pinion_error_new (self->busy ? PINION_ERROR_BUSY : PINION_ERROR_CONNECTION_LOST,
                          PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "The connection is %s",
                          self->busy ? "busy" : "closed"));

  Submission *submission = g_new0 (Submission, 1);
  submission->connection = g_object_ref (self);
  submission->sender = g_strdup (sender);
  submission->recipients = g_strdupv ((char **) recipients);
  submission->file = g_object_ref (file);
  self->busy = TRUE;

  return dex_scheduler_spawn (dex_scheduler_get_thread_default (), 0, submit_fiber, submission,
                              (GDestroyNotify) submission_free);
}
