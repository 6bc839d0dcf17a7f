/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of the index: opened with the store beside it, made, and thrown away. */

#include "pinion-store-search-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "pinion-store-paths.h"

#define BUSY_MILLISECONDS 10000

static const char schema[]
  = "CREATE TABLE state (identity TEXT NOT NULL, filled INTEGER NOT NULL);"
    "CREATE TABLE shard (id INTEGER PRIMARY KEY);"
    "CREATE TABLE doc (key INTEGER PRIMARY KEY, message INTEGER NOT NULL UNIQUE);"
    "CREATE TABLE short (key INTEGER PRIMARY KEY, words TEXT NOT NULL);"
    "CREATE TABLE person (address TEXT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL,"
    " uses INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;";

static gboolean
fail (sqlite3    *db,
      const char *what,
      GError    **error)
{
  PinionErrorCode code = pinion_sql_error_code (db);
  int result = sqlite3_errcode (db);

  /* A table that is not there, or has another shape. */
  if (result == SQLITE_ERROR || result == SQLITE_SCHEMA || result == SQLITE_CANTOPEN)
    code = PINION_ERROR_STORE_BROKEN;

  return pinion_error_set (error, code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s", what,
                           sqlite3_errmsg (db));
}

static gboolean
run (sqlite3    *db,
     const char *sql,
     GError    **error)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK
         || fail (db, PINION_SEARCH_FILE, error);
}

static int
get_number (sqlite3    *db,
            const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int number = -1;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

static gboolean
make_schema (sqlite3 *db,
             GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", PINION_SEARCH_VERSION);

  return run (db, "BEGIN IMMEDIATE", error) && run (db, schema, error) && run (db, mark, error)
         && run (db, "COMMIT", error);
}

static gboolean
prepare_writer (sqlite3 *db,
                GError **error)
{
  if (!run (db, "PRAGMA journal_mode = WAL", error)
      || !run (db, "PRAGMA synchronous = NORMAL", error)
      || !run (db, "PRAGMA wal_autocheckpoint = 2000", error)
      || !run (db, "PRAGMA journal_size_limit = 33554432", error))
    return FALSE;

  int version = get_number (db, "PRAGMA user_version");
  if (version == 0 && get_number (db, "SELECT count(*) FROM sqlite_master") == 0)
    return make_schema (db, error);

  return version == PINION_SEARCH_VERSION
         || pinion_error_set (error, PINION_ERROR_STORE_BROKEN, PINION_PROTOCOL_NONE,
                              PINION_STAGE_NONE, "search index of version %d", version);
}

static gboolean
refuse (PinionErrorCode code,
        const char     *why,
        GError        **error)
{
  return pinion_error_set (error, code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s",
                           PINION_SEARCH_FILE, why);
}

static gboolean
prepare_reader (sqlite3 *db,
                GError **error)
{
  switch (get_number (db, "PRAGMA user_version"))
    {
    case PINION_SEARCH_VERSION:
      return run (db, "PRAGMA query_only = ON", error);
    case 0:
      return refuse (PINION_ERROR_BUSY, "it is being made", error);
    case -1:
      return fail (db, PINION_SEARCH_FILE, error);
    default:
      return refuse (PINION_ERROR_STORE_BROKEN, "it is of another version", error);
    }
}

/* After the store was begun anew, ids mean other messages. */
static gboolean
is_of_this_store (sqlite3 *db,
                  GError **error)
{
  switch (get_number (db, "SELECT (SELECT identity FROM state)"
                          " IN (SELECT identity FROM store.search_identity)"
                          " + (SELECT count(*) FROM state)"))
    {
    case 2:
      return TRUE;
    case 0:
      return refuse (PINION_ERROR_BUSY, "it is being made", error);
    case -1:
      return fail (db, PINION_SEARCH_FILE, error);
    default:
      return refuse (PINION_ERROR_STORE_BROKEN, "it is another store's", error);
    }
}

/* For reading only: this connection never writes to the store. */
static gboolean
attach_store (sqlite3    *db,
              const char *dir,
              GError    **error)
{
  g_autofree char *path = g_build_filename (dir, "pinion.db", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *readable = g_strconcat (uri, "?mode=ro", NULL);
  sqlite3_stmt *statement = NULL;
  gboolean done = sqlite3_prepare_v2 (db, "ATTACH ?1 AS store", -1, &statement, NULL) == SQLITE_OK
                  && sqlite3_bind_text (statement, 1, readable, -1, SQLITE_STATIC) == SQLITE_OK
                  && sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    fail (db, path, error);
  sqlite3_finalize (statement);

  return done;
}

/* Made here and not by SQLite, for its mode. */
static gboolean
make_file (const char *path,
           GError    **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return pinion_error_set (error, pinion_sql_errno_code (errno), PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "%s: %s", path, g_strerror (errno));

  close (fd);
  return TRUE;
}

PinionStoreSession *
pinion_search_database_open (PinionStore        *store,
                             PinionSearchIntake *intake,
                             GError            **error)
{
  gboolean create = intake != NULL;
  const char *dir = pinion_store_get_dir (store);
  g_autofree char *path = g_build_filename (dir, PINION_SEARCH_FILE, NULL);
  int flags = create ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  sqlite3 *db = NULL;

  if (create && !make_file (path, error))
    return NULL;

  if (sqlite3_open_v2 (path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL) == SQLITE_OK)
    {
      sqlite3_extended_result_codes (db, 1);
      sqlite3_busy_timeout (db, BUSY_MILLISECONDS);
      if (pinion_search_tokenizer_register (db, intake) == SQLITE_OK
          && (create ? prepare_writer (db, error) : prepare_reader (db, error))
          && run (db, create ? "PRAGMA cache_size = -16000" : "PRAGMA cache_size = -3000", error)
          && run (db, "PRAGMA temp_store = MEMORY", error) && attach_store (db, dir, error)
          && (create || is_of_this_store (db, error)))
        return pinion_store_session_new (store, db, create);
    }

  if (error != NULL && *error == NULL)
    fail (db, path, error);
  sqlite3_close (db);

  return NULL;
}

void
pinion_search_database_remove (PinionStore *store)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (PINION_SEARCH_FILE, suffixes[i], NULL);
      g_autofree char *path = g_build_filename (pinion_store_get_dir (store), name, NULL);

      g_unlink (path);
    }
}

gboolean
pinion_search_error_is_broken (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_STORE_BROKEN)
         || pinion_error_is (error, PINION_ERROR_STORE_FAILED);
}

gboolean
pinion_search_session_end (PinionStoreSession *session,
                           GError            **error)
{
  if (session->error == NULL)
    return TRUE;

  if (!sqlite3_get_autocommit (session->db))
    sqlite3_exec (session->db, "ROLLBACK", NULL, NULL, NULL);
  g_propagate_error (error, g_steal_pointer (&session->error));

  return FALSE;
}
