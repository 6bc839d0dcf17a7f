/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-intake.h"

#include "pinion-store-rows.h"

/* So many messages wait at most: their rows should be still at hand when they are written. */
#define MOST_WAITING 200

#define LOOKED_UP_AT_ONCE 50

/* @known: of the keys that were looked up, and of the messages added since, the ids; 0: there is
 * none.  @strings: what the rows that wait point to. */
struct _PinionStoreIntake
{
  gint64 next_message;
  gint64 next_thread;
  guint n_waiting;
  GHashTable *known;
  GPtrArray *strings;
  PinionStoreRows threads;
  PinionStoreRows messages;
  PinionStoreRows placements;
  PinionStoreRows references;
};

/* A row that is refused ends the transaction, so that SQLite need not take back the rows before it. */
static PinionStoreTable thread_table = { "INSERT OR FAIL INTO thread (id, account_id) VALUES ", 2 };

static PinionStoreTable message_table = {
  "INSERT OR FAIL INTO message (id, account_id, thread_id, key, date, received, flags, size,"
  " has_attachments, bulk, message_id, from_name, from_address, recipients, subject, snippet,"
  " people) VALUES ",
  PINION_INTAKE_MESSAGE_COLUMNS,
};

static PinionStoreTable placement_table = {
  "INSERT OR FAIL INTO placement (folder_id, uid, message_id, server_flags, created) VALUES ",
  PINION_INTAKE_PLACEMENT_COLUMNS,
};

static PinionStoreTable reference_table = {
  "INSERT OR FAIL INTO reference (account_id, hash, thread_id) VALUES ",
  PINION_INTAKE_REFERENCE_COLUMNS,
};

void
pinion_store_intake_begin (PinionStoreSession *session)
{
  PinionStoreIntake *self = g_new0 (PinionStoreIntake, 1);

  g_assert (session->intake == NULL);

  self->next_message
    = pinion_sql_get (session, "SELECT seq FROM sqlite_sequence WHERE name = 'message'") + 1;
  self->next_thread
    = pinion_sql_get (session, "SELECT seq FROM sqlite_sequence WHERE name = 'thread'") + 1;
  self->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->strings = g_ptr_array_new_with_free_func (g_free);
  pinion_store_rows_init (&self->threads, &thread_table);
  pinion_store_rows_init (&self->messages, &message_table);
  pinion_store_rows_init (&self->placements, &placement_table);
  pinion_store_rows_init (&self->references, &reference_table);
  session->intake = self;
}

guint
pinion_store_intake_count_waiting (PinionStoreSession *session)
{
  return session->intake != NULL ? session->intake->n_waiting : 0;
}

/* In the order in which they refer to each other; references only as far as they fill statements. */
static void
write_waiting (PinionStoreSession *session,
               PinionStoreIntake  *self)
{
  pinion_store_rows_write (&self->threads, session);
  pinion_store_rows_write (&self->messages, session);
  pinion_store_rows_write (&self->placements, session);
  pinion_store_rows_write_most (&self->references, session);
  g_ptr_array_set_size (self->strings, 0);
  self->n_waiting = 0;
}

void
pinion_store_intake_write (PinionStoreSession *session)
{
  PinionStoreIntake *self = session->intake;

  if (self == NULL)
    return;

  write_waiting (session, self);
  pinion_store_rows_write (&self->references, session);
  g_hash_table_remove_all (self->known);
}

void
pinion_store_intake_end (PinionStoreSession *session)
{
  PinionStoreIntake *self = session->intake;

  pinion_store_intake_write (session);
  session->intake = NULL;
  g_hash_table_unref (self->known);
  g_ptr_array_unref (self->strings);
  pinion_store_rows_clear (&self->threads);
  pinion_store_rows_clear (&self->messages);
  pinion_store_rows_clear (&self->placements);
  pinion_store_rows_clear (&self->references);
  g_free (self);
}

/* -- Looking up ------------------------------------------------------------------------------ */

static void
keep (GHashTable *table,
      gint64      number,
      gint64      id)
{
  g_hash_table_replace (table, g_memdup2 (&number, sizeof number), (gpointer) (gsize) id);
}

static gboolean
is_kept (GHashTable   *table,
         const gint64 *number,
         gint64       *id)
{
  gpointer value = NULL;
  gboolean found = g_hash_table_lookup_extended (table, number, NULL, &value);

  *id = (gint64) (gsize) value;

  return found;
}

/* @sql: for LOOKED_UP_AT_ONCE numbers and then the account, says which ids they have. */
static void
look_up (PinionStoreSession *session,
         const char         *sql,
         gint64              account,
         GHashTable         *table,
         const gint64       *numbers,
         guint               n)
{
  PinionSqlValue values[LOOKED_UP_AT_ONCE + 1];

  for (guint i = 0; i < LOOKED_UP_AT_ONCE; i++)
    values[i] = i < n ? sql_int (numbers[i]) : sql_id (0);
  values[LOOKED_UP_AT_ONCE] = sql_int (account);

  g_auto (PinionQuery) query = pinion_query_start (session, sql, values, G_N_ELEMENTS (values));
  while (pinion_query_next (&query))
    keep (table, pinion_query_int (&query, 0), pinion_query_int (&query, 1));
}

#define TEN "(?), (?), (?), (?), (?), (?), (?), (?), (?), (?)"
#define NUMBERS "WITH number (n) AS (VALUES " TEN ", " TEN ", " TEN ", " TEN ", " TEN ") "

static void
look_up_all (PinionStoreSession *session,
             const char         *sql,
             gint64              account,
             GHashTable         *table,
             const GArray       *numbers)
{
  for (guint i = 0; i < numbers->len; i += LOOKED_UP_AT_ONCE)
    look_up (session, sql, account, table, &g_array_index (numbers, gint64, i),
             MIN (numbers->len - i, LOOKED_UP_AT_ONCE));
}

/* Unless it is known, it is one of those to be looked up, and until then there is none. */
static void
want (GHashTable *table,
      GArray     *numbers,
      gint64      number)
{
  if (g_hash_table_contains (table, &number))
    return;

  keep (table, number, 0);
  g_array_append_val (numbers, number);
}

static void
forget_other_account (PinionStoreSession *session,
                      gint64              account)
{
  if (session->references_account != account)
    g_hash_table_remove_all (session->references);
  session->references_account = account;
}

void
pinion_store_intake_look_up (PinionStoreSession        *session,
                             gint64                     account,
                             const PinionStoreIncoming *incoming,
                             guint                      n_incoming)
{
  PinionStoreIntake *self = session->intake;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (gint64));

  forget_other_account (session, account);
  for (guint i = 0; i < n_incoming; i++)
    {
      const PinionStoreKeys *own = incoming[i].header.keys;

      if (own == NULL)
        continue;
      want (self->known, keys, own->key);
      for (guint j = 0; j < own->n_references; j++)
        want (session->references, hashes, own->references[j]);
    }

  look_up_all (session, NUMBERS "SELECT n, id FROM number CROSS JOIN message"
                                " ON account_id = ? AND key = n",
               account, self->known, keys);
  look_up_all (session, NUMBERS "SELECT n, thread_id FROM number CROSS JOIN reference"
                                " ON account_id = ? AND hash = n",
               account, session->references, hashes);
}

gint64
pinion_store_intake_find_message (PinionStoreSession *session,
                                  gint64              account,
                                  gint64              key)
{
  gint64 id;

  if (session->intake != NULL && is_kept (session->intake->known, &key, &id))
    return id;

  return pinion_sql_get (session, "SELECT id FROM message WHERE account_id = ? AND key = ?",
                         sql_int (account), sql_int (key));
}

/* Many messages of a batch name the same ones. */
gint64
pinion_store_intake_find_thread (PinionStoreSession *session,
                                 gint64              account,
                                 gint64              hash)
{
  gint64 thread;

  forget_other_account (session, account);
  if (is_kept (session->references, &hash, &thread))
    return thread;

  thread = pinion_sql_get (session,
                           "SELECT thread_id FROM reference WHERE account_id = ? AND hash = ?",
                           sql_int (account), sql_int (hash));
  keep (session->references, hash, thread);

  return thread;
}

/* -- Adding ---------------------------------------------------------------------------------- */

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
      pinion_store_rows_write_one (session, &message_table, row);
      return pinion_sql_last_id (session);
    }

  row[0] = sql_int (self->next_message);
  pinion_store_rows_add (&self->messages, row);
  keep (self->known, key, self->next_message);
  if (own_id != NULL)
    g_ptr_array_add (self->strings, g_steal_pointer (&own_id));
  self->n_waiting++;

  return self->next_message++;
}

gint64
pinion_store_intake_add_thread (PinionStoreSession *session,
                                gint64              account)
{
  PinionStoreIntake *self = session->intake;
  PinionSqlValue row[] = { sql_id (0), sql_int (account) };

  if (self == NULL)
    {
      pinion_store_rows_write_one (session, &thread_table, row);
      return pinion_sql_last_id (session);
    }

  row[0] = sql_int (self->next_thread);
  pinion_store_rows_add (&self->threads, row);

  return self->next_thread++;
}

/* The last of what a message consists of, so that it is written as a whole. */
void
pinion_store_intake_add_placement (PinionStoreSession   *session,
                                   const PinionSqlValue *row)
{
  PinionStoreIntake *self = session->intake;

  if (self == NULL)
    {
      pinion_store_rows_write_one (session, &placement_table, row);
      return;
    }

  pinion_store_rows_add (&self->placements, row);
  if (self->n_waiting >= MOST_WAITING)
    write_waiting (session, self);
}

void
pinion_store_intake_add_reference (PinionStoreSession *session,
                                   gint64              account,
                                   gint64              hash,
                                   gint64              thread)
{
  const PinionSqlValue row[PINION_INTAKE_REFERENCE_COLUMNS] = {
    sql_int (account), sql_int (hash), sql_int (thread),
  };

  if (session->intake != NULL)
    pinion_store_rows_add (&session->intake->references, row);
  else
    pinion_store_rows_write_one (session, &reference_table, row);
  keep (session->references, hash, thread);
}
