/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The program as the desktop sees it: one instance, its options, mailto: addresses, its windows.
 * Owns the engine from the first activation until the last window is gone and everything is
 * written. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PINION_TYPE_APPLICATION (pinion_application_get_type ())
G_DECLARE_FINAL_TYPE (PinionApplication, pinion_application, PINION, APPLICATION, AdwApplication)

/* Returns: (transfer full) */
PinionApplication *pinion_application_new (void);

G_END_DECLS
