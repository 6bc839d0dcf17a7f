/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-problem-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PinionEngine *engine;
  PinionAccount *account;
  GtkEditable *password; /* (nullable) owned by the dialog */
} Problem;

static void
problem_free (gpointer data)
{
  Problem *self = data;

  g_clear_object (&self->engine);
  g_clear_pointer (&self->account, pinion_account_free);
  g_free (self);
}

/* Whether another password may help. */
static gboolean
is_about_password (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED) ||
         pinion_error_is (error, PINION_ERROR_APP_PASSWORD_NEEDED) ||
         pinion_error_is (error, PINION_ERROR_PASSWORD_MISSING) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED);
}

static DexFuture *
on_updated (DexFuture *future,
            gpointer   user_data)
{
  PinionEngine *engine = user_data;

  pinion_engine_sync_now (engine);

  return NULL;
}

/* The keyring may be what is broken: the password is used from now on all the same. */
static void
use_password (Problem    *self,
              const char *text)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new (text);
  DexFuture *updated;

  pinion_engine_set_secret (self->engine, self->account->id, secret);
  updated = pinion_engine_update_account (self->engine, self->account, secret);
  dex_future_disown (dex_future_finally (updated, on_updated, g_object_ref (self->engine),
                                         g_object_unref));
}

static void
on_response (AdwAlertDialog *dialog,
             const char     *response,
             Problem        *self)
{
  const char *text = self->password != NULL ? gtk_editable_get_text (self->password) : "";

  if (!g_str_equal (response, "connect"))
    return;

  if (*text != '\0')
    use_password (self, text);
  else
    pinion_engine_sync_now (self->engine);
}

static void
add_password (Problem        *self,
              AdwAlertDialog *dialog)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_password_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Password"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");

  adw_alert_dialog_set_extra_child (dialog, list);
  adw_dialog_set_focus (ADW_DIALOG (dialog), row);
  self->password = GTK_EDITABLE (row);
}

static char *
dup_body (const PinionAccount *account,
          const GError        *error)
{
  g_autofree char *message = NULL;
  g_autofree char *fix = NULL;
  const char *server_text;

  if (error == NULL)
    return g_strdup (account->email);

  message = pinion_error_dup_message (error);
  fix = pinion_error_dup_fix (error);
  server_text = pinion_error_get_detail (error, "server-text");

  if (server_text == NULL)
    return g_strdup_printf ("%s\n\n%s %s", account->email, message, fix);

  return g_strdup_printf ("%s\n\n%s %s\n\n%s", account->email, message, fix, server_text);
}

void
pinion_problem_dialog_present (PinionEngine      *engine,
                               PinionAccountItem *account,
                               GtkWidget         *parent)
{
  const GError *error = pinion_account_item_get_error (account);
  AdwAlertDialog *dialog;
  Problem *problem = g_new0 (Problem, 1);
  g_autofree char *body = dup_body (pinion_account_item_get_account (account), error);

  problem->engine = g_object_ref (engine);
  problem->account = pinion_account_copy (pinion_account_item_get_account (account));

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Reconnect"), body));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "connect", _("_Connect"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "connect", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "connect");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  if (error != NULL && is_about_password (error))
    add_password (problem, dialog);

  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), problem,
                         (GClosureNotify) (GCallback) problem_free, 0);
  adw_dialog_present (ADW_DIALOG (dialog), parent);
}
