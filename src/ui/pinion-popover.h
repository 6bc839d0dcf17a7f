/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popovers that live as long as they are open, and menus that a key opens: the focus goes back to
 * where it was. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows @popover (floating) at @anchor, which it leaves once it has closed; the focus goes back to
 * where it was.  @at: (nullable) a place in @anchor. */
void pinion_popover_present (GtkPopover         *popover,
                             GtkWidget          *anchor,
                             const GdkRectangle *at);

/* The menu of @button, which then has the focus only while it is open. */
void pinion_popover_open_menu (GtkMenuButton *button);

G_END_DECLS
