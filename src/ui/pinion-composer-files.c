/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-composer-files.h"

#include <glib/gi18n-lib.h>

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
  "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_SYMBOLIC_ICON           \
  "," G_FILE_ATTRIBUTE_ACCESS_CAN_READ

struct _PinionComposerFiles
{
  AdwBin parent_instance;

  AdwWrapBox *box;
  GPtrArray *paths;
  gint64 forwarded;
};

G_DEFINE_FINAL_TYPE (PinionComposerFiles, pinion_composer_files, ADW_TYPE_BIN)

enum
{
  CHANGED,
  REFUSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
update (PinionComposerFiles *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), !pinion_composer_files_is_empty (self));
}

/* -- Cards ---------------------------------------------------------------------------------- */

static void
on_remove_clicked (GtkButton           *button,
                   PinionComposerFiles *self)
{
  GtkWidget *card = gtk_widget_get_parent (GTK_WIDGET (button));
  const char *path = g_object_get_data (G_OBJECT (card), "pinion-path");
  guint index;

  if (path == NULL)
    self->forwarded = 0;
  else if (g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, &index))
    g_ptr_array_remove_index (self->paths, index);

  adw_wrap_box_remove (self->box, card);
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_card (PinionComposerFiles *self,
          const char          *path,
          GIcon               *icon,
          const char          *name,
          const char          *size)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new_from_gicon (icon);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *remove = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *remove_words = g_strdup_printf (_("Remove %s"), name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_widget_set_tooltip_text (label, name);
  gtk_box_append (GTK_BOX (card), image);
  gtk_box_append (GTK_BOX (card), label);

  if (size != NULL)
    {
      GtkWidget *size_label = gtk_label_new (size);

      gtk_widget_add_css_class (size_label, "caption");
      gtk_widget_add_css_class (size_label, "numeric");
      gtk_widget_add_css_class (size_label, "dim-label");
      gtk_box_append (GTK_BOX (card), size_label);
    }

  gtk_widget_set_tooltip_text (remove, _("Remove"));
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_add_css_class (remove, "circular");
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remove_words, -1);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove_clicked), self, 0);
  gtk_box_append (GTK_BOX (card), remove);

  g_object_set_data_full (G_OBJECT (card), "pinion-path", g_strdup (path), g_free);
  gtk_widget_add_css_class (card, "composer-file");
  adw_wrap_box_append (self->box, card);
}

/* -- Adding --------------------------------------------------------------------------------- */

static void
refuse (PinionComposerFiles *self,
        GFile               *file,
        const char          *format)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autoptr (GString) words = g_string_new (format);

  g_string_replace (words, "%s", name, 1);
  g_signal_emit (self, signals[REFUSED], 0, words->str);
}

static void
on_info (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (PinionComposerFiles) self = user_data;
  GFile *file = G_FILE (source);
  g_autoptr (GFileInfo) info = g_file_query_info_finish (file, result, NULL);
  const char *path = g_file_peek_path (file);
  g_autofree char *size = NULL;

  if (info == NULL || path == NULL ||
      !g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_ACCESS_CAN_READ))
    {
      /* Translators: %s is a file name */
      refuse (self, file, _("“%s” cannot be read, so it was not attached."));
      return;
    }

  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      /* Translators: %s is a file name */
      refuse (self, file, _("“%s” is not a file, so it was not attached."));
      return;
    }

  if (g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, NULL))
    return;

  size = g_format_size ((guint64) g_file_info_get_size (info));
  g_ptr_array_add (self->paths, g_strdup (path));
  add_card (self, path, g_file_info_get_symbolic_icon (info), g_file_info_get_display_name (info),
            size);
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
pinion_composer_files_add (PinionComposerFiles *self,
                           GFile               *file)
{
  g_return_if_fail (PINION_IS_COMPOSER_FILES (self));

  g_file_query_info_async (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, NULL,
                           on_info, g_object_ref (self));
}

void
pinion_composer_files_set_paths (PinionComposerFiles *self,
                                 const char *const   *paths)
{
  g_return_if_fail (PINION_IS_COMPOSER_FILES (self));

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *type = g_content_type_guess (paths[i], NULL, 0, NULL);
      g_autoptr (GIcon) icon = g_content_type_get_symbolic_icon (type);
      g_autofree char *name = g_filename_display_basename (paths[i]);

      g_ptr_array_add (self->paths, g_strdup (paths[i]));
      add_card (self, paths[i], icon, name, NULL);
    }

  update (self);
}

void
pinion_composer_files_set_forwarded (PinionComposerFiles *self,
                                     gint64               forwarded)
{
  g_return_if_fail (PINION_IS_COMPOSER_FILES (self));

  if (self->forwarded == 0 && forwarded != 0)
    {
      g_autoptr (GIcon) icon = g_themed_icon_new ("mail-forward-symbolic");

      add_card (self, NULL, icon, _("The forwarded message"), NULL);
    }

  self->forwarded = forwarded;
  update (self);
}

gint64
pinion_composer_files_get_forwarded (PinionComposerFiles *self)
{
  return self->forwarded;
}

GStrv
pinion_composer_files_dup_paths (PinionComposerFiles *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->paths->len; i++)
    g_strv_builder_add (builder, self->paths->pdata[i]);

  return g_strv_builder_end (builder);
}

gboolean
pinion_composer_files_is_empty (PinionComposerFiles *self)
{
  return self->paths->len == 0 && self->forwarded == 0;
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_composer_files_finalize (GObject *object)
{
  g_ptr_array_unref (PINION_COMPOSER_FILES (object)->paths);

  G_OBJECT_CLASS (pinion_composer_files_parent_class)->finalize (object);
}

static void
pinion_composer_files_class_init (PinionComposerFilesClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pinion_composer_files_finalize;

  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pinion_composer_files_init (PinionComposerFiles *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->box = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->box, 6);
  adw_wrap_box_set_line_spacing (self->box, 6);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "composer-files");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Attached files"), -1);
}
