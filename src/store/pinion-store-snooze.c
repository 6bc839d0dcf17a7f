/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-snooze-private.h"

#include "pinion-store-counters.h"
#include "pinion-store-placements.h"

#define SECONDS_PER_DAY 86400
#define RESCUE_GROUP "snoozed"

/* One message that is put off, or could be.  @until: 0 where it is not. */
typedef struct
{
  gint64 account;
  gint64 key;
  gint64 since;
  gint64 until;
  gint64 back;
  gboolean fresh;
  gint64 message;
  gint64 thread;
} Snooze;

#define LIES_IN_INBOX \
  "EXISTS (SELECT 1 FROM placement p JOIN folder f ON f.id = p.folder_id AND f.role = 1" \
  " WHERE p.message_id = m.id AND p.gone = 0 AND (p.server_flags & 8) = 0)"

static GArray *
read_rows (PinionQuery *query)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Snooze));

  while (pinion_query_next (query))
    {
      Snooze row = {
        .account = pinion_query_int (query, 0),
        .key = pinion_query_int (query, 1),
        .since = pinion_query_int (query, 2),
        .until = pinion_query_int (query, 3),
        .back = pinion_query_int (query, 4),
        .fresh = pinion_query_int (query, 5) != 0,
        .message = pinion_query_int (query, 6),
        .thread = pinion_query_int (query, 7),
      };
      g_array_append_val (rows, row);
    }

  return rows;
}

/* The messages of @thread in the Inbox, oldest first, whether put off or not. */
static GArray *
read_inbox (PinionStoreSession *session,
            gint64              thread)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.account_id, m.key, coalesce (s.since, 0), coalesce (s.until, 0),"
    " coalesce (s.back, 0), coalesce (s.fresh, 0), m.id, m.thread_id FROM message m"
    " LEFT JOIN snooze s ON s.account_id = m.account_id AND s.key = m.key"
    " WHERE m.thread_id = ? AND " LIES_IN_INBOX " ORDER BY m.date, m.id",
    sql_int (thread));

  return read_rows (&query);
}

static void
tell (PinionStoreSession *session,
      const Snooze       *row)
{
  if (row->message == 0)
    return;

  pinion_store_session_dirty (session, row->thread);
  pinion_store_session_touch (session, row->thread, row->message);
}

static void
write_row (PinionStoreSession *session,
           const Snooze       *row)
{
  if (row->until == 0)
    pinion_sql_run (session, "DELETE FROM snooze WHERE account_id = ? AND key = ?",
                    sql_int (row->account), sql_int (row->key));
  else
    pinion_sql_run (session,
                    "INSERT INTO snooze (account_id, key, since, until, back, fresh)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id, key) DO UPDATE"
                    " SET since = ?3, until = ?4, back = ?5, fresh = ?6",
                    sql_int (row->account), sql_int (row->key), sql_int (row->since),
                    sql_int (row->until), sql_int (row->back), sql_int (row->fresh));

  tell (session, row);
  session->rescue = TRUE;
}

static void
note (PinionStoreSession *session,
      PinionUndoGroup    *group,
      const Snooze       *before)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_snooze (group_id, account_id, key, since, until, back, fresh)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?)",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (before->account),
                  sql_int (before->key), sql_int (before->since), sql_int (before->until),
                  sql_int (before->back), sql_int (before->fresh));
}

static GArray *
find_threads (PinionStoreSession *session,
              GArray             *messages)
{
  GArray *threads = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < messages->len; i++)
    {
      gint64 thread
        = pinion_message_get_thread (session, g_array_index (messages, gint64, i));

      if (thread != 0)
        g_array_append_val (threads, thread);
    }
  pinion_store_ids_settle (threads);

  return threads;
}

/* @until: 0 for not any more. */
static void
put_off (PinionStoreSession *session,
         PinionUndoGroup    *group,
         gint64              thread,
         gint64              until)
{
  g_autoptr (GArray) rows = read_inbox (session, thread);

  for (guint i = 0; i < rows->len; i++)
    {
      Snooze *row = &g_array_index (rows, Snooze, i);

      if (row->until == until && row->back == 0)
        continue;

      note (session, group, row);
      row->since = session->now;
      row->until = until;
      row->back = 0;
      row->fresh = FALSE;
      write_row (session, row);
    }
}

static gint64
put_off_all (PinionStoreSession *session,
             GArray             *messages,
             gint64              until)
{
  PinionUndoGroup group = { 0 };
  g_autoptr (GArray) threads = find_threads (session, messages);

  for (guint i = 0; i < threads->len; i++)
    put_off (session, &group, g_array_index (threads, gint64, i), until);

  return group.id;
}

gint64
pinion_store_command_snooze (PinionStoreSession *session,
                             GArray             *messages,
                             gint64              until)
{
  if (until <= session->now)
    {
      pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                 "this moment has passed");
      return 0;
    }

  return put_off_all (session, messages, until);
}

gint64
pinion_store_command_unsnooze (PinionStoreSession *session,
                               GArray             *messages)
{
  return put_off_all (session, messages, 0);
}

/* -- Coming back ---------------------------------------------------------------------------- */

/* The newest one makes the conversation unread. */
static void
bring_back (PinionStoreSession *session,
            gint64              thread,
            gboolean            due_only,
            gboolean            fresh)
{
  g_autoptr (GArray) rows = read_inbox (session, thread);

  for (guint i = rows->len; i > 0; i--)
    {
      Snooze *row = &g_array_index (rows, Snooze, i - 1);

      if (row->until == 0 || row->back != 0 || (due_only && row->until > session->now))
        continue;

      row->back = session->now;
      row->fresh = fresh;
      fresh = FALSE;
      write_row (session, row);
    }
}

/* What lies in no Inbox any more has nowhere to come back to. */
static void
forget_strays (PinionStoreSession *session)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT s.account_id, s.key, s.since, s.until, s.back, s.fresh, coalesce (m.id, 0),"
    " coalesce (m.thread_id, 0) FROM snooze s"
    " LEFT JOIN message m ON m.account_id = s.account_id AND m.key = s.key"
    " WHERE (s.back > 0 OR s.until <= ?) AND (m.id IS NULL OR NOT " LIES_IN_INBOX ")",
    sql_int (session->now));
  g_autoptr (GArray) rows = read_rows (&query);

  for (guint i = 0; i < rows->len; i++)
    {
      Snooze *row = &g_array_index (rows, Snooze, i);

      row->until = 0;
      write_row (session, row);
    }
}

guint
pinion_store_snooze_wake (PinionStoreSession *session)
{
  g_autoptr (GArray) threads = pinion_sql_ids (
    session,
    "SELECT DISTINCT m.thread_id FROM snooze s"
    " JOIN message m ON m.account_id = s.account_id AND m.key = s.key"
    " WHERE s.back = 0 AND s.until <= ? AND " LIES_IN_INBOX,
    sql_int (session->now));

  forget_strays (session);
  for (guint i = 0; i < threads->len; i++)
    bring_back (session, g_array_index (threads, gint64, i), TRUE, TRUE);

  return threads->len;
}

/* Mail that is new here only, because more of the past is kept now, answers nothing. */
static gboolean
is_answer (PinionStoreSession *session,
           gint64              message,
           gint64              folder,
           gint64              since)
{
  return pinion_sql_get (
           session,
           "SELECT iif (m.received = 0, m.date, m.received) >= ?3"
           " AND f.role NOT IN (2, 3, 4, 5) AND (f.role = 1 OR NOT"
           " (m.from_address = a.email COLLATE NOCASE OR EXISTS (SELECT 1 FROM alias"
           "   WHERE account_id = a.id AND address = m.from_address COLLATE NOCASE)))"
           " FROM message m JOIN account a ON a.id = m.account_id JOIN folder f ON f.id = ?2"
           " WHERE m.id = ?1",
           sql_int (message), sql_int (folder), sql_int (since - SECONDS_PER_DAY))
         != 0;
}

gboolean
pinion_snooze_has_any (PinionStoreSession *session)
{
  return pinion_sql_get (session, "SELECT EXISTS (SELECT 1 FROM snooze WHERE back = 0)") != 0;
}

void
pinion_snooze_notice_arrival (PinionStoreSession *session,
                              gint64              message,
                              gint64              folder)
{
  gint64 thread = pinion_message_get_thread (session, message);
  gint64 since = pinion_sql_get (
    session,
    "SELECT max (s.since) FROM message m"
    " JOIN snooze s ON s.account_id = m.account_id AND s.key = m.key AND s.back = 0"
    " WHERE m.thread_id = ?1 AND m.id <> ?2",
    sql_int (thread), sql_int (message));

  if (since != 0 && is_answer (session, message, folder, since))
    bring_back (session, thread, FALSE, FALSE);
}

void
pinion_snooze_notice_read (PinionStoreSession *session,
                           gint64              message)
{
  int n = pinion_sql_run (session,
                          "UPDATE snooze SET fresh = 0 WHERE fresh = 1 AND (account_id, key) ="
                          " (SELECT account_id, key FROM message WHERE id = ?)",
                          sql_int (message));

  if (n > 0)
    {
      gint64 thread = pinion_message_get_thread (session, message);

      pinion_store_session_dirty (session, thread);
      pinion_store_session_touch (session, thread, message);
    }
}

guint
pinion_snooze_undo (PinionStoreSession *session,
                    PinionUndoGroup    *group)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT u.account_id, u.key, u.since, u.until, u.back, u.fresh, coalesce (m.id, 0),"
    " coalesce (m.thread_id, 0) FROM undo_snooze u"
    " LEFT JOIN message m ON m.account_id = u.account_id AND m.key = u.key"
    " WHERE u.group_id = ? AND u.account_id IN (SELECT id FROM account) ORDER BY u.id DESC",
    sql_int (group->id));
  g_autoptr (GArray) rows = read_rows (&query);

  for (guint i = 0; i < rows->len; i++)
    write_row (session, &g_array_index (rows, Snooze, i));

  return rows->len;
}

/* -- Looking -------------------------------------------------------------------------------- */

PinionSnoozeState
pinion_snooze_of_thread (PinionStoreSession *session,
                         gint64              thread)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT min (CASE WHEN s.back = 0 THEN s.until END), max (s.back), max (s.fresh)"
    " FROM message m JOIN snooze s ON s.account_id = m.account_id AND s.key = m.key"
    " WHERE m.thread_id = ? AND " LIES_IN_INBOX,
    sql_int (thread));
  PinionSnoozeState state = { 0 };

  if (pinion_query_next (&query))
    {
      state.until = pinion_query_int (&query, 0);
      state.back = pinion_query_int (&query, 1);
      state.fresh = pinion_query_int (&query, 2) != 0;
    }

  return state;
}

GArray *
pinion_store_snoozed_list (PinionStoreSession *session,
                           gint64             *due)
{
  g_autoptr (GArray) accounts = pinion_sql_ids (session, "SELECT id FROM account");
  GArray *list = g_array_new (FALSE, FALSE, sizeof (PinionStoreSnoozed));

  *due = pinion_sql_get (session,
                         "SELECT coalesce (min (until), 9223372036854775807) FROM snooze"
                         " WHERE back = 0");

  for (guint i = 0; i < accounts->len; i++)
    {
      gint64 account = g_array_index (accounts, gint64, i);
      gint64 view = pinion_store_virtual_view (account, PINION_STORE_VIRTUAL_SNOOZED);
      PinionStoreSnoozed snoozed = {
        .account_id = account,
        .threads = pinion_sql_get (session, "SELECT threads FROM view_total WHERE view_id = ?",
                                   sql_int (view)),
        /* Kept as its opposite: the first to come back is the first of the list. */
        .next = -pinion_sql_get (session, "SELECT max (date) FROM thread_view WHERE view_id = ?",
                                 sql_int (view)),
      };

      if (snoozed.threads > 0)
        g_array_append_val (list, snoozed);
    }

  return list;
}

/* -- Rescue --------------------------------------------------------------------------------- */

void
pinion_snooze_to_key_file (PinionStoreSession *session,
                           GKeyFile           *file)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT account_id, key, since, until FROM snooze WHERE back = 0");

  while (pinion_query_next (&query))
    {
      g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                                               pinion_query_int (&query, 0),
                                               pinion_query_int (&query, 1));
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                                                pinion_query_int (&query, 2),
                                                pinion_query_int (&query, 3));

      g_key_file_set_string (file, RESCUE_GROUP, name, value);
    }
}

/* "12.34" */
static gboolean
parse_pair (const char *text,
            gint64     *first,
            gint64     *second)
{
  char *end = NULL;

  *first = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end != '.')
    return FALSE;

  *second = g_ascii_strtoll (end + 1, &end, 10);
  return *end == '\0';
}

void
pinion_snooze_restore (PinionStoreSession *session,
                       GKeyFile           *file)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, RESCUE_GROUP, NULL, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_string (file, RESCUE_GROUP, names[i], NULL);
      Snooze row = { 0 };

      if (value != NULL && parse_pair (names[i], &row.account, &row.key)
          && parse_pair (value, &row.since, &row.until) && row.until > 0
          && pinion_sql_get (session, "SELECT id FROM account WHERE id = ?",
                             sql_int (row.account))
               != 0)
        write_row (session, &row);
    }
}
