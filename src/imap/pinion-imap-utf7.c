/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-utf7.h"

#include <string.h>

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static int
base64_value (char c)
{
  const char *found = c != '\0' ? strchr (BASE64, c) : NULL;

  return found != NULL ? (int) (found - BASE64) : -1;
}

/* Takes one UTF-16 unit; @high carries the first half of a pair from call to call. */
static gboolean
append_unit (GString *out,
             guint16  unit,
             guint16 *high)
{
  if (*high != 0)
    {
      if (unit < 0xdc00 || unit > 0xdfff)
        return FALSE;
      g_string_append_unichar (out,
                               0x10000 + ((gunichar) (*high - 0xd800) << 10) + (unit - 0xdc00));
      *high = 0;
      return TRUE;
    }

  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      *high = unit;
      return TRUE;
    }

  if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    return FALSE;

  g_string_append_unichar (out, unit);
  return TRUE;
}

/* Decodes what stands between "&" and "-"; returns what follows the "-", or %NULL. */
static const char *
decode_shifted (const char *text,
                GString    *out)
{
  guint32 bits = 0;
  guint n_bits = 0;
  guint16 high = 0;

  for (; *text != '-'; text++)
    {
      int value = base64_value (*text);

      if (value < 0)
        return NULL;

      bits = (bits << 6) | (guint32) value;
      n_bits += 6;
      if (n_bits >= 16)
        {
          n_bits -= 16;
          if (!append_unit (out, (guint16) (bits >> n_bits), &high))
            return NULL;
          bits &= (1u << n_bits) - 1;
        }
    }

  /* Only padding may be left over, and it is zero. */
  if (high != 0 || n_bits >= 6 || bits != 0)
    return NULL;

  return text + 1;
}

static char *
decode_strictly (const char *raw)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*raw != '\0')
    {
      if ((guchar) *raw < 0x20 || (guchar) *raw > 0x7e)
        return NULL;

      if (*raw != '&')
        {
          g_string_append_c (out, *raw++);
        }
      else if (raw[1] == '-')
        {
          g_string_append_c (out, '&');
          raw += 2;
        }
      else
        {
          raw = decode_shifted (raw + 1, out);
          if (raw == NULL)
            return NULL;
        }
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

gboolean
pinion_imap_utf7_is_valid (const char *raw)
{
  g_autofree char *text = decode_strictly (raw);

  return text != NULL;
}

char *
pinion_imap_utf7_decode (const char *raw)
{
  char *text = decode_strictly (raw);
  GString *latin;

  if (text != NULL)
    return text;

  if (g_utf8_validate (raw, -1, NULL))
    return g_strdup (raw);

  latin = g_string_new (NULL);
  for (; *raw != '\0'; raw++)
    g_string_append_unichar (latin, (guchar) *raw);

  return g_string_free (latin, FALSE);
}

static void
encode_shifted (GString         *out,
                const gunichar2 *units,
                glong            n_units)
{
  guint32 bits = 0;
  guint n_bits = 0;

  g_string_append_c (out, '&');
  for (glong i = 0; i < n_units; i++)
    {
      bits = (bits << 16) | units[i];
      n_bits += 16;
      while (n_bits >= 6)
        {
          n_bits -= 6;
          g_string_append_c (out, BASE64[(bits >> n_bits) & 63]);
        }
      bits &= (1u << n_bits) - 1;
    }
  if (n_bits > 0)
    g_string_append_c (out, BASE64[(bits << (6 - n_bits)) & 63]);
  g_string_append_c (out, '-');
}

char *
pinion_imap_utf7_encode (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;

  while (*text != '\0')
    {
      const char *end = text;
      g_autofree gunichar2 *units = NULL;
      glong n_units = 0;

      if (*text == '&')
        {
          g_string_append (out, "&-");
          text++;
          continue;
        }
      if (*text >= 0x20 && *text <= 0x7e)
        {
          g_string_append_c (out, *text++);
          continue;
        }

      while (*end != '\0' && (*end < 0x20 || *end > 0x7e))
        end++;
      units = g_utf8_to_utf16 (text, end - text, NULL, &n_units, NULL);
      if (units == NULL)
        return NULL;
      encode_shifted (out, units, n_units);
      text = end;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}
