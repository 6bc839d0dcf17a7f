/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of what a search finds. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-list-private.h"

#include "pinion-fiber.h"

/* How much of what is found is shown first, and in all. */
#define SEARCH_FIRST 50
#define SEARCH_ALL 10000

/* So much of what was found before is remembered, for rows that are still here. */
#define MAX_HITS (4 * SEARCH_ALL)

/* @hits: (nullable) wait for their @turn.  Counted. */
typedef struct
{
  PinionConversationList *list;
  PinionSearchQuery *query;
  PinionSearchOrder order;
  GCancellable *cancellable;
  GArray *hits;
  DexPromise *turn;
} Finding;

static void
finding_clear (gpointer data)
{
  Finding *finding = data;

  g_object_unref (finding->list);
  pinion_search_query_unref (finding->query);
  g_object_unref (finding->cancellable);
  g_clear_pointer (&finding->hits, g_array_unref);
  dex_clear (&finding->turn);
}

static void
finding_unref (gpointer data)
{
  g_rc_box_release_full (data, finding_clear);
}

static gboolean
is_wanted (Finding *finding)
{
  return finding->list->engine != NULL && !g_cancellable_is_cancelled (finding->cancellable);
}

/* The rows of what stays may tell of another message now. */
static void
take_hits (PinionConversationList *self,
           PinionSearchQuery      *query,
           GArray                 *hits)
{
  g_autoptr (PinionListing) found = pinion_listing_new ();
  gboolean is_other = query != self->answered;

  if (g_hash_table_size (self->hits) > MAX_HITS)
    g_hash_table_remove_all (self->hits);
  for (guint i = 0; i < hits->len; i++)
    {
      const PinionStoreHit *hit = &g_array_index (hits, PinionStoreHit, i);
      const PinionStoreHit *known = g_hash_table_lookup (self->hits, &hit->thread_id);

      if (known != NULL && known->message_id != hit->message_id
          && g_hash_table_contains (self->rows, &hit->thread_id))
        pinion_conversation_list_want (self, hit->thread_id);
      PinionStoreHit *own = g_memdup2 (hit, sizeof *hit);
      g_hash_table_replace (self->hits, &own->thread_id, own);
      pinion_listing_append (found, hit->thread_id, PINION_DATE_NONE);
    }

  g_clear_pointer (&self->answered, pinion_search_query_unref);
  self->answered = pinion_search_query_ref (query);
  /* Another question's answer is another list, which is told at once and not in a thousand parts. */
  pinion_conversation_list_become (self, found, is_other ? G_MAXUINT : 0);
  if (is_other)
    pinion_conversation_list_quote_all (self);
}

static gboolean
on_turn (gpointer user_data)
{
  Finding *finding = user_data;

  if (is_wanted (finding))
    {
      take_hits (finding->list, finding->query, finding->hits);
      pinion_conversation_list_set_loading (finding->list, FALSE);
    }
  dex_promise_resolve_boolean (finding->turn, TRUE);

  return G_SOURCE_REMOVE;
}

/* The rows of what was found need a turn of the main loop to themselves, after what a key has set
 * off. */
static DexFuture *
take_in_turn (Finding *finding,
              GArray  *hits)
{
  g_clear_pointer (&finding->hits, g_array_unref);
  finding->hits = g_array_ref (hits);
  dex_clear (&finding->turn);
  finding->turn = dex_promise_new ();
  g_idle_add_full (G_PRIORITY_DEFAULT + 1, on_turn, g_rc_box_acquire (finding), finding_unref);

  return dex_ref (DEX_FUTURE (finding->turn));
}

/* Returns: whether there may be more than @limit */
static gboolean
find_some (Finding  *finding,
           guint     limit,
           GError  **error)
{
  g_autoptr (GArray) hits = pinion_await_boxed (
      pinion_store_search_find (finding->list->engine->search, finding->query,
                                (PinionStoreSearchOrder) finding->order, limit,
                                finding->cancellable),
      error);

  if (hits == NULL || !is_wanted (finding) || !pinion_await (take_in_turn (finding, hits), error))
    return FALSE;

  return is_wanted (finding) && hits->len >= limit;
}

static DexFuture *
find_fiber (gpointer data)
{
  Finding *finding = data;
  PinionConversationList *self = finding->list;
  g_autoptr (GError) error = NULL;

  if (self->engine != NULL && find_some (finding, SEARCH_FIRST, &error))
    find_some (finding, SEARCH_ALL, &error);
  if (error == NULL || pinion_error_is (error, PINION_ERROR_CANCELLED) || self->engine == NULL)
    return NULL;

  /* No index yet: "indexed" will tell. */
  g_debug ("nothing can be found now: %s", error->message);
  pinion_engine_index_soon (self->engine, 0);

  return NULL;
}

void
pinion_conversation_list_search_now (PinionConversationList *self)
{
  Finding *finding = g_rc_box_new0 (Finding);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  self->searching = g_cancellable_new ();

  finding->list = g_object_ref (self);
  finding->query = pinion_search_query_ref (self->query);
  finding->order = self->order;
  finding->cancellable = g_object_ref (self->searching);
  dex_future_disown (pinion_fiber_spawn (NULL, 0, find_fiber, finding, finding_unref));
}
