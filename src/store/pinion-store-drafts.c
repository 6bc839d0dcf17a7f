/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Local drafts: messages that lie in no folder of the server. */

#include "pinion-store-draft-copies-private.h"
#include "pinion-store-file-queue.h"
#include "pinion-store-messages.h"
#include "pinion-store-outbox-private.h"
#include "pinion-store-placements.h"
#include "pinion-store-view.h"

static void
changed (PinionStoreSession *session)
{
  session->rescue = TRUE;
  session->durable = TRUE;
}

static gboolean
is_draft (PinionStoreSession *session,
          gint64              id)
{
  return pinion_sql_get (session, "SELECT id FROM message WHERE id = ? AND local_draft = 1",
                         sql_int (id))
         != 0;
}

/* Returns: (transfer full) (nullable) the Message-ID of what a draft answers, where its header does not
 * say it itself */
static char *
dup_answered (PinionStoreSession      *session,
              const PinionStoreHeader *header,
              gint64                   reply_to)
{
  g_autoptr (PinionStoreMessage) answered = NULL;

  if (header->references != NULL && header->references[0] != NULL)
    return NULL;

  answered = pinion_store_message_get (session, reply_to);

  return answered != NULL ? g_strdup (answered->message_id_header) : NULL;
}

gint64
pinion_store_draft_save (PinionStoreSession      *session,
                         gint64                   account_id,
                         gint64                   draft,
                         const PinionStoreHeader *header,
                         GBytes                  *raw,
                         gint64                   reply_to)
{
  gint64 id = draft;
  gint64 key = pinion_store_new_local_key ();
  guint64 size = g_bytes_get_size (raw);
  g_autofree char *answered = dup_answered (session, header, reply_to);
  const char *references[] = { answered, NULL };
  PinionStoreHeader linked = *header;

  if (answered != NULL)
    linked.references = references;

  if (is_draft (session, draft))
    pinion_message_update (session, id, key, &linked, size);
  else
    id = pinion_message_insert (session, account_id, key, &linked, session->now, size,
                                PINION_FLAG_SEEN | PINION_FLAG_DRAFT);

  pinion_sql_run (session,
                  "UPDATE message SET local_draft = 1, reply_to = ?, orphaned = NULL WHERE id = ?",
                  sql_int (reply_to), sql_int (id));
  pinion_store_keep_raw (session, id, TRUE, raw);
  changed (session);

  return id;
}

void
pinion_store_draft_remove (PinionStoreSession *session,
                           gint64              draft)
{
  if (!is_draft (session, draft))
    return;

  pinion_store_draft_copies_drop (session, draft);
  pinion_message_forget (session, draft);
  changed (session);
}

GArray *
pinion_store_drafts_list (PinionStoreSession *session,
                          gint64              account_id)
{
  return pinion_sql_ids (session,
                         "SELECT id FROM message WHERE local_draft = 1"
                         " AND (?1 = 0 OR account_id = ?1) ORDER BY date DESC, id DESC",
                         sql_int (account_id));
}

gint64
pinion_store_outbox_cancel (PinionStoreSession *session,
                            gint64              id)
{
  gint64 message = pinion_sql_get (session,
                                   "SELECT message_id FROM outbox WHERE id = ?"
                                   " AND state IN (0, 3, 4)",
                                   sql_int (id));
  const char *dir = pinion_store_get_dir (session->store);
  g_autofree char *from = pinion_store_dup_body_path (dir, PINION_STORE_PLACE_OUTBOX, message);
  g_autofree char *to = pinion_store_dup_body_path (dir, PINION_STORE_PLACE_DRAFTS, message);
  g_autoptr (GError) error = NULL;

  if (message == 0)
    return 0;

  if (!pinion_store_link (from, to, &error))
    {
      pinion_store_session_fail (session, (PinionErrorCode) error->code, "%s", error->message);
      return 0;
    }

  pinion_store_file_queue_drop (session, message, PINION_STORE_PLACE_DRAFTS);
  pinion_store_file_queue_add (session, message, PINION_STORE_PLACE_OUTBOX);
  pinion_sql_run (session, "DELETE FROM outbox WHERE id = ?", sql_int (id));
  pinion_sql_run (session,
                  "UPDATE message SET local_draft = 1, body_place = 2, orphaned = NULL, key = ?"
                  " WHERE id = ?",
                  sql_int (pinion_store_new_local_key ()), sql_int (message));
  pinion_message_dirty (session, message);
  session->outbox = TRUE;
  changed (session);

  return message;
}
