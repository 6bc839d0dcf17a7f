/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches that people keep under a name; this computer's alone, about all accounts.
 *
 * Names differ in more than case.  Commands are one step each and return the undo group, 0 where
 * nothing had to change; what does not exist fails with NOT_FOUND, a name that cannot be, and one
 * search too many, with INVALID_ARGUMENT. */

#pragma once

#include "pinion-store-search.h"

G_BEGIN_DECLS

/* So many are kept, with so many bytes of name. */
#define PINION_STORE_MAX_SAVED_SEARCHES 200
#define PINION_STORE_MAX_SEARCH_NAME 200

/* @query: any text, valid UTF-8. */
typedef struct
{
  gint64 id;
  char *name;
  char *query;
  PinionStoreSearchOrder order;
  gboolean pinned;
} PinionStoreSavedSearch;

void pinion_store_saved_search_free (PinionStoreSavedSearch *self);

/* In the person's order.  Returns: (transfer full): PinionStoreSavedSearch */
GPtrArray *pinion_store_saved_searches_list (PinionStoreSession *session);

/* The one named @name, in any case; 0: none. */
gint64 pinion_store_saved_search_find (PinionStoreSession *session,
                                       const char         *name);

/* Keeps @query as @name, pinned.  Where there is one by this name it becomes this. */
gint64 pinion_store_command_save_search (PinionStoreSession    *session,
                                         const char            *name,
                                         const char            *query,
                                         PinionStoreSearchOrder order);
gint64 pinion_store_command_rename_search (PinionStoreSession *session,
                                           gint64              search,
                                           const char         *name);
gint64 pinion_store_command_remove_search (PinionStoreSession *session,
                                           gint64              search);
gint64 pinion_store_command_pin_search (PinionStoreSession *session,
                                        gint64              search,
                                        gboolean            pinned);
/* Makes it the one at @position among the pinned ones (from 0; beyond the end: the last). */
gint64 pinion_store_command_move_search (PinionStoreSession *session,
                                         gint64              search,
                                         guint               position);

/* For the undo: makes everything again as it was before @group.  Returns: how many steps it had. */
guint pinion_store_saved_searches_undo (PinionStoreSession *session,
                                        gint64              group);

/* For the rescue file. */
void pinion_store_saved_searches_to_key_file (PinionStoreSession *session,
                                              GKeyFile           *file);
void pinion_store_saved_searches_restore     (PinionStoreSession *session,
                                              GKeyFile           *file);

G_END_DECLS
