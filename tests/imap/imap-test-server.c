/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "imap-test-server.h"

#include <gio/gio.h>
#include <string.h>

Server server;

/* -- The server ------------------------------------------------------------------------------ */

/* The value of @key in one line of JSON whose strings hold no escapes but "\\". */
static char *
find_value (const char *json,
            const char *key)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\": \"?((?:[^\",}\\\\]|\\\\\\\\)+)", key);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GString) value = NULL;

  g_assert_true (g_regex_match (regex, json, 0, &match));
  value = g_string_new_take (g_match_info_fetch (match, 1));
  g_string_replace (value, "\\\\", "\\", 0);

  return g_string_free (g_steal_pointer (&value), FALSE);
}

static void
fill_server (PinionServer    *self,
             const char      *json,
             const char      *port_key,
             const char      *user_key,
             PinionEncryption encryption)
{
  g_autofree char *port = find_value (json, port_key);

  self->host = find_value (json, "host");
  self->port = (guint16) g_ascii_strtoull (port, NULL, 10);
  self->user = find_value (json, user_key);
  self->encryption = encryption;
}

void
start_server (const char *capability,
              const char *mailbox)
{
  g_autofree char *capability_option = g_strconcat ("--capability=", capability, NULL);
  g_autofree char *mailbox_option = g_strconcat ("--mailbox=", mailbox, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *json = NULL;
  g_autofree char *ca = NULL;
  g_autofree char *password = NULL;
  const char *shared;

  server.process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                     &error, g_getenv ("PINION_TEST_PYTHON"), "-B",
                                     g_getenv ("PINION_TEST_SERVER"), capability_option,
                                     mailbox_option, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server.process));
  json = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (json);

  fill_server (&server.tls, json, "imap_tls", "user", PINION_ENCRYPTION_TLS);
  fill_server (&server.starttls, json, "imap_starttls", "user", PINION_ENCRYPTION_STARTTLS);
  shared = strstr (json, "\"shared\"");
  fill_server (&server.shared, json, "imap_tls", "user", PINION_ENCRYPTION_TLS);
  g_free (server.shared.user);
  server.shared.user = find_value (shared, "user");

  ca = find_value (json, "ca");
  g_file_get_contents (ca, &server.ca_pem, NULL, &error);
  g_assert_no_error (error);
  password = find_value (json, "password");
  server.secret = pinion_secret_new (password);
}

void
stop_server (void)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (server.process), NULL, NULL);
  g_subprocess_wait (server.process, NULL, NULL);
  g_object_unref (server.process);
  pinion_server_clear (&server.tls);
  pinion_server_clear (&server.starttls);
  pinion_server_clear (&server.shared);
  g_free (server.ca_pem);
  pinion_secret_unref (server.secret);
}

PinionImapConnection *
sign_in (const PinionServer *settings)
{
  g_autoptr (GError) error = NULL;
  PinionImapConnection *connection;

  connection = dex_await_object (pinion_imap_connect (settings, server.secret, server.ca_pem, NULL),
                                 &error);
  g_assert_no_error (error);

  return connection;
}

void
resolves (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

gpointer
boxed (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer value = dex_await_boxed (future, &error);

  g_assert_no_error (error);
  g_assert_nonnull (value);

  return value;
}

PinionImapConnection *
open_inbox (void)
{
  PinionImapConnection *connection = sign_in (&server.tls);

  resolves (pinion_imap_connection_select (connection, "INBOX", FALSE));

  return connection;
}

void
leave (PinionImapConnection *connection)
{
  resolves (pinion_imap_connection_logout (connection));
  g_object_unref (connection);
}
