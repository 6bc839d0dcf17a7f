/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names and passwords in the one form in which they are compared (RFC 4013). */

#include "pinion-sasl-private.h"

#include <string.h>

/* Commonly mapped to nothing (RFC 3454, B.1) */
static gboolean
is_nothing (gunichar c)
{
  return c == 0x00ad || c == 0x034f || c == 0x1806 || (c >= 0x180b && c <= 0x180d) ||
         (c >= 0x200b && c <= 0x200d) || c == 0x2060 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff;
}

/* What must not be in the result (RFC 4013, 2.3) */
static gboolean
is_prohibited (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      break;
    }

  /* Non-characters, replacements, deprecated marks, ideographic descriptions */
  return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xfff9 && c <= 0xfffd) ||
         c == 0x0340 || c == 0x0341 || (c >= 0x2ff0 && c <= 0x2ffb);
}

char *
pinion_sasl_prepare (const char *text)
{
  /* Wiped in the end, and never grown: it would leave a copy behind. */
  char *mapped = g_malloc (strlen (text) + 1);
  char *end = mapped;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR)
        *end++ = ' ';
      else if (!is_nothing (c))
        end += g_unichar_to_utf8 (c, end);
    }
  *end = '\0';

  char *prepared = g_utf8_normalize (mapped, -1, G_NORMALIZE_NFKC);
  pinion_sasl_wipe (mapped);

  for (const char *p = prepared; *p != '\0'; p = g_utf8_next_char (p))
    if (is_prohibited (g_utf8_get_char (p)))
      {
        pinion_sasl_wipe (prepared);
        return g_strdup (text);
      }

  return prepared;
}
