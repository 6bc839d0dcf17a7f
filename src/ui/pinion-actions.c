/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-actions.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "pinion-config.h"

static const PinionActionInfo table[] = {
  { PINION_ACTIONS_GENERAL, "app.preferences", N_("Preferences"), { "<Control>comma" } },
  { PINION_ACTIONS_GENERAL, "app.shortcuts", N_("Keyboard Shortcuts"),
    { "<Control>question" }, { "question" } },
  { PINION_ACTIONS_GENERAL, "win.search", N_("Search"), { "<Control>f" }, { "slash" } },
  { PINION_ACTIONS_GENERAL, "win.save-search", N_("Save Search"), { "<Control>d" } },
  { PINION_ACTIONS_GENERAL, "win.search-server", N_("Search the Server"),
    { "<Control><Shift>s" } },
  { PINION_ACTIONS_GENERAL, "win.import", N_("Import Messages"), { NULL } },
  { PINION_ACTIONS_GENERAL, "win.commands", N_("Command Bar"), { "<Control>k" } },
  { PINION_ACTIONS_GENERAL, "win.refresh", N_("Look for New Mail"), { "F5" } },
  { PINION_ACTIONS_GENERAL, "win.pause", N_("Pause Syncing"), { NULL } },
  { PINION_ACTIONS_GENERAL, "win.toggle-sidebar", N_("Show Sidebar"), { "F9" } },
  { PINION_ACTIONS_GENERAL, "win.undo", N_("Undo"), { NULL }, { "<Control>z", "z" } },
  { PINION_ACTIONS_GENERAL, "win.menu", N_("Account Menu"), { "F10" } },
  { PINION_ACTIONS_GENERAL, "window.close", N_("Close Window"), { "<Control>w" } },
  { PINION_ACTIONS_GENERAL, "app.quit", N_("Quit"), { "<Control>q" } },

  { PINION_ACTIONS_CONVERSATIONS, "win.next", N_("Next Conversation"),
    { "<Alt>Page_Down" }, { "j" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.previous", N_("Previous Conversation"),
    { "<Alt>Page_Up" }, { "k" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.archive", N_("Archive"), { NULL }, { "e" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.trash", N_("Delete"), { NULL }, { "numbersign", "Delete" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.snooze", N_("Snooze"), { NULL }, { "b" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.unsnooze", N_("Bring Back from Snooze"),
    { NULL }, { "<Shift>b" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.spam", N_("Mark as Spam"), { NULL }, { "exclam" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.not-spam", N_("Not Spam"), { NULL } },
  { PINION_ACTIONS_CONVERSATIONS, "win.toggle-star", N_("Star"), { NULL }, { "s" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.mark-unread", N_("Mark as Unread"),
    { "<Control><Shift>u" }, { "u" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.mark-read", N_("Mark as Read"),
    { "<Control><Shift>i" }, { "<Shift>i" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.add-label", N_("Add Label"), { NULL }, { "l" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.move", N_("Move to Label"), { NULL }, { "v", "<Shift>l" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.remove-label", N_("Remove This Label"), { NULL }, { "y" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.save-as", N_("Save as Files"), { "<Control>s" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.select", N_("Select Conversations"), { NULL } },
  { PINION_ACTIONS_CONVERSATIONS, "list.extend", N_("Select Further Conversations"),
    { NULL }, { "<Shift>Down", "<Shift>Up" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.select-all", N_("Select All Conversations"),
    { NULL }, { "<Control>a" } },
  { PINION_ACTIONS_CONVERSATIONS, "win.leave", N_("Leave Conversation or Selection"),
    { NULL }, { "Escape" } },

  { PINION_ACTIONS_WRITING, "win.compose", N_("New Message"), { "<Control>n" }, { "c" } },
  { PINION_ACTIONS_WRITING, "win.reply", N_("Reply"), { "<Control>r" }, { "r" } },
  { PINION_ACTIONS_WRITING, "win.reply-all", N_("Reply to All"), { "<Control><Shift>r" }, { "a" } },
  { PINION_ACTIONS_WRITING, "win.forward", N_("Forward"), { "<Control><Shift>f" }, { "f" } },
  { PINION_ACTIONS_WRITING, "composer.send", N_("Send"),
    { NULL }, { "<Control>Return", "<Control>KP_Enter" } },

  { PINION_ACTIONS_SIDEBAR, "sidebar.row-menu", N_("Menu of a Label or Section"),
    { NULL }, { "Menu", "<Shift>F10" } },
  { PINION_ACTIONS_SIDEBAR, "sidebar.row-rename", N_("Rename"), { NULL }, { "F2" } },
  { PINION_ACTIONS_SIDEBAR, "sidebar.row-fold", N_("Fold"), { NULL }, { "Left", "KP_Left" } },
  { PINION_ACTIONS_SIDEBAR, "sidebar.row-unfold", N_("Unfold"), { NULL }, { "Right", "KP_Right" } },
  { PINION_ACTIONS_SIDEBAR, "sidebar.row-up", N_("Move Up"),
    { NULL }, { "<Alt>Up", "<Alt>KP_Up" } },
  { PINION_ACTIONS_SIDEBAR, "sidebar.row-down", N_("Move Down"),
    { NULL }, { "<Alt>Down", "<Alt>KP_Down" } },
  { PINION_ACTIONS_SIDEBAR, "more.visit", N_("Show a Label of “More” Without Pinning It"),
    { NULL }, { "<Alt>Return" } },
};

const PinionActionInfo *
pinion_actions_get (guint *n_actions)
{
  *n_actions = G_N_ELEMENTS (table);

  return table;
}

const PinionActionInfo *
pinion_actions_find (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].action, action))
      return &table[i];

  return NULL;
}

const char *
pinion_action_info_get_title (const PinionActionInfo *self)
{
  return g_dgettext (GETTEXT_PACKAGE, self->title);
}

const char *
pinion_action_group_get_title (PinionActionGroup group)
{
  switch (group)
    {
    case PINION_ACTIONS_CONVERSATIONS:
      return _("Conversations");

    case PINION_ACTIONS_WRITING:
      return _("Writing");

    case PINION_ACTIONS_SIDEBAR:
      return _("Sidebar");

    case PINION_ACTIONS_GENERAL:
    case PINION_N_ACTION_GROUPS:
    default:
      return _("General");
    }
}

gboolean
pinion_action_info_is_local (const PinionActionInfo *self)
{
  return !g_str_has_prefix (self->action, "app.") && !g_str_has_prefix (self->action, "win.") &&
         !g_str_has_prefix (self->action, "window.");
}

gboolean
pinion_actions_is_single_key (const char *key)
{
  guint keyval = 0;
  GdkModifierType modifiers = 0;

  if (!gtk_accelerator_parse (key, &keyval, &modifiers))
    return FALSE;

  return (modifiers & ~GDK_SHIFT_MASK) == 0 &&
         g_unichar_isgraph (gdk_keyval_to_unicode (keyval)) && keyval != GDK_KEY_Delete;
}

void
pinion_actions_install (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (!pinion_action_info_is_local (&table[i]))
      gtk_application_set_accels_for_action (application, table[i].action,
                                             (const char *const *) table[i].accelerators);
}

/* -- Keys ----------------------------------------------------------------------------------- */

gboolean
pinion_actions_is_typing (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkAccessibleRole role;

  if (focus == NULL)
    return FALSE;

  role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (focus));

  /* A web view that is being written in says so by the text role */
  return GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus) ||
         role == GTK_ACCESSIBLE_ROLE_TEXT_BOX ||
         gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL;
}

static gboolean
rests (GtkWidget  *window,
       const char *key)
{
  g_autoptr (GSettings) settings = NULL;

  if (pinion_actions_is_typing (GTK_WINDOW (window)) ||
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)) != NULL)
    return TRUE;

  if (!pinion_actions_is_single_key (key))
    return FALSE;

  settings = g_settings_new (PINION_APP_ID);

  return !g_settings_get_boolean (settings, "single-key-shortcuts");
}

/* The shortcut carries its key and its action as arguments. */
static gboolean
on_key (GtkWidget *window,
        GVariant  *args,
        gpointer   user_data)
{
  const char *key, *action;

  g_variant_get (args, "(&s&s)", &key, &action);

  if (rests (window, key))
    return GDK_EVENT_PROPAGATE;

  return gtk_widget_activate_action_variant (window, action, NULL);
}

static GtkShortcut *
new_shortcut (const char *key,
              const char *action)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (key),
                                            gtk_callback_action_new (on_key, NULL, NULL));

  gtk_shortcut_set_arguments (shortcut, g_variant_new ("(ss)", key, action));

  return shortcut;
}

GtkEventController *
pinion_actions_new_key_controller (void)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint k = 0; k < PINION_MAX_KEYS && table[i].keys[k] != NULL; k++)
      if (!pinion_action_info_is_local (&table[i]))
        gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                              new_shortcut (table[i].keys[k], table[i].action));

  return controller;
}

void
pinion_actions_add_local (GtkWidget      *widget,
                          const char     *action,
                          GtkShortcutFunc func,
                          gpointer        data)
{
  const PinionActionInfo *info = pinion_actions_find (action);
  GtkEventController *controller = gtk_shortcut_controller_new ();

  g_return_if_fail (info != NULL);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < PINION_MAX_KEYS && info->keys[i] != NULL; i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string (info->keys[i]),
                        gtk_callback_action_new (func, data, NULL)));
  gtk_widget_add_controller (widget, controller);
}

/* -- Tooltips ------------------------------------------------------------------------------- */

const char *
pinion_action_info_get_first_key (const PinionActionInfo *self)
{
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);
  gboolean with_single = g_settings_get_boolean (settings, "single-key-shortcuts");

  for (guint i = 0; i < PINION_MAX_KEYS && self->keys[i] != NULL; i++)
    if (with_single || !pinion_actions_is_single_key (self->keys[i]))
      return self->keys[i];

  return self->accelerators[0];
}

char *
pinion_actions_dup_key_label (const char *key)
{
  guint keyval;
  GdkModifierType modifiers;

  return gtk_accelerator_parse (key, &keyval, &modifiers)
           ? gtk_accelerator_get_label (keyval, modifiers)
           : NULL;
}

char *
pinion_action_info_dup_tooltip (const PinionActionInfo *self)
{
  const char *first = pinion_action_info_get_first_key (self);
  g_autofree char *label = first != NULL ? pinion_actions_dup_key_label (first) : NULL;

  if (label == NULL)
    return g_strdup (pinion_action_info_get_title (self));

  /* Translators: what a button does and its shortcut, as in "Archive (E)" */
  return g_strdup_printf (C_("tooltip", "%s (%s)"), pinion_action_info_get_title (self), label);
}

static void
describe_one (GtkWidget *widget)
{
  static const char key[] = "pinion-described";
  const char *action;
  const PinionActionInfo *info;

  if (!GTK_IS_ACTIONABLE (widget) || (gtk_widget_get_tooltip_text (widget) != NULL &&
                                      g_object_get_data (G_OBJECT (widget), key) == NULL))
    return;

  action = gtk_actionable_get_action_name (GTK_ACTIONABLE (widget));
  info = action != NULL ? pinion_actions_find (action) : NULL;

  if (info != NULL)
    {
      g_autofree char *tooltip = pinion_action_info_dup_tooltip (info);

      g_object_set_data (G_OBJECT (widget), key, (gpointer) key);
      gtk_widget_set_tooltip_text (widget, tooltip);
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      pinion_action_info_get_title (info), -1);
    }
}

void
pinion_actions_describe (GtkWidget *root)
{
  describe_one (root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    pinion_actions_describe (child);
}
