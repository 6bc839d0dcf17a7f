/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-envelope.h"

#include <string.h>

/* RFC 3461, 4.4 and 4.2: as they stand in the command */
#define MAX_ID 100
#define MAX_ORIGINAL 500

#define ANY_NOTIFY \
  (PINION_SMTP_NOTIFY_SUCCESS | PINION_SMTP_NOTIFY_FAILURE | PINION_SMTP_NOTIFY_DELAY)

/* xtext (RFC 3461, 4).  Returns: (transfer full) */
static char *
dup_xtext (const char *text,
           gsize       length)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c < '!' || c > '~' || c == '+' || c == '=')
        g_string_append_printf (out, "+%02X", c);
      else
        g_string_append_c (out, (char) c);
    }

  return g_string_free_and_steal (out);
}

/* Returns: (transfer full) */
static char *
dup_id (const PinionSmtpReports *reports)
{
  return dup_xtext (reports->envelope_id, strlen (reports->envelope_id));
}

gboolean
pinion_smtp_reports_check (const PinionSmtpReports *reports,
                           GError                 **error)
{
  gboolean never = (reports->notify & PINION_SMTP_NOTIFY_NEVER) != 0;

  if (never == ((reports->notify & ANY_NOTIFY) != 0))
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_SMTP,
                             PINION_STAGE_NONE, "Either some reports are asked for, or none");

  g_autofree char *id = reports->envelope_id != NULL ? dup_id (reports) : g_strdup ("x");
  if (*id == '\0' || strlen (id) > MAX_ID)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_SMTP,
                             PINION_STAGE_NONE, "The id of the report is empty or too long");

  return TRUE;
}

char *
pinion_smtp_envelope_dup_mail (const PinionSmtpMail *mail)
{
  GString *line = g_string_new ("MAIL FROM:");

  g_string_append (line, mail->sender);
  if (mail->has_size)
    g_string_append_printf (line, " SIZE=%" G_GUINT64_FORMAT, mail->size);
  if (mail->body != NULL)
    g_string_append_printf (line, " BODY=%s", mail->body);
  if (mail->smtputf8)
    g_string_append (line, " SMTPUTF8");

  if (mail->reports != NULL)
    g_string_append (line, mail->reports->headers_only ? " RET=HDRS" : " RET=FULL");
  if (mail->reports != NULL && mail->reports->envelope_id != NULL)
    {
      g_autofree char *id = dup_id (mail->reports);
      g_string_append_printf (line, " ENVID=%s", id);
    }

  return g_string_free_and_steal (line);
}

static void
append_notify (GString         *line,
               PinionSmtpNotify notify)
{
  static const char *const names[] = { "SUCCESS", "FAILURE", "DELAY", "NEVER" };
  const char *before = " NOTIFY=";

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((notify & (1u << i)) != 0)
      {
        g_string_append_printf (line, "%s%s", before, names[i]);
        before = ",";
      }
}

char *
pinion_smtp_envelope_dup_rcpt (const char              *recipient,
                               const PinionSmtpReports *reports)
{
  GString *line = g_string_new ("RCPT TO:");

  g_string_append (line, recipient);
  if (reports == NULL)
    return g_string_free_and_steal (line);

  append_notify (line, reports->notify);

  /* Without its brackets.  Other letters would need another type (RFC 6533, 3). */
  g_autofree char *original = dup_xtext (recipient + 1, strlen (recipient) - 2);
  if (g_str_is_ascii (recipient) && strlen (original) <= MAX_ORIGINAL)
    g_string_append_printf (line, " ORCPT=rfc822;%s", original);

  return g_string_free_and_steal (line);
}
