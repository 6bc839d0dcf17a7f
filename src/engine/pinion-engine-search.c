/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching once, suggestions, and how far back the mail reaches. */

#define G_LOG_DOMAIN "pinion-engine"

#include "pinion-search.h"

#include "pinion-conversation-list-private.h"
#include "pinion-conversation-private.h"
#include "pinion-engine-private.h"
#include "pinion-fiber.h"
#include "pinion-words.h"

#include <string.h>

static PinionReach *
reach_copy (const PinionReach *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (PinionReach, pinion_reach, reach_copy, g_free)

/* -- Searching ------------------------------------------------------------------------------ */

typedef struct
{
  PinionEngine *engine;
  PinionSearchQuery *query;
  PinionSearchOrder order;
  guint limit;
  gboolean excerpts;
  GArray *hits;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->engine);
  pinion_search_query_unref (search->query);
  g_clear_pointer (&search->hits, g_array_unref);
  g_free (search);
}

static DexFuture *
read_conversations (PinionStoreSession *session,
                    gpointer            data)
{
  Search *search = data;
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get_hits (
      session, (PinionStoreHit *) search->hits->data, search->hits->len);

  for (guint i = 0; i < rows->len; i++)
    {
      PinionStoreConversation *row = g_ptr_array_index (rows, i);

      if (row == NULL)
        continue;
      PinionConversation *conversation = pinion_conversation_new (row->thread_id);
      pinion_conversation_set_row (conversation, row);
      g_ptr_array_add (found, conversation);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, found);
}

static DexFuture *
find (Search *search)
{
  return pinion_store_search_find (search->engine->search, search->query,
                                   (PinionStoreSearchOrder) search->order, search->limit, NULL);
}

/* An index that turns out to be unusable, or that another process is making anew, is asked once
 * more when it is made. */
static gboolean
is_worth_another_try (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_STORE_BROKEN)
         || pinion_error_is (error, PINION_ERROR_BUSY);
}

static DexFuture *
search_fiber (gpointer data)
{
  Search *search = data;
  GError *error = NULL;

  for (guint tries = 0; search->hits == NULL; tries++)
    {
      g_clear_error (&error);
      if (!pinion_await (pinion_engine_index_all (search->engine), &error))
        return dex_future_new_for_error (error);

      search->hits = pinion_await_boxed (find (search), &error);
      if (search->hits == NULL && (tries > 0 || !is_worth_another_try (error)))
        return dex_future_new_for_error (error);
    }
  g_clear_error (&error);

  g_autoptr (GPtrArray) found = pinion_await_boxed (
      pinion_store_read (search->engine->store, read_conversations, search, NULL), &error);
  if (found == NULL
      || (search->excerpts
          && !pinion_conversations_quote (search->engine, search->query, found, search->hits,
                                          &error)))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&found));
}

DexFuture *
pinion_engine_search (PinionEngine      *self,
                      PinionSearchQuery *query,
                      PinionSearchOrder  order,
                      guint              limit,
                      gboolean           excerpts)
{
  Search *search = g_new0 (Search, 1);

  search->engine = g_object_ref (self);
  search->query = pinion_search_query_ref (query);
  search->order = order;
  search->limit = limit;
  search->excerpts = excerpts;

  return pinion_fiber_spawn (NULL, 0, search_fiber, search, search_free);
}

/* -- Suggestions ---------------------------------------------------------------------------- */

typedef struct
{
  PinionEngine *engine;
  PinionSearchField field;
  char *word;
  guint limit;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->engine);
  g_free (wish->word);
  g_free (wish);
}

void
pinion_suggestion_free (PinionSuggestion *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->address);
  g_free (self->insert);
  g_free (self);
}

/* "from:" and the value, in quotes where it would not hold together without; a label always, since
 * exactly this one is meant. */
static char *
dup_term (PinionSearchField field,
          const char       *value)
{
  const char *name = pinion_search_field_to_string (field);
  g_auto (GStrv) pieces = g_strsplit (value, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", pieces);

  if (field != PINION_SEARCH_LABEL && strpbrk (value, " \t\"") == NULL)
    return g_strdup_printf ("%s:%s", name, value);

  return g_strdup_printf ("%s:\"%s\"", name, doubled);
}

static void
add_labels (Wish      *wish,
            GPtrArray *suggestions)
{
  GListModel *labels = pinion_engine_get_labels (wish->engine);
  g_autofree char *wanted = pinion_words_fold (wish->word);

  for (guint i = 0;
       i < g_list_model_get_n_items (labels) && suggestions->len < (wish->limit + 1) / 2; i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      const char *path = pinion_label_get_path (label);
      g_autofree char *folded = pinion_words_fold (path);

      if (pinion_label_get_hidden (label) || strstr (folded, wanted) == NULL)
        continue;

      PinionSuggestion *suggestion = g_new0 (PinionSuggestion, 1);
      suggestion->name = g_strdup (path);
      suggestion->label = pinion_label_get_id (label);
      suggestion->insert = dup_term (PINION_SEARCH_LABEL, path);
      g_ptr_array_add (suggestions, suggestion);
    }
}

static void
add_people (Wish      *wish,
            GPtrArray *people,
            GPtrArray *suggestions)
{
  PinionSearchField field = wish->field == PINION_SEARCH_WORDS ? PINION_SEARCH_FROM : wish->field;

  for (guint i = 0; i < people->len && suggestions->len < wish->limit; i++)
    {
      const PinionStorePerson *person = g_ptr_array_index (people, i);
      PinionSuggestion *suggestion = g_new0 (PinionSuggestion, 1);

      suggestion->name = g_strdup (*person->name != '\0' ? person->name : person->address);
      suggestion->address = g_strdup (person->address);
      suggestion->insert = dup_term (field, person->address);
      g_ptr_array_add (suggestions, suggestion);
    }
}

static gboolean
is_about_people (PinionSearchField field)
{
  return field == PINION_SEARCH_WORDS || field == PINION_SEARCH_FROM || field == PINION_SEARCH_TO
         || field == PINION_SEARCH_CC || field == PINION_SEARCH_BCC;
}

static DexFuture *
suggest_fiber (gpointer data)
{
  Wish *wish = data;
  g_autoptr (GPtrArray) suggestions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_suggestion_free);
  GError *error = NULL;

  if (*wish->word != '\0'
      && (wish->field == PINION_SEARCH_WORDS || wish->field == PINION_SEARCH_LABEL))
    add_labels (wish, suggestions);

  if (*wish->word != '\0' && is_about_people (wish->field))
    {
      g_autoptr (GPtrArray) people = pinion_await_boxed (
          pinion_store_search_people (wish->engine->search, wish->word, wish->limit), &error);

      if (people == NULL)
        return dex_future_new_for_error (error);
      add_people (wish, people, suggestions);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&suggestions));
}

DexFuture *
pinion_engine_suggest (PinionEngine *self,
                       const char   *text,
                       guint         limit)
{
  g_autoptr (PinionSearchQuery) query
      = pinion_search_query_parse (text, g_get_real_time () / G_USEC_PER_SEC);
  const PinionSearchTerm *last
      = query->terms->len > 0 ? g_ptr_array_index (query->terms, query->terms->len - 1) : NULL;
  Wish *wish = g_new0 (Wish, 1);

  wish->engine = g_object_ref (self);
  wish->limit = limit;
  wish->field = last != NULL ? last->field : PINION_SEARCH_WORDS;
  wish->word = g_strdup (last != NULL && last->is_last ? last->text : "");

  return pinion_fiber_spawn (NULL, 0, suggest_fiber, wish, wish_free);
}

/* -- How far back --------------------------------------------------------------------------- */

/* @account: 0 for all.  @shortest: whose mail reaches back least, of those seen. */
typedef struct
{
  gint64 account;
  gint64 shortest;
  guint n_accounts;
  PinionReach reach;
} Reaching;

/* From when on all mail of @account is here; 0: there is no bound. */
static gint64
find_since (PinionStoreSession  *session,
            const PinionAccount *account,
            gint64               now)
{
  g_autoptr (GPtrArray) folders = pinion_store_folders_list (session, account->id);
  gint64 since = MAX (pinion_history_get_start (account->history, now, account->created), 0);

  for (guint i = 0; i < folders->len; i++)
    {
      const PinionStoreFolder *folder = g_ptr_array_index (folders, i);

      if (!folder->hidden && folder->selectable)
        since = MAX (since, MIN (folder->uids.since, now));
    }

  return since;
}

/* The shortest counts; whose it is is of interest where they differ. */
static void
add_since (Reaching *reaching,
           gint64    account,
           gint64    since)
{
  PinionReach *reach = &reaching->reach;

  if (reaching->n_accounts++ > 0 && since != reach->since)
    reach->account = since > reach->since ? account : reaching->shortest;
  if (since > reach->since || reaching->n_accounts == 1)
    {
      reach->since = since;
      reaching->shortest = account;
    }
}

static DexFuture *
read_reach (PinionStoreSession *session,
            gpointer            data)
{
  Reaching *reaching = data;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  for (guint i = 0; i < accounts->len; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);
      PinionStoreProgress progress = { 0 };

      if (reaching->account != 0 && account->id != reaching->account)
        continue;

      add_since (reaching, account->id, find_since (session, account, now));
      pinion_store_get_progress (session, account->id, &progress);
      reaching->reach.bodies_missing += progress.bodies_wanted + progress.bodies_unavailable;
    }
  reaching->reach.oldest = pinion_store_get_oldest (session, reaching->account);
  reaching->reach.waiting = pinion_store_search_get_waiting (session);

  return dex_future_new_take_boxed (PINION_TYPE_REACH, reach_copy (&reaching->reach));
}

DexFuture *
pinion_engine_get_reach (PinionEngine *self,
                         gint64        account)
{
  Reaching *reaching = g_new0 (Reaching, 1);

  reaching->account = account;

  return pinion_store_read (self->store, read_reach, reaching, g_free);
}
