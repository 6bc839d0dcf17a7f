/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Raw files of messages that the server has. */

#include <errno.h>
#include <glib/gstdio.h>

#include "pinion-store-file-queue.h"
#include "pinion-store-messages.h"
#include "pinion-store-placements.h"
#include "pinion-store-view.h"

static void
read_wanted (PinionQuery       *query,
             PinionStoreWanted *wanted)
{
  *wanted = (PinionStoreWanted) {
    .message_id = pinion_query_int (query, 0),
    .folder_id = pinion_query_int (query, 1),
    .uid = (guint32) pinion_query_int (query, 2),
    .size = (guint64) pinion_query_int (query, 3),
  };
}

static GArray *
read_all_wanted (PinionQuery *query)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (PinionStoreWanted));

  while (pinion_query_next (query))
    {
      PinionStoreWanted wanted;

      read_wanted (query, &wanted);
      g_array_append_val (all, wanted);
    }

  return all;
}

GArray *
pinion_store_bodies_wanted (PinionStoreSession *session,
                            gint64              account_id,
                            gint64              folder_id,
                            guint               limit)
{
  if (folder_id != 0)
    {
      g_auto (PinionQuery) query = pinion_query (
        session,
        "SELECT m.id, p.folder_id, p.uid, m.size FROM message m INDEXED BY message_body"
        " JOIN placement p ON p.id = (SELECT min (id) FROM placement WHERE message_id = m.id"
        "   AND folder_id = ?2 AND uid IS NOT NULL AND text_size = 0)"
        " WHERE m.account_id = ?1 AND m.body_state = 0 ORDER BY m.received DESC LIMIT ?3",
        sql_int (account_id), sql_int (folder_id), sql_int (limit));
      return read_all_wanted (&query);
    }

  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.id, p.folder_id, p.uid, m.size FROM message m INDEXED BY message_body"
    " JOIN placement p ON p.id = (SELECT coalesce (min (CASE WHEN text_size = 0 THEN id END),"
    "   min (id)) FROM placement WHERE message_id = m.id AND uid IS NOT NULL)"
    " WHERE m.account_id = ?1 AND m.body_state = 0 ORDER BY m.received DESC LIMIT ?2",
    sql_int (account_id), sql_int (limit));

  return read_all_wanted (&query);
}

gboolean
pinion_store_body_locate (PinionStoreSession *session,
                          gint64              message_id,
                          PinionStoreWanted  *wanted)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.id, p.folder_id, p.uid, m.size FROM message m"
    " JOIN placement p ON p.message_id = m.id AND p.uid IS NOT NULL"
    " WHERE m.id = ? ORDER BY p.text_size <> 0, p.id LIMIT 1",
    sql_int (message_id));

  if (!pinion_query_next (&query))
    return FALSE;

  read_wanted (&query, wanted);
  return TRUE;
}

static void
set_facts (PinionStoreSession         *session,
           gint64                      message,
           const PinionStoreBodyFacts *facts)
{
  pinion_sql_run (session,
                  "UPDATE message SET snippet = coalesce (?, snippet), has_attachments = ?"
                  " WHERE id = ?",
                  sql_text (facts->snippet), sql_int (facts->has_attachments), sql_int (message));
}

/* The list's rows and the lists themselves are as they were, so no thread is counted again. */
static void
touch (PinionStoreSession *session,
       gint64              message)
{
  pinion_store_session_touch (session, pinion_message_get_thread (session, message), message);
}

void
pinion_store_body_arrived (PinionStoreSession         *session,
                           gint64                      message_id,
                           const char                 *path,
                           const PinionStoreBodyFacts *facts)
{
  g_autofree char *target = pinion_store_dup_body_path (
    pinion_store_get_dir (pinion_store_session_get_store (session)), PINION_STORE_PLACE_MAIL,
    message_id);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  if (pinion_message_get_thread (session, message_id) == 0)
    {
      /* Forgotten meanwhile. */
      g_unlink (path);
      return;
    }

  if (g_stat (path, &info) != 0 || !pinion_store_rename (path, target, &error))
    {
      pinion_store_session_fail (session,
                                 error != NULL ? (PinionErrorCode) error->code
                                               : pinion_sql_errno_code (errno),
                                 "%s cannot be kept", path);
      return;
    }

  pinion_store_file_queue_drop (session, message_id, PINION_STORE_PLACE_MAIL);
  pinion_sql_run (session,
                  "UPDATE message SET body_state = 1, body_place = 0, body_size = ? WHERE id = ?",
                  sql_int (info.st_size), sql_int (message_id));
  if (facts != NULL)
    set_facts (session, message_id, facts);
  touch (session, message_id);
}

void
pinion_store_body_unavailable (PinionStoreSession *session,
                               gint64              message_id)
{
  pinion_sql_run (session, "UPDATE message SET body_state = 2 WHERE id = ? AND body_state = 0",
                  sql_int (message_id));
  touch (session, message_id);
}

void
pinion_store_body_forget (PinionStoreSession *session,
                          gint64              message_id)
{
  gboolean is_here = pinion_sql_get (session,
                                     "SELECT count(*) FROM message WHERE id = ?"
                                     " AND body_state = 1 AND body_place = 0",
                                     sql_int (message_id))
                     > 0;

  if (is_here)
    pinion_store_file_queue_add (session, message_id, PINION_STORE_PLACE_MAIL);
  pinion_sql_run (session,
                  "UPDATE message SET body_state = 0, body_size = 0"
                  " WHERE id = ? AND (body_place = 0 OR body_state <> 1)",
                  sql_int (message_id));
  touch (session, message_id);
}

static void
forget_notices (PinionStoreSession *session,
                gint64              account)
{
  g_autoptr (GArray) places = pinion_sql_ids (
    session,
    "SELECT p.id FROM message m INDEXED BY message_body"
    " JOIN placement p ON p.message_id = m.id AND p.uid IS NOT NULL"
    " WHERE m.account_id = ? AND m.body_state = 2"
    " AND m.subject GLOB 'Retrieval using the IMAP* protocol failed for*'",
    sql_int (account));

  for (guint i = 0; i < places->len; i++)
    {
      PinionPlacement placement = pinion_placement_get (session,
                                                        g_array_index (places, gint64, i));

      pinion_placement_vanish (session, &placement);
    }
}

void
pinion_store_bodies_retry (PinionStoreSession *session,
                           gint64              account_id)
{
  g_autoptr (GArray) messages = NULL;

  forget_notices (session, account_id);
  messages = pinion_sql_ids (session,
                             "SELECT id FROM message INDEXED BY message_body"
                             " WHERE account_id = ? AND body_state = 2",
                             sql_int (account_id));
  for (guint i = 0; i < messages->len; i++)
    pinion_store_body_forget (session, g_array_index (messages, gint64, i));
}

/* Counted from indexes alone; what lies nowhere is not counted. */
void
pinion_store_get_progress (PinionStoreSession  *session,
                           gint64               account_id,
                           PinionStoreProgress *progress)
{
  gint64 orphaned = pinion_sql_get (
    session, "SELECT count(*) FROM message WHERE account_id = ? AND orphaned IS NOT NULL",
    sql_int (account_id));
  gint64 orphans_wanted = pinion_sql_get (
    session,
    "SELECT count(*) FROM message INDEXED BY message_orphaned"
    " WHERE account_id = ? AND orphaned IS NOT NULL AND body_state = 0",
    sql_int (account_id));

  progress->messages = pinion_sql_get (
    session, "SELECT count(*) FROM message INDEXED BY message_body WHERE account_id = ?",
    sql_int (account_id));
  progress->bodies_wanted = pinion_sql_get (
    session,
    "SELECT count(*) FROM message INDEXED BY message_body"
    " WHERE account_id = ? AND body_state = 0",
    sql_int (account_id));
  progress->bodies_unavailable = pinion_sql_get (
    session,
    "SELECT count(*) FROM message INDEXED BY message_body"
    " WHERE account_id = ? AND body_state = 2 AND orphaned IS NULL",
    sql_int (account_id));

  progress->messages -= orphaned;
  progress->bodies_wanted -= orphans_wanted;
  progress->bodies_here = progress->messages - progress->bodies_wanted
                          - progress->bodies_unavailable;
}
