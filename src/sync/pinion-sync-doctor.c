/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The doctor's second half: what is here against what the server has now.  It fetches every flag and
 * every Message-ID, so it knows nothing from before and trusts nothing. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-store-doctor.h"
#include "pinion-sync-plan.h"
#include "pinion-sync-roles.h"

#include <string.h>
#include <unistd.h>

#define BATCH 500

typedef struct
{
  PinionSync *sync;
  GPtrArray *found;
  GPtrArray *folders;

  /* Of the folder that is looked at */
  PinionStoreFolder *folder;
  GArray *witnesses;
  gboolean uncertain;
} Examination;

static DexFuture *
read_folders (PinionStoreSession *session,
              gpointer            data)
{
  Examination *self = data;

  self->folders = pinion_store_folders_list_all (session, self->sync->account->id);

  return dex_future_new_true ();
}

static DexFuture *
read_folder (PinionStoreSession *session,
             gpointer            data)
{
  Examination *self = data;

  g_clear_pointer (&self->witnesses, g_array_unref);
  self->witnesses = pinion_store_witnesses_list (session, self->folder->id);
  self->uncertain = pinion_store_folder_is_uncertain (session, self->folder->id);

  return dex_future_new_true ();
}

static PinionStoreDifference *
note (Examination             *self,
      const PinionStoreFolder *folder,
      const char              *kind,
      const char              *text)
{
  PinionStoreDifference *found = pinion_store_difference_add (self->found, kind, "%s", text);

  found->account_id = self->sync->account->id;
  found->folder_id = folder != NULL ? folder->id : 0;

  return found;
}

/* -- The list of folders -------------------------------------------------------------------- */

static PinionStoreFolder *
find_folder (Examination *self,
             const char  *raw_name)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (self->folders, i);
      gsize length;
      const char *name = g_bytes_get_data (folder->raw_name, &length);

      if (length == strlen (raw_name) && memcmp (name, raw_name, length) == 0)
        return folder;
    }

  return NULL;
}

static gboolean
has_role_by_hand (Examination     *self,
                  PinionFolderRole role)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->role == role && folder->role_by_hand)
        return TRUE;
    }

  return FALSE;
}

static void
compare_listing (Examination             *self,
                 const PinionImapMailbox *mailbox,
                 PinionFolderRole         role)
{
  PinionStoreFolder *folder = find_folder (self, mailbox->raw_name);
  gboolean selectable = (mailbox->flags
                         & (PINION_IMAP_MAILBOX_NOSELECT | PINION_IMAP_MAILBOX_NONEXISTENT))
                        == 0;

  if (folder == NULL)
    {
      note (self, NULL, "folder-not-here", mailbox->path);
      return;
    }

  if (folder->selectable != selectable)
    note (self, folder, "folder-selectable",
          selectable ? "it can be opened" : "it cannot be opened");
  if (folder->role != role && !folder->role_by_hand && !has_role_by_hand (self, role))
    note (self, folder, "folder-role", "the server gives it another role");
}

static gboolean
is_listed (GPtrArray               *mailboxes,
           const PinionStoreFolder *folder)
{
  gsize length;
  const char *name = g_bytes_get_data (folder->raw_name, &length);

  for (guint i = 0; i < mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (length == strlen (mailbox->raw_name) && memcmp (name, mailbox->raw_name, length) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
compare_list (Examination *self,
              GError     **error)
{
  g_autoptr (GPtrArray) mailboxes
      = pinion_await_boxed (pinion_imap_connection_list (self->sync->connection), error);

  if (mailboxes == NULL)
    return FALSE;

  g_autoptr (GArray) kinds = pinion_sync_assign_roles (mailboxes);
  for (guint i = 0; i < mailboxes->len; i++)
    compare_listing (self, g_ptr_array_index (mailboxes, i),
                     pinion_sync_role_of_kind (g_array_index (kinds, PinionFolderKind, i)));

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (self->folders, i);

      if (is_listed (mailboxes, folder) && !folder->local)
        continue;

      /* What is to be made is not there yet, and that is no difference. */
      if (!folder->local)
        note (self, folder, "folder-not-there", "the server does not list it");
      g_ptr_array_remove_index (self->folders, i--);
    }

  return TRUE;
}

/* -- UIDs and flags ------------------------------------------------------------------------- */

static void
add_witnesses (Examination  *self,
               PinionUidSet *uids)
{
  for (guint i = 0; i < self->witnesses->len; i++)
    pinion_uid_set_add (uids, g_array_index (self->witnesses, PinionStoreWitness, i).uid);
}

/* What has to be here, and what is. */
static PinionUidSet *
find_range (Examination *self,
            GError     **error)
{
  const PinionAccount *account = self->sync->account;
  gint64 start = pinion_history_get_start (account->history, pinion_sync_now (), account->created);
  g_autoptr (PinionUidSet) range = NULL;

  if (start == G_MININT64)
    return pinion_uid_set_new_all ();

  if (account->history == PINION_HISTORY_NONE)
    {
      range = pinion_uid_set_new ();
      if (self->folder->uids.uidnext > 0)
        pinion_uid_set_add_range (range, self->folder->uids.uidnext, PINION_UID_MAX);
    }
  else
    {
      PinionImapSearch *search = pinion_imap_search_new ();
      pinion_imap_search_add_since (search, start);
      g_autoptr (GArray) found = pinion_await_boxed (
          pinion_imap_connection_search (self->sync->connection, search), error);
      if (found == NULL)
        return NULL;
      range = pinion_uid_set_new_from_array ((const guint32 *) found->data, found->len);
    }

  add_witnesses (self, range);
  return g_steal_pointer (&range);
}

static int
compare_witnesses (gconstpointer a,
                   gconstpointer b)
{
  guint32 one = ((const PinionStoreWitness *) a)->uid;
  guint32 two = ((const PinionStoreWitness *) b)->uid;

  return one < two ? -1 : one > two;
}

static gint64
message_of (Examination *self,
            guint32      uid)
{
  PinionStoreWitness key = { .uid = uid };
  guint index;

  if (!g_array_binary_search (self->witnesses, &key, compare_witnesses, &index))
    return 0;

  return g_array_index (self->witnesses, PinionStoreWitness, index).message_id;
}

static void
note_uid (Examination *self,
          const char  *kind,
          const char  *text,
          guint32      uid)
{
  PinionStoreDifference *found = note (self, self->folder, kind, text);

  found->uid = uid;
  found->message_id = message_of (self, uid);
}

/* What the server lists and does not hand out cannot be here. */
static gboolean
note_missing (Examination *self,
              GArray      *missing,
              GError     **error)
{
  for (guint first = 0; first < missing->len; first += BATCH)
    {
      guint n = MIN (BATCH, missing->len - first);
      g_autoptr (PinionUidSet) uids = pinion_uid_set_new_from_array (
          &g_array_index (missing, guint32, first), n);
      g_autoptr (GHashTable) ids = pinion_sync_fetch_ids (self->sync, uids, error);

      if (ids == NULL)
        return FALSE;
      for (guint i = first; i < first + n; i++)
        {
          guint32 uid = g_array_index (missing, guint32, i);

          if (g_hash_table_contains (ids, GUINT_TO_POINTER (uid)))
            note_uid (self, "message-not-here", "the server has it", uid);
        }
    }

  return TRUE;
}

static void
note_plan (Examination          *self,
           const PinionSyncPlan *plan)
{
  for (guint i = 0; i < plan->vanished->len; i++)
    note_uid (self, "message-not-there", "the server does not have it",
              g_array_index (plan->vanished, guint32, i));
  for (guint i = 0; i < plan->changed->len; i++)
    note_uid (self, "flags", "the server has other flags",
              g_array_index (plan->changed, PinionImapUidFlags, i).uid);
}

static gboolean
compare_uids (Examination *self,
              GError     **error)
{
  g_autoptr (PinionUidSet) asked = find_range (self, error);
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (PinionKnown));

  if (asked == NULL)
    return FALSE;

  g_autoptr (GArray) server
      = pinion_uid_set_is_empty (asked)
            ? g_array_new (FALSE, FALSE, sizeof (PinionImapUidFlags))
            : pinion_await_boxed (
                  pinion_imap_connection_fetch_flags (self->sync->connection, asked), error);
  if (server == NULL)
    return FALSE;

  for (guint i = 0; i < self->witnesses->len; i++)
    {
      const PinionStoreWitness *witness = &g_array_index (self->witnesses, PinionStoreWitness, i);
      PinionKnown one = { witness->uid, pinion_sync_flags_to_imap ((PinionFlags) witness->flags) };

      g_array_append_val (known, one);
    }

  g_autoptr (PinionSyncPlan) plan = pinion_sync_plan_new (server, known, asked);
  note_plan (self, plan);

  return note_missing (self, plan->missing, error);
}

/* -- Which message it is -------------------------------------------------------------------- */

static gboolean
compare_batch (Examination *self,
               guint        first,
               GError     **error)
{
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  guint last = MIN (first + BATCH, self->witnesses->len);

  for (guint i = first; i < last; i++)
    pinion_uid_set_add (uids, g_array_index (self->witnesses, PinionStoreWitness, i).uid);

  g_autoptr (GHashTable) ids = pinion_sync_fetch_ids (self->sync, uids, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = first; i < last; i++)
    {
      const PinionStoreWitness *witness = &g_array_index (self->witnesses, PinionStoreWitness, i);
      const char *there = g_hash_table_lookup (ids, GUINT_TO_POINTER (witness->uid));

      if (there != NULL
          && strcmp (there, witness->message_id_header != NULL ? witness->message_id_header : "")
                 != 0)
        note_uid (self, "message-differs", "the server has another message there", witness->uid);
    }

  return TRUE;
}

/* -- A folder ------------------------------------------------------------------------------- */

static gboolean
compare_open_folder (Examination *self,
                     GError     **error)
{
  const PinionImapSelected *selected
      = pinion_imap_connection_get_selected (self->sync->connection);

  if (selected == NULL || selected->uidvalidity != self->folder->uids.uidvalidity)
    {
      note (self, self->folder, "uidvalidity", "the server counts anew");
      return TRUE;
    }

  if (!pinion_sync_read (self->sync, read_folder, self, error))
    return FALSE;

  /* What was begun and not confirmed may have happened: it is looked up with the next sync. */
  if (self->uncertain)
    return TRUE;

  if (!compare_uids (self, error))
    return FALSE;
  for (guint i = 0; i < self->witnesses->len; i += BATCH)
    {
      if (!compare_batch (self, i, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
compare_folder (Examination *self,
                GError     **error)
{
  gsize length;
  const char *data = g_bytes_get_data (self->folder->raw_name, &length);
  g_autofree char *raw_name = g_strndup (data, length);
  g_autoptr (GError) refused = NULL;
  g_autoptr (PinionImapSelected) selected = pinion_await_boxed (
      pinion_imap_connection_select (self->sync->connection, raw_name, TRUE), &refused);

  if (selected != NULL && compare_open_folder (self, &refused))
    return TRUE;

  if (pinion_sync_is_fatal (self->sync, refused))
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  note (self, self->folder, "folder-not-opened", refused->message);
  return TRUE;
}

static gboolean
compare_all (Examination *self,
             GError     **error)
{
  if (!pinion_sync_connect (self->sync, error)
      || !pinion_sync_read (self->sync, read_folders, self, error) || !compare_list (self, error))
    return FALSE;

  for (guint i = 0; i < self->folders->len; i++)
    {
      self->folder = g_ptr_array_index (self->folders, i);
      if (pinion_sync_is_stopping (self->sync))
        return pinion_error_set (error, PINION_ERROR_CANCELLED, PINION_PROTOCOL_IMAP,
                                 PINION_STAGE_NONE, "it was stopped");
      if (self->folder->selectable && !self->folder->hidden && !compare_folder (self, error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
examine_fiber (gpointer data)
{
  PinionSync *sync = data;
  Examination self = { .sync = sync };
  g_autoptr (GError) error = NULL;
  gboolean watched;

  pinion_sync_settle_in (sync);
  int lock = pinion_sync_lock_take (pinion_store_get_dir (sync->store), sync->account->id, FALSE,
                                    &watched, &error);
  if (lock < 0)
    {
      pinion_error_set_detail (error, "watched", watched ? "yes" : "no");
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  self.found = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_difference_free);
  gboolean done = compare_all (&self, &error);
  pinion_sync_end_session (sync, done);
  close (lock);
  g_clear_pointer (&self.folders, g_ptr_array_unref);
  g_clear_pointer (&self.witnesses, g_array_unref);
  if (done)
    return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, self.found);

  g_ptr_array_unref (self.found);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
pinion_sync_examine (PinionSync *self)
{
  return pinion_sync_start (self, examine_fiber);
}
