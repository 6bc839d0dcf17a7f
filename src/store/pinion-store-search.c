/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two threads of search: one that writes the index, one that asks it. */

#include "pinion-store-search-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pinion-words.h"
#include "pinion-worker.h"

/* The index belongs to the writer's thread, the reader to the reader's.  @broken: the file that the
 * reader found unusable, by its inode; NULL where there is none. */
struct _PinionStoreSearch
{
  GObject parent_instance;

  PinionStore *store;
  PinionWorker *writer_thread;
  PinionWorker *reader_thread;
  PinionSearchIndex index;
  PinionStoreSession *reader;
  GStatBuf reader_file;
  gpointer broken;
};

G_DEFINE_FINAL_TYPE (PinionStoreSearch, pinion_store_search, G_TYPE_OBJECT)

typedef struct
{
  PinionWorker *writer_thread;
  PinionWorker *reader_thread;
  PinionStoreSession *reader;
  PinionSearchIndex index;
  PinionStore *store;
} Remains;

/* The last reference may go on one of the object's own threads, which cannot wait for itself. */
static void
end_threads (gpointer data)
{
  Remains *remains = data;

  pinion_worker_free (remains->reader_thread);
  pinion_worker_free (remains->writer_thread);
  pinion_store_session_free (remains->reader);
  pinion_search_index_clear (&remains->index);
  g_object_unref (remains->store);
  g_free (remains);
}

static void
pinion_store_search_finalize (GObject *object)
{
  PinionStoreSearch *self = PINION_STORE_SEARCH (object);
  Remains *remains = g_new0 (Remains, 1);

  remains->writer_thread = self->writer_thread;
  remains->reader_thread = self->reader_thread;
  remains->reader = self->reader;
  remains->index = self->index;
  remains->store = self->store;
  pinion_worker_end ("search-end", end_threads, remains);

  G_OBJECT_CLASS (pinion_store_search_parent_class)->finalize (object);
}

static void
pinion_store_search_class_init (PinionStoreSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_store_search_finalize;
}

static void
pinion_store_search_init (PinionStoreSearch *self)
{
  self->writer_thread = pinion_worker_new_background ("search-writer", 1);
  self->reader_thread = pinion_worker_new ("search-reader", 1);
}

PinionStoreSearch *
pinion_store_search_new (PinionStore *store)
{
  PinionStoreSearch *self = g_object_new (PINION_TYPE_STORE_SEARCH, NULL);

  g_return_val_if_fail (PINION_IS_STORE (store), NULL);

  self->store = g_object_ref (store);
  pinion_search_index_init (&self->index, store);

  return self;
}

/* -- Documents --------------------------------------------------------------------------------- */

void
pinion_store_person_free (PinionStorePerson *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

PinionStoreDocument *
pinion_store_document_new (gint64 message)
{
  PinionStoreDocument *self = g_new0 (PinionStoreDocument, 1);

  self->message = message;
  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_person_free);

  return self;
}

void
pinion_store_document_free (PinionStoreDocument *self)
{
  if (self == NULL)
    return;

  g_free (self->body_path);
  g_free (self->sender);
  g_free (self->recipients);
  g_free (self->copies);
  g_free (self->blind);
  g_free (self->subject);
  g_free (self->body);
  g_free (self->words);
  g_free (self->files);
  g_ptr_array_unref (self->people);
  g_free (self);
}

static PinionStorePerson *
person_new (const char *name,
            const char *address)
{
  PinionStorePerson *self = g_new0 (PinionStorePerson, 1);

  self->name = g_strdup (name != NULL ? name : "");
  self->address = g_strdup (address != NULL ? address : "");

  return self;
}

void
pinion_store_document_add_person (PinionStoreDocument *self,
                                  const char          *name,
                                  const char          *address)
{
  g_ptr_array_add (self->people, person_new (name, address));
}

/* -- Filling ----------------------------------------------------------------------------------- */

typedef struct
{
  PinionStoreSearch *self;
  guint limit;
  gboolean everything;
  GPtrArray *documents;
} Filling;

static void
filling_free (gpointer data)
{
  Filling *filling = data;

  g_object_unref (filling->self);
  g_clear_pointer (&filling->documents, g_ptr_array_unref);
  g_free (filling);
}

static Filling *
filling_new (PinionStoreSearch *self)
{
  Filling *filling = g_new0 (Filling, 1);

  filling->self = g_object_ref (self);

  return filling;
}

static DexFuture *
reject (GError *error)
{
  return dex_future_new_for_error (error);
}

static char *
dup_path (PinionStoreSearch *self)
{
  return g_build_filename (pinion_store_get_dir (self->store), PINION_SEARCH_FILE, NULL);
}

/* Returns: the file's inode, NULL where there is no file */
static gpointer
get_file (PinionStoreSearch *self)
{
  g_autofree char *path = dup_path (self);
  GStatBuf info = { 0 };

  return g_stat (path, &info) == 0 ? GSIZE_TO_POINTER (info.st_ino) : NULL;
}

/* What was found to be broken may have been made anew since, by another process. */
static void
drop_broken (PinionStoreSearch *self)
{
  gpointer broken = g_atomic_pointer_exchange (&self->broken, NULL);
  g_autoptr (GError) error = NULL;

  if (broken == NULL || broken != get_file (self))
    return;

  /* Removed under the lock, lest somebody else writes it. */
  if (!pinion_search_index_open (&self->index, &error))
    {
      g_atomic_pointer_set (&self->broken, broken);
      return;
    }
  if (broken == get_file (self))
    pinion_search_database_remove (self->store);
  pinion_search_index_close (&self->index);
}

/* Once nothing is left, the lock is given back. */
static DexFuture *
read_next (gpointer data)
{
  Filling *filling = data;
  PinionSearchIndex *index = &filling->self->index;
  GError *error = NULL;

  drop_broken (filling->self);
  if (!pinion_search_index_open (index, &error))
    return reject (error);
  if (!pinion_search_index_note (index, filling->everything, &error))
    {
      pinion_search_index_close (index);
      return reject (error);
    }

  g_autoptr (GPtrArray) documents
    = pinion_search_queue_read (index->session, filling->limit, filling->everything);
  if (!pinion_search_session_end (index->session, &error))
    {
      pinion_search_index_close (index);
      return reject (error);
    }
  if (documents->len == 0)
    pinion_search_index_close (index);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&documents));
}

DexFuture *
pinion_store_search_next (PinionStoreSearch *self,
                          guint              limit,
                          gboolean           everything)
{
  Filling *filling = filling_new (self);

  filling->limit = limit;
  filling->everything = everything;

  return pinion_worker_run (self->writer_thread, read_next, filling, filling_free);
}

static DexFuture *
put (gpointer data)
{
  Filling *filling = data;
  GError *error = NULL;

  if (!pinion_search_index_put (&filling->self->index, filling->documents, &error))
    return reject (error);

  return dex_future_new_true ();
}

DexFuture *
pinion_store_search_put (PinionStoreSearch *self,
                         GPtrArray         *documents)
{
  Filling *filling = filling_new (self);

  filling->documents = g_ptr_array_ref (documents);

  return pinion_worker_run (self->writer_thread, put, filling, filling_free);
}

/* Without an index everything waits. */
gint64
pinion_store_search_get_waiting (PinionStoreSession *session)
{
  g_autofree char *path = g_build_filename (pinion_store_get_dir (session->store),
                                            PINION_SEARCH_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS)
             ? pinion_search_queue_count (session)
             : pinion_sql_get (session, "SELECT count(*) FROM message");
}

gint64
pinion_store_get_oldest (PinionStoreSession *session,
                         gint64              account_id)
{
  return pinion_sql_get (session,
                         "SELECT min ((SELECT min (received) FROM message INDEXED BY message_body"
                         "  WHERE account_id = a.id AND body_state = s.state AND received > 0))"
                         " FROM account a CROSS JOIN"
                         "  (SELECT 0 AS state UNION ALL SELECT 1 UNION ALL SELECT 2) s"
                         " WHERE ?1 = 0 OR a.id = ?1",
                         sql_int (account_id));
}

gboolean
pinion_store_search_discard (PinionStoreSearch *self)
{
  gpointer file = get_file (self);

  g_atomic_pointer_set (&self->broken, file);

  return file != NULL;
}

static DexFuture *
count_waiting (PinionStoreSession *session,
               gpointer            data)
{
  PinionStoreSearch *self = data;
  gboolean is_broken = g_atomic_pointer_get (&self->broken) != NULL;

  return dex_future_new_for_int64 (is_broken
                                     ? pinion_sql_get (session, "SELECT count(*) FROM message")
                                     : pinion_store_search_get_waiting (session));
}

DexFuture *
pinion_store_search_count_waiting (PinionStoreSearch *self)
{
  return pinion_store_read (self->store, count_waiting, g_object_ref (self), g_object_unref);
}

/* -- Asking ------------------------------------------------------------------------------------ */

typedef struct
{
  PinionStoreSearch *self;
  PinionSearchQuery *query;
  PinionStoreSearchOrder order;
  guint limit;
  GCancellable *cancellable;
  char *text;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->self);
  g_clear_pointer (&asking->query, pinion_search_query_unref);
  g_clear_object (&asking->cancellable);
  g_free (asking->text);
  g_free (asking);
}

/* Whoever has the index open may be the first to see that it is useless. */
static gboolean
note_broken (PinionStoreSearch *self,
             const GStatBuf    *file,
             const GError      *error)
{
  if (!pinion_search_error_is_broken (error))
    return FALSE;

  g_atomic_pointer_set (&self->broken, GSIZE_TO_POINTER (file->st_ino));
  return TRUE;
}

/* The file may have been made anew meanwhile, by this process or another. */
static gboolean
open_reader (PinionStoreSearch *self,
             GError           **error)
{
  g_autofree char *path = dup_path (self);
  g_autoptr (GError) failure = NULL;
  GStatBuf now = { 0 };
  gboolean is_there = g_stat (path, &now) == 0;

  if (self->reader != NULL
      && (!is_there || now.st_ino != self->reader_file.st_ino
          || now.st_dev != self->reader_file.st_dev))
    g_clear_pointer (&self->reader, pinion_store_session_free);
  if (!is_there)
    return pinion_error_set (error, PINION_ERROR_STORE_BROKEN, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "there is no search index");

  if (self->reader == NULL)
    {
      self->reader = pinion_search_database_open (self->store, NULL, &failure);
      self->reader_file = now;
    }
  if (self->reader != NULL)
    return TRUE;

  note_broken (self, &now, failure);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static gboolean
end_asking (PinionStoreSearch *self,
            GError           **error)
{
  GError *failure = NULL;

  if (pinion_search_session_end (self->reader, &failure))
    return TRUE;

  if (note_broken (self, &self->reader_file, failure))
    {
      g_clear_pointer (&self->reader, pinion_store_session_free);
      failure->code = PINION_ERROR_STORE_BROKEN;
    }
  g_propagate_error (error, failure);

  return FALSE;
}

static DexFuture *
reject_cancelled (void)
{
  return reject (pinion_error_new (PINION_ERROR_CANCELLED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                   "another search was asked for"));
}

static DexFuture *
find (gpointer data)
{
  Asking *asking = data;
  PinionStoreSearch *self = asking->self;
  GError *error = NULL;

  if (g_cancellable_is_cancelled (asking->cancellable))
    return reject_cancelled ();
  if (!open_reader (self, &error))
    return reject (error);

  g_autoptr (GArray) hits = pinion_search_find (self->reader, asking->query, asking->order,
                                                asking->limit, asking->cancellable);
  if (g_cancellable_is_cancelled (asking->cancellable))
    {
      pinion_search_session_end (self->reader, NULL);
      return reject_cancelled ();
    }
  if (!end_asking (self, &error))
    return reject (error);

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_steal_pointer (&hits));
}

DexFuture *
pinion_store_search_find (PinionStoreSearch     *self,
                          PinionSearchQuery     *query,
                          PinionStoreSearchOrder order,
                          guint                  limit,
                          GCancellable          *cancellable)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->self = g_object_ref (self);
  asking->query = pinion_search_query_ref (query);
  asking->order = order;
  asking->limit = limit;
  if (cancellable != NULL)
    asking->cancellable = g_object_ref (cancellable);

  return pinion_worker_run (self->reader_thread, find, asking, asking_free);
}

/* "ana li" as "% ana% li%", with what LIKE would take for more than itself made harmless: folded
 * words have letters and digits only. */
static char *
dup_pattern (const char *text)
{
  g_autofree char *folded = pinion_words_fold (text);
  GString *pattern = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p++)
    {
      if (*p == ' ')
        g_string_append_c (pattern, '%');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  return g_string_free (pattern, FALSE);
}

static DexFuture *
find_people (gpointer data)
{
  Asking *asking = data;
  PinionStoreSearch *self = asking->self;
  GError *error = NULL;
  g_autoptr (GPtrArray) people
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_person_free);
  g_autofree char *pattern = dup_pattern (asking->text);

  if (open_reader (self, NULL))
    {
      g_auto (PinionQuery) query = pinion_query (
        self->reader,
        "SELECT name, address FROM person WHERE folded LIKE ?"
        " ORDER BY uses DESC, last DESC LIMIT ?",
        sql_text (pattern), sql_int (asking->limit));

      while (pinion_query_next (&query))
        g_ptr_array_add (people, person_new (pinion_query_text (&query, 0),
                                             pinion_query_text (&query, 1)));
      pinion_query_clear (&query);
      if (!end_asking (self, &error))
        return reject (error);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&people));
}

DexFuture *
pinion_store_search_people (PinionStoreSearch *self,
                            const char        *text,
                            guint              limit)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->self = g_object_ref (self);
  asking->text = g_strdup (text != NULL ? text : "");
  asking->limit = limit;

  return pinion_worker_run (self->reader_thread, find_people, asking, asking_free);
}
