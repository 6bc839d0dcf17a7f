/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-poison.h"

#include <unistd.h>

#include "pinion-store-paths.h"
#include "pinion-store-placements.h"
#include "pinion-store-view.h"

void
pinion_store_poison_mark (PinionStoreSession *session)
{
  g_autoptr (GArray) pids = pinion_sql_ids (
    session, "SELECT DISTINCT opening FROM message INDEXED BY message_opening WHERE opening > 0");

  for (guint i = 0; i < pids->len; i++)
    {
      gint64 pid = g_array_index (pids, gint64, i);

      if (pinion_store_process_has_ended (pid))
        pinion_sql_run (session,
                        "UPDATE message INDEXED BY message_opening SET poison = 1, opening = 0"
                        " WHERE opening = ? AND opening > 0",
                        sql_int (pid));
    }
}

void
pinion_store_message_opening (PinionStoreSession *session,
                              gint64              id)
{
  pinion_sql_run (session, "UPDATE message SET opening = ? WHERE id = ?", sql_int (getpid ()),
                  sql_int (id));
}

void
pinion_store_message_opened (PinionStoreSession *session,
                             gint64              id)
{
  gboolean was_poison = pinion_sql_get (session, "SELECT poison FROM message WHERE id = ?",
                                        sql_int (id))
                        != 0;

  pinion_sql_run (session, "UPDATE message SET opening = 0, poison = 0 WHERE id = ?", sql_int (id));
  if (was_poison)
    pinion_store_session_touch (session, pinion_message_get_thread (session, id), id);
}
