/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is still to be indexed, kept in the store by triggers: whichever way a message changes, the
 * same transaction notes it.  Like the index, this part of the store can be made anew at any time,
 * so it has a version of its own and is no part of the store's schema.
 *
 * ready: the body is here, or will not come.  stamp: grows with each change, so that a message that
 * changed while it was being indexed stays in the queue. */

#include "pinion-store-search-private.h"

#include "pinion-store-paths.h"

#define QUEUE_VERSION 1

/* Messages that are put into the queue in one transaction, so that nobody waits long for it. */
#define FILL_AT_ONCE 2000

/* Seconds that a message waits for its body. */
#define PATIENCE 10

static const char *const queue_sql[] = {
  "DROP TABLE IF EXISTS search_queue",
  "DROP TABLE IF EXISTS search_identity",
  "DROP TRIGGER IF EXISTS search_added",
  "DROP TRIGGER IF EXISTS search_removed",
  "DROP TRIGGER IF EXISTS search_changed",

  "CREATE TABLE search_identity (version INTEGER NOT NULL, identity TEXT NOT NULL) STRICT",
  "CREATE TABLE search_queue (message_id INTEGER PRIMARY KEY, stamp INTEGER NOT NULL,"
  " ready INTEGER NOT NULL, since INTEGER NOT NULL) STRICT",
  "CREATE INDEX search_queue_order ON search_queue (ready, since)",

  "CREATE TRIGGER search_added AFTER INSERT ON message BEGIN"
  " INSERT INTO search_queue VALUES (NEW.id, 0, NEW.body_state <> 0, unixepoch ())"
  "  ON CONFLICT (message_id) DO UPDATE SET stamp = stamp + 1, ready = excluded.ready;"
  " END",
  "CREATE TRIGGER search_removed AFTER DELETE ON message BEGIN"
  " INSERT INTO search_queue VALUES (OLD.id, 0, 1, unixepoch ())"
  "  ON CONFLICT (message_id) DO UPDATE SET stamp = stamp + 1, ready = 1;"
  " END",
  "CREATE TRIGGER search_changed AFTER UPDATE OF body_state, body_size, body_place, date, subject,"
  " from_name, from_address, recipients, poison ON message"
  " WHEN (NEW.body_state = 1 AND (OLD.body_state <> 1 OR NEW.body_size <> OLD.body_size"
  "  OR NEW.body_place <> OLD.body_place))"
  "  OR NEW.body_state = 2 AND OLD.body_state <> 2 OR NEW.date <> OLD.date"
  "  OR NEW.subject <> OLD.subject OR NEW.from_name <> OLD.from_name"
  "  OR NEW.from_address <> OLD.from_address OR NEW.recipients <> OLD.recipients BEGIN"
  " INSERT INTO search_queue VALUES (NEW.id, 0, NEW.body_state <> 0, unixepoch ())"
  "  ON CONFLICT (message_id) DO UPDATE SET stamp = stamp + 1, ready = excluded.ready;"
  " END",

  /* So that a filter which few messages pass need not look at all of them. */
  "CREATE INDEX IF NOT EXISTS search_starred ON message (date) WHERE flags & 4",
  "CREATE INDEX IF NOT EXISTS search_unread ON message (date) WHERE flags & 1 = 0",
  "CREATE INDEX IF NOT EXISTS search_attachment ON message (date) WHERE has_attachments",
  "CREATE INDEX IF NOT EXISTS search_large ON message (size) WHERE size >= 1000000",
};

static gboolean
is_prepared (PinionStoreSession *session)
{
  return pinion_sql_get (session,
                         "SELECT count(*) FROM sqlite_master WHERE name = 'search_identity'")
           != 0
         && pinion_sql_get (session, "SELECT version FROM search_identity") == QUEUE_VERSION;
}

char *
pinion_search_queue_prepare (PinionStoreSession *session)
{
  if (!is_prepared (session))
    {
      for (guint i = 0; i < G_N_ELEMENTS (queue_sql); i++)
        pinion_sql_run (session, queue_sql[i]);
      pinion_sql_run (session, "INSERT INTO search_identity VALUES (?, hex (randomblob (16)))",
                      sql_int (QUEUE_VERSION));
    }

  g_auto (PinionQuery) query = pinion_query (session, "SELECT identity FROM search_identity");
  if (!pinion_query_next (&query))
    return NULL;

  return pinion_query_dup_text (&query, 0);
}

gint64
pinion_search_queue_fill (PinionStoreSession *session,
                          gint64              after)
{
  gint64 last = pinion_sql_get (session,
                                "SELECT max (id) FROM (SELECT id FROM message WHERE id > ?"
                                " ORDER BY id LIMIT ?)",
                                sql_int (after), sql_int (FILL_AT_ONCE));

  if (last > after)
    pinion_sql_run (session,
                    "INSERT INTO search_queue SELECT id, 0, 1, unixepoch () FROM message"
                    " WHERE id > ? AND id <= ? ON CONFLICT (message_id) DO UPDATE"
                    " SET stamp = stamp + 1, ready = 1",
                    sql_int (after), sql_int (last));

  return last > after ? last : 0;
}

void
pinion_search_queue_clear (PinionStoreSession *session,
                           GPtrArray          *documents)
{
  for (guint i = 0; i < documents->len; i++)
    {
      const PinionStoreDocument *document = g_ptr_array_index (documents, i);

      pinion_sql_run (session, "DELETE FROM search_queue WHERE message_id = ? AND stamp = ?",
                      sql_int (document->message), sql_int (document->stamp));
    }
}

/* -- Reading ----------------------------------------------------------------------------------- */

#define SELECT_DOCUMENTS \
  "SELECT q.message_id, q.stamp, m.id, m.date, m.from_name, m.from_address, m.recipients," \
  " m.subject, m.body_state, m.body_place, m.poison FROM search_queue q" \
  " LEFT JOIN message m ON m.id = q.message_id "

static char *
join (const char *one,
      const char *two)
{
  return g_strdup_printf ("%s %s", one != NULL ? one : "", two != NULL ? two : "");
}

/* What the program died over is not opened. */
static PinionStoreDocument *
read_document (PinionStoreSession *session,
               PinionQuery        *query)
{
  PinionStoreDocument *self = pinion_store_document_new (pinion_query_int (query, 0));

  self->stamp = pinion_query_int (query, 1);
  self->is_gone = pinion_query_is_null (query, 2);
  if (self->is_gone)
    return self;

  self->date = pinion_query_int (query, 3);
  self->sender = join (pinion_query_text (query, 4), pinion_query_text (query, 5));
  self->recipients = pinion_query_dup_text (query, 6);
  self->subject = pinion_query_dup_text (query, 7);
  pinion_store_document_add_person (self, pinion_query_text (query, 4),
                                    pinion_query_text (query, 5));
  if (pinion_query_int (query, 8) == 1 && pinion_query_int (query, 10) == 0)
    self->body_path = pinion_store_dup_body_path (
      pinion_store_get_dir (session->store), (PinionStorePlace) pinion_query_int (query, 9),
      self->message);

  return self;
}

static void
read_some (PinionStoreSession *session,
           PinionQuery         query,
           GHashTable         *known,
           GPtrArray          *documents)
{
  while (pinion_query_next (&query))
    {
      gint64 id = pinion_query_int (&query, 0);

      if (g_hash_table_add (known, g_memdup2 (&id, sizeof id)))
        g_ptr_array_add (documents, read_document (session, &query));
    }
}

/* From both ends: a long backlog goes on, and what has just come is found at once. */
GPtrArray *
pinion_search_queue_read (PinionStoreSession *session,
                          guint               limit,
                          gboolean            everything)
{
  GPtrArray *documents
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_document_free);
  g_autoptr (GHashTable) known
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 patient = everything ? G_MAXINT64 : g_get_real_time () / G_USEC_PER_SEC - PATIENCE;

  read_some (session,
             pinion_query (session,
                           SELECT_DOCUMENTS "WHERE q.ready = 1 ORDER BY q.since LIMIT ?",
                           sql_int (limit - limit / 4)),
             known, documents);
  read_some (session,
             pinion_query (session,
                           SELECT_DOCUMENTS "WHERE q.ready = 1 ORDER BY q.since DESC LIMIT ?",
                           sql_int (limit / 4)),
             known, documents);
  if (documents->len < limit)
    read_some (session,
               pinion_query (session,
                             SELECT_DOCUMENTS "WHERE q.ready = 0 AND q.since <= ?"
                                              " ORDER BY q.since LIMIT ?",
                             sql_int (patient), sql_int (limit - documents->len)),
               known, documents);

  return documents;
}
