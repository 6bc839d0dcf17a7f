/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows that are looked at: read a screenful at a time, and so many kept. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-conversation-list-private.h"

#include "pinion-fiber.h"

/* Twice what a list view keeps around its viewport. */
#define CACHE_SIZE 512

/* @ids, and of a search their @hits: @n of them from @first on are read at a time. */
typedef struct
{
  PinionConversationList *list;
  PinionStoreView view;
  GArray *ids;
  GArray *hits;
  guint first;
  guint n;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->list);
  g_array_unref (load->ids);
  g_clear_pointer (&load->hits, g_array_unref);
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
        pinion_store_conversations_get_hits (session,
                                             &g_array_index (load->hits, PinionStoreHit,
                                                             load->first),
                                             load->n));

  return dex_future_new_take_boxed (
      G_TYPE_PTR_ARRAY, pinion_store_conversations_get (session, load->view,
                                                        &g_array_index (load->ids, gint64,
                                                                        load->first),
                                                        load->n));
}

static gboolean
load_some (Load    *load,
           guint    first,
           guint    n,
           GError **error)
{
  PinionConversationList *self = load->list;
  g_autoptr (GPtrArray) rows = NULL;

  load->first = first;
  load->n = n;
  rows = pinion_await_boxed (pinion_store_read (self->engine->store, read_rows, load, NULL), error);
  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      PinionStoreConversation *row = g_ptr_array_index (rows, i);
      PinionConversation *item
          = g_hash_table_lookup (self->rows, &g_array_index (load->ids, gint64, first + i));

      if (row == NULL || item == NULL)
        continue;
      pinion_conversation_set_row (item, row);
      pinion_conversation_list_quote (self, row->thread_id);
    }

  return TRUE;
}

/* One that is damaged must not keep the others back. */
static void
load_each (Load *load)
{
  PinionConversationList *self = load->list;

  for (guint i = 0; i < load->ids->len && self->engine != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      PinionConversation *item;

      if (load_some (load, i, 1, &error) || self->engine == NULL)
        continue;

      g_debug ("a row could not be read: %s", error->message);
      item = g_hash_table_lookup (self->rows, &g_array_index (load->ids, gint64, i));
      if (item != NULL)
        pinion_conversation_set_error (item, error);
    }
}

static DexFuture *
load_fiber (gpointer data)
{
  Load *load = data;

  if (load->list->engine != NULL && !load_some (load, 0, load->ids->len, NULL))
    load_each (load);

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

void
pinion_conversation_list_want (PinionConversationList *self,
                               gint64                  id)
{
  g_hash_table_add (self->wanted, g_memdup2 (&id, sizeof id));
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted, self, NULL);
}

gboolean
pinion_conversation_list_shows (PinionConversation *item)
{
  return item != NULL && G_OBJECT (item)->ref_count > 1;
}

static void
forget_oldest (PinionConversationList *self)
{
  guint n = g_queue_get_length (&self->recent);

  for (guint i = 0; i < n && g_hash_table_size (self->rows) > CACHE_SIZE; i++)
    {
      gint64 *id = g_queue_pop_head (&self->recent);

      /* What a widget shows has to go on being told of changes. */
      if (pinion_conversation_list_shows (g_hash_table_lookup (self->rows, id)))
        {
          g_queue_push_tail (&self->recent, id);
          continue;
        }
      g_hash_table_remove (self->rows, id);
      g_free (id);
    }
}

PinionConversation *
pinion_conversation_list_get_row (PinionConversationList *self,
                                  gint64                  id)
{
  PinionConversation *item = g_hash_table_lookup (self->rows, &id);

  if (item != NULL)
    {
      g_object_ref (item);
      if (self->answered != NULL && !pinion_conversation_answers (item, self->answered))
        pinion_conversation_list_quote (self, id);
      return item;
    }

  item = pinion_conversation_new (id);
  g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), item);
  g_queue_push_tail (&self->recent, g_memdup2 (&id, sizeof id));
  g_object_ref (item);
  forget_oldest (self);
  pinion_conversation_list_want (self, id);

  return item;
}

void
pinion_conversation_list_reload_rows (PinionConversationList *self,
                                      PinionStoreChanges     *changes)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      if (changes->everything || pinion_store_ids_contain (changes->threads, *(gint64 *) id))
        pinion_conversation_list_want (self, *(gint64 *) id);
    }
}
