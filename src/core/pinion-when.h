/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moments to come as people name them: "tonight", "in 3 days", "monday 9", "24 dec 14:30".
 *
 * Pure: the moment they are counted from is given, and its zone is the one that is meant.  Words
 * are understood in English and in the language of the program; the names of days and months are
 * the locale's.  A day without a time of day begins at 08:00. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is offered without typing. */
typedef enum
{
  PINION_WHEN_LATER_TODAY, /* some three hours on, at the full hour */
  PINION_WHEN_TONIGHT,     /* 18:00 */
  PINION_WHEN_TOMORROW,
  PINION_WHEN_WEEKEND,     /* Saturday */
  PINION_WHEN_NEXT_WEEK,   /* Monday */
  PINION_N_WHENS,
} PinionWhen;

/* @now: the local time.  @seconds: (out) since 1970.  Returns: %FALSE where @when makes no sense
 * any more today, or is tomorrow by another name */
gboolean pinion_when_choose (PinionWhen when,
                             GDateTime *now,
                             gint64    *seconds);

/* What @text means, counted from @now: always later than that, by ten years at most.
 * Returns: %FALSE where it is not understood */
gboolean pinion_when_parse (const char *text,
                            GDateTime  *now,
                            gint64     *seconds);

G_END_DECLS
