/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-draft-file.h"
#include "pinion-fiber.h"
#include "pinion-store-files.h"
#include "pinion-store-outbox.h"

/* A message being written, on its way through the parser and the store. */
typedef struct
{
  PinionEngine *engine;
  PinionDraft *draft;
  PinionAccount *account;
  PinionDraftFile file;
  PinionReplyKind kind;
  DexFiberFunc make;
  gint64 message;
  gint64 send_at;
  gint64 result;
  char *original_path;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_object_unref (writing->engine);
  g_clear_pointer (&writing->draft, pinion_draft_free);
  g_clear_pointer (&writing->account, pinion_account_free);
  pinion_draft_file_clear (&writing->file);
  g_free (writing->original_path);
  g_free (writing);
}

static Writing *
writing_new (PinionEngine      *self,
             const PinionDraft *draft)
{
  Writing *writing = g_new0 (Writing, 1);

  writing->engine = g_object_ref (self);
  writing->draft = draft != NULL ? pinion_draft_copy (draft) : NULL;

  return writing;
}

static gboolean
find_account (Writing *writing,
              gint64   id,
              GError **error)
{
  PinionAccountItem *item = pinion_engine_find_account (writing->engine, id);

  if (item == NULL)
    return pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "there is no such account");

  writing->account = pinion_account_copy (pinion_account_item_get_account (item));
  return TRUE;
}

/* -- Replies -------------------------------------------------------------------------------- */

static DexFuture *
make_reply (gpointer data)
{
  Writing *writing = data;
  GError *error = NULL;
  PinionDraft *draft = pinion_draft_file_make_reply (
      writing->original_path, writing->message, writing->kind, writing->account, &error);

  if (draft == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_DRAFT, draft);
}

/* Makes a draft of a stored message, by @writing->make on the parser's thread. */
static DexFuture *
draft_fiber (gpointer data)
{
  Writing *writing = data;
  PinionEngine *self = writing->engine;
  GError *error = NULL;
  g_autoptr (PinionMessage) message
      = pinion_await_boxed (pinion_engine_load_message (self, writing->message), &error);

  if (message == NULL || !find_account (writing, message->account, &error))
    return dex_future_new_for_error (error);

  writing->original_path
      = pinion_await_string (pinion_engine_get_source_path (self, writing->message), &error);
  if (writing->original_path == NULL)
    return dex_future_new_for_error (error);

  PinionDraft *draft
      = pinion_await_boxed (pinion_worker_run (self->parser, writing->make, writing, NULL), &error);
  if (draft == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_DRAFT, draft);
}

DexFuture *
pinion_engine_prepare_reply (PinionEngine   *self,
                             gint64          message,
                             PinionReplyKind kind)
{
  Writing *writing = writing_new (self, NULL);

  writing->message = message;
  writing->kind = kind;
  writing->make = make_reply;

  return pinion_fiber_spawn (NULL, 0, draft_fiber, writing, writing_free);
}

/* -- Drafts --------------------------------------------------------------------------------- */

static DexFuture *
parse_draft (gpointer data)
{
  Writing *writing = data;
  GError *error = NULL;
  g_autofree char *files = pinion_store_dup_files_path (writing->engine->store);
  PinionDraft *draft = pinion_draft_file_read (writing->original_path, files, &error);

  if (draft == NULL)
    return dex_future_new_for_error (error);

  draft->id = writing->message;
  draft->account = writing->account->id;
  return dex_future_new_take_boxed (PINION_TYPE_DRAFT, draft);
}

static DexFuture *
on_own_draft (DexFuture *completed,
              gpointer   user_data)
{
  Writing *writing = writing_new (user_data, NULL);

  writing->message = g_value_get_int64 (dex_future_get_value (completed, NULL));
  writing->make = parse_draft;

  return pinion_fiber_spawn (NULL, 0, draft_fiber, writing, writing_free);
}

DexFuture *
pinion_engine_load_draft (PinionEngine *self,
                          gint64        message)
{
  return dex_future_then (pinion_engine_continue_draft (self, message), on_own_draft,
                          g_object_ref (self), g_object_unref);
}

static DexFuture *
write_draft (gpointer data)
{
  Writing *writing = data;
  g_autofree char *temp = pinion_store_dup_temp_path (writing->engine->store);
  GError *error = NULL;

  if (!pinion_draft_file_write_draft (writing->draft, writing->account, temp, &writing->file,
                                      &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static DexFuture *
store_draft (PinionStoreSession *session,
             gpointer            data)
{
  Writing *writing = data;

  writing->result = pinion_store_draft_save (session, writing->account->id, writing->draft->id,
                                             &writing->file.header, writing->file.raw,
                                             writing->draft->reply_to_message);

  return dex_future_new_true ();
}

static DexFuture *
save_draft_fiber (gpointer data)
{
  Writing *writing = data;
  PinionEngine *self = writing->engine;
  GError *error = NULL;

  if (!find_account (writing, writing->draft->account, &error)
      || !pinion_await (pinion_worker_run (self->parser, write_draft, writing, NULL), &error)
      || !pinion_await (pinion_store_write (self->store, store_draft, writing, NULL), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_for_int64 (writing->result);
}

DexFuture *
pinion_engine_save_draft (PinionEngine      *self,
                          const PinionDraft *draft)
{
  return pinion_fiber_spawn (NULL, 0, save_draft_fiber, writing_new (self, draft), writing_free);
}

/* -- Sending -------------------------------------------------------------------------------- */

static DexFuture *
write_message (gpointer data)
{
  Writing *writing = data;
  g_autofree char *temp = pinion_store_dup_temp_path (writing->engine->store);
  GError *error = NULL;

  if (!pinion_draft_file_write_message (writing->draft, writing->account, writing->original_path,
                                        temp, &writing->file, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

static DexFuture *
store_outgoing (PinionStoreSession *session,
                gpointer            data)
{
  Writing *writing = data;
  g_autoptr (PinionIdentity) identity
      = pinion_account_dup_identity (writing->account, writing->draft->from);
  PinionStoreOutgoing outgoing = {
    .account_id = writing->account->id,
    .raw = writing->file.raw,
    .header = writing->file.header,
    .sender = identity->address,
    .recipients = (const char *const *) writing->file.recipients,
    .send_at = writing->send_at,
    .reply_to = writing->draft->reply_kind == PINION_FORWARD ? 0
                                                             : writing->draft->reply_to_message,
    .draft = writing->draft->id,
  };

  writing->result = pinion_store_outbox_add (session, &outgoing);

  return dex_future_new_true ();
}

/* The message that is answered or forwarded is needed for References, or to be attached. */
static gboolean
find_original (Writing *writing,
               GError **error)
{
  gint64 original = writing->draft->forwarded != 0 ? writing->draft->forwarded
                                                   : writing->draft->reply_to_message;

  if (original == 0)
    return TRUE;

  writing->original_path
      = pinion_await_string (pinion_engine_get_source_path (writing->engine, original), error);
  return writing->original_path != NULL;
}

static DexFuture *
send_fiber (gpointer data)
{
  Writing *writing = data;
  PinionEngine *self = writing->engine;
  GError *error = NULL;

  if (!find_account (writing, writing->draft->account, &error)
      || !find_original (writing, &error)
      || !pinion_await (pinion_worker_run (self->parser, write_message, writing, NULL), &error)
      || !pinion_await (pinion_store_write (self->store, store_outgoing, writing, NULL), &error))
    return dex_future_new_for_error (error);

  /* They are in the message now. */
  pinion_store_remove_files_of (self->store,
                                (const char *const *) writing->draft->attachments);

  return dex_future_new_for_int64 (writing->result);
}

DexFuture *
pinion_engine_send (PinionEngine      *self,
                    const PinionDraft *draft,
                    guint              delay)
{
  Writing *writing = writing_new (self, draft);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  writing->send_at = MAX (draft->send_at, now + delay);

  return pinion_fiber_spawn (NULL, 0, send_fiber, writing, writing_free);
}

/* -- Outbox --------------------------------------------------------------------------------- */

void
pinion_outbox_item_free (PinionOutboxItem *self)
{
  if (self == NULL)
    return;

  g_free (self->to);
  g_free (self->subject);
  g_free (self->error);
  g_free (self);
}

static PinionOutboxState
outbox_state (PinionStoreOutboxState state)
{
  switch (state)
    {
    case PINION_STORE_OUTBOX_SENDING:
      return PINION_OUTBOX_SENDING;
    case PINION_STORE_OUTBOX_SUBMITTED:
      return PINION_OUTBOX_SUBMITTED;
    case PINION_STORE_OUTBOX_FAILED:
      return PINION_OUTBOX_FAILED;
    case PINION_STORE_OUTBOX_UNCERTAIN:
      return PINION_OUTBOX_UNCERTAIN;
    case PINION_STORE_OUTBOX_QUEUED:
    default:
      return PINION_OUTBOX_QUEUED;
    }
}

static DexFuture *
read_outbox (PinionStoreSession *session,
             gpointer            data)
{
  g_autoptr (GPtrArray) rows = pinion_store_outbox_list (session, 0);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_outbox_item_free);

  for (guint i = 0; i < rows->len; i++)
    {
      const PinionStoreOutboxItem *row = g_ptr_array_index (rows, i);
      PinionOutboxItem *item = g_new0 (PinionOutboxItem, 1);

      item->id = row->id;
      item->account = row->account_id;
      item->to = g_strjoinv (", ", row->recipients);
      item->subject = g_strdup (row->subject);
      item->send_at = row->send_at;
      item->tries = row->tries;
      item->state = outbox_state (row->state);
      item->code = pinion_error_code_from_name (row->error_code);
      item->error = g_strdup (row->error_text);
      g_ptr_array_add (items, item);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, items);
}

DexFuture *
pinion_engine_load_outbox (PinionEngine *self)
{
  return pinion_store_read (self->store, read_outbox, NULL, NULL);
}

static DexFuture *
cancel_outgoing (PinionStoreSession *session,
                 gpointer            data)
{
  gint64 draft = pinion_store_outbox_cancel (session, *(gint64 *) data);

  if (draft == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND,
                               "it is no longer in the outbox, or being sent");

  return dex_future_new_for_int64 (draft);
}

DexFuture *
pinion_engine_cancel_sending (PinionEngine *self,
                              gint64        outbox)
{
  return pinion_store_write (self->store, cancel_outgoing, g_memdup2 (&outbox, sizeof outbox),
                             g_free);
}
