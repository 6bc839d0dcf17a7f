/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-sql.h"

#include <errno.h>

#include "pinion-store-session.h"

static void
fail (PinionStoreSession *session)
{
  PinionErrorCode code = pinion_sql_error_code (session->db);

  if (code == PINION_ERROR_STORE_BROKEN)
    session->is_broken = TRUE;
  pinion_store_session_fail (session, code, "%s", sqlite3_errmsg (session->db));
}

static sqlite3_stmt *
prepare (PinionStoreSession *session,
         const char         *sql,
         gboolean           *is_cached)
{
  sqlite3_stmt *statement = g_hash_table_lookup (session->statements, sql);

  *is_cached = statement == NULL || !sqlite3_stmt_busy (statement);
  if (statement != NULL && *is_cached)
    return statement;

  guint flags = *is_cached ? SQLITE_PREPARE_PERSISTENT : 0;
  if (sqlite3_prepare_v3 (session->db, sql, -1, flags, &statement, NULL) != SQLITE_OK)
    {
      fail (session);
      return NULL;
    }

  if (*is_cached)
    g_hash_table_insert (session->statements, (gpointer) sql, statement);

  return statement;
}

static int
bind (sqlite3_stmt           *statement,
      int                     index,
      const PinionSqlValue   *value,
      sqlite3_destructor_type lifetime)
{
  gsize length;
  const void *data;

  switch (value->type)
    {
    case SQLITE_INTEGER:
      return sqlite3_bind_int64 (statement, index, value->integer);
    case SQLITE_TEXT:
      return sqlite3_bind_text (statement, index, value->text, -1, lifetime);
    case SQLITE_BLOB:
      data = g_bytes_get_data (value->bytes, &length);
      return sqlite3_bind_blob64 (statement, index, length > 0 ? data : "", length,
                                  lifetime);
    default:
      return sqlite3_bind_null (statement, index);
    }
}

/* @lifetime: SQLITE_STATIC where the values outlive the query. */
static PinionQuery
start (PinionStoreSession     *session,
       const char             *sql,
       const PinionSqlValue   *values,
       guint                   n_values,
       sqlite3_destructor_type lifetime)
{
  PinionQuery self = { .session = session };

  if (session->error != NULL)
    return self;

  self.statement = prepare (session, sql, &self.is_cached);
  for (guint i = 0; self.statement != NULL && i < n_values; i++)
    {
      if (bind (self.statement, (int) i + 1, &values[i], lifetime) != SQLITE_OK)
        {
          fail (session);
          pinion_query_clear (&self);
        }
    }

  return self;
}

PinionQuery
pinion_query_start (PinionStoreSession   *session,
                    const char           *sql,
                    const PinionSqlValue *values,
                    guint                 n_values)
{
  return start (session, sql, values, n_values, SQLITE_TRANSIENT);
}

gboolean
pinion_query_next (PinionQuery *self)
{
  if (self->statement == NULL)
    return FALSE;

  int result = sqlite3_step (self->statement);
  if (result == SQLITE_ROW)
    return TRUE;

  if (result != SQLITE_DONE)
    fail (self->session);
  pinion_query_clear (self);

  return FALSE;
}

void
pinion_query_clear (PinionQuery *self)
{
  if (self->statement == NULL)
    return;

  if (self->is_cached)
    {
      sqlite3_reset (self->statement);
      sqlite3_clear_bindings (self->statement);
    }
  else
    {
      sqlite3_finalize (self->statement);
    }
  self->statement = NULL;
}

gint64
pinion_query_int (PinionQuery *self,
                  int          column)
{
  return sqlite3_column_int64 (self->statement, column);
}

gboolean
pinion_query_is_null (PinionQuery *self,
                      int          column)
{
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

const char *
pinion_query_text (PinionQuery *self,
                   int          column)
{
  return (const char *) sqlite3_column_text (self->statement, column);
}

char *
pinion_query_dup_text (PinionQuery *self,
                       int          column)
{
  return g_strdup (pinion_query_text (self, column));
}

GBytes *
pinion_query_dup_blob (PinionQuery *self,
                       int          column)
{
  const void *data = sqlite3_column_blob (self->statement, column);
  int length = sqlite3_column_bytes (self->statement, column);

  return g_bytes_new (data, (gsize) length);
}

int
pinion_sql_run_values (PinionStoreSession   *session,
                       const char           *sql,
                       const PinionSqlValue *values,
                       guint                 n_values)
{
  g_auto (PinionQuery) query = start (session, sql, values, n_values, SQLITE_STATIC);

  if (query.statement == NULL)
    return 0;

  while (pinion_query_next (&query))
    continue;

  return session->error == NULL ? sqlite3_changes (session->db) : 0;
}

gint64
pinion_sql_get_values (PinionStoreSession   *session,
                       const char           *sql,
                       const PinionSqlValue *values,
                       guint                 n_values)
{
  g_auto (PinionQuery) query = start (session, sql, values, n_values, SQLITE_STATIC);

  return pinion_query_next (&query) ? pinion_query_int (&query, 0) : 0;
}

GArray *
pinion_sql_ids_values (PinionStoreSession   *session,
                       const char           *sql,
                       const PinionSqlValue *values,
                       guint                 n_values)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (PinionQuery) query = start (session, sql, values, n_values, SQLITE_STATIC);

  while (pinion_query_next (&query))
    {
      gint64 id = pinion_query_int (&query, 0);
      g_array_append_val (ids, id);
    }

  return ids;
}

gint64
pinion_sql_last_id (PinionStoreSession *session)
{
  return session->error == NULL ? sqlite3_last_insert_rowid (session->db) : 0;
}

PinionErrorCode
pinion_sql_errno_code (int error)
{
  switch (error)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return PINION_ERROR_DISK_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
      return PINION_ERROR_STORE_READ_ONLY;
    default:
      return PINION_ERROR_STORE_FAILED;
    }
}

PinionErrorCode
pinion_sql_error_code (sqlite3 *db)
{
  switch (sqlite3_errcode (db) & 0xff)
    {
    case SQLITE_FULL:
      return PINION_ERROR_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return PINION_ERROR_STORE_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return PINION_ERROR_STORE_BROKEN;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return PINION_ERROR_BUSY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return pinion_sql_errno_code (sqlite3_system_errno (db));
    default:
      return PINION_ERROR_STORE_FAILED;
    }
}
