/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-shortcuts.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-config.h"

static GtkWidget *
new_key (const char *key)
{
  g_autofree char *words = NULL;
  GtkWidget *label;
  guint keyval;
  GdkModifierType modifiers;

  if (!gtk_accelerator_parse (key, &keyval, &modifiers))
    return NULL;

  words = gtk_accelerator_get_label (keyval, modifiers);
  label = gtk_label_new (words);
  gtk_widget_add_css_class (label, "key");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);

  return label;
}

static void
add_keys (AdwActionRow      *row,
          const char *const *keys,
          gboolean           with_single)
{
  for (guint i = 0; i < PINION_MAX_KEYS && keys[i] != NULL; i++)
    {
      GtkWidget *key = NULL;

      if (with_single || !pinion_actions_is_single_key (keys[i]))
        key = new_key (keys[i]);

      if (key != NULL)
        adw_action_row_add_suffix (row, key);
    }
}

static GtkWidget *
new_row (const PinionActionInfo *info,
         gboolean                with_single)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pinion_action_info_get_title (info));
  add_keys (ADW_ACTION_ROW (row), info->accelerators, with_single);
  add_keys (ADW_ACTION_ROW (row), info->keys, with_single);

  return row;
}

static gboolean
has_key (const PinionActionInfo *info)
{
  return info->accelerators[0] != NULL || info->keys[0] != NULL;
}

static GtkWidget *
new_group (PinionActionGroup group,
           gboolean          with_single)
{
  GtkWidget *box = adw_preferences_group_new ();
  guint n_actions;
  const PinionActionInfo *actions = pinion_actions_get (&n_actions);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (box),
                                   pinion_action_group_get_title (group));

  for (guint i = 0; i < n_actions; i++)
    if (actions[i].group == group && has_key (&actions[i]))
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (box), new_row (&actions[i], with_single));

  return box;
}

void
pinion_shortcuts_add_groups (AdwPreferencesPage *page,
                             gboolean            with_single,
                             GPtrArray          *groups)
{
  for (guint group = 0; group < PINION_N_ACTION_GROUPS; group++)
    {
      GtkWidget *widget = new_group (group, with_single);

      adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (widget));
      if (groups != NULL)
        g_ptr_array_add (groups, widget);
    }
}

AdwDialog *
pinion_shortcuts_new (void)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *page = adw_preferences_page_new ();
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);
  gboolean with_single = g_settings_get_boolean (settings, "single-key-shortcuts");

  pinion_shortcuts_add_groups (ADW_PREFERENCES_PAGE (page), with_single, NULL);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_title (dialog, _("Keyboard Shortcuts"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 640);

  return dialog;
}
