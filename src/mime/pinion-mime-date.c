/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-private.h"

#include <string.h>

/* What is left of a date. */
typedef struct
{
  const char *at;
} Reader;

static gboolean
take (Reader *reader,
      char    c)
{
  if (*reader->at != c)
    return FALSE;
  reader->at++;

  return TRUE;
}

/* Of @least to @most digits.  Returns: -1 for none. */
static int
take_number (Reader *reader,
             guint   least,
             guint   most)
{
  int number = 0;
  guint n = 0;

  for (; n < most && g_ascii_isdigit (*reader->at); n++)
    number = number * 10 + (*reader->at++ - '0');

  return n >= least && !g_ascii_isdigit (*reader->at) ? number : -1;
}

/* One of the names of three letters in @names.  Returns: its place from 0 on, -1 for none. */
static int
take_name (Reader     *reader,
           const char *names)
{
  for (int i = 0; names[3 * i] != '\0'; i++)
    {
      if (strncmp (reader->at, names + (gsize) i * 3, 3) == 0)
        {
          reader->at += 3;
          return i;
        }
    }

  return -1;
}

/* "10:05:59", in seconds. */
static int
take_time (Reader *reader)
{
  int hour = take_number (reader, 2, 2);
  int minute = hour >= 0 && take (reader, ':') ? take_number (reader, 2, 2) : -1;
  int second = minute >= 0 && take (reader, ':') ? take_number (reader, 2, 2) : -1;

  return hour <= 23 && minute <= 59 && second >= 0 && second <= 59
             ? (hour * 60 + minute) * 60 + second
             : -1;
}

/* "+0130", in seconds to the east. */
static gboolean
take_zone (Reader *reader,
           int    *seconds)
{
  int sign = *reader->at == '-' ? -1 : 1;

  if (!take (reader, '+') && !take (reader, '-'))
    return FALSE;

  int number = take_number (reader, 4, 4);
  *seconds = sign * (number / 100 * 60 + number % 100) * 60;

  return number >= 0 && number / 100 <= 14 && number % 100 <= 59;
}

/* Whether all that follows is a comment, as "(CET)". */
static gboolean
is_over (Reader *reader)
{
  reader->at += strspn (reader->at, " ");
  if (*reader->at == '(')
    {
      gsize length = strcspn (reader->at + 1, "()\\");
      if (reader->at[1 + length] != ')')
        return FALSE;
      reader->at += length + 2;
    }

  return *reader->at == '\0';
}

/* The date as nearly all write it, "Mon, 2 Mar 2026 09:05:59 +0100 (CET)". */
static gboolean
read_plain (const char *value,
            gint64     *unix_time)
{
  Reader reader = { value };
  int zone = 0;

  if (take_name (&reader, "MonTueWedThuFriSatSun") >= 0 && (!take (&reader, ',') || !take (&reader, ' ')))
    return FALSE;

  int day = take_number (&reader, 1, 2);
  int month = take (&reader, ' ') ? take_name (&reader, "JanFebMarAprMayJunJulAugSepOctNovDec") : -1;
  int year = month >= 0 && take (&reader, ' ') ? take_number (&reader, 4, 4) : -1;
  int time = year >= 0 && take (&reader, ' ') ? take_time (&reader) : -1;

  if (time < 0 || year < 1970 || !take (&reader, ' ') || !take_zone (&reader, &zone)
      || !is_over (&reader)
      || !g_date_valid_dmy ((GDateDay) MAX (day, 0), (GDateMonth) (month + 1), (GDateYear) year))
    return FALSE;

  /* Days since 1970: the year begins in March, so that the leap day ends it */
  gint64 years = month < 2 ? year - 1 : year;
  gint64 months = (month + 10) % 12;
  gint64 days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1
                - 719468;
  *unix_time = days * 86400 + time - zone;

  return TRUE;
}

gboolean
pinion_mime_read_date (const char *value,
                       gint64     *unix_time)
{
  if (read_plain (value, unix_time))
    return TRUE;

  g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (value);
  if (date != NULL)
    *unix_time = g_date_time_to_unix (date);

  return date != NULL;
}
