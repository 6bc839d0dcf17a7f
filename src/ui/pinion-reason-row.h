/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row below an entry that says what is wrong with it: nothing while typing, the reason when the
 * entry is left, gone again with the next key. */

#pragma once

#include <adwaita.h>

#include "pinion-setup.h"

G_BEGIN_DECLS

#define PINION_TYPE_REASON_ROW (pinion_reason_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionReasonRow, pinion_reason_row, PINION, REASON_ROW, AdwPreferencesRow)

/* Properties, to be set once: "entry" (AdwEntryRow), "field" (PinionSetupField). */

/* Checks now, and says what is wrong.  Returns: whether nothing is */
gboolean pinion_reason_row_check (PinionReasonRow *self);

/* Checks each, up to a %NULL; the first entry that is wrong gets the focus. */
gboolean pinion_reason_rows_check (PinionReasonRow *first,
                                   ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
