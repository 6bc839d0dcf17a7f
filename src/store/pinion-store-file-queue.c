/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-store"

#include "pinion-store-file-queue.h"

#include <errno.h>
#include <glib/gstdio.h>

void
pinion_store_file_queue_add (PinionStoreSession *session,
                             gint64              message_id,
                             PinionStorePlace    place)
{
  session->has_removed_files = TRUE;
  pinion_sql_run (session, "INSERT OR IGNORE INTO removed_file (message_id, place) VALUES (?, ?)",
                  sql_int (message_id), sql_int (place));
}

static void
run_queue (PinionStoreSession *session,
           gpointer            data)
{
  const char *dir = pinion_store_get_dir (session->store);
  g_auto (PinionQuery) query = pinion_query (session, "SELECT message_id, place FROM removed_file");

  while (pinion_query_next (&query))
    {
      PinionStorePlace place = (PinionStorePlace) pinion_query_int (&query, 1);
      g_autofree char *path = pinion_store_dup_body_path (dir, place,
                                                          pinion_query_int (&query, 0));

      if (g_unlink (path) != 0 && errno != ENOENT)
        g_warning ("%s: %s", path, g_strerror (errno));
    }

  pinion_sql_run (session, "DELETE FROM removed_file");
}

void
pinion_store_file_queue_run (PinionStoreSession *session)
{
  if (!session->has_removed_files)
    return;

  session->has_removed_files = FALSE;
  g_autoptr (GError) error = pinion_store_session_work (session, run_queue, NULL);
  if (error != NULL)
    g_debug ("Files are removed the next time: %s", error->message);
}
