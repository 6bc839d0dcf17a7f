/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows of a conversation list are selected.  Kept as positions alone, so that selecting all of
 * half a million conversations makes none of them; has the sections of the list. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_LIST_SELECTION (pinion_list_selection_get_type ())
G_DECLARE_FINAL_TYPE (PinionListSelection, pinion_list_selection, PINION, LIST_SELECTION, GObject)

/* Returns: (transfer full) */
PinionListSelection *pinion_list_selection_new (PinionConversationList *list);

guint pinion_list_selection_get_size (PinionListSelection *self);

G_END_DECLS
