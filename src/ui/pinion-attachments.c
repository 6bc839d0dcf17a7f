/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-attachments.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"
#include "pinion-text.h"

#define ICON_SIZE 32
#define THUMBNAIL_SIZE 48
#define THUMBNAIL_MAX_BYTES (8 * 1024 * 1024)
#define HEAD_LENGTH 4096

struct _PinionAttachments
{
  AdwBin parent_instance;

  AdwWrapBox *box;
  PinionEngine *engine;
  PinionPartFiles *files;
  PinionBody *body;
};

G_DEFINE_FINAL_TYPE (PinionAttachments, pinion_attachments, ADW_TYPE_BIN)

enum
{
  SAID,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What is done with one attachment; keeps the body, and so the attachment, alive. */
typedef struct
{
  PinionAttachments *self;
  PinionBody *body;
  const PinionAttachment *attachment;
  GFile *target;
  GtkImage *image;
  char *path;
} Task;

static Task *
task_new (PinionAttachments      *self,
          const PinionAttachment *attachment)
{
  Task *task = g_new0 (Task, 1);

  task->self = g_object_ref (self);
  task->body = pinion_body_ref (self->body);
  task->attachment = attachment;

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_object (&task->target);
  g_clear_object (&task->image);
  g_object_unref (task->self);
  pinion_body_unref (task->body);
  g_free (task->path);
  g_free (task);
}

static GtkWindow *
get_window (PinionAttachments *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? GTK_WINDOW (root) : NULL;
}

static void
fail (PinionAttachments *self,
      const GError      *error)
{
  if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* -- Saving --------------------------------------------------------------------------------- */

static DexFuture *
on_part_saved (DexFuture *future,
               gpointer   user_data)
{
  Task *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) fresh = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      fail (task->self, error);
      return NULL;
    }

  /* Written beside it first: the engine replaces nothing, and the dialog has asked about that */
  fresh = g_file_new_for_path (task->path);
  if (!g_file_move (fresh, task->target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error))
    {
      g_file_delete (fresh, NULL, NULL);
      error = pinion_error_adopt_saving (g_steal_pointer (&error));
      fail (task->self, error);
      return NULL;
    }

  {
    g_autofree char *name = g_file_get_basename (task->target);
    g_autofree char *display = g_filename_display_name (name);
    g_autofree char *isolated = pinion_isolate_name (display);
    /* Translators: %s is a file name */
    g_autofree char *words = g_strdup_printf (_("“%s” saved"), isolated);

    g_signal_emit (task->self, signals[SAID], 0, words);
  }

  return NULL;
}

static void
on_save_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Task *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *name = NULL;
  DexFuture *saved;

  task->target = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  /* A place of the network that is not mounted, say. */
  if (task->target != NULL && g_file_peek_path (task->target) == NULL)
    error = pinion_error_new (PINION_ERROR_NOT_SAVED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                              "The place has no path");

  if (error != NULL || task->self->engine == NULL)
    {
      if (error != NULL)
        fail (task->self, error);
      task_free (task);
      return;
    }

  directory = g_path_get_dirname (g_file_peek_path (task->target));
  name = g_strdup_printf (".pinion-%08x.part", g_random_int ());
  task->path = g_build_filename (directory, name, NULL);
  saved = pinion_engine_save_part (task->self->engine, task->body->message, task->attachment->part,
                                   task->path);
  dex_future_disown (dex_future_finally (saved, on_part_saved, task, task_free));
}

static void
save (PinionAttachments      *self,
      const PinionAttachment *attachment)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *name = pinion_text_safe_file_name (attachment->file_name);

  gtk_file_dialog_set_title (dialog, _("Save Attachment"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, get_window (self), NULL, on_save_chosen,
                        task_new (self, attachment));
}

/* -- Opening -------------------------------------------------------------------------------- */

static void
on_refusal_answered (AdwAlertDialog *dialog,
                     const char     *response,
                     gpointer        user_data)
{
  Task *task = user_data;

  if (g_str_equal (response, "save"))
    save (task->self, task->attachment);
}

static void
on_refusal_gone (gpointer  data,
                 GClosure *closure)
{
  task_free (data);
}

static void
refuse (PinionAttachments      *self,
        const PinionAttachment *attachment,
        const char             *words)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("Not Opened"), words);

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _("_Close"), "save",
                                  _("_Save…"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "close");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "close");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_refusal_answered),
                         task_new (self, attachment), on_refusal_gone, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Task *task = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (source), result, &error))
    fail (task->self, error);

  task_free (task);
}

static gsize
read_head (const char *path,
           char       *head)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  gsize length = 0;

  if (stream != NULL)
    g_input_stream_read_all (G_INPUT_STREAM (stream), head, HEAD_LENGTH, &length, NULL, NULL);

  return length;
}

static DexFuture *
on_copy_made (DexFuture *future,
              gpointer   user_data)
{
  Task *task = user_data;
  PinionAttachments *self = task->self;
  const PinionAttachment *attachment = task->attachment;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autofree char *name_type = NULL;
  g_autofree char *real_type = NULL;
  g_autofree char *words = NULL;
  char head[HEAD_LENGTH];
  const char *path;

  if (value == NULL)
    {
      fail (self, error);
      return NULL;
    }

  path = g_value_get_string (value);

  switch (pinion_part_judge (attachment->file_name, attachment->content_type, head,
                             read_head (path, head), &name_type, &real_type))
    {
    case PINION_PART_SAFE:
      {
        g_autoptr (GFile) file = g_file_new_for_path (path);
        g_autoptr (GtkFileLauncher) launcher = gtk_file_launcher_new (file);

        gtk_file_launcher_launch (launcher, get_window (self), NULL, on_launched,
                                  task_new (self, attachment));
        break;
      }

    case PINION_PART_PRETENDS:
      /* Translators: a file name, then two kinds of file: "PDF document", "ZIP archive" */
      words = g_strdup_printf (_("“%s” is named like a %s, but what is in it is a %s."),
                               attachment->file_name, name_type, real_type);
      refuse (self, attachment, words);
      break;

    case PINION_PART_RUNS_CODE:
    default:
      /* Translators: %s is a file name */
      words = g_strdup_printf (_("“%s” could run a program or load something from the network. You "
                                 "can save it, if you know where it comes from."),
                               attachment->file_name);
      refuse (self, attachment, words);
      break;
    }

  return NULL;
}

static void
open_attachment (PinionAttachments      *self,
                 const PinionAttachment *attachment)
{
  DexFuture *copy = pinion_part_files_fetch (self->files, self->body->message, attachment);

  dex_future_disown (dex_future_finally (copy, on_copy_made, task_new (self, attachment),
                                         task_free));
}

/* -- Cards ---------------------------------------------------------------------------------- */

static void
on_open_clicked (GtkButton         *button,
                 PinionAttachments *self)
{
  open_attachment (self, g_object_get_data (G_OBJECT (button), "pinion-attachment"));
}

static void
on_save_clicked (GtkButton         *button,
                 PinionAttachments *self)
{
  save (self, g_object_get_data (G_OBJECT (button), "pinion-attachment"));
}

static DexFuture *
on_thumbnail (DexFuture *future,
              gpointer   user_data)
{
  Task *task = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      gtk_image_set_from_paintable (task->image, g_value_get_object (value));
      gtk_image_set_pixel_size (task->image, THUMBNAIL_SIZE);
      gtk_widget_add_css_class (GTK_WIDGET (task->image), "attachment-thumbnail");
    }

  return NULL;
}

static GtkWidget *
new_icon (PinionAttachments      *self,
          const PinionAttachment *attachment)
{
  g_autofree char *by_name = g_content_type_guess (attachment->file_name, NULL, 0, NULL);
  g_autoptr (GIcon) icon = g_content_type_get_symbolic_icon (by_name);
  GtkWidget *image = gtk_image_new_from_gicon (icon);

  gtk_image_set_pixel_size (GTK_IMAGE (image), ICON_SIZE / 2);
  gtk_widget_set_valign (image, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (image, "attachment-icon");

  if (g_str_has_prefix (by_name, "image/") && attachment->size <= THUMBNAIL_MAX_BYTES)
    {
      Task *task = task_new (self, attachment);
      DexFuture *thumbnail = pinion_part_files_load_thumbnail (
        self->files, self->body->message, attachment,
        THUMBNAIL_SIZE * gtk_widget_get_scale_factor (GTK_WIDGET (self)));

      task->image = GTK_IMAGE (g_object_ref (image));
      dex_future_disown (dex_future_finally (thumbnail, on_thumbnail, task, task_free));
    }

  return image;
}

static GtkWidget *
new_words (const PinionAttachment *attachment,
           const char             *size)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (attachment->file_name);
  GtkWidget *size_label = gtk_label_new (size);

  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 24);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_xalign (GTK_LABEL (size_label), 0);
  gtk_widget_add_css_class (size_label, "caption");
  gtk_widget_add_css_class (size_label, "numeric");
  gtk_widget_add_css_class (size_label, "dim-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), size_label);

  return box;
}

static GtkWidget *
new_open_button (PinionAttachments      *self,
                 const PinionAttachment *attachment,
                 const char             *size)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  /* Translators: a file name and its size, as in "Open plan.pdf, 1.2 MB" */
  g_autofree char *label = g_strdup_printf (_("Open %s, %s"), attachment->file_name, size);

  gtk_box_append (GTK_BOX (content), new_icon (self, attachment));
  gtk_box_append (GTK_BOX (content), new_words (attachment, size));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_tooltip_text (button, attachment->file_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_open_clicked), self, 0);

  return button;
}

static GtkWidget *
new_save_button (PinionAttachments      *self,
                 const PinionAttachment *attachment)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-save-symbolic");
  g_autofree char *label = g_strdup_printf (_("Save %s"), attachment->file_name);

  gtk_widget_set_tooltip_text (button, _("Save"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_save_clicked), self, 0);

  return button;
}

static GtkWidget *
new_card (PinionAttachments      *self,
          const PinionAttachment *attachment)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *size = g_format_size (attachment->size);
  GtkWidget *buttons[2];

  buttons[0] = new_open_button (self, attachment, size);
  buttons[1] = new_save_button (self, attachment);

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      g_object_set_data (G_OBJECT (buttons[i]), "pinion-attachment", (gpointer) attachment);
      gtk_box_append (GTK_BOX (card), buttons[i]);
    }

  gtk_widget_add_css_class (card, "linked");
  gtk_widget_add_css_class (card, "attachment");

  return card;
}

void
pinion_attachments_set_body (PinionAttachments *self,
                             PinionEngine      *engine,
                             PinionPartFiles   *files,
                             PinionBody        *body)
{
  GtkWidget *child;
  guint shown = 0;

  g_return_if_fail (PINION_IS_ATTACHMENTS (self));

  if (body == self->body)
    return;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    adw_wrap_box_remove (self->box, child);
  g_clear_pointer (&self->body, pinion_body_unref);
  self->body = pinion_body_ref (body);
  g_set_object (&self->engine, engine);
  g_set_object (&self->files, files);

  for (guint i = 0; i < body->attachments->len; i++)
    {
      const PinionAttachment *attachment = body->attachments->pdata[i];

      if (!attachment->is_attachment)
        continue;

      adw_wrap_box_append (self->box, new_card (self, attachment));
      shown++;
    }

  gtk_widget_set_visible (GTK_WIDGET (self), shown > 0);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_attachments_dispose (GObject *object)
{
  PinionAttachments *self = PINION_ATTACHMENTS (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (pinion_attachments_parent_class)->dispose (object);
}

static void
pinion_attachments_finalize (GObject *object)
{
  g_clear_pointer (&PINION_ATTACHMENTS (object)->body, pinion_body_unref);

  G_OBJECT_CLASS (pinion_attachments_parent_class)->finalize (object);
}

static void
pinion_attachments_class_init (PinionAttachmentsClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_attachments_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_attachments_finalize;

  signals[SAID] = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pinion_attachments_init (PinionAttachments *self)
{
  self->box = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->box, 8);
  adw_wrap_box_set_line_spacing (self->box, 8);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_add_css_class (GTK_WIDGET (self), "message-attachments");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Attachments"), -1);
}
