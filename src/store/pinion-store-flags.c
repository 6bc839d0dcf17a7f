/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-flags.h"

#include "pinion-store-journal.h"

static const PinionFlags agreeing[] = { PINION_FLAG_SEEN, PINION_FLAG_FLAGGED };

PinionFlags
pinion_message_get_flags (PinionStoreSession *session,
                          gint64              message)
{
  return (PinionFlags) pinion_sql_get (session, "SELECT flags FROM message WHERE id = ?",
                                       sql_int (message));
}

void
pinion_message_set_flags (PinionStoreSession *session,
                          gint64              message,
                          PinionFlags         flags)
{
  pinion_sql_run (session, "UPDATE message SET flags = ? WHERE id = ?", sql_int (flags),
                  sql_int (message));
  pinion_message_dirty (session, message);
}

PinionFlags
pinion_message_get_pending_flags (PinionStoreSession *session,
                                  gint64              message)
{
  PinionFlags flags = 0;
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT DISTINCT flag FROM operation"
    " WHERE message_id = ? AND kind = ? AND group_id > 0 AND state <> ?",
    sql_int (message), sql_int (PINION_STORE_OPERATION_FLAG),
    sql_int (PINION_STORE_OPERATION_FAILED));

  while (pinion_query_next (&query))
    flags |= (PinionFlags) pinion_query_int (&query, 0);

  return flags;
}

void
pinion_message_note_flag_act (PinionStoreSession *session,
                              gint64              message,
                              PinionFlags         flag)
{
  pinion_sql_run (session,
                  "INSERT OR REPLACE INTO flag_act (message_id, flag, done) VALUES (?, ?, ?)",
                  sql_int (message), sql_int (flag), sql_int (g_get_real_time ()));
}

void
pinion_store_flag_acts_forget (PinionStoreSession *session,
                               gint64              account_id,
                               gint64              before)
{
  pinion_sql_run (session,
                  "DELETE FROM flag_act WHERE done < ? AND message_id IN"
                  " (SELECT id FROM message WHERE account_id = ? AND id IN"
                  "  (SELECT message_id FROM flag_act))",
                  sql_int (before), sql_int (account_id));
}

/* Those of which a copy that turns up need not know: it may have been made before. */
static PinionFlags
get_acted_flags (PinionStoreSession *session,
                 gint64              message)
{
  PinionFlags flags = pinion_message_get_pending_flags (session, message);
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT flag FROM flag_act WHERE message_id = ?", sql_int (message));

  while (pinion_query_next (&query))
    flags |= (PinionFlags) pinion_query_int (&query, 0);

  return flags;
}

/* What the server will have once the operation that is being done now is done. */
static gboolean
get_expected (PinionStoreSession    *session,
              const PinionPlacement *placement,
              PinionFlags            flag)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT value FROM operation WHERE from_placement = ? AND kind = ? AND flag = ? AND state = ?"
    " ORDER BY id DESC LIMIT 1",
    sql_int (placement->id), sql_int (PINION_STORE_OPERATION_FLAG), sql_int (flag),
    sql_int (PINION_STORE_OPERATION_RUNNING));

  if (pinion_query_next (&query))
    return pinion_query_int (&query, 0) != 0;

  return (placement->server_flags & flag) != 0;
}

typedef struct
{
  gboolean exists;
  gboolean value;
  gboolean uncertain;
} Queued;

static Queued
get_queued (PinionStoreSession    *session,
            const PinionPlacement *placement,
            PinionFlags            flag)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT value, uncertain FROM operation"
    " WHERE from_placement = ? AND kind = ? AND flag = ? AND state = ? ORDER BY id DESC LIMIT 1",
    sql_int (placement->id), sql_int (PINION_STORE_OPERATION_FLAG), sql_int (flag),
    sql_int (PINION_STORE_OPERATION_QUEUED));

  if (!pinion_query_next (&query))
    return (Queued) { 0 };

  return (Queued) { TRUE, pinion_query_int (&query, 0) != 0, pinion_query_int (&query, 1) != 0 };
}

static void
drop_queued (PinionStoreSession    *session,
             const PinionPlacement *placement,
             PinionFlags            flag)
{
  pinion_sql_run (session,
                  "DELETE FROM operation WHERE from_placement = ? AND kind = ? AND flag = ?"
                  " AND state = ?",
                  sql_int (placement->id), sql_int (PINION_STORE_OPERATION_FLAG), sql_int (flag),
                  sql_int (PINION_STORE_OPERATION_QUEUED));
  session->operations = TRUE;
}

static void
reconcile_flag (PinionStoreSession    *session,
                const PinionPlacement *placement,
                PinionFlags            flag,
                gboolean               wanted,
                gint64                 group)
{
  Queued queued = get_queued (session, placement, flag);
  gboolean is_agreed = get_expected (session, placement, flag) == wanted;

  /* One that may have reached the server is only outdone by another. */
  if (queued.exists && queued.uncertain)
    is_agreed = FALSE;
  if (queued.exists && queued.value == wanted && !is_agreed)
    return;

  if (queued.exists)
    drop_queued (session, placement, flag);
  if (is_agreed)
    return;

  PinionJournalEntry entry = {
    .kind = PINION_STORE_OPERATION_FLAG,
    .group = group,
    .message = placement->message,
    .from_placement = placement->id,
    .from_folder = placement->folder,
    .flag = flag,
    .value = wanted,
  };
  pinion_store_journal_add (session, &entry);
}

/* A flag that waited for a copy that the server knows has one now.  Returns: the act it was, or 0 */
static gint64
end_waiting (PinionStoreSession *session,
             gint64              message,
             GArray             *placements)
{
  gboolean has_copy = FALSE;

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      has_copy |= placement->uid != 0 && !placement->gone;
    }
  if (!has_copy)
    return 0;

  gint64 group = pinion_sql_get (
    session,
    "SELECT max (group_id) FROM operation WHERE message_id = ? AND kind = ? AND state <> ?"
    " AND from_placement IS NULL",
    sql_int (message), sql_int (PINION_STORE_OPERATION_FLAG),
    sql_int (PINION_STORE_OPERATION_FAILED));
  pinion_sql_run (session,
                  "DELETE FROM operation WHERE message_id = ? AND kind = ? AND state <> ?"
                  " AND from_placement IS NULL",
                  sql_int (message), sql_int (PINION_STORE_OPERATION_FLAG),
                  sql_int (PINION_STORE_OPERATION_FAILED));

  return group;
}

void
pinion_message_reconcile (PinionStoreSession *session,
                          gint64              message,
                          gint64              group)
{
  PinionFlags flags = pinion_message_get_flags (session, message);
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);
  gint64 waited = end_waiting (session, message, placements);

  if (group == 0)
    group = waited;
  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      for (guint j = 0; !placement->gone && j < G_N_ELEMENTS (agreeing); j++)
        reconcile_flag (session, placement, agreeing[j], (flags & agreeing[j]) != 0, group);
    }
}

void
pinion_message_carry_flags (PinionStoreSession *session,
                            gint64              message)
{
  gint64 group = pinion_sql_get (
    session,
    "SELECT max (group_id) FROM operation WHERE message_id = ? AND kind = ? AND state <> ?",
    sql_int (message), sql_int (PINION_STORE_OPERATION_FLAG),
    sql_int (PINION_STORE_OPERATION_FAILED));

  pinion_message_reconcile (session, message, group);
}

void
pinion_message_merge_flags (PinionStoreSession *session,
                            gint64              message,
                            PinionFlags         server,
                            gboolean            is_only)
{
  PinionFlags shown = pinion_message_get_flags (session, message);
  PinionFlags open = PINION_FLAGS_AGREEING & ~get_acted_flags (session, message);
  PinionFlags merged = shown | (server & ~(PINION_FLAGS_AGREEING | PINION_FLAG_DELETED));

  if (is_only)
    merged = (merged & ~open) | (server & open);
  else
    merged |= server & open;

  if (merged != shown)
    pinion_message_set_flags (session, message, merged);
  pinion_message_carry_flags (session, message);
}

/* -- For sync ---------------------------------------------------------------------------------- */

static void
follow (PinionStoreSession    *session,
        const PinionPlacement *placement,
        PinionFlags            flags)
{
  PinionFlags changed = placement->server_flags ^ flags;

  if (changed == 0)
    return;

  pinion_placement_set_server_flags (session, placement, flags);
  changed &= ~(pinion_message_get_pending_flags (session, placement->message)
               | PINION_FLAG_DELETED);

  PinionFlags shown = pinion_message_get_flags (session, placement->message);
  PinionFlags followed = (shown & ~changed) | (flags & changed);

  if (followed != shown)
    pinion_message_set_flags (session, placement->message, followed);
  pinion_message_reconcile (session, placement->message, 0);
}

void
pinion_store_flags_changed (PinionStoreSession          *session,
                            gint64                       folder_id,
                            const PinionStoreFlagChange *changes,
                            guint                        n_changes)
{
  for (guint i = 0; i < n_changes; i++)
    {
      PinionPlacement placement = pinion_placement_get_by_uid (session, folder_id, changes[i].uid);

      if (placement.id != 0)
        follow (session, &placement, changes[i].flags);
    }
}
