/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is still to be indexed, kept in the store by triggers: whichever way a message changes, the
 * same transaction notes it.  Like the index, this part of the store can be made anew at any time,
 * so it has a version of its own and is no part of the store's schema.
 *
 * ready: the body is here, or will not come.  stamp: grows with each change, so that a message that
 * changed while it was being indexed stays in the queue.
 *
 * What has just come without its body is not put in: of many, most get theirs within seconds.  It is
 * known by its id, which is larger than "noted", and put in together with others once it has waited. */

#include "pinion-store-search-private.h"

#include "pinion-store-paths.h"
#include "pinion-store-placements.h"

#define QUEUE_VERSION 2

/* Messages that are put into the queue in one transaction, so that nobody waits long for it. */
#define FILL_AT_ONCE 2000

#define MAKE_TRIGGER_ADDED                                                                         \
  "CREATE TRIGGER search_added AFTER INSERT ON message WHEN NEW.body_state <> 0 BEGIN"             \
  " INSERT INTO search_queue VALUES (NEW.id, 0, 1, unixepoch ())"                                  \
  "  ON CONFLICT (message_id) DO UPDATE SET stamp = stamp + 1, ready = 1;"                         \
  " END"

/* What came without its body since then. */
#define FROM_NEW                                                                                   \
  " FROM message NOT INDEXED WHERE id > (SELECT noted FROM search_identity) AND body_state = 0"

static const char *const queue_sql[] = {
  "DROP TABLE IF EXISTS search_queue",
  "DROP TABLE IF EXISTS search_identity",
  "DROP TRIGGER IF EXISTS search_added",
  "DROP TRIGGER IF EXISTS search_removed",
  "DROP TRIGGER IF EXISTS search_changed",

  "CREATE TABLE search_identity (version INTEGER NOT NULL, identity TEXT NOT NULL,"
  " noted INTEGER NOT NULL DEFAULT 0) STRICT",
  "CREATE TABLE search_queue (message_id INTEGER PRIMARY KEY, stamp INTEGER NOT NULL,"
  " ready INTEGER NOT NULL, since INTEGER NOT NULL) STRICT",
  "CREATE INDEX search_queue_order ON search_queue (ready, since)",

  MAKE_TRIGGER_ADDED,
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

/* From version 1, where each message was put in as it came. */
static const char *const upgrade_sql[] = {
  "ALTER TABLE search_identity ADD COLUMN noted INTEGER NOT NULL DEFAULT 0",
  "UPDATE search_identity SET version = 2, noted = (SELECT coalesce (max (id), 0) FROM message)",
  "DROP TRIGGER IF EXISTS search_added",
  MAKE_TRIGGER_ADDED,
};

/* Returns: 0 where there is none. */
static gint64
get_version (PinionStoreSession *session)
{
  gboolean is_there
    = pinion_sql_get (session,
                      "SELECT count(*) FROM sqlite_master WHERE name = 'search_identity'")
      != 0;

  return is_there ? pinion_sql_get (session, "SELECT version FROM search_identity") : 0;
}

static void
run_all (PinionStoreSession *session,
         const char *const  *sql,
         gsize               n)
{
  for (gsize i = 0; i < n; i++)
    pinion_sql_run (session, sql[i]);
}

char *
pinion_search_queue_prepare (PinionStoreSession *session)
{
  gint64 version = get_version (session);

  if (version == 1)
    {
      run_all (session, upgrade_sql, G_N_ELEMENTS (upgrade_sql));
    }
  else if (version != QUEUE_VERSION)
    {
      run_all (session, queue_sql, G_N_ELEMENTS (queue_sql));
      pinion_sql_run (session,
                      "INSERT INTO search_identity (version, identity)"
                      " VALUES (?, hex (randomblob (16)))",
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

  if (last <= after)
    return 0;

  pinion_sql_run (session,
                  "INSERT INTO search_queue SELECT id, 0, 1, unixepoch () FROM message"
                  " WHERE id > ? AND id <= ? ON CONFLICT (message_id) DO UPDATE"
                  " SET stamp = stamp + 1, ready = 1",
                  sql_int (after), sql_int (last));
  pinion_sql_run (session, "UPDATE search_identity SET noted = max (noted, ?)", sql_int (last));

  return last;
}

gboolean
pinion_search_queue_has_new (PinionStoreSession *session,
                             gint64              last)
{
  return pinion_sql_get (session, "SELECT noted < ? FROM search_identity", sql_int (last)) != 0;
}

void
pinion_search_queue_note (PinionStoreSession *session,
                          gint64              last)
{
  gint64 next = pinion_sql_get (session,
                                "SELECT max (id) FROM (SELECT id FROM message WHERE"
                                " id > (SELECT noted FROM search_identity) ORDER BY id LIMIT ?)",
                                sql_int (FILL_AT_ONCE));

  /* The last ones may have been deleted since. */
  last = next == 0 ? last : MIN (next, last);
  pinion_sql_run (session,
                  "INSERT INTO search_queue SELECT id, 0, 0, unixepoch () - ?2" FROM_NEW
                  " AND id <= ?1 ON CONFLICT (message_id) DO NOTHING",
                  sql_int (last), sql_int (PINION_SEARCH_PATIENCE));
  pinion_sql_run (session, "UPDATE search_identity SET noted = max (noted, ?)", sql_int (last));
}

gint64
pinion_search_queue_count (PinionStoreSession *session)
{
  /* One of an earlier version is made anew by who writes it next. */
  if (get_version (session) != QUEUE_VERSION)
    return pinion_sql_get (session, "SELECT count(*) FROM message");

  return pinion_sql_get (session,
                         "SELECT (SELECT count(*) FROM search_queue)"
                         " + (SELECT count(*)" FROM_NEW
                         " AND id NOT IN (SELECT message_id FROM search_queue))");
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
      if (document->is_poison)
        {
          pinion_sql_run (session, "UPDATE message SET poison = 1 WHERE id = ?",
                          sql_int (document->message));
          pinion_store_session_touch (session,
                                      pinion_message_get_thread (session, document->message),
                                      document->message);
        }
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
  gint64 patient = everything ? G_MAXINT64 : g_get_real_time () / G_USEC_PER_SEC - PINION_SEARCH_PATIENCE;

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
