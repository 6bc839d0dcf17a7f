/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-report.h"

#include <glib/gi18n-lib.h>

#include "pinion-config.h"
#include "pinion-text.h"

#include <string.h>

#define MAX_VALUE_CHARS 500

static void
add_line (GString    *text,
          const char *title,
          const char *value)
{
  g_autofree char *clean = NULL;

  if (value == NULL || *value == '\0')
    return;

  clean = pinion_text_clean_line (value, -1, MAX_VALUE_CHARS);
  g_string_append_printf (text, "  %s: %s\n", title, clean);
}

static void
add_server (GString            *text,
            const PinionServer *server)
{
  g_autofree char *address = NULL;

  if (server->host == NULL || *server->host == '\0')
    return;

  address = g_strdup_printf ("%s:%u %s", server->host, server->port,
                             server->encryption == PINION_ENCRYPTION_TLS ? "TLS" : "STARTTLS");
  add_line (text, _("Server"), address);
  add_line (text, _("User name"), server->user);
}

static void
add_certificate (GString      *text,
                 const GError *error)
{
  const char *from = pinion_error_get_detail (error, "not-before");
  const char *until = pinion_error_get_detail (error, "not-after");
  g_autofree char *valid = NULL;

  if (pinion_error_get_detail (error, "sha256") == NULL)
    return;

  if (from != NULL && until != NULL)
    valid = g_strdup_printf ("%s / %s", from, until);
  add_line (text, _("Certificate issued to"), pinion_error_get_detail (error, "subject"));
  add_line (text, _("Certificate issued by"), pinion_error_get_detail (error, "issuer"));
  add_line (text, _("Valid"), valid);
  add_line (text, _("Fingerprint (SHA-256)"), pinion_error_get_detail (error, "sha256"));
  add_line (text, _("Fingerprint you trusted"), pinion_error_get_detail (error, "pinned-sha256"));
}

static void
add_advice (GString      *text,
            const GError *error,
            const char   *user)
{
  g_autofree char *sentence = NULL;
  g_autofree char *commands = NULL;
  g_auto (GStrv) lines = NULL;

  if (!pinion_report_get_advice (error, user, &sentence, &commands))
    return;

  add_line (text, _("What cures it"), sentence);
  if (*commands != '\0')
    g_string_append_printf (text, "  %s\n", _("In the Exchange Management Shell, with your own SERVER and "
                                              "THUMBPRINT:"));
  lines = g_strsplit (commands, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_string_append_printf (text, "    %s\n", lines[i]);
}

static void
add_failure (GString            *text,
             const char         *heading,
             const PinionServer *server,
             const GError       *error,
             const char         *user)
{
  g_autofree char *message = NULL;

  if (error == NULL)
    return;

  message = pinion_error_dup_message (error);
  g_string_append_printf (text, "\n%s\n", heading);
  if (server != NULL)
    add_server (text, server);
  add_line (text, _("Failed at"), pinion_stage_to_string (pinion_error_get_stage (error)));
  add_line (text, _("Cause"), message);
  add_line (text, _("Code"), pinion_error_get_code_name (error));
  add_line (text, _("The server said"), pinion_error_get_detail (error, "server-text"));
  add_line (text, _("Details"), error->message);
  add_certificate (text, error);
  add_advice (text, error, user);
}

/* What a server said that works is nobody's business; how its stages ended is. */
static gboolean
is_about (const char *line,
          const char *protocol,
          gboolean    failed)
{
  gsize length = strlen (protocol);

  return g_str_has_prefix (line, protocol) && line[length] == ' '
         && (failed || g_str_has_prefix (line + length, " -- "));
}

static void
add_transcript (GString          *text,
                PinionTranscript *transcript,
                gboolean          imap,
                gboolean          smtp)
{
  g_autofree char *said = transcript != NULL ? pinion_transcript_dup_text (transcript) : NULL;
  g_auto (GStrv) lines = NULL;

  if (said == NULL || *said == '\0')
    return;

  g_string_append_printf (text, "\n%s\n", _("What was sent (C) and answered (S), without secrets"));
  lines = g_strsplit (said, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (is_about (lines[i], "imap", imap) || is_about (lines[i], "smtp", smtp))
      g_string_append_printf (text, "  %s\n", lines[i]);
}

char *
pinion_report_dup (const PinionAccount *account,
                   const GError        *imap,
                   const GError        *smtp,
                   const GError        *other,
                   PinionTranscript    *transcript)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H:%M UTC, Pinion " PINION_VERSION);
  const char *user = account != NULL ? account->email : NULL;

  g_string_append_printf (text, "%s\n", _("Report for the mail administrator"));
  add_line (text, _("Written"), date);
  add_line (text, _("Mailbox"), user);
  add_failure (text, _("Reading mail (IMAP)"), account != NULL ? &account->imap : NULL, imap, user);
  add_failure (text, _("Sending mail (SMTP)"), account != NULL ? &account->smtp : NULL, smtp, user);
  add_failure (text, _("This computer"), NULL, other, user);
  add_transcript (text, transcript, imap != NULL, smtp != NULL);

  return g_string_free (text, FALSE);
}
