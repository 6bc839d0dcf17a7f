/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages as they are read. */

#include <glib/gstdio.h>

#include "pinion-store-message-private.h"

#include "pinion-store-counters.h"
#include "pinion-store-keys.h"
#include "pinion-store-mirror.h"
#include "pinion-store-paths.h"

#define SELECT_MESSAGES \
  "SELECT m.id, m.account_id, m.thread_id, m.message_id, m.date, m.received, m.from_name," \
  " m.from_address, m.recipients, m.subject, m.snippet, m.people, m.size, m.has_attachments," \
  " m.flags, m.local_draft, m.bulk, m.poison, m.reply_to, m.body_state, m.body_place," \
  " m.body_size, m.from_address = a.email COLLATE NOCASE," \
  " coalesce ((SELECT o.id FROM outbox o WHERE o.message_id = m.id), 0)" \
  " FROM message m JOIN account a ON a.id = m.account_id "

G_DEFINE_BOXED_TYPE (PinionStoreMessage,
                     pinion_store_message,
                     pinion_store_message_ref,
                     pinion_store_message_unref)

static void
clear (gpointer data)
{
  PinionStoreMessage *self = data;

  g_free (self->message_id_header);
  g_free (self->from_name);
  g_free (self->from_address);
  g_free (self->to);
  g_free (self->subject);
  g_free (self->snippet);
  g_free (self->people);
  g_free (self->body_path);
  g_array_unref (self->folders);
}

PinionStoreMessage *
pinion_store_message_ref (PinionStoreMessage *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_message_unref (PinionStoreMessage *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
read_text (PinionQuery        *query,
           PinionStoreMessage *self)
{
  self->message_id_header = pinion_query_dup_text (query, 3);
  self->from_name = pinion_query_dup_text (query, 6);
  self->from_address = pinion_query_dup_text (query, 7);
  self->to = pinion_query_dup_text (query, 8);
  self->subject = pinion_query_dup_text (query, 9);
  self->snippet = pinion_query_dup_text (query, 10);
  self->people = pinion_query_dup_text (query, 11);
}

static void
read_flags (PinionQuery        *query,
            PinionStoreMessage *self)
{
  PinionFlags flags = (PinionFlags) pinion_query_int (query, 14);

  self->seen = (flags & PINION_FLAG_SEEN) != 0;
  self->flagged = (flags & PINION_FLAG_FLAGGED) != 0;
  self->answered = (flags & PINION_FLAG_ANSWERED) != 0;
  self->forwarded = (flags & PINION_FLAG_FORWARDED) != 0;
  self->local_draft = pinion_query_int (query, 15) != 0;
  self->draft = self->local_draft || (flags & PINION_FLAG_DRAFT) != 0;
  self->has_attachments = pinion_query_int (query, 13) != 0;
  self->bulk = pinion_query_int (query, 16) != 0;
  self->poison = pinion_query_int (query, 17) != 0;
  self->is_me = pinion_query_int (query, 22) != 0;
}

static void
read_body (PinionStoreSession *session,
           PinionQuery        *query,
           PinionStoreMessage *self)
{
  PinionStorePlace place = (PinionStorePlace) pinion_query_int (query, 20);

  self->body_state = (PinionStoreBodyState) pinion_query_int (query, 19);
  self->body_size = (guint64) pinion_query_int (query, 21);
  if (self->body_state == PINION_STORE_BODY_HERE)
    self->body_path = pinion_store_dup_body_path (pinion_store_get_dir (session->store), place,
                                                  self->id);
}

/* Also of local drafts, which are shown in Drafts. */
static GArray *
read_folders (PinionStoreSession *session,
              gint64              message)
{
  return pinion_sql_ids (session,
                         "SELECT folder_id FROM placement p WHERE message_id = ?1"
                         " AND " PINION_STORE_SHOWN
                         " UNION SELECT f.id FROM message m JOIN folder f"
                         " ON f.account_id = m.account_id AND f.role = 3"
                         " WHERE m.id = ?1 AND m.local_draft = 1 ORDER BY 1",
                         sql_int (message));
}

static PinionStoreMessage *
read_message (PinionStoreSession *session,
              PinionQuery        *query)
{
  PinionStoreMessage *self = g_atomic_rc_box_new0 (PinionStoreMessage);

  self->id = pinion_query_int (query, 0);
  self->account_id = pinion_query_int (query, 1);
  self->thread_id = pinion_query_int (query, 2);
  self->date = pinion_query_int (query, 4);
  self->received = pinion_query_int (query, 5);
  self->size = (guint64) pinion_query_int (query, 12);
  self->reply_to = pinion_query_int (query, 18);
  self->outbox = pinion_query_int (query, 23);
  read_text (query, self);
  read_flags (query, self);
  read_body (session, query, self);
  self->folders = read_folders (session, self->id);

  return self;
}

PinionStoreMessage *
pinion_store_message_get (PinionStoreSession *session,
                          gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (session, SELECT_MESSAGES "WHERE m.id = ?",
                                             sql_int (id));

  return pinion_query_next (&query) ? read_message (session, &query) : NULL;
}

GPtrArray *
pinion_store_messages_of_thread (PinionStoreSession *session,
                                 gint64              thread_id)
{
  GPtrArray *messages
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_message_unref);
  g_auto (PinionQuery) query = pinion_query (
    session, SELECT_MESSAGES "WHERE m.thread_id = ? ORDER BY m.date, m.id", sql_int (thread_id));

  while (pinion_query_next (&query))
    g_ptr_array_add (messages, read_message (session, &query));

  return messages;
}

gint64
pinion_store_message_find (PinionStoreSession *session,
                           gint64              account,
                           const char         *message_id)
{
  g_autofree char *id = pinion_store_normalise_id (message_id);

  return id == NULL ? 0
                    : pinion_sql_get (session,
                                      "SELECT m.id FROM reference r"
                                      " JOIN message m ON m.thread_id = r.thread_id"
                                      " WHERE r.account_id = ? AND r.hash = ? AND m.message_id = ?"
                                      " ORDER BY m.id LIMIT 1",
                                      sql_int (account), sql_int (pinion_store_key_of_reference (id)),
                                      sql_text (id));
}

gboolean
pinion_store_body_is_whole (PinionStoreMessage *message)
{
  GStatBuf info;

  return message->body_state == PINION_STORE_BODY_HERE && g_stat (message->body_path, &info) == 0
         && (guint64) info.st_size == message->body_size;
}
