/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sections of a list by date, as runs: how many conversations in a row are of one section.
 * There are a few dozen of them however long the list is. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The named ones; a month is PINION_DATE_MONTH + 12 * year + month - 1, a year PINION_DATE_YEAR +
 * year. */
#define PINION_DATE_NONE 0 /* of a list without sections */
#define PINION_DATE_TODAY 1
#define PINION_DATE_YESTERDAY 2
#define PINION_DATE_THIS_WEEK 3
#define PINION_DATE_LAST_WEEK 4
#define PINION_DATE_EARLIER 5
#define PINION_DATE_MONTH 100000
#define PINION_DATE_YEAR 1000000

typedef struct
{
  int section;
  guint n;
} PinionDateRun;

/* What begins when: the newest section first, the last one without a beginning. */
typedef struct
{
  gint64 begin;
  int section;
} PinionDateBegin;

/* @now: local.  @first_weekday: 1 is Monday.  Returns: (transfer full): PinionDateBegin */
GArray *pinion_date_begins_new (GDateTime *now,
                                int        first_weekday);

/* Adds @n of @section at the end of @runs (PinionDateRun). */
void pinion_date_runs_append (GArray *runs,
                              int     section,
                              guint   n);

/* Follows a change of the list: @removed at @position go, and the next @added ones of @now, counted
 * from @position, come in their place. */
void pinion_date_runs_splice (GArray       *runs,
                              guint         position,
                              guint         removed,
                              const GArray *now,
                              guint         added);

/* The run that @position is in.  @start, @end: (out) its first position and the one after its last.
 * Returns: the section; %PINION_DATE_NONE after the end. */
int pinion_date_runs_find (const GArray *runs,
                           guint         position,
                           guint        *start,
                           guint        *end);

gboolean pinion_date_runs_equal (const GArray *a,
                                 const GArray *b);

G_END_DECLS
