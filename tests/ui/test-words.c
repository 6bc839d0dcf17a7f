/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates, durations, counts and keys as people read them. */

#include <gtk/gtk.h>

#include "pinion-actions.h"
#include "pinion-mail-files.h"
#include "pinion-progress.h"
#include "pinion-time.h"
#include "pinion-undo-toasts.h"

/* -- Dates ---------------------------------------------------------------------------------- */

static void
assert_short (const char *when,
              const char *words)
{
  g_autoptr (GTimeZone) berlin = g_time_zone_new_offset (3600);
  /* A Thursday */
  g_autoptr (GDateTime) now = g_date_time_new (berlin, 2026, 3, 12, 9, 30, 0);
  g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (when, berlin);
  g_autofree char *got = pinion_time_short (g_date_time_to_unix (then), now);

  g_assert_cmpstr (got, ==, words);
}

static void
test_short (void)
{
  assert_short ("2026-03-12T09:29:59", "09:29");
  assert_short ("2026-03-12T00:00:00", "00:00");
  assert_short ("2026-03-12T23:10:00", "23:10");
  assert_short ("2026-03-11T23:59:59", "Wed");
  assert_short ("2026-03-06T00:00:00", "Fri");
  assert_short ("2026-03-05T23:59:59", "5 Mar");
  assert_short ("2026-01-01T12:00:00", "1 Jan");
  assert_short ("2025-12-31T12:00:00", "31 Dec");
  assert_short ("2025-10-31T12:00:00", "2025-10-31");
  assert_short ("2019-03-03T12:00:00", "2019-03-03");
  assert_short ("1970-01-01T01:00:00", "1970-01-01");
  /* Tomorrow is a wrong clock, not a weekday */
  assert_short ("2026-03-13T12:00:00", "2026-03-13");
}

static void
test_short_out_of_range (void)
{
  g_autofree char *early = pinion_time_short (G_MININT64, NULL);
  g_autofree char *late = pinion_time_short (G_MAXINT64, NULL);

  g_assert_cmpstr (early, ==, "");
  g_assert_cmpstr (late, ==, "");
}

static void
test_long (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) here = g_date_time_new (utc, 2026, 1, 1, 0, 0, 0);
  g_autofree char *words = pinion_time_long (1772546700, here);

  g_assert_cmpstr (words, ==, "Tuesday, 3 March 2026, 14:05");
}

static void
test_left (void)
{
  static const struct
  {
    guint seconds;
    const char *words;
  } cases[] = {
    { 0, NULL },
    { 1, "less than a minute" },
    { 59, "less than a minute" },
    { 60, "about 1 min" },
    { 170, "about 3 min" },
    { 3600, "about 60 min" },
    { 7200, "about 2 hours" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = pinion_time_left (cases[i].seconds);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
assert_ahead (const char *when,
              const char *words)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-26T10:20:00", zone);
  g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (when, zone);
  g_autofree char *got = pinion_time_ahead (g_date_time_to_unix (then), now);

  g_assert_cmpstr (got, ==, words);
}

static void
assert_beside (const char *when,
               const char *words)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-26T10:20:00", zone);
  g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (when, zone);
  g_autofree char *got = pinion_time_beside (g_date_time_to_unix (then), now);

  g_assert_cmpstr (got, ==, words);
}

static void
test_ahead (void)
{
  assert_ahead ("2026-11-26T18:00:00", "18:00");
  assert_ahead ("2026-11-27T00:00:00", "Tomorrow 00:00");
  assert_ahead ("2026-11-28T08:00:00", "Sat 08:00");
  assert_ahead ("2026-12-02T08:00:00", "Wed 08:00");
  assert_ahead ("2026-12-03T08:00:00", "3 Dec 08:00");
  assert_ahead ("2027-03-03T08:05:00", "3 Mar 2027 08:05");

  assert_beside ("2026-11-26T18:00:00", "18:00");
  assert_beside ("2026-11-27T08:00:00", "Fri 08:00");
  assert_beside ("2026-11-30T08:00:00", "Mon 08:00");
}

/* -- Counts --------------------------------------------------------------------------------- */

static void
test_progress (void)
{
  g_autofree char *both = pinion_progress_format (340, 500, FALSE, 170);
  g_autofree char *counts = pinion_progress_format (340, 500, FALSE, 0);
  g_autofree char *listed = pinion_progress_format (340, 500, TRUE, 170);

  g_assert_cmpstr (both, ==, "340 of 500 · about 3 min");
  g_assert_cmpstr (counts, ==, "340 of 500");
  g_assert_cmpstr (listed, ==, "340 of 500 listed");
}

static void
assert_done (PinionAct   act,
             guint       n,
             const char *label,
             const char *words)
{
  g_autofree char *got = pinion_undo_toasts_format (act, n, label);

  g_assert_cmpstr (got, ==, words);
}

static void
test_done (void)
{
  assert_done (PINION_ACT_ARCHIVE, 1, NULL, "Archived");
  assert_done (PINION_ACT_ARCHIVE, 3, NULL, "3 conversations archived");
  assert_done (PINION_ACT_ADD_LABEL, 1, "100% sure", "Label 100% sure added");
  assert_done (PINION_ACT_MOVE, 1, "Projects", "Moved to Projects");
  assert_done (PINION_ACT_MOVE, 2, "Projects", "2 conversations moved to Projects");
  assert_done (PINION_ACT_SNOOZE, 2, "Mon 08:00", "2 conversations snoozed until Mon 08:00");
  assert_done (PINION_ACT_UNSNOOZE, 1, NULL, "Back from snooze");
  assert_done (PINION_ACT_CHANGE_LABELS, 3, NULL, "Labels of 3 conversations changed");
  assert_done (PINION_ACT_REMOVE_LABEL, 2, "Projects",
               "Label Projects removed from 2 conversations");
  assert_done (PINION_ACT_PIN_LABEL, 0, "דוחות", "\u200e\u2068דוחות\u2069 pinned");

  for (int act = PINION_ACT_READ; act <= PINION_ACT_REMOVE_LABEL; act++)
    {
      g_autofree char *words = pinion_undo_toasts_format ((PinionAct) act, 2, "X");

      g_assert_nonnull (strchr (words, '2'));
    }
}

/* -- Keys ----------------------------------------------------------------------------------- */

static void
claim (GHashTable *taken,
       const char *key)
{
  guint keyval = 0;
  GdkModifierType modifiers = 0;

  g_assert_true (gtk_accelerator_parse (key, &keyval, &modifiers));
  g_assert_true (g_hash_table_add (taken, gtk_accelerator_name (keyval, modifiers)));
}

static void
test_keys (void)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_actions;
  const PinionActionInfo *actions = pinion_actions_get (&n_actions);

  for (guint i = 0; i < n_actions; i++)
    {
      g_assert_cmpstr (pinion_action_info_get_title (&actions[i]), !=, "");
      g_assert_true (pinion_actions_find (actions[i].action) == &actions[i]);

      for (guint k = 0; k < PINION_MAX_KEYS && actions[i].accelerators[k] != NULL; k++)
        {
          claim (taken, actions[i].accelerators[k]);
          /* These work in text too */
          g_assert_false (pinion_actions_is_single_key (actions[i].accelerators[k]));
        }

      for (guint k = 0; k < PINION_MAX_KEYS && actions[i].keys[k] != NULL; k++)
        claim (taken, actions[i].keys[k]);
    }

  g_assert_true (pinion_actions_is_single_key ("e"));
  g_assert_true (pinion_actions_is_single_key ("numbersign"));
  g_assert_true (pinion_actions_is_single_key ("<Shift>l"));
  g_assert_false (pinion_actions_is_single_key ("<Control>z"));
  g_assert_false (pinion_actions_is_single_key ("Delete"));
  g_assert_false (pinion_actions_is_single_key ("Escape"));
}

/* -- What cannot be written ----------------------------------------------------------------- */

static char *
refuse_files (guint    n_files,
              gboolean too_many,
              guint    n_missing)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  PinionMessageFiles files = { list, too_many, n_missing };

  g_ptr_array_set_size (list, (int) n_files);

  return pinion_mail_files_dup_refusal (&files);
}

static void
test_files (void)
{
  g_autofree char *fine = refuse_files (3, FALSE, 0);
  g_autofree char *none = refuse_files (0, FALSE, 0);
  g_autofree char *many = refuse_files (500, TRUE, 0);
  g_autofree char *away = refuse_files (3, FALSE, 1);
  g_autofree char *all_away = refuse_files (3, FALSE, 3);

  g_assert_null (fine);
  g_assert_cmpstr (none, ==, "The messages are not here any more");
  g_assert_cmpstr (many, ==, "At most 500 messages at a time can be saved as files");
  g_assert_cmpstr (away, ==,
                   "1 message is not on this computer yet, and its server cannot be reached");
  g_assert_cmpstr (all_away, ==,
                   "3 messages are not on this computer yet, and their server cannot be reached");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/words/short", test_short);
  g_test_add_func ("/words/short-out-of-range", test_short_out_of_range);
  g_test_add_func ("/words/long", test_long);
  g_test_add_func ("/words/left", test_left);
  g_test_add_func ("/words/ahead", test_ahead);
  g_test_add_func ("/words/progress", test_progress);
  g_test_add_func ("/words/done", test_done);
  g_test_add_func ("/words/keys", test_keys);
  g_test_add_func ("/words/files", test_files);

  return g_test_run ();
}
