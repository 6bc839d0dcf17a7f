/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-charset.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define SNIFF_LENGTH 2048

typedef struct
{
  const char *name;
  const char *iconv;
} Charset;

/* Sorted by name, names without "-", "_" and case. */
static const Charset charsets[] = {
  { "ansix341968", "CP1252" },
  { "ascii", "CP1252" },
  { "big5", "BIG5-HKSCS" },
  { "big5hkscs", "BIG5-HKSCS" },
  { "cp1250", "CP1250" },
  { "cp1251", "CP1251" },
  { "cp1252", "CP1252" },
  { "cp1253", "CP1253" },
  { "cp1254", "CP1254" },
  { "cp1255", "CP1255" },
  { "cp1256", "CP1256" },
  { "cp1257", "CP1257" },
  { "cp1258", "CP1258" },
  { "cp437", "CP437" },
  { "cp850", "CP850" },
  { "cp852", "CP852" },
  { "cp866", "CP866" },
  { "cp874", "CP874" },
  { "cp932", "CP932" },
  { "cp936", "GB18030" },
  { "cp949", "CP949" },
  { "cp950", "BIG5-HKSCS" },
  { "eucjp", "EUC-JP" },
  { "euckr", "CP949" },
  { "euctw", "EUC-TW" },
  { "gb18030", "GB18030" },
  { "gb2312", "GB18030" },
  { "gbk", "GB18030" },
  { "hzgb2312", "GB18030" },
  { "ibm437", "CP437" },
  { "ibm850", "CP850" },
  { "ibm852", "CP852" },
  { "ibm866", "CP866" },
  { "iso2022cn", "ISO-2022-CN" },
  { "iso2022jp", "ISO-2022-JP-3" },
  { "iso2022kr", "ISO-2022-KR" },
  { "iso88591", "CP1252" },
  { "iso885910", "ISO-8859-10" },
  { "iso885911", "CP874" },
  { "iso885913", "ISO-8859-13" },
  { "iso885914", "ISO-8859-14" },
  { "iso885915", "ISO-8859-15" },
  { "iso885916", "ISO-8859-16" },
  { "iso88592", "ISO-8859-2" },
  { "iso88593", "ISO-8859-3" },
  { "iso88594", "ISO-8859-4" },
  { "iso88595", "ISO-8859-5" },
  { "iso88596", "ISO-8859-6" },
  { "iso88596e", "ISO-8859-6" },
  { "iso88596i", "ISO-8859-6" },
  { "iso88597", "ISO-8859-7" },
  { "iso88598", "ISO-8859-8" },
  { "iso88598e", "ISO-8859-8" },
  { "iso88598i", "ISO-8859-8" },
  { "iso88599", "CP1254" },
  { "koi8r", "KOI8-R" },
  { "koi8u", "KOI8-U" },
  { "ksc56011987", "CP949" },
  { "latin1", "CP1252" },
  { "latin2", "ISO-8859-2" },
  { "macintosh", "MACINTOSH" },
  { "maccyrillic", "MAC-CYRILLIC" },
  { "macroman", "MACINTOSH" },
  { "shiftjis", "CP932" },
  { "sjis", "CP932" },
  { "tcvn", "TCVN" },
  { "tis620", "CP874" },
  { "usascii", "CP1252" },
  { "utf16", "UTF-16" },
  { "utf16be", "UTF-16BE" },
  { "utf16le", "UTF-16LE" },
  { "utf32", "UTF-32" },
  { "utf7", "UTF-7" },
  { "windows1250", "CP1250" },
  { "windows1251", "CP1251" },
  { "windows1252", "CP1252" },
  { "windows1253", "CP1253" },
  { "windows1254", "CP1254" },
  { "windows1255", "CP1255" },
  { "windows1256", "CP1256" },
  { "windows1257", "CP1257" },
  { "windows1258", "CP1258" },
  { "windows31j", "CP932" },
  { "windows874", "CP874" },
  { "windows932", "CP932" },
  { "windows936", "GB18030" },
  { "windows949", "CP949" },
  { "xgbk", "GB18030" },
  { "xsjis", "CP932" },
};

static const char *
find_iconv_name (const char *charset)
{
  char name[24];
  gsize used = 0;

  for (; *charset != '\0'; charset++)
    {
      if (*charset == '-' || *charset == '_' || *charset == ' ')
        continue;
      if (used + 1 >= sizeof name)
        return NULL;
      name[used++] = g_ascii_tolower (*charset);
    }
  name[used] = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    if (g_str_equal (charsets[i].name, name))
      return charsets[i].iconv;

  return NULL;
}

/* The same text without NUL, @text itself (borrowed) where there is none. */
static char *
drop_nul (const char *text,
          gsize      *length)
{
  char *copy = g_malloc (*length + 1);
  gsize used = 0;

  for (gsize i = 0; i < *length; i++)
    if (text[i] != '\0')
      copy[used++] = text[i];
  copy[used] = '\0';
  *length = used;

  return copy;
}

/* The converted bytes as text: wide sets may hold NUL characters. */
static char *
finish (GString *out)
{
  gsize length = out->len;
  g_autofree char *dropped = NULL;

  if (memchr (out->str, '\0', length) == NULL)
    return g_utf8_make_valid (out->str, (gssize) length);

  dropped = drop_nul (out->str, &length);

  return g_utf8_make_valid (dropped, (gssize) length);
}

/* All of @text through iconv, U+FFFD for each byte that does not fit. */
static char *
convert (const char *text,
         gsize       length,
         const char *name)
{
  GIConv iconv = g_iconv_open ("UTF-8", name);
  g_autoptr (GString) out = NULL;
  gboolean flushing = FALSE;
  char *in = (char *) text;
  char buffer[4096];

  if (iconv == (GIConv) -1)
    return NULL;

  out = g_string_sized_new (length + length / 2);
  while (length > 0 || !flushing)
    {
      char *to = buffer;
      gsize left = sizeof buffer;
      gsize done;
      int error;

      /* Some sets hold a letter back until they know that no accent follows */
      flushing = length == 0;
      done = g_iconv (iconv, flushing ? NULL : &in, &length, &to, &left);
      error = errno;
      g_string_append_len (out, buffer, to - buffer);
      if (done != (gsize) -1 || error == E2BIG || flushing)
        continue;
      g_string_append (out, REPLACEMENT);
      in += error == EINVAL ? length : 1;
      length -= error == EINVAL ? length : 1;
    }
  g_iconv_close (iconv);

  return finish (out);
}

static gboolean
is_wide (const char *charset)
{
  return g_ascii_strncasecmp (charset, "utf-16", 6) == 0
         || g_ascii_strncasecmp (charset, "utf-32", 6) == 0;
}

char *
pinion_mime_charset_to_utf8 (const char *text,
                             gsize       length,
                             const char *charset)
{
  const char *name = charset != NULL ? find_iconv_name (charset) : NULL;
  g_autofree char *dropped = NULL;
  char *converted;

  if (name == NULL || !is_wide (charset))
    {
      if (length > 0 && memchr (text, '\0', length) != NULL)
        text = dropped = drop_nul (text, &length);

      /* Most mail is UTF-8 whatever it says; stateful sets are ASCII to the eye */
      if ((name == NULL || g_str_equal (name, "CP1252"))
          && g_utf8_validate_len (text, length, NULL))
        return g_strndup (text, length);
    }

  if (charset != NULL && (g_ascii_strcasecmp (charset, "utf-8") == 0
                          || g_ascii_strcasecmp (charset, "utf8") == 0))
    return g_utf8_make_valid (text, (gssize) length);

  converted = convert (text, length, name != NULL ? name : "CP1252");

  return converted != NULL ? converted : g_utf8_make_valid (text, (gssize) length);
}

char *
pinion_mime_charset_sniff_html (const char *html,
                                gsize       length)
{
  g_autofree char *start = g_ascii_strdown (html, (gssize) MIN (length, SNIFF_LENGTH));
  const char *meta = start;

  while ((meta = strstr (meta, "<meta")) != NULL)
    {
      const char *end = strchr (meta, '>');
      const char *charset = g_strstr_len (meta, end != NULL ? end - meta : -1, "charset=");

      meta += 5;
      if (charset == NULL)
        continue;
      charset += strlen ("charset=");
      charset += strspn (charset, "\"' ");
      return g_strndup (charset, strcspn (charset, "\"' ;>/"));
    }

  return NULL;
}
