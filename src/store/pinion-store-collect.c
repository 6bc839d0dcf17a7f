/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forgetting: what the server has no more, and what lies outside of the history range. */

#include "pinion-store-drafts.h"
#include "pinion-store-journal.h"
#include "pinion-store-messages.h"

#define SECONDS_PER_DAY 86400

/* Messages that forgetting would lose: nothing but this computer has them, or something still needs
 * them. */
#define IS_NEEDED \
  "(local_draft = 1 OR EXISTS (SELECT 1 FROM outbox WHERE outbox.message_id = message.id)" \
  " OR EXISTS (SELECT 1 FROM operation o WHERE o.message_id = message.id AND o.state <> 2" \
  "            AND o.kind <> 0))"

/* Those of one state of body, in the order of their index: three such are merged, and the rest is not looked
 * at. */
#define OLD(state) \
  "SELECT id, received FROM message INDEXED BY message_body WHERE account_id = ?1" \
  " AND body_state = " state " AND received < ?2 AND received <> 0 AND NOT " IS_NEEDED \
  " AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = message.id AND o.state <> 2)" \
  " AND id NOT IN (SELECT copy_id FROM draft_copy)"

static guint
forget_all (PinionStoreSession *session,
            GArray             *messages)
{
  for (guint i = 0; i < messages->len; i++)
    pinion_message_forget (session, g_array_index (messages, gint64, i));

  return messages->len;
}

guint
pinion_store_messages_collect (PinionStoreSession *session,
                               gint64              account_id,
                               gint64              before)
{
  pinion_store_journal_settle_waiting (session, account_id, before);
  pinion_store_drafts_follow (session, account_id);

  g_autoptr (GArray) messages = pinion_sql_ids (
    session,
    "SELECT id FROM message WHERE account_id = ? AND orphaned IS NOT NULL AND orphaned <= ?"
    " AND NOT " IS_NEEDED
    " AND NOT EXISTS (SELECT 1 FROM draft_copy WHERE copy_id = message.id AND made = 0"
    "  AND draft_id IS NOT NULL)",
    sql_int (account_id), sql_int (before));

  return forget_all (session, messages);
}

guint
pinion_store_history_trim (PinionStoreSession *session,
                           gint64              account_id,
                           gint64              start,
                           guint               limit)
{
  g_autoptr (GArray) messages = pinion_sql_ids (
    session,
    OLD ("0") " UNION ALL " OLD ("1") " UNION ALL " OLD ("2") " ORDER BY received LIMIT ?3",
    sql_int (account_id), sql_int (start), sql_int (limit));

  return forget_all (session, messages);
}

gboolean
pinion_store_placements_are_unsettled (PinionStoreSession *session,
                                       gint64              folder_id)
{
  return pinion_sql_get (
             session,
             "SELECT EXISTS (SELECT 1 FROM placement WHERE folder_id = ? AND uid IS NULL)",
             sql_int (folder_id))
         != 0;
}

void
pinion_store_history_set (PinionStoreSession *session,
                          gint64              account_id,
                          PinionHistory       history,
                          gint64              start)
{
  /* SEARCH SINCE counts days of the server's (RFC 3501 6.4.4): what it may still name stays. */
  gint64 trim = start == G_MININT64                ? 0
                : history == PINION_HISTORY_NONE ? start
                                                   : start - 2 * SECONDS_PER_DAY;
  int n = pinion_sql_run (session, "UPDATE account SET history = ?, trim = ? WHERE id = ?",
                          sql_text (pinion_history_to_string (history)), sql_int (MAX (trim, 0)),
                          sql_int (account_id));

  if (n == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "no such account");
  /* That nothing changed on the server does not tell any more that everything is here. */
  pinion_sql_run (session, "UPDATE folder SET since = 9223372036854775807 WHERE account_id = ?",
                  sql_int (account_id));
  session->accounts = TRUE;
  session->rescue = TRUE;
  session->durable = TRUE;
}

guint
pinion_store_history_let_go (PinionStoreSession *session,
                             gint64              account_id,
                             guint               limit)
{
  gint64 start = pinion_sql_get (session, "SELECT trim FROM account WHERE id = ?",
                                 sql_int (account_id));

  return start > 0 ? pinion_store_history_trim (session, account_id, start, limit) : 0;
}

void
pinion_store_placements_prune (PinionStoreSession *session,
                               gint64              folder_id,
                               gint64              before)
{
  g_autoptr (GArray) ids = pinion_sql_ids (
    session,
    "SELECT id FROM placement WHERE folder_id = ?1 AND uid IS NULL AND created <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM operation WHERE to_placement = placement.id AND state <> 2)",
    sql_int (folder_id), sql_int (before));

  for (guint i = 0; i < ids->len; i++)
    {
      PinionPlacement placement = pinion_placement_get (session, g_array_index (ids, gint64, i));

      pinion_placement_vanish (session, &placement);
    }
}
