/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-rows.h"

#define AT_ONCE 20

void
pinion_store_rows_init (PinionStoreRows  *self,
                        PinionStoreTable *table)
{
  self->table = table;
  self->values = g_array_new (FALSE, FALSE, sizeof (PinionSqlValue));
}

void
pinion_store_rows_clear (PinionStoreRows *self)
{
  g_clear_pointer (&self->values, g_array_unref);
}

void
pinion_store_rows_add (PinionStoreRows      *self,
                       const PinionSqlValue *row)
{
  g_array_append_vals (self->values, row, self->table->n_columns);
}

static const char *
make_sql (const PinionStoreTable *table,
          guint                   n)
{
  g_autoptr (GString) sql = g_string_new (table->insert);

  for (guint i = 0; i < n; i++)
    {
      g_string_append (sql, i == 0 ? "(?" : ", (?");
      for (guint j = 1; j < table->n_columns; j++)
        g_string_append (sql, ", ?");
      g_string_append_c (sql, ')');
    }

  return g_intern_string (sql->str);
}

/* The statement for @n rows, 1 or AT_ONCE. */
static const char *
sql_for (PinionStoreTable *table,
         guint             n)
{
  const char **sql = n == 1 ? &table->one : &table->many;

  if (g_once_init_enter_pointer (sql))
    g_once_init_leave_pointer (sql, make_sql (table, n));

  return *sql;
}

void
pinion_store_rows_write_one (PinionStoreSession   *session,
                             PinionStoreTable     *table,
                             const PinionSqlValue *row)
{
  pinion_sql_run_values (session, sql_for (table, 1), row, table->n_columns);
}

/* Of the @n rows that wait, in statements of @some each.  Returns: how many are left. */
static guint
write_some (PinionStoreRows    *self,
            PinionStoreSession *session,
            guint               n,
            guint               some)
{
  const guint n_columns = self->table->n_columns;
  const PinionSqlValue *values = &g_array_index (self->values, PinionSqlValue,
                                                 self->values->len - n * n_columns);

  for (; n >= some; n -= some, values += some * n_columns)
    pinion_sql_run_values (session, sql_for (self->table, some), values, some * n_columns);

  return n;
}

void
pinion_store_rows_write (PinionStoreRows    *self,
                         PinionStoreSession *session)
{
  guint n = write_some (self, session, self->values->len / self->table->n_columns, AT_ONCE);

  write_some (self, session, n, 1);
  g_array_set_size (self->values, 0);
}

void
pinion_store_rows_write_most (PinionStoreRows    *self,
                              PinionStoreSession *session)
{
  guint left = write_some (self, session, self->values->len / self->table->n_columns, AT_ONCE);

  g_array_remove_range (self->values, 0, self->values->len - left * self->table->n_columns);
}
