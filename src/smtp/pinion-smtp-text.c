/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a message from its file to the server: by DATA (RFC 5321, 4.1.1.4) or in chunks
 * (RFC 3030).  Never more than a few pieces of it are in memory. */

#include "pinion-smtp-submission-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* Bytes of the file in memory at a time */
#define PIECE (64 * 1024)

/* Bytes of a chunk: after each the server may say that it has had enough. */
#define CHUNK (1024 * 1024)

/* Milliseconds in which what has arrived is noticed */
#define A_TURN 1

/* The text while it is sent.  @ready: what waits to be written, in its form on the wire; @given: bytes
 * of the text that were handed over; @chunk_left: how many the chunk that has begun still lacks. */
typedef struct
{
  PinionSmtpSubmission *submission;
  PinionSmtpConnection *connection;
  PinionSmtpData data;
  GByteArray *ready;
  guint64 given;
  guint64 chunk_left;
} Text;

/* -- The file ------------------------------------------------------------------------------- */

/* The next piece of @input; empty at its end, %NULL with @error. */
static GBytes *
read_piece (GInputStream *input,
            GError      **error)
{
  GError *local = NULL;
  DexFuture *read = dex_input_stream_read_bytes (input, PIECE, G_PRIORITY_DEFAULT);
  GBytes *piece = pinion_await_boxed (read, &local);

  if (piece == NULL)
    g_propagate_error (error, pinion_error_adopt (local, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE));
  return piece;
}

static GInputStream *
open_file (PinionSmtpSubmission *self,
           GError              **error)
{
  GError *local = NULL;
  GInputStream *input = pinion_await_object (dex_file_read (self->file, G_PRIORITY_DEFAULT),
                                             &local);

  if (input == NULL)
    g_propagate_error (error, pinion_error_adopt (local, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE));
  return input;
}

gboolean
pinion_smtp_submission_look (PinionSmtpSubmission *self,
                             GError              **error)
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
refuse_change (GError **error)
{
  return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                           "The message changed while it was sent");
}

/* -- Handing over --------------------------------------------------------------------------- */

/* Returns: (transfer full) the first @length bytes that are ready */
static GBytes *
take_ready (Text *self,
            gsize length)
{
  GBytes *bytes = g_bytes_new (self->ready->data, length);

  g_byte_array_remove_range (self->ready, 0, (guint) length);
  return bytes;
}

/* Each piece has to be taken in time (RFC 5321, 4.5.3.2.5), however slowly it trickles. */
static gboolean
write_piece (Text   *self,
             GBytes *bytes,
             GError **error)
{
  guint limit = self->connection->limits.data;

  return pinion_smtp_connection_write (self->connection,
                                       pinion_channel_write (self->connection->channel, bytes),
                                       limit, error);
}

/* A word in the middle of the text is the last one: a refusal, or nonsense. */
static gboolean
check_interruption (Text    *self,
                    guint    wait,
                    GError **error)
{
  if (!pinion_smtp_connection_overhear (self->connection, wait))
    return TRUE;

  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_read_last_words (self->connection);
  if (reply != NULL && reply->code >= 400)
    g_propagate_error (error, pinion_smtp_connection_explain (self->connection,
                                                              PINION_SMTP_STEP_MESSAGE, reply));
  else if (reply != NULL)
    pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                      "The server answers before it has the message");
  else
    pinion_error_set (error, PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                      "The connection was lost in the middle of the message");
  return FALSE;
}

/* The answer to a chunk that is not the last one: enough, or more.  A server that refuses has eaten
 * the whole chunk first (RFC 3030, 2), so that the next command is understood as one. */
static gboolean
end_chunk (Text    *self,
           GError **error)
{
  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_read_reply (
      self->connection, self->connection->limits.data, FALSE, error);

  if (reply == NULL)
    return FALSE;
  if (reply->code == 250)
    return TRUE;

  g_propagate_error (error, pinion_smtp_connection_explain (self->connection,
                                                            PINION_SMTP_STEP_MESSAGE, reply));
  return FALSE;
}

static gboolean
begin_chunk (Text    *self,
             GError **error)
{
  guint64 left = self->submission->size - self->given;
  gboolean last = left <= CHUNK;

  self->chunk_left = MIN (left, CHUNK);
  g_autofree char *command = g_strdup_printf ("BDAT %" G_GUINT64_FORMAT "%s\r\n", self->chunk_left,
                                              last ? " LAST" : "");
  g_autoptr (GBytes) bytes = g_bytes_new (command, strlen (command));

  return check_interruption (self, 0, error) && write_piece (self, bytes, error);
}

/* What is ready, in chunks of their size, but for the very last byte: without it the server has no
 * message, whatever happens. */
static gboolean
give_chunks (Text    *self,
             GError **error)
{
  guint64 size = self->submission->size;

  while (self->ready->len > 0 && self->given + 1 < size)
    {
      if (self->chunk_left == 0 && !begin_chunk (self, error))
        return FALSE;

      guint64 most = MIN (self->chunk_left, size - 1 - self->given);
      gsize length = (gsize) MIN (most, self->ready->len);
      g_autoptr (GBytes) bytes = take_ready (self, length);
      if (!write_piece (self, bytes, error))
        return FALSE;

      self->given += length;
      self->chunk_left -= length;
      if (self->chunk_left == 0 && !end_chunk (self, error))
        return FALSE;
    }

  return self->ready->len <= size - self->given || refuse_change (error);
}

static gboolean
give_data (Text    *self,
           GError **error)
{
  if (self->ready->len == 0)
    return TRUE;

  g_autoptr (GBytes) bytes = take_ready (self, self->ready->len);

  return write_piece (self, bytes, error);
}

static gboolean
give (Text    *self,
      GError **error)
{
  if (self->submission->chunked)
    return give_chunks (self, error);

  return give_data (self, error) && check_interruption (self, 0, error);
}

/* Everything but the end, which is the dot or the last byte: whatever goes wrong here, the server has
 * no message. */
static gboolean
stream_file (Text    *self,
             GError **error)
{
  g_autoptr (GInputStream) input = open_file (self->submission, error);
  gboolean more = TRUE;

  if (input == NULL)
    return FALSE;

  while (more)
    {
      g_autoptr (GBytes) piece = read_piece (input, error);

      if (piece == NULL)
        return FALSE;

      more = g_bytes_get_size (piece) > 0;
      pinion_smtp_data_feed (&self->data, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece),
                             self->ready);
      if (!more)
        pinion_smtp_data_end (&self->data, self->ready);
      if (!give (self, error))
        return FALSE;
    }

  if (self->data.size != self->submission->size)
    return refuse_change (error);

  /* Nothing of before may be taken for the answer to the end. */
  return check_interruption (self, A_TURN, error);
}

/* -- The end -------------------------------------------------------------------------------- */

/* From here on only the server knows: its yes, its no, or nobody can tell. */
static gboolean
judge_end (PinionSmtpConnection *connection,
           PinionSmtpReply      *answer,
           const GError         *failure,
           GError              **error)
{
  g_autoptr (PinionSmtpReply) reply = answer;

  if (reply != NULL && reply->code == 250)
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
                           failure != NULL ? failure->message : "it made no sense");
}

static GBytes *
make_end (Text *self)
{
  if (!self->submission->chunked)
    return g_bytes_new_static (".\r\n", 3);

  if (self->chunk_left == 0)
    {
      g_autofree char *command = g_strdup_printf ("BDAT %u LAST\r\n", self->ready->len);
      g_byte_array_prepend (self->ready, (const guint8 *) command, (guint) strlen (command));
    }

  return take_ready (self, self->ready->len);
}

static gboolean
finish (Text    *self,
        GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) end = make_end (self);
  PinionSmtpReply *reply = pinion_smtp_connection_command_bytes (
      self->connection, end, self->connection->limits.final, &local);

  return judge_end (self->connection, reply, local, error);
}

/* -- All of it ------------------------------------------------------------------------------ */

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

/* The server is in the middle of a text, or said no to a chunk, or hung up, maybe with a word. */
static gboolean
break_off (Text    *self,
           GError  *cause,
           GError **error)
{
  g_autoptr (GError) local = pinion_error_adopt (cause, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE);
  g_autoptr (PinionSmtpReply) reply = NULL;

  if (pinion_error_is (local, PINION_ERROR_CONNECTION_LOST))
    reply = pinion_smtp_connection_read_last_words (self->connection);

  if (reply != NULL && reply->code >= 400)
    g_propagate_error (error, pinion_smtp_connection_explain (self->connection,
                                                              PINION_SMTP_STEP_MESSAGE, reply));
  else
    g_propagate_error (error, g_steal_pointer (&local));

  /* Between two chunks a command is understood; nowhere else. */
  if (self->submission->chunked && self->chunk_left == 0)
    pinion_smtp_submission_withdraw (self->submission);
  else
    pinion_smtp_connection_close (self->connection);
  return FALSE;
}

gboolean
pinion_smtp_submission_send_text (PinionSmtpSubmission *self,
                                  GError              **error)
{
  g_autoptr (GByteArray) ready = g_byte_array_new ();
  Text text = {
    .submission = self,
    .connection = self->connection,
    .data = { .form = self->form },
    .ready = ready,
  };
  GError *local = NULL;

  if (!self->chunked && !ask_for_data (self->connection, error))
    {
      pinion_smtp_submission_withdraw (self);
      return FALSE;
    }

  if (!stream_file (&text, &local))
    return break_off (&text, local, error);

  return finish (&text, error);
}
