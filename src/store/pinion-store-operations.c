/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-operations.h"

#include "pinion-store-flags.h"
#include "pinion-store-journal.h"
#include "pinion-store-labels-private.h"

#define SELECT_OPERATIONS \
  "SELECT o.id, o.account_id, o.group_id, o.kind, o.state, o.uncertain, o.message_id," \
  " m.message_id," \
  " coalesce (o.subject, m.subject), coalesce (f.folder_id, o.from_folder), f.uid," \
  " coalesce (t.folder_id, o.to_folder), t.uid, o.flag, o.value, o.created, o.tries, o.next_try," \
  " o.error_code, o.error_text, c.folder_id, c.uid, o.name, o.path, t.server_flags" \
  " FROM operation o" \
  " LEFT JOIN message m ON m.id = o.message_id" \
  " LEFT JOIN placement f ON f.id = o.from_placement" \
  " LEFT JOIN placement t ON t.id = o.to_placement" \
  " LEFT JOIN placement c ON o.kind = 3 AND c.id = (SELECT min (p.id) FROM placement p" \
  "  WHERE p.message_id = o.message_id AND p.id <> o.from_placement AND p.uid IS NOT NULL" \
  "  AND p.text_size = f.text_size AND p.gone = 0 AND (p.server_flags & 8) = 0) "

G_DEFINE_BOXED_TYPE (PinionStoreOperation,
                     pinion_store_operation,
                     pinion_store_operation_ref,
                     pinion_store_operation_unref)

static const char *const kind_names[] = { "flag", "copy", "move", "remove", "delete", "append",
                                          "create-label", "rename-label", "delete-label" };

static void
clear (gpointer data)
{
  PinionStoreOperation *self = data;

  g_free (self->message_id_header);
  g_free (self->subject);
  g_free (self->error_code);
  g_free (self->error_text);
  g_clear_pointer (&self->name, g_bytes_unref);
  g_free (self->path);
}

PinionStoreOperation *
pinion_store_operation_ref (PinionStoreOperation *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_operation_unref (PinionStoreOperation *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

const char *
pinion_store_operation_kind_to_string (PinionStoreOperationKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

static PinionStoreOperation *
read_operation (PinionQuery *query)
{
  PinionStoreOperation *self = g_atomic_rc_box_new0 (PinionStoreOperation);

  self->id = pinion_query_int (query, 0);
  self->account_id = pinion_query_int (query, 1);
  self->group_id = pinion_query_int (query, 2);
  self->kind = (PinionStoreOperationKind) pinion_query_int (query, 3);
  self->state = (PinionStoreOperationState) pinion_query_int (query, 4);
  self->uncertain = pinion_query_int (query, 5) != 0;
  self->message_id = pinion_query_int (query, 6);
  self->message_id_header = pinion_query_dup_text (query, 7);
  self->subject = pinion_query_dup_text (query, 8);
  self->from_folder = pinion_query_int (query, 9);
  self->from_uid = (guint32) pinion_query_int (query, 10);
  self->to_folder = pinion_query_int (query, 11);
  self->to_uid = (guint32) pinion_query_int (query, 12);
  self->flag = (PinionFlags) pinion_query_int (query, 13);
  self->value = pinion_query_int (query, 14) != 0;
  self->created = pinion_query_int (query, 15);
  self->tries = (guint) pinion_query_int (query, 16);
  self->next_try = pinion_query_int (query, 17);
  self->error_code = pinion_query_dup_text (query, 18);
  self->error_text = pinion_query_dup_text (query, 19);
  self->proof_folder = pinion_query_int (query, 20);
  self->proof_uid = (guint32) pinion_query_int (query, 21);
  if (!pinion_query_is_null (query, 22))
    self->name = pinion_query_dup_blob (query, 22);
  self->path = pinion_query_dup_text (query, 23);
  self->to_flags = (PinionFlags) pinion_query_int (query, 24);

  return self;
}

static GPtrArray *
read_operations (PinionQuery *query)
{
  GPtrArray *operations
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_operation_unref);

  while (pinion_query_next (query))
    g_ptr_array_add (operations, read_operation (query));

  return operations;
}

GPtrArray *
pinion_store_operations_list (PinionStoreSession *session,
                              gint64              account_id)
{
  g_auto (PinionQuery) query = pinion_query (
    session, SELECT_OPERATIONS "WHERE ?1 = 0 OR o.account_id = ?1 ORDER BY o.id",
    sql_int (account_id));

  return read_operations (&query);
}

GPtrArray *
pinion_store_operations_ready (PinionStoreSession *session,
                               gint64              account_id,
                               gint64              now,
                               guint               limit)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    SELECT_OPERATIONS
    "WHERE o.account_id = ? AND o.state = 0 AND o.next_try <= ?"
    " AND (f.uid IS NOT NULL OR o.kind >= 5)"
    " AND NOT EXISTS (SELECT 1 FROM operation e WHERE e.message_id = o.message_id"
    "   AND e.id < o.id AND e.state <> 2 AND (e.kind <> 3 OR e.state = 1)"
    "   AND (e.kind <> 0 OR e.from_placement IS NOT NULL))"
    " AND (o.kind <> 3 OR c.uid IS NOT NULL)"
    /* A copy of another text is known before this one is looked for. */
    " AND NOT EXISTS (SELECT 1 FROM placement w WHERE o.kind IN (1, 2)"
    "   AND w.message_id = o.message_id AND +w.folder_id = t.folder_id AND +w.uid IS NULL"
    "   AND w.text_size <> f.text_size AND NOT EXISTS (SELECT 1 FROM operation e"
    "     WHERE e.to_placement = w.id AND e.state <> 2))"
    " AND (o.kind >= 6 OR NOT EXISTS (SELECT 1 FROM folder x WHERE x.local = 1"
    "   AND x.id IN (o.from_folder, o.to_folder, f.folder_id, t.folder_id)))"
    " AND (o.kind < 6 OR NOT EXISTS (SELECT 1 FROM operation e WHERE e.account_id = o.account_id"
    "   AND e.id < o.id AND e.state <> 2 AND e.kind >= 6))"
    " AND (o.kind <> 8 OR NOT EXISTS (SELECT 1 FROM operation e"
    "   LEFT JOIN placement p ON p.id IN (e.from_placement, e.to_placement)"
    "   WHERE e.account_id = o.account_id AND e.kind < 6 AND e.state <> 2"
    "   AND o.from_folder IN (e.from_folder, iif (e.kind = 3, 0, e.to_folder), p.folder_id)))"
    " ORDER BY o.id LIMIT ?",
    sql_int (account_id), sql_int (now), sql_int (limit));

  return read_operations (&query);
}

GArray *
pinion_store_operation_list_other_texts (PinionStoreSession *session,
                                         gint64              id)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT p.uid FROM operation o JOIN placement f ON f.id = o.from_placement"
    " JOIN placement t ON t.id = o.to_placement"
    " JOIN placement p ON p.message_id = o.message_id AND +p.folder_id = t.folder_id"
    " WHERE o.id = ? AND +p.uid IS NOT NULL AND p.text_size <> f.text_size",
    sql_int (id));

  while (pinion_query_next (&query))
    {
      guint32 uid = (guint32) pinion_query_int (&query, 0);
      g_array_append_val (uids, uid);
    }

  return uids;
}

gint64
pinion_store_operations_next_try (PinionStoreSession *session,
                                  gint64              account_id)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT min (next_try) FROM operation WHERE account_id = ? AND state = 0",
    sql_int (account_id));

  if (!pinion_query_next (&query) || pinion_query_is_null (&query, 0))
    return G_MAXINT64;

  return pinion_query_int (&query, 0);
}

guint
pinion_store_operations_count (PinionStoreSession *session,
                               gint64              account_id)
{
  return (guint) pinion_sql_get (
    session, "SELECT count(*) FROM operation WHERE (?1 = 0 OR account_id = ?1) AND state <> 2",
    sql_int (account_id));
}

void
pinion_store_operations_recover (PinionStoreSession *session,
                                 gint64              account_id)
{
  int n = pinion_sql_run (session,
                          "UPDATE operation SET state = 0, uncertain = 1"
                          " WHERE account_id = ? AND state = 1",
                          sql_int (account_id));

  if (n > 0)
    session->operations = TRUE;
}

gboolean
pinion_store_operation_start (PinionStoreSession *session,
                              gint64              id)
{
  return pinion_sql_run (session, "UPDATE operation SET state = 1 WHERE id = ? AND state = 0",
                         sql_int (id))
         == 1;
}

void
pinion_store_operation_done (PinionStoreSession *session,
                             gint64              id,
                             guint32             uid)
{
  PinionJournalEntry entry;

  if (!pinion_store_journal_get (session, id, &entry))
    return;

  if (pinion_store_operation_kind_is_of_folder (entry.kind))
    pinion_store_labels_finish (session, &entry);
  else
    pinion_store_journal_finish (session, &entry, uid);
}

void
pinion_store_operation_retry (PinionStoreSession *session,
                              gint64              id,
                              gint64              next_try,
                              gboolean            uncertain,
                              const GError       *error)
{
  pinion_sql_run (session,
                  "UPDATE operation SET state = 0, uncertain = max (uncertain, ?2),"
                  " next_try = ?3, tries = tries + 1, error_code = ?4, error_text = ?5"
                  " WHERE id = ?1 AND state <> 2",
                  sql_int (id), sql_int (uncertain != FALSE), sql_int (next_try),
                  sql_text (error != NULL ? pinion_error_get_code_name (error) : NULL),
                  sql_text (error != NULL ? error->message : NULL));
  session->operations = TRUE;
}

/* What is shown becomes what the server has, unless another copy has what the person wants. */
static void
give_up_flag (PinionStoreSession       *session,
              const PinionJournalEntry *entry)
{
  PinionFlags shown = pinion_message_get_flags (session, entry->message);
  gboolean has_wanted = FALSE;
  g_autoptr (GArray) placements = pinion_placements_of_message (session, entry->message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->id != entry->from_placement && !placement->gone
          && ((placement->server_flags & entry->flag) != 0) == entry->value)
        has_wanted = TRUE;
    }

  if (has_wanted || ((shown & entry->flag) != 0) != entry->value)
    return;

  pinion_message_set_flags (session, entry->message, shown ^ entry->flag);
}

static void
mark_failed (PinionStoreSession       *session,
             const PinionJournalEntry *entry,
             const GError             *error)
{
  pinion_sql_run (session,
                  "UPDATE operation SET state = 2, uncertain = 0, error_code = ?2, error_text = ?3,"
                  " from_placement = NULL, to_placement = NULL,"
                  " subject = coalesce ("
                  "  (SELECT subject FROM message WHERE message.id = message_id), path)"
                  " WHERE id = ?1",
                  sql_int (entry->id), sql_text (pinion_error_get_code_name (error)),
                  sql_text (error->message));
  session->operations = TRUE;
}

/* The later steps of the same act on the same message make no sense without this one. */
static GArray *
list_dependants (PinionStoreSession       *session,
                 const PinionJournalEntry *entry)
{
  return pinion_sql_ids (session,
                         "SELECT id FROM operation WHERE message_id = ? AND group_id = ? AND id > ?"
                         " AND group_id > 0 AND state = 0 AND kind <> 0 ORDER BY id",
                         sql_int (entry->message), sql_int (entry->group), sql_int (entry->id));
}

void
pinion_store_operation_give_up (PinionStoreSession *session,
                                gint64              id,
                                const GError       *error)
{
  PinionJournalEntry entry;

  if (!pinion_store_journal_get (session, id, &entry))
    return;
  if (pinion_store_operation_kind_is_of_folder (entry.kind))
    {
      mark_failed (session, &entry, error);
      pinion_store_labels_give_up (session, &entry, error);
      return;
    }

  g_autoptr (GArray) dependants = list_dependants (session, &entry);

  mark_failed (session, &entry, error);
  if (entry.kind == PINION_STORE_OPERATION_FLAG)
    give_up_flag (session, &entry);
  else
    pinion_store_journal_revert (session, &entry);

  for (guint i = 0; entry.kind != PINION_STORE_OPERATION_FLAG && i < dependants->len; i++)
    {
      PinionJournalEntry dependant;

      if (pinion_store_journal_get (session, g_array_index (dependants, gint64, i), &dependant))
        {
          mark_failed (session, &dependant, error);
          pinion_store_journal_revert (session, &dependant);
        }
    }

  if (entry.kind != PINION_STORE_OPERATION_FLAG)
    pinion_message_reconcile (session, entry.message, 0);
}

void
pinion_store_operation_forget (PinionStoreSession *session,
                               gint64              id)
{
  pinion_sql_run (session, "DELETE FROM operation WHERE id = ? AND state = 2", sql_int (id));
  session->operations = TRUE;
}
