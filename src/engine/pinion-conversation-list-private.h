/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of conversations, for its own files only. */

#pragma once

#include "pinion-conversation-private.h"
#include "pinion-date-runs.h"
#include "pinion-engine-private.h"
#include "pinion-listing.h"
#include "pinion-search.h"

G_BEGIN_DECLS

struct _PinionConversationList
{
  GObject parent_instance;

  PinionEngine *engine;
  PinionView view;
  GArray *ids;
  GArray *runs;   /* PinionDateRun */
  GArray *coming; /* what the runs are about to be, borrowed */
  PinionLeaving *leaving;
  int first_weekday;
  GHashTable *rows;
  GQueue recent;
  GHashTable *wanted;
  guint load_source;
  guint refresh_source;
  gulong changed_handler;
  gulong day_handler;
  gboolean loading;
  gboolean refreshing;
  gboolean refresh_again;
  GError *error;

  /* Of a search: @query is NULL otherwise.  @answered: (nullable) what is shown answers it.  @hits:
   * PinionStoreHit by conversation.  @unquoted: rows that may have more to tell of it. */
  PinionSearchQuery *query;
  PinionSearchQuery *answered;
  PinionSearchOrder order;
  GCancellable *searching;
  GHashTable *hits;
  GHashTable *unquoted;
  gboolean is_quoting;
  gulong indexed_handler;
};

/* What the list holds becomes @listing.  @gaps: how many it has against what it held, where that is
 * known. */
void pinion_conversation_list_become      (PinionConversationList *self,
                                           PinionListing          *listing,
                                           guint                   gaps);
void pinion_conversation_list_set_loading (PinionConversationList *self,
                                           gboolean                loading);

/* -- pinion-conversation-list-rows.c */

/* The conversation @id is read (again) soon. */
void pinion_conversation_list_want (PinionConversationList *self,
                                    gint64                  id);

/* Those of @changes that are here, again. */
void pinion_conversation_list_reload_rows (PinionConversationList *self,
                                           PinionStoreChanges     *changes);

/* Returns: (transfer full): of @id, to be filled soon where it is new */
PinionConversation *pinion_conversation_list_get_row (PinionConversationList *self,
                                                      gint64                  id);

/* Whether somebody looks at the row @item (nullable): whoever shows it keeps it. */
gboolean pinion_conversation_list_shows (PinionConversation *item);

/* -- pinion-conversation-list-excerpts.c */

/* Of a search: the row @id, or all that are looked at, quotes what was found where it does not show
 * it otherwise, soon. */
void pinion_conversation_list_quote     (PinionConversationList *self,
                                         gint64                  id);
void pinion_conversation_list_quote_all (PinionConversationList *self);

/* The same of @conversations, which @hits (of PinionStoreHit) found: all of them, before this returns.  In a
 * fiber of the main thread. */
gboolean pinion_conversations_quote (PinionEngine      *engine,
                                     PinionSearchQuery *query,
                                     GPtrArray         *conversations,
                                     const GArray      *hits,
                                     GError           **error);

/* -- pinion-conversation-list-search.c */

/* Searches anew; what is being searched for is given up. */
void pinion_conversation_list_search_now (PinionConversationList *self);

G_END_DECLS
