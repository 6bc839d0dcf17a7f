/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal, made true on the server.  Operations of the same shape go in one command; each is
 * idempotent (flags), or proven: by COPYUID, else by looking for the Message-ID at the target.
 * Nothing is removed before its copy is proven. */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-store-operations.h"
#include "pinion-store-view.h"

#include <string.h>

#define READY_AT_ONCE 200

/* After so many refusals the server's word is final. */
#define TRIES 4
#define RETRY_FIRST 10
#define RETRY_MOST 600

/* What became of one operation of a run.  Ignored: the server said OK, and all is as it was. */
typedef enum
{
  OUTCOME_UNKNOWN,
  OUTCOME_DONE,
  OUTCOME_REFUSED,
  OUTCOME_IGNORED,
  OUTCOME_LATER,
} Outcome;

typedef struct
{
  PinionStoreOperation *operation;
  gboolean started;
  Outcome outcome;
  guint32 uid;
} Item;

/* Operations of one shape, done together.  @copied: copies were made.  @anew: the source counts
 * anew. */
typedef struct
{
  PinionSync *sync;
  GPtrArray *ready;
  GArray *items;
  gboolean copied;
  gboolean anew;
  const GError *error;
  char *path;
  gint64 received;
} Run;

static Item *
item_at (Run  *run,
         guint index)
{
  return &g_array_index (run->items, Item, index);
}

static DexFuture *
read_ready (PinionStoreSession *session,
            gpointer            data)
{
  Run *run = data;

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
gather (Run *run)
{
  PinionStoreOperation *first = g_ptr_array_index (run->ready, 0);

  for (guint i = 0; i < run->ready->len; i++)
    {
      PinionStoreOperation *operation = g_ptr_array_index (run->ready, i);
      Item item = { .operation = operation };

      if (i == 0 || same_shape (first, operation))
        g_array_append_val (run->items, item);
    }
}

static DexFuture *
start_items (PinionStoreSession *session,
             gpointer            data)
{
  Run *run = data;

  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);
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
settle_item (PinionStoreSession *session,
             Run                *run,
             const Item         *item)
{
  gint64 id = item->operation->id;
  guint64 wait = (guint64) RETRY_FIRST << MIN (item->operation->tries, 10);
  gint64 next_try = pinion_sync_now () + (gint64) MIN (wait, RETRY_MOST);
  g_autoptr (GError) ignored = NULL;

  if (item->outcome == OUTCOME_IGNORED)
    ignored = pinion_error_new (PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                                "the server said OK, and nothing changed");

  const GError *error = ignored != NULL ? ignored : run->error;

  if (!item->started)
    return;

  if (item->outcome == OUTCOME_DONE)
    pinion_store_operation_done (session, id, item->uid);
  else if (item->outcome == OUTCOME_UNKNOWN)
    pinion_store_operation_retry (session, id, pinion_sync_now (), TRUE, run->error);
  else if (item->outcome == OUTCOME_LATER)
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
  Run *run = data;

  for (guint i = 0; i < run->items->len; i++)
    settle_item (session, run, item_at (run, i));

  return dex_future_new_true ();
}

static PinionUidSet *
started_uids (Run *run)
{
  PinionUidSet *uids = pinion_uid_set_new ();

  for (guint i = 0; i < run->items->len; i++)
    {
      if (item_at (run, i)->started)
        pinion_uid_set_add (uids, item_at (run, i)->operation->from_uid);
    }

  return uids;
}

static void
set_outcome (Run    *run,
             Outcome outcome)
{
  for (guint i = 0; i < run->items->len; i++)
    item_at (run, i)->outcome = outcome;
}

static char *
dup_raw_name (PinionSyncFolder *folder)
{
  gsize length;
  const char *data = g_bytes_get_data (folder->folder->raw_name, &length);

  return g_strndup (data, length);
}

/* A folder that an operation names but that is not kept in sync (any more). */
static PinionSyncFolder *
need_folder (PinionSync *self,
             gint64      id,
             GError    **error)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, id);

  if (folder == NULL)
    pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                      "the folder is gone from the server");

  return folder;
}

static gboolean
open_source (Run     *run,
             GError **error)
{
  PinionSyncFolder *source
      = need_folder (run->sync, item_at (run, 0)->operation->from_folder, error);

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

static void
look_again (PinionSync   *self,
            gint64        folder_id,
            PinionCompare how)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, folder_id);

  if (folder != NULL)
    folder->compare = MAX (folder->compare, how);
}

/* -- What is there --------------------------------------------------------------------------- */

/* Which messages of the run are still in the open source. Returns: (transfer full) (nullable) */
static GArray *
fetch_left (Run     *run,
            GError **error)
{
  g_autoptr (PinionUidSet) uids = started_uids (run);

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
run_flag (Run     *run,
          GError **error)
{
  const PinionStoreOperation *operation = item_at (run, 0)->operation;

  if (!open_source (run, error))
    return FALSE;

  g_autoptr (PinionUidSet) uids = started_uids (run);
  if (!pinion_await (pinion_imap_connection_store (run->sync->connection, uids, operation->value,
                                                   pinion_sync_flags_to_imap (operation->flag)),
                     error))
    return FALSE;

  g_autoptr (GArray) left = fetch_left (run, error);
  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);
      const PinionImapUidFlags *found
          = pinion_sync_find_listed (left, item->operation->from_uid);

      if (found == NULL)
        {
          item->outcome = OUTCOME_REFUSED;
          look_again (run->sync, operation->from_folder, PINION_COMPARE_ALL);
        }
      else
        {
          item->outcome = is_kept (found, operation) ? OUTCOME_DONE : OUTCOME_IGNORED;
        }
    }

  return TRUE;
}

/* -- Copy and move -------------------------------------------------------------------------- */

static gboolean
remove_from_source (Run          *run,
                    PinionUidSet *uids,
                    GError      **error)
{
  g_autoptr (GArray) left = pinion_sync_remove_uids (run->sync, uids, error);

  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);
      guint32 uid = item->operation->from_uid;

      if (item->started && pinion_uid_set_contains (uids, uid))
        item->outcome = pinion_sync_is_left (left, uid) ? OUTCOME_IGNORED : OUTCOME_DONE;
    }

  return TRUE;
}

static gboolean
note_copied (Run                    *run,
             const PinionImapCopied *copied)
{
  gboolean all = TRUE;

  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);

      for (guint j = 0; j < copied->source->len && item->uid == 0; j++)
        {
          if (g_array_index (copied->source, guint32, j) == item->operation->from_uid)
            item->uid = g_array_index (copied->destination, guint32, j);
        }

      if (item->uid != 0)
        item->outcome = OUTCOME_DONE;
      else
        all = all && !item->started;
    }

  return all;
}

static gboolean
run_copy (Run     *run,
          GError **error)
{
  PinionSync *self = run->sync;
  PinionSyncFolder *target = need_folder (self, item_at (run, 0)->operation->to_folder, error);

  if (target == NULL || !open_source (run, error))
    return FALSE;

  g_autofree char *raw_name = dup_raw_name (target);
  g_autoptr (PinionUidSet) uids = started_uids (run);
  g_autoptr (PinionImapCopied) copied = pinion_await_boxed (
      pinion_imap_connection_copy (self->connection, uids, raw_name), error);
  if (copied == NULL)
    return FALSE;

  /* Without COPYUID the UIDs are learned when the target is compared. */
  note_copied (run, copied);
  set_outcome (run, OUTCOME_DONE);
  look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return TRUE;
}

/* What the server neither mapped nor reported gone is looked up before it is believed. */
static gboolean
verify_moved (Run     *run,
              GError **error)
{
  g_autoptr (GArray) left = fetch_left (run, error);

  if (left == NULL)
    return FALSE;

  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);

      if (item->outcome == OUTCOME_UNKNOWN)
        item->outcome = pinion_sync_find_listed (left, item->operation->from_uid) != NULL
                            ? OUTCOME_IGNORED
                            : OUTCOME_DONE;
    }

  return TRUE;
}

static gboolean
run_move_command (Run              *run,
                  PinionSyncFolder *target,
                  GError          **error)
{
  PinionSync *self = run->sync;
  g_autofree char *raw_name = dup_raw_name (target);
  g_autoptr (PinionUidSet) uids = started_uids (run);
  g_autoptr (PinionImapCopied) copied = pinion_await_boxed (
      pinion_imap_connection_move (self->connection, uids, raw_name), error);

  if (copied == NULL)
    return FALSE;

  look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return (note_copied (run, copied) || verify_moved (run, error))
         && pinion_sync_swallow_expunged (self, run->items->len, error);
}

/* No MOVE: copy, prove the copy, then remove.  Only what is proven is removed. */
static gboolean
run_move_by_copy (Run              *run,
                  PinionSyncFolder *target,
                  GError          **error)
{
  PinionSync *self = run->sync;
  g_autoptr (PinionUidSet) proven = pinion_uid_set_new ();

  if (!run_copy (run, error))
    return FALSE;

  run->copied = TRUE;
  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);

      if (!item->started)
        continue;
      if (item->uid == 0
          && !pinion_sync_find_copy (self, target, item->operation->message_id_header, &item->uid,
                                     error))
        {
          set_outcome (run, OUTCOME_UNKNOWN);
          return FALSE;
        }

      item->outcome = item->uid != 0 ? OUTCOME_DONE : OUTCOME_REFUSED;
      if (item->uid != 0)
        pinion_uid_set_add (proven, item->operation->from_uid);
    }

  if (pinion_uid_set_is_empty (proven))
    return TRUE;
  if (open_source (run, error) && remove_from_source (run, proven, error))
    return TRUE;

  set_outcome (run, OUTCOME_UNKNOWN);
  return FALSE;
}

static gboolean
run_move (Run     *run,
          GError **error)
{
  PinionSync *self = run->sync;
  PinionSyncFolder *target = need_folder (self, item_at (run, 0)->operation->to_folder, error);

  if (target == NULL || !open_source (run, error))
    return FALSE;

  if (pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_MOVE))
    return run_move_command (run, target, error);

  return run_move_by_copy (run, target, error);
}

/* -- Removal -------------------------------------------------------------------------------- */

/* A removal is only done while the other copy is there: another client may have taken it away since it
 * was last seen.  Where it did, the removal waits until the folder was compared. */
static gboolean
check_proofs (Run     *run,
              GError **error)
{
  PinionSync *self = run->sync;
  PinionSyncFolder *proof = pinion_sync_find_folder (self, item_at (run, 0)->operation->proof_folder);
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  g_autoptr (GArray) flags = NULL;

  for (guint i = 0; i < run->items->len; i++)
    pinion_uid_set_add (uids, item_at (run, i)->operation->proof_uid);

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
      Item *item = item_at (run, i);

      if (!pinion_sync_is_left (flags, item->operation->proof_uid))
        {
          item->outcome = OUTCOME_REFUSED;
          if (proof != NULL)
            proof->compare = PINION_COMPARE_ALL;
        }
    }

  return TRUE;
}

static gboolean
run_remove (Run     *run,
            GError **error)
{
  const PinionStoreOperation *first = item_at (run, 0)->operation;
  gboolean stays_elsewhere = first->kind == PINION_STORE_OPERATION_REMOVE;

  if (stays_elsewhere && !check_proofs (run, error))
    return FALSE;

  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);

      if (item->started && item->outcome != OUTCOME_REFUSED)
        pinion_uid_set_add (uids, item->operation->from_uid);
    }

  if (pinion_uid_set_is_empty (uids))
    return TRUE;

  return open_source (run, error)
         && (!stays_elsewhere
             || pinion_sync_take_last_look (run->sync, first->from_folder, uids, error))
         && remove_from_source (run, uids, error);
}

/* -- Append --------------------------------------------------------------------------------- */

static DexFuture *
find_path (PinionStoreSession *session,
           gpointer            data)
{
  Run *run = data;
  PinionStoreMessage *message
      = pinion_store_message_get (session, item_at (run, 0)->operation->message_id);

  if (message != NULL)
    {
      run->path = g_strdup (message->body_path);
      run->received = message->received;
      pinion_store_message_unref (message);
    }

  return dex_future_new_true ();
}

/* The server may have filed the message itself; a second copy in Sent is never made.  What is imported
 * is only looked for where it may have been appended before, and keeps its date. */
static gboolean
run_append (Run     *run,
            GError **error)
{
  PinionSync *self = run->sync;
  Item *item = item_at (run, 0);
  PinionSyncFolder *target = need_folder (self, item->operation->to_folder, error);
  gboolean is_import = pinion_store_operation_is_import (item->operation->kind,
                                                         item->operation->group_id);

  if (target == NULL
      || ((!is_import || item->operation->uncertain)
          && !pinion_sync_find_copy (self, target, item->operation->message_id_header, &item->uid,
                                     error)))
    return FALSE;

  if (item->uid == 0)
    {
      if (!pinion_sync_read (self, find_path, run, error))
        return FALSE;
      if (run->path == NULL)
        return pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP,
                                 PINION_STAGE_NONE, "the message's file is gone");

      g_autofree char *raw_name = dup_raw_name (target);
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
  if (is_import && item->uid == 0
      && !pinion_sync_find_copy (self, target, item->operation->message_id_header, &item->uid,
                                 error))
    return FALSE;

  item->outcome = OUTCOME_DONE;
  look_again (self, target->folder->id, PINION_COMPARE_NEW);
  return TRUE;
}

/* -- What was begun before ------------------------------------------------------------------ */

/* A move whose copy is there: only the source is left to remove, if it is still there. */
static gboolean
finish_move (Run     *run,
             guint32  uid,
             GError **error)
{
  Item *item = item_at (run, 0);

  item->uid = uid;
  if (item->operation->from_uid != 0)
    return open_source (run, error) && run_remove (run, error);

  item->outcome = OUTCOME_DONE;
  return TRUE;
}

static gboolean
run_uncertain_copy (Run     *run,
                    GError **error)
{
  PinionSync *self = run->sync;
  Item *item = item_at (run, 0);
  PinionSyncFolder *target = need_folder (self, item->operation->to_folder, error);
  gboolean move = item->operation->kind == PINION_STORE_OPERATION_MOVE;
  guint32 uid = item->operation->to_uid;

  if (target == NULL)
    return FALSE;
  if (uid == 0
      && !pinion_sync_find_copy (self, target, item->operation->message_id_header, &uid, error))
    return FALSE;

  if (uid == 0)
    return move ? run_move (run, error) : run_copy (run, error);
  if (move)
    return finish_move (run, uid, error);

  item->uid = uid;
  item->outcome = OUTCOME_DONE;
  return TRUE;
}

/* -- The step ------------------------------------------------------------------------------- */

static gboolean
execute (Run     *run,
         GError **error)
{
  const PinionStoreOperation *first = item_at (run, 0)->operation;
  gboolean later;

  switch (first->kind)
    {
    case PINION_STORE_OPERATION_FLAG:
      return run_flag (run, error);
    case PINION_STORE_OPERATION_COPY:
      return goes_alone (first) ? run_uncertain_copy (run, error) : run_copy (run, error);
    case PINION_STORE_OPERATION_MOVE:
      return goes_alone (first) ? run_uncertain_copy (run, error) : run_move (run, error);
    case PINION_STORE_OPERATION_REMOVE:
    case PINION_STORE_OPERATION_DELETE:
      return run_remove (run, error);
    case PINION_STORE_OPERATION_APPEND:
      return run_append (run, error);
    case PINION_STORE_OPERATION_CREATE_FOLDER:
    case PINION_STORE_OPERATION_RENAME_FOLDER:
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      if (!pinion_sync_run_folder_operation (run->sync, first, &later, error))
        return FALSE;
      item_at (run, 0)->outcome = later ? OUTCOME_LATER : OUTCOME_DONE;
      return TRUE;
    default:
      return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_IMAP,
                               PINION_STAGE_NONE, "an unknown kind of operation");
    }
}

static void
note_refusal (Run *run)
{
  for (guint i = 0; i < run->items->len; i++)
    {
      Item *item = item_at (run, i);

      if (item->outcome == OUTCOME_UNKNOWN)
        item->outcome = run->anew ? OUTCOME_LATER : OUTCOME_REFUSED;
    }
}

static gboolean
any_started (Run *run)
{
  for (guint i = 0; i < run->items->len; i++)
    {
      if (item_at (run, i)->started)
        return TRUE;
    }

  return FALSE;
}

static gboolean
run_items (PinionSync *self,
           Run        *run,
           GError    **error)
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
    return !pinion_store_operation_kind_is_of_folder (item_at (run, 0)->operation->kind)
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
  Run run = { .sync = self };

  if (!pinion_sync_read (self, read_ready, &run, error))
    return FALSE;

  postpone (self, run.ready);

  gboolean done = TRUE;
  if (run.ready->len > 0)
    {
      *worked = TRUE;
      run.items = g_array_new (FALSE, TRUE, sizeof (Item));
      gather (&run);
      done = run_items (self, &run, error);
      g_array_unref (run.items);
    }

  g_ptr_array_unref (run.ready);
  g_free (run.path);
  return done;
}
