/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NTLM against the acceptor of the same library, and both mechanisms where nothing is right.
 * Kerberos with a KDC and a real mail server is in tests/cli/test_sign_in.py. */

#include "pinion-sasl.h"
#include "pinion-test-fiber.h"

#include <glib/gstdio.h>
#include <gssapi/gssapi.h>
#include <string.h>

#define PASSWORD "Pass\"wörd 42"

static char ntlm_oid[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static gss_OID_desc ntlm = { sizeof ntlm_oid - 1, ntlm_oid };

static gboolean
skip_without_ntlm (void)
{
  gss_OID_set mechanisms = GSS_C_NO_OID_SET;
  OM_uint32 minor;
  int present = 0;

  gss_indicate_mechs (&minor, &mechanisms);
  gss_test_oid_set_member (&minor, &ntlm, mechanisms, &present);
  gss_release_oid_set (&minor, &mechanisms);
  if (present == 0)
    g_test_skip ("gss-ntlmssp is not installed");

  return present == 0;
}

static PinionSasl *
make (PinionSaslMechanism mechanism,
      const char         *user,
      const char         *password,
      GBytes             *end_point)
{
  static const char *const offered[] = { "GSSAPI", "NTLM", NULL };
  g_autoptr (PinionSecret) secret = pinion_secret_new (password);
  PinionSaslContext context = { .protocol = PINION_PROTOCOL_SMTP,
                                .host = "localhost",
                                .user = user,
                                .secret = secret,
                                .offered = offered,
                                .end_point = end_point };
  g_autoptr (GError) error = NULL;
  PinionSasl *sasl = pinion_sasl_new (mechanism, &context, &error);

  g_assert_no_error (error);
  return sasl;
}

static GBytes *
step (PinionSasl *sasl,
      GBytes     *challenge,
      GError    **error)
{
  gsize size = 0;
  const guint8 *data = challenge != NULL ? g_bytes_get_data (challenge, &size) : NULL;

  return pinion_sasl_step (sasl, data, size, error);
}

/* -- The other side ------------------------------------------------------------------------- */

typedef struct
{
  gss_ctx_id_t context;
  gss_name_t user;
  char *binding;
} Acceptor;

static void
acceptor_clear (Acceptor *acceptor)
{
  OM_uint32 minor;

  gss_delete_sec_context (&minor, &acceptor->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &acceptor->user);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Acceptor, acceptor_clear)

/* Returns: (transfer full) (nullable) the answer, empty at the end; %NULL when it refuses */
static GBytes *
acceptor_take (Acceptor *acceptor,
               GBytes   *token)
{
  struct gss_channel_bindings_struct channel = { 0 };
  gss_buffer_desc input, output = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, ignored;

  input.value = (gpointer) g_bytes_get_data (token, &input.length);
  if (acceptor->binding != NULL)
    {
      channel.application_data.value = acceptor->binding;
      channel.application_data.length = strlen (acceptor->binding);
    }

  OM_uint32 major = gss_accept_sec_context (
      &minor, &acceptor->context, GSS_C_NO_CREDENTIAL, &input,
      acceptor->binding != NULL ? &channel : GSS_C_NO_CHANNEL_BINDINGS, &acceptor->user, NULL,
      &output, NULL, NULL, NULL);
  GBytes *answer = GSS_ERROR (major) ? NULL : g_bytes_new (output.value, output.length);
  gss_release_buffer (&ignored, &output);

  return answer;
}

/* The whole dialogue.  Returns: (transfer full) (nullable) who the other side thinks it was */
static char *
sign_in (PinionSasl *sasl,
         char       *binding)
{
  g_auto (Acceptor) acceptor = { .context = GSS_C_NO_CONTEXT, .binding = binding };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) negotiate = step (sasl, NULL, &error);
  gss_buffer_desc name = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor;

  g_assert_no_error (error);
  g_assert_false (pinion_sasl_is_done (sasl));
  g_autoptr (GBytes) challenge = acceptor_take (&acceptor, negotiate);
  g_assert_nonnull (challenge);
  g_autoptr (GBytes) authenticate = step (sasl, challenge, &error);
  g_assert_no_error (error);
  g_assert_true (pinion_sasl_is_done (sasl));

  g_autoptr (GBytes) end = acceptor_take (&acceptor, authenticate);
  if (end == NULL)
    return NULL;

  gss_display_name (&minor, acceptor.user, &name, NULL);
  char *user = g_strndup (name.value, name.length);
  gss_release_buffer (&minor, &name);
  return user;
}

static void
test_ntlm (void)
{
  static const struct
  {
    const char *user;
    const char *password;
    const char *seen;
  } cases[] = {
    { "NORTHWIND\\anna", PASSWORD, "NORTHWIND\\anna" },
    { "anna@northwind.example", PASSWORD, "\\anna@northwind.example" },
    { "NORTHWIND\\anna", "another", NULL },
    { "NORTHWIND\\jonas", PASSWORD, NULL },
  };

  if (skip_without_ntlm ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionSasl) sasl = make (PINION_SASL_NTLM, cases[i].user, cases[i].password, NULL);
      g_autofree char *seen = sign_in (sasl, NULL);

      g_assert_cmpstr (seen, ==, cases[i].seen);
    }
}

/* Where the server binds to the certificate ("extended protection"), ours has to be the same. */
static void
test_ntlm_binding (void)
{
  g_autoptr (GBytes) hash = g_bytes_new ("0123456789", 10);

  if (skip_without_ntlm ())
    return;

  g_autoptr (PinionSasl) same = make (PINION_SASL_NTLM, "NORTHWIND\\anna", PASSWORD, hash);
  g_autofree char *seen = sign_in (same, (char[]) { "tls-server-end-point:0123456789" });
  g_assert_cmpstr (seen, ==, "NORTHWIND\\anna");

  g_autoptr (PinionSasl) other = make (PINION_SASL_NTLM, "NORTHWIND\\anna", PASSWORD, hash);
  g_autofree char *unseen = sign_in (other, (char[]) { "tls-server-end-point:9876543210" });
  g_assert_null (unseen);

  /* Who does not bind does not mind. */
  g_autoptr (PinionSasl) unbound = make (PINION_SASL_NTLM, "NORTHWIND\\anna", PASSWORD, hash);
  g_autofree char *still = sign_in (unbound, NULL);
  g_assert_cmpstr (still, ==, "NORTHWIND\\anna");
}

/* -- Published values ----------------------------------------------------------------------- */

/* MS-NLMP 4.2.4.3: the CHALLENGE_MESSAGE, with the ServerChallenge of 4.2.1.  One bit differs:
 * beside Unicode it offers OEM text too, which no server does and the library refuses. */
static const guint8 published_challenge[] = {
  0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x0c,
  0x00, 0x38, 0x00, 0x00, 0x00, 0x31, 0x82, 0x8a, 0xe2, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
  0xcd, 0xef, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x24, 0x00, 0x44,
  0x00, 0x00, 0x00, 0x06, 0x00, 0x70, 0x17, 0x00, 0x00, 0x00, 0x0f, 0x53, 0x00, 0x65, 0x00,
  0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x02, 0x00, 0x0c, 0x00, 0x44, 0x00, 0x6f,
  0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00, 0x01, 0x00, 0x0c, 0x00, 0x53, 0x00,
  0x65, 0x00, 0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00,
};

/* 4.2.4.1.1: NTOWFv2 of "User", "Password", "Domain" */
static const guint8 published_key[] = { 0x0c, 0x86, 0x8a, 0x40, 0x3b, 0xfd, 0x7a, 0x93,
                                        0xa3, 0x00, 0x1e, 0xf2, 0x2e, 0xf0, 0x2e, 0x3f };

/* The field at @at of an AUTHENTICATE_MESSAGE (2.2.1.3) */
static const guint8 *
find_field (GBytes *message,
            gsize   at,
            gsize  *length)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);

  g_assert_cmpuint (size, >, at + 8);
  *length = data[at] + 256u * data[at + 1];
  gsize offset = data[at + 4] + 256u * data[at + 5];
  g_assert_cmpuint (offset + *length, <=, size);

  return data + offset;
}

/* The library draws its own ClientChallenge and time, so that the published answer cannot come out;
 * what it answers is computed again with the published key (3.3.2). */
static void
test_published (void)
{
  g_autoptr (PinionSasl) sasl = NULL;
  g_autoptr (GBytes) challenge = g_bytes_new_static (published_challenge,
                                                     sizeof published_challenge);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_MD5, published_key, sizeof published_key);
  g_autoptr (GError) error = NULL;
  guint8 proof[16];
  gsize size = sizeof proof, length;

  if (skip_without_ntlm ())
    return;

  sasl = make (PINION_SASL_NTLM, "Domain\\User", "Password", NULL);
  g_autoptr (GBytes) negotiate = step (sasl, NULL, &error);
  g_autoptr (GBytes) message = step (sasl, challenge, &error);
  g_assert_no_error (error);

  const guint8 *answer = find_field (message, 20, &length);
  g_assert_cmpuint (length, >, 16 + 28);
  g_hmac_update (hmac, published_challenge + 24, 8);
  g_hmac_update (hmac, answer + 16, (gssize) length - 16);
  g_hmac_get_digest (hmac, proof, &size);
  g_assert_cmpmem (answer, 16, proof, size);
}

/* -- Everything wrong ----------------------------------------------------------------------- */

static void
assert_fails (PinionSasl     *sasl,
              gconstpointer   challenge,
              gsize           length,
              PinionErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pinion_sasl_step (sasl, challenge, length, &error));
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_false (pinion_sasl_is_done (sasl));
  g_assert_null (strstr (error->message, PASSWORD));
}

static void
test_ntlm_nonsense (void)
{
  if (skip_without_ntlm ())
    return;

  for (gsize length = 0; length < sizeof published_challenge; length += 3)
    {
      g_autoptr (PinionSasl) sasl = make (PINION_SASL_NTLM, "Domain\\User", PASSWORD, NULL);
      g_autoptr (GBytes) negotiate = step (sasl, NULL, NULL);

      assert_fails (sasl, published_challenge, length, PINION_ERROR_PROTOCOL);
    }

  /* A challenge too many */
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_NTLM, "Domain\\User", PASSWORD, NULL);
  g_autoptr (GBytes) one = step (sasl, NULL, NULL);
  g_autoptr (GBytes) two = pinion_sasl_step (sasl, published_challenge,
                                             sizeof published_challenge, NULL);
  g_assert_nonnull (two);
  g_autoptr (GError) error = NULL;
  g_assert_null (pinion_sasl_step (sasl, published_challenge, sizeof published_challenge, &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));
}

/* What a server repeats of our answer is as secret as the password. */
static void
test_ntlm_redact (void)
{
  if (skip_without_ntlm ())
    return;

  g_autoptr (PinionSasl) sasl = make (PINION_SASL_NTLM, "Domain\\User", PASSWORD, NULL);
  g_autoptr (GBytes) negotiate = step (sasl, NULL, NULL);
  g_autoptr (GBytes) message = pinion_sasl_step (sasl, published_challenge,
                                                 sizeof published_challenge, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  g_autofree char *encoded = g_base64_encode (data, size);
  g_autofree char *text = g_strdup_printf ("%s is not " PASSWORD, encoded);
  g_autofree char *clean = pinion_sasl_redact (sasl, text);
  g_assert_cmpstr (clean, ==, "*** is not ***");
}

/* Exchange's first 334 is no base64; the worker does the rest. */
static DexFuture *
test_ntlm_respond_fiber (gpointer data)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_NTLM, "Domain\\User", PASSWORD, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) negotiate = NULL;

  if (skip_without_ntlm ())
    return dex_future_new_true ();

  g_assert_false (pinion_sasl_has_initial_response (sasl));
  negotiate = dex_await_boxed (pinion_sasl_respond (sasl, "NTLM supported"), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (negotiate, NULL), 8, "NTLMSSP", 8);
  g_assert_false (dex_await (pinion_sasl_respond (sasl, "NTLM supported"), &error));
  g_assert_true (pinion_error_is (error, PINION_ERROR_PROTOCOL));

  return dex_future_new_true ();
}

/* No ticket: main() sees to it. */
static void
test_no_ticket (void)
{
  g_autoptr (PinionSasl) sasl = make (PINION_SASL_GSSAPI, "", "", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pinion_sasl_has_initial_response (sasl));
  g_assert_null (pinion_sasl_step (sasl, NULL, 0, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_TICKET_MISSING);
  g_assert_cmpstr (pinion_error_get_code_name (error), ==, "ticket-missing");
  g_assert_cmpint (pinion_error_get_protocol (error), ==, PINION_PROTOCOL_SMTP);
}

/* Nothing of this computer's own settings, tickets or users. */
static char *
prepare_environment (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("pinion-gss-XXXXXX", &error);
  g_autofree char *users = g_build_filename (folder, "users", NULL);
  g_autofree char *config = g_build_filename (folder, "krb5.conf", NULL);
  g_autofree char *tickets = g_strdup_printf ("FILE:%s/none", folder);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (users,
                                      "NORTHWIND:anna:" PASSWORD "\n"
                                      ":anna@northwind.example:" PASSWORD "\n",
                                      -1, NULL));
  g_assert_true (g_file_set_contents (config,
                                      "[libdefaults]\ndefault_realm = NORTHWIND.EXAMPLE\n"
                                      "dns_lookup_kdc = false\ndns_lookup_realm = false\n"
                                      "dns_canonicalize_hostname = false\nrdns = false\n",
                                      -1, NULL));
  g_setenv ("NTLM_USER_FILE", users, TRUE);
  g_setenv ("KRB5_CONFIG", config, TRUE);
  g_setenv ("KRB5CCNAME", tickets, TRUE);
  g_unsetenv ("LM_COMPAT_LEVEL");

  return folder;
}

static void
remove_environment (const char *folder)
{
  static const char *const names[] = { "users", "krb5.conf" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = prepare_environment ();

  pinion_test_init (&argc, &argv);

  g_test_add_func ("/gss/ntlm", test_ntlm);
  g_test_add_func ("/gss/ntlm/binding", test_ntlm_binding);
  g_test_add_func ("/gss/ntlm/published", test_published);
  g_test_add_func ("/gss/ntlm/nonsense", test_ntlm_nonsense);
  g_test_add_func ("/gss/ntlm/redact", test_ntlm_redact);
  pinion_test_add_fiber ("/gss/ntlm/respond", test_ntlm_respond_fiber);
  g_test_add_func ("/gss/no-ticket", test_no_ticket);

  int status = g_test_run ();
  remove_environment (folder);
  return status;
}
