/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One sync that ends, for the command line. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-store-drafts.h"
#include "pinion-store-operations.h"
#include "pinion-store-outbox.h"

/* Milliseconds between looks at what another process does, and how long it is waited for. */
#define LOOK_INTERVAL 200
#define PATIENCE (10 * 60 * G_USEC_PER_SEC)
#define PATIENCE_WATCHED (60 * G_USEC_PER_SEC)

typedef struct
{
  PinionEngine *engine;
  PinionWork work;
  PinionProgressFunc progress;
  gpointer user_data;
  gint64 messages;
  gboolean has_stale;
} Once;

/* One account of it. */
typedef struct
{
  PinionAccountItem *item;
  Once *once;
} Part;

typedef struct
{
  gint64 account;
  gint64 now;
  guint pending;
} Pending;

static PinionSyncWork
sync_work (PinionWork work)
{
  switch (work)
    {
    case PINION_WORK_JOURNAL:
      return PINION_SYNC_WORK_JOURNAL;
    case PINION_WORK_HEADERS:
      return PINION_SYNC_WORK_HEADERS;
    case PINION_WORK_ALL:
    default:
      return PINION_SYNC_WORK_ALL;
    }
}

static void
part_free (gpointer data)
{
  Part *part = data;

  g_object_unref (part->item);
  g_free (part);
}

static void
once_free (gpointer data)
{
  Once *once = data;

  g_object_unref (once->engine);
  g_free (once);
}

static DexFuture *
count_pending (PinionStoreSession *session,
               gpointer            data)
{
  Pending *pending = data;

  pending->pending = pinion_store_operations_count (session, pending->account);
  if (pinion_store_outbox_next_due (session, pending->account) <= pending->now
      || pinion_store_outbox_is_sending (session, pending->account))
    pending->pending++;

  return dex_future_new_true ();
}

/* Another process keeps this account in sync for good: it does what is pending. */
static DexFuture *
await_watcher (PinionEngine *self,
               gint64        account,
               GError       *busy)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_WATCHED;
  Pending pending = { .account = account };
  GError *error = NULL;

  do
    {
      pending.now = g_get_real_time () / G_USEC_PER_SEC;
      if (!pinion_await (pinion_store_read (self->store, count_pending, &pending, NULL), &error))
        {
          g_error_free (busy);
          return dex_future_new_for_error (error);
        }
      if (pending.pending == 0)
        {
          g_error_free (busy);
          return dex_future_new_take_boxed (PINION_TYPE_SYNC_COUNTS,
                                            g_new0 (PinionSyncCounts, 1));
        }
      pinion_await (dex_timeout_new_msec (LOOK_INTERVAL), NULL);
    }
  while (g_get_monotonic_time () < deadline);

  return dex_future_new_for_error (busy);
}

static DexFuture *
part_fiber (gpointer data)
{
  Part *part = data;
  Once *once = part->once;
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  for (;;)
    {
      GError *error = NULL;
      PinionSyncCounts *counts = pinion_await_boxed (
          pinion_account_item_run_once (part->item, sync_work (once->work), once->progress,
                                        once->user_data),
          &error);

      if (counts != NULL)
        return dex_future_new_take_boxed (PINION_TYPE_SYNC_COUNTS, counts);
      if (!pinion_error_is (error, PINION_ERROR_BUSY) || g_get_monotonic_time () >= deadline)
        return dex_future_new_for_error (error);
      if (g_strcmp0 (pinion_error_get_detail (error, "watched"), "yes") == 0)
        return await_watcher (once->engine, pinion_account_item_get_id (part->item), error);

      g_error_free (error);
      pinion_await (dex_timeout_new_msec (LOOK_INTERVAL), NULL);
    }
}

static DexFuture *
begin_part (Once              *once,
            PinionAccountItem *item)
{
  Part *part = g_new0 (Part, 1);

  part->item = g_object_ref (item);
  part->once = once;

  return pinion_fiber_spawn (NULL, 0, part_fiber, part, part_free);
}

static DexFuture *
count_messages (PinionStoreSession *session,
                gpointer            data)
{
  Once *once = data;
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      PinionStoreProgress progress = { 0 };

      pinion_store_get_progress (session, account->id, &progress);
      once->messages += progress.messages;
    }

  return dex_future_new_true ();
}

static GError *
await_parts (GPtrArray *parts,
             guint     *new_messages)
{
  GError *first = NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autofree PinionSyncCounts *counts
          = pinion_await_boxed (dex_ref (g_ptr_array_index (parts, i)), &failure);

      if (counts != NULL)
        *new_messages += counts->new_messages;
      else if (first == NULL)
        first = g_steal_pointer (&failure);
    }

  return first;
}

static GError *
run_parts (Once  *once,
           guint *new_messages)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (dex_unref);
  GListModel *model = G_LIST_MODEL (once->engine->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (model, i);
      g_ptr_array_add (parts, begin_part (once, item));
    }

  return await_parts (parts, new_messages);
}

static DexFuture *
find_stale (PinionStoreSession *session,
            gpointer            data)
{
  Once *once = data;
  g_autoptr (GArray) drafts = pinion_store_drafts_stale (session);

  once->has_stale = FALSE;
  for (guint i = 0; i < drafts->len; i++)
    {
      const PinionStoreStaleDraft *stale = &g_array_index (drafts, PinionStoreStaleDraft, i);

      if (!g_hash_table_contains (once->engine->hopeless_drafts, &stale->version))
        once->has_stale = TRUE;
    }

  return dex_future_new_true ();
}

/* A draft that was changed while its copy was on its way when all ended gets the next one only when it is
 * known what became of that. */
static GError *
copy_again (Once  *once,
            guint *new_messages)
{
  PinionEngine *self = once->engine;
  GError *error = NULL;

  if (!pinion_await (pinion_store_read (self->store, find_stale, once, NULL), &error)
      || (once->has_stale && !pinion_await (pinion_engine_copy_drafts (self, TRUE), &error)))
    return error;

  return once->has_stale ? run_parts (once, new_messages) : NULL;
}

static DexFuture *
once_fiber (gpointer data)
{
  Once *once = data;
  PinionEngine *self = once->engine;
  PinionSyncResult result = { 0 };
  gint64 began = g_get_monotonic_time ();
  GError *error = NULL;

  if (!pinion_await (pinion_engine_copy_drafts (self, TRUE), &error))
    return dex_future_new_for_error (error);

  error = run_parts (once, &result.new_messages);
  if (error == NULL)
    error = copy_again (once, &result.new_messages);
  if (error != NULL
      || !pinion_await (pinion_store_read (self->store, count_messages, once, NULL), &error))
    return dex_future_new_for_error (error);

  result.messages = (guint) once->messages;
  result.seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  return dex_future_new_take_boxed (PINION_TYPE_SYNC_RESULT, g_memdup2 (&result, sizeof result));
}

DexFuture *
pinion_engine_sync_once (PinionEngine      *self,
                         PinionWork         work,
                         PinionProgressFunc progress,
                         gpointer           user_data)
{
  Once *once = g_new0 (Once, 1);

  once->engine = g_object_ref (self);
  once->work = work;
  once->progress = progress;
  once->user_data = user_data;

  return pinion_fiber_spawn (NULL, 0, once_fiber, once, once_free);
}
