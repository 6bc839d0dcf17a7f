/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of every action, as a dialog made from the one table of actions. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Returns: (transfer floating) */
AdwDialog *pinion_shortcuts_new (void);

/* Adds the groups of the table to @page.  @with_single: also the keys that are a letter or sign
 * alone.
 * @groups: (nullable) takes them, borrowed. */
void pinion_shortcuts_add_groups (AdwPreferencesPage *page,
                                  gboolean            with_single,
                                  GPtrArray          *groups);

G_END_DECLS
