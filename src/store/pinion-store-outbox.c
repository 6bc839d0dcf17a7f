/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-outbox-private.h"

#include "pinion-store-commands.h"
#include "pinion-store-draft-copies-private.h"
#include "pinion-store-file-queue.h"
#include "pinion-store-journal.h"
#include "pinion-store-keys.h"
#include "pinion-store-messages.h"

#define SELECT_ITEMS \
  "SELECT o.id, o.account_id, o.message_id, m.body_place, o.sender, o.recipients, m.subject," \
  " o.state, o.created, o.send_at, o.tries, o.next_try, o.error_code, o.error_text, m.reply_to" \
  " FROM outbox o JOIN message m ON m.id = o.message_id "

/* Until when the server wants nothing of account ?1 */
#define PAUSE \
  "(SELECT coalesce (max (next_try), 0) FROM outbox WHERE account_id = ?1 AND state = 0" \
  " AND error_code IN ('throttled', 'too-many-connections'))"

G_DEFINE_BOXED_TYPE (PinionStoreOutboxItem,
                     pinion_store_outbox_item,
                     pinion_store_outbox_item_ref,
                     pinion_store_outbox_item_unref)

static const char *const state_names[] = { "queued", "sending", "submitted", "failed",
                                           "uncertain" };

static void
clear (gpointer data)
{
  PinionStoreOutboxItem *self = data;

  g_free (self->path);
  g_free (self->sender);
  g_strfreev (self->recipients);
  g_free (self->subject);
  g_free (self->error_code);
  g_free (self->error_text);
}

PinionStoreOutboxItem *
pinion_store_outbox_item_ref (PinionStoreOutboxItem *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_outbox_item_unref (PinionStoreOutboxItem *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

const char *
pinion_store_outbox_state_to_string (PinionStoreOutboxState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

/* -- Reading ----------------------------------------------------------------------------------- */

static PinionStoreOutboxItem *
read_item (PinionStoreSession *session,
           PinionQuery        *query)
{
  PinionStoreOutboxItem *self = g_atomic_rc_box_new0 (PinionStoreOutboxItem);

  self->id = pinion_query_int (query, 0);
  self->account_id = pinion_query_int (query, 1);
  self->message_id = pinion_query_int (query, 2);
  self->path = pinion_store_dup_body_path (pinion_store_get_dir (session->store),
                                           (PinionStorePlace) pinion_query_int (query, 3),
                                           self->message_id);
  self->sender = pinion_query_dup_text (query, 4);
  self->recipients = g_strsplit (pinion_query_text (query, 5), "\n", -1);
  self->subject = pinion_query_dup_text (query, 6);
  self->state = (PinionStoreOutboxState) pinion_query_int (query, 7);
  self->created = pinion_query_int (query, 8);
  self->send_at = pinion_query_int (query, 9);
  self->tries = (guint) pinion_query_int (query, 10);
  self->next_try = pinion_query_int (query, 11);
  self->error_code = pinion_query_dup_text (query, 12);
  self->error_text = pinion_query_dup_text (query, 13);
  self->reply_to = pinion_query_int (query, 14);

  return self;
}

GPtrArray *
pinion_store_outbox_list (PinionStoreSession *session,
                          gint64              account_id)
{
  GPtrArray *items
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_outbox_item_unref);
  g_auto (PinionQuery) query = pinion_query (
    session, SELECT_ITEMS "WHERE ?1 = 0 OR o.account_id = ?1 ORDER BY o.id", sql_int (account_id));

  while (pinion_query_next (&query))
    g_ptr_array_add (items, read_item (session, &query));

  return items;
}

PinionStoreOutboxItem *
pinion_store_outbox_get (PinionStoreSession *session,
                         gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (session, SELECT_ITEMS "WHERE o.id = ?", sql_int (id));

  return pinion_query_next (&query) ? read_item (session, &query) : NULL;
}

PinionStoreOutboxItem *
pinion_store_outbox_get_due (PinionStoreSession *session,
                             gint64              account_id,
                             gint64              now)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    SELECT_ITEMS "WHERE o.account_id = ?1 AND o.state = 0 AND o.send_at <= ?2"
                 " AND o.next_try <= ?2 AND " PAUSE " <= ?2 ORDER BY o.id LIMIT 1",
    sql_int (account_id), sql_int (now));

  return pinion_query_next (&query) ? read_item (session, &query) : NULL;
}

gint64
pinion_store_outbox_next_due (PinionStoreSession *session,
                              gint64              account_id)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT min (max (send_at, next_try, " PAUSE ")) FROM outbox"
    " WHERE account_id = ?1 AND state = 0",
    sql_int (account_id));

  if (!pinion_query_next (&query) || pinion_query_is_null (&query, 0))
    return G_MAXINT64;

  return pinion_query_int (&query, 0);
}

gboolean
pinion_store_outbox_is_sending (PinionStoreSession *session,
                                gint64              account_id)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM outbox WHERE account_id = ? AND state = ?)",
                         sql_int (account_id), sql_int (PINION_STORE_OUTBOX_SENDING)) != 0;
}

/* -- Adding ------------------------------------------------------------------------------------ */

static void
changed (PinionStoreSession *session)
{
  session->outbox = TRUE;
  session->rescue = TRUE;
  session->durable = TRUE;
}

gint64
pinion_store_new_local_key (void)
{
  return -(gint64) ((((guint64) g_random_int () << 32) | g_random_int ()) >> 1) - 1;
}

void
pinion_store_keep_raw (PinionStoreSession *session,
                       gint64              message,
                       gboolean            is_draft,
                       GBytes             *raw)
{
  PinionStorePlace place = is_draft ? PINION_STORE_PLACE_DRAFTS : PINION_STORE_PLACE_OUTBOX;
  g_autofree char *path = pinion_store_dup_body_path (pinion_store_get_dir (session->store), place,
                                                      message);
  g_autoptr (GError) error = NULL;

  if (session->error != NULL)
    return;

  if (!pinion_store_write_durably (path, raw, &error))
    {
      pinion_store_session_fail (session, (PinionErrorCode) error->code, "%s", error->message);
      return;
    }

  pinion_store_file_queue_drop (session, message, place);
  pinion_message_set_body (session, message, place, g_bytes_get_size (raw));
}

/* The key by which its copy in Sent is recognised, unless another message has it. */
static gint64
choose_key (PinionStoreSession        *session,
            const PinionStoreOutgoing *outgoing)
{
  gint64 key = pinion_store_key_of_message (&outgoing->header, g_bytes_get_size (outgoing->raw));
  gint64 holder = pinion_sql_get (session,
                                  "SELECT id FROM message WHERE account_id = ? AND key = ?",
                                  sql_int (outgoing->account_id), sql_int (key));

  return holder == 0 || holder == outgoing->draft ? key : pinion_store_new_local_key ();
}

static gint64
make_message (PinionStoreSession        *session,
              const PinionStoreOutgoing *outgoing)
{
  gint64 key = choose_key (session, outgoing);
  guint64 size = g_bytes_get_size (outgoing->raw);
  gboolean has_draft = pinion_sql_get (session,
                                       "SELECT count(*) FROM message"
                                       " WHERE id = ? AND local_draft = 1",
                                       sql_int (outgoing->draft))
                       > 0;
  gint64 id = outgoing->draft;

  if (!has_draft)
    {
      id = pinion_message_insert (session, outgoing->account_id, key, &outgoing->header,
                                  session->now, size, PINION_FLAG_SEEN);
    }
  else
    {
      pinion_store_draft_copies_drop (session, id);
      pinion_store_file_queue_add (session, id, PINION_STORE_PLACE_DRAFTS);
      pinion_message_update (session, id, key, &outgoing->header, size);
    }

  pinion_sql_run (session,
                  "UPDATE message SET local_draft = 0, reply_to = ?, orphaned = ? WHERE id = ?",
                  sql_int (outgoing->reply_to), sql_int (session->now), sql_int (id));
  pinion_store_keep_raw (session, id, FALSE, outgoing->raw);

  return id;
}

gint64
pinion_store_outbox_add (PinionStoreSession        *session,
                         const PinionStoreOutgoing *outgoing)
{
  g_autofree char *recipients = g_strjoinv ("\n", (char **) outgoing->recipients);
  gint64 message = make_message (session, outgoing);

  pinion_sql_run (session,
                  "INSERT INTO outbox"
                  " (account_id, message_id, sender, recipients, created, send_at)"
                  " VALUES (?, ?, ?, ?, ?, ?)",
                  sql_int (outgoing->account_id), sql_int (message), sql_text (outgoing->sender),
                  sql_text (recipients), sql_int (session->now), sql_int (outgoing->send_at));
  changed (session);

  return pinion_sql_last_id (session);
}

/* -- States ------------------------------------------------------------------------------------ */

void
pinion_store_outbox_recover (PinionStoreSession *session,
                             gint64              account_id)
{
  int n = pinion_sql_run (session,
                          "UPDATE outbox SET state = ?, error_code = 'outcome-unknown'"
                          " WHERE account_id = ? AND state = ?",
                          sql_int (PINION_STORE_OUTBOX_UNCERTAIN), sql_int (account_id),
                          sql_int (PINION_STORE_OUTBOX_SENDING));

  if (n > 0)
    changed (session);
  pinion_store_outbox_file_submitted (session, account_id);
}

gboolean
pinion_store_outbox_start (PinionStoreSession *session,
                           gint64              id)
{
  int n = pinion_sql_run (session, "UPDATE outbox SET state = ? WHERE id = ? AND state = ?",
                          sql_int (PINION_STORE_OUTBOX_SENDING), sql_int (id),
                          sql_int (PINION_STORE_OUTBOX_QUEUED));

  changed (session);
  return n == 1;
}

static void
mark_answered (PinionStoreSession *session,
               gint64              id)
{
  g_autoptr (GArray) answered = pinion_sql_ids (
    session,
    "SELECT m.reply_to FROM outbox o JOIN message m ON m.id = o.message_id"
    " WHERE o.id = ? AND m.reply_to > 0",
    sql_int (id));

  pinion_store_command_set_flag (session, answered, PINION_FLAG_ANSWERED, TRUE);
}

void
pinion_store_outbox_submitted (PinionStoreSession *session,
                               gint64              id)
{
  gint64 account = pinion_sql_get (session, "SELECT account_id FROM outbox WHERE id = ?",
                                   sql_int (id));

  pinion_sql_run (session,
                  "UPDATE outbox SET state = ?, error_code = NULL, error_text = NULL WHERE id = ?",
                  sql_int (PINION_STORE_OUTBOX_SUBMITTED), sql_int (id));
  changed (session);
  mark_answered (session, id);
  pinion_store_outbox_file_submitted (session, account);
}

void
pinion_store_outbox_retry (PinionStoreSession *session,
                           gint64              id,
                           gint64              next_try,
                           const GError       *error)
{
  pinion_sql_run (session,
                  "UPDATE outbox SET state = 0, tries = tries + 1, next_try = ?, error_code = ?,"
                  " error_text = ? WHERE id = ?",
                  sql_int (next_try),
                  sql_text (error != NULL ? pinion_error_get_code_name (error) : NULL),
                  sql_text (error != NULL ? error->message : NULL), sql_int (id));
  changed (session);
}

void
pinion_store_outbox_hold (PinionStoreSession *session,
                          gint64              account_id,
                          gint64              now,
                          gint64              next_try)
{
  pinion_sql_run (session,
                  "UPDATE outbox SET next_try = ?3 WHERE account_id = ?1 AND state = 0"
                  " AND send_at <= ?2 AND next_try < ?3",
                  sql_int (account_id), sql_int (now), sql_int (next_try));
  changed (session);
}

void
pinion_store_outbox_fail_waiting (PinionStoreSession *session,
                                  gint64              account_id,
                                  gint64              now,
                                  const GError       *error)
{
  pinion_sql_run (session,
                  "UPDATE outbox SET state = ?, error_code = ?, error_text = ?"
                  " WHERE account_id = ? AND state = 0 AND send_at <= ?",
                  sql_int (PINION_STORE_OUTBOX_FAILED),
                  sql_text (pinion_error_get_code_name (error)), sql_text (error->message),
                  sql_int (account_id), sql_int (now));
  changed (session);
}

void
pinion_store_outbox_failed (PinionStoreSession *session,
                            gint64              id,
                            const GError       *error)
{
  PinionStoreOutboxState state = pinion_error_is (error, PINION_ERROR_OUTCOME_UNKNOWN)
                                   ? PINION_STORE_OUTBOX_UNCERTAIN
                                   : PINION_STORE_OUTBOX_FAILED;

  pinion_sql_run (session,
                  "UPDATE outbox SET state = ?, tries = tries + 1, error_code = ?, error_text = ?"
                  " WHERE id = ?",
                  sql_int (state), sql_text (pinion_error_get_code_name (error)),
                  sql_text (error->message), sql_int (id));
  changed (session);
}

void
pinion_store_outbox_send_now (PinionStoreSession *session,
                              gint64              id)
{
  pinion_sql_run (session,
                  "UPDATE outbox SET state = 0, send_at = 0, next_try = 0, error_code = NULL,"
                  " error_text = NULL WHERE id = ? AND state IN (0, 3, 4)",
                  sql_int (id));
  changed (session);
}

/* -- Filing in Sent ---------------------------------------------------------------------------- */

void
pinion_store_make_mail (PinionStoreSession *session,
                        gint64              message)
{
  const char *dir = pinion_store_get_dir (session->store);
  g_autofree char *from = pinion_store_dup_body_path (dir, PINION_STORE_PLACE_OUTBOX, message);
  g_autofree char *to = pinion_store_dup_body_path (dir, PINION_STORE_PLACE_MAIL, message);

  /* It is where it belongs: what is imported may have been appended more than once. */
  if (pinion_sql_get (session, "SELECT body_state = 1 AND body_place = 0 FROM message WHERE id = ?",
                      sql_int (message))
      != 0)
    return;

  pinion_store_file_queue_add (session, message, PINION_STORE_PLACE_OUTBOX);
  if (pinion_store_link (from, to, NULL))
    pinion_sql_run (session, "UPDATE message SET body_place = 0 WHERE id = ? AND body_place = 1",
                    sql_int (message));
  else
    pinion_sql_run (session, "UPDATE message SET body_state = 0, body_place = 0 WHERE id = ?",
                    sql_int (message));
}

void
pinion_store_outbox_filed (PinionStoreSession *session,
                           gint64              message)
{
  int n = pinion_sql_run (session, "DELETE FROM outbox WHERE message_id = ? AND state = ?",
                          sql_int (message), sql_int (PINION_STORE_OUTBOX_SUBMITTED));

  if (n == 0)
    return;

  changed (session);
  pinion_message_dirty (session, message);
  pinion_store_make_mail (session, message);
}

static void
file_one (PinionStoreSession *session,
          gint64              message,
          gint64              sent)
{
  gboolean is_there = pinion_sql_get (session,
                                      "SELECT count(*) FROM placement WHERE message_id = ?"
                                      " AND folder_id = ? AND uid IS NOT NULL",
                                      sql_int (message), sql_int (sent))
                      > 0;

  if (is_there)
    {
      pinion_store_outbox_filed (session, message);
      return;
    }

  PinionJournalEntry entry = {
    .kind = PINION_STORE_OPERATION_APPEND,
    .message = message,
    .to_folder = sent,
    .to_placement = pinion_placement_add (session, sent, 0, message, 0, PINION_FLAG_SEEN),
  };
  pinion_store_journal_add (session, &entry);
}

void
pinion_store_outbox_file_submitted (PinionStoreSession *session,
                                    gint64              account)
{
  gint64 sent = pinion_sql_get (session, "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                                sql_int (account), sql_int (PINION_FOLDER_ROLE_SENT));
  g_autoptr (GArray) messages = pinion_sql_ids (
    session,
    "SELECT message_id FROM outbox WHERE account_id = ? AND state = ?"
    " AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.message_id = outbox.message_id"
    "   AND kind = ?)",
    sql_int (account), sql_int (PINION_STORE_OUTBOX_SUBMITTED),
    sql_int (PINION_STORE_OPERATION_APPEND));

  for (guint i = 0; sent != 0 && i < messages->len; i++)
    file_one (session, g_array_index (messages, gint64, i), sent);
}
