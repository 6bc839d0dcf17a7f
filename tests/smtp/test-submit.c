/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-connection.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

#include <glib/gstdio.h>
#include <string.h>

#define START \
  "{tls}\nS: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250-SIZE 5000000\nS: 250-8BITMIME\n" \
  "S: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\nS: 235 ok\n"
#define MEAGRE_START \
  "{tls}\nS: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\n" \
  "S: 235 ok\n"
#define MAIL "C: MAIL FROM:<ana@example.com> SIZE=7\nS: 250 ok\n"
#define ANSWERED "S: 250 2.1.5 ok\n"
#define RCPT "C: RCPT TO:<ben@example.org>\n"
#define DATA "C: DATA\nS: 354 go\n"
#define HELLO_TEXT "C: hello\nC: .\n"

static const PinionSmtpLimits limits = {
  .net = { .resolve = 8000, .reach = 8000, .handshake = 8000 },
  .greeting = 8000,
  .command = 8000,
  .sign_in = 8000,
  .data = 8000,
  .final = 8000,
};

typedef struct
{
  PinionTestPeer *peer;
  PinionSmtpConnection *connection;
  char *path;
  GFile *file;
} Fixture;

static void
fixture_init (Fixture    *self,
              const char *script,
              const char *message,
              gssize      length)
{
  PinionServer server = { 0 };
  PinionSmtpLimits some_limits = limits;
  g_autoptr (PinionSecret) secret = pinion_secret_new ("secret");
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("pinion-message-XXXXXX", &self->path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (self->path, message, length, &error);
  g_assert_no_error (error);
  self->file = g_file_new_for_path (self->path);

  self->peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  pinion_test_peer_fill_server (self->peer, PINION_ENCRYPTION_TLS, &server);
  /* Nobody waits long where nothing comes. */
  if (strstr (script, "{hold}") != NULL)
    some_limits.final = 300;
  self->connection = dex_await_object (
      pinion_smtp_connect (&server, secret, pinion_test_certs_get_ca (), &some_limits, NULL),
      &error);
  g_assert_no_error (error);
  pinion_server_clear (&server);
}

static GByteArray *
fixture_finish (Fixture *self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->file);
  g_unlink (self->path);
  g_free (self->path);

  return pinion_test_peer_finish (self->peer);
}

static gboolean
submit (Fixture           *self,
        const char *const *recipients,
        GError           **error)
{
  return dex_await (pinion_smtp_connection_submit (self->connection, "ana@example.com", recipients,
                                                   self->file),
                    error);
}

static const char *const ben[] = { "ben@example.org", NULL };
static const char *const three[] = { "ben@example.org", "cy@example.org", "di@example.org", NULL };

/* -- It works ------------------------------------------------------------------------------- */

static DexFuture *
test_good (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                START MAIL RCPT ANSWERED DATA HELLO_TEXT
                "S: 250 2.0.0 queued\n"
                /* The same connection again */
                MAIL RCPT "S: 251 will forward\n" DATA HELLO_TEXT "S: 250 queued\n"
                "C: QUIT\nS: 221 bye\n{end}",
                "hello\n", -1);
  submit (&f, ben, &error);
  g_assert_no_error (error);
  submit (&f, ben, &error);
  g_assert_no_error (error);
  dex_await (pinion_smtp_connection_quit (f.connection), &error);
  g_assert_no_error (error);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

static DexFuture *
test_exact_bytes (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  /* Not a byte is declared or sent but these; the size counts no doubled dot. */
  fixture_init (&f,
                START "C: MAIL FROM:<ana@example.com> SIZE=45 BODY=8BITMIME\nS: 250 ok\n" RCPT
                ANSWERED DATA
                      "C: Subject: x\n"
                      "C: \n"
                      "C: caf\\xc3\\xa9\n"
                      "C: \n"
                      "C: ..\n"
                      "C: ...two\n"
                      "C: a.b\n"
                      "C: \n"
                      "C: end\n"
                      "C: .\n"
                      "S: 250 queued\n{end}",
                "Subject: x\n\ncaf\xc3\xa9\n\n.\r\n..two\ra.b\n\r\nend", -1);
  submit (&f, ben, &error);
  g_assert_no_error (error);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

static DexFuture *
test_meagre (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                MEAGRE_START "C: MAIL FROM:<ana@example.com>\nS: 250 ok\n" RCPT ANSWERED DATA
                             "C: coffee\nC: .\nS: 250 queued\n{end}",
                "coffee", -1);
  submit (&f, ben, &error);
  g_assert_no_error (error);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

/* Larger than what is held in memory; every second line begins with a dot, pieces end anywhere. */
static DexFuture *
test_large (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) message = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; message->len < 1024 * 1024; i++)
    {
      g_string_append_printf (message, "%sline %u\n", i % 2 ? "." : "", i);
      g_string_append_printf (expected, "%sline %u\r\n", i % 2 ? ".." : "", i);
    }
  g_string_append (expected, ".\r\n");

  g_autofree char *script = g_strdup_printf (
      START "C~ MAIL FROM:<ana@example.com> SIZE=\\d+\nS: 250 ok\n" RCPT ANSWERED DATA
            "{read %zu}\nS: 250 queued\n{end}",
      expected->len);
  fixture_init (&f, script, message->str, (gssize) message->len);
  submit (&f, ben, &error);
  g_assert_no_error (error);

  g_autoptr (GByteArray) sent = fixture_finish (&f);
  const char *text = g_strstr_len ((const char *) sent->data, sent->len, "DATA\r\n");
  g_assert_nonnull (text);
  text += 6;
  g_assert_cmpmem (text, sent->len - (gsize) (text - (const char *) sent->data), expected->str,
                   expected->len);

  return dex_future_new_true ();
}

static DexFuture *
test_empty (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                START "C: MAIL FROM:<ana@example.com> SIZE=0\nS: 250 ok\n" RCPT ANSWERED DATA
                      "C: .\nS: 250 queued\n{end}",
                "", 0);
  submit (&f, ben, &error);
  g_assert_no_error (error);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

/* -- It fails ------------------------------------------------------------------------------- */

static GError *
fail_to_submit (const char        *script,
                const char *const *recipients,
                PinionErrorCode    code,
                gboolean           stays_open)
{
  g_autofree char *whole = g_strconcat (START, script, NULL);
  Fixture f;
  GError *error = NULL;

  g_test_message ("%s", script);
  fixture_init (&f, whole, "hello\n", -1);
  g_assert_false (submit (&f, recipients, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_SMTP);
  g_assert_cmpint (pinion_smtp_connection_is_open (f.connection), ==, stays_open);
  g_byte_array_unref (fixture_finish (&f));

  return error;
}

static void
assert_failure (const char     *script,
                PinionErrorCode code,
                gboolean        stays_open)
{
  g_autoptr (GError) error = fail_to_submit (script, ben, code, stays_open);
}

#define RESET "C: RSET\nS: 250 ok\n"

static DexFuture *
test_sender (gpointer data)
{
  assert_failure ("C: MAIL FROM:<ana@example.com> SIZE=7\n"
                  "S: 550 5.7.60 SMTP; Client does not have permissions to send as this sender\n"
                  "{end}",
                  PINION_ERROR_SENDER_REFUSED, TRUE);
  assert_failure ("C: MAIL FROM:<ana@example.com> SIZE=7\nS: 552 5.3.4 too large\n{end}",
                  PINION_ERROR_MESSAGE_TOO_LARGE, TRUE);
  assert_failure ("C: MAIL FROM:<ana@example.com> SIZE=7\n"
                  "S: 421 4.4.2 Message submission rate for this client has exceeded the "
                  "configured limit\n{end}",
                  PINION_ERROR_THROTTLED, FALSE);
  assert_failure ("C: MAIL FROM:<ana@example.com> SIZE=7\n{close}", PINION_ERROR_CONNECTION_LOST,
                  FALSE);

  return dex_future_new_true ();
}

static DexFuture *
test_recipients (gpointer data)
{
  g_autoptr (GError) error = fail_to_submit (
      MAIL RCPT ANSWERED "C: RCPT TO:<cy@example.org>\nS: 550 5.1.1 User unknown\n"
                         "C: RCPT TO:<di@example.org>\nS: 450 4.2.1 later\n" RESET "{end}",
      three, PINION_ERROR_RECIPIENTS_REFUSED, TRUE);
  g_assert_cmpstr (pinion_error_get_detail (error, "recipients"), ==,
                   "cy@example.org\t550 5.1.1 User unknown\ndi@example.org\t450 4.2.1 later");
  g_assert_cmpstr (pinion_error_get_detail (error, "server-text"), ==, "550 5.1.1 User unknown");

  /* Only "later": worth another try */
  assert_failure (MAIL RCPT "S: 450 4.2.1 later\n" RESET "{end}", PINION_ERROR_SERVER_UNAVAILABLE,
                  TRUE);
  assert_failure (MAIL RCPT "S: 452 4.5.3 Too many recipients\n" RESET "{end}",
                  PINION_ERROR_TOO_MANY_RECIPIENTS, TRUE);
  assert_failure (MAIL RCPT "S: 550 no\nC: RSET\nS: 500 what\n{end}",
                  PINION_ERROR_RECIPIENTS_REFUSED, FALSE);

  g_autoptr (GError) away = fail_to_submit (MAIL RCPT ANSWERED "C: RCPT TO:<cy@example.org>\n"
                                                               "S: 421 4.3.2 closing\n{end}",
                                            three, PINION_ERROR_SERVER_UNAVAILABLE, FALSE);

  return dex_future_new_true ();
}

static DexFuture *
test_data (gpointer data)
{
  assert_failure (MAIL RCPT ANSWERED "C: DATA\nS: 554 5.7.1 no\n" RESET "{end}",
                  PINION_ERROR_MESSAGE_REFUSED, TRUE);
  assert_failure (MAIL RCPT ANSWERED DATA HELLO_TEXT "S: 554 5.7.1 Spam\n{end}",
                  PINION_ERROR_MESSAGE_REFUSED, TRUE);
  assert_failure (MAIL RCPT ANSWERED DATA HELLO_TEXT "S: 552 5.3.4 too large\n{end}",
                  PINION_ERROR_MESSAGE_TOO_LARGE, TRUE);
  assert_failure (MAIL RCPT ANSWERED DATA HELLO_TEXT "S: 451 4.3.0 later\n{end}",
                  PINION_ERROR_SERVER_UNAVAILABLE, TRUE);
  assert_failure (MAIL RCPT ANSWERED DATA HELLO_TEXT "S: 421 4.3.0 closing\n{end}",
                  PINION_ERROR_SERVER_UNAVAILABLE, FALSE);

  return dex_future_new_true ();
}

/* After the dot only an answer tells. */
static DexFuture *
test_outcome (gpointer data)
{
  static const char *const endings[] = {
    "{close}", "{reset}", "{hold}", "S: nonsense\n{end}", "S: 354 again\n{end}",
    "S- 250 half\n{close}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *script = g_strconcat (MAIL RCPT ANSWERED DATA HELLO_TEXT, endings[i], NULL);
      assert_failure (script, PINION_ERROR_OUTCOME_UNKNOWN, FALSE);
    }

  /* Before it, nothing was sent. */
  assert_failure (MAIL RCPT ANSWERED "C: DATA\n{close}", PINION_ERROR_CONNECTION_LOST, FALSE);

  return dex_future_new_true ();
}

/* A server that hangs up in the middle of a large message, with and without a word */
static DexFuture *
test_hangs_up (gpointer data)
{
  static const struct
  {
    const char *ending;
    PinionErrorCode code;
  } cases[] = {
    { "{read 1000}\n{reset}", PINION_ERROR_CONNECTION_LOST },
    { "{read 1000}\nS: 452 4.3.1 Insufficient system resources\n{delay 300}\n{close}",
      PINION_ERROR_SERVER_UNAVAILABLE },
  };
  g_autofree char *line = g_strnfill (98, 'x');
  g_autofree char *lines = g_strconcat (line, "\n", NULL);
  g_autoptr (GString) message = g_string_new (NULL);

  while (message->len < 4 * 1024 * 1024)
    g_string_append (message, lines);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = g_strconcat (START "C~ MAIL .*\nS: 250 ok\n" RCPT ANSWERED DATA,
                                             cases[i].ending, NULL);
      Fixture f;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, script, message->str, -1);
      g_assert_false (submit (&f, ben, &error));
      g_test_message ("%s", error->message);
      /* A reset may swallow the last words; that nothing was sent is sure either way. */
      g_assert_false (pinion_error_is (error, PINION_ERROR_OUTCOME_UNKNOWN));
      if (!pinion_error_is (error, PINION_ERROR_CONNECTION_LOST))
        g_assert_error (error, PINION_ERROR, (int) cases[i].code);
      g_assert_false (pinion_smtp_connection_is_open (f.connection));
      g_byte_array_unref (fixture_finish (&f));
    }

  return dex_future_new_true ();
}

/* -- Nothing is even asked ------------------------------------------------------------------ */

static void
assert_no_question (const char     *sender,
                    const char     *recipient,
                    const char     *message,
                    PinionErrorCode code)
{
  const char *recipients[] = { recipient, NULL };
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, START "{end}", message, -1);
  DexFuture *done = pinion_smtp_connection_submit (f.connection, sender, recipients, f.file);
  g_assert_false (dex_await (done, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_true (pinion_smtp_connection_is_open (f.connection));
  g_byte_array_unref (fixture_finish (&f));
}

static DexFuture *
test_no_question (gpointer data)
{
  g_autofree char *line = g_strnfill (98, 'x');
  g_autofree char *lines = g_strconcat (line, "\n", NULL);
  g_autoptr (GString) large = g_string_new (NULL);

  while (large->len <= 5000000)
    g_string_append (large, lines);

  assert_no_question ("ana@example.com", NULL, "hello", PINION_ERROR_INVALID_ARGUMENT);
  assert_no_question ("ana@example.com\r\nRCPT TO:<eve@evil>", "ben@example.org", "hello",
                      PINION_ERROR_INVALID_ARGUMENT);
  assert_no_question ("ana@example.com", "\"x\r\n RCPT TO:<eve@evil>\"@y", "hello",
                      PINION_ERROR_INVALID_ARGUMENT);
  assert_no_question ("ana@example.com", "josé@example.org", "hello",
                      PINION_ERROR_ADDRESS_UNSUPPORTED);
  assert_no_question ("ana@example.com", "ben@example.org", large->str, PINION_ERROR_MESSAGE_TOO_LARGE);

  return dex_future_new_true ();
}

static DexFuture *
test_no_file (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, START "{end}", "hello", -1);
  g_unlink (f.path);
  g_assert_false (submit (&f, ben, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_NOT_FOUND);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

static DexFuture *
test_busy (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, START MAIL RCPT ANSWERED DATA HELLO_TEXT "S: 250 queued\n{end}", "hello\n", -1);
  DexFuture *first = pinion_smtp_connection_submit (f.connection, "ana@example.com", ben, f.file);
  g_assert_false (submit (&f, ben, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_BUSY);
  g_clear_error (&error);
  dex_await (first, &error);
  g_assert_no_error (error);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/smtp/submit/good", test_good);
  pinion_test_add_fiber ("/smtp/submit/exact-bytes", test_exact_bytes);
  pinion_test_add_fiber ("/smtp/submit/meagre", test_meagre);
  pinion_test_add_fiber ("/smtp/submit/large", test_large);
  pinion_test_add_fiber ("/smtp/submit/empty", test_empty);
  pinion_test_add_fiber ("/smtp/submit/sender", test_sender);
  pinion_test_add_fiber ("/smtp/submit/recipients", test_recipients);
  pinion_test_add_fiber ("/smtp/submit/data", test_data);
  pinion_test_add_fiber ("/smtp/submit/outcome", test_outcome);
  pinion_test_add_fiber ("/smtp/submit/hangs-up", test_hangs_up);
  pinion_test_add_fiber ("/smtp/submit/no-question", test_no_question);
  pinion_test_add_fiber ("/smtp/submit/no-file", test_no_file);
  pinion_test_add_fiber ("/smtp/submit/busy", test_busy);

  return g_test_run ();
}
