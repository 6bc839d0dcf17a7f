/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folders that another client renamed: the same mail under another name.  A folder that is listed no
 * more is taken for a new one when UIDVALIDITY is the same and the UIDs that are known mean the same
 * messages there (Exchange counts many folders from one UIDVALIDITY, so that alone proves nothing);
 * an empty one when its name is alike, too; and one with a role when the new one has that role
 * (Exchange's default folders change their names with the language). */

#include "pinion-sync-private.h"
#include "pinion-sync-roles.h"

#include "pinion-fiber.h"
#include "pinion-store-doctor.h"

#include <string.h>

/* How many messages are compared, and how many new folders are looked at. */
#define SAMPLE 20
#define MOST_NEW 200

typedef struct
{
  PinionSync *sync;
  GPtrArray *folders;
  GPtrArray *mailboxes;
  GArray *kinds;
  gint64 *was;

  gint64 looked_up;
  GArray *witnesses;
  gboolean opened;
} Search;

static DexFuture *
read_folders (PinionStoreSession *session,
              gpointer            data)
{
  Search *search = data;

  search->folders = pinion_store_folders_list_all (session, search->sync->account->id);

  return dex_future_new_true ();
}

static DexFuture *
read_witnesses (PinionStoreSession *session,
                gpointer            data)
{
  Search *search = data;

  g_clear_pointer (&search->witnesses, g_array_unref);
  search->witnesses = pinion_store_witnesses_list (session, search->looked_up);

  return dex_future_new_true ();
}

static gboolean
is_named (const PinionStoreFolder *folder,
          const char              *raw_name)
{
  gsize length;
  const char *name = g_bytes_get_data (folder->raw_name, &length);

  return length == strlen (raw_name) && memcmp (name, raw_name, length) == 0;
}

/* Drops from the folders those that are listed, and marks the new names (-1) among the mailboxes. */
static guint
find_new (Search *search)
{
  guint n_new = 0;

  for (guint i = search->folders->len; i > 0; i--)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (search->folders, i - 1);

      if (folder->local)
        g_ptr_array_remove_index (search->folders, i - 1);
    }

  for (guint i = 0; i < search->mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (search->mailboxes, i);
      gboolean known = FALSE;

      for (guint j = 0; j < search->folders->len && !known; j++)
        {
          known = is_named (g_ptr_array_index (search->folders, j), mailbox->raw_name);
          if (known)
            g_ptr_array_remove_index_fast (search->folders, j);
        }
      search->was[i] = known ? 0 : -1;
      n_new += !known;
    }

  return n_new;
}

static const char *
last_level (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

/* The same place or the same last level. */
static gboolean
is_alike (const char *a,
          const char *b)
{
  gsize above_a = (gsize) (last_level (a) - a);
  gsize above_b = (gsize) (last_level (b) - b);

  return strcmp (last_level (a), last_level (b)) == 0
         || (above_a == above_b && strncmp (a, b, above_a) == 0);
}

static gboolean
means_the_same (Search     *search,
                const char *raw_name,
                gboolean   *same,
                GError    **error)
{
  PinionSync *self = search->sync;
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  guint n = MIN (search->witnesses->len, SAMPLE);
  guint matching = 0;
  g_autoptr (PinionImapSelected) selected = pinion_await_boxed (
      pinion_imap_connection_select (self->connection, raw_name, TRUE), error);

  *same = FALSE;
  search->opened = TRUE;
  if (selected == NULL)
    return FALSE;

  for (guint i = search->witnesses->len - n; i < search->witnesses->len; i++)
    pinion_uid_set_add (uids, g_array_index (search->witnesses, PinionStoreWitness, i).uid);

  g_autoptr (GHashTable) ids = pinion_sync_fetch_ids (self, uids, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = search->witnesses->len - n; i < search->witnesses->len; i++)
    {
      const PinionStoreWitness *witness = &g_array_index (search->witnesses, PinionStoreWitness, i);
      const char *there = g_hash_table_lookup (ids, GUINT_TO_POINTER (witness->uid));

      if (there == NULL)
        continue;
      if (strcmp (there, witness->message_id_header != NULL ? witness->message_id_header : "") != 0)
        return TRUE;
      matching++;
    }

  *same = matching > 0;
  return TRUE;
}

/* Whether @folder is the mailbox now. */
static gboolean
compare (Search                  *search,
         const PinionStoreFolder *folder,
         const PinionImapMailbox *mailbox,
         const PinionImapStatus  *status,
         gboolean                *same,
         GError                 **error)
{
  *same = FALSE;
  if (!folder->selectable || folder->uids.uidvalidity == 0
      || folder->uids.uidvalidity != status->uidvalidity
      || (status->uidnext > 0 && folder->uids.uidnext > status->uidnext))
    return TRUE;

  search->looked_up = folder->id;
  if (!pinion_sync_read (search->sync, read_witnesses, search, error))
    return FALSE;

  if (search->witnesses->len > 0)
    return means_the_same (search, mailbox->raw_name, same, error);

  *same = folder->uids.uidnext == status->uidnext && is_alike (folder->path, mailbox->path);
  return TRUE;
}

/* A refusal concerns this one mailbox only. */
static gboolean
find_former (Search *search,
             guint   index,
             GError **error)
{
  const PinionImapMailbox *mailbox = g_ptr_array_index (search->mailboxes, index);
  g_autoptr (GError) refused = NULL;
  g_autoptr (PinionImapStatus) status = pinion_await_boxed (
      pinion_imap_connection_status (search->sync->connection, mailbox->raw_name), &refused);
  gboolean same = FALSE;

  for (guint i = 0; status != NULL && i < search->folders->len && !same; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (search->folders, i);

      if (!compare (search, folder, mailbox, status, &same, &refused))
        break;
      if (same)
        {
          search->was[index] = folder->id;
          g_ptr_array_remove_index_fast (search->folders, i);
        }
    }

  if (refused == NULL || !pinion_sync_is_fatal (search->sync, refused))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

static void
match_roles (Search *search)
{
  for (guint i = 0; i < search->mailboxes->len; i++)
    {
      PinionFolderRole role
          = pinion_sync_role_of_kind (g_array_index (search->kinds, PinionFolderKind, i));

      for (guint j = 0;
           role != PINION_FOLDER_ROLE_NONE && search->was[i] < 0 && j < search->folders->len; j++)
        {
          const PinionStoreFolder *folder = g_ptr_array_index (search->folders, j);

          if (folder->role == role)
            {
              search->was[i] = folder->id;
              g_ptr_array_remove_index_fast (search->folders, j);
            }
        }
    }
}

static gboolean
find_all (Search  *search,
          GError **error)
{
  guint n_looked_at = 0;

  if (!pinion_sync_read (search->sync, read_folders, search, error))
    return FALSE;
  if (find_new (search) == 0 || search->folders->len == 0)
    return TRUE;

  for (guint i = 0; i < search->mailboxes->len && search->folders->len > 0; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (search->mailboxes, i);
      gboolean closed = (mailbox->flags
                         & (PINION_IMAP_MAILBOX_NOSELECT | PINION_IMAP_MAILBOX_NONEXISTENT))
                        != 0;

      if (search->was[i] < 0 && !closed && n_looked_at++ < MOST_NEW
          && !find_former (search, i, error))
        return FALSE;
    }
  match_roles (search);

  /* It was opened for reading only, which nobody else wants. */
  return !search->opened
         || pinion_await (pinion_imap_connection_unselect (search->sync->connection), error);
}

gint64 *
pinion_sync_find_renames (PinionSync *self,
                          GPtrArray  *mailboxes,
                          GArray     *kinds,
                          GError    **error)
{
  g_autofree gint64 *was = g_new0 (gint64, MAX (mailboxes->len, 1));
  Search search = { .sync = self, .mailboxes = mailboxes, .kinds = kinds, .was = was };
  gboolean done = find_all (&search, error);

  g_clear_pointer (&search.folders, g_ptr_array_unref);
  g_clear_pointer (&search.witnesses, g_array_unref);
  for (guint i = 0; i < mailboxes->len; i++)
    was[i] = MAX (was[i], 0);

  return done ? g_steal_pointer (&was) : NULL;
}
