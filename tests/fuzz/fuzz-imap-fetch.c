/* SPDX-License-Identifier: GPL-3.0-or-later */

/* FETCH items (RFC 3501, 7.4.2): values lie within the response, a date is one that comes back the
 * same, and a literal is where it was announced to be. */

#include "fuzz-imap.h"

static void
check_slice (const PinionImapResponse *response,
             const PinionImapSlice    *slice)
{
  fuzz_imap_assert_inside (response, slice);
  if (slice->literal == NULL)
    return;

  g_assert_true (slice->data == response->cursor.start + slice->literal->start);
  g_assert_cmpuint (slice->length, ==, slice->literal->size);
}

static void
check_date (gint64 date)
{
  g_autofree char *text = NULL;

  if (date == G_MININT64 || date < 0)
    return;

  text = pinion_imap_date_format (date);
  /* A zone can carry the last year with four digits over its end. */
  if (date < G_GINT64_CONSTANT (253402300800))
    g_assert_cmpint (pinion_imap_date_parse (text, strlen (text)), ==, date);
}

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  PinionImapFetched fetched;

  if (response->kind != PINION_IMAP_RESPONSE_FETCH ||
      !pinion_imap_fetch_read (response, &fetched, NULL))
    return;

  g_assert_cmpuint (fetched.size, <=, G_MAXINT64);
  g_assert_cmpuint (fetched.modseq, <=, G_MAXINT64);
  if (fetched.has_header)
    check_slice (response, &fetched.header);
  if (fetched.has_body)
    check_slice (response, &fetched.body);
  check_date (fetched.date);
}

static PinionImapLiteralPlace
classify (const char *line,
          gsize       length,
          guint64     size,
          gpointer   *stream,
          gpointer    user_data)
{
  /* A copy of its own: not one byte around it may be looked at. */
  g_autofree char *copy = g_memdup2 (line, length);

  pinion_imap_fetch_classify_literal (copy != NULL ? copy : "", length);

  return PINION_IMAP_LITERAL_KEEP;
}

static void
check_classifying (const guint8 *data,
                   gsize         size)
{
  static const PinionImapLiteralFuncs funcs = { classify, NULL, NULL };
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, &funcs, NULL);
  PinionImapFramerStatus status = PINION_IMAP_FRAMER_MORE;

  while (size > 0 && status != PINION_IMAP_FRAMER_ERROR)
    status = pinion_imap_framer_push (framer, &data, &size, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  fuzz_imap_each ("* 1 FETCH ", data, size, use, NULL);
  check_classifying (data, size);
  check_date (pinion_imap_date_parse ((const char *) data, size));

  return 0;
}
