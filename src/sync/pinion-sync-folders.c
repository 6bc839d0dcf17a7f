/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"
#include "pinion-fiber.h"
#include "pinion-sync-roles.h"

#include <string.h>

typedef struct
{
  PinionSync *sync;
  GPtrArray *mailboxes;
  GArray *kinds;
  gint64 *was;
  GPtrArray *folders;
} Listing;

PinionSyncFolder *
pinion_sync_folder_new (PinionStoreFolder *folder)
{
  PinionSyncFolder *self = g_new0 (PinionSyncFolder, 1);

  self->folder = pinion_store_folder_ref (folder);
  self->compare = PINION_COMPARE_ALL;
  self->missing = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->uids = self->kept = folder->uids;

  return self;
}

void
pinion_sync_folder_free (PinionSyncFolder *self)
{
  pinion_sync_folder_drop_ahead (self);
  pinion_store_folder_unref (self->folder);
  g_array_unref (self->missing);
  g_free (self);
}

PinionFolderRole
pinion_sync_role_of_kind (guint kind)
{
  switch ((PinionFolderKind) kind)
    {
    case PINION_FOLDER_INBOX:
      return PINION_FOLDER_ROLE_INBOX;
    case PINION_FOLDER_SENT:
      return PINION_FOLDER_ROLE_SENT;
    case PINION_FOLDER_DRAFTS:
      return PINION_FOLDER_ROLE_DRAFTS;
    case PINION_FOLDER_TRASH:
      return PINION_FOLDER_ROLE_TRASH;
    case PINION_FOLDER_JUNK:
      return PINION_FOLDER_ROLE_JUNK;
    case PINION_FOLDER_ARCHIVE:
      return PINION_FOLDER_ROLE_ARCHIVE;
    case PINION_FOLDER_PLAIN:
    case PINION_FOLDER_NOT_MAIL:
    default:
      return PINION_FOLDER_ROLE_NONE;
    }
}

static DexFuture *
store_listing (PinionStoreSession *session,
               gpointer            data)
{
  Listing *listing = data;
  gint64 account = listing->sync->account->id;
  g_autoptr (GArray) lines = g_array_new (FALSE, TRUE, sizeof (PinionStoreListing));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < listing->mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (listing->mailboxes, i);
      PinionFolderKind kind = g_array_index (listing->kinds, PinionFolderKind, i);
      GBytes *raw = g_bytes_new (mailbox->raw_name, strlen (mailbox->raw_name));
      PinionStoreListing line = {
        .raw_name = raw,
        .delimiter = mailbox->delimiter,
        .path = mailbox->path,
        .role = pinion_sync_role_of_kind (kind),
        .selectable = (mailbox->flags
                       & (PINION_IMAP_MAILBOX_NOSELECT | PINION_IMAP_MAILBOX_NONEXISTENT))
                      == 0,
        .hidden = kind == PINION_FOLDER_NOT_MAIL,
        .hidden_reason = kind == PINION_FOLDER_NOT_MAIL ? "not-mail" : NULL,
        .was = listing->was[i],
      };

      g_ptr_array_add (names, raw);
      g_array_append_val (lines, line);
    }

  pinion_store_folders_update (session, account, (PinionStoreListing *) lines->data, lines->len);
  listing->folders = pinion_store_folders_list_all (session, account);

  return dex_future_new_true ();
}

/* What is kept in sync, and in which order: where people look first. */
static guint
rank (const PinionStoreFolder *folder)
{
  switch (folder->role)
    {
    case PINION_FOLDER_ROLE_INBOX:
      return 0;
    case PINION_FOLDER_ROLE_SENT:
      return 1;
    case PINION_FOLDER_ROLE_ARCHIVE:
      return 2;
    case PINION_FOLDER_ROLE_DRAFTS:
      return 3;
    case PINION_FOLDER_ROLE_TRASH:
      return 6;
    case PINION_FOLDER_ROLE_JUNK:
      return 7;
    case PINION_FOLDER_ROLE_NONE:
    default:
      return folder->pinned ? 4 : 5;
    }
}

static int
compare_rank (gconstpointer a,
              gconstpointer b)
{
  const PinionSyncFolder *one = *(const PinionSyncFolder *const *) a;
  const PinionSyncFolder *two = *(const PinionSyncFolder *const *) b;

  return (int) rank (one->folder) - (int) rank (two->folder);
}

static void
adopt_folders (PinionSync *self,
               GPtrArray  *folders)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->folders);

  self->folders = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_sync_folder_free);

  for (guint i = 0; i < folders->len; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (folders, i);
      PinionSyncFolder *known = NULL;

      if (!folder->selectable || folder->hidden || folder->local)
        continue;

      for (guint j = 0; old != NULL && j < old->len && known == NULL; j++)
        {
          PinionSyncFolder *candidate = g_ptr_array_index (old, j);
          if (candidate->folder->id == folder->id)
            known = g_ptr_array_steal_index (old, j);
        }

      if (known != NULL)
        {
          pinion_store_folder_unref (known->folder);
          known->folder = pinion_store_folder_ref (folder);
          known->kept = folder->uids;
        }
      else
        {
          known = pinion_sync_folder_new (folder);
          if (self->work == PINION_SYNC_WORK_JOURNAL)
            known->compare = PINION_COMPARE_NOTHING;
        }

      g_ptr_array_add (self->folders, known);
    }

  g_ptr_array_sort (self->folders, compare_rank);
}

static char *
dup_raw_name (PinionSyncFolder *folder)
{
  gsize length;
  const char *data = g_bytes_get_data (folder->folder->raw_name, &length);

  return g_strndup (data, length);
}

/* What came with the list, of the folders that are kept in sync. */
static void
note_listed (PinionSync *self,
             GPtrArray  *mailboxes)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < mailboxes->len; i++)
    {
      PinionImapMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (mailbox->status != NULL)
        g_hash_table_insert (by_name, mailbox->raw_name, mailbox->status);
    }

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      g_autofree char *raw_name = dup_raw_name (folder);
      const PinionImapStatus *status = g_hash_table_lookup (by_name, raw_name);

      folder->listed = status != NULL ? *status : (PinionImapStatus){ 0 };
    }
}

/* Sending what is pending here needs the names alone. */
static DexFuture *
ask_list (PinionSync *self)
{
  if (self->work == PINION_SYNC_WORK_JOURNAL)
    return pinion_imap_connection_list (self->connection);

  return pinion_imap_connection_list_with_status (self->connection);
}

gboolean
pinion_sync_list_folders (PinionSync *self,
                          GError    **error)
{
  Listing listing = { .sync = self };

  if (!pinion_sync_finish_headers (self, error))
    return FALSE;

  listing.mailboxes = pinion_await_boxed (ask_list (self), error);
  if (listing.mailboxes == NULL)
    return FALSE;

  listing.kinds = pinion_sync_assign_roles (listing.mailboxes);
  listing.was = pinion_sync_find_renames (self, listing.mailboxes, listing.kinds, error);
  gboolean stored = listing.was != NULL
                    && pinion_sync_write (self, store_listing, &listing, error);

  if (stored)
    {
      adopt_folders (self, listing.folders);
      note_listed (self, listing.mailboxes);
    }

  g_ptr_array_unref (listing.mailboxes);
  g_array_unref (listing.kinds);
  g_free (listing.was);
  g_clear_pointer (&listing.folders, g_ptr_array_unref);

  return stored;
}

static gboolean
is_open (PinionSync *self,
         const char *raw_name)
{
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);

  return selected != NULL && strcmp (selected->raw_name, raw_name) == 0;
}

/* What came or went while another folder was open is not announced: the counts tell. */
static void
note_selected (PinionSyncFolder         *folder,
               const PinionImapSelected *selected)
{
  const PinionImapStatus *known = &folder->status;

  if (known->uidvalidity == 0)
    return;

  if (known->messages != selected->exists || known->uidvalidity != selected->uidvalidity
      || (known->uidnext != 0 && known->uidnext != selected->uidnext))
    folder->compare = PINION_COMPARE_ALL;
}

typedef struct
{
  gint64 folder;
  guint32 uidvalidity;
} Reset;

static DexFuture *
reset_uids (PinionStoreSession *session,
            gpointer            data)
{
  const Reset *reset = data;

  pinion_store_folder_reset_uids (session, reset->folder, reset->uidvalidity);

  return dex_future_new_true ();
}

/* The server counts anew: a UID of before is another message now, or none (RFC 3501, 2.3.1.1). */
gboolean
pinion_sync_follow_uidvalidity (PinionSync       *self,
                                PinionSyncFolder *folder,
                                guint32           uidvalidity,
                                GError          **error)
{
  Reset reset = { folder->folder->id, uidvalidity };

  if (folder->uids.uidvalidity == uidvalidity)
    return TRUE;
  if (!pinion_sync_finish_headers (self, error))
    return FALSE;

  gboolean known = folder->uids.uidvalidity != 0;
  folder->uids = (PinionStoreUidState){ .uidvalidity = uidvalidity, .since = G_MAXINT64 };
  folder->kept.uidvalidity = 0;
  folder->compare = PINION_COMPARE_ALL;
  if (!known)
    return TRUE;

  folder->generation++;
  pinion_sync_folder_drop_ahead (folder);
  g_array_set_size (folder->missing, 0);
  folder->next = folder->told = 0;
  g_array_set_size (self->wanted, 0);
  self->next_wanted = 0;
  pinion_sync_dates_forget (self);

  return pinion_sync_write (self, reset_uids, &reset, error);
}

gboolean
pinion_sync_folder_is_open (PinionSync       *self,
                            PinionSyncFolder *folder)
{
  g_autofree char *raw_name = dup_raw_name (folder);

  return is_open (self, raw_name);
}

gboolean
pinion_sync_open_folder (PinionSync       *self,
                         PinionSyncFolder *folder,
                         GError          **error)
{
  g_autofree char *raw_name = dup_raw_name (folder);

  if (is_open (self, raw_name))
    return TRUE;

  g_autoptr (PinionImapSelected) selected
      = pinion_await_boxed (pinion_imap_connection_select (self->connection, raw_name, FALSE),
                            error);
  if (selected == NULL)
    return FALSE;

  note_selected (folder, selected);
  return pinion_sync_follow_uidvalidity (self, folder, selected->uidvalidity, error);
}

/* 25 commands in flight are what Exchange bears (more STATUS at a time drew BAD answers). */
#define STATUS_AT_ONCE 20

/* Right after a comparison the number of unseen messages is not known (G_MAXUINT32), and on some
 * servers not what the next UID will be (0). */
static gboolean
differs (const PinionImapStatus *known,
         const PinionImapStatus *now)
{
  return known->messages != now->messages || known->uidvalidity != now->uidvalidity
         || (known->uidnext != 0 && known->uidnext != now->uidnext)
         || (known->unseen != G_MAXUINT32 && known->unseen != now->unseen)
         || (known->highestmodseq != 0 && now->highestmodseq != 0
             && known->highestmodseq != now->highestmodseq);
}

/* Called for each folder that answered. */
typedef void (*StatusFunc) (PinionSyncFolder       *folder,
                            const PinionImapStatus *status);

static gboolean
take_status (PinionSyncFolder *folder,
             DexFuture        *future,
             StatusFunc        func,
             GError          **error)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (PinionImapStatus) status = pinion_await_boxed (future, &refused);

  if (status != NULL)
    func (folder, status);
  else if (pinion_error_is_temporary (refused))
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  return TRUE;
}

/* STATUS of all folders but the selected one (RFC 3501, 6.3.10), as many at once as is safe. */
static gboolean
ask_statuses (PinionSync *self,
              StatusFunc  func,
              GError    **error)
{
  for (guint first = 0; first < self->folders->len; first += STATUS_AT_ONCE)
    {
      DexFuture *asked[STATUS_AT_ONCE] = { NULL };
      guint n = MIN (STATUS_AT_ONCE, self->folders->len - first);
      gboolean alive = TRUE;

      for (guint i = 0; i < n; i++)
        {
          PinionSyncFolder *folder = g_ptr_array_index (self->folders, first + i);
          g_autofree char *raw_name = dup_raw_name (folder);

          if (!is_open (self, raw_name))
            asked[i] = pinion_imap_connection_status (self->connection, raw_name);
        }

      for (guint i = 0; i < n; i++)
        {
          PinionSyncFolder *folder = g_ptr_array_index (self->folders, first + i);

          if (asked[i] != NULL && alive)
            alive = take_status (folder, asked[i], func, error);
          else
            dex_clear (&asked[i]);
        }

      if (!alive)
        return FALSE;
    }

  return TRUE;
}

static void
note_polled (PinionSyncFolder       *folder,
             const PinionImapStatus *status)
{
  if (differs (&folder->status, status))
    folder->compare = PINION_COMPARE_ALL;
  folder->status = *status;
}

/* From now on until all folders are compared that need it. */
static void
begin_round (PinionSync *self)
{
  self->asked_all = TRUE;
  self->comparing_since = 0;
}

gboolean
pinion_sync_poll_folders (PinionSync *self,
                          GError    **error)
{
  begin_round (self);

  return ask_statuses (self, note_polled, error);
}

/* A count of changes that is the same is proof: nothing came, went or got another flag.  What was kept
 * is only kept when all of it was here. */
static gboolean
is_unchanged (const PinionSyncFolder *folder)
{
  const PinionStoreUidState *kept = &folder->uids;
  const PinionImapStatus *now = &folder->listed;

  return now->highestmodseq != 0 && now->highestmodseq == kept->highestmodseq
         && now->uidvalidity == kept->uidvalidity && now->messages == kept->server_total
         && now->uidnext != 0 && now->uidnext == kept->uidnext;
}

static void
note_again (PinionSyncFolder       *folder,
            const PinionImapStatus *status)
{
  folder->listed = *status;
}

static gboolean
are_listed (PinionSync *self)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      if (folder->listed.uidvalidity == 0)
        return FALSE;
    }

  return TRUE;
}

static void
mark_folder (PinionSync       *self,
             PinionSyncFolder *folder)
{
  if (is_unchanged (folder) && pinion_sync_covers_range (self, folder))
    {
      folder->compare = PINION_COMPARE_NOTHING;
      folder->status = folder->listed;
    }
  else
    {
      folder->compare = PINION_COMPARE_ALL;
    }

  folder->expected = folder->listed.messages;
  folder->listed = (PinionImapStatus){ 0 };
}

/* What is here without having been seen there has to be looked for. */
static DexFuture *
mark_unsettled (PinionStoreSession *session,
                gpointer            data)
{
  PinionSync *self = data;

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->compare == PINION_COMPARE_NOTHING
          && pinion_store_placements_are_unsettled (session, folder->folder->id))
        folder->compare = PINION_COMPARE_ALL;
    }

  return dex_future_new_true ();
}

gboolean
pinion_sync_mark_all (PinionSync *self,
                      GError    **error)
{
  begin_round (self);
  pinion_sync_dates_forget (self);
  if (pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_CONDSTORE)
      && !are_listed (self) && !ask_statuses (self, note_again, error))
    return FALSE;

  for (guint i = 0; i < self->folders->len; i++)
    mark_folder (self, g_ptr_array_index (self->folders, i));

  return pinion_sync_read (self, mark_unsettled, self, error);
}

PinionSyncFolder *
pinion_sync_find_folder (PinionSync *self,
                         gint64      id)
{
  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      if (folder->folder->id == id)
        return folder;
    }

  return NULL;
}

PinionSyncFolder *
pinion_sync_find_role (PinionSync      *self,
                       PinionFolderRole role)
{
  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      if (folder->folder->role == role)
        return folder;
    }

  return NULL;
}

static PinionSyncFolder *
find_selected (PinionSync *self)
{
  for (guint i = 0; self->folders != NULL && i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);
      g_autofree char *raw_name = dup_raw_name (folder);

      if (is_open (self, raw_name))
        return folder;
    }

  return NULL;
}

typedef struct
{
  gint64 folder;
  GArray *changes;
} FlagChanges;

static DexFuture *
store_flag_changes (PinionStoreSession *session,
                    gpointer            data)
{
  FlagChanges *flags = data;

  pinion_store_flags_changed (session, flags->folder,
                              (PinionStoreFlagChange *) flags->changes->data, flags->changes->len);

  return dex_future_new_true ();
}

gboolean
pinion_sync_apply_changes (PinionSync *self,
                           GError    **error)
{
  g_autoptr (GArray) changes = pinion_imap_connection_take_changes (self->connection);
  PinionSyncFolder *folder = changes->len > 0 ? find_selected (self) : NULL;
  g_autoptr (GArray) flags = g_array_new (FALSE, FALSE, sizeof (PinionStoreFlagChange));

  if (folder == NULL)
    return TRUE;

  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);

      if (change->kind == PINION_IMAP_CHANGE_EXISTS)
        folder->compare = MAX (folder->compare, PINION_COMPARE_NEW);
      else if (change->kind == PINION_IMAP_CHANGE_FLAGS && change->uid != 0)
        {
          PinionStoreFlagChange flag = { change->uid, pinion_sync_flags_to_store (change->flags) };
          g_array_append_val (flags, flag);
        }
      else
        folder->compare = PINION_COMPARE_ALL;
    }

  if (flags->len == 0)
    return TRUE;

  FlagChanges flag_changes = { folder->folder->id, flags };
  return pinion_sync_write (self, store_flag_changes, &flag_changes, error);
}
