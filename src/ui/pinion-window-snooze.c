/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations put off and brought back: the actions of the window. */

#include "pinion-window-private.h"

#include "pinion-snooze-popover.h"
#include "pinion-time.h"

static gboolean
lies_in_inbox (PinionWindow       *self,
               PinionConversation *conversation)
{
  guint n_labels = 0;
  const gint64 *labels = pinion_conversation_get_labels (conversation, &n_labels);

  for (guint i = 0; i < n_labels; i++)
    {
      PinionLabel *label = pinion_engine_find_label (self->engine, labels[i]);

      if (label != NULL && pinion_label_get_role (label) == PINION_ROLE_INBOX)
        return TRUE;
    }

  return FALSE;
}

void
pinion_window_look_for_snooze (PinionWindow *self,
                               gboolean     *can_snooze,
                               gboolean     *can_unsnooze)
{
  g_autoptr (GPtrArray) selected = pinion_list_pane_dup_selected_items (self->list_pane);

  *can_snooze = FALSE;
  *can_unsnooze = FALSE;
  for (guint i = 0; i < selected->len; i++)
    {
      PinionConversation *conversation = selected->pdata[i];

      *can_snooze |= lies_in_inbox (self, conversation);
      *can_unsnooze |= pinion_conversation_get_snoozed_until (conversation) != 0 ||
                       pinion_conversation_get_snoozed_back (conversation) != 0;
    }
}

static void
put_off (PinionWindow *self,
         gint64        until)
{
  g_autoptr (GArray) ids = pinion_list_pane_dup_selected (self->list_pane);
  g_autofree char *time = until != 0 ? pinion_time_ahead (until, NULL) : NULL;
  const gint64 *first = (const gint64 *) (gpointer) ids->data;
  DexFuture *done = pinion_engine_snooze (self->engine, first, ids->len, until);
  PinionConversationList *list = pinion_list_pane_foretell (
    self->list_pane, until != 0 ? PINION_ACT_SNOOZE : PINION_ACT_UNSNOOZE, first, ids->len,
    pinion_list_pane_get_view (self->list_pane), 0);

  pinion_window_tell_done (self, done, time, list, ids);
}

static void
on_chosen (PinionWindow *self,
           gint64        until)
{
  put_off (self, until);
}

static void
on_snooze (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  PinionWindow *self = user_data;
  GtkWidget *popover = pinion_snooze_popover_new ();

  g_signal_connect_object (popover, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  pinion_window_present_at_selection (self, GTK_POPOVER (popover));
}

static void
on_unsnooze (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  put_off (user_data, 0);
}

void
pinion_window_add_snooze (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "snooze", on_snooze },
    { "unsnooze", on_unsnooze },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
