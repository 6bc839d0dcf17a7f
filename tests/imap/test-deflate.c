/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Compression without a socket: both ways, cut anywhere, broken, and far too much. */

#include "pinion-imap-deflate.h"

#include <string.h>

#include "pinion-error.h"

/* Unpacks all of @bytes in parts of at most @most bytes.  Returns: %FALSE with @error */
static gboolean
unpack_all (PinionImapDeflate *deflate,
            GBytes            *bytes,
            gsize              most,
            GByteArray        *out,
            GError           **error)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      gsize part = MIN (size, most);
      gsize left = part;
      const guint8 *piece;
      gsize length;

      do
        {
          if (!pinion_imap_deflate_unpack (deflate, &at, &left, &piece, &length, error))
            return FALSE;
          g_assert_cmpuint (length, <=, 64 * 1024);
          g_byte_array_append (out, piece, (guint) length);
        }
      while (left > 0 || length > 0);
      size -= part;
    }

  return TRUE;
}

static GBytes *
make_text (guint n_lines)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "* %u FETCH (UID %u FLAGS (\\Seen)) %x\r\n", i, i * 3,
                            g_test_rand_int ());

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static void
test_both_ways (void)
{
  g_autoptr (PinionImapDeflate) one = pinion_imap_deflate_new ();
  g_autoptr (PinionImapDeflate) other = pinion_imap_deflate_new ();
  static const gsize cuts[] = { 1, 2, 7, 1000, 1 << 20 };

  for (guint n_lines = 0; n_lines < 5000; n_lines = 3 * n_lines + 1)
    for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
      {
        g_autoptr (GBytes) text = make_text (n_lines);
        g_autoptr (GBytes) packed = pinion_imap_deflate_pack (one, text);
        g_autoptr (GByteArray) out = g_byte_array_new ();
        g_autoptr (GError) error = NULL;

        g_assert_true (unpack_all (other, packed, cuts[i], out, &error));
        g_assert_no_error (error);
        g_assert_cmpmem (out->data, out->len, g_bytes_get_data (text, NULL),
                         g_bytes_get_size (text));
      }
}

static void
test_broken (void)
{
  g_autoptr (GBytes) plain = g_bytes_new_static ("* OK not compressed\r\n", 21);
  g_autoptr (GBytes) text = make_text (100);
  /* A last block without content, and more behind it */
  g_autoptr (GBytes) ended = g_bytes_new_static ("\x03\x00more", 6);
  g_autoptr (PinionImapDeflate) packer = pinion_imap_deflate_new ();
  g_autoptr (GBytes) packed = pinion_imap_deflate_pack (packer, text);

  {
    g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_assert_false (unpack_all (deflate, plain, 1000, out, &error));
    g_assert_error (error, PINION_ERROR, PINION_ERROR_PROTOCOL);
  }
  {
    g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_assert_false (unpack_all (deflate, ended, 1000, out, &error));
    g_assert_error (error, PINION_ERROR, PINION_ERROR_CONNECTION_LOST);
  }

  /* Last words that come with the end are not lost. */
  {
    g_autoptr (GConverter) last = NULL;
    g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;

    last = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1));
    bytes = g_converter_convert_bytes (last, plain, &error);
    g_assert_no_error (error);
    g_assert_false (unpack_all (deflate, bytes, 1000, out, &error));
    g_assert_error (error, PINION_ERROR, PINION_ERROR_CONNECTION_LOST);
    g_assert_cmpmem (out->data, out->len, "* OK not compressed\r\n", 21);
  }

  /* Any one byte wrong: perhaps other bytes, perhaps an error, never more than that. */
  for (gsize i = 0; i < g_bytes_get_size (packed); i += 13)
    {
      g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (packed, NULL),
                                           g_bytes_get_size (packed));
      g_autoptr (GBytes) wrong = NULL;
      g_autoptr (GError) error = NULL;

      copy[i] ^= (guint8) g_test_rand_int_range (1, 256);
      wrong = g_bytes_new (copy, g_bytes_get_size (packed));
      if (!unpack_all (deflate, wrong, 100, out, &error))
        g_assert_true (error->domain == PINION_ERROR);
    }
}

/* 64 MB in 64 kB: it comes in pieces of bounded size. */
static void
test_bomb (void)
{
  g_autoptr (PinionImapDeflate) packer = pinion_imap_deflate_new ();
  g_autoptr (PinionImapDeflate) deflate = pinion_imap_deflate_new ();
  g_autoptr (GBytes) packed = NULL;
  guint64 total = 0;
  const guint8 *piece;
  const guint8 *at;
  gsize left;
  gsize length;

  {
    g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);

    packed = pinion_imap_deflate_pack (packer, zeros);
  }
  at = g_bytes_get_data (packed, &left);
  g_assert_cmpuint (left, <, 100000);
  do
    {
      g_assert_true (pinion_imap_deflate_unpack (deflate, &at, &left, &piece, &length, NULL));
      g_assert_cmpuint (length, <=, 64 * 1024);
      total += length;
    }
  while (left > 0 || length > 0);
  g_assert_cmpuint (total, ==, 64 << 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/deflate/both-ways", test_both_ways);
  g_test_add_func ("/imap/deflate/broken", test_broken);
  g_test_add_func ("/imap/deflate/bomb", test_bomb);

  return g_test_run ();
}
