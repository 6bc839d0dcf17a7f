/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-ehlo.h"
#include "pinion-smtp-error.h"
#include "pinion-smtp-reply.h"

#include <string.h>

/* What came out: "250 a|b;" for each reply, then "!code" if it broke. */
static char *
play (const char *input,
      gsize       length,
      GRand      *rand,
      gboolean    bytewise)
{
  g_autoptr (PinionSmtpReplyParser) parser = pinion_smtp_reply_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  PinionSmtpReply *reply;

  for (gsize at = 0; at < length && error == NULL;)
    {
      gsize piece = length;

      if (bytewise)
        piece = 1;
      else if (rand != NULL)
        piece = (gsize) g_rand_int_range (rand, 1, 8);
      piece = MIN (piece, length - at);

      /* A copy, so that a read past its end is found */
      g_autofree guint8 *copy = g_memdup2 (input + at, piece);
      pinion_smtp_reply_parser_feed (parser, copy, piece, &error);
      at += piece;
    }

  while ((reply = pinion_smtp_reply_parser_pop (parser)) != NULL)
    {
      g_autofree char *text = g_strjoinv ("|", (char **) reply->lines->pdata);
      g_string_append_printf (out, "%u %s;", reply->code, text);
      pinion_smtp_reply_free (reply);
    }

  if (error != NULL)
    g_string_append_printf (out, "!%s", pinion_error_get_code_name (error));
  else if (!pinion_smtp_reply_parser_is_empty (parser))
    g_string_append (out, "...");

  return g_string_free_and_steal (g_steal_pointer (&out));
}

static void
assert_parsed (const char *input,
               gsize       length,
               const char *expected)
{
  g_autofree char *whole = play (input, length, NULL, FALSE);
  g_autofree char *bytes = play (input, length, NULL, TRUE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  g_assert_cmpstr (whole, ==, expected);
  g_assert_cmpstr (bytes, ==, expected);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *split = play (input, length, rand, FALSE);
      g_assert_cmpstr (split, ==, expected);
    }
}

static void
test_grammar (void)
{
  static const struct
  {
    const char *input;
    const char *expected;
  } cases[] = {
    { "220 mail.example.com ready\r\n", "220 mail.example.com ready;" },
    { "250-one\r\n250-two\r\n250 three\r\n", "250 one|two|three;" },
    { "250\r\n", "250 ;" },
    { "250 \r\n", "250 ;" },
    { "250-a\r\n250\r\n", "250 a|;" },
    { "250 a\n354 b\n", "250 a;354 b;" },
    { "250 a\r\n550 5.1.1 no\r\n", "250 a;550 5.1.1 no;" },
    { "250 half", "..." },
    { "250-half\r\n", "..." },
    { "", "" },
    { "\r\n", "!protocol-error" },
    { "25\r\n", "!protocol-error" },
    { "2500\r\n", "!protocol-error" },
    { "250_a\r\n", "!protocol-error" },
    { "150 a\r\n", "!protocol-error" },
    { "650 a\r\n", "!protocol-error" },
    { "2a0 a\r\n", "!protocol-error" },
    { "-50 a\r\n", "!protocol-error" },
    { " 250 a\r\n", "!protocol-error" },
    { "* OK IMAP ready\r\n", "!protocol-error" },
    { "HTTP/1.1 400 Bad\r\n", "!protocol-error" },
    { "250-a\r\n251 b\r\n", "!protocol-error" },
    { "250 kept\r\nnonsense\r\n250 not\r\n", "250 kept;!protocol-error" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_parsed (cases[i].input, strlen (cases[i].input), cases[i].expected);

  assert_parsed ("250 a\0b\r\n", 9, "250 a?b;");
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new ("250 ");

  while (text->len < PINION_SMTP_REPLY_MAX_LINE - 2)
    g_string_append_c (text, 'x');
  g_string_append (text, "\r\n");
  g_autofree char *fits = play (text->str, text->len, NULL, FALSE);
  g_assert_true (g_str_has_suffix (fits, "x;"));

  g_string_insert_c (text, 10, 'x');
  g_autofree char *long_line = play (text->str, text->len, NULL, FALSE);
  g_assert_cmpstr (long_line, ==, "!answer-too-large");
  /* Without any end, too */
  g_autofree char *endless = play (text->str, text->len - 2, NULL, TRUE);
  g_assert_cmpstr (endless, ==, "...");

  g_string_truncate (text, 0);
  for (guint i = 0; i < PINION_SMTP_REPLY_MAX_LINES; i++)
    g_string_append (text, "250-x\r\n");
  g_autofree char *open = play (text->str, text->len, NULL, FALSE);
  g_assert_cmpstr (open, ==, "...");
  g_string_append (text, "250 x\r\n");
  g_autofree char *many = play (text->str, text->len, NULL, FALSE);
  g_assert_cmpstr (many, ==, "!answer-too-large");

  /* Lines that fit, but too much of them */
  g_string_truncate (text, 0);
  while (text->len <= PINION_SMTP_REPLY_MAX_SIZE + 64)
    g_string_append_printf (text, "250-%01000d\r\n", 0);
  g_autofree char *large = play (text->str, text->len, NULL, FALSE);
  g_assert_cmpstr (large, ==, "!answer-too-large");

  g_string_truncate (text, 0);
  for (guint i = 0; i < PINION_SMTP_REPLY_MAX_WAITING; i++)
    g_string_append (text, "250 x\r\n");
  g_autofree char *window = play (text->str, text->len, NULL, FALSE);
  g_assert_true (g_str_has_suffix (window, "x;"));
  g_string_append (text, "250 x\r\n");
  g_autofree char *unasked = play (text->str, text->len, NULL, FALSE);
  g_assert_true (g_str_has_suffix (unasked, "!protocol-error"));
}

static PinionSmtpReply *
parse (const char *input)
{
  g_autoptr (PinionSmtpReplyParser) parser = pinion_smtp_reply_parser_new ();
  g_autoptr (GError) error = NULL;

  pinion_smtp_reply_parser_feed (parser, (const guint8 *) input, strlen (input), &error);
  g_assert_no_error (error);

  PinionSmtpReply *reply = pinion_smtp_reply_parser_pop (parser);
  g_assert_nonnull (reply);
  return reply;
}

static void
assert_enhanced (const char *input,
                 guint       a,
                 guint       b,
                 guint       c)
{
  g_autoptr (PinionSmtpReply) reply = parse (input);

  g_assert_true (pinion_smtp_reply_has_status (reply, a, b, c));
}

static void
test_enhanced (void)
{
  assert_enhanced ("550 5.7.60 SMTP; no\r\n", 5, 7, 60);
  assert_enhanced ("550-5.1.1 a\r\n550 5.1.1 b\r\n", 5, 1, 1);
  assert_enhanced ("421 4.4.2\r\n", 4, 4, 2);
  assert_enhanced ("451 5.7.3 Must issue a STARTTLS command first\r\n", 5, 7, 3);
  assert_enhanced ("550 4.1.1 after all\r\n", 4, 1, 1);
  assert_enhanced ("250 5.1.1 wrong class\r\n", 0, 0, 0);
  assert_enhanced ("550 2.0.0 wrong class\r\n", 0, 0, 0);
  assert_enhanced ("550 6.1.1 no class\r\n", 0, 0, 0);
  assert_enhanced ("354 3.0.0 no class\r\n", 0, 0, 0);
  assert_enhanced ("550 5.1 short\r\n", 0, 0, 0);
  assert_enhanced ("550 5.1.1234 long\r\n", 0, 0, 0);
  assert_enhanced ("550 5.1.1x\r\n", 0, 0, 0);
  assert_enhanced ("550 no\r\n", 0, 0, 0);
}

static void
assert_temporary (const char *input,
                  gboolean    temporary)
{
  g_autoptr (PinionSmtpReply) reply = parse (input);

  g_assert_cmpint (pinion_smtp_reply_is_temporary (reply), ==, temporary);
}

/* The class of the status code counts first, but for who hangs up. */
static void
test_temporary (void)
{
  assert_temporary ("450 later\r\n", TRUE);
  assert_temporary ("550 never\r\n", FALSE);
  assert_temporary ("450 5.1.1 never\r\n", FALSE);
  assert_temporary ("550 4.4.7 later\r\n", TRUE);
  assert_temporary ("421 5.5.0 closing\r\n", TRUE);
  assert_temporary ("250 2.0.0 fine\r\n", FALSE);
  assert_temporary ("354 go\r\n", FALSE);
}

static void
test_text (void)
{
  g_autoptr (PinionSmtpReply) reply = parse ("550-5.1.1 first\r\n550 \x1b[31m\xffsecond\r\n");
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, '\x1b'));
  g_assert_true (g_str_has_prefix (text, "550 5.1.1 first"));
  g_assert_true (pinion_smtp_reply_mentions (reply, "FIRST"));
  g_assert_false (pinion_smtp_reply_mentions (reply, "third"));
}

/* -- EHLO ----------------------------------------------------------------------------------- */

static PinionSmtpEhlo *
parse_ehlo (const char *input)
{
  g_autoptr (PinionSmtpReply) reply = parse (input);

  return pinion_smtp_ehlo_parse (reply);
}

static void
assert_mechanisms (const PinionSmtpEhlo *ehlo,
                   const char           *expected)
{
  g_autofree char *names = g_strjoinv (" ", ehlo->mechanisms);

  g_assert_cmpstr (names, ==, expected);
}

static void
test_ehlo (void)
{
  g_autoptr (PinionSmtpEhlo) exchange = parse_ehlo ("250-mail.example.com Hello [127.0.0.1]\r\n"
                                                    "250-SIZE 37748736\r\n"
                                                    "250-PIPELINING\r\n"
                                                    "250-DSN\r\n"
                                                    "250-ENHANCEDSTATUSCODES\r\n"
                                                    "250-STARTTLS\r\n"
                                                    "250-AUTH GSSAPI NTLM LOGIN\r\n"
                                                    "250-8BITMIME\r\n"
                                                    "250-BINARYMIME\r\n"
                                                    "250 CHUNKING\r\n");
  g_autoptr (PinionSmtpEhlo) meagre = parse_ehlo ("250 STARTTLS\r\n");
  g_autoptr (PinionSmtpEhlo) relay = parse_ehlo ("250-x\r\n250-AUTH\r\n250-X-EXPS GSSAPI NTLM\r\n"
                                                 "250-X-EXPS=LOGIN\r\n250 X-ANONYMOUSTLS\r\n");
  g_autoptr (PinionSmtpEhlo) odd = parse_ehlo ("250-x\r\n250-auth=LOGIN plain\r\n"
                                               "250-AUTH PLAIN  X\r\n250-size\r\n"
                                               "250-smtputf8\r\n250-\r\n250-AUTHX Y\r\n"
                                               "250 starttls \r\n");
  g_autoptr (PinionSmtpEhlo) sizes = parse_ehlo ("250-x\r\n250 SIZE 99999999999999999999999\r\n");

  g_assert_true (exchange->starttls && exchange->eight_bit_mime && exchange->size);
  g_assert_true (exchange->pipelining && exchange->dsn && exchange->binary_mime &&
                 exchange->chunking);
  g_assert_false (exchange->smtputf8);
  g_assert_cmpuint (exchange->max_size, ==, 37748736);
  assert_mechanisms (exchange, "GSSAPI NTLM LOGIN");

  /* The first line is a name, whatever it says. */
  g_assert_false (meagre->starttls);
  g_assert_false (meagre->pipelining || meagre->chunking || meagre->dsn || meagre->size);
  assert_mechanisms (meagre, "");
  /* What only relays between servers use is no way to sign in. */
  assert_mechanisms (relay, "");

  assert_mechanisms (odd, "LOGIN PLAIN X");
  g_assert_true (odd->size && odd->smtputf8 && odd->starttls);
  g_assert_cmpuint (odd->max_size, ==, 0);
  g_assert_cmpuint (sizes->max_size, ==, 0);
}

/* -- Errors --------------------------------------------------------------------------------- */

static void
assert_error_code (PinionSmtpStep  step,
                   const char     *input,
                   PinionErrorCode code)
{
  g_autoptr (PinionSmtpReply) reply = parse (input);
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);
  g_autoptr (GError) error = pinion_smtp_error_new (step, reply, text);

  g_test_message ("%s", input);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_cmpstr (pinion_error_get_detail (error, "server-text"), ==, text);
  g_assert_cmpint (pinion_error_get_detail (error, "backoff-seconds") != NULL, ==,
                   code == PINION_ERROR_THROTTLED);
}

static void
test_errors (void)
{
  static const struct
  {
    PinionSmtpStep step;
    const char *input;
    PinionErrorCode code;
  } cases[] = {
    { PINION_SMTP_STEP_GREETING, "554 no\r\n", PINION_ERROR_GREETING_REFUSED },
    { PINION_SMTP_STEP_GREETING, "250 what\r\n", PINION_ERROR_GREETING_UNEXPECTED },
    { PINION_SMTP_STEP_GREETING,
      "421 4.3.2 The maximum number of concurrent connections has exceeded a limit\r\n",
      PINION_ERROR_TOO_MANY_CONNECTIONS },
    { PINION_SMTP_STEP_GREETING, "421 4.3.2 Service not active\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_EHLO, "502 what\r\n", PINION_ERROR_REFUSED },
    { PINION_SMTP_STEP_STARTTLS, "454 TLS not available\r\n", PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_STARTTLS, "502 unknown\r\n", PINION_ERROR_STARTTLS_MISSING },
    { PINION_SMTP_STEP_SIGN_IN, "535 5.7.3 Authentication unsuccessful\r\n",
      PINION_ERROR_SIGN_IN_REFUSED },
    { PINION_SMTP_STEP_SIGN_IN,
      "534-5.7.9 Application-specific password required.\r\n534 5.7.9 x\r\n",
      PINION_ERROR_APP_PASSWORD_NEEDED },
    { PINION_SMTP_STEP_SIGN_IN, "454 4.7.0 Temporary authentication failure\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_SIGN_IN, "504 5.5.4 Unrecognized\r\n", PINION_ERROR_SIGN_IN_NO_MECHANISM },
    { PINION_SMTP_STEP_SENDER,
      "550 5.7.60 SMTP; Client does not have permissions to send as this sender\r\n",
      PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_SENDER, "552 5.3.4 Message size exceeds\r\n",
      PINION_ERROR_MESSAGE_TOO_LARGE },
    { PINION_SMTP_STEP_SENDER, "552 too big\r\n", PINION_ERROR_MESSAGE_TOO_LARGE },
    { PINION_SMTP_STEP_SENDER, "421 4.4.2 Message submission rate for this client has exceeded\r\n",
      PINION_ERROR_THROTTLED },
    { PINION_SMTP_STEP_SENDER, "421 4.4.2 mail Error: timeout exceeded\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_SENDER, "421 4.4.1 Connection timed out\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_SENDER, "452 4.3.1 Insufficient system resources\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_RECIPIENT, "550 5.1.1 User unknown\r\n", PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "552 5.2.2 Mailbox full\r\n", PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "450 4.2.1 later\r\n", PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_MESSAGE, "552 5.3.4 Message size\r\n", PINION_ERROR_MESSAGE_TOO_LARGE },
    { PINION_SMTP_STEP_MESSAGE,
      "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.X\r\n",
      PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_MESSAGE, "554 5.7.1 Spam\r\n", PINION_ERROR_MESSAGE_REFUSED },
    { PINION_SMTP_STEP_MESSAGE, "451 4.3.0 later\r\n", PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_MESSAGE, "334 what\r\n", PINION_ERROR_PROTOCOL },

    /* What Exchange says */
    { PINION_SMTP_STEP_SIGN_IN, "535 4.7.0 no\r\n", PINION_ERROR_SIGN_IN_REFUSED },
    { PINION_SMTP_STEP_SIGN_IN, "451 5.7.3 Must issue a STARTTLS command first\r\n",
      PINION_ERROR_NEEDS_STARTTLS },
    { PINION_SMTP_STEP_SENDER, "530 5.7.0 Must issue a STARTTLS command first\r\n",
      PINION_ERROR_NEEDS_STARTTLS },
    { PINION_SMTP_STEP_SENDER,
      "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM\r\n",
      PINION_ERROR_SIGN_IN_REQUIRED },
    { PINION_SMTP_STEP_SENDER, "530 5.7.1 Client was not authenticated\r\n",
      PINION_ERROR_SIGN_IN_REQUIRED },
    { PINION_SMTP_STEP_MESSAGE, "550 5.7.57 SMTP; Client was not authenticated\r\n",
      PINION_ERROR_SIGN_IN_REQUIRED },
    { PINION_SMTP_STEP_SENDER, "503 5.5.2 Send hello first\r\n", PINION_ERROR_PROTOCOL },
    { PINION_SMTP_STEP_SENDER,
      "550 5.7.1 Client does not have permissions to send as this sender\r\n",
      PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_MESSAGE,
      "550 5.7.60 SMTP; Client does not have permissions to send as this sender\r\n",
      PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT,
      "550 5.7.60 SMTP; Client does not have permissions to send as this sender\r\n",
      PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "550 5.7.1 Unable to relay\r\n", PINION_ERROR_RELAY_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT,
      "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain\r\n",
      PINION_ERROR_RELAY_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "554 5.7.1 <a@b.c>: Relay access denied\r\n",
      PINION_ERROR_RELAY_REFUSED },
    { PINION_SMTP_STEP_SENDER, "421 4.3.2 Service not active\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_SENDER,
      "421 4.4.2 Message submission rate for this client has exceeded the configured limit\r\n",
      PINION_ERROR_THROTTLED },
    { PINION_SMTP_STEP_MESSAGE, "421 4.4.2 Connection dropped\r\n", PINION_ERROR_THROTTLED },
    { PINION_SMTP_STEP_SENDER, "421 4.4.2 Connection timed out\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_SENDER, "450 4.7.1 Error: too much mail from 192.0.2.7\r\n",
      PINION_ERROR_THROTTLED },
    { PINION_SMTP_STEP_SENDER, "450 4.3.0 the corporate directory does not answer\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
    { PINION_SMTP_STEP_RECIPIENT, "452 4.5.3 Too many recipients\r\n",
      PINION_ERROR_TOO_MANY_RECIPIENTS },
    { PINION_SMTP_STEP_RECIPIENT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found\r\n",
      PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_MESSAGE, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found\r\n",
      PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_MESSAGE, "550 5.1.8 bad sender\r\n", PINION_ERROR_SENDER_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup\r\n",
      PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_MESSAGE, "550 5.7.64 TenantAttribution\r\n",
      PINION_ERROR_MESSAGE_REFUSED },
    { PINION_SMTP_STEP_RECIPIENT, "550 5.2.3 too large for the recipient\r\n",
      PINION_ERROR_MESSAGE_TOO_LARGE },
    { PINION_SMTP_STEP_RECIPIENT, "552 mailbox full\r\n", PINION_ERROR_RECIPIENTS_REFUSED },
    { PINION_SMTP_STEP_SENDER, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded\r\n",
      PINION_ERROR_TOO_MANY_CONNECTIONS },
    { PINION_SMTP_STEP_SENDER, "432 4.3.2 Concurrent connections limit exceeded\r\n",
      PINION_ERROR_TOO_MANY_CONNECTIONS },
    { PINION_SMTP_STEP_GREETING, "421 4.7.66 TLS 1.0 and 1.1 are not supported\r\n",
      PINION_ERROR_SERVER_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_error_code (cases[i].step, cases[i].input, cases[i].code);
}

/* Any bytes, split anyhow: no crash, and the same as in one piece. */
static void
test_random (void)
{
  static const char alphabet[] = "2345 -\r\n.ax\xff";
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 3000; round++)
    {
      char input[60];
      gsize length = (gsize) g_rand_int_range (rand, 0, sizeof input);

      for (gsize i = 0; i < length; i++)
        input[i] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet)];

      g_autofree char *whole = play (input, length, NULL, FALSE);
      g_autofree char *split = play (input, length, rand, FALSE);
      g_autofree char *bytes = play (input, length, NULL, TRUE);
      g_assert_cmpstr (whole, ==, split);
      g_assert_cmpstr (whole, ==, bytes);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smtp/reply/grammar", test_grammar);
  g_test_add_func ("/smtp/reply/bounds", test_bounds);
  g_test_add_func ("/smtp/reply/enhanced", test_enhanced);
  g_test_add_func ("/smtp/reply/temporary", test_temporary);
  g_test_add_func ("/smtp/reply/text", test_text);
  g_test_add_func ("/smtp/reply/random", test_random);
  g_test_add_func ("/smtp/ehlo", test_ehlo);
  g_test_add_func ("/smtp/errors", test_errors);

  return g_test_run ();
}
