/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of recipients in a composer: a quiet title, an entry, and what is wrong with it below.  It
 * validates when it is left, not while typing.
 *
 * Properties: "title" (string, also the entry's accessible name).  Children of type "suffix" are
 * put at the end.  Signal "changed". */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PINION_TYPE_RECIPIENT_ROW (pinion_recipient_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionRecipientRow, pinion_recipient_row, PINION, RECIPIENT_ROW, GtkWidget)

/* As typed.  Borrowed. */
const char *pinion_recipient_row_get_text (PinionRecipientRow *self);
void        pinion_recipient_row_set_text (PinionRecipientRow *self,
                                           const char         *text);

/* Whether every recipient is an address; shows what is not. */
gboolean pinion_recipient_row_validate (PinionRecipientRow *self);

/* Shows @words below, %NULL for none. */
void pinion_recipient_row_set_problem (PinionRecipientRow *self,
                                       const char         *words);

G_END_DECLS
