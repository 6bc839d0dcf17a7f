/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a row of conversations is drawn of, by itself: it has no widgets within, as a list makes two
 * hundred rows for each label that is shown, of which a dozen are seen. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-search-query.h"

G_BEGIN_DECLS

/* Pixels, of one among the texts. */
#define PINION_ROW_ICON 14

/* The colour of @widget's text, as it is, or fainter for what stands back. */
GdkRGBA pinion_row_get_colour     (GtkWidget *widget);
GdkRGBA pinion_row_get_dim_colour (GtkWidget *widget);

/* The accent where it stands on its own, as text or as a dot. */
GdkRGBA pinion_row_get_accent (void);

/* @layout on the first line of @area, ended by "…" where there is more: at its start, whichever way the
 * text itself runs. */
void pinion_row_draw_text (GtkSnapshot           *snapshot,
                           PangoLayout           *layout,
                           const graphene_rect_t *area,
                           gboolean               is_rtl,
                           const GdkRGBA         *colour);

/* Marks in @list what @query finds in @text, which is of @field. */
void pinion_row_add_marks (PangoAttrList     *list,
                           PinionSearchQuery *query,
                           PinionSearchField  field,
                           const char        *text);

/* In high contrast only: the edge of @area, where a tint alone says what it is elsewhere. */
void pinion_row_draw_edge (GtkSnapshot           *snapshot,
                           const graphene_rect_t *area,
                           float                  radius,
                           const GdkRGBA         *colour);

/* A symbolic icon that fills @area. */
void pinion_row_draw_icon (GtkWidget             *widget,
                           GtkSnapshot           *snapshot,
                           const graphene_rect_t *area,
                           const char            *name,
                           const GdkRGBA         *colour);

/* Draws one of what there may be in a row where nobody sees it: what it is drawn of is there when it is
 * wanted.  Returns: whether there is a picture numbered so. */
gboolean pinion_row_draw_ahead (GtkWidget *widget,
                                guint      number);

/* The circle with the initials of @name (nullable), as AdwAvatar has it of the same name. */
void pinion_row_draw_avatar (GtkWidget             *widget,
                             GtkSnapshot           *snapshot,
                             const graphene_rect_t *area,
                             const char            *name);

/* A label's pill.  @hue: (nullable) %NULL: grey. */
void pinion_row_draw_chip (GtkWidget             *widget,
                           GtkSnapshot           *snapshot,
                           const graphene_rect_t *area,
                           PangoLayout           *layout,
                           const GdkRGBA         *hue);

/* A round check mark. */
void pinion_row_draw_check (GtkWidget             *widget,
                            GtkSnapshot           *snapshot,
                            const graphene_rect_t *area,
                            gboolean               is_checked);

void pinion_row_draw_disc (GtkSnapshot           *snapshot,
                           const graphene_rect_t *area,
                           float                  radius,
                           const GdkRGBA         *colour);

G_END_DECLS
