/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far the sync is: a thin bar over a caption, "12,340 of 50,000 listed", then "12,340 of 50,000 · about
 * 3 min"; gone when there is nothing to tell.  With several accounts at work, their counts are added up. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_PROGRESS (pinion_progress_get_type ())
G_DECLARE_FINAL_TYPE (PinionProgress, pinion_progress, PINION, PROGRESS, AdwBin)

/* @accounts: a list of PinionAccountItem, followed from now on. */
void pinion_progress_set_accounts (PinionProgress *self,
                                   GListModel     *accounts);

/* "12,340 of 50,000 · about 3 min".  Returns: (transfer full) */
char *pinion_progress_format (guint    done,
                              guint    total,
                              gboolean listing,
                              guint    seconds_left);

G_END_DECLS
