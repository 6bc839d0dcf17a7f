/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-isolate.h"

#define DAVID "דוד"

static const struct
{
  const char *name;
  const char *words;
  const char *out;
} names[] = {
  { "Ana", "To: %s", "Ana" },
  { "Ελένη 田中 é", "To: %s", "Ελένη 田中 é" },
  { "", "אל: %s", "" },
  { DAVID, "To: %s", "\u200e\u2068" DAVID "\u2069" },
  { "حداد Ana", "To: %s", "\u200e\u2068حداد Ana\u2069" },
  { "\U0001e900", "To: %s", "\u200e\u2068\U0001e900\u2069" },
  { "Ana", "אל: %s", "\u200f\u2068Ana\u2069" },
  { DAVID, "אל: %s", "\u200f\u2068" DAVID "\u2069" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *out = pinion_isolate_name_among (names[i].name, names[i].words);
      g_autofree char *plain = pinion_isolate_dup_plain (out);

      g_assert_cmpstr (out, ==, names[i].out);
      g_assert_cmpstr (plain, ==, names[i].name);
    }
}

static void
test_plain (void)
{
  g_autofree char *david = pinion_isolate_name (DAVID);
  g_autofree char *line = g_strdup_printf ("Ana, %s (4) …", david);
  g_autofree char *plain = pinion_isolate_dup_plain (line);

  g_assert_cmpstr (plain, ==, "Ana, " DAVID " (4) …");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/isolate/names", test_names);
  g_test_add_func ("/core/isolate/plain", test_plain);
  return g_test_run ();
}
