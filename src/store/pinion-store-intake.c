/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-intake.h"

#define AT_ONCE 20

/* Made when first wanted. */
typedef struct
{
  const char *one;
  const char *many;
} Statements;

/* One table's part.  @values: its rows, one behind the other. */
typedef struct
{
  const char *insert;
  guint n_columns;
  Statements *sql;
  GArray *values;
} Rows;

/* @keys: of the messages that wait; their ids are those before @next_id. */
struct _PinionStoreIntake
{
  gint64 next_id;
  GArray *keys;
  GPtrArray *strings;
  Rows messages;
  Rows placements;
  Rows references;
};

static Statements message_sql, placement_sql, reference_sql;

/* A row that is refused ends the transaction, so that SQLite need not take back the rows before it. */
static const Rows message_rows = {
  "INSERT OR FAIL INTO message (id, account_id, thread_id, key, date, received, flags, size,"
  " has_attachments, bulk, message_id, from_name, from_address, recipients, subject, snippet,"
  " people) VALUES ",
  PINION_INTAKE_MESSAGE_COLUMNS, &message_sql, NULL
};

static const Rows placement_rows = {
  "INSERT OR FAIL INTO placement (folder_id, uid, message_id, server_flags, created) VALUES ",
  PINION_INTAKE_PLACEMENT_COLUMNS, &placement_sql, NULL
};

static const Rows reference_rows = {
  "INSERT OR FAIL INTO reference (account_id, hash, thread_id) VALUES ",
  PINION_INTAKE_REFERENCE_COLUMNS, &reference_sql, NULL
};

static Rows
rows_new (const Rows *kind)
{
  Rows rows = *kind;

  rows.values = g_array_sized_new (FALSE, FALSE, sizeof (PinionSqlValue),
                                   AT_ONCE * kind->n_columns);

  return rows;
}

static const char *
make_sql (const Rows *kind,
          guint       n)
{
  g_autoptr (GString) sql = g_string_new (kind->insert);

  for (guint i = 0; i < n; i++)
    {
      g_string_append (sql, i == 0 ? "(?" : ", (?");
      for (guint j = 1; j < kind->n_columns; j++)
        g_string_append (sql, ", ?");
      g_string_append_c (sql, ')');
    }

  return g_intern_string (sql->str);
}

/* The statement for @n rows, 1 or AT_ONCE. */
static const char *
sql_for (const Rows *kind,
         guint       n)
{
  const char **sql = n == 1 ? &kind->sql->one : &kind->sql->many;

  if (g_once_init_enter_pointer (sql))
    g_once_init_leave_pointer (sql, make_sql (kind, n));

  return *sql;
}

static void
write_values (PinionStoreSession   *session,
              const Rows           *kind,
              const PinionSqlValue *values,
              guint                 n_rows)
{
  pinion_sql_run_values (session, sql_for (kind, n_rows), values, n_rows * kind->n_columns);
}

static void
write_rows (PinionStoreSession *session,
            Rows               *rows)
{
  const PinionSqlValue *values = (const PinionSqlValue *) rows->values->data;
  guint n = rows->values->len / rows->n_columns;

  while (n > 0)
    {
      guint some = n >= AT_ONCE ? AT_ONCE : 1;

      write_values (session, rows, values, some);
      values += some * rows->n_columns;
      n -= some;
    }
  g_array_set_size (rows->values, 0);
}

void
pinion_store_intake_begin (PinionStoreSession *session)
{
  PinionStoreIntake *self = g_new (PinionStoreIntake, 1);

  g_assert (session->intake == NULL);

  self->next_id
    = pinion_sql_get (session, "SELECT seq FROM sqlite_sequence WHERE name = 'message'") + 1;
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->strings = g_ptr_array_new_with_free_func (g_free);
  self->messages = rows_new (&message_rows);
  self->placements = rows_new (&placement_rows);
  self->references = rows_new (&reference_rows);
  session->intake = self;
}

/* A message first, for what refers to it. */
void
pinion_store_intake_write (PinionStoreSession *session)
{
  PinionStoreIntake *self = session->intake;

  if (self == NULL)
    return;

  write_rows (session, &self->messages);
  write_rows (session, &self->placements);
  write_rows (session, &self->references);
  g_array_set_size (self->keys, 0);
  g_ptr_array_set_size (self->strings, 0);
}

void
pinion_store_intake_end (PinionStoreSession *session)
{
  PinionStoreIntake *self = session->intake;

  pinion_store_intake_write (session);
  session->intake = NULL;
  g_array_unref (self->keys);
  g_ptr_array_unref (self->strings);
  g_array_unref (self->messages.values);
  g_array_unref (self->placements.values);
  g_array_unref (self->references.values);
  g_free (self);
}

gint64
pinion_store_intake_find (PinionStoreSession *session,
                          gint64              key)
{
  const PinionStoreIntake *self = session->intake;

  for (guint i = 0; self != NULL && i < self->keys->len; i++)
    {
      if (g_array_index (self->keys, gint64, i) == key)
        return self->next_id - self->keys->len + i;
    }

  return 0;
}

gint64
pinion_store_intake_add_message (PinionStoreSession *session,
                                 PinionSqlValue     *row,
                                 gint64              key,
                                 char               *message_id)
{
  PinionStoreIntake *self = session->intake;
  g_autofree char *own_id = message_id;

  if (self == NULL)
    {
      row[0] = sql_id (0);
      write_values (session, &message_rows, row, 1);
      return pinion_sql_last_id (session);
    }

  if (self->keys->len == AT_ONCE)
    pinion_store_intake_write (session);
  row[0] = sql_int (self->next_id);
  g_array_append_vals (self->messages.values, row, PINION_INTAKE_MESSAGE_COLUMNS);
  g_array_append_val (self->keys, key);
  if (own_id != NULL)
    g_ptr_array_add (self->strings, g_steal_pointer (&own_id));

  return self->next_id++;
}

void
pinion_store_intake_add_placement (PinionStoreSession   *session,
                                   const PinionSqlValue *row)
{
  if (session->intake != NULL)
    g_array_append_vals (session->intake->placements.values, row, PINION_INTAKE_PLACEMENT_COLUMNS);
  else
    write_values (session, &placement_rows, row, 1);
}

void
pinion_store_intake_add_reference (PinionStoreSession   *session,
                                   const PinionSqlValue *row)
{
  if (session->intake != NULL)
    g_array_append_vals (session->intake->references.values, row, PINION_INTAKE_REFERENCE_COLUMNS);
  else
    write_values (session, &reference_rows, row, 1);
}
