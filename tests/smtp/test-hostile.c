/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers that mean harm, and servers that are merely broken: whatever they do at whatever point, the
 * end is a typed error, soon; no secret leaves in clear; and no message counts as sent that was not,
 * or as not sent that may have been. */

#include "smtp-test-session.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"

#include <string.h>

#define PASSWORD "hunter2"
#define HELLO "S: 220 mail.example.com ready\nC: EHLO [127.0.0.1]\n"
#define OFFER "S: 250-mail.example.com\nS: 250-AUTH PLAIN LOGIN\nS: 250 STARTTLS\nC: STARTTLS\n"
#define GO_AHEAD "S: 220 2.0.0 ready\n"
#define AGAIN "{tls}\nC: EHLO [127.0.0.1]\n"
#define SIGN_IN "S: 250-x\nS: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\n"

#define START SMTP_TEST_START ("")
#define MAIL "C: MAIL FROM:<ana@example.com>\n"
#define RCPT "C: RCPT TO:<ben@example.org>\n"
#define DATA "C: DATA\n"
#define TEXT "C: hello\nC: .\n"
#define OK "S: 250 ok\n"
#define GO "S: 354 go\n"

/* Milliseconds that a server which says nothing is given here */
#define HASTE 300

static const char *const ben[] = { "ben@example.org", NULL };

/* -- Connecting ----------------------------------------------------------------------------- */

/* Whether nothing of the password left, in no form. */
static void
assert_no_secret (GByteArray *sent)
{
  g_autofree char *plain = g_base64_encode ((const guchar *) "\0ana@example.com\0" PASSWORD,
                                            17 + strlen (PASSWORD));
  g_autofree char *login = g_base64_encode ((const guchar *) PASSWORD, strlen (PASSWORD));

  g_byte_array_append (sent, (const guint8 *) "", 1);
  const char *text = (const char *) sent->data;

  g_assert_null (g_strstr_len (text, sent->len, PASSWORD));
  g_assert_null (g_strstr_len (text, sent->len, plain));
  g_assert_null (g_strstr_len (text, sent->len, login));
  g_assert_null (g_strstr_len (text, sent->len, "AUTH"));
}

static GError *
fail_to_connect (PinionTestPeer         *peer,
                 PinionEncryption        encryption,
                 const char             *pin,
                 const PinionSmtpLimits *limits)
{
  PinionServer server = { 0 };
  g_autoptr (PinionSecret) secret = pinion_secret_new (PASSWORD);
  GError *error = NULL;

  pinion_test_peer_fill_server (peer, encryption, &server);
  g_set_str (&server.trusted_sha256, pin);
  g_assert_null (dex_await_object (pinion_smtp_connect (&server, secret, pinion_test_certs_get_ca (),
                                                        limits, NULL),
                                   &error));
  g_assert_cmpint (error->domain, ==, PINION_ERROR);
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_SMTP);
  g_assert_null (strstr (error->message, PASSWORD));
  pinion_server_clear (&server);

  return error;
}

/* Plays @script in clear up to its end. */
static void
assert_turned_away (const char     *script,
                    PinionErrorCode code,
                    PinionStage     stage)
{
  PinionTestPeer *peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));

  g_test_message ("%s", script);
  g_autoptr (GError) error = fail_to_connect (peer, PINION_ENCRYPTION_STARTTLS, NULL,
                                              &smtp_test_limits);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_stage (error), ==, stage);

  g_autoptr (GByteArray) sent = pinion_test_peer_finish (peer);
  assert_no_secret (sent);
}

static DexFuture *
test_greetings (gpointer data)
{
  static const char *const scripts[] = {
    "S- \\x00\\xff\\x13\\x37\\x80\\n\n{end}",
    "S- 2\\020 ready\\r\\n\n{end}",
    "S- 220\\0ready\\r\\n\n{end}",
    "S: 099 ready\n{end}",
    "S: 199 ready\n{end}",
    "S: 600 ready\n{end}",
    "S: 2200 ready\n{end}",
    "S: 22 ready\n{end}",
    "S: -220 ready\n{end}",
    "S: +220 ready\n{end}",
    "S: 0x220 ready\n{end}",
    "S: 220-one\nS: 250 two\n{end}",
    "S: 220-one\nS: two\n{end}",
    "S: 354 ready\n{end}",
    "S: 235 welcome\n{end}",
    "{repeat 0 220-more\\r\\n}",
    "{repeat 0 220-and more and more}",
    "{repeat 0 \\x00}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    assert_turned_away (scripts[i], PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING);

  assert_turned_away ("S: HTTP/1.1 400 Bad Request\n{end}", PINION_ERROR_WEB_SERVER,
                      PINION_STAGE_GREETING);

  /* The answer to EHLO, before EHLO */
  assert_turned_away ("S- 220 a\\r\\n250-b\\r\\n250 STARTTLS\\r\\n\n{end}", PINION_ERROR_PROTOCOL,
                      PINION_STAGE_GREETING);

  return dex_future_new_true ();
}

static DexFuture *
test_hellos (gpointer data)
{
  static const struct
  {
    const char *script;
    PinionErrorCode code;
  } cases[] = {
    { "S: 250-a\nS: 220 b\n{end}", PINION_ERROR_PROTOCOL },
    { "S- 250-a\\r\\n2\\00 b\\r\\n\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 220 STARTTLS\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 354 go\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 999 no\n{end}", PINION_ERROR_PROTOCOL },
    { "S- \\xde\\xad\\xbe\\xef\\n\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 554 no\n{end}", PINION_ERROR_REFUSED },
    { "S: 421 4.3.2 closing\n{end}", PINION_ERROR_SERVER_UNAVAILABLE },
    { "{repeat 0 250-STARTTLS\\r\\n}", PINION_ERROR_TOO_LARGE },
    { "{repeat 0 250-AUTH PLAIN}", PINION_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = g_strconcat (HELLO, cases[i].script, NULL);
      assert_turned_away (script, cases[i].code, PINION_STAGE_GREETING);
    }

  /* The agreement on TLS, before it is asked for */
  assert_turned_away (HELLO "S- 250-a\\r\\n250 STARTTLS\\r\\n220 go\\r\\n\n{end}",
                      PINION_ERROR_PROTOCOL, PINION_STAGE_TLS);
  /* Keywords that only look like it */
  assert_turned_away (HELLO "S: 250-x\nS: 250-XSTARTTLS\nS: 250-STARTTLS2\nS: 250 START TLS\n{end}",
                      PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_TLS);

  return dex_future_new_true ();
}

/* Every answer to STARTTLS but one ends it. */
static DexFuture *
test_starttls_answers (gpointer data)
{
  static const struct
  {
    const char *answer;
    PinionErrorCode code;
  } cases[] = {
    { "S: 200 ok", PINION_ERROR_PROTOCOL },
    { "S: 221 bye", PINION_ERROR_PROTOCOL },
    { "S: 235 2.7.0 Authentication successful", PINION_ERROR_PROTOCOL },
    { "S: 250 ok", PINION_ERROR_PROTOCOL },
    { "S: 334 VXNlcm5hbWU6", PINION_ERROR_PROTOCOL },
    { "S: 354 go", PINION_ERROR_PROTOCOL },
    { "S: 421 4.3.2 closing", PINION_ERROR_SERVER_UNAVAILABLE },
    { "S: 454 4.7.0 TLS not available", PINION_ERROR_SERVER_UNAVAILABLE },
    { "S: 500 what", PINION_ERROR_STARTTLS_MISSING },
    { "S: 501 5.5.4 what", PINION_ERROR_STARTTLS_MISSING },
    { "S: 530 5.7.0 Must issue a STARTTLS command first", PINION_ERROR_STARTTLS_MISSING },
    { "S: 554 5.7.3 no", PINION_ERROR_STARTTLS_MISSING },
    { "S: * OK Begin TLS", PINION_ERROR_PROTOCOL },
    { "S: 220", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
    { "S: 220-go", PINION_ERROR_PROTOCOL },
    { "S- 220 go\\r\\n\\r\\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
    { "S- 220 go\\r\\n250-x\\r\\n250 AUTH PLAIN\\r\\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
    { "S- 220 go\\r\\n235 welcome\\r\\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
    { "S- 220 go\\r\\n\\x16\\x03", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
    { "{repeat 0 220-go\\r\\n}", PINION_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* What follows in clear is never taken for an answer inside TLS. */
      const char *more = g_str_equal (cases[i].answer, "S: 220") ? "\n{read 5}\nS: 250 x\n{hold}"
                         : g_str_equal (cases[i].answer, "S: 220-go") ? "\nS: 250 x\n{end}"
                         : *cases[i].answer == '{'                    ? ""
                                                                      : "\n{end}";
      g_autofree char *script = g_strconcat (HELLO OFFER, cases[i].answer, more, NULL);
      assert_turned_away (script, cases[i].code, PINION_STAGE_TLS);
    }

  return dex_future_new_true ();
}

/* What was learnt in clear does not count inside, and TLS is not begun twice. */
static DexFuture *
test_inside (gpointer data)
{
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "S: 250-x\nS: 250 STARTTLS\n{end}",
                      PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN);
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "S: 250-x\nS: 250-AUTH\n"
                                                 "S: 250 X-EXPS GSSAPI NTLM LOGIN\n{end}",
                      PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN);
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "S: 250-x\nS: 250 X-EXPS=LOGIN\n{end}",
                      PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN);
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "S: 503 5.5.2 Send hello first\n{end}",
                      PINION_ERROR_REFUSED, PINION_STAGE_GREETING);
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "{repeat 0 250-AUTH PLAIN\\r\\n}",
                      PINION_ERROR_TOO_LARGE, PINION_STAGE_GREETING);
  /* Said before it was asked */
  assert_turned_away (HELLO OFFER GO_AHEAD AGAIN "S- 250-x\\r\\n250 AUTH PLAIN\\r\\n235 yes\\r\\n\n"
                                                 "{end}",
                      PINION_ERROR_PROTOCOL, PINION_STAGE_SIGN_IN);

  return dex_future_new_true ();
}

static DexFuture *
test_certificates (gpointer data)
{
  static const struct
  {
    const char *name;
    const char *pin;
    PinionErrorCode code;
  } cases[] = {
    { "expired", NULL, PINION_ERROR_CERTIFICATE_EXPIRED },
    { "future", NULL, PINION_ERROR_CERTIFICATE_NOT_YET_VALID },
    { "other-name", NULL, PINION_ERROR_CERTIFICATE_OTHER_NAME },
    { "self-signed", NULL, PINION_ERROR_CERTIFICATE_SELF_SIGNED },
    /* Another one than the person trusts */
    { "self-signed", "00", PINION_ERROR_CERTIFICATE_CHANGED },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      gboolean starttls = i % 2 == 1;
      PinionTestPeer *peer = pinion_test_peer_new (
          starttls ? HELLO OFFER GO_AHEAD "{tls-fail}" : "{tls-fail}",
          pinion_test_certs_get (cases[i / 2].name));
      g_autoptr (GError) error = fail_to_connect (
          peer, starttls ? PINION_ENCRYPTION_STARTTLS : PINION_ENCRYPTION_TLS, cases[i / 2].pin,
          &smtp_test_limits);
      g_autoptr (GByteArray) sent = pinion_test_peer_finish (peer);

      g_assert_error (error, PINION_ERROR, (int) cases[i / 2].code);
      g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_CERTIFICATE);
      assert_no_secret (sent);
    }

  return dex_future_new_true ();
}

/* -- Cuts and stalls while connecting ------------------------------------------------------- */

static const char *const steps[] = {
  "",
  "S- 22\n",
  "S: 220-mail.example.com\n",
  HELLO,
  HELLO "S- 250-mail\n",
  HELLO "S: 250-mail\n",
  HELLO OFFER,
  HELLO OFFER "S- 22\n",
  HELLO OFFER GO_AHEAD "{read 5}\n",
  HELLO OFFER GO_AHEAD AGAIN,
  HELLO OFFER GO_AHEAD AGAIN "S: 250-x\n",
  HELLO OFFER GO_AHEAD AGAIN SIGN_IN,
  HELLO OFFER GO_AHEAD AGAIN SIGN_IN "S: 334 \n",
};

static DexFuture *
test_connect_cut (gpointer data)
{
  static const char *const ends[] = { "{close}", "{reset}" };

  for (guint i = 0; i < G_N_ELEMENTS (steps) * G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *script = g_strconcat (steps[i / 2], ends[i % 2], NULL);
      PinionTestPeer *peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
      g_autoptr (GError) error = fail_to_connect (peer, PINION_ENCRYPTION_STARTTLS, NULL,
                                                  &smtp_test_limits);

      g_test_message ("%s: %s", script, error->message);
      pinion_test_peer_stop (peer);
      if (g_str_has_suffix (steps[i / 2], "{read 5}\n"))
        g_assert_true (pinion_error_is (error, PINION_ERROR_TLS_FAILED) ||
                       pinion_error_is (error, PINION_ERROR_CONNECTION_LOST));
      /* A sign-in that asks for more than there is was over before. */
      else if (!g_str_has_suffix (steps[i / 2], "334 \n"))
        g_assert_error (error, PINION_ERROR, PINION_ERROR_CONNECTION_LOST);
    }

  return dex_future_new_true ();
}

/* @data: the script up to where nothing more comes */
static DexFuture *
stall_fiber (gpointer data)
{
  g_autofree char *script = g_strconcat (data, "{hold}", NULL);
  PinionTestPeer *peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  PinionSmtpLimits limits = smtp_test_limits;

  limits.greeting = HASTE;
  limits.sign_in = HASTE;
  /* Only where it never begins may a handshake take no time. */
  if (*(char *) data == '\0' || strstr (script, "{read 5}") != NULL)
    limits.net.handshake = HASTE;
  g_autoptr (GError) error = fail_to_connect (peer, PINION_ENCRYPTION_STARTTLS, NULL, &limits);
  g_test_message ("%s", script);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_TIMED_OUT);
  pinion_test_peer_stop (peer);

  return dex_future_new_true ();
}

/* All at a time, since all of them wait. */
static void
await_all (GPtrArray *futures)
{
  g_autoptr (GError) error = NULL;

  dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), &error);
  g_assert_no_error (error);
}

static DexFuture *
test_connect_stall (gpointer data)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  /* Certificates are made before they are needed in several places at once. */
  pinion_test_certs_get ("good");
  for (guint i = 0; i < G_N_ELEMENTS (steps) - 1; i++)
    g_ptr_array_add (futures, dex_scheduler_spawn (NULL, 0, stall_fiber, (gpointer) steps[i], NULL));
  await_all (futures);

  return dex_future_new_true ();
}

/* Exchange lets who fails wait for five seconds, and more. */
static DexFuture *
test_tarpit (gpointer data)
{
  PinionTestPeer *peer = pinion_test_peer_new (HELLO OFFER GO_AHEAD AGAIN SIGN_IN
                                               "{delay 700}\nS: 535 5.7.3 no\n{end}",
                                               pinion_test_certs_get ("good"));
  PinionSmtpLimits limits = smtp_test_limits;

  g_assert_cmpuint (pinion_smtp_default_limits.sign_in, >=, 30 * 1000);
  limits.greeting = HASTE * 2;
  g_autoptr (GError) error = fail_to_connect (peer, PINION_ENCRYPTION_STARTTLS, NULL, &limits);
  if (!pinion_error_is (error, PINION_ERROR_TIMED_OUT))
    g_assert_error (error, PINION_ERROR, PINION_ERROR_SIGN_IN_REFUSED);
  pinion_test_peer_stop (peer);

  return dex_future_new_true ();
}

/* -- Submitting ----------------------------------------------------------------------------- */

/* The play up to a question; @unknown: whether only its answer tells. */
static const struct
{
  const char *script;
  gboolean unknown;
} questions[] = {
  { START MAIL, FALSE },
  { START MAIL OK RCPT, FALSE },
  { START MAIL OK RCPT OK DATA, FALSE },
  { START MAIL OK RCPT OK DATA GO TEXT, TRUE },
};

static void
assert_not_sent (guint                   question,
                 const char             *answer,
                 PinionErrorCode         code,
                 const PinionSmtpLimits *limits)
{
  g_autofree char *script = g_strconcat (questions[question].script, answer, NULL);
  SmtpTestSession session;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", script);
  smtp_test_session_begin (&session, script, "hello\n", -1, limits);
  g_assert_false (smtp_test_session_submit (&session, ben, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PINION_ERROR,
                  (int) (questions[question].unknown ? PINION_ERROR_OUTCOME_UNKNOWN : code));
  g_assert_false (pinion_smtp_connection_is_open (session.connection));
  smtp_test_session_drop (&session);
}

static DexFuture *
test_nonsense (gpointer data)
{
  static const struct
  {
    const char *answer;
    PinionErrorCode code;
  } cases[] = {
    { "S- \\x00\\xff\\x13\\n\n{end}", PINION_ERROR_PROTOCOL },
    { "S: yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 150 yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 650 yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 2500 yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 25\n{end}", PINION_ERROR_PROTOCOL },
    { "S- 25\\0 yes\\r\\n\n{end}", PINION_ERROR_PROTOCOL },
    { "S- 250\\0yes\\r\\n\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 250-yes\nS: 550 no\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 550-no\nS: 250 yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 220 yes\n{end}", PINION_ERROR_PROTOCOL },
    { "S: 334 what\n{end}", PINION_ERROR_PROTOCOL },
    { "{repeat 0 250-yes\\r\\n}", PINION_ERROR_TOO_LARGE },
    { "{repeat 0 250-yes}", PINION_ERROR_TOO_LARGE },
    { "{close}", PINION_ERROR_CONNECTION_LOST },
    { "{reset}", PINION_ERROR_CONNECTION_LOST },
    { "S- 2\n{close}", PINION_ERROR_CONNECTION_LOST },
    { "S- 250-yes\\r\\n\n{close}", PINION_ERROR_CONNECTION_LOST },
    { "S- 250 yes\n{reset}", PINION_ERROR_CONNECTION_LOST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint question = 0; question < G_N_ELEMENTS (questions); question++)
      assert_not_sent (question, cases[i].answer, cases[i].code, NULL);

  return dex_future_new_true ();
}

typedef struct
{
  guint question;
  const char *answer;
} Stall;

static DexFuture *
stall_submission_fiber (gpointer data)
{
  Stall *stall = data;
  PinionSmtpLimits limits = smtp_test_limits;

  *(questions[stall->question].unknown ? &limits.final
    : stall->question == 2             ? &limits.data
                                       : &limits.command) = HASTE;
  assert_not_sent (stall->question, stall->answer, PINION_ERROR_TIMED_OUT, &limits);

  return dex_future_new_true ();
}

static DexFuture *
test_stall (gpointer data)
{
  static const char *const answers[] = { "{hold}", "S- 250-yes\\r\\n25\n{hold}",
                                         "{repeat 40 250-yes\\r\\n}" };
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < G_N_ELEMENTS (answers) * G_N_ELEMENTS (questions); i++)
    {
      Stall stall = { i % G_N_ELEMENTS (questions), answers[i / G_N_ELEMENTS (questions)] };

      g_ptr_array_add (futures,
                       dex_scheduler_spawn (NULL, 0, stall_submission_fiber,
                                            g_memdup2 (&stall, sizeof stall), g_free));
    }
  await_all (futures);

  return dex_future_new_true ();
}

/* A yes too many, which would pass for the answer to the next question, and in the end for "sent" */
static DexFuture *
test_early_yes (gpointer data)
{
  static const char *const scripts[] = {
    START MAIL "S- 250 ok\\r\\n250 ok\\r\\n\n{end}",
    START MAIL OK RCPT "S- 250 ok\\r\\n354 go\\r\\n\n{end}",
    START MAIL OK RCPT "S- 250 ok\\r\\n25\n{delay 50}\nS- 0 ok\\r\\n\n{end}",
    START MAIL OK RCPT OK DATA "S- 354 go\\r\\n250 queued\\r\\n\n{hold}",
    START MAIL OK RCPT OK DATA "S- 354 go\\r\\n2\n{hold}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      SmtpTestSession session;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", scripts[i]);
      smtp_test_session_begin (&session, scripts[i], "hello\n", -1, NULL);
      g_assert_false (smtp_test_session_submit (&session, ben, &error));
      g_test_message ("%s", error->message);
      g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL) ||
                     pinion_error_is (error, PINION_ERROR_CONNECTION_LOST));
      g_assert_false (pinion_smtp_connection_is_open (session.connection));

      /* The end was not told, so that there is no message. */
      g_autoptr (GByteArray) sent = smtp_test_session_end (&session);
      g_assert_null (g_strstr_len ((const char *) sent->data, sent->len, "\r\n.\r\n"));
    }

  return dex_future_new_true ();
}

/* -- Large messages ------------------------------------------------------------------------- */

static GString *
make_large (gsize size)
{
  GString *text = g_string_sized_new (size + 100);

  g_string_append (text, "Subject: x\r\n\r\n");
  while (text->len < size)
    g_string_append (text, "................................................................\r\n");

  return text;
}

static GError *
fail_to_send_large (const char             *script,
                    gsize                   size,
                    const PinionSmtpLimits *limits)
{
  g_autoptr (GString) message = make_large (size);
  SmtpTestSession session;
  GError *error = NULL;

  smtp_test_session_begin (&session, script, message->str, (gssize) message->len, limits);
  g_assert_false (smtp_test_session_submit (&session, ben, &error));
  g_test_message ("%s", error->message);
  g_assert_false (pinion_smtp_connection_is_open (session.connection));
  smtp_test_session_drop (&session);

  return error;
}

/* A word in the middle is the last one: whether no, yes, or nonsense. */
static DexFuture *
test_interruption (gpointer data)
{
  static const struct
  {
    const char *word;
    PinionErrorCode code;
  } cases[] = {
    { "S: 552 5.3.4 too large\n{hold}", PINION_ERROR_MESSAGE_TOO_LARGE },
    { "S: 451 4.3.0 later\n{hold}", PINION_ERROR_SERVER_UNAVAILABLE },
    { "S: 421 4.4.2 submission rate\n{hold}", PINION_ERROR_THROTTLED },
    { "S: 250 queued\n{hold}", PINION_ERROR_PROTOCOL },
    { "S: what\n{hold}", PINION_ERROR_CONNECTION_LOST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = g_strconcat (START MAIL OK RCPT OK DATA GO "{read 100000}\n",
                                             cases[i].word, NULL);
      g_autoptr (GError) error = fail_to_send_large (script, 4 * 1024 * 1024, NULL);

      g_assert_error (error, PINION_ERROR, (int) cases[i].code);
    }

  return dex_future_new_true ();
}

/* A server that stops to listen, and one that listens byte by byte */
static DexFuture *
test_slow_reader (gpointer data)
{
  g_autoptr (GString) trickle = g_string_new (START MAIL OK RCPT OK DATA GO);
  PinionSmtpLimits limits = smtp_test_limits;

  limits.data = 600;
  g_autoptr (GError) deaf = fail_to_send_large (START MAIL OK RCPT OK DATA GO "{delay 9000}",
                                                24 * 1024 * 1024, &limits);
  g_assert_error (deaf, PINION_ERROR, PINION_ERROR_TIMED_OUT);

  for (guint i = 0; i < 300; i++)
    g_string_append (trickle, "{read 1}\n{delay 30}\n");
  g_autoptr (GError) slow = fail_to_send_large (trickle->str, 24 * 1024 * 1024, &limits);
  g_assert_error (slow, PINION_ERROR, PINION_ERROR_TIMED_OUT);

  return dex_future_new_true ();
}

/* -- What goes out -------------------------------------------------------------------------- */

static DexFuture *
test_addresses (gpointer data)
{
  static const char *const nasty[] = {
    "",
    "@",
    "ben",
    "@example.org",
    "ben@",
    "ben@example.org\r\nRCPT TO:<eve@evil.example>",
    "ben@example.org\nDATA",
    "ben@example.org\r",
    "ben\r\n@example.org",
    "\"ben\r\n RCPT TO:<eve@evil.example>\"@example.org",
    "\"ben\\\r\nDATA\"@example.org",
    "\"ben\n\"@example.org",
    "\"ben\"> SIZE=1\"@example.org",
    "\"ben\\\"@example.org",
    "ben@example.org> NOTIFY=NEVER",
    "ben@example.org>",
    "<ben@example.org>",
    "ben @example.org",
    "ben@exam ple.org",
    "ben@example.org SIZE=1",
    "ben\x7f@example.org",
    "ben\x01@example.org",
    "ben\t@example.org",
    "ben\xc2\x85@example.org",
    "ben\xe2\x80\xa8@example.org",
    "ben\xff@example.org",
    "ben@example\xe2\x80\xa8.org",
    "ben@[127.0.0.1]\r\nDATA",
    "ben@[127.0.0.1> X]",
    "@evil.example,@worse.example:ben@example.org",
    "ben@example..org",
    "ben@.example.org",
    "ben@example.org@",
    "ben,eve@evil.example@example.org",
  };
  SmtpTestSession session;

  /* Not a byte leaves for any of them. */
  smtp_test_session_begin (&session, SMTP_TEST_START ("S: 250-SMTPUTF8\nS: 250-PIPELINING\n") "{end}",
                           "hello\n", -1, NULL);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (nasty); i++)
    {
      const char *recipients[] = { "cy@example.org", i % 2 ? nasty[i / 2] : "di@example.org", NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", nasty[i / 2]);
      g_assert_false (dex_await (
          pinion_smtp_connection_submit (session.connection,
                                         i % 2 ? "ana@example.com" : nasty[i / 2], recipients,
                                         session.file),
          &error));
      g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
      g_assert_null (strpbrk (error->message, "\r\n"));
      g_assert_true (pinion_smtp_connection_is_open (session.connection));
    }
  g_byte_array_unref (smtp_test_session_end (&session));

  return dex_future_new_true ();
}

/* Whatever a good-bye is answered with, it is one. */
static DexFuture *
test_good_bye (gpointer data)
{
  static const char *const scripts[] = {
    START "C: QUIT\nS: 221 bye\n{end}",
    START "C: QUIT\n{close}",
    START "C: QUIT\n{reset}",
    START "C: QUIT\nS: 500 stay\n{end}",
    START "C: QUIT\n{repeat 0 221-and\\r\\n}",
    START "C: QUIT\n{repeat 0 and}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      SmtpTestSession session;
      g_autoptr (GError) error = NULL;

      smtp_test_session_begin (&session, scripts[i], "", 0, NULL);
      dex_await (pinion_smtp_connection_quit (session.connection), &error);
      g_assert_no_error (error);
      g_assert_false (pinion_smtp_connection_is_open (session.connection));
      g_byte_array_unref (smtp_test_session_end (&session));
    }

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/smtp/hostile/greetings", test_greetings);
  pinion_test_add_fiber ("/smtp/hostile/hellos", test_hellos);
  pinion_test_add_fiber ("/smtp/hostile/starttls-answers", test_starttls_answers);
  pinion_test_add_fiber ("/smtp/hostile/inside", test_inside);
  pinion_test_add_fiber ("/smtp/hostile/certificates", test_certificates);
  pinion_test_add_fiber ("/smtp/hostile/connect-cut", test_connect_cut);
  pinion_test_add_fiber ("/smtp/hostile/connect-stall", test_connect_stall);
  pinion_test_add_fiber ("/smtp/hostile/tarpit", test_tarpit);
  pinion_test_add_fiber ("/smtp/hostile/nonsense", test_nonsense);
  pinion_test_add_fiber ("/smtp/hostile/stall", test_stall);
  pinion_test_add_fiber ("/smtp/hostile/early-yes", test_early_yes);
  pinion_test_add_fiber ("/smtp/hostile/interruption", test_interruption);
  pinion_test_add_fiber ("/smtp/hostile/slow-reader", test_slow_reader);
  pinion_test_add_fiber ("/smtp/hostile/addresses", test_addresses);
  pinion_test_add_fiber ("/smtp/hostile/good-bye", test_good_bye);

  return g_test_run ();
}
