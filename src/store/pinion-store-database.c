/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-store"

#include "pinion-store-database.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "pinion-store-paths.h"
#include "pinion-store-resources.h"

#define APPLICATION_ID 0x50696e6e /* "Pinn" */
#define BROKEN_MARK "pinion.db.broken"
#define SCHEMA_PATH "/io/github/pinionmail/Pinion/store/schema-%03d.sql"

static gboolean
set_error (sqlite3 *db,
           GError **error)
{
  return pinion_error_set (error, pinion_sql_error_code (db), PINION_PROTOCOL_NONE,
                           PINION_STAGE_NONE, "%s", sqlite3_errmsg (db));
}

static gboolean
run (sqlite3    *db,
     const char *sql,
     GError    **error)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK || set_error (db, error);
}

static gboolean
get_number (sqlite3    *db,
            const char *sql,
            int        *number,
            GError    **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK
                  && sqlite3_step (statement) == SQLITE_ROW;

  if (done)
    *number = sqlite3_column_int (statement, 0);
  else
    set_error (db, error);
  sqlite3_finalize (statement);

  return done;
}

static GBytes *
lookup_schema (int version)
{
  g_autofree char *path = g_strdup_printf (SCHEMA_PATH, version);

  return g_resource_lookup_data (pinion_store_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
}

static gboolean
upgrade_one (sqlite3 *db,
             GBytes  *schema,
             int      version,
             GError **error)
{
  g_autofree char *sql = g_strndup (g_bytes_get_data (schema, NULL), g_bytes_get_size (schema));
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", version);

  if (run (db, "BEGIN IMMEDIATE", error) && run (db, sql, error) && run (db, mark, error)
      && run (db, "COMMIT", error))
    return TRUE;

  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* The caller holds the lock, so no other process upgrades meanwhile. */
static gboolean
upgrade (sqlite3 *db,
         GError **error)
{
  int version;

  if (!get_number (db, "PRAGMA user_version", &version, error))
    return FALSE;

  for (;; version++)
    {
      g_autoptr (GBytes) next = lookup_schema (version + 1);
      g_autoptr (GBytes) current = version > 0 ? lookup_schema (version) : NULL;

      if (version > 0 && current == NULL)
        return pinion_error_set (error, PINION_ERROR_STORE_TOO_NEW, PINION_PROTOCOL_NONE,
                                 PINION_STAGE_NONE, "schema version %d", version);
      if (next == NULL)
        return TRUE;
      if (!upgrade_one (db, next, version + 1, error))
        return FALSE;
    }
}

/* Enough to notice a file that is not what it should be; what hides deeper is noticed when it is
 * read, and marked then. */
static gboolean
check (sqlite3 *db,
       GError **error)
{
  int number;

  if (!get_number (db, "PRAGMA application_id", &number, error))
    return FALSE;
  if (number != APPLICATION_ID)
    return pinion_error_set (error, PINION_ERROR_STORE_BROKEN, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "not a store of this program");

  static const char *const queries[] = {
    "SELECT count(*) FROM account",
    "SELECT count(*) FROM folder",
    "SELECT count(*) FROM outbox",
    "SELECT count(*) FROM operation",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) cause = NULL;

      if (get_number (db, queries[i], &number, &cause))
        continue;
      /* A table that its version has and this file has not. */
      if (sqlite3_errcode (db) == SQLITE_ERROR)
        return pinion_error_set (error, PINION_ERROR_STORE_BROKEN, PINION_PROTOCOL_NONE,
                                 PINION_STAGE_NONE, "%s", cause->message);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  return TRUE;
}

/* Pages of the cache that are allocated together: one at a time, each lets the heap of its thread grow by
 * a call of the system.  Untouched they take no memory. */
#define PAGES_TOGETHER_KIB 4096

/* Refused where another user of SQLite in this process came first; it goes without, then. */
static void
configure_once (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;

  /* Nobody asks how much memory it takes, and counting takes a lock at each allocation. */
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_PAGECACHE, NULL, 0, -PAGES_TOGETHER_KIB);
  g_once_init_leave (&once, 1);
}

static sqlite3 *
connect_to (const char *path,
            int         flags,
            GError    **error)
{
  sqlite3 *db = NULL;

  configure_once ();

  if (sqlite3_open_v2 (path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      set_error (db, error);
      sqlite3_close (db);
      return NULL;
    }

  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, PINION_STORE_BUSY_MILLISECONDS);

  return db;
}

static gboolean
is_new (sqlite3 *db)
{
  int pages = -1;

  return get_number (db, "PRAGMA page_count", &pages, NULL) && pages == 0;
}

static gboolean
prepare (sqlite3 *db,
         GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d", APPLICATION_ID);

  if (is_new (db) && !run (db, mark, error))
    return FALSE;

  return run (db, "PRAGMA journal_mode = WAL", error)
         && run (db, "PRAGMA synchronous = NORMAL", error)
         && run (db, "PRAGMA cache_size = -16000", error)
         && run (db, "PRAGMA temp_store = MEMORY", error)
         && run (db, "PRAGMA wal_autocheckpoint = 8000", error)
         && run (db, "PRAGMA journal_size_limit = 33554432", error)
         && run (db, "PRAGMA foreign_keys = ON", error)
         && run (db, "PRAGMA secure_delete = ON", error)
         && upgrade (db, error) && check (db, error);
}

/* Made here and not by SQLite, for its mode; the WAL takes it over. */
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

static sqlite3 *
try_open (const char *dir,
          GError    **error)
{
  g_autofree char *path = g_build_filename (dir, PINION_STORE_DATABASE, NULL);

  if (!make_file (path, error))
    return NULL;

  sqlite3 *db = connect_to (path, SQLITE_OPEN_READWRITE, error);
  if (db != NULL && !prepare (db, error))
    g_clear_pointer (&db, sqlite3_close);

  return db;
}

/* Mail files are named by ids of the broken database, so they go; it keeps only one broken copy. */
static gboolean
move_aside (const char *dir,
            GError    **error)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };
  g_autofree char *aside = g_build_filename (dir, "broken", NULL);
  g_autofree char *mail = g_build_filename (dir, "mail", NULL);
  g_autofree char *mark = g_build_filename (dir, BROKEN_MARK, NULL);

  pinion_store_remove_tree (aside);
  pinion_store_remove_tree (mail);
  if (!pinion_store_make_dir (aside, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (PINION_STORE_DATABASE, suffixes[i], NULL);
      g_autofree char *from = g_build_filename (dir, name, NULL);
      g_autofree char *to = g_build_filename (aside, name, NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        return pinion_error_set (error, pinion_sql_errno_code (errno), PINION_PROTOCOL_NONE,
                                 PINION_STAGE_NONE, "%s: %s", from, g_strerror (errno));
    }

  g_unlink (mark);
  return TRUE;
}

static gboolean
is_marked_broken (const char *dir)
{
  g_autofree char *mark = g_build_filename (dir, BROKEN_MARK, NULL);

  return g_file_test (mark, G_FILE_TEST_EXISTS);
}

/* Returns: the descriptor that holds the lock, or -1. */
static int
lock (const char *dir,
      GError    **error)
{
  g_autofree char *path = g_build_filename (dir, "pinion.lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;

  pinion_error_set (error, pinion_sql_errno_code (errno), PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                    "%s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);

  return -1;
}

static sqlite3 *
open_locked (const char *dir,
             gboolean   *rebuilt,
             GError    **error)
{
  g_autoptr (GError) first = NULL;
  gboolean is_broken = is_marked_broken (dir);
  sqlite3 *db = is_broken ? NULL : try_open (dir, &first);

  if (db != NULL)
    return db;

  if (!is_broken && !pinion_error_is (first, PINION_ERROR_STORE_BROKEN))
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }

  g_warning ("The store is broken (%s) and is built anew",
             first != NULL ? first->message : "noticed earlier");
  if (!move_aside (dir, error))
    return NULL;

  *rebuilt = TRUE;
  return try_open (dir, error);
}

sqlite3 *
pinion_store_database_open (const char *dir,
                            gboolean   *rebuilt,
                            GError    **error)
{
  *rebuilt = FALSE;
  if (!pinion_store_make_dir (dir, error))
    return NULL;

  int fd = lock (dir, error);
  if (fd < 0)
    return NULL;

  sqlite3 *db = open_locked (dir, rebuilt, error);
  close (fd);

  return db;
}

sqlite3 *
pinion_store_database_open_reader (const char *dir,
                                   GError    **error)
{
  g_autofree char *path = g_build_filename (dir, PINION_STORE_DATABASE, NULL);
  sqlite3 *db = connect_to (path, SQLITE_OPEN_READONLY, error);

  if (db != NULL
      && (!run (db, "PRAGMA cache_size = -3000", error)
          || !run (db, "PRAGMA query_only = ON", error)))
    g_clear_pointer (&db, sqlite3_close);

  return db;
}

void
pinion_store_database_mark_broken (const char *dir)
{
  g_autofree char *mark = g_build_filename (dir, BROKEN_MARK, NULL);

  g_file_set_contents_full (mark, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

void
pinion_store_database_flush (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, PINION_STORE_DATABASE "-wal", NULL);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return;

  if (fdatasync (fd) != 0)
    g_warning ("%s: %s", path, g_strerror (errno));
  close (fd);
}
