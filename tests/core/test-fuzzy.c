/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-fuzzy.h"

static void
assert_better (const char *typed,
               const char *one,
               const char *other)
{
  guint first = pinion_fuzzy_score (typed, one);
  guint second = pinion_fuzzy_score (typed, other);

  if (first <= second)
    g_error ("\"%s\": \"%s\" (%u) should fit better than \"%s\" (%u)", typed, one, first, other,
             second);
}

static void
test_fits (void)
{
  static const char *const cases[][2] = {
    { "arch", "Archive" }, { "mr", "Mark as Read" }, { "mark read", "Mark as Read" },
    { "read mark", "Mark as Read" }, { "grusse", "Grüße an alle" }, { "EXPORT", "Bücher/Export" },
    { "bucher", "Bücher" }, { "письмо", "Новое письмо" }, { "件", "新しい件名" },
    { "ace", "a-b-c-d-e" }, { "", "anything" }, { "  ", "anything" }, { "éa", "ea" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (pinion_fuzzy_score (cases[i][0], cases[i][1]), >, 0);
}

static void
test_does_not_fit (void)
{
  static const char *const cases[][2] = {
    { "archx", "Archive" }, { "evihcra", "Archive" }, { "mark write", "Mark as Read" },
    { "a", "" }, { "aa", "a" }, { "x", "Archive" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (pinion_fuzzy_score (cases[i][0], cases[i][1]), ==, 0);
}

static void
test_order (void)
{
  assert_better ("re", "Reply", "Archive More");
  assert_better ("re", "Reply", "Forward and Reply");
  assert_better ("inbox", "Inbox", "Inbox Rules");
  assert_better ("read", "Mark as Read", "Bread");
  assert_better ("mr", "Mark as Read", "Summer");
  assert_better ("star", "Star", "Starred");
  assert_better ("arc", "Archive", "A rare cat");
  assert_better ("trav", "Travel", "The rather average vase");
}

/* The best of several ways through a text counts, not the first. */
static void
test_best_way (void)
{
  assert_better ("read", "are a Read", "are a xdx");
  g_assert_cmpuint (pinion_fuzzy_score ("aaaa", "aabaaaa"), >,
                    pinion_fuzzy_score ("aaaa", "aabacada"));
}

static void
test_long (void)
{
  g_autofree char *text = g_strnfill (100000, 'a');
  g_autofree char *typed = g_strnfill (100000, 'a');

  g_assert_cmpuint (pinion_fuzzy_score (typed, text), >, 0);
  g_assert_cmpuint (pinion_fuzzy_score ("b", text), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fuzzy/fits", test_fits);
  g_test_add_func ("/fuzzy/does-not-fit", test_does_not_fit);
  g_test_add_func ("/fuzzy/order", test_order);
  g_test_add_func ("/fuzzy/best-way", test_best_way);
  g_test_add_func ("/fuzzy/long", test_long);

  return g_test_run ();
}
