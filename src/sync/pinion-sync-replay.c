/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal, made true on the server.  Operations of the same shape go in one command; each is
 * idempotent (flags), or proven: by COPYUID, else by looking for the Message-ID at the target.
 * Nothing is removed before its copy is proven. */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-replay-private.h"

#include "pinion-fiber.h"
#include "pinion-store-view.h"

#include <string.h>

#define READY_AT_ONCE 200

/* After so many refusals the server's word is final. */
#define TRIES 4
#define RETRY_FIRST 10
#define RETRY_MOST 600

static DexFuture *
read_ready (PinionStoreSession *session,
            gpointer            data)
{
  PinionReplay *run = data;

  run->ready = pinion_store_operations_ready (session, run->sync->account->id, pinion_sync_now (),
                                              READY_AT_ONCE);

  return dex_future_new_true ();
}

/* Every shape that has to prove something first goes alone. */
static gboolean
goes_alone (const PinionStoreOperation *operation)
{
  return operation->uncertain || operation->to_uid != 0
         || operation->kind >= PINION_STORE_OPERATION_APPEND;
}

static gboolean
same_shape (const PinionStoreOperation *a,
            const PinionStoreOperation *b)
{
  return a->kind == b->kind && a->from_folder == b->from_folder && a->to_folder == b->to_folder
         && a->proof_folder == b->proof_folder && a->flag == b->flag && a->value == b->value
         && !goes_alone (a) && !goes_alone (b);
}

static void
gather (PinionReplay *run)
{
  PinionStoreOperation *first = g_ptr_array_index (run->ready, 0);

  for (guint i = 0; i < run->ready->len; i++)
    {
      PinionStoreOperation *operation = g_ptr_array_index (run->ready, i);
      PinionReplayItem item = { .operation = operation };

      if (i == 0 || same_shape (first, operation))
        g_array_append_val (run->items, item);
    }
}

static DexFuture *
start_items (PinionStoreSession *session,
             gpointer            data)
{
  PinionReplay *run = data;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);
      item->started = pinion_store_operation_start (session, item->operation->id);
    }

  return dex_future_new_true ();
}

/* What the server says of folders is its word: a name that is taken or reserved stays so. */
static gboolean
is_final (const GError            *error,
          PinionStoreOperationKind kind)
{
  return pinion_store_operation_kind_is_of_folder (kind)
         || pinion_error_is (error, PINION_ERROR_MESSAGE_TOO_LARGE)
         || pinion_error_is (error, PINION_ERROR_QUOTA)
         || pinion_error_is (error, PINION_ERROR_NOT_FOUND);
}

static void
settle_item (PinionStoreSession     *session,
             PinionReplay           *run,
             const PinionReplayItem *item)
{
  gint64 id = item->operation->id;
  guint64 wait = (guint64) RETRY_FIRST << MIN (item->operation->tries, 10);
  gint64 next_try = pinion_sync_now () + (gint64) MIN (wait, RETRY_MOST);
  g_autoptr (GError) ignored = NULL;

  if (item->outcome == PINION_REPLAY_IGNORED)
    ignored = pinion_error_new (PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                                "the server said OK, and nothing changed");

  const GError *error = ignored != NULL ? ignored : run->error;

  if (!item->started)
    return;

  if (item->outcome == PINION_REPLAY_DONE)
    pinion_store_operation_done (session, id, item->uid);
  else if (item->outcome == PINION_REPLAY_UNKNOWN)
    pinion_store_operation_retry (session, id, pinion_sync_now (), TRUE, run->error);
  else if (item->outcome == PINION_REPLAY_LATER)
    pinion_store_operation_retry (session, id, pinion_sync_now (), run->copied, NULL);
  else if (error == NULL
           || (!is_final (error, item->operation->kind) && item->operation->tries + 1 < TRIES))
    pinion_store_operation_retry (session, id, next_try, run->copied, error);
  else
    pinion_store_operation_give_up (session, id, error);
}

static DexFuture *
settle_items (PinionStoreSession *session,
              gpointer            data)
{
  PinionReplay *run = data;

  for (guint i = 0; i < run->items->len; i++)
    settle_item (session, run, pinion_replay_item_at (run, i));

  return dex_future_new_true ();
}

PinionUidSet *
pinion_replay_started_uids (PinionReplay *run)
{
  PinionUidSet *uids = pinion_uid_set_new ();

  for (guint i = 0; i < run->items->len; i++)
    {
      if (pinion_replay_item_at (run, i)->started)
        pinion_uid_set_add (uids, pinion_replay_item_at (run, i)->operation->from_uid);
    }

  return uids;
}

void
pinion_replay_set_outcome (PinionReplay       *run,
                           PinionReplayOutcome outcome)
{
  for (guint i = 0; i < run->items->len; i++)
    pinion_replay_item_at (run, i)->outcome = outcome;
}

char *
pinion_replay_dup_raw_name (PinionSyncFolder *folder)
{
  gsize length;
  const char *data = g_bytes_get_data (folder->folder->raw_name, &length);

  return g_strndup (data, length);
}

PinionSyncFolder *
pinion_replay_need_folder (PinionSync *self,
                           gint64      id,
                           GError    **error)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, id);

  if (folder == NULL)
    pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                      "the folder is gone from the server");

  return folder;
}

gboolean
pinion_replay_open_source (PinionReplay *run,
                           GError      **error)
{
  gint64 from = pinion_replay_item_at (run, 0)->operation->from_folder;
  PinionSyncFolder *source = pinion_replay_need_folder (run->sync, from, error);

  if (source == NULL)
    return FALSE;

  guint generation = source->generation;
  if (!pinion_sync_open_folder (run->sync, source, error))
    return FALSE;

  run->anew = source->generation != generation;
  return !run->anew
         || pinion_error_set (error, PINION_ERROR_MAILBOX_NOT_OPENED, PINION_PROTOCOL_IMAP,
                              PINION_STAGE_NONE, "the folder counts anew");
}

gboolean
pinion_replay_has_estimates (PinionReplay *run)
{
  return (pinion_imap_connection_get_quirks (run->sync->connection)
          & PINION_IMAP_QUIRK_SIZE_ESTIMATED)
         != 0;
}

void
pinion_replay_look_again (PinionSync   *self,
                          gint64        folder_id,
                          PinionCompare how)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, folder_id);

  if (folder != NULL)
    folder->compare = MAX (folder->compare, how);
}

/* -- What is there --------------------------------------------------------------------------- */

GArray *
pinion_replay_fetch_left (PinionReplay *run,
                          GError      **error)
{
  g_autoptr (PinionUidSet) uids = pinion_replay_started_uids (run);

  return pinion_await_boxed (pinion_imap_connection_fetch_flags (run->sync->connection, uids),
                             error);
}

/* -- Flags ---------------------------------------------------------------------------------- */

/* A keyword that the folder does not keep was not sent. */
static gboolean
is_kept (const PinionImapUidFlags   *found,
         const PinionStoreOperation *operation)
{
  PinionImapFlags flag = pinion_sync_flags_to_imap (operation->flag) & PINION_IMAP_FLAGS_SYSTEM;

  return (found->flags & flag) == (operation->value ? flag : 0);
}

/* A STORE is OK whether its messages are there or not (RFC 3501, 6.4.8), and where the person has no right
 * to the flag (RFC 4314, 4).  Where another client took one away, the flag waits until the folder was
 * compared, and goes where the message turns up. */
static gboolean
run_flag (PinionReplay *run,
          GError      **error)
{
  const PinionStoreOperation *operation = pinion_replay_item_at (run, 0)->operation;

  if (!pinion_replay_open_source (run, error))
    return FALSE;

  g_autoptr (PinionUidSet) uids = pinion_replay_started_uids (run);
  if (!pinion_await (pinion_imap_connection_store (run->sync->connection, uids, operation->value,
                                                   pinion_sync_flags_to_imap (operation->flag)),
                     error))
    return FALSE;

  g_autoptr (GArray) left = pinion_replay_fetch_left (run, error);
  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);
      const PinionImapUidFlags *found
          = pinion_sync_find_listed (left, item->operation->from_uid);

      if (found == NULL)
        {
          item->outcome = PINION_REPLAY_REFUSED;
          pinion_replay_look_again (run->sync, operation->from_folder, PINION_COMPARE_ALL);
        }
      else
        {
          item->outcome = is_kept (found, operation) ? PINION_REPLAY_DONE : PINION_REPLAY_IGNORED;
        }
    }

  return TRUE;
}

/* -- Removal -------------------------------------------------------------------------------- */

gboolean
pinion_replay_remove_from_source (PinionReplay *run,
                                  PinionUidSet *uids,
                                  GError      **error)
{
  g_autoptr (GArray) left = pinion_sync_remove_uids (run->sync, uids, error);

  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);
      guint32 uid = item->operation->from_uid;

      if (item->started && pinion_uid_set_contains (uids, uid))
        item->outcome = pinion_sync_is_left (left, uid) ? PINION_REPLAY_IGNORED : PINION_REPLAY_DONE;
    }

  return TRUE;
}

/* A removal is only done while the other copy is there: another client may have taken it away since it
 * was last seen.  Where it did, the removal waits until the folder was compared. */
static gboolean
check_proofs (PinionReplay *run,
              GError      **error)
{
  PinionSync *self = run->sync;
  gint64 proof_folder = pinion_replay_item_at (run, 0)->operation->proof_folder;
  PinionSyncFolder *proof = pinion_sync_find_folder (self, proof_folder);
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  g_autoptr (GArray) flags = NULL;

  for (guint i = 0; i < run->items->len; i++)
    pinion_uid_set_add (uids, pinion_replay_item_at (run, i)->operation->proof_uid);

  guint generation = proof != NULL ? proof->generation : 0;
  if (proof == NULL)
    flags = g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags));
  else if (pinion_sync_open_folder (self, proof, error))
    flags = pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, uids), error);
  if (flags == NULL)
    return FALSE;
  if (proof != NULL && proof->generation != generation)
    g_array_set_size (flags, 0);

  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);

      if (!pinion_sync_is_left (flags, item->operation->proof_uid))
        {
          item->outcome = PINION_REPLAY_REFUSED;
          if (proof != NULL)
            proof->compare = PINION_COMPARE_ALL;
        }
    }

  return TRUE;
}

gboolean
pinion_replay_remove (PinionReplay *run,
                      GError      **error)
{
  const PinionStoreOperation *first = pinion_replay_item_at (run, 0)->operation;
  gboolean stays_elsewhere = first->kind == PINION_STORE_OPERATION_REMOVE;

  if (stays_elsewhere && !check_proofs (run, error))
    return FALSE;

  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);

      if (item->started && item->outcome != PINION_REPLAY_REFUSED)
        pinion_uid_set_add (uids, item->operation->from_uid);
    }

  if (pinion_uid_set_is_empty (uids))
    return TRUE;

  return pinion_replay_open_source (run, error)
         && (first->kind == PINION_STORE_OPERATION_MOVE
             || pinion_sync_take_last_look (run->sync, first->from_folder, uids, error))
         && pinion_replay_remove_from_source (run, uids, error);
}

/* -- Append --------------------------------------------------------------------------------- */

static DexFuture *
find_file (PinionStoreSession *session,
           gpointer            data)
{
  PinionReplay *run = data;
  PinionStoreMessage *message
      = pinion_store_message_get (session, pinion_replay_item_at (run, 0)->operation->message_id);

  if (message != NULL)
    {
      run->path = g_strdup (message->body_path);
      run->size = message->size;
      run->received = message->received;
      pinion_store_message_unref (message);
    }

  return dex_future_new_true ();
}

/* Whether it is in @target, as it is here: what another client imported there may say something else.  What
 * the server filed in Sent may as well, and is the message all the same.  Where nothing tells which copy it
 * is, the comparison does. */
static gboolean
find_appended (PinionReplay     *run,
               PinionSyncFolder *target,
               gboolean          is_import,
               gboolean         *found,
               GError          **error)
{
  PinionSync *self = run->sync;
  PinionReplayItem *item = pinion_replay_item_at (run, 0);
  guint64 size = pinion_replay_has_estimates (run) ? 0 : run->size;

  if (!pinion_sync_find_copy (self, target, item->operation, size, &item->uid, found, error))
    return FALSE;

  if (size == 0)
    item->uid = 0;
  else if (is_import)
    *found = item->uid != 0;
  return TRUE;
}

/* The server may have filed the message itself; a second copy in Sent is never made.  What is imported
 * is only looked for where it may have been appended before, and keeps its date. */
static gboolean
run_append (PinionReplay *run,
            GError      **error)
{
  PinionSync *self = run->sync;
  PinionReplayItem *item = pinion_replay_item_at (run, 0);
  PinionSyncFolder *target = pinion_replay_need_folder (self, item->operation->to_folder, error);
  gboolean is_import = pinion_store_operation_is_import (item->operation->kind,
                                                         item->operation->group_id);

  gboolean is_there = FALSE;

  if (target == NULL || !pinion_sync_read (self, find_file, run, error)
      || ((!is_import || item->operation->uncertain)
          && !find_appended (run, target, is_import, &is_there, error)))
    return FALSE;

  if (!is_there)
    {
      if (run->path == NULL)
        return pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP,
                                 PINION_STAGE_NONE, "the message's file is gone");

      g_autofree char *raw_name = pinion_replay_dup_raw_name (target);
      PinionImapFlags flags = pinion_sync_flags_to_imap (item->operation->to_flags | PINION_FLAG_SEEN);
      g_autoptr (PinionImapAppended) appended = pinion_await_boxed (
          pinion_imap_connection_append_file (self->connection, raw_name, flags,
                                              is_import ? run->received : G_MININT64, run->path),
          error);
      if (appended == NULL)
        return FALSE;
      item->uid = appended->uid;
    }

  /* What is older than the history range would not be found by comparing. */
  if (is_import && !is_there && item->uid == 0
      && !find_appended (run, target, is_import, &is_there, error))
    return FALSE;

  item->outcome = PINION_REPLAY_DONE;
  pinion_replay_look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return TRUE;
}

/* -- The step ------------------------------------------------------------------------------- */

static gboolean
execute (PinionReplay *run,
         GError      **error)
{
  const PinionStoreOperation *first = pinion_replay_item_at (run, 0)->operation;
  gboolean later;

  switch (first->kind)
    {
    case PINION_STORE_OPERATION_FLAG:
      return run_flag (run, error);
    case PINION_STORE_OPERATION_COPY:
      return goes_alone (first) ? pinion_replay_uncertain_copy (run, error) : pinion_replay_copy (run, error);
    case PINION_STORE_OPERATION_MOVE:
      return goes_alone (first) ? pinion_replay_uncertain_copy (run, error) : pinion_replay_move (run, error);
    case PINION_STORE_OPERATION_REMOVE:
    case PINION_STORE_OPERATION_DELETE:
      return pinion_replay_remove (run, error);
    case PINION_STORE_OPERATION_APPEND:
      return run_append (run, error);
    case PINION_STORE_OPERATION_CREATE_FOLDER:
    case PINION_STORE_OPERATION_RENAME_FOLDER:
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      if (!pinion_sync_run_folder_operation (run->sync, first, &later, error))
        return FALSE;
      pinion_replay_item_at (run, 0)->outcome = later ? PINION_REPLAY_LATER : PINION_REPLAY_DONE;
      return TRUE;
    default:
      return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_IMAP,
                               PINION_STAGE_NONE, "an unknown kind of operation");
    }
}

static void
note_refusal (PinionReplay *run)
{
  for (guint i = 0; i < run->items->len; i++)
    {
      PinionReplayItem *item = pinion_replay_item_at (run, i);

      if (item->outcome == PINION_REPLAY_UNKNOWN)
        item->outcome = run->anew ? PINION_REPLAY_LATER : PINION_REPLAY_REFUSED;
    }
}

static gboolean
any_started (PinionReplay *run)
{
  for (guint i = 0; i < run->items->len; i++)
    {
      if (pinion_replay_item_at (run, i)->started)
        return TRUE;
    }

  return FALSE;
}

static gboolean
run_items (PinionSync   *self,
           PinionReplay *run,
           GError      **error)
{
  g_autoptr (GError) failure = NULL;

  if (!pinion_sync_write (self, start_items, run, error))
    return FALSE;
  if (!any_started (run))
    return TRUE;

  gboolean executed = execute (run, &failure);
  gboolean fatal = !executed && pinion_sync_is_fatal (self, failure);

  run->error = failure;
  if (!executed && !fatal)
    note_refusal (run);

  if (!pinion_sync_write (self, settle_items, run, error))
    return FALSE;
  if (!fatal)
    return !pinion_store_operation_kind_is_of_folder (pinion_replay_item_at (run, 0)->operation->kind)
           || pinion_sync_list_folders (self, error);

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
postpone (PinionSync *self,
          GPtrArray  *ready)
{
  for (guint i = ready->len; i > 0; i--)
    {
      if (pinion_sync_needs_comparison (self, g_ptr_array_index (ready, i - 1)))
        g_ptr_array_remove_index (ready, i - 1);
    }
}

gboolean
pinion_sync_replay_step (PinionSync *self,
                         gboolean   *worked,
                         GError    **error)
{
  PinionReplay run = { .sync = self };

  if (!pinion_sync_read (self, read_ready, &run, error))
    return FALSE;

  postpone (self, run.ready);

  gboolean done = TRUE;
  if (run.ready->len > 0)
    {
      *worked = TRUE;
      run.items = g_array_new (FALSE, TRUE, sizeof (PinionReplayItem));
      gather (&run);
      done = run_items (self, &run, error);
      g_array_unref (run.items);
    }

  g_ptr_array_unref (run.ready);
  g_free (run.path);
  return done;
}
