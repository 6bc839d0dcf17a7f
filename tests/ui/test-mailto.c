/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "pinion-mailto.h"

static void
test_whole (void)
{
  g_autoptr (PinionDraft) draft =
    pinion_mailto_parse ("mailto:ana@example.com,bob@example.com?cc=eve%40example.com&"
                         "bcc=h%40example.com&subject=Gr%C3%BC%C3%9Fe%20%26%20more&"
                         "body=one%0D%0Atwo");

  g_assert_nonnull (draft);
  g_assert_cmpstr (draft->to, ==, "ana@example.com,bob@example.com");
  g_assert_cmpstr (draft->cc, ==, "eve@example.com");
  g_assert_cmpstr (draft->bcc, ==, "h@example.com");
  g_assert_cmpstr (draft->subject, ==, "Grüße & more");
  g_assert_cmpstr (draft->text, ==, "one\ntwo");
}

static void
test_several_to (void)
{
  g_autoptr (PinionDraft) draft =
    pinion_mailto_parse ("MAILTO:?to=ana@example.com&TO=bob@example.com");

  g_assert_cmpstr (draft->to, ==, "ana@example.com, bob@example.com");
}

static void
test_slashes (void)
{
  g_autoptr (PinionDraft) draft = pinion_mailto_parse ("mailto:///ana@example.com");

  g_assert_cmpstr (draft->to, ==, "ana@example.com");
}

/* A page may ask for files or headers; it gets neither. */
static void
test_hostile (void)
{
  g_autoptr (PinionDraft) draft =
    pinion_mailto_parse ("mailto:a@example.com?attach=/etc/passwd&attachment=file:///etc/passwd&"
                         "from=boss@example.com&in-reply-to=%3Cx%3E&"
                         "subject=x%0D%0ABcc:%20eve@example.com&cc=%00%FF&body=%E2%80%AEx");

  g_assert_true (draft->attachments == NULL || draft->attachments[0] == NULL);
  g_assert_null (strchr (draft->subject, '\n'));
  g_assert_null (strchr (draft->subject, '\r'));
  g_assert_true (draft->bcc == NULL || *draft->bcc == '\0');
  g_assert_cmpint (draft->account, ==, 0);
}

static void
test_many (void)
{
  g_autoptr (GString) uri = g_string_new ("mailto:");
  g_autoptr (PinionDraft) draft = NULL;

  for (guint i = 0; i < 90; i++)
    g_string_append_printf (uri, "%s%u@x.example", i > 0 ? "," : "", i);
  g_string_append (uri, "?bcc=z@x.example&cc=a@x.example");
  for (guint i = 0; i < 90; i++)
    g_string_append_printf (uri, ",%u@y.example", i);
  draft = pinion_mailto_parse (uri->str);

  g_assert_nonnull (strstr (draft->to, "89@x.example"));
  g_assert_true (g_str_has_suffix (draft->cc, ", 8@y.example"));
  g_assert_cmpstr (draft->bcc, ==, "");
}

static void
test_not_mailto (void)
{
  g_assert_null (pinion_mailto_parse ("https://example.com/"));
  g_assert_null (pinion_mailto_parse ("mail"));
  g_assert_null (pinion_mailto_parse (""));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/mailto/many", test_many);
  g_test_add_func ("/mailto/whole", test_whole);
  g_test_add_func ("/mailto/several-to", test_several_to);
  g_test_add_func ("/mailto/slashes", test_slashes);
  g_test_add_func ("/mailto/hostile", test_hostile);
  g_test_add_func ("/mailto/not-mailto", test_not_mailto);

  return g_test_run ();
}
