/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-session.h"

#include "pinion-store-changes.h"
#include "pinion-store-counters.h"
#include "pinion-store-database.h"
#include "pinion-store-file-queue.h"
#include "pinion-store-rescue.h"

/* How long a reader is waited for before the log is emptied. */
#define FORGET_MILLISECONDS 2000

PinionStoreSession *
pinion_store_session_new (PinionStore *store,
                          sqlite3     *db,
                          gboolean     is_writer)
{
  PinionStoreSession *self = g_new0 (PinionStoreSession, 1);

  self->store = store;
  self->db = db;
  self->is_writer = is_writer;
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) sqlite3_finalize);
  self->dirty = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->newcomers = g_array_new (FALSE, FALSE, sizeof (PinionStoreNewcomer));
  self->unquiet = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->references = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->views = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->arrived = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

void
pinion_store_session_free (PinionStoreSession *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  g_clear_error (&self->error);
  g_array_unref (self->dirty);
  g_array_unref (self->newcomers);
  g_hash_table_unref (self->unquiet);
  g_hash_table_unref (self->references);
  g_array_unref (self->views);
  g_array_unref (self->threads);
  g_array_unref (self->messages);
  g_array_unref (self->arrived);
  g_free (self);
}

PinionStore *
pinion_store_session_get_store (PinionStoreSession *session)
{
  return session->store;
}

void
pinion_store_session_fail (PinionStoreSession *session,
                           PinionErrorCode     code,
                           const char         *format,
                           ...)
{
  if (session->error != NULL)
    return;

  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);

  session->error = pinion_error_new (code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s", text);
}

gboolean
pinion_store_session_has_failed (PinionStoreSession *session)
{
  return session->error != NULL;
}

static void
add_id (GArray *ids,
        gint64  id)
{
  if (ids->len == 0 || g_array_index (ids, gint64, ids->len - 1) != id)
    g_array_append_val (ids, id);
}

void
pinion_store_session_grow (PinionStoreSession *session,
                           gint64              thread_id)
{
  add_id (session->dirty, thread_id);
  add_id (session->threads, thread_id);
}

void
pinion_store_session_dirty (PinionStoreSession *session,
                            gint64              thread_id)
{
  if (session->new_threads != 0 && thread_id >= session->new_threads)
    g_hash_table_add (session->unquiet, g_memdup2 (&thread_id, sizeof thread_id));
  pinion_store_session_grow (session, thread_id);
}

void
pinion_store_session_clean (PinionStoreSession *session)
{
  g_array_set_size (session->dirty, 0);
  session->new_threads = 0;
  session->n_threaded = 0;
  g_array_set_size (session->newcomers, 0);
  g_hash_table_remove_all (session->unquiet);
  g_hash_table_remove_all (session->references);
}

void
pinion_store_session_touch (PinionStoreSession *session,
                            gint64              thread_id,
                            gint64              message_id)
{
  add_id (session->threads, thread_id);
  add_id (session->messages, message_id);
}

void
pinion_store_session_touch_view (PinionStoreSession *session,
                                 gint64              view_id)
{
  add_id (session->views, view_id);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

void
pinion_store_ids_settle (GArray *ids)
{
  guint n = 0;

  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (n == 0 || g_array_index (ids, gint64, n - 1) != id)
        g_array_index (ids, gint64, n++) = id;
    }
  g_array_set_size (ids, n);
}

static void
reset (PinionStoreSession *self)
{
  g_clear_error (&self->error);
  self->now = g_get_real_time () / G_USEC_PER_SEC;
  self->durable = FALSE;
  self->rescue = FALSE;
  self->forgets = FALSE;
  self->accounts = FALSE;
  self->folders = FALSE;
  self->operations = FALSE;
  self->outbox = FALSE;
  pinion_store_session_clean (self);
  g_array_set_size (self->views, 0);
  g_array_set_size (self->threads, 0);
  g_array_set_size (self->messages, 0);
  g_array_set_size (self->arrived, 0);
}

static void
begin (PinionStoreSession *self)
{
  reset (self);
  if (self->is_writer)
    pinion_sql_run (self, "BEGIN IMMEDIATE");
  else
    pinion_sql_run (self, "BEGIN");
}

static void
roll_back (PinionStoreSession *self)
{
  /* SQLite may have rolled back by itself, then there is no transaction any more. */
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);

  if (self->is_broken)
    pinion_store_database_mark_broken (pinion_store_get_dir (self->store));
}

/* Returns: (nullable) (transfer full): the error, and then nothing of it is left. */
static GError *
end (PinionStoreSession *self)
{
  g_autofree char *rescue = NULL;

  if (self->is_writer)
    {
      pinion_store_counters_update (self);
      if (self->rescue)
        rescue = pinion_store_rescue_dup_text (self);
    }

  pinion_sql_run (self, "COMMIT");
  if (self->error != NULL)
    {
      roll_back (self);
      return g_steal_pointer (&self->error);
    }

  if (self->durable)
    pinion_store_database_flush (pinion_store_get_dir (self->store));
  if (rescue != NULL)
    pinion_store_rescue_write (pinion_store_get_dir (self->store), rescue);

  return NULL;
}

/* Overwritten in the database, it still stands in the write-ahead log, which is brought in and
 * emptied. Where somebody reads for long, that happens with the next one, at the latest when the
 * store is closed. */
static void
empty_log (PinionStoreSession *self)
{
  sqlite3_busy_timeout (self->db, FORGET_MILLISECONDS);
  sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (self->db, PINION_STORE_BUSY_MILLISECONDS);
}

DexFuture *
pinion_store_session_run (PinionStoreSession  *self,
                          PinionStoreFunc      func,
                          gpointer             data,
                          PinionStoreChanges **changes)
{
  g_autoptr (GError) error = NULL;
  DexFuture *result = NULL;

  begin (self);
  if (self->error == NULL)
    result = func (self, data);

  if (self->error == NULL && result != NULL)
    dex_future_get_value (result, &self->error);

  error = end (self);
  if (error != NULL)
    {
      dex_clear (&result);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (self->is_writer)
    {
      gboolean forgets = self->forgets;

      *changes = pinion_store_changes_new (self);
      pinion_store_file_queue_run (self);
      if (forgets)
        empty_log (self);
    }

  return result != NULL ? result : dex_future_new_true ();
}

GError *
pinion_store_session_work (PinionStoreSession *self,
                           PinionStoreWork     work,
                           gpointer            data)
{
  begin (self);
  if (self->error == NULL)
    work (self, data);

  return end (self);
}
