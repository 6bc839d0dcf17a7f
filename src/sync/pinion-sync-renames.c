/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folders that another program renamed, or the server did when the mailbox changed its language
 * ("Sent Items" became "Gesendete Elemente").  LIST knows nothing but names.  One that is gone and one
 * that is new are the same folder if they count alike (RFC 3501, 2.3.1.1) and the same messages lie
 * under the same UIDs; then nothing has to be fetched again, and what is pending goes along. */

#include "pinion-sync-private.h"

#include "pinion-mime-message.h"
#include "pinion-store-keys.h"
#include "pinion-store-view.h"

#include <string.h>

/* Of which messages the Message-ID is compared, and how many new folders are looked at. */
#define SAMPLE 5
#define MOST_NEW 200

/* 25 commands in flight are what Exchange bears. */
#define STATUS_AT_ONCE 20

/* A known folder that is not listed any more.  @uids, @ids: some of its messages, and their
 * Message-IDs.  @name: what it is called now. */
typedef struct
{
  PinionStoreFolder *folder;
  PinionUidSet *uids;
  GHashTable *ids;
  GBytes *name;
} Gone;

typedef struct
{
  const PinionImapMailbox *mailbox;
  PinionImapStatus status;
  gboolean taken;
} Fresh;

typedef struct
{
  PinionSync *sync;
  GPtrArray *mailboxes;
  GPtrArray *gone;
  GArray *fresh;
} Renames;

static void
gone_free (Gone *gone)
{
  pinion_store_folder_unref (gone->folder);
  pinion_uid_set_unref (gone->uids);
  g_hash_table_unref (gone->ids);
  g_clear_pointer (&gone->name, g_bytes_unref);
  g_free (gone);
}

/* -- What is gone, and what is new ---------------------------------------------------------- */

static Gone *
gone_new (PinionStoreSession *session,
          PinionStoreFolder  *folder)
{
  Gone *gone = g_new0 (Gone, 1);
  g_autoptr (GArray) placements = pinion_store_placements_list (session, folder->id);

  gone->folder = pinion_store_folder_ref (folder);
  gone->uids = pinion_uid_set_new ();
  gone->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint i = placements->len; i > 0 && g_hash_table_size (gone->ids) < SAMPLE; i--)
    {
      const PinionStorePlacement *placement
          = &g_array_index (placements, PinionStorePlacement, i - 1);
      PinionStoreMessage *message = pinion_store_message_get (session, placement->message_id);

      if (message != NULL && message->message_id_header != NULL)
        {
          pinion_uid_set_add (gone->uids, placement->uid);
          g_hash_table_insert (gone->ids, GUINT_TO_POINTER (placement->uid),
                               g_strdup (message->message_id_header));
        }
      g_clear_pointer (&message, pinion_store_message_unref);
    }

  return gone;
}

static gboolean
is_selectable (const PinionImapMailbox *mailbox)
{
  return (mailbox->flags & (PINION_IMAP_MAILBOX_NOSELECT | PINION_IMAP_MAILBOX_NONEXISTENT)) == 0;
}

static DexFuture *
find_changed (PinionStoreSession *session,
              gpointer            data)
{
  Renames *renames = data;
  g_autoptr (GPtrArray) known
      = pinion_store_folders_list (session, renames->sync->account->id);
  g_autoptr (GHashTable) names
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; i < known->len; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (known, i);
      g_hash_table_insert (names, g_bytes_ref (folder->raw_name), folder);
    }

  for (guint i = 0; i < renames->mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (renames->mailboxes, i);
      g_autoptr (GBytes) name = g_bytes_new (mailbox->raw_name, strlen (mailbox->raw_name));
      Fresh fresh = { .mailbox = mailbox };

      if (!g_hash_table_remove (names, name) && is_selectable (mailbox)
          && renames->fresh->len < MOST_NEW)
        g_array_append_val (renames->fresh, fresh);
    }

  for (guint i = 0; i < known->len && renames->fresh->len > 0; i++)
    {
      PinionStoreFolder *folder = g_ptr_array_index (known, i);

      if (folder->uids.uidvalidity != 0 && g_hash_table_contains (names, folder->raw_name))
        g_ptr_array_add (renames->gone, gone_new (session, folder));
    }

  return dex_future_new_true ();
}

/* -- How the new ones count ----------------------------------------------------------------- */

static gboolean
ask_status (Renames *renames,
            GError **error)
{
  PinionSync *self = renames->sync;
  gboolean alive = TRUE;

  for (guint first = 0; first < renames->fresh->len && alive; first += STATUS_AT_ONCE)
    {
      DexFuture *asked[STATUS_AT_ONCE] = { NULL };
      guint n = MIN (STATUS_AT_ONCE, renames->fresh->len - first);

      for (guint i = 0; i < n; i++)
        asked[i] = pinion_imap_connection_status (
            self->connection, g_array_index (renames->fresh, Fresh, first + i).mailbox->raw_name);

      for (guint i = 0; i < n; i++)
        {
          g_autoptr (GError) refused = NULL;
          g_autoptr (PinionImapStatus) status = dex_await_boxed (asked[i], &refused);

          if (status != NULL)
            g_array_index (renames->fresh, Fresh, first + i).status = *status;
          else if (alive && pinion_sync_is_fatal (self, refused))
            {
              alive = FALSE;
              g_propagate_error (error, g_steal_pointer (&refused));
            }
        }
    }

  return alive;
}

/* -- Whether the messages are the same ------------------------------------------------------ */

typedef struct
{
  GPtrArray *messages;
  const Gone *gone;
  gboolean same;
} Look;

/* On the parser's thread.  All that lie there have to be the same, and one at least. */
static DexFuture *
compare_ids (gpointer data)
{
  Look *look = data;

  look->same = look->messages->len > 0;
  for (guint i = 0; i < look->messages->len && look->same; i++)
    {
      const PinionImapMessage *message = g_ptr_array_index (look->messages, i);
      g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
      g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_headers (
          message->header != NULL ? message->header : none);
      g_autofree char *id = pinion_store_normalise_id (mime->message_id);

      look->same = id != NULL
                   && g_strcmp0 (id, g_hash_table_lookup (look->gone->ids,
                                                          GUINT_TO_POINTER (message->uid)))
                          == 0;
    }

  return dex_future_new_true ();
}

static gboolean
look_inside (PinionSync *self,
             const Gone *gone,
             const char *raw_name,
             gboolean   *same,
             GError    **error)
{
  g_autoptr (PinionImapSelected) selected
      = dex_await_boxed (pinion_imap_connection_select (self->connection, raw_name, FALSE), error);
  if (selected == NULL)
    return FALSE;

  g_autoptr (GPtrArray) messages = dex_await_boxed (
      pinion_imap_connection_fetch_headers (self->connection, gone->uids, "Message-ID"), error);
  if (messages == NULL)
    return FALSE;

  Look look = { messages, gone, FALSE };
  if (!dex_await (pinion_worker_run (self->parser, compare_ids, &look, NULL), error))
    return FALSE;

  *same = look.same;
  return TRUE;
}

static gboolean
counts_alike (const Gone  *gone,
              const Fresh *fresh)
{
  return !fresh->taken && fresh->status.uidvalidity == gone->folder->uids.uidvalidity
         && fresh->status.messages > 0;
}

/* A folder with nothing to tell it by is not followed. */
static gboolean
find_again (Renames *renames,
            Gone    *gone,
            GError **error)
{
  for (guint i = 0; i < renames->fresh->len && g_hash_table_size (gone->ids) > 0; i++)
    {
      Fresh *fresh = &g_array_index (renames->fresh, Fresh, i);
      g_autoptr (GError) refused = NULL;

      if (!counts_alike (gone, fresh))
        continue;

      const char *raw_name = fresh->mailbox->raw_name;
      if (!look_inside (renames->sync, gone, raw_name, &fresh->taken, &refused)
          && pinion_sync_is_fatal (renames->sync, refused))
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return FALSE;
        }
      if (fresh->taken)
        {
          gone->name = g_bytes_new (raw_name, strlen (raw_name));
          return TRUE;
        }
    }

  return TRUE;
}

/* -- All of it ------------------------------------------------------------------------------ */

static DexFuture *
store_names (PinionStoreSession *session,
             gpointer            data)
{
  Renames *renames = data;

  for (guint i = 0; i < renames->gone->len; i++)
    {
      const Gone *gone = g_ptr_array_index (renames->gone, i);

      if (gone->name != NULL)
        pinion_store_folder_follow (session, gone->folder->id, gone->name);
    }

  return dex_future_new_true ();
}

static gboolean
follow (Renames *renames,
        GError **error)
{
  if (!pinion_sync_read (renames->sync, find_changed, renames, error))
    return FALSE;
  if (renames->gone->len == 0 || renames->fresh->len == 0)
    return TRUE;

  if (!ask_status (renames, error))
    return FALSE;
  for (guint i = 0; i < renames->gone->len; i++)
    {
      if (!find_again (renames, g_ptr_array_index (renames->gone, i), error))
        return FALSE;
    }

  return pinion_sync_write (renames->sync, store_names, renames, error);
}

gboolean
pinion_sync_follow_renames (PinionSync *self,
                            GPtrArray  *mailboxes,
                            GError    **error)
{
  Renames renames = { .sync = self, .mailboxes = mailboxes };

  renames.gone = g_ptr_array_new_with_free_func ((GDestroyNotify) gone_free);
  renames.fresh = g_array_new (FALSE, TRUE, sizeof (Fresh));
  gboolean done = follow (&renames, error);
  g_ptr_array_unref (renames.gone);
  g_array_unref (renames.fresh);

  return done;
}
