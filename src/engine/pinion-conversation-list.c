/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-list-private.h"

#include "pinion-fiber.h"

/* Milliseconds in which changes are gathered before the list is read anew. */
#define REFRESH_DELAY 30

/* The same for what a search found. */
#define SEARCH_DELAY 700

/* So many changes in one go are told as one. */
#define MAX_SPLICES 64

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

static gpointer
conversation_list_get_item (GListModel *model,
                            guint       position)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (model);

  if (position >= self->ids->len)
    return NULL;

  return pinion_conversation_list_get_row (self, g_array_index (self->ids, gint64, position));
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
  GArray *begins;
  PinionListing *found;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_object_unref (refresh->list);
  g_array_unref (refresh->begins);
  g_clear_pointer (&refresh->found, pinion_listing_free);
  g_free (refresh);
}

/* The dates come newest first, as the sections do. */
static DexFuture *
read_ids (PinionStoreSession *session,
          gpointer            data)
{
  Refresh *refresh = data;
  PinionListing *found = pinion_listing_new ();
  guint at = 0;
  g_autoptr (GArray) page = pinion_store_view_page (session, refresh->view, NULL, G_MAXUINT);

  for (guint i = 0; i < page->len; i++)
    {
      const PinionStoreCursor *one = &g_array_index (page, PinionStoreCursor, i);
      int section = PINION_DATE_NONE;

      while (refresh->begins->len > 0
             && one->date < g_array_index (refresh->begins, PinionDateBegin, at).begin)
        at++;
      if (refresh->begins->len > 0)
        section = g_array_index (refresh->begins, PinionDateBegin, at).section;
      pinion_listing_append (found, one->thread_id, section);
    }

  g_clear_pointer (&refresh->found, pinion_listing_free);
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

void
pinion_conversation_list_set_loading (PinionConversationList *self,
                                      gboolean                loading)
{
  if (self->loading == loading)
    return;

  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
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

void
pinion_conversation_list_become (PinionConversationList *self,
                                 PinionListing          *listing,
                                 guint                   gaps)
{
  self->coming = listing->runs;
  if (gaps > MAX_SPLICES)
    replace_middle (self, listing->ids);
  else
    pinion_ids_become (self->ids, listing->ids, on_splice, self);
  self->coming = NULL;

  /* What stays where it is may be of another section: after midnight, or by a date that changed. */
  if (pinion_date_runs_equal (self->runs, listing->runs))
    return;
  g_array_set_size (self->runs, 0);
  g_array_append_vals (self->runs, listing->runs->data, listing->runs->len);
  g_signal_emit (self, signals[SECTIONS_CHANGED], 0);
}

/* @error: (transfer full) (nullable) */
static void
take_error (PinionConversationList *self,
            GError                 *error)
{
  gboolean came_or_went = (error != NULL) != (self->error != NULL);

  if (error != NULL)
    g_debug ("a list could not be read: %s", error->message);
  g_clear_error (&self->error);
  self->error = error;

  if (came_or_went && !self->loading)
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
      pinion_leaving_begin_reading (self->leaving);
      if (!pinion_await (pinion_store_read (self->engine->store, read_ids, refresh, NULL), &error))
        break;
      if (self->engine == NULL)
        return NULL;
      pinion_leaving_end_reading (self->leaving);
      pinion_leaving_apply (self->leaving, refresh->found);
      pinion_conversation_list_become (self, refresh->found, 0);
    }
  while (self->refresh_again);
  self->refreshing = FALSE;

  take_error (self, g_steal_pointer (&error));
  pinion_conversation_list_set_loading (self, FALSE);

  return NULL;
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
      pinion_conversation_list_search_now (self);
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
on_store_changed (PinionEngine       *engine,
                  PinionStoreChanges *changes,
                  gpointer            user_data)
{
  PinionConversationList *self = user_data;

  if (!changes->everything && changes->threads->len == 0 && changes->views->len == 0)
    return;

  pinion_conversation_list_reload_rows (self, changes);
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

/* The rows say it in other words, and the sections begin elsewhere. */
static void
on_day_changed (PinionEngine *engine,
                gpointer      user_data)
{
  PinionConversationList *self = user_data;
  GHashTableIter rows;
  gpointer row;

  g_hash_table_iter_init (&rows, self->rows);
  while (g_hash_table_iter_next (&rows, NULL, &row))
    g_signal_emit_by_name (row, "changed");
  if (self->query == NULL)
    refresh_now (self);
}

/* -- Object --------------------------------------------------------------------------------- */

void
pinion_conversation_list_stop (PinionConversationList *self)
{
  g_clear_handle_id (&self->load_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (self->engine != NULL)
    {
      g_clear_signal_handler (&self->changed_handler, self->engine);
      g_clear_signal_handler (&self->day_handler, self->engine);
      g_clear_signal_handler (&self->indexed_handler, self->engine);
    }
  g_clear_object (&self->engine);
}

static void
pinion_conversation_list_dispose (GObject *object)
{
  pinion_conversation_list_stop (PINION_CONVERSATION_LIST (object));

  G_OBJECT_CLASS (pinion_conversation_list_parent_class)->dispose (object);
}

static void
pinion_conversation_list_finalize (GObject *object)
{
  PinionConversationList *self = PINION_CONVERSATION_LIST (object);

  g_array_unref (self->ids);
  g_array_unref (self->runs);
  pinion_leaving_free (self->leaving);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->wanted);
  g_hash_table_unref (self->hits);
  g_hash_table_unref (self->unquoted);
  g_clear_pointer (&self->query, pinion_search_query_unref);
  g_clear_pointer (&self->answered, pinion_search_query_unref);
  g_queue_clear_full (&self->recent, g_free);
  g_clear_error (&self->error);

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
  self->leaving = pinion_leaving_new ();
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->hits = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->unquoted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
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
  self->day_handler = g_signal_connect (engine, "day-changed", G_CALLBACK (on_day_changed), self);
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
  self->day_handler = g_signal_connect (engine, "day-changed", G_CALLBACK (on_day_changed), self);
  self->indexed_handler = g_signal_connect (engine, "indexed", G_CALLBACK (on_indexed), self);
  pinion_conversation_list_search_now (self);

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
  pinion_conversation_list_set_loading (self, TRUE);
  pinion_conversation_list_search_now (self);
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

const GError *
pinion_conversation_list_get_error (PinionConversationList *self)
{
  return self->error;
}

void
pinion_conversation_list_read_again (PinionConversationList *self)
{
  if (self->engine == NULL)
    return;

  pinion_conversation_list_set_loading (self, TRUE);
  refresh_now (self);
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
  g_autoptr (PinionListing) now = pinion_listing_copy (self->ids, self->runs);

  pinion_leaving_add (self->leaving, ids, n_ids);
  guint gaps = pinion_leaving_apply (self->leaving, now);
  pinion_conversation_list_become (self, now, gaps);
}

void
pinion_conversation_list_settle (PinionConversationList *self,
                                 const gint64           *ids,
                                 guint                   n_ids)
{
  pinion_leaving_settle (self->leaving, ids, n_ids);
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
