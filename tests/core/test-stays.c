/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-stays.h"

#include <locale.h>

/* @reasons: how many of each, in their order. */
static void
assert_words (const guint reasons[4],
              const char *expected)
{
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));

  for (guint reason = 4; reason > 0; reason--)
    for (guint i = 0; i < reasons[reason - 1]; i++)
      {
        PinionStays one = { i + 1, (PinionStaysReason) (reason - 1) };

        g_array_append_val (stays, one);
      }

  g_autofree char *words = pinion_stays_dup_words (stays);
  g_assert_cmpstr (words, ==, expected);
}

static void
test_words (void)
{
  assert_words ((guint[]) { 0, 0, 0, 0 }, NULL);
  assert_words ((guint[]) { 1, 0, 0, 0 },
                "1 message stays where it is: its label is no longer there.");
  assert_words ((guint[]) { 3, 0, 0, 0 },
                "3 messages stay where they are: their label is no longer there.");
  assert_words ((guint[]) { 2, 1, 0, 0 },
                "2 messages stay where they are: their label is no longer there."
                " 1 message is back without a label that is no longer there.");
  assert_words ((guint[]) { 0, 0, 1, 2 },
                "1 message is deleted for good."
                " 2 messages could not go back: they were moved or deleted since.");
}

static void
test_names (void)
{
  g_assert_cmpstr (pinion_stays_reason_to_string (PINION_STAYS_LABEL_GONE), ==, "label-gone");
  g_assert_cmpstr (pinion_stays_reason_to_string (PINION_STAYS_CHANGED), ==, "changed");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/stays/words", test_words);
  g_test_add_func ("/core/stays/names", test_names);

  return g_test_run ();
}
