/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From connecting to being signed in, and every way in which it must not go on. */

#include <string.h>

#include "imap-test-session.h"

#define GREETING "S: * OK The Microsoft Exchange IMAP4 service is ready.\n"

#define CAPABILITY(words)                                                                          \
  "C: $tag CAPABILITY\n"                                                                           \
  "S: * CAPABILITY " words "\n"                                                                    \
  "S: $tag OK CAPABILITY completed.\n"

#define PROOF                                                                                      \
  CAPABILITY (SESSION_EXCHANGE)                                                                    \
  "C: $tag NAMESPACE\n"                                                                            \
  "S: * NAMESPACE ((\"\" \"/\")) NIL NIL\n"                                                        \
  "S: $tag OK NAMESPACE completed.\n"

/* -- Stages ---------------------------------------------------------------------------------- */

static void
note_stage (PinionProtocol   protocol,
            PinionStage      stage,
            PinionStageState state,
            const char      *detail,
            const GError    *error,
            gpointer         user_data)
{
  GString *stages = user_data;
  const char marks[] = { '.', '+', '!' };

  g_assert_cmpint (protocol, ==, PINION_PROTOCOL_IMAP);
  g_assert_true ((state == PINION_STAGE_STATE_FAILED) == (error != NULL));
  g_string_append_printf (stages, "%s%c ", pinion_stage_to_string (stage), marks[state]);
}

static DexFuture *
test_verify_fiber (gpointer data)
{
  g_autoptr (GString) stages = g_string_new (NULL);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (note_stage, stages, NULL);
  g_autoptr (GPtrArray) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  Session session;

  session_prepare (&session,
                   "{tls}\n" GREETING CAPABILITY (SESSION_EXCHANGE)
                   "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\n"
                   "S: $tag OK AUTHENTICATE completed.\n" PROOF
                   "C: $tag EXAMINE INBOX\n"
                   "S: * 5 EXISTS\n"
                   "S: * OK [UIDVALIDITY 14] ok\n"
                   "S: $tag OK [READ-ONLY] EXAMINE completed.\n"
                   "C: $tag LIST \"\" \"*\"\n"
                   "S: * LIST (\\\\HasNoChildren) \"/\" INBOX\n"
                   "S: * LIST (\\\\HasNoChildren \\\\Sent) \"/\" \"Gesendete Elemente\"\n"
                   "S: * LIST (\\\\HasNoChildren) \"/\" Entw&APw-rfe\n"
                   "S: * LIST (\\\\HasNoChildren) \"/\" INBOX\n"
                   "S: $tag OK LIST completed.\n"
                   "C: $tag LOGOUT\n"
                   "S: * BYE Microsoft Exchange Server 2016 IMAP4 server signing off.\n"
                   "S: $tag OK LOGOUT completed.\n",
                   PINION_ENCRYPTION_TLS, NULL);

  mailboxes = dex_await_boxed (pinion_imap_verify (&session.server, session.secret,
                                                   pinion_test_certs_get_ca (), sink),
                               &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mailboxes->len, ==, 3);
  g_assert_cmpstr (((PinionImapMailbox *) mailboxes->pdata[2])->path, ==, "Entwürfe");
  g_assert_cmpint (((PinionImapMailbox *) mailboxes->pdata[1])->use, ==, PINION_IMAP_USE_SENT);
  g_assert_cmpstr (stages->str, ==,
                   "resolve. resolve+ reach. reach+ tls. tls+ certificate. certificate+ greeting. "
                   "greeting+ sign-in. sign-in+ open. open+ folders. folders+ ");
  session_close (&session);

  return dex_future_new_true ();
}

/* In clear nothing is sent but two words, and nothing that was said there is kept. */
static DexFuture *
test_starttls_fiber (gpointer data)
{
  g_autoptr (GString) stages = g_string_new (NULL);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new (note_stage, stages, NULL);
  g_autoptr (GError) error = NULL;
  Session session;

  session_prepare (&session,
                   GREETING
                   "C: $tag CAPABILITY\n"
                   "S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR\n"
                   "S: * 77 EXISTS\n"
                   "S: * OK [ALERT] pay attention\n"
                   "S: $tag OK CAPABILITY completed.\n"
                   "C: $tag STARTTLS\n"
                   "S: $tag OK Begin TLS negotiation now.\n"
                   "{tls}\n"
                   /* SASL-IR is not offered any more. */
                   CAPABILITY ("IMAP4 IMAP4rev1 AUTH=PLAIN NAMESPACE")
                   "C: $tag AUTHENTICATE PLAIN\n"
                   "S- +   \\r\\n\n"
                   "C: " SESSION_PLAIN "\n"
                   "S: $tag OK AUTHENTICATE completed.\n" PROOF,
                   PINION_ENCRYPTION_STARTTLS, NULL);

  session.connection = dex_await_object (pinion_imap_connect (&session.server, session.secret,
                                                              pinion_test_certs_get_ca (), sink),
                                         &error);
  g_assert_no_error (error);
  g_assert_null (pinion_imap_connection_get_selected (session.connection));
  g_assert_true (pinion_imap_connection_has (session.connection, PINION_IMAP_CAPABILITY_MOVE));
  g_assert_cmpstr (stages->str, ==,
                   "resolve. resolve+ reach. reach+ tls. tls+ certificate. certificate+ greeting. "
                   "greeting+ sign-in. sign-in+ ");
  session_close (&session);

  return dex_future_new_true ();
}

/* -- Signing in ------------------------------------------------------------------------------ */

static void
assert_signs_in (const char *script,
                 const char *user)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = g_strconcat ("{tls}\n" GREETING, script, PROOF, NULL);
  Session session;

  session_prepare (&session, whole, PINION_ENCRYPTION_TLS, user);
  session.connection = dex_await_object (pinion_imap_connect (&session.server, session.secret,
                                                              pinion_test_certs_get_ca (), NULL),
                                         &error);
  g_assert_no_error (error);
  session_close (&session);
}

static DexFuture *
test_mechanisms_fiber (gpointer data)
{
  /* Without SASL-IR, with the odd continuations */
  assert_signs_in (CAPABILITY ("IMAP4rev1 AUTH=PLAIN") "C: $tag AUTHENTICATE PLAIN\nS: +\n"
                   "C: " SESSION_PLAIN "\nS: $tag OK done\n",
                   NULL);
  assert_signs_in (CAPABILITY ("IMAP4rev1 AUTH=PLAIN") "C: $tag AUTHENTICATE PLAIN\nS- + \\r\\n\n"
                   "C: " SESSION_PLAIN "\nS: $tag OK done\n",
                   NULL);
  /* LOGIN: the password is not ASCII, so it is a literal; the name with a mailbox part is
   * quoted. */
  assert_signs_in (CAPABILITY ("IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+")
                   "C: $tag LOGIN \"CORP\\\\\\\\anna\\\\\\\\sales\" {17+}\n"
                   "C: " SESSION_PASSWORD "\nS: $tag OK LOGIN completed.\n",
                   "CORP\\anna\\sales");
  assert_signs_in (CAPABILITY ("IMAP4rev1 AUTH=NTLM") "C: $tag LOGIN ana@example.com {17}\n"
                   "S: + Ready for additional command text.\n"
                   "C: " SESSION_PASSWORD "\nS: $tag OK LOGIN completed.\n",
                   NULL);
  /* Capabilities in codes, stray lines, data that does not belong here */
  assert_signs_in (CAPABILITY ("IMAP4rev1 AUTH=PLAIN SASL-IR")
                   "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\n"
                   "S: * OK [CAPABILITY IMAP4rev1] later\nS: * 5 EXISTS\nS: * 3 EXPUNGE\n"
                   "S: * 1 FETCH (FLAGS ())\nS: * LIST () \"/\" x\nS: junk line\nS: $tag OK done\n",
                   NULL);

  return dex_future_new_true ();
}

#define SCRAM "IMAP4rev1 SASL-IR LOGINDISABLED AUTH=PLAIN AUTH=SCRAM-SHA-256"
#define SCRAM_FIRST "C~ P2 AUTHENTICATE SCRAM-SHA-256 [A-Za-z0-9+/]+=*\n"

/* It begins with "y,," and "n,,". */
#define SCRAM_COULD_BIND "C~ P2 AUTHENTICATE SCRAM-SHA-256 eSws[A-Za-z0-9+/]+=*\n"
#define SCRAM_CANNOT_BIND "C~ P2 AUTHENTICATE SCRAM-SHA-256 biws[A-Za-z0-9+/]+=*\n"

#define SCRAM_REFUSED                                                                              \
  SCRAM_COULD_BIND "S: P2 NO AUTHENTICATE failed.\n{end}\n{next}\n{tls}\n" GREETING              \
  CAPABILITY (SCRAM) SCRAM_CANNOT_BIND "S: P2 NO AUTHENTICATE failed.\n{end}\n"

/* SCRAM fails before the password was judged: PLAIN may follow, on a fresh connection. */
static DexFuture *
test_another_mechanism_fiber (gpointer data)
{
  assert_signs_in (CAPABILITY (SCRAM) SCRAM_REFUSED
                   "{next}\n{tls}\n" GREETING CAPABILITY (SCRAM)
                   "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\nS: $tag OK done\n",
                   NULL);

  return dex_future_new_true ();
}

/* -- Refusals -------------------------------------------------------------------------------- */

typedef struct
{
  const char *script;
  PinionEncryption encryption;
  PinionErrorCode code;
  PinionStage stage;
  PinionSignIn sign_in;
} Refusal;

static GError *
assert_refused (const Refusal *refusal)
{
  GError *error;
  Session session;

  session_prepare (&session, refusal->script, refusal->encryption, NULL);
  session.server.sign_in = refusal->sign_in;
  error = session_assert_rejects (pinion_imap_connect (&session.server, session.secret,
                                                       pinion_test_certs_get_ca (), NULL),
                                  refusal->code);
  g_assert_cmpstr (pinion_stage_to_string (pinion_error_get_stage (error)), ==,
                   pinion_stage_to_string (refusal->stage));
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_IMAP);
  g_assert_cmpstr (pinion_error_get_detail (error, "host"), ==, "localhost");
  session_close (&session);

  return error;
}

static DexFuture *
test_greetings_fiber (gpointer data)
{
  static const Refusal refusals[] = {
    { "{tls}\nS: * BYE Too busy\n{end}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_GREETING_REFUSED,
      PINION_STAGE_GREETING },
    { "{tls}\nS: * BYE [UNAVAILABLE] later\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_SERVER_UNAVAILABLE, PINION_STAGE_GREETING },
    { "{tls}\nS: * PREAUTH welcome\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING },
    { "S: * PREAUTH welcome\n{end}\n", PINION_ENCRYPTION_STARTTLS,
      PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING },
    { "{tls}\nS: 220 mail.example.com ESMTP\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING },
    { "{tls}\nS: +OK POP3 ready\n{end}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_GREETING_UNEXPECTED,
      PINION_STAGE_GREETING },
    { "{tls}\nS: P1 OK done\n{end}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_GREETING_UNEXPECTED,
      PINION_STAGE_GREETING },
    { "{tls}\nS: * 5 EXISTS\n{end}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_GREETING_UNEXPECTED,
      PINION_STAGE_GREETING },
    { "{tls}\n{close}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_CONNECTION_LOST,
      PINION_STAGE_GREETING },
    { "{tls}\nS- * OK half a li\n{close}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_CONNECTION_LOST,
      PINION_STAGE_GREETING },
    { "{tls}\n" GREETING CAPABILITY ("IMAP4") "{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING },
    { "{tls}\n" GREETING "C: $tag CAPABILITY\nS: $tag OK nothing\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_GREETING_UNEXPECTED, PINION_STAGE_GREETING },
    { "{tls}\n" GREETING "C: $tag CAPABILITY\nS: Z9 OK whose?\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_PROTOCOL, PINION_STAGE_GREETING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = assert_refused (&refusals[i]);

      g_test_message ("%s", error->message);
    }

  return dex_future_new_true ();
}

static DexFuture *
test_starttls_refusals_fiber (gpointer data)
{
  static const Refusal refusals[] = {
    { GREETING CAPABILITY ("IMAP4rev1 AUTH=PLAIN") "{end}\n", PINION_ENCRYPTION_STARTTLS,
      PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_GREETING },
    { GREETING CAPABILITY ("IMAP4rev1 STARTTLS") "C: $tag STARTTLS\nS: $tag NO not today\n{end}\n",
      PINION_ENCRYPTION_STARTTLS, PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_GREETING },
    { GREETING CAPABILITY ("IMAP4rev1 STARTTLS") "C: $tag STARTTLS\nS: $tag BAD what\n{end}\n",
      PINION_ENCRYPTION_STARTTLS, PINION_ERROR_STARTTLS_MISSING, PINION_STAGE_GREETING },
    { GREETING CAPABILITY ("IMAP4rev1 STARTTLS") "C: $tag STARTTLS\nS: * BYE go\n{end}\n",
      PINION_ENCRYPTION_STARTTLS, PINION_ERROR_CONNECTION_LOST, PINION_STAGE_GREETING },
    /* Injected in the same packet */
    { GREETING CAPABILITY ("IMAP4rev1 STARTTLS")
      "C: $tag STARTTLS\nS- $tag OK go\\r\\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\\r\\n\n{end}\n",
      PINION_ENCRYPTION_STARTTLS, PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_STAGE_TLS },
    { GREETING CAPABILITY ("IMAP4rev1 STARTTLS") "C: $tag STARTTLS\nS- $tag OK go\\r\\n*\n{end}\n",
      PINION_ENCRYPTION_STARTTLS, PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_STAGE_TLS },
    /* TLS where STARTTLS was asked for */
    { "S- \\x16\\x03\\x01\\x00\\x05hello\n{end}\n", PINION_ENCRYPTION_STARTTLS,
      PINION_ERROR_NEEDS_TLS, PINION_STAGE_GREETING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = assert_refused (&refusals[i]);

      g_test_message ("%s", error->message);
    }

  return dex_future_new_true ();
}

#define SIGNING_IN                                                                                 \
  "{tls}\n" GREETING CAPABILITY (SESSION_EXCHANGE)                                                 \
  "C: $tag AUTHENTICATE PLAIN " SESSION_PLAIN "\n"

static DexFuture *
test_sign_in_refusals_fiber (gpointer data)
{
  static const Refusal refusals[] = {
    { SIGNING_IN "S: $tag NO AUTHENTICATE failed.\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag NO [AUTHENTICATIONFAILED] no\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN },
    /* A server in trouble is asked twice; the second word counts, if there is one. */
    { SIGNING_IN "S: $tag NO Server Unavailable. 15\n{end}\n{next}\n" SIGNING_IN
                 "S: $tag NO Server Unavailable. 15\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SERVER_UNAVAILABLE, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: Server Unavailable. 15\n{end}\n{next}\n" SIGNING_IN
                 "S: $tag NO AUTHENTICATE failed.\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag NO [UNAVAILABLE] Temporary authentication failure.\n{end}\n"
                 "{next}\n{close}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SERVER_UNAVAILABLE, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag NO [LIMIT] Maximum number of connections from user+IP exceeded\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_TOO_MANY_CONNECTIONS, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag NO [ALERT] Application-specific password required\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_APP_PASSWORD_NEEDED, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: * BYE Connection closed. 14\n{end}\n", PINION_ENCRYPTION_TLS,
      PINION_ERROR_CONNECTION_LOST, PINION_STAGE_SIGN_IN },
    /* Not followed, and no word against the password */
    { SIGNING_IN "S: $tag NO [REFERRAL imap://ana@evil.example/] Try there\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_REFUSED, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "{close}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_CONNECTION_LOST,
      PINION_STAGE_SIGN_IN },
    /* Asks for more than the mechanism has */
    { SIGNING_IN "S: + bW9yZQ==\n{end}\n", PINION_ENCRYPTION_TLS, PINION_ERROR_PROTOCOL,
      PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag OK done\nC: $tag CAPABILITY\n"
                 "S: $tag BAD User is authenticated but not connected.\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_NOT_CONNECTED_TO_MAILBOX, PINION_STAGE_SIGN_IN },
    { SIGNING_IN "S: $tag OK done\n" CAPABILITY (SESSION_EXCHANGE) "C: $tag NAMESPACE\n"
                 "S: $tag BAD User is authenticated but not connected.\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_NOT_CONNECTED_TO_MAILBOX, PINION_STAGE_SIGN_IN },
    /* Before the server has proven anything, without waiting, and no mechanism left */
    { "{tls}\n" GREETING CAPABILITY (SCRAM) SCRAM_FIRST "S: P2 OK welcome\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_PROTOCOL, PINION_STAGE_SIGN_IN },
    { "{tls}\n" GREETING CAPABILITY (SCRAM) SCRAM_FIRST
      "S- + \\r\\n+ \\r\\n+ \\r\\n\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_PROTOCOL, PINION_STAGE_SIGN_IN },
    { "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 SASL-IR LOGINDISABLED AUTH=SCRAM-SHA-256")
      SCRAM_COULD_BIND "S: P2 NO AUTHENTICATE failed.\n{end}\n{next}\n"
      "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 SASL-IR LOGINDISABLED AUTH=SCRAM-SHA-256")
      SCRAM_CANNOT_BIND "S: P2 NO AUTHENTICATE failed.\n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN },
    /* With a ticket: there is none, it is not asked for, no password takes its place */
    { "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 SASL-IR AUTH=GSSAPI AUTH=PLAIN") "{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_TICKET_MISSING, PINION_STAGE_SIGN_IN,
      PINION_SIGN_IN_KERBEROS },
    { "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 AUTH=GSSAPI") "C: $tag AUTHENTICATE GSSAPI\n"
      "S: + \n{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_TICKET_MISSING, PINION_STAGE_SIGN_IN,
      PINION_SIGN_IN_KERBEROS },
    { "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 SASL-IR AUTH=NTLM AUTH=PLAIN") "{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN,
      PINION_SIGN_IN_KERBEROS },
    /* Nothing we could do */
    { "{tls}\n" GREETING CAPABILITY ("IMAP4rev1 LOGINDISABLED AUTH=GSSAPI") "{end}\n",
      PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_STAGE_SIGN_IN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = assert_refused (&refusals[i]);

      g_assert_cmpstr (pinion_error_get_detail (error, "user"), ==, "ana@example.com");
      /* A session that hangs at the server's goes away in minutes, not in seconds. */
      if (pinion_error_is (error, PINION_ERROR_NOT_CONNECTED_TO_MAILBOX))
        g_assert_cmpstr (pinion_error_get_detail (error, "backoff-seconds"), ==, "60");
    }

  return dex_future_new_true ();
}

/* One judgement of the password and no more, whatever else is offered; the attempts are counted. */
static DexFuture *
test_attempts_fiber (gpointer data)
{
  static const Refusal refused = {
    "{tls}\n" GREETING CAPABILITY (SCRAM) SCRAM_REFUSED
    "{next}\n" SIGNING_IN "S: $tag NO AUTHENTICATE failed.\n{end}\n",
    PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN
  };
  g_autoptr (GError) error = assert_refused (&refused);

  g_assert_cmpstr (pinion_error_get_detail (error, "attempts"), ==, "3");

  return dex_future_new_true ();
}

/* What is known, and what is not told on. */
static DexFuture *
test_details_fiber (gpointer data)
{
  static const Refusal throttled = {
    SIGNING_IN
    "S: $tag BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\n{end}\n",
    PINION_ENCRYPTION_TLS, PINION_ERROR_THROTTLED, PINION_STAGE_SIGN_IN
  };
  static const Refusal talkative = {
    SIGNING_IN "S: $tag NO I do not like " SESSION_PASSWORD " nor " SESSION_PLAIN "\n{end}\n",
    PINION_ENCRYPTION_TLS, PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN
  };
  g_autoptr (GError) first = assert_refused (&throttled);
  g_autoptr (GError) second = assert_refused (&talkative);
  const char *text = pinion_error_get_detail (second, "server-text");

  g_assert_cmpstr (pinion_error_get_detail (first, "backoff-seconds"), ==, "300");
  g_assert_true (pinion_error_is_temporary (first));
  g_assert_nonnull (strstr (text, "I do not like"));
  g_assert_null (strstr (text, SESSION_PASSWORD));
  g_assert_null (strstr (text, SESSION_PLAIN));

  return dex_future_new_true ();
}

/* Giving up in the middle ends the connection. */
static DexFuture *
test_cancelled_fiber (gpointer data)
{
  Session session;
  g_autoptr (GError) error = NULL;

  session_prepare (&session, "{tls}\n" GREETING "C: $tag CAPABILITY\n{hold}\n",
                   PINION_ENCRYPTION_TLS, NULL);
  g_assert_false (dex_await (
      dex_future_first (pinion_imap_connect (&session.server, session.secret,
                                             pinion_test_certs_get_ca (), NULL),
                        dex_timeout_new_msec (500), NULL),
      &error));
  g_assert_error (error, DEX_ERROR, DEX_ERROR_TIMED_OUT);
  /* Lets the fiber notice. */
  dex_await (dex_timeout_new_msec (50), NULL);
  session_close (&session);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  /* No ticket of whoever runs this. */
  g_setenv ("KRB5CCNAME", "FILE:/nonexistent/tickets", TRUE);
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/imap/setup/verify", test_verify_fiber);
  pinion_test_add_fiber ("/imap/setup/starttls", test_starttls_fiber);
  pinion_test_add_fiber ("/imap/setup/mechanisms", test_mechanisms_fiber);
  pinion_test_add_fiber ("/imap/setup/another-mechanism", test_another_mechanism_fiber);
  pinion_test_add_fiber ("/imap/setup/greetings", test_greetings_fiber);
  pinion_test_add_fiber ("/imap/setup/starttls-refusals", test_starttls_refusals_fiber);
  pinion_test_add_fiber ("/imap/setup/sign-in-refusals", test_sign_in_refusals_fiber);
  pinion_test_add_fiber ("/imap/setup/attempts", test_attempts_fiber);
  pinion_test_add_fiber ("/imap/setup/details", test_details_fiber);
  pinion_test_add_fiber ("/imap/setup/cancelled", test_cancelled_fiber);

  return g_test_run ();
}
