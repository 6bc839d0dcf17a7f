/* SPDX-License-Identifier: GPL-3.0-or-later */

/* STATUS (RFC 3501, 7.2.4): name and numbers as a strict reader finds them. */

#include "fuzz-imap.h"

typedef struct
{
  gboolean strict;
  GByteArray *name;
  PinionImapStatus status;
} Expected;

static void
use (PinionImapResponse *response,
     gpointer            user_data)
{
  if (response->kind == PINION_IMAP_RESPONSE_STATUS)
    fuzz_imap_assert_inside (response, &response->name);
}

static void
compare (PinionImapResponse *response,
         gpointer            user_data)
{
  Expected *expected = user_data;

  g_assert_cmpint (response->kind, ==, PINION_IMAP_RESPONSE_STATUS);
  g_assert_cmpmem (response->name.data, response->name.length, expected->name->data,
                   expected->name->len);
  g_assert_cmpmem (&response->status, sizeof response->status, &expected->status,
                   sizeof expected->status);
  expected->strict = FALSE;
}

static void
read_item (StrictReader     *strict,
           PinionImapStatus *status)
{
  guint32 other;
  guint32 *target = &other;
  guint64 number;

  if (strict_accept (strict, "MESSAGES "))
    target = &status->messages;
  else if (strict_accept (strict, "UNSEEN "))
    target = &status->unseen;
  else if (strict_accept (strict, "UIDNEXT "))
    target = &status->uidnext;
  else if (strict_accept (strict, "UIDVALIDITY "))
    target = &status->uidvalidity;
  else
    strict_expect (strict, "RECENT ");

  number = strict_number (strict);
  *target = (guint32) number;
}

/* "STATUS" SP mailbox SP "(" [status-att-list] ")" */
static void
read_strictly (StrictReader *strict,
               Expected     *expected)
{
  expected->name = strict_astring (strict);
  strict_expect (strict, " (");
  while (strict->good && !strict_accept (strict, ")"))
    {
      read_item (strict, &expected->status);
      if (strict->at < strict->end && *strict->at != ')')
        strict_expect (strict, " ");
    }
  expected->strict = strict->good && strict->at == strict->end;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  StrictReader strict = { data, data + size, TRUE };
  Expected expected = { 0 };

  fuzz_imap_each ("* STATUS ", data, size, use, NULL);

  read_strictly (&strict, &expected);
  if (expected.strict)
    {
      fuzz_imap_each ("* STATUS ", data, size, compare, &expected);
      g_assert_false (expected.strict);
    }
  g_byte_array_unref (expected.name);

  return 0;
}
