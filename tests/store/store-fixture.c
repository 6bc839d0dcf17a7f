/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

static const char *const usual_folders[] = { "INBOX",   "Sent",     "Drafts", "Trash", "Junk",
                                             "Archive", "Projects", "Family", NULL };

GError *
fixture_wait (DexFuture *future)
{
  GError *error = NULL;

  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_usleep (20);
  dex_future_get_value (future, &error);
  dex_unref (future);

  return error;
}

GError *
fixture_try_open (Fixture *self)
{
  DexFuture *future = pinion_store_open (self->dir);
  GError *error = fixture_wait (dex_ref (future));

  if (error == NULL)
    self->store = g_value_dup_object (dex_future_get_value (future, NULL));
  dex_unref (future);

  return error;
}

Fixture *
fixture_new_empty (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autofree char *top = g_dir_make_tmp ("pinion-store-XXXXXX", NULL);

  self->dir = g_build_filename (top, "data", NULL);
  self->to_test = g_async_queue_new ();
  self->to_store = g_async_queue_new ();
  self->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  GError *error = fixture_try_open (self);
  g_assert_no_error (error);

  return self;
}

Fixture *
fixture_new (void)
{
  Fixture *self = fixture_new_empty ();
  g_autoptr (PinionAccount) account = pinion_account_new ();

  g_set_str (&account->email, "me@example.com");
  g_set_str (&account->name, "Me");
  PinionStoreSession *session = fixture_begin (self);
  self->account = pinion_store_account_add (session, account);
  fixture_list (session, self->account, usual_folders);
  fixture_commit (self);
  fixture_find_folders (self);

  return self;
}

void
fixture_close (Fixture *self)
{
  if (self->store == NULL)
    return;

  g_autoptr (GError) error = fixture_wait (pinion_store_close (self->store));
  g_assert_no_error (error);
  g_clear_object (&self->store);
}

void
fixture_reopen (Fixture *self)
{
  fixture_close (self);

  GError *error = fixture_try_open (self);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
fixture_free (Fixture *self)
{
  g_autofree char *top = g_path_get_dirname (self->dir);

  fixture_close (self);
  remove_tree (top);
  g_hash_table_unref (self->folders);
  g_async_queue_unref (self->to_test);
  g_async_queue_unref (self->to_store);
  g_free (self->dir);
  g_free (self);
}

/* -- Sessions ---------------------------------------------------------------------------------- */

static DexFuture *
hand_over (PinionStoreSession *session,
           gpointer            data)
{
  Fixture *self = data;

  g_async_queue_push (self->to_test, session);
  int answer = GPOINTER_TO_INT (g_async_queue_pop (self->to_store));

  if (answer == 1)
    return dex_future_new_true ();

  return dex_future_new_for_error (g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
}

PinionStoreSession *
fixture_begin (Fixture *self)
{
  self->running = pinion_store_write (self->store, hand_over, self, NULL);

  return g_async_queue_pop (self->to_test);
}

PinionStoreSession *
fixture_read (Fixture *self)
{
  self->running = pinion_store_read (self->store, hand_over, self, NULL);

  return g_async_queue_pop (self->to_test);
}

GError *
fixture_end (Fixture *self)
{
  g_async_queue_push (self->to_store, GINT_TO_POINTER (1));

  return fixture_wait (g_steal_pointer (&self->running));
}

void
fixture_commit (Fixture *self)
{
  GError *error = fixture_end (self);

  g_assert_no_error (error);
}

void
fixture_cancel (Fixture *self)
{
  g_async_queue_push (self->to_store, GINT_TO_POINTER (2));
  g_autoptr (GError) error = fixture_wait (g_steal_pointer (&self->running));

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* -- Folders and messages ---------------------------------------------------------------------- */

static PinionFolderRole
role_of (const char *path)
{
  static const char *const names[] = { "", "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive" };

  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (path, names[i]))
        return i;
    }

  return PINION_FOLDER_ROLE_NONE;
}

void
fixture_list (PinionStoreSession *session,
              gint64              account,
              const char *const  *paths)
{
  guint n = g_strv_length ((char **) paths);
  g_autofree PinionStoreListing *listings = g_new0 (PinionStoreListing, n);

  for (guint i = 0; i < n; i++)
    {
      listings[i].raw_name = g_bytes_new (paths[i], strlen (paths[i]));
      listings[i].delimiter = '/';
      listings[i].path = paths[i];
      listings[i].role = role_of (paths[i]);
      listings[i].selectable = TRUE;
    }
  pinion_store_folders_update (session, account, listings, n);
  for (guint i = 0; i < n; i++)
    g_bytes_unref (listings[i].raw_name);
}

void
fixture_find_folders (Fixture *self)
{
  PinionStoreSession *session = fixture_read (self);
  g_autoptr (GPtrArray) folders = pinion_store_folders_list (session, self->account);

  for (guint i = 0; i < folders->len; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (folders, i);

      g_hash_table_insert (self->folders, g_strdup (folder->path),
                           g_memdup2 (&folder->id, sizeof folder->id));
    }
  fixture_commit (self);
}

gint64
fixture_folder (Fixture    *self,
                const char *path)
{
  gint64 *id = g_hash_table_lookup (self->folders, path);

  g_assert_nonnull (id);
  return *id;
}

gint64
fixture_add_sized (PinionStoreSession *session,
                   gint64              folder,
                   guint32             uid,
                   PinionFlags         flags,
                   const char         *message_id,
                   const char         *references,
                   gint64              date,
                   guint64             size)
{
  g_auto (GStrv) ids = g_strsplit (references != NULL ? references : "", " ", -1);
  PinionStoreIncoming incoming = {
    .uid = uid,
    .flags = flags,
    .received = date,
    .size = size,
    .header = {
      .message_id = message_id,
      .references = (const char *const *) ids,
      .date = date,
      .from_name = "Ana",
      .from_address = "ana@example.com",
      .to = "Me",
      .subject = message_id,
    },
  };

  pinion_store_messages_add (session, folder, &incoming, 1);

  return incoming.id;
}

gint64
fixture_add (PinionStoreSession *session,
             gint64              folder,
             guint32             uid,
             PinionFlags         flags,
             const char         *message_id,
             const char         *references,
             gint64              date)
{
  return fixture_add_sized (session, folder, uid, flags, message_id, references, date, FIXTURE_SIZE);
}

gint64
fixture_add_text (PinionStoreSession *session,
                  gint64              folder,
                  guint32             uid,
                  const char         *message_id,
                  guint64             size)
{
  return fixture_add_sized (session, folder, uid, 0, message_id, NULL, 100, size);
}

GArray *
fixture_ids (gint64 id)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, id);

  return ids;
}

static const char *
name_of (Fixture *self,
         gint64   folder)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->folders);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (*(gint64 *) value == folder)
        return key;
    }

  return "?";
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
fixture_labels (Fixture            *self,
                PinionStoreSession *session,
                gint64              message)
{
  g_autoptr (PinionStoreMessage) row = pinion_store_message_get (session, message);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (row == NULL)
    return g_strdup ("-");

  for (guint i = 0; i < row->folders->len; i++)
    g_ptr_array_add (names, (gpointer) name_of (self, g_array_index (row->folders, gint64, i)));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return g_strjoinv (" ", (char **) names->pdata);
}

static const char *
path_of (PinionStoreSession *session,
         gint64              id)
{
  g_autoptr (PinionStoreFolder) folder = pinion_store_folder_get (session, id);

  return folder != NULL ? g_intern_string (folder->path) : "?";
}

char *
fixture_pending (PinionStoreSession *session)
{
  g_autoptr (GPtrArray) operations = pinion_store_operations_list (session, 0);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < operations->len; i++)
    {
      PinionStoreOperation *operation = g_ptr_array_index (operations, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                              pinion_store_operation_kind_to_string (operation->kind));
      if (operation->kind == PINION_STORE_OPERATION_FLAG)
        g_string_append_printf (text, " %d=%d", operation->flag, operation->value);
      if (operation->kind != PINION_STORE_OPERATION_APPEND)
        g_string_append_printf (text, " %s/%u", path_of (session, operation->from_folder),
                                operation->from_uid);
      if (operation->kind == PINION_STORE_OPERATION_COPY
          || operation->kind == PINION_STORE_OPERATION_MOVE
          || operation->kind == PINION_STORE_OPERATION_APPEND)
        g_string_append_printf (text, " > %s", path_of (session, operation->to_folder));
      if (operation->state == PINION_STORE_OPERATION_FAILED)
        g_string_append (text, " failed");
    }

  return g_string_free (text, FALSE);
}

/* -- The truth --------------------------------------------------------------------------------- */

#define SHOWN \
  "p.gone = 0 AND (p.server_flags & 8) = 0" \
  " AND p.message_id NOT IN (SELECT copy_id FROM draft_copy)"

/* What lies where, by sets instead of by difference. */
#define TRUTH \
  "WITH away (message, until) AS (SELECT m.id, s.until FROM message m JOIN snooze s" \
  "  ON s.account_id = m.account_id AND s.key = m.key AND s.back = 0)," \
  " lies (message, view) AS (" \
  " SELECT p.message_id, p.folder_id FROM placement p JOIN folder f ON f.id = p.folder_id" \
  "  WHERE " SHOWN " AND NOT (f.role = 1 AND p.message_id IN (SELECT message FROM away))" \
  " UNION SELECT p.message_id, -(f.account_id * 4 + 3) FROM placement p" \
  "  JOIN folder f ON f.id = p.folder_id WHERE " SHOWN " AND f.role = 1" \
  "  AND p.message_id IN (SELECT message FROM away)" \
  " UNION SELECT m.id, f.id FROM message m JOIN folder f ON f.account_id = m.account_id" \
  "  AND f.role = 3 WHERE m.local_draft = 1" \
  " UNION SELECT p.message_id, -(f.account_id * 4) FROM placement p" \
  "  JOIN folder f ON f.id = p.folder_id WHERE " SHOWN " AND f.role NOT IN (3, 4, 5)" \
  " UNION SELECT p.message_id, -(f.account_id * 4 + 1) FROM placement p" \
  "  JOIN folder f ON f.id = p.folder_id JOIN message m ON m.id = p.message_id" \
  "  WHERE " SHOWN " AND f.role NOT IN (3, 4, 5) AND m.flags & 4" \
  " UNION SELECT p.message_id, -(f.account_id * 4 + 2) FROM placement p" \
  "  JOIN folder f ON f.id = p.folder_id WHERE " SHOWN " AND f.role = 3" \
  " UNION SELECT m.id, -(m.account_id * 4 + 2) FROM message m WHERE m.local_draft = 1)," \
  " truth AS (SELECT m.thread_id, l.view, max (CASE WHEN l.view < 0 AND l.view % 4 = -3" \
  "   THEN -s.until WHEN f.role = 1 THEN max (m.date, coalesce (s.back, 0)) ELSE m.date END)," \
  "  count(*), sum (m.flags & 1 = 0 OR coalesce (s.fresh, 0))" \
  "  FROM lies l JOIN message m ON m.id = l.message LEFT JOIN folder f ON f.id = l.view" \
  "  LEFT JOIN snooze s ON s.account_id = m.account_id AND s.key = m.key" \
  "  GROUP BY m.thread_id, l.view)"

static gint64
ask (sqlite3    *db,
     const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sqlite3_errmsg (db), sql);
  gint64 answer = sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : -1;
  sqlite3_finalize (statement);

  return answer;
}

void
fixture_check (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->dir, "pinion.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);

  g_assert_cmpint (ask (db, TRUTH " SELECT count(*) FROM (SELECT * FROM truth EXCEPT"
                                  " SELECT * FROM thread_view)"), ==, 0);
  g_assert_cmpint (ask (db, TRUTH " SELECT count(*) FROM (SELECT * FROM thread_view EXCEPT"
                                  " SELECT * FROM truth)"), ==, 0);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM (SELECT view_id, count(*), sum (messages),"
                            " sum (unread) FROM thread_view GROUP BY view_id EXCEPT"
                            " SELECT * FROM view_total)"), ==, 0);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM view_total v WHERE (threads <> 0 OR messages <> 0"
                            " OR unread <> 0) AND view_id NOT IN"
                            " (SELECT view_id FROM thread_view)"),
                   ==, 0);
  /* An empty thread is forgotten, a message that lies nowhere is marked. */
  g_assert_cmpint (ask (db, "SELECT count(*) FROM thread WHERE id NOT IN"
                            " (SELECT thread_id FROM message)"), ==, 0);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM message m WHERE local_draft = 0"
                            " AND (orphaned IS NULL) <> EXISTS"
                            " (SELECT 1 FROM placement WHERE message_id = m.id)"), ==, 0);
  /* Whatever is hidden, an operation is to take away; whatever waits for its UID is being made or
   * has just been made. */
  g_assert_cmpint (ask (db, "SELECT count(*) FROM placement p WHERE gone = 1 AND NOT EXISTS"
                            " (SELECT 1 FROM operation WHERE from_placement = p.id"
                            "  AND kind IN (2, 3, 4) AND state <> 2)"), ==, 0);
  /* \Seen and \Flagged agree, or an operation makes them. */
  g_assert_cmpint (ask (db, "SELECT count(*) FROM placement p JOIN message m ON m.id = p.message_id"
                            " JOIN (SELECT 1 AS flag UNION SELECT 4) WHERE p.gone = 0"
                            " AND (p.server_flags & flag) <> (m.flags & flag)"
                            " AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id"
                            "  AND o.kind = 0 AND o.flag = flag)"), ==, 0);
  /* No operation hangs in the air. */
  g_assert_cmpint (ask (db, "SELECT count(*) FROM operation WHERE state <> 2"
                            " AND message_id IS NULL AND kind < 6"), ==, 0);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  sqlite3_close (db);
}

PinionStoreSession *
fixture_next (Fixture *self)
{
  fixture_commit (self);
  fixture_check (self);

  return fixture_begin (self);
}

void
fixture_finish (Fixture *self)
{
  fixture_commit (self);
  fixture_check (self);
  fixture_free (self);
}
