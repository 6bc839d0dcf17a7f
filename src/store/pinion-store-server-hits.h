/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers found for a question: pinion_store_search_find() has it, too, when the same is asked
 * again.  Of the last questions only. */

#pragma once

#include "pinion-store-search.h"

G_BEGIN_DECLS

/* @messages: gint64; those that are gone meanwhile are passed over. */
void pinion_store_server_hits_add (PinionStoreSession      *session,
                                   const PinionSearchQuery *query,
                                   GArray                  *messages);

/* Ids of messages, gint64.  Returns: (transfer full) */
GArray *pinion_store_server_hits_list (PinionStoreSession      *session,
                                       const PinionSearchQuery *query);

G_END_DECLS
