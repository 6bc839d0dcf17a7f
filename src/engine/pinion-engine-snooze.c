/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations put off, and how they come back on time. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-store-commands.h"
#include "pinion-store-snooze.h"

/* @ids: conversations, or messages where @are_messages.  @until: 0 for not any more. */
typedef struct
{
  PinionEngine *engine;
  GArray *ids;
  gboolean are_messages;
  gint64 until;
} Snooze;

static void
snooze_free (gpointer data)
{
  Snooze *snooze = data;

  g_object_unref (snooze->engine);
  g_array_unref (snooze->ids);
  g_free (snooze);
}

static void
add_messages (PinionStoreSession *session,
              gint64              conversation,
              GArray             *messages)
{
  g_autoptr (GArray) found = pinion_store_thread_get_messages (session, conversation, 0);

  g_array_append_vals (messages, found->data, found->len);
}

static gboolean
check_message (PinionStoreSession *session,
               gint64              id)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

  if (message == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND,
                               "there is no message %" G_GINT64_FORMAT, id);

  return message != NULL;
}

static DexFuture *
store_snooze (PinionStoreSession *session,
              gpointer            data)
{
  Snooze *snooze = data;
  PinionDone *done = g_new0 (PinionDone, 1);
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < snooze->ids->len; i++)
    {
      gint64 id = g_array_index (snooze->ids, gint64, i);

      if (!snooze->are_messages)
        add_messages (session, id, messages);
      else if (check_message (session, id))
        g_array_append_val (messages, id);
    }

  done->act = snooze->until != 0 ? PINION_ACT_SNOOZE : PINION_ACT_UNSNOOZE;
  done->messages = messages->len;
  done->conversations = snooze->are_messages ? 0 : snooze->ids->len;
  done->group = snooze->until != 0
                    ? pinion_store_command_snooze (session, messages, snooze->until)
                    : pinion_store_command_unsnooze (session, messages);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, done);
}

static DexFuture *
put_off (PinionEngine *self,
         const gint64 *ids,
         guint         n_ids,
         gboolean      are_messages,
         gint64        until)
{
  Snooze *snooze = g_new0 (Snooze, 1);

  snooze->engine = g_object_ref (self);
  snooze->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (snooze->ids, ids, n_ids);
  snooze->are_messages = are_messages;
  snooze->until = until;

  return pinion_store_write (self->store, store_snooze, snooze, snooze_free);
}

DexFuture *
pinion_engine_snooze (PinionEngine *self,
                      const gint64 *conversations,
                      guint         n_conversations,
                      gint64        until)
{
  return put_off (self, conversations, n_conversations, FALSE, until);
}

DexFuture *
pinion_engine_snooze_messages (PinionEngine *self,
                               const gint64 *messages,
                               guint         n_messages,
                               gint64        until)
{
  return put_off (self, messages, n_messages, TRUE, until);
}

/* -- On time -------------------------------------------------------------------------------- */

static DexFuture *
store_wake (PinionStoreSession *session,
            gpointer            data)
{
  return dex_future_new_for_int64 (pinion_store_snooze_wake (session));
}

DexFuture *
pinion_engine_wake_snoozed (PinionEngine *self)
{
  if (g_get_real_time () / G_USEC_PER_SEC < self->snooze_due)
    return dex_future_new_for_int64 (0);

  /* Read anew with the change that this makes. */
  self->snooze_due = G_MAXINT64;
  return pinion_store_write (self->store, store_wake, NULL, NULL);
}

void
pinion_engine_take_snoozed (PinionEngine *self,
                            GArray       *snoozed,
                            gint64        due)
{
  g_clear_pointer (&self->snoozed, g_array_unref);
  self->snoozed = g_array_ref (snoozed);
  self->snooze_due = due;
}

guint
pinion_engine_get_snoozed (PinionEngine *self,
                           gint64        account,
                           gint64       *next)
{
  gint64 first = G_MAXINT64;
  guint n = 0;

  for (guint i = 0; self->snoozed != NULL && i < self->snoozed->len; i++)
    {
      const PinionStoreSnoozed *snoozed = &g_array_index (self->snoozed, PinionStoreSnoozed, i);

      if (account != 0 && snoozed->account_id != account)
        continue;
      n += (guint) snoozed->threads;
      first = MIN (first, snoozed->next);
    }

  if (next != NULL)
    *next = n > 0 ? first : 0;

  return n;
}
