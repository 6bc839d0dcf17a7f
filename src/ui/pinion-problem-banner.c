/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-problem-banner.h"

#include <glib/gi18n-lib.h>

struct _PinionProblemBanner
{
  AdwBin parent_instance;

  AdwBanner *banner;
  GListModel *accounts;
  PinionAccountItem *shown;
  gboolean is_paused;
  guint patience_source;
};

/* A connection that is back within this time is nobody's business. */
#define PATIENCE 5 /* seconds */

enum
{
  SOLVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionProblemBanner, pinion_problem_banner, ADW_TYPE_BIN)

static void
reveal (PinionProblemBanner *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  adw_banner_set_revealed (self->banner, TRUE);
}

static void
show_failed (PinionProblemBanner *self,
             PinionAccountItem   *account)
{
  const GError *error = pinion_account_item_get_error (account);
  g_autofree char *message = error != NULL ? pinion_error_dup_message (error)
                                           : g_strdup (_("The account cannot be used."));
  g_autofree char *title = NULL;

  title = g_list_model_get_n_items (self->accounts) > 1
            ? g_strdup_printf ("%s: %s", pinion_account_item_get_account (account)->email, message)
            : g_steal_pointer (&message);

  adw_banner_set_title (self->banner, title);
  adw_banner_set_button_label (self->banner, _("_Reconnect…"));
}

static void
show_away (PinionProblemBanner *self,
           PinionAccountItem   *account)
{
  const PinionAccount *settings = pinion_account_item_get_account (account);
  g_autofree char *title
    /* Translators: a server */
    = g_strdup_printf (_("%s has not been reached for a while. Pinion keeps trying."),
                       settings->imap.host);

  adw_banner_set_title (self->banner, title);
  adw_banner_set_button_label (self->banner, _("_Reconnect…"));
}

static void
show_offline (PinionProblemBanner *self)
{
  adw_banner_set_title (self->banner, _("Offline. What you do now is sent later."));
  adw_banner_set_button_label (self->banner, _("_Try Again"));
}

static void
show_paused (PinionProblemBanner *self)
{
  adw_banner_set_title (self->banner, _("Paused. What you do now is sent when syncing goes on."));
  adw_banner_set_button_label (self->banner, _("_Resume"));
}

static PinionAccountItem *
find_problem (PinionProblemBanner *self,
              PinionSyncState      state)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      if (pinion_account_item_get_state (account) == state)
        return account; /* the list holds it */
    }

  return NULL;
}

static PinionAccountItem *
find_away (PinionProblemBanner *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      if (pinion_account_item_get_away (account))
        return account; /* the list holds it */
    }

  return NULL;
}

/* An account without its server; while it tries again, what is said of it stays. */
static PinionAccountItem *
find_offline (PinionProblemBanner *self)
{
  PinionAccountItem *offline = find_problem (self, PINION_SYNC_OFFLINE);

  if (offline == NULL && (self->shown != NULL || self->patience_source != 0))
    offline = find_problem (self, PINION_SYNC_CONNECTING);

  return offline;
}

static gboolean
on_patience_over (gpointer user_data)
{
  PinionProblemBanner *self = user_data;
  PinionAccountItem *offline = find_offline (self);

  self->patience_source = 0;

  if (offline != NULL)
    {
      show_offline (self);
      g_set_object (&self->shown, offline);
      reveal (self);
    }

  return G_SOURCE_REMOVE;
}

static void
update (PinionProblemBanner *self)
{
  PinionAccountItem *paused, *failed, *away, *problem;

  if (self->accounts == NULL)
    return;

  paused = find_problem (self, PINION_SYNC_PAUSED);
  failed = find_problem (self, PINION_SYNC_FAILED);
  away = find_away (self);
  if (paused == NULL && self->is_paused)
    g_clear_object (&self->shown);
  self->is_paused = paused != NULL;

  problem = paused != NULL ? paused : failed != NULL ? failed : away;
  if (problem != NULL)
    {
      g_clear_handle_id (&self->patience_source, g_source_remove);
      if (paused != NULL)
        show_paused (self);
      else if (failed != NULL)
        show_failed (self, failed);
      else
        show_away (self, away);
      g_set_object (&self->shown, problem);
      reveal (self);
    }
  else if (find_offline (self) == NULL)
    {
      g_clear_handle_id (&self->patience_source, g_source_remove);
      g_clear_object (&self->shown);
      adw_banner_set_revealed (self->banner, FALSE);
    }
  else if (self->shown == NULL && self->patience_source == 0)
    {
      self->patience_source = g_timeout_add_seconds (PATIENCE, on_patience_over, self);
    }
}

static void
on_button_clicked (PinionProblemBanner *self)
{
  if (self->shown != NULL)
    g_signal_emit (self, signals[SOLVE], 0, self->shown);
}

static void
on_accounts_changed (PinionProblemBanner *self,
                     guint                position,
                     guint                removed,
                     guint                added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (self->accounts, i);

      /* It may only have been moved */
      g_signal_handlers_disconnect_by_func (account, update, self);
      g_signal_connect_object (account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }

  update (self);
}

static void
pinion_problem_banner_dispose (GObject *object)
{
  PinionProblemBanner *self = PINION_PROBLEM_BANNER (object);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_object (&self->accounts);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (pinion_problem_banner_parent_class)->dispose (object);
}

static void
pinion_problem_banner_class_init (PinionProblemBannerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_problem_banner_dispose;

  signals[SOLVE] = g_signal_new ("solve", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, PINION_TYPE_ACCOUNT_ITEM);
}

static void
pinion_problem_banner_init (PinionProblemBanner *self)
{
  self->banner = ADW_BANNER (adw_banner_new (""));
  adw_banner_set_use_markup (self->banner, FALSE);
  g_signal_connect_swapped (self->banner, "button-clicked", G_CALLBACK (on_button_clicked), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->banner));
}

void
pinion_problem_banner_set_accounts (PinionProblemBanner *self,
                                    GListModel          *accounts)
{
  g_return_if_fail (PINION_IS_PROBLEM_BANNER (self));
  g_return_if_fail (self->accounts == NULL);

  self->accounts = g_object_ref (accounts);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (accounts));
}
