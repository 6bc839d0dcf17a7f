/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sasl.h"

#include <string.h>

static PinionSasl *
make (PinionSaslMechanism mechanism,
      const char         *user,
      const char         *password)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (password);
  PinionSaslContext context = { .user = user, .secret = secret };
  g_autoptr (GError) error = NULL;
  PinionSasl *sasl = pinion_sasl_new (mechanism, &context, &error);

  g_assert_no_error (error);
  return sasl;
}

static void
assert_answer (PinionSasl *sasl,
               const char *challenge,
               const char *answer,
               gsize       length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pinion_sasl_step (sasl, (const guint8 *) challenge,
                                               challenge != NULL ? strlen (challenge) : 0, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), answer, length);
}

static void
test_plain (void)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_PLAIN, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;

  g_assert_false (pinion_sasl_is_done (sasl));
  /* The example of RFC 4616, 4 */
  assert_answer (sasl, NULL, "\0tim\0tanstaaftanstaaf", 21);
  g_assert_true (pinion_sasl_is_done (sasl));

  g_assert_null (pinion_sasl_step (sasl, NULL, 0, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
}

static void
test_login (void)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_LOGIN, "CORP\\änna", "s\"e\\c ret");
  g_autoptr (GError) error = NULL;

  assert_answer (sasl, "Username:", "CORP\\änna", 10);
  g_assert_false (pinion_sasl_is_done (sasl));
  assert_answer (sasl, "Password:", "s\"e\\c ret", 9);
  g_assert_true (pinion_sasl_is_done (sasl));
  g_assert_null (pinion_sasl_step (sasl, (const guint8 *) "Again:", 6, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
}

static void
assert_refused (const char *user,
                const char *password)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (password);
  PinionSaslContext context = { .user = user, .secret = secret };
  g_autoptr (GError) error = NULL;

  g_assert_null (pinion_sasl_new (PINION_SASL_PLAIN, &context, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT));
  if (*password != '\0')
    g_assert_null (strstr (error->message, password));
}

static void
test_refused (void)
{
  assert_refused ("", "secret");
  assert_refused (NULL, "secret");
  assert_refused ("ana", "");
  assert_refused ("ana\xff", "secret");
  assert_refused ("ana", "secr\xff\xfe");
}

static void
test_names (void)
{
  static const struct
  {
    const char *user;
    gboolean mailbox;
    const char *smtp;
  } cases[] = {
    { "ana@example.com", FALSE, "ana@example.com" },
    { "CORP\\ana", FALSE, "CORP\\ana" },
    { "CORP/ana", FALSE, "CORP/ana" },
    { "ana", FALSE, "ana" },
    { "CORP\\ana\\sales", TRUE, "CORP\\ana" },
    { "CORP/ana/sales", TRUE, "CORP/ana" },
    { "ana@example.com\\sales", TRUE, "ana@example.com" },
    { "ana@example.com/sales@example.com", TRUE, "ana@example.com" },
    { "CORP\\ana@example.com", FALSE, "CORP\\ana@example.com" },
    { "CORP\\ana\\", FALSE, "CORP\\ana\\" },
    { "", FALSE, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *smtp = pinion_sasl_dup_user (PINION_PROTOCOL_SMTP, cases[i].user);
      g_autofree char *imap = pinion_sasl_dup_user (PINION_PROTOCOL_IMAP, cases[i].user);

      g_assert_cmpint (pinion_sasl_user_has_mailbox (cases[i].user), ==, cases[i].mailbox);
      g_assert_cmpstr (smtp, ==, cases[i].smtp);
      g_assert_cmpstr (imap, ==, cases[i].user);
    }
}

/* @failed: a mask of mechanisms; @bound: whether TLS gives something to bind to. */
typedef struct
{
  PinionProtocol protocol;
  const char *user;
  const char *offered;
  gboolean command;
  int expected;
  guint failed;
  gboolean bound;
} Choice;

static void
assert_choice (const Choice *choice,
               PinionSignIn  sign_in)
{
  g_auto (GStrv) names = g_strsplit (choice->offered, " ", -1);
  g_autoptr (GBytes) binding = g_bytes_new ("binding", 7);
  PinionSaslContext context = {
    .protocol = choice->protocol,
    .sign_in = sign_in,
    .user = choice->user,
    .offered = (const char *const *) names,
    .login_command = choice->command,
    .failed = choice->failed,
    .encrypted = TRUE,
    .exporter = choice->bound ? binding : NULL,
  };
  g_autoptr (GError) error = NULL;
  PinionSaslMechanism mechanism;
  gboolean chosen = pinion_sasl_choose (&context, &mechanism, &error);

  g_assert_cmpint (chosen ? (int) mechanism : -1, ==, choice->expected);
  if (chosen)
    return;

  g_assert_true (pinion_error_is (error, PINION_ERROR_SIGN_IN_NO_MECHANISM));
  g_assert_cmpint (pinion_error_get_protocol (error), ==, choice->protocol);
  if (*choice->offered != '\0')
    g_assert_nonnull (strstr (error->message, choice->offered));
}

#define IMAP PINION_PROTOCOL_IMAP
#define SMTP PINION_PROTOCOL_SMTP
#define ANA "ana@example.com"
#define SHARED "CORP\\ana\\sales"
#define FAILED(name) (1u << PINION_SASL_##name)

static void
test_choice (void)
{
  static const Choice choices[] = {
    { IMAP, ANA, "NTLM GSSAPI plain", TRUE, PINION_SASL_PLAIN },
    { IMAP, ANA, "", TRUE, PINION_SASL_LOGIN_COMMAND },
    { IMAP, ANA, "LOGIN", FALSE, PINION_SASL_LOGIN },
    { IMAP, ANA, "LOGIN", TRUE, PINION_SASL_LOGIN },
    { IMAP, SHARED, "LOGIN", TRUE, PINION_SASL_LOGIN_COMMAND },
    { SMTP, ANA, "GSSAPI NTLM LOGIN", FALSE, PINION_SASL_LOGIN },
    { SMTP, ANA, "LOGIN", TRUE, PINION_SASL_LOGIN },
    { SMTP, ANA, "", TRUE, -1 },
    { SMTP, ANA, "XOAUTH2 CRAM-MD5 GSSAPI", TRUE, -1 },
    /* Another mailbox */
    { IMAP, SHARED, "PLAIN SCRAM-SHA-256", TRUE, PINION_SASL_LOGIN_COMMAND },
    { IMAP, SHARED, "PLAIN", FALSE, PINION_SASL_PLAIN },
    { IMAP, SHARED, "NTLM", FALSE, -1 },
    { SMTP, SHARED, "LOGIN PLAIN", TRUE, PINION_SASL_PLAIN },
    /* The password stays here where it can. */
    { IMAP, ANA, "PLAIN SCRAM-SHA-256 LOGIN", TRUE, PINION_SASL_SCRAM_SHA_256 },
    { IMAP, ANA, "SCRAM-SHA-256-PLUS SCRAM-SHA-256", TRUE, PINION_SASL_SCRAM_SHA_256 },
    { IMAP, ANA, "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", TRUE, PINION_SASL_SCRAM_SHA_256_PLUS, 0,
      TRUE },
    { SMTP, ANA, "SCRAM-SHA-256 PLAIN", FALSE, PINION_SASL_PLAIN, FAILED (SCRAM_SHA_256) },
    { SMTP, ANA, "SCRAM-SHA-256 PLAIN", FALSE, -1, FAILED (SCRAM_SHA_256) | FAILED (PLAIN) },
    { SMTP, ANA, "PLAIN LOGIN", FALSE, PINION_SASL_LOGIN, FAILED (PLAIN) },
    /* NTLM is the last resort, and none after a failure. */
    { IMAP, ANA, "NTLM GSSAPI", FALSE, PINION_SASL_NTLM },
    { IMAP, ANA, "NTLM GSSAPI", TRUE, PINION_SASL_LOGIN_COMMAND },
    { SMTP, ANA, "GSSAPI NTLM", TRUE, PINION_SASL_NTLM },
    { SMTP, ANA, "NTLM LOGIN", FALSE, -1, FAILED (LOGIN) },
    { SMTP, ANA, "NTLM PLAIN", FALSE, -1, FAILED (PLAIN) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    assert_choice (&choices[i], PINION_SIGN_IN_PASSWORD);
}

static void
test_choice_of_ticket (void)
{
  static const Choice choices[] = {
    { IMAP, ANA, "PLAIN NTLM GSSAPI SCRAM-SHA-256", TRUE, PINION_SASL_GSSAPI },
    { SMTP, SHARED, "LOGIN gssapi", TRUE, PINION_SASL_GSSAPI },
    /* Never a password in its place, and never the person's own mailbox for another one */
    { IMAP, ANA, "PLAIN NTLM", TRUE, -1 },
    { IMAP, SHARED, "GSSAPI", TRUE, -1 },
    { IMAP, ANA, "GSSAPI", TRUE, -1, FAILED (GSSAPI) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    assert_choice (&choices[i], PINION_SIGN_IN_KERBEROS);
}

/* Nothing at all without TLS */
static void
test_clear (void)
{
  static const char *const offered[] = { "PLAIN", "LOGIN", "SCRAM-SHA-256", "GSSAPI", NULL };
  PinionSaslContext context = { .user = ANA, .offered = offered, .login_command = TRUE };
  g_autoptr (GError) error = NULL;
  PinionSaslMechanism mechanism;

  pinion_sasl_context_bind (&context, NULL);
  g_assert_false (pinion_sasl_choose (&context, &mechanism, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_INTERNAL));
}

static void
assert_line (const char *prefix,
             const char *response,
             gboolean    initial,
             const char *line)
{
  g_autoptr (GBytes) bytes = pinion_sasl_bytes_new (response, strlen (response));
  g_autoptr (GBytes) encoded = pinion_sasl_encode_line (prefix, bytes, initial);

  g_assert_cmpmem (g_bytes_get_data (encoded, NULL), g_bytes_get_size (encoded), line,
                   strlen (line));
}

static void
test_encode (void)
{
  assert_line ("", "", FALSE, "\r\n");
  assert_line ("AUTH X ", "", TRUE, "AUTH X =\r\n");
  assert_line ("", "f", FALSE, "Zg==\r\n");
  assert_line ("AUTH PLAIN ", "foobar", TRUE, "AUTH PLAIN Zm9vYmFy\r\n");

  /* No line is broken, however long. */
  g_autofree char *many = g_strnfill (3000, 'x');
  g_autoptr (GBytes) bytes = pinion_sasl_bytes_new (many, 3000);
  g_autoptr (GBytes) line = pinion_sasl_encode_line ("", bytes, FALSE);
  g_assert_cmpuint (g_bytes_get_size (line), ==, 4002);
}

static void
assert_decoded (const char *base64,
                const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pinion_sasl_decode (base64, &error);

  if (expected == NULL)
    {
      g_assert_null (bytes);
      g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static void
test_decode (void)
{
  assert_decoded ("VXNlcm5hbWU6", "Username:");
  assert_decoded ("  Zg== ", "f");
  assert_decoded ("", "");
  assert_decoded ("   ", "");
  assert_decoded ("Zg=", NULL);
  assert_decoded ("Zg", NULL);
  assert_decoded ("====", NULL);
  assert_decoded ("Z===", NULL);
  assert_decoded ("Zg==Zg==", NULL);
  assert_decoded ("ZgÄ=", NULL);
}

static void
assert_redacted_of (const char *password,
                    const char *text,
                    const char *expected)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_PLAIN, "tim", password);
  g_autofree char *clean = pinion_sasl_redact (sasl, text);

  g_assert_cmpstr (clean, ==, expected);
}

static void
assert_redacted (const char *text,
                 const char *expected)
{
  assert_redacted_of ("hunter2", text, expected);
}

static void
test_redact (void)
{
  assert_redacted ("Authentication failed", "Authentication failed");
  assert_redacted ("hunter2 is wrong, hunter2!", "*** is wrong, ***!");
  assert_redacted ("you sent aHVudGVyMg==", "you sent ***");
  assert_redacted ("you sent AHRpbQBodW50ZXIy", "you sent ***");
  assert_redacted ("", "");
  /* The base64 of "\0tim\0AHR" begins with the password. */
  assert_redacted_of ("AHR", "you sent AHRpbQBBSFI=, AHR", "you sent ***, ***");
}

static GError *
refused (const char *words)
{
  GError *error = pinion_error_new (PINION_ERROR_SIGN_IN_REFUSED, IMAP, PINION_STAGE_SIGN_IN,
                                    "The server answered NO: %s", words);

  pinion_error_set_detail (error, "server-text", words);
  return error;
}

static void
test_explain (void)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_PLAIN, "tim", "hunter2");
  g_autoptr (PinionSasl) ticket = make (PINION_SASL_GSSAPI, "tim", "hunter2");
  g_autoptr (GError) error = pinion_sasl_explain (sasl, refused ("hunter2 it is not"));
  g_autoptr (GError) other = pinion_sasl_explain (ticket, refused ("who is that?"));

  g_assert_true (pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED));
  g_assert_cmpstr (error->message, ==, "The server answered NO: *** it is not");
  g_assert_cmpstr (pinion_error_get_detail (error, "server-text"), ==, "*** it is not");

  g_assert_true (pinion_error_is (other, PINION_ERROR_TICKET_REFUSED));
  g_assert_cmpstr (pinion_error_get_code_name (other), ==, "ticket-refused");
  g_assert_cmpint (pinion_error_get_protocol (other), ==, IMAP);
}

/* Once a password was judged, it is not shown again by itself. */
static void
test_another (void)
{
  static const PinionSaslMechanism mechanisms[] = { PINION_SASL_PLAIN, PINION_SASL_LOGIN,
                                                    PINION_SASL_SCRAM_SHA_256 };
  g_autoptr (GError) no = refused ("no");
  g_autoptr (GError) unknown = pinion_error_new (PINION_ERROR_SIGN_IN_NO_MECHANISM, SMTP,
                                                 PINION_STAGE_SIGN_IN, "504");
  g_autoptr (GError) broken = pinion_error_new (PINION_ERROR_PROTOCOL, SMTP, PINION_STAGE_SIGN_IN,
                                                "broken");

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (PinionSasl) sasl = make (mechanisms[i], "tim", "hunter2");

      g_assert_true (pinion_sasl_may_try_another (sasl, no));
      g_assert_true (pinion_sasl_may_try_another (sasl, unknown));
      g_assert_false (pinion_sasl_may_try_another (sasl, broken));
    }

  g_autoptr (PinionSasl) plain = make (PINION_SASL_PLAIN, "tim", "hunter2");
  g_autoptr (GBytes) answer = pinion_sasl_step (plain, NULL, 0, NULL);
  g_assert_cmpuint (pinion_sasl_get_failed (plain), ==, FAILED (PLAIN));
  g_assert_nonnull (answer);
  g_assert_false (pinion_sasl_may_try_another (plain, no));

  g_autoptr (PinionSasl) ntlm = make (PINION_SASL_NTLM, "tim", "hunter2");
  g_assert_false (pinion_sasl_may_try_another (ntlm, no));
  g_autoptr (PinionSasl) ticket = make (PINION_SASL_GSSAPI, "tim", "hunter2");
  g_assert_false (pinion_sasl_may_try_another (ticket, unknown));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sasl/plain", test_plain);
  g_test_add_func ("/sasl/login", test_login);
  g_test_add_func ("/sasl/refused", test_refused);
  g_test_add_func ("/sasl/names", test_names);
  g_test_add_func ("/sasl/choice", test_choice);
  g_test_add_func ("/sasl/choice-of-ticket", test_choice_of_ticket);
  g_test_add_func ("/sasl/clear", test_clear);
  g_test_add_func ("/sasl/encode", test_encode);
  g_test_add_func ("/sasl/decode", test_decode);
  g_test_add_func ("/sasl/redact", test_redact);
  g_test_add_func ("/sasl/explain", test_explain);
  g_test_add_func ("/sasl/another", test_another);

  return g_test_run ();
}
