/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-notify-row.h"

#include <glib/gi18n-lib.h>

#include "pinion-subpage.h"

struct _PinionNotifyRow
{
  AdwActionRow parent_instance;

  GtkSwitch *toggle;

  PinionEngine *engine;
  PinionAccountItem *account;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PinionNotifyRow, pinion_notify_row, ADW_TYPE_ACTION_ROW)

static void
show_setting (PinionNotifyRow *self)
{
  self->loading = TRUE;
  gtk_switch_set_active (self->toggle, !pinion_account_item_get_account (self->account)->quiet);
  self->loading = FALSE;
}

static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  PinionNotifyRow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->account == NULL)
    return NULL;

  if (dex_future_get_value (future, &error) == NULL)
    pinion_subpage_tell_error (GTK_WIDGET (self), error);
  show_setting (self);

  return NULL;
}

static void
on_active (PinionNotifyRow *self)
{
  g_autoptr (PinionAccount) account = NULL;
  DexFuture *kept;

  if (self->loading || self->account == NULL)
    return;

  account = pinion_account_copy (pinion_account_item_get_account (self->account));
  account->quiet = !gtk_switch_get_active (self->toggle);
  kept = pinion_engine_set_details (self->engine, account);
  dex_future_disown (dex_future_finally (kept, on_kept, g_object_ref (self), g_object_unref));
}

static void
pinion_notify_row_dispose (GObject *object)
{
  PinionNotifyRow *self = PINION_NOTIFY_ROW (object);

  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_notify_row_parent_class)->dispose (object);
}

static void
pinion_notify_row_class_init (PinionNotifyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_notify_row_dispose;
}

static void
pinion_notify_row_init (PinionNotifyRow *self)
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

GtkWidget *
pinion_notify_row_new (PinionEngine      *engine,
                       PinionAccountItem *account,
                       gboolean           among_others)
{
  PinionNotifyRow *self = g_object_new (PINION_TYPE_NOTIFY_ROW, "use-markup", FALSE, NULL);
  AdwPreferencesRow *row = ADW_PREFERENCES_ROW (self);
  const char *email = pinion_account_item_get_account (account)->email;

  adw_preferences_row_set_title (row, among_others ? email : _("Notifications"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               among_others ? _("Notifications of new mail")
                                            : _("Tell of new mail in the Inbox"));
  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  g_signal_connect_object (account, "notify::account", G_CALLBACK (show_setting), self,
                           G_CONNECT_SWAPPED);
  show_setting (self);

  return GTK_WIDGET (self);
}
