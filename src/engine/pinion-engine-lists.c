/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages of conversations and what is pending, as plain lists. */

#include "pinion-conversation-private.h"
#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-operations.h"

G_DEFINE_BOXED_TYPE (PinionPage, pinion_page, pinion_page_copy, pinion_page_free)

PinionPage *
pinion_page_copy (const PinionPage *self)
{
  PinionPage *copy = g_new0 (PinionPage, 1);

  copy->conversations = g_ptr_array_ref (self->conversations);
  copy->cursors = g_strdupv (self->cursors);

  return copy;
}

void
pinion_page_free (PinionPage *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->conversations);
  g_strfreev (self->cursors);
  g_free (self);
}

typedef struct
{
  PinionStoreView view;
  PinionStoreCursor before;
  gboolean has_before;
  guint limit;
} PageRequest;

static gboolean
parse_cursor (const char        *text,
              PinionStoreCursor *cursor)
{
  char *end = NULL;

  cursor->date = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end != '.')
    return FALSE;

  const char *second = end + 1;
  cursor->thread_id = g_ascii_strtoll (second, &end, 10);
  return end != second && *end == '\0';
}

static DexFuture *
read_page (PinionStoreSession *session,
           gpointer            data)
{
  PageRequest *request = data;
  g_autoptr (GArray) places = pinion_store_view_page (
      session, request->view, request->has_before ? &request->before : NULL, request->limit);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GStrvBuilder) cursors = g_strv_builder_new ();
  PinionPage *page = g_new0 (PinionPage, 1);

  for (guint i = 0; i < places->len; i++)
    g_array_append_val (ids, g_array_index (places, PinionStoreCursor, i).thread_id);

  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (
      session, request->view, (const gint64 *) ids->data, ids->len);

  page->conversations = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      const PinionStoreCursor *place = &g_array_index (places, PinionStoreCursor, i);
      PinionStoreConversation *row = g_ptr_array_index (rows, i);

      if (row == NULL)
        continue;

      PinionConversation *conversation = pinion_conversation_new (place->thread_id);
      pinion_conversation_set_row (conversation, row);
      g_ptr_array_add (page->conversations, conversation);
      g_strv_builder_take (cursors, g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                                                     place->date, place->thread_id));
    }
  page->cursors = g_strv_builder_end (cursors);

  return dex_future_new_take_boxed (PINION_TYPE_PAGE, page);
}

DexFuture *
pinion_engine_load_page (PinionEngine     *self,
                         const PinionView *view,
                         const char       *cursor,
                         guint             limit)
{
  PageRequest *request = g_new0 (PageRequest, 1);

  request->view = pinion_view_to_store (view);
  request->limit = limit;
  request->has_before = cursor != NULL;
  if (cursor != NULL && !parse_cursor (cursor, &request->before))
    {
      g_free (request);
      return dex_future_new_for_error (pinion_error_new (PINION_ERROR_INVALID_ARGUMENT,
                                                         PINION_PROTOCOL_NONE,
                                                         PINION_STAGE_NONE,
                                                         "this is no cursor"));
    }

  return pinion_store_read (self->store, read_page, request, g_free);
}

/* -- What is pending ------------------------------------------------------------------------ */

void
pinion_pending_free (PinionPending *self)
{
  if (self == NULL)
    return;

  g_free (self->kind);
  g_free (self->subject);
  g_free (self->from);
  g_free (self->to);
  g_free (self->error);
  g_free (self);
}

static char *
dup_path (PinionStoreSession *session,
          gint64              folder_id)
{
  g_autoptr (PinionStoreFolder) folder
      = folder_id != 0 ? pinion_store_folder_get (session, folder_id) : NULL;

  return folder != NULL ? g_strdup (folder->path) : NULL;
}

static PinionPending *
make_pending (PinionStoreSession         *session,
              const PinionStoreOperation *operation)
{
  PinionPending *item = g_new0 (PinionPending, 1);

  item->id = operation->id;
  item->account = operation->account_id;
  item->message = operation->message_id;
  item->kind = g_strdup (pinion_store_operation_kind_to_string (operation->kind));
  item->subject = g_strdup (operation->subject);
  item->from = dup_path (session, operation->from_folder);
  item->to = pinion_store_operation_kind_is_of_folder (operation->kind)
                 ? g_strdup (operation->path)
                 : dup_path (session, operation->to_folder);
  item->tries = operation->tries;
  item->failed = operation->state == PINION_STORE_OPERATION_FAILED;
  item->code = pinion_error_code_from_name (operation->error_code);
  item->error = g_strdup (operation->error_text);

  return item;
}

static DexFuture *
read_pending (PinionStoreSession *session,
              gpointer            data)
{
  g_autoptr (GPtrArray) operations = pinion_store_operations_list (session, 0);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_pending_free);

  for (guint i = 0; i < operations->len; i++)
    g_ptr_array_add (items, make_pending (session, g_ptr_array_index (operations, i)));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, items);
}

DexFuture *
pinion_engine_load_pending (PinionEngine *self)
{
  return pinion_store_read (self->store, read_pending, NULL, NULL);
}

static DexFuture *
take_refused (PinionStoreSession *session,
              gpointer            data)
{
  g_autoptr (GPtrArray) operations = pinion_store_operations_list (session, 0);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_pending_free);

  for (guint i = 0; i < operations->len; i++)
    {
      const PinionStoreOperation *operation = g_ptr_array_index (operations, i);

      if (operation->state != PINION_STORE_OPERATION_FAILED)
        continue;
      g_ptr_array_add (items, make_pending (session, operation));
      pinion_store_operation_forget (session, operation->id);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, items);
}

static DexFuture *
take_refused_fiber (gpointer data)
{
  PinionEngine *self = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) pending = pinion_await_boxed (pinion_engine_load_pending (self), &error);
  gboolean any = FALSE;

  if (pending == NULL)
    return dex_future_new_for_error (error);

  /* Nearly always there is none, and nothing to write. */
  for (guint i = 0; i < pending->len && !any; i++)
    any = ((const PinionPending *) g_ptr_array_index (pending, i))->failed;
  if (any)
    return pinion_store_write (self->store, take_refused, NULL, NULL);

  g_ptr_array_set_size (pending, 0);
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&pending));
}

DexFuture *
pinion_engine_take_refused (PinionEngine *self)
{
  return pinion_fiber_spawn (NULL, 0, take_refused_fiber, g_object_ref (self), g_object_unref);
}
