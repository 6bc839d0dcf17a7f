/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-shortcuts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pinion-actions.h"
#include "pinion-config.h"

static GtkWidget *
new_key (const char *words)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_widget_add_css_class (label, "key");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);

  return label;
}

/* A key's second place on the keyboard needs no telling. */
static gboolean
is_on_keypad (const char *key)
{
  return strstr (key, "KP_") != NULL;
}

/* @words: what the keys are called */
static void
add_keys (GPtrArray         *words,
          const char *const *keys,
          gboolean           with_single)
{
  for (guint i = 0; i < PINION_MAX_KEYS && keys[i] != NULL; i++)
    {
      char *label = NULL;

      if (!is_on_keypad (keys[i]) && (with_single || !pinion_actions_is_single_key (keys[i])))
        label = pinion_actions_dup_key_label (keys[i]);

      if (label != NULL)
        g_ptr_array_add (words, label);
    }
}

/* Returns: (nullable): %NULL where no key does it, as single keys are not wanted. */
static GtkWidget *
new_row (const PinionActionInfo *info,
         gboolean                with_single)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_autofree char *spoken = NULL;
  GtkWidget *row;

  add_keys (words, info->accelerators, with_single);
  add_keys (words, info->keys, with_single);
  if (words->len == 0)
    return NULL;

  row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pinion_action_info_get_title (info));
  for (guint i = 0; i < words->len; i++)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_key (words->pdata[i]));

  spoken = g_strjoinv (", ", (char **) words->pdata);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken,
                                  -1);

  return row;
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
    {
      GtkWidget *row = actions[i].group == group ? new_row (&actions[i], with_single) : NULL;

      if (row != NULL)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (box), row);
    }

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
