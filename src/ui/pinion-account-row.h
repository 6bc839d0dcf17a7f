/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An account in the preferences: its address and how its sync stands.  Where there are several, it
 * is put into its place among them by dragging, by its menu, or with Alt and the arrow keys.
 *
 * Signal "moved" (int64 account, uint position): the person wants it there. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ACCOUNT_ROW (pinion_account_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionAccountRow, pinion_account_row, PINION, ACCOUNT_ROW, AdwActionRow)

/* @position of @n_accounts. */
GtkWidget *pinion_account_row_new (PinionAccountItem *account,
                                   guint              position,
                                   guint              n_accounts);

gint64 pinion_account_row_get_id (PinionAccountRow *self);

/* How the sync of @account stands, in a few words.  Returns: (transfer full) */
char *pinion_account_dup_state_words (PinionAccountItem *account);

G_END_DECLS
