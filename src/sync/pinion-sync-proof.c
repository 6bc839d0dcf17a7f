/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies that are looked for, and removals of exact UIDs: what replaying the journal leans on. */

#define G_LOG_DOMAIN "pinion-sync"

#include "pinion-sync-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* Of so many messages of one Message-ID the sizes are looked at. */
#define MOST_FOUND 200

/* Returns: (nullable) */
static PinionImapSearch *
make_search (const char *message_id)
{
  PinionImapSearch *search = pinion_imap_search_new ();

  if (message_id != NULL && *message_id != '\0'
      && pinion_imap_search_add_header (search, "Message-ID", message_id))
    {
      pinion_imap_search_add_undeleted (search);
      return search;
    }

  pinion_imap_search_free (search);
  return NULL;
}

static gboolean
can_find (const char *message_id)
{
  PinionImapSearch *search = make_search (message_id);

  gboolean can = search != NULL;

  g_clear_pointer (&search, pinion_imap_search_free);
  return can;
}

static gboolean
is_being_compared (const PinionSyncFolder *folder)
{
  return folder->compare != PINION_COMPARE_NOTHING || folder->next < folder->missing->len
         || folder->ahead.length > 0;
}

gboolean
pinion_sync_needs_comparison (PinionSync                 *self,
                              const PinionStoreOperation *operation)
{
  PinionSyncFolder *source = pinion_sync_find_folder (self, operation->from_folder);
  PinionSyncFolder *target = pinion_sync_find_folder (self, operation->to_folder);

  if (operation->kind == PINION_STORE_OPERATION_DELETE_FOLDER)
    return source != NULL && is_being_compared (source);

  if (!operation->uncertain || operation->to_uid != 0 || target == NULL
      || (operation->kind != PINION_STORE_OPERATION_COPY
          && operation->kind != PINION_STORE_OPERATION_MOVE
          && !pinion_store_operation_is_import (operation->kind, operation->group_id))
      || can_find (operation->message_id_header))
    return FALSE;

  if (!target->proving)
    {
      target->proving = TRUE;
      target->compare = PINION_COMPARE_ALL;
    }

  return is_being_compared (target);
}

static gboolean
is_among (GArray *uids,
          guint32 uid)
{
  for (guint i = 0; i < uids->len; i++)
    {
      if (g_array_index (uids, guint32, i) == uid)
        return TRUE;
    }

  return FALSE;
}

/* What came into @folder since it was last compared, by its Message-IDs: a server may find what came
 * lately only later.  Adds to @found. */
static gboolean
find_among_new (PinionSync       *self,
                PinionSyncFolder *folder,
                const char       *message_id,
                GArray           *found,
                GError          **error)
{
  guint32 next = folder->uids.uidnext;
  GHashTableIter iter;
  gpointer key, there;

  if (next == 0)
    return TRUE;

  g_autoptr (PinionUidSet) uids = pinion_uid_set_new_range (next, PINION_UID_MAX);
  g_autoptr (GHashTable) ids = pinion_sync_fetch_ids (self, uids, error);
  if (ids == NULL)
    return FALSE;

  /* The last message comes, too, where none is new (RFC 3501, 6.4.8). */
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, &there))
    {
      guint32 uid = GPOINTER_TO_UINT (key);

      if (uid >= next && g_str_equal (there, message_id))
        g_array_append_val (found, uid);
    }

  return TRUE;
}

typedef struct
{
  gint64 operation;
  GArray *uids;
} OtherTexts;

static DexFuture *
list_other_texts (PinionStoreSession *session,
                  gpointer            data)
{
  OtherTexts *others = data;

  others->uids = pinion_store_operation_list_other_texts (session, others->operation);

  return dex_future_new_true ();
}

/* Leaves out of @found what is known to say something else. */
static gboolean
leave_out_others (PinionSync                 *self,
                  const PinionStoreOperation *operation,
                  GArray                     *found,
                  GError                    **error)
{
  OtherTexts others = { operation->id, NULL };

  if (found->len == 0)
    return TRUE;
  if (!pinion_sync_read (self, list_other_texts, &others, error))
    return FALSE;

  g_autoptr (GArray) uids = others.uids;
  for (guint i = found->len; i > 0; i--)
    {
      if (is_among (uids, g_array_index (found, guint32, i - 1)))
        g_array_remove_index (found, i - 1);
    }

  return TRUE;
}

gboolean
pinion_sync_fetch_sizes (PinionSync   *self,
                         PinionUidSet *uids,
                         GHashTable   *sizes,
                         GError      **error)
{
  g_autoptr (GPtrArray) fetched = pinion_await_boxed (
      pinion_imap_connection_fetch_headers (self->connection, uids, "Message-ID", 0), error);

  for (guint i = 0; fetched != NULL && i < fetched->len; i++)
    {
      const PinionImapMessage *message = g_ptr_array_index (fetched, i);
      guint64 size = message->size;

      g_hash_table_insert (sizes, GUINT_TO_POINTER (message->uid), g_memdup2 (&size, sizeof size));
    }

  return fetched != NULL;
}

/* The last one of @found; of @size, where that is not 0. */
static gboolean
choose (PinionSync *self,
        GArray     *found,
        guint64     size,
        guint32    *uid,
        GError    **error)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();
  guint first = found->len > MOST_FOUND ? found->len - MOST_FOUND : 0;

  for (guint i = first; i < found->len; i++)
    pinion_uid_set_add (uids, g_array_index (found, guint32, i));
  if (found->len > 0 && size != 0 && !pinion_sync_fetch_sizes (self, uids, sizes, error))
    return FALSE;

  for (guint i = first; i < found->len; i++)
    {
      guint32 one = g_array_index (found, guint32, i);
      const guint64 *its = g_hash_table_lookup (sizes, GUINT_TO_POINTER (one));

      if (size == 0 || (its != NULL && *its == size))
        *uid = MAX (*uid, one);
    }

  return TRUE;
}

gboolean
pinion_sync_find_copy (PinionSync                 *self,
                       PinionSyncFolder           *folder,
                       const PinionStoreOperation *operation,
                       guint64                     size,
                       guint32                    *uid,
                       gboolean                   *similar,
                       GError                    **error)
{
  PinionImapSearch *search = make_search (operation->message_id_header);

  *uid = 0;
  if (similar != NULL)
    *similar = FALSE;
  if (search == NULL)
    return TRUE;

  if (!pinion_sync_open_folder (self, folder, error))
    {
      pinion_imap_search_free (search);
      return FALSE;
    }

  g_autoptr (GArray) found
      = pinion_await_boxed (pinion_imap_connection_search (self->connection, search), error);
  if (found == NULL || !leave_out_others (self, operation, found, error))
    return FALSE;
  if (found->len == 0
      && (!find_among_new (self, folder, operation->message_id_header, found, error)
          || !leave_out_others (self, operation, found, error)))
    return FALSE;

  if (similar != NULL)
    *similar = found->len > 0;
  return choose (self, found, size, uid, error);
}

static gboolean
is_named (PinionSyncFolder *folder,
          const char       *raw_name)
{
  gsize length;
  const char *data = g_bytes_get_data (folder->folder->raw_name, &length);

  return strlen (raw_name) == length && memcmp (raw_name, data, length) == 0;
}

gboolean
pinion_sync_swallow_expunged (PinionSync *self,
                              guint       expected,
                              GError    **error)
{
  g_autoptr (GArray) changes = pinion_imap_connection_take_changes (self->connection);
  guint expunged = 0;
  gboolean other = FALSE;
  const PinionImapSelected *selected = pinion_imap_connection_get_selected (self->connection);

  for (guint i = 0; i < changes->len; i++)
    {
      const PinionImapChange *change = &g_array_index (changes, PinionImapChange, i);

      if (change->kind == PINION_IMAP_CHANGE_EXPUNGED)
        expunged++;
      else
        other = TRUE;
    }

  if ((!other && expunged <= expected) || selected == NULL)
    return TRUE;

  for (guint i = 0; i < self->folders->len; i++)
    {
      PinionSyncFolder *folder = g_ptr_array_index (self->folders, i);

      if (is_named (folder, selected->raw_name))
        folder->compare = PINION_COMPARE_ALL;
    }

  return TRUE;
}

const PinionImapUidFlags *
pinion_sync_find_listed (GArray *flags,
                         guint32 uid)
{
  for (guint i = 0; i < flags->len; i++)
    {
      const PinionImapUidFlags *one = &g_array_index (flags, PinionImapUidFlags, i);

      if (one->uid == uid)
        return one;
    }

  return NULL;
}

gboolean
pinion_sync_is_left (GArray *flags,
                     guint32 uid)
{
  const PinionImapUidFlags *found = pinion_sync_find_listed (flags, uid);

  return found != NULL && (found->flags & PINION_IMAP_FLAG_DELETED) == 0;
}

GArray *
pinion_sync_remove_uids (PinionSync   *self,
                         PinionUidSet *uids,
                         GError      **error)
{
  if (!pinion_await (pinion_imap_connection_store (self->connection, uids, TRUE,
                                                   PINION_IMAP_FLAG_DELETED),
                     error)
      || !pinion_await (pinion_imap_connection_expunge (self->connection, uids), error)
      || !pinion_sync_swallow_expunged (self, (guint) pinion_uid_set_get_size (uids), error))
    return NULL;

  return pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, uids), error);
}

typedef struct
{
  gint64 folder;
  GArray *flags;
} LastLook;

static DexFuture *
store_last_look (PinionStoreSession *session,
                 gpointer            data)
{
  LastLook *look = data;

  for (guint i = 0; i < look->flags->len; i++)
    {
      const PinionImapUidFlags *found = &g_array_index (look->flags, PinionImapUidFlags, i);
      PinionStoreFlagChange change = { found->uid, pinion_sync_flags_to_store (found->flags) };

      pinion_store_flags_changed (session, look->folder, &change, 1);
    }

  return dex_future_new_true ();
}

gboolean
pinion_sync_take_last_look (PinionSync   *self,
                            gint64        folder,
                            PinionUidSet *uids,
                            GError      **error)
{
  g_autoptr (GArray) flags
      = pinion_await_boxed (pinion_imap_connection_fetch_flags (self->connection, uids), error);
  LastLook look = { folder, flags };

  return flags != NULL && pinion_sync_write (self, store_last_look, &look, error);
}
