/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-preferences.h"

#include <glib/gi18n-lib.h>

#include "pinion-account-page.h"
#include "pinion-account-row.h"
#include "pinion-account-switch.h"
#include "pinion-assistant.h"
#include "pinion-config.h"
#include "pinion-servers-page.h"
#include "pinion-shortcuts.h"
#include "pinion-subpage.h"

#define SENDERS_KEY "remote-pictures-senders"

struct _PinionPreferences
{
  AdwPreferencesDialog parent_instance;

  AdwPreferencesGroup *accounts;
  GtkWidget *no_accounts;
  AdwPreferencesGroup *identities;
  AdwPreferencesGroup *notifications;
  GtkListBox *senders;
  GtkWidget *compact_rows;
  GtkWidget *show_avatars;
  GtkWidget *color_scheme;
  GtkWidget *drop_moves;
  GtkWidget *full_on_metered;
  GtkWidget *single_keys;
  GtkWidget *sign_replies;
  GtkWidget *undo_time;
  GtkWidget *check_attachments;
  AdwPreferencesPage *shortcuts;

  PinionEngine *engine;
  GSettings *settings;
  GtkStringList *allowed;
  GPtrArray *account_rows;  /* borrowed, as the next ones */
  GPtrArray *identity_rows;
  GPtrArray *notify_rows;
  GPtrArray *shortcut_groups;
  gint64 moved; /* the account whose row gets the focus when it has its place */
};

G_DEFINE_FINAL_TYPE (PinionPreferences, pinion_preferences, ADW_TYPE_PREFERENCES_DIALOG)

/* -- Accounts ------------------------------------------------------------------------------- */

static void
open_account (PinionPreferences *self,
              gint64             id)
{
  PinionAccountItem *account = pinion_engine_find_account (self->engine, id);

  if (account != NULL)
    adw_preferences_dialog_push_subpage (ADW_PREFERENCES_DIALOG (self),
                                         pinion_account_page_new (self->engine, account));
}

static void
on_account_activated (AdwActionRow      *row,
                      PinionPreferences *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (row), "pinion-account");

  open_account (self, *id);
}

static void
on_moved (PinionPreferences *self,
          gint64             account,
          guint              position)
{
  self->moved = account;
  pinion_subpage_follow (GTK_WIDGET (self),
                         pinion_engine_move_account (self->engine, account, position), NULL);
}

static void
add_row (PinionPreferences   *self,
         AdwPreferencesGroup *group,
         GPtrArray           *rows,
         GtkWidget           *row,
         gint64               id)
{
  g_object_set_data_full (G_OBJECT (row), "pinion-account", g_memdup2 (&id, sizeof (id)), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_account_activated), self, 0);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

static GtkWidget *
new_identity_row (PinionAccountItem *account)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 pinion_account_item_get_account (account)->email);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static void
clear_rows (AdwPreferencesGroup *group,
            GPtrArray           *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static void
add_notify_row (PinionPreferences *self,
                PinionAccountItem *account)
{
  GtkWidget *row = pinion_account_switch_new (self->engine, account, PINION_ACCOUNT_NOTIFICATIONS,
                                              TRUE);

  adw_preferences_group_add (self->notifications, row);
  g_ptr_array_add (self->notify_rows, row);
}

static void
show_accounts (PinionPreferences *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);

  clear_rows (self->accounts, self->account_rows);
  clear_rows (self->identities, self->identity_rows);
  clear_rows (self->notifications, self->notify_rows);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);
      GtkWidget *row = pinion_account_row_new (account, i, n);
      gint64 id = pinion_account_item_get_id (account);

      g_signal_connect_object (row, "moved", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
      add_row (self, self->accounts, self->account_rows, row, id);
      add_row (self, self->identities, self->identity_rows, new_identity_row (account), id);
      add_notify_row (self, account);
      if (id == self->moved)
        gtk_widget_grab_focus (row);
    }

  gtk_widget_set_visible (self->no_accounts, n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->identities), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->notifications), n > 0);
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

/* Seconds, as the list has them. */
static const int undo_times[] = { 0, 5, 10, 20, 30, 60 };

static gboolean
seconds_to_position (GValue   *value,
                     GVariant *variant,
                     gpointer  user_data)
{
  guint position = 0;

  while (position + 1 < G_N_ELEMENTS (undo_times) &&
         undo_times[position] < g_variant_get_int32 (variant))
    position++;
  g_value_set_uint (value, position);

  return TRUE;
}

static GVariant *
position_to_seconds (const GValue       *value,
                     const GVariantType *type,
                     gpointer            user_data)
{
  guint position = g_value_get_uint (value);

  return position < G_N_ELEMENTS (undo_times) ? g_variant_new_int32 (undo_times[position]) : NULL;
}

static void
show_shortcuts (PinionPreferences *self)
{
  gboolean with_single = g_settings_get_boolean (self->settings, "single-key-shortcuts");

  for (guint i = 0; i < self->shortcut_groups->len; i++)
    adw_preferences_page_remove (self->shortcuts, self->shortcut_groups->pdata[i]);
  g_ptr_array_set_size (self->shortcut_groups, 0);
  pinion_shortcuts_add_groups (self->shortcuts, with_single, self->shortcut_groups);
}

static void
bind_composing (PinionPreferences *self)
{
  g_settings_bind (self->settings, "sign-replies", self->sign_replies, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "check-attachments", self->check_attachments, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (self->settings, "undo-send-seconds", self->undo_time, "selected",
                                G_SETTINGS_BIND_DEFAULT, seconds_to_position, position_to_seconds,
                                NULL, NULL);
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
  g_signal_connect_object (self->settings, "changed::single-key-shortcuts",
                           G_CALLBACK (show_shortcuts), self, G_CONNECT_SWAPPED);
  bind_composing (self);
  show_shortcuts (self);
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
pinion_preferences_finalize (GObject *object)
{
  PinionPreferences *self = PINION_PREFERENCES (object);

  g_ptr_array_unref (self->account_rows);
  g_ptr_array_unref (self->identity_rows);
  g_ptr_array_unref (self->notify_rows);
  g_ptr_array_unref (self->shortcut_groups);

  G_OBJECT_CLASS (pinion_preferences_parent_class)->finalize (object);
}

static void
pinion_preferences_class_init (PinionPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_preferences_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_preferences_finalize;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, accounts);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, no_accounts);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, identities);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, notifications);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, sign_replies);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, undo_time);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, check_attachments);
  gtk_widget_class_bind_template_child (widget_class, PinionPreferences, shortcuts);
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
  self->account_rows = g_ptr_array_new ();
  self->identity_rows = g_ptr_array_new ();
  self->notify_rows = g_ptr_array_new ();
  self->shortcut_groups = g_ptr_array_new ();
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
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (show_accounts), self,
                           G_CONNECT_SWAPPED);
  show_accounts (self);

  return ADW_DIALOG (self);
}

void
pinion_preferences_show_servers (PinionPreferences *self,
                                 gint64             id)
{
  PinionAccountItem *account;

  g_return_if_fail (PINION_IS_PREFERENCES (self));

  account = pinion_engine_find_account (self->engine, id);
  if (account == NULL)
    return;

  adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (self), "accounts");
  adw_preferences_dialog_push_subpage (ADW_PREFERENCES_DIALOG (self),
                                       pinion_servers_page_new (self->engine, account));
}

void
pinion_preferences_show_account (PinionPreferences *self,
                                 gint64             id)
{
  g_return_if_fail (PINION_IS_PREFERENCES (self));

  adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (self), "accounts");
  open_account (self, id);
}
