/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A finger drawn across a row: whose it is, how far the row follows, and what letting go means.
 * Plain numbers, without widgets: pixels from where the finger came down, x to the right.
 *
 * The finger is left to whoever scrolls unless it goes sideways first.  A side that has nothing to
 * offer moves nothing.  Sides are the reader's: in right-to-left, the end is on the left. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Towards which side the row is drawn. */
typedef enum
{
  PINION_SWIPE_NOWHERE,
  PINION_SWIPE_TO_END,
  PINION_SWIPE_TO_START,
} PinionSwipeSide;

typedef enum
{
  PINION_SWIPE_UNDECIDED, /* too short to tell */
  PINION_SWIPE_FOLLOWS,
  PINION_SWIPE_REFUSED,   /* it scrolls, or that side has nothing to offer */
} PinionSwipeState;

typedef struct
{
  double width;
  gboolean rtl;
  gboolean has_end;
  gboolean has_start;
  PinionSwipeState state;
  double offset; /* of the row, to the right */

  /* How quick the finger is, where it was last, and when, in ms. */
  double velocity;
  double x;
  guint32 time;
} PinionSwipe;

/* @width: of the row, in pixels.  @has_end, @has_start: which sides offer something. */
void pinion_swipe_begin (PinionSwipe *self,
                         double       width,
                         gboolean     rtl,
                         gboolean     has_end,
                         gboolean     has_start);

/* The finger is @x, @y from where it came down, at @time (ms).  Once it is not undecided, the state
 * stays. */
PinionSwipeState pinion_swipe_update (PinionSwipe *self,
                                      double       x,
                                      double       y,
                                      guint32      time);

/* Where the row is drawn to now. */
PinionSwipeSide pinion_swipe_get_side (const PinionSwipe *self);

/* Whether letting go here does it. */
gboolean pinion_swipe_is_far (const PinionSwipe *self);

/* The finger left at @time: a quick one need not have gone far, and one that turned back takes it
 * back.  Returns: what is to be done. */
PinionSwipeSide pinion_swipe_end (const PinionSwipe *self,
                                  guint32            time);

G_END_DECLS
