/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account-row.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-folders-page.h"
#include "pinion-history.h"
#include "pinion-mailboxes-page.h"

struct _PinionAccountRow
{
  AdwExpanderRow parent_instance;

  GtkImage *mark;
  AdwComboRow *history;
  GtkEditable *password;

  PinionEngine *engine;
  PinionAccountItem *account;
  gboolean loading;
};

enum
{
  TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAccountRow, pinion_account_row, ADW_TYPE_EXPANDER_ROW)

/* -- What is shown -------------------------------------------------------------------------- */

static char *
dup_state_words (PinionAccountItem *account)
{
  const GError *error = pinion_account_item_get_error (account);

  switch (pinion_account_item_get_state (account))
    {
    case PINION_SYNC_CONNECTING:
      return g_strdup (_("Connecting…"));

    case PINION_SYNC_SYNCING:
      return g_strdup (_("Syncing…"));

    case PINION_SYNC_OFFLINE:
      return g_strdup (_("Offline; Pinion tries again by itself"));

    case PINION_SYNC_FAILED:
      return error != NULL ? pinion_error_dup_message (error)
                           : g_strdup (_("The account cannot be used."));

    case PINION_SYNC_IDLE:
    default:
      return g_strdup (_("Up to date"));
    }
}

static void
update (PinionAccountRow *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);
  gboolean failed = pinion_account_item_get_state (self->account) == PINION_SYNC_FAILED;
  g_autofree char *words = dup_state_words (self->account);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), account->email);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), words);
  gtk_image_set_from_icon_name (self->mark,
                                failed ? "dialog-warning-symbolic" : "avatar-default-symbolic");
  pinion_css_set (GTK_WIDGET (self->mark), "error", failed);

  self->loading = TRUE;
  adw_combo_row_set_selected (self->history, account->history);
  self->loading = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->password), pinion_account_needs_password (account));
}

static void
tell (PinionAccountRow *self,
      const char       *words)
{
  g_signal_emit (self, signals[TOLD], 0, words);
}

static void
tell_error (PinionAccountRow *self,
            const GError     *error)
{
  g_autofree char *words = pinion_error_dup_message (error);

  tell (self, words);
}

/* -- Changes -------------------------------------------------------------------------------- */

static DexFuture *
on_history_kept (DexFuture *future,
                 gpointer   user_data)
{
  PinionAccountRow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    tell_error (self, error);
  if (self->history != NULL)
    update (self);

  return NULL;
}

static void
on_history_selected (PinionAccountRow *self)
{
  DexFuture *kept;

  if (self->loading || self->account == NULL)
    return;

  kept = pinion_engine_set_history (self->engine, pinion_account_row_get_id (self),
                                    adw_combo_row_get_selected (self->history));
  dex_future_disown (dex_future_finally (kept, on_history_kept, g_object_ref (self),
                                         g_object_unref));
}

/* The keyring may be what is broken: the password is used from now on all the same. */
static DexFuture *
on_password_kept (DexFuture *future,
                  gpointer   user_data)
{
  PinionAccountRow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    tell (self, _("The password was changed"));
  else if (pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
           pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED))
    tell (self, _("The password is kept for this session only"));
  else
    tell_error (self, error);

  pinion_engine_sync_now (self->engine);

  return NULL;
}

static void
on_password_applied (PinionAccountRow *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);
  const char *text = gtk_editable_get_text (self->password);
  g_autoptr (PinionSecret) secret = NULL;
  DexFuture *kept;

  if (*text == '\0')
    return;

  secret = pinion_secret_new (text);
  gtk_editable_set_text (self->password, "");
  pinion_engine_set_secret (self->engine, account->id, secret);
  kept = pinion_engine_update_account (self->engine, account, secret);
  dex_future_disown (dex_future_finally (kept, on_password_kept, g_object_ref (self),
                                         g_object_unref));
}

/* -- Pages ---------------------------------------------------------------------------------- */

static void
push (PinionAccountRow  *self,
      AdwNavigationPage *page)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_DIALOG);

  if (dialog != NULL)
    adw_preferences_dialog_push_subpage (ADW_PREFERENCES_DIALOG (dialog), page);
}

static void
on_mailboxes_activated (PinionAccountRow *self)
{
  push (self, pinion_mailboxes_page_new (self->engine, pinion_account_row_get_id (self)));
}

static void
on_folders_activated (PinionAccountRow *self)
{
  push (self, pinion_folders_page_new (self->engine, pinion_account_row_get_id (self)));
}

/* -- Removal -------------------------------------------------------------------------------- */

static DexFuture *
on_removed (DexFuture *future,
            gpointer   user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    tell_error (user_data, error);

  return NULL;
}

static void
on_remove_response (PinionAccountRow *self,
                    const char       *response)
{
  DexFuture *removed;

  if (!g_str_equal (response, "remove"))
    return;

  removed = pinion_engine_remove_account (self->engine, pinion_account_row_get_id (self));
  dex_future_disown (dex_future_finally (removed, on_removed, g_object_ref (self),
                                         g_object_unref));
}

static void
on_remove_clicked (PinionAccountRow *self)
{
  const char *email = pinion_account_item_get_account (self->account)->email;
  g_autofree char *body = NULL;
  AdwAlertDialog *dialog;

  body = g_strdup_printf (_("The mail of %s on this computer and its password are deleted, drafts "
                            "and messages not sent yet too. The server is left alone."),
                          email);
  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Remove Account?"), body));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_response), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_account_row_dispose (GObject *object)
{
  PinionAccountRow *self = PINION_ACCOUNT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_ACCOUNT_ROW);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_account_row_parent_class)->dispose (object);
}

static void
pinion_account_row_class_init (PinionAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_account_row_dispose;

  signals[TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, history);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountRow, password);
  gtk_widget_class_bind_template_callback (widget_class, on_history_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_mailboxes_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_folders_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_password_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked);
}

static void
pinion_account_row_init (PinionAccountRow *self)
{
  g_autoptr (GListModel) history = pinion_history_new_model ();

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->history, history);
}

GtkWidget *
pinion_account_row_new (PinionEngine      *engine,
                        PinionAccountItem *account)
{
  PinionAccountRow *self = g_object_new (PINION_TYPE_ACCOUNT_ROW, NULL);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  g_signal_connect_object (account, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

gint64
pinion_account_row_get_id (PinionAccountRow *self)
{
  g_return_val_if_fail (PINION_IS_ACCOUNT_ROW (self), 0);

  return pinion_account_item_get_id (self->account);
}

void
pinion_account_row_ask_password (PinionAccountRow *self)
{
  g_return_if_fail (PINION_IS_ACCOUNT_ROW (self));

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->password));
}
