/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-html.h"
#include "pinion-mime-message.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The whole header, as far as anybody can read it. */
#define HEADER_MAX (1024 * 1024)

/* Conversations longer than this show their newest messages' own recipients only. */
#define PARSED_AT_ONCE 200

#define PICTURE_MAX (32 * 1024 * 1024)

/* Seconds a person waits for a body before being told. */
#define BODY_PATIENCE 60

/* -- Messages ------------------------------------------------------------------------------- */

static void
add_addresses (GPtrArray *to,
               GPtrArray *from)
{
  g_ptr_array_set_size (to, 0);
  for (guint i = 0; i < from->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (from, i);
      g_ptr_array_add (to, pinion_address_new (address->name, address->address));
    }
}

static PinionBodyState
body_state (const PinionStoreMessage *row)
{
  if (row->poison)
    return PINION_BODY_BROKEN;

  switch (row->body_state)
    {
    case PINION_STORE_BODY_HERE:
      return PINION_BODY_HERE;
    case PINION_STORE_BODY_UNAVAILABLE:
      return PINION_BODY_UNAVAILABLE;
    case PINION_STORE_BODY_WANTED:
    default:
      return PINION_BODY_MISSING;
    }
}

static PinionMessage *
message_of_row (const PinionStoreMessage *row)
{
  PinionMessage *message = pinion_message_new ();

  message->id = row->id;
  message->conversation = row->thread_id;
  message->account = row->account_id;
  message->subject = g_strdup (row->subject != NULL ? row->subject : "");
  message->snippet = g_strdup (row->snippet != NULL ? row->snippet : "");
  message->date = row->date;
  message->size = row->size;
  message->unread = !row->seen;
  message->starred = row->flagged;
  message->answered = row->answered;
  message->local_draft = row->local_draft;
  message->outgoing = row->outbox != 0;
  message->has_attachments = row->has_attachments;
  message->body = body_state (row);
  g_array_append_vals (message->labels, row->folders->data, row->folders->len);
  g_ptr_array_add (message->from, pinion_address_new (row->from_name, row->from_address));
  if (row->to != NULL && *row->to != '\0')
    g_ptr_array_add (message->to, pinion_address_new (row->to, NULL));

  return message;
}

static GBytes *
read_header (const char *path)
{
  g_autofree char *buffer = g_malloc (HEADER_MAX);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gsize length = 0;

  while (fd >= 0 && length < HEADER_MAX)
    {
      gsize scanned = length > 3 ? length - 3 : 0;
      gssize n = read (fd, buffer + length, MIN (16384, HEADER_MAX - length));

      if (n <= 0)
        break;
      length += (gsize) n;
      if (memmem (buffer + scanned, length - scanned, "\r\n\r\n", 4) != NULL
          || memmem (buffer + scanned, length - scanned, "\n\n", 2) != NULL)
        break;
    }
  if (fd >= 0)
    close (fd);

  return g_bytes_new (buffer, length);
}

/* The people of a message in full, where its file is here. On the parser's thread. */
static void
complete_people (PinionMessage            *message,
                 const PinionStoreMessage *row)
{
  if (row->body_path == NULL || row->poison)
    return;

  g_autoptr (GBytes) header = read_header (row->body_path);
  if (g_bytes_get_size (header) == 0)
    return;

  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_headers (header);
  if (mime->from->len > 0)
    add_addresses (message->from, mime->from);
  add_addresses (message->reply_to, mime->reply_to);
  if (mime->to->len > 0)
    add_addresses (message->to, mime->to);
  add_addresses (message->cc, mime->cc);
  add_addresses (message->bcc, mime->bcc);
}

typedef struct
{
  PinionEngine *engine;
  gint64 id;
  PinionStoreView view;
  GPtrArray *rows;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->engine);
  g_clear_pointer (&reading->rows, g_ptr_array_unref);
  g_free (reading);
}

static Reading *
reading_new (PinionEngine *self,
             gint64        id)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->engine = g_object_ref (self);
  reading->id = id;

  return reading;
}

static DexFuture *
read_thread (PinionStoreSession *session,
             gpointer            data)
{
  Reading *reading = data;

  reading->rows = pinion_store_thread_list (session, reading->view, reading->id);

  return dex_future_new_true ();
}

static DexFuture *
read_message (PinionStoreSession *session,
              gpointer            data)
{
  Reading *reading = data;
  PinionStoreMessage *row = pinion_store_message_get (session, reading->id);

  reading->rows
      = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_message_unref);
  if (row != NULL)
    g_ptr_array_add (reading->rows, row);

  return dex_future_new_true ();
}

static DexFuture *
make_messages (gpointer data)
{
  Reading *reading = data;
  GPtrArray *messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_message_unref);

  for (guint i = 0; i < reading->rows->len; i++)
    {
      const PinionStoreMessage *row = g_ptr_array_index (reading->rows, i);
      PinionMessage *message = message_of_row (row);

      if (reading->rows->len - i <= PARSED_AT_ONCE)
        complete_people (message, row);
      g_ptr_array_add (messages, message);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, messages);
}

/* What can be written on: another program's drafts, too. */
static void
note_drafts (PinionEngine *self,
             GPtrArray    *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      PinionMessage *message = g_ptr_array_index (messages, i);

      message->draft = message->local_draft;
      for (guint j = 0; j < message->labels->len; j++)
        {
          PinionLabel *label
              = pinion_engine_find_label (self, g_array_index (message->labels, gint64, j));

          message->draft |= label != NULL && pinion_label_get_role (label) == PINION_ROLE_DRAFTS;
        }
    }
}

static DexFuture *
not_found (void)
{
  return dex_future_new_for_error (pinion_error_new (PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE,
                                                     PINION_STAGE_NONE,
                                                     "there is no such message"));
}

/* In Trash and Junk the conversation is what lies there; everywhere else the rest of it. */
static DexFuture *
conversation_fiber (gpointer data)
{
  Reading *reading = data;
  GError *error = NULL;

  if (!pinion_await (pinion_store_read (reading->engine->store, read_thread, reading, NULL),
                     &error))
    return dex_future_new_for_error (error);

  GPtrArray *messages = pinion_await_boxed (
      pinion_worker_run (reading->engine->parser, make_messages, reading, NULL), &error);
  if (messages == NULL)
    return dex_future_new_for_error (error);

  note_drafts (reading->engine, messages);
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, messages);
}

DexFuture *
pinion_engine_load_conversation (PinionEngine     *self,
                                 gint64            conversation,
                                 const PinionView *view)
{
  Reading *reading = reading_new (self, conversation);

  reading->view = view != NULL ? pinion_view_to_store (view)
                               : (PinionStoreView){ PINION_STORE_VIEW_ALL, 0 };

  return pinion_fiber_spawn (NULL, 0, conversation_fiber, reading, reading_free);
}

static DexFuture *
message_fiber (gpointer data)
{
  Reading *reading = data;
  GError *error = NULL;

  if (!pinion_await (pinion_store_read (reading->engine->store, read_message, reading, NULL),
                     &error))
    return dex_future_new_for_error (error);
  if (reading->rows->len == 0)
    return not_found ();

  g_autoptr (GPtrArray) messages = pinion_await_boxed (
      pinion_worker_run (reading->engine->parser, make_messages, reading, NULL), &error);
  if (messages == NULL)
    return dex_future_new_for_error (error);

  note_drafts (reading->engine, messages);
  return dex_future_new_take_boxed (PINION_TYPE_MESSAGE,
                                    pinion_message_ref (g_ptr_array_index (messages, 0)));
}

DexFuture *
pinion_engine_load_message (PinionEngine *self,
                            gint64        message)
{
  return pinion_fiber_spawn (NULL, 0, message_fiber, reading_new (self, message), reading_free);
}

/* -- The raw file --------------------------------------------------------------------------- */

static void
on_message_changed (PinionEngine *engine,
                    gint64        id,
                    DexPromise   *promise)
{
  if (dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_resolve_int64 (promise, id);
}

static void
release_promise (gpointer  data,
                 GClosure *closure)
{
  dex_unref (data);
}

/* Listens for any message to change. */
typedef struct
{
  PinionEngine *engine;
  DexPromise *promise;
  gulong handler;
} Ear;

/* Before the row is looked at: what changes after that is heard. */
static Ear
ear_open (PinionEngine *engine)
{
  Ear ear = { .engine = engine, .promise = dex_promise_new () };

  ear.handler = g_signal_connect_data (engine, "message-changed", G_CALLBACK (on_message_changed),
                                       dex_ref (ear.promise), release_promise, 0);

  return ear;
}

static void
ear_clear (Ear *ear)
{
  g_signal_handler_disconnect (ear->engine, ear->handler);
  dex_unref (ear->promise);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ear, ear_clear)

/* At most until @deadline. */
static void
ear_await (const Ear *ear,
           gint64     deadline)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;

  pinion_await (dex_future_first (dex_ref (ear->promise),
                                  dex_timeout_new_msec ((int) MAX (left, 1)), NULL),
                NULL);
}

static DexFuture *
forget_body (PinionStoreSession *session,
             gpointer            data)
{
  Reading *reading = data;

  pinion_store_body_forget (session, reading->id);

  return dex_future_new_true ();
}

/* Has the sync fetch it; where none is running, one that ends by itself. */
static gboolean
want_body (Reading                  *reading,
           const PinionStoreMessage *row,
           GError                  **error)
{
  PinionAccountItem *item = pinion_engine_find_account (reading->engine, row->account_id);

  if (item == NULL)
    return pinion_error_set (error, PINION_ERROR_MESSAGE_UNAVAILABLE, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_NONE, "the account is gone");

  PinionSync *sync = pinion_account_item_get_sync (item);
  if (sync != NULL)
    {
      pinion_sync_want_body (sync, reading->id);
      return TRUE;
    }

  return pinion_await (pinion_account_item_fetch_body (item, reading->id), error);
}

static gboolean
read_row (Reading *reading,
          GError **error)
{
  g_clear_pointer (&reading->rows, g_ptr_array_unref);
  if (!pinion_await (pinion_store_read (reading->engine->store, read_message, reading, NULL),
                     error))
    return FALSE;

  if (reading->rows->len == 0)
    return pinion_error_set (error, PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "there is no such message");

  return TRUE;
}

/* On the parser's thread: looks at the file. */
static DexFuture *
check_file (gpointer data)
{
  return dex_future_new_for_boolean (pinion_store_body_is_whole (data));
}

static gboolean
is_whole (Reading            *reading,
          PinionStoreMessage *row)
{
  return pinion_await_boolean (pinion_worker_run (reading->engine->parser, check_file,
                                                  pinion_store_message_ref (row),
                                                  (GDestroyNotify) pinion_store_message_unref),
                               NULL);
}

/* Waits until the raw file of the message is here; @reading->rows has its row then. */
static gboolean
await_body (Reading *reading,
            GError **error)
{
  gint64 deadline = g_get_monotonic_time () + BODY_PATIENCE * G_USEC_PER_SEC;
  gboolean asked = FALSE;

  for (;;)
    {
      g_auto (Ear) ear = ear_open (reading->engine);

      if (!read_row (reading, error))
        return FALSE;

      PinionStoreMessage *row = g_ptr_array_index (reading->rows, 0);
      if (row->body_state == PINION_STORE_BODY_HERE && is_whole (reading, row))
        return TRUE;

      if (!asked)
        {
          asked = TRUE;
          if (row->body_state != PINION_STORE_BODY_WANTED
              && !pinion_await (pinion_store_write (reading->engine->store, forget_body, reading,
                                                    NULL),
                                error))
            return FALSE;
          if (!want_body (reading, row, error))
            return FALSE;
          continue;
        }

      if (row->body_state == PINION_STORE_BODY_UNAVAILABLE
          || g_get_monotonic_time () >= deadline)
        return pinion_error_set (error, PINION_ERROR_MESSAGE_UNAVAILABLE, PINION_PROTOCOL_IMAP,
                                 PINION_STAGE_NONE, "the server did not hand out the message");

      ear_await (&ear, deadline);
    }
}

static DexFuture *
source_fiber (gpointer data)
{
  Reading *reading = data;
  GError *error = NULL;

  if (!await_body (reading, &error))
    return dex_future_new_for_error (error);

  const PinionStoreMessage *row = g_ptr_array_index (reading->rows, 0);
  return dex_future_new_take_string (g_strdup (row->body_path));
}

DexFuture *
pinion_engine_get_source_path (PinionEngine *self,
                               gint64        message)
{
  return pinion_fiber_spawn (NULL, 0, source_fiber, reading_new (self, message), reading_free);
}

/* -- Bodies --------------------------------------------------------------------------------- */

/* A job for the parser.  Counted by the worker alone: nobody else looks at it while it runs. */
typedef struct
{
  gint64 message;
  char *path;
  char *part;
  char *target;
  PinionBodyFlags flags;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_free (job->part);
  g_free (job->target);
  g_free (job);
}

static void
add_attachments (PinionBody        *body,
                 PinionMimeMessage *mime)
{
  for (guint i = 0; i < mime->parts->len; i++)
    {
      const PinionMimePart *part = g_ptr_array_index (mime->parts, i);
      PinionAttachment *attachment = g_new0 (PinionAttachment, 1);

      attachment->part = g_strdup (part->id);
      attachment->file_name = g_strdup (part->file_name);
      attachment->content_type = g_strdup (part->content_type);
      attachment->content_id = g_strdup (part->content_id);
      attachment->size = part->size;
      attachment->is_attachment = part->is_attachment;
      g_ptr_array_add (body->attachments, attachment);
    }
}

static DexFuture *
make_body (gpointer data)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (job->path, &error);

  if (mime == NULL)
    return dex_future_new_for_error (error);

  g_auto (GStrv) content_ids = pinion_mime_message_dup_content_ids (mime);
  g_autofree char *html = pinion_mime_message_dup_html (mime);
  g_autofree char *display = pinion_mime_message_dup_display_html (mime);
  PinionHtmlReport report = { 0 };
  PinionHtmlOptions options = {
    .dark = (job->flags & PINION_BODY_DARK) != 0,
    .allow_remote_images = (job->flags & PINION_BODY_REMOTE_PICTURES) != 0,
    .content_ids = (const char *const *) content_ids,
    .fold_quotes = TRUE,
  };
  PinionBody *body = pinion_body_new ();

  body->message = job->message;
  body->is_plain = html == NULL;
  body->html = pinion_html_make_safe (display, &options, &report);
  body->text = pinion_mime_message_dup_text (mime);
  body->remote_pictures = options.allow_remote_images ? 0 : report.remote_images;
  if (mime->list_unsubscribe != NULL)
    body->list_unsubscribe = g_strdup (mime->list_unsubscribe[0]);
  add_attachments (body, mime);

  return dex_future_new_take_boxed (PINION_TYPE_BODY, body);
}

static DexFuture *
mark_opening (PinionStoreSession *session,
              gpointer            data)
{
  pinion_store_message_opening (session, *(gint64 *) data);

  return dex_future_new_true ();
}

static DexFuture *
mark_opened (PinionStoreSession *session,
             gpointer            data)
{
  pinion_store_message_opened (session, *(gint64 *) data);

  return dex_future_new_true ();
}

typedef struct
{
  Reading *reading;
  PinionBodyFlags flags;
} BodyRequest;

static void
body_request_free (gpointer data)
{
  BodyRequest *request = data;

  reading_free (request->reading);
  g_free (request);
}

static Job *
job_new (Reading *reading)
{
  const PinionStoreMessage *row = g_ptr_array_index (reading->rows, 0);
  Job *job = g_new0 (Job, 1);

  job->message = reading->id;
  job->path = g_strdup (row->body_path);

  return job;
}

/* The mark before and after is what keeps a message that kills the program from doing so twice. */
static DexFuture *
body_fiber (gpointer data)
{
  BodyRequest *request = data;
  Reading *reading = request->reading;
  PinionStore *store = reading->engine->store;
  GError *error = NULL;

  if (!await_body (reading, &error))
    return dex_future_new_for_error (error);

  const PinionStoreMessage *row = g_ptr_array_index (reading->rows, 0);
  if (row->poison && (request->flags & PINION_BODY_EVEN_IF_BROKEN) == 0)
    return dex_future_new_for_error (
        pinion_error_new (PINION_ERROR_MESSAGE_UNAVAILABLE, PINION_PROTOCOL_NONE,
                          PINION_STAGE_NONE, "this message made Pinion fail once"));

  Job *job = job_new (reading);
  job->flags = request->flags;
  if (!pinion_await (pinion_store_write (store, mark_opening,
                                         g_memdup2 (&reading->id, sizeof reading->id), g_free),
                     &error))
    {
      job_free (job);
      return dex_future_new_for_error (error);
    }

  PinionBody *body = pinion_await_boxed (
      pinion_worker_run (reading->engine->parser, make_body, job, job_free), &error);
  pinion_await (pinion_store_write (store, mark_opened,
                                    g_memdup2 (&reading->id, sizeof reading->id), g_free),
                NULL);
  if (body == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_BODY, body);
}

DexFuture *
pinion_engine_load_body (PinionEngine   *self,
                         gint64          message,
                         PinionBodyFlags flags)
{
  BodyRequest *request = g_new0 (BodyRequest, 1);

  request->reading = reading_new (self, message);
  request->flags = flags;

  return pinion_fiber_spawn (NULL, 0, body_fiber, request, body_request_free);
}

/* -- Parts ---------------------------------------------------------------------------------- */

static gboolean
is_picture (GBytes *bytes)
{
  static const struct
  {
    const char *magic;
    gsize length;
  } kinds[] = {
    { "\x89PNG\r\n\x1a\n", 8 }, { "\xff\xd8\xff", 3 }, { "GIF87a", 6 },
    { "GIF89a", 6 },            { "BM", 2 },           { "\0\0\1\0", 4 },
  };
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (length >= kinds[i].length && memcmp (data, kinds[i].magic, kinds[i].length) == 0)
        return TRUE;
    }

  return length >= 12
         && ((memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
             || memcmp (data + 4, "ftypavif", 8) == 0);
}

static DexFuture *
take_picture (gpointer data)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (job->path, &error);

  if (mime == NULL)
    return dex_future_new_for_error (error);

  const PinionMimePart *part = pinion_mime_message_find_content_id (mime, job->part);
  if (part == NULL)
    return not_found ();

  g_autoptr (GBytes) bytes
      = pinion_mime_message_dup_part_bytes (mime, part->id, PICTURE_MAX, &error);
  if (bytes == NULL)
    return dex_future_new_for_error (error);
  if (!is_picture (bytes))
    return not_found ();

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_steal_pointer (&bytes));
}

static DexFuture *
save_part (gpointer data)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (PinionMimeMessage) mime = pinion_mime_message_parse_file (job->path, &error);

  if (mime == NULL)
    return dex_future_new_for_error (error);
  if (!pinion_mime_message_save_part (mime, job->part, job->target, &error))
    return dex_future_new_for_error (pinion_error_adopt_saving (error));

  return dex_future_new_true ();
}

typedef struct
{
  Reading *reading;
  DexFiberFunc func;
  char *part;
  char *target;
} PartRequest;

static void
part_request_free (gpointer data)
{
  PartRequest *request = data;

  reading_free (request->reading);
  g_free (request->part);
  g_free (request->target);
  g_free (request);
}

static DexFuture *
part_fiber (gpointer data)
{
  PartRequest *request = data;
  GError *error = NULL;

  if (!await_body (request->reading, &error))
    return dex_future_new_for_error (error);

  Job *job = job_new (request->reading);
  job->part = g_strdup (request->part);
  job->target = g_strdup (request->target);

  return pinion_worker_run (request->reading->engine->parser, request->func, job, job_free);
}

static DexFuture *
request_part (PinionEngine *self,
              gint64        message,
              DexFiberFunc  func,
              const char   *part,
              const char   *target)
{
  PartRequest *request = g_new0 (PartRequest, 1);

  request->reading = reading_new (self, message);
  request->func = func;
  request->part = g_strdup (part);
  request->target = g_strdup (target);

  return pinion_fiber_spawn (NULL, 0, part_fiber, request, part_request_free);
}

DexFuture *
pinion_engine_load_picture (PinionEngine *self,
                            gint64        message,
                            const char   *content_id)
{
  return request_part (self, message, take_picture, content_id, NULL);
}

DexFuture *
pinion_engine_save_part (PinionEngine *self,
                         gint64        message,
                         const char   *part,
                         const char   *path)
{
  return request_part (self, message, save_part, part, path);
}
