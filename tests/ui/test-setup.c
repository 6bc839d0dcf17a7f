/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the assistant makes of what is typed, without a window. */

#include <glib.h>

#include "pinion-setup.h"
#include "pinion-stage-list.h"

static const PinionServer *
imap (PinionSetup *setup)
{
  return pinion_setup_get_server (setup, PINION_PROTOCOL_IMAP);
}

static const PinionServer *
smtp (PinionSetup *setup)
{
  return pinion_setup_get_server (setup, PINION_PROTOCOL_SMTP);
}

/* -- Defaults and following ----------------------------------------------------------------- */

static void
test_defaults (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new ("Anna Keller");
  const PinionAccount *account = pinion_setup_get_account (setup);

  g_assert_cmpstr (account->name, ==, "Anna Keller");
  g_assert_cmpint (account->history, ==, PINION_HISTORY_1_YEAR);
  g_assert_cmpint (account->kind, ==, PINION_ACCOUNT_PERSONAL);
  g_assert_true (account->pin_all);
  g_assert_true (pinion_setup_get_exchange (setup));
  g_assert_cmpstr (imap (setup)->host, ==, "");
  g_assert_cmpuint (imap (setup)->port, ==, 993);
  g_assert_cmpint (imap (setup)->encryption, ==, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (smtp (setup)->port, ==, 587);
  g_assert_cmpint (smtp (setup)->encryption, ==, PINION_ENCRYPTION_STARTTLS);
}

static void
test_user_follows (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  pinion_setup_set_address (setup, " anna@northwind.example ");
  g_assert_cmpstr (imap (setup)->user, ==, "anna@northwind.example");
  g_assert_cmpstr (smtp (setup)->user, ==, "anna@northwind.example");
  g_assert_true (pinion_setup_tries_user_names (setup));

  pinion_setup_set_user (setup, PINION_PROTOCOL_IMAP, "NORTHWIND\\anna");
  g_assert_cmpstr (smtp (setup)->user, ==, "NORTHWIND\\anna");
  g_assert_false (pinion_setup_tries_user_names (setup));

  pinion_setup_set_address (setup, "bob@northwind.example");
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna");

  pinion_setup_set_user (setup, PINION_PROTOCOL_SMTP, "mailer");
  pinion_setup_set_user (setup, PINION_PROTOCOL_IMAP, "");
  g_assert_cmpstr (imap (setup)->user, ==, "bob@northwind.example");
  g_assert_cmpstr (smtp (setup)->user, ==, "mailer");
  g_assert_true (pinion_setup_tries_user_names (setup));

  pinion_setup_set_user (setup, PINION_PROTOCOL_SMTP, "");
  g_assert_cmpstr (smtp (setup)->user, ==, "bob@northwind.example");
}

static void
test_port_follows (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS);
  pinion_setup_set_encryption (setup, PINION_PROTOCOL_SMTP, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (imap (setup)->port, ==, 143);
  g_assert_cmpuint (smtp (setup)->port, ==, 465);

  pinion_setup_set_port (setup, PINION_PROTOCOL_IMAP, "1143");
  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (imap (setup)->port, ==, 1143);

  pinion_setup_set_port (setup, PINION_PROTOCOL_IMAP, "");
  g_assert_cmpuint (imap (setup)->port, ==, 993);

  /* Typed, but what it would be anyway: it follows on */
  pinion_setup_set_port (setup, PINION_PROTOCOL_IMAP, "993");
  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpuint (imap (setup)->port, ==, 143);

  pinion_setup_set_port (setup, PINION_PROTOCOL_IMAP, "many");
  g_assert_cmpuint (imap (setup)->port, ==, 0);
}

static void
test_host_follows (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "mail.northwind.example");
  g_assert_cmpstr (smtp (setup)->host, ==, "mail.northwind.example");

  pinion_setup_set_host (setup, PINION_PROTOCOL_SMTP, "smtp.northwind.example");
  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "imap.northwind.example");
  g_assert_cmpstr (smtp (setup)->host, ==, "smtp.northwind.example");

  pinion_setup_set_host (setup, PINION_PROTOCOL_SMTP, "");
  g_assert_cmpstr (smtp (setup)->host, ==, "imap.northwind.example");
}

static void
test_shared (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  pinion_setup_set_address (setup, "anna@northwind.example");
  pinion_setup_set_kind (setup, PINION_ACCOUNT_SHARED);
  pinion_setup_set_shared (setup, "sales");
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna\\sales");
  g_assert_cmpstr (pinion_setup_get_account (setup)->email, ==, "sales@northwind.example");
  g_assert_false (pinion_setup_tries_user_names (setup));

  pinion_setup_set_shared (setup, "team@fabrikam.example");
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna\\team");
  g_assert_cmpstr (pinion_setup_get_account (setup)->email, ==, "team@fabrikam.example");

  /* Only Exchange has them */
  pinion_setup_set_exchange (setup, FALSE);
  g_assert_cmpint (pinion_setup_get_account (setup)->kind, ==, PINION_ACCOUNT_PERSONAL);
  g_assert_cmpstr (imap (setup)->user, ==, "anna@northwind.example");
  g_assert_cmpstr (pinion_setup_get_account (setup)->email, ==, "anna@northwind.example");
}

/* Where the forms are tried, SMTP takes the one that IMAP found. */
static void
test_account_to_verify (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (PinionAccount) tried = NULL;
  g_autoptr (PinionAccount) typed = NULL;

  pinion_setup_set_address (setup, "anna@northwind.example");
  tried = pinion_setup_dup_account (setup);
  g_assert_null (tried->smtp.user);

  pinion_setup_set_user (setup, PINION_PROTOCOL_IMAP, "anna");
  typed = pinion_setup_dup_account (setup);
  g_assert_cmpstr (typed->imap.user, ==, "anna");
  g_assert_cmpstr (typed->smtp.user, ==, "anna");
}

static void
test_trust_is_bound (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "mail.northwind.example");
  pinion_setup_trust (setup, PINION_PROTOCOL_IMAP, "aa");
  pinion_setup_trust (setup, PINION_PROTOCOL_SMTP, "aa");
  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "mail.northwind.example");
  pinion_setup_set_port (setup, PINION_PROTOCOL_IMAP, "993");
  g_assert_cmpstr (imap (setup)->trusted_sha256, ==, "aa");

  pinion_setup_set_port (setup, PINION_PROTOCOL_SMTP, "2587");
  g_assert_null (smtp (setup)->trusted_sha256);
  g_assert_cmpstr (imap (setup)->trusted_sha256, ==, "aa");

  pinion_setup_trust (setup, PINION_PROTOCOL_SMTP, "aa");
  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "evil.example");
  g_assert_null (imap (setup)->trusted_sha256);
  g_assert_null (smtp (setup)->trusted_sha256);
}

/* -- Checks --------------------------------------------------------------------------------- */

static void
test_checks (void)
{
  static const struct
  {
    PinionSetupField field;
    const char *text;
    gboolean right;
  } cases[] = {
    { PINION_SETUP_EMAIL, "", FALSE },
    { PINION_SETUP_EMAIL, "anna", FALSE },
    { PINION_SETUP_EMAIL, "anna@", FALSE },
    { PINION_SETUP_EMAIL, "anna@northwind.example", TRUE },
    { PINION_SETUP_EMAIL, "  anna@northwind.example ", TRUE },
    { PINION_SETUP_EMAIL, "jürgen@bücher.example", TRUE },
    { PINION_SETUP_PASSWORD, "", FALSE },
    { PINION_SETUP_PASSWORD, " ", TRUE },
    { PINION_SETUP_SHARED, "", FALSE },
    { PINION_SETUP_SHARED, "sales", TRUE },
    { PINION_SETUP_SHARED, "sales team", FALSE },
    { PINION_SETUP_SHARED, "NORTHWIND\\sales", FALSE },
    { PINION_SETUP_SHARED, "sales@northwind.example", TRUE },
    { PINION_SETUP_HOST, "", FALSE },
    { PINION_SETUP_HOST, "mail.northwind.example", TRUE },
    { PINION_SETUP_HOST, "https://mail.northwind.example", FALSE },
    { PINION_SETUP_HOST, "mail.northwind.example:993", FALSE },
    { PINION_SETUP_HOST, "127.0.0.1", TRUE },
    { PINION_SETUP_HOST, "::1", TRUE },
    { PINION_SETUP_PORT, "", TRUE },
    { PINION_SETUP_PORT, "0", FALSE },
    { PINION_SETUP_PORT, "65536", FALSE },
    { PINION_SETUP_PORT, "-1", FALSE },
    { PINION_SETUP_PORT, "993x", FALSE },
    { PINION_SETUP_PORT, "24711", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *reason = pinion_setup_check (cases[i].field, cases[i].text);

      g_test_message ("“%s”: %s", cases[i].text, reason != NULL ? reason : "fine");
      g_assert_cmpint (reason == NULL, ==, cases[i].right);
      g_assert_true (reason == NULL || *reason != '\0');
    }
}

/* -- Cures ---------------------------------------------------------------------------------- */

static GError *
new_error (PinionErrorCode code,
           PinionProtocol  protocol)
{
  return pinion_error_new (code, protocol, PINION_STAGE_TLS, "as the server is");
}

static void
test_cure_keeps_port (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (GError) error = new_error (PINION_ERROR_NEEDS_STARTTLS, PINION_PROTOCOL_IMAP);
  PinionCure cure = pinion_cure_for_error (error);

  g_assert_cmpint (cure, ==, PINION_CURE_STARTTLS);
  g_assert_true (pinion_setup_cure (setup, cure, error));
  g_assert_cmpint (imap (setup)->encryption, ==, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpuint (imap (setup)->port, ==, 993);
  g_assert_cmpint (smtp (setup)->encryption, ==, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpuint (smtp (setup)->port, ==, 587);
}

static void
test_cure_takes_tls_port (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (GError) error = new_error (PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_SMTP);
  PinionCure cure = pinion_cure_for_error (error);

  g_assert_true (pinion_setup_cure (setup, cure, error));
  g_assert_cmpint (smtp (setup)->encryption, ==, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (smtp (setup)->port, ==, 465);
}

/* What was tried and works is used; the usual port counts as nobody's. */
static void
test_cure_switches (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (GError) error = new_error (PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_IMAP);

  pinion_error_set_detail (error, "other-port", "143");
  pinion_error_set_detail (error, "other-encryption", "starttls");
  g_assert_cmpint (pinion_cure_for_error (error), ==, PINION_CURE_SWITCH);
  g_assert_true (pinion_setup_cure (setup, PINION_CURE_SWITCH, error));
  g_assert_cmpint (imap (setup)->encryption, ==, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpuint (imap (setup)->port, ==, 143);

  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (imap (setup)->port, ==, 993);
}

static void
test_cure_trusts_one (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (GError) error = new_error (PINION_ERROR_CERTIFICATE_SELF_SIGNED,
                                        PINION_PROTOCOL_SMTP);

  g_assert_cmpint (pinion_cure_for_error (error), ==, PINION_CURE_NONE);

  pinion_error_set_detail (error, "sha256", "abcd");
  g_assert_cmpint (pinion_cure_for_error (error), ==, PINION_CURE_TRUST);
  g_assert_true (pinion_setup_cure (setup, PINION_CURE_TRUST, error));
  g_assert_cmpstr (smtp (setup)->trusted_sha256, ==, "abcd");
  g_assert_null (imap (setup)->trusted_sha256);
}

/* A certificate that changed under a trusted one is never a click away. */
static void
test_no_cure (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  static const PinionErrorCode codes[] = {
    PINION_ERROR_CERTIFICATE_CHANGED,
    PINION_ERROR_CERTIFICATE_REVOKED,
    PINION_ERROR_CERTIFICATE_INVALID,
    PINION_ERROR_TLS_TOO_OLD,
    PINION_ERROR_DATA_BEFORE_ENCRYPTION,
    PINION_ERROR_NO_NETWORK,
    PINION_ERROR_THROTTLED,
    PINION_ERROR_TICKET_MISSING,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) error = new_error (codes[i], PINION_PROTOCOL_IMAP);

      pinion_error_set_detail (error, "sha256", "abcd");
      g_assert_cmpint (pinion_cure_for_error (error), ==, PINION_CURE_NONE);
      g_assert_null (pinion_cure_get_label (PINION_CURE_NONE, PINION_PROTOCOL_IMAP));
      g_assert_false (pinion_setup_cure (setup, PINION_CURE_NONE, error));
    }

  g_assert_null (imap (setup)->trusted_sha256);
}

static void
test_cure_is_a_page (void)
{
  g_autoptr (GError) refused = new_error (PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_IMAP);
  g_autoptr (GError) unknown = new_error (PINION_ERROR_HOST_UNKNOWN, PINION_PROTOCOL_SMTP);
  g_autoptr (GError) address = new_error (PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE);
  g_autoptr (GError) ticket = new_error (PINION_ERROR_TICKET_REFUSED, PINION_PROTOCOL_IMAP);

  g_assert_cmpint (pinion_cure_for_error (refused), ==, PINION_CURE_CREDENTIALS);
  g_assert_cmpint (pinion_cure_for_error (unknown), ==, PINION_CURE_SERVER);
  g_assert_cmpint (pinion_cure_for_error (address), ==, PINION_CURE_CREDENTIALS);
  g_assert_cmpint (pinion_cure_for_error (ticket), ==, PINION_CURE_CREDENTIALS);
  g_assert_cmpstr (pinion_cure_get_label (PINION_CURE_SERVER, PINION_PROTOCOL_SMTP), ==,
                   "Check SMTP Settings");
}

/* The choice is remembered, whatever the mailbox allows meanwhile. */
static void
test_sign_in (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);

  g_assert_true (pinion_account_needs_password (pinion_setup_get_account (setup)));
  pinion_setup_set_sign_in (setup, PINION_SIGN_IN_KERBEROS);
  g_assert_cmpint (imap (setup)->sign_in, ==, PINION_SIGN_IN_KERBEROS);
  g_assert_cmpint (smtp (setup)->sign_in, ==, PINION_SIGN_IN_KERBEROS);

  pinion_setup_set_kind (setup, PINION_ACCOUNT_SHARED);
  g_assert_true (pinion_account_needs_password (pinion_setup_get_account (setup)));
  pinion_setup_set_exchange (setup, FALSE);
  g_assert_false (pinion_account_needs_password (pinion_setup_get_account (setup)));

  g_autoptr (PinionAccount) account = pinion_setup_dup_account (setup);
  g_assert_cmpint (account->smtp.sign_in, ==, PINION_SIGN_IN_KERBEROS);
}

/* -- Stages --------------------------------------------------------------------------------- */

static void
assert_folds (PinionProtocol   protocol,
              gboolean         starttls,
              PinionStage      from,
              PinionStage      to,
              PinionStageState done_becomes)
{
  PinionStage stage = from;
  PinionStageState state = PINION_STAGE_STATE_DONE;

  pinion_stage_fold (protocol, starttls, &stage, &state);
  g_assert_cmpint (stage, ==, to);
  g_assert_cmpint (state, ==, done_becomes);

  state = PINION_STAGE_STATE_FAILED;
  stage = from;
  pinion_stage_fold (protocol, starttls, &stage, &state);
  g_assert_cmpint (state, ==, PINION_STAGE_STATE_FAILED);
}

static void
test_stages (void)
{
  const PinionStageState running = PINION_STAGE_STATE_RUNNING;
  const PinionStageState done = PINION_STAGE_STATE_DONE;

  for (PinionStage stage = PINION_STAGE_RESOLVE; stage <= PINION_STAGE_FOLDERS; stage++)
    {
      assert_folds (PINION_PROTOCOL_IMAP, FALSE, stage, stage, done);
      g_assert_cmpstr (pinion_stage_get_title (stage), !=, "");
      g_assert_cmpstr (pinion_stage_get_failure (stage), !=, "");
    }

  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_RESOLVE, PINION_STAGE_REACH, running);
  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_REACH, PINION_STAGE_REACH, done);
  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_TLS, PINION_STAGE_TLS, running);
  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_CERTIFICATE, PINION_STAGE_TLS, done);
  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_GREETING, PINION_STAGE_SIGN_IN, running);
  assert_folds (PINION_PROTOCOL_SMTP, FALSE, PINION_STAGE_SIGN_IN, PINION_STAGE_SIGN_IN, done);

  assert_folds (PINION_PROTOCOL_SMTP, TRUE, PINION_STAGE_REACH, PINION_STAGE_REACH, running);
  assert_folds (PINION_PROTOCOL_SMTP, TRUE, PINION_STAGE_GREETING, PINION_STAGE_REACH, done);
}

/* -- What was found ------------------------------------------------------------------------- */

static void
add_finding (PinionDiscovery *discovery,
             PinionProtocol   protocol,
             const char      *host,
             guint16          port,
             PinionEncryption encryption,
             const char      *user)
{
  PinionFinding *finding = g_new0 (PinionFinding, 1);

  finding->protocol = protocol;
  finding->host = g_strdup (host);
  finding->port = port;
  finding->encryption = encryption;
  finding->user = g_strdup (user);
  finding->form = pinion_user_form_of (user, "anna@northwind.example");
  g_ptr_array_add (discovery->findings, finding);
}

static PinionDiscovery *
make_discovery (const char *user)
{
  PinionDiscovery *discovery = pinion_discovery_new ();

  add_finding (discovery, PINION_PROTOCOL_IMAP, "imap.northwind.example", 1143,
               PINION_ENCRYPTION_STARTTLS, user);
  add_finding (discovery, PINION_PROTOCOL_SMTP, "smtp.northwind.example", 465, PINION_ENCRYPTION_TLS,
               user);

  return discovery;
}

static void
assert_server (const PinionServer *server,
               const char         *host,
               guint16             port,
               PinionEncryption    encryption,
               const char         *user)
{
  g_assert_cmpstr (server->host, ==, host);
  g_assert_cmpuint (server->port, ==, port);
  g_assert_cmpint (server->encryption, ==, encryption);
  g_assert_cmpstr (server->user, ==, user);
}

#define ADDRESS "anna@northwind.example"

static void
test_found (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (PinionDiscovery) discovery = make_discovery (ADDRESS);

  pinion_setup_set_address (setup, ADDRESS);
  pinion_setup_set_discovery (setup, discovery);
  assert_server (imap (setup), "imap.northwind.example", 1143, PINION_ENCRYPTION_STARTTLS, ADDRESS);
  assert_server (smtp (setup), "smtp.northwind.example", 465, PINION_ENCRYPTION_TLS, ADDRESS);
  g_assert_nonnull (pinion_setup_get_finding (setup, PINION_PROTOCOL_IMAP));
  g_assert_true (pinion_setup_tries_user_names (setup));

  /* The other encryption has its usual port, and going back the one that was found */
  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_TLS);
  g_assert_cmpuint (imap (setup)->port, ==, 993);
  pinion_setup_set_encryption (setup, PINION_PROTOCOL_IMAP, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpuint (imap (setup)->port, ==, 1143);

  pinion_setup_set_discovery (setup, NULL);
  assert_server (imap (setup), "", 993, PINION_ENCRYPTION_TLS, ADDRESS);
  assert_server (smtp (setup), "", 587, PINION_ENCRYPTION_STARTTLS, ADDRESS);
}

static void
test_found_user (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (PinionDiscovery) discovery = make_discovery ("NORTHWIND\\anna");

  pinion_setup_set_address (setup, ADDRESS);
  pinion_setup_set_discovery (setup, discovery);
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna");
  g_assert_cmpstr (smtp (setup)->user, ==, "NORTHWIND\\anna");
  g_assert_false (pinion_setup_tries_user_names (setup));

  pinion_setup_set_user (setup, PINION_PROTOCOL_IMAP, "keller");
  g_assert_cmpstr (smtp (setup)->user, ==, "keller");
  pinion_setup_set_user (setup, PINION_PROTOCOL_IMAP, "");
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna");

  /* Another mailbox is opened by a name of its own */
  pinion_setup_set_kind (setup, PINION_ACCOUNT_SHARED);
  pinion_setup_set_shared (setup, "sales");
  g_assert_cmpstr (imap (setup)->user, ==, "NORTHWIND\\anna\\sales");
}

/* Whatever was typed before or after stays. */
static void
test_found_and_typed (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (PinionDiscovery) discovery = make_discovery (ADDRESS);

  pinion_setup_set_address (setup, ADDRESS);
  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "mail.northwind.example");
  pinion_setup_set_port (setup, PINION_PROTOCOL_SMTP, "2525");
  pinion_setup_set_discovery (setup, discovery);
  assert_server (imap (setup), "mail.northwind.example", 993, PINION_ENCRYPTION_TLS, ADDRESS);
  assert_server (smtp (setup), "mail.northwind.example", 2525, PINION_ENCRYPTION_STARTTLS, ADDRESS);
  g_assert_null (pinion_setup_get_finding (setup, PINION_PROTOCOL_IMAP));

  /* Emptied, it is what was found */
  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "");
  assert_server (imap (setup), "imap.northwind.example", 1143, PINION_ENCRYPTION_STARTTLS, ADDRESS);
  assert_server (smtp (setup), "smtp.northwind.example", 2525, PINION_ENCRYPTION_TLS, ADDRESS);

  pinion_setup_set_host (setup, PINION_PROTOCOL_IMAP, "other.northwind.example");
  pinion_setup_set_discovery (setup, NULL);
  g_assert_cmpstr (imap (setup)->host, ==, "other.northwind.example");
}

/* What is found anew is another server: what was trusted there is not trusted here. */
static void
test_found_and_trusted (void)
{
  g_autoptr (PinionSetup) setup = pinion_setup_new (NULL);
  g_autoptr (PinionDiscovery) discovery = make_discovery (ADDRESS);

  pinion_setup_set_address (setup, ADDRESS);
  pinion_setup_set_discovery (setup, discovery);
  pinion_setup_trust (setup, PINION_PROTOCOL_IMAP, "00ff");
  pinion_setup_set_discovery (setup, discovery);
  g_assert_cmpstr (imap (setup)->trusted_sha256, ==, "00ff");
  pinion_setup_set_discovery (setup, NULL);
  g_assert_null (imap (setup)->trusted_sha256);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/setup/defaults", test_defaults);
  g_test_add_func ("/setup/user-follows", test_user_follows);
  g_test_add_func ("/setup/port-follows", test_port_follows);
  g_test_add_func ("/setup/host-follows", test_host_follows);
  g_test_add_func ("/setup/shared", test_shared);
  g_test_add_func ("/setup/account-to-verify", test_account_to_verify);
  g_test_add_func ("/setup/trust-is-bound", test_trust_is_bound);
  g_test_add_func ("/setup/checks", test_checks);
  g_test_add_func ("/setup/sign-in", test_sign_in);
  g_test_add_func ("/setup/cure/keeps-port", test_cure_keeps_port);
  g_test_add_func ("/setup/cure/takes-tls-port", test_cure_takes_tls_port);
  g_test_add_func ("/setup/cure/switches", test_cure_switches);
  g_test_add_func ("/setup/cure/trusts-one", test_cure_trusts_one);
  g_test_add_func ("/setup/cure/none", test_no_cure);
  g_test_add_func ("/setup/cure/page", test_cure_is_a_page);
  g_test_add_func ("/stages/fold", test_stages);

  g_test_add_func ("/setup/found", test_found);
  g_test_add_func ("/setup/found-user", test_found_user);
  g_test_add_func ("/setup/found-and-typed", test_found_and_typed);
  g_test_add_func ("/setup/found-and-trusted", test_found_and_trusted);

  return g_test_run ();
}
