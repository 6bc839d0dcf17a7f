/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-part-files.h"

#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pinion-text.h"
#include "pinion-worker.h"

#define MAX_PIXELS (50 * 1000 * 1000)

struct _PinionPartFiles
{
  GObject parent_instance;

  PinionEngine *engine;
  PinionWorker *worker;
  char *directory;
  GPtrArray *paths;
  guint folders;
};

G_DEFINE_FINAL_TYPE (PinionPartFiles, pinion_part_files, G_TYPE_OBJECT)

/* -- Risk ----------------------------------------------------------------------------------- */

/* What a desktop may run or interpret on opening; macros and web pages among it. */
static const char *const running_extensions[] = {
  "appimage", "bash", "bat", "bin", "chm", "class", "cmd", "com", "cpl", "csh", "deb", "desktop",
  "docm", "dotm", "elf", "exe", "fish", "flatpak", "flatpakref", "flatpakrepo", "gadget", "hta",
  "htm", "html", "inf", "iso", "jar", "jnlp", "js", "jse", "ksh", "lnk", "lua", "mht", "mhtml",
  "mjs", "msc", "msi", "msp", "mst", "out", "php", "pif", "pl", "potm", "ppam", "ppsm", "pptm",
  "ps1", "py", "pyc", "pyw", "rb", "reg", "rpm", "run", "scr", "sct", "service", "sh", "shtml",
  "sldm", "snap", "svg", "svgz", "swf", "tcl", "url", "vb", "vbe", "vbs", "webloc", "ws", "wsf",
  "wsh", "xbap", "xht", "xhtml", "xlam", "xlsm", "xltm", "xml", "xsl", "xslt", "zsh",
};

static const char *const running_types[] = {
  "application/java-archive", "application/javascript", "application/vnd.appimage",
  "application/vnd.debian.binary-package", "application/vnd.flatpak", "application/x-desktop",
  "application/x-elf", "application/x-executable", "application/x-java-archive",
  "application/x-ms-dos-executable", "application/x-msdownload", "application/x-msi",
  "application/x-perl", "application/x-php", "application/x-pie-executable", "application/x-python",
  "application/x-rpm", "application/x-ruby", "application/x-sharedlib", "application/x-shellscript",
  "application/xhtml+xml", "application/vnd.microsoft.portable-executable",
  "application/x-mswinurl",
  "image/svg+xml", "image/svg+xml-compressed", "text/html", "text/javascript", "text/x-python",
  "text/x-python3",
};

static gboolean
has_running_extension (const char *file_name)
{
  const char *dot = strrchr (file_name, '.');

  if (dot == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (running_extensions); i++)
    if (g_ascii_strcasecmp (dot + 1, running_extensions[i]) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_running_type (const char *content_type)
{
  g_autofree char *mime = content_type != NULL ? g_content_type_get_mime_type (content_type) : NULL;

  for (guint i = 0; mime != NULL && i < G_N_ELEMENTS (running_types); i++)
    if (g_ascii_strcasecmp (mime, running_types[i]) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
starts_like_program (const char *head,
                     gsize       length)
{
  return (length >= 4 && memcmp (head, "\x7f" "ELF", 4) == 0) ||
         (length >= 2 && (memcmp (head, "#!", 2) == 0 || memcmp (head, "MZ", 2) == 0)) ||
         (length >= 15 && memcmp (head, "[Desktop Entry]", 15) == 0);
}

PinionPartRisk
pinion_part_judge (const char  *file_name,
                   const char  *declared_type,
                   const char  *head,
                   gsize        length,
                   char       **name_type,
                   char       **real_type)
{
  gboolean unsure_name = TRUE, unsure_content = TRUE;
  g_autofree char *by_name = g_content_type_guess (file_name, NULL, 0, &unsure_name);
  g_autofree char *by_content =
    g_content_type_guess (NULL, (const guchar *) head, length, &unsure_content);

  if (has_running_extension (file_name) || starts_like_program (head, length) ||
      is_running_type (by_name) || is_running_type (declared_type) ||
      (!unsure_content && is_running_type (by_content)))
    return PINION_PART_RUNS_CODE;

  /* Content that is known for sure and is neither what the name says nor what that is made of
   * (a document that is a ZIP archive inside) */
  if (length > 0 && !unsure_name && !unsure_content && !g_content_type_is_unknown (by_content) &&
      !g_content_type_is_a (by_name, by_content) && !g_content_type_is_a (by_content, by_name))
    {
      if (name_type != NULL)
        *name_type = g_content_type_get_description (by_name);
      if (real_type != NULL)
        *real_type = g_content_type_get_description (by_content);

      return PINION_PART_PRETENDS;
    }

  return PINION_PART_SAFE;
}

/* -- Copies --------------------------------------------------------------------------------- */

/* What a copy fails for is told in the words of what is saved, but where it is put was nobody's
 * choice.  @error: (transfer full).  Returns: (transfer full) */
static GError *
adopt (GError *error)
{
  g_autoptr (GError) saving = pinion_error_adopt_saving (error);

  if (!pinion_error_is (saving, PINION_ERROR_NOT_SAVED))
    return g_steal_pointer (&saving);

  return pinion_error_new (PINION_ERROR_STORE_FAILED, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s",
                           saving->message);
}

static gboolean
fail_by_errno (GError **error)
{
  int code = errno == EDQUOT ? ENOSPC : errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s", g_strerror (code));

  return FALSE;
}

static gboolean
make_directory (PinionPartFiles *self,
                GError         **error)
{
  g_autofree char *directory = g_build_filename (g_get_tmp_dir (), "pinion-XXXXXX", NULL);

  if (self->directory == NULL && g_mkdtemp (directory) == NULL)
    return fail_by_errno (error);
  if (self->directory == NULL)
    self->directory = g_steal_pointer (&directory);

  return TRUE;
}

/* Each copy has a folder of its own, so that it can keep its name.  Returns: (transfer full) */
static char *
make_place (PinionPartFiles *self,
            const char      *file_name,
            GError         **error)
{
  g_autofree char *name = pinion_text_safe_file_name (file_name);
  g_autofree char *number = NULL;
  g_autofree char *folder = NULL;

  if (!make_directory (self, error))
    return NULL;

  number = g_strdup_printf ("%u", ++self->folders);
  folder = g_build_filename (self->directory, number, NULL);

  if (g_mkdir (folder, 0700) < 0)
    {
      fail_by_errno (error);
      return NULL;
    }

  return g_build_filename (folder, name, NULL);
}

static DexFuture *
on_saved (DexFuture *future,
          gpointer   user_data)
{
  const char *path = user_data;
  GError *error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    return dex_future_new_for_error (adopt (error));

  /* Whatever opens it cannot change it, and nothing runs it */
  if (g_chmod (path, 0400) < 0)
    {
      fail_by_errno (&error);
      return dex_future_new_for_error (adopt (error));
    }

  return dex_future_new_for_string (path);
}

DexFuture *
pinion_part_files_fetch (PinionPartFiles        *self,
                         gint64                  message,
                         const PinionAttachment *attachment)
{
  GError *error = NULL;
  char *path;
  DexFuture *saved;

  g_return_val_if_fail (PINION_IS_PART_FILES (self), NULL);

  path = make_place (self, attachment->file_name, &error);
  if (path == NULL)
    return dex_future_new_for_error (adopt (error));

  g_ptr_array_add (self->paths, g_strdup (path));
  saved = pinion_engine_save_part (self->engine, message, attachment->part, path);

  return dex_future_finally (saved, on_saved, path, g_free);
}

/* -- Thumbnails ----------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  int size;
} Thumbnail;

static void
thumbnail_free (gpointer data)
{
  Thumbnail *thumbnail = data;

  g_free (thumbnail->path);
  g_free (thumbnail);
}

static gboolean
is_small_picture (const char *path)
{
  int width = 0, height = 0;
  GdkPixbufFormat *format = gdk_pixbuf_get_file_info (path, &width, &height);
  g_autofree char *name = format != NULL ? gdk_pixbuf_format_get_name (format) : NULL;

  if (name == NULL || width <= 0 || height <= 0 || (gint64) width * height > MAX_PIXELS)
    return FALSE;

  return g_str_equal (name, "png") || g_str_equal (name, "jpeg") || g_str_equal (name, "gif") ||
         g_str_equal (name, "webp");
}

/* On the worker. */
static DexFuture *
make_thumbnail (gpointer data)
{
  Thumbnail *thumbnail = data;
  g_autoptr (GdkPixbuf) loaded = NULL;
  g_autoptr (GdkPixbuf) turned = NULL;
  g_autoptr (GBytes) pixels = NULL;
  GError *error = NULL;

  if (!is_small_picture (thumbnail->path))
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "No small picture");

  loaded = gdk_pixbuf_new_from_file_at_scale (thumbnail->path, thumbnail->size, thumbnail->size,
                                              TRUE, &error);
  if (loaded == NULL)
    return dex_future_new_for_error (error);

  turned = gdk_pixbuf_apply_embedded_orientation (loaded);
  pixels = gdk_pixbuf_read_pixel_bytes (turned);

  return dex_future_new_take_object (
    gdk_memory_texture_new (gdk_pixbuf_get_width (turned), gdk_pixbuf_get_height (turned),
                            gdk_pixbuf_get_has_alpha (turned) ? GDK_MEMORY_R8G8B8A8
                                                              : GDK_MEMORY_R8G8B8,
                            pixels, (gsize) gdk_pixbuf_get_rowstride (turned)));
}

typedef struct
{
  PinionPartFiles *self;
  int size;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->self);
  g_free (wish);
}

static DexFuture *
on_copy_made (DexFuture *future,
              gpointer   user_data)
{
  Wish *wish = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  Thumbnail *thumbnail = g_new0 (Thumbnail, 1);

  thumbnail->path = g_value_dup_string (value);
  thumbnail->size = wish->size;

  return pinion_worker_run (wish->self->worker, make_thumbnail, thumbnail, thumbnail_free);
}

DexFuture *
pinion_part_files_load_thumbnail (PinionPartFiles        *self,
                                  gint64                  message,
                                  const PinionAttachment *attachment,
                                  int                     size)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->self = g_object_ref (self);
  wish->size = size;

  return dex_future_then (pinion_part_files_fetch (self, message, attachment), on_copy_made, wish,
                          wish_free);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
remove_copies (PinionPartFiles *self)
{
  for (guint i = 0; i < self->paths->len; i++)
    {
      g_autofree char *folder = g_path_get_dirname (self->paths->pdata[i]);

      (void) g_unlink (self->paths->pdata[i]);
      (void) g_rmdir (folder);
    }

  if (self->directory != NULL)
    (void) g_rmdir (self->directory);
}

static void
pinion_part_files_finalize (GObject *object)
{
  PinionPartFiles *self = PINION_PART_FILES (object);

  g_clear_pointer (&self->worker, pinion_worker_free);
  remove_copies (self);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_pointer (&self->directory, g_free);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_part_files_parent_class)->finalize (object);
}

static void
pinion_part_files_class_init (PinionPartFilesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_part_files_finalize;
}

static void
pinion_part_files_init (PinionPartFiles *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->worker = pinion_worker_new ("thumbnails", 1);
}

PinionPartFiles *
pinion_part_files_new (PinionEngine *engine)
{
  PinionPartFiles *self = g_object_new (PINION_TYPE_PART_FILES, NULL);

  g_set_object (&self->engine, engine);

  return self;
}
