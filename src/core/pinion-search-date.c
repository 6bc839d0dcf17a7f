/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-search-query.h"

#include <string.h>

static GDateTime *
midnight (GDateTime *time)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return g_date_time_new (zone, g_date_time_get_year (time), g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time), 0, 0, 0);
}

static gboolean
take (GDateTime *time,
      gint64    *seconds)
{
  g_autoptr (GDateTime) owned = time;

  if (owned == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (owned);
  return TRUE;
}

/* A number of at most @digits digits. */
static gboolean
read_number (const char **text,
             guint        digits,
             int         *number)
{
  guint n = 0;

  for (*number = 0; n < digits && g_ascii_isdigit (**text); n++, (*text)++)
    *number = *number * 10 + (**text - '0');

  return n > 0;
}

/* 2024, 2024-03, 2024-03-09; with slashes or dots too, and 9.3.2024. */
static gboolean
parse_calendar (const char *text,
                gint64     *seconds)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  int parts[3] = { 0, 1, 1 };
  guint n = 0;
  char separator = '\0';

  for (const char *p = text;; p++)
    {
      if (!read_number (&p, 4, &parts[n++]))
        return FALSE;
      if (*p == '\0')
        break;
      if (n == 3 || strchr ("-/.", *p) == NULL || (separator != '\0' && *p != separator))
        return FALSE;
      separator = *p;
    }

  if (separator == '.' && n == 3 && parts[0] < 100)
    {
      int day = parts[0];
      parts[0] = parts[2];
      parts[2] = day;
    }
  if (parts[0] < 1970 || parts[0] > 9999)
    return FALSE;

  return take (g_date_time_new (zone, parts[0], parts[1], parts[2], 0, 0, 0), seconds);
}

static int
weekday_of (const char *text)
{
  static const char *const names[] = { "monday",   "tuesday",  "wednesday", "thursday",
                                       "friday",   "saturday", "sunday" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (text, names[i]) == 0
          || (strlen (text) == 3 && g_ascii_strncasecmp (text, names[i], 3) == 0))
        return (int) i + 1;
    }

  return 0;
}

/* today, yesterday, or the last day of that name before today. */
static gboolean
parse_day (const char *text,
           GDateTime  *today,
           gint64     *seconds)
{
  int weekday = weekday_of (text);

  if (g_ascii_strcasecmp (text, "today") == 0)
    return take (g_date_time_ref (today), seconds);
  if (g_ascii_strcasecmp (text, "yesterday") == 0)
    return take (g_date_time_add_days (today, -1), seconds);
  if (weekday == 0)
    return FALSE;

  int back = (g_date_time_get_day_of_week (today) - weekday + 6) % 7 + 1;
  return take (g_date_time_add_days (today, -back), seconds);
}

static gboolean
is_unit (const char *text,
         const char *unit)
{
  gsize length = strlen (unit);

  if (text[0] != '\0' && text[1] == '\0')
    return g_ascii_tolower (text[0]) == unit[0];

  return g_ascii_strncasecmp (text, unit, length) == 0
         && (text[length] == '\0' || g_ascii_strcasecmp (text + length, "s") == 0);
}

/* 7d, 2w, 3m, 1y; "3 days", "2 weeks ago". */
static gboolean
parse_ago (const char *text,
           GDateTime  *today,
           gint64     *seconds)
{
  g_autofree char *unit = NULL;
  int number;

  if (!read_number (&text, 4, &number))
    return FALSE;

  while (*text == ' ' || *text == '-')
    text++;
  unit = g_strdup (text);
  if (g_str_has_suffix (unit, " ago") || g_str_has_suffix (unit, "-ago"))
    unit[strlen (unit) - 4] = '\0';

  if (is_unit (unit, "day"))
    return take (g_date_time_add_days (today, -number), seconds);
  if (is_unit (unit, "week"))
    return take (g_date_time_add_weeks (today, -number), seconds);
  if (is_unit (unit, "month"))
    return take (g_date_time_add_months (today, -number), seconds);
  if (is_unit (unit, "year"))
    return take (g_date_time_add_years (today, -number), seconds);

  return FALSE;
}

gboolean
pinion_search_parse_date (const char *text,
                          gint64      now,
                          gint64     *seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (now);
  g_autoptr (GDateTime) today = time != NULL ? midnight (time) : NULL;

  return parse_calendar (text, seconds)
         || (today != NULL
             && (parse_day (text, today, seconds) || parse_ago (text, today, seconds)));
}
