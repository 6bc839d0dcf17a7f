/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a finger does to a row of conversations: the row follows it, with colour and a sign of what
 * letting go does beneath.  One for each row, which owns it and draws through it. */

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

/* Fills in what @row offers towards its end and its start now. */
typedef void (*PinionSwipeOfferFunc) (GtkWidget        *row,
                                      PinionSwipeOffer *to_end,
                                      PinionSwipeOffer *to_start,
                                      gpointer          user_data);
typedef void (*PinionSwipedFunc)     (GtkWidget        *row,
                                      PinionSwipeSide   side,
                                      gpointer          user_data);

typedef struct _PinionRowSwipe PinionRowSwipe;

/* @row: draws by pinion_row_swipe_snapshot(); frees it before it is gone. */
PinionRowSwipe *pinion_row_swipe_new  (GtkWidget            *row,
                                       PinionSwipeOfferFunc  offer,
                                       PinionSwipedFunc      swiped,
                                       gpointer              user_data);
void            pinion_row_swipe_free (PinionRowSwipe       *self);

/* The row shows something else: it is at its place. */
void pinion_row_swipe_reset (PinionRowSwipe *self);

/* Draws what is beneath, and moves along what is drawn next.  Returns: whether the row is away from
 * its place; gtk_snapshot_restore() and _pop() end it then. */
gboolean pinion_row_swipe_snapshot (PinionRowSwipe *self,
                                    GtkSnapshot    *snapshot);

G_END_DECLS
