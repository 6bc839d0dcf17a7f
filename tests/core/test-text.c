/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-text.h"

#include <string.h>

typedef struct
{
  const char *in;
  const char *out;
} Case;

static const Case lines[] = {
  { "Hello", "Hello" },
  { "  two \r\n  lines\t", "two lines" },
  { "bad \xff byte", "bad \xef\xbf\xbd byte" },
  { "invoice\u202efdp.exe", "invoicefdp.exe" },
  { "a\u200bb\u2060c\U000e0041d", "abcd" },
  { "nul\001x", "nul x" },
  { "", "" },
  { "日本語 한국어 ไทย", "日本語 한국어 ไทย" },
};

static const Case files[] = {
  { "report.pdf", "report.pdf" },
  { "../../etc/passwd", "_.._etc_passwd" },
  { "C:\\temp\\x.doc", "C__temp_x.doc" },
  { ".bashrc", "bashrc" },
  { "/", "_" },
  { "...", "attachment" },
  { "", "attachment" },
  { "name. . ", "name" },
  { "a\nb.txt", "a b.txt" },
  { "x\u202egpj.exe", "xgpj.exe" },
};

static void
test_line (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *out = pinion_text_clean_line (lines[i].in, -1, 0);
      g_assert_cmpstr (out, ==, lines[i].out);
    }

  g_autofree char *cut = pinion_text_clean_line ("äöüß and more", -1, 4);
  g_assert_cmpstr (cut, ==, "äöüß…");
  g_autofree char *null = pinion_text_clean_line (NULL, -1, 4);
  g_assert_cmpstr (null, ==, "");
}

static void
test_lines (void)
{
  g_autofree char *out = pinion_text_clean ("a\r\nb\rc\td\001\u202e", -1);
  g_assert_cmpstr (out, ==, "a\nb\nc\td");
}

static void
test_file_name (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *out = pinion_text_safe_file_name (files[i].in);
      g_assert_cmpstr (out, ==, files[i].out);
    }

  g_autofree char *long_name = g_strnfill (500, 'x');
  g_autofree char *with_extension = g_strconcat (long_name, ".exe", NULL);
  g_autofree char *out = pinion_text_safe_file_name (with_extension);
  g_assert_cmpuint (strlen (out), <=, 200);
  g_assert_true (g_str_has_suffix (out, ".exe"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/text/line", test_line);
  g_test_add_func ("/core/text/lines", test_lines);
  g_test_add_func ("/core/text/file-name", test_file_name);
  return g_test_run ();
}
