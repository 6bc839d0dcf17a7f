/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers, and those between, that mean harm: up to being signed in.  What they do to a session
 * that is signed in is in test-hostile-session.c, to what we send in test-injection.c.
 *
 * Requirement or record       Test ("starttls/" stands for all that begin so)
 * --------------------------  ------------------------------------------------------------------
 * No way round encryption     starttls/; setup/starttls-refusals
 *   CVE-2016-10727            starttls/not-offered
 *   CVE-2020-28896            greeting/; setup/greetings
 * Nothing before encryption   starttls/injected-, starttls/early-answers
 *   CVE-2020-14954, -15917,   starttls/injected-tagged, -untagged, -half-line, -half-literal
 *   CVE-2020-15953            (SMTP's are with SMTP)
 *   leftover after STARTTLS   starttls/injected-line-end, -nul
 * Nothing learned in clear    starttls/forgets, starttls/forgets-words
 *   CVE-2020-15685            starttls/forgets, starttls/injected-untagged
 *   CVE-2021-29969            starttls/forgets-words (alerts, referrals)
 * Data in the wrong state     wrong-state; setup/mechanisms
 * PREAUTH                     preauth/; setup/greetings
 *   CVE-2014-2567,            preauth/clear, preauth/clear-with-capabilities, starttls/preauth
 *   CVE-2020-12398, -14093
 *   CVE-2020-16118            preauth/tls, preauth/no-text
 * Referrals                   referral
 * Certificates                certificate/
 *   CVE-2020-13645            certificate/other-name-tls, -starttls
 * Mechanisms                  sign-in/; setup/sign-in-refusals
 * The password and its host   referral
 * Bounds                      bounds/
 *   CVE-2020-16117            capability/minimal
 *   CVE-2018-14349            capability/no-text, sign-in/no-text
 *   numbers, overflows        greeting/huge-literal, -overflowing-literal, -negative-literal
 */

#include <string.h>

#include "imap-test-hostile.h"

/* Up to the answer to STARTTLS */
#define STARTTLS                                                                                   \
  HOSTILE_GREETING HOSTILE_CAPABILITY ("IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR")                    \
  "C: $tag STARTTLS\n"

#define TLS "{tls}\n" HOSTILE_GREETING

/* @certificate: "good" where %NULL.  Nothing secret may be sent unless @signs_in. */
typedef struct
{
  const char *name;
  PinionEncryption encryption;
  const char *script;
  PinionErrorCode code;
  gboolean signs_in;
  const char *certificate;
} Attack;

static const Attack attacks[] = {
  /* -- The answer to STARTTLS --------------------------------------------------------------- */
  { "starttls/not-offered", PINION_ENCRYPTION_STARTTLS,
    "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] zebra\n"
    HOSTILE_CAPABILITY ("IMAP4rev1 AUTH=PLAIN SASL-IR") "{end}\n",
    PINION_ERROR_STARTTLS_MISSING },
  { "starttls/no-text", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: $tag NO\n{end}\n",
    PINION_ERROR_STARTTLS_MISSING },
  { "starttls/not-understood", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: $tag BAD\n{end}\n",
    PINION_ERROR_STARTTLS_MISSING },
  { "starttls/continuation", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: + go ahead\n{close}\n",
    PINION_ERROR_CONNECTION_LOST },
  { "starttls/untagged", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: * OK go ahead\n{close}\n",
    PINION_ERROR_CONNECTION_LOST },
  { "starttls/preauth", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: * PREAUTH zebra\n{close}\n",
    PINION_ERROR_CONNECTION_LOST },
  { "starttls/bye", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: * BYE\n{end}\n",
    PINION_ERROR_CONNECTION_LOST },
  { "starttls/other-tag", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: Z9 OK go\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "starttls/signed-in-tag", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: P3 OK signed in\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "starttls/no-handshake", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S: $tag OK go\n{read 5}\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\n{hold}\n",
    PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/closed", PINION_ENCRYPTION_STARTTLS, STARTTLS "S: $tag OK go\n{close}\n",
    PINION_ERROR_CONNECTION_LOST },

  /* -- Injected before the encryption ------------------------------------------------------- */
  { "starttls/injected-tagged", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\nP3 OK CAPABILITY completed.\\r\\n\n{end}\n",
    PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/injected-untagged", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\\r\\n\n{end}\n",
    PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/injected-half-line", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\n* OK [ALERT\n{end}\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/injected-half-literal", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\n* LIST () \"/\" {50}\\r\\nzebra\n{end}\n",
    PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/injected-line-end", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\n\\r\\n\n{end}\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/injected-nul", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S- $tag OK go\\r\\n\\0\n{end}\n", PINION_ERROR_DATA_BEFORE_ENCRYPTION },
  { "starttls/early-answers", PINION_ENCRYPTION_STARTTLS,
    "S- * OK hello\\r\\nP1 OK done\\r\\nP2 OK done\\r\\n\n{end}\n", PINION_ERROR_PROTOCOL },

  /* -- The greeting ------------------------------------------------------------------------- */
  { "preauth/clear", PINION_ENCRYPTION_STARTTLS, "S: * PREAUTH zebra\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "preauth/clear-with-capabilities", PINION_ENCRYPTION_STARTTLS,
    "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] zebra\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "preauth/tls", PINION_ENCRYPTION_TLS,
    "{tls}\nS: * PREAUTH [CAPABILITY IMAP4rev1 IDLE] zebra\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "preauth/no-text", PINION_ENCRYPTION_TLS, "{tls}\nS: * PREAUTH\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "greeting/empty", PINION_ENCRYPTION_STARTTLS, "S- \\r\\n\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "greeting/nul", PINION_ENCRYPTION_STARTTLS, "S: \\0\\0\\0\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "greeting/nearly", PINION_ENCRYPTION_STARTTLS, "S: * OKAY zebra\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "greeting/continuation", PINION_ENCRYPTION_STARTTLS, "S: + OK zebra\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "greeting/star", PINION_ENCRYPTION_STARTTLS, "S: *\n{end}\n", PINION_ERROR_PROTOCOL },
  { "greeting/no", PINION_ENCRYPTION_TLS, "{tls}\nS: * NO\n{end}\n",
    PINION_ERROR_GREETING_REFUSED },
  { "greeting/bye-no-text", PINION_ENCRYPTION_TLS, "{tls}\nS: * BYE\n{end}\n",
    PINION_ERROR_GREETING_REFUSED },
  { "greeting/negative-literal", PINION_ENCRYPTION_STARTTLS, "S: * LIST () \"/\" {-1}\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "greeting/huge-literal", PINION_ENCRYPTION_STARTTLS, "S: * X {4294967295}\n{end}\n",
    PINION_ERROR_TOO_LARGE },
  { "greeting/overflowing-literal", PINION_ENCRYPTION_STARTTLS,
    "S: * X {99999999999999999999}\n{end}\n", PINION_ERROR_TOO_LARGE },
  { "greeting/wrapping-literal", PINION_ENCRYPTION_STARTTLS,
    "S: * X {18446744073709551617}\n{end}\n", PINION_ERROR_TOO_LARGE },

  /* -- Capabilities ------------------------------------------------------------------------- */
  { "capability/minimal", PINION_ENCRYPTION_TLS,
    TLS "C: $tag CAPABILITY\nS: * CAPABILITY\nS: $tag OK\n{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "capability/no-text", PINION_ENCRYPTION_TLS, TLS "C: $tag CAPABILITY\nS: $tag NO\n{end}\n",
    PINION_ERROR_GREETING_REFUSED },
  { "capability/nul", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY ("\\0IMAP4rev1 AUTH=PLAIN") "{end}\n",
    PINION_ERROR_GREETING_UNEXPECTED },
  { "capability/half-a-literal", PINION_ENCRYPTION_TLS,
    TLS "C: $tag CAPABILITY\nS- * X {100}\\r\\nzebra\n{close}\n", PINION_ERROR_CONNECTION_LOST },

  /* -- Signing in --------------------------------------------------------------------------- */
  { "sign-in/only-unknown", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY ("IMAP4rev1 LOGINDISABLED AUTH=X-ZEBRA AUTH=") "{end}\n",
    PINION_ERROR_SIGN_IN_NO_MECHANISM },
  { "sign-in/challenge-no-base64", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY ("IMAP4rev1 AUTH=PLAIN")
    "C: $tag AUTHENTICATE PLAIN\nS: + give it to me!\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "sign-in/challenge-nul", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY ("IMAP4rev1 AUTH=PLAIN")
    "C: $tag AUTHENTICATE PLAIN\nS: + ab\\0\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "sign-in/unasked", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY ("IMAP4rev1 AUTH=PLAIN")
    "C: $tag AUTHENTICATE PLAIN\nS: $tag OK welcome\n{end}\n",
    PINION_ERROR_PROTOCOL },
  { "sign-in/no-text", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY (SESSION_EXCHANGE)
    "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\nS: $tag NO\n{end}\n",
    PINION_ERROR_SIGN_IN_REFUSED, .signs_in = TRUE },
  { "sign-in/asked-again", PINION_ENCRYPTION_TLS,
    TLS HOSTILE_CAPABILITY (SESSION_EXCHANGE)
    "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\nS: + \n{end}\n",
    PINION_ERROR_PROTOCOL, .signs_in = TRUE },

  /* -- Certificates ------------------------------------------------------------------------- */
  { "certificate/other-name-tls", PINION_ENCRYPTION_TLS, "{tls-fail}\n",
    PINION_ERROR_CERTIFICATE_OTHER_NAME, .certificate = "other-name" },
  { "certificate/other-name-starttls", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S: $tag OK go\n{tls-fail}\n", PINION_ERROR_CERTIFICATE_OTHER_NAME,
    .certificate = "other-name" },
  { "certificate/expired-tls", PINION_ENCRYPTION_TLS, "{tls-fail}\n",
    PINION_ERROR_CERTIFICATE_EXPIRED, .certificate = "expired" },
  { "certificate/expired-starttls", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S: $tag OK go\n{tls-fail}\n", PINION_ERROR_CERTIFICATE_EXPIRED,
    .certificate = "expired" },
  { "certificate/future-tls", PINION_ENCRYPTION_TLS, "{tls-fail}\n",
    PINION_ERROR_CERTIFICATE_NOT_YET_VALID, .certificate = "future" },
  { "certificate/self-signed-tls", PINION_ENCRYPTION_TLS, "{tls-fail}\n",
    PINION_ERROR_CERTIFICATE_SELF_SIGNED, .certificate = "self-signed" },
  { "certificate/self-signed-starttls", PINION_ENCRYPTION_STARTTLS,
    STARTTLS "S: $tag OK go\n{tls-fail}\n", PINION_ERROR_CERTIFICATE_SELF_SIGNED,
    .certificate = "self-signed" },
};

static void
prepare (Session      *session,
         const Attack *attack)
{
  const char *certificate = attack->certificate != NULL ? attack->certificate : "good";

  *session = (Session){ 0 };
  session->peer = pinion_test_peer_new (attack->script, pinion_test_certs_get (certificate));
  pinion_test_peer_fill_server (session->peer, attack->encryption, &session->server);
  session->secret = pinion_secret_new (SESSION_PASSWORD);
}

static DexFuture *
connect_to (Session *session)
{
  return pinion_imap_connect (&session->server, session->secret, pinion_test_certs_get_ca (), NULL);
}

static DexFuture *
test_attack_fiber (gpointer data)
{
  const Attack *attack = data;
  g_autoptr (GError) error = NULL;
  Session session;

  prepare (&session, attack);
  error = session_assert_rejects (connect_to (&session), attack->code);
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_IMAP);
  g_assert_cmpint (pinion_error_get_stage (error), !=, PINION_STAGE_NONE);
  if (attack->signs_in)
    session_close (&session);
  else
    hostile_close_unsigned (&session);

  return dex_future_new_true ();
}

/* -- What was said in clear ----------------------------------------------------------------- */

static gboolean
mentions_words (const GError *error)
{
  const char *text = pinion_error_get_detail (error, "server-text");

  return strstr (error->message, HOSTILE_WORDS) != NULL ||
         (text != NULL && strstr (text, HOSTILE_WORDS) != NULL);
}

#define IN_CLEAR                                                                                   \
  "S: * OK [ALERT] zebra\n"                                                                        \
  "C: $tag CAPABILITY\n"                                                                           \
  "S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN AUTH=LOGIN SASL-IR LITERAL+ MOVE IDLE\n"          \
  "S: * 77 EXISTS\n"                                                                               \
  "S: * OK [UIDVALIDITY 1] zebra\n"                                                                \
  "S: * LIST () \"/\" zebra\n"                                                                     \
  "S: * NO [ALERT] zebra\n"                                                                        \
  "S: * OK [REFERRAL imap://zebra/] zebra\n"                                                       \
  "S: $tag OK [CAPABILITY IMAP4rev1 STARTTLS SASL-IR LITERAL+] zebra\n"                            \
  "C: $tag STARTTLS\n"                                                                             \
  "S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+ MOVE IDLE\n"                              \
  "S: * SEARCH 1 2 3\n"                                                                            \
  "S: $tag OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+ MOVE IDLE] zebra\n"                \
  "{tls}\n"

static DexFuture *
test_forgets_fiber (gpointer data)
{
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  /* No SASL-IR, no LITERAL+, no PLAIN: nothing of it was said inside. */
  session_prepare (&session,
                   IN_CLEAR HOSTILE_CAPABILITY ("IMAP4rev1")
                   "C: $tag LOGIN ana@example.com {17}\n"
                   "S: + go\n"
                   "C: " SESSION_PASSWORD "\n"
                   "S: $tag OK done\n" HOSTILE_CAPABILITY ("IMAP4rev1") "C: $tag NOOP\nS: $tag OK\n"
                   "C: $tag LIST \"\" \"*\"\n"
                   "S: * LIST () \"/\" INBOX\n"
                   "S: $tag OK done\n",
                   PINION_ENCRYPTION_STARTTLS, NULL);
  session.connection = dex_await_object (connect_to (&session), &error);
  g_assert_no_error (error);
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  g_assert_false (pinion_imap_connection_has (session.connection, PINION_IMAP_CAPABILITY_MOVE));
  g_assert_false (pinion_imap_connection_has (session.connection, PINION_IMAP_CAPABILITY_STARTTLS));
  mailboxes = dex_await_boxed (pinion_imap_connection_list (session.connection), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mailboxes->len, ==, 1);
  session_close (&session);

  return dex_future_new_true ();
}

/* A later error is not told in words that were said in clear. */
static DexFuture *
test_forgets_words_fiber (gpointer data)
{
  static const char *const endings[] = {
    HOSTILE_CAPABILITY ("IMAP4rev1 LOGINDISABLED") "{end}\n",
    "C: $tag CAPABILITY\nS: $tag NO\n{end}\n",
    "C: $tag CAPABILITY\nS: * BYE\n{end}\n",
    "C: $tag CAPABILITY\n{close}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *script = g_strconcat (IN_CLEAR, endings[i], NULL);
      g_autoptr (GError) error = NULL;
      Session session;

      session_prepare (&session, script, PINION_ENCRYPTION_STARTTLS, NULL);
      g_assert_false (dex_await (connect_to (&session), &error));
      g_assert_true (error->domain == PINION_ERROR);
      g_assert_false (mentions_words (error));
      hostile_close_unsigned (&session);
    }

  return dex_future_new_true ();
}

/* -- Data in the wrong state ---------------------------------------------------------------- */

#define OUT_OF_PLACE                                                                               \
  "S: * 5 EXISTS\n"                                                                                \
  "S: * 2 EXPUNGE\n"                                                                               \
  "S: * VANISHED 1:4294967295\n"                                                                   \
  "S: * 1 FETCH (UID 1 FLAGS (\\\\Seen) BODY[] {3}\n"                                              \
  "S- abc\n"                                                                                       \
  "S: )\n"                                                                                         \
  "S: * FLAGS (\\\\Seen)\n"                                                                        \
  "S: * SEARCH 1 2 3\n"                                                                            \
  "S: * LIST () \"/\" zebra\n"                                                                     \
  "S: * STATUS zebra (MESSAGES 5)\n"                                                               \
  "S: * OK [UIDVALIDITY 5] zebra\n"                                                                \
  "S: * OK [READ-ONLY] zebra\n"

static DexFuture *
test_wrong_state_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GArray) changes = NULL;
  Session session;

  session_prepare (&session,
                   TLS "C: $tag CAPABILITY\n" OUT_OF_PLACE "S: * CAPABILITY " SESSION_EXCHANGE "\n"
                   "S: $tag OK done\n"
                   "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\n" OUT_OF_PLACE "S: $tag OK done\n"
                   HOSTILE_PROOF
                   /* Signed in, but nothing is selected and nothing listed. */
                   "C: $tag NOOP\n" OUT_OF_PLACE "S: $tag OK done\n"
                   "C: $tag LIST \"\" \"*\"\nS: $tag OK nothing\n",
                   PINION_ENCRYPTION_TLS, NULL);
  session.connection = dex_await_object (connect_to (&session), &error);
  g_assert_no_error (error);
  session_assert_resolves (pinion_imap_connection_noop (session.connection));
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  changes = pinion_imap_connection_take_changes (session.connection);
  g_assert_cmpuint (changes->len, ==, 0);
  mailboxes = dex_await_boxed (pinion_imap_connection_list (session.connection), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mailboxes->len, ==, 0);
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Referrals ------------------------------------------------------------------------------ */

static GSocket *
listen_for_nobody (guint16 *port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) local = NULL;
  GSocket *socket;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, TRUE, NULL));
  g_assert_true (g_socket_listen (socket, NULL));
  local = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));

  return socket;
}

/* A referral (RFC 2221, 2193) is a refusal, and nobody is called. */
static DexFuture *
test_referral_fiber (gpointer data)
{
  static const struct
  {
    const char *script;
    PinionErrorCode code;
    gboolean signs_in;
  } cases[] = {
    { "{tls}\nS: * BYE [REFERRAL imap://ana@localhost:%u/] go there\n{end}\n",
      PINION_ERROR_GREETING_REFUSED, FALSE },
    { TLS HOSTILE_CAPABILITY (SESSION_EXCHANGE)
      "C: P2 AUTHENTICATE PLAIN " SESSION_PLAIN "\n"
      "S: P2 NO [REFERRAL imap://ana@localhost:%u/] go there\n{end}\n",
      PINION_ERROR_REFUSED, TRUE },
  };
  guint16 port;
  g_autoptr (GSocket) nobody = listen_for_nobody (&port);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) halves = g_strsplit (cases[i].script, "%u", 2);
      g_autofree char *number = g_strdup_printf ("%u", port);
      g_autofree char *script = g_strjoinv (number, halves);
      g_autoptr (GError) error = NULL;
      Session session;

      session_prepare (&session, script, PINION_ENCRYPTION_TLS, NULL);
      error = session_assert_rejects (connect_to (&session), cases[i].code);
      if (cases[i].signs_in)
        session_close (&session);
      else
        hostile_close_unsigned (&session);
      g_assert_cmpint (g_socket_condition_check (nobody, G_IO_IN) & G_IO_IN, ==, 0);
    }

  return dex_future_new_true ();
}

/* -- Without an end ------------------------------------------------------------------------- */

/* @text, @n times: what is sent where an answer is due. */
typedef struct
{
  const char *name;
  const char *before;
  const char *text;
  guint n;
  PinionErrorCode code;
} Flood;

#define ASKED "C: P1 CAPABILITY\n"

static const Flood floods[] = {
  { "bounds/greeting-line", "", "0123456789abcdef", 1024 * 1024 + 1, PINION_ERROR_TOO_LARGE },
  { "bounds/literals", HOSTILE_GREETING ASKED "S- * X \n", "{0}\r\n ", 10001,
    PINION_ERROR_TOO_LARGE },
  { "bounds/continuations", HOSTILE_GREETING ASKED, "+ go on\r\n", 1001, PINION_ERROR_PROTOCOL },
  { "bounds/malformed", HOSTILE_GREETING ASKED, "* (\r\n", 10001, PINION_ERROR_PROTOCOL },
  { "bounds/junk", HOSTILE_GREETING ASKED, "zebra\r\n", 10001, PINION_ERROR_PROTOCOL },
  { "bounds/untagged", HOSTILE_GREETING ASKED, "* X\r\n", 1000001, PINION_ERROR_TOO_LARGE },
};

static DexFuture *
test_flood_fiber (gpointer data)
{
  const Flood *flood = data;
  char *path = hostile_make_file (flood->text, flood->n);
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  /* The client may hang up before it has all. */
  script = g_strdup_printf ("%s{send-file %s}\n{hold}\n", flood->before, path);
  session_prepare (&session, script, PINION_ENCRYPTION_STARTTLS, NULL);
  error = session_assert_rejects (connect_to (&session), flood->code);
  g_assert_cmpint (pinion_error_get_stage (error), ==, PINION_STAGE_GREETING);
  pinion_test_peer_stop (session.peer);
  pinion_server_clear (&session.server);
  pinion_secret_unref (session.secret);
  hostile_remove_file (path);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autofree char *path = g_strconcat ("/imap/hostile/", attacks[i].name, NULL);

      hostile_add (path, test_attack_fiber, &attacks[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autofree char *path = g_strconcat ("/imap/hostile/", floods[i].name, NULL);

      hostile_add (path, test_flood_fiber, &floods[i]);
    }
  pinion_test_add_fiber ("/imap/hostile/starttls/forgets", test_forgets_fiber);
  pinion_test_add_fiber ("/imap/hostile/starttls/forgets-words", test_forgets_words_fiber);
  pinion_test_add_fiber ("/imap/hostile/wrong-state", test_wrong_state_fiber);
  pinion_test_add_fiber ("/imap/hostile/referral", test_referral_fiber);

  return g_test_run ();
}
