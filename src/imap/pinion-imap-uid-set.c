/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-uid-set.h"

#include <stdlib.h>
#include <string.h>

struct _PinionUidSet
{
  guint ref_count;
  GArray *ranges;
};

G_DEFINE_BOXED_TYPE (PinionUidSet, pinion_uid_set, pinion_uid_set_ref, pinion_uid_set_unref)

static inline PinionUidRange *
range_at (const PinionUidSet *self,
          guint               index)
{
  return &g_array_index (self->ranges, PinionUidRange, index);
}

/* The first range that does not end before @uid. */
static guint
find_range (const PinionUidSet *self,
            guint32             uid)
{
  guint low = 0;
  guint high = self->ranges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (range_at (self, middle)->last < uid)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

PinionUidSet *
pinion_uid_set_new (void)
{
  PinionUidSet *self = g_new0 (PinionUidSet, 1);

  self->ref_count = 1;
  self->ranges = g_array_new (FALSE, FALSE, sizeof (PinionUidRange));

  return self;
}

PinionUidSet *
pinion_uid_set_new_all (void)
{
  return pinion_uid_set_new_range (1, PINION_UID_MAX);
}

PinionUidSet *
pinion_uid_set_new_range (guint32 first,
                          guint32 last)
{
  PinionUidSet *self = pinion_uid_set_new ();

  pinion_uid_set_add_range (self, first, last);

  return self;
}

static int
compare_uids (gconstpointer a,
              gconstpointer b)
{
  guint32 one = *(const guint32 *) a;
  guint32 other = *(const guint32 *) b;

  return (one > other) - (one < other);
}

PinionUidSet *
pinion_uid_set_new_from_array (const guint32 *uids,
                               gsize          n_uids)
{
  PinionUidSet *self = pinion_uid_set_new ();
  g_autofree guint32 *sorted = g_memdup2 (uids, n_uids * sizeof (guint32));

  /* Adding at the end is cheap, adding at the front is not. */
  if (n_uids > 1)
    qsort (sorted, n_uids, sizeof (guint32), compare_uids);
  for (gsize i = 0; i < n_uids; i++)
    pinion_uid_set_add (self, sorted[i]);

  return self;
}

static int
compare_ranges (gconstpointer a,
                gconstpointer b)
{
  return compare_uids (&((const PinionUidRange *) a)->first, &((const PinionUidRange *) b)->first);
}

PinionUidSet *
pinion_uid_set_new_from_ranges (const PinionUidRange *ranges,
                                gsize                 n_ranges)
{
  PinionUidSet *self = pinion_uid_set_new ();
  g_autofree PinionUidRange *sorted = g_memdup2 (ranges, n_ranges * sizeof (PinionUidRange));

  /* As above: what a stranger wrote down backwards must not take the square of its length. */
  for (gsize i = 0; i < n_ranges; i++)
    sorted[i] = (PinionUidRange){ MIN (ranges[i].first, ranges[i].last),
                                  MAX (ranges[i].first, ranges[i].last) };
  if (n_ranges > 1)
    qsort (sorted, n_ranges, sizeof (PinionUidRange), compare_ranges);
  for (gsize i = 0; i < n_ranges; i++)
    pinion_uid_set_add_range (self, sorted[i].first, sorted[i].last);

  return self;
}

PinionUidSet *
pinion_uid_set_ref (PinionUidSet *self)
{
  self->ref_count++;

  return self;
}

void
pinion_uid_set_unref (PinionUidSet *self)
{
  if (--self->ref_count > 0)
    return;

  g_array_unref (self->ranges);
  g_free (self);
}

void
pinion_uid_set_add (PinionUidSet *self,
                    guint32       uid)
{
  pinion_uid_set_add_range (self, uid, uid);
}

void
pinion_uid_set_add_range (PinionUidSet *self,
                          guint32       first,
                          guint32       last)
{
  PinionUidRange added = { MIN (first, last), MAX (first, last) };
  guint from;
  guint to;

  if (added.first == 0)
    added.first = 1;
  if (added.last == 0)
    return;

  /* All ranges that touch or overlap the new one melt into it. */
  from = find_range (self, added.first - 1);
  for (to = from; to < self->ranges->len; to++)
    {
      const PinionUidRange *range = range_at (self, to);

      if (added.last != PINION_UID_MAX && range->first > added.last + 1)
        break;
      added.first = MIN (added.first, range->first);
      added.last = MAX (added.last, range->last);
    }

  if (to == from)
    {
      g_array_insert_val (self->ranges, from, added);
      return;
    }

  *range_at (self, from) = added;
  if (to - from > 1)
    g_array_remove_range (self->ranges, from + 1, to - from - 1);
}

gboolean
pinion_uid_set_contains (const PinionUidSet *self,
                         guint32             uid)
{
  guint index = find_range (self, uid);

  return uid != 0 && index < self->ranges->len && range_at (self, index)->first <= uid;
}

gboolean
pinion_uid_set_is_empty (const PinionUidSet *self)
{
  return self->ranges->len == 0;
}

PinionUidSet *
pinion_uid_set_intersect (const PinionUidSet *self,
                          const PinionUidSet *other)
{
  PinionUidSet *both = pinion_uid_set_new ();

  for (guint i = 0, j = 0; i < self->ranges->len && j < other->ranges->len;)
    {
      const PinionUidRange *one = range_at (self, i);
      const PinionUidRange *two = range_at (other, j);

      if (one->first <= two->last && two->first <= one->last)
        pinion_uid_set_add_range (both, MAX (one->first, two->first), MIN (one->last, two->last));
      if (one->last < two->last)
        i++;
      else
        j++;
    }

  return both;
}

guint64
pinion_uid_set_get_size (const PinionUidSet *self)
{
  guint64 size = 0;

  for (guint i = 0; i < self->ranges->len; i++)
    size += (guint64) range_at (self, i)->last - range_at (self, i)->first + 1;

  return size;
}

const PinionUidRange *
pinion_uid_set_get_ranges (const PinionUidSet *self,
                           gsize              *n_ranges)
{
  *n_ranges = self->ranges->len;

  return (const PinionUidRange *) (gconstpointer) self->ranges->data;
}

static void
append_range (GString              *out,
              const PinionUidRange *range)
{
  if (out->len > 0)
    g_string_append_c (out, ',');

  if (range->first == PINION_UID_MAX)
    g_string_append_c (out, '*');
  else
    g_string_append_printf (out, "%u", range->first);

  if (range->first == range->last)
    return;

  if (range->last == PINION_UID_MAX)
    g_string_append (out, ":*");
  else
    g_string_append_printf (out, ":%u", range->last);
}

char *
pinion_uid_set_to_string (const PinionUidSet *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < self->ranges->len; i++)
    append_range (out, range_at (self, i));

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static guint
text_length (const PinionUidRange *range)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_range (out, range);

  return out->len + 1;
}

GPtrArray *
pinion_uid_set_split_sets (const PinionUidSet *self,
                           gsize               max_bytes,
                           guint               max_uids)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_uid_set_unref);
  PinionUidSet *piece = NULL;
  gsize n_bytes = 0;
  guint64 n_uids = 0;

  for (guint i = 0; i < self->ranges->len; i++)
    {
      PinionUidRange rest = *range_at (self, i);
      gboolean more = TRUE;

      while (more)
        {
          PinionUidRange part = rest;
          guint64 room;

          if (piece == NULL || n_bytes + text_length (&rest) > max_bytes ||
              (max_uids > 0 && n_uids >= max_uids))
            {
              piece = pinion_uid_set_new ();
              g_ptr_array_add (pieces, piece);
              n_bytes = 0;
              n_uids = 0;
            }

          room = max_uids > 0 ? max_uids - n_uids : G_MAXUINT64;
          if (rest.last != PINION_UID_MAX && (guint64) rest.last - rest.first >= room)
            part.last = (guint32) (rest.first + room - 1);

          g_array_append_val (piece->ranges, part);
          n_bytes += text_length (&part);
          n_uids += (guint64) part.last - part.first + 1;
          more = part.last != rest.last;
          rest.first = part.last + 1;
        }
    }

  return pieces;
}

GStrv
pinion_uid_set_split (const PinionUidSet *self,
                      gsize               max_bytes,
                      guint               max_uids)
{
  g_autoptr (GPtrArray) pieces = pinion_uid_set_split_sets (self, max_bytes, max_uids);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < pieces->len; i++)
    g_strv_builder_take (builder, pinion_uid_set_to_string (g_ptr_array_index (pieces, i)));

  return g_strv_builder_end (builder);
}

/* A number or "*"; 0 where there is neither. */
static guint32
parse_number (const char **at,
              const char  *end)
{
  guint64 value = 0;
  const char *start = *at;

  if (*at < end && **at == '*')
    {
      (*at)++;
      return PINION_UID_MAX;
    }

  for (; *at < end && g_ascii_isdigit (**at); (*at)++)
    {
      value = value * 10 + (guint) (**at - '0');
      if (value > G_MAXUINT32)
        return 0;
    }

  return *at > start ? (guint32) value : 0;
}

PinionUidSet *
pinion_uid_set_parse (const char *text,
                      gssize      length)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (PinionUidRange));
  const char *at = text;
  const char *end = text + (length < 0 ? strlen (text) : (gsize) length);

  do
    {
      PinionUidRange range;

      if (ranges->len > 0)
        at++;

      range.first = range.last = parse_number (&at, end);
      if (at < end && *at == ':')
        {
          at++;
          range.last = parse_number (&at, end);
        }
      if (range.first == 0 || range.last == 0)
        return NULL;

      g_array_append_val (ranges, range);
    }
  while (at < end && *at == ',');

  if (at != end)
    return NULL;

  return pinion_uid_set_new_from_ranges ((const PinionUidRange *) (gconstpointer) ranges->data,
                                         ranges->len);
}

GArray *
pinion_uid_set_to_array (const PinionUidSet *self,
                         gsize               most)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->ranges->len; i++)
    {
      const PinionUidRange *range = range_at (self, i);

      for (guint64 uid = range->first; uid <= range->last && uids->len < most; uid++)
        {
          guint32 value = (guint32) uid;

          g_array_append_val (uids, value);
        }
    }

  return uids;
}
