/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-connection.h"

#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

#include <string.h>

#define PASSWORD "hunter2 is secret"
/* \0ana@example.com\0 and the password */
#define PLAIN "AGFuYUBleGFtcGxlLmNvbQBodW50ZXIyIGlzIHNlY3JldA=="
#define PASSWORD64 "aHVudGVyMiBpcyBzZWNyZXQ="

#define HELLO "S: 220 mail.example.com ready\nC: EHLO [127.0.0.1]\n"
#define OFFER "S: 250-mail.example.com\nS: 250-STARTTLS\nS: 250 8BITMIME\nC: STARTTLS\n"
#define GO_AHEAD "S: 220 2.0.0 SMTP server ready\n"
#define AGAIN "C: EHLO [127.0.0.1]\n"

static const PinionSmtpLimits limits = {
  .net = { .resolve = 8000, .reach = 8000, .handshake = 8000 },
  .greeting = 8000,
  .command = 8000,
  .sign_in = 8000,
  .data = 8000,
  .final = 8000,
};

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  static const char marks[] = { '?', '+', '!' };
  GString *log = user_data;

  g_assert_cmpint (protocol, ==, PINION_PROTOCOL_SMTP);
  g_string_append_printf (log, "%s%c ", pinion_stage_to_string (stage), marks[state]);
}

typedef struct
{
  PinionServer server;
  PinionTestPeer *peer;
  GString *log;
} Fixture;

static PinionSmtpConnection *
connect_to (Fixture                *self,
            const PinionSmtpLimits *some_limits,
            GError                **error)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (PASSWORD);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (on_stage, self->log, NULL);

  return dex_await_object (pinion_smtp_connect (&self->server, secret, pinion_test_certs_get_ca (),
                                                some_limits, sink),
                           error);
}

static void
fixture_init (Fixture         *self,
              const char      *script,
              PinionEncryption encryption)
{
  memset (self, 0, sizeof *self);
  self->peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  self->log = g_string_new (NULL);
  pinion_test_peer_fill_server (self->peer, encryption, &self->server);
}

static GByteArray *
fixture_finish (Fixture *self)
{
  dex_await (dex_timeout_new_msec (20), NULL);
  pinion_server_clear (&self->server);
  g_string_free (self->log, TRUE);

  return pinion_test_peer_finish (self->peer);
}

/* -- It works ------------------------------------------------------------------------------- */

static DexFuture *
test_starttls (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                HELLO OFFER GO_AHEAD "{tls}\n" AGAIN
                                     "S: 250-mail.example.com\n"
                                     "S: 250-SIZE 1000\n"
                                     "S: 250 AUTH GSSAPI NTLM LOGIN\n"
                                     "C: AUTH LOGIN\n"
                                     "S: 334 VXNlcm5hbWU6\n"
                                     "C: YW5hQGV4YW1wbGUuY29t\n"
                                     "S: 334 UGFzc3dvcmQ6\n"
                                     "C: " PASSWORD64 "\n"
                                     "S: 235 2.7.0 Authentication successful\n"
                                     "C: QUIT\n"
                                     "S: 221 bye\n"
                                     "{end}",
                PINION_ENCRYPTION_STARTTLS);
  g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
  g_assert_no_error (error);
  g_assert_true (pinion_smtp_connection_is_open (connection));
  g_assert_cmpuint (pinion_smtp_connection_get_max_size (connection), ==, 1000);
  g_assert_cmpstr (f.log->str, ==,
                   "resolve? resolve+ reach? reach+ greeting? greeting+ tls? tls+ "
                   "certificate? certificate+ sign-in? sign-in+ ");

  dex_await (pinion_smtp_connection_quit (connection), &error);
  g_assert_no_error (error);
  g_assert_false (pinion_smtp_connection_is_open (connection));
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

static DexFuture *
test_tls (gpointer data)
{
  static const char *const drips[] = { "", "{drip}\n" };

  for (guint i = 0; i < G_N_ELEMENTS (drips); i++)
    {
      g_autofree char *script = g_strconcat ("{tls}\n", drips[i],
                                             HELLO "S: 250-mail.example.com\n"
                                                   "S: 250 AUTH LOGIN PLAIN\n"
                                                   "C: AUTH PLAIN " PLAIN "\n"
                                                   "S: 235 ok\n{end}",
                                             NULL);
      Fixture f;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, script, PINION_ENCRYPTION_TLS);
      g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (f.log->str, ==,
                       "resolve? resolve+ reach? reach+ tls? tls+ certificate? certificate+ "
                       "greeting? greeting+ sign-in? sign-in+ ");
      g_clear_object (&connection);
      g_byte_array_unref (fixture_finish (&f));
    }

  return dex_future_new_true ();
}

static DexFuture *
test_mailbox_name (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  /* CORP\ana\sales signs in as CORP\ana. */
  fixture_init (&f,
                "{tls}\n" HELLO "S: 250-x\nS: 250 AUTH LOGIN\n"
                "C: AUTH LOGIN\nS: 334 \nC: Q09SUFxhbmE=\nS: 334\nC: " PASSWORD64 "\n"
                "S: 235 ok\n{end}",
                PINION_ENCRYPTION_TLS);
  g_set_str (&f.server.user, "CORP\\ana\\sales");
  g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
  g_assert_no_error (error);
  g_clear_object (&connection);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

/* -- It fails ------------------------------------------------------------------------------- */

/* Plays @script; the connection has to fail, and no form of the password to be in the error. */
static GError *
fail_to_connect (const char      *script,
                 PinionEncryption encryption,
                 PinionErrorCode  code,
                 PinionStage      stage)
{
  Fixture f;
  GError *error = NULL;

  g_test_message ("%s", script);
  fixture_init (&f, script, encryption);
  g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
  g_assert_null (connection);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_SMTP);
  g_assert_cmpint (pinion_error_get_stage (error), ==, stage);
  g_assert_true (g_str_has_suffix (f.log->str, "! "));
  g_assert_cmpstr (pinion_error_get_detail (error, "host"), ==, "localhost");

  const char *text = pinion_error_get_detail (error, "server-text");
  g_assert_null (strstr (error->message, PASSWORD));
  g_assert_null (strstr (error->message, PASSWORD64));
  g_assert_null (strstr (error->message, PLAIN));
  g_assert_true (text == NULL || strstr (text, PASSWORD) == NULL);
  g_assert_true (text == NULL || strstr (text, PLAIN) == NULL);
  g_byte_array_unref (fixture_finish (&f));

  return error;
}

static void
assert_starttls (const char     *script,
                 PinionErrorCode code,
                 PinionStage     stage)
{
  g_autoptr (GError) error = fail_to_connect (script, PINION_ENCRYPTION_STARTTLS, code, stage);
}

static void
assert_tls (const char     *script,
            PinionErrorCode code,
            PinionStage     stage)
{
  g_autofree char *whole = g_strconcat ("{tls}\n", script, NULL);
  g_autoptr (GError) error = fail_to_connect (whole, PINION_ENCRYPTION_TLS, code, stage);
}

static DexFuture *
test_greeting (gpointer data)
{
  assert_starttls ("S: * OK IMAP4 ready\n{end}", PINION_ERROR_GREETING_UNEXPECTED,
                   PINION_STAGE_GREETING);
  assert_starttls ("S: 250 hello\n{end}", PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING);
  assert_starttls ("S: 554 go away\n{end}", PINION_ERROR_GREETING_REFUSED, PINION_STAGE_GREETING);
  assert_starttls ("S: 421 4.3.2 Service not active\n{end}", PINION_ERROR_SERVER_UNAVAILABLE,
                   PINION_STAGE_GREETING);
  assert_starttls ("{close}", PINION_ERROR_CONNECTION_LOST, PINION_STAGE_GREETING);
  assert_starttls ("S- \\x15\\x03\\x01\\x00\\x02\\x02\\x46\\n\n{hold}", PINION_ERROR_NEEDS_TLS,
                   PINION_STAGE_GREETING);
  assert_starttls (HELLO "S: 502 what\n{end}", PINION_ERROR_REFUSED, PINION_STAGE_GREETING);
  assert_starttls (HELLO "S: 250-a\nS: 220 b\n{end}", PINION_ERROR_PROTOCOL, PINION_STAGE_GREETING);
  assert_starttls (HELLO "{close}", PINION_ERROR_CONNECTION_LOST, PINION_STAGE_GREETING);

  return dex_future_new_true ();
}

/* Nothing but EHLO and STARTTLS leaves in clear, whatever the server does: {end} watches. */
static DexFuture *
test_no_starttls (gpointer data)
{
  assert_starttls (HELLO "S: 250-x\nS: 250 AUTH PLAIN LOGIN\n{end}", PINION_ERROR_STARTTLS_MISSING,
                   PINION_STAGE_TLS);
  assert_starttls (HELLO "S: 250 STARTTLS\n{end}", PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "S: 502 no\n{end}", PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "S: 454 4.7.0 later\n{end}", PINION_ERROR_SERVER_UNAVAILABLE,
                   PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "S: 250 what\n{end}", PINION_ERROR_PROTOCOL, PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "{close}", PINION_ERROR_CONNECTION_LOST, PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "S: junk\n{end}", PINION_ERROR_PROTOCOL, PINION_STAGE_TLS);

  return dex_future_new_true ();
}

static DexFuture *
test_injection (gpointer data)
{
  /* In the same packet as the agreement, as a whole reply or the start of one; and just after it */
  assert_starttls (HELLO OFFER "S- 220 go\\r\\n250 AUTH PLAIN\\r\\n\n{end}",
                   PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER "S- 220 go\\r\\n2\n{end}", PINION_ERROR_DATA_BEFORE_ENCRYPTION,
                   PINION_STAGE_TLS);
  assert_starttls (HELLO OFFER GO_AHEAD "{read 5}\nS: 250 injected\n{hold}",
                   PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_STAGE_TLS);

  return dex_future_new_true ();
}

/* What was said in clear is forgotten: AUTH from there is not offered any more. */
static DexFuture *
test_forgets (gpointer data)
{
  assert_starttls (HELLO "S: 250-x\nS: 250-AUTH PLAIN\nS: 250 STARTTLS\nC: STARTTLS\n" GO_AHEAD
                         "{tls}\n" AGAIN "S: 250 mail.example.com\n{end}",
                   PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN);

  return dex_future_new_true ();
}

static DexFuture *
test_certificate (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "", PINION_ENCRYPTION_STARTTLS);
  pinion_test_peer_stop (f.peer);
  f.peer = pinion_test_peer_new (HELLO OFFER GO_AHEAD "{tls-fail}",
                                 pinion_test_certs_get ("other-name"));
  pinion_test_peer_fill_server (f.peer, PINION_ENCRYPTION_STARTTLS, &f.server);
  g_assert_null (connect_to (&f, &limits, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CERTIFICATE_OTHER_NAME);
  g_assert_nonnull (pinion_error_get_detail (error, "sha256"));
  g_assert_true (g_str_has_suffix (f.log->str, "certificate? certificate! "));
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

#define OFFER_PLAIN HELLO "S: 250-x\nS: 250 AUTH PLAIN\n"
#define OFFER_LOGIN HELLO "S: 250-x\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n"

static DexFuture *
test_sign_in (gpointer data)
{
  assert_tls (OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\n"
                          "S: 535 5.7.3 Authentication unsuccessful\n{end}",
              PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN);
  assert_tls (OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\nS: 454 4.7.0 later\n{end}",
              PINION_ERROR_SERVER_UNAVAILABLE, PINION_STAGE_SIGN_IN);
  assert_tls (OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\nS: 421 4.3.2 full\n{end}",
              PINION_ERROR_SERVER_UNAVAILABLE, PINION_STAGE_SIGN_IN);
  assert_tls (OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\n{close}", PINION_ERROR_CONNECTION_LOST,
              PINION_STAGE_SIGN_IN);
  assert_tls (HELLO "S: 250-x\nS: 250 AUTH CRAM-MD5 GSSAPI\n{end}",
              PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN);
  assert_tls (HELLO "S: 250-x\nS: 250 AUTH\n{end}", PINION_ERROR_SIGN_IN_NO_MECHANISM,
              PINION_STAGE_SIGN_IN);
  /* A server that keeps asking, accepts too early, or asks nonsense */
  assert_tls (OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\nS: 334 bW9yZQ==\n{end}", PINION_ERROR_PROTOCOL,
              PINION_STAGE_SIGN_IN);
  assert_tls (OFFER_LOGIN "S: 235 welcome\n{end}", PINION_ERROR_PROTOCOL, PINION_STAGE_SIGN_IN);
  assert_tls (OFFER_LOGIN "S: 334 !!!\n{end}", PINION_ERROR_PROTOCOL, PINION_STAGE_SIGN_IN);

  return dex_future_new_true ();
}

#define SIGNS_IN_ANEW "{end}\n{next}\n{tls}\n" HELLO

/* What the server offers and does not know is followed by another one, on a fresh connection; a
 * password that was judged is not. */
static DexFuture *
test_another_mechanism (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                "{tls}\n" HELLO "S: 250-x\nS: 250 AUTH SCRAM-SHA-256 LOGIN PLAIN\n"
                "C~ AUTH SCRAM-SHA-256 eSws[A-Za-z0-9+/]+=*\nS: 535 5.7.8 no such thing here\n"
                SIGNS_IN_ANEW "S: 250-x\nS: 250 AUTH SCRAM-SHA-256 PLAIN\n"
                "C~ AUTH SCRAM-SHA-256 biws[A-Za-z0-9+/]+=*\nS: 535 5.7.8 no such thing here\n"
                SIGNS_IN_ANEW "S: 250-x\nS: 250 AUTH SCRAM-SHA-256 LOGIN PLAIN\n"
                "C: AUTH PLAIN " PLAIN "\nS: 235 ok\n{end}",
                PINION_ENCRYPTION_TLS);
  g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
  g_assert_no_error (error);
  g_assert_null (strchr (f.log->str, '!'));
  g_clear_object (&connection);
  g_byte_array_unref (fixture_finish (&f));

  assert_tls (HELLO "S: 250-x\nS: 250 AUTH LOGIN PLAIN\n"
              "C: AUTH PLAIN " PLAIN "\nS: 504 5.7.4 Unrecognized authentication type\n"
              SIGNS_IN_ANEW "S: 250-x\nS: 250 AUTH LOGIN PLAIN\n"
              "C: AUTH LOGIN\nS: 334 \nC: YW5hQGV4YW1wbGUuY29t\nS: 334\nC: " PASSWORD64 "\n"
              "S: 535 5.7.3 Authentication unsuccessful\n{end}",
              PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN);

  return dex_future_new_true ();
}

/* MS-NLMP's example of a challenge, as base64 */
#define NTLM_CHALLENGE                                                                             \
  "TlRMTVNTUAACAAAADAAMADgAAAAxgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwA" \
  "RABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA="

/* Exchange's dialogue where nothing else is allowed; an older system cannot, and says so. */
static DexFuture *
test_ntlm (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f,
                "{tls}\n" HELLO "S: 250-x\nS: 250 AUTH GSSAPI NTLM\n"
                "C: AUTH NTLM\nS: 334 NTLM supported\n"
                "C~ TlRMTVNTUAAB[A-Za-z0-9+/]+=*\nS: 334 " NTLM_CHALLENGE "\n"
                "C~ TlRMTVNTUAAD[A-Za-z0-9+/]+=*\nS: 235 2.7.0 Authentication successful\n{end}",
                PINION_ENCRYPTION_TLS);
  g_autoptr (PinionSmtpConnection) connection = connect_to (&f, &limits, &error);
  if (pinion_error_is (error, PINION_ERROR_SIGN_IN_NO_MECHANISM))
    {
      g_assert_nonnull (strstr (error->message, "gss-ntlmssp"));
      g_assert_nonnull (strstr (error->message, "GSSAPI NTLM"));
      pinion_test_peer_stop (g_steal_pointer (&f.peer));
      g_test_skip ("gss-ntlmssp is not installed");
      return dex_future_new_true ();
    }

  g_assert_no_error (error);
  g_clear_object (&connection);
  g_byte_array_unref (fixture_finish (&f));

  return dex_future_new_true ();
}

/* A server that says the password back: it is in no error. */
static DexFuture *
test_echo (gpointer data)
{
  g_autoptr (GError) error = fail_to_connect (
      "{tls}\n" OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\nS: 535-5.7.8 no: " PASSWORD
      "\nS: 535 5.7.8 " PLAIN "\n{end}",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN);

  g_assert_cmpstr (pinion_error_get_detail (error, "server-text"), ==,
                   "535 5.7.8 no: *** 5.7.8 ***");
  g_assert_cmpstr (pinion_error_get_detail (error, "user"), ==, "ana@example.com");

  return dex_future_new_true ();
}

/* -- Time ----------------------------------------------------------------------------------- */

static void
assert_slow (const char      *script,
             PinionErrorCode  code,
             PinionStage      stage)
{
  PinionSmtpLimits hasty = limits;
  Fixture f;
  g_autoptr (GError) error = NULL;

  hasty.greeting = 200;
  hasty.sign_in = 200;
  hasty.net.handshake = 500;
  fixture_init (&f, script,
                g_str_has_prefix (script, "{tls}") ? PINION_ENCRYPTION_TLS
                                                   : PINION_ENCRYPTION_STARTTLS);
  hasty.net.handshake = g_str_has_prefix (script, "{tls}") ? 8000 : 500;
  g_assert_null (connect_to (&f, &hasty, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpint (pinion_error_get_stage (error), ==, stage);
  g_byte_array_unref (fixture_finish (&f));
}

static DexFuture *
test_slow (gpointer data)
{
  assert_slow ("{hold}", PINION_ERROR_TIMED_OUT, PINION_STAGE_GREETING);
  assert_slow ("{tls-fail}", PINION_ERROR_NEEDS_TLS, PINION_STAGE_GREETING);
  assert_slow (HELLO "S- 250-a\n{hold}", PINION_ERROR_TIMED_OUT, PINION_STAGE_GREETING);
  /* Bytes that trickle in do not move the deadline. */
  assert_slow (HELLO "{repeat 50 250-a\\r\\n}",
               PINION_ERROR_TIMED_OUT, PINION_STAGE_GREETING);
  assert_slow ("{tls}\n" OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\n{hold}", PINION_ERROR_TIMED_OUT,
               PINION_STAGE_SIGN_IN);

  return dex_future_new_true ();
}

/* Who loses interest ends it: the server sees the line go, and not a word more. */
static DexFuture *
test_cancel (gpointer data)
{
  static const char *const scripts[] = {
    "{end}", HELLO "{end}", HELLO OFFER "{end}", HELLO OFFER GO_AHEAD "{tls}\n" AGAIN "{end}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      Fixture f;
      g_autoptr (PinionSecret) secret = pinion_secret_new (PASSWORD);
      g_autoptr (GError) error = NULL;

      fixture_init (&f, scripts[i], PINION_ENCRYPTION_STARTTLS);
      g_assert_false (dex_await (dex_future_first (pinion_smtp_connect (&f.server, secret,
                                                                        pinion_test_certs_get_ca (),
                                                                        &limits, NULL),
                                                   dex_timeout_new_msec (300), NULL),
                                 &error));
      g_assert_error (error, DEX_ERROR, DEX_ERROR_TIMED_OUT);
      g_byte_array_unref (fixture_finish (&f));
    }

  return dex_future_new_true ();
}

/* -- Logs ----------------------------------------------------------------------------------- */

static DexFuture *
log_fiber (gpointer data)
{
  test_starttls (NULL);
  return test_echo (NULL);
}

static void
test_log (void)
{
  if (g_test_subprocess ())
    {
      g_setenv ("PINION_DEBUG", "traffic", TRUE);
      /* The script is shown by a failing test only. */
      g_assert_true (pinion_test_wait (dex_scheduler_spawn (NULL, 0, log_fiber, NULL, NULL), NULL));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*C: EHLO*C: ????smtp*");
  g_test_trap_assert_stderr_unmatched ("*hunter2*");
  g_test_trap_assert_stderr_unmatched ("*" PASSWORD64 "*");
  g_test_trap_assert_stderr_unmatched ("*" PLAIN "*");
}

/* -- Asked before --------------------------------------------------------------------------- */

typedef struct
{
  guint allowed;
  guint asked;
} Permit;

static guint
on_permit (PinionServer *server,
           gpointer      user_data)
{
  Permit *permit = user_data;

  permit->asked++;
  dex_await (dex_timeout_new_msec (10), NULL);
  g_set_str (&server->user, "ana@example.com");

  return permit->allowed;
}

static PinionSmtpConnection *
connect_permitted (Fixture *self,
                   Permit  *permit,
                   GError **error)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (PASSWORD);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (on_stage, self->log, NULL);

  g_set_str (&self->server.user, "nobody yet");
  return dex_await_object (pinion_smtp_connect_with_permit (&self->server, secret,
                                                            pinion_test_certs_get_ca (), &limits,
                                                            sink, on_permit, permit),
                           error);
}

/* Whoever waited too long for the sake of somebody else may begin anew, once. */
static DexFuture *
test_permit (gpointer data)
{
  static const struct
  {
    const char *script;
    guint allowed;
    int code;
  } cases[] = {
    { OFFER_PLAIN "C: AUTH PLAIN " PLAIN "\nS: 235 ok\n{end}", 3, -1 },
    { OFFER_PLAIN "{end}", 0, PINION_ERROR_CANCELLED },
    { OFFER_PLAIN "C~ AUTH PLAIN .*\n{close}\n{next}\n{tls}\n" OFFER_PLAIN "C: AUTH PLAIN " PLAIN
                  "\nS: 235 ok\n{end}",
      3, -1 },
    { OFFER_PLAIN "C~ AUTH PLAIN .*\n{close}", 1, PINION_ERROR_CONNECTION_LOST },
    { OFFER_PLAIN "C~ AUTH PLAIN .*\nS: 535 5.7.3 no\n{end}", 3, PINION_ERROR_SIGN_IN_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f;
      Permit permit = { .allowed = cases[i].allowed };
      g_autoptr (GError) error = NULL;
      g_autofree char *script = g_strconcat ("{tls}\n", cases[i].script, NULL);

      fixture_init (&f, script, PINION_ENCRYPTION_TLS);
      g_autoptr (PinionSmtpConnection) connection = connect_permitted (&f, &permit, &error);
      g_assert_cmpuint (permit.asked, ==, 1);
      if (cases[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, PINION_ERROR, cases[i].code);
      /* Nobody is told of what was not wanted. */
      if (cases[i].allowed == 0)
        g_assert_null (strchr (f.log->str, '!'));
      g_clear_object (&connection);
      g_byte_array_unref (fixture_finish (&f));
    }

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/smtp/connect/starttls", test_starttls);
  pinion_test_add_fiber ("/smtp/connect/tls", test_tls);
  pinion_test_add_fiber ("/smtp/connect/mailbox-name", test_mailbox_name);
  pinion_test_add_fiber ("/smtp/connect/greeting", test_greeting);
  pinion_test_add_fiber ("/smtp/connect/permit", test_permit);
  pinion_test_add_fiber ("/smtp/connect/no-starttls", test_no_starttls);
  pinion_test_add_fiber ("/smtp/connect/injection", test_injection);
  pinion_test_add_fiber ("/smtp/connect/forgets", test_forgets);
  pinion_test_add_fiber ("/smtp/connect/certificate", test_certificate);
  pinion_test_add_fiber ("/smtp/connect/sign-in", test_sign_in);
  pinion_test_add_fiber ("/smtp/connect/another-mechanism", test_another_mechanism);
  pinion_test_add_fiber ("/smtp/connect/ntlm", test_ntlm);
  pinion_test_add_fiber ("/smtp/connect/echo", test_echo);
  pinion_test_add_fiber ("/smtp/connect/slow", test_slow);
  pinion_test_add_fiber ("/smtp/connect/cancel", test_cancel);
  g_test_add_func ("/smtp/connect/log", test_log);

  return g_test_run ();
}
