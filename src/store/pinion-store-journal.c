/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-journal.h"

#include "pinion-store-draft-copies-private.h"
#include "pinion-store-flags.h"
#include "pinion-store-outbox-private.h"

#define COLUMNS \
  "id, account_id, group_id, kind, state, uncertain, message_id, from_placement, to_placement," \
  " from_folder, to_folder, flag, value"

/* PINION_STORE_OPERATION_FAILED */
#define UNFINISHED "state <> 2"

gint64
pinion_store_journal_add (PinionStoreSession       *session,
                          const PinionJournalEntry *entry)
{
  pinion_sql_run (session,
                  "INSERT INTO operation (account_id, group_id, kind, message_id, from_placement,"
                  " to_placement, from_folder, to_folder, flag, value, created)"
                  " SELECT account_id, ?2, ?3, ?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM message"
                  " WHERE id = ?1",
                  sql_int (entry->message), sql_int (entry->group), sql_int (entry->kind),
                  sql_id (entry->from_placement), sql_id (entry->to_placement),
                  sql_int (entry->from_folder), sql_int (entry->to_folder), sql_int (entry->flag),
                  sql_int (entry->value), sql_int (session->now));
  session->operations = TRUE;

  return pinion_sql_last_id (session);
}

static PinionJournalEntry
read_entry (PinionQuery *query)
{
  return (PinionJournalEntry) {
    .id = pinion_query_int (query, 0),
    .account = pinion_query_int (query, 1),
    .group = pinion_query_int (query, 2),
    .kind = (PinionStoreOperationKind) pinion_query_int (query, 3),
    .state = (PinionStoreOperationState) pinion_query_int (query, 4),
    .uncertain = pinion_query_int (query, 5) != 0,
    .message = pinion_query_int (query, 6),
    .from_placement = pinion_query_int (query, 7),
    .to_placement = pinion_query_int (query, 8),
    .from_folder = pinion_query_int (query, 9),
    .to_folder = pinion_query_int (query, 10),
    .flag = (PinionFlags) pinion_query_int (query, 11),
    .value = pinion_query_int (query, 12) != 0,
  };
}

static gboolean
read_one (PinionQuery        *query,
          PinionJournalEntry *entry)
{
  if (!pinion_query_next (query))
    return FALSE;

  *entry = read_entry (query);
  return TRUE;
}

gboolean
pinion_store_journal_get (PinionStoreSession *session,
                          gint64              id,
                          PinionJournalEntry *entry)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT " COLUMNS " FROM operation WHERE id = ? AND " UNFINISHED, sql_int (id));

  return read_one (&query, entry);
}

gboolean
pinion_store_journal_find_from (PinionStoreSession *session,
                                gint64              placement,
                                int                 kind,
                                PinionJournalEntry *entry)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT " COLUMNS " FROM operation WHERE from_placement = ?1 AND (?2 < 0 OR kind = ?2)"
    " AND " UNFINISHED " ORDER BY id LIMIT 1",
    sql_int (placement), sql_int (kind));

  return read_one (&query, entry);
}

gboolean
pinion_store_journal_find_to (PinionStoreSession *session,
                              gint64              placement,
                              PinionJournalEntry *entry)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT " COLUMNS " FROM operation WHERE to_placement = ? AND " UNFINISHED
    " ORDER BY id LIMIT 1",
    sql_int (placement));

  return read_one (&query, entry);
}

gboolean
pinion_store_journal_has_not_begun (const PinionJournalEntry *entry)
{
  return entry->state == PINION_STORE_OPERATION_QUEUED && !entry->uncertain;
}

void
pinion_store_journal_remove (PinionStoreSession *session,
                             gint64              id)
{
  pinion_sql_run (session, "DELETE FROM operation WHERE id = ?", sql_int (id));
  session->operations = TRUE;
}

void
pinion_store_journal_repoint (PinionStoreSession *session,
                              gint64              placement,
                              gint64              other)
{
  pinion_sql_run (session, "UPDATE operation SET from_placement = ? WHERE from_placement = ?",
                  sql_int (other), sql_int (placement));
  pinion_sql_run (session, "UPDATE operation SET to_placement = ? WHERE to_placement = ?",
                  sql_int (other), sql_int (placement));
}

static GArray *
entries_from (PinionStoreSession *session,
              gint64              placement)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (PinionJournalEntry));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT " COLUMNS " FROM operation WHERE from_placement = ? AND " UNFINISHED " ORDER BY id",
    sql_int (placement));

  while (pinion_query_next (&query))
    {
      PinionJournalEntry entry = read_entry (&query);
      g_array_append_val (entries, entry);
    }

  return entries;
}

/* -- Taking back ------------------------------------------------------------------------------- */

/* What is to come says what its source says. */
static void
set_source (PinionStoreSession       *session,
            const PinionJournalEntry *entry,
            PinionStoreOperationKind  kind,
            gint64                    placement,
            gint64                    folder)
{
  PinionPlacement source = pinion_placement_get (session, placement);
  PinionPlacement target = pinion_placement_get (session, entry->to_placement);

  if (source.id != 0 && target.id != 0 && target.uid == 0)
    pinion_placement_set_text_size (session, &target, source.text_size);
  pinion_sql_run (session,
                  "UPDATE operation SET kind = ?, from_placement = ?, from_folder = ? WHERE id = ?",
                  sql_int (kind), sql_id (placement), sql_int (folder), sql_int (entry->id));
  session->operations = TRUE;
}

/* What was to be copied or moved from what an import was to append is appended itself, from the same
 * file, read. */
static void
start_from_file (PinionStoreSession       *session,
                 const PinionJournalEntry *entry)
{
  PinionPlacement target = pinion_placement_get (session, entry->to_placement);

  set_source (session, entry, PINION_STORE_OPERATION_APPEND, 0, 0);
  if (target.id != 0)
    pinion_placement_set_server_flags (session, &target, target.server_flags | PINION_FLAG_SEEN);
}

/* @entry was built on the target of @made, which is not going to be.  Returns: whether the source of
 * @made is still to go away, by @entry. */
static gboolean
start_from_source (PinionStoreSession       *session,
                   const PinionJournalEntry *made,
                   const PinionJournalEntry *entry)
{
  gboolean is_moved = made->kind == PINION_STORE_OPERATION_MOVE;

  if (pinion_store_operation_is_import (made->kind, made->group)
      && (entry->kind == PINION_STORE_OPERATION_COPY || entry->kind == PINION_STORE_OPERATION_MOVE))
    {
      start_from_file (session, entry);
      return FALSE;
    }

  switch (entry->kind)
    {
    case PINION_STORE_OPERATION_COPY:
      set_source (session, entry, entry->kind, made->from_placement, made->from_folder);
      return FALSE;
    case PINION_STORE_OPERATION_MOVE:
      set_source (session, entry,
                  is_moved ? PINION_STORE_OPERATION_MOVE : PINION_STORE_OPERATION_COPY,
                  made->from_placement, made->from_folder);
      return is_moved;
    case PINION_STORE_OPERATION_REMOVE:
      if (!is_moved || made->from_placement == 0)
        break;
      set_source (session, entry, entry->kind, made->from_placement, made->from_folder);
      return TRUE;
    case PINION_STORE_OPERATION_FLAG:
      /* It stays the person's act, which a copy that turns up does not undo. */
      if (!is_moved)
        break;
      set_source (session, entry, entry->kind, made->from_placement, made->from_folder);
      return FALSE;
    case PINION_STORE_OPERATION_DELETE:
    case PINION_STORE_OPERATION_APPEND:
    case PINION_STORE_OPERATION_CREATE_FOLDER:
    case PINION_STORE_OPERATION_RENAME_FOLDER:
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      break;
    }

  /* The source has the flags' operations as well; nothing is deleted that is not in Trash. */
  pinion_store_journal_remove (session, entry->id);
  return FALSE;
}

/* Whether @entry was to bring the message back to where it never left, now that @made is not going to
 * be. */
static gboolean
comes_back (PinionStoreSession       *session,
            const PinionJournalEntry *made,
            const PinionJournalEntry *entry)
{
  PinionPlacement target = pinion_placement_get (session, entry->to_placement);

  return made->from_placement != 0 && target.id != 0 && target.uid == 0
         && entry->to_folder == made->from_folder;
}

/* The copy @back, which was to come back to where @made starts from, is that source itself: what was to take
 * it away in between does so no more. */
static void
keep_source (PinionStoreSession       *session,
             const PinionJournalEntry *made,
             const PinionJournalEntry *back)
{
  PinionPlacement source = pinion_placement_get (session, made->from_placement);
  PinionPlacement target = pinion_placement_get (session, back->to_placement);

  if (made->kind == PINION_STORE_OPERATION_MOVE || !source.gone || target.gone)
    return;

  g_autoptr (GArray) leaving = entries_from (session, source.id);
  for (guint i = 0; i < leaving->len; i++)
    {
      PinionJournalEntry *entry = &g_array_index (leaving, PinionJournalEntry, i);

      if (entry->kind == PINION_STORE_OPERATION_MOVE)
        set_source (session, entry, PINION_STORE_OPERATION_COPY, source.id, source.folder);
      else if (entry->kind == PINION_STORE_OPERATION_REMOVE
               || entry->kind == PINION_STORE_OPERATION_DELETE)
        pinion_store_journal_remove (session, entry->id);
    }
  pinion_placement_set_gone (session, &source, FALSE);
}

/* What is built on the target of @entry starts from its source, and so does what is built on a copy that
 * was to come back there: that copy is the source itself.  Returns: whether the source is to stay
 * hidden. */
static gboolean
unmake_target (PinionStoreSession       *session,
               const PinionJournalEntry *entry)
{
  g_autoptr (GArray) unmade = g_array_new (FALSE, FALSE, sizeof (PinionJournalEntry));
  gboolean is_still_going = FALSE;

  g_array_append_vals (unmade, entry, 1);
  for (guint i = 0; i < unmade->len; i++)
    {
      PinionJournalEntry made = g_array_index (unmade, PinionJournalEntry, i);
      PinionPlacement target = pinion_placement_get (session, made.to_placement);
      g_autoptr (GArray) built_on = entries_from (session, target.id);

      /* The copy has been seen there: it is real. */
      if (target.id == 0 || target.uid != 0)
        continue;

      for (guint j = 0; j < built_on->len; j++)
        {
          PinionJournalEntry other = g_array_index (built_on, PinionJournalEntry, j);

          if (comes_back (session, &made, &other))
            {
              keep_source (session, &made, &other);
              pinion_store_journal_remove (session, other.id);
              if (made.kind != PINION_STORE_OPERATION_MOVE)
                other.kind = PINION_STORE_OPERATION_COPY;
              other.from_placement = made.from_placement;
              other.from_folder = made.from_folder;
              g_array_append_val (unmade, other);
            }
          else if (start_from_source (session, &made, &other))
            {
              is_still_going = TRUE;
            }
        }

      pinion_placement_remove (session, &target);
    }

  return is_still_going;
}

void
pinion_store_journal_revert (PinionStoreSession       *session,
                             const PinionJournalEntry *entry)
{
  PinionPlacement source = pinion_placement_get (session, entry->from_placement);
  gboolean stays_hidden = FALSE;

  if (entry->to_placement != 0)
    stays_hidden = unmake_target (session, entry);
  if (source.id != 0 && source.gone && !stays_hidden
      && entry->kind != PINION_STORE_OPERATION_COPY && entry->kind != PINION_STORE_OPERATION_FLAG)
    pinion_placement_set_gone (session, &source, FALSE);

  pinion_message_dirty (session, entry->message);
}

/* -- What the server did by itself ------------------------------------------------------------- */

static void
await_source (PinionStoreSession       *session,
              const PinionJournalEntry *entry)
{
  pinion_sql_run (session, "UPDATE operation SET from_placement = NULL WHERE id = ?",
                  sql_int (entry->id));
}

/* Another copy that the server has, to copy to where @entry goes.  @but: not this one. */
static gint64
find_other_source (PinionStoreSession       *session,
                   const PinionJournalEntry *entry,
                   gint64                    but)
{
  return pinion_sql_get (
    session,
    "SELECT id FROM placement WHERE message_id = ? AND id <> ? AND folder_id <> ?"
    " AND uid IS NOT NULL AND gone = 0 ORDER BY id LIMIT 1",
    sql_int (entry->message), sql_int (but), sql_int (entry->to_folder));
}

static void
lose_source (PinionStoreSession       *session,
             const PinionJournalEntry *entry,
             const PinionPlacement    *placement)
{
  gint64 other;

  switch (entry->kind)
    {
    case PINION_STORE_OPERATION_REMOVE:
    case PINION_STORE_OPERATION_DELETE:
      pinion_store_journal_remove (session, entry->id);
      break;
    case PINION_STORE_OPERATION_FLAG:
      /* The other copies have operations of their own; without any that the server knows, the next one
       * to turn up is made to agree. */
      if (pinion_sql_get (session,
                          "SELECT count(*) FROM placement WHERE message_id = ? AND id <> ?"
                          " AND uid IS NOT NULL AND gone = 0",
                          sql_int (entry->message), sql_int (placement->id))
          > 0)
        pinion_store_journal_remove (session, entry->id);
      else
        await_source (session, entry);
      break;
    case PINION_STORE_OPERATION_APPEND:
    case PINION_STORE_OPERATION_CREATE_FOLDER:
    case PINION_STORE_OPERATION_RENAME_FOLDER:
    case PINION_STORE_OPERATION_DELETE_FOLDER:
      break;
    case PINION_STORE_OPERATION_COPY:
      other = find_other_source (session, entry, placement->id);
      if (other != 0)
        set_source (session, entry, entry->kind, other,
                    pinion_placement_get (session, other).folder);
      else
        await_source (session, entry);
      break;
    case PINION_STORE_OPERATION_MOVE:
      if (pinion_placement_get (session, entry->to_placement).uid != 0)
        pinion_store_journal_remove (session, entry->id);
      else
        await_source (session, entry);
      break;
    }
}

void
pinion_store_journal_source_vanished (PinionStoreSession    *session,
                                      const PinionPlacement *placement)
{
  g_autoptr (GArray) entries = entries_from (session, placement->id);

  for (guint i = 0; i < entries->len; i++)
    lose_source (session, &g_array_index (entries, PinionJournalEntry, i), placement);
}

/* The copy that @entry was to make is there. */
static void
reach_target (PinionStoreSession       *session,
              const PinionJournalEntry *entry)
{
  PinionPlacement source = pinion_placement_get (session, entry->from_placement);

  /* The answer to what is being done comes by itself. */
  if (entry->state == PINION_STORE_OPERATION_RUNNING)
    return;

  if (entry->kind == PINION_STORE_OPERATION_MOVE && source.id != 0)
    {
      pinion_sql_run (session,
                      "UPDATE operation SET kind = ?, to_placement = NULL, uncertain = 0"
                      " WHERE id = ?",
                      sql_int (PINION_STORE_OPERATION_REMOVE), sql_int (entry->id));
      return;
    }

  pinion_store_journal_finish (session, entry, 0);
}

static void
find_source (PinionStoreSession       *session,
             const PinionJournalEntry *entry,
             const PinionPlacement    *placement)
{
  if (entry->to_folder == placement->folder)
    {
      pinion_store_journal_finish (session, entry, placement->uid);
      return;
    }

  set_source (session, entry, entry->kind, placement->id, placement->folder);
  if (entry->kind == PINION_STORE_OPERATION_MOVE)
    pinion_placement_set_gone (session, placement, TRUE);
}

static gboolean
find_waiting (PinionStoreSession *session,
              gint64              message,
              PinionJournalEntry *entry)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT " COLUMNS " FROM operation WHERE message_id = ? AND from_placement IS NULL"
    " AND kind IN (1, 2) AND state = 0 ORDER BY id LIMIT 1",
    sql_int (message));

  return read_one (&query, entry);
}

void
pinion_store_journal_source_arrived (PinionStoreSession    *session,
                                     const PinionPlacement *placement)
{
  PinionJournalEntry entry;

  if (pinion_store_journal_find_to (session, placement->id, &entry))
    reach_target (session, &entry);
  else if (find_waiting (session, placement->message, &entry))
    find_source (session, &entry, placement);
}

/* -- Confirmation ------------------------------------------------------------------------------ */

/* A copy has the text and the flags that its source had then.  Those need not be the flags that were wanted
 * when it was thought of: an operation on a flag may have had to wait for it. */
static void
inherit (PinionStoreSession       *session,
         const PinionJournalEntry *entry,
         const PinionPlacement    *target)
{
  PinionPlacement source = pinion_placement_get (session, entry->from_placement);
  PinionFlags flags = (target->server_flags & ~PINION_FLAGS_AGREEING)
                      | (source.server_flags & PINION_FLAGS_AGREEING);

  if (source.id == 0 || target->id == 0 || target->uid != 0)
    return;

  pinion_placement_set_server_flags (session, target, flags);
  pinion_placement_set_text_size (session, target, source.text_size);
}

static void
finish_target (PinionStoreSession       *session,
               const PinionJournalEntry *entry,
               guint32                   uid)
{
  PinionPlacement target = pinion_placement_get (session, entry->to_placement);

  inherit (session, entry, &target);
  if (uid == 0)
    return;

  if (target.id != 0 && target.uid == 0)
    pinion_placement_set_uid (session, &target, uid);
  else if (target.id == 0
           && pinion_placement_get_by_uid (session, entry->to_folder, uid).id == 0)
    pinion_placement_add (session, entry->to_folder, uid, entry->message,
                          pinion_placement_get (session, entry->from_placement).text_size,
                          pinion_message_get_flags (session, entry->message));
}

static void
finish_flag (PinionStoreSession       *session,
             const PinionJournalEntry *entry)
{
  PinionPlacement source = pinion_placement_get (session, entry->from_placement);
  PinionFlags flags = source.server_flags & ~entry->flag;

  if (entry->value)
    flags |= entry->flag;
  if (source.id != 0)
    pinion_placement_set_server_flags (session, &source, flags);
  if (entry->group > 0)
    pinion_message_note_flag_act (session, entry->message, entry->flag);
}

/* It is gone from Trash for good: so are the copies of its text that were thrown away with it and are still
 * on their way, which would otherwise be kept as the last ones. */
static void
finish_delete (PinionStoreSession       *session,
               const PinionJournalEntry *entry)
{
  pinion_sql_run (session,
                  "UPDATE operation SET kind = ?1 WHERE message_id = ?2 AND kind = ?3"
                  " AND to_folder = ?4 AND state = ?5 AND EXISTS (SELECT 1 FROM placement p"
                  "  JOIN placement d ON d.id = ?6 AND d.text_size = p.text_size"
                  "  WHERE p.id = operation.from_placement)",
                  sql_int (PINION_STORE_OPERATION_DELETE), sql_int (entry->message),
                  sql_int (PINION_STORE_OPERATION_REMOVE), sql_int (entry->from_folder),
                  sql_int (PINION_STORE_OPERATION_QUEUED), sql_int (entry->from_placement));
}

void
pinion_store_journal_finish (PinionStoreSession       *session,
                             const PinionJournalEntry *entry,
                             guint32                   uid)
{
  gboolean removes = entry->kind == PINION_STORE_OPERATION_MOVE
                     || entry->kind == PINION_STORE_OPERATION_REMOVE
                     || entry->kind == PINION_STORE_OPERATION_DELETE;
  gboolean makes = entry->kind == PINION_STORE_OPERATION_COPY
                   || entry->kind == PINION_STORE_OPERATION_MOVE
                   || entry->kind == PINION_STORE_OPERATION_APPEND;

  if (entry->kind == PINION_STORE_OPERATION_FLAG)
    finish_flag (session, entry);
  if (entry->kind == PINION_STORE_OPERATION_DELETE)
    finish_delete (session, entry);
  if (makes)
    finish_target (session, entry, uid);
  if (entry->kind == PINION_STORE_OPERATION_APPEND)
    pinion_store_outbox_filed (session, entry->message);

  pinion_store_journal_remove (session, entry->id);
  if (entry->kind == PINION_STORE_OPERATION_APPEND)
    pinion_store_draft_copy_made (session, entry->message);
  if (pinion_store_operation_is_import (entry->kind, entry->group))
    pinion_store_make_mail (session, entry->message);

  PinionPlacement source = pinion_placement_get (session, entry->from_placement);
  /* Flags that were to follow are to follow there. */
  if (removes && source.id != 0 && entry->to_placement != 0)
    pinion_sql_run (session,
                    "UPDATE operation SET from_placement = ?, from_folder = ?"
                    " WHERE from_placement = ? AND kind = ?",
                    sql_int (entry->to_placement), sql_int (entry->to_folder), sql_int (source.id),
                    sql_int (PINION_STORE_OPERATION_FLAG));
  if (removes && source.id != 0)
    pinion_placement_vanish (session, &source);
  if (makes)
    pinion_message_carry_flags (session, entry->message);
}

/* -- Waiting in vain --------------------------------------------------------------------------- */

/* Whether what a REMOVE is to take away stays elsewhere, word for word. */
#define STAYS_ELSEWHERE \
  "EXISTS (SELECT 1 FROM placement p JOIN placement s ON s.id = operation.from_placement" \
  " WHERE p.message_id = operation.message_id AND p.text_size = s.text_size AND p.gone = 0" \
  " AND (p.server_flags & 8) = 0)"

static GArray *
list_stuck (PinionStoreSession *session,
            gint64              account,
            gint64              before)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (PinionJournalEntry));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT " COLUMNS " FROM operation WHERE account_id = ?1 AND state = 0 AND created <= ?2"
    " AND ((kind IN (1, 2) AND from_placement IS NULL)"
    "   OR (kind = 3 AND NOT " STAYS_ELSEWHERE ")) ORDER BY id",
    sql_int (account), sql_int (before));

  while (pinion_query_next (&query))
    {
      PinionJournalEntry entry = read_entry (&query);
      g_array_append_val (entries, entry);
    }

  return entries;
}

/* The last copy is not removed: it goes where the command would have left the message. */
static void
move_last (PinionStoreSession       *session,
           const PinionJournalEntry *entry)
{
  PinionPlacement source = pinion_placement_get (session, entry->from_placement);

  if (source.id == 0 || entry->to_folder == 0 || entry->to_folder == source.folder)
    {
      pinion_store_journal_revert (session, entry);
      pinion_store_journal_remove (session, entry->id);
      pinion_message_reconcile (session, entry->message, entry->group);
      return;
    }

  gint64 target = pinion_placement_add (session, entry->to_folder, 0, entry->message,
                                        source.text_size, source.server_flags);
  pinion_sql_run (session, "UPDATE operation SET kind = ?, to_placement = ? WHERE id = ?",
                  sql_int (PINION_STORE_OPERATION_MOVE), sql_int (target), sql_int (entry->id));
  session->operations = TRUE;
  pinion_message_reconcile (session, entry->message, entry->group);
}

/* Reads @entry anew: what was settled before it may have taken it along, or given it what it waits for.  Of
 * several copies that are to go, only one is the last. */
static gboolean
waits_still (PinionStoreSession *session,
             PinionJournalEntry *entry)
{
  if (!pinion_store_journal_get (session, entry->id, entry))
    return FALSE;
  if (entry->kind != PINION_STORE_OPERATION_REMOVE)
    return entry->from_placement == 0;

  return pinion_sql_get (session, "SELECT " STAYS_ELSEWHERE " FROM operation WHERE id = ?",
                         sql_int (entry->id))
         == 0;
}

/* Whether another copy lies where @entry was to bring one. */
static gboolean
is_there (PinionStoreSession       *session,
          const PinionJournalEntry *entry)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM placement WHERE message_id = ?"
                         " AND folder_id = ? AND uid IS NOT NULL AND gone = 0)",
                         sql_int (entry->message), sql_int (entry->to_folder))
         != 0;
}

void
pinion_store_journal_settle_waiting (PinionStoreSession *session,
                                     gint64              account,
                                     gint64              before)
{
  g_autoptr (GArray) entries = list_stuck (session, account, before);

  for (guint i = 0; i < entries->len; i++)
    {
      PinionJournalEntry *entry = &g_array_index (entries, PinionJournalEntry, i);
      gint64 other;

      if (!waits_still (session, entry))
        continue;

      other = find_other_source (session, entry, 0);
      if (entry->kind == PINION_STORE_OPERATION_REMOVE)
        {
          move_last (session, entry);
        }
      else if (other != 0)
        {
          set_source (session, entry, PINION_STORE_OPERATION_COPY, other,
                      pinion_placement_get (session, other).folder);
        }
      else if (is_there (session, entry))
        {
          pinion_store_journal_revert (session, entry);
          pinion_store_journal_remove (session, entry->id);
          pinion_message_reconcile (session, entry->message, 0);
        }
      else
        {
          g_autoptr (GError) error = pinion_error_new (PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP,
                                                       PINION_STAGE_NONE,
                                                       "the message is not on the server any more");
          pinion_store_operation_give_up (session, entry->id, error);
        }
    }
}
