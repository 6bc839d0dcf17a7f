/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-time.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <langinfo.h>

#include "pinion-date-runs.h"

/* The desktop's own setting where there is one, else what the locale does. */
static gboolean
uses_24_hours (void)
{
  static int answer = -1;

  if (answer < 0)
    {
      GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
      g_autoptr (GSettingsSchema) schema = NULL;

      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE);

      if (schema != NULL && g_settings_schema_has_key (schema, "clock-format"))
        {
          g_autoptr (GSettings) settings = g_settings_new ("org.gnome.desktop.interface");
          g_autofree char *format = g_settings_get_string (settings, "clock-format");

          answer = g_str_equal (format, "24h");
        }
      else
        {
          const char *format = nl_langinfo (T_FMT);

          answer = strstr (format, "%r") == NULL && strstr (format, "%I") == NULL;
        }
    }

  return answer;
}

static GDateTime *
to_local (gint64     when,
          GDateTime *zone_of)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when);

  if (utc == NULL)
    return NULL;

  if (zone_of != NULL)
    return g_date_time_to_timezone (utc, g_date_time_get_timezone (zone_of));

  return g_date_time_to_local (utc);
}

/* Whole days from the day of @then to the day of @now. */
static int
days_between (GDateTime *then,
              GDateTime *now)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, g_date_time_get_day_of_month (then), g_date_time_get_month (then),
                  g_date_time_get_year (then));
  g_date_set_dmy (&b, g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                  g_date_time_get_year (now));

  return g_date_days_between (&a, &b);
}

static char *
format_clock (GDateTime *time)
{
  if (uses_24_hours ())
    return g_date_time_format (time, "%H:%M");

  /* Translators: the time on a 12-hour clock, as in "2:05 PM" */
  return g_date_time_format (time, C_("time", "%-l:%M %p"));
}

char *
pinion_time_short (gint64     when,
                   GDateTime *now)
{
  g_autoptr (GDateTime) here = now != NULL ? g_date_time_ref (now) : g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = to_local (when, here);
  int days;

  if (time == NULL)
    return g_strdup ("");

  days = days_between (time, here);

  if (days == 0)
    return format_clock (time);

  if (days > 0 && days < 7)
    return g_date_time_format (time, "%a");

  if (days > 0 &&
      (days < 90 || g_date_time_get_year (time) == g_date_time_get_year (here)))
    /* Translators: day and short month, as in "3 Mar" */
    return g_date_time_format (time, C_("date", "%-e %b"));

  return g_date_time_format (time, "%Y-%m-%d");
}

char *
pinion_time_long (gint64     when,
                  GDateTime *zone_of)
{
  g_autoptr (GDateTime) time = to_local (when, zone_of);
  g_autofree char *clock = NULL;
  g_autofree char *day = NULL;

  if (time == NULL)
    return g_strdup ("");

  clock = format_clock (time);
  /* Translators: a whole date, as in "Tuesday, 3 March 2026" */
  day = g_date_time_format (time, C_("date", "%A, %-e %B %Y"));

  /* Translators: a whole date and a time, as in "Tuesday, 3 March 2026, 14:05" */
  return g_strdup_printf (C_("date", "%s, %s"), day, clock);
}

static char *
format_day_ahead (GDateTime *time,
                  GDateTime *here,
                  int        days,
                  gboolean   by_name)
{
  if (days == 1 && by_name)
    return g_strdup (C_("date", "Tomorrow"));

  if (days < 7)
    return g_date_time_format (time, "%a");

  if (g_date_time_get_year (time) == g_date_time_get_year (here))
    return g_date_time_format (time, C_("date", "%-e %b"));

  /* Translators: day, short month and year, as in "3 Mar 2027" */
  return g_date_time_format (time, C_("date", "%-e %b %Y"));
}

static char *
format_ahead (gint64     when,
              GDateTime *now,
              gboolean   by_name)
{
  g_autoptr (GDateTime) here = now != NULL ? g_date_time_ref (now) : g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = to_local (when, here);
  g_autofree char *clock = NULL;
  g_autofree char *day = NULL;
  int days;

  if (time == NULL)
    return g_strdup ("");

  clock = format_clock (time);
  days = days_between (here, time);
  if (days <= 0)
    return g_steal_pointer (&clock);

  day = format_day_ahead (time, here, days, by_name);
  /* Translators: a day and a time, as in "Mon 08:00" */
  return g_strdup_printf (C_("date", "%s %s"), day, clock);
}

char *
pinion_time_ahead (gint64     when,
                   GDateTime *now)
{
  return format_ahead (when, now, TRUE);
}

char *
pinion_time_beside (gint64     when,
                    GDateTime *now)
{
  return format_ahead (when, now, FALSE);
}

char *
pinion_time_left (guint seconds)
{
  if (seconds == 0)
    return NULL;

  if (seconds < 60)
    return g_strdup (_("less than a minute"));

  if (seconds < 90 * 60)
    {
      guint minutes = (seconds + 30) / 60;

      return g_strdup_printf (ngettext ("about %u min", "about %u min", minutes), minutes);
    }
  else
    {
      guint hours = (seconds + 1800) / 3600;

      return g_strdup_printf (ngettext ("about %u hour", "about %u hours", hours), hours);
    }
}

char *
pinion_time_section (int section)
{
  g_autoptr (GDateTime) month = NULL;

  switch (section)
    {
    case PINION_DATE_NONE:
      return NULL;

    case PINION_DATE_TODAY:
      return g_strdup (_("Today"));

    case PINION_DATE_YESTERDAY:
      return g_strdup (_("Yesterday"));

    case PINION_DATE_THIS_WEEK:
      return g_strdup (_("This Week"));

    case PINION_DATE_LAST_WEEK:
      return g_strdup (_("Last Week"));

    case PINION_DATE_EARLIER:
      return g_strdup (_("Earlier"));

    default:
      break;
    }

  if (section >= PINION_DATE_YEAR)
    return g_strdup_printf ("%d", section - PINION_DATE_YEAR);

  month = g_date_time_new_local ((section - PINION_DATE_MONTH) / 12,
                                 (section - PINION_DATE_MONTH) % 12 + 1, 1, 0, 0, 0);

  /* Translators: a month and its year, as a title: "March 2025" */
  return g_date_time_format (month, _("%OB %Y"));
}

int
pinion_time_first_weekday (void)
{
  union
  {
    char *text;
    guint word;
  } base = { .text = nl_langinfo (_NL_TIME_WEEK_1STDAY) };
  int first = nl_langinfo (_NL_TIME_FIRST_WEEKDAY)[0];

  /* The base is a Sunday, or, for some, a Monday (glibc's own encoding of a date). */
  return base.word == 19971201 ? (first - 1) % 7 + 1 : (first + 5) % 7 + 1;
}
