/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the parts of a row of conversations stand.  Everything follows from the font and from the
 * row's width: no text has to be laid out to know how high a row is. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Pixels.  @line: a line of the text, @small: of the preview, @digit: what a character is wide. */
typedef struct
{
  int line;
  int small;
  int digit;
} PinionRowMetrics;

/* @check: how much of the check mark is shown, 0 to 1. */
typedef struct
{
  float width;
  float height;
  double check;
  gboolean has_avatar;
  gboolean is_compact;
  gboolean is_rtl;
} PinionRowShape;

/* Relative to the row's content.  @lines: the people's, the subject's, the preview's; a compact row
 * has two. */
typedef struct
{
  graphene_rect_t check;
  graphene_rect_t dot;
  graphene_rect_t star;
  graphene_rect_t avatar;
  graphene_rect_t lines[3];
} PinionRowLayout;

/* Those of @widget's font; the same for all rows, and kept until the font changes. */
const PinionRowMetrics *pinion_row_metrics_get (GtkWidget *widget);

/* Pixels that a row's content is high at least. */
int pinion_row_layout_get_height (const PinionRowMetrics *metrics,
                                  gboolean                is_compact);

void pinion_row_layout_init (PinionRowLayout        *self,
                             const PinionRowShape   *shape,
                             const PinionRowMetrics *metrics);

/* Takes @width from the end of @line, and @spacing before it.  Returns: what was taken */
graphene_rect_t pinion_row_layout_take_end (graphene_rect_t *line,
                                            float            width,
                                            float            spacing,
                                            gboolean         is_rtl);

G_END_DECLS
