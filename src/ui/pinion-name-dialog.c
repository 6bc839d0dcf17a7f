/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-name-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  AdwAlertDialog *dialog; /* borrowed, it holds this */
  GtkEditable *entry;
  GtkLabel *reason;
  PinionNameCheck check;
  PinionNameTaken taken;
  gpointer user_data;
  GDestroyNotify destroy;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static char *
dup_name (Asking *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
}

/* An empty name needs no words. */
static void
on_changed (Asking *self)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *reason = NULL;

  if (*name != '\0' && self->check != NULL)
    reason = self->check (name, self->user_data);

  gtk_label_set_label (self->reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
  adw_alert_dialog_set_response_enabled (self->dialog, "accept", *name != '\0' && reason == NULL);
}

static void
on_response (AdwAlertDialog *dialog,
             const char     *response,
             Asking         *self)
{
  g_autofree char *name = dup_name (self);

  if (g_str_equal (response, "accept"))
    self->taken (name, self->user_data);
}

static GtkWidget *
make_form (Asking     *self,
           const char *initial)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *reason = gtk_label_new (NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Name"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), initial != NULL ? initial : "");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);

  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  gtk_label_set_xalign (GTK_LABEL (reason), 0);
  gtk_widget_add_css_class (reason, "caption");
  gtk_widget_add_css_class (reason, "error");

  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), reason);

  self->entry = GTK_EDITABLE (row);
  self->reason = GTK_LABEL (reason);

  return box;
}

void
pinion_name_dialog_present (GtkWidget       *parent,
                            const char      *heading,
                            const char      *initial,
                            const char      *accept,
                            PinionNameCheck  check,
                            PinionNameTaken  taken,
                            gpointer         user_data,
                            GDestroyNotify   destroy)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, NULL);
  Asking *self = g_new0 (Asking, 1);

  self->dialog = ADW_ALERT_DIALOG (dialog);
  self->check = check;
  self->taken = taken;
  self->user_data = user_data;
  self->destroy = destroy;

  adw_alert_dialog_set_extra_child (self->dialog, make_form (self, initial));
  adw_alert_dialog_add_responses (self->dialog, "cancel", _("_Cancel"), "accept", accept, NULL);
  adw_alert_dialog_set_response_appearance (self->dialog, "accept", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (self->dialog, "accept");
  adw_alert_dialog_set_close_response (self->dialog, "cancel");

  g_object_set_data_full (G_OBJECT (dialog), "pinion-asking", self, asking_free);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), self);
  on_changed (self);
  /* What is set before would be forgotten where a menu closes meanwhile */
  g_signal_connect_swapped (dialog, "map", G_CALLBACK (gtk_widget_grab_focus), self->entry);
  adw_dialog_present (dialog, GTK_WIDGET (gtk_widget_get_root (parent)));
}
