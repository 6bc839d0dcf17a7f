/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A search that is kept under a name, on this computer; it is about all accounts.  Lives on the
 * main thread; "notify" says that something of it changed.
 *
 * The acts resolve to a PinionDone (boxed), the list has it by then.  They reject with
 * PINION_ERROR_NOT_FOUND where there is no such search, with PINION_ERROR_INVALID_ARGUMENT where
 * a name cannot be, is another's, or there are too many. */

#pragma once

#include "pinion-search.h"

G_BEGIN_DECLS

#define PINION_TYPE_SAVED_SEARCH (pinion_saved_search_get_type ())
G_DECLARE_FINAL_TYPE (PinionSavedSearch, pinion_saved_search, PINION, SAVED_SEARCH, GObject)

gint64            pinion_saved_search_get_id     (PinionSavedSearch *self);
const char       *pinion_saved_search_get_name   (PinionSavedSearch *self);
/* As it was typed. */
const char       *pinion_saved_search_get_query  (PinionSavedSearch *self);
PinionSearchOrder pinion_saved_search_get_order  (PinionSavedSearch *self);
/* Whether it stands in the sidebar. */
gboolean          pinion_saved_search_get_pinned (PinionSavedSearch *self);

/* Of PinionSavedSearch, in the person's order.  Borrowed. */
GListModel        *pinion_engine_get_saved_searches (PinionEngine *self);
/* These are borrowed and (nullable). */
PinionSavedSearch *pinion_engine_find_saved_search  (PinionEngine *self,
                                                     gint64        id);
/* In any case. */
PinionSavedSearch *pinion_engine_find_saved_search_named (PinionEngine *self,
                                                          const char   *name);
/* That searches for @query, whatever blanks are around it. */
PinionSavedSearch *pinion_engine_find_saved_search_for   (PinionEngine *self,
                                                          const char   *query);

/* Keeps @query as @name and pins it; where there is one by this name it becomes this. */
DexFuture *pinion_engine_save_search (PinionEngine     *self,
                                      const char       *name,
                                      const char       *query,
                                      PinionSearchOrder order);
DexFuture *pinion_engine_rename_search (PinionEngine *self,
                                        gint64        search,
                                        const char   *name);
DexFuture *pinion_engine_remove_search (PinionEngine *self,
                                        gint64        search);
DexFuture *pinion_engine_pin_search    (PinionEngine *self,
                                        gint64        search,
                                        gboolean      pinned);
/* @position: among those that are pinned, from 0. */
DexFuture *pinion_engine_move_search   (PinionEngine *self,
                                        gint64        search,
                                        guint         position);

G_END_DECLS
