/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-data.h"

#include <string.h>

static GByteArray *
play (const char     *input,
      gsize           length,
      gsize           piece,
      PinionSmtpData *state)
{
  GByteArray *out = g_byte_array_new ();

  memset (state, 0, sizeof *state);
  for (gsize at = 0; at < length; at += piece)
    pinion_smtp_data_feed (state, (const guint8 *) input + at, MIN (piece, length - at), out);
  pinion_smtp_data_end (state, out);

  return out;
}

static void
assert_data (const char *input,
             const char *expected,
             guint64     size)
{
  gsize length = strlen (input);

  for (gsize piece = 1; piece <= length + 1; piece++)
    {
      PinionSmtpData state;
      PinionSmtpData counted = { 0 };
      g_autoptr (GByteArray) out = play (input, length, piece, &state);

      g_assert_cmpmem (out->data, out->len, expected, strlen (expected));
      g_assert_cmpuint (state.size, ==, size);

      pinion_smtp_data_feed (&counted, (const guint8 *) input, length, NULL);
      pinion_smtp_data_end (&counted, NULL);
      g_assert_cmpuint (counted.size, ==, size);
    }
}

static void
test_lines (void)
{
  assert_data ("", "", 0);
  assert_data ("a", "a\r\n", 3);
  assert_data ("a\r\n", "a\r\n", 3);
  assert_data ("a\nb\n", "a\r\nb\r\n", 6);
  assert_data ("a\rb\r", "a\r\nb\r\n", 6);
  assert_data ("a\r\n\r\nb", "a\r\n\r\nb\r\n", 8);
  assert_data ("\n", "\r\n", 2);
  assert_data ("\r\r\n\n", "\r\n\r\n\r\n", 6);
  assert_data ("a\r", "a\r\n", 3);
}

static void
test_dots (void)
{
  assert_data (".", "..\r\n", 3);
  assert_data (".\r\n", "..\r\n", 3);
  assert_data ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n", 9);
  assert_data ("..a\r\n", "...a\r\n", 5);
  assert_data ("a.b\r\n", "a.b\r\n", 5);
  /* Ends that smugglers try */
  assert_data ("a\n.\nMAIL", "a\r\n..\r\nMAIL\r\n", 12);
  assert_data ("a\r.\rMAIL", "a\r\n..\r\nMAIL\r\n", 12);
  assert_data ("a\r\n.\rMAIL", "a\r\n..\r\nMAIL\r\n", 12);
  assert_data ("a\n.\r\nMAIL", "a\r\n..\r\nMAIL\r\n", 12);
}

static void
test_eight_bit (void)
{
  PinionSmtpData state;

  g_byte_array_unref (play ("plain\r\n", 7, 3, &state));
  g_assert_false (state.eight_bit);
  g_byte_array_unref (play ("caf\xc3\xa9\r\nplain\r\n", 14, 3, &state));
  g_assert_true (state.eight_bit);
}

/* No bytes can make an end of the message; decoding gives the normalised text back. */
static void
test_random (void)
{
  static const char alphabet[] = "a..\r\n";
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint round = 0; round < 20000; round++)
    {
      char input[24];
      gsize length = (gsize) g_rand_int_range (rand, 0, sizeof input);
      PinionSmtpData state;

      for (gsize i = 0; i < length; i++)
        input[i] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];

      g_autoptr (GByteArray) out = play (input, length, (gsize) g_rand_int_range (rand, 1, 9),
                                         &state);
      g_byte_array_append (out, (const guint8 *) "", 1);
      const char *text = (const char *) out->data;

      g_assert_null (strstr (text, "\r\n.\r\n"));
      g_assert_false (g_str_has_prefix (text, ".\r\n"));
      for (const char *c = text; *c != '\0'; c++)
        {
          g_assert_true (*c != '\r' || c[1] == '\n');
          g_assert_true (*c != '\n' || (c > text && c[-1] == '\r'));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smtp/data/lines", test_lines);
  g_test_add_func ("/smtp/data/dots", test_dots);
  g_test_add_func ("/smtp/data/eight-bit", test_eight_bit);
  g_test_add_func ("/smtp/data/random", test_random);

  return g_test_run ();
}
