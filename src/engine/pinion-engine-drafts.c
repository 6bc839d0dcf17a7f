/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts on the server: copies of what is written here, and going on with what was written
 * elsewhere. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-draft-file.h"
#include "pinion-fiber.h"
#include "pinion-store-drafts.h"
#include "pinion-store-files.h"

/* Seconds since the last save: while somebody writes, the server is left alone.  Tests have less
 * time. */
#define SETTLE_SECONDS 15
#define SETTLE_VARIABLE "PINION_TEST_SETTLE_SECONDS"

/* One draft on its way to become a copy, or the other way round.  @original: (nullable) path of what it
 * answers or forwards.  @message: the other program's draft; @answered_id: (nullable) the Message-ID
 * of what that answers; @answered: the message, 0 where it is not here.  @files: (nullable) a folder
 * that is not needed any longer than this.  @date: the other program's. */
typedef struct
{
  PinionEngine *engine;
  PinionStoreStaleDraft stale;
  PinionAccount *account;
  PinionDraft *draft;
  char *path;
  char *original;
  PinionDraftFile file;
  gint64 message;
  char *answered_id;
  gint64 answered;
  char *files;
  gint64 date;
} Copying;

static void
copying_free (gpointer data)
{
  Copying *copying = data;

  g_object_unref (copying->engine);
  g_clear_pointer (&copying->account, pinion_account_free);
  g_clear_pointer (&copying->draft, pinion_draft_free);
  g_free (copying->path);
  g_free (copying->original);
  g_free (copying->answered_id);
  if (copying->files != NULL)
    pinion_store_remove_files (copying->files);
  g_free (copying->files);
  pinion_draft_file_clear (&copying->file);
  g_free (copying);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copying, copying_free)

static char *
dup_body_path (PinionStoreSession *session,
               gint64              id)
{
  g_autoptr (PinionStoreMessage) message
      = id != 0 ? pinion_store_message_get (session, id) : NULL;

  return message != NULL && pinion_store_body_is_whole (message) ? g_strdup (message->body_path)
                                                                 : NULL;
}

static gboolean
take_account (Copying *copying,
              gint64   id)
{
  PinionAccountItem *item = pinion_engine_find_account (copying->engine, id);

  if (item != NULL)
    copying->account = pinion_account_copy (pinion_account_item_get_account (item));

  return item != NULL;
}

/* -- Copies --------------------------------------------------------------------------------- */

static DexFuture *
find_draft (PinionStoreSession *session,
            gpointer            data)
{
  Copying *copying = data;

  copying->path = dup_body_path (session, copying->stale.draft);
  if (copying->path == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "the draft is not there any more");

  return dex_future_new_true ();
}

static DexFuture *
read_draft (gpointer data)
{
  Copying *copying = data;
  GError *error = NULL;

  copying->files = pinion_store_dup_files_path (copying->engine->store);
  copying->draft = pinion_draft_file_read (copying->path, copying->files, &error);
  if (copying->draft == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

/* Only where it is here: the server is not asked for it just for a copy. */
static DexFuture *
find_original (PinionStoreSession *session,
               gpointer            data)
{
  Copying *copying = data;
  const PinionDraft *draft = copying->draft;

  copying->original = dup_body_path (
      session, draft->forwarded != 0 ? draft->forwarded : draft->reply_to_message);
  if (draft->forwarded != 0 && copying->original == NULL)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND,
                               "the message that is forwarded is not here");

  return dex_future_new_true ();
}

static DexFuture *
write_copy (gpointer data)
{
  Copying *copying = data;
  g_autofree char *temp = pinion_store_dup_temp_path (copying->engine->store);
  GError *error = NULL;

  if (!pinion_draft_file_write_copy (copying->draft, copying->account, copying->original, temp,
                                     &copying->file, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static DexFuture *
store_copy (PinionStoreSession *session,
            gpointer            data)
{
  Copying *copying = data;

  pinion_store_draft_upload (session, copying->stale.draft, copying->stale.version,
                             &copying->file.header, copying->file.raw);

  return dex_future_new_true ();
}

static gboolean
copy_one (PinionEngine                *self,
          const PinionStoreStaleDraft *stale,
          GError                     **error)
{
  g_autoptr (Copying) copying = g_new0 (Copying, 1);
  PinionStore *store = self->store;
  PinionWorker *parser = self->parser;

  copying->engine = g_object_ref (self);
  copying->stale = *stale;

  /* Where it is saved or discarded meanwhile, there is another look. */
  return !take_account (copying, stale->account)
         || (pinion_await (pinion_store_read (store, find_draft, copying, NULL), error)
             && pinion_await (pinion_worker_run (parser, read_draft, copying, NULL), error)
             && pinion_await (pinion_store_read (store, find_original, copying, NULL), error)
             && pinion_await (pinion_worker_run (parser, write_copy, copying, NULL), error)
             && pinion_await (pinion_store_write (store, store_copy, copying, NULL), error));
}

/* -- The right moment ----------------------------------------------------------------------- */

static DexFuture *
list_stale (PinionStoreSession *session,
            gpointer            data)
{
  return dex_future_new_take_boxed (G_TYPE_ARRAY, pinion_store_drafts_stale (session));
}

static gint64
get_settle_seconds (void)
{
  const char *text = g_getenv (SETTLE_VARIABLE);

  return text != NULL ? CLAMP (g_ascii_strtoll (text, NULL, 10), 0, SETTLE_SECONDS)
                      : SETTLE_SECONDS;
}

/* What could not be copied as it is stays here only, until it is changed. */
static gboolean
is_hopeless (PinionEngine                *self,
             const PinionStoreStaleDraft *stale)
{
  return g_hash_table_contains (self->hopeless_drafts, &stale->version);
}

void
pinion_engine_take_stale (PinionEngine *self,
                          GArray       *drafts)
{
  self->drafts_due = G_MAXINT64;
  for (guint i = 0; i < drafts->len; i++)
    {
      const PinionStoreStaleDraft *stale = &g_array_index (drafts, PinionStoreStaleDraft, i);

      if (!is_hopeless (self, stale))
        self->drafts_due = MIN (self->drafts_due, stale->changed + get_settle_seconds ());
    }
}

typedef struct
{
  PinionEngine *engine;
  gboolean hurry;
} Pass;

static void
pass_free (gpointer data)
{
  Pass *pass = data;

  pass->engine->copies_drafts = FALSE;
  g_object_unref (pass->engine);
  g_free (pass);
}

static DexFuture *
pass_fiber (gpointer data)
{
  Pass *pass = data;
  PinionEngine *self = pass->engine;
  GError *error = NULL;
  g_autoptr (GArray) drafts
      = pinion_await_boxed (pinion_store_read (self->store, list_stale, NULL, NULL), &error);

  if (drafts == NULL)
    return dex_future_new_for_error (error);

  for (guint i = 0; i < drafts->len && self->accounts != NULL; i++)
    {
      const PinionStoreStaleDraft *stale = &g_array_index (drafts, PinionStoreStaleDraft, i);
      gint64 now = g_get_real_time () / G_USEC_PER_SEC;
      g_autoptr (GError) failure = NULL;

      if (is_hopeless (self, stale) || (!pass->hurry && stale->changed + get_settle_seconds () > now)
          || copy_one (self, stale, &failure))
        continue;

      g_debug ("A draft stays here only: %s", failure->message);
      g_hash_table_add (self->hopeless_drafts, g_memdup2 (&stale->version, sizeof stale->version));
    }

  /* What was left for later has its time yet; for what was queued there is one look too many. */
  pinion_engine_take_stale (self, drafts);
  return dex_future_new_true ();
}

DexFuture *
pinion_engine_copy_drafts (PinionEngine *self,
                           gboolean      hurry)
{
  Pass *pass;

  if (self->copies_drafts)
    {
      self->drafts_hurry |= hurry;
      return dex_future_new_true ();
    }

  self->drafts_due = G_MAXINT64;
  self->drafts_hurry = FALSE;
  self->copies_drafts = TRUE;
  pass = g_new0 (Pass, 1);
  pass->engine = g_object_ref (self);
  pass->hurry = hurry;

  return pinion_fiber_spawn (NULL, 0, pass_fiber, pass, pass_free);
}

void
pinion_engine_copy_due_drafts (PinionEngine *self)
{
  if (self->drafts_hurry || g_get_real_time () / G_USEC_PER_SEC >= self->drafts_due)
    dex_future_disown (pinion_engine_copy_drafts (self, self->drafts_hurry));
}

void
pinion_engine_settle_drafts (PinionEngine *self)
{
  self->drafts_hurry = TRUE;
}

/* -- Going on ------------------------------------------------------------------------------- */

static DexFuture *
read_answered (gpointer data)
{
  Copying *copying = data;

  copying->answered_id = pinion_draft_file_dup_answered (copying->path);

  return dex_future_new_true ();
}

static DexFuture *
find_answered (PinionStoreSession *session,
               gpointer            data)
{
  Copying *copying = data;

  if (copying->answered_id != NULL)
    copying->answered
        = pinion_store_message_find (session, copying->account->id, copying->answered_id);

  return dex_future_new_true ();
}

/* A local draft that says what the other program's says, its attachments as files of this
 * computer. */
static DexFuture *
write_own (gpointer data)
{
  Copying *copying = data;
  g_autofree char *temp = pinion_store_dup_temp_path (copying->engine->store);
  g_autofree char *files = pinion_store_dup_files_path (copying->engine->store);
  GError *error = NULL;

  copying->draft = pinion_draft_file_read_foreign (copying->path, files, &error);
  if (copying->draft != NULL)
    copying->draft->reply_to_message = copying->answered;
  if (copying->draft == NULL
      || !pinion_draft_file_write_draft (copying->draft, copying->account, temp, &copying->file,
                                         &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static DexFuture *
store_own (PinionStoreSession *session,
           gpointer            data)
{
  Copying *copying = data;

  /* Looked at is not written on: it keeps its place in the list. */
  copying->file.header.date = copying->date;
  gint64 draft = pinion_store_draft_continue (session, copying->message, &copying->file.header,
                                              copying->file.raw, copying->answered);

  if (draft == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "it is not in Drafts any more");

  return dex_future_new_for_int64 (draft);
}

static DexFuture *
continue_fiber (gpointer data)
{
  Copying *copying = data;
  PinionEngine *self = copying->engine;
  GError *error = NULL;
  g_autoptr (PinionMessage) message
      = pinion_await_boxed (pinion_engine_load_message (self, copying->message), &error);

  if (message == NULL)
    return dex_future_new_for_error (error);
  if (message->local_draft)
    return dex_future_new_for_int64 (message->id);

  copying->date = message->date;

  copying->path
      = pinion_await_string (pinion_engine_get_source_path (self, copying->message), &error);
  if (copying->path == NULL)
    return dex_future_new_for_error (error);
  if (!take_account (copying, message->account))
    return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND,
                                                       PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                                       "there is no such account"));

  gint64 draft = 0;
  if (pinion_await (pinion_worker_run (self->parser, read_answered, copying, NULL), &error)
      && pinion_await (pinion_store_read (self->store, find_answered, copying, NULL), &error)
      && pinion_await (pinion_worker_run (self->parser, write_own, copying, NULL), &error))
    draft = pinion_await_int64 (pinion_store_write (self->store, store_own, copying, NULL), &error);

  return draft != 0 ? dex_future_new_for_int64 (draft) : dex_future_new_for_error (error);
}

DexFuture *
pinion_engine_continue_draft (PinionEngine *self,
                              gint64        message)
{
  Copying *copying = g_new0 (Copying, 1);

  copying->engine = g_object_ref (self);
  copying->message = message;

  return pinion_fiber_spawn (NULL, 0, continue_fiber, copying, copying_free);
}

/* -- Discarding ----------------------------------------------------------------------------- */

static DexFuture *
remove_draft (PinionStoreSession *session,
              gpointer            data)
{
  Copying *copying = data;

  pinion_store_draft_remove (session, copying->stale.draft);

  return dex_future_new_true ();
}

/* A draft that cannot be read is discarded all the same. */
static DexFuture *
discard_fiber (gpointer data)
{
  Copying *copying = data;
  PinionEngine *self = copying->engine;
  GError *error = NULL;

  if (pinion_await (pinion_store_read (self->store, find_draft, copying, NULL), NULL))
    pinion_await (pinion_worker_run (self->parser, read_draft, copying, NULL), NULL);
  if (!pinion_await (pinion_store_write (self->store, remove_draft, copying, NULL), &error))
    return dex_future_new_for_error (error);
  if (copying->draft != NULL)
    pinion_store_remove_files_of (self->store,
                                  (const char *const *) copying->draft->attachments);

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_discard_draft (PinionEngine *self,
                             gint64        draft)
{
  Copying *copying = g_new0 (Copying, 1);

  copying->engine = g_object_ref (self);
  copying->stale.draft = draft;

  return pinion_fiber_spawn (NULL, 0, discard_fiber, copying, copying_free);
}

/* -- Files of drafts ------------------------------------------------------------------------ */

static DexFuture *
list_paths (PinionStoreSession *session,
            gpointer            data)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_list (session, 0);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < drafts->len; i++)
    {
      char *path = dup_body_path (session, g_array_index (drafts, gint64, i));

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, paths);
}

typedef struct
{
  PinionEngine *engine;
  GPtrArray *paths;
  gint64 age;
} Sweep;

static void
sweep_free (gpointer data)
{
  Sweep *sweep = data;

  g_object_unref (sweep->engine);
  g_clear_pointer (&sweep->paths, g_ptr_array_unref);
  g_free (sweep);
}

static DexFuture *
sweep_files (gpointer data)
{
  Sweep *sweep = data;
  g_autoptr (GPtrArray) used = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < sweep->paths->len; i++)
    {
      g_autoptr (PinionDraft) draft
          = pinion_draft_file_read (g_ptr_array_index (sweep->paths, i), NULL, NULL);

      if (draft == NULL || draft->attachments == NULL)
        continue;
      for (guint j = 0; draft->attachments[j] != NULL; j++)
        g_ptr_array_add (used, g_strdup (draft->attachments[j]));
    }
  pinion_store_clean_files (sweep->engine->store, used, sweep->age);

  return dex_future_new_true ();
}

static DexFuture *
sweep_fiber (gpointer data)
{
  Sweep *sweep = data;
  GError *error = NULL;

  sweep->paths = pinion_await_boxed (
      pinion_store_read (sweep->engine->store, list_paths, NULL, NULL), &error);
  if (sweep->paths == NULL)
    return dex_future_new_for_error (error);

  if (!pinion_await (pinion_worker_run (sweep->engine->parser, sweep_files, sweep, NULL), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

DexFuture *
pinion_engine_sweep_draft_files (PinionEngine *self,
                                 gint64        age)
{
  Sweep *sweep = g_new0 (Sweep, 1);

  sweep->engine = g_object_ref (self);
  sweep->age = age;

  return pinion_fiber_spawn (NULL, 0, sweep_fiber, sweep, sweep_free);
}
