/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies and moves of the journal: how each is proven before anything is removed. */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-replay-private.h"

#include "pinion-fiber.h"

static gboolean
note_copied (PinionReplay           *run,
             const PinionImapCopied *copied)
{
  gboolean all = TRUE;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);

      for (guint j = 0; j < copied->source->len && item->uid == 0; j++)
        {
          if (g_array_index (copied->source, guint32, j) == item->operation->from_uid)
            item->uid = g_array_index (copied->destination, guint32, j);
        }

      if (item->uid != 0)
        item->outcome = PINION_REPLAY_DONE;
      else
        all = all && !item->started;
    }

  return all;
}

gboolean
pinion_replay_copy (PinionReplay *run,
                    GError      **error)
{
  PinionSync *self = run->sync;
  gint64 to = pinion_replay_item_at (run, 0)->operation->to_folder;
  PinionSyncFolder *target = pinion_replay_need_folder (self, to, error);

  if (target == NULL || !pinion_replay_open_source (run, error))
    return FALSE;

  g_autofree char *raw_name = pinion_replay_dup_raw_name (target);
  g_autoptr (PinionUidSet) uids = pinion_replay_started_uids (run);
  g_autoptr (PinionImapCopied) copied = pinion_await_boxed (
      pinion_imap_connection_copy (self->connection, uids, raw_name), error);
  if (copied == NULL)
    return FALSE;

  /* Without COPYUID the UIDs are learned when the target is compared. */
  note_copied (run, copied);
  pinion_replay_set_outcome (run, PINION_REPLAY_DONE);
  pinion_replay_look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return TRUE;
}

/* What the server neither mapped nor reported gone is looked up before it is believed. */
static gboolean
verify_moved (PinionReplay *run,
              GError      **error)
{
  g_autoptr (GArray) left = pinion_replay_fetch_left (run, error);

  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);

      if (item->outcome == PINION_REPLAY_UNKNOWN)
        item->outcome = pinion_sync_find_listed (left, item->operation->from_uid) != NULL
                            ? PINION_REPLAY_IGNORED
                            : PINION_REPLAY_DONE;
    }

  return TRUE;
}

static gboolean
run_move_command (PinionReplay     *run,
                  PinionSyncFolder *target,
                  GError          **error)
{
  PinionSync *self = run->sync;
  g_autofree char *raw_name = pinion_replay_dup_raw_name (target);
  g_autoptr (PinionUidSet) uids = pinion_replay_started_uids (run);
  g_autoptr (PinionImapCopied) copied = pinion_await_boxed (
      pinion_imap_connection_move (self->connection, uids, raw_name), error);

  if (copied == NULL)
    return FALSE;

  pinion_replay_look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return (note_copied (run, copied) || verify_moved (run, error))
         && pinion_sync_swallow_expunged (self, run->items->len, error);
}

/* The sizes of those in the open source whose copies' UIDs were not told, by which they are found. */
static gboolean
fetch_untold_sizes (PinionReplay *run,
                    GHashTable   *sizes,
                    GError      **error)
{
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();

  for (guint i = 0; i < run->items->len; i++)
    {
      if (pinion_replay_item_at (run, i)->started && pinion_replay_item_at (run, i)->uid == 0)
        pinion_uid_set_add (uids, pinion_replay_item_at (run, i)->operation->from_uid);
    }

  return pinion_uid_set_is_empty (uids)
         || pinion_sync_fetch_sizes (run->sync, uids, sizes, error);
}

/* Looks for the copy of @item that the server said OK to.  Where sizes are estimated or not told, one of
 * another size is believed to be it; but it may be what another client brought at the same time: which one it
 * is, the comparison tells. */
static gboolean
find_copied (PinionReplay     *run,
             PinionSyncFolder *target,
             PinionReplayItem *item,
             guint64           size,
             gboolean         *found,
             GError          **error)
{
  gboolean similar = FALSE;

  if (!pinion_sync_find_copy (run->sync, target, item->operation, size, &item->uid, &similar, error))
    return FALSE;

  if (size == 0)
    item->uid = 0;
  *found = item->uid != 0
           || (similar && (size == 0 || pinion_replay_has_estimates (run)));
  return TRUE;
}

/* Which copies are proven. */
static gboolean
prove_copies (PinionReplay     *run,
              PinionSyncFolder *target,
              PinionUidSet     *proven,
              GError          **error)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  if (!fetch_untold_sizes (run, sizes, error))
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);
      guint32 uid = item->operation->from_uid;
      const guint64 *size = g_hash_table_lookup (sizes, GUINT_TO_POINTER (uid));
      gboolean is_there = item->uid != 0;

      if (!item->started)
        continue;
      if (!is_there
          && !find_copied (run, target, item, size != NULL ? *size : 0, &is_there, error))
        return FALSE;

      item->outcome = is_there ? PINION_REPLAY_DONE : PINION_REPLAY_REFUSED;
      if (is_there)
        pinion_uid_set_add (proven, uid);
    }

  return TRUE;
}

/* No MOVE: copy, prove the copy, then remove.  Only what is proven is removed. */
static gboolean
run_move_by_copy (PinionReplay     *run,
                  PinionSyncFolder *target,
                  GError          **error)
{
  g_autoptr (PinionUidSet) proven = pinion_uid_set_new ();

  if (!pinion_replay_copy (run, error))
    return FALSE;

  run->copied = TRUE;
  if (prove_copies (run, target, proven, error)
      && (pinion_uid_set_is_empty (proven)
          || (pinion_replay_open_source (run, error)
              && pinion_replay_remove_from_source (run, proven, error))))
    return TRUE;

  pinion_replay_set_outcome (run, PINION_REPLAY_UNKNOWN);
  return FALSE;
}

gboolean
pinion_replay_move (PinionReplay *run,
                    GError      **error)
{
  PinionSync *self = run->sync;
  gint64 to = pinion_replay_item_at (run, 0)->operation->to_folder;
  PinionSyncFolder *target = pinion_replay_need_folder (self, to, error);

  if (target == NULL || !pinion_replay_open_source (run, error))
    return FALSE;

  if (pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_MOVE))
    return run_move_command (run, target, error);

  return run_move_by_copy (run, target, error);
}

/* -- What was begun before ------------------------------------------------------------------ */

/* @there: (out) whether the message still lies in the source; @size: (out) its size, 0 where that is not
 * told.  A source that cannot be opened has nothing. */
static gboolean
look_at_source (PinionReplay *run,
                gboolean     *there,
                guint64      *size,
                GError      **error)
{
  PinionSync *self = run->sync;
  guint32 uid = pinion_replay_item_at (run, 0)->operation->from_uid;
  g_autoptr (GHashTable) sizes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  g_autoptr (GError) failure = NULL;

  *there = FALSE;
  *size = 0;
  if (uid == 0)
    return TRUE;
  if (!pinion_replay_open_source (run, &failure))
    {
      if (!run->anew && !pinion_sync_is_fatal (self, failure))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  pinion_uid_set_add (uids, uid);
  if (!pinion_sync_fetch_sizes (self, uids, sizes, error))
    return FALSE;

  const guint64 *its = g_hash_table_lookup (sizes, GUINT_TO_POINTER (uid));
  *there = its != NULL;
  *size = its != NULL ? *its : 0;
  return TRUE;
}

/* What was begun before and left its copy in @target as @uid.  Where nothing tells which copy it is, the
 * comparison does. */
static gboolean
finish_carrying (PinionReplay     *run,
                 PinionSyncFolder *target,
                 guint32           uid,
                 gboolean          there,
                 GError          **error)
{
  PinionReplayItem *item = pinion_replay_item_at (run, 0);

  item->uid = uid;
  item->outcome = PINION_REPLAY_DONE;
  pinion_replay_look_again (run->sync, target->folder->id, PINION_COMPARE_NEW);
  if (item->operation->kind != PINION_STORE_OPERATION_MOVE || !there)
    return TRUE;

  item->outcome = PINION_REPLAY_UNKNOWN;
  return pinion_replay_open_source (run, error) && pinion_replay_remove (run, error);
}

gboolean
pinion_replay_uncertain_copy (PinionReplay *run,
                              GError      **error)
{
  PinionSync *self = run->sync;
  PinionReplayItem *item = pinion_replay_item_at (run, 0);
  PinionSyncFolder *target = pinion_replay_need_folder (self, item->operation->to_folder, error);
  guint32 uid = item->operation->to_uid;
  gboolean there;
  guint64 size;

  if (target == NULL)
    return FALSE;
  if (uid != 0)
    return finish_carrying (run, target, uid, item->operation->from_uid != 0, error);

  if (!look_at_source (run, &there, &size, error))
    return FALSE;
  if (pinion_replay_has_estimates (run))
    size = 0;
  if (!pinion_sync_find_copy (self, target, item->operation, size, &uid, NULL, error))
    return FALSE;
  if (uid != 0)
    return finish_carrying (run, target, size != 0 ? uid : 0, there, error);

  return item->operation->kind == PINION_STORE_OPERATION_MOVE ? pinion_replay_move (run, error)
                                                              : pinion_replay_copy (run, error);
}
