/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-changes.h"

#include "pinion-store-database.h"
#include "pinion-store-file-queue.h"
#include "pinion-store-poison.h"
#include "pinion-store-rescue.h"
#include "pinion-worker.h"

/* The sessions live on their worker's one thread each; nobody else touches them. */
struct _PinionStore
{
  GObject parent_instance;

  char *dir;
  gboolean was_rebuilt;
  PinionWorker *writer_thread;
  PinionWorker *reader_thread;
  PinionStoreSession *writer;
  PinionStoreSession *reader;
  gint64 data_version;

  GMutex mutex;
  GPtrArray *subscribers;
  guint last_subscriber;
};

typedef struct
{
  guint id;
  PinionStoreChangesFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Subscriber;

typedef struct
{
  PinionStore *store;
  PinionStoreFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Work;

G_DEFINE_FINAL_TYPE (PinionStore, pinion_store, G_TYPE_OBJECT)

static void
subscriber_free (gpointer data)
{
  Subscriber *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/* What outlives the store object until its threads have ended. */
typedef struct
{
  PinionWorker *writer_thread;
  PinionWorker *reader_thread;
  PinionStoreSession *writer;
  PinionStoreSession *reader;
} Remains;

/* Whether this is a thread of a store, which cannot wait for its own end. */
static GPrivate is_store_thread;

static void
end_threads (gpointer data)
{
  Remains *remains = data;

  pinion_worker_free (remains->reader_thread);
  pinion_worker_free (remains->writer_thread);
  pinion_store_session_free (remains->reader);
  pinion_store_session_free (remains->writer);
  g_free (remains);
}

static void
pinion_store_finalize (GObject *object)
{
  PinionStore *self = PINION_STORE (object);
  Remains *remains = g_new0 (Remains, 1);

  remains->writer_thread = self->writer_thread;
  remains->reader_thread = self->reader_thread;
  remains->writer = self->writer;
  remains->reader = self->reader;
  if (g_private_get (&is_store_thread) != NULL)
    pinion_worker_end ("store-end", end_threads, remains);
  else
    end_threads (remains);

  g_ptr_array_unref (self->subscribers);
  g_mutex_clear (&self->mutex);
  g_free (self->dir);

  G_OBJECT_CLASS (pinion_store_parent_class)->finalize (object);
}

static void
pinion_store_class_init (PinionStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_store_finalize;
}

static void
pinion_store_init (PinionStore *self)
{
  g_mutex_init (&self->mutex);
  self->subscribers = g_ptr_array_new_with_free_func (subscriber_free);
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void
take_up (PinionStoreSession *session,
         gpointer            data)
{
  pinion_store_rescue_restore (session);
  pinion_store_poison_mark (session);
  pinion_store_files_sweep (session);
  session->has_removed_files = pinion_sql_get (session, "SELECT count(*) FROM removed_file") > 0;
}

static gboolean
open_sessions (PinionStore *self,
               GError     **error)
{
  g_autofree char *temp = g_build_filename (self->dir, "tmp", NULL);
  sqlite3 *db = pinion_store_database_open (self->dir, &self->was_rebuilt, error);

  if (db == NULL)
    return FALSE;
  self->writer = pinion_store_session_new (self, db, TRUE);

  db = pinion_store_database_open_reader (self->dir, error);
  if (db == NULL)
    return FALSE;
  self->reader = pinion_store_session_new (self, db, FALSE);

  if (!pinion_store_make_dir (temp, error))
    return FALSE;
  pinion_store_clean_temp (self->dir);

  GError *failure = pinion_store_session_work (self->writer, take_up, NULL);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  pinion_store_file_queue_run (self->writer);
  self->data_version = pinion_sql_get (self->writer, "PRAGMA data_version");

  return TRUE;
}

static DexFuture *
open_store (gpointer data)
{
  PinionStore *self = data;
  g_autoptr (GError) error = NULL;

  g_private_set (&is_store_thread, self);
  if (!open_sessions (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_object_ref (self));
}

DexFuture *
pinion_store_open (const char *dir)
{
  PinionStore *self = g_object_new (PINION_TYPE_STORE, NULL);

  g_return_val_if_fail (dir != NULL, NULL);

  self->dir = g_canonicalize_filename (dir, NULL);
  self->writer_thread = pinion_worker_new ("store-writer", 1);
  self->reader_thread = pinion_worker_new ("store-reader", 1);

  return pinion_worker_run (self->writer_thread, open_store, self, g_object_unref);
}

gboolean
pinion_store_was_rebuilt (PinionStore *self)
{
  return self->was_rebuilt;
}

const char *
pinion_store_get_dir (PinionStore *self)
{
  return self->dir;
}

/* -- Sessions ---------------------------------------------------------------------------------- */

static Work *
work_new (PinionStore    *store,
          PinionStoreFunc func,
          gpointer        data,
          GDestroyNotify  destroy)
{
  Work *self = g_new0 (Work, 1);

  self->store = g_object_ref (store);
  self->func = func;
  self->data = data;
  self->destroy = destroy;

  return self;
}

static void
work_free (gpointer data)
{
  Work *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_object_unref (self->store);
  g_free (self);
}

static void
announce (PinionStore        *self,
          PinionStoreChanges *changes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->subscribers->len; i++)
    {
      Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

      subscriber->func (self, changes, subscriber->user_data);
    }
}

static DexFuture *
reject_closed (void)
{
  return dex_future_new_for_error (pinion_error_new (PINION_ERROR_CANCELLED, PINION_PROTOCOL_NONE,
                                                     PINION_STAGE_NONE, "the store is closed"));
}

static DexFuture *
run_write (gpointer data)
{
  Work *work = data;

  if (work->store->writer == NULL)
    return reject_closed ();

  g_autoptr (PinionStoreChanges) changes = NULL;
  DexFuture *result = pinion_store_session_run (work->store->writer, work->func, work->data,
                                                &changes);

  if (changes != NULL)
    announce (work->store, changes);

  return result;
}

static DexFuture *
run_read (gpointer data)
{
  Work *work = data;

  g_private_set (&is_store_thread, work->store);
  if (work->store->reader == NULL)
    return reject_closed ();

  return pinion_store_session_run (work->store->reader, work->func, work->data, NULL);
}

DexFuture *
pinion_store_write (PinionStore    *self,
                    PinionStoreFunc func,
                    gpointer        data,
                    GDestroyNotify  destroy)
{
  g_return_val_if_fail (PINION_IS_STORE (self), NULL);

  return pinion_worker_run (self->writer_thread, run_write, work_new (self, func, data, destroy),
                            work_free);
}

DexFuture *
pinion_store_read (PinionStore    *self,
                   PinionStoreFunc func,
                   gpointer        data,
                   GDestroyNotify  destroy)
{
  g_return_val_if_fail (PINION_IS_STORE (self), NULL);

  return pinion_worker_run (self->reader_thread, run_read, work_new (self, func, data, destroy),
                            work_free);
}

typedef struct
{
  PinionStore *store;
  GAsyncQueue *done;
} Closing;

static DexFuture *
close_reader (gpointer data)
{
  Closing *closing = data;
  g_autoptr (GAsyncQueue) done = g_async_queue_ref (closing->done);

  g_clear_pointer (&closing->store->reader, pinion_store_session_free);
  g_async_queue_push (done, done);

  return dex_future_new_true ();
}

/* The writer last: only it can bring the write-ahead log into the file. */
static DexFuture *
close_writer (gpointer data)
{
  PinionStore *self = data;
  g_autoptr (GAsyncQueue) done = g_async_queue_new ();
  Closing closing = { self, done };

  dex_unref (pinion_worker_run (self->reader_thread, close_reader, &closing, NULL));
  g_async_queue_pop (done);
  g_clear_pointer (&self->writer, pinion_store_session_free);

  return dex_future_new_true ();
}

DexFuture *
pinion_store_close (PinionStore *self)
{
  g_return_val_if_fail (PINION_IS_STORE (self), NULL);

  return pinion_worker_run (self->writer_thread, close_writer, g_object_ref (self),
                            g_object_unref);
}

/* -- Changes ----------------------------------------------------------------------------------- */

guint
pinion_store_subscribe (PinionStore           *self,
                        PinionStoreChangesFunc func,
                        gpointer               user_data,
                        GDestroyNotify         destroy)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Subscriber *subscriber = g_new0 (Subscriber, 1);

  subscriber->id = ++self->last_subscriber;
  subscriber->func = func;
  subscriber->user_data = user_data;
  subscriber->destroy = destroy;
  g_ptr_array_add (self->subscribers, subscriber);

  return subscriber->id;
}

static Subscriber *
take_subscriber (PinionStore *self,
                 guint        id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < self->subscribers->len; i++)
    {
      Subscriber *subscriber = g_ptr_array_index (self->subscribers, i);

      if (subscriber->id == id)
        return g_ptr_array_steal_index (self->subscribers, i);
    }

  return NULL;
}

void
pinion_store_unsubscribe (PinionStore *self,
                          guint        id)
{
  Subscriber *subscriber = take_subscriber (self, id);

  if (subscriber != NULL)
    subscriber_free (subscriber);
}

static DexFuture *
poll_external (gpointer data)
{
  PinionStore *self = data;
  PinionStoreSession *session = self->writer;

  if (session == NULL)
    return reject_closed ();

  g_clear_error (&session->error);
  gint64 version = pinion_sql_get (session, "PRAGMA data_version");
  if (session->error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&session->error));
  if (version == self->data_version)
    return dex_future_new_false ();

  g_autoptr (PinionStoreChanges) changes = pinion_store_changes_new_everything ();

  self->data_version = version;
  announce (self, changes);

  return dex_future_new_true ();
}

DexFuture *
pinion_store_poll_external (PinionStore *self)
{
  return pinion_worker_run (self->writer_thread, poll_external, g_object_ref (self),
                            g_object_unref);
}
