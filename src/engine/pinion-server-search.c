/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-server-search.h"

#include "pinion-engine-private.h"
#include "pinion-fiber.h"

/* -- The result ----------------------------------------------------------------------------- */

static void
failure_free (gpointer data)
{
  PinionServerFailure *failure = data;

  g_free (failure->label);
  g_error_free (failure->error);
  g_free (failure);
}

PinionServerFound *
pinion_server_found_ref (PinionServerFound *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
found_clear (gpointer data)
{
  g_ptr_array_unref (((PinionServerFound *) data)->failures);
}

void
pinion_server_found_unref (PinionServerFound *self)
{
  g_atomic_rc_box_release_full (self, found_clear);
}

G_DEFINE_BOXED_TYPE (PinionServerFound, pinion_server_found, pinion_server_found_ref,
                     pinion_server_found_unref)

static void
add_failure (PinionServerFound *found,
             gint64             account,
             const char        *label,
             const GError      *error)
{
  PinionServerFailure *failure = g_new0 (PinionServerFailure, 1);

  failure->account = account;
  failure->label = g_strdup (label);
  failure->error = g_error_copy (error);
  g_ptr_array_add (found->failures, failure);
}

/* -- Progress ------------------------------------------------------------------------------- */

/* Who is to be told, as long as anybody listens.  Counted: the sync tells from its own thread. */
typedef struct
{
  PinionProgressFunc func;
  gpointer user_data;
} Ear;

typedef struct
{
  Ear *ear;
  PinionSyncStatus *status;
} Told;

static void
ear_unref (gpointer data)
{
  g_atomic_rc_box_release (data);
}

static void
told_free (gpointer data)
{
  Told *told = data;

  ear_unref (told->ear);
  pinion_sync_status_free (told->status);
  g_free (told);
}

/* On the main thread, where it is also ended. */
static gboolean
on_told (gpointer data)
{
  const Told *told = data;

  if (told->ear->func != NULL && told->status->phase == PINION_SYNC_PHASE_WORKING)
    told->ear->func (told->status->label, told->status->done, told->status->total,
                     told->ear->user_data);

  return G_SOURCE_REMOVE;
}

static void
on_status (const PinionSyncStatus *status,
           gpointer                user_data)
{
  Told *told = g_new0 (Told, 1);

  told->ear = g_atomic_rc_box_acquire (user_data);
  told->status = pinion_sync_status_copy (status);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_told, told, told_free);
}

/* -- Searching ------------------------------------------------------------------------------ */

/* One account.  @cancellable: ends connecting. */
typedef struct
{
  PinionAccountItem *item;
  PinionSync *sync;
  GCancellable *cancellable;
  DexFuture *future;
} Place;

typedef struct
{
  PinionEngine *engine;
  PinionSearchQuery *query;
  guint most;
  Ear *ear;
  GDestroyNotify destroy;
  GPtrArray *places;
} Search;

/* What still runs is let go of: its connection is closed under it. */
static void
place_free (gpointer data)
{
  Place *place = data;

  if (place->sync != NULL && place->future != NULL)
    {
      g_cancellable_cancel (place->cancellable);
      pinion_sync_wake (place->sync, PINION_SYNC_WAKE_STOP | PINION_SYNC_WAKE_NETWORK);
    }
  dex_clear (&place->future);
  g_clear_object (&place->sync);
  g_object_unref (place->cancellable);
  g_object_unref (place->item);
  g_free (place);
}

static void
search_free (gpointer data)
{
  Search *search = data;

  search->ear->func = NULL;
  if (search->destroy != NULL)
    search->destroy (search->ear->user_data);
  g_ptr_array_unref (search->places);
  ear_unref (search->ear);
  pinion_search_query_unref (search->query);
  g_object_unref (search->engine);
  g_free (search);
}

static gboolean
is_bounded (PinionAccountItem *item)
{
  return pinion_account_item_get_account (item)->history != PINION_HISTORY_ALL;
}

gboolean
pinion_engine_has_more_on_server (PinionEngine *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (is_bounded (item))
        return TRUE;
    }

  return FALSE;
}

static gboolean
begin (Search  *search,
       Place   *place,
       GError **error)
{
  g_autoptr (PinionSecret) secret
      = pinion_await_boxed (pinion_account_item_find_secret (place->item), error);
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new_quiet (NULL);

  if (secret == NULL)
    return FALSE;
  if (pinion_account_item_is_refused (place->item))
    return pinion_error_set (error, PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_SIGN_IN, "the password was refused before");

  place->sync = pinion_sync_new (search->engine->store, search->engine->parser,
                                 pinion_account_item_get_account (place->item), secret, on_status,
                                 g_atomic_rc_box_acquire (search->ear), ear_unref);
  pinion_stage_sink_set_cancellable (sink, place->cancellable);
  place->future = pinion_sync_search (place->sync, search->query, search->most, sink);

  return TRUE;
}

static void
collect (PinionServerFound     *found,
         gint64                 account,
         const PinionSyncFound *part)
{
  found->accounts++;
  found->known += part->known;
  found->taken += part->taken;
  found->more |= part->more;
  for (guint i = 0; i < part->failures->len; i++)
    {
      const PinionSyncSearchFailure *failure = g_ptr_array_index (part->failures, i);

      add_failure (found, account, failure->label, failure->error);
    }
}

/* Each begins at once; they are waited for in turn. */
static DexFuture *
search_fiber (gpointer data)
{
  Search *search = data;
  g_autoptr (PinionServerFound) found = g_atomic_rc_box_new0 (PinionServerFound);

  found->failures = g_ptr_array_new_with_free_func (failure_free);
  for (guint i = 0; i < search->places->len; i++)
    {
      Place *place = g_ptr_array_index (search->places, i);
      g_autoptr (GError) error = NULL;

      if (!begin (search, place, &error))
        add_failure (found, pinion_account_item_get_id (place->item), NULL, error);
    }

  for (guint i = 0; i < search->places->len; i++)
    {
      Place *place = g_ptr_array_index (search->places, i);
      gint64 account = pinion_account_item_get_id (place->item);
      g_autoptr (GError) error = NULL;
      g_autoptr (PinionSyncFound) part = NULL;

      if (place->future == NULL)
        continue;
      part = pinion_await_boxed (dex_ref (place->future), &error);
      if (part == NULL && g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
        return dex_future_new_for_error (g_steal_pointer (&error));
      dex_clear (&place->future);
      if (part != NULL)
        collect (found, account, part);
      else
        add_failure (found, account, NULL, error);
    }

  return dex_future_new_take_boxed (PINION_TYPE_SERVER_FOUND, g_steal_pointer (&found));
}

DexFuture *
pinion_engine_search_server (PinionEngine      *self,
                             PinionSearchQuery *query,
                             guint              most,
                             PinionProgressFunc progress,
                             gpointer           user_data,
                             GDestroyNotify     destroy)
{
  Search *search = g_new0 (Search, 1);
  GListModel *accounts = G_LIST_MODEL (self->accounts);

  search->engine = g_object_ref (self);
  search->query = pinion_search_query_ref (query);
  search->most = most;
  search->ear = g_atomic_rc_box_new0 (Ear);
  search->ear->func = progress;
  search->ear->user_data = user_data;
  search->destroy = destroy;
  search->places = g_ptr_array_new_with_free_func (place_free);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) item = g_list_model_get_item (accounts, i);
      Place *place;

      if (!is_bounded (item))
        continue;
      place = g_new0 (Place, 1);
      place->item = g_object_ref (item);
      place->cancellable = g_cancellable_new ();
      g_ptr_array_add (search->places, place);
    }

  return pinion_fiber_spawn (NULL, 0, search_fiber, search, search_free);
}
