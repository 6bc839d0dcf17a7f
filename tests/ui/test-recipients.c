/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-recipients.h"

static void
assert_split (const char *typed,
              const char *joined)
{
  g_auto (GStrv) all = pinion_recipients_split (typed);
  g_autofree char *found = g_strjoinv ("|", all);

  g_assert_cmpstr (found, ==, joined);
}

static void
test_split (void)
{
  assert_split ("", "");
  assert_split (" , ;\n,", "");
  assert_split ("ana@example.com", "ana@example.com");
  assert_split ("ana@example.com, ben@example.com;cem@example.com",
                "ana@example.com|ben@example.com|cem@example.com");
  assert_split ("\"Keller, Ana\" <ana@example.com>, ben@example.com",
                "\"Keller, Ana\" <ana@example.com>|ben@example.com");
  assert_split ("Ana (a, b) <ana@example.com>, x", "Ana (a, b) <ana@example.com>|x");
  assert_split ("\"a\\\", b\" <a@example.com>, c", "\"a\\\", b\" <a@example.com>|c");
  assert_split ("a) <b, c", "a) <b, c");
  assert_split ("back\\", "back\\");
}

static void
assert_address (const char *recipient,
                const char *address)
{
  g_autofree char *found = pinion_recipients_dup_address (recipient);

  g_assert_cmpstr (found, ==, address);
}

static void
test_address (void)
{
  assert_address ("ana@example.com", "ana@example.com");
  assert_address ("Ana Keller <ana@example.com>", "ana@example.com");
  assert_address ("<ana@example.com> ", "ana@example.com");
  assert_address ("\"a <b>\" <ana@example.com>", "ana@example.com");
  assert_address ("ana", NULL);
  assert_address ("ana@", NULL);
  assert_address ("Ana <ana@example.com", NULL);
  assert_address ("<a@example.com> b@example.com", NULL);
  assert_address ("a@example.com\r\nBcc: b@example.com", NULL);
  assert_address ("", NULL);
}

static void
test_bad (void)
{
  g_autofree char *none = pinion_recipients_find_bad ("a@example.com, B <b@example.com>,");
  g_autofree char *bad = pinion_recipients_find_bad ("a@example.com; somebody, c@example.com");
  g_autofree char *normal = pinion_recipients_normalise (" a@example.com ;B <b@example.com>;;");

  g_assert_null (none);
  g_assert_cmpstr (bad, ==, "somebody");
  g_assert_cmpstr (normal, ==, "a@example.com, B <b@example.com>");
}

static void
test_attachments (void)
{
  static const char *const speaking[] = {
    "I have attached the plan.", "See attachment", "Please find the plan enclosed",
    "Im Anhang findest du den Plan", "anbei der Plan", "Vous trouverez ci-joint le plan",
    "la pièce jointe", "Adjunto el plano", "Segue em anexo", "In allegato il piano",
    "Zie de bijlage", "Se bifogad fil", "W załączniku plan", "V příloze",
    "Plan ektedir: ekteki dosya", "План во вложении", "添付ファイルをご覧ください", "请看附件", "ATTACHED",
  };
  static const char *const silent[] = {
    "", "Nothing to see", "> I have attached the plan", "We are reattaching nothing",
    "a joint venture", "et ekte smil", "On Monday\n> see the attachment\n\nThanks!",
  };

  for (guint i = 0; i < G_N_ELEMENTS (speaking); i++)
    g_assert_true (pinion_mentions_attachment (speaking[i]));

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    g_assert_false (pinion_mentions_attachment (silent[i]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/recipients/split", test_split);
  g_test_add_func ("/ui/recipients/address", test_address);
  g_test_add_func ("/ui/recipients/bad", test_bad);
  g_test_add_func ("/ui/recipients/attachments", test_attachments);

  return g_test_run ();
}
