/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a failure offers: the cure on its button, and the report for the administrator. */

#include "pinion-cure.h"
#include "pinion-report.h"

#include <string.h>

static GError *
make_error (PinionErrorCode code,
            PinionProtocol  protocol,
            PinionStage     stage)
{
  GError *error = pinion_error_new (code, protocol, stage, "technical");

  pinion_error_set_detail (error, "host", "mail.northwind.example");
  pinion_error_set_detail (error, "port", "993");

  return error;
}

static void
set_other (GError     *error,
           const char *port,
           const char *encryption)
{
  pinion_error_set_detail (error, "other-port", port);
  pinion_error_set_detail (error, "other-encryption", encryption);
}

static void
assert_way (const GError     *error,
            const char       *label,
            guint16           port,
            PinionEncryption  encryption)
{
  PinionCure cure = pinion_cure_for_error (error);
  g_autofree char *said = pinion_cure_dup_label (cure, error);
  PinionEncryption way;
  guint16 number;

  g_assert_cmpstr (said, ==, label);
  g_assert_true (pinion_cure_get_way (cure, error, &number, &way));
  g_assert_cmpuint (number, ==, port);
  g_assert_cmpint (way, ==, encryption);
}

static void
test_what_was_tried (void)
{
  g_autoptr (GError) error = make_error (PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_IMAP,
                                         PINION_STAGE_REACH);

  g_assert_cmpint (pinion_cure_for_error (error), ==, PINION_CURE_SERVER);
  set_other (error, "143", "starttls");
  assert_way (error, "Use Port 143 with STARTTLS", 143, PINION_ENCRYPTION_STARTTLS);
  g_autofree char *fix = pinion_error_dup_fix (error);
  g_assert_cmpstr (fix, ==, "Port 143 with STARTTLS works: switch to it.");

  set_other (error, "993", "tls");
  assert_way (error, "Switch to TLS", 993, PINION_ENCRYPTION_TLS);
  g_autofree char *same = pinion_error_dup_fix (error);
  g_assert_cmpstr (same, ==, "The same port works with TLS: switch to it.");
}

static void
test_what_is_likely (void)
{
  g_autoptr (GError) clear = make_error (PINION_ERROR_NEEDS_STARTTLS, PINION_PROTOCOL_IMAP,
                                         PINION_STAGE_TLS);
  g_autoptr (GError) bare = make_error (PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_SMTP,
                                        PINION_STAGE_TLS);

  assert_way (clear, "Switch to STARTTLS", 993, PINION_ENCRYPTION_STARTTLS);
  assert_way (bare, "Switch to TLS", 465, PINION_ENCRYPTION_TLS);

  /* Where that was tried and is nothing, only the person can know better. */
  pinion_error_set_detail (bare, "others", "none");
  g_assert_cmpint (pinion_cure_for_error (bare), ==, PINION_CURE_SERVER);
}

/* Facts that make no sense are no way. */
static void
test_nonsense (void)
{
  static const char *const ports[] = { "", "0", "65536", "-1", "9e2", "143 ", NULL };
  PinionEncryption encryption;
  guint16 port;

  for (guint i = 0; ports[i] != NULL; i++)
    {
      g_autoptr (GError) error = make_error (PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_IMAP,
                                             PINION_STAGE_REACH);

      set_other (error, ports[i], "tls");
      g_assert_false (pinion_cure_get_way (PINION_CURE_SWITCH, error, &port, &encryption));
    }
}

/* Whatever connecting can fail with has advice, and every blank in it is filled. */
static void
test_advice (void)
{
  for (int code = PINION_ERROR_HOST_UNKNOWN; code <= PINION_ERROR_TICKET_REFUSED; code++)
    for (int protocol = PINION_PROTOCOL_IMAP; protocol <= PINION_PROTOCOL_SMTP; protocol++)
      {
        g_autoptr (GError) error = make_error (code, protocol, PINION_STAGE_SIGN_IN);
        g_autofree char *sentence = NULL;
        g_autofree char *commands = NULL;

        if (!pinion_report_get_advice (error, "anna@northwind.example", &sentence, &commands))
          continue;
        g_assert_cmpstr (sentence, !=, "");
        g_assert_null (strchr (commands, '%'));
      }
}

static void
assert_cured_by (PinionErrorCode code,
                 PinionProtocol  protocol,
                 const char     *command)
{
  g_autoptr (GError) error = make_error (code, protocol, PINION_STAGE_SIGN_IN);
  g_autofree char *sentence = NULL;
  g_autofree char *commands = NULL;

  g_assert_true (pinion_report_get_advice (error, "anna@northwind.example", &sentence, &commands));
  g_assert_nonnull (strstr (commands, command));
}

static void
test_commands (void)
{
  assert_cured_by (PINION_ERROR_IMAP_DISABLED, PINION_PROTOCOL_IMAP,
                   "Set-CASMailbox 'anna@northwind.example' -ImapEnabled $true");
  assert_cured_by (PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_IMAP, "Set-CASMailbox");
  assert_cured_by (PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_PROTOCOL_IMAP,
                   "Set-ImapSettings -LoginType SecureLogin");
  assert_cured_by (PINION_ERROR_SENDING_DISABLED, PINION_PROTOCOL_SMTP, "-AuthMechanism Tls");
  assert_cured_by (PINION_ERROR_CERTIFICATE_OTHER_NAME, PINION_PROTOCOL_IMAP,
                   "Set-ImapSettings -X509CertificateName 'mail.northwind.example'");
  assert_cured_by (PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_IMAP,
                   "-ExternalConnectionSettings 'mail.northwind.example:993:SSL'");
  assert_cured_by (PINION_ERROR_THROTTLED, PINION_PROTOCOL_IMAP, "New-ThrottlingPolicy");
  assert_cured_by (PINION_ERROR_TOO_MANY_CONNECTIONS, PINION_PROTOCOL_IMAP,
                   "-MaxConnectionsPerUser");
  assert_cured_by (PINION_ERROR_TLS_TOO_OLD, PINION_PROTOCOL_SMTP, "TLS 1.2\\Server");
}

/* Nothing that a person or a server says becomes a command of its own. */
static void
test_quoting (void)
{
  g_autoptr (GError) error = make_error (PINION_ERROR_IMAP_DISABLED, PINION_PROTOCOL_IMAP,
                                         PINION_STAGE_SIGN_IN);
  g_autofree char *sentence = NULL;
  g_autofree char *commands = NULL;

  g_assert_true (pinion_report_get_advice (error, "o'hara; rm\n-r $x@a.example", &sentence,
                                           &commands));
  g_assert_nonnull (strstr (commands, "'o''hara; rm-r $x@a.example'"));
}

static void
test_transcript (void)
{
  g_autoptr (PinionTranscript) transcript = pinion_transcript_new ();
  const char *lines = "* OK hello\r\n* CAPABILITY \xff\x01\r\nrest";

  pinion_transcript_add (transcript, "imap", 'S', (const guint8 *) lines, strlen (lines));
  pinion_transcript_add (transcript, "imap", 'C', NULL, 0);
  pinion_transcript_note (transcript, "imap", "tls: TLS 1.3");
  g_autofree char *text = pinion_transcript_dup_text (transcript);
  g_assert_cmpstr (text, ==,
                   "imap S: * OK hello\nimap S: * CAPABILITY \\xff\\x01\nimap S: rest\n"
                   "imap C: ***\nimap -- tls: TLS 1.3\n");

  /* Of much the end is kept. */
  for (guint i = 0; i < 20000; i++)
    pinion_transcript_note (transcript, "imap", "and so on");
  pinion_transcript_note (transcript, "imap", "the end");
  g_autofree char *much = pinion_transcript_dup_text (transcript);
  g_assert_cmpuint (strlen (much), <, 30000);
  g_assert_true (g_str_has_prefix (much, "...\nimap -- "));
  g_assert_true (g_str_has_suffix (much, "imap -- the end\n"));

  /* One long line is cut. */
  g_autofree guint8 *long_line = g_malloc0 (1 << 20);
  pinion_transcript_add (transcript, "imap", 'S', long_line, 1 << 20);
  g_autofree char *cut = pinion_transcript_dup_text (transcript);
  g_assert_cmpuint (strlen (cut), <, 30000);
}

static void
test_report (void)
{
  g_autoptr (PinionAccount) account = pinion_account_new ();
  g_autoptr (PinionTranscript) transcript = pinion_transcript_new ();
  g_autoptr (GError) imap = make_error (PINION_ERROR_CERTIFICATE_SELF_SIGNED, PINION_PROTOCOL_IMAP,
                                        PINION_STAGE_CERTIFICATE);
  g_autoptr (GError) smtp = make_error (PINION_ERROR_SENDING_DISABLED, PINION_PROTOCOL_SMTP,
                                        PINION_STAGE_SIGN_IN);

  g_set_str (&account->email, "anna@northwind.example");
  g_set_str (&account->imap.host, "mail.northwind.example");
  pinion_error_set_detail (imap, "sha256", "abcd");
  pinion_error_set_detail (imap, "subject", "CN=EX01\nForged: line");
  pinion_error_set_detail (smtp, "server-text", "535 5.7.3 Authentication unsuccessful");
  pinion_transcript_note (transcript, "smtp", "sign-in: refused");

  g_autofree char *text = pinion_report_dup (account, imap, smtp, NULL, transcript);
  static const char *const parts[] = {
    "anna@northwind.example", "Server: mail.northwind.example:993 TLS", "Failed at: certificate",
    "Code: certificate-self-signed", "Fingerprint (SHA-256): abcd", "Set-ImapSettings",
    "Failed at: sign-in", "The server said: 535 5.7.3", "Set-ReceiveConnector",
    "smtp -- sign-in: refused", NULL };

  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_nonnull (strstr (text, parts[i]));
  g_assert_null (strstr (text, "\nForged"));

  /* Of what works only the stages are told. */
  const char *folder = "* LIST () \"/\" Diary";
  pinion_transcript_add (transcript, "imap", 'S', (const guint8 *) folder, strlen (folder));
  pinion_transcript_note (transcript, "imap", "folders: done");
  g_autofree char *one = pinion_report_dup (account, NULL, smtp, NULL, transcript);
  g_assert_null (strstr (one, "Diary"));
  g_assert_nonnull (strstr (one, "imap -- folders: done"));
  g_assert_null (strstr (one, "self-signed"));

  g_autofree char *nothing = pinion_report_dup (NULL, NULL, NULL, smtp, NULL);
  g_assert_nonnull (strstr (nothing, "sending-disabled"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/cure/what-was-tried", test_what_was_tried);
  g_test_add_func ("/core/cure/what-is-likely", test_what_is_likely);
  g_test_add_func ("/core/cure/nonsense", test_nonsense);
  g_test_add_func ("/core/report/advice", test_advice);
  g_test_add_func ("/core/report/commands", test_commands);
  g_test_add_func ("/core/report/quoting", test_quoting);
  g_test_add_func ("/core/report/transcript", test_transcript);
  g_test_add_func ("/core/report/whole", test_report);

  return g_test_run ();
}
