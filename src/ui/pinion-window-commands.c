/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command bar of the window, and what is done when something was chosen in it. */

#include "pinion-window-private.h"

#include "pinion-actions.h"

#define FADE 20 /* ms */

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

static void
present (PinionWindow     *self,
         PinionCommandBar *bar)
{
  g_set_weak_pointer (&self->bar, bar);
  adw_dialog_present (ADW_DIALOG (bar), GTK_WIDGET (self));
  pinion_command_bar_take_focus (bar);
}

/* One that is fading away, which is no visible dialog any more, takes the focus along in the end. */
static gboolean
is_fading (PinionWindow *self)
{
  return self->bar != NULL && pinion_command_bar_is_closed (self->bar)
         && gtk_widget_get_root (GTK_WIDGET (self->bar)) != NULL;
}

static gboolean
is_key_of_commands (guint           keyval,
                    GdkModifierType modifiers)
{
  const PinionActionInfo *info = pinion_actions_find ("win.commands");
  GdkModifierType wanted;
  guint key;

  gtk_accelerator_parse (pinion_action_info_get_first_key (info), &key, &wanted);

  return gdk_keyval_to_lower (keyval) == key
         && (modifiers & gtk_accelerator_get_default_mod_mask ()) == wanted;
}

/* The next bar may be asked for, and typed into, while the one before has the keyboard. */
static void
on_late_key (PinionWindow   *self,
             guint           keyval,
             GdkModifierType modifiers)
{
  if (self->next_bar != NULL)
    pinion_command_bar_take_key (self->next_bar, keyval, modifiers);
  else if (is_key_of_commands (keyval, modifiers))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.commands", NULL);
}

/* And once that has gone. */
static gboolean
on_early_key (PinionWindow    *self,
              guint            keyval,
              guint            keycode,
              GdkModifierType  modifiers)
{
  if (self->next_bar == NULL)
    return GDK_EVENT_PROPAGATE;

  pinion_command_bar_take_key (self->next_bar, keyval, modifiers);

  return GDK_EVENT_STOP;
}

static PinionCommandBar *
new_bar (PinionWindow *self)
{
  AdwDialog *bar = pinion_command_bar_new (self->engine, GTK_WIDGET (self));

  g_signal_connect_object (bar, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bar, "late-key", G_CALLBACK (on_late_key), self, G_CONNECT_SWAPPED);

  return PINION_COMMAND_BAR (bar);
}

static gboolean
on_faded (gpointer user_data)
{
  PinionWindow *self = user_data;
  g_autoptr (PinionCommandBar) bar = NULL;

  if (self->next_bar != NULL && is_fading (self))
    return G_SOURCE_CONTINUE;

  /* Not over what the command before it has opened */
  bar = g_steal_pointer (&self->next_bar);
  if (bar != NULL && adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) == NULL)
    present (self, bar);

  return G_SOURCE_REMOVE;
}

static void
on_commands (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  PinionWindow *self = user_data;

  /* Once is enough. */
  if (self->next_bar != NULL)
    return;

  if (is_fading (self))
    {
      self->next_bar = g_object_ref_sink (new_bar (self));
      g_timeout_add_full (G_PRIORITY_DEFAULT, FADE, on_faded, g_object_ref (self), g_object_unref);
      return;
    }

  /* Nor over a question that waits for its answer */
  if (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) == NULL)
    present (self, new_bar (self));
}

void
pinion_window_add_commands (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "commands", on_commands },
  };
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_early_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
