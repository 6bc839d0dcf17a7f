/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-credentials.h"

#include "pinion-reason-row.h"

#include <glib/gi18n-lib.h>

struct _PinionAssistantCredentials
{
  PinionAssistantPage parent_instance;

  GtkEditable *name;
  GtkEditable *email;
  PinionReasonRow *email_reason;
  AdwComboRow *sign_in;
  GtkEditable *password;
  PinionReasonRow *password_reason;
};

enum
{
  ADDRESS_ENTERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAssistantCredentials, pinion_assistant_credentials,
                     PINION_TYPE_ASSISTANT_PAGE)

static void
on_name_changed (PinionAssistantCredentials *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  if (!pinion_assistant_page_is_loading (page))
    pinion_setup_set_name (pinion_assistant_page_get_setup (page),
                           gtk_editable_get_text (self->name));
}

static void
on_email_changed (PinionAssistantCredentials *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  if (!pinion_assistant_page_is_loading (page))
    pinion_setup_set_address (pinion_assistant_page_get_setup (page),
                              gtk_editable_get_text (self->email));
}

static void
on_email_left (PinionAssistantCredentials *self)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));

  if (pinion_address_is_valid (pinion_setup_get_address (setup)))
    g_signal_emit (self, signals[ADDRESS_ENTERED], 0);
}

static gboolean
needs_password (PinionAssistantCredentials *self)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));

  return pinion_account_needs_password (pinion_setup_get_account (setup));
}

static void
show_password (PinionAssistantCredentials *self)
{
  gboolean needed = needs_password (self);

  gtk_widget_set_visible (GTK_WIDGET (self->password), needed);
  if (!needed)
    gtk_widget_set_visible (GTK_WIDGET (self->password_reason), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->sign_in),
                               needed ? "" : _("The ticket of this computer; no password is kept"));
}

static void
on_sign_in_selected (PinionAssistantCredentials *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  if (pinion_assistant_page_is_loading (page))
    return;

  pinion_setup_set_sign_in (pinion_assistant_page_get_setup (page),
                            adw_combo_row_get_selected (self->sign_in));
  show_password (self);
}

static void
pinion_assistant_credentials_load (PinionAssistantPage *page,
                                   PinionSetup         *setup)
{
  PinionAssistantCredentials *self = PINION_ASSISTANT_CREDENTIALS (page);
  const PinionAccount *account = pinion_setup_get_account (setup);

  gtk_editable_set_text (self->name, account->name);
  gtk_editable_set_text (self->email, pinion_setup_get_address (setup));
  adw_combo_row_set_selected (self->sign_in, account->imap.sign_in);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in), account->kind == PINION_ACCOUNT_PERSONAL);
  show_password (self);
}

static gboolean
pinion_assistant_credentials_check (PinionAssistantPage *page)
{
  PinionAssistantCredentials *self = PINION_ASSISTANT_CREDENTIALS (page);

  if (!needs_password (self))
    return pinion_reason_rows_check (self->email_reason, NULL);

  return pinion_reason_rows_check (self->email_reason, self->password_reason, NULL);
}

static void
pinion_assistant_credentials_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_CREDENTIALS);

  G_OBJECT_CLASS (pinion_assistant_credentials_parent_class)->dispose (object);
}

static void
pinion_assistant_credentials_class_init (PinionAssistantCredentialsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_assistant_credentials_dispose;
  PINION_ASSISTANT_PAGE_CLASS (klass)->load = pinion_assistant_credentials_load;
  PINION_ASSISTANT_PAGE_CLASS (klass)->check = pinion_assistant_credentials_check;

  signals[ADDRESS_ENTERED] = g_signal_new ("address-entered", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PINION_TYPE_REASON_ROW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-credentials.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, name);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, email);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, email_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, sign_in);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, password);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantCredentials, password_reason);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_email_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_email_left);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_in_selected);
}

static void
pinion_assistant_credentials_init (PinionAssistantCredentials *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PinionSecret *
pinion_assistant_credentials_dup_secret (PinionAssistantCredentials *self)
{
  g_return_val_if_fail (PINION_IS_ASSISTANT_CREDENTIALS (self), NULL);

  return pinion_secret_new (needs_password (self) ? gtk_editable_get_text (self->password) : "");
}

void
pinion_assistant_credentials_forget (PinionAssistantCredentials *self)
{
  g_return_if_fail (PINION_IS_ASSISTANT_CREDENTIALS (self));

  gtk_editable_set_text (self->password, "");
}
