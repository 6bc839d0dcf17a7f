/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-date-runs.h"

#define OLDEST_YEAR 1971

/* -- What begins when ----------------------------------------------------------------------- */

/* A section that would begin after a newer one has nothing of its own. */
static void
add_begin (GArray    *begins,
           GDateTime *begin,
           int        section)
{
  PinionDateBegin one = { g_date_time_to_unix (begin), section };

  if (begins->len == 0
      || one.begin < g_array_index (begins, PinionDateBegin, begins->len - 1).begin)
    g_array_append_val (begins, one);
}

static void
add_days_before (GArray    *begins,
                 GDateTime *midnight,
                 int        days,
                 int        section)
{
  g_autoptr (GDateTime) begin = g_date_time_add_days (midnight, -days);

  add_begin (begins, begin, section);
}

static void
add_months_and_years (GArray *begins,
                      int     year,
                      int     month)
{
  for (int m = 12 * year + month - 1; m >= 12 * (year - 1); m--)
    {
      g_autoptr (GDateTime) begin = g_date_time_new_local (m / 12, m % 12 + 1, 1, 0, 0, 0);

      add_begin (begins, begin, PINION_DATE_MONTH + m);
    }

  for (int y = year - 2; y >= OLDEST_YEAR; y--)
    {
      g_autoptr (GDateTime) begin = g_date_time_new_local (y, 1, 1, 0, 0, 0);

      add_begin (begins, begin, PINION_DATE_YEAR + y);
    }
}

GArray *
pinion_date_begins_new (GDateTime *now,
                        int        first_weekday)
{
  GArray *begins = g_array_new (FALSE, FALSE, sizeof (PinionDateBegin));
  PinionDateBegin earlier = { G_MININT64, PINION_DATE_EARLIER };
  int year, month, day;
  int weekday = (g_date_time_get_day_of_week (now) - first_weekday + 7) % 7;
  g_autoptr (GDateTime) midnight = NULL;

  g_date_time_get_ymd (now, &year, &month, &day);
  midnight = g_date_time_new (g_date_time_get_timezone (now), year, month, day, 0, 0, 0);

  add_begin (begins, midnight, PINION_DATE_TODAY);
  add_days_before (begins, midnight, 1, PINION_DATE_YESTERDAY);
  add_days_before (begins, midnight, weekday, PINION_DATE_THIS_WEEK);
  add_days_before (begins, midnight, weekday + 7, PINION_DATE_LAST_WEEK);
  add_months_and_years (begins, year, month);
  g_array_append_val (begins, earlier);

  return begins;
}

/* -- Runs ----------------------------------------------------------------------------------- */

void
pinion_date_runs_append (GArray *runs,
                         int     section,
                         guint   n)
{
  PinionDateRun run = { section, n };
  PinionDateRun *last = runs->len > 0 ? &g_array_index (runs, PinionDateRun, runs->len - 1) : NULL;

  if (n == 0)
    return;

  if (last != NULL && last->section == section)
    last->n += n;
  else
    g_array_append_val (runs, run);
}

/* Of @from the ones at @position, @n of them. */
static void
append_part (GArray       *runs,
             const GArray *from,
             guint         position,
             guint         n)
{
  guint start = 0;

  for (guint i = 0; i < from->len && n > 0; i++)
    {
      const PinionDateRun *run = &g_array_index (from, PinionDateRun, i);
      guint end = start + run->n;

      if (end > position)
        {
          guint part = MIN (end - position, n);

          pinion_date_runs_append (runs, run->section, part);
          position += part;
          n -= part;
        }
      start = end;
    }
}

void
pinion_date_runs_splice (GArray       *runs,
                         guint         position,
                         guint         removed,
                         const GArray *now,
                         guint         added)
{
  g_autoptr (GArray) spliced = g_array_new (FALSE, FALSE, sizeof (PinionDateRun));

  append_part (spliced, runs, 0, position);
  append_part (spliced, now, position, added);
  append_part (spliced, runs, position + removed, G_MAXUINT);

  g_array_set_size (runs, 0);
  g_array_append_vals (runs, spliced->data, spliced->len);
}

int
pinion_date_runs_find (const GArray *runs,
                       guint         position,
                       guint        *start,
                       guint        *end)
{
  *start = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      const PinionDateRun *run = &g_array_index (runs, PinionDateRun, i);

      *end = *start + run->n;
      if (position < *end)
        return run->section;
      *start = *end;
    }

  *end = G_MAXUINT;
  return PINION_DATE_NONE;
}

gboolean
pinion_date_runs_equal (const GArray *a,
                        const GArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const PinionDateRun *x = &g_array_index (a, PinionDateRun, i);
      const PinionDateRun *y = &g_array_index (b, PinionDateRun, i);

      if (x->section != y->section || x->n != y->n)
        return FALSE;
    }

  return TRUE;
}
