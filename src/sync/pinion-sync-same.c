/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether other settings lead to the same mailbox.  Host and user name say nothing: a server moves,
 * a mailbox is given another name, and another person's mailbox has an INBOX, too.  What is here is
 * a mirror of the mailbox where the folders have the same UIDVALIDITY and the UIDs mean the same
 * messages (RFC 3501, 2.3.1.1).  Exchange counts many mailboxes from one UIDVALIDITY, so that
 * messages have to be found. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-store-doctor.h"

#include <string.h>

/* How many folders are looked into, and how many messages in each. */
#define MOST_FOLDERS 12
#define SAMPLE 12

/* @proving: the folders whose messages are compared.  @known: how many messages with a Message-ID
 * were sampled; @found: how many of them were there; @counted: folders that count as they did. */
typedef struct
{
  PinionSync *sync;
  GPtrArray *folders;
  GPtrArray *mailboxes;

  PinionStoreFolder *folder;
  GArray *witnesses;
  guint known;
  guint found;
  guint counted;
} Proof;

static void
proof_clear (Proof *self)
{
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->mailboxes, g_ptr_array_unref);
  g_clear_pointer (&self->witnesses, g_array_unref);
}

static DexFuture *
read_folders (PinionStoreSession *session,
              gpointer            data)
{
  Proof *self = data;

  self->folders = pinion_store_folders_list_all (session, self->sync->account->id);

  return dex_future_new_true ();
}

static DexFuture *
read_witnesses (PinionStoreSession *session,
                gpointer            data)
{
  Proof *self = data;

  g_clear_pointer (&self->witnesses, g_array_unref);
  self->witnesses = pinion_store_witnesses_sample (session, self->folder->id, SAMPLE);

  return dex_future_new_true ();
}

/* The Inbox first, then the largest. */
static int
compare_folders (gconstpointer a,
                 gconstpointer b)
{
  const PinionStoreFolder *one = *(PinionStoreFolder *const *) a;
  const PinionStoreFolder *other = *(PinionStoreFolder *const *) b;
  gboolean one_first = one->role == PINION_FOLDER_ROLE_INBOX;
  gboolean other_first = other->role == PINION_FOLDER_ROLE_INBOX;

  if (one_first != other_first)
    return one_first ? -1 : 1;

  return one->total == other->total ? 0 : one->total > other->total ? -1 : 1;
}

static gboolean
refuse (GError    **error,
        const char *words)
{
  return pinion_error_set (error, PINION_ERROR_OTHER_MAILBOX, PINION_PROTOCOL_IMAP,
                           PINION_STAGE_OPEN, "%s", words);
}

/* Returns: (nullable) what the folder is called there. */
static const char *
find_mailbox (Proof *self)
{
  gsize length;
  const char *name = g_bytes_get_data (self->folder->raw_name, &length);

  for (guint i = 0; i < self->mailboxes->len; i++)
    {
      const PinionImapMailbox *mailbox = g_ptr_array_index (self->mailboxes, i);

      if ((mailbox->flags & (PINION_IMAP_MAILBOX_NOSELECT | PINION_IMAP_MAILBOX_NONEXISTENT)) == 0
          && length == strlen (mailbox->raw_name) && memcmp (name, mailbox->raw_name, length) == 0)
        return mailbox->raw_name;
    }

  return NULL;
}

static gboolean
compare_messages (Proof   *self,
                  GError **error)
{
  g_autoptr (PinionUidSet) uids = pinion_uid_set_new ();

  for (guint i = 0; i < self->witnesses->len; i++)
    pinion_uid_set_add (uids, g_array_index (self->witnesses, PinionStoreWitness, i).uid);
  if (self->witnesses->len == 0)
    return TRUE;

  g_autoptr (GHashTable) ids = pinion_sync_fetch_ids (self->sync, uids, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < self->witnesses->len; i++)
    {
      const PinionStoreWitness *witness = &g_array_index (self->witnesses, PinionStoreWitness, i);
      const char *there = g_hash_table_lookup (ids, GUINT_TO_POINTER (witness->uid));

      if (witness->message_id_header == NULL)
        continue;
      self->known++;
      if (there != NULL && strcmp (there, witness->message_id_header) != 0)
        return refuse (error, "a message is another one there");
      self->found += there != NULL;
    }

  return TRUE;
}

/* A folder that is not there, or cannot be opened, tells nothing. */
static gboolean
compare_folder (Proof   *self,
                GError **error)
{
  const char *raw_name = find_mailbox (self);
  g_autoptr (GError) refused = NULL;

  if (raw_name == NULL)
    return TRUE;

  g_autoptr (PinionImapSelected) selected = pinion_await_boxed (
      pinion_imap_connection_select (self->sync->connection, raw_name, TRUE), &refused);

  if (selected == NULL)
    {
      if (!pinion_sync_is_fatal (self->sync, refused))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }

  if (selected->uidvalidity != self->folder->uids.uidvalidity)
    return refuse (error, "a folder counts its messages from another UIDVALIDITY");

  self->counted++;
  return pinion_sync_read (self->sync, read_witnesses, self, error)
         && compare_messages (self, error);
}

static gboolean
prove (Proof   *self,
       GError **error)
{
  guint looked_at = 0;

  if (!pinion_sync_read (self->sync, read_folders, self, error))
    return FALSE;
  self->mailboxes
      = pinion_await_boxed (pinion_imap_connection_list (self->sync->connection), error);
  if (self->mailboxes == NULL)
    return FALSE;

  g_ptr_array_sort (self->folders, compare_folders);
  for (guint i = 0; i < self->folders->len && looked_at < MOST_FOLDERS; i++)
    {
      self->folder = g_ptr_array_index (self->folders, i);
      if (self->folder->local || !self->folder->selectable
          || self->folder->uids.uidvalidity == 0)
        continue;

      looked_at++;
      if (!compare_folder (self, error))
        return FALSE;
    }

  /* Nothing was ever fetched: there is nothing to mix up. */
  if (looked_at == 0)
    return TRUE;
  if (self->counted == 0)
    return refuse (error, "none of the folders is there");

  return self->known == 0 || self->found > 0 || refuse (error, "none of the messages is there");
}

static DexFuture *
prove_fiber (gpointer data)
{
  PinionSync *self = data;
  Proof proof = { .sync = self };
  GError *error = NULL;

  pinion_sync_settle_in (self);
  gboolean done = pinion_sync_connect (self, &error);
  if (done && pinion_sync_is_stopping (self))
    done = pinion_error_set (&error, PINION_ERROR_CANCELLED, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_OPEN, "cancelled");

  done = done && prove (&proof, &error);
  pinion_sync_end_session (self, done);
  proof_clear (&proof);

  return done ? dex_future_new_true () : dex_future_new_for_error (error);
}

DexFuture *
pinion_sync_prove_same (PinionSync      *self,
                        PinionStageSink *sink)
{
  g_clear_pointer (&self->sink, pinion_stage_sink_unref);
  self->sink = pinion_stage_sink_ref (sink);

  return pinion_sync_start (self, prove_fiber);
}
