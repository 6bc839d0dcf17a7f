/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-listing.h"

#include "pinion-date-runs.h"

typedef enum
{
  LEAVING = 1,
  LEFT,
  LEFT_AND_READ,
} State;

/* @states: State by id. */
struct _PinionLeaving
{
  GHashTable *states;
};

PinionListing *
pinion_listing_new (void)
{
  PinionListing *self = g_new (PinionListing, 1);

  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->runs = g_array_new (FALSE, FALSE, sizeof (PinionDateRun));

  return self;
}

void
pinion_listing_free (PinionListing *self)
{
  g_array_unref (self->ids);
  g_array_unref (self->runs);
  g_free (self);
}

PinionListing *
pinion_listing_copy (GArray *ids,
                     GArray *runs)
{
  PinionListing *self = pinion_listing_new ();

  g_array_append_vals (self->ids, ids->data, ids->len);
  g_array_append_vals (self->runs, runs->data, runs->len);

  return self;
}

void
pinion_listing_append (PinionListing *self,
                       gint64         id,
                       int            section)
{
  g_array_append_val (self->ids, id);
  pinion_date_runs_append (self->runs, section, 1);
}

/* -- What is acted on ----------------------------------------------------------------------- */

PinionLeaving *
pinion_leaving_new (void)
{
  PinionLeaving *self = g_new (PinionLeaving, 1);

  self->states = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return self;
}

void
pinion_leaving_free (PinionLeaving *self)
{
  g_hash_table_unref (self->states);
  g_free (self);
}

static void
set_state (PinionLeaving *self,
           gint64         id,
           State          state)
{
  g_hash_table_insert (self->states, g_memdup2 (&id, sizeof id), GINT_TO_POINTER (state));
}

void
pinion_leaving_add (PinionLeaving *self,
                    const gint64  *ids,
                    guint          n_ids)
{
  for (guint i = 0; i < n_ids; i++)
    set_state (self, ids[i], LEAVING);
}

void
pinion_leaving_settle (PinionLeaving *self,
                       const gint64  *ids,
                       guint          n_ids)
{
  for (guint i = 0; i < n_ids; i++)
    if (g_hash_table_contains (self->states, &ids[i]))
      set_state (self, ids[i], LEFT);
}

void
pinion_leaving_begin_reading (PinionLeaving *self)
{
  GHashTableIter iter;
  gpointer state;

  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    if (GPOINTER_TO_INT (state) == LEFT)
      g_hash_table_iter_replace (&iter, GINT_TO_POINTER (LEFT_AND_READ));
}

void
pinion_leaving_end_reading (PinionLeaving *self)
{
  GHashTableIter iter;
  gpointer state;

  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    if (GPOINTER_TO_INT (state) == LEFT_AND_READ)
      g_hash_table_iter_remove (&iter);
}

guint
pinion_leaving_apply (PinionLeaving *self,
                      PinionListing *listing)
{
  guint gaps = 0;
  gboolean in_gap = FALSE;
  guint start, end = 0;
  int section = PINION_DATE_NONE;

  if (g_hash_table_size (self->states) == 0)
    return 0;

  PinionListing *rest = pinion_listing_new ();
  for (guint i = 0; i < listing->ids->len; i++)
    {
      gint64 id = g_array_index (listing->ids, gint64, i);
      gboolean leaves = g_hash_table_contains (self->states, &id);

      gaps += leaves && !in_gap ? 1 : 0;
      in_gap = leaves;
      if (leaves)
        continue;
      if (i >= end)
        section = pinion_date_runs_find (listing->runs, i, &start, &end);
      pinion_listing_append (rest, id, section);
    }

  PinionListing all = *listing;
  *listing = *rest;
  *rest = all;
  pinion_listing_free (rest);

  return gaps;
}
