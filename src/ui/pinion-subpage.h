/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the pages inside the preferences have in common: they open each other, and tell in a toast
 * of the dialog.  Where @widget is in the dialog no more, nothing happens. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Opens @page over the one that @widget is in.  @page: (transfer floating) */
void pinion_subpage_push (GtkWidget         *widget,
                          AdwNavigationPage *page);

/* Goes back from the page that @widget is in. */
void pinion_subpage_pop (GtkWidget *widget);

void pinion_subpage_tell       (GtkWidget    *widget,
                                const char   *words);
void pinion_subpage_tell_error (GtkWidget    *widget,
                                const GError *error);

G_END_DECLS
