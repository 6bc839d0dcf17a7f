/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages saved as files where the person says. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-mail-files.h"

typedef struct
{
  PinionWindow *window;
  PinionMessageFiles *files;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_object_unref (self->window);
  g_clear_pointer (&self->files, pinion_message_files_unref);
  g_free (self);
}

/* -- Writing -------------------------------------------------------------------------------- */

static DexFuture *
on_written (DexFuture *future,
            gpointer   user_data)
{
  Saving *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autofree char *words = NULL;
  guint n = self->files->files->len;

  if (value == NULL)
    {
      pinion_window_say_error (self->window, error);
      return NULL;
    }

  words = g_strdup_printf (ngettext ("%u message saved", "%u messages saved", n), n);
  pinion_window_say (self->window, words);

  return NULL;
}

/* @self: (transfer full).  @chosen: (transfer full) (nullable) */
static void
write_to (Saving *self,
          GFile  *chosen,
          GError *error)
{
  gboolean one = self->files->files->len == 1;

  if (chosen != NULL)
    dex_future_disown (
      dex_future_finally (pinion_engine_write_files (self->window->engine, self->files,
                                                     one ? NULL : chosen, one ? chosen : NULL),
                          on_written, self, saving_free));
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) &&
           !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    pinion_window_say (self->window, error->message);

  if (chosen == NULL)
    saving_free (self);
  g_clear_object (&chosen);
  g_clear_error (&error);
}

/* -- Where to ------------------------------------------------------------------------------- */

static void
on_file_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GError *error = NULL;
  GFile *file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  write_to (user_data, file, error);
}

static void
on_folder_chosen (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GError *error = NULL;
  GFile *folder = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, &error);

  write_to (user_data, folder, error);
}

/* @self: (transfer full) */
static void
ask_where (Saving *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  const PinionMessageFile *first = self->files->files->pdata[0];

  gtk_file_dialog_set_accept_label (dialog, _("_Save"));
  if (self->files->files->len == 1)
    {
      gtk_file_dialog_set_title (dialog, _("Save Message"));
      gtk_file_dialog_set_initial_name (dialog, first->name);
      gtk_file_dialog_save (dialog, GTK_WINDOW (self->window), NULL, on_file_chosen, self);
    }
  else
    {
      gtk_file_dialog_set_title (dialog, _("Save Messages in a Folder"));
      gtk_file_dialog_select_folder (dialog, GTK_WINDOW (self->window), NULL, on_folder_chosen,
                                     self);
    }
}

static DexFuture *
on_named (DexFuture *future,
          gpointer   user_data)
{
  Saving *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autofree char *refusal = NULL;

  if (value == NULL)
    {
      pinion_window_say_error (self->window, error);
      saving_free (self);
      return NULL;
    }

  self->files = g_value_dup_boxed (value);
  refusal = pinion_mail_files_dup_refusal (self->files);
  if (refusal == NULL)
    {
      ask_where (self);
      return NULL;
    }

  pinion_window_say (self->window, refusal);
  saving_free (self);

  return NULL;
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
on_save_as (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  PinionWindow *window = user_data;
  const PinionView *view = pinion_list_pane_get_view (window->list_pane);
  g_autoptr (GArray) selected = pinion_list_pane_dup_selected (window->list_pane);
  Saving *self;

  if (view == NULL || selected->len == 0)
    return;

  self = g_new0 (Saving, 1);
  self->window = g_object_ref (window);
  dex_future_disown (dex_future_finally (
    pinion_engine_name_files (window->engine, (const gint64 *) (gpointer) selected->data,
                              selected->len, view),
    on_named, self, NULL));
}

static void
on_save_message (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  PinionWindow *window = user_data;
  Saving *self = g_new0 (Saving, 1);

  self->window = g_object_ref (window);
  dex_future_disown (dex_future_finally (
    pinion_engine_name_file (window->engine, g_variant_get_int64 (parameter)), on_named, self,
    NULL));
}

void
pinion_window_add_saving (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "save-as", on_save_as },
    { "save-message", on_save_message, "x" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
