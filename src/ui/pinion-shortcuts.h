/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of every action, as a dialog made from the one table of actions. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Returns: (transfer floating) */
AdwDialog *pinion_shortcuts_new (void);

G_END_DECLS
