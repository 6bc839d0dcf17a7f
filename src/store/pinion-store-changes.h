/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making PinionStoreChanges, for this room only. */

#pragma once

#include "pinion-store-session.h"

G_BEGIN_DECLS

/* What the session's transaction has changed.  Returns: (transfer full) (nullable): %NULL for
 * nothing. */
PinionStoreChanges *pinion_store_changes_new (PinionStoreSession *session);

/* Returns: (transfer full) */
PinionStoreChanges *pinion_store_changes_new_everything (void);

G_END_DECLS
