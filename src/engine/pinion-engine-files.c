/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages as files of their own, for other programs. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pinion-fiber.h"
#include "pinion-text.h"

#define EXTENSION ".eml"

/* Bytes, so that a number fits behind it. */
#define STEM_MAX 180

G_DEFINE_BOXED_TYPE (PinionMessageFiles,
                     pinion_message_files,
                     pinion_message_files_ref,
                     pinion_message_files_unref)

static void
file_free (gpointer data)
{
  PinionMessageFile *file = data;

  g_free (file->subject);
  g_free (file->name);
  g_free (file);
}

static void
files_clear (gpointer data)
{
  g_ptr_array_unref (((PinionMessageFiles *) data)->files);
}

PinionMessageFiles *
pinion_message_files_ref (PinionMessageFiles *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_message_files_unref (PinionMessageFiles *self)
{
  g_atomic_rc_box_release_full (self, files_clear);
}

/* -- Names ---------------------------------------------------------------------------------- */

/* Without the extension. */
static char *
dup_stem (const char *subject)
{
  g_autofree char *whole = g_strconcat (subject != NULL ? subject : "", EXTENSION, NULL);
  g_autofree char *safe = pinion_text_safe_file_name (whole);
  gsize length = strlen (safe);

  /* Of nothing but dots and blanks the extension is all that is left. */
  if (!g_str_has_suffix (safe, EXTENSION) || length == strlen (EXTENSION))
    return g_strdup (_("Message"));

  length -= strlen (EXTENSION);
  if (length > STEM_MAX)
    length = (gsize) (g_utf8_find_prev_char (safe, safe + STEM_MAX + 1) - safe);

  return g_strndup (safe, length);
}

char *
pinion_message_file_dup_name (const char *subject,
                              guint       number)
{
  g_autofree char *stem = dup_stem (subject);

  return number < 2 ? g_strconcat (stem, EXTENSION, NULL)
                    : g_strdup_printf ("%s (%u)" EXTENSION, stem, number);
}

/* After a name that @taken has not, in any case: not every file system tells "A" from "a". */
static PinionMessageFile *
file_new (const PinionStoreMessage *row,
          GHashTable               *taken)
{
  PinionMessageFile *file = g_new0 (PinionMessageFile, 1);

  file->message = row->id;
  file->subject = g_strdup (row->subject);
  do
    {
      g_free (file->name);
      file->name = pinion_message_file_dup_name (row->subject, ++file->number);
    }
  while (!g_hash_table_add (taken, g_utf8_casefold (file->name, -1)));

  return file;
}

/* -- Which ---------------------------------------------------------------------------------- */

/* @rows: of PinionStoreMessage, one more than there may be. */
typedef struct
{
  PinionEngine *engine;
  GArray *conversations;
  GArray *messages;
  PinionStoreView view;
  GPtrArray *rows;
} Naming;

static void
naming_free (gpointer data)
{
  Naming *self = data;

  g_object_unref (self->engine);
  g_clear_pointer (&self->conversations, g_array_unref);
  g_clear_pointer (&self->messages, g_array_unref);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static DexFuture *
read_rows (PinionStoreSession *session,
           gpointer            data)
{
  Naming *self = data;

  for (guint i = 0; self->messages != NULL && i < self->messages->len
                    && self->rows->len <= PINION_MOST_FILES; i++)
    {
      PinionStoreMessage *row
        = pinion_store_message_get (session, g_array_index (self->messages, gint64, i));

      if (row != NULL)
        g_ptr_array_add (self->rows, row);
    }

  for (guint i = 0; self->conversations != NULL && i < self->conversations->len
                    && self->rows->len <= PINION_MOST_FILES; i++)
    g_ptr_array_extend_and_steal (
      self->rows, pinion_store_thread_list (session, self->view,
                                            g_array_index (self->conversations, gint64, i)));

  return dex_future_new_true ();
}

/* Whether its raw bytes are here, or can be had. */
static gboolean
can_be_written (PinionEngine             *engine,
                const PinionStoreMessage *row)
{
  PinionAccountItem *account = pinion_engine_find_account (engine, row->account_id);
  PinionSyncState state;

  if (row->body_state == PINION_STORE_BODY_HERE)
    return TRUE;
  if (account == NULL)
    return FALSE;

  state = pinion_account_item_get_state (account);

  return state != PINION_SYNC_OFFLINE && state != PINION_SYNC_FAILED;
}

static DexFuture *
naming_fiber (gpointer data)
{
  Naming *self = data;
  GError *error = NULL;
  g_autoptr (GHashTable) taken = NULL;
  PinionMessageFiles *files;

  if (!pinion_await (pinion_store_read (self->engine->store, read_rows, self, NULL), &error))
    return dex_future_new_for_error (error);

  taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  files = g_atomic_rc_box_new0 (PinionMessageFiles);
  files->files = g_ptr_array_new_with_free_func (file_free);
  files->too_many = self->rows->len > PINION_MOST_FILES;
  for (guint i = 0; i < MIN (self->rows->len, PINION_MOST_FILES); i++)
    {
      const PinionStoreMessage *row = self->rows->pdata[i];

      files->n_missing += !can_be_written (self->engine, row);
      g_ptr_array_add (files->files, file_new (row, taken));
    }

  return dex_future_new_take_boxed (PINION_TYPE_MESSAGE_FILES, files);
}

static Naming *
naming_new (PinionEngine *engine)
{
  Naming *self = g_new0 (Naming, 1);

  self->engine = g_object_ref (engine);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_message_unref);

  return self;
}

static GArray *
copy_ids (const gint64 *ids,
          guint         n_ids)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_ids);

  return g_array_append_vals (copy, ids, n_ids);
}

DexFuture *
pinion_engine_name_files (PinionEngine     *self,
                          const gint64     *conversations,
                          guint             n_conversations,
                          const PinionView *view)
{
  Naming *naming = naming_new (self);

  /* Each has a message at least. */
  naming->conversations = copy_ids (conversations, MIN (n_conversations, PINION_MOST_FILES + 1));
  naming->view = pinion_view_to_store (view);

  return pinion_fiber_spawn (NULL, 0, naming_fiber, naming, naming_free);
}

DexFuture *
pinion_engine_name_file (PinionEngine *self,
                         gint64        message)
{
  Naming *naming = naming_new (self);

  naming->messages = copy_ids (&message, 1);

  return pinion_fiber_spawn (NULL, 0, naming_fiber, naming, naming_free);
}

/* -- Writing -------------------------------------------------------------------------------- */

/* @file: what is written and replaced, where it is one.  @folder: of @files else. */
typedef struct
{
  PinionEngine *engine;
  PinionMessageFiles *files;
  GFile *folder;
  GFile *file;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *self = data;

  g_object_unref (self->engine);
  pinion_message_files_unref (self->files);
  g_clear_object (&self->folder);
  g_clear_object (&self->file);
  g_free (self);
}

/* Not with the permissions of our own files, which are for nobody else. */
static gboolean
copy_file (const char     *path,
           GFile          *target,
           GFileCopyFlags  flags,
           GError        **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (path);

  return pinion_await (dex_file_copy (source, target, flags | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                                      G_PRIORITY_DEFAULT),
                       error);
}

/* What is in the folder already stays, and the number is counted up.
 * Returns: (transfer full) (nullable) */
static GFile *
copy_into (GFile                    *folder,
           const char               *path,
           const PinionMessageFile  *file,
           GError                  **error)
{
  guint last = file->number + 2 * PINION_MOST_FILES;

  for (guint number = file->number; number <= last; number++)
    {
      g_autofree char *name = pinion_message_file_dup_name (file->subject, number);
      g_autoptr (GFile) target = g_file_get_child (folder, name);
      g_autoptr (GError) failure = NULL;

      if (copy_file (path, target, G_FILE_COPY_NONE, &failure))
        return g_steal_pointer (&target);
      if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_EXISTS) || number == last)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          break;
        }
    }

  return NULL;
}

static GFile *
write_one (Writing                  *self,
           const PinionMessageFile  *file,
           GError                  **error)
{
  g_autofree char *path
    = pinion_await_string (pinion_engine_get_source_path (self->engine, file->message), error);

  GError *failure = NULL;
  GFile *written = NULL;

  if (path == NULL)
    return NULL;

  if (self->file == NULL)
    written = copy_into (self->folder, path, file, &failure);
  else if (copy_file (path, self->file, G_FILE_COPY_OVERWRITE, &failure))
    written = g_object_ref (self->file);
  if (written == NULL)
    g_propagate_error (error, pinion_error_adopt_saving (failure));

  return written;
}

static DexFuture *
writing_fiber (gpointer data)
{
  Writing *self = data;
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->files->files->len; i++)
    {
      GError *error = NULL;
      GFile *file = write_one (self, self->files->files->pdata[i], &error);

      if (file == NULL)
        return dex_future_new_for_error (
          pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_NONE));
      g_ptr_array_add (written, file);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&written));
}

DexFuture *
pinion_engine_write_files (PinionEngine       *self,
                           PinionMessageFiles *files,
                           GFile              *folder,
                           GFile              *file)
{
  Writing *writing;

  g_return_val_if_fail ((folder == NULL) != (file == NULL), NULL);
  g_return_val_if_fail (file == NULL || files->files->len == 1, NULL);

  writing = g_new0 (Writing, 1);
  writing->engine = g_object_ref (self);
  writing->files = pinion_message_files_ref (files);
  g_set_object (&writing->folder, folder);
  g_set_object (&writing->file, file);

  return pinion_fiber_spawn (NULL, 0, writing_fiber, writing, writing_free);
}
