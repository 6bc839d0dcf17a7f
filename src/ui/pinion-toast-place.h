/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where toasts are shown. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Whether the toasts of @toasts, now and later, leave the bar of actions for a selection free.  They are
 * styled themselves: a class of the overlay would have all of the window styled anew. */
void pinion_toast_place_above_bar (AdwToastOverlay *toasts,
                                   gboolean         above);

G_END_DECLS
