/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching what is on the servers and not here: outside the history range.
 *
 * What a server finds is taken in (its header; its text comes with the sync, or when it is
 * opened), so that it is found by pinion_engine_search() and by lists of the same question from
 * then on.  It goes with the rest that lies outside when the history range is set anew. */

#pragma once

#include "pinion-search.h"

G_BEGIN_DECLS

/* Messages that are taken in at most, of each account. */
#define PINION_SERVER_SEARCH_MOST 200

/* What could not be searched: @label a path, %NULL: the whole account. */
typedef struct
{
  gint64 account;
  char *label;
  GError *error;
} PinionServerFailure;

/* @known: messages found that were here already; @taken: those that are here now.  @more: there
 * are older ones.  @accounts: that were searched, at least in part.  @failures:
 * PinionServerFailure.  Counted, never changed. */
typedef struct
{
  guint known;
  guint taken;
  gboolean more;
  guint accounts;
  GPtrArray *failures;
} PinionServerFound;

#define PINION_TYPE_SERVER_FOUND (pinion_server_found_get_type ())
GType pinion_server_found_get_type (void);

PinionServerFound *pinion_server_found_ref   (PinionServerFound *self);
void               pinion_server_found_unref (PinionServerFound *self);

/* Searches all accounts whose history has a beginning, each over a connection of its own.
 * @progress: (nullable) told on the main thread, by folder; @destroy: (nullable) is called
 * there, too, once it is over.  Dropping the future stops it at once; what was found by then
 * stays. Resolves to a PinionServerFound (boxed): what fails is told in it. */
DexFuture *pinion_engine_search_server (PinionEngine      *self,
                                        PinionSearchQuery *query,
                                        guint              most,
                                        PinionProgressFunc progress,
                                        gpointer           user_data,
                                        GDestroyNotify     destroy);

/* Whether there is anything on a server that is not here by the history range. */
gboolean pinion_engine_has_more_on_server (PinionEngine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionServerFound, pinion_server_found_unref)

G_END_DECLS
