/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-import.h"

#include "pinion-choice-row.h"
#include "pinion-history.h"
#include "pinion-reason-row.h"

struct _PinionAssistantImport
{
  PinionAssistantPage parent_instance;

  AdwComboRow *history;
  GtkWidget *kind;
  GtkCheckButton *personal;
  GtkCheckButton *shared;
  GtkEditable *alias;
  PinionReasonRow *alias_reason;
};

G_DEFINE_FINAL_TYPE (PinionAssistantImport, pinion_assistant_import, PINION_TYPE_ASSISTANT_PAGE)

static PinionSetup *
get_setup (PinionAssistantImport *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  return pinion_assistant_page_is_loading (page) ? NULL : pinion_assistant_page_get_setup (page);
}

static void
on_history_selected (PinionAssistantImport *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup != NULL)
    pinion_setup_set_history (setup, adw_combo_row_get_selected (self->history));
}

static void
on_shared_toggled (PinionAssistantImport *self)
{
  PinionSetup *setup = get_setup (self);
  gboolean shared = gtk_check_button_get_active (self->shared);

  if (!shared)
    gtk_widget_set_visible (GTK_WIDGET (self->alias_reason), FALSE);
  if (setup != NULL)
    pinion_setup_set_kind (setup, shared ? PINION_ACCOUNT_SHARED : PINION_ACCOUNT_PERSONAL);
}

static void
on_alias_changed (PinionAssistantImport *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup != NULL)
    pinion_setup_set_shared (setup, gtk_editable_get_text (self->alias));
}

static void
pinion_assistant_import_load (PinionAssistantPage *page,
                              PinionSetup         *setup)
{
  PinionAssistantImport *self = PINION_ASSISTANT_IMPORT (page);
  const PinionAccount *account = pinion_setup_get_account (setup);
  gboolean shared = account->kind == PINION_ACCOUNT_SHARED;

  adw_combo_row_set_selected (self->history, account->history);
  gtk_widget_set_visible (self->kind, pinion_setup_get_exchange (setup));
  gtk_check_button_set_active (shared ? self->shared : self->personal, TRUE);
  gtk_editable_set_text (self->alias, pinion_setup_get_shared (setup));
}

static gboolean
pinion_assistant_import_check (PinionAssistantPage *page)
{
  PinionAssistantImport *self = PINION_ASSISTANT_IMPORT (page);
  const PinionAccount *account = pinion_setup_get_account (pinion_assistant_page_get_setup (page));

  return account->kind == PINION_ACCOUNT_PERSONAL ||
         pinion_reason_rows_check (self->alias_reason, NULL);
}

static void
pinion_assistant_import_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_IMPORT);

  G_OBJECT_CLASS (pinion_assistant_import_parent_class)->dispose (object);
}

static void
pinion_assistant_import_class_init (PinionAssistantImportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_assistant_import_dispose;
  PINION_ASSISTANT_PAGE_CLASS (klass)->load = pinion_assistant_import_load;
  PINION_ASSISTANT_PAGE_CLASS (klass)->check = pinion_assistant_import_check;

  g_type_ensure (PINION_TYPE_CHOICE_ROW);
  g_type_ensure (PINION_TYPE_REASON_ROW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-import.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, history);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, kind);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, personal);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, shared);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, alias);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantImport, alias_reason);
  gtk_widget_class_bind_template_callback (widget_class, on_history_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_shared_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_alias_changed);
}

static void
pinion_assistant_import_init (PinionAssistantImport *self)
{
  g_autoptr (GListModel) history = pinion_history_new_model ();

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->history, history);
}
