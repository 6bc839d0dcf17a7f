/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-labels-private.h"
#include "pinion-store-label-rows-private.h"

#include <string.h>

#include "pinion-store-acts.h"
#include "pinion-store-counters.h"

/* -- Steps ------------------------------------------------------------------------------------- */

static void
queue (PinionStoreSession      *session,
       PinionUndoGroup         *group,
       gint64                   account,
       PinionStoreOperationKind kind,
       gint64                   folder,
       gint64                   target,
       GBytes                  *name,
       const char              *path,
       const PinionLabelRow    *before)
{
  gint64 id = pinion_undo_group_get (session, group);

  pinion_sql_run (session,
                  "INSERT INTO operation (account_id, group_id, kind, from_folder, to_folder, name,"
                  " path, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_int (account), sql_int (id), sql_int (kind), sql_int (folder),
                  sql_int (target), sql_blob (name), sql_text (path), sql_int (session->now));
  gint64 operation = pinion_sql_last_id (session);

  pinion_sql_run (session,
                  "INSERT INTO undo_folder (group_id, folder_id, operation_id, kind, name, path)"
                  " VALUES (?, ?, ?, ?, ?, ?)",
                  sql_int (id), sql_int (folder), sql_int (operation), sql_int (kind),
                  sql_blob (before != NULL ? before->name : name),
                  sql_text (before != NULL ? before->shown : path));
  session->operations = TRUE;
  session->folders = TRUE;
}

static gboolean
has_begun (PinionStoreSession *session,
           gint64              operation)
{
  PinionJournalEntry entry;

  return !pinion_store_journal_get (session, operation, &entry)
         || !pinion_store_journal_has_not_begun (&entry);
}

static gint64
find_operation (PinionStoreSession      *session,
                gint64                   folder,
                PinionStoreOperationKind kind)
{
  return pinion_sql_get (session,
                         "SELECT id FROM operation WHERE from_folder = ? AND kind = ?"
                         " AND state <> 2 ORDER BY id LIMIT 1",
                         sql_int (folder), sql_int (kind));
}

gboolean
pinion_store_label_is_usable (PinionStoreSession *session,
                              gint64              folder)
{
  return pinion_sql_get (session,
                         "SELECT count(*) FROM folder WHERE id = ? AND missing = 0 AND leaving = 0"
                         " AND selectable = 1",
                         sql_int (folder))
         > 0;
}

/* -- Making ------------------------------------------------------------------------------------ */

/* The row of a folder that was here before, or a new one. */
static gint64
make_row (PinionStoreSession     *session,
          gint64                  account,
          char                    delimiter,
          const PinionStoreLevel *level,
          gboolean                pin)
{
  gint64 id = pinion_sql_get (session,
                              "SELECT id FROM folder WHERE account_id = ? AND raw_name = ?",
                              sql_int (account), sql_blob (level->raw_name));

  if (id == 0)
    {
      pinion_sql_run (session,
                      "INSERT INTO folder (account_id, raw_name, delimiter, path) VALUES (?, ?, ?, ?)",
                      sql_int (account), sql_blob (level->raw_name), sql_int ((guchar) delimiter),
                      sql_text (level->path));
      id = pinion_sql_last_id (session);
    }

  pinion_sql_run (session,
                  "UPDATE folder SET missing = 0, leaving = 0, local = 1, selectable = 1, hidden = 0,"
                  " hidden_by_hand = 0, hidden_reason = NULL, path = ?2,"
                  " pinned = max (pinned, ?3,"
                  "  (SELECT pin_all FROM account WHERE account.id = folder.account_id))"
                  " WHERE id = ?1",
                  sql_int (id), sql_text (level->path), sql_int (pin));
  session->folders = TRUE;

  return id;
}

/* What was on its way out stays after all. */
static gboolean
keep_after_all (PinionStoreSession *session,
                gint64              folder)
{
  gint64 operation = find_operation (session, folder, PINION_STORE_OPERATION_DELETE_FOLDER);

  if (operation != 0 && has_begun (session, operation))
    return FALSE;

  pinion_store_journal_remove (session, operation);
  pinion_sql_run (session, "UPDATE folder SET leaving = 0 WHERE id = ?",
                  sql_int (folder));
  session->folders = TRUE;
  return TRUE;
}

/* Makes what is missing of @levels.  Returns: the last one's folder; 0: it failed. */
static gint64
make_levels (PinionStoreSession     *session,
             PinionUndoGroup        *group,
             gint64                  account,
             char                    delimiter,
             const PinionStoreLevel *levels,
             guint                   n_levels,
             gboolean                must_be_new)
{
  gint64 folder = 0;

  for (guint i = 0; i < n_levels; i++)
    {
      g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
      PinionLabelRow *known = pinion_label_rows_find_name (rows, &levels[i], 0);
      gboolean is_last = i + 1 == n_levels;

      if (known != NULL && known->gone && !keep_after_all (session, known->id))
        {
          pinion_store_session_fail (session, PINION_ERROR_BUSY, "the label is being deleted");
          return 0;
        }
      if (known != NULL && !known->gone && is_last && must_be_new)
        {
          pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                     "there is a label with this name already");
          return 0;
        }
      if (known != NULL)
        {
          folder = known->id;
          continue;
        }

      folder = make_row (session, account, delimiter, &levels[i], is_last && must_be_new);
      queue (session, group, account, PINION_STORE_OPERATION_CREATE_FOLDER, folder, 0,
             levels[i].raw_name, levels[i].path, NULL);
    }

  return folder;
}

gint64
pinion_store_command_create_label (PinionStoreSession     *session,
                                   gint64                  account_id,
                                   char                    delimiter,
                                   const PinionStoreLevel *levels,
                                   guint                   n_levels,
                                   gint64                 *folder)
{
  PinionUndoGroup group = { 0 };
  gint64 made = make_levels (session, &group, account_id, delimiter, levels, n_levels, TRUE);

  if (folder != NULL)
    *folder = made;

  return group.id;
}

/* -- Renaming ---------------------------------------------------------------------------------- */

static gint64
account_of (PinionStoreSession *session,
            gint64              folder)
{
  return pinion_sql_get (session,
                         "SELECT account_id FROM folder WHERE id = ? AND missing = 0 AND leaving = 0",
                         sql_int (folder));
}

/* Fails where the server would refuse, or must not be asked. */
static gboolean
check_own (PinionStoreSession   *session,
           const PinionLabelRow *row)
{
  if (row == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label");
  else if (row->role != PINION_FOLDER_ROLE_NONE)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "%s has a role in this account and stays as it is", row->shown);
  else if (row->is_not_mail)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "%s is not for mail and stays as it is", row->shown);

  return !pinion_store_session_has_failed (session);
}

static gboolean
check_new_name (PinionStoreSession     *session,
                GArray                 *rows,
                const PinionLabelRow   *row,
                const PinionStoreLevel *level)
{
  const char *rest;
  gsize length;

  if (pinion_label_rows_find_name (rows, level, row->id) != NULL)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "there is a label with this name already");
  else if (pinion_label_is_within (level->raw_name, row->name, row->delimiter, &rest, &length)
           && length > 0)
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "a label cannot be moved into itself");

  return !pinion_store_session_has_failed (session);
}

gint64
pinion_store_command_rename_label (PinionStoreSession     *session,
                                   gint64                  folder,
                                   const PinionStoreLevel *levels,
                                   guint                   n_levels)
{
  PinionUndoGroup group = { 0 };
  gint64 account = account_of (session, folder);
  const PinionStoreLevel *level = &levels[n_levels - 1];
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  PinionLabelRow *row = account != 0 ? pinion_label_rows_find (rows, folder) : NULL;

  if (!check_own (session, row) || g_bytes_equal (row->name, level->raw_name)
      || !check_new_name (session, rows, row, level))
    return 0;

  if (n_levels > 1)
    make_levels (session, &group, account, row->delimiter, levels, n_levels - 1, FALSE);
  queue (session, &group, account, PINION_STORE_OPERATION_RENAME_FOLDER, folder, 0,
         level->raw_name, level->path, row);
  pinion_store_labels_rebuild (session, account);

  return group.id;
}

/* -- Deleting ---------------------------------------------------------------------------------- */

/* Its messages go where they are kept: those that lie elsewhere, too, only lose the label. */
static void
empty (PinionStoreSession *session,
       PinionUndoGroup    *group,
       gint64              folder,
       gint64              target)
{
  g_autoptr (GArray) ids = pinion_sql_ids (
    session, "SELECT id FROM placement p WHERE folder_id = ? AND " PINION_STORE_SHOWN " ORDER BY id",
    sql_int (folder));

  for (guint i = 0; i < ids->len; i++)
    {
      PinionPlacement placement = pinion_placement_get (session, g_array_index (ids, gint64, i));

      if (pinion_act_is_kept_elsewhere (session, &placement))
        pinion_act_remove (session, group, &placement, target);
      else
        pinion_act_move (session, group, &placement, target);
    }
}

static void
delete_row (PinionStoreSession   *session,
            PinionUndoGroup      *group,
            gint64                account,
            const PinionLabelRow *row,
            gint64                target)
{
  empty (session, group, row->id, target);
  pinion_sql_run (session, "UPDATE folder SET leaving = 1 WHERE id = ?", sql_int (row->id));
  queue (session, group, account, PINION_STORE_OPERATION_DELETE_FOLDER, row->id, target,
         row->name, row->shown, row);
}

void
pinion_store_label_take_along (PinionStoreSession *session,
                               gint64              folder)
{
  gint64 operation = find_operation (session, folder, PINION_STORE_OPERATION_DELETE_FOLDER);
  PinionJournalEntry entry;

  if (!pinion_store_journal_get (session, operation, &entry)
      || !pinion_store_label_is_usable (session, entry.to_folder)
      || pinion_sql_get (session, "SELECT id FROM undo_group WHERE id = ?", sql_int (entry.group))
           == 0)
    return;

  PinionUndoGroup group = { entry.group };
  empty (session, &group, folder, entry.to_folder);
}

/* The deepest first. */
static int
compare_depth (gconstpointer a,
               gconstpointer b)
{
  gsize one = g_bytes_get_size ((*(const PinionLabelRow *const *) a)->name);
  gsize two = g_bytes_get_size ((*(const PinionLabelRow *const *) b)->name);

  return one > two ? -1 : one < two;
}

static GPtrArray *
find_subtree (GArray               *rows,
              const PinionLabelRow *top)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);
      const char *rest;
      gsize length;

      if (!row->missing && !row->gone
          && pinion_label_is_within (row->name, top->name, row->delimiter, &rest, &length))
        g_ptr_array_add (found, row);
    }
  g_ptr_array_sort (found, compare_depth);

  return found;
}

gint64
pinion_store_command_delete_label (PinionStoreSession *session,
                                   gint64              folder,
                                   PinionFolderRole    role)
{
  PinionUndoGroup group = { 0 };
  gint64 account = account_of (session, folder);
  gint64 target = pinion_sql_get (session,
                                  "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                                  sql_int (account), sql_int (role));
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  PinionLabelRow *row = account != 0 ? pinion_label_rows_find (rows, folder) : NULL;

  if (!check_own (session, row))
    return 0;
  if (target == 0)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "the account has no %s folder",
                                 pinion_folder_role_to_string (role));
      return 0;
    }

  g_autoptr (GPtrArray) subtree = find_subtree (rows, row);
  for (guint i = 0; i < subtree->len; i++)
    {
      if (!check_own (session, g_ptr_array_index (subtree, i)))
        return 0;
    }
  for (guint i = 0; i < subtree->len; i++)
    delete_row (session, &group, account, g_ptr_array_index (subtree, i), target);

  return group.id;
}

/* -- What became of it ------------------------------------------------------------------------- */

static void
take_name (PinionStoreSession   *session,
           gint64                account,
           const PinionLabelRow *row,
           GBytes               *name,
           const char           *path)
{
  pinion_sql_run (session,
                  "DELETE FROM folder WHERE account_id = ? AND raw_name = ? AND missing = 1"
                  " AND id <> ?",
                  sql_int (account), sql_blob (name), sql_int (row->id));
  pinion_sql_run (session, "UPDATE folder SET raw_name = ?, path = ? WHERE id = ?",
                  sql_blob (name), sql_text (path), sql_int (row->id));
}

/* The folder and all below it have their new names on the server. */
static void
finish_rename (PinionStoreSession       *session,
               const PinionJournalEntry *entry)
{
  g_autoptr (GArray) rows = pinion_label_rows_load (session, entry->account);
  PinionLabelRow *top = pinion_label_rows_find (rows, entry->from_folder);
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT name, path FROM operation WHERE id = ?", sql_int (entry->id));

  if (top == NULL || !pinion_query_next (&query))
    return;

  g_autoptr (GBytes) name = pinion_query_dup_blob (&query, 0);
  g_autofree char *path = pinion_query_dup_text (&query, 1);
  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);
      const char *rest;
      gsize length;

      if (row->missing
          || !pinion_label_is_within (row->raw_name, top->raw_name, row->delimiter, &rest, &length))
        continue;

      g_autoptr (GBytes) new_name = pinion_label_join (name, rest, length);
      g_autofree char *new_path = pinion_label_join_path (row->path, top->path, path);
      take_name (session, entry->account, row, new_name, new_path);
    }
}

void
pinion_store_labels_finish (PinionStoreSession       *session,
                            const PinionJournalEntry *entry)
{
  if (entry->kind == PINION_STORE_OPERATION_RENAME_FOLDER)
    finish_rename (session, entry);
  else if (entry->kind == PINION_STORE_OPERATION_CREATE_FOLDER)
    pinion_sql_run (session, "UPDATE folder SET local = 0 WHERE id = ?",
                    sql_int (entry->from_folder));

  pinion_store_journal_remove (session, entry->id);
  if (entry->kind == PINION_STORE_OPERATION_DELETE_FOLDER)
    pinion_store_folder_lose (session, entry->from_folder);
  pinion_store_labels_rebuild (session, entry->account);
  session->folders = TRUE;
}

void
pinion_store_labels_give_up (PinionStoreSession       *session,
                             const PinionJournalEntry *entry,
                             const GError             *error)
{
  if (entry->kind == PINION_STORE_OPERATION_CREATE_FOLDER)
    pinion_store_folder_lose (session, entry->from_folder);
  else if (entry->kind == PINION_STORE_OPERATION_DELETE_FOLDER)
    pinion_sql_run (session, "UPDATE folder SET leaving = 0 WHERE id = ?",
                    sql_int (entry->from_folder));

  pinion_store_labels_rebuild (session, entry->account);
  session->folders = TRUE;
}

/* -- Taking back ------------------------------------------------------------------------------- */

typedef struct
{
  gint64 folder;
  gint64 operation;
  PinionStoreOperationKind kind;
  GBytes *name;
  char *path;
} Step;

static void
step_clear (gpointer data)
{
  Step *step = data;

  g_bytes_unref (step->name);
  g_free (step->path);
}

static GArray *
read_steps (PinionStoreSession *session,
            gint64              group)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT folder_id, operation_id, kind, name, path FROM undo_folder WHERE group_id = ?"
    " ORDER BY id DESC",
    sql_int (group));

  g_array_set_clear_func (steps, step_clear);
  while (pinion_query_next (&query))
    {
      Step step = {
        .folder = pinion_query_int (&query, 0),
        .operation = pinion_query_int (&query, 1),
        .kind = (PinionStoreOperationKind) pinion_query_int (&query, 2),
        .name = pinion_query_dup_blob (&query, 3),
        .path = pinion_query_dup_text (&query, 4),
      };
      g_array_append_val (steps, step);
    }

  return steps;
}

static gboolean
is_used (PinionStoreSession *session,
         gint64              folder)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM placement WHERE folder_id = ?1)"
                         " OR EXISTS (SELECT 1 FROM operation"
                         "  WHERE ?1 IN (from_folder, to_folder) AND state <> 2)",
                         sql_int (folder))
         != 0;
}

/* What was made goes: at once where nobody knows of it yet, else as any label does. */
static void
unmake (PinionStoreSession *session,
        PinionUndoGroup    *group,
        gint64              account,
        const Step         *step)
{
  gboolean unknown = !has_begun (session, step->operation);
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  PinionLabelRow *row = pinion_label_rows_find (rows, step->folder);
  gint64 archive = pinion_sql_get (session,
                                   "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                                   sql_int (account), sql_int (PINION_FOLDER_ROLE_ARCHIVE));

  if (unknown)
    {
      pinion_store_journal_remove (session, step->operation);
      if (!is_used (session, step->folder))
        {
          pinion_store_folder_lose (session, step->folder);
          return;
        }
      queue (session, group, account, PINION_STORE_OPERATION_CREATE_FOLDER, step->folder, 0,
             step->name, step->path, NULL);
    }

  /* A role was given to it meanwhile, or its mail has no place to go: it stays. */
  if (row == NULL || row->missing || row->gone || row->role != PINION_FOLDER_ROLE_NONE
      || archive == 0)
    return;

  delete_row (session, group, account, row, archive);
}

static void
rename_back (PinionStoreSession *session,
             PinionUndoGroup    *group,
             gint64              account,
             const Step         *step)
{
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  PinionLabelRow *row = pinion_label_rows_find (rows, step->folder);
  PinionStoreLevel level = { step->name, step->path };

  if (!has_begun (session, step->operation))
    pinion_store_journal_remove (session, step->operation);
  else if (row != NULL && !row->missing
           && pinion_label_rows_find_name (rows, &level, row->id) == NULL)
    queue (session, group, account, PINION_STORE_OPERATION_RENAME_FOLDER, step->folder, 0,
           step->name, step->path, row);
  pinion_store_labels_rebuild (session, account);
}

static void
bring_back (PinionStoreSession *session,
            PinionUndoGroup    *group,
            gint64              account,
            const Step         *step)
{
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  PinionLabelRow *row = pinion_label_rows_find (rows, step->folder);
  PinionStoreLevel level = { step->name, step->path };

  if (row == NULL)
    return;
  if (row->gone)
    {
      keep_after_all (session, step->folder);
      return;
    }
  if (!row->missing || pinion_label_rows_find_name (rows, &level, row->id) != NULL)
    return;

  take_name (session, account, row, step->name, step->path);
  make_row (session, account, row->delimiter, &level, TRUE);
  queue (session, group, account, PINION_STORE_OPERATION_CREATE_FOLDER, step->folder, 0,
         step->name, step->path, NULL);
}

guint
pinion_store_labels_undo (PinionStoreSession *session,
                          PinionUndoGroup    *group)
{
  g_autoptr (GArray) steps = read_steps (session, group->id);

  for (guint i = 0; i < steps->len; i++)
    {
      Step *step = &g_array_index (steps, Step, i);
      gint64 account = pinion_sql_get (session, "SELECT account_id FROM folder WHERE id = ?",
                                       sql_int (step->folder));

      if (step->kind == PINION_STORE_OPERATION_CREATE_FOLDER)
        unmake (session, group, account, step);
      else if (step->kind == PINION_STORE_OPERATION_RENAME_FOLDER)
        rename_back (session, group, account, step);
      else
        bring_back (session, group, account, step);
    }

  return steps->len;
}
