/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-problem-notifier.h"

#include <glib/gi18n-lib.h>

struct _PinionProblemNotifier
{
  GObject parent_instance;

  GApplication *application; /* borrowed: it owns this */
  GListModel *accounts;
  GHashTable *told; /* ids of accounts, int64 */
};

G_DEFINE_FINAL_TYPE (PinionProblemNotifier, pinion_problem_notifier, G_TYPE_OBJECT)

static char *
dup_name (gint64 account)
{
  return g_strdup_printf ("account-%" G_GINT64_FORMAT, account);
}

static const char *
get_title (const GError *error)
{
  if (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED))
    return _("A Certificate Has Changed");
  if (pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED) ||
      pinion_error_is (error, PINION_ERROR_APP_PASSWORD_NEEDED) ||
      pinion_error_is (error, PINION_ERROR_PASSWORD_MISSING))
    return _("A Password Is Needed");

  return _("An Account Cannot Connect");
}

static void
tell (PinionProblemNotifier *self,
      PinionAccountItem     *account)
{
  const GError *error = pinion_account_item_get_error (account);
  const char *email = pinion_account_item_get_account (account)->email;
  gint64 id = pinion_account_item_get_id (account);
  g_autofree char *name = dup_name (id);
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *body = g_strdup_printf ("%s\n%s", email, message);
  g_autoptr (GNotification) notification = g_notification_new (get_title (error));

  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.solve", "x", id);
  g_notification_add_button_with_target (notification, _("Reconnect…"), "app.solve", "x", id);
  g_application_send_notification (self->application, name, notification);
}

/* An account that stands still after it was told of is not told of again. */
static void
on_account_changed (PinionAccountItem     *account,
                    GParamSpec            *pspec,
                    PinionProblemNotifier *self)
{
  PinionSyncState state = pinion_account_item_get_state (account);
  gint64 id = pinion_account_item_get_id (account);

  if (state == PINION_SYNC_FAILED && pinion_account_item_get_error (account) != NULL)
    {
      if (g_hash_table_add (self->told, g_memdup2 (&id, sizeof (id))))
        tell (self, account);
    }
  else if (state == PINION_SYNC_IDLE || state == PINION_SYNC_SYNCING)
    {
      g_autofree char *name = dup_name (id);

      if (g_hash_table_remove (self->told, &id))
        g_application_withdraw_notification (self->application, name);
    }
}

static void
on_accounts_changed (PinionProblemNotifier *self,
                     guint                  position,
                     guint                  removed,
                     guint                  added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      /* It may only have been moved */
      g_signal_handlers_disconnect_by_func (account, on_account_changed, self);
      g_signal_connect_object (account, "notify::state", G_CALLBACK (on_account_changed), self, 0);
      on_account_changed (account, NULL, self);
    }
}

static void
pinion_problem_notifier_finalize (GObject *object)
{
  PinionProblemNotifier *self = PINION_PROBLEM_NOTIFIER (object);

  g_clear_object (&self->accounts);
  g_hash_table_unref (self->told);

  G_OBJECT_CLASS (pinion_problem_notifier_parent_class)->finalize (object);
}

static void
pinion_problem_notifier_class_init (PinionProblemNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_problem_notifier_finalize;
}

static void
pinion_problem_notifier_init (PinionProblemNotifier *self)
{
  self->told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

PinionProblemNotifier *
pinion_problem_notifier_new (GApplication *application,
                             PinionEngine *engine)
{
  PinionProblemNotifier *self = g_object_new (PINION_TYPE_PROBLEM_NOTIFIER, NULL);

  self->application = application;
  self->accounts = g_object_ref (pinion_engine_get_accounts (engine));
  g_signal_connect_object (self->accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (self->accounts));

  return self;
}
