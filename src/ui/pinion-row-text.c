/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-text.h"

#include "pinion-row-draw.h"

/* What most texts are made of. */
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?-…"

/* Of the text's size */
#define SMALL 0.93
#define CAPTION 0.82

/* @field -1: not marked. */
typedef struct
{
  double scale;
  gboolean is_bold_unread;
  int field;
} TextStyle;

static const TextStyle styles[] = {
  [PINION_ROW_PEOPLE] = { 1, TRUE, PINION_SEARCH_FROM },
  [PINION_ROW_DRAFT] = { CAPTION, FALSE, -1 },
  [PINION_ROW_TIME] = { CAPTION, FALSE, -1 },
  [PINION_ROW_SUBJECT] = { 1, TRUE, PINION_SEARCH_SUBJECT },
  [PINION_ROW_SNIPPET] = { SMALL, FALSE, PINION_SEARCH_BODY },
  [PINION_ROW_BACK] = { CAPTION, FALSE, -1 },
  [PINION_ROW_CHIPS] = { PINION_ROW_CHIP_SCALE, FALSE, -1 },
};

static int
get_field (guint                 number,
           const PinionRowWords *words)
{
  if (number == PINION_ROW_PEOPLE && words->is_to)
    return PINION_SEARCH_TO;
  if (number == PINION_ROW_SNIPPET)
    return (int) words->snippet_field;

  return styles[MIN (number, PINION_ROW_CHIPS)].field;
}

static PangoAttrList *
new_attributes (guint    number,
                gboolean is_unread)
{
  const TextStyle *style = &styles[MIN (number, PINION_ROW_CHIPS)];
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (style->scale));
  if (style->is_bold_unread && is_unread)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (number == PINION_ROW_TIME)
    pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (number >= PINION_ROW_CHIPS)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_MEDIUM));

  return attributes;
}

PangoLayout *
pinion_row_text_new (GtkWidget            *widget,
                     guint                 number,
                     const char           *text,
                     const PinionRowWords *words,
                     PinionSearchQuery    *query)
{
  int field = get_field (number, words);
  const char *shown = text != NULL ? text : "";
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, shown);
  PangoAttrList *attributes = new_attributes (number, words->unread);

  if (query != NULL && field >= 0)
    pinion_row_add_marks (attributes, query, (PinionSearchField) field, shown);

  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);

  return layout;
}

gboolean
pinion_row_text_load (GtkWidget *widget,
                      guint      number)
{
  g_autoptr (PangoLayout) layout = NULL;
  PangoAttrList *attributes;
  PangoRectangle ink;

  /* Read and unread */
  if (number >= 2 * G_N_ELEMENTS (styles))
    return pinion_row_draw_ahead (widget, number - 2 * G_N_ELEMENTS (styles));

  layout = gtk_widget_create_pango_layout (widget, LETTERS);
  attributes = new_attributes (number / 2, number % 2 == 0);
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_extents (layout, &ink, NULL);

  return TRUE;
}
