/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-messages.h"

#include "pinion-store-counters.h"
#include "pinion-store-draft-copies-private.h"
#include "pinion-store-file-queue.h"
#include "pinion-store-flags.h"
#include "pinion-store-intake.h"
#include "pinion-store-journal.h"
#include "pinion-store-keys.h"
#include "pinion-store-labels-private.h"
#include "pinion-store-snooze-private.h"
#include "pinion-store-threads.h"

#define SECONDS_PER_DAY 86400

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

gint64
pinion_message_believable_date (gint64 date,
                                gint64 received)
{
  if (date <= 0 || (received > 0 && date > received + SECONDS_PER_DAY))
    return received;

  return date;
}

/* @thread: (out) */
static gint64
insert (PinionStoreSession      *session,
        gint64                   account,
        gint64                   key,
        const PinionStoreHeader *header,
        gint64                   received,
        guint64                  size,
        PinionFlags              flags,
        gint64                  *thread)
{
  const PinionStoreKeys *keys = header->keys;
  g_autofree char *own_id = keys == NULL ? pinion_store_normalise_id (header->message_id) : NULL;
  const char *message_id = keys != NULL ? keys->message_id : own_id;

  *thread = pinion_store_thread_for (session, account, header);

  PinionSqlValue row[PINION_INTAKE_MESSAGE_COLUMNS] = {
    sql_id (0), sql_int (account), sql_int (*thread), sql_int (key),
    sql_int (pinion_message_believable_date (header->date, received)), sql_int (received),
    sql_int (flags & ~PINION_FLAG_DELETED), sql_int ((gint64) size),
    sql_int (header->has_attachments), sql_int (header->bulk), sql_text (message_id),
    sql_text (or_empty (header->from_name)), sql_text (or_empty (header->from_address)),
    sql_text (or_empty (header->to)), sql_text (or_empty (header->subject)),
    sql_text (or_empty (header->snippet)), sql_text (header->people),
  };
  gint64 id = pinion_store_intake_add_message (session, row, key, g_steal_pointer (&own_id));

  pinion_store_session_touch (session, *thread, id);

  return id;
}

gint64
pinion_message_insert (PinionStoreSession      *session,
                       gint64                   account,
                       gint64                   key,
                       const PinionStoreHeader *header,
                       gint64                   received,
                       guint64                  size,
                       PinionFlags              flags)
{
  gint64 thread;
  gint64 id = insert (session, account, key, header, received, size, flags, &thread);

  pinion_store_session_dirty (session, thread);

  return id;
}

void
pinion_message_update (PinionStoreSession      *session,
                       gint64                   message,
                       gint64                   key,
                       const PinionStoreHeader *header,
                       guint64                  size)
{
  g_autofree char *message_id = pinion_store_normalise_id (header->message_id);
  gint64 account = pinion_sql_get (session, "SELECT account_id FROM message WHERE id = ?",
                                   sql_int (message));
  gint64 thread = pinion_store_thread_for (session, account, header);

  pinion_message_dirty (session, message);
  pinion_sql_run (session,
                  "UPDATE message SET thread_id = ?, key = ?, date = ?, received = ?, size = ?,"
                  " has_attachments = ?, message_id = ?, from_name = ?, from_address = ?,"
                  " recipients = ?, subject = ?, snippet = ?, people = ? WHERE id = ?",
                  sql_int (thread), sql_int (key),
                  sql_int (pinion_message_believable_date (header->date, session->now)), sql_int (session->now),
                  sql_int ((gint64) size), sql_int (header->has_attachments), sql_text (message_id),
                  sql_text (or_empty (header->from_name)),
                  sql_text (or_empty (header->from_address)), sql_text (or_empty (header->to)),
                  sql_text (or_empty (header->subject)), sql_text (or_empty (header->snippet)),
                  sql_text (header->people), sql_int (message));
  pinion_message_dirty (session, message);
}

static void
queue_file (PinionStoreSession *session,
            gint64              message)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT body_place FROM message WHERE id = ? AND body_state = 1", sql_int (message));

  if (pinion_query_next (&query))
    pinion_store_file_queue_add (session, message, (PinionStorePlace) pinion_query_int (&query, 0));
}

void
pinion_message_forget (PinionStoreSession *session,
                       gint64              message)
{
  pinion_message_dirty (session, message);
  queue_file (session, message);
  pinion_sql_run (session, "DELETE FROM operation WHERE message_id = ? AND state <> 2",
                  sql_int (message));
  pinion_sql_run (session, "DELETE FROM message WHERE id = ?", sql_int (message));
}

void
pinion_message_set_body (PinionStoreSession *session,
                         gint64              message,
                         PinionStorePlace    place,
                         guint64             size)
{
  pinion_sql_run (session,
                  "UPDATE message SET body_state = 1, body_place = ?, body_size = ? WHERE id = ?",
                  sql_int (place), sql_int ((gint64) size), sql_int (message));
  pinion_message_dirty (session, message);
}

/* -- Taking in what the server has ------------------------------------------------------------- */

/* See schema-012.sql.  What has no size stands for itself alone. */
static gint64
find_text_size (PinionStoreSession        *session,
                gint64                     message,
                const PinionStoreIncoming *incoming)
{
  gint64 size = (gint64) incoming->size;

  if (size == 0)
    return -(gint64) incoming->uid;

  return size == pinion_sql_get (session, "SELECT size FROM message WHERE id = ?", sql_int (message))
           ? 0
           : size;
}

/* A copy that was to come into @folder.  What is still to be moved there, or from there, or away, is no other
 * text's: that would be taken for moved, and removed where it lies, or go in its stead. */
static PinionPlacement
find_local (PinionStoreSession *session,
            gint64              folder,
            gint64              message,
            gint64              text_size)
{
  gint64 id = pinion_sql_get (session,
                              "SELECT id FROM placement WHERE message_id = ?1 AND folder_id = ?2"
                              " AND uid IS NULL AND (text_size = ?3 OR NOT EXISTS"
                              "  (SELECT 1 FROM operation WHERE to_placement = placement.id"
                              "   AND kind = 2 AND state <> 2)"
                              "  AND NOT EXISTS (SELECT 1 FROM operation"
                              "   WHERE from_placement = placement.id AND kind IN (2, 3, 4)"
                              "   AND state <> 2))"
                              " ORDER BY text_size <> ?3, id LIMIT 1",
                              sql_int (message), sql_int (folder), sql_int (text_size));

  return id != 0 ? pinion_placement_get (session, id) : (PinionPlacement) { 0 };
}

/* A placement from before the server counted anew is found again. */
static gboolean
find_again (PinionStoreSession        *session,
            const PinionPlacement     *local,
            const PinionStoreIncoming *incoming)
{
  PinionStoreFlagChange change = { incoming->uid, incoming->flags };
  int n = pinion_sql_run (session,
                          "UPDATE placement SET created = ? WHERE id = ? AND created = 0",
                          sql_int (session->now), sql_int (local->id));

  if (n > 0)
    pinion_store_flags_changed (session, local->folder, &change, 1);

  return n > 0;
}

/* The copy that we had made has its UID now.  Where its flags are not those it was made with, somebody
 * else changed them. */
static void
adopt (PinionStoreSession        *session,
       PinionPlacement           *local,
       gint64                     text_size,
       const PinionStoreIncoming *incoming)
{
  if (text_size >= 0)
    pinion_placement_set_text_size (session, local, text_size);
  pinion_placement_set_uid (session, local, incoming->uid);
  local->uid = incoming->uid;
  if (find_again (session, local, incoming))
    return;

  PinionStoreFlagChange change = { incoming->uid, incoming->flags };

  pinion_store_flags_changed (session, local->folder, &change, 1);
  pinion_store_journal_source_arrived (session, local);
  pinion_message_carry_flags (session, local->message);
  pinion_message_dirty (session, local->message);
  pinion_store_draft_copy_arrived (session, local->message, FALSE);
}

/* Exchange gives a message that another program edited (an attachment taken out, a draft) a new UID,
 * and it keeps its Message-ID: it stays the one it was, with all that hangs on it, but says something
 * else now, where no copy says what it did.  What is here is the old text. */
static void
follow_edit (PinionStoreSession        *session,
             gint64                     message,
             const PinionStoreIncoming *incoming)
{
  const PinionStoreHeader *header = &incoming->header;
  int n = pinion_sql_run (session,
                          "UPDATE message SET size = ?2, subject = ?3, recipients = ?4,"
                          " has_attachments = ?5 WHERE id = ?1 AND NOT EXISTS"
                          "  (SELECT 1 FROM placement WHERE message_id = ?1 AND text_size = 0)",
                          sql_int (message), sql_int ((gint64) incoming->size),
                          sql_text (or_empty (header->subject)), sql_text (or_empty (header->to)),
                          sql_int (header->has_attachments));

  if (n == 0)
    return;

  pinion_placements_take_text (session, message, (gint64) incoming->size);
  pinion_store_body_forget (session, message);
}

/* What was not handed out may have been moved away at that very moment: this is where to. */
static void
retry_body (PinionStoreSession *session,
            gint64              message)
{
  if (pinion_sql_get (session, "SELECT body_state FROM message WHERE id = ?", sql_int (message))
      == PINION_STORE_BODY_UNAVAILABLE)
    pinion_store_body_forget (session, message);
}

static void
add_copy (PinionStoreSession        *session,
          gint64                     folder,
          gint64                     message,
          gint64                     text_size,
          const PinionStoreIncoming *incoming)
{
  gboolean is_only = pinion_sql_get (session,
                                     "SELECT count(*) FROM placement WHERE message_id = ?"
                                     " AND uid IS NOT NULL",
                                     sql_int (message))
                     == 0;
  gint64 id = pinion_placement_add (session, folder, incoming->uid, message, text_size,
                                    incoming->flags);
  PinionPlacement placement = pinion_placement_get (session, id);

  pinion_message_merge_flags (session, message, incoming->flags, is_only);
  pinion_store_journal_source_arrived (session, &placement);
  if (text_size > 0)
    follow_edit (session, message, incoming);
  retry_body (session, message);
  pinion_store_draft_copy_arrived (session, message, text_size > 0);
}

static void
add_known (PinionStoreSession  *session,
           gint64               folder,
           PinionStoreIncoming *incoming)
{
  gint64 text_size = find_text_size (session, incoming->id, incoming);
  PinionPlacement local = find_local (session, folder, incoming->id, text_size);

  if (local.id != 0)
    adopt (session, &local, text_size, incoming);
  else
    add_copy (session, folder, incoming->id, text_size, incoming);
}

/* A folder that mail comes into.  What came into an Inbox since it was last compared as a whole has UIDs
 * from @next on, and not long before @since (seconds).  @next 0: nothing can be told.  @leaving: it is a
 * label to be deleted. */
typedef struct
{
  gint64 folder;
  gint64 account;
  PinionFolderRole role;
  guint32 next;
  gint64 since;
  gboolean leaving;
} Destination;

static void
add_new (PinionStoreSession  *session,
         const Destination   *destination,
         gint64               key,
         PinionStoreIncoming *incoming)
{
  PinionStoreNewcomer newcomer = {
    .account = destination->account,
    .date = pinion_message_believable_date (incoming->header.date, incoming->received),
    .flags = incoming->flags,
    .folder = destination->folder,
    .role = destination->role,
    .is_shown = (incoming->flags & PINION_FLAG_DELETED) == 0,
  };

  incoming->id = newcomer.id
    = insert (session, destination->account, key, &incoming->header, incoming->received,
              incoming->size, incoming->flags, &newcomer.thread);
  pinion_placement_add_first (session, destination->folder, incoming->uid, incoming->id,
                              incoming->flags);
  pinion_store_session_grow (session, newcomer.thread);
  pinion_store_counters_add_newcomer (session, &newcomer);
}

static void
add_one (PinionStoreSession  *session,
         const Destination   *destination,
         PinionStoreIncoming *incoming)
{
  const PinionStoreKeys *keys = incoming->header.keys;
  gint64 key = keys != NULL ? keys->key
                            : pinion_store_key_of_message (&incoming->header, incoming->size);

  incoming->id = pinion_store_intake_find_message (session, destination->account, key);
  incoming->is_new = incoming->id == 0;

  if (incoming->is_new)
    {
      add_new (session, destination, key, incoming);
    }
  else
    {
      pinion_store_intake_write (session);
      add_known (session, destination->folder, incoming);
    }
}

/* Whether any UID of the range is known: that of a first fetch is not. */
static gboolean
knows_some (PinionStoreSession        *session,
            gint64                     folder,
            const PinionStoreIncoming *incoming,
            guint                      n_incoming)
{
  guint32 first = G_MAXUINT32, last = 0;

  for (guint i = 0; i < n_incoming; i++)
    {
      first = MIN (first, incoming[i].uid);
      last = MAX (last, incoming[i].uid);
    }

  return pinion_sql_get (session,
                         "SELECT 1 FROM placement WHERE folder_id = ? AND uid BETWEEN ? AND ?"
                         " LIMIT 1",
                         sql_int (folder), sql_int (first), sql_int (last))
         != 0;
}

static Destination
look_at_folder (PinionStoreSession *session,
                gint64              folder)
{
  Destination destination = { 0 };
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT account_id, role, uidnext, synced, leaving FROM folder WHERE id = ?",
    sql_int (folder));

  if (!pinion_query_next (&query))
    return destination;

  destination.folder = folder;
  destination.account = pinion_query_int (&query, 0);
  destination.role = (PinionFolderRole) pinion_query_int (&query, 1);
  if (destination.role == PINION_FOLDER_ROLE_INBOX)
    destination.next = (guint32) pinion_query_int (&query, 2);
  destination.since = pinion_query_int (&query, 3) - SECONDS_PER_DAY;
  destination.leaving = pinion_query_int (&query, 4) != 0;

  return destination;
}

/* The first sync's mail and what a wider history brings have UIDs below the next one known then
 * (RFC 3501, 2.3.1.1); what comes back from elsewhere is known already, or was received before. */
static gboolean
is_news (const Destination         *destination,
         const PinionStoreIncoming *incoming)
{
  return incoming->is_new && destination->next > 0 && incoming->uid >= destination->next
         && incoming->received >= destination->since
         && (incoming->flags & (PINION_FLAG_SEEN | PINION_FLAG_DELETED | PINION_FLAG_DRAFT)) == 0;
}

void
pinion_store_messages_add (PinionStoreSession  *session,
                           gint64               folder_id,
                           PinionStoreIncoming *incoming,
                           guint                n_incoming)
{
  Destination destination = look_at_folder (session, folder_id);

  if (destination.account == 0)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "no such folder");
      return;
    }

  gboolean some = knows_some (session, folder_id, incoming, n_incoming);
  gboolean snoozes = pinion_snooze_has_any (session);
  pinion_store_intake_begin (session);
  if (!some)
    pinion_store_intake_look_up (session, destination.account, incoming, n_incoming);
  for (guint i = 0; i < n_incoming; i++)
    {
      PinionPlacement known = { 0 };
      PinionStoreFlagChange change = { incoming[i].uid, incoming[i].flags };

      /* A server may name a UID twice, then not in order. */
      some = some || (i > 0 && incoming[i].uid <= incoming[i - 1].uid);
      if (some)
        {
          pinion_store_intake_write (session);
          known = pinion_placement_get_by_uid (session, folder_id, incoming[i].uid);
        }
      incoming[i].id = known.message;
      incoming[i].is_new = FALSE;
      if (known.id != 0)
        pinion_store_flags_changed (session, folder_id, &change, 1);
      else
        add_one (session, &destination, &incoming[i]);
      if (snoozes && incoming[i].is_new)
        {
          pinion_store_intake_write (session);
          pinion_snooze_notice_arrival (session, incoming[i].id, folder_id);
        }

      if (is_news (&destination, &incoming[i]))
        g_array_append_val (session->arrived, incoming[i].id);
      incoming[i].needs_body = incoming[i].is_new
                               || pinion_sql_get (session,
                                                  "SELECT body_state FROM message WHERE id = ?",
                                                  sql_int (incoming[i].id))
                                    == 0;
    }
  pinion_store_intake_end (session);

  if (destination.leaving)
    pinion_store_label_take_along (session, folder_id);
}
