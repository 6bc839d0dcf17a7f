/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When messages came (INTERNALDATE), of those that were listed without: the history range and the order of the
 * bodies go by it, and the list where the sender's date cannot be believed.  The store knows which ones, so
 * that none is forgotten when the program ends. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"

#define DATES_AT_ONCE 4000

void
pinion_sync_dates_forget (PinionSync *self)
{
  g_array_set_size (self->undated, 0);
  self->next_undated = 0;
  self->looked_for_undated = FALSE;
}

static DexFuture *
read_undated (PinionStoreSession *session,
              gpointer            data)
{
  PinionSync *self = data;

  g_array_unref (self->undated);
  self->undated = pinion_store_undated_list (session, self->account->id);

  return dex_future_new_true ();
}

static DexFuture *
store_dates (PinionStoreSession *session,
             gpointer            data)
{
  GArray *dated = data;

  pinion_store_undated_settle (session, (PinionStoreUndated *) dated->data, dated->len);

  return dex_future_new_true ();
}

static gboolean
look (PinionSync *self,
      GError    **error)
{
  if (self->looked_for_undated)
    return TRUE;

  pinion_sync_dates_forget (self);
  self->looked_for_undated = TRUE;

  return pinion_sync_finish_headers (self, error)
         && pinion_sync_read (self, read_undated, self, error);
}

/* The next ones, all of one folder.  Returns: how many */
static guint
count_next (PinionSync *self)
{
  const PinionStoreUndated *first
    = &g_array_index (self->undated, PinionStoreUndated, self->next_undated);
  guint left = self->undated->len - self->next_undated;
  guint n = 0;

  while (n < MIN (left, DATES_AT_ONCE) && first[n].folder_id == first->folder_id)
    n++;

  return n;
}

/* What the server does not answer for was moved, or removed, or is broken: it stays undated, and is looked
 * for where it is next time. */
static gboolean
take_dates (PinionSync *self,
            GArray     *chunk,
            GArray     *found,
            GError    **error)
{
  g_autoptr (GHashTable) dates = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) dated = g_array_new (FALSE, FALSE, sizeof (PinionStoreUndated));

  for (guint i = 0; i < found->len; i++)
    {
      PinionImapUidDate *one = &g_array_index (found, PinionImapUidDate, i);
      g_hash_table_insert (dates, GUINT_TO_POINTER (one->uid), &one->date);
    }
  for (guint i = 0; i < chunk->len; i++)
    {
      PinionStoreUndated one = g_array_index (chunk, PinionStoreUndated, i);
      const gint64 *date = g_hash_table_lookup (dates, GUINT_TO_POINTER (one.uid));

      if (date == NULL)
        continue;
      one.received = *date != G_MININT64 ? *date : 0;
      g_array_append_val (dated, one);
    }

  return pinion_sync_write (self, store_dates, dated, error);
}

static gboolean
ask_dates (PinionSync       *self,
           PinionSyncFolder *folder,
           GArray           *chunk,
           GError          **error)
{
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  guint generation = folder->generation;

  for (guint i = 0; i < chunk->len; i++)
    pinion_uid_set_add (uids, g_array_index (chunk, PinionStoreUndated, i).uid);

  if (!pinion_sync_open_folder (self, folder, error))
    return FALSE;
  /* These UIDs mean nothing any more, and what is to be asked for was forgotten. */
  if (folder->generation != generation)
    return TRUE;

  g_autoptr (GArray) found
    = pinion_await_boxed (pinion_imap_connection_fetch_dates (self->connection, uids), error);

  return found != NULL && take_dates (self, chunk, found, error);
}

gboolean
pinion_sync_dates_step (PinionSync *self,
                        gboolean   *worked,
                        GError    **error)
{
  g_autoptr (GError) refused = NULL;

  if (self->work == PINION_SYNC_WORK_JOURNAL)
    return TRUE;
  if (!look (self, error))
    return FALSE;
  if (self->next_undated >= self->undated->len)
    return TRUE;

  g_autoptr (GArray) chunk = g_array_new (FALSE, FALSE, sizeof (PinionStoreUndated));
  g_array_append_vals (chunk,
                       &g_array_index (self->undated, PinionStoreUndated, self->next_undated),
                       count_next (self));
  PinionSyncFolder *folder
    = pinion_sync_find_folder (self, g_array_index (chunk, PinionStoreUndated, 0).folder_id);

  *worked = TRUE;
  self->next_undated += chunk->len;

  /* What cannot be asked now is asked for when all folders are looked at again. */
  if (folder == NULL || ask_dates (self, folder, chunk, &refused)
      || !pinion_sync_is_fatal (self, refused))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}
