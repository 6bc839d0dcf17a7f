/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-acts.h"

#include "pinion-store-flags.h"
#include "pinion-store-snooze-private.h"

PinionPlacement
pinion_act_find_shown (PinionStoreSession *session,
                       gint64              message,
                       gint64              folder)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == folder && pinion_placement_is_shown (placement))
        return *placement;
    }

  return (PinionPlacement) { 0 };
}

PinionPlacement
pinion_act_find_same (PinionStoreSession    *session,
                      const PinionPlacement *copy,
                      gint64                 folder)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, copy->message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == folder && placement->text_size == copy->text_size
          && pinion_placement_is_shown (placement))
        return *placement;
    }

  return (PinionPlacement) { 0 };
}

gboolean
pinion_act_is_met (PinionStoreSession    *session,
                   const PinionPlacement *copy,
                   gint64                 folder,
                   gint64                 placement)
{
  PinionPlacement there = pinion_act_find_same (session, copy, folder);
  PinionJournalEntry made;

  return there.id != 0
         && (there.uid != 0 || !pinion_store_journal_find_to (session, there.id, &made)
             || made.from_placement != placement);
}

gboolean
pinion_act_is_kept_elsewhere (PinionStoreSession    *session,
                              const PinionPlacement *placement)
{
  return pinion_sql_get (session,
                         "SELECT count(*) FROM placement p JOIN folder f ON f.id = p.folder_id"
                         " WHERE p.message_id = ? AND p.folder_id <> ? AND p.text_size = ?"
                         " AND p.gone = 0 AND (p.server_flags & 8) = 0 AND f.role NOT IN (4, 5)",
                         sql_int (placement->message), sql_int (placement->folder),
                         sql_int (placement->text_size))
         > 0;
}

/* \Answered is told to the server, but copies need not agree on it. */
static void
queue_answered (PinionStoreSession *session,
                gint64              group,
                gint64              message,
                gboolean            value)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);
      PinionJournalEntry entry = {
        .kind = PINION_STORE_OPERATION_FLAG,
        .group = group,
        .message = message,
        .from_placement = placement->id,
        .from_folder = placement->folder,
        .flag = PINION_FLAG_ANSWERED,
        .value = value,
      };

      if (!placement->gone && ((placement->server_flags & PINION_FLAG_ANSWERED) != 0) != value)
        pinion_store_journal_add (session, &entry);
    }
}

void
pinion_act_set_flag (PinionStoreSession *session,
                     PinionUndoGroup    *group,
                     gint64              message,
                     PinionFlags         flag,
                     gboolean            value)
{
  PinionFlags flags = pinion_message_get_flags (session, message);

  if (flag == PINION_FLAG_SEEN && value)
    pinion_snooze_notice_read (session, message);
  if (((flags & flag) != 0) == value || pinion_message_get_thread (session, message) == 0)
    return;

  PinionUndoStep step = {
    .message = message,
    .kind = PINION_STORE_OPERATION_FLAG,
    .flag = flag,
    .value = !value,
  };
  if (group != NULL)
    pinion_undo_add (session, group, &step);

  gint64 id = group != NULL ? group->id : 0;
  pinion_message_set_flags (session, message, value ? flags | flag : flags & ~flag);
  if (flag == PINION_FLAG_ANSWERED)
    queue_answered (session, id, message, value);
  else
    pinion_message_reconcile (session, message, id);
}

/* Queues @kind from @placement, notes it. */
static void
queue (PinionStoreSession      *session,
       PinionUndoGroup         *group,
       PinionStoreOperationKind kind,
       const PinionPlacement   *placement,
       gint64                   to_folder,
       gint64                   to_placement)
{
  PinionJournalEntry entry = {
    .kind = kind,
    .group = pinion_undo_group_get (session, group),
    .message = placement->message,
    .from_placement = placement->id,
    .from_folder = placement->folder,
    .to_placement = to_placement,
    .to_folder = to_folder,
  };
  PinionUndoStep step = {
    .message = placement->message,
    .kind = kind,
    .operation = pinion_store_journal_add (session, &entry),
    .text_size = placement->text_size,
    .from_folder = placement->folder,
    .to_folder = to_folder,
  };
  pinion_undo_add (session, group, &step);
}

static void
note (PinionStoreSession      *session,
      PinionUndoGroup         *group,
      PinionStoreOperationKind kind,
      const PinionPlacement   *placement,
      gint64                   from_folder,
      gint64                   to_folder)
{
  PinionUndoStep step = {
    .message = placement->message,
    .kind = kind,
    .text_size = placement->text_size,
    .from_folder = from_folder,
    .to_folder = to_folder,
  };

  pinion_undo_add (session, group, &step);
}

/* Takes back what was to make @placement, if that has not begun. */
static gboolean
unmake (PinionStoreSession      *session,
        const PinionPlacement   *placement,
        PinionStoreOperationKind kind,
        gint64                   from_folder)
{
  PinionJournalEntry made;

  if (placement->uid != 0 || !pinion_store_journal_find_to (session, placement->id, &made)
      || made.kind != kind || !pinion_store_journal_has_not_begun (&made)
      || (from_folder != 0
          && pinion_placement_get (session, made.from_placement).folder != from_folder))
    return FALSE;

  pinion_store_journal_remove (session, made.id);
  pinion_store_journal_revert (session, &made);
  pinion_message_reconcile (session, placement->message, 0);

  return TRUE;
}

/* The same for what was to take a copy of the same text out of @folder while others stay. */
static gboolean
restore (PinionStoreSession    *session,
         const PinionPlacement *copy,
         gint64                 folder)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, copy->message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);
      PinionJournalEntry entry;

      if (placement->folder == folder && placement->text_size == copy->text_size
          && placement->gone
          && pinion_store_journal_find_from (session, placement->id, PINION_STORE_OPERATION_REMOVE,
                                             &entry)
          && pinion_store_journal_has_not_begun (&entry))
        {
          pinion_store_journal_remove (session, entry.id);
          pinion_store_journal_revert (session, &entry);
          pinion_message_reconcile (session, copy->message, 0);
          return TRUE;
        }
    }

  return FALSE;
}

static gint64
add_local (PinionStoreSession    *session,
           const PinionPlacement *source,
           gint64                 folder)
{
  PinionFlags flags = pinion_message_get_flags (session, source->message);

  return pinion_placement_add (session, folder, 0, source->message, source->text_size,
                               (source->server_flags & ~PINION_FLAGS_AGREEING)
                                 | (flags & PINION_FLAGS_AGREEING));
}

void
pinion_act_move (PinionStoreSession    *session,
                 PinionUndoGroup       *group,
                 const PinionPlacement *placement,
                 gint64                 to)
{
  if (placement->id == 0 || placement->folder == to)
    return;

  if (!pinion_act_is_met (session, placement, to, placement->id)
      && unmake (session, placement, PINION_STORE_OPERATION_MOVE, to))
    {
      note (session, group, PINION_STORE_OPERATION_MOVE, placement, placement->folder, to);
      return;
    }

  gboolean is_there = pinion_act_find_same (session, placement, to).id != 0;
  gboolean is_restored = !is_there && restore (session, placement, to);

  if (is_restored)
    note (session, group, PINION_STORE_OPERATION_COPY, placement, 0, to);
  if (is_there || is_restored)
    {
      pinion_act_remove (session, group, placement, to);
      return;
    }

  gint64 target = add_local (session, placement, to);

  pinion_placement_set_gone (session, placement, TRUE);
  queue (session, group, PINION_STORE_OPERATION_MOVE, placement, to, target);
}

void
pinion_act_copy (PinionStoreSession    *session,
                 PinionUndoGroup       *group,
                 const PinionPlacement *placement,
                 gint64                 to)
{
  if (placement->id == 0 || pinion_act_find_same (session, placement, to).id != 0)
    return;

  if (restore (session, placement, to))
    {
      note (session, group, PINION_STORE_OPERATION_COPY, placement, 0, to);
      return;
    }

  queue (session, group, PINION_STORE_OPERATION_COPY, placement, to,
         add_local (session, placement, to));
}

void
pinion_act_remove (PinionStoreSession    *session,
                   PinionUndoGroup       *group,
                   const PinionPlacement *placement,
                   gint64                 last_resort)
{
  if (placement->id == 0)
    return;

  if (unmake (session, placement, PINION_STORE_OPERATION_COPY, 0))
    {
      note (session, group, PINION_STORE_OPERATION_REMOVE, placement, placement->folder, 0);
      return;
    }

  pinion_placement_set_gone (session, placement, TRUE);
  queue (session, group, PINION_STORE_OPERATION_REMOVE, placement, last_resort, 0);
}

void
pinion_act_delete (PinionStoreSession    *session,
                   PinionUndoGroup       *group,
                   const PinionPlacement *placement)
{
  if (placement->id == 0)
    return;

  pinion_placement_set_gone (session, placement, TRUE);
  queue (session, group, PINION_STORE_OPERATION_DELETE, placement, 0, 0);
}
