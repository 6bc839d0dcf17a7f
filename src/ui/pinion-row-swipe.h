/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a finger does to a row of conversations: the row follows it, with colour and a sign of what
 * letting go does beneath.  One for all rows of a list: there is one finger, and a row costs less
 * without a gesture of its own. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-swipe.h"

G_BEGIN_DECLS

/* What a side offers.  @icon: (nullable) %NULL: nothing. */
typedef struct
{
  const char *icon;
  const char *colour; /* "#rrggbb", for white to be read on */
} PinionSwipeOffer;

/* Fills in what the row at (@x, @y) of the list offers towards its end and its start now.  Returns:
 * (nullable) (transfer none) the row. */
typedef GtkWidget *(*PinionSwipeOfferFunc) (double            x,
                                            double            y,
                                            PinionSwipeOffer *to_end,
                                            PinionSwipeOffer *to_start,
                                            gpointer          user_data);
typedef void       (*PinionSwipedFunc)     (GtkWidget        *row,
                                            PinionSwipeSide   side,
                                            gpointer          user_data);

typedef struct _PinionRowSwipe PinionRowSwipe;

/* Follows fingers on @list, which outlives what it calls.  Counted: the rows have it, too. */
PinionRowSwipe *pinion_row_swipe_new   (GtkWidget            *list,
                                        PinionSwipeOfferFunc  offer,
                                        PinionSwipedFunc      swiped,
                                        gpointer              user_data);
PinionRowSwipe *pinion_row_swipe_ref   (PinionRowSwipe       *self);
void            pinion_row_swipe_unref (PinionRowSwipe       *self);

/* No more of @list's fingers: it goes. */
void pinion_row_swipe_stop (PinionRowSwipe *self);

/* @row shows something else, or is gone: it is at its place. */
void pinion_row_swipe_forget (PinionRowSwipe *self,
                              GtkWidget      *row);

/* Draws what is beneath @row, and moves along what is drawn next.  Returns: whether it is away from
 * its place; gtk_snapshot_restore() and _pop() end it then. */
gboolean pinion_row_swipe_snapshot (PinionRowSwipe *self,
                                    GtkWidget      *row,
                                    GtkSnapshot    *snapshot);

G_END_DECLS
