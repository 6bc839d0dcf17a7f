/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-fetch.h"

#include <string.h>

#define MAX_ITEMS 1000

static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* -- Dates ----------------------------------------------------------------------------------- */

/* Days from 1970-01-01 in the Gregorian calendar; @month from 1. */
static gint64
days_of (gint64 year,
         gint64 month,
         gint64 day)
{
  gint64 years = month > 2 ? year : year - 1;
  gint64 era = years / 400;
  gint64 year_of_era = years - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
         - 719468;
}

static gint64
parse_month (const char *name)
{
  for (gint64 i = 0; i < 12; i++)
    if (g_ascii_strncasecmp (MONTHS + 3 * i, name, 3) == 0)
      return i + 1;

  return 0;
}

/* One to @most digits, after any blanks.  Returns: -1 where there are none */
static gint64
take_digits (const char **at,
             const char  *end,
             guint        most)
{
  gint64 value = -1;

  while (*at < end && **at == ' ')
    (*at)++;
  for (; most > 0 && *at < end && g_ascii_isdigit (**at); (*at)++, most--)
    value = MAX (value, 0) * 10 + (**at - '0');

  return value;
}

/* Steps over @c.  Returns: whether it was there */
static gboolean
take_byte (const char **at,
           const char  *end,
           char         c)
{
  if (*at == end || **at != c)
    return FALSE;

  (*at)++;

  return TRUE;
}

/* "+0200" in seconds; %G_MININT64 where it is none. */
static gint64
take_zone (const char **at,
           const char  *end)
{
  gboolean west;
  gint64 zone;

  while (*at < end && **at == ' ')
    (*at)++;
  west = take_byte (at, end, '-');
  if (!west && !take_byte (at, end, '+'))
    return G_MININT64;

  zone = take_digits (at, end, 4);
  if (zone < 0)
    return G_MININT64;
  zone = (zone / 100 * 60 + zone % 100) * 60;

  return west ? -zone : zone;
}

gint64
pinion_imap_date_parse (const char *text,
                        gsize       length)
{
  const char *at = text;
  const char *end = text + length;
  gint64 day, month, year, hour, minute, second, zone;

  day = take_digits (&at, end, 2);
  if (!take_byte (&at, end, '-') || end - at < 3)
    return G_MININT64;
  month = parse_month (at);
  at += 3;
  if (!take_byte (&at, end, '-'))
    return G_MININT64;
  year = take_digits (&at, end, 4);
  hour = take_digits (&at, end, 2);
  minute = take_byte (&at, end, ':') ? take_digits (&at, end, 2) : -1;
  second = take_byte (&at, end, ':') ? take_digits (&at, end, 2) : -1;
  zone = take_zone (&at, end);

  if (at != end || month == 0 || day < 1 || day > 31 || year < 1 || hour < 0 || hour > 23 ||
      minute < 0 || minute > 59 || second < 0 || second > 60 || zone == G_MININT64)
    return G_MININT64;

  return days_of (year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
}

char *
pinion_imap_date_format (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
  char month[4] = "Jan";

  if (date == NULL)
    date = g_date_time_new_from_unix_utc (0);
  memcpy (month, MONTHS + 3 * (g_date_time_get_month (date) - 1), 3);

  return g_strdup_printf ("%02d-%s-%04d %02d:%02d:%02d +0000", g_date_time_get_day_of_month (date),
                          month, g_date_time_get_year (date), g_date_time_get_hour (date),
                          g_date_time_get_minute (date), g_date_time_get_second (date));
}

/* -- Items ----------------------------------------------------------------------------------- */

/* "[...]" behind BODY or BINARY, and a partial's "<0>": which part it is. */
static PinionImapItemKind
take_section (PinionImapCursor *cursor)
{
  PinionImapItemKind kind = PINION_IMAP_ITEM_OTHER;
  const char *close;

  pinion_imap_cursor_expect (cursor, '[');
  if (pinion_imap_cursor_accept (cursor, ']'))
    {
      kind = PINION_IMAP_ITEM_BODY;
    }
  else
    {
      if (pinion_imap_cursor_accept_word (cursor, "HEADER") ||
          pinion_imap_cursor_accept_word (cursor, "HEADER.FIELDS"))
        kind = PINION_IMAP_ITEM_HEADER;
      close = memchr (cursor->at, ']', (gsize) (cursor->end - cursor->at));
      if (close == NULL)
        {
          pinion_imap_cursor_fail (cursor, "the end of a section");
          return PINION_IMAP_ITEM_OTHER;
        }
      cursor->at += close + 1 - cursor->at;
    }

  if (pinion_imap_cursor_accept (cursor, '<'))
    {
      pinion_imap_cursor_number (cursor, G_MAXUINT32);
      pinion_imap_cursor_expect (cursor, '>');
    }

  return kind;
}

static PinionImapItemKind
take_item_name (PinionImapCursor *cursor)
{
  static const struct
  {
    const char *name;
    PinionImapItemKind kind;
  } names[] = {
    { "UID", PINION_IMAP_ITEM_UID },
    { "FLAGS", PINION_IMAP_ITEM_FLAGS },
    { "RFC822.SIZE", PINION_IMAP_ITEM_SIZE },
    { "INTERNALDATE", PINION_IMAP_ITEM_DATE },
    { "MODSEQ", PINION_IMAP_ITEM_MODSEQ },
    { "BODYSTRUCTURE", PINION_IMAP_ITEM_STRUCTURE },
    { "RFC822", PINION_IMAP_ITEM_BODY },
    { "RFC822.HEADER", PINION_IMAP_ITEM_HEADER },
    { "EMAILID", PINION_IMAP_ITEM_EMAIL_ID },
    { "THREADID", PINION_IMAP_ITEM_THREAD_ID },
  };
  PinionImapSlice name;

  if (!pinion_imap_cursor_atom (cursor, &name))
    return PINION_IMAP_ITEM_OTHER;

  if (pinion_imap_cursor_peek (cursor) == '[')
    return take_section (cursor);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (pinion_imap_slice_is (&name, names[i].name))
      return names[i].kind;

  return PINION_IMAP_ITEM_OTHER;
}

static void
take_modseq (PinionImapCursor *cursor,
             PinionImapItem   *item)
{
  pinion_imap_cursor_expect (cursor, '(');
  item->number = pinion_imap_cursor_number (cursor, G_MAXINT64);
  pinion_imap_cursor_expect (cursor, ')');
}

static void
take_date (PinionImapCursor *cursor,
           PinionImapItem   *item)
{
  item->date = G_MININT64;
  if (pinion_imap_cursor_nstring (cursor, &item->data) && item->data.data != NULL)
    item->date = pinion_imap_date_parse (item->data.data, item->data.length);
}

/* Exchange and others say -1 or NIL where they do not know. */
static void
take_size (PinionImapCursor *cursor,
           PinionImapItem   *item)
{
  if (g_ascii_isdigit (pinion_imap_cursor_peek (cursor)))
    item->number = pinion_imap_cursor_number (cursor, G_MAXINT64);
  else
    pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_DEPTH);
}

static void
take_item_value (PinionImapCursor *cursor,
                 PinionImapItem   *item)
{
  switch (item->kind)
    {
    case PINION_IMAP_ITEM_UID:
      item->number = pinion_imap_cursor_number (cursor, G_MAXUINT32);
      break;

    case PINION_IMAP_ITEM_SIZE:
      take_size (cursor, item);
      break;

    case PINION_IMAP_ITEM_FLAGS:
      item->flags = pinion_imap_response_take_flags (cursor);
      break;

    case PINION_IMAP_ITEM_MODSEQ:
      take_modseq (cursor, item);
      break;

    case PINION_IMAP_ITEM_DATE:
      take_date (cursor, item);
      break;

    case PINION_IMAP_ITEM_HEADER:
    case PINION_IMAP_ITEM_BODY:
      pinion_imap_cursor_nstring (cursor, &item->data);
      break;

    case PINION_IMAP_ITEM_EMAIL_ID:
    case PINION_IMAP_ITEM_THREAD_ID:
      pinion_imap_response_take_id (cursor, &item->data);
      break;

    case PINION_IMAP_ITEM_STRUCTURE:
      item->attachment = pinion_imap_bodystructure_read (cursor);
      break;

    case PINION_IMAP_ITEM_OTHER:
    default:
      pinion_imap_cursor_skip_value (cursor, PINION_IMAP_MAX_BODY_DEPTH);
      break;
    }
}

void
pinion_imap_fetch_begin (PinionImapResponse *response)
{
  pinion_imap_cursor_expect (&response->cursor, '(');
}

gboolean
pinion_imap_fetch_next (PinionImapResponse *response,
                        PinionImapItem     *item)
{
  PinionImapCursor *cursor = &response->cursor;

  *item = (PinionImapItem){ 0 };
  pinion_imap_cursor_skip_blanks (cursor);
  if (pinion_imap_cursor_failed (cursor) || pinion_imap_cursor_accept (cursor, ')'))
    return FALSE;

  item->kind = take_item_name (cursor);
  pinion_imap_cursor_skip_blanks (cursor);
  if (!pinion_imap_cursor_failed (cursor))
    take_item_value (cursor, item);

  return !pinion_imap_cursor_failed (cursor);
}

static void
add_item (PinionImapFetched    *fetched,
          const PinionImapItem *item)
{
  switch (item->kind)
    {
    case PINION_IMAP_ITEM_UID:
      fetched->uid = (guint32) item->number;
      break;

    case PINION_IMAP_ITEM_FLAGS:
      fetched->has_flags = TRUE;
      fetched->flags = item->flags;
      break;

    case PINION_IMAP_ITEM_SIZE:
      fetched->size = item->number;
      break;

    case PINION_IMAP_ITEM_MODSEQ:
      fetched->modseq = item->number;
      break;

    case PINION_IMAP_ITEM_DATE:
      fetched->has_date = TRUE;
      fetched->date = item->date;
      break;

    case PINION_IMAP_ITEM_HEADER:
      fetched->has_header = item->data.data != NULL;
      fetched->header = item->data;
      break;

    case PINION_IMAP_ITEM_BODY:
      fetched->has_body = item->data.data != NULL;
      fetched->body = item->data;
      break;

    case PINION_IMAP_ITEM_STRUCTURE:
      fetched->attachment = item->attachment;
      break;

    case PINION_IMAP_ITEM_EMAIL_ID:
      fetched->email_id = item->data;
      break;

    case PINION_IMAP_ITEM_THREAD_ID:
      fetched->thread_id = item->data;
      break;

    case PINION_IMAP_ITEM_OTHER:
    default:
      break;
    }
}

gboolean
pinion_imap_fetch_read (PinionImapResponse *response,
                        PinionImapFetched  *fetched,
                        GError            **error)
{
  PinionImapItem item;

  *fetched = (PinionImapFetched){ .sequence = response->number, .date = G_MININT64 };

  pinion_imap_fetch_begin (response);
  for (guint i = 0; pinion_imap_fetch_next (response, &item); i++)
    {
      if (i == MAX_ITEMS)
        {
          response->cursor.too_deep = TRUE;
          pinion_imap_cursor_fail (&response->cursor, "an end of its items");
          break;
        }
      add_item (fetched, &item);
    }

  if (!pinion_imap_cursor_failed (&response->cursor))
    return TRUE;

  g_propagate_error (error, pinion_imap_cursor_to_error (&response->cursor));

  return FALSE;
}

/* -- While it arrives ------------------------------------------------------------------------ */

static gboolean
has_suffix (const char *line,
            gsize       length,
            const char *suffix)
{
  gsize n = strlen (suffix);

  return length >= n && g_ascii_strncasecmp (line + length - n, suffix, n) == 0;
}

PinionImapItemKind
pinion_imap_fetch_classify_literal (const char *line,
                                    gsize       length)
{
  const char *open;

  while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '~'))
    length--;

  /* A partial's origin: BODY[]<0> */
  if (length > 0 && line[length - 1] == '>')
    {
      open = memrchr (line, '<', length);
      if (open != NULL)
        length = (gsize) (open - line);
    }

  if (has_suffix (line, length, "BODY[]") || has_suffix (line, length, "BINARY[]") ||
      has_suffix (line, length, " RFC822") || has_suffix (line, length, "(RFC822"))
    return PINION_IMAP_ITEM_BODY;
  if (has_suffix (line, length, "RFC822.HEADER"))
    return PINION_IMAP_ITEM_HEADER;

  open = length > 0 && line[length - 1] == ']' ? memrchr (line, '[', length) : NULL;
  if (open != NULL && has_suffix (line, (gsize) (open - line), "BODY") &&
      g_ascii_strncasecmp (open + 1, "HEADER", MIN (6, length - (gsize) (open + 1 - line))) == 0)
    return PINION_IMAP_ITEM_HEADER;

  return PINION_IMAP_ITEM_OTHER;
}
