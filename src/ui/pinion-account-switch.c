/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account-switch.h"

#include <glib/gi18n-lib.h>

#include "pinion-subpage.h"

struct _PinionAccountSwitch
{
  AdwActionRow parent_instance;

  GtkSwitch *toggle;

  PinionEngine *engine;
  PinionAccountItem *account;
  PinionAccountSetting setting;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PinionAccountSwitch, pinion_account_switch, ADW_TYPE_ACTION_ROW)

static gboolean
is_on (PinionAccountSwitch *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);

  return self->setting == PINION_ACCOUNT_SERVER_DRAFTS ? account->server_drafts : !account->quiet;
}

static void
show_setting (PinionAccountSwitch *self)
{
  self->loading = TRUE;
  gtk_switch_set_active (self->toggle, is_on (self));
  self->loading = FALSE;
}

static void
on_kept (GtkWidget *widget,
         gboolean   kept)
{
  PinionAccountSwitch *self = PINION_ACCOUNT_SWITCH (widget);

  if (self->account != NULL)
    show_setting (self);
}

static void
on_active (PinionAccountSwitch *self)
{
  g_autoptr (PinionAccount) account = NULL;
  gboolean active = gtk_switch_get_active (self->toggle);

  if (self->loading || self->account == NULL)
    return;

  account = pinion_account_copy (pinion_account_item_get_account (self->account));
  if (self->setting == PINION_ACCOUNT_SERVER_DRAFTS)
    account->server_drafts = active;
  else
    account->quiet = !active;
  pinion_subpage_follow (GTK_WIDGET (self), pinion_engine_set_details (self->engine, account),
                         on_kept);
}

static void
pinion_account_switch_dispose (GObject *object)
{
  PinionAccountSwitch *self = PINION_ACCOUNT_SWITCH (object);

  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_account_switch_parent_class)->dispose (object);
}

static void
pinion_account_switch_class_init (PinionAccountSwitchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_account_switch_dispose;
}

static void
pinion_account_switch_init (PinionAccountSwitch *self)
{
  GtkWidget *toggle = gtk_switch_new ();

  self->toggle = GTK_SWITCH (toggle);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), toggle);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self, NULL, -1);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (on_active), self,
                           G_CONNECT_SWAPPED);
}

static const char *
get_title (PinionAccountSetting setting)
{
  return setting == PINION_ACCOUNT_SERVER_DRAFTS ? _("Drafts on the Server") : _("Notifications");
}

static const char *
get_subtitle (PinionAccountSetting setting,
              gboolean             among_others)
{
  if (setting == PINION_ACCOUNT_SERVER_DRAFTS)
    return _("Lets you go on writing in other programs and on your phone");

  return among_others ? _("Notifications of new mail") : _("Tell of new mail in the Inbox");
}

GtkWidget *
pinion_account_switch_new (PinionEngine        *engine,
                           PinionAccountItem   *account,
                           PinionAccountSetting setting,
                           gboolean             among_others)
{
  PinionAccountSwitch *self = g_object_new (PINION_TYPE_ACCOUNT_SWITCH, "use-markup", FALSE, NULL);
  AdwPreferencesRow *row = ADW_PREFERENCES_ROW (self);
  const char *email = pinion_account_item_get_account (account)->email;

  adw_preferences_row_set_title (row, among_others ? email : get_title (setting));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), get_subtitle (setting, among_others));
  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  self->setting = setting;
  g_signal_connect_object (account, "notify::account", G_CALLBACK (show_setting), self,
                           G_CONNECT_SWAPPED);
  show_setting (self);

  return GTK_WIDGET (self);
}
