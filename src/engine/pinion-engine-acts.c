/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-commands.h"
#include "pinion-store-operations.h"

/* An act on its way to the store.  Counted, since the store may finish it after nobody waits. */
typedef struct
{
  PinionEngine *engine;
  PinionAct act;
  GArray *conversations;
  GArray *messages;
  PinionView view;
  gint64 label;
  GArray *added;
  GArray *removed;
  gint64 group;
} Act;

static void
act_free (gpointer data)
{
  Act *act = data;

  g_object_unref (act->engine);
  g_clear_pointer (&act->conversations, g_array_unref);
  g_clear_pointer (&act->messages, g_array_unref);
  g_clear_pointer (&act->added, g_array_unref);
  g_clear_pointer (&act->removed, g_array_unref);
  g_free (act);
}

PinionStoreView
pinion_view_to_store (const PinionView *view)
{
  switch (view->kind)
    {
    case PINION_VIEW_INBOX:
      return (PinionStoreView){ PINION_STORE_VIEW_INBOX, view->account };
    case PINION_VIEW_STARRED:
      return (PinionStoreView){ PINION_STORE_VIEW_STARRED, view->account };
    case PINION_VIEW_ALL_MAIL:
      return (PinionStoreView){ PINION_STORE_VIEW_ALL, view->account };
    case PINION_VIEW_SNOOZED:
      return (PinionStoreView){ PINION_STORE_VIEW_SNOOZED, view->account };
    case PINION_VIEW_LABEL:
    default:
      return (PinionStoreView){ PINION_STORE_VIEW_FOLDER, view->label };
    }
}

/* -- Which messages ------------------------------------------------------------------------- */

static void
add_thread (PinionStoreSession *session,
            Act                *act,
            gint64              thread,
            gint64              folder)
{
  g_autoptr (GArray) messages = pinion_store_thread_get_messages (session, thread, folder);

  /* One unread message, the newest, marks the conversation; likewise one star. */
  guint first = (act->act == PINION_ACT_UNREAD || act->act == PINION_ACT_STAR) && messages->len > 0
                    ? messages->len - 1
                    : 0;

  if (messages->len > first)
    g_array_append_vals (act->messages, &g_array_index (messages, gint64, first),
                         messages->len - first);
}

static gboolean
is_act_of_place (PinionAct act)
{
  return act == PINION_ACT_ARCHIVE || act == PINION_ACT_TRASH || act == PINION_ACT_SPAM
         || act == PINION_ACT_NOT_SPAM || act == PINION_ACT_MOVE || act == PINION_ACT_TO_INBOX
         || act == PINION_ACT_DELETE;
}

static void
add_thread_in_inboxes (PinionStoreSession *session,
                       Act                *act,
                       gint64              thread)
{
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      g_autoptr (PinionStoreFolder) inbox = pinion_store_folder_get_by_role (
          session, account->id, PINION_FOLDER_ROLE_INBOX);

      if (inbox != NULL)
        add_thread (session, act, thread, inbox->id);
    }
}

static gboolean
is_set_apart (PinionStoreSession *session,
              gint64              folder_id)
{
  g_autoptr (PinionStoreFolder) folder = pinion_store_folder_get (session, folder_id);

  return folder != NULL
         && (folder->role == PINION_FOLDER_ROLE_TRASH || folder->role == PINION_FOLDER_ROLE_JUNK
             || folder->role == PINION_FOLDER_ROLE_DRAFTS);
}

static void
find_messages (PinionStoreSession *session,
               Act                *act)
{
  gboolean place = is_act_of_place (act->act);
  gint64 folder = act->view.kind == PINION_VIEW_LABEL ? act->view.label : 0;

  /* Flags and labels concern the whole conversation; what lies in Trash or Junk stays among itself. */
  if (!place && folder != 0 && !is_set_apart (session, folder))
    folder = 0;

  for (guint i = 0; i < act->conversations->len; i++)
    {
      gint64 thread = g_array_index (act->conversations, gint64, i);

      if (place && act->view.kind == PINION_VIEW_INBOX)
        add_thread_in_inboxes (session, act, thread);
      else
        add_thread (session, act, thread, folder);
    }
}

/* -- Doing ---------------------------------------------------------------------------------- */

static gint64
do_command (PinionStoreSession *session,
            const Act          *act)
{
  gint64 from = act->view.kind == PINION_VIEW_LABEL ? act->view.label : 0;
  GArray *messages = act->messages;

  switch ((int) act->act)
    {
    case PINION_ACT_READ:
      return pinion_store_command_set_flag (session, messages, PINION_FLAG_SEEN, TRUE);
    case PINION_ACT_SEEN:
      pinion_store_command_mark_seen (session, messages);
      return 0;
    case PINION_ACT_UNREAD:
      return pinion_store_command_set_flag (session, messages, PINION_FLAG_SEEN, FALSE);
    case PINION_ACT_STAR:
      return pinion_store_command_set_flag (session, messages, PINION_FLAG_FLAGGED, TRUE);
    case PINION_ACT_UNSTAR:
      return pinion_store_command_set_flag (session, messages, PINION_FLAG_FLAGGED, FALSE);
    case PINION_ACT_ARCHIVE:
      return pinion_store_command_archive (session, messages, from);
    case PINION_ACT_TRASH:
      return pinion_store_command_trash (session, messages);
    case PINION_ACT_SPAM:
      return pinion_store_command_spam (session, messages);
    case PINION_ACT_NOT_SPAM:
      return pinion_store_command_unspam (session, messages);
    case PINION_ACT_DELETE:
      return pinion_store_command_delete (session, messages);
    case PINION_ACT_ADD_LABEL:
      return pinion_store_command_add_label (session, messages, act->label);
    case PINION_ACT_MOVE:
      return pinion_store_command_move (session, messages, from, act->label);
    case PINION_ACT_TO_INBOX:
      return pinion_store_command_to_inbox (session, messages, from);
    case PINION_ACT_REMOVE_LABEL:
      return pinion_store_command_remove_label (session, messages, act->label);
    case PINION_ACT_CHANGE_LABELS:
      return pinion_store_command_change_labels (session, messages, act->added, act->removed);
    default: /* acts on labels themselves, and what is put off */
      return 0;
    }
}

/* What was done, in the plainest words. */
static PinionAct
name_act (const Act *act)
{
  if (act->act != PINION_ACT_CHANGE_LABELS || act->added->len + act->removed->len != 1)
    return act->act;

  return act->added->len == 1 ? PINION_ACT_ADD_LABEL : PINION_ACT_REMOVE_LABEL;
}

static gboolean
check_messages (PinionStoreSession *session,
                const Act          *act)
{
  for (guint i = 0; i < act->messages->len; i++)
    {
      gint64 id = g_array_index (act->messages, gint64, i);
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

      if (message == NULL)
        {
          pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND,
                                     "there is no message %" G_GINT64_FORMAT, id);
          return FALSE;
        }
    }

  return TRUE;
}

static DexFuture *
store_act (PinionStoreSession *session,
           gpointer            data)
{
  Act *act = data;
  PinionDone *done = g_new0 (PinionDone, 1);

  if (act->conversations != NULL)
    find_messages (session, act);
  else if (!check_messages (session, act))
    g_array_set_size (act->messages, 0);

  done->act = name_act (act);
  done->messages = act->messages->len;
  done->conversations = act->conversations != NULL ? act->conversations->len : 0;
  done->group = do_command (session, act);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, done);
}

static DexFuture *
run_act (Act *act)
{
  return pinion_store_write (act->engine->store, store_act, act, act_free);
}

static Act *
act_new (PinionEngine *self,
         PinionAct     kind,
         gint64        label)
{
  Act *act = g_new0 (Act, 1);

  act->engine = g_object_ref (self);
  act->act = kind;
  act->label = label;
  act->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  act->view.kind = PINION_VIEW_ALL_MAIL;

  return act;
}

static gboolean
needs_label (PinionAct act)
{
  return act == PINION_ACT_ADD_LABEL || act == PINION_ACT_MOVE || act == PINION_ACT_REMOVE_LABEL;
}

DexFuture *
pinion_engine_act (PinionEngine     *self,
                   PinionAct         kind,
                   const gint64     *conversations,
                   guint             n_conversations,
                   const PinionView *view,
                   gint64            label)
{
  g_return_val_if_fail (label != 0 || !needs_label (kind), NULL);

  Act *act = act_new (self, kind, label);
  act->view = *view;
  act->conversations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (act->conversations, conversations, n_conversations);

  return run_act (act);
}

DexFuture *
pinion_engine_change_labels (PinionEngine     *self,
                             const gint64     *conversations,
                             guint             n_conversations,
                             const PinionView *view,
                             GArray           *added,
                             GArray           *removed)
{
  Act *act = act_new (self, PINION_ACT_CHANGE_LABELS, 0);

  act->view = *view;
  act->conversations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (act->conversations, conversations, n_conversations);
  act->added = g_array_copy (added);
  act->removed = g_array_copy (removed);

  return run_act (act);
}

DexFuture *
pinion_engine_act_on_messages (PinionEngine *self,
                               PinionAct     kind,
                               const gint64 *messages,
                               guint         n_messages,
                               gint64        label)
{
  g_return_val_if_fail (label != 0 || !needs_label (kind), NULL);

  Act *act = act_new (self, kind, label);
  g_array_append_vals (act->messages, messages, n_messages);

  return run_act (act);
}

/* -- Counting ------------------------------------------------------------------------------- */

/* So many at a time: the store has others to serve in between. */
#define COUNTED_AT_ONCE 5000

typedef struct
{
  PinionEngine *engine;
  GArray *conversations;
  guint n_done;
  GHashTable *counts;
} Counting;

static void
counting_free (gpointer data)
{
  Counting *self = data;

  g_object_unref (self->engine);
  g_array_unref (self->conversations);
  g_hash_table_unref (self->counts);
  g_free (self);
}

static DexFuture *
count_some (PinionStoreSession *session,
            gpointer            data)
{
  Counting *self = data;
  guint n = MIN (self->conversations->len - self->n_done, COUNTED_AT_ONCE);

  pinion_store_threads_count_folders (
    session, &g_array_index (self->conversations, gint64, self->n_done), n, self->counts);
  self->n_done += n;

  return dex_future_new_true ();
}

static DexFuture *
count_fiber (gpointer data)
{
  Counting *self = data;
  GError *error = NULL;

  while (self->n_done < self->conversations->len)
    if (!pinion_await (pinion_store_read (self->engine->store, count_some, self, NULL), &error))
      return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, g_hash_table_ref (self->counts));
}

DexFuture *
pinion_engine_count_labels (PinionEngine *self,
                            const gint64 *conversations,
                            guint         n_conversations)
{
  Counting *counting = g_new0 (Counting, 1);

  counting->engine = g_object_ref (self);
  counting->conversations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (counting->conversations, conversations, n_conversations);
  counting->counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return pinion_fiber_spawn (NULL, 0, count_fiber, counting, counting_free);
}

/* -- Undo ----------------------------------------------------------------------------------- */

static DexFuture *
store_undo (PinionStoreSession *session,
            gpointer            data)
{
  Act *act = data;
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));

  if (!pinion_store_command_undo (session, act->group, stays))
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is nothing to undo");

  return dex_future_new_take_boxed (G_TYPE_ARRAY, g_steal_pointer (&stays));
}

DexFuture *
pinion_engine_undo (PinionEngine *self,
                    gint64        group)
{
  Act *act = act_new (self, 0, 0);

  act->group = group;

  return pinion_store_write (self->store, store_undo, act, act_free);
}
