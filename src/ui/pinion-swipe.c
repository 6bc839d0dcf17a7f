/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-swipe.h"

#include <math.h>

/* So far the finger goes before it is told what it wants. */
#define SLACK 14.0

/* More sideways than up or down by this much. */
#define SIDEWAYS 1.5

/* Of the width, but no farther than a thumb reaches. */
#define FAR_PART 0.35
#define FAR_MOST 160.0

/* A quick one: pixels a second, after so many. */
#define QUICK 700.0
#define QUICK_LEAST 40.0

/* A finger that rested so long, in ms, is not quick any more. */
#define REST 100

void
pinion_swipe_begin (PinionSwipe *self,
                    double       width,
                    gboolean     rtl,
                    gboolean     has_end,
                    gboolean     has_start)
{
  *self = (PinionSwipe) {
    .width = width,
    .rtl = rtl,
    .has_end = has_end,
    .has_start = has_start,
  };
}

static PinionSwipeSide
side_of (const PinionSwipe *self,
         double             x)
{
  if (fabs (x) < 0.5)
    return PINION_SWIPE_NOWHERE;

  return (x > 0) != self->rtl ? PINION_SWIPE_TO_END : PINION_SWIPE_TO_START;
}

static gboolean
is_offered (const PinionSwipe *self,
            double             x)
{
  PinionSwipeSide side = side_of (self, x);

  return (side == PINION_SWIPE_TO_END && self->has_end)
         || (side == PINION_SWIPE_TO_START && self->has_start);
}

static void
decide (PinionSwipe *self,
        double       x,
        double       y)
{
  if (hypot (x, y) < SLACK)
    return;

  self->state = fabs (x) >= SIDEWAYS * fabs (y) && is_offered (self, x) ? PINION_SWIPE_FOLLOWS
                                                                       : PINION_SWIPE_REFUSED;
}

/* What it did last counts most. */
static void
track (PinionSwipe *self,
       double       x,
       guint32      time)
{
  guint32 passed = time - self->time;

  if (self->time != 0 && passed == 0)
    return;

  if (self->time != 0 && passed < REST)
    self->velocity = (self->velocity + 3 * (x - self->x) * 1000 / passed) / 4;
  else
    self->velocity = 0;
  self->x = x;
  self->time = time;
}

PinionSwipeState
pinion_swipe_update (PinionSwipe *self,
                     double       x,
                     double       y,
                     guint32      time)
{
  track (self, x, time);
  if (self->state == PINION_SWIPE_UNDECIDED)
    decide (self, x, y);

  if (self->state == PINION_SWIPE_FOLLOWS)
    {
      /* From where it was decided on, so that the row does not jump. */
      double way = copysign (MAX (fabs (x) - SLACK, 0), x);

      self->offset = is_offered (self, way) ? CLAMP (way, -self->width, self->width) : 0;
    }

  return self->state;
}

PinionSwipeSide
pinion_swipe_get_side (const PinionSwipe *self)
{
  return side_of (self, self->offset);
}

gboolean
pinion_swipe_is_far (const PinionSwipe *self)
{
  return fabs (self->offset) >= MIN (self->width * FAR_PART, FAR_MOST);
}

PinionSwipeSide
pinion_swipe_end (const PinionSwipe *self,
                  guint32            time)
{
  double velocity = time - self->time < REST ? self->velocity : 0;
  gboolean same_way = velocity * self->offset > 0;
  gboolean quick = fabs (velocity) >= QUICK;

  if (self->state != PINION_SWIPE_FOLLOWS)
    return PINION_SWIPE_NOWHERE;
  if (quick && !same_way)
    return PINION_SWIPE_NOWHERE;
  if (pinion_swipe_is_far (self) || (quick && fabs (self->offset) >= QUICK_LEAST))
    return pinion_swipe_get_side (self);

  return PINION_SWIPE_NOWHERE;
}
