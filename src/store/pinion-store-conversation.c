/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations as they are read: which messages of a thread belong to it in which view. */

#include "pinion-store-counters.h"
#include "pinion-store-message-private.h"
#include "pinion-store-search.h"
#include "pinion-store-snooze-private.h"

G_DEFINE_BOXED_TYPE (PinionStoreConversation,
                     pinion_store_conversation,
                     pinion_store_conversation_ref,
                     pinion_store_conversation_unref)

/* What a view lets in.  @only: the one folder whose messages count, 0 for all but Trash, Junk and
 * drafts.  @folder: that the view is of, or 0.  @drafts_folders: of all accounts. */
typedef struct
{
  gint64 only;
  gint64 folder;
  gboolean drafts;
  GHashTable *left_out;
  GArray *drafts_folders;
} Scope;

static void
scope_clear (Scope *self)
{
  g_clear_pointer (&self->left_out, g_hash_table_unref);
  g_clear_pointer (&self->drafts_folders, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scope, scope_clear)

static PinionFolderRole
get_role (PinionStoreSession *session,
          gint64              folder)
{
  return (PinionFolderRole) pinion_sql_get (session, "SELECT role FROM folder WHERE id = ?",
                                            sql_int (folder));
}

static Scope
scope_for (PinionStoreSession *session,
           PinionStoreView     view)
{
  Scope scope = { .left_out = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL) };
  PinionFolderRole role = view.kind == PINION_STORE_VIEW_FOLDER ? get_role (session, view.id)
                                                                : PINION_FOLDER_ROLE_NONE;
  g_autoptr (GArray) left_out = pinion_sql_ids (session,
                                                "SELECT id FROM folder WHERE role IN (3, 4, 5)");

  if (role == PINION_FOLDER_ROLE_TRASH || role == PINION_FOLDER_ROLE_JUNK
      || role == PINION_FOLDER_ROLE_DRAFTS)
    scope.only = view.id;
  if (view.kind == PINION_STORE_VIEW_FOLDER)
    scope.folder = view.id;
  scope.drafts_folders = pinion_sql_ids (session, "SELECT id FROM folder WHERE role = 3");
  scope.drafts = view.kind == PINION_STORE_VIEW_DRAFTS;

  for (guint i = 0; i < left_out->len; i++)
    g_hash_table_add (scope.left_out,
                      g_memdup2 (&g_array_index (left_out, gint64, i), sizeof (gint64)));

  return scope;
}

static gboolean
scope_has (const Scope              *self,
           const PinionStoreMessage *message)
{
  if (self->only != 0)
    return pinion_store_ids_contain (message->folders, self->only);

  gboolean is_shown = FALSE;
  for (guint i = 0; i < message->folders->len; i++)
    {
      if (!g_hash_table_contains (self->left_out, &g_array_index (message->folders, gint64, i)))
        is_shown = TRUE;
    }

  return self->drafts ? message->local_draft || (message->folders->len > 0 && !is_shown) : is_shown;
}

static gboolean
is_draft (const Scope              *self,
          const PinionStoreMessage *message)
{
  for (guint i = 0; i < self->drafts_folders->len; i++)
    {
      if (pinion_store_ids_contain (message->folders,
                                    g_array_index (self->drafts_folders, gint64, i)))
        return TRUE;
    }

  return message->local_draft;
}

/* -- Rows of a list ---------------------------------------------------------------------------- */

static void
sender_free (gpointer data)
{
  PinionStoreSender *self = data;

  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

static void
clear (gpointer data)
{
  PinionStoreConversation *self = data;

  g_free (self->subject);
  g_free (self->snippet);
  g_free (self->to);
  g_ptr_array_unref (self->senders);
  g_array_unref (self->messages);
  g_array_unref (self->folders);
}

PinionStoreConversation *
pinion_store_conversation_ref (PinionStoreConversation *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_conversation_unref (PinionStoreConversation *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static PinionStoreConversation *
conversation_new (gint64 thread,
                  gint64 date)
{
  PinionStoreConversation *self = g_atomic_rc_box_new0 (PinionStoreConversation);

  self->thread_id = thread;
  self->date = date;
  self->senders = g_ptr_array_new_with_free_func (sender_free);
  self->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->folders = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

static void
add_sender (PinionStoreConversation  *self,
            const PinionStoreMessage *message)
{
  for (guint i = 0; i < self->senders->len; i++)
    {
      PinionStoreSender *known = g_ptr_array_index (self->senders, i);

      if (g_ascii_strcasecmp (known->address, message->from_address) == 0
          && (*known->address != '\0' || g_str_equal (known->name, message->from_name)))
        {
          known->unread |= !message->seen;
          return;
        }
    }

  PinionStoreSender *sender = g_new0 (PinionStoreSender, 1);

  sender->name = g_strdup (*message->from_name != '\0' ? message->from_name
                                                       : message->from_address);
  sender->address = g_strdup (message->from_address);
  sender->is_me = message->is_me;
  sender->unread = !message->seen;
  g_ptr_array_add (self->senders, sender);
}

static void
add_message (PinionStoreConversation  *self,
             const Scope              *scope,
             const PinionStoreMessage *message)
{
  if (self->messages->len == 0)
    {
      self->account_id = message->account_id;
      self->subject = g_strdup (message->subject);
    }

  g_set_str (&self->snippet, message->snippet);
  if (scope->folder == 0 || pinion_store_ids_contain (message->folders, scope->folder))
    g_set_str (&self->to, message->to);
  self->unread |= !message->seen;
  self->starred |= message->flagged;
  self->has_attachments |= message->has_attachments;
  g_array_append_val (self->messages, message->id);
  g_array_append_vals (self->folders, message->folders->data, message->folders->len);
  add_sender (self, message);
}

static void
add_messages (PinionStoreConversation *self,
              const Scope             *scope,
              GPtrArray               *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const PinionStoreMessage *message = g_ptr_array_index (messages, i);

      self->has_draft |= is_draft (scope, message);
      if (scope_has (scope, message))
        add_message (self, scope, message);
    }
}

/* The thread's place in @view; several accounts' views are never of the same thread. */
static gboolean
find_date (PinionStoreSession *session,
           PinionStoreView     view,
           gint64              thread,
           gint64             *date)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT max (v.date) FROM thread_view v JOIN thread t ON t.id = v.thread_id"
    " WHERE v.thread_id = ?1 AND CASE ?2"
    "  WHEN 0 THEN v.view_id = ?3"
    "  WHEN 1 THEN v.view_id IN"
    "   (SELECT id FROM folder WHERE role = 1 AND account_id = t.account_id)"
    "  WHEN 2 THEN v.view_id = -(t.account_id * 4)"
    "  WHEN 3 THEN v.view_id = -(t.account_id * 4 + 1)"
    "  WHEN 4 THEN v.view_id = -(t.account_id * 4 + 2)"
    "  ELSE v.view_id = -(t.account_id * 4 + 3) END"
    " AND (?2 = 0 OR ?3 = 0 OR t.account_id = ?3)",
    sql_int (thread), sql_int (view.kind), sql_int (view.id));

  if (!pinion_query_next (&query) || pinion_query_is_null (&query, 0))
    return FALSE;

  *date = pinion_query_int (&query, 0);
  if (view.kind == PINION_STORE_VIEW_SNOOZED)
    *date = -*date;
  return TRUE;
}

static void
add_snooze (PinionStoreSession      *session,
            PinionStoreConversation *self)
{
  PinionSnoozeState state = pinion_snooze_of_thread (session, self->thread_id);

  self->snoozed_until = state.until;
  self->snoozed_back = state.back;
  self->unread |= state.fresh;
}

static PinionStoreConversation *
get_one (PinionStoreSession *session,
         PinionStoreView     view,
         const Scope        *scope,
         gint64              thread)
{
  gint64 date;

  if (!find_date (session, view, thread, &date))
    return NULL;

  PinionStoreConversation *self = conversation_new (thread, date);
  g_autoptr (GPtrArray) messages = pinion_store_messages_of_thread (session, thread);

  add_messages (self, scope, messages);
  pinion_store_ids_settle (self->folders);
  add_snooze (session, self);

  if (self->messages->len > 0)
    return self;

  pinion_store_conversation_unref (self);
  return NULL;
}

static void
unref_nullable (gpointer data)
{
  if (data != NULL)
    pinion_store_conversation_unref (data);
}

GPtrArray *
pinion_store_conversations_get (PinionStoreSession *session,
                                PinionStoreView     view,
                                const gint64       *threads,
                                guint               n_threads)
{
  GPtrArray *conversations = g_ptr_array_new_full (n_threads, unref_nullable);
  g_auto (Scope) scope = scope_for (session, view);

  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (conversations, get_one (session, view, &scope, threads[i]));

  return conversations;
}

/* Everything outside Trash, Junk and drafts, and where the message that was found lies in these,
 * what lies there with it. */
static PinionStoreConversation *
get_hit (PinionStoreSession   *session,
         const PinionStoreHit *hit)
{
  g_auto (Scope) scope = scope_for (session, (PinionStoreView) { PINION_STORE_VIEW_ALL, 0 });
  PinionStoreConversation *self = conversation_new (hit->thread_id, hit->date);
  g_autoptr (GPtrArray) messages = pinion_store_messages_of_thread (session, hit->thread_id);

  for (guint i = 0; i < messages->len; i++)
    {
      const PinionStoreMessage *message = g_ptr_array_index (messages, i);

      if (message->id != hit->message_id || scope_has (&scope, message))
        continue;
      for (guint j = 0; j < message->folders->len; j++)
        g_hash_table_remove (scope.left_out, &g_array_index (message->folders, gint64, j));
    }

  add_messages (self, &scope, messages);
  pinion_store_ids_settle (self->folders);
  add_snooze (session, self);

  if (self->messages->len > 0)
    return self;

  pinion_store_conversation_unref (self);
  return NULL;
}

GPtrArray *
pinion_store_conversations_get_hits (PinionStoreSession   *session,
                                     const PinionStoreHit *hits,
                                     guint                 n_hits)
{
  GPtrArray *conversations = g_ptr_array_new_full (n_hits, unref_nullable);

  for (guint i = 0; i < n_hits; i++)
    g_ptr_array_add (conversations, get_hit (session, &hits[i]));

  return conversations;
}

/* -- A conversation opened --------------------------------------------------------------------- */

/* Drafts and what is on its way out belong to it too. */
static gboolean
is_in_conversation (const Scope              *scope,
                    const PinionStoreMessage *message)
{
  return scope_has (scope, message)
         || (scope->only == 0 && (message->local_draft || message->outbox != 0));
}

static gboolean
is_draft_only (PinionStoreSession       *session,
               const PinionStoreMessage *message)
{
  for (guint i = 0; i < message->folders->len; i++)
    {
      if (get_role (session, g_array_index (message->folders, gint64, i))
          == PINION_FOLDER_ROLE_DRAFTS)
        return TRUE;
    }

  return FALSE;
}

GPtrArray *
pinion_store_thread_list (PinionStoreSession *session,
                          PinionStoreView     view,
                          gint64              thread_id)
{
  g_auto (Scope) scope = scope_for (session, view);
  GPtrArray *messages = pinion_store_messages_of_thread (session, thread_id);

  if (get_role (session, scope.only) == PINION_FOLDER_ROLE_DRAFTS)
    scope.only = 0;
  scope.drafts = FALSE;

  for (guint i = messages->len; i > 0; i--)
    {
      PinionStoreMessage *message = g_ptr_array_index (messages, i - 1);

      if (!is_in_conversation (&scope, message)
          && (scope.only != 0 || !is_draft_only (session, message)))
        g_ptr_array_remove_index (messages, i - 1);
    }

  return messages;
}
