/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything against a real server: Postfix, behind it Dovecot. */

#include "pinion-smtp-connection.h"

#include "pinion-test-fiber.h"

#include <glib/gstdio.h>
#include <string.h>

/* Milliseconds between two looks for what arrives, and how many of them */
#define LOOK 30
#define LOOKS 1000

typedef struct
{
  GSubprocess *process;
  PinionServer settings;
  char *email;
  char *maildir;
  char *ca_pem;
  PinionSecret *secret;
} Server;

static Server server;

/* -- The server ----------------------------------------------------------------------------- */

/* The value of @key in one line of JSON whose strings hold no escapes. */
static char *
find_value (const char *json,
            const char *key)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\": \"?([^\",}]+)", key);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert_true (g_regex_match (regex, json, 0, &match));
  return g_match_info_fetch (match, 1);
}

/* Returns: whether there is one with SMTP here (it needs root) */
static gboolean
start_server (void)
{
  g_autoptr (GError) error = NULL;

  server.process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                     &error, g_getenv ("PINION_TEST_PYTHON"), "-B",
                                     g_getenv ("PINION_TEST_SERVER"), "--mailbox=empty",
                                     "--capability=full", NULL);
  g_assert_no_error (error);

  g_autoptr (GDataInputStream) output
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server.process));
  g_autofree char *json = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (json);

  g_autofree char *port = find_value (json, "smtp_starttls");
  if (g_str_has_prefix (port, "null"))
    return FALSE;

  server.email = find_value (json, "email");
  server.maildir = find_value (json, "maildir");
  server.settings.host = find_value (json, "host");
  server.settings.port = (guint16) g_ascii_strtoull (port, NULL, 10);
  server.settings.user = g_strdup (server.email);
  server.settings.encryption = PINION_ENCRYPTION_STARTTLS;

  g_autofree char *ca = find_value (json, "ca");
  g_file_get_contents (ca, &server.ca_pem, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *password = find_value (json, "password");
  server.secret = pinion_secret_new (password);
  return TRUE;
}

static void
stop_server (void)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (server.process), NULL, NULL);
  g_subprocess_wait (server.process, NULL, NULL);
  g_object_unref (server.process);
  pinion_server_clear (&server.settings);
  g_free (server.email);
  g_free (server.maildir);
  g_free (server.ca_pem);
  g_clear_pointer (&server.secret, pinion_secret_unref);
}

static PinionSmtpConnection *
sign_in (void)
{
  g_autoptr (GError) error = NULL;
  PinionSmtpConnection *connection = dex_await_object (
      pinion_smtp_connect (&server.settings, server.secret, server.ca_pem, NULL, NULL), &error);

  g_assert_no_error (error);
  return connection;
}

static void
part (PinionSmtpConnection *connection)
{
  dex_await (pinion_smtp_connection_quit (connection), NULL);
  g_object_unref (connection);
}

/* -- Messages ------------------------------------------------------------------------------- */

/* Returns: (transfer full) a file that is removed by drop() */
static GFile *
make_file (const GString *text)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("pinion-message-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
drop (GFile *file)
{
  g_file_delete (file, NULL, NULL);
  g_object_unref (file);
}

static gboolean
submit (PinionSmtpConnection    *connection,
        const char *const       *recipients,
        const GString           *text,
        const PinionSmtpReports *reports,
        GError                 **error)
{
  GFile *file = make_file (text);
  gboolean sent = dex_await (
      pinion_smtp_connection_submit_with_reports (connection, server.email, recipients, file,
                                                  reports),
      error);

  drop (file);
  return sent;
}

static GString *
new_message (const char *subject)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "From: %s\r\nTo: %s\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: 8bit\r\n\r\n",
                          server.email, server.email, subject);
  return text;
}

/* CRLF to LF: sanitizers count the whole rest of a text at each strstr(). */
static void
drop_returns (GString *text)
{
  gsize length = 0;

  for (gsize i = 0; i < text->len; i++)
    {
      if (text->str[i] != '\r' || text->str[i + 1] != '\n')
        text->str[length++] = text->str[i];
    }
  g_string_truncate (text, length);
}

/* A message with @words that is in the mailbox already, its line ends as in a file of Unix.
 * Returns: (transfer full) (nullable) */
static char *
look_for (const char *words)
{
  static const char *const folders[] = { "new", "cur" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (server.maildir, folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          g_autofree char *contents = NULL;

          if (!g_file_get_contents (file, &contents, NULL, NULL) ||
              strstr (contents, words) == NULL)
            continue;

          g_autoptr (GString) text = g_string_new (contents);
          drop_returns (text);
          return g_string_free_and_steal (g_steal_pointer (&text));
        }
    }

  return NULL;
}

/* Returns: (transfer full) */
static char *
wait_for (const char *words)
{
  char *found = look_for (words);

  for (guint i = 0; found == NULL && i < LOOKS; i++)
    {
      dex_await (dex_timeout_new_msec (LOOK), NULL);
      found = look_for (words);
    }

  g_assert_nonnull (found);
  return found;
}

static void
assert_body (const char    *arrived,
             const GString *text)
{
  g_autoptr (GString) body = g_string_new (strstr (text->str, "\r\n\r\n") + 4);
  const char *found = strstr (arrived, "\n\n");

  drop_returns (body);
  g_assert_nonnull (found);
  g_assert_cmpuint (strlen (found + 2), ==, body->len);
  g_assert_true (g_str_equal (found + 2, body->str));
}

/* -- Tests ---------------------------------------------------------------------------------- */

/* Eight bits, dots, and an end that is none: all of it is text. */
static DexFuture *
test_text (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  const char *const recipients[] = { server.email, NULL };
  g_autoptr (GString) text = new_message ("text");
  g_autoptr (GError) error = NULL;

  g_string_append (text, ".\r\n..\r\n.hidden\r\nGrüße\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n.\r\n");
  submit (connection, recipients, text, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *arrived = wait_for ("Subject: text");
  assert_body (arrived, text);
  part (connection);

  return dex_future_new_true ();
}

/* Chunks: more than one of them, and twice on the same connection */
static DexFuture *
test_chunks (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  const char *const recipients[] = { server.email, NULL };
  static const char *const subjects[] = { "chunks one", "chunks two" };

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autoptr (GString) text = new_message (subjects[i]);
      g_autoptr (GError) error = NULL;

      for (guint line = 0; text->len < 2 * 1024 * 1024 + 300 * 1024; line++)
        g_string_append_printf (text, "%s %u Grüße\r\n", line % 3 ? "." : "..line", line);
      submit (connection, recipients, text, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (pinion_smtp_connection_is_open (connection));

      g_autofree char *subject = g_strconcat ("Subject: ", subjects[i], NULL);
      g_autofree char *arrived = wait_for (subject);
      assert_body (arrived, text);
    }
  part (connection);

  return dex_future_new_true ();
}

/* Many at a time; two of them are refused, each with its words, and nobody gets anything. */
static DexFuture *
test_recipients (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  g_autoptr (GPtrArray) people = g_ptr_array_new_null_terminated (128, g_free, TRUE);
  g_autoptr (GString) text = new_message ("recipients");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 120; i++)
    g_ptr_array_add (people, i == 40 || i == 110
                                 ? g_strdup_printf ("nobody@p%u.example", i)
                                 : g_strdup_printf ("p%u@northwind.example", i));
  g_ptr_array_add (people, g_strdup (server.email));
  g_string_append (text, "Hello\r\n");

  g_assert_false (submit (connection, (const char *const *) people->pdata, text, NULL, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_RECIPIENTS_REFUSED);
  g_auto (GStrv) refused = g_strsplit (pinion_error_get_detail (error, "recipients"), "\n", -1);
  g_assert_cmpuint (g_strv_length (refused), ==, 2);
  g_assert_true (g_str_has_prefix (refused[0], "nobody@p40.example\t550 5.1.1 "));
  g_assert_true (g_str_has_prefix (refused[1], "nobody@p110.example\t550 5.1.1 "));

  /* The same connection goes on; what comes after arrives, what was withdrawn had been before. */
  g_autoptr (GString) after = new_message ("after that");
  const char *const recipients[] = { server.email, NULL };
  g_clear_error (&error);
  submit (connection, recipients, after, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *arrived = wait_for ("Subject: after that");
  g_assert_null (look_for ("Subject: recipients"));
  part (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_refusals (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  const char *const away[] = { "eve@example.com", NULL };
  const char *const anna[] = { server.email, NULL };
  g_autoptr (GString) text = new_message ("refusals");
  GFile *file = make_file (text);
  g_autoptr (GError) error = NULL;

  g_assert_false (submit (connection, away, text, NULL, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_RELAY_REFUSED);
  g_clear_error (&error);
  g_assert_false (dex_await (pinion_smtp_connection_submit (
                                 connection, "jonas.brandt@northwind.example", anna, file),
                             &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_SENDER_REFUSED) ||
                 pinion_error_is (error, PINION_ERROR_RECIPIENTS_REFUSED));
  g_clear_error (&error);

  /* The limit that it names */
  guint64 most = pinion_smtp_connection_get_max_size (connection);
  g_assert_cmpuint (most, ==, 37748736);
  while (text->len <= most)
    g_string_append (text, "0123456789012345678901234567890123456789012345678901234567890123456\r\n");
  g_assert_false (submit (connection, anna, text, NULL, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_MESSAGE_TOO_LARGE);
  g_assert_cmpstr (pinion_error_get_detail (error, "max-size"), ==, "37748736");
  drop (file);
  part (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_report (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  const char *const recipients[] = { server.email, NULL };
  const PinionSmtpReports reports = { .notify = PINION_SMTP_NOTIFY_SUCCESS,
                                      .headers_only = TRUE,
                                      .envelope_id = "id+of=this" };
  g_autoptr (GString) text = new_message ("report");
  g_autoptr (GError) error = NULL;

  g_assert_true (pinion_smtp_connection_can_report (connection));
  g_string_append (text, "the body is not in the report\r\n");
  submit (connection, recipients, text, &reports, &error);
  g_assert_no_error (error);

  g_autofree char *report = wait_for ("message/delivery-status");
  g_assert_nonnull (strstr (report, "Original-Envelope-Id: id+of=this"));
  g_assert_nonnull (strstr (report, "Original-Recipient: rfc822;"));
  g_assert_null (strstr (report, "the body is not"));
  part (connection);

  return dex_future_new_true ();
}

static DexFuture *
test_smtputf8 (gpointer data)
{
  PinionSmtpConnection *connection = sign_in ();
  const char *const recipients[] = { "josé@lakeside.example", "ben@bücher.example", NULL };
  g_autoptr (GString) text = new_message ("Grüße");
  g_autoptr (GError) error = NULL;

  submit (connection, recipients, text, NULL, &error);
  g_assert_no_error (error);
  part (connection);

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);
  if (g_getenv ("PINION_TEST_SERVER") == NULL)
    return 77;

  int status = 77;
  if (start_server ())
    {
      pinion_test_add_fiber ("/smtp/server/text", test_text);
      pinion_test_add_fiber ("/smtp/server/chunks", test_chunks);
      pinion_test_add_fiber ("/smtp/server/recipients", test_recipients);
      pinion_test_add_fiber ("/smtp/server/refusals", test_refusals);
      pinion_test_add_fiber ("/smtp/server/report", test_report);
      pinion_test_add_fiber ("/smtp/server/smtputf8", test_smtputf8);
      status = g_test_run ();
    }
  stop_server ();

  return status;
}
