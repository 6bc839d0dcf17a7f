/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-isolate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Invisible letters, which say how what is around goes: a line that begins with a name would be taken to
 * go its way. */
#define LEFT_TO_RIGHT "\u200e"
#define RIGHT_TO_LEFT "\u200f"

#define BEGIN "\u2068"
#define END "\u2069"

/* Hebrew, Arabic and their neighbours: the blocks that Unicode keeps for such scripts. */
static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff) ||
         (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
         (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
has_right_to_left (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if ((guchar) *p >= 0x80 && is_right_to_left (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

char *
pinion_isolate_name_among (const char *name,
                           const char *words)
{
  gboolean around = has_right_to_left (words);

  if (*name == '\0' || (!around && !has_right_to_left (name)))
    return g_strdup (name);

  return g_strconcat (around ? RIGHT_TO_LEFT : LEFT_TO_RIGHT, BEGIN, name, END, NULL);
}

char *
pinion_isolate_name (const char *name)
{
  /* Any words of the program would do. */
  return pinion_isolate_name_among (name, _("Inbox"));
}

static gboolean
is_mark (const char *p)
{
  return g_str_has_prefix (p, BEGIN) || g_str_has_prefix (p, END) ||
         g_str_has_prefix (p, LEFT_TO_RIGHT) || g_str_has_prefix (p, RIGHT_TO_LEFT);
}

char *
pinion_isolate_dup_plain (const char *text)
{
  char *plain = g_strdup (text);
  char *end = plain;

  for (const char *p = plain; *p != '\0';)
    {
      gsize length = (gsize) (g_utf8_next_char (p) - p);

      if (!is_mark (p))
        {
          memmove (end, p, length);
          end += length;
        }
      p += length;
    }
  *end = '\0';

  return plain;
}
