/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-when.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#define MORNING 8
#define EVENING 18
#define MOST_YEARS 10
#define MOST_BYTES 200

typedef enum
{
  WORD_SKIP,
  WORD_ONE,
  WORD_UNIT, /* of the next three: minutes, days or months times @value */
  WORD_DAYS,
  WORD_MONTHS,
  WORD_WEEKDAY,
  WORD_MONTH,
  WORD_TODAY, /* @value: days from today */
  WORD_WEEKEND,
  WORD_NEXT,
  WORD_HOUR, /* a part of the day, from the hour @value */
  WORD_HALF, /* @value: 0 am, 12 pm */
} WordKind;

typedef struct
{
  char *text;
  WordKind kind;
  int value;
} Word;

/* What was read so far. @n_days: how often a day was named, @n_times: a time of day. */
typedef struct
{
  GArray *words;
  GDateTime *now;
  const char *place;

  guint n_days;
  int year, month, day;
  int weekday;
  int days, months;
  gboolean next;

  guint n_lengths;
  gint64 minutes;

  guint n_times;
  int hour, minute, second;
  int part; /* the hour that a part of the day begins with, -1: none */
} Reading;

/* -- Words ---------------------------------------------------------------------------------- */

/* Without case and accents' forms, every digit as ASCII has it. */
static char *
fold (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC);
  GString *plain = g_string_new (NULL);

  for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c))
        g_string_append_c (plain, (char) ('0' + g_unichar_digit_value (c)));
      else
        g_string_append_unichar (plain, c);
    }

  return g_string_free (plain, FALSE);
}

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->text);
}

static void
add_word (GArray     *words,
          const char *text,
          WordKind    kind,
          int         value)
{
  Word word = { fold (text), kind, value };
  gsize length = strlen (word.text);

  /* Some locales end what they shorten with a dot. */
  if (length > 1 && word.text[length - 1] == '.')
    word.text[length - 1] = '\0';

  if (*word.text != '\0')
    g_array_append_val (words, word);
  else
    g_free (word.text);
}

/* @list: words with "|" between. */
static void
add_words (GArray     *words,
           const char *list,
           WordKind    kind,
           int         value)
{
  g_auto (GStrv) parts = g_strsplit (list, "|", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    add_word (words, g_strstrip (parts[i]), kind, value);
}

static void
add_translated (GArray     *words,
                const char *list,
                WordKind    kind,
                int         value)
{
  add_words (words, list, kind, value);
  add_words (words, g_dpgettext2 (GETTEXT_PACKAGE, "words for a moment", list), kind, value);
}

static void
add_date_names (GArray *words)
{
  static const char *const days[] = { "monday|mon", "tuesday|tue|tues", "wednesday|wed",
                                      "thursday|thu|thur|thurs", "friday|fri", "saturday|sat",
                                      "sunday|sun" };
  static const char *const months[] = { "january|jan", "february|feb", "march|mar", "april|apr",
                                        "may", "june|jun", "july|jul", "august|aug",
                                        "september|sep|sept", "october|oct", "november|nov",
                                        "december|dec" };
  static const char *const month_formats[] = { "%B", "%OB", "%b", "%Ob" };

  for (int i = 0; i < 7; i++)
    {
      /* 1 January 2024 was a Monday. */
      g_autoptr (GDateTime) date = g_date_time_new_utc (2024, 1, 1 + i, 0, 0, 0);
      g_autofree char *name = g_date_time_format (date, "%A");
      g_autofree char *abbreviation = g_date_time_format (date, "%a");

      add_words (words, days[i], WORD_WEEKDAY, i + 1);
      add_word (words, name, WORD_WEEKDAY, i + 1);
      add_word (words, abbreviation, WORD_WEEKDAY, i + 1);
    }

  for (int i = 0; i < 12; i++)
    {
      g_autoptr (GDateTime) date = g_date_time_new_utc (2024, i + 1, 1, 0, 0, 0);

      add_words (words, months[i], WORD_MONTH, i + 1);
      for (guint k = 0; k < G_N_ELEMENTS (month_formats); k++)
        {
          g_autofree char *name = g_date_time_format (date, month_formats[k]);

          if (name != NULL)
            add_word (words, name, WORD_MONTH, i + 1);
        }
    }
}

/* Translators: the lists below are what a person may type for a moment to come, as in "in 3 days"
 * or "tomorrow evening"; any number of words with "|" between them, the ones that are usual in
 * your language. */
static GArray *
make_words (void)
{
  static const struct
  {
    const char *list;
    WordKind kind;
    int value;
  } lists[] = {
    /* Translators: words that say nothing by themselves */
    { NC_ ("words for a moment", "in|at|on|after|from now|the|of|this|o'clock"), WORD_SKIP, 0 },
    { NC_ ("words for a moment", "a|an|one"), WORD_ONE, 1 },
    { NC_ ("words for a moment", "minute|minutes|min|mins|m"), WORD_UNIT, 1 },
    { NC_ ("words for a moment", "hour|hours|h|hr|hrs"), WORD_UNIT, 60 },
    { NC_ ("words for a moment", "day|days|d"), WORD_DAYS, 1 },
    { NC_ ("words for a moment", "week|weeks|w"), WORD_DAYS, 7 },
    { NC_ ("words for a moment", "month|months"), WORD_MONTHS, 1 },
    { NC_ ("words for a moment", "year|years|y"), WORD_MONTHS, 12 },
    { NC_ ("words for a moment", "today"), WORD_TODAY, 0 },
    { NC_ ("words for a moment", "tomorrow|tmr"), WORD_TODAY, 1 },
    { NC_ ("words for a moment", "day after tomorrow"), WORD_TODAY, 2 },
    { NC_ ("words for a moment", "weekend"), WORD_WEEKEND, 0 },
    { NC_ ("words for a moment", "next"), WORD_NEXT, 0 },
    { NC_ ("words for a moment", "morning"), WORD_HOUR, 8 },
    { NC_ ("words for a moment", "noon|midday"), WORD_HOUR, 12 },
    { NC_ ("words for a moment", "afternoon"), WORD_HOUR, 14 },
    { NC_ ("words for a moment", "evening|tonight"), WORD_HOUR, 18 },
    { NC_ ("words for a moment", "night"), WORD_HOUR, 21 },
    { NC_ ("words for a moment", "am|a.m."), WORD_HALF, 0 },
    { NC_ ("words for a moment", "pm|p.m."), WORD_HALF, 12 },
  };
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));

  g_array_set_clear_func (words, word_clear);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    add_translated (words, lists[i].list, lists[i].kind, lists[i].value);
  add_date_names (words);

  return words;
}

/* The longest word that stands here and is not the beginning of another one. */
static const Word *
peek_word (const Reading *self)
{
  const Word *best = NULL;

  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      gsize length = strlen (word->text);

      if (!g_str_has_prefix (self->place, word->text)
          || (best != NULL && length <= strlen (best->text))
          || (g_unichar_isalpha (g_utf8_get_char (self->place + length))
              && g_unichar_get_script (g_utf8_get_char (self->place)) != G_UNICODE_SCRIPT_HAN))
        continue;
      best = word;
    }

  return best;
}

static void
skip_space (Reading *self)
{
  while (*self->place != '\0'
         && (g_unichar_isspace (g_utf8_get_char (self->place)) || *self->place == ','))
    self->place = g_utf8_next_char (self->place);
}

/* -- Numbers -------------------------------------------------------------------------------- */

/* At most four digits. */
static gboolean
read_number (const char **text,
             int         *number)
{
  guint n = 0;

  for (*number = 0; n < 4 && g_ascii_isdigit (**text); n++, (*text)++)
    *number = *number * 10 + (**text - '0');

  return n > 0 && !g_ascii_isdigit (**text);
}

static gboolean
set_time (Reading *self,
          int      hour,
          int      minute,
          int      second)
{
  if (hour > 23 || minute > 59 || second > 59)
    return FALSE;

  self->n_times++;
  self->hour = hour;
  self->minute = minute;
  self->second = second;
  return TRUE;
}

/* @year: 0 where it was not named. */
static gboolean
set_date (Reading *self,
          int      year,
          int      month,
          int      day)
{
  if (month < 1 || month > 12 || day < 1 || day > 31)
    return FALSE;

  self->n_days++;
  self->year = year > 0 && year < 100 ? year + 2000 : year;
  self->month = month;
  self->day = day;
  return TRUE;
}

/* 2026-12-24, also with T and a time. */
static gboolean
read_iso (Reading *self,
          int      year)
{
  const char *p = self->place + 1;
  int month, day;

  if (!read_number (&p, &month) || *p++ != '-' || !read_number (&p, &day))
    return FALSE;
  if (*p == 't' && g_ascii_isdigit (p[1]))
    p++;

  self->place = p;
  return set_date (self, year, month, day);
}

/* Whether dates with slashes begin with the month here. */
static gboolean
month_comes_first (void)
{
  const char *format = nl_langinfo (D_FMT);
  const char *month = strpbrk (format, "mD");
  const char *day = strpbrk (format, "de");

  return month != NULL && (day == NULL || month < day);
}

/* 24.12., 24.12.2026, 24/12, 12/24/26. */
static gboolean
read_short_date (Reading *self,
                 int      first)
{
  char separator = *self->place;
  const char *p = self->place + 1;
  int second, year = 0;

  if (!read_number (&p, &second))
    return FALSE;
  if (*p == separator)
    {
      p++;
      if (g_ascii_isdigit (*p) && !read_number (&p, &year))
        return FALSE;
    }

  self->place = p;
  return separator == '/' && month_comes_first () ? set_date (self, year, first, second)
                                                  : set_date (self, year, second, first);
}

/* Whether this is "9.30" rather than "24.12." */
static gboolean
is_dotted_time (const char *place,
                int         hour)
{
  return hour < 24 && g_ascii_isdigit (place[1]) && g_ascii_isdigit (place[2]) && place[1] < '6'
         && !g_ascii_isdigit (place[3]) && place[3] != '.';
}

/* 9:30, 9:30:05, 9.30, 9h30. */
static gboolean
read_clock (Reading *self,
            int      hour)
{
  const char *p = self->place + 1;
  int minute, second = 0;

  if (!read_number (&p, &minute))
    return FALSE;
  if (*p == ':' && *self->place == ':')
    {
      p++;
      if (!read_number (&p, &second))
        return FALSE;
    }

  self->place = p;
  return set_time (self, hour, minute, second);
}

/* "st" and the like of English ordinals. */
static void
skip_ordinal (Reading *self)
{
  static const char *const endings[] = { "st", "nd", "rd", "th" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      if (g_str_has_prefix (self->place, endings[i]) && !g_ascii_isalpha (self->place[2]))
        {
          self->place += 2;
          return;
        }
    }
}

static gboolean
add_length (Reading    *self,
            const Word *word,
            int         number)
{
  if (word->kind == WORD_UNIT)
    {
      self->n_lengths++;
      self->minutes += (gint64) number * word->value;
      return TRUE;
    }

  self->n_days++;
  self->days = word->kind == WORD_DAYS ? number * word->value : 0;
  self->months = word->kind == WORD_MONTHS ? number * word->value : 0;
  return TRUE;
}

/* A number by itself, or with the word that follows. */
static gboolean
read_counted (Reading *self,
              int      number)
{
  skip_ordinal (self);

  const char *before = self->place;
  skip_space (self);
  if (*self->place == '.')
    self->place++;
  skip_space (self);
  const Word *word = peek_word (self);

  /* "24th of december" */
  if (word != NULL && word->kind == WORD_SKIP)
    {
      self->place += strlen (word->text);
      skip_space (self);
      word = peek_word (self);
      word = word != NULL && word->kind == WORD_MONTH ? word : NULL;
    }
  WordKind kind = word != NULL ? word->kind : WORD_SKIP;

  if (kind == WORD_UNIT || kind == WORD_DAYS || kind == WORD_MONTHS)
    {
      self->place += strlen (word->text);
      return add_length (self, word, number);
    }
  if (kind == WORD_MONTH && self->month == 0)
    {
      self->place += strlen (word->text);
      return set_date (self, 0, word->value, number);
    }

  self->place = before;
  /* "dec 24": the month waits for its day, and the date for its year. */
  if (self->month > 0 && self->day == 0)
    {
      self->n_days--;
      return set_date (self, self->year, self->month, number);
    }
  if (self->month > 0 && self->year == 0 && number >= 1970)
    {
      self->year = number;
      return TRUE;
    }

  return set_time (self, number, 0, 0);
}

static gboolean
read_figure (Reading *self)
{
  int number;

  if (!read_number (&self->place, &number))
    return FALSE;

  char next = *self->place;
  gboolean follows = next != '\0' && g_ascii_isdigit (self->place[1]);

  if (next == '-' && follows && number >= 1970)
    return read_iso (self, number);
  if ((next == ':' || next == 'h') && follows)
    return read_clock (self, number);
  if (next == '.' && follows && is_dotted_time (self->place, number))
    return read_clock (self, number);
  if ((next == '.' || next == '/') && follows)
    return read_short_date (self, number);

  return read_counted (self, number);
}

/* -- Reading -------------------------------------------------------------------------------- */

/* "pm" belongs to the time before it. */
static gboolean
set_half (Reading *self,
          int      half)
{
  if (self->n_times != 1 || self->hour < 1 || self->hour > 12)
    return FALSE;

  self->hour = self->hour % 12 + half;
  return TRUE;
}

static gboolean
read_word (Reading *self)
{
  const Word *word = peek_word (self);

  if (word == NULL)
    return FALSE;

  self->place += strlen (word->text);
  if (*self->place == '.')
    self->place++;

  switch (word->kind)
    {
    case WORD_ONE:
      return read_counted (self, word->value);
    case WORD_UNIT:
      return FALSE;
    case WORD_DAYS:
    case WORD_MONTHS:
      return self->next && add_length (self, word, 1);
    case WORD_WEEKDAY:
      self->n_days++;
      self->weekday = word->value;
      return TRUE;
    case WORD_MONTH:
      self->n_days++;
      self->month = word->value;
      return TRUE;
    case WORD_TODAY:
      self->n_days++;
      self->days = word->value;
      return TRUE;
    case WORD_WEEKEND:
      self->n_days++;
      self->weekday = G_DATE_SATURDAY;
      return TRUE;
    case WORD_NEXT:
      self->next = TRUE;
      return TRUE;
    case WORD_HOUR:
      self->part = word->value;
      return TRUE;
    case WORD_HALF:
      return set_half (self, word->value);
    case WORD_SKIP:
    default:
      return TRUE;
    }
}

static gboolean
read_all (Reading *self)
{
  for (skip_space (self); *self->place != '\0'; skip_space (self))
    {
      gboolean done = g_ascii_isdigit (*self->place) ? read_figure (self) : read_word (self);

      if (!done)
        return FALSE;
    }

  return self->n_days <= 1 && self->n_times <= 1
         && self->n_days + self->n_times + self->n_lengths + (self->part >= 0) > 0
         && (self->month == 0 || self->day > 0);
}

/* -- The moment ----------------------------------------------------------------------------- */

static GDateTime *
at (GDateTime *day,
    int        hour,
    int        minute,
    int        second)
{
  return g_date_time_new (g_date_time_get_timezone (day), g_date_time_get_year (day),
                          g_date_time_get_month (day), g_date_time_get_day_of_month (day), hour,
                          minute, second);
}

/* The next day of this name after today. */
static GDateTime *
next_weekday (GDateTime *now,
              int        weekday)
{
  return g_date_time_add_days (now, (weekday - g_date_time_get_day_of_week (now) + 6) % 7 + 1);
}

static GDateTime *
named_date (Reading *self,
            int      year)
{
  return g_date_time_new (g_date_time_get_timezone (self->now), year, self->month, self->day,
                          self->hour, self->minute, self->second);
}

/* Without a year it is the next one. */
static GDateTime *
make_date (Reading *self)
{
  int this_year = g_date_time_get_year (self->now);
  g_autoptr (GDateTime) date = named_date (self, self->year > 0 ? self->year : this_year);

  if (self->year == 0 && (date == NULL || g_date_time_compare (date, self->now) <= 0))
    {
      g_clear_pointer (&date, g_date_time_unref);
      date = named_date (self, this_year + 1);
    }

  return g_steal_pointer (&date);
}

static GDateTime *
make_day (Reading *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) sooner = NULL;

  if (self->weekday > 0)
    {
      /* Today, where that is still to come. */
      sooner = at (self->now, self->hour, self->minute, self->second);
      if (self->weekday == g_date_time_get_day_of_week (self->now) && self->n_times > 0
          && sooner != NULL && g_date_time_compare (sooner, self->now) > 0)
        return g_steal_pointer (&sooner);
      day = next_weekday (self->now, self->weekday);
    }
  else if (self->next && self->days == 7)
    day = next_weekday (self->now, G_DATE_MONDAY);
  else if (self->months > 0)
    day = g_date_time_add_months (self->now, self->months);
  else
    day = g_date_time_add_days (self->now, self->days);

  return day != NULL ? at (day, self->hour, self->minute, self->second) : NULL;
}

/* A time alone: today or tomorrow. */
static GDateTime *
make_time (Reading *self)
{
  g_autoptr (GDateTime) today = at (self->now, self->hour, self->minute, self->second);
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (self->now, 1);

  if (today != NULL && g_date_time_compare (today, self->now) > 0)
    return g_steal_pointer (&today);

  return tomorrow != NULL ? at (tomorrow, self->hour, self->minute, self->second) : NULL;
}

static void
settle_time (Reading *self)
{
  if (self->n_times == 0)
    self->hour = self->part >= 0 ? self->part : MORNING;
  /* "tomorrow evening at 8" */
  else if (self->part >= 12 && self->hour < 12)
    self->hour += 12;
}

static GDateTime *
make_moment (Reading *self)
{
  if (self->n_lengths > 0)
    {
      g_autoptr (GDateTime) day = NULL;

      if (self->n_times > 0 || self->part >= 0 || self->weekday > 0 || self->month > 0)
        return NULL;
      day = g_date_time_add_days (self->now, self->days);
      return day != NULL ? g_date_time_add_minutes (day, (int) MIN (self->minutes, G_MAXINT / 60))
                         : NULL;
    }

  settle_time (self);
  if (self->month > 0)
    return make_date (self);

  return self->n_days > 0 ? make_day (self) : make_time (self);
}

static gboolean
is_sensible (GDateTime *moment,
             GDateTime *now)
{
  g_autoptr (GDateTime) latest = g_date_time_add_years (now, MOST_YEARS);

  return moment != NULL && latest != NULL && g_date_time_compare (moment, now) > 0
         && g_date_time_compare (moment, latest) <= 0;
}

gboolean
pinion_when_parse (const char *text,
                   GDateTime  *now,
                   gint64     *seconds)
{
  g_autofree char *folded = NULL;
  g_autoptr (GArray) words = NULL;
  g_autoptr (GDateTime) moment = NULL;

  if (text == NULL || strlen (text) > MOST_BYTES || !g_utf8_validate (text, -1, NULL))
    return FALSE;

  folded = fold (text);
  words = make_words ();
  Reading reading = { .words = words, .now = now, .place = folded, .part = -1 };

  if (!read_all (&reading))
    return FALSE;

  moment = make_moment (&reading);
  if (!is_sensible (moment, now))
    return FALSE;

  *seconds = g_date_time_to_unix (moment);
  return TRUE;
}

/* -- Without typing ------------------------------------------------------------------------- */

static GDateTime *
choose (PinionWhen when,
        GDateTime *now)
{
  g_autoptr (GDateTime) day = NULL;
  int hour = g_date_time_get_hour (now);

  switch (when)
    {
    case PINION_WHEN_LATER_TODAY:
      hour += g_date_time_get_minute (now) > 0 ? 4 : 3;
      return hour < 24 ? at (now, hour, 0, 0) : NULL;

    case PINION_WHEN_TONIGHT:
      return hour < EVENING - 1 ? at (now, EVENING, 0, 0) : NULL;

    case PINION_WHEN_WEEKEND:
      day = next_weekday (now, G_DATE_SATURDAY);
      break;

    case PINION_WHEN_NEXT_WEEK:
      day = next_weekday (now, G_DATE_MONDAY);
      break;

    case PINION_WHEN_TOMORROW:
    case PINION_N_WHENS:
    default:
      day = g_date_time_add_days (now, 1);
      break;
    }

  return day != NULL ? at (day, MORNING, 0, 0) : NULL;
}

/* Of the days: that one is offered by its nearest name. */
static gboolean
is_tomorrow (GDateTime *moment,
             GDateTime *now)
{
  g_autoptr (GDateTime) tomorrow = choose (PINION_WHEN_TOMORROW, now);

  return tomorrow != NULL && g_date_time_equal (moment, tomorrow);
}

gboolean
pinion_when_choose (PinionWhen when,
                    GDateTime *now,
                    gint64    *seconds)
{
  g_autoptr (GDateTime) moment = choose (when, now);

  if (moment == NULL || g_date_time_compare (moment, now) <= 0)
    return FALSE;
  if (when > PINION_WHEN_TOMORROW && is_tomorrow (moment, now))
    return FALSE;

  *seconds = g_date_time_to_unix (moment);
  return TRUE;
}
