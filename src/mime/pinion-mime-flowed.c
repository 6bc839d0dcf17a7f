/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain text by lines: flowed lines joined (RFC 3676), and the first own words found. */

#include "pinion-mime-private.h"

#include "pinion-text.h"

#include <string.h>

#define SNIPPET_CHARS 200

typedef struct
{
  const char *start;
  gsize length;
  guint depth;
  gboolean is_flowed;
} Line;

/* Reads the line at *@text and moves on. */
static Line
read_line (const char **text)
{
  const char *start = *text;
  gsize length = strcspn (start, "\n");
  Line line = { start, length, 0, FALSE };

  *text = start + length + (start[length] == '\n');
  if (line.length > 0 && start[line.length - 1] == '\r')
    line.length--;
  while (line.length > 0 && *line.start == '>')
    {
      line.start++;
      line.length--;
      line.depth++;
    }
  /* One blank in front is stuffing */
  if (line.length > 0 && *line.start == ' ')
    {
      line.start++;
      line.length--;
    }
  line.is_flowed = line.length > 0 && line.start[line.length - 1] == ' '
                   && !(line.length == 3 && strncmp (line.start, "-- ", 3) == 0);

  return line;
}

static void
append_quote_marks (GString *out,
                    guint    depth)
{
  for (guint i = 0; i < depth; i++)
    g_string_append_c (out, '>');
  if (depth > 0)
    g_string_append_c (out, ' ');
}

char *
pinion_mime_unflow (const char *text,
                    gboolean    delete_space)
{
  GString *out = g_string_sized_new (strlen (text));
  gboolean joining = FALSE;
  guint depth = 0;

  while (*text != '\0')
    {
      Line line = read_line (&text);
      gboolean is_signature = line.length == 3 && strncmp (line.start, "-- ", 3) == 0;

      if (joining && (line.depth != depth || is_signature))
        {
          g_string_append_c (out, '\n');
          joining = FALSE;
        }
      if (!joining)
        append_quote_marks (out, line.depth);
      if (line.is_flowed && delete_space)
        line.length--;

      g_string_append_len (out, line.start, (gssize) line.length);
      joining = line.is_flowed;
      depth = line.depth;
      if (!joining)
        g_string_append_c (out, '\n');
    }

  return g_string_free_and_steal (out);
}

/* -- Snippet ---------------------------------------------------------------------------------- */

/* Where the words of another begin for good. */
static gboolean
ends_own_words (const char *line)
{
  return g_str_equal (line, "-- ") || g_str_equal (line, "--")
         || g_str_has_prefix (line, "-----Original")
         || g_str_has_prefix (line, "-----Ursprüngliche")
         || g_str_has_prefix (line, "________________________________");
}

/* "On Monday, Ana wrote:" in any language: a line that ends with a colon, before a quote. */
static gboolean
is_attribution (char **lines)
{
  const char *line = lines[0];

  if (!g_str_has_suffix (line, ":"))
    return FALSE;

  for (lines++; *lines != NULL; lines++)
    if (**lines != '\0')
      return **lines == '>';

  return FALSE;
}

/* "From:", "Sent:", "To:" ... as Outlook writes them above what it quotes, in any language. */
static gboolean
is_header_block (char **lines)
{
  if (strchr (lines[0], '@') == NULL)
    return FALSE;

  for (guint i = 0; i < 3; i++)
    {
      const char *colon = lines[i] != NULL ? strchr (lines[i], ':') : NULL;

      if (colon == NULL || colon == lines[i] || g_utf8_strlen (lines[i], colon - lines[i]) > 14)
        return FALSE;
    }

  return TRUE;
}

static char *
first_words (const char *text,
             gboolean    with_quotes)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 400);
  g_autoptr (GString) words = g_string_new (NULL);

  for (char **line = lines; *line != NULL && words->len < SNIPPET_CHARS * 6; line++)
    {
      g_strchomp (*line);
      if (!with_quotes && (ends_own_words (*line) || (words->len > 0 && is_header_block (line))))
        break;
      if (**line == '\0' || (!with_quotes && (**line == '>' || is_attribution (line))))
        continue;
      g_string_append (words, *line);
      g_string_append_c (words, ' ');
    }

  return pinion_text_clean_line (words->str, (gssize) words->len, SNIPPET_CHARS);
}

char *
pinion_mime_snippet_of_text (const char *text)
{
  g_autofree char *own = first_words (text, FALSE);

  return *own != '\0' ? g_steal_pointer (&own) : first_words (text, TRUE);
}
