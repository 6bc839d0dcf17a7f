/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-private.h"
#include "pinion-date-runs.h"
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

/* So many changes in one go are told as one. */
#define MAX_SPLICES 64

/* Where a conversation is that was acted on and is not shown any more: the act is on its way to the
 * store, it is there, or a list is being read that knows of it. */
typedef enum
{
  LEAVING = 1,
  LEFT,
  LEFT_AND_READ,
} Leaving;

struct _PinionConversationList
{
  GObject parent_instance;

  PinionEngine *engine;
  PinionView view;
  GArray *ids;
  GArray *runs;   /* PinionDateRun */
  GArray *coming; /* what the runs are about to be, borrowed */
  GHashTable *leaving;
  int first_weekday;
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
  SECTIONS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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

/* What a list is: the ids, and the runs of their dates. */
typedef struct
{
  GArray *ids;
  GArray *runs;
} Found;

static Found *
found_new (void)
{
  Found *self = g_new0 (Found, 1);

  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->runs = g_array_new (FALSE, FALSE, sizeof (PinionDateRun));

  return self;
}

static void
found_clear (Found **found)
{
  Found *self = g_steal_pointer (found);

  if (self == NULL)
    return;

  g_array_unref (self->ids);
  g_array_unref (self->runs);
  g_free (self);
}

typedef struct
{
  PinionConversationList *list;
  PinionStoreView view;
  GArray *begins;
  Found *found;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_object_unref (refresh->list);
  g_array_unref (refresh->begins);
  found_clear (&refresh->found);
  g_free (refresh);
}

/* The dates come newest first, as the sections do. */
static DexFuture *
read_ids (PinionStoreSession *session,
          gpointer            data)
{
  Refresh *refresh = data;
  Found *found = found_new ();
  guint at = 0;
  g_autoptr (GArray) page = pinion_store_view_page (session, refresh->view, NULL, G_MAXUINT);

  g_array_set_size (found->ids, page->len);
  for (guint i = 0; i < page->len; i++)
    {
      const PinionStoreCursor *one = &g_array_index (page, PinionStoreCursor, i);

      g_array_index (found->ids, gint64, i) = one->thread_id;
      while (refresh->begins->len > 0
             && one->date < g_array_index (refresh->begins, PinionDateBegin, at).begin)
        at++;
      pinion_date_runs_append (found->runs,
                               refresh->begins->len > 0
                                   ? g_array_index (refresh->begins, PinionDateBegin, at).section
                                   : PINION_DATE_NONE,
                               1);
    }

  found_clear (&refresh->found);
  refresh->found = found;

  return dex_future_new_true ();
}

static void
on_splice (guint    position,
           guint    removed,
           guint    added,
           gpointer user_data)
{
  PinionConversationList *self = user_data;

  pinion_date_runs_splice (self->runs, position, removed, self->coming, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
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

/* Leaves out what was acted on: what was read may be older than the act.  Returns: how many gaps
 * that makes. */
static guint
leave_out (PinionConversationList *self,
           Found                  *found)
{
  Found *all = found_new ();
  guint gaps = 0;
  gboolean in_gap = FALSE;
  guint start, end = 0;
  int section = PINION_DATE_NONE;

  if (g_hash_table_size (self->leaving) == 0)
    {
      found_clear (&all);
      return 0;
    }

  for (guint i = 0; i < found->ids->len; i++)
    {
      gint64 id = g_array_index (found->ids, gint64, i);
      gboolean leaves = g_hash_table_contains (self->leaving, &id);

      gaps += leaves && !in_gap ? 1 : 0;
      in_gap = leaves;
      if (leaves)
        continue;
      if (i >= end)
        section = pinion_date_runs_find (found->runs, i, &start, &end);
      g_array_append_val (all->ids, id);
      pinion_date_runs_append (all->runs, section, 1);
    }

  g_array_unref (found->ids);
  g_array_unref (found->runs);
  *found = *all;
  g_free (all);

  return gaps;
}

/* All at once: what lies between the common beginning and the common end. */
static void
replace_middle (PinionConversationList *self,
                GArray                 *now)
{
  guint first = 0, last = 0;
  guint shorter = MIN (self->ids->len, now->len);
  guint removed;

  while (first < shorter
         && g_array_index (self->ids, gint64, first) == g_array_index (now, gint64, first))
    first++;
  while (last < shorter - first
         && g_array_index (self->ids, gint64, self->ids->len - 1 - last)
                == g_array_index (now, gint64, now->len - 1 - last))
    last++;

  removed = self->ids->len - first - last;
  g_array_set_size (self->ids, 0);
  g_array_append_vals (self->ids, now->data, now->len);
  on_splice (first, removed, now->len - first - last, self);
}

static void
become (PinionConversationList *self,
        Found                  *found,
        guint                   gaps)
{
  self->coming = found->runs;
  if (gaps > MAX_SPLICES)
    replace_middle (self, found->ids);
  else
    pinion_ids_become (self->ids, found->ids, on_splice, self);
  self->coming = NULL;

  /* What stays where it is may be of another section: after midnight, or by a date that changed. */
  if (pinion_date_runs_equal (self->runs, found->runs))
    return;
  g_array_set_size (self->runs, 0);
  g_array_append_vals (self->runs, found->runs->data, found->runs->len);
  g_signal_emit (self, signals[SECTIONS_CHANGED], 0);
}

/* Those whose act is in the store are being read as they are now; or were, and are forgotten. */
static void
step_leaving (PinionConversationList *self,
              Leaving                 from)
{
  GHashTableIter iter;
  gpointer state;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    {
      if (GPOINTER_TO_INT (state) != (int) from)
        continue;
      if (from == LEFT)
        g_hash_table_iter_replace (&iter, GINT_TO_POINTER (LEFT_AND_READ));
      else
        g_hash_table_iter_remove (&iter);
    }
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
      step_leaving (self, LEFT);
      if (!pinion_await (pinion_store_read (self->engine->store, read_ids, refresh, NULL), &error))
        break;
      step_leaving (self, LEFT_AND_READ);
      leave_out (self, refresh->found);
      become (self, refresh->found, 0);
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
  Found *found = found_new ();

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
      g_array_append_val (found->ids, hit->thread_id);
    }

  pinion_date_runs_append (found->runs, PINION_DATE_NONE, found->ids->len);
  become (self, found, 0);
  found_clear (&found);
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

/* What is put off stands in the order it comes back, and has no sections. */
static GArray *
make_begins (PinionConversationList *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (self->view.kind == PINION_VIEW_SNOOZED)
    return g_array_new (FALSE, FALSE, sizeof (PinionDateBegin));

  return pinion_date_begins_new (now, self->first_weekday);
}

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
  refresh->begins = make_begins (self);
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
  g_array_unref (self->runs);
  g_hash_table_unref (self->leaving);
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

  signals[SECTIONS_CHANGED]
      = g_signal_new ("sections-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 0);

  properties[PROP_LOADING]
      = g_param_spec_boolean ("loading", NULL, NULL, TRUE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_conversation_list_init (PinionConversationList *self)
{
  self->loading = TRUE;
  self->first_weekday = 1;
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->runs = g_array_new (FALSE, FALSE, sizeof (PinionDateRun));
  self->leaving = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
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

gint64
pinion_conversation_list_get_id (PinionConversationList *self,
                                 guint                   position)
{
  return position < self->ids->len ? g_array_index (self->ids, gint64, position) : 0;
}

GArray *
pinion_conversation_list_find_all (PinionConversationList *self,
                                   GArray                 *ids)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (wanted, &g_array_index (ids, gint64, i));
  for (guint i = 0; i < self->ids->len && found->len < ids->len; i++)
    if (g_hash_table_contains (wanted, &g_array_index (self->ids, gint64, i)))
      g_array_append_val (found, i);

  return found;
}

/* -- Sections ------------------------------------------------------------------------------- */

int
pinion_conversation_list_get_section (PinionConversationList *self,
                                      guint                   position,
                                      guint                  *start,
                                      guint                  *end)
{
  return pinion_date_runs_find (self->runs, position, start, end);
}

void
pinion_conversation_list_update_sections (PinionConversationList *self,
                                          int                     first_weekday)
{
  gboolean is_other = self->first_weekday != first_weekday;

  self->first_weekday = first_weekday;
  /* The first reading has not begun while nothing else could run. */
  if ((is_other || !self->loading) && self->query == NULL)
    refresh_now (self);
}

/* -- What is acted on ----------------------------------------------------------------------- */

void
pinion_conversation_list_leave (PinionConversationList *self,
                                const gint64           *ids,
                                guint                   n_ids)
{
  Found *now = found_new ();
  guint gaps;

  for (guint i = 0; i < n_ids; i++)
    g_hash_table_insert (self->leaving, g_memdup2 (&ids[i], sizeof (gint64)),
                         GINT_TO_POINTER (LEAVING));

  g_array_append_vals (now->ids, self->ids->data, self->ids->len);
  g_array_append_vals (now->runs, self->runs->data, self->runs->len);
  gaps = leave_out (self, now);
  become (self, now, gaps);
  found_clear (&now);
}

void
pinion_conversation_list_settle (PinionConversationList *self,
                                 const gint64           *ids,
                                 guint                   n_ids)
{
  for (guint i = 0; i < n_ids; i++)
    if (g_hash_table_contains (self->leaving, &ids[i]))
      g_hash_table_insert (self->leaving, g_memdup2 (&ids[i], sizeof (gint64)),
                           GINT_TO_POINTER (LEFT));

  if (self->engine != NULL && self->refresh_source == 0)
    self->refresh_source = g_timeout_add (REFRESH_DELAY, on_refresh_due, self);
}

void
pinion_conversation_list_expect (PinionConversationList *self,
                                 const gint64           *ids,
                                 guint                   n_ids,
                                 int                     unread,
                                 int                     starred)
{
  /* There are no more rows than a few hundred, however many there are of @ids. */
  g_autoptr (GHashTable) meant = g_hash_table_new (g_int64_hash, g_int64_equal);
  GHashTableIter iter;
  gpointer id, row;

  for (guint i = 0; i < n_ids; i++)
    g_hash_table_add (meant, (gpointer) &ids[i]);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (g_hash_table_contains (meant, id))
      pinion_conversation_expect (row, unread, starred);
}
