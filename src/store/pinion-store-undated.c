/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-messages.h"
#include "pinion-store-placements.h"

GArray *
pinion_store_undated_list (PinionStoreSession *session,
                           gint64              account_id)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (PinionStoreUndated));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.id, p.folder_id, p.uid FROM message m INDEXED BY message_body"
    " JOIN placement p ON p.message_id = m.id AND p.uid IS NOT NULL"
    " JOIN folder f ON f.id = p.folder_id AND f.selectable AND NOT f.hidden AND NOT f.missing"
    " WHERE m.account_id = ? AND m.body_state IN (0, 1, 2) AND m.received = 0 ORDER BY p.folder_id, p.uid",
    sql_int (account_id));

  while (pinion_query_next (&query))
    {
      PinionStoreUndated undated = {
        .message_id = pinion_query_int (&query, 0),
        .folder_id = pinion_query_int (&query, 1),
        .uid = (guint32) pinion_query_int (&query, 2),
      };
      g_array_append_val (all, undated);
    }

  return all;
}

/* The list goes by the sender's date, where it can be believed. */
static void
settle (PinionStoreSession       *session,
        const PinionStoreUndated *undated)
{
  gint64 date = pinion_sql_get (session, "SELECT date FROM message WHERE id = ? AND received = 0",
                                sql_int (undated->message_id));
  gint64 received = undated->received != 0 ? undated->received : MAX (date, 1);
  gint64 shown = pinion_message_believable_date (date, received);
  int n = pinion_sql_run (session, "UPDATE message SET received = ?2 WHERE id = ?1 AND received = 0",
                          sql_int (undated->message_id), sql_int (received));

  if (n == 0 || shown == date)
    return;

  pinion_sql_run (session, "UPDATE message SET date = ?2 WHERE id = ?1",
                  sql_int (undated->message_id), sql_int (shown));
  pinion_message_dirty (session, undated->message_id);
}

void
pinion_store_undated_settle (PinionStoreSession       *session,
                             const PinionStoreUndated *undated,
                             guint                     n_undated)
{
  for (guint i = 0; i < n_undated; i++)
    settle (session, &undated[i]);
}
