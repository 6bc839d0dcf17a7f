/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching all mail that is here, Trash and Junk included.
 *
 * What is typed is parsed by pinion_search_query_parse() (pinion-search-query.h), which also gives
 * the chips and marks what was found.  A PinionConversationList shows what is found as it shows a
 * label:
 *
 *   list = pinion_conversation_list_new_for_search (engine, query, order);
 *   pinion_conversation_list_set_query (list, next_query, order);
 *
 * the latter at each key: the search before is given up, its rows stay until there are others.
 *
 * The index is kept by the engine, in the background and off the main thread.  Main thread only. */

#pragma once

#include "pinion-engine.h"
#include "pinion-search-query.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_SEARCH_BY_DATE,
  PINION_SEARCH_BY_RELEVANCE,
} PinionSearchOrder;

/* The list follows the store and the index by itself; it holds the first 10,000 conversations.
 * Returns: (transfer full) */
PinionConversationList *pinion_conversation_list_new_for_search (PinionEngine      *engine,
                                                                 PinionSearchQuery *query,
                                                                 PinionSearchOrder  order);

/* Only for a list that was made for a search.  "loading" is TRUE until the first of it is found. */
void pinion_conversation_list_set_query (PinionConversationList *self,
                                         PinionSearchQuery      *query,
                                         PinionSearchOrder       order);

/* What the list searches for, borrowed; %NULL for the list of a label or view. */
PinionSearchQuery *pinion_conversation_list_get_query (PinionConversationList *self);

/* At most @limit conversations, 0 for all.  Everything is indexed first, however long that takes.
 * @excerpts: with the words around what was found, for which the messages' files are read.
 * Resolves to a GPtrArray (boxed) of loaded PinionConversation. */
DexFuture *pinion_engine_search (PinionEngine      *self,
                                 PinionSearchQuery *query,
                                 PinionSearchOrder  order,
                                 guint              limit,
                                 gboolean           excerpts);

/* -- Suggestions ---------------------------------------------------------------------------- */

/* What may be meant by the word that is being typed: a person (@name, @address) or a label (@label,
 * its path in @name).  @insert: the term to put in its place, "from:ana@example.com". */
typedef struct
{
  char *name;
  char *address;
  gint64 label;
  char *insert;
} PinionSuggestion;

void pinion_suggestion_free (PinionSuggestion *self);

/* For the last term of @text, which may have a field: "from:an", "label:pro", or "an" for both.
 * Labels first, people by how much mail there is.  Resolves to a GPtrArray (boxed) of
 * PinionSuggestion. */
DexFuture *pinion_engine_suggest (PinionEngine *self,
                                  const char   *text,
                                  guint         limit);

/* -- How far back --------------------------------------------------------------------------- */

/* @since: all mail received from then on is here (seconds; 0: there is no bound; over all
 * accounts the latest).  @account: whose that is, where others reach further back; else 0.
 * @oldest: when the oldest message that is here was received, 0 where there is none.
 * @bodies_missing: messages of which only the header can be searched yet.  @waiting: messages
 * that are not indexed yet. */
typedef struct
{
  gint64 since;
  gint64 account;
  gint64 oldest;
  gint64 bodies_missing;
  gint64 waiting;
} PinionReach;

#define PINION_TYPE_REACH (pinion_reach_get_type ())
GType pinion_reach_get_type (void);

/* Of @account, 0 for all.  Resolves to a PinionReach (boxed). */
DexFuture *pinion_engine_get_reach (PinionEngine *self,
                                    gint64        account);

G_END_DECLS
