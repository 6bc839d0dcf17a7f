/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain text drawn: lines as they are, links found, quotes nested. */

#include "pinion-html-private.h"

#include <string.h>

#define MAX_QUOTE_DEPTH 20

static void
append_escaped (GString    *out,
                const char *text,
                gsize       length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (out, escaped);
}

/* What surrounds an address in a sentence: ends it, and is not part of it. */
static gsize
trim_link (const char *text,
           gsize       length)
{
  while (length > 0)
    {
      char c = text[length - 1];

      if (c == ')' && memchr (text, '(', length) != NULL)
        break;
      if (strchr (".,;:!?)]}'\"", c) == NULL)
        break;
      length--;
    }

  return length;
}

/* The length of a link at @text, 0 if there is none; @prefix: what its address needs in front. */
static gsize
match_link (const char  *text,
            gboolean     at_word,
            const char **prefix)
{
  gsize length;
  gsize least;

  if (!at_word)
    return 0;
  if (g_ascii_strncasecmp (text, "https://", 8) == 0
      || g_ascii_strncasecmp (text, "http://", 7) == 0)
    {
      *prefix = "";
      least = 9;
    }
  else if (g_ascii_strncasecmp (text, "mailto:", 7) == 0)
    {
      *prefix = "";
      least = 9;
    }
  else if (g_ascii_strncasecmp (text, "www.", 4) == 0)
    {
      *prefix = "http://";
      least = 6;
    }
  else
    {
      return 0;
    }

  length = trim_link (text, strcspn (text, " \t\r\n<>\"\\^`{|}"));

  return length >= least ? length : 0;
}

static gboolean
is_local_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr (".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static gboolean
is_domain_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '.';
}

/* The length of an email address that starts at @text, 0 if none does. */
static gsize
match_address (const char *text,
               gboolean    at_word)
{
  gsize local = 0;
  gsize domain = 0;

  if (!at_word)
    return 0;
  while (local <= 64 && is_local_char (text[local]))
    local++;
  if (local == 0 || text[local] != '@')
    return 0;
  while (domain <= 253 && is_domain_char (text[local + 1 + domain]))
    domain++;
  domain = trim_link (text + local + 1, domain);

  return memchr (text + local + 1, '.', domain) != NULL ? local + 1 + domain : 0;
}

static void
append_link (GString    *out,
             const char *prefix,
             const char *text,
             gsize       length)
{
  g_string_append_printf (out, "<a href=\"%s", prefix);
  append_escaped (out, text, length);
  g_string_append (out, "\">");
  append_escaped (out, text, length);
  g_string_append (out, "</a>");
}

static void
append_line (GString    *out,
             const char *line,
             gsize       length)
{
  g_autofree char *copy = g_strndup (line, length);
  gsize done = 0;
  gsize i = 0;
  gboolean at_word = TRUE;

  while (i < length)
    {
      const char *prefix = "mailto:";
      gsize n = match_link (copy + i, at_word, &prefix);

      if (n == 0)
        n = match_address (copy + i, at_word);
      if (n > 0)
        {
          append_escaped (out, copy + done, i - done);
          append_link (out, prefix, copy + i, n);
          i += n;
          done = i;
          at_word = FALSE;
          continue;
        }
      at_word = !g_ascii_isalnum (copy[i]) && !is_local_char (copy[i]) && (guchar) copy[i] < 128;
      at_word = at_word || copy[i] == '\'' || copy[i] == '/' || copy[i] == '=' || copy[i] == '*';
      i++;
    }
  append_escaped (out, copy + done, length - done);
}

/* How deep the line is quoted; moves *@line behind the marks. */
static guint
read_depth (const char **line,
            gsize       *length)
{
  const char *p = *line;
  const char *end = p + *length;
  guint depth = 0;

  while (p < end)
    {
      if (*p == '>')
        {
          depth++;
          *line = p + 1;
        }
      else if (*p != ' ' || depth == 0)
        {
          break;
        }
      p++;
    }
  if (depth > 0 && *line < end && **line == ' ')
    (*line)++;
  *length = (gsize) (end - *line);

  return MIN (depth, MAX_QUOTE_DEPTH);
}

static void
change_depth (GString *out,
              guint   *depth,
              guint    wanted)
{
  for (; *depth < wanted; (*depth)++)
    g_string_append (out, "<blockquote type=\"cite\">");
  for (; *depth > wanted; (*depth)--)
    g_string_append (out, "</blockquote>");
}

/* Whether Outlook's rule stands at @line, under which all is quoted: dashes around words, or a line
 * before "From: ...@...". */
static gboolean
is_rule (const char *line,
         gsize       length)
{
  const char *next = line + length;

  if (length > 12 && g_str_has_prefix (line, "-----") && line[5] != '-'
      && strncmp (line + length - 5, "-----", 5) == 0)
    return TRUE;

  if (length < 10 || strspn (line, "_") != length)
    return FALSE;

  next += *next == '\r';
  next += *next == '\n';
  length = strcspn (next, "\n");

  return memchr (next, ':', length) != NULL && memchr (next, '@', length) != NULL;
}

/* What is open while lines are drawn; @in_rest: everything is quoted from here on. */
typedef struct
{
  GString *out;
  guint depth;
  gboolean in_signature;
  gboolean in_rest;
} LineWriter;

static void
write_line (LineWriter *writer,
            const char *text,
            gsize       length)
{
  GString *out = writer->out;
  const char *line = text;
  gsize rest = length - (length > 0 && text[length - 1] == '\r');
  gboolean is_own = !writer->in_signature && !writer->in_rest;
  guint wanted = read_depth (&line, &rest);
  gboolean moved = wanted != writer->depth;

  change_depth (out, &writer->depth, wanted);
  if (!moved && out->str[out->len - 1] != '>')
    g_string_append_c (out, '\n');
  if (is_own && wanted == 0 && rest == 3 && strncmp (line, "-- ", 3) == 0)
    {
      writer->in_signature = TRUE;
      g_string_append (out, "<div style=\"color:#6c6c70\">");
    }
  else if (!writer->in_rest && wanted == 0 && is_rule (line, rest))
    {
      writer->in_rest = TRUE;
      g_string_append (out, "<blockquote type=\"cite\">");
    }
  append_line (out, line, rest);
  /* An empty line right behind a tag would not be seen */
  if (rest == 0 && out->str[out->len - 1] == '>')
    g_string_append_c (out, '\n');
}

char *
pinion_html_from_text (const char *text)
{
  LineWriter writer = { g_string_sized_new (strlen (text) * 5 / 4 + 128), 0, FALSE, FALSE };

  g_string_append (writer.out, "<div style=\"white-space:pre-wrap\">");
  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");

      write_line (&writer, text, length);
      text += length + (text[length] == '\n');
    }
  change_depth (writer.out, &writer.depth, 0);
  if (writer.in_rest)
    g_string_append (writer.out, "</blockquote>");
  g_string_append (writer.out, writer.in_signature ? "</div></div>" : "</div>");

  return g_string_free_and_steal (writer.out);
}
