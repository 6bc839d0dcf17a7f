/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How messages leave: in one go or in chunks, with which promises, and what is refused instead. */

#include "smtp-test-session.h"

#include "pinion-smtp-envelope.h"
#include "pinion-test-fiber.h"

#include <string.h>

#define ALL "S: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-BINARYMIME\nS: 250-CHUNKING\n" \
  "S: 250-SMTPUTF8\nS: 250-DSN\n"
#define RCPT "C: RCPT TO:<ben@example.org>\nS: 250 ok\n"
#define DATA "C: DATA\nS: 354 go\n"
#define MAIL "C: MAIL FROM:<ana@example.com>\nS: 250 ok\n"
#define RESET "C: RSET\nS: 250 ok\n"
#define CHUNK (1024 * 1024)

static const char *const ben[] = { "ben@example.org", NULL };
static const char *const three[] = { "ben@example.org", "cy@example.org", "di@example.org", NULL };

static GByteArray *
send_well (const char        *script,
           const char        *message,
           gssize             length,
           const char *const *recipients)
{
  SmtpTestSession session;
  g_autoptr (GError) error = NULL;

  smtp_test_session_begin (&session, script, message, length, NULL);
  smtp_test_session_submit (&session, recipients, &error);
  g_assert_no_error (error);

  return smtp_test_session_end (&session);
}

static GError *
send_badly (const char        *script,
            const char        *message,
            gssize             length,
            const char *const *recipients,
            PinionErrorCode    code,
            gboolean           stays_open)
{
  SmtpTestSession session;
  GError *error = NULL;

  g_test_message ("%s", script);
  smtp_test_session_begin (&session, script, message, length, NULL);
  g_assert_false (smtp_test_session_submit (&session, recipients, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_smtp_connection_is_open (session.connection), ==, stays_open);
  g_byte_array_unref (smtp_test_session_end (&session));

  return error;
}

static void
assert_fails (const char     *script,
              const char     *message,
              gssize          length,
              PinionErrorCode code,
              gboolean        stays_open)
{
  g_autoptr (GError) error = send_badly (script, message, length, ben, code, stays_open);
}

/* -- PIPELINING ----------------------------------------------------------------------------- */

#define ENVELOPE \
  "C: MAIL FROM:<ana@example.com>\nC: RCPT TO:<ben@example.org>\nC: RCPT TO:<cy@example.org>\n" \
  "C: RCPT TO:<di@example.org>\n"
#define PIPELINED SMTP_TEST_START ("S: 250-PIPELINING\n") ENVELOPE

static DexFuture *
test_pipelining (gpointer data)
{
  /* Not a word from the server before everything was asked */
  g_byte_array_unref (send_well (PIPELINED "S: 250 ok\nS: 250 ok\nS: 251 ok\nS: 252 ok\n" DATA
                                           "C: hello\nC: .\nS: 250 queued\n{end}",
                                 "hello\n", -1, three));
  /* Byte by byte, too */
  g_byte_array_unref (send_well (PIPELINED "{drip}\nS: 250-ok\nS: 250 ok\nS: 250 ok\nS: 250 ok\n"
                                           "S: 250 ok\n" DATA "C: hello\nC: .\nS: 250 queued\n{end}",
                                 "hello\n", -1, three));

  g_autoptr (GError) some = send_badly (
      PIPELINED "S: 250 ok\nS: 250 ok\nS: 550 5.1.1 nobody\nS: 450 4.2.1 later\n" RESET "{end}",
      "hello\n", -1, three, PINION_ERROR_RECIPIENTS_REFUSED, TRUE);
  g_assert_cmpstr (pinion_error_get_detail (some, "recipients"), ==,
                   "cy@example.org\t550 5.1.1 nobody\ndi@example.org\t450 4.2.1 later");
  g_assert_cmpstr (some->message, ==,
                   "The server refused cy@example.org (“550 5.1.1 nobody”), "
                   "di@example.org (“450 4.2.1 later”)");

  return dex_future_new_true ();
}

static DexFuture *
test_pipelining_refused (gpointer data)
{
  g_autoptr (GError) sender = send_badly (
      PIPELINED "S: 550 5.7.60 no\nS: 503 5.5.2 no\nS: 503 5.5.2 no\nS: 503 5.5.2 no\n{end}",
      "hello\n", -1, three, PINION_ERROR_SENDER_REFUSED, TRUE);
  /* A server that has had enough says so once. */
  g_autoptr (GError) rate = send_badly (
      PIPELINED "S: 421 4.4.2 Message submission rate for this client has exceeded\n{end}",
      "hello\n", -1, three, PINION_ERROR_THROTTLED, FALSE);
  g_assert_cmpstr (pinion_error_get_detail (rate, "backoff-seconds"), ==, "60");

  g_autoptr (GError) closing = send_badly (
      PIPELINED "S: 250 ok\nS: 550 5.1.1 nobody\nS: 421 4.3.2 closing\n{end}", "hello\n", -1, three,
      PINION_ERROR_SERVER_UNAVAILABLE, FALSE);
  g_autoptr (GError) cut = send_badly (PIPELINED "S: 250 ok\nS: 250 ok\n{close}", "hello\n", -1,
                                       three, PINION_ERROR_CONNECTION_LOST, FALSE);
  /* Refused, and gone without another word */
  g_autoptr (GError) gone = send_badly (PIPELINED "S: 550 5.7.60 no\n{close}", "hello\n", -1, three,
                                        PINION_ERROR_SENDER_REFUSED, FALSE);
  g_autoptr (GError) odd = send_badly (PIPELINED "S: 250 ok\nS: 354 what\nS: 250 ok\nS: 250 ok\n"
                                                 "{end}",
                                       "hello\n", -1, three, PINION_ERROR_PROTOCOL, FALSE);
  /* More answers than questions */
  g_autoptr (GError) more = send_badly (PIPELINED "S- 250 a\\r\\n250 b\\r\\n250 c\\r\\n250 d\\r\\n"
                                                  "250 e\\r\\n\n{end}",
                                        "hello\n", -1, three, PINION_ERROR_PROTOCOL, FALSE);

  return dex_future_new_true ();
}

/* More than fit in a window; of the 200 that Exchange takes, the 201st is refused. */
static DexFuture *
test_many_recipients (gpointer data)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_null_terminated (256, g_free, TRUE);
  g_autoptr (GString) script = g_string_new (SMTP_TEST_START ("S: 250-PIPELINING\n")
                                             "C: MAIL FROM:<ana@example.com>\n");
  guint answered = 0;

  for (guint i = 0; i <= 200; i++)
    {
      g_ptr_array_add (people, g_strdup_printf ("p%u@example.org", i));
      g_string_append_printf (script, "C: RCPT TO:<p%u@example.org>\n", i);
      if ((i + 2) % 50 != 0 && i != 200)
        continue;
      for (; answered < i + 1; answered++)
        g_string_append (script, "S: 250 ok\n");
      g_string_append (script, i == 200 ? "S: 452 4.5.3 Too many recipients\n" : "S: 250 ok\n");
      answered++;
    }
  g_string_append (script, RESET "{end}");

  g_autoptr (GError) error = send_badly (script->str, "hello\n", -1,
                                         (const char *const *) people->pdata,
                                         PINION_ERROR_TOO_MANY_RECIPIENTS, TRUE);
  g_assert_cmpstr (pinion_error_get_detail (error, "recipients"), ==,
                   "p200@example.org\t452 4.5.3 Too many recipients");

  return dex_future_new_true ();
}

/* -- CHUNKING ------------------------------------------------------------------------------- */

#define LINE "0123456789012345678901234567890123456789012345678901234567890123456789\n"
#define DOTTED ".23456789012345678901234567890123456789012345678901234567890123456789\n"

/* The text that is @lines lines long on the wire, as it is in a file with Unix line ends. */
static GString *
make_text (gsize at_least)
{
  GString *text = g_string_new ("Subject: x\n\n");

  while (text->len < at_least)
    g_string_append (text, text->len % 2 ? DOTTED : LINE);

  return text;
}

static GString *
make_wire (const GString *text)
{
  GString *wire = g_string_sized_new (text->len + text->len / 50);

  for (gsize i = 0; i < text->len; i++)
    {
      if (text->str[i] == '\n')
        g_string_append_c (wire, '\r');
      g_string_append_c (wire, text->str[i]);
    }

  return wire;
}

/* What the client sent after the envelope, the commands between the chunks taken out. */
static void
assert_chunks (GByteArray    *sent,
               const GString *wire)
{
  g_byte_array_append (sent, (const guint8 *) "", 1);
  const char *end = (const char *) sent->data + sent->len - 1;
  const char *at = g_strstr_len ((const char *) sent->data, sent->len, "BDAT ");
  gsize done = 0;
  gboolean last = FALSE;

  while (!last)
    {
      char *rest;
      g_assert_nonnull (at);
      g_assert_true (g_str_has_prefix (at, "BDAT "));
      gsize size = (gsize) g_ascii_strtoull (at + 5, &rest, 10);

      last = g_str_has_prefix (rest, " LAST\r\n");
      rest += last ? 7 : 2;
      g_assert_cmpuint (size, <=, CHUNK);
      g_assert_cmpuint (size, <=, (gsize) (end - rest));
      g_assert_cmpuint (done + size, <=, wire->len);
      g_assert_cmpint (memcmp (rest, wire->str + done, size), ==, 0);
      done += size;
      at = rest + size;
    }

  g_assert_cmpuint (done, ==, wire->len);
  g_assert_true (at == end);
}

/* A server's side of @wire in chunks */
static char *
make_chunk_script (const char    *start,
                   const GString *wire,
                   const char    *answer)
{
  GString *script = g_string_new (start);

  for (gsize done = 0; done < wire->len; done += CHUNK)
    {
      gsize size = MIN (wire->len - done, CHUNK);
      gboolean last = done + size == wire->len;

      g_string_append_printf (script, "C: BDAT %zu%s\n{read %zu}\n%s\n", size, last ? " LAST" : "",
                              size, last ? answer : "S: 250 2.0.0 octets received");
    }

  return g_string_free_and_steal (script);
}

static DexFuture *
test_chunks (gpointer data)
{
  static const gsize sizes[] = { CHUNK + 100, 2 * CHUNK, 2 * CHUNK + 70, 3 * CHUNK - 500 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GString) text = make_text (sizes[i]);
      g_autoptr (GString) wire = make_wire (text);
      g_autofree char *script = make_chunk_script (
          SMTP_TEST_START ("S: 250-CHUNKING\n") MAIL RCPT, wire, "S: 250 2.6.0 queued\n{end}");
      g_autoptr (GByteArray) sent = send_well (script, text->str, (gssize) text->len, ben);

      assert_chunks (sent, wire);
    }

  return dex_future_new_true ();
}

/* Chunks that end exactly, and one byte before and after */
static DexFuture *
test_chunk_edges (gpointer data)
{
  for (int more = -1; more <= 1; more++)
    {
      g_autoptr (GString) wire = g_string_new ("Subject: x\r\n\r\n");

      while (wire->len + 100 < 2 * CHUNK)
        g_string_append (wire, "0123456789\r\n");
      while (wire->len < (gsize) (2 * CHUNK - 2 + more))
        g_string_append_c (wire, 'x');
      g_string_append (wire, "\r\n");

      g_autofree char *script = make_chunk_script (
          SMTP_TEST_START ("S: 250-CHUNKING\n") MAIL RCPT, wire, "S: 250 2.6.0 queued\n{end}");
      g_autoptr (GByteArray) sent = send_well (script, wire->str, (gssize) wire->len, ben);

      assert_chunks (sent, wire);
    }

  return dex_future_new_true ();
}

/* What happens in the middle, and what at the end */
static DexFuture *
test_chunk_trouble (gpointer data)
{
  static const struct
  {
    const char *first;
    const char *rest;
    PinionErrorCode code;
    gboolean stays_open;
  } cases[] = {
    { "S: 552 5.3.4 Message size exceeds fixed maximum message size\n" RESET "{end}", NULL,
      PINION_ERROR_MESSAGE_TOO_LARGE, TRUE },
    { "S: 452 4.3.1 full\nC: RSET\nS: 500 what\n{end}", NULL, PINION_ERROR_SERVER_UNAVAILABLE,
      FALSE },
    { "S: 421 4.3.2 closing\n{end}", NULL, PINION_ERROR_SERVER_UNAVAILABLE, FALSE },
    { "S: 354 what\n{end}", NULL, PINION_ERROR_PROTOCOL, FALSE },
    { "S: nonsense\n{end}", NULL, PINION_ERROR_PROTOCOL, FALSE },
    { "{close}", NULL, PINION_ERROR_CONNECTION_LOST, FALSE },
    { "{reset}", NULL, PINION_ERROR_CONNECTION_LOST, FALSE },
    { "S: 250 ok", "S: 554 5.7.1 Spam\n{end}", PINION_ERROR_MESSAGE_REFUSED, TRUE },
    { "S: 250 ok", "S: 451 4.3.0 later\n{end}", PINION_ERROR_SERVER_UNAVAILABLE, TRUE },
    /* After the last byte only an answer tells. */
    { "S: 250 ok", "{close}", PINION_ERROR_OUTCOME_UNKNOWN, FALSE },
    { "S: 250 ok", "{reset}", PINION_ERROR_OUTCOME_UNKNOWN, FALSE },
    { "S: 250 ok", "S: 354 what\n{end}", PINION_ERROR_OUTCOME_UNKNOWN, FALSE },
    { "S: 250 ok", "S- 25\n{close}", PINION_ERROR_OUTCOME_UNKNOWN, FALSE },
  };
  g_autoptr (GString) text = make_text (CHUNK + 1000);
  g_autoptr (GString) wire = make_wire (text);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) script = g_string_new (SMTP_TEST_START ("S: 250-CHUNKING\n") MAIL RCPT);

      g_string_append_printf (script, "C: BDAT %u\n{read %u}\n%s\n", CHUNK, CHUNK, cases[i].first);
      if (cases[i].rest != NULL)
        g_string_append_printf (script, "C: BDAT %zu LAST\n{read %zu}\n%s\n", wire->len - CHUNK,
                                wire->len - CHUNK, cases[i].rest);
      assert_fails (script->str, text->str, (gssize) text->len, cases[i].code,
                    cases[i].stays_open);
    }

  return dex_future_new_true ();
}

/* The line goes before the last byte: not sent, and that is sure. */
static DexFuture *
test_chunk_cut (gpointer data)
{
  g_autoptr (GString) text = make_text (8 * CHUNK);

  assert_fails (SMTP_TEST_START ("S: 250-CHUNKING\n") MAIL RCPT "C: BDAT 1048576\n{read 5000}\n{reset}",
                text->str, (gssize) text->len, PINION_ERROR_CONNECTION_LOST, FALSE);

  return dex_future_new_true ();
}

/* Small messages are only given to who asks for them. */
static DexFuture *
test_small_by_data (gpointer data)
{
  g_byte_array_unref (send_well (SMTP_TEST_START (ALL)
                                 "C: MAIL FROM:<ana@example.com>\nC: RCPT TO:<ben@example.org>\n"
                                 "S: 250 ok\nS: 250 ok\n" DATA "C: hello\nC: .\nS: 250 queued\n{end}",
                                 "hello\n", -1, ben));

  return dex_future_new_true ();
}

/* -- BINARYMIME ----------------------------------------------------------------------------- */

#define BINARY SMTP_TEST_START ("S: 250-BINARYMIME\nS: 250-CHUNKING\nS: 250-SIZE 0\n")

static void
assert_binary (const char *message,
               gsize       length,
               const char *wire,
               gsize       size)
{
  g_autofree char *script = g_strdup_printf (
      BINARY "C: MAIL FROM:<ana@example.com> SIZE=%zu BODY=BINARYMIME\nS: 250 ok\n" RCPT
             "C: BDAT %zu LAST\n{read %zu}\nS: 250 queued\n{end}",
      size, size, size);
  g_autoptr (GByteArray) sent = send_well (script, message, (gssize) length, ben);
  const char *text = g_strstr_len ((const char *) sent->data, sent->len, "LAST\r\n");

  g_assert_nonnull (text);
  text += 6;
  g_assert_cmpmem (text, sent->len - (gsize) (text - (const char *) sent->data), wire, size);
}

static DexFuture *
test_binary (gpointer data)
{
  g_autoptr (GString) long_line = g_string_new ("Subject: x\r\n\r\n");
  static const char odd[] = "A: x\r\n\r\nnul \0 \r lone \n ends\r\r\n.\r\n\xff";
  static const char unix_ends[] = "A: x\n\n\0\n";
  static const char wire[] = "A: x\r\n\r\n\0\r\n";

  for (guint i = 0; i < 999; i++)
    g_string_append_c (long_line, 'x');

  assert_binary (long_line->str, long_line->len, long_line->str, long_line->len);
  assert_binary (odd, sizeof odd - 1, odd, sizeof odd - 1);
  /* Only where the file has no line ends of mail do they have to be made. */
  assert_binary (unix_ends, sizeof unix_ends - 1, wire, sizeof wire - 1);

  return dex_future_new_true ();
}

/* -- What nobody can be trusted with -------------------------------------------------------- */

static void
assert_obstacle (const char *keywords,
                 const char *message,
                 gssize      length,
                 const char *words)
{
  g_autofree char *script = g_strconcat ("{tls}\nS: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-x\n",
                                         keywords,
                                         "S: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\nS: 235 ok\n{end}",
                                         NULL);
  g_autoptr (GError) error = send_badly (script, message, length, ben,
                                         PINION_ERROR_MESSAGE_UNSUPPORTED, TRUE);

  g_assert_nonnull (strstr (error->message, words));
}

static DexFuture *
test_obstacles (gpointer data)
{
  static const char nul[] = "A: x\n\na\0b\n";
  static const char header_nul[] = "A: x\0\n\nb\n";
  g_autofree char *many = g_strnfill (999, 'x');
  g_autofree char *long_line = g_strconcat ("A: x\n\n", many, "\n", NULL);
  g_autofree char *long_header = g_strconcat ("A: ", many, "\n\nx\n", NULL);

  assert_obstacle ("", "A: x\n\ncaf\xc3\xa9\n", -1, "8BITMIME");
  assert_obstacle ("S: 250-CHUNKING\n", "A: x\n\ncaf\xc3\xa9\n", -1, "8BITMIME");
  assert_obstacle ("S: 250-8BITMIME\n", "A: caf\xc3\xa9\n\nx\n", -1, "SMTPUTF8");
  assert_obstacle ("S: 250-SMTPUTF8\nS: 250-8BITMIME\n", "A: caf\xe9\n\nx\n", -1, "UTF-8");
  assert_obstacle ("S: 250-SMTPUTF8\nS: 250-8BITMIME\n", "A: caf\xc3\n\nx\n", -1, "UTF-8");
  assert_obstacle ("S: 250-8BITMIME\nS: 250-CHUNKING\n", nul, sizeof nul - 1, "BINARYMIME");
  assert_obstacle ("S: 250-BINARYMIME\n", nul, sizeof nul - 1, "BINARYMIME");
  assert_obstacle ("S: 250-CHUNKING\n", long_line, -1, "998");
  assert_obstacle (ALL, long_header, -1, "998");
  assert_obstacle (ALL, header_nul, sizeof header_nul - 1, "NUL");

  /* The longest line that is none too long */
  long_line[strlen (long_line) - 2] = '\n';
  long_line[strlen (long_line) - 1] = '\0';
  g_autofree char *script = g_strdup_printf (SMTP_TEST_START ("") MAIL RCPT DATA
                                             "C: A: x\nC: \nC: %.998s\nC: .\nS: 250 ok\n{end}",
                                             many);
  g_byte_array_unref (send_well (script, long_line, -1, ben));

  return dex_future_new_true ();
}

/* -- SMTPUTF8 ------------------------------------------------------------------------------- */

static DexFuture *
test_smtputf8 (gpointer data)
{
  static const char *const jose[] = { "josé@example.org", "ben@bücher.example", NULL };
  static const char *const domain[] = { "ben@bücher.example", NULL };

  /* An address that needs it, and its domain does not */
  g_byte_array_unref (send_well (
      SMTP_TEST_START ("S: 250-SMTPUTF8\nS: 250-8BITMIME\n")
      "C: MAIL FROM:<ana@example.com> SMTPUTF8\nS: 250 ok\n"
      "C: RCPT TO:<jos\\xc3\\xa9@example.org>\nS: 250 ok\n"
      "C: RCPT TO:<ben@xn--bcher-kva.example>\nS: 250 ok\n" DATA "C: hello\nC: .\nS: 250 ok\n{end}",
      "hello\n", -1, jose));
  g_byte_array_unref (send_well (SMTP_TEST_START ("") MAIL
                                 "C: RCPT TO:<ben@xn--bcher-kva.example>\nS: 250 ok\n" DATA
                                 "C: hello\nC: .\nS: 250 ok\n{end}",
                                 "hello\n", -1, domain));
  /* A header that needs it */
  g_byte_array_unref (send_well (
      SMTP_TEST_START ("S: 250-SMTPUTF8\nS: 250-8BITMIME\n")
      "C: MAIL FROM:<ana@example.com> BODY=8BITMIME SMTPUTF8\nS: 250 ok\n" RCPT DATA
      "C: A: caf\\xc3\\xa9\nC: \nC: x\nC: .\nS: 250 ok\n{end}",
      "A: caf\xc3\xa9\n\nx\n", -1, ben));

  g_autoptr (GError) error = send_badly (SMTP_TEST_START ("S: 250-8BITMIME\n") "{end}", "hello\n",
                                         -1, jose, PINION_ERROR_ADDRESS_UNSUPPORTED, TRUE);
  g_assert_nonnull (strstr (error->message, "josé@example.org"));
  g_assert_cmpstr (pinion_error_get_detail (error, "address"), ==, "josé@example.org");

  return dex_future_new_true ();
}

/* -- DSN ------------------------------------------------------------------------------------ */

static const PinionSmtpReports reports = {
  .notify = PINION_SMTP_NOTIFY_SUCCESS | PINION_SMTP_NOTIFY_FAILURE | PINION_SMTP_NOTIFY_DELAY,
  .headers_only = TRUE,
  .envelope_id = "id+=1 ü",
};

static gboolean
submit_with_reports (SmtpTestSession         *session,
                     const PinionSmtpReports *some,
                     GError                 **error)
{
  return dex_await (pinion_smtp_connection_submit_with_reports (
                        session->connection, "ana@example.com", ben, session->file, some),
                    error);
}

static DexFuture *
test_reports (gpointer data)
{
  SmtpTestSession session;
  g_autoptr (GError) error = NULL;

  smtp_test_session_begin (
      &session,
      SMTP_TEST_START ("S: 250-DSN\n")
      "C: MAIL FROM:<ana@example.com> RET=HDRS ENVID=id+2B+3D1+20+C3+BC\nS: 250 ok\n"
      "C: RCPT TO:<ben@example.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;ben@example.org\n"
      "S: 250 ok\n" DATA "C: hello\nC: .\nS: 250 ok\n"
      /* Asked for by nobody: not a word of it */
      MAIL RCPT DATA "C: hello\nC: .\nS: 250 ok\n{end}",
      "hello\n", -1, NULL);
  g_assert_true (pinion_smtp_connection_can_report (session.connection));
  submit_with_reports (&session, &reports, &error);
  g_assert_no_error (error);
  smtp_test_session_submit (&session, ben, &error);
  g_assert_no_error (error);
  g_byte_array_unref (smtp_test_session_end (&session));

  return dex_future_new_true ();
}

static DexFuture *
test_no_reports (gpointer data)
{
  static const PinionSmtpReports wrong[] = {
    { .notify = 0 },
    { .notify = PINION_SMTP_NOTIFY_NEVER | PINION_SMTP_NOTIFY_DELAY },
    { .notify = PINION_SMTP_NOTIFY_DELAY, .envelope_id = "" },
    { .notify = PINION_SMTP_NOTIFY_DELAY,
      .envelope_id = "++++++++++++++++++++++++++++++++++" },
  };
  SmtpTestSession session;
  g_autoptr (GError) error = NULL;

  smtp_test_session_begin (&session, SMTP_TEST_START ("") "{end}", "hello\n", -1, NULL);
  g_assert_false (pinion_smtp_connection_can_report (session.connection));
  g_assert_false (submit_with_reports (&session, &reports, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_REPORT_UNSUPPORTED);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_clear_error (&error);
      g_assert_false (submit_with_reports (&session, &wrong[i], &error));
      g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
    }
  g_byte_array_unref (smtp_test_session_end (&session));

  return dex_future_new_true ();
}

/* What a caller puts in stays in its place. */
static void
test_envelope (void)
{
  static const PinionSmtpReports nasty = { .notify = PINION_SMTP_NOTIFY_NEVER,
                                           .envelope_id = "x\r\nRCPT TO:<eve@evil>" };
  PinionSmtpMail mail = { .sender = "<ana@example.com>",
                          .has_size = TRUE,
                          .size = G_MAXUINT64,
                          .body = "8BITMIME",
                          .smtputf8 = TRUE,
                          .reports = &nasty };
  g_autofree char *from = pinion_smtp_envelope_dup_mail (&mail);
  g_autofree char *quoted = pinion_smtp_envelope_dup_rcpt ("<\"a b+=\"@example.com>", &nasty);
  g_autofree char *local = g_strnfill (300, '=');
  g_autofree char *path = g_strconcat ("<", local, "@x>", NULL);
  g_autofree char *too_long = pinion_smtp_envelope_dup_rcpt (path, &nasty);
  g_autofree char *plain = pinion_smtp_envelope_dup_rcpt ("<josé@example.com>", &nasty);

  g_assert_cmpstr (from, ==,
                   "MAIL FROM:<ana@example.com> SIZE=18446744073709551615 BODY=8BITMIME SMTPUTF8 "
                   "RET=FULL ENVID=x+0D+0ARCPT+20TO:<eve@evil>");
  g_assert_cmpstr (quoted, ==,
                   "RCPT TO:<\"a b+=\"@example.com> NOTIFY=NEVER "
                   "ORCPT=rfc822;\"a+20b+2B+3D\"@example.com");
  g_assert_null (strstr (too_long, "ORCPT"));
  g_assert_null (strstr (plain, "ORCPT"));
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/smtp/forms/pipelining", test_pipelining);
  pinion_test_add_fiber ("/smtp/forms/pipelining/refused", test_pipelining_refused);
  pinion_test_add_fiber ("/smtp/forms/many-recipients", test_many_recipients);
  pinion_test_add_fiber ("/smtp/forms/chunks", test_chunks);
  pinion_test_add_fiber ("/smtp/forms/chunks/edges", test_chunk_edges);
  pinion_test_add_fiber ("/smtp/forms/chunks/trouble", test_chunk_trouble);
  pinion_test_add_fiber ("/smtp/forms/chunks/cut", test_chunk_cut);
  pinion_test_add_fiber ("/smtp/forms/small-by-data", test_small_by_data);
  pinion_test_add_fiber ("/smtp/forms/binary", test_binary);
  pinion_test_add_fiber ("/smtp/forms/obstacles", test_obstacles);
  pinion_test_add_fiber ("/smtp/forms/smtputf8", test_smtputf8);
  pinion_test_add_fiber ("/smtp/forms/reports", test_reports);
  pinion_test_add_fiber ("/smtp/forms/no-reports", test_no_reports);
  g_test_add_func ("/smtp/forms/envelope", test_envelope);

  return g_test_run ();
}
