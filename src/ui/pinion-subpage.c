/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-subpage.h"

#include "pinion-error.h"

static AdwPreferencesDialog *
find_dialog (GtkWidget *widget)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_DIALOG);

  return dialog != NULL ? ADW_PREFERENCES_DIALOG (dialog) : NULL;
}

void
pinion_subpage_push (GtkWidget         *widget,
                     AdwNavigationPage *page)
{
  AdwPreferencesDialog *dialog = find_dialog (widget);

  g_object_ref_sink (page);
  if (dialog != NULL)
    adw_preferences_dialog_push_subpage (dialog, page);
  g_object_unref (page);
}

void
pinion_subpage_pop (GtkWidget *widget)
{
  AdwPreferencesDialog *dialog = find_dialog (widget);

  if (dialog != NULL)
    adw_preferences_dialog_pop_subpage (dialog);
}

void
pinion_subpage_tell (GtkWidget  *widget,
                     const char *words)
{
  AdwPreferencesDialog *dialog = find_dialog (widget);
  AdwToast *toast;

  if (dialog == NULL)
    return;

  toast = adw_toast_new (words);
  adw_toast_set_use_markup (toast, FALSE);
  adw_preferences_dialog_add_toast (dialog, toast);
}

void
pinion_subpage_tell_error (GtkWidget    *widget,
                           const GError *error)
{
  g_autofree char *words = pinion_error_dup_message (error);

  pinion_subpage_tell (widget, words);
}
