/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-server-hits.h"

#include "pinion-store-session.h"
#include "pinion-store-sql.h"

/* Questions that are remembered. */
#define MOST_QUERIES 50

static char *
dup_key (const PinionSearchQuery *query)
{
  return g_strstrip (g_utf8_make_valid (query->text, -1));
}

void
pinion_store_server_hits_add (PinionStoreSession      *session,
                              const PinionSearchQuery *query,
                              GArray                  *messages)
{
  g_autofree char *key = dup_key (query);
  gint64 turn = pinion_sql_get_values (
    session, "SELECT coalesce (max (turn), 0) + 1 FROM server_hit", NULL, 0);

  for (guint i = 0; i < messages->len; i++)
    {
      gint64 message = g_array_index (messages, gint64, i);
      gint64 thread = pinion_sql_get (session, "SELECT thread_id FROM message WHERE id = ?",
                                      sql_int (message));

      pinion_sql_run (session,
                      "INSERT OR REPLACE INTO server_hit (query, message_id, turn)"
                      " SELECT ?, id, ? FROM message WHERE id = ?",
                      sql_text (key), sql_int (turn), sql_int (message));
      /* Lists of what is searched for look again. */
      if (thread != 0)
        pinion_store_session_touch (session, thread, message);
    }

  pinion_sql_run (session,
                  "DELETE FROM server_hit WHERE query NOT IN (SELECT query FROM server_hit"
                  " GROUP BY query ORDER BY max (turn) DESC LIMIT ?)",
                  sql_int (MOST_QUERIES));
}

GArray *
pinion_store_server_hits_list (PinionStoreSession      *session,
                               const PinionSearchQuery *query)
{
  g_autofree char *key = dup_key (query);

  return pinion_sql_ids (session, "SELECT message_id FROM server_hit WHERE query = ?",
                         sql_text (key));
}
