/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-swipe.h"

/* So slowly that only the way counts. */
static PinionSwipeState
go (PinionSwipe *swipe,
    double       x,
    double       y)
{
  return pinion_swipe_update (swipe, x, y, swipe->time + 1000);
}

/* The last stretch of the way at @velocity (pixels a second), and off. */
static PinionSwipeSide
let_go (PinionSwipe *swipe,
        double       velocity)
{
  double x = swipe->x;

  pinion_swipe_update (swipe, x - velocity / 50, 0, swipe->time + 1000);
  for (guint i = 1; i <= 2; i++)
    pinion_swipe_update (swipe, x - velocity / 50 + i * velocity / 100, 0, swipe->time + 10);

  return pinion_swipe_end (swipe, swipe->time + 10);
}

static PinionSwipe
begin (gboolean rtl)
{
  PinionSwipe swipe;

  pinion_swipe_begin (&swipe, 360, rtl, TRUE, TRUE);

  return swipe;
}

static void
test_scrolling_is_left_alone (void)
{
  PinionSwipe swipe = begin (FALSE);

  g_assert_cmpint (go (&swipe, 3, 6), ==, PINION_SWIPE_UNDECIDED);
  g_assert_cmpint (go (&swipe, 10, 20), ==, PINION_SWIPE_REFUSED);
  /* Sideways later on is no swipe any more. */
  g_assert_cmpint (go (&swipe, 300, 20), ==, PINION_SWIPE_REFUSED);
  g_assert_cmpfloat_with_epsilon (swipe.offset, 0, 0.01);
  g_assert_cmpint (let_go (&swipe, 2000), ==, PINION_SWIPE_NOWHERE);

  swipe = begin (FALSE);
  g_assert_cmpint (go (&swipe, 15, 14), ==, PINION_SWIPE_REFUSED);
}

static void
test_far_enough (void)
{
  PinionSwipe swipe = begin (FALSE);

  g_assert_cmpint (go (&swipe, 20, 4), ==, PINION_SWIPE_FOLLOWS);
  g_assert_false (pinion_swipe_is_far (&swipe));
  /* Up and down does not matter any more. */
  g_assert_cmpint (go (&swipe, 200, 90), ==, PINION_SWIPE_FOLLOWS);
  g_assert_true (pinion_swipe_is_far (&swipe));
  g_assert_cmpint (let_go (&swipe, 0), ==, PINION_SWIPE_TO_END);

  swipe = begin (FALSE);
  go (&swipe, -200, 0);
  g_assert_cmpint (let_go (&swipe, 0), ==, PINION_SWIPE_TO_START);
}

static void
test_too_short (void)
{
  PinionSwipe swipe = begin (FALSE);

  go (&swipe, 200, 0);
  go (&swipe, 80, 0);
  g_assert_cmpint (let_go (&swipe, 0), ==, PINION_SWIPE_NOWHERE);
  g_assert_cmpint (let_go (&swipe, 300), ==, PINION_SWIPE_NOWHERE);
}

static void
test_quick (void)
{
  PinionSwipe swipe = begin (FALSE);

  go (&swipe, 80, 0);
  g_assert_cmpint (let_go (&swipe, 1500), ==, PINION_SWIPE_TO_END);
  /* Thrown back */
  g_assert_cmpint (let_go (&swipe, -1500), ==, PINION_SWIPE_NOWHERE);
  go (&swipe, 250, 0);
  g_assert_cmpint (let_go (&swipe, -1500), ==, PINION_SWIPE_NOWHERE);
  /* A touch that was only quick */
  go (&swipe, 30, 0);
  g_assert_cmpint (let_go (&swipe, 1500), ==, PINION_SWIPE_NOWHERE);
}

/* Held still, it was not thrown. */
static void
test_rested (void)
{
  PinionSwipe swipe = begin (FALSE);

  for (guint i = 1; i <= 8; i++)
    pinion_swipe_update (&swipe, i * 10, 0, 1000 + i * 10);
  g_assert_cmpfloat (swipe.velocity, >, 900);
  g_assert_cmpint (pinion_swipe_end (&swipe, 1090), ==, PINION_SWIPE_TO_END);
  g_assert_cmpint (pinion_swipe_end (&swipe, 1400), ==, PINION_SWIPE_NOWHERE);
  /* Two events of one moment */
  pinion_swipe_update (&swipe, 82, 0, 1080);
  g_assert_cmpint (pinion_swipe_end (&swipe, 1090), ==, PINION_SWIPE_TO_END);
}

static void
test_right_to_left (void)
{
  PinionSwipe swipe = begin (TRUE);

  go (&swipe, -200, 0);
  g_assert_cmpfloat (swipe.offset, <, 0);
  g_assert_cmpint (let_go (&swipe, 0), ==, PINION_SWIPE_TO_END);

  swipe = begin (TRUE);
  go (&swipe, 200, 0);
  g_assert_cmpint (let_go (&swipe, 0), ==, PINION_SWIPE_TO_START);
}

static void
test_sides_offered (void)
{
  for (guint rtl = 0; rtl < 2; rtl++)
    {
      double end = rtl ? -1 : 1;
      PinionSwipe swipe;

      pinion_swipe_begin (&swipe, 360, rtl, FALSE, TRUE);
      g_assert_cmpint (go (&swipe, 100 * end, 0), ==, PINION_SWIPE_REFUSED);

      pinion_swipe_begin (&swipe, 360, rtl, FALSE, TRUE);
      g_assert_cmpint (go (&swipe, -100 * end, 0), ==, PINION_SWIPE_FOLLOWS);
      /* Over to the other side: the row stays where it belongs. */
      go (&swipe, 200 * end, 0);
      g_assert_cmpfloat_with_epsilon (swipe.offset, 0, 0.01);
      g_assert_cmpint (let_go (&swipe, 2000 * end), ==, PINION_SWIPE_NOWHERE);
    }
}

static void
test_never_beyond_the_row (void)
{
  PinionSwipe swipe = begin (FALSE);

  go (&swipe, 5000, 0);
  g_assert_cmpfloat_with_epsilon (swipe.offset, 360, 0.01);
  go (&swipe, -5000, 0);
  g_assert_cmpfloat_with_epsilon (swipe.offset, -360, 0.01);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/swipe/scrolling", test_scrolling_is_left_alone);
  g_test_add_func ("/swipe/far-enough", test_far_enough);
  g_test_add_func ("/swipe/too-short", test_too_short);
  g_test_add_func ("/swipe/quick", test_quick);
  g_test_add_func ("/swipe/rested", test_rested);
  g_test_add_func ("/swipe/right-to-left", test_right_to_left);
  g_test_add_func ("/swipe/sides", test_sides_offered);
  g_test_add_func ("/swipe/bounds", test_never_beyond_the_row);

  return g_test_run ();
}
