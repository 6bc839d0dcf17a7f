/* SPDX-License-Identifier: GPL-3.0-or-later */

/* UID sets (RFC 3501, sequence-set): what a strict reader accepts, and nothing else; the same UIDs
 * as a table of all small ones has; pieces that keep their bounds and are the set again. */

#include "fuzz-imap.h"
#include "pinion-imap-uid-set.h"

#define SMALL 512

/* seq-number, "*" being the largest UID; 0 where it is none. */
static guint64
read_number (StrictReader *strict)
{
  guint64 number = strict_accept (strict, "*") ? PINION_UID_MAX : strict_number (strict);

  strict->good = strict->good && number != 0;

  return number;
}

/* Reads the set into @table.  Returns: whether it is one. */
static gboolean
read_strictly (const guint8 *data,
               gsize         size,
               gboolean      table[SMALL])
{
  StrictReader strict = { data, data + size, TRUE };

  do
    {
      guint64 first = read_number (&strict);
      guint64 last = strict_accept (&strict, ":") ? read_number (&strict) : first;

      for (guint64 uid = MIN (first, last); uid <= MAX (first, last) && uid < SMALL; uid++)
        table[uid] = TRUE;
    }
  while (strict.good && strict_accept (&strict, ","));

  return strict.good && strict.at == strict.end;
}

static void
check_ranges (const PinionUidSet *set)
{
  gsize n_ranges;
  const PinionUidRange *ranges = pinion_uid_set_get_ranges (set, &n_ranges);
  guint64 size = 0;

  for (gsize i = 0; i < n_ranges; i++)
    {
      g_assert_cmpuint (ranges[i].first, >, i > 0 ? (guint64) ranges[i - 1].last + 1 : 0);
      g_assert_cmpuint (ranges[i].first, <=, ranges[i].last);
      size += (guint64) ranges[i].last - ranges[i].first + 1;
    }
  g_assert_cmpuint (pinion_uid_set_get_size (set), ==, size);
  g_assert_cmpint (pinion_uid_set_is_empty (set), ==, n_ranges == 0);
}

static void
check_same (const PinionUidSet *one,
            const PinionUidSet *other)
{
  g_autofree char *a = pinion_uid_set_to_string (one);
  g_autofree char *b = pinion_uid_set_to_string (other);

  g_assert_cmpstr (a, ==, b);
}

static void
check_pieces (const PinionUidSet *set,
              gsize               max_bytes,
              guint               max_uids)
{
  g_autoptr (GPtrArray) pieces = NULL;
  g_autoptr (PinionUidSet) all = pinion_uid_set_new ();

  /* As many pieces as that are no test of anything. */
  if (max_uids > 0 && pinion_uid_set_get_size (set) / max_uids > 1000)
    return;

  pieces = pinion_uid_set_split_sets (set, max_bytes, max_uids);
  for (guint i = 0; i < pieces->len; i++)
    {
      const PinionUidSet *piece = g_ptr_array_index (pieces, i);
      g_autofree char *text = pinion_uid_set_to_string (piece);
      gsize n_ranges;
      const PinionUidRange *ranges = pinion_uid_set_get_ranges (piece, &n_ranges);

      g_assert_cmpuint (n_ranges, >, 0);
      g_assert_true (strlen (text) <= max_bytes || n_ranges == 1);
      if (max_uids > 0 && ranges[n_ranges - 1].last != PINION_UID_MAX)
        g_assert_cmpuint (pinion_uid_set_get_size (piece), <=, max_uids);
      for (gsize j = 0; j < n_ranges; j++)
        pinion_uid_set_add_range (all, ranges[j].first, ranges[j].last);
    }
  check_same (set, all);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  guint8 bounds = fuzz_input_byte (&input);
  gboolean table[SMALL] = { FALSE };
  gboolean strict = read_strictly (input.data, input.left, table);
  g_autoptr (PinionUidSet) set = NULL;
  g_autoptr (PinionUidSet) again = NULL;
  g_autofree char *text = NULL;

  set = pinion_uid_set_parse (input.data != NULL ? (const char *) input.data : "",
                              (gssize) input.left);
  g_assert_cmpint (set != NULL, ==, strict);
  if (set == NULL)
    return 0;

  check_ranges (set);
  for (guint uid = 0; uid < SMALL; uid++)
    g_assert_cmpint (pinion_uid_set_contains (set, uid), ==, table[uid]);

  text = pinion_uid_set_to_string (set);
  again = pinion_uid_set_parse (text, -1);
  check_same (set, again);
  check_pieces (set, 1 + bounds % 40, bounds / 16);

  return 0;
}
