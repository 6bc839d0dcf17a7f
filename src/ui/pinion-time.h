/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates and durations in the words of the reader's language and clock. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As short as its age allows: "14:05" today, "Tue" in the six days before, "3 Mar" in the same year
 * or the last three months, else "2019-03-03"; a date in the future (a sender's wrong clock) is
 * never shorter than the day.  @when: seconds since 1970.  @now: (nullable) the local time, whose
 * zone is used.  Returns: (transfer full) */
char *pinion_time_short (gint64     when,
                         GDateTime *now);

/* "Tuesday, 3 March 2026, 14:05".  @zone_of: (nullable) as above.  Returns: (transfer full) */
char *pinion_time_long (gint64     when,
                        GDateTime *zone_of);

/* A moment to come: "18:00" today, "Tomorrow 08:00", "Mon 08:00" in the six days after, else
 * "3 Mar 08:00", with the year where it is another one.  @now as above.  Returns: (transfer full) */
char *pinion_time_ahead (gint64     when,
                         GDateTime *now);

/* The same beside its name: "18:00" today, "Fri 08:00" tomorrow, too. */
char *pinion_time_beside (gint64     when,
                          GDateTime *now);

/* "about 3 min", "less than a minute"; %NULL where @seconds is 0.  Returns: (transfer full) */
char *pinion_time_left (guint seconds);

/* The title over the conversations of a section by date (see pinion-date-runs.h).
 * Returns: (transfer full) (nullable): %NULL for none */
char *pinion_time_section (int section);

/* Which day weeks begin on here: 1 is Monday. */
int pinion_time_first_weekday (void);

G_END_DECLS
