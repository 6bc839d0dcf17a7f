/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-import.h"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-import.h"
#include "pinion-mime-message.h"
#include "pinion-store-import.h"

/* Bytes.  More than any server takes; a file is in memory while it is read. */
#define MOST_BYTES (64 * 1024 * 1024)

#define ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE \
  "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME

G_DEFINE_BOXED_TYPE (PinionImported, pinion_imported, pinion_imported_ref, pinion_imported_unref)

static void
refused_free (gpointer data)
{
  PinionRefusedFile *refused = data;

  g_free (refused->name);
  g_clear_error (&refused->error);
  g_free (refused);
}

static PinionImported *
imported_new (void)
{
  PinionImported *self = g_atomic_rc_box_new0 (PinionImported);

  self->refused = g_ptr_array_new_with_free_func (refused_free);
  self->done.act = PINION_ACT_IMPORT;

  return self;
}

static void
imported_clear (gpointer data)
{
  g_ptr_array_unref (((PinionImported *) data)->refused);
}

PinionImported *
pinion_imported_ref (PinionImported *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_imported_unref (PinionImported *self)
{
  g_atomic_rc_box_release_full (self, imported_clear);
}

/* Counted: the parser's and the store's jobs outlive the interest in them.  @file, @raw, @anonymous,
 * @message: of the file that is at hand. */
typedef struct
{
  PinionEngine *engine;
  GPtrArray *files;
  gint64 label;
  GCancellable *cancellable;
  PinionImportFunc progress;
  gpointer user_data;
  PinionImported *imported;
  GBytes *file;
  GBytes *raw;
  guint64 anonymous;
  PinionMimeMessage *message;
  PinionStoreImported outcome;
} Importing;

static void
drop_message (Importing *self)
{
  g_clear_pointer (&self->message, pinion_mime_message_unref);
  g_clear_pointer (&self->raw, g_bytes_unref);
}

static void
importing_clear (gpointer data)
{
  Importing *self = data;

  g_object_unref (self->engine);
  g_ptr_array_unref (self->files);
  g_clear_object (&self->cancellable);
  pinion_imported_unref (self->imported);
  g_clear_pointer (&self->file, g_bytes_unref);
  drop_message (self);
}

static void
importing_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, importing_clear);
}

/* -- One file ------------------------------------------------------------------------------- */

static gboolean
refuse (GError        **error,
        PinionErrorCode code,
        const char     *why)
{
  return pinion_error_set (error, code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s", why);
}

/* Only a regular file ends. */
static gboolean
check_info (GFileInfo *info,
            GError   **error)
{
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    return refuse (error, PINION_ERROR_FILE_NO_MESSAGE, "not a regular file");
  if (g_file_info_get_size (info) > MOST_BYTES)
    return refuse (error, PINION_ERROR_FILE_TOO_LARGE, "above 64 MiB");

  return TRUE;
}

/* @name: (out) (transfer full): how people know it */
static gboolean
load (Importing *self,
      GFile     *file,
      char     **name,
      GError   **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GFileInfo) info = pinion_await_object (
      dex_file_query_info (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT), &failure);

  g_clear_pointer (&self->file, g_bytes_unref);
  if (info != NULL)
    {
      g_free (*name);
      *name = g_strdup (g_file_info_get_display_name (info));
      if (!check_info (info, error))
        return FALSE;
      self->file = pinion_await_boxed (dex_file_load_contents_bytes (file), &failure);
    }

  return self->file != NULL || refuse (error, PINION_ERROR_FILE_UNREADABLE, failure->message);
}

/* On the parser's thread. */
static DexFuture *
parse (gpointer data)
{
  Importing *self = data;
  GError *error = NULL;

  drop_message (self);
  self->raw = pinion_mime_import (self->file, &self->anonymous, &error);
  g_clear_pointer (&self->file, g_bytes_unref);
  if (self->raw == NULL)
    return dex_future_new_for_error (error);

  self->message = pinion_mime_message_parse_bytes (self->raw);

  return dex_future_new_true ();
}

/* What a server is told that it came at: as the message says, unless it cannot be. */
static gint64
get_received (PinionMimeMessage *message)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 arrived = pinion_mime_import_get_arrival (message);

  if (message->date_is_valid && message->date > 0 && message->date <= now)
    return message->date;

  return arrived > 0 && arrived <= now ? arrived : now;
}

static DexFuture *
store (PinionStoreSession *session,
       gpointer            data)
{
  Importing *self = data;
  PinionMimeMessage *message = self->message;
  const PinionMimeAddress *from
      = message->from->len > 0 ? g_ptr_array_index (message->from, 0) : NULL;
  g_autofree char *to = pinion_mime_addresses_join_labels (message->to);
  g_autoptr (GPtrArray) references = pinion_mime_message_list_links (message);
  PinionStoreHeader header = {
    .message_id = message->message_id,
    .references = (const char *const *) references->pdata,
    .thread_key = message->thread_index,
    .date = message->date_is_valid ? message->date : 0,
    .from_name = from != NULL ? from->name : NULL,
    .from_address = from != NULL ? from->address : NULL,
    .to = to,
    .subject = message->subject,
    .snippet = message->snippet,
    .has_attachments = message->has_attachments,
    .bulk = message->is_automatic,
  };

  self->outcome = pinion_store_command_import (session, &self->imported->done.group, self->label,
                                               &header, get_received (message), self->anonymous,
                                               self->raw);

  /* It may be large, and the next one is read soon. */
  drop_message (self);

  return dex_future_new_true ();
}

static void
count (Importing *self)
{
  PinionImported *imported = self->imported;

  switch (self->outcome)
    {
    case PINION_STORE_IMPORT_ADDED:
      imported->n_added++;
      break;
    case PINION_STORE_IMPORT_LABELLED:
      imported->n_labelled++;
      break;
    case PINION_STORE_IMPORT_KNOWN:
    default:
      imported->n_known++;
      break;
    }
}

/* @error: of the file itself, which is left out. */
static gboolean
read_file (Importing *self,
           GFile     *file,
           char     **name,
           GError   **error)
{
  return load (self, file, name, error)
         && pinion_await (pinion_worker_run (self->engine->parser, parse,
                                             g_atomic_rc_box_acquire (self), importing_unref),
                          error);
}

/* -- All ------------------------------------------------------------------------------------ */

static void
note_refused (Importing *self,
              char      *name,
              GError    *error)
{
  PinionRefusedFile *refused = g_new0 (PinionRefusedFile, 1);

  refused->name = name;
  refused->error = error;
  g_ptr_array_add (self->imported->refused, refused);
}

static gboolean
has_done_some (const PinionImported *imported)
{
  return imported->n_added + imported->n_labelled + imported->n_known > 0;
}

/* Returns: whether to go on */
static gboolean
import_one (Importing *self,
            GFile     *file,
            GError   **error)
{
  char *name = g_file_get_basename (file);
  GError *refusal = NULL;

  if (!read_file (self, file, &name, &refusal))
    {
      note_refused (self, name, refusal);
      return TRUE;
    }

  if (pinion_await (pinion_store_write (self->engine->store, store,
                                        g_atomic_rc_box_acquire (self), importing_unref),
                    &refusal))
    {
      g_free (name);
      count (self);
      return TRUE;
    }

  /* What was done before is told, with what could not be done any more. */
  if (has_done_some (self->imported))
    {
      note_refused (self, name, refusal);
      return FALSE;
    }

  g_free (name);
  g_propagate_error (error, refusal);
  return FALSE;
}

static DexFuture *
import_fiber (gpointer data)
{
  Importing *self = data;
  GError *error = NULL;

  for (guint i = 0; i < self->files->len && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      if (!import_one (self, self->files->pdata[i], &error))
        break;
      if (self->progress != NULL && !g_cancellable_is_cancelled (self->cancellable))
        self->progress (i + 1, self->files->len, self->user_data);
    }

  self->imported->done.messages = self->imported->n_added + self->imported->n_labelled;
  if (error != NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_IMPORTED, pinion_imported_ref (self->imported));
}

DexFuture *
pinion_engine_import (PinionEngine     *self,
                      GListModel       *files,
                      gint64            label,
                      GCancellable     *cancellable,
                      PinionImportFunc  progress,
                      gpointer          user_data)
{
  Importing *importing = g_atomic_rc_box_new0 (Importing);

  importing->engine = g_object_ref (self);
  importing->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    g_ptr_array_add (importing->files, g_list_model_get_item (files, i));
  importing->label = label;
  importing->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  importing->progress = progress;
  importing->user_data = user_data;
  importing->imported = imported_new ();

  return pinion_fiber_spawn (NULL, 0, import_fiber, importing, importing_unref);
}
