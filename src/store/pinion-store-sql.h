/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Statements, for this room only.  Each SQL text is a literal and is prepared once; values are
 * bound, never pasted.  Errors go into the session and stick there. */

#pragma once

#include <sqlite3.h>

#include "pinion-store.h"

G_BEGIN_DECLS

typedef struct
{
  int type;
  union
  {
    gint64 integer;
    const char *text;
    GBytes *bytes;
  };
} PinionSqlValue;

static inline PinionSqlValue
sql_int (gint64 value)
{
  return (PinionSqlValue) { .type = SQLITE_INTEGER, .integer = value };
}

/* 0 becomes NULL. */
static inline PinionSqlValue
sql_id (gint64 id)
{
  return (PinionSqlValue) { .type = id != 0 ? SQLITE_INTEGER : SQLITE_NULL, .integer = id };
}

/* @text: (nullable) */
static inline PinionSqlValue
sql_text (const char *text)
{
  return (PinionSqlValue) { .type = text != NULL ? SQLITE_TEXT : SQLITE_NULL, .text = text };
}

static inline PinionSqlValue
sql_blob (GBytes *bytes)
{
  return (PinionSqlValue) { .type = SQLITE_BLOB, .bytes = bytes };
}

/* A running query: pinion_query_next() moves to the next row, columns count from 0. */
typedef struct
{
  PinionStoreSession *session;
  sqlite3_stmt *statement;
  gboolean is_cached;
} PinionQuery;

PinionQuery pinion_query_start (PinionStoreSession   *session,
                                const char           *sql,
                                const PinionSqlValue *values,
                                guint                 n_values);
gboolean    pinion_query_next  (PinionQuery *self);
void        pinion_query_clear (PinionQuery *self);

gint64      pinion_query_int      (PinionQuery *self,
                                   int          column);
gboolean    pinion_query_is_null  (PinionQuery *self,
                                   int          column);
/* Borrowed until the next row; %NULL for NULL. */
const char *pinion_query_text     (PinionQuery *self,
                                   int          column);
char       *pinion_query_dup_text (PinionQuery *self,
                                   int          column);
GBytes     *pinion_query_dup_blob (PinionQuery *self,
                                   int          column);

/* Runs a statement that returns no rows.  Returns: how many rows it changed. */
int    pinion_sql_run_values (PinionStoreSession   *session,
                              const char           *sql,
                              const PinionSqlValue *values,
                              guint                 n_values);
/* The first column of the first row, or 0. */
gint64 pinion_sql_get_values (PinionStoreSession   *session,
                              const char           *sql,
                              const PinionSqlValue *values,
                              guint                 n_values);
/* The first column of all rows.  Returns: (transfer full): gint64 */
GArray *pinion_sql_ids_values (PinionStoreSession   *session,
                               const char           *sql,
                               const PinionSqlValue *values,
                               guint                 n_values);

#define PINION_SQL_VALUES(...)       \
  (PinionSqlValue[]) { __VA_ARGS__ }, \
    sizeof ((PinionSqlValue[]) { __VA_ARGS__ }) / sizeof (PinionSqlValue)

#define pinion_query(session, sql, ...) \
  pinion_query_start (session, sql, PINION_SQL_VALUES (__VA_ARGS__))
#define pinion_sql_run(session, sql, ...) \
  pinion_sql_run_values (session, sql, PINION_SQL_VALUES (__VA_ARGS__))
#define pinion_sql_get(session, sql, ...) \
  pinion_sql_get_values (session, sql, PINION_SQL_VALUES (__VA_ARGS__))
#define pinion_sql_ids(session, sql, ...) \
  pinion_sql_ids_values (session, sql, PINION_SQL_VALUES (__VA_ARGS__))

/* The id of the row inserted last. */
gint64 pinion_sql_last_id (PinionStoreSession *session);

/* What SQLite's last error on @db, or the errno @error, means to a person. */
PinionErrorCode pinion_sql_error_code   (sqlite3 *db);
PinionErrorCode pinion_sql_errno_code   (int error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinionQuery, pinion_query_clear)

G_END_DECLS
