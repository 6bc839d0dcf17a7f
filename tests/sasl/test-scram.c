/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SCRAM-SHA-256 against the RFC's vectors, and against servers that cheat. */

#include "pinion-sasl-private.h"
#include "pinion-test-fiber.h"

#include <string.h>

/* RFC 7677, 3 */
#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define SERVER_NONCE NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define CLIENT_FIRST "n,,n=user,r=" NONCE
#define SALT "W22ZaJ0SNY7soEsUEjb6gQ=="
#define SERVER_FIRST "r=" SERVER_NONCE ",s=" SALT ",i=4096"
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define CLIENT_FINAL "c=biws,r=" SERVER_NONCE ",p=" PROOF
#define SERVER_FINAL "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static PinionSasl *
make (PinionSaslMechanism mechanism,
      const char         *user,
      const char         *password,
      GBytes             *exporter,
      guint               failed)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (password);
  PinionSaslContext context = { .protocol = PINION_PROTOCOL_IMAP,
                                .user = user,
                                .secret = secret,
                                .failed = failed,
                                .exporter = exporter };
  g_autoptr (GError) error = NULL;
  PinionSasl *sasl = pinion_sasl_new (mechanism, &context, &error);

  g_assert_no_error (error);
  pinion_sasl_scram_set_nonce (sasl, NONCE);
  return sasl;
}

static PinionSasl *
make_user (void)
{
  return make (PINION_SASL_SCRAM_SHA_256, "user", "pencil", NULL, 0);
}

/* Returns: (transfer full) (nullable) the answer as text */
static char *
step (PinionSasl *sasl,
      const char *challenge,
      GError    **error)
{
  gsize length = challenge != NULL ? strlen (challenge) : 0;
  g_autoptr (GBytes) bytes = pinion_sasl_step (sasl, (const guint8 *) challenge, length, error);

  if (bytes == NULL)
    return NULL;

  return g_bytes_get_size (bytes) > 0
             ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
             : g_strdup ("");
}

static void
assert_answer (PinionSasl *sasl,
               const char *challenge,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = step (sasl, challenge, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, expected);
}

static void
assert_fails (PinionSasl     *sasl,
              const char     *challenge,
              PinionErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = step (sasl, challenge, &error);

  g_assert_null (answer);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_null (strstr (error->message, "pencil"));
  g_assert_false (pinion_sasl_is_done (sasl));
}

static void
test_vector (void)
{
  g_autoptr (PinionSasl) sasl = make_user ();

  g_assert_true (pinion_sasl_has_initial_response (sasl));
  assert_answer (sasl, NULL, CLIENT_FIRST);
  assert_answer (sasl, SERVER_FIRST, CLIENT_FINAL);
  g_assert_false (pinion_sasl_is_done (sasl));
  assert_answer (sasl, SERVER_FINAL, "");
  g_assert_true (pinion_sasl_is_done (sasl));

  g_autoptr (GError) error = NULL;
  g_assert_null (step (sasl, "", &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
}

/* A nonce of its own each time, without a comma. */
static void
test_nonce (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (PinionSasl) sasl = make_user ();
      pinion_sasl_scram_set_nonce (sasl, NULL);
      char *first = step (sasl, NULL, NULL);

      g_assert_true (g_str_has_prefix (first, "n,,n=user,r="));
      const char *nonce = first + strlen ("n,,n=user,r=");
      g_assert_cmpuint (strlen (nonce), ==, 32);
      g_assert_null (strchr (nonce, ','));
      g_assert_true (g_hash_table_add (seen, first));
    }
}

static void
test_names (void)
{
  g_autoptr (PinionSasl) special = make (PINION_SASL_SCRAM_SHA_256, "a=b,c", "x", NULL, 0);
  g_autoptr (PinionSasl) wide = make (PINION_SASL_SCRAM_SHA_256, "Ｉ\u00adⅨ\u00a0ª", "x", NULL, 0);

  assert_answer (special, NULL, "n,,n=a=3Db=2Cc,r=" NONCE);
  assert_answer (wide, NULL, "n,,n=IIX a,r=" NONCE);
}

/* RFC 4013, 3, and what is forbidden stays as it is. */
static void
test_prepare (void)
{
  static const char *const cases[][2] = {
    { "I\u00adX", "IX" },      { "user", "user" },          { "USER", "USER" },
    { "ª", "a" },              { "Ⅸ", "IX" },               { "\a", "\a" },
    { "", "" },                { "a\u3000b", "a b" },       { "e\u0301", "é" },
    { "\ue000x", "\ue000x" },  { "\ufffd", "\ufffd" },      { "\u200b\u200b", "" },
    { "a\u2028b", "a\u2028b" }, { "\U0001ffffx", "\U0001ffffx" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *prepared = pinion_sasl_prepare (cases[i][0]);

      g_assert_cmpstr (prepared, ==, cases[i][1]);
    }
}

/* What we say about channel binding, and that it goes into what is proven (RFC 5802, 6 and 7). */
static void
test_binding (void)
{
  guint failed = 1u << PINION_SASL_SCRAM_SHA_256_PLUS;
  g_autoptr (GBytes) exporter = g_bytes_new ("\0secret\xff", 8);
  g_autoptr (PinionSasl) plus = make (PINION_SASL_SCRAM_SHA_256_PLUS, "user", "pencil", exporter,
                                      0);
  g_autoptr (PinionSasl) could = make (PINION_SASL_SCRAM_SHA_256, "user", "pencil", exporter, 0);
  g_autoptr (PinionSasl) gave_up = make (PINION_SASL_SCRAM_SHA_256, "user", "pencil", exporter,
                                         failed);
  g_autofree char *header = g_base64_encode ((const guchar *) "p=tls-exporter,,\0secret\xff", 24);
  g_autofree char *beginning = g_strconcat ("c=", header, ",r=" SERVER_NONCE ",p=", NULL);

  assert_answer (could, NULL, "y,,n=user,r=" NONCE);
  assert_answer (gave_up, NULL, "n,,n=user,r=" NONCE);
  g_assert_cmpuint (pinion_sasl_get_failed (could), ==, failed);
  g_assert_cmpuint (pinion_sasl_get_failed (gave_up), ==, 1u << PINION_SASL_SCRAM_SHA_256);
  g_assert_cmpuint (pinion_sasl_get_failed (plus), ==, failed);
  assert_answer (plus, NULL, "p=tls-exporter,,n=user,r=" NONCE);

  g_autofree char *final = step (plus, SERVER_FIRST, NULL);
  g_assert_true (g_str_has_prefix (final, beginning));
  g_assert_false (g_str_has_suffix (final, PROOF));
  /* The server's signature is over that too. */
  assert_fails (plus, SERVER_FINAL, PINION_ERROR_PROTOCOL);
}

/* Challenges after the first message that nothing may be proven for */
static void
test_bad_first (void)
{
  static const char *const challenges[] = {
    "",
    "r=" SERVER_NONCE,
    "r=" SERVER_NONCE ",s=" SALT,
    "s=" SALT ",r=" SERVER_NONCE ",i=4096",
    "m=must,r=" SERVER_NONCE ",s=" SALT ",i=4096",
    "x=y,r=" SERVER_NONCE ",s=" SALT ",i=4096",
    /* Not our nonce, not extended, cut */
    "r=" NONCE ",s=" SALT ",i=4096",
    "r=,s=" SALT ",i=4096",
    "r=rOprNGfwEbeRWgbNEkq,s=" SALT ",i=4096",
    "r=x" SERVER_NONCE ",s=" SALT ",i=4096",
    /* Salt */
    "r=" SERVER_NONCE ",s=,i=4096",
    "r=" SERVER_NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ=,i=4096",
    "r=" SERVER_NONCE ",s=!!!!,i=4096",
    /* Iterations: too few, too many, no number */
    "r=" SERVER_NONCE ",s=" SALT ",i=4095",
    "r=" SERVER_NONCE ",s=" SALT ",i=1",
    "r=" SERVER_NONCE ",s=" SALT ",i=0",
    "r=" SERVER_NONCE ",s=" SALT ",i=",
    "r=" SERVER_NONCE ",s=" SALT ",i=1000001",
    "r=" SERVER_NONCE ",s=" SALT ",i=4294971392",
    "r=" SERVER_NONCE ",s=" SALT ",i=18446744073709555712",
    "r=" SERVER_NONCE ",s=" SALT ",i=-4096",
    "r=" SERVER_NONCE ",s=" SALT ",i=+4096",
    "r=" SERVER_NONCE ",s=" SALT ",i=04096",
    "r=" SERVER_NONCE ",s=" SALT ",i=4096x",
    "r=" SERVER_NONCE ",s=" SALT ",i=0x1000",
    "r=\xff,s=" SALT ",i=4096",
    SERVER_FINAL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autoptr (PinionSasl) sasl = make_user ();

      assert_answer (sasl, NULL, CLIENT_FIRST);
      assert_fails (sasl, challenges[i], PINION_ERROR_PROTOCOL);
    }

  g_autoptr (PinionSasl) sasl = make_user ();
  assert_fails (sasl, SERVER_FIRST, PINION_ERROR_PROTOCOL);

  /* A NUL must not hide what follows. */
  g_autoptr (PinionSasl) nul = make_user ();
  assert_answer (nul, NULL, CLIENT_FIRST);
  g_assert_null (pinion_sasl_step (nul, (const guint8 *) SERVER_FIRST "\0x",
                                   strlen (SERVER_FIRST) + 2, NULL));

  /* What an extension adds at the end is left alone, and is part of what is proven. */
  g_autoptr (PinionSasl) extended = make_user ();
  assert_answer (extended, NULL, CLIENT_FIRST);
  g_autofree char *final = step (extended, SERVER_FIRST ",x=y", NULL);
  g_assert_nonnull (final);
  g_assert_cmpstr (final, !=, CLIENT_FINAL);
}

static void
test_bad_final (void)
{
  static const char *const challenges[] = {
    "",
    "v=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95F4=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G0=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4AAAA=",
    "v=" PROOF,
    "x=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    SERVER_FIRST,
  };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autoptr (PinionSasl) sasl = make_user ();

      assert_answer (sasl, NULL, CLIENT_FIRST);
      assert_answer (sasl, SERVER_FIRST, CLIENT_FINAL);
      assert_fails (sasl, challenges[i], PINION_ERROR_PROTOCOL);
    }
}

static void
test_server_errors (void)
{
  static const struct
  {
    const char *challenge;
    PinionErrorCode code;
  } cases[] = {
    { "e=invalid-proof", PINION_ERROR_SIGN_IN_REFUSED },
    { "e=unknown-user", PINION_ERROR_SIGN_IN_REFUSED },
    { "e=other-error", PINION_ERROR_SIGN_IN_REFUSED },
    { "e=", PINION_ERROR_SIGN_IN_REFUSED },
    { "e=channel-bindings-dont-match", PINION_ERROR_PROTOCOL },
    { "e=server-does-support-channel-binding", PINION_ERROR_PROTOCOL },
    { "e=unsupported-channel-binding-type", PINION_ERROR_SIGN_IN_NO_MECHANISM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionSasl) early = make_user ();
      g_autoptr (PinionSasl) late = make_user ();

      assert_answer (early, NULL, CLIENT_FIRST);
      assert_fails (early, cases[i].challenge, cases[i].code);

      assert_answer (late, NULL, CLIENT_FIRST);
      assert_answer (late, SERVER_FIRST, CLIENT_FINAL);
      assert_fails (late, cases[i].challenge, cases[i].code);
    }

  /* Words of a stranger */
  g_autoptr (PinionSasl) sasl = make_user ();
  g_autoptr (GError) error = NULL;
  g_autofree char *many = g_strnfill (9000, 'x');
  g_autofree char *challenge = g_strconcat ("e=a\r\n\033[31m", many, NULL);
  assert_answer (sasl, NULL, CLIENT_FIRST);
  g_assert_null (step (sasl, challenge, &error));
  g_assert_cmpuint (strlen (error->message), <, 300);
  g_assert_null (strpbrk (error->message, "\r\n\033"));
}

/* The proof can be guessed from: it is no more for the eyes of others than the password. */
static void
test_redact (void)
{
  g_autoptr (PinionSasl) sasl = make_user ();
  g_autofree char *encoded = g_base64_encode ((const guchar *) CLIENT_FINAL, strlen (CLIENT_FINAL));
  g_autofree char *text = g_strconcat ("pencil ", encoded, " and " CLIENT_FINAL, NULL);

  assert_answer (sasl, NULL, CLIENT_FIRST);
  assert_answer (sasl, SERVER_FIRST, CLIENT_FINAL);
  g_autofree char *clean = pinion_sasl_redact (sasl, text);
  g_assert_cmpstr (clean, ==, "*** *** and c=biws,r=" SERVER_NONCE ",p=***");
}

/* -- On a fiber ----------------------------------------------------------------------------- */

static char *
respond (PinionSasl *sasl,
         const char *challenge)
{
  g_autofree char *encoded = challenge != NULL ? g_base64_encode ((const guchar *) challenge,
                                                                  strlen (challenge))
                                               : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dex_await_boxed (pinion_sasl_respond (sasl, encoded), &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "",
                    g_bytes_get_size (bytes));
}

static DexFuture *
test_respond_fiber (gpointer data)
{
  g_autoptr (PinionSasl) sasl = make_user ();
  g_autofree char *first = respond (sasl, NULL);
  g_autofree char *second = respond (sasl, SERVER_FIRST);
  g_autofree char *third = respond (sasl, SERVER_FINAL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (first, ==, CLIENT_FIRST);
  g_assert_cmpstr (second, ==, CLIENT_FINAL);
  g_assert_cmpstr (third, ==, "");
  g_assert_true (pinion_sasl_is_done (sasl));

  g_assert_false (dex_await (pinion_sasl_respond (sasl, ""), &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));

  return dex_future_new_true ();
}

/* A server that does not wait is not answered twice; one that is left leaves nothing behind. */
static DexFuture *
test_impatient_fiber (gpointer data)
{
  g_autoptr (PinionSasl) sasl = make_user ();
  g_autoptr (PinionSasl) left = make_user ();
  g_autoptr (GError) error = NULL;
  DexFuture *first = pinion_sasl_respond (sasl, NULL);

  g_assert_false (dex_await (pinion_sasl_respond (sasl, ""), &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
  g_clear_error (&error);
  g_assert_true (dex_await (first, NULL));

  g_assert_false (dex_await (pinion_sasl_respond (sasl, "not base64"), &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));

  dex_unref (pinion_sasl_respond (left, NULL));

  return dex_future_new_true ();
}

/* Far more than servers ask for today */
static void
test_many_iterations (void)
{
  g_autoptr (PinionSasl) sasl = make_user ();
  g_autofree char *answer = NULL;

  assert_answer (sasl, NULL, CLIENT_FIRST);
  answer = step (sasl, "r=" SERVER_NONCE ",s=" SALT ",i=100000", NULL);
  g_assert_nonnull (answer);
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  g_test_add_func ("/scram/vector", test_vector);
  g_test_add_func ("/scram/nonce", test_nonce);
  g_test_add_func ("/scram/names", test_names);
  g_test_add_func ("/scram/prepare", test_prepare);
  g_test_add_func ("/scram/binding", test_binding);
  g_test_add_func ("/scram/bad-first", test_bad_first);
  g_test_add_func ("/scram/bad-final", test_bad_final);
  g_test_add_func ("/scram/server-errors", test_server_errors);
  g_test_add_func ("/scram/redact", test_redact);
  pinion_test_add_fiber ("/scram/respond", test_respond_fiber);
  pinion_test_add_fiber ("/scram/impatient", test_impatient_fiber);
  g_test_add_func ("/scram/many-iterations", test_many_iterations);

  return g_test_run ();
}
