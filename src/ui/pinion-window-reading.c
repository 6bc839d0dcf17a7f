/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The conversation pane: what is selected is shown, and read once it has been in sight. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-composer.h"

#define READ_AFTER 1000 /* ms */

/* -- Marked as read ------------------------------------------------------------------------- */

static gboolean
is_in_sight (PinionWindow *self)
{
  return !adw_navigation_split_view_get_collapsed (self->inner) ||
         adw_navigation_split_view_get_show_content (self->inner);
}

static gboolean
on_read (gpointer user_data)
{
  PinionWindow *self = user_data;
  g_autoptr (PinionConversation) conversation = pinion_list_pane_dup_single (self->list_pane);

  self->read_source = 0;

  if (conversation != NULL &&
      pinion_conversation_get_id (conversation) == self->read_conversation &&
      pinion_conversation_get_unread (conversation) && is_in_sight (self))
    pinion_window_act (self, PINION_ACT_SEEN, &self->read_conversation, 1,
                       pinion_list_pane_get_view (self->list_pane), 0);

  return G_SOURCE_REMOVE;
}

void
pinion_window_watch_reading (PinionWindow *self)
{
  g_autoptr (PinionConversation) conversation = NULL;

  g_clear_handle_id (&self->read_source, g_source_remove);

  if (self->engine == NULL)
    return;

  conversation = pinion_list_pane_dup_single (self->list_pane);
  if (conversation == NULL || !is_in_sight (self) ||
      pinion_list_pane_get_selecting (self->list_pane))
    return;

  self->read_conversation = pinion_conversation_get_id (conversation);
  self->read_source = g_timeout_add (READ_AFTER, on_read, self);
}

/* -- Shown ---------------------------------------------------------------------------------- */

gboolean
pinion_window_make_reader (PinionWindow *self)
{
  if (self->reader != NULL)
    return FALSE;

  self->reader = PINION_READER (pinion_reader_new ());
  pinion_reader_set_engine (self->reader, self->engine);
  adw_bin_set_child (self->reader_place, GTK_WIDGET (self->reader));

  return TRUE;
}

static void
clear_reader (PinionWindow *self)
{
  if (self->reader != NULL)
    pinion_reader_clear (self->reader);
}

static void
show_many (PinionWindow *self,
           guint         n)
{
  g_autofree char *title =
    g_strdup_printf (ngettext ("%'u Conversation Selected", "%'u Conversations Selected", n), n);

  adw_status_page_set_title (self->many, title);
  gtk_widget_set_visible (GTK_WIDGET (self->many), TRUE);
  gtk_stack_set_visible_child_name (self->reading_stack, "many");
  clear_reader (self);
}

static void
show_none (PinionWindow *self)
{
  gtk_stack_set_visible_child_name (self->reading_stack, "none");
  clear_reader (self);
  adw_navigation_page_set_title (self->reading_page, _("Conversation"));
  adw_navigation_split_view_set_show_content (self->inner, FALSE);
}

static void
show_one (PinionWindow       *self,
          PinionConversation *conversation)
{
  gint64 id = pinion_conversation_get_id (conversation);
  const char *subject = pinion_conversation_get_subject (conversation);

  pinion_window_make_reader (self);
  if (pinion_reader_get_conversation (self->reader) != id)
    pinion_reader_show_conversation (self->reader, id,
                                     pinion_list_pane_get_view (self->list_pane));

  adw_navigation_page_set_title (self->reading_page,
                                 subject != NULL && *subject != '\0' ? subject : _("No subject"));
  gtk_stack_set_visible_child_name (self->reading_stack, "reader");
}

void
pinion_window_show_selected (PinionWindow *self)
{
  guint n = pinion_list_pane_get_n_selected (self->list_pane);
  g_autoptr (PinionConversation) conversation = pinion_list_pane_dup_single (self->list_pane);

  if (conversation != NULL && !pinion_list_pane_get_selecting (self->list_pane))
    show_one (self, conversation);
  else if (n > 0)
    show_many (self, n);
  else
    show_none (self);

  pinion_window_watch_reading (self);
}

/* -- Drafts --------------------------------------------------------------------------------- */

static DexFuture *
on_draft_loaded (DexFuture *future,
                 gpointer   user_data)
{
  PinionWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->engine == NULL)
    return NULL;

  if (value != NULL)
    pinion_composer_present (self->engine, g_value_get_boxed (value), GTK_WIDGET (self));
  else
    pinion_undo_toasts_say_error (self->undo, error);

  return NULL;
}

void
pinion_window_open_draft (PinionWindow *self,
                          gint64        draft)
{
  DexFuture *loaded = pinion_engine_load_draft (self->engine, draft);

  dex_future_disown (dex_future_finally (loaded, on_draft_loaded, g_object_ref (self),
                                         g_object_unref));
}

/* A draft is written on rather than read, another program's, too. */
static DexFuture *
on_message_loaded (DexFuture *future,
                   gpointer   user_data)
{
  PinionWindow *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  const PinionMessage *message = value != NULL ? g_value_get_boxed (value) : NULL;

  if (self->engine == NULL)
    return NULL;

  if (message != NULL && message->draft)
    pinion_window_open_draft (self, message->id);
  else
    adw_navigation_split_view_set_show_content (self->inner, TRUE);

  return NULL;
}

static gboolean
is_drafts (PinionWindow *self)
{
  const PinionView *view = pinion_list_pane_get_view (self->list_pane);
  PinionLabel *label = view != NULL && view->kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (self->engine, view->label)
                         : NULL;

  return label != NULL && pinion_label_get_role (label) == PINION_ROLE_DRAFTS;
}

void
pinion_window_open_selected (PinionWindow *self)
{
  g_autoptr (PinionConversation) conversation = pinion_list_pane_dup_single (self->list_pane);
  guint n_messages = 0;
  const gint64 *messages;

  if (conversation == NULL)
    return;

  messages = pinion_conversation_get_messages (conversation, &n_messages);

  if (is_drafts (self) && n_messages > 0)
    {
      DexFuture *loaded = pinion_engine_load_message (self->engine, messages[n_messages - 1]);

      dex_future_disown (dex_future_finally (loaded, on_message_loaded, g_object_ref (self),
                                             g_object_unref));
      return;
    }

  adw_navigation_split_view_set_show_content (self->inner, TRUE);
}

/* -- Asked for from outside ----------------------------------------------------------------- */

static void
show_place (PinionWindow        *self,
            const PinionMessage *message)
{
  PinionLabel *inbox = pinion_engine_find_role (self->engine, message->account, PINION_ROLE_INBOX);
  PinionLabel *place = NULL;

  for (guint i = 0; message->labels != NULL && i < message->labels->len; i++)
    {
      PinionLabel *label
        = pinion_engine_find_label (self->engine, g_array_index (message->labels, gint64, i));

      if (place == NULL || (label != NULL && label == inbox))
        place = label;
    }

  if (place != NULL && place == inbox)
    pinion_window_show_inbox (self, message->account);
  else if (place != NULL)
    pinion_window_show_label (self, place);
}

static DexFuture *
on_message_found (DexFuture *future,
                  gpointer   user_data)
{
  PinionWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  const PinionMessage *message = value != NULL ? g_value_get_boxed (value) : NULL;

  if (self->engine == NULL)
    return NULL;

  if (message == NULL)
    {
      pinion_window_say_error (self, error);
      return NULL;
    }

  show_place (self, message);
  pinion_list_pane_select (self->list_pane, message->conversation);
  adw_navigation_split_view_set_show_content (self->inner, TRUE);

  return NULL;
}

void
pinion_window_show_message (PinionWindow *self,
                            gint64        message)
{
  DexFuture *loaded;

  g_return_if_fail (PINION_IS_WINDOW (self));

  if (self->engine == NULL)
    return;

  loaded = pinion_engine_load_message (self->engine, message);
  dex_future_disown (dex_future_finally (loaded, on_message_found, g_object_ref (self),
                                         g_object_unref));
}
