/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing the index.  On one thread; other processes are kept out by a lock on DIR/search.lock,
 * which ends with the process. */

#define G_LOG_DOMAIN "pinion-search"

#include "pinion-store-search-private.h"

#include "pinion-words.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Seconds after which dates are no dates (the year 2242), so that there are few quarters. */
#define LAST_DATE ((gint64) 1 << 33)

/* People of one message that are remembered. */
#define MAX_PEOPLE 30

void
pinion_search_index_init (PinionSearchIndex *self,
                          PinionStore       *store)
{
  self->store = store;
  self->session = NULL;
  self->intake = (PinionSearchIntake) { g_array_new (FALSE, FALSE, sizeof (guint64)), NULL, 0 };
  self->lock = -1;
  self->newest = 0;
}

void
pinion_search_index_clear (PinionSearchIndex *self)
{
  pinion_search_index_close (self);
  g_clear_pointer (&self->intake.beginnings, g_array_unref);
}

void
pinion_search_index_close (PinionSearchIndex *self)
{
  g_clear_pointer (&self->session, pinion_store_session_free);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static gboolean
take_lock (PinionSearchIndex *self,
           GError           **error)
{
  g_autofree char *path
    = g_build_filename (pinion_store_get_dir (self->store), "search.lock", NULL);

  if (self->lock >= 0)
    return TRUE;

  self->lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  pinion_error_set (error,
                    errno == EWOULDBLOCK ? PINION_ERROR_BUSY : pinion_sql_errno_code (errno),
                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s", path, g_strerror (errno));
  pinion_search_index_close (self);

  return FALSE;
}

/* -- Work in the store, waited for ------------------------------------------------------------- */

typedef struct
{
  PinionStoreFunc func;
  gpointer data;
  GAsyncQueue *done;
} Errand;

static DexFuture *
run_errand (PinionStoreSession *session,
            gpointer            data)
{
  Errand *errand = data;

  return errand->func (session, errand->data);
}

static void
errand_done (gpointer data)
{
  Errand *errand = data;

  g_async_queue_push (errand->done, errand);
}

/* On the index's thread, which may block; the store's thread never waits for this one. */
static gboolean
write_to_store (PinionSearchIndex *self,
                PinionStoreFunc    func,
                gpointer           data,
                GError           **error)
{
  g_autoptr (GAsyncQueue) done = g_async_queue_new ();
  Errand errand = { func, data, done };
  DexFuture *future = pinion_store_write (self->store, run_errand, &errand, errand_done);

  /* It settles right after the errand is let go. */
  g_async_queue_pop (done);
  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_thread_yield ();
  gboolean is_done = dex_future_get_value (future, error) != NULL;
  dex_unref (future);

  return is_done;
}

static DexFuture *
prepare_queue (PinionStoreSession *session,
               gpointer            data)
{
  *(char **) data = pinion_search_queue_prepare (session);

  return dex_future_new_true ();
}

static DexFuture *
fill_queue (PinionStoreSession *session,
            gpointer            data)
{
  gint64 *last = data;

  *last = pinion_search_queue_fill (session, *last);

  return dex_future_new_true ();
}

static DexFuture *
note_new (PinionStoreSession *session,
          gpointer            data)
{
  pinion_search_queue_note (session, *(gint64 *) data);

  return dex_future_new_true ();
}

static DexFuture *
clear_queue (PinionStoreSession *session,
             gpointer            data)
{
  pinion_search_queue_clear (session, data);

  return dex_future_new_true ();
}

/* -- Opening ----------------------------------------------------------------------------------- */

static gboolean
is_of_store (PinionStoreSession *session,
             const char         *identity)
{
  gboolean is_new = pinion_sql_get (session, "SELECT count(*) FROM state") == 0;

  if (is_new)
    pinion_sql_run (session, "INSERT INTO state VALUES (?, 0)", sql_text (identity));

  return is_new
         || pinion_sql_get (session, "SELECT identity = ? FROM state", sql_text (identity)) != 0;
}

static gboolean
try_open (PinionSearchIndex *self,
          const char        *identity,
          GError           **error)
{
  self->session = pinion_search_database_open (self->store, &self->intake, error);
  if (self->session == NULL)
    return FALSE;

  gboolean is_ours = is_of_store (self->session, identity);
  if (pinion_search_session_end (self->session, error) && is_ours)
    return TRUE;

  if (error != NULL && *error == NULL)
    pinion_error_set (error, PINION_ERROR_STORE_BROKEN, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                      "the search index is another store's");
  g_clear_pointer (&self->session, pinion_store_session_free);

  return FALSE;
}

static gboolean
open_or_make (PinionSearchIndex *self,
              const char        *identity,
              GError           **error)
{
  g_autoptr (GError) first = NULL;

  if (try_open (self, identity, &first))
    return TRUE;

  if (!pinion_search_error_is_broken (first))
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return FALSE;
    }

  g_info ("The search index is made anew: %s", first->message);
  pinion_search_database_remove (self->store);

  return try_open (self, identity, error);
}

/* The mark is set behind the filling: a kill in between fills again. */
static gboolean
fill_once (PinionSearchIndex *self,
           GError           **error)
{
  gint64 last = 0;

  if (pinion_sql_get (self->session, "SELECT filled FROM state") == 0
      && self->session->error == NULL)
    {
      do
        {
          if (!write_to_store (self, fill_queue, &last, error))
            return FALSE;
        }
      while (last > 0);
      pinion_sql_run (self->session, "UPDATE state SET filled = 1");
    }

  return pinion_search_session_end (self->session, error);
}

gboolean
pinion_search_index_open (PinionSearchIndex *self,
                          GError           **error)
{
  g_autofree char *identity = NULL;

  if (self->session != NULL)
    return TRUE;

  if (take_lock (self, error) && write_to_store (self, prepare_queue, &identity, error)
      && open_or_make (self, identity, error) && fill_once (self, error))
    return TRUE;

  pinion_search_index_close (self);
  return FALSE;
}

gboolean
pinion_search_index_note (PinionSearchIndex *self,
                          gboolean           everything,
                          GError           **error)
{
  gint64 now = g_get_monotonic_time ();
  gint64 known = self->newest;
  gboolean has_waited = known != 0
                        && now - self->looked >= PINION_SEARCH_PATIENCE * G_USEC_PER_SEC;

  if (everything || has_waited || known == 0)
    {
      self->newest = pinion_sql_get (self->session, "SELECT max (id) FROM message");
      self->looked = now;
    }

  gint64 last = everything ? self->newest : has_waited ? known : 0;
  while (pinion_search_queue_has_new (self->session, last))
    {
      if (!write_to_store (self, note_new, &last, error))
        return FALSE;
    }

  return pinion_search_session_end (self->session, error);
}

/* -- Documents --------------------------------------------------------------------------------- */

static gboolean
is_taken (PinionStoreSession *session,
          gint64              key)
{
  return pinion_sql_get (session, "SELECT 1 FROM doc WHERE key = ?", sql_int (key)) != 0;
}

/* The next free place from the date's on; where thousands have one date, anywhere behind it. */
static gint64
find_key (PinionStoreSession *session,
          gint64              message,
          gint64              date)
{
  gint64 base = CLAMP (date, 0, LAST_DATE) / PINION_SEARCH_KEY_SECONDS;

  for (guint i = 0; i < 16; i++)
    {
      if (!is_taken (session, base + i))
        return base + i;
    }

  for (guint i = 0; i < 200; i++)
    {
      guint64 mix = ((guint64) message * 1000 + i) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      gint64 key = base + (gint64) ((mix >> 32) % (i < 40 ? 4096 : PINION_SEARCH_KEY_SPREAD));

      if (!is_taken (session, key))
        return key;
    }

  return MAX (base,
              pinion_sql_get (session, "SELECT max (key) FROM doc")) + 1;
}

/* There is one text for each quarter of a year, so that these stay few. */
static const char *
sql_for (const char *format,
         gint64      shard)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, shard);
  g_auto (GStrv) pieces = g_strsplit (format, "#", -1);
  g_autofree char *sql = g_strjoinv (number, pieces);

  return g_intern_string (sql);
}

static void
make_shard (PinionStoreSession *session,
            gint64              shard)
{
  if (pinion_sql_get (session, "SELECT 1 FROM shard WHERE id = ?", sql_int (shard)) != 0)
    return;

  pinion_sql_run (session,
                  sql_for ("CREATE VIRTUAL TABLE text_# USING fts5 (sender, recipients, copies,"
                           " blind, subject, body, files, content = '', contentless_delete = 1,"
                           " tokenize = 'pinion')",
                           shard));
  /* What one transaction adds is written at once, instead of each MiB of it. */
  pinion_sql_run (session,
                  sql_for ("INSERT INTO text_# (text_#, rank) VALUES ('hashsize', 8388608)", shard));
  pinion_sql_run (session, "INSERT INTO shard VALUES (?)", sql_int (shard));
}

static void
remove_document (PinionStoreSession *session,
                 gint64              message)
{
  gint64 key = pinion_sql_get (session, "SELECT key + 1 FROM doc WHERE message = ?",
                               sql_int (message))
               - 1;

  if (key < 0)
    return;

  pinion_sql_run (session,
                  sql_for ("DELETE FROM text_# WHERE rowid = ?", key >> PINION_SEARCH_SHARD_BITS),
                  sql_int (key));
  pinion_sql_run (session, "DELETE FROM short WHERE key = ?", sql_int (key));
  pinion_sql_run (session, "DELETE FROM doc WHERE key = ?", sql_int (key));
}

/* A person of several documents.  @name: the newest there is, of @named. */
typedef struct
{
  const char *address;
  const char *name;
  gint64 named;
  gint64 last;
  gint64 uses;
} Known;

/* The same people write most of the mail. */
static void
gather_people (GHashTable                *known,
               const PinionStoreDocument *document)
{
  for (guint i = 0; i < MIN (document->people->len, MAX_PEOPLE); i++)
    {
      const PinionStorePerson *person = g_ptr_array_index (document->people, i);
      Known *one = g_hash_table_lookup (known, person->address);

      if (one == NULL)
        {
          one = g_new (Known, 1);
          *one = (Known) { person->address, "", G_MININT64, G_MININT64, 0 };
          g_hash_table_insert (known, person->address, one);
        }

      one->uses++;
      one->last = MAX (one->last, document->date);
      if (*person->name != '\0' && document->date >= one->named)
        {
          one->name = person->name;
          one->named = document->date;
        }
    }
}

static void
add_person (PinionStoreSession *session,
            const Known        *one)
{
  g_autofree char *all = g_strconcat (one->name, " ", one->address, NULL);
  g_autofree char *folded = pinion_words_fold (all);
  g_autofree char *address = g_utf8_casefold (one->address, -1);

  if (*address == '\0')
    return;

  pinion_sql_run (session,
                  "INSERT INTO person VALUES (?1, ?2, ?3, ?5, ?4) ON CONFLICT (address) DO"
                  " UPDATE SET uses = uses + excluded.uses, last = max (last, excluded.last),"
                  " name = CASE WHEN excluded.name <> '' AND ?6 >= last THEN excluded.name"
                  "  ELSE name END,"
                  " folded = CASE WHEN excluded.name <> '' AND ?6 >= last THEN excluded.folded"
                  "  ELSE folded END",
                  sql_text (address), sql_text (one->name), sql_text (folded), sql_int (one->last),
                  sql_int (one->uses), sql_int (one->named));
}

static void
add_people (PinionStoreSession *session,
            GPtrArray          *documents)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GHashTableIter iter;
  gpointer one;

  for (guint i = 0; i < documents->len; i++)
    {
      const PinionStoreDocument *document = g_ptr_array_index (documents, i);

      if (!document->is_gone)
        gather_people (known, document);
    }

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, NULL, &one))
    add_person (session, one);
}

/* The beginning of @text, whole characters.  Returns: (nullable) (transfer full) a copy where it is
 * too long. */
static char *
dup_bounded (const char *text)
{
  if (text == NULL || strnlen (text, PINION_STORE_DOCUMENT_BODY + 1) <= PINION_STORE_DOCUMENT_BODY)
    return NULL;

  const char *end = text + PINION_STORE_DOCUMENT_BODY;
  while (end > text && (*end & 0xc0) == 0x80)
    end--;

  return g_strndup (text, (gsize) (end - text));
}

void
pinion_store_document_take_apart (PinionStoreDocument *self)
{
  if (self->body == NULL || self->words != NULL)
    return;

  g_autofree char *cut = dup_bounded (self->body);
  const char *text = cut != NULL ? cut : self->body;
  self->words = pinion_search_take_apart (text, strlen (text));
  g_clear_pointer (&self->body, g_free);
}

static void
add_document (PinionSearchIndex         *self,
              const PinionStoreDocument *document)
{
  PinionStoreSession *session = self->session;
  gint64 key = find_key (session, document->message, document->date);
  gint64 shard = key >> PINION_SEARCH_SHARD_BITS;
  g_autofree char *cut = dup_bounded (document->body);

  make_shard (session, shard);
  g_array_set_size (self->intake.beginnings, 0);
  self->intake.words = document->words;
  self->intake.length = document->words != NULL ? strlen (document->words) : 0;
  pinion_sql_run (session,
                  sql_for ("INSERT INTO text_# (rowid, sender, recipients, copies, blind, subject,"
                           " body, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                           shard),
                  sql_int (key), sql_text (document->sender), sql_text (document->recipients),
                  sql_text (document->copies), sql_text (document->blind),
                  sql_text (document->subject),
                  sql_text (document->words != NULL ? document->words
                            : cut != NULL           ? cut
                                                    : document->body),
                  sql_text (document->files));
  self->intake.words = NULL;
  g_autofree char *words = pinion_search_short_take (self->intake.beginnings);
  pinion_sql_run (session, "INSERT INTO short VALUES (?, ?)", sql_int (key), sql_text (words));
  pinion_sql_run (session, "INSERT INTO doc VALUES (?, ?)", sql_int (key),
                  sql_int (document->message));
}

static gboolean
put_all (PinionSearchIndex *self,
         GPtrArray         *documents,
         GError           **error)
{
  PinionStoreSession *session = self->session;

  pinion_sql_run (session, "BEGIN IMMEDIATE");
  for (guint i = 0; i < documents->len && session->error == NULL; i++)
    {
      const PinionStoreDocument *document = g_ptr_array_index (documents, i);

      remove_document (session, document->message);
      if (!document->is_gone)
        add_document (self, document);
    }
  add_people (session, documents);
  pinion_sql_run (session, "COMMIT");

  return pinion_search_session_end (session, error);
}

gboolean
pinion_search_index_put (PinionSearchIndex *self,
                         GPtrArray         *documents,
                         GError           **error)
{
  g_autoptr (GError) failure = NULL;

  if (!pinion_search_index_open (self, error))
    return FALSE;
  if (put_all (self, documents, &failure))
    return write_to_store (self, clear_queue, documents, error);

  /* It is made anew by the next one who opens it. */
  pinion_search_index_close (self);
  if (pinion_search_error_is_broken (failure))
    pinion_search_database_remove (self->store);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}
