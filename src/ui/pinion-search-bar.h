/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a search is typed: the field, what was understood of it as chips, what may be meant, and how
 * far back the mail here reaches.
 *
 * Signals:
 *   "changed": the query or the order is another
 *   "closed": by the person, with Escape
 *   "left": down to what was found */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"
#include "pinion-saved-search.h"

G_BEGIN_DECLS

#define PINION_TYPE_SEARCH_BAR (pinion_search_bar_get_type ())
G_DECLARE_FINAL_TYPE (PinionSearchBar, pinion_search_bar, PINION, SEARCH_BAR, AdwBin)

/* Once, before it is opened. */
void pinion_search_bar_set_engine (PinionSearchBar *self,
                                   PinionEngine    *engine);

/* Shows it with the focus in the field, whose text is selected. */
void pinion_search_bar_open (PinionSearchBar *self);

/* Shows it with @text, found at once, and leaves the focus where it is. */
void pinion_search_bar_show (PinionSearchBar   *self,
                             const char        *text,
                             PinionSearchOrder  order);

/* As if @text had been typed. */
void pinion_search_bar_set_text (PinionSearchBar *self,
                                 const char      *text);

/* Without a signal; what was typed is forgotten. */
void pinion_search_bar_close (PinionSearchBar *self);

gboolean pinion_search_bar_is_open (PinionSearchBar *self);

/* What is typed counts now, though the field waits for more of it. */
void pinion_search_bar_take (PinionSearchBar *self);

/* What is searched for, borrowed; %NULL where there is nothing to search for. */
PinionSearchQuery *pinion_search_bar_get_query (PinionSearchBar *self);
PinionSearchOrder  pinion_search_bar_get_order (PinionSearchBar *self);

G_END_DECLS
