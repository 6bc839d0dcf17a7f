/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An account in the preferences: how it stands, how far back its mail is kept here, its password,
 * its end.
 *
 * Signal "told" (string): something the person should know, for a toast. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ACCOUNT_ROW (pinion_account_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionAccountRow, pinion_account_row, PINION, ACCOUNT_ROW, AdwExpanderRow)

GtkWidget *pinion_account_row_new (PinionEngine      *engine,
                                   PinionAccountItem *account);

gint64 pinion_account_row_get_id (PinionAccountRow *self);

/* Opens it, ready for a new password. */
void pinion_account_row_ask_password (PinionAccountRow *self);

G_END_DECLS
