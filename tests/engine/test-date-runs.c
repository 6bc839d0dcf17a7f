/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sections by date: what begins when, and the runs while the list changes. */

#include "pinion-date-runs.h"

static int
section_at (GArray     *begins,
            const char *date)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (date, zone);

  for (guint i = 0; i < begins->len; i++)
    if (g_date_time_to_unix (time) >= g_array_index (begins, PinionDateBegin, i).begin)
      return g_array_index (begins, PinionDateBegin, i).section;

  g_assert_not_reached ();
}

static GArray *
make_begins (const char *now,
             int         first_weekday)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (now, zone);
  GArray *begins = pinion_date_begins_new (time, first_weekday);

  for (guint i = 1; i < begins->len; i++)
    g_assert_cmpint (g_array_index (begins, PinionDateBegin, i).begin, <,
                     g_array_index (begins, PinionDateBegin, i - 1).begin);

  return begins;
}

/* A Thursday. */
static void
test_begins (void)
{
  g_autoptr (GArray) begins = make_begins ("2026-11-26T10:00:00", 1);

  g_assert_cmpint (section_at (begins, "2027-03-01T00:00:00"), ==, PINION_DATE_TODAY);
  g_assert_cmpint (section_at (begins, "2026-11-26T00:00:00"), ==, PINION_DATE_TODAY);
  g_assert_cmpint (section_at (begins, "2026-11-25T23:59:59"), ==, PINION_DATE_YESTERDAY);
  g_assert_cmpint (section_at (begins, "2026-11-23T00:00:00"), ==, PINION_DATE_THIS_WEEK);
  g_assert_cmpint (section_at (begins, "2026-11-22T23:59:59"), ==, PINION_DATE_LAST_WEEK);
  g_assert_cmpint (section_at (begins, "2026-11-16T00:00:00"), ==, PINION_DATE_LAST_WEEK);
  g_assert_cmpint (section_at (begins, "2026-11-15T12:00:00"), ==,
                   PINION_DATE_MONTH + 12 * 2026 + 10);
  g_assert_cmpint (section_at (begins, "2025-01-01T00:00:00"), ==, PINION_DATE_MONTH + 12 * 2025);
  g_assert_cmpint (section_at (begins, "2024-12-31T23:59:59"), ==, PINION_DATE_YEAR + 2024);
  g_assert_cmpint (section_at (begins, "1969-01-01T00:00:00"), ==, PINION_DATE_EARLIER);
}

/* On the first day of a week there is no more of it than today and yesterday's is of the last one;
 * early in a month last week is of the month before. */
static void
test_begins_at_edges (void)
{
  g_autoptr (GArray) monday = make_begins ("2026-11-23T10:00:00", 1);
  g_autoptr (GArray) sunday = make_begins ("2026-11-23T10:00:00", 7);
  g_autoptr (GArray) january = make_begins ("2026-01-02T00:00:00", 1);

  g_assert_cmpint (section_at (monday, "2026-11-22T12:00:00"), ==, PINION_DATE_YESTERDAY);
  g_assert_cmpint (section_at (monday, "2026-11-21T12:00:00"), ==, PINION_DATE_LAST_WEEK);
  g_assert_cmpint (section_at (sunday, "2026-11-22T12:00:00"), ==, PINION_DATE_YESTERDAY);
  g_assert_cmpint (section_at (sunday, "2026-11-21T12:00:00"), ==, PINION_DATE_LAST_WEEK);
  g_assert_cmpint (section_at (january, "2025-12-29T12:00:00"), ==, PINION_DATE_THIS_WEEK);
  g_assert_cmpint (section_at (january, "2025-12-23T12:00:00"), ==, PINION_DATE_LAST_WEEK);
  g_assert_cmpint (section_at (january, "2025-12-20T12:00:00"), ==,
                   PINION_DATE_MONTH + 12 * 2025 + 11);
}

static GArray *
make_runs (const char *text)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (PinionDateRun));

  for (const char *p = text; *p != '\0'; p++)
    pinion_date_runs_append (runs, *p, 1);

  return runs;
}

static void
assert_runs (GArray     *runs,
             const char *expected)
{
  g_autoptr (GArray) wanted = make_runs (expected);
  guint n = 0;

  g_assert_true (pinion_date_runs_equal (runs, wanted));
  for (guint i = 0; expected[i] != '\0'; i++)
    {
      guint start, end;

      g_assert_cmpint (pinion_date_runs_find (runs, i, &start, &end), ==, expected[i]);
      g_assert_cmpuint (start, <=, i);
      g_assert_cmpuint (end, >, i);
      g_assert_true (start == 0 || expected[start - 1] != expected[i]);
      g_assert_cmpint (expected[end], !=, expected[i]);
      n = end;
    }

  g_assert_cmpuint (n, ==, strlen (expected));
}

static void
test_splice (void)
{
  g_autoptr (GArray) runs = make_runs ("aaabbc");
  g_autoptr (GArray) first = make_runs ("Aaaabbc");
  g_autoptr (GArray) last = make_runs ("Abbccd");
  g_autoptr (GArray) none = make_runs ("");
  guint start, end;

  pinion_date_runs_splice (runs, 0, 0, first, 1);
  assert_runs (runs, "Aaaabbc");
  pinion_date_runs_splice (runs, 1, 3, last, 0);
  assert_runs (runs, "Abbc");
  pinion_date_runs_splice (runs, 4, 0, last, 2);
  assert_runs (runs, "Abbccd");
  pinion_date_runs_splice (runs, 2, 2, none, 0);
  assert_runs (runs, "Abcd");
  pinion_date_runs_splice (runs, 0, 4, none, 0);
  assert_runs (runs, "");
  g_assert_cmpint (pinion_date_runs_find (runs, 0, &start, &end), ==, PINION_DATE_NONE);
  g_assert_cmpuint (end, ==, G_MAXUINT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/date-runs/begins", test_begins);
  g_test_add_func ("/engine/date-runs/begins-at-edges", test_begins_at_edges);
  g_test_add_func ("/engine/date-runs/splice", test_splice);

  return g_test_run ();
}
