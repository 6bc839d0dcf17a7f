/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the pages inside the preferences have in common: they open each other, and tell in a toast
 * of the dialog.  Where @widget is in the dialog no more, nothing happens. */

#pragma once

#include <adwaita.h>
#include <libdex.h>

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

/* @done: whether what was followed came true. */
typedef void (*PinionSubpageFunc) (GtkWidget *widget,
                                   gboolean   done);

/* Follows a change to its end, and tells why it failed, though the page be gone by then and only the
 * dialog there.  @widget: held until then.  @future: (transfer full).  @ended: (nullable) is called in
 * any case, maybe after @widget was disposed of. */
void pinion_subpage_follow (GtkWidget         *widget,
                            DexFuture         *future,
                            PinionSubpageFunc  ended);

/* For @ended: back to the page below, once it is done. */
void pinion_subpage_pop_if_done (GtkWidget *widget,
                                 gboolean   done);

G_END_DECLS
