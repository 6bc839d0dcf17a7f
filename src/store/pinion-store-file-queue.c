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

void
pinion_store_file_queue_drop (PinionStoreSession *session,
                              gint64              message_id,
                              PinionStorePlace    place)
{
  pinion_sql_run (session, "DELETE FROM removed_file WHERE message_id = ? AND place = ?",
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

/* -- Files that never came to be ------------------------------------------------------------------ */

static gboolean
is_kept (PinionStoreSession *session,
         const char         *name,
         PinionStorePlace    place)
{
  char *end = NULL;
  gint64 id = g_ascii_strtoll (name, &end, 10);

  return g_strcmp0 (end, ".eml") == 0
         && pinion_sql_get (session,
                            "SELECT EXISTS (SELECT 1 FROM message WHERE id = ? AND body_state = 1"
                            " AND body_place = ?)",
                            sql_int (id), sql_int (place))
              != 0;
}

static void
sweep (PinionStoreSession *session,
       PinionStorePlace    place)
{
  g_autofree char *some = pinion_store_dup_body_path (pinion_store_get_dir (session->store), place, 1);
  g_autofree char *path = g_path_get_dirname (some);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (!is_kept (session, name, place) && session->error == NULL)
        g_unlink (child);
    }
}

void
pinion_store_files_sweep (PinionStoreSession *session)
{
  /* Where the accounts are lost as well, the files are what is left to be rescued. */
  if (pinion_sql_get (session, "SELECT count(*) FROM account") == 0)
    return;

  sweep (session, PINION_STORE_PLACE_OUTBOX);
  sweep (session, PINION_STORE_PLACE_DRAFTS);
}
