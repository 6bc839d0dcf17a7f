/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BODYSTRUCTURE (RFC 3501, 7.4.2): exactly the list is stepped over, whatever it says. */

#include "fuzz-imap.h"

/* Where the list at @at ends: brackets outside of strings are counted, nothing else. */
static const char *
find_end (const char *at,
          const char *end)
{
  guint depth = 0;

  for (; at < end; at++)
    {
      if (*at == '"')
        {
          for (at++; at < end && *at != '"'; at++)
            at += *at == '\\' && at + 1 < end;
        }
      else if (*at == '(')
        depth++;
      else if (*at == ')' && --depth == 0)
        return at + 1;
    }

  return NULL;
}

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  PinionImapCursor *cursor = &response->cursor;
  const char *end = NULL;

  if (response->kind != PINION_IMAP_RESPONSE_FETCH)
    return;

  /* A literal may hold brackets and quotes. */
  if (cursor->n_literals == 0 && pinion_imap_cursor_peek (cursor) == '(')
    end = find_end (cursor->at, cursor->end);

  pinion_imap_bodystructure_read (cursor);
  if (pinion_imap_cursor_failed (cursor))
    return;

  g_assert_true (cursor->at >= cursor->start && cursor->at <= cursor->end);
  if (end != NULL)
    g_assert_true (cursor->at == end);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  fuzz_imap_each ("* 1 FETCH ", data, size, use, NULL);

  return 0;
}
