/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The framer: however the bytes are cut, the responses, their literals, what goes to a stream and
 * the error are the same, and no bound is passed. */

#include "fuzz.h"
#include "pinion-imap-framer.h"

static const PinionImapLimits small = { .line = 200, .literal = 300, .kept = 100, .n_literals = 3 };

static PinionImapLiteralPlace
open_stream (const char *line,
             gsize       length,
             guint64     size,
             gpointer   *stream,
             gpointer    user_data)
{
  if (size % 3 == 0 || length % 7 == 0)
    return PINION_IMAP_LITERAL_KEEP;
  if (size == 77)
    return PINION_IMAP_LITERAL_REFUSE;

  *stream = g_string_new (NULL);

  return PINION_IMAP_LITERAL_STREAM;
}

static void
write_stream (gpointer      stream,
              const guint8 *data,
              gsize         length)
{
  g_string_append_len (stream, (const char *) data, (gssize) length);
}

static void
free_stream (gpointer stream)
{
  g_string_free (stream, TRUE);
}

static const PinionImapLiteralFuncs funcs = { open_stream, write_stream, free_stream };

static void
note_response (PinionImapFramer       *framer,
               const PinionImapLimits *limits,
               GString                *out)
{
  gsize length;
  guint n_literals;
  const char *text = pinion_imap_framer_get_response (framer, &length);
  const PinionImapLiteral *literals;

  literals = pinion_imap_framer_get_literals (framer, &n_literals);
  g_assert_cmpuint (length, <=, limits->line);
  g_assert_cmpuint (n_literals, <=, limits->n_literals);
  g_assert_false (pinion_imap_framer_is_inside (framer));

  if (length > 0)
    g_string_append_len (out, text, (gssize) length);
  for (guint i = 0; i < n_literals; i++)
    {
      const PinionImapLiteral *literal = &literals[i];
      const GString *stream = literal->stream;

      g_assert_cmpuint (literal->size, <=, limits->literal);
      g_assert_cmpuint (literal->start + literal->length, <=, length);
      g_assert_cmpuint (stream != NULL ? stream->len : literal->length, ==, literal->size);
      g_string_append_printf (out, "|%u+%u", (guint) literal->start, (guint) literal->length);
      if (stream != NULL)
        g_string_append_len (out, stream->str, (gssize) stream->len);
    }
  g_string_append_c (out, '\n');
}

/* @cut: 0 for all at once, 1 for byte by byte, else the seed of the lengths. */
static GString *
run (const guint8           *data,
     gsize                   size,
     const PinionImapLimits *limits,
     guint                   cut)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (limits, &funcs, NULL);
  GString *out = g_string_new (NULL);

  while (size > 0)
    {
      gsize part = cut == 0 ? size : MIN (size, cut == 1 ? 1 : 1 + (cut >> 8) % 13);
      g_autofree guint8 *copy = g_memdup2 (data, part);
      const guint8 *at = copy;
      gsize left = part;
      PinionImapFramerStatus status;

      while ((status = pinion_imap_framer_push (framer, &at, &left, NULL)) ==
             PINION_IMAP_FRAMER_RESPONSE)
        note_response (framer, limits, out);
      if (status == PINION_IMAP_FRAMER_ERROR)
        {
          g_string_append (out, "!");
          return out;
        }

      g_assert_cmpuint (left, ==, 0);
      data += part;
      size -= part;
      if (cut > 1)
        cut = (cut * 1103515245 + 12345) | 2;
    }

  g_string_append (out, pinion_imap_framer_is_inside (framer) ? "..." : ".");

  return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  guint8 mode = fuzz_input_byte (&input);
  const PinionImapLimits *limits = mode & 1 ? &small : &pinion_imap_default_limits;
  GString *whole = run (input.data, input.left, limits, 0);
  GString *bytes = run (input.data, input.left, limits, 1);
  GString *cut = run (input.data, input.left, limits, 2u + mode * 1000u);

  g_assert_true (g_string_equal (whole, bytes));
  g_assert_true (g_string_equal (whole, cut));

  g_string_free (whole, TRUE);
  g_string_free (bytes, TRUE);
  g_string_free (cut, TRUE);

  return 0;
}
