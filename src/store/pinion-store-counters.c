/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-counters.h"

#include "pinion-store-mirror.h"
#include "pinion-store-rows.h"

/* After so many threads their rows are written. */
#define MOST_WAITING 100

/* What one thread has in one view. */
typedef struct
{
  gint64 view;
  gint64 date;
  int messages;
  int unread;
} Row;

/* What one view gained, over all threads. */
typedef struct
{
  gint64 view;
  int threads;
  int messages;
  int unread;
} Gain;

/* A message while its placements go by. */
typedef struct
{
  gint64 id;
  gint64 account;
  gint64 date;
  PinionFlags flags;
  gboolean is_local_draft;
  gboolean is_draft;
  gboolean is_in_all;

  /* See schema-007.sql; 0 where it was never put off. */
  gint64 until;
  gint64 back;
  gboolean is_fresh;
} Message;

static void
count_at (GArray        *rows,
          gint64         view,
          const Message *message,
          gint64         date)
{
  int unread = (message->flags & PINION_FLAG_SEEN) == 0 || message->is_fresh;

  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = &g_array_index (rows, Row, i);

      if (row->view == view)
        {
          row->date = MAX (row->date, date);
          row->messages++;
          row->unread += unread;
          return;
        }
    }

  Row row = { view, date, 1, unread };
  g_array_append_val (rows, row);
}

static void
count_in (GArray        *rows,
          gint64         view,
          const Message *message)
{
  count_at (rows, view, message, message->date);
}

static gint64
find_drafts_folder (PinionStoreSession *session,
                    gint64              account)
{
  return pinion_sql_get (session, "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                         sql_int (account), sql_int (PINION_FOLDER_ROLE_DRAFTS));
}

/* After the last placement of @message. */
static void
count_virtual (PinionStoreSession *session,
               GArray             *rows,
               const Message      *message)
{
  gint64 drafts;

  if (message->id == 0)
    return;

  if (message->is_in_all)
    count_in (rows, pinion_store_virtual_view (message->account, PINION_STORE_VIRTUAL_ALL),
              message);
  if (message->is_in_all && (message->flags & PINION_FLAG_FLAGGED) != 0)
    count_in (rows, pinion_store_virtual_view (message->account, PINION_STORE_VIRTUAL_STARRED),
              message);
  if (message->is_local_draft || message->is_draft)
    count_in (rows, pinion_store_virtual_view (message->account, PINION_STORE_VIRTUAL_DRAFTS),
              message);
  if (message->is_local_draft && (drafts = find_drafts_folder (session, message->account)) != 0)
    count_in (rows, drafts, message);
}

/* What is put off lies elsewhere; what came back stands where it came back. */
static void
count_inbox (GArray        *rows,
             const Message *message,
             gint64         folder)
{
  if (message->until != 0 && message->back == 0)
    count_at (rows, pinion_store_virtual_view (message->account, PINION_STORE_VIRTUAL_SNOOZED),
              message, -message->until);
  else
    count_at (rows, folder, message, MAX (message->date, message->back));
}

static void
count_placement (GArray          *rows,
                 Message         *message,
                 gint64           folder,
                 PinionFolderRole role)
{
  if (role == PINION_FOLDER_ROLE_INBOX)
    count_inbox (rows, message, folder);
  else
    count_in (rows, folder, message);
  if (role == PINION_FOLDER_ROLE_DRAFTS)
    message->is_draft = TRUE;
  else if (role != PINION_FOLDER_ROLE_TRASH && role != PINION_FOLDER_ROLE_JUNK)
    message->is_in_all = TRUE;
}

/* Returns: whether @folder is not one of @folders yet. */
static gboolean
note_folder (GArray *folders,
             gint64  folder)
{
  for (guint i = 0; i < folders->len; i++)
    {
      if (g_array_index (folders, gint64, i) == folder)
        return FALSE;
    }
  g_array_append_val (folders, folder);

  return TRUE;
}

#define MESSAGE_COLUMNS "m.id, m.account_id, m.date, m.flags, m.local_draft, p.folder_id, f.role"
#define PLACED_MESSAGES \
  " FROM message m LEFT JOIN placement p ON p.message_id = m.id AND " PINION_STORE_SHOWN \
  " LEFT JOIN folder f ON f.id = p.folder_id"
#define IN_ORDER " WHERE m.thread_id = ? ORDER BY m.id"

/* Nearly always nothing was ever put off, which is asked once for many threads. */
static gboolean
has_snoozes (PinionStoreSession *session)
{
  return pinion_sql_get (session, "SELECT EXISTS (SELECT 1 FROM snooze)") != 0;
}

static PinionQuery
query_thread (PinionStoreSession *session,
              gint64              thread,
              gboolean            snoozes)
{
  if (!snoozes)
    return pinion_query (session, "SELECT " MESSAGE_COLUMNS ", NULL, NULL, NULL" PLACED_MESSAGES
                                  IN_ORDER, sql_int (thread));

  return pinion_query (session, "SELECT " MESSAGE_COLUMNS ", s.until, s.back, s.fresh"
                                PLACED_MESSAGES
                                " LEFT JOIN snooze s ON s.account_id = m.account_id"
                                " AND s.key = m.key" IN_ORDER, sql_int (thread));
}

/* Returns: whether the thread has messages at all. */
static gboolean
count_thread (PinionStoreSession *session,
              gint64              thread,
              gboolean            snoozes,
              GArray             *rows)
{
  Message message = { 0 };
  g_autoptr (GArray) folders = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (PinionQuery) query = query_thread (session, thread, snoozes);

  while (pinion_query_next (&query))
    {
      gint64 id = pinion_query_int (&query, 0);
      gint64 folder = pinion_query_int (&query, 5);

      if (id != message.id)
        {
          count_virtual (session, rows, &message);
          message = (Message) {
            .id = id,
            .account = pinion_query_int (&query, 1),
            .date = pinion_query_int (&query, 2),
            .flags = (PinionFlags) pinion_query_int (&query, 3),
            .is_local_draft = pinion_query_int (&query, 4) != 0,
            .until = pinion_query_int (&query, 7),
            .back = pinion_query_int (&query, 8),
            .is_fresh = pinion_query_int (&query, 9) != 0,
          };
          g_array_set_size (folders, 0);
        }
      /* Two copies in one folder are one message there. */
      if (folder != 0 && note_folder (folders, folder))
        count_placement (rows, &message, folder, (PinionFolderRole) pinion_query_int (&query, 6));
    }
  count_virtual (session, rows, &message);

  return message.id != 0;
}

/* -- New threads ---------------------------------------------------------------------------- */

void
pinion_store_counters_add_newcomer (PinionStoreSession        *session,
                                    const PinionStoreNewcomer *newcomer)
{
  g_array_append_vals (session->newcomers, newcomer, 1);
}

static int
compare_newcomers (gconstpointer a,
                   gconstpointer b)
{
  const PinionStoreNewcomer *one = a;
  const PinionStoreNewcomer *two = b;

  if (one->thread != two->thread)
    return one->thread < two->thread ? -1 : 1;

  return one->id < two->id ? -1 : one->id > two->id;
}

static gboolean
is_new (PinionStoreSession *session,
        gint64              thread)
{
  return session->new_threads != 0 && thread >= session->new_threads;
}

/* What count_thread() would find.  @next: the first of the newcomers, which are in order, that
 * may be the thread's.  Returns: whether there are any. */
static gboolean
count_newcomers (PinionStoreSession *session,
                 gint64              thread,
                 guint              *next,
                 GArray             *rows)
{
  gboolean found = FALSE;

  for (; *next < session->newcomers->len; ++*next)
    {
      const PinionStoreNewcomer *newcomer
        = &g_array_index (session->newcomers, PinionStoreNewcomer, *next);
      Message message = { newcomer->id, newcomer->account, newcomer->date, newcomer->flags };

      if (newcomer->thread > thread)
        break;
      if (newcomer->thread < thread)
        continue;

      found = TRUE;
      if (newcomer->is_shown)
        count_placement (rows, &message, newcomer->folder, newcomer->role);
      count_virtual (session, rows, &message);
    }

  return found;
}

/* -- Differences ---------------------------------------------------------------------------- */

static void
gain (GArray *gains,
      gint64  view,
      int     threads,
      int     messages,
      int     unread)
{
  for (guint i = 0; i < gains->len; i++)
    {
      Gain *known = &g_array_index (gains, Gain, i);

      if (known->view == view)
        {
          known->threads += threads;
          known->messages += messages;
          known->unread += unread;
          return;
        }
    }

  Gain new_gain = { view, threads, messages, unread };
  g_array_append_val (gains, new_gain);
}

/* Takes the row of @view out of @rows; %FALSE if there is none. */
static gboolean
take_row (GArray *rows,
          gint64  view,
          Row    *row)
{
  for (guint i = 0; i < rows->len; i++)
    {
      if (g_array_index (rows, Row, i).view == view)
        {
          *row = g_array_index (rows, Row, i);
          g_array_remove_index_fast (rows, i);
          return TRUE;
        }
    }

  return FALSE;
}

static GArray *
read_old_rows (PinionStoreSession *session,
               gint64              thread)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT view_id, date, messages, unread FROM thread_view WHERE thread_id = ?",
    sql_int (thread));

  while (pinion_query_next (&query))
    {
      Row row = {
        .view = pinion_query_int (&query, 0),
        .date = pinion_query_int (&query, 1),
        .messages = (int) pinion_query_int (&query, 2),
        .unread = (int) pinion_query_int (&query, 3),
      };
      g_array_append_val (rows, row);
    }

  return rows;
}

static void
replace_row (PinionStoreSession *session,
             gint64              thread,
             const Row          *old_row,
             const Row          *new_row,
             GArray             *gains)
{
  if (old_row->date == new_row->date && old_row->messages == new_row->messages
      && old_row->unread == new_row->unread)
    return;

  pinion_sql_run (session,
                  "UPDATE thread_view SET date = ?, messages = ?, unread = ?"
                  " WHERE thread_id = ? AND view_id = ?",
                  sql_int (new_row->date), sql_int (new_row->messages), sql_int (new_row->unread),
                  sql_int (thread), sql_int (old_row->view));
  gain (gains, old_row->view, 0, new_row->messages - old_row->messages,
        new_row->unread - old_row->unread);
}

/* What is left in @new_rows afterwards was not there before. */
static void
update_old_rows (PinionStoreSession *session,
                 gint64              thread,
                 GArray             *new_rows,
                 GArray             *gains)
{
  g_autoptr (GArray) old_rows = read_old_rows (session, thread);

  for (guint i = 0; i < old_rows->len; i++)
    {
      Row *old_row = &g_array_index (old_rows, Row, i);
      Row new_row;

      if (take_row (new_rows, old_row->view, &new_row))
        {
          replace_row (session, thread, old_row, &new_row, gains);
          continue;
        }

      pinion_sql_run (session, "DELETE FROM thread_view WHERE thread_id = ? AND view_id = ?",
                      sql_int (thread), sql_int (old_row->view));
      gain (gains, old_row->view, -1, -old_row->messages, -old_row->unread);
    }
}

static PinionStoreTable thread_view_table = {
  "INSERT OR FAIL INTO thread_view (thread_id, view_id, date, messages, unread) VALUES ", 5
};

/* @new_rows: of the threads; nobody reads them again here. */
static void
update_thread (PinionStoreSession *session,
               gint64              thread,
               gboolean            snoozes,
               guint              *next_newcomer,
               GArray             *rows,
               PinionStoreRows    *new_rows,
               GArray             *gains)
{
  g_array_set_size (rows, 0);
  gboolean is_quiet = !snoozes && is_new (session, thread)
                      && !g_hash_table_contains (session->unquiet, &thread);
  gboolean has_messages = (is_quiet && count_newcomers (session, thread, next_newcomer, rows))
                          || count_thread (session, thread, snoozes, rows);

  if (!is_new (session, thread))
    update_old_rows (session, thread, rows, gains);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      const PinionSqlValue values[] = {
        sql_int (thread), sql_int (row->view), sql_int (row->date), sql_int (row->messages),
        sql_int (row->unread),
      };

      pinion_store_rows_add (new_rows, values);
      gain (gains, row->view, 1, row->messages, row->unread);
    }

  if (!has_messages)
    pinion_sql_run (session, "DELETE FROM thread WHERE id = ?", sql_int (thread));
}

static void
apply_gain (PinionStoreSession *session,
            const Gain         *change)
{
  pinion_store_session_touch_view (session, change->view);
  if (change->threads == 0 && change->messages == 0 && change->unread == 0)
    return;

  pinion_sql_run (session,
                  "INSERT INTO view_total (view_id, threads, messages, unread)"
                  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (view_id) DO UPDATE"
                  " SET threads = threads + ?2, messages = messages + ?3, unread = unread + ?4",
                  sql_int (change->view), sql_int (change->threads), sql_int (change->messages),
                  sql_int (change->unread));
}

void
pinion_store_counters_update (PinionStoreSession *session)
{
  if (session->dirty->len == 0 || session->error != NULL)
    return;

  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr (GArray) gains = g_array_new (FALSE, FALSE, sizeof (Gain));

  gboolean snoozes = has_snoozes (session);
  guint next_newcomer = 0;
  g_auto (PinionStoreRows) new_rows;
  pinion_store_rows_init (&new_rows, &thread_view_table);
  pinion_store_ids_settle (session->dirty);
  g_array_sort (session->newcomers, compare_newcomers);
  for (guint i = 0; i < session->dirty->len; i++)
    {
      update_thread (session, g_array_index (session->dirty, gint64, i), snoozes, &next_newcomer,
                     rows, &new_rows, gains);
      if (i % MOST_WAITING == MOST_WAITING - 1)
        pinion_store_rows_write_most (&new_rows, session);
    }
  pinion_store_rows_write (&new_rows, session);
  for (guint i = 0; i < gains->len; i++)
    apply_gain (session, &g_array_index (gains, Gain, i));

  pinion_store_session_clean (session);
}

void
pinion_store_counters_dirty_folder (PinionStoreSession *session,
                                    gint64              folder_id)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.thread_id FROM placement p JOIN message m ON m.id = p.message_id"
    " WHERE p.folder_id = ?",
    sql_int (folder_id));

  while (pinion_query_next (&query))
    pinion_store_session_dirty (session, pinion_query_int (&query, 0));
}

void
pinion_store_counters_dirty_drafts (PinionStoreSession *session,
                                    gint64              folder_id)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT thread_id FROM message INDEXED BY message_draft WHERE local_draft = 1"
    " AND account_id = (SELECT account_id FROM folder WHERE id = ?)",
    sql_int (folder_id));

  while (pinion_query_next (&query))
    pinion_store_session_dirty (session, pinion_query_int (&query, 0));
}

/* -- For the doctor ---------------------------------------------------------------------------- */

static gboolean
is_same_row (const Row *a,
             const Row *b)
{
  return a->view == b->view && a->date == b->date && a->messages == b->messages
         && a->unread == b->unread;
}

static void
check_thread (PinionStoreSession          *session,
              gint64                       thread,
              gboolean                     snoozes,
              GArray                      *rows,
              PinionStoreCountersWrongFunc func,
              gpointer                     user_data)
{
  g_autoptr (GArray) kept = read_old_rows (session, thread);

  g_array_set_size (rows, 0);
  count_thread (session, thread, snoozes, rows);

  for (guint i = 0; i < kept->len; i++)
    {
      const Row *row = &g_array_index (kept, Row, i);
      Row real;

      if (!take_row (rows, row->view, &real) || !is_same_row (row, &real))
        func (thread, row->view, user_data);
    }
  for (guint i = 0; i < rows->len; i++)
    func (thread, g_array_index (rows, Row, i).view, user_data);
}

void
pinion_store_counters_check (PinionStoreSession          *session,
                             PinionStoreCountersWrongFunc func,
                             gpointer                     user_data)
{
  g_autoptr (GArray) threads = pinion_sql_ids (session, "SELECT id FROM thread ORDER BY id");
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  gboolean snoozes = has_snoozes (session);

  for (guint i = 0; i < threads->len; i++)
    check_thread (session, g_array_index (threads, gint64, i), snoozes, rows, func, user_data);
}
