/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history ranges, as a person chooses among them. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-account.h"

G_BEGIN_DECLS

/* A list of strings in the order of PinionHistory, translated: the position is the value.
 * Returns: (transfer full) */
GListModel *pinion_history_new_model (void);

G_END_DECLS
