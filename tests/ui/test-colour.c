/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chips are readable whatever colour a label has, wherever the row lies. */

#include "pinion-colour.h"

/* List, sidebar and selected rows, in light and dark. */
static const char *const light_surfaces[] = { "#ffffff", "#fafafb", "#f3f3f5", "#ebebed",
                                               "#d6d6d9" };
static const char *const dark_surfaces[] = { "#1d1d20", "#222226", "#28282c", "#2e2e32",
                                              "#43434a" };

static void
assert_readable (const GdkRGBA     *hue,
                 gboolean           dark,
                 const char *const *surfaces,
                 guint              n_surfaces)
{
  GdkRGBA background, text;

  pinion_colour_chip (hue, dark, &background, &text);

  for (guint i = 0; i < n_surfaces; i++)
    {
      GdkRGBA surface, under;

      g_assert_true (gdk_rgba_parse (&surface, surfaces[i]));
      under = pinion_colour_over (&background, &surface);
      g_assert_cmpfloat (pinion_colour_contrast (&text, &under), >=, 4.5);
    }
}

static void
test_chips (void)
{
  for (guint red = 0; red <= 255; red += 51)
    for (guint green = 0; green <= 255; green += 51)
      for (guint blue = 0; blue <= 255; blue += 51)
        {
          const GdkRGBA hue = { (float) red / 255, (float) green / 255, (float) blue / 255, 1 };

          assert_readable (&hue, FALSE, light_surfaces, G_N_ELEMENTS (light_surfaces));
          assert_readable (&hue, TRUE, dark_surfaces, G_N_ELEMENTS (dark_surfaces));
        }
}

static void
test_hue_stays (void)
{
  GdkRGBA red, background, text;

  g_assert_true (gdk_rgba_parse (&red, "#e01b24"));

  for (int dark = FALSE; dark <= TRUE; dark++)
    {
      pinion_colour_chip (&red, dark, &background, &text);
      g_assert_cmpfloat (text.red, >, text.green + 0.2f);
      g_assert_cmpfloat (text.red, >, text.blue + 0.2f);
      g_assert_cmpfloat_with_epsilon (background.alpha, 0.18, 0.001);
    }
}

static void
test_contrast (void)
{
  const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };

  g_assert_cmpfloat_with_epsilon (pinion_colour_contrast (&black, &white), 21, 0.01);
  g_assert_cmpfloat_with_epsilon (pinion_colour_contrast (&white, &black), 21, 0.01);
  g_assert_cmpfloat_with_epsilon (pinion_colour_contrast (&white, &white), 1, 0.01);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/colour/chips", test_chips);
  g_test_add_func ("/colour/hue-stays", test_hue_stays);
  g_test_add_func ("/colour/contrast", test_contrast);

  return g_test_run ();
}
