/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-private.h"
#include "pinion-engine-private.h"
#include "pinion-fiber.h"
#include "pinion-search.h"

/* Twice what a list view keeps around its viewport. */
#define CACHE_SIZE 512

/* Milliseconds in which changes are gathered before the list is read anew. */
#define REFRESH_DELAY 30

/* The same for what a search found; and how much of it is shown first, and in all. */
#define SEARCH_DELAY 700
#define SEARCH_FIRST 50
#define SEARCH_ALL 10000

/* So much of what was found before is remembered, for rows that are still here. */
#define MAX_HITS (4 * SEARCH_ALL)

struct _PinionConversationList
{
  GObject parent_instance;

  PinionEngine *engine;
  PinionView view;
  GArray *ids;
  GHashTable *rows;
  GQueue recent;
  GHashTable *wanted;
  guint load_source;
  guint refresh_source;
  gulong changed_handler;
  gboolean loading;
  gboolean refreshing;
  gboolean refresh_again;

  /* Of a search: @query is NULL otherwise.  @hits: PinionStoreHit by conversation. */
  PinionSearchQuery *query;
  PinionSearchOrder order;
  GCancellable *searching;
  GHashTable *hits;
  gulong indexed_handler;
};

enum
{
  PROP_0,
  PROP_LOADING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
conversation_list_get_item_type (GListModel *model)
{
  return PINION_TYPE_CONVERSATION;
}

static guint
conversation_list_get_n_items (GListModel *model)
{
  return PINION_CONVERSATION_LIST (model)->ids->len;
}

/* -- Rows ----------------------------------------------------------------------------------- */

typedef struct
{
  PinionConversationList *list;
  PinionStoreView view;
  GArray *ids;
  GArray *hits;
  GPtrArray *rows;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->list);
  g_array_unref (load->ids);
  g_clear_pointer (&load->hits, g_array_unref);
  g_clear_pointer (&load->rows, g_ptr_array_unref);
  g_free (load);
}

static DexFuture *
read_rows (PinionStoreSession *session,
           gpointer            data)
{
  Load *load = data;

  if (load->hits != NULL)
    return dex_future_new_take_boxed (
        G_TYPE_PTR_ARRAY,
        pinion_store_conversations_get_hits (session, (PinionStoreHit *) load->hits->data,
                                             load->hits->len));

  return dex_future_new_take_boxed (
      G_TYPE_PTR_ARRAY, pinion_store_conversations_get (session, load->view,
                                                        (gint64 *) load->ids->data,
                                                        load->ids->len));
}

static DexFuture *
load_fiber (gpointer data)
{
  Load *load = data;
  g_autoptr (GError) error = NULL;
  PinionConversationList *self = load->list;

  if (self->engine == NULL)
    return NULL;

  load->rows = pinion_await_boxed (pinion_store_read (self->engine->store, read_rows, load, NULL),
                                   &error);
  if (load->rows == NULL)
    {
      g_debug ("rows could not be read: %s", error->message);
      return NULL;
    }

  for (guint i = 0; i < load->rows->len; i++)
    {
      PinionStoreConversation *row = g_ptr_array_index (load->rows, i);
      PinionConversation *item
          = g_hash_table_lookup (self->rows, &g_array_index (load->ids, gint64, i));

      if (row != NULL && item != NULL)
        pinion_conversation_set_row (item, row);
    }

  return NULL;
}

/* What was found of each conversation; one that is not found any more is read as it was. */
static GArray *
dup_hits (PinionConversationList *self,
          GArray                 *ids)
{
  GArray *hits = g_array_new (FALSE, TRUE, sizeof (PinionStoreHit));

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      const PinionStoreHit *known = g_hash_table_lookup (self->hits, &id);
      PinionStoreHit hit = known != NULL ? *known : (PinionStoreHit){ .thread_id = id };

      g_array_append_val (hits, hit);
    }

  return hits;
}

static gboolean
load_wanted (gpointer data)
{
  PinionConversationList *self = data;
  Load *load = g_new0 (Load, 1);
  GHashTableIter iter;
  gpointer id;

  self->load_source = 0;
  load->list = g_object_ref (self);
  load->view = pinion_view_to_store (&self->view);
  load->ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (load->ids, id, 1);
  g_hash_table_remove_all (self->wanted);
  if (self->query != NULL)
    load->hits = dup_hits (self, load->ids);

  dex_future_disown (pinion_fiber_spawn (NULL, 0, load_fiber, load, load_free));
  return G_SOURCE_REMOVE;
}

static void
want (PinionConversationList *self,
      gint64                  id)
{
  g_hash_table_add (self->wanted, g_memdup2 (&id, sizeof id));
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted, self, NULL);
}

static void
forget_oldest (PinionConversationList *self)
{
  guint n = g_queue_get_length (&self->recent);

  for (guint i = 0; i < n && g_hash_table_size (self->rows) > CACHE_SIZE; i++)
    {
      gint64 *id = g_queue_pop_head (&self->recent);
      GObject *item = g_hash_table_lookup (self->rows, id);

      /* What a widget shows has to go on being told of changes. */
      if (item != NULL && item->ref_count > 1)
        {
          g_queue_push_tail (&self->recent, id);
          continue;
        }
      g_hash_table_remove (self->rows, id);
      g_free (id);
    }
}

static gpointer
conversation_list_get_item (GListModel *model,
                            guint       position)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (model);

  if (position >= self->ids->len)
    return NULL;

  gint64 id = g_array_index (self->ids, gint64, position);
  PinionConversation *item = g_hash_table_lookup (self->rows, &id);

  if (item == NULL)
    {
      item = pinion_conversation_new (id);
      g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), item);
      g_queue_push_tail (&self->recent, g_memdup2 (&id, sizeof id));
      g_object_ref (item);
      forget_oldest (self);
      want (self, id);
      return item;
    }

  return g_object_ref (item);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = conversation_list_get_item_type;
  iface->get_n_items = conversation_list_get_n_items;
  iface->get_item = conversation_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PinionConversationList, pinion_conversation_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* -- Ids ------------------------------------------------------------------------------------ */

typedef struct
{
  PinionConversationList *list;
  PinionStoreView view;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_object_unref (refresh->list);
  g_free (refresh);
}

static DexFuture *
read_ids (PinionStoreSession *session,
          gpointer            data)
{
  Refresh *refresh = data;

  return dex_future_new_take_boxed (G_TYPE_ARRAY, pinion_store_view_list (session, refresh->view));
}

static void
on_splice (guint    position,
           guint    removed,
           guint    added,
           gpointer user_data)
{
  g_list_model_items_changed (G_LIST_MODEL (user_data), position, removed, added);
}

static void
set_loading (PinionConversationList *self,
             gboolean                loading)
{
  if (self->loading == loading)
    return;

  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Refresh *refresh = data;
  PinionConversationList *self = refresh->list;
  g_autoptr (GError) error = NULL;

  self->refreshing = TRUE;
  do
    {
      if (self->engine == NULL)
        return NULL;
      self->refresh_again = FALSE;
      g_autoptr (GArray) ids = pinion_await_boxed (
          pinion_store_read (self->engine->store, read_ids, refresh, NULL), &error);

      if (ids == NULL)
        break;
      pinion_ids_become (self->ids, ids, on_splice, self);
    }
  while (self->refresh_again);
  self->refreshing = FALSE;

  if (error != NULL)
    g_debug ("a list could not be read: %s", error->message);
  set_loading (self, FALSE);

  return NULL;
}

/* -- Searching ------------------------------------------------------------------------------ */

typedef struct
{
  PinionConversationList *list;
  PinionSearchQuery *query;
  PinionSearchOrder order;
  GCancellable *cancellable;
} Finding;

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  g_object_unref (finding->list);
  pinion_search_query_unref (finding->query);
  g_object_unref (finding->cancellable);
  g_free (finding);
}

/* The rows of what stays may tell of another message now. */
static void
take_hits (PinionConversationList *self,
           GArray                 *hits)
{
  g_autoptr (GArray) ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), hits->len);

  if (g_hash_table_size (self->hits) > MAX_HITS)
    g_hash_table_remove_all (self->hits);
  for (guint i = 0; i < hits->len; i++)
    {
      const PinionStoreHit *hit = &g_array_index (hits, PinionStoreHit, i);
      const PinionStoreHit *known = g_hash_table_lookup (self->hits, &hit->thread_id);

      if (known != NULL && known->message_id != hit->message_id
          && g_hash_table_contains (self->rows, &hit->thread_id))
        want (self, hit->thread_id);
      g_hash_table_replace (self->hits, g_memdup2 (&hit->thread_id, sizeof hit->thread_id),
                            g_memdup2 (hit, sizeof *hit));
      g_array_append_val (ids, hit->thread_id);
    }

  pinion_ids_become (self->ids, ids, on_splice, self);
}

/* Returns: whether there may be more than @limit */
static gboolean
find_some (Finding  *finding,
           guint     limit,
           GError  **error)
{
  PinionConversationList *self = finding->list;
  g_autoptr (GArray) hits = pinion_await_boxed (
      pinion_store_search_find (self->engine->search, finding->query,
                                (PinionStoreSearchOrder) finding->order, limit,
                                finding->cancellable),
      error);

  if (hits == NULL || self->engine == NULL || g_cancellable_is_cancelled (finding->cancellable))
    return FALSE;

  take_hits (self, hits);
  set_loading (self, FALSE);

  return hits->len >= limit;
}

static DexFuture *
find_fiber (gpointer data)
{
  Finding *finding = data;
  PinionConversationList *self = finding->list;
  g_autoptr (GError) error = NULL;

  if (self->engine != NULL && find_some (finding, SEARCH_FIRST, &error) && self->engine != NULL)
    find_some (finding, SEARCH_ALL, &error);
  if (error == NULL || pinion_error_is (error, PINION_ERROR_CANCELLED) || self->engine == NULL)
    return NULL;

  /* No index yet: "indexed" will tell. */
  g_debug ("nothing can be found now: %s", error->message);
  pinion_engine_index_soon (self->engine, 0);

  return NULL;
}

static void
search_now (PinionConversationList *self)
{
  Finding *finding = g_new0 (Finding, 1);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  self->searching = g_cancellable_new ();

  finding->list = g_object_ref (self);
  finding->query = pinion_search_query_ref (self->query);
  finding->order = self->order;
  finding->cancellable = g_object_ref (self->searching);
  dex_future_disown (pinion_fiber_spawn (NULL, 0, find_fiber, finding, finding_free));
}

/* -- Following the store -------------------------------------------------------------------- */

static void
refresh_now (PinionConversationList *self)
{
  if (self->query != NULL)
    {
      search_now (self);
      return;
    }
  if (self->refreshing)
    {
      self->refresh_again = TRUE;
      return;
    }

  Refresh *refresh = g_new0 (Refresh, 1);
  refresh->list = g_object_ref (self);
  refresh->view = pinion_view_to_store (&self->view);
  dex_future_disown (pinion_fiber_spawn (NULL, 0, refresh_fiber, refresh, refresh_free));
}

static gboolean
on_refresh_due (gpointer data)
{
  PinionConversationList *self = data;

  self->refresh_source = 0;
  refresh_now (self);

  return G_SOURCE_REMOVE;
}

static void
reload_rows (PinionConversationList *self,
             PinionStoreChanges     *changes)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      if (changes->everything || pinion_store_ids_contain (changes->threads, *(gint64 *) id))
        want (self, *(gint64 *) id);
    }
}

static void
on_store_changed (PinionEngine       *engine,
                  PinionStoreChanges *changes,
                  gpointer            user_data)
{
  PinionConversationList *self = user_data;

  if (!changes->everything && changes->threads->len == 0 && changes->views->len == 0)
    return;

  reload_rows (self, changes);
  if (self->refresh_source == 0)
    self->refresh_source
        = g_timeout_add (self->query != NULL ? SEARCH_DELAY : REFRESH_DELAY, on_refresh_due, self);
}

static void
on_indexed (PinionEngine *engine,
            gpointer      user_data)
{
  PinionConversationList *self = user_data;

  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add (REFRESH_DELAY, on_refresh_due, self);
}

/* -- Object --------------------------------------------------------------------------------- */

static void
pinion_conversation_list_dispose (GObject *object)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (object);

  g_clear_handle_id (&self->load_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (self->engine != NULL)
    {
      g_clear_signal_handler (&self->changed_handler, self->engine);
      g_clear_signal_handler (&self->indexed_handler, self->engine);
    }
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_conversation_list_parent_class)->dispose (object);
}

static void
pinion_conversation_list_finalize (GObject *object)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (object);

  g_array_unref (self->ids);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->wanted);
  g_hash_table_unref (self->hits);
  g_clear_pointer (&self->query, pinion_search_query_unref);
  g_queue_clear_full (&self->recent, g_free);

  G_OBJECT_CLASS (pinion_conversation_list_parent_class)->finalize (object);
}

static void
pinion_conversation_list_get_property (GObject    *object,
                                       guint       property_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (object);

  if (property_id == PROP_LOADING)
    g_value_set_boolean (value, self->loading);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
pinion_conversation_list_class_init (PinionConversationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pinion_conversation_list_dispose;
  object_class->finalize = pinion_conversation_list_finalize;
  object_class->get_property = pinion_conversation_list_get_property;

  properties[PROP_LOADING]
      = g_param_spec_boolean ("loading", NULL, NULL, TRUE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_conversation_list_init (PinionConversationList *self)
{
  self->loading = TRUE;
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->hits = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_queue_init (&self->recent);
}

PinionConversationList *
pinion_conversation_list_new (PinionEngine     *engine,
                              const PinionView *view)
{
  PinionConversationList *self = g_object_new (PINION_TYPE_CONVERSATION_LIST, NULL);

  self->engine = g_object_ref (engine);
  self->view = *view;
  self->changed_handler
      = g_signal_connect (engine, "store-changed", G_CALLBACK (on_store_changed), self);
  refresh_now (self);

  return self;
}

PinionConversationList *
pinion_conversation_list_new_for_search (PinionEngine      *engine,
                                         PinionSearchQuery *query,
                                         PinionSearchOrder  order)
{
  PinionConversationList *self = g_object_new (PINION_TYPE_CONVERSATION_LIST, NULL);

  self->engine = g_object_ref (engine);
  self->view.kind = PINION_VIEW_ALL_MAIL;
  self->query = pinion_search_query_ref (query);
  self->order = order;
  self->changed_handler
      = g_signal_connect (engine, "store-changed", G_CALLBACK (on_store_changed), self);
  self->indexed_handler = g_signal_connect (engine, "indexed", G_CALLBACK (on_indexed), self);
  search_now (self);

  return self;
}

void
pinion_conversation_list_set_query (PinionConversationList *self,
                                    PinionSearchQuery      *query,
                                    PinionSearchOrder       order)
{
  g_return_if_fail (self->query != NULL);

  pinion_search_query_ref (query);
  pinion_search_query_unref (self->query);
  self->query = query;
  self->order = order;
  set_loading (self, TRUE);
  search_now (self);
}

PinionSearchQuery *
pinion_conversation_list_get_query (PinionConversationList *self)
{
  return self->query;
}

const PinionView *
pinion_conversation_list_get_view (PinionConversationList *self)
{
  return &self->view;
}

gboolean
pinion_conversation_list_get_loading (PinionConversationList *self)
{
  return self->loading;
}

guint
pinion_conversation_list_find (PinionConversationList *self,
                               gint64                  id)
{
  for (guint i = 0; i < self->ids->len; i++)
    {
      if (g_array_index (self->ids, gint64, i) == id)
        return i;
    }

  return G_MAXUINT;
}
