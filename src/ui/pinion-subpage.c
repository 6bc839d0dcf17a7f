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

/* -- Changes -------------------------------------------------------------------------------- */

typedef struct
{
  GtkWidget *widget;
  GtkWidget *dialog; /* (nullable) */
  PinionSubpageFunc ended;
} Following;

static void
following_free (gpointer data)
{
  Following *self = data;

  g_object_unref (self->widget);
  g_clear_object (&self->dialog);
  g_free (self);
}

static DexFuture *
on_ended (DexFuture *future,
          gpointer   user_data)
{
  const Following *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = dex_future_get_value (future, &error) != NULL;

  if (!done && self->dialog != NULL)
    pinion_subpage_tell_error (self->dialog, error);
  if (self->ended != NULL)
    self->ended (self->widget, done);

  return NULL;
}

void
pinion_subpage_follow (GtkWidget         *widget,
                       DexFuture         *future,
                       PinionSubpageFunc  ended)
{
  Following *self = g_new0 (Following, 1);

  self->widget = g_object_ref (widget);
  g_set_object (&self->dialog, (GtkWidget *) find_dialog (widget));
  self->ended = ended;
  dex_future_disown (dex_future_finally (future, on_ended, self, following_free));
}

void
pinion_subpage_pop_if_done (GtkWidget *widget,
                            gboolean   done)
{
  if (done)
    pinion_subpage_pop (widget);
}
