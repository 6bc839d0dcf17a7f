/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-placements.h"

#include "pinion-store-intake.h"
#include "pinion-store-journal.h"

#define COLUMNS "id, folder_id, uid, message_id, text_size, server_flags, gone"

static PinionPlacement
read_placement (PinionQuery *query)
{
  return (PinionPlacement) {
    .id = pinion_query_int (query, 0),
    .folder = pinion_query_int (query, 1),
    .uid = (guint32) pinion_query_int (query, 2),
    .message = pinion_query_int (query, 3),
    .text_size = pinion_query_int (query, 4),
    .server_flags = (PinionFlags) pinion_query_int (query, 5),
    .gone = pinion_query_int (query, 6) != 0,
  };
}

PinionPlacement
pinion_placement_get (PinionStoreSession *session,
                      gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (session,
                                             "SELECT " COLUMNS " FROM placement WHERE id = ?",
                                             sql_int (id));

  return pinion_query_next (&query) ? read_placement (&query) : (PinionPlacement) { 0 };
}

PinionPlacement
pinion_placement_get_by_uid (PinionStoreSession *session,
                             gint64              folder,
                             guint32             uid)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT " COLUMNS " FROM placement WHERE folder_id = ? AND uid = ?",
    sql_int (folder), sql_int (uid));

  return pinion_query_next (&query) ? read_placement (&query) : (PinionPlacement) { 0 };
}

GArray *
pinion_placements_of_message (PinionStoreSession *session,
                              gint64              message)
{
  GArray *placements = g_array_new (FALSE, FALSE, sizeof (PinionPlacement));
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT " COLUMNS " FROM placement WHERE message_id = ? ORDER BY id",
    sql_int (message));

  while (pinion_query_next (&query))
    {
      PinionPlacement placement = read_placement (&query);
      g_array_append_val (placements, placement);
    }

  return placements;
}

gint64
pinion_message_get_thread (PinionStoreSession *session,
                           gint64              message)
{
  return pinion_sql_get (session, "SELECT thread_id FROM message WHERE id = ?", sql_int (message));
}

void
pinion_message_dirty (PinionStoreSession *session,
                      gint64              message)
{
  gint64 thread = pinion_message_get_thread (session, message);

  if (thread == 0)
    return;

  pinion_store_session_dirty (session, thread);
  pinion_store_session_touch (session, thread, message);
}

void
pinion_placement_add_first (PinionStoreSession *session,
                            gint64              folder,
                            guint32             uid,
                            gint64              message,
                            PinionFlags         server_flags)
{
  const PinionSqlValue row[PINION_INTAKE_PLACEMENT_COLUMNS] = {
    sql_int (folder), sql_id (uid), sql_int (message), sql_int (server_flags),
    sql_int (session->now),
  };

  pinion_store_intake_add_placement (session, row);
}

gint64
pinion_placement_add (PinionStoreSession *session,
                      gint64              folder,
                      guint32             uid,
                      gint64              message,
                      gint64              text_size,
                      PinionFlags         server_flags)
{
  pinion_store_intake_write (session);
  pinion_sql_run (session,
                  "INSERT INTO placement (folder_id, uid, message_id, text_size, server_flags,"
                  " created) VALUES (?, ?, ?, ?, ?, ?)",
                  sql_int (folder), sql_id (uid), sql_int (message), sql_int (text_size),
                  sql_int (server_flags), sql_int (session->now));
  gint64 id = pinion_sql_last_id (session);

  pinion_sql_run (session,
                  "UPDATE message SET orphaned = NULL WHERE id = ? AND orphaned IS NOT NULL",
                  sql_int (message));
  pinion_message_dirty (session, message);

  return id;
}

void
pinion_placement_remove (PinionStoreSession    *session,
                         const PinionPlacement *placement)
{
  pinion_sql_run (session, "DELETE FROM placement WHERE id = ?", sql_int (placement->id));
  pinion_sql_run (session,
                  "UPDATE message SET orphaned = ?2 WHERE id = ?1"
                  " AND NOT EXISTS (SELECT 1 FROM placement WHERE message_id = ?1)",
                  sql_int (placement->message), sql_int (session->now));
  pinion_message_dirty (session, placement->message);
}

void
pinion_placement_set_uid (PinionStoreSession    *session,
                          const PinionPlacement *placement,
                          guint32                uid)
{
  PinionPlacement other = pinion_placement_get_by_uid (session, placement->folder, uid);

  if (other.id == placement->id)
    return;

  if (other.id != 0)
    {
      pinion_store_journal_repoint (session, placement->id, other.id);
      pinion_placement_remove (session, placement);
      return;
    }

  pinion_sql_run (session, "UPDATE placement SET uid = ? WHERE id = ?", sql_int (uid),
                  sql_int (placement->id));
}

void
pinion_placement_set_text_size (PinionStoreSession    *session,
                                const PinionPlacement *placement,
                                gint64                 text_size)
{
  if (placement->text_size == text_size)
    return;

  pinion_sql_run (session,
                  "WITH RECURSIVE chain (id) AS (VALUES (?1) UNION SELECT t.id FROM chain c"
                  "  JOIN operation o ON o.from_placement = c.id AND o.state <> 2"
                  "  JOIN placement t ON t.id = o.to_placement AND t.uid IS NULL)"
                  " UPDATE placement SET text_size = ?2 WHERE id IN (SELECT id FROM chain)",
                  sql_int (placement->id), sql_int (text_size));
}

void
pinion_placement_set_gone (PinionStoreSession    *session,
                           const PinionPlacement *placement,
                           gboolean               gone)
{
  pinion_sql_run (session, "UPDATE placement SET gone = ? WHERE id = ?", sql_int (gone),
                  sql_int (placement->id));
  pinion_message_dirty (session, placement->message);
}

void
pinion_placement_set_server_flags (PinionStoreSession    *session,
                                   const PinionPlacement *placement,
                                   PinionFlags            flags)
{
  if (placement->server_flags == flags)
    return;

  pinion_sql_run (session, "UPDATE placement SET server_flags = ? WHERE id = ?", sql_int (flags),
                  sql_int (placement->id));
  if (((placement->server_flags ^ flags) & PINION_FLAG_DELETED) != 0)
    pinion_message_dirty (session, placement->message);
}

void
pinion_placements_take_text (PinionStoreSession *session,
                             gint64              message,
                             gint64              text_size)
{
  pinion_sql_run (session,
                  "UPDATE placement SET text_size = 0 WHERE message_id = ? AND text_size = ?",
                  sql_int (message), sql_int (text_size));
}

/* What the message's row tells of is nowhere any more, and there is another text: it tells of that, whose
 * body is still to come. */
static void
follow_text (PinionStoreSession *session,
             gint64              message)
{
  gint64 other = pinion_sql_get (
    session,
    "SELECT CASE WHEN min (text_size <> 0) THEN min (CASE WHEN uid IS NOT NULL THEN text_size END) END"
    " FROM placement WHERE message_id = ?",
    sql_int (message));

  if (other <= 0)
    return;

  pinion_sql_run (session, "UPDATE message SET size = ? WHERE id = ?", sql_int (other),
                  sql_int (message));
  pinion_placements_take_text (session, message, other);
  pinion_store_body_forget (session, message);
}

void
pinion_placement_vanish (PinionStoreSession    *session,
                         const PinionPlacement *placement)
{
  pinion_store_journal_source_vanished (session, placement);
  pinion_placement_remove (session, placement);
  if (placement->text_size == 0)
    follow_text (session, placement->message);
}

/* -- For sync ---------------------------------------------------------------------------------- */

GArray *
pinion_store_placements_list (PinionStoreSession *session,
                              gint64              folder_id)
{
  GArray *placements = g_array_new (FALSE, FALSE, sizeof (PinionStorePlacement));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT uid, server_flags, message_id FROM placement"
    " WHERE folder_id = ? AND uid IS NOT NULL ORDER BY uid",
    sql_int (folder_id));

  while (pinion_query_next (&query))
    {
      PinionStorePlacement placement = {
        .uid = (guint32) pinion_query_int (&query, 0),
        .flags = (PinionFlags) pinion_query_int (&query, 1),
        .message_id = pinion_query_int (&query, 2),
      };
      g_array_append_val (placements, placement);
    }

  return placements;
}

gint64
pinion_store_placement_find (PinionStoreSession *session,
                             gint64              folder_id,
                             guint32             uid)
{
  return pinion_placement_get_by_uid (session, folder_id, uid).message;
}

void
pinion_store_vanished (PinionStoreSession *session,
                       gint64              folder_id,
                       const guint32      *uids,
                       guint               n_uids)
{
  for (guint i = 0; i < n_uids; i++)
    {
      PinionPlacement placement = pinion_placement_get_by_uid (session, folder_id, uids[i]);

      if (placement.id != 0)
        pinion_placement_vanish (session, &placement);
    }
}
