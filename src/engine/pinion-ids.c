/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-conversation-private.h"

#include <string.h>

static gint64
id_at (GArray *ids,
       guint   index)
{
  return g_array_index (ids, gint64, index);
}

static GHashTable *
make_set (GArray *ids,
          guint   first,
          guint   end)
{
  GHashTable *set = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = first; i < end; i++)
    g_hash_table_add (set, &g_array_index (ids, gint64, i));

  return set;
}

/* Marks what of old stays where it is: what is in both and was not overtaken.  Greedy: where the two
 * disagree, the one that comes first in @now is taken to have moved up, as new mail makes it. */
static GHashTable *
find_staying (GArray *old,
              guint   first,
              guint   old_end,
              GArray *now,
              guint   now_end)
{
  g_autoptr (GHashTable) in_old = make_set (old, first, old_end);
  g_autoptr (GHashTable) in_now = make_set (now, first, now_end);
  g_autoptr (GHashTable) moved = g_hash_table_new (g_int64_hash, g_int64_equal);
  GHashTable *staying = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint i = first;

  for (guint j = first; j < now_end; j++)
    {
      gint64 *id = &g_array_index (now, gint64, j);

      while (i < old_end
             && (!g_hash_table_contains (in_now, &g_array_index (old, gint64, i))
                 || g_hash_table_contains (moved, &g_array_index (old, gint64, i))))
        i++;

      if (i < old_end && id_at (old, i) == *id)
        {
          g_hash_table_add (staying, id);
          i++;
        }
      else if (g_hash_table_contains (in_old, id))
        {
          g_hash_table_add (moved, id);
        }
    }

  return staying;
}

static void
remove_gone (GArray          *ids,
             guint            first,
             guint            end,
             GHashTable      *staying,
             PinionSpliceFunc func,
             gpointer         user_data)
{
  guint i = end;

  while (i > first)
    {
      guint run = 0;

      while (i - run > first
             && !g_hash_table_contains (staying, &g_array_index (ids, gint64, i - run - 1)))
        run++;

      if (run > 0)
        {
          g_array_remove_range (ids, i - run, run);
          func (i - run, run, 0, user_data);
          i -= run;
        }
      else
        {
          i--;
        }
    }
}

static void
insert_new (GArray          *ids,
            GArray          *now,
            guint            first,
            guint            end,
            GHashTable      *staying,
            PinionSpliceFunc func,
            gpointer         user_data)
{
  guint i = first;

  while (i < end)
    {
      guint run = 0;

      while (i + run < end
             && !g_hash_table_contains (staying, &g_array_index (now, gint64, i + run)))
        run++;

      if (run > 0)
        {
          g_array_insert_vals (ids, i, &g_array_index (now, gint64, i), run);
          func (i, 0, run, user_data);
          i += run;
        }
      else
        {
          i++;
        }
    }
}

void
pinion_ids_become (GArray          *ids,
                   GArray          *now,
                   PinionSpliceFunc func,
                   gpointer         user_data)
{
  guint first = 0;
  guint old_end = ids->len;
  guint now_end = now->len;

  while (first < MIN (old_end, now_end) && id_at (ids, first) == id_at (now, first))
    first++;
  while (old_end > first && now_end > first
         && id_at (ids, old_end - 1) == id_at (now, now_end - 1))
    {
      old_end--;
      now_end--;
    }

  if (first == old_end || first == now_end)
    {
      guint removed = old_end - first;
      guint added = now_end - first;

      if (removed > 0)
        g_array_remove_range (ids, first, removed);
      if (added > 0)
        g_array_insert_vals (ids, first, &g_array_index (now, gint64, first), added);
      if (removed + added > 0)
        func (first, removed, added, user_data);
      return;
    }

  g_autoptr (GHashTable) staying = find_staying (ids, first, old_end, now, now_end);
  remove_gone (ids, first, old_end, staying, func, user_data);
  insert_new (ids, now, first, now_end, staying, func, user_data);
}
