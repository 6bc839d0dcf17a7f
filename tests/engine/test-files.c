/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The names that messages get as files. */

#include <string.h>

#include "pinion-engine.h"

static void
assert_name (const char *subject,
             guint       number,
             const char *expected)
{
  g_autofree char *name = pinion_message_file_dup_name (subject, number);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_plain (void)
{
  assert_name ("Plan", 1, "Plan.eml");
  assert_name ("Plan", 2, "Plan (2).eml");
  assert_name ("Version 1.2", 1, "Version 1.2.eml");
  assert_name ("Ünïcode 計画", 1, "Ünïcode 計画.eml");
  assert_name ("already.eml", 1, "already.eml.eml");
}

static void
test_nothing (void)
{
  assert_name (NULL, 1, "Message.eml");
  assert_name ("", 1, "Message.eml");
  assert_name ("", 3, "Message (3).eml");
  assert_name (" ...", 1, "Message.eml");
  assert_name ("~-.", 1, "Message.eml");
}

static void
test_hostile (void)
{
  static const char *const subjects[] = {
    "../../etc/passwd", "a/b\\c", "evil\xe2\x80\xae" "fdp.exe", "two\nlines\r\n", "\x01\x02\x7f",
    "con: a|b<c>d?\"*", ".hidden", "tab\there", "\xff\xfe broken", "x\xe2\x80\x8by",
  };

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *name = pinion_message_file_dup_name (subjects[i], 1);

      g_test_message ("%s", name);
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_true (g_str_has_suffix (name, ".eml"));
      g_assert_null (strpbrk (name, "/\\:*?\"<>|\n\r\t"));
      g_assert_null (strstr (name, "\xe2\x80\xae"));
      g_assert_cmpint (name[0], !=, '.');
      for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

static void
test_long (void)
{
  static const char *const letters[] = { "a", "é", "計", "😀" };

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    for (guint n = 30; n < 400; n++)
      {
        g_autoptr (GString) subject = g_string_new (NULL);

        for (guint j = 0; j < n; j++)
          g_string_append (subject, letters[i]);

        g_autofree char *name = pinion_message_file_dup_name (subject->str, 500);

        g_assert_true (g_utf8_validate (name, -1, NULL));
        g_assert_true (g_str_has_suffix (name, " (500).eml"));
        g_assert_cmpuint (strlen (name), <=, 200);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/plain", test_plain);
  g_test_add_func ("/files/nothing", test_nothing);
  g_test_add_func ("/files/hostile", test_hostile);
  g_test_add_func ("/files/long", test_long);

  return g_test_run ();
}
