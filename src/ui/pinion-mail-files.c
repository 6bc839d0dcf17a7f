/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mail-files.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "pinion-fiber.h"

struct _PinionMailFiles
{
  GdkContentProvider parent_instance;

  PinionEngine *engine;
  PinionWindow *window; /* weak */
  PinionDragged *dragged;
  gint64 message;

  /* (nullable) once somebody has asked; resolves to a GPtrArray of GFile. */
  DexFuture *written;
};

G_DEFINE_FINAL_TYPE (PinionMailFiles, pinion_mail_files, GDK_TYPE_CONTENT_PROVIDER)

/* -- The folder ----------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  guint n_folders;
} Place;

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      (void) g_unlink (child);
    }

  (void) g_rmdir (path);
}

static void
place_free (gpointer data)
{
  Place *place = data;

  for (guint i = 1; i <= place->n_folders; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *folder = g_build_filename (place->path, name, NULL);

      empty_folder (folder);
    }

  if (place->path != NULL)
    (void) g_rmdir (place->path);
  g_free (place->path);
  g_free (place);
}

/* A new folder, for nobody else to look into.  Returns: (transfer full) (nullable) */
static GFile *
make_folder (PinionEngine  *engine,
             GError       **error)
{
  static const char key[] = "pinion-dragged-mail";
  Place *place = g_object_get_data (G_OBJECT (engine), key);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (place == NULL)
    {
      place = g_new0 (Place, 1);
      g_object_set_data_full (G_OBJECT (engine), key, place, place_free);
    }

  if (place->path == NULL)
    place->path = g_dir_make_tmp ("pinion-mail-XXXXXX", error);
  if (place->path == NULL)
    return NULL;

  name = g_strdup_printf ("%u", ++place->n_folders);
  path = g_build_filename (place->path, name, NULL);
  if (g_mkdir (path, 0700) < 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s", g_strerror (code));
      return NULL;
    }

  return g_file_new_for_path (path);
}

/* -- Writing them --------------------------------------------------------------------------- */

char *
pinion_mail_files_dup_refusal (const PinionMessageFiles *files)
{
  if (files->too_many)
    return g_strdup_printf (_("At most %u messages at a time can be saved as files"),
                            PINION_MOST_FILES);

  if (files->n_missing > 0)
    return g_strdup_printf (
      ngettext ("%u message is not on this computer yet, and its server cannot be reached",
                "%u messages are not on this computer yet, and their server cannot be reached",
                files->n_missing),
      files->n_missing);

  return files->files->len == 0 ? g_strdup (_("The messages are not here any more")) : NULL;
}

static PinionMessageFiles *
name_files (PinionMailFiles  *self,
            GError          **error)
{
  DexFuture *named = self->dragged == NULL
                       ? pinion_engine_name_file (self->engine, self->message)
                       : pinion_engine_name_files (self->engine, self->dragged->conversations,
                                                   self->dragged->n_conversations,
                                                   &self->dragged->view);

  return pinion_await_boxed (named, error);
}

static GPtrArray *
write_files (PinionMailFiles  *self,
             GError          **error)
{
  g_autoptr (PinionMessageFiles) files = name_files (self, error);
  g_autofree char *refusal = files != NULL ? pinion_mail_files_dup_refusal (files) : NULL;
  g_autoptr (GFile) folder = NULL;

  if (files == NULL)
    return NULL;

  if (refusal != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, refusal);
      return NULL;
    }

  folder = make_folder (self->engine, error);
  if (folder == NULL)
    return NULL;

  return pinion_await_boxed (pinion_engine_write_files (self->engine, files, folder, NULL), error);
}

static DexFuture *
write_fiber (gpointer data)
{
  PinionMailFiles *self = data;
  GError *error = NULL;
  GPtrArray *written = write_files (self, &error);

  if (written != NULL)
    return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, written);

  if (self->window != NULL && error->domain == PINION_ERROR)
    pinion_window_say_error (self->window, error);
  else if (self->window != NULL)
    pinion_window_say (self->window, error->message);

  return dex_future_new_for_error (error);
}

/* -- Handing them over ---------------------------------------------------------------------- */

typedef struct
{
  GTask *task;
  GOutputStream *stream;
  char *mime_type;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_object_unref (self->task);
  g_object_unref (self->stream);
  g_free (self->mime_type);
  g_free (self);
}

static void
on_serialized (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gdk_content_serialize_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static DexFuture *
on_written (DexFuture *future,
            gpointer   user_data)
{
  Request *request = user_data;
  GError *error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_auto (GValue) list = G_VALUE_INIT;
  GPtrArray *files;

  if (value == NULL)
    {
      g_task_return_error (request->task, error);
      return NULL;
    }

  files = g_value_get_boxed (value);
  g_value_init (&list, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&list, gdk_file_list_new_from_array ((GFile **) files->pdata, files->len));
  gdk_content_serialize_async (request->stream, request->mime_type, &list,
                               g_task_get_priority (request->task),
                               g_task_get_cancellable (request->task), on_serialized,
                               g_object_ref (request->task));

  return NULL;
}

static void
pinion_mail_files_write_async (GdkContentProvider  *provider,
                               const char          *mime_type,
                               GOutputStream       *stream,
                               int                  io_priority,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  PinionMailFiles *self = PINION_MAIL_FILES (provider);
  Request *request = g_new0 (Request, 1);

  request->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_priority (request->task, io_priority);
  request->stream = g_object_ref (stream);
  request->mime_type = g_strdup (mime_type);

  if (self->written == NULL)
    self->written = pinion_fiber_spawn (NULL, 0, write_fiber, g_object_ref (self), g_object_unref);

  dex_future_disown (
    dex_future_finally (dex_ref (self->written), on_written, request, request_free));
}

static gboolean
pinion_mail_files_write_finish (GdkContentProvider  *provider,
                                GAsyncResult        *result,
                                GError             **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* All that a list of files is handed over as, but for plain text: what is being written gets no
 * paths. */
static GdkContentFormats *
pinion_mail_files_ref_formats (GdkContentProvider *provider)
{
  g_autoptr (GdkContentFormats) all = gdk_content_formats_union_serialize_mime_types (
    gdk_content_formats_new_for_gtype (GDK_TYPE_FILE_LIST));
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();
  gsize n_types;
  const char *const *types = gdk_content_formats_get_mime_types (all, &n_types);

  for (gsize i = 0; i < n_types; i++)
    if (!g_str_has_prefix (types[i], "text/plain"))
      gdk_content_formats_builder_add_mime_type (builder, types[i]);

  return gdk_content_formats_builder_free_to_formats (builder);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_mail_files_finalize (GObject *object)
{
  PinionMailFiles *self = PINION_MAIL_FILES (object);

  dex_clear (&self->written);
  g_clear_weak_pointer (&self->window);
  g_clear_pointer (&self->dragged, pinion_dragged_unref);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_mail_files_parent_class)->finalize (object);
}

static void
pinion_mail_files_class_init (PinionMailFilesClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pinion_mail_files_finalize;
  provider_class->ref_formats = pinion_mail_files_ref_formats;
  provider_class->write_mime_type_async = pinion_mail_files_write_async;
  provider_class->write_mime_type_finish = pinion_mail_files_write_finish;
}

static void
pinion_mail_files_init (PinionMailFiles *self)
{
}

static PinionMailFiles *
mail_files_new (PinionEngine *engine,
                PinionWindow *window)
{
  PinionMailFiles *self = g_object_new (PINION_TYPE_MAIL_FILES, NULL);

  self->engine = g_object_ref (engine);
  g_set_weak_pointer (&self->window, window);

  return self;
}

GdkContentProvider *
pinion_mail_files_new (PinionEngine  *engine,
                       PinionWindow  *window,
                       PinionDragged *dragged)
{
  PinionMailFiles *self = mail_files_new (engine, window);

  self->dragged = pinion_dragged_ref (dragged);

  return GDK_CONTENT_PROVIDER (self);
}

GdkContentProvider *
pinion_mail_files_new_for_message (PinionEngine *engine,
                                   PinionWindow *window,
                                   gint64        message)
{
  PinionMailFiles *self = mail_files_new (engine, window);

  self->message = message;

  return GDK_CONTENT_PROVIDER (self);
}
