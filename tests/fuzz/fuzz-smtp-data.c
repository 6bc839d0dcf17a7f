/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message on its way into DATA (RFC 5321, 4.5.2): a strict reader gets its lines back, finds no
 * end before the end and no line end that is not CRLF; the size is theirs.  The first byte decides
 * how the message is cut. */

#include "fuzz.h"
#include "pinion-smtp-data.h"

#define DOT_LINE ((const guint8 *) ".\r\n")

static GByteArray *
encode (const guint8   *data,
        gsize           size,
        gsize           piece,
        PinionSmtpData *state)
{
  GByteArray *out = g_byte_array_new ();

  *state = (PinionSmtpData){ 0 };
  for (gsize done = 0; done < size; done += piece)
    {
      gsize part = MIN (piece, size - done);
      guint before = out->len;

      pinion_smtp_data_feed (state, data + done, part, out);
      g_assert_cmpuint (out->len - before, <=, 2 * part);
    }
  pinion_smtp_data_end (state, out);

  return out;
}

/* CRLF, CR and LF are line ends; the last line has one, too. */
static GByteArray *
normalise (const guint8 *data,
           gsize         size)
{
  GByteArray *out = g_byte_array_new ();
  gsize line = 0;

  for (gsize i = 0; i < size; i++)
    {
      gboolean ends = data[i] == '\n' || data[i] == '\r';

      if (!ends)
        g_byte_array_append (out, data + i, 1);
      line = ends ? 0 : line + 1;
      if (!ends)
        continue;
      g_byte_array_append (out, (const guint8 *) "\r\n", 2);
      i += data[i] == '\r' && i + 1 < size && data[i + 1] == '\n';
    }
  if (line > 0)
    g_byte_array_append (out, (const guint8 *) "\r\n", 2);

  return out;
}

/* What a server has when ".CRLF" has come, and where that was. */
static GByteArray *
receive (const guint8 *data,
         gsize         size,
         gsize        *used)
{
  GByteArray *out = g_byte_array_new ();
  gsize at = 0;

  while (at < size)
    {
      gsize length = 0;

      while (at + length < size && data[at + length] != '\r' && data[at + length] != '\n')
        length++;
      g_assert_cmpuint (size - at - length, >=, 2);
      g_assert_cmpint (data[at + length], ==, '\r');
      g_assert_cmpint (data[at + length + 1], ==, '\n');
      length += 2;
      if (length == 3 && data[at] == '.')
        break;
      if (data[at] == '.')
        g_byte_array_append (out, data + at + 1, (guint) length - 1);
      else
        g_byte_array_append (out, data + at, (guint) length);
      at += length;
    }
  *used = at;

  return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  gsize piece = 1 + fuzz_input_byte (&input) % 16;
  PinionSmtpData state, cut_state;
  g_autoptr (GByteArray) wire = encode (input.data, input.left, G_MAXSIZE / 4, &state);
  g_autoptr (GByteArray) cut = encode (input.data, input.left, piece, &cut_state);
  g_autoptr (GByteArray) wanted = normalise (input.data, input.left);
  g_autoptr (GByteArray) received = NULL;
  guint without_dot = wire->len;
  gboolean eight_bit = FALSE;
  gsize used;

  g_assert_cmpmem (wire->data, wire->len, cut->data, cut->len);
  g_assert_cmpuint (state.size, ==, cut_state.size);

  g_byte_array_append (wire, DOT_LINE, 3);
  received = receive (wire->data, wire->len, &used);
  g_assert_cmpuint (used, ==, without_dot);
  g_assert_cmpmem (received->data, received->len, wanted->data, wanted->len);
  g_assert_cmpuint (state.size, ==, wanted->len);

  for (gsize i = 0; i < input.left; i++)
    eight_bit |= input.data[i] > 127;
  g_assert_cmpint (state.eight_bit, ==, eight_bit);

  return 0;
}
