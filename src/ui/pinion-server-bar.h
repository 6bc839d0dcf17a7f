/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Below what was found here: offers to search the server for the rest, tells how that goes and
 * what came of it.  Not to be seen where nothing is searched for, or everything is here. */

#pragma once

#include <adwaita.h>

#include "pinion-search.h"

G_BEGIN_DECLS

#define PINION_TYPE_SERVER_BAR (pinion_server_bar_get_type ())
G_DECLARE_FINAL_TYPE (PinionServerBar, pinion_server_bar, PINION, SERVER_BAR, AdwBin)

/* Once. */
void pinion_server_bar_set_engine (PinionServerBar *self,
                                   PinionEngine    *engine);

/* What is searched for; (nullable).  Another question stops the search that runs. */
void pinion_server_bar_set_query (PinionServerBar   *self,
                                  PinionSearchQuery *query);

/* Whether it can search now. */
gboolean pinion_server_bar_is_offered (PinionServerBar *self);

/* Searches, unless it does already. */
void pinion_server_bar_search (PinionServerBar *self);

G_END_DECLS
