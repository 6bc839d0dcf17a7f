/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-changes.h"

G_DEFINE_BOXED_TYPE (PinionStoreChanges,
                     pinion_store_changes,
                     pinion_store_changes_ref,
                     pinion_store_changes_unref)

static GArray *
copy_ids (GArray *ids)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (gint64), ids->len);

  g_array_append_vals (copy, ids->data, ids->len);
  pinion_store_ids_settle (copy);

  return copy;
}

PinionStoreChanges *
pinion_store_changes_new (PinionStoreSession *session)
{
  gboolean is_empty = session->views->len == 0 && session->threads->len == 0
                      && session->messages->len == 0 && !session->accounts && !session->folders
                      && !session->operations && !session->outbox;
  if (is_empty)
    return NULL;

  PinionStoreChanges *self = g_atomic_rc_box_new0 (PinionStoreChanges);

  self->views = copy_ids (session->views);
  self->threads = copy_ids (session->threads);
  self->messages = copy_ids (session->messages);
  self->arrived = copy_ids (session->arrived);
  self->accounts = session->accounts;
  self->folders = session->folders;
  self->operations = session->operations;
  self->outbox = session->outbox;

  return self;
}

PinionStoreChanges *
pinion_store_changes_new_everything (void)
{
  PinionStoreChanges *self = g_atomic_rc_box_new0 (PinionStoreChanges);

  self->views = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->arrived = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->accounts = TRUE;
  self->folders = TRUE;
  self->operations = TRUE;
  self->outbox = TRUE;
  self->everything = TRUE;

  return self;
}

static void
clear (gpointer data)
{
  PinionStoreChanges *self = data;

  g_array_unref (self->views);
  g_array_unref (self->threads);
  g_array_unref (self->messages);
  g_array_unref (self->arrived);
}

PinionStoreChanges *
pinion_store_changes_ref (PinionStoreChanges *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_changes_unref (PinionStoreChanges *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

gboolean
pinion_store_ids_contain (GArray *ids,
                          gint64  id)
{
  guint low = 0;
  guint high = ids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (ids, gint64, middle) < id)
        low = middle + 1;
      else
        high = middle;
    }

  return low < ids->len && g_array_index (ids, gint64, low) == id;
}
