/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from files into a label: chosen, or dropped on it. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-dnd.h"
#include "pinion-import.h"
#include "pinion-isolate.h"
#include "pinion-refused-dialog.h"

/* From so many files on, how far it is is told. */
#define MANY 20

typedef struct
{
  PinionWindow *window;
  char *title;
  GCancellable *cancellable;
  AdwToast *toast; /* (nullable) while it is told how far it is */
} Importing;

static void
importing_free (gpointer data)
{
  Importing *self = data;

  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_clear_object (&self->toast);
  g_object_unref (self->cancellable);
  g_object_unref (self->window);
  g_free (self->title);
  g_free (self);
}

/* -- What came of it ------------------------------------------------------------------------ */

static void
tell (Importing            *self,
      const PinionImported *imported)
{
  PinionDone done = imported->done;
  guint n = imported->n_known;
  g_autofree char *title = NULL;
  g_autofree char *known = NULL;

  done.conversations = done.messages;
  if (done.group != 0)
    pinion_undo_toasts_add (self->window->undo, &done, self->title);
  else if (n > 0)
    {
      title = pinion_isolate_name (self->title);
      known = g_strdup_printf (ngettext ("%1$u message is in %2$s already",
                                         "%1$u messages are in %2$s already", n),
                               n, title);
      pinion_window_say (self->window, known);
    }

  if (imported->refused->len > 0)
    adw_dialog_present (pinion_refused_dialog_new (imported), GTK_WIDGET (self->window));
}

static DexFuture *
on_imported (DexFuture *future,
             gpointer   user_data)
{
  Importing *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    tell (self, g_value_get_boxed (value));
  else
    pinion_window_say_error (self->window, error);

  return NULL;
}

/* -- On the way ----------------------------------------------------------------------------- */

static void
on_cancel (GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
on_progress (guint    n,
             guint    total,
             gpointer user_data)
{
  Importing *self = user_data;
  g_autofree char *words = NULL;

  if (total < MANY || n == total)
    return;

  words = g_strdup_printf (_("%'u of %'u files imported"), n, total);
  if (self->toast != NULL)
    {
      adw_toast_set_title (self->toast, words);
      return;
    }

  self->toast = g_object_ref_sink (adw_toast_new (words));
  adw_toast_set_timeout (self->toast, 0);
  adw_toast_set_button_label (self->toast, _("_Cancel"));
  g_signal_connect_object (self->toast, "button-clicked", G_CALLBACK (on_cancel),
                           self->cancellable, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->window->toasts, g_object_ref (self->toast));
}

static void
import (PinionWindow *window,
        GListModel   *files,
        PinionLabel  *label)
{
  Importing *self;

  if (!pinion_drop_takes_files (label) || g_list_model_get_n_items (files) == 0)
    return;

  self = g_new0 (Importing, 1);
  self->window = g_object_ref (window);
  self->title = g_strdup (pinion_label_get_title (label));
  self->cancellable = g_cancellable_new ();
  dex_future_disown (dex_future_finally (
    pinion_engine_import (window->engine, files, pinion_label_get_id (label), self->cancellable,
                          on_progress, self),
    on_imported, self, importing_free));
}

/* -- Which files ---------------------------------------------------------------------------- */

typedef struct
{
  PinionWindow *window;
  gint64 label;
} Choosing;

static void
on_chosen (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Choosing *choosing = user_data;
  g_autoptr (PinionWindow) window = choosing->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) files
    = gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, &error);
  PinionLabel *label = pinion_engine_find_label (window->engine, choosing->label);

  if (files != NULL && label != NULL)
    import (window, files, label);
  else if (error != NULL && !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) &&
           !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    pinion_window_say (window, error->message);
}

static void
choose (PinionWindow *window,
        PinionLabel  *label)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) messages = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  Choosing *choosing = g_new0 (Choosing, 1);

  gtk_file_filter_set_name (messages, _("Messages"));
  gtk_file_filter_add_suffix (messages, "eml");
  gtk_file_filter_add_mime_type (messages, "message/rfc822");
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, messages);
  g_list_store_append (filters, all);

  name = pinion_isolate_name (pinion_label_get_title (label));
  /* Translators: the title of a file chooser; %s is a label */
  title = g_strdup_printf (_("Import Messages into %s"), name);
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_accept_label (dialog, _("_Import"));
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));

  choosing->window = g_object_ref (window);
  choosing->label = pinion_label_get_id (label);
  gtk_file_dialog_open_multiple (dialog, GTK_WINDOW (window), NULL, on_chosen, choosing);
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
on_import_into (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  PinionWindow *window = user_data;
  PinionLabel *label = pinion_engine_find_label (window->engine, g_variant_get_int64 (parameter));

  if (label != NULL && pinion_drop_takes_files (label))
    choose (window, label);
}

/* Into the label that is shown. */
static void
on_import (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  PinionWindow *window = user_data;
  const PinionView *view = pinion_list_pane_get_view (window->list_pane);
  PinionLabel *label = view != NULL && view->kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (window->engine, view->label)
                         : NULL;

  if (label != NULL && pinion_drop_takes_files (label))
    choose (window, label);
  else
    pinion_window_say (window, _("Show a label first, to import messages into it"));
}

static void
on_import_files (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  PinionWindow *window = user_data;
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autofree const char **uris = NULL;
  PinionLabel *label;
  gint64 id;

  g_variant_get (parameter, "(x^a&s)", &id, &uris);
  for (guint i = 0; uris[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_uri (uris[i]);

      g_list_store_append (files, file);
    }

  label = pinion_engine_find_label (window->engine, id);
  if (label != NULL)
    import (window, G_LIST_MODEL (files), label);
}

void
pinion_window_add_importing (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "import", on_import },
    { "import-into", on_import_into, "x" },
    { "import-files", on_import_files, "(xas)" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
