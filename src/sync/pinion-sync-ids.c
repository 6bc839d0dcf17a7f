/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Message-IDs of the selected folder, to tell which message a UID is. */

#include "pinion-sync-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-message.h"
#include "pinion-store-doctor.h"

typedef struct
{
  GPtrArray *fetched;
  GHashTable *ids;
} Reading;

/* On the parser's thread. */
static DexFuture *
read_ids (gpointer data)
{
  Reading *reading = data;

  for (guint i = 0; i < reading->fetched->len; i++)
    {
      const PinionImapMessage *message = g_ptr_array_index (reading->fetched, i);

      if (message->header == NULL)
        continue;

      g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_headers (message->header);
      char *id = pinion_store_witness_dup_id (mime->message_id);
      g_hash_table_insert (reading->ids, GUINT_TO_POINTER (message->uid),
                           id != NULL ? id : g_strdup (""));
    }

  return dex_future_new_true ();
}

GHashTable *
pinion_sync_fetch_ids (PinionSync   *self,
                       PinionUidSet *uids,
                       GError      **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GPtrArray) fetched = pinion_await_boxed (
      pinion_imap_connection_fetch_headers (self->connection, uids, "Message-ID",
                                            0), error);
  Reading reading = { fetched, ids };

  if (fetched == NULL
      || !pinion_await (pinion_worker_run (self->parser, read_ids, &reading, NULL), error))
    return NULL;

  return g_steal_pointer (&ids);
}
