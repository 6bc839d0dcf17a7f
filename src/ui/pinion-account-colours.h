/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The colours an account may have, as a person chooses among them. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list of strings, translated: first none, then the colours.  Returns: (transfer full) */
GListModel *pinion_account_colours_new_model (void);

/* "#rrggbb" at @position; %NULL for none. */
const char *pinion_account_colours_get (guint position);

/* Where @colour (nullable) stands; GTK_INVALID_LIST_POSITION for one that is none of them. */
guint pinion_account_colours_find (const char *colour);

G_END_DECLS
