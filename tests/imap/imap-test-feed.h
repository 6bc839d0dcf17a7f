/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Feeds one response to a framer in random pieces and parses it. */

#pragma once

#include <string.h>

#include "pinion-imap-response.h"

/* @most: bytes of a piece, 0 for all at once. */
static inline gboolean
feed_response (PinionImapFramer   *framer,
               PinionImapResponse *response,
               const char         *text,
               gsize               length,
               guint               most,
               GError            **error)
{
  const guint8 *at = (const guint8 *) text;
  PinionImapFramerStatus status = PINION_IMAP_FRAMER_MORE;

  while (length > 0 && status == PINION_IMAP_FRAMER_MORE)
    {
      gsize piece = most == 0 ? length : (gsize) g_test_rand_int_range (1, (int) most + 1);
      gsize part = MIN (length, piece);
      gsize left = part;

      status = pinion_imap_framer_push (framer, &at, &left, error);
      length -= part - left;
    }
  if (status == PINION_IMAP_FRAMER_ERROR)
    return FALSE;
  g_assert_cmpint (status, ==, PINION_IMAP_FRAMER_RESPONSE);

  return pinion_imap_response_parse (response, framer, error);
}
