/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-fetch.h"

#include "imap-test-feed.h"

#define TEXT "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 10 1"
#define HTML                                                                                       \
  "(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL \"quoted-printable\" 99 3 NIL NIL NIL NIL)"

static void
check (const char          *structure,
       PinionImapAttachment expected)
{
  g_autofree char *text = g_strdup_printf ("* 1 FETCH (BODYSTRUCTURE %s UID 9)\r\n", structure);
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  PinionImapResponse response;
  PinionImapFetched fetched;
  g_autoptr (GError) error = NULL;

  pinion_imap_response_init (&response);
  g_assert_true (feed_response (framer, &response, text, strlen (text), 0, &error));
  pinion_imap_fetch_read (&response, &fetched, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fetched.attachment, ==, expected);
  /* What follows is still found. */
  g_assert_cmpuint (fetched.uid, ==, 9);
  pinion_imap_response_clear (&response);
}

static void
test_good (void)
{
  check (TEXT ")", PINION_IMAP_ATTACHMENT_NO);
  check (TEXT " NIL NIL NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check (TEXT " NIL (\"attachment\" (\"filename\" \"a.txt\")) NIL NIL)",
         PINION_IMAP_ATTACHMENT_YES);
  check (TEXT " NIL (\"inline\" NIL) NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check ("(" TEXT ")" HTML " \"alternative\" (\"boundary\" \"x\") NIL NIL NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  check ("(" TEXT ")(\"application\" \"pdf\" (\"name\" \"a.pdf\") NIL NIL \"base64\" 5000 NIL "
         "(\"attachment\" (\"filename\" \"a.pdf\")) NIL NIL) \"mixed\" (\"boundary\" \"x\") "
         "NIL NIL)",
         PINION_IMAP_ATTACHMENT_YES);
  /* An inline picture of the HTML */
  check ("(" HTML "(\"image\" \"png\" (\"name\" \"l.png\") \"<l@x>\" NIL \"base64\" 500 NIL "
         "(\"inline\" (\"filename\" \"l.png\")) NIL NIL) \"related\" (\"boundary\" \"x\") NIL "
         "NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  /* A photo without more */
  check ("(" TEXT ")(\"image\" \"jpeg\" NIL NIL NIL \"base64\" 500) \"mixed\")",
         PINION_IMAP_ATTACHMENT_YES);
  check ("(" TEXT ")(\"application\" \"pkcs7-signature\" (\"name\" \"smime.p7s\") NIL NIL "
         "\"base64\" "
         "5000 NIL (\"attachment\" (\"filename\" \"smime.p7s\")) NIL NIL) \"signed\" NIL NIL NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  check ("(" TEXT ")(\"text\" \"calendar\" (\"name\" \"invite.ics\") NIL NIL \"7bit\" 10 1 "
         "NIL NIL) "
         "\"alternative\")",
         PINION_IMAP_ATTACHMENT_NO);
  check ("(" TEXT ")(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 342 (NIL \"s\" NIL NIL NIL "
         "NIL NIL NIL "
         "NIL \"<x@y>\") " TEXT ") 9 NIL NIL NIL NIL) \"mixed\")",
         PINION_IMAP_ATTACHMENT_YES);
  check ("(\"text\" \"plain\" (\"charset\" \"utf-8\" \"name*0*\" \"utf-8''a\") NIL NIL "
         "\"7bit\" 10 1)",
         PINION_IMAP_ATTACHMENT_YES);
  /* Names as literals */
  check ("(" TEXT ")({11}\r\napplication \"pdf\" NIL NIL NIL \"base64\" 5) \"mixed\")",
         PINION_IMAP_ATTACHMENT_YES);
}

/* What Exchange and others send (the descriptions of their structures are often wrong). */
static void
test_defects (void)
{
  /* A description where the disposition belongs */
  check ("(" TEXT ")" HTML " \"alternative\" (\"boundary\" \"x\") \"a description\" NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  /* A bare disposition */
  check (TEXT " NIL \"inline\" NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check ("(\"application\" \"pgp-encrypted\" NIL NIL NIL \"7bit\" 5 NIL \"attachment\" NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  check ("(\"text\" \"x-log\" NIL NIL NIL \"7bit\" 5 NIL \"attachment\" NIL)",
         PINION_IMAP_ATTACHMENT_YES);
  check (TEXT " NIL (NIL NIL) NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check ("(\"text\" \"plain\" (\"charset\" NIL) NIL NIL \"base64 \" -1 NIL)",
         PINION_IMAP_ATTACHMENT_NO);
  check ("(\"text\" \"plain\" NIL NIL NIL 7BIT 0 0)", PINION_IMAP_ATTACHMENT_NO);
  check ("(\"text\" \"plain\" NIL NIL NIL NIL NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check ("(\"alternative\" (\"boundary\" \"x\") NIL NIL)", PINION_IMAP_ATTACHMENT_YES);
  check ("(\"text\")", PINION_IMAP_ATTACHMENT_NO);
  check ("()", PINION_IMAP_ATTACHMENT_NO);
  check ("NIL", PINION_IMAP_ATTACHMENT_UNKNOWN);
  check ("(NIL NIL NIL NIL NIL NIL NIL)", PINION_IMAP_ATTACHMENT_NO);
  check ("((((()))))", PINION_IMAP_ATTACHMENT_NO);
  /* A forwarded message without its envelope */
  check ("(" TEXT ")(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 342) \"mixed\")",
         PINION_IMAP_ATTACHMENT_YES);
  check ("(" TEXT ")(\"application\" \"ms-tnef\" (\"name\" \"winmail.dat\") NIL NIL "
         "\"base64\" 9) \"mixed\")",
         PINION_IMAP_ATTACHMENT_YES);
}

/* A mail decides how deep it is: what lies deeper than the stack is unknown, and costs nothing. */
static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (500, '(');
  g_autoptr (GString) text = g_string_new (open);

  g_string_append (text, "\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)");
  for (guint i = 1; i < 500; i++)
    g_string_append (text, " \"mixed\")");

  check (text->str, PINION_IMAP_ATTACHMENT_UNKNOWN);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/bodystructure/good", test_good);
  g_test_add_func ("/imap/bodystructure/defects", test_defects);
  g_test_add_func ("/imap/bodystructure/deep", test_deep);

  return g_test_run ();
}
