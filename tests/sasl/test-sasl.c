/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sasl.h"

#include <string.h>

static PinionSasl *
make (PinionSaslMechanism mechanism,
      const char         *user,
      const char         *password)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (password);
  g_autoptr (GError) error = NULL;
  PinionSasl *sasl = pinion_sasl_new (mechanism, user, secret, &error);

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
  g_autoptr (GError) error = NULL;

  g_assert_null (pinion_sasl_new (PINION_SASL_PLAIN, user, secret, &error));
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

static void
assert_choice (PinionProtocol protocol,
               const char    *user,
               const char    *offered,
               gboolean       command,
               int            expected)
{
  g_auto (GStrv) names = g_strsplit (offered, " ", -1);
  g_autoptr (GError) error = NULL;
  PinionSaslMechanism mechanism;
  gboolean chosen = pinion_sasl_choose (protocol, user, (const char *const *) names, command,
                                        &mechanism, &error);

  g_assert_cmpint (chosen, ==, expected >= 0);
  if (chosen)
    {
      g_assert_cmpint (mechanism, ==, expected);
      return;
    }

  g_assert_true (pinion_error_is (error, PINION_ERROR_SIGN_IN_NO_MECHANISM));
  g_assert_cmpint (pinion_error_get_protocol (error), ==, protocol);
  if (*offered != '\0')
    g_assert_nonnull (strstr (error->message, offered));
}

static void
test_choice (void)
{
  const char *ana = "ana@example.com";
  const char *shared = "CORP\\ana\\sales";

  assert_choice (PINION_PROTOCOL_IMAP, ana, "NTLM GSSAPI plain", TRUE, PINION_SASL_PLAIN);
  assert_choice (PINION_PROTOCOL_IMAP, ana, "", TRUE, PINION_SASL_LOGIN_COMMAND);
  assert_choice (PINION_PROTOCOL_IMAP, shared, "PLAIN", TRUE, PINION_SASL_LOGIN_COMMAND);
  assert_choice (PINION_PROTOCOL_IMAP, shared, "PLAIN", FALSE, PINION_SASL_PLAIN);
  assert_choice (PINION_PROTOCOL_IMAP, ana, "LOGIN", FALSE, PINION_SASL_LOGIN);
  assert_choice (PINION_PROTOCOL_IMAP, ana, "NTLM GSSAPI", FALSE, -1);
  assert_choice (PINION_PROTOCOL_SMTP, ana, "GSSAPI NTLM LOGIN", FALSE, PINION_SASL_LOGIN);
  assert_choice (PINION_PROTOCOL_SMTP, shared, "LOGIN PLAIN", TRUE, PINION_SASL_PLAIN);
  assert_choice (PINION_PROTOCOL_SMTP, ana, "GSSAPI NTLM", TRUE, -1);
  assert_choice (PINION_PROTOCOL_SMTP, ana, "", TRUE, -1);
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
  g_test_add_func ("/sasl/encode", test_encode);
  g_test_add_func ("/sasl/decode", test_decode);
  g_test_add_func ("/sasl/redact", test_redact);

  return g_test_run ();
}
