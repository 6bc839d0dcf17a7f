/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-bounds.h"

#include <string.h>

/* Without the blanks at its ends, and whether it is one line then, as nearly all are. */
static gboolean
trim_plain (const char **text,
            gsize       *length)
{
  const char *start = *text;
  const char *end = start + *length;

  while (start < end && g_ascii_isspace (*start))
    start++;
  while (end > start && g_ascii_isspace (end[-1]))
    end--;
  *text = start;
  *length = (gsize) (end - start);

  return memchr (start, '\n', *length) == NULL && memchr (start, '\r', *length) == NULL
         && memchr (start, '\0', *length) == NULL;
}

void
pinion_mime_unfold_into (const char *text,
                         gsize       length,
                         char       *line)
{
  gsize used = 0;

  if (trim_plain (&text, &length))
    {
      memcpy (line, text, length);
      line[length] = '\0';
      return;
    }

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if ((guchar) c > '\r')
        {
          line[used++] = c;
          continue;
        }
      if (c == '\r' && i + 1 < length && text[i + 1] == '\n')
        continue;
      if (c == '\n' && i + 1 < length && (text[i + 1] == ' ' || text[i + 1] == '\t'))
        continue;
      line[used++] = c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
    }
  line[used] = '\0';
  g_strstrip (line);
}

char *
pinion_mime_unfold (const char *text,
                    gsize       length,
                    gsize       max)
{
  gsize n = MIN (length, max);
  char *line = g_malloc (n + 1);

  pinion_mime_unfold_into (text, n, line);

  return line;
}

/* Where the parameter at @p ends: the next ";" outside of a quoted string, or the end. */
static char *
find_parameter_end (char *p)
{
  gboolean quoted = FALSE;

  for (; *p != '\0'; p++)
    {
      if (quoted && *p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        quoted = !quoted;
      else if (*p == ';' && !quoted)
        return p;
    }

  return p;
}

void
pinion_mime_bound_parameters (char *value)
{
  char *in = find_parameter_end (value);
  char *out = in;
  guint n = 0;

  while (*in == ';' && n < PINION_MIME_MAX_PARAMETERS)
    {
      char *end = find_parameter_end (in + 1);
      gsize name = strcspn (in + 1, "=;");
      gsize length = (gsize) (end - in);

      if (name <= PINION_MIME_MAX_PARAM_NAME)
        {
          memmove (out, in, length);
          out += length;
          n++;
        }
      in = end;
    }
  *out = '\0';
}

/* A good place to cut at most @n bytes of @text: behind "<a@b>,", else behind a comma. */
static gsize
find_address_cut (const char *text,
                  gsize       n)
{
  gsize comma = 0;

  for (gsize i = n; i > n / 2; i--)
    {
      if (text[i - 1] != ',' && text[i - 1] != ';')
        continue;
      if (i >= 2 && text[i - 2] == '>')
        return i;
      if (comma == 0)
        comma = i;
    }

  return comma != 0 ? comma : n;
}

char *
pinion_mime_next_address_piece (const char *value,
                                gsize      *position)
{
  const char *text = value + *position;
  gsize n = strnlen (text, PINION_MIME_ADDRESS_PIECE + 1);
  guint colons = 0;
  char *piece;

  if (n == 0)
    return NULL;

  if (n > PINION_MIME_ADDRESS_PIECE)
    n = find_address_cut (text, PINION_MIME_ADDRESS_PIECE);

  piece = g_strndup (text, n);
  *position += n;

  for (char *p = piece; *p != '\0'; p++)
    if (*p == ':' && ++colons > PINION_MIME_ADDRESS_COLONS)
      *p = ' ';

  return piece;
}
