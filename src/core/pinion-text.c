/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-text.h"

#include <string.h>

#define MAX_FILE_NAME 200
#define MAX_EXTENSION 20

/* Invisible characters that reorder, hide or smuggle text (Unicode TR 36): bidirectional controls,
 * zero-width characters, invisible operators, tags, and blanks that push text out of sight. */
static gboolean
is_deceptive (gunichar c)
{
  return c == 0x00ad || c == 0x061c || c == 0x115f || c == 0x1160 || c == 0x180e
         || (c >= 0x200b && c <= 0x200f && c != 0x200c && c != 0x200d)
         || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x2800
         || c == 0x3164 || c == 0xfeff || c == 0xffa0 || (c >= 0xfff9 && c <= 0xfffb)
         || (c >= 0xe0000 && c <= 0xe007f);
}

static gboolean
is_break (gunichar c)
{
  return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* How many bytes from @text on are letters, digits and signs of ASCII; most text is. */
static gsize
get_plain_length (const char *text,
                  gsize       most)
{
  gsize n = 0;

  while (n < most && text[n] > ' ' && text[n] < 0x7f)
    n++;

  return n;
}

gboolean
pinion_text_is_clean_line (const char *text,
                           gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) text[i] < ' ' || (guchar) text[i] >= 0x7f
          || (text[i] == ' ' && (i == 0 || i + 1 == length || text[i - 1] == ' ')))
        return FALSE;
    }

  return TRUE;
}

char *
pinion_text_clean_line (const char *text,
                        gssize      length,
                        gsize       max_chars)
{
  if (text == NULL)
    return g_strdup ("");

  gsize n = length >= 0 ? (gsize) length : strlen (text);
  if ((max_chars == 0 || n <= max_chars) && pinion_text_is_clean_line (text, n))
    return g_strndup (text, n);

  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *line = g_string_sized_new (strlen (valid));
  gboolean blank = FALSE;
  gsize n_chars = 0;

  for (const char *p = valid, *next; *p != '\0'; p = next)
    {
      gsize left = max_chars > n_chars + blank ? max_chars - n_chars - blank : 0;
      gsize plain = get_plain_length (p, max_chars > 0 ? left : G_MAXSIZE);
      gunichar c = plain > 0 ? 0 : g_utf8_get_char (p);

      next = plain > 0 ? p + plain : g_utf8_next_char (p);
      if (plain == 0 && is_deceptive (c))
        continue;
      if (plain == 0 && (is_break (c) || g_unichar_isspace (c) || g_unichar_iscntrl (c)))
        {
          blank = line->len > 0;
          continue;
        }
      if (max_chars > 0 && left == 0)
        {
          g_string_append (line, "…");
          break;
        }
      if (blank)
        g_string_append_c (line, ' ');
      if (plain > 0)
        g_string_append_len (line, p, (gssize) plain);
      else
        g_string_append_unichar (line, c);
      n_chars += MAX (plain, 1) + blank;
      blank = FALSE;
    }

  return g_string_free (line, FALSE);
}

char *
pinion_text_clean_name (const char *text,
                        gsize       max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *name = g_string_sized_new (strlen (valid));
  gsize n_chars = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (n_chars++ >= max_chars)
        {
          g_string_append (name, "…");
          break;
        }
      if (is_break (c) || c == '\t')
        c = ' ';
      else if (is_deceptive (c) || g_unichar_iscntrl (c))
        c = 0xfffd;
      g_string_append_unichar (name, c);
    }

  return g_string_free (name, FALSE);
}

/* The length of what needs no look at each character: most of most text. */
static gsize
plain_length (const char *text)
{
  gsize length = 0;

  while ((text[length] >= ' ' && text[length] < 0x7f) || text[length] == '\n' || text[length] == '\t')
    length++;

  return length;
}

char *
pinion_text_clean (const char *text,
                   gssize      length)
{
  if (text == NULL)
    return g_strdup ("");

  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gsize plain = plain_length (p);

      g_string_append_len (clean, p, (gssize) plain);
      p += plain;
      if (*p == '\0')
        break;

      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;
      if (is_break (c))
        g_string_append_c (clean, '\n');
      else if (c == '\t' || (!g_unichar_iscntrl (c) && !is_deceptive (c)))
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

static void
trim_tail (GString *name)
{
  while (name->len > 0 && (name->str[name->len - 1] == '.' || name->str[name->len - 1] == ' '))
    g_string_truncate (name, name->len - 1);
}

static void
truncate_keeping_extension (GString *name)
{
  if (name->len <= MAX_FILE_NAME)
    return;

  const char *dot = strrchr (name->str, '.');
  gsize extension_length = dot != NULL ? strlen (dot) : 0;
  g_autofree char *extension = extension_length <= MAX_EXTENSION ? g_strdup (dot) : NULL;
  gsize keep = MAX_FILE_NAME - (extension != NULL ? extension_length : 0);

  while (keep > 0 && (name->str[keep] & 0xc0) == 0x80)
    keep--;

  g_string_truncate (name, keep);
  trim_tail (name);
  if (extension != NULL)
    g_string_append (name, extension);
}

char *
pinion_text_safe_file_name (const char *name)
{
  g_autofree char *line = pinion_text_clean_line (name, -1, 0);
  GString *safe = g_string_sized_new (strlen (line));

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* U+200C and U+200D shape words in text; in a file name they only hide. */
      if (c == 0x200c || c == 0x200d)
        continue;
      if (c < 128 && strchr ("/\\:*?\"<>|", (int) c) != NULL)
        c = '_';
      if (safe->len == 0 && (c == '.' || c == ' ' || c == '~' || c == '-'))
        continue;
      g_string_append_unichar (safe, c);
    }

  trim_tail (safe);
  truncate_keeping_extension (safe);
  if (safe->len == 0)
    g_string_assign (safe, "attachment");

  return g_string_free (safe, FALSE);
}
