/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-preferences.h"

#include <glib/gi18n-lib.h>

#include "pinion-account-row.h"
#include "pinion-assistant.h"
#include "pinion-config.h"

#define SENDERS_KEY "remote-pictures-senders"

struct _PinionPreferences
{
  AdwPreferencesDialog parent_instance;

  GtkListBox *accounts;
  GtkListBox *senders;
  GtkWidget *compact_rows;
  GtkWidget *show_avatars;
  GtkWidget *color_scheme;
  GtkWidget *drop_moves;
  GtkWidget *full_on_metered;
  GtkWidget *single_keys;

  PinionEngine *engine;
  GSettings *settings;
  GtkStringList *allowed;
};

G_DEFINE_FINAL_TYPE (PinionPreferences, pinion_preferences, ADW_TYPE_PREFERENCES_DIALOG)

/* -- Accounts ------------------------------------------------------------------------------- */

static void
on_told (PinionPreferences *self,
         const char        *words)
{
  AdwToast *toast = adw_toast_new (words);

  adw_toast_set_use_markup (toast, FALSE);
  adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self), toast);
}

static GtkWidget *
new_account_row (gpointer item,
                 gpointer user_data)
{
  PinionPreferences *self = user_data;
  GtkWidget *row = pinion_account_row_new (self->engine, item);

  g_signal_connect_object (row, "told", G_CALLBACK (on_told), self, G_CONNECT_SWAPPED);

  return row;
}

static void
on_accounts_changed (PinionPreferences *self,
                     guint              position,
                     guint              removed,
                     guint              added,
                     GListModel        *accounts)
{
  gtk_widget_set_visible (GTK_WIDGET (self->accounts), g_list_model_get_n_items (accounts) > 0);
}

static void
on_add_clicked (PinionPreferences *self)
{
  pinion_assistant_present (self->engine, GTK_WIDGET (self));
}

/* -- Senders -------------------------------------------------------------------------------- */

static void
on_sender_removed (GtkButton         *button,
                   PinionPreferences *self)
{
  const char *sender = g_object_get_data (G_OBJECT (button), "pinion-sender");
  g_auto (GStrv) senders = g_settings_get_strv (self->settings, SENDERS_KEY);
  g_autoptr (GStrvBuilder) left = g_strv_builder_new ();
  g_auto (GStrv) result = NULL;

  for (guint i = 0; senders[i] != NULL; i++)
    if (!g_str_equal (senders[i], sender))
      g_strv_builder_add (left, senders[i]);

  result = g_strv_builder_end (left);
  g_settings_set_strv (self->settings, SENDERS_KEY, (const char *const *) result);
}

static GtkWidget *
new_sender_row (gpointer item,
                gpointer user_data)
{
  PinionPreferences *self = user_data;
  const char *sender = gtk_string_object_get_string (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  /* Translators: of a sender whose pictures are loaded */
  g_autofree char *tooltip = g_strdup_printf (_("No longer load pictures of %s"), sender);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sender);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "pinion-sender", g_strdup (sender), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_sender_removed), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
show_senders (PinionPreferences *self)
{
  g_auto (GStrv) senders = g_settings_get_strv (self->settings, SENDERS_KEY);

  gtk_string_list_splice (self->allowed, 0, g_list_model_get_n_items (G_LIST_MODEL (self->allowed)),
                          (const char *const *) senders);
}

/* -- Settings ------------------------------------------------------------------------------- */

static const char *const schemes[] = { "system", "light", "dark" };

static gboolean
scheme_to_position (GValue   *value,
                    GVariant *variant,
                    gpointer  user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);

  return TRUE;
}

static GVariant *
position_to_scheme (const GValue       *value,
                    const GVariantType *type,
                    gpointer            user_data)
{
  guint position = g_value_get_uint (value);

  return position < G_N_ELEMENTS (schemes) ? g_variant_new_string (schemes[position]) : NULL;
}

static void
bind_settings (PinionPreferences *self)
{
  g_settings_bind (self->settings, "compact-rows", self->compact_rows, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "show-avatars", self->show_avatars, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "drop-moves", self->drop_moves, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "full-on-metered", self->full_on_metered, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "single-key-shortcuts", self->single_keys, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (self->settings, "color-scheme", self->color_scheme, "selected",
                                G_SETTINGS_BIND_DEFAULT, scheme_to_position, position_to_scheme,
                                NULL, NULL);

  g_signal_connect_object (self->settings, "changed::" SENDERS_KEY, G_CALLBACK (show_senders), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->senders, G_LIST_MODEL (self->allowed), new_sender_row, self, NULL);
  show_senders (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_preferences_dispose (GObject *object)
{
  PinionPreferences *self = PINION_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_PREFERENCES);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  g_clear_object (&self->allowed);

  G_OBJECT_CLASS (pinion_preferences_parent_class)->dispose (object);
}

static void
pinion_preferences_class_init (PinionPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_preferences_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, accounts);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, senders);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, compact_rows);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, show_avatars);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, drop_moves);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, full_on_metered);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, single_keys);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
}

static void
pinion_preferences_init (PinionPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (PINION_APP_ID);
  self->allowed = gtk_string_list_new (NULL);
  bind_settings (self);
}

AdwDialog *
pinion_preferences_new (PinionEngine *engine)
{
  PinionPreferences *self = g_object_new (PINION_TYPE_PREFERENCES, NULL);
  GListModel *accounts = pinion_engine_get_accounts (engine);

  self->engine = g_object_ref (engine);
  gtk_list_box_bind_model (self->accounts, accounts, new_account_row, self, NULL);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, 0, accounts);

  return ADW_DIALOG (self);
}

void
pinion_preferences_show_account (PinionPreferences *self,
                                 gint64             id)
{
  GtkListBoxRow *row;

  g_return_if_fail (PINION_IS_PREFERENCES (self));

  adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (self), "accounts");
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->accounts, i)) != NULL; i++)
    if (pinion_account_row_get_id (PINION_ACCOUNT_ROW (row)) == id)
      pinion_account_row_ask_password (PINION_ACCOUNT_ROW (row));
}
