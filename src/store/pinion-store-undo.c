/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-undo.h"

#include "pinion-store-acts.h"
#include "pinion-store-commands.h"
#include "pinion-store-flags.h"
#include "pinion-store-labels-private.h"
#include "pinion-store-saved-searches.h"
#include "pinion-store-sidebar.h"
#include "pinion-store-snooze-private.h"

/* Older groups cannot be taken back any more. */
#define MOST_GROUPS 200

gint64
pinion_undo_group_get (PinionStoreSession *session,
                       PinionUndoGroup    *group)
{
  if (group->id != 0)
    return group->id;

  pinion_sql_run (session, "INSERT INTO undo_group (created) VALUES (?)", sql_int (session->now));
  group->id = pinion_sql_last_id (session);
  pinion_sql_run (session, "DELETE FROM undo_group WHERE id <= ?",
                  sql_int (group->id - MOST_GROUPS));

  return group->id;
}

void
pinion_undo_add (PinionStoreSession   *session,
                 PinionUndoGroup      *group,
                 const PinionUndoStep *step)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_item (group_id, message_id, operation_id, kind, from_folder,"
                  " to_folder, flag, value, text_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (step->message),
                  sql_int (step->operation), sql_int (step->kind), sql_int (step->from_folder),
                  sql_int (step->to_folder), sql_int (step->flag), sql_int (step->value),
                  sql_int (step->text_size));
}

/* Last step first. */
static GArray *
read_steps (PinionStoreSession *session,
            gint64              group)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (PinionUndoStep));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT message_id, operation_id, kind, from_folder, to_folder, flag, value, text_size"
    " FROM undo_item WHERE group_id = ? ORDER BY id DESC",
    sql_int (group));

  while (pinion_query_next (&query))
    {
      PinionUndoStep step = {
        .message = pinion_query_int (&query, 0),
        .operation = pinion_query_int (&query, 1),
        .kind = (PinionStoreOperationKind) pinion_query_int (&query, 2),
        .from_folder = pinion_query_int (&query, 3),
        .to_folder = pinion_query_int (&query, 4),
        .flag = (PinionFlags) pinion_query_int (&query, 5),
        .value = pinion_query_int (&query, 6) != 0,
        .text_size = pinion_query_int (&query, 7),
      };
      g_array_append_val (steps, step);
    }

  return steps;
}

/* A copy of the message that is shown in another folder than @folder, of the same text where there is one. */
static PinionPlacement
find_elsewhere (PinionStoreSession   *session,
                const PinionUndoStep *step,
                gint64                folder)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, step->message);
  PinionPlacement found = { 0 };

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == folder || !pinion_placement_is_shown (placement))
        continue;
      if (placement->text_size == step->text_size)
        return *placement;
      if (found.id == 0)
        found = *placement;
    }

  return found;
}

static gboolean
take_back (PinionStoreSession   *session,
           const PinionUndoStep *step)
{
  PinionPlacement copy = { .message = step->message, .text_size = step->text_size };
  PinionJournalEntry entry;

  if (step->operation == 0 || !pinion_store_journal_get (session, step->operation, &entry)
      || entry.kind != step->kind || !pinion_store_journal_has_not_begun (&entry))
    return FALSE;
  if ((step->kind == PINION_STORE_OPERATION_MOVE || step->kind == PINION_STORE_OPERATION_REMOVE)
      && pinion_act_is_met (session, &copy, step->from_folder, entry.to_placement))
    return FALSE;

  pinion_store_journal_remove (session, entry.id);
  pinion_store_journal_revert (session, &entry);
  pinion_message_reconcile (session, step->message, 0);

  return TRUE;
}

/* What was imported, and the server has by now: where nothing else has it, it goes to Trash, and from there
 * it goes as it came. */
static void
take_out (PinionStoreSession    *session,
          PinionUndoGroup       *group,
          const PinionPlacement *there,
          const PinionPlacement *other)
{
  gint64 trash = pinion_sql_get (
    session,
    "SELECT t.id FROM folder f JOIN folder t ON t.account_id = f.account_id AND t.role = ?"
    " WHERE f.id = ?",
    sql_int (PINION_FOLDER_ROLE_TRASH), sql_int (there->folder));

  if (other->id != 0)
    pinion_act_remove (session, group, there, other->folder);
  else if (trash == there->folder)
    pinion_act_delete (session, group, there);
  else if (trash != 0)
    pinion_act_move (session, group, there, trash);
}

/* @message in one of the labels that @group took it out of. */
static PinionPlacement
find_back (PinionStoreSession *session,
           gint64              group,
           gint64              message)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (pinion_placement_is_shown (placement)
          && pinion_sql_get (session,
                             "SELECT count(*) FROM undo_item WHERE group_id = ? AND message_id = ?"
                             " AND from_folder = ? AND kind IN (?, ?)",
                             sql_int (group), sql_int (message), sql_int (placement->folder),
                             sql_int (PINION_STORE_OPERATION_MOVE),
                             sql_int (PINION_STORE_OPERATION_REMOVE))
               > 0)
        return *placement;
    }

  return (PinionPlacement) { 0 };
}

/* Takes out of @there's folder what @step brought there.  @other: a copy in another folder. */
static void
carry_back (PinionStoreSession    *session,
            PinionUndoGroup       *group,
            const PinionUndoStep  *step,
            const PinionPlacement *there,
            const PinionPlacement *other)
{
  if (step->kind == PINION_STORE_OPERATION_MOVE
      && pinion_store_label_is_usable (session, step->from_folder))
    pinion_act_move (session, group, there, step->from_folder);
  else if (step->kind == PINION_STORE_OPERATION_APPEND)
    take_out (session, group, there, other);
  else if (other->id != 0)
    pinion_act_remove (session, group, there, other->folder);
}

/* Twice there or once: another client may have made one more of what is one message here.  A copy whose size
 * the server only told when it was there need not be of the text that was thought of. */
static void
carry_all_back (PinionStoreSession   *session,
                PinionUndoGroup      *group,
                const PinionUndoStep *step)
{
  PinionPlacement copy = { .message = step->message, .text_size = step->text_size };
  g_autoptr (GArray) placements = pinion_placements_of_message (session, step->message);
  gboolean is_same = pinion_act_find_same (session, &copy, step->to_folder).id != 0;
  /* Where it came from is not there any more: it stays, unless it is back in another label. */
  gboolean is_homeless = step->kind == PINION_STORE_OPERATION_MOVE
                         && !pinion_store_label_is_usable (session, step->from_folder);
  PinionPlacement other = is_homeless ? find_back (session, group->id, step->message)
                                      : find_elsewhere (session, step, step->to_folder);

  for (guint i = 0; i < placements->len; i++)
    {
      /* As it is now: what was taken back with the one before may have been this one. */
      PinionPlacement there
        = pinion_placement_get (session, g_array_index (placements, PinionPlacement, i).id);

      if (there.folder == step->to_folder && (!is_same || there.text_size == step->text_size)
          && pinion_placement_is_shown (&there))
        carry_back (session, group, step, &there, &other);
    }
}

static void
do_opposite (PinionStoreSession   *session,
             PinionUndoGroup      *group,
             const PinionUndoStep *step)
{
  PinionPlacement source;

  switch (step->kind)
    {
    case PINION_STORE_OPERATION_FLAG:
      pinion_act_set_flag (session, group, step->message, step->flag, step->value);
      break;
    case PINION_STORE_OPERATION_MOVE:
    case PINION_STORE_OPERATION_COPY:
    case PINION_STORE_OPERATION_APPEND:
      carry_all_back (session, group, step);
      break;
    case PINION_STORE_OPERATION_REMOVE:
      if (!pinion_store_label_is_usable (session, step->from_folder))
        break;
      source = find_elsewhere (session, step, step->from_folder);
      pinion_act_copy (session, group, &source, step->from_folder);
      break;
    case PINION_STORE_OPERATION_DELETE:
    case PINION_STORE_OPERATION_CREATE_FOLDER:
    case PINION_STORE_OPERATION_RENAME_FOLDER:
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      /* For good is for good. */
      break;
    }
}

/* Why @message is not back in @folder. */
static PinionStaysReason
explain (PinionStoreSession      *session,
         gint64                   group,
         gint64                   message,
         gint64                   folder,
         PinionStoreOperationKind kind)
{
  if (!pinion_store_label_is_usable (session, folder))
    return find_back (session, group, message).id != 0 ? PINION_STAYS_LABEL_LEFT
                                                       : PINION_STAYS_LABEL_GONE;

  return kind == PINION_STORE_OPERATION_DELETE ? PINION_STAYS_DELETED : PINION_STAYS_CHANGED;
}

/* The first step with a folder says whether a text lay there before @group: where it does not lie as it did
 * then, the message stays.  @last: the last step of @group that is not one back. */
static void
list_stays (PinionStoreSession *session,
            gint64              group,
            gint64              last,
            GArray             *stays)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT message, folder, kind, was FROM (SELECT message, folder, text, kind, was, min (id)"
    " FROM (SELECT id, message_id AS message, from_folder AS folder, text_size AS text, kind,"
    "   1 AS was FROM undo_item"
    "   WHERE group_id = ?1 AND id <= ?7 AND kind IN (?2, ?3, ?4) AND from_folder <> 0"
    "  UNION ALL"
    "  SELECT id, message_id, to_folder, text_size, kind, 0 FROM undo_item"
    "   WHERE group_id = ?1 AND id <= ?7 AND kind IN (?2, ?5, ?6) AND to_folder <> 0)"
    " GROUP BY message, folder, text)"
    " WHERE was <> EXISTS (SELECT 1 FROM placement p WHERE p.message_id = message"
    "  AND p.folder_id = folder AND (was OR p.text_size = text) AND p.gone = 0"
    "  AND (p.server_flags & 8) = 0)"
    " ORDER BY message",
    sql_int (group), sql_int (PINION_STORE_OPERATION_MOVE),
    sql_int (PINION_STORE_OPERATION_REMOVE), sql_int (PINION_STORE_OPERATION_DELETE),
    sql_int (PINION_STORE_OPERATION_COPY), sql_int (PINION_STORE_OPERATION_APPEND),
    sql_int (last));

  while (pinion_query_next (&query))
    {
      PinionStays one = { pinion_query_int (&query, 0), PINION_STAYS_CHANGED };
      PinionStays *before
        = stays->len > 0 ? &g_array_index (stays, PinionStays, stays->len - 1) : NULL;

      if (pinion_query_int (&query, 3) != 0)
        one.reason = explain (session, group, one.message, pinion_query_int (&query, 1),
                              (PinionStoreOperationKind) pinion_query_int (&query, 2));
      if (before == NULL || before->message != one.message)
        g_array_append_val (stays, one);
      else
        before->reason = MIN (before->reason, one.reason);
    }
}

gboolean
pinion_store_command_undo (PinionStoreSession *session,
                           gint64              group,
                           GArray             *stays)
{
  gint64 id = group != 0 ? pinion_sql_get (session,
                                           "SELECT id FROM undo_group WHERE id = ? AND undone = 0",
                                           sql_int (group))
                         : pinion_sql_get (session,
                                           "SELECT max (id) FROM undo_group WHERE undone = 0");
  if (id == 0)
    return FALSE;

  g_autoptr (GArray) steps = read_steps (session, id);
  PinionUndoGroup opposite = { id };
  gint64 last = pinion_sql_get (session, "SELECT max (id) FROM undo_item WHERE group_id = ?",
                                sql_int (id));

  /* The steps back join the group, which is not taken back again. */
  pinion_sql_run (session, "UPDATE undo_group SET undone = 1 WHERE id = ?", sql_int (id));
  guint n_others = pinion_store_labels_undo (session, &opposite)
                   + pinion_snooze_undo (session, &opposite)
                   + pinion_store_sidebar_undo (session, id)
                   + pinion_store_saved_searches_undo (session, id);
  for (guint i = 0; i < steps->len; i++)
    {
      PinionUndoStep *step = &g_array_index (steps, PinionUndoStep, i);

      if (!take_back (session, step))
        do_opposite (session, &opposite, step);
    }
  if (stays != NULL)
    list_stays (session, id, last, stays);

  return steps->len > 0 || n_others > 0;
}
