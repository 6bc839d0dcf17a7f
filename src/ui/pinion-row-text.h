/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the texts of a row of conversations are set. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-row-words.h"
#include "pinion-search-query.h"

G_BEGIN_DECLS

/* The text of a chip, of the text's size */
#define PINION_ROW_CHIP_SCALE 0.77

/* The last of them are chips, which are numbered on. */
typedef enum
{
  PINION_ROW_PEOPLE,
  PINION_ROW_DRAFT,
  PINION_ROW_TIME,
  PINION_ROW_SUBJECT,
  PINION_ROW_SNIPPET,
  PINION_ROW_BACK,
  PINION_ROW_CHIPS,
  PINION_ROW_N_TEXTS = PINION_ROW_CHIPS + PINION_ROW_MOST_CHIPS
} PinionRowText;

/* @text (nullable), number @number of the row @widget that says @words, with what @query (nullable) finds
 * in it marked.  Returns: (transfer full) */
PangoLayout *pinion_row_text_new (GtkWidget            *widget,
                                  guint                 number,
                                  const char           *text,
                                  const PinionRowWords *words,
                                  PinionSearchQuery    *query);

/* Loads the font, or the picture, numbered so of those that rows in @widget have, so that the first rows
 * to be drawn need not wait for all of them.  Returns: whether there is one. */
gboolean pinion_row_text_load (GtkWidget *widget,
                               guint      number);

G_END_DECLS
