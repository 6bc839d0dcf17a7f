/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-when.h"

#include <locale.h>
#include <string.h>

/* A Thursday, unless a test says otherwise. */
#define NOW "2026-11-26T10:20:30"

static GDateTime *
moment (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  GDateTime *time;

  g_assert_nonnull (zone);
  time = g_date_time_new_from_iso8601 (text, zone);
  g_assert_nonnull (time);

  return time;
}

static char *
describe (gint64     seconds,
          GDateTime *now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) time = g_date_time_to_timezone (utc, g_date_time_get_timezone (now));

  return g_date_time_format (time, "%Y-%m-%d %H:%M");
}

static void
assert_means (const char *now_text,
              const char *text,
              const char *expected)
{
  g_autoptr (GDateTime) now = moment (now_text);
  gint64 seconds = 0;
  g_autofree char *found = NULL;

  if (pinion_when_parse (text, now, &seconds))
    found = describe (seconds, now);
  if (g_strcmp0 (found, expected) != 0)
    g_error ("\"%s\": %s and not %s", text, found, expected);
}

static void
test_words (void)
{
  static const char *const cases[][2] = {
    { "in 3 days", "2026-11-29 08:00" },
    { "3 days", "2026-11-29 08:00" },
    { "3d", "2026-11-29 08:00" },
    { "in a week", "2026-12-03 08:00" },
    { "in 2 weeks at 9:30", "2026-12-10 09:30" },
    { "in a month", "2026-12-26 08:00" },
    { "in 90 minutes", "2026-11-26 11:50" },
    { "in 2 hours", "2026-11-26 12:20" },
    { "an hour", "2026-11-26 11:20" },
    { "1 day 2 hours", "2026-11-27 12:20" },
    { "monday 9", "2026-11-30 09:00" },
    { "Monday", "2026-11-30 08:00" },
    { "next monday at 9pm", "2026-11-30 21:00" },
    { "mon. 9:15", "2026-11-30 09:15" },
    { "9 on monday", "2026-11-30 09:00" },
    { "thursday", "2026-12-03 08:00" },
    { "thursday 11", "2026-11-26 11:00" },
    { "thursday 9", "2026-12-03 09:00" },
    { "tonight", "2026-11-26 18:00" },
    { "tonight 8", "2026-11-26 20:00" },
    { "tomorrow", "2026-11-27 08:00" },
    { "tomorrow evening at 7", "2026-11-27 19:00" },
    { "Tomorrow, 14:05", "2026-11-27 14:05" },
    { "day after tomorrow", "2026-11-28 08:00" },
    { "weekend", "2026-11-28 08:00" },
    { "this weekend 10am", "2026-11-28 10:00" },
    { "next week", "2026-11-30 08:00" },
    { "next month", "2026-12-26 08:00" },
    { "noon", "2026-11-26 12:00" },
    { "9", "2026-11-27 09:00" },
    { "11:30", "2026-11-26 11:30" },
    { "17.45", "2026-11-26 17:45" },
    { "17h45", "2026-11-26 17:45" },
    { "12am", "2026-11-27 00:00" },
    { "12 pm", "2026-11-26 12:00" },
    { "24.12.", "2026-12-24 08:00" },
    { "24.12. 18:00", "2026-12-24 18:00" },
    { "24.12.2027", "2027-12-24 08:00" },
    { "1.2.", "2027-02-01 08:00" },
    { "24 dec", "2026-12-24 08:00" },
    { "24th of december 9:00", "2026-12-24 09:00" },
    { "Dec 24 2027", "2027-12-24 08:00" },
    { "dec 24", "2026-12-24 08:00" },
    { "2026-12-24", "2026-12-24 08:00" },
    { "2026-12-24T09:30", "2026-12-24 09:30" },
    { "2026-12-24 09:30:59", "2026-12-24 09:30" },
    { "29 feb 2028", "2028-02-29 08:00" },
    { "٣ days", "2026-11-29 08:00" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_means (NOW, cases[i][0], cases[i][1]);
}

static void
test_not_understood (void)
{
  static const char *const texts[] = {
    "", " ", "in", "next", "soon", "3", "25:00", "9:60", "32 dec", "31.11.", "dec", "minutes",
    "monday tuesday", "9 10", "in 3 days 2 hours at 9", "yesterday", "2020-01-01", "in 11 years",
    "in 99999 days", "today", "today 9", "in 0 days at 9", "9 pm pm", "13 pm", "tomorrow tomorrow",
    "2026-13-01", "29 feb 2027", "monday 9 !", "\xff\xfe", "-3 days",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!g_str_equal (texts[i], "3"))
      assert_means (NOW, texts[i], NULL);

  /* Three o'clock it is, once it comes. */
  assert_means (NOW, "3", "2026-11-27 03:00");
}

/* Whatever is typed: an answer, or none, and an answer is always to come. */
static void
test_anything (void)
{
  static const char *const parts[] = { "in",   "3",   "days", "monday", "9", ":", "30",
                                       "pm",   ".",   "12",   "/",      "-", "h", "th",
                                       "2026", "dec", "next", "week",   " ", "ä" };
  g_autoptr (GDateTime) now = moment (NOW);

  for (guint i = 0; i < 600; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n = (guint) g_test_rand_int_range (1, 8);
      gint64 seconds = 0;

      for (guint k = 0; k < n; k++)
        {
          g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
          if (g_test_rand_bit ())
            g_string_append_c (text, ' ');
        }
      if (pinion_when_parse (text->str, now, &seconds))
        g_assert_cmpint (seconds, >, g_date_time_to_unix (now));
    }

  g_autofree char *long_text = g_strnfill (100000, '9');
  gint64 seconds;
  g_assert_false (pinion_when_parse (long_text, now, &seconds));
}

/* Wall clocks jump: the hour that was named counts, not that many seconds. */
static void
test_clock_change (void)
{
  assert_means ("2026-10-24T12:00:00", "tomorrow 9", "2026-10-25 09:00");
  assert_means ("2026-10-24T12:00:00", "in 2 days", "2026-10-26 08:00");
  assert_means ("2026-03-28T12:00:00", "tomorrow 9", "2026-03-29 09:00");
  /* 02:30 is not there that night. */
  assert_means ("2026-03-28T12:00:00", "tomorrow 2:30", "2026-03-29 03:00");
  assert_means ("2026-03-28T23:30:00", "in 4 hours", "2026-03-29 04:30");
}

static void
assert_chosen (const char *now_text,
               PinionWhen  when,
               const char *expected)
{
  g_autoptr (GDateTime) now = moment (now_text);
  gint64 seconds = 0;
  g_autofree char *found = NULL;

  if (pinion_when_choose (when, now, &seconds))
    found = describe (seconds, now);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_choices (void)
{
  assert_chosen (NOW, PINION_WHEN_LATER_TODAY, "2026-11-26 14:00");
  assert_chosen (NOW, PINION_WHEN_TONIGHT, "2026-11-26 18:00");
  assert_chosen (NOW, PINION_WHEN_TOMORROW, "2026-11-27 08:00");
  assert_chosen (NOW, PINION_WHEN_WEEKEND, "2026-11-28 08:00");
  assert_chosen (NOW, PINION_WHEN_NEXT_WEEK, "2026-11-30 08:00");

  /* Late in the evening there is no later today. */
  assert_chosen ("2026-11-26T21:10:00", PINION_WHEN_LATER_TODAY, NULL);
  assert_chosen ("2026-11-26T17:00:00", PINION_WHEN_TONIGHT, NULL);
  assert_chosen ("2026-11-28T09:00:00", PINION_WHEN_WEEKEND, "2026-12-05 08:00");
  assert_chosen ("2026-11-30T07:00:00", PINION_WHEN_NEXT_WEEK, "2026-12-07 08:00");
  assert_chosen ("2026-12-31T12:00:00", PINION_WHEN_TOMORROW, "2027-01-01 08:00");

  /* What is tomorrow anyway has one name. */
  assert_chosen ("2026-11-27T10:00:00", PINION_WHEN_TOMORROW, "2026-11-28 08:00");
  assert_chosen ("2026-11-27T10:00:00", PINION_WHEN_WEEKEND, NULL);
  assert_chosen ("2026-11-27T10:00:00", PINION_WHEN_NEXT_WEEK, "2026-11-30 08:00");
  assert_chosen ("2026-11-29T10:00:00", PINION_WHEN_WEEKEND, "2026-12-05 08:00");
  assert_chosen ("2026-11-29T10:00:00", PINION_WHEN_NEXT_WEEK, NULL);
}

/* Names of days and months in the language of the computer, where one is there to try. */
static void
test_language (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "de_DE.utf8" };
  const char *set = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (locales) && set == NULL; i++)
    set = setlocale (LC_TIME, locales[i]);
  if (set == NULL)
    {
      g_test_skip ("no German locale here");
      return;
    }

  assert_means (NOW, "Montag 9", "2026-11-30 09:00");
  assert_means (NOW, "mi", "2026-12-02 08:00");
  assert_means (NOW, "24. Dezember 18:30", "2026-12-24 18:30");
  assert_means (NOW, "3. März", "2027-03-03 08:00");
  setlocale (LC_TIME, "C.UTF-8");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/when/words", test_words);
  g_test_add_func ("/when/not-understood", test_not_understood);
  g_test_add_func ("/when/anything", test_anything);
  g_test_add_func ("/when/clock-change", test_clock_change);
  g_test_add_func ("/when/choices", test_choices);
  g_test_add_func ("/when/language", test_language);

  return g_test_run ();
}
