/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Character sets of bodies. */

#include "pinion-mime-charset.h"
#include "pinion-test-mime.h"

typedef struct
{
  const char *charset;
  const char *bytes;
  const char *text;
} Case;

static const Case cases[] = {
  { "utf-8", "gr\xc3\xbc\xc3\x9f", "grüß" },
  { "UTF8", "gr\xc3\xbc\xc3\x9f", "grüß" },
  { "us-ascii", "plain", "plain" },
  { "us-ascii", "gr\xc3\xbc", "grü" },
  { "us-ascii", "gr\xfc", "grü" },
  { "iso-8859-1", "gr\xfc\xdf \x80", "grüß €" },
  { "ISO-8859-15", "\xa4", "€" },
  { "iso-8859-2", "\xb1\xea", "ąę" },
  { "iso-8859-5", "\xbf\xe0\xd8", "При" },
  { "iso-8859-7", "\xc5\xeb", "Ελ" },
  { "iso-8859-8-i", "\xf9\xec", "של" },
  { "iso-8859-9", "\xfd\xfe", "ış" },
  { "windows-1250", "\x9a\x9e", "šž" },
  { "windows-1251", "\xcf\xf0\xe8", "При" },
  { "windows-1252", "\x93x\x94", "“x”" },
  { "cp1252", "\x93x\x94", "“x”" },
  { "windows-1253", "\xc5\xeb", "Ελ" },
  { "windows-1255", "\xf9\xec", "של" },
  { "windows-1256", "\xd3\xe1", "سل" },
  { "windows-1257", "\xf0", "š" },
  { "koi8-r", "\xf0\xd2\xc9", "При" },
  { "koi8-u", "\xf0\xa6", "Пі" },
  { "gb18030", "\xc4\xe3\xba\xc3", "你好" },
  { "gb2312", "\xc4\xe3\xba\xc3", "你好" },
  { "GBK", "\xc4\xe3\xba\xc3", "你好" },
  { "big5", "\xa7\x41\xa6\x6e", "你好" },
  { "shift_jis", "\x82\xb1\x82\xf1", "こん" },
  { "iso-2022-jp", "\x1b$B$3$s\x1b(B", "こん" },
  { "euc-jp", "\xa4\xb3\xa4\xf3", "こん" },
  { "euc-kr", "\xbe\xc8\xb3\xe7", "안녕" },
  { "ks_c_5601-1987", "\xbe\xc8\xb3\xe7", "안녕" },
  { "tis-620", "\xca\xc7", "สว" },
  { "utf-7", "gr+APw-", "grü" },
  { "utf-8", "bad \xff\xfe end", "bad \xef\xbf\xbd\xef\xbf\xbd end" },
  { "x-unknown", "gr\xfc", "grü" },
  { "x-unknown", "gr\xc3\xbc", "grü" },
  { "../../etc/passwd", "x", "x" },
  { "UTF-8//TRANSLIT", "gr\xc3\xbc", "grü" },
  { "", "gr\xc3\xbc", "grü" },
  { NULL, "gr\xc3\xbc", "grü" },
};

static void
test_convert (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      text = pinion_mime_charset_to_utf8 (cases[i].bytes, strlen (cases[i].bytes),
                                          cases[i].charset);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* Each set takes any bytes, and stops in the middle of a character without harm. */
static void
test_any_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2047);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint round = 0; round < 50; round++)
      {
        char bytes[200];
        g_autofree char *text = NULL;
        gsize length = (gsize) g_rand_int_range (random, 0, sizeof bytes);

        for (gsize j = 0; j < length; j++)
          bytes[j] = (char) g_rand_int_range (random, 0, 256);
        text = pinion_mime_charset_to_utf8 (bytes, length, cases[i].charset);
        g_assert_true (g_utf8_validate (text, -1, NULL));
      }
}

static void
test_utf16 (void)
{
  static const char big[] = "\xfe\xff\0g\0r\0\xfc";
  static const char little[] = "g\0r\0\xfc\0";
  g_autofree char *a = pinion_mime_charset_to_utf8 (big, sizeof big - 1, "utf-16");
  g_autofree char *b = pinion_mime_charset_to_utf8 (little, sizeof little - 1, "utf-16le");

  g_assert_cmpstr (a, ==, "grü");
  g_assert_cmpstr (b, ==, "grü");
}

static void
test_nul (void)
{
  static const char bytes[] = "a\0b\0\0c";
  g_autofree char *text = pinion_mime_charset_to_utf8 (bytes, sizeof bytes - 1, "utf-8");
  g_autofree char *latin = pinion_mime_charset_to_utf8 (bytes, sizeof bytes - 1, "koi8-r");

  g_assert_cmpstr (text, ==, "abc");
  g_assert_cmpstr (latin, ==, "abc");
}

/* HTML may name its own set where the header does not. */
static void
test_meta (void)
{
  g_autoptr (PinionMimeMessage) message = NULL;
  g_autofree char *html = NULL;

  message = test_parse ("Content-Type: text/html\n\n<META http-equiv=\"Content-Type\" content=\""
                        "text/html; charset=windows-1251\"><p>\xcf\xf0\xe8");
  html = pinion_mime_message_dup_html (message);
  g_assert_true (g_str_has_suffix (html, "При"));
  g_free (html);
  pinion_mime_message_unref (message);

  message = test_parse ("Content-Type: text/html; charset=utf-8\n\n<meta charset='koi8-r'><p>ä");
  html = pinion_mime_message_dup_html (message);
  g_assert_true (g_str_has_suffix (html, "ä"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/charset/convert", test_convert);
  g_test_add_func ("/mime/charset/any-bytes", test_any_bytes);
  g_test_add_func ("/mime/charset/utf-16", test_utf16);
  g_test_add_func ("/mime/charset/nul", test_nul);
  g_test_add_func ("/mime/charset/meta", test_meta);

  return g_test_run ();
}
