/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Operations on folders, made true on the server (RFC 3501 6.3.3 to 6.3.5).
 *
 * LIST is the proof: what was refused or whose outcome is unknown is looked up there, and the store
 * settles the operation when the list shows that it came true.  A folder is deleted only when it was
 * seen to be empty and to have none below it, since Exchange's DELETE takes both along.  What is known
 * to lie in it goes by operations of its own, and so does what came since it was last compared. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* So often a label that is deleted is compared for what came into it meanwhile. */
#define MOST_LOOKS 6

typedef struct
{
  PinionSync *sync;
  gint64 id;
  PinionStoreFolder *folder;
} Lookup;

static DexFuture *
read_folder (PinionStoreSession *session,
             gpointer            data)
{
  Lookup *lookup = data;

  lookup->folder = pinion_store_folder_get (session, lookup->id);

  return dex_future_new_true ();
}

static char *
dup_name (GBytes *name)
{
  gsize length;
  const char *data = g_bytes_get_data (name, &length);

  return g_strndup (data, length);
}

/* The folder's name on the server; %NULL: it is not there any more. */
static char *
find_name (PinionSync *self,
           gint64      folder,
           char       *delimiter,
           GError    **error)
{
  Lookup lookup = { .sync = self, .id = folder };

  if (!pinion_sync_read (self, read_folder, &lookup, error))
    return NULL;
  if (lookup.folder == NULL)
    {
      pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                        "the folder is gone from the server");
      return NULL;
    }

  char *name = dup_name (lookup.folder->raw_name);
  if (delimiter != NULL)
    *delimiter = lookup.folder->delimiter;
  pinion_store_folder_unref (lookup.folder);
  return name;
}

/* What is selected must not be pulled away from under the connection. */
static gboolean
leave (PinionSync *self,
       GError    **error)
{
  return pinion_imap_connection_get_selected (self->connection) == NULL
         || (pinion_sync_apply_changes (self, error)
             && pinion_await (pinion_imap_connection_unselect (self->connection), error));
}

static gboolean
run_create (PinionSync                 *self,
            const PinionStoreOperation *operation,
            GError                    **error)
{
  g_autofree char *name = dup_name (operation->name);

  return pinion_await (pinion_imap_connection_create (self->connection, name), error);
}

static gboolean
run_rename (PinionSync                 *self,
            const PinionStoreOperation *operation,
            GError                    **error)
{
  g_autofree char *from = find_name (self, operation->from_folder, NULL, error);
  g_autofree char *to = dup_name (operation->name);

  if (from == NULL)
    return FALSE;
  if (strcmp (from, to) == 0)
    return TRUE;

  return leave (self, error)
         && pinion_await (pinion_imap_connection_rename (self->connection, from, to), error);
}

/* -- Deleting ------------------------------------------------------------------------------- */

static gboolean
has_children (PinionSync *self,
              const char *name,
              char        delimiter,
              gboolean   *some,
              GError    **error)
{
  g_autofree char *below = g_strdup_printf ("%s%c", name, delimiter);
  g_autoptr (GPtrArray) mailboxes
      = pinion_await_boxed (pinion_imap_connection_list (self->connection), error);

  *some = FALSE;
  for (guint i = 0; mailboxes != NULL && delimiter != 0 && i < mailboxes->len && !*some; i++)
    *some = g_str_has_prefix (((const PinionImapMailbox *) g_ptr_array_index (mailboxes, i))
                                  ->raw_name,
                              below);

  return mailboxes != NULL;
}

static PinionUidSet *
make_set (GArray *flags)
{
  PinionUidSet *uids = pinion_uid_set_new ();

  for (guint i = 0; i < flags->len; i++)
    pinion_uid_set_add (uids, g_array_index (flags, PinionImapUidFlags, i).uid);

  return uids;
}

/* Copies what COPYUID proves, or what the target's count proves, and only then removes it. */
static gboolean
move_by_copy (PinionSync       *self,
              PinionSyncFolder *target,
              PinionUidSet     *uids,
              GError          **error)
{
  g_autofree char *to = dup_name (target->folder->raw_name);
  g_autoptr (PinionImapStatus) before
      = pinion_await_boxed (pinion_imap_connection_status (self->connection, to), error);
  if (before == NULL)
    return FALSE;

  g_autoptr (PinionImapCopied) copied
      = pinion_await_boxed (pinion_imap_connection_copy (self->connection, uids, to), error);
  if (copied == NULL)
    return FALSE;

  g_autoptr (PinionImapStatus) after
      = pinion_await_boxed (pinion_imap_connection_status (self->connection, to), error);
  if (after == NULL)
    return FALSE;

  guint64 n = pinion_uid_set_get_size (uids);
  if (copied->source->len != n
      && (after->uidvalidity != before->uidvalidity || after->messages < before->messages + n))
    return pinion_error_set (error, PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                             "not every message was copied");

  return pinion_await (pinion_imap_connection_store (self->connection, uids, TRUE,
                                                     PINION_IMAP_FLAG_DELETED),
                       error)
         && pinion_await (pinion_imap_connection_expunge (self->connection, uids), error);
}

/* Whether some of @uids have come since the folder was last compared.  What they are has to be known first:
 * a message that lies where the rest goes, too, or in another label that is deleted, would be there twice.
 * Where there is always more, it goes unseen. */
static gboolean
have_come (PinionSync                 *self,
           const PinionStoreOperation *operation,
           GArray                     *uids)
{
  PinionSyncFolder *folder = pinion_sync_find_folder (self, operation->from_folder);
  gboolean some = FALSE;

  if (folder == NULL || operation->tries >= MOST_LOOKS)
    return FALSE;

  for (guint i = 0; i < uids->len && !some; i++)
    some = g_array_index (uids, PinionImapUidFlags, i).uid >= folder->uids.uidnext;
  if (some)
    folder->compare = MAX (folder->compare, PINION_COMPARE_NEW);

  return some;
}

/* What nobody here knows of: outside the history range, or come at the last moment. */
static gboolean
move_rest (PinionSync                 *self,
           const PinionStoreOperation *operation,
           PinionUidSet               *uids,
           GError                    **error)
{
  PinionSyncFolder *target = pinion_sync_find_folder (self, operation->to_folder);

  if (target == NULL)
    return pinion_error_set (error, PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                             "there is mail left in it and nowhere to put it");

  target->compare = PINION_COMPARE_ALL;
  if (!pinion_imap_connection_has (self->connection, PINION_IMAP_CAPABILITY_MOVE))
    return move_by_copy (self, target, uids, error);

  g_autofree char *to = dup_name (target->folder->raw_name);
  g_autoptr (PinionImapCopied) moved
      = pinion_await_boxed (pinion_imap_connection_move (self->connection, uids, to), error);
  return moved != NULL;
}

/* Opened anew, so that what came while it was closed is seen.  @later: (out) it has to be compared
 * first. */
static gboolean
empty_out (PinionSync                 *self,
           const PinionStoreOperation *operation,
           const char                 *name,
           gboolean                   *later,
           GError                    **error)
{
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (PinionImapSelected) selected = pinion_await_boxed (
          pinion_imap_connection_select (self->connection, name, FALSE), error);
      if (selected == NULL)
        return FALSE;
      if (selected->exists == 0)
        return TRUE;

      g_autoptr (GArray) left
          = pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, all), error);
      if (left == NULL)
        return FALSE;

      *later = have_come (self, operation, left);
      if (*later)
        return TRUE;

      g_autoptr (PinionUidSet) uids = make_set (left);
      if ((left->len > 0 && !move_rest (self, operation, uids, error)) || !leave (self, error))
        return FALSE;
    }

  return pinion_error_set (error, PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "it does not become empty");
}

static gboolean
is_selectable (PinionSync *self,
               gint64      folder)
{
  return pinion_sync_find_folder (self, folder) != NULL;
}

static gboolean
run_delete (PinionSync                 *self,
            const PinionStoreOperation *operation,
            gboolean                   *later,
            GError                    **error)
{
  char delimiter = 0;
  g_autofree char *name = find_name (self, operation->from_folder, &delimiter, error);
  gboolean children;

  if (name == NULL || !leave (self, error)
      || !has_children (self, name, delimiter, &children, error))
    return FALSE;
  if (children)
    return pinion_error_set (error, PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                             "there are labels in it");

  if (is_selectable (self, operation->from_folder)
      && (!empty_out (self, operation, name, later, error) || !leave (self, error)))
    return FALSE;

  return *later || pinion_await (pinion_imap_connection_delete (self->connection, name), error);
}

static gboolean
run (PinionSync                 *self,
     const PinionStoreOperation *operation,
     gboolean                   *later,
     GError                    **error)
{
  switch (operation->kind)
    {
    case PINION_STORE_OPERATION_CREATE_FOLDER:
      return run_create (self, operation, error);
    case PINION_STORE_OPERATION_RENAME_FOLDER:
      return run_rename (self, operation, error);
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      return run_delete (self, operation, later, error);
    case PINION_STORE_OPERATION_FLAG:
    case PINION_STORE_OPERATION_COPY:
    case PINION_STORE_OPERATION_MOVE:
    case PINION_STORE_OPERATION_REMOVE:
    case PINION_STORE_OPERATION_DELETE:
    case PINION_STORE_OPERATION_APPEND:
    default:
      return pinion_error_set (error, PINION_ERROR_INTERNAL, PINION_PROTOCOL_IMAP,
                               PINION_STAGE_NONE, "not an operation on a folder");
    }
}

gboolean
pinion_sync_run_folder_operation (PinionSync                 *self,
                                  const PinionStoreOperation *operation,
                                  gboolean                   *later,
                                  GError                    **error)
{
  g_autoptr (GError) refused = NULL;

  *later = FALSE;
  if (run (self, operation, later, &refused))
    return TRUE;

  /* It may have come true all the same: then the list settles it, before it is given up. */
  if (!pinion_sync_is_fatal (self, refused))
    pinion_sync_list_folders (self, NULL);
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}
