/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SEARCH (RFC 3501, 7.2.5): the numbers are those of a strict reader, without zeros; one that is no
 * number makes the whole answer malformed. */

#include "fuzz-imap.h"

typedef struct
{
  gboolean strict;
  GArray *numbers;
} Expected;

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  Expected *expected = user_data;

  if (response->kind != PINION_IMAP_RESPONSE_SEARCH)
    return;

  for (guint i = 0; i < response->numbers->len; i++)
    g_assert_cmpuint (g_array_index (response->numbers, guint32, i), !=, 0);

  if (!expected->strict)
    return;
  g_assert_cmpmem (response->numbers->data, response->numbers->len * sizeof (guint32),
                   expected->numbers->data, expected->numbers->len * sizeof (guint32));
  expected->strict = FALSE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  StrictReader strict = { data, data + size, TRUE };
  Expected expected = { .numbers = g_array_new (FALSE, FALSE, sizeof (guint32)) };

  while (strict.good && strict_accept (&strict, " "))
    {
      guint32 number = (guint32) strict_number (&strict);

      if (number != 0)
        g_array_append_val (expected.numbers, number);
    }
  expected.strict = strict.good && strict.at == strict.end;

  fuzz_imap_each ("* SEARCH", data, size, use, &expected);
  g_assert_false (expected.strict);
  g_array_unref (expected.numbers);

  return 0;
}
