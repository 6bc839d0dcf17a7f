/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command bar of the window, and what is done when something was chosen in it. */

#include "pinion-window-private.h"

#include "pinion-command-bar.h"

#define FADE 50 /* ms */

static void
go_to (PinionWindow      *self,
       PinionSidebarItem *place)
{
  const PinionView *view = pinion_sidebar_item_get_view (place);
  gboolean outbox = pinion_sidebar_item_get_kind (place) == PINION_SIDEBAR_OUTBOX;

  pinion_window_show_place (self, place);
  pinion_sidebar_select (self->sidebar, view, outbox);
  pinion_list_pane_focus_list (self->list_pane);
}

static void
search_for (PinionWindow *self,
            const char   *query)
{
  adw_navigation_split_view_set_show_content (self->inner, FALSE);
  pinion_list_pane_search_for (self->list_pane, query);
}

static void
on_chosen (PinionWindow  *self,
           PinionCommand *command)
{
  if (self->engine == NULL)
    return;

  switch (pinion_command_get_kind (command))
    {
    case PINION_COMMAND_ACTION:
      gtk_widget_activate_action_variant (GTK_WIDGET (self),
                                          pinion_command_get_action (command)->action, NULL);
      break;

    case PINION_COMMAND_PLACE:
      go_to (self, pinion_command_get_place (command));
      break;

    case PINION_COMMAND_ACCOUNT:
      gtk_widget_activate_action (GTK_WIDGET (self), "app.solve", "x",
                                  pinion_command_get_account (command));
      break;

    case PINION_COMMAND_PERSON:
    default:
      search_for (self, pinion_command_get_query (command));
      break;
    }
}

static gboolean
on_again (gpointer user_data)
{
  gtk_widget_activate_action (user_data, "win.commands", NULL);

  return G_SOURCE_REMOVE;
}

static void
on_commands (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  PinionWindow *self = user_data;
  AdwDialog *bar = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self));

  /* One that is fading away would take the focus along: it is waited for. */
  if (PINION_IS_COMMAND_BAR (bar) && pinion_command_bar_is_closed (PINION_COMMAND_BAR (bar)))
    g_timeout_add_full (G_PRIORITY_DEFAULT, FADE, on_again, g_object_ref (self), g_object_unref);

  /* Once is enough, and not over a question that waits for its answer. */
  if (bar != NULL)
    return;

  bar = pinion_command_bar_new (self->engine, GTK_WIDGET (self));
  g_signal_connect_object (bar, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  adw_dialog_present (bar, GTK_WIDGET (self));
  pinion_command_bar_take_focus (PINION_COMMAND_BAR (bar));
}

void
pinion_window_add_commands (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "commands", on_commands },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
