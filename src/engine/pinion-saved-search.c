/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-saved-search.h"

#include "pinion-engine-private.h"
#include "pinion-fiber.h"

struct _PinionSavedSearch
{
  GObject parent_instance;

  gint64 id;
  char *name;
  char *query;
  PinionSearchOrder order;
  gboolean pinned;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PinionSavedSearch, pinion_saved_search, G_TYPE_OBJECT)

static void
pinion_saved_search_finalize (GObject *object)
{
  PinionSavedSearch *self = PINION_SAVED_SEARCH (object);

  g_free (self->name);
  g_free (self->query);

  G_OBJECT_CLASS (pinion_saved_search_parent_class)->finalize (object);
}

static void
pinion_saved_search_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  g_value_set_string (value, PINION_SAVED_SEARCH (object)->name);
}

static void
pinion_saved_search_class_init (PinionSavedSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pinion_saved_search_finalize;
  object_class->get_property = pinion_saved_search_get_property;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_saved_search_init (PinionSavedSearch *self)
{
}

gint64
pinion_saved_search_get_id (PinionSavedSearch *self)
{
  return self->id;
}

const char *
pinion_saved_search_get_name (PinionSavedSearch *self)
{
  return self->name;
}

const char *
pinion_saved_search_get_query (PinionSavedSearch *self)
{
  return self->query;
}

PinionSearchOrder
pinion_saved_search_get_order (PinionSavedSearch *self)
{
  return self->order;
}

gboolean
pinion_saved_search_get_pinned (PinionSavedSearch *self)
{
  return self->pinned;
}

/* -- The list ------------------------------------------------------------------------------- */

GListModel *
pinion_engine_get_saved_searches (PinionEngine *self)
{
  return G_LIST_MODEL (self->saved_searches);
}

PinionSavedSearch *
pinion_engine_find_saved_search (PinionEngine *self,
                                 gint64        id)
{
  GListModel *searches = G_LIST_MODEL (self->saved_searches);

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (searches, i);

      if (search->id == id)
        return search; /* the list holds it */
    }

  return NULL;
}

static char *
dup_folded (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : name, -1);
}

static char *
dup_stripped (const char *text)
{
  return g_strstrip (g_strdup (text));
}

/* The first one of which @get says @text, but for what @dup_key leaves out of both. */
static PinionSavedSearch *
find_by (PinionEngine *self,
         const char   *(*get) (PinionSavedSearch *search),
         char         *(*dup_key) (const char *text),
         const char   *text)
{
  GListModel *searches = G_LIST_MODEL (self->saved_searches);
  g_autofree char *wanted = dup_key (text);

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (searches, i);
      g_autofree char *key = dup_key (get (search));

      if (g_str_equal (wanted, key))
        return search; /* the list holds it */
    }

  return NULL;
}

PinionSavedSearch *
pinion_engine_find_saved_search_named (PinionEngine *self,
                                       const char   *name)
{
  return find_by (self, pinion_saved_search_get_name, dup_folded, name);
}

PinionSavedSearch *
pinion_engine_find_saved_search_for (PinionEngine *self,
                                     const char   *query)
{
  return find_by (self, pinion_saved_search_get_query, dup_stripped, query);
}

static void
update (PinionSavedSearch            *self,
        const PinionStoreSavedSearch *search)
{
  gboolean changed = g_set_str (&self->name, search->name);

  changed |= g_set_str (&self->query, search->query);
  changed |= self->order != (PinionSearchOrder) search->order || self->pinned != search->pinned;
  self->id = search->id;
  self->order = (PinionSearchOrder) search->order;
  self->pinned = search->pinned;

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

void
pinion_engine_take_saved_searches (PinionEngine *self,
                                   GPtrArray    *searches)
{
  GListModel *list = G_LIST_MODEL (self->saved_searches);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same = searches->len == g_list_model_get_n_items (list);

  for (guint i = 0; i < searches->len; i++)
    {
      const PinionStoreSavedSearch *search = g_ptr_array_index (searches, i);
      PinionSavedSearch *known = pinion_engine_find_saved_search (self, search->id);
      g_autoptr (PinionSavedSearch) there = g_list_model_get_item (list, i);

      same = same && known != NULL && known == there;
      if (known == NULL)
        known = g_object_new (PINION_TYPE_SAVED_SEARCH, NULL);
      else
        g_object_ref (known);
      update (known, search);
      g_ptr_array_add (items, known);
    }

  if (!same)
    g_list_store_splice (self->saved_searches, 0, g_list_model_get_n_items (list), items->pdata,
                         items->len);
}

/* -- Acts ----------------------------------------------------------------------------------- */

typedef struct
{
  PinionAct act;
  gint64 search;
  char *name;
  char *query;
  PinionSearchOrder order;
  guint position;
} SearchAct;

static void
search_act_free (gpointer data)
{
  SearchAct *act = data;

  g_free (act->name);
  g_free (act->query);
  g_free (act);
}

static gint64
do_command (PinionStoreSession *session,
            gconstpointer       data,
            PinionDone         *done)
{
  const SearchAct *act = data;

  switch ((int) act->act)
    {
    case PINION_ACT_SAVE_SEARCH:
      return pinion_store_command_save_search (session, act->name, act->query,
                                               (PinionStoreSearchOrder) act->order);
    case PINION_ACT_RENAME_SEARCH:
      return pinion_store_command_rename_search (session, act->search, act->name);
    case PINION_ACT_REMOVE_SEARCH:
      return pinion_store_command_remove_search (session, act->search);
    case PINION_ACT_PIN_SEARCH:
    case PINION_ACT_UNPIN_SEARCH:
      return pinion_store_command_pin_search (session, act->search,
                                              act->act == PINION_ACT_PIN_SEARCH);
    case PINION_ACT_MOVE_SEARCH:
    default:
      return pinion_store_command_move_search (session, act->search, act->position);
    }
}

/* @act: what is in it becomes the run's. */
static DexFuture *
run (PinionEngine *self,
     SearchAct     act)
{
  return pinion_engine_arrange (self, act.act, do_command, g_memdup2 (&act, sizeof act),
                                search_act_free);
}

DexFuture *
pinion_engine_save_search (PinionEngine     *self,
                           const char       *name,
                           const char       *query,
                           PinionSearchOrder order)
{
  return run (self, (SearchAct) { .act = PINION_ACT_SAVE_SEARCH,
                                  .name = dup_stripped (name),
                                  .query = dup_stripped (query),
                                  .order = order });
}

DexFuture *
pinion_engine_rename_search (PinionEngine *self,
                             gint64        search,
                             const char   *name)
{
  return run (self, (SearchAct) { .act = PINION_ACT_RENAME_SEARCH,
                                  .search = search,
                                  .name = dup_stripped (name) });
}

DexFuture *
pinion_engine_remove_search (PinionEngine *self,
                             gint64        search)
{
  return run (self, (SearchAct) { .act = PINION_ACT_REMOVE_SEARCH, .search = search });
}

DexFuture *
pinion_engine_pin_search (PinionEngine *self,
                          gint64        search,
                          gboolean      pinned)
{
  PinionAct act = pinned ? PINION_ACT_PIN_SEARCH : PINION_ACT_UNPIN_SEARCH;

  return run (self, (SearchAct) { .act = act, .search = search });
}

DexFuture *
pinion_engine_move_search (PinionEngine *self,
                           gint64        search,
                           guint         position)
{
  return run (self, (SearchAct) {
                      .act = PINION_ACT_MOVE_SEARCH, .search = search, .position = position });
}
