/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popovers that live as long as they are open. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows @popover (floating) at @anchor, which it leaves once it has closed; the focus goes back to
 * where it was.  @at: (nullable) a place in @anchor. */
void pinion_popover_present (GtkPopover         *popover,
                             GtkWidget          *anchor,
                             const GdkRectangle *at);

G_END_DECLS
