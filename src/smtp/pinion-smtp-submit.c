/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-submission-private.h"

#include "pinion-fiber.h"
#include "pinion-smtp-address.h"

#include <string.h>

/* From this size on chunks are worth their trouble. */
#define LARGE (1024 * 1024)

/* Commands on the way at a time (RFC 2920); the parser has room for their replies. */
#define WINDOW 50
G_STATIC_ASSERT (WINDOW < PINION_SMTP_REPLY_MAX_WAITING);

/* Refused recipients named in a sentence */
#define MAX_NAMED 10

static void
submission_free (PinionSmtpSubmission *self)
{
  g_object_unref (self->connection);
  g_free (self->sender);
  g_strfreev (self->recipients);
  g_object_unref (self->file);
  g_free (self->envelope_id);
  g_free (self);
}

/* -- Before the server is asked ------------------------------------------------------------- */

/* Puts addresses into their form on the wire. */
static gboolean
encode_addresses (PinionSmtpSubmission *self,
                  GError              **error)
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

static gboolean
check_reports (PinionSmtpSubmission *self,
               GError              **error)
{
  if (!self->wants_reports)
    return TRUE;
  if (!pinion_smtp_reports_check (&self->reports, error))
    return FALSE;

  return self->connection->ehlo->dsn ||
         pinion_error_set (error, PINION_ERROR_REPORT_UNSUPPORTED, PINION_PROTOCOL_SMTP,
                           PINION_STAGE_NONE, "The server does not offer delivery reports");
}

/* Why the server cannot be trusted with the message as it is; %NULL if it can. */
static const char *
find_obstacle (const PinionSmtpData *seen,
               const PinionSmtpEhlo *ehlo)
{
  gboolean binary = ehlo->chunking && ehlo->binary_mime;

  if (seen->bad_header)
    return "a header line is longer than 998 bytes or has a NUL";
  if (seen->header_not_utf8)
    return "the header has letters that are no UTF-8";
  if (seen->header_eight_bit && !ehlo->smtputf8)
    return "the header has international letters, and the server lacks SMTPUTF8";
  if (seen->nul && !binary)
    return "it has NULs, and the server lacks BINARYMIME";
  if (seen->long_line && !binary)
    return "it has lines longer than 998 bytes, and the server lacks BINARYMIME";
  if (seen->eight_bit && !ehlo->eight_bit_mime && !seen->nul && !seen->long_line)
    return "it has letters of eight bits, and the server lacks 8BITMIME";

  return NULL;
}

/* How the text leaves. */
static gboolean
choose_form (PinionSmtpSubmission *self,
             GError              **error)
{
  const PinionSmtpData *seen = &self->seen;
  const char *obstacle = find_obstacle (seen, self->connection->ehlo);
  gboolean binary = seen->nul || seen->long_line;

  if (obstacle != NULL)
    return pinion_error_set (error, PINION_ERROR_MESSAGE_UNSUPPORTED, PINION_PROTOCOL_SMTP,
                             PINION_STAGE_NONE, "The message would be damaged: %s", obstacle);

  self->chunked = binary || (self->connection->ehlo->chunking && seen->size > LARGE);
  self->form = self->chunked ? PINION_SMTP_FORM_CHUNKS : PINION_SMTP_FORM_DATA;
  /* A header has to have its CRLFs in any case. */
  if (binary && !seen->lone_end)
    self->form = PINION_SMTP_FORM_BINARY;
  self->size = self->form == PINION_SMTP_FORM_BINARY ? seen->raw_size : seen->size;

  return TRUE;
}

static gboolean
check_size (PinionSmtpSubmission *self,
            GError              **error)
{
  guint64 most = self->connection->ehlo->max_size;

  if (most == 0 || self->size <= most)
    return TRUE;

  g_autofree char *limit = g_strdup_printf ("%" G_GUINT64_FORMAT, most);
  GError *told = pinion_error_new (PINION_ERROR_MESSAGE_TOO_LARGE, PINION_PROTOCOL_SMTP,
                                   PINION_STAGE_NONE,
                                   "The message has %" G_GUINT64_FORMAT
                                   " bytes, the server takes %s",
                                   self->size, limit);
  pinion_error_set_detail (told, "max-size", limit);
  g_propagate_error (error, told);
  return FALSE;
}

/* -- The envelope --------------------------------------------------------------------------- */

static gboolean
needs_smtputf8 (PinionSmtpSubmission *self)
{
  gboolean needed = !g_str_is_ascii (self->sender) || self->seen.header_eight_bit;

  for (guint i = 0; self->recipients[i] != NULL; i++)
    needed |= !g_str_is_ascii (self->recipients[i]);

  return needed;
}

static char *
make_mail (PinionSmtpSubmission *self)
{
  PinionSmtpMail mail = {
    .sender = self->sender,
    .has_size = self->connection->ehlo->size,
    .size = self->size,
    .smtputf8 = needs_smtputf8 (self),
    .reports = self->wants_reports ? &self->reports : NULL,
  };

  if (self->seen.nul || self->seen.long_line)
    mail.body = "BINARYMIME";
  else if (self->seen.eight_bit)
    mail.body = "8BITMIME";

  return pinion_smtp_envelope_dup_mail (&mail);
}

/* MAIL and a RCPT for each recipient.  Returns: (transfer full) */
static GPtrArray *
make_envelope (PinionSmtpSubmission *self)
{
  const PinionSmtpReports *reports = self->wants_reports ? &self->reports : NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (lines, make_mail (self));
  for (guint i = 0; self->recipients[i] != NULL; i++)
    g_ptr_array_add (lines, pinion_smtp_envelope_dup_rcpt (self->recipients[i], reports));

  return lines;
}

/* Adds the replies to @count commands from @first on, fewer if the server hangs up with a 421. */
static gboolean
ask_some (PinionSmtpConnection *connection,
          GPtrArray            *lines,
          guint                 first,
          guint                 count,
          GPtrArray            *replies,
          GError              **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    {
      const char *line = lines->pdata[first + i];

      if (strpbrk (line, "\r\n") != NULL)
        return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_SMTP,
                                 PINION_STAGE_NONE, "A command may not have a line break");
      g_string_append_printf (text, "%s\r\n", line);
    }

  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  PinionSmtpReply *reply = pinion_smtp_connection_command_bytes (
      connection, bytes, connection->limits.command, error);

  for (guint i = 0; i < count && reply != NULL; i++)
    {
      g_ptr_array_add (replies, reply);
      if (reply->code == 421)
        {
          pinion_smtp_connection_close (connection);
          return TRUE;
        }
      if (i + 1 < count)
        reply = pinion_smtp_connection_read_reply (connection, connection->limits.command, FALSE,
                                                   error);
    }

  return reply != NULL;
}

/* Asks for the sender and all recipients, so that the person sees every bad one at once; as many at a
 * time as the server takes.  @replies: one for each that was answered. */
static gboolean
ask (PinionSmtpSubmission *self,
     GPtrArray            *replies,
     GError              **error)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (GPtrArray) lines = make_envelope (self);
  guint window = connection->ehlo->pipelining ? WINDOW : 1;

  for (guint i = 0; i < lines->len && pinion_smtp_connection_is_open (connection); i += window)
    {
      const PinionSmtpReply *sender = replies->len > 0 ? replies->pdata[0] : NULL;

      if (sender != NULL && sender->code != 250)
        return TRUE;
      if (!ask_some (connection, lines, i, MIN (window, lines->len - i), replies, error))
        return FALSE;
    }

  return TRUE;
}

void
pinion_smtp_submission_withdraw (PinionSmtpSubmission *self)
{
  PinionSmtpConnection *connection = self->connection;

  if (!pinion_smtp_connection_is_open (connection))
    return;

  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, "RSET", connection->limits.command, NULL);
  if (reply == NULL || reply->code != 250)
    pinion_smtp_connection_close (connection);
}

/* -- What the server says of it ------------------------------------------------------------- */

/* The refusals among the replies: @list as the detail "recipients", @names in a sentence. */
typedef struct
{
  const PinionSmtpReply *worst;
  GString *list;
  GString *names;
  guint count;
} Refusals;

static void
note_refusal (Refusals              *self,
              const char            *recipient,
              const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);
  /* Without its brackets */
  g_autofree char *address = g_strndup (recipient + 1, strlen (recipient) - 2);

  g_string_append_printf (self->list, "%s%s\t%s", self->count > 0 ? "\n" : "", address, text);
  if (self->count == MAX_NAMED)
    g_string_append (self->names, ", …");
  else if (self->count < MAX_NAMED)
    g_string_append_printf (self->names, "%s%s (“%s”)", self->count > 0 ? ", " : "", address, text);
  self->count++;

  /* What is for good counts more than "try later", and a good-bye most. */
  if (self->worst == NULL || reply->code == 421 ||
      (!pinion_smtp_reply_is_temporary (reply) && pinion_smtp_reply_is_temporary (self->worst)))
    self->worst = reply;
}

/* Returns: (transfer full) */
static GError *
explain_refusals (PinionSmtpConnection *connection,
                  const Refusals       *refusals)
{
  g_autoptr (GError) cause = pinion_smtp_connection_explain (
      connection, PINION_SMTP_STEP_RECIPIENT, refusals->worst);
  GError *told = pinion_error_new ((PinionErrorCode) cause->code, PINION_PROTOCOL_SMTP,
                                   PINION_STAGE_NONE, "The server refused %s",
                                   refusals->names->str);

  pinion_error_set_detail (told, "recipients", refusals->list->str);
  pinion_error_set_detail (told, "server-text", pinion_error_get_detail (cause, "server-text"));
  pinion_error_set_detail (told, "backoff-seconds",
                           pinion_error_get_detail (cause, "backoff-seconds"));
  return told;
}

/* "Yes", "will forward", "cannot verify, but will try" (RFC 5321, 4.3.2) */
static gboolean
is_accepted (const PinionSmtpReply *reply)
{
  return reply->code >= 250 && reply->code <= 252;
}

/* @replies: to RCPT, for the recipients in their order */
static gboolean
judge_recipients (PinionSmtpSubmission *self,
                  GPtrArray            *replies,
                  GError              **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  Refusals refusals = { .list = list, .names = names };

  for (guint i = 0; i + 1 < replies->len; i++)
    {
      const PinionSmtpReply *reply = replies->pdata[i + 1];

      if (is_accepted (reply))
        continue;
      if (reply->code < 400)
        {
          g_propagate_error (error, pinion_smtp_connection_explain (
                                        self->connection, PINION_SMTP_STEP_RECIPIENT, reply));
          return FALSE;
        }
      note_refusal (&refusals, self->recipients[i], reply);
    }

  if (refusals.count == 0)
    return TRUE;

  g_propagate_error (error, explain_refusals (self->connection, &refusals));
  return FALSE;
}

static gboolean
judge_envelope (PinionSmtpSubmission *self,
                GPtrArray            *replies,
                GError              **error)
{
  const PinionSmtpReply *sender = replies->pdata[0];

  if (sender->code != 250)
    {
      g_propagate_error (error, pinion_smtp_connection_explain (self->connection,
                                                                PINION_SMTP_STEP_SENDER, sender));
      return FALSE;
    }

  return judge_recipients (self, replies, error);
}

static gboolean
give_envelope (PinionSmtpSubmission *self,
               GError              **error)
{
  g_autoptr (GPtrArray) replies
      = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_smtp_reply_free);
  g_autoptr (GError) lost = NULL;
  gboolean asked = ask (self, replies, &lost);
  gboolean refused = replies->len > 0 && ((PinionSmtpReply *) replies->pdata[0])->code != 250;

  /* A server that hangs up on a refused sender need not answer the rest. */
  if (!asked && !refused)
    {
      g_propagate_error (error, g_steal_pointer (&lost));
      return FALSE;
    }

  if (judge_envelope (self, replies, error))
    return TRUE;

  /* Without a sender nothing has begun. */
  if (!refused)
    pinion_smtp_submission_withdraw (self);
  return FALSE;
}

/* -- All of it ------------------------------------------------------------------------------ */

static gboolean
run (PinionSmtpSubmission *self,
     GError              **error)
{
  return encode_addresses (self, error) && check_reports (self, error) &&
         pinion_smtp_submission_look (self, error) && choose_form (self, error) &&
         check_size (self, error) && give_envelope (self, error) &&
         pinion_smtp_submission_send_text (self, error);
}

static DexFuture *
submit_fiber (gpointer user_data)
{
  PinionSmtpSubmission *self = user_data;
  GError *error = NULL;
  gboolean done = run (self, &error);

  self->connection->busy = FALSE;
  return done ? dex_future_new_true () : dex_future_new_for_error (error);
}

DexFuture *
pinion_smtp_connection_submit_with_reports (PinionSmtpConnection    *self,
                                            const char              *sender,
                                            const char *const       *recipients,
                                            GFile                   *file,
                                            const PinionSmtpReports *reports)
{
  g_return_val_if_fail (PINION_IS_SMTP_CONNECTION (self), NULL);

  if (self->busy || !pinion_smtp_connection_is_open (self))
    return dex_future_new_for_error (
        pinion_error_new (self->busy ? PINION_ERROR_BUSY : PINION_ERROR_CONNECTION_LOST,
                          PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "The connection is %s",
                          self->busy ? "busy" : "closed"));

  PinionSmtpSubmission *submission = g_new0 (PinionSmtpSubmission, 1);
  submission->connection = g_object_ref (self);
  submission->sender = g_strdup (sender);
  submission->recipients = g_strdupv ((char **) recipients);
  submission->file = g_object_ref (file);
  submission->wants_reports = reports != NULL;
  if (reports != NULL)
    {
      submission->reports = *reports;
      submission->envelope_id = g_strdup (reports->envelope_id);
      submission->reports.envelope_id = submission->envelope_id;
    }
  self->busy = TRUE;

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, submit_fiber, submission,
                              (GDestroyNotify) submission_free);
}

DexFuture *
pinion_smtp_connection_submit (PinionSmtpConnection *self,
                               const char           *sender,
                               const char *const    *recipients,
                               GFile                *file)
{
  return pinion_smtp_connection_submit_with_reports (self, sender, recipients, file, NULL);
}
