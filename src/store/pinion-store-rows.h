/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of one table that are written many at once: one statement for each takes half as long again,
 * most of it for opening and closing the table's indexes. */

#pragma once

#include "pinion-store-session.h"

G_BEGIN_DECLS

/* Which table.  @insert: "INSERT OR FAIL INTO table (column, ...) VALUES ", for @n_columns values.  What
 * follows is made when first wanted.  For good: the statements made of it are kept. */
typedef struct
{
  const char *insert;
  guint n_columns;
  const char *one;
  const char *many;
} PinionStoreTable;

/* @values: the rows that wait, one behind the other. */
typedef struct
{
  PinionStoreTable *table;
  GArray *values;
} PinionStoreRows;

void pinion_store_rows_init  (PinionStoreRows  *self,
                              PinionStoreTable *table);
void pinion_store_rows_clear (PinionStoreRows *self);

/* @row: as many values as the table has columns; texts are borrowed until they are written. */
void pinion_store_rows_add (PinionStoreRows      *self,
                            const PinionSqlValue *row);

/* Writes one row at once, before those that wait. */
void pinion_store_rows_write_one (PinionStoreSession   *session,
                                  PinionStoreTable     *table,
                                  const PinionSqlValue *row);
/* Writes all that waits. */
void pinion_store_rows_write (PinionStoreRows    *self,
                              PinionStoreSession *session);
/* Writes what fills whole statements; the rest waits on. */
void pinion_store_rows_write_most (PinionStoreRows    *self,
                                   PinionStoreSession *session);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinionStoreRows, pinion_store_rows_clear)

G_END_DECLS
