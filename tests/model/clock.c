/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A clock that is ahead: preloaded into pinion-cli, so that minutes of waiting pass at once.  What is
 * measured (CLOCK_MONOTONIC) stays as it is. */

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
get_ahead (void)
{
  const char *ahead = getenv ("PINION_TEST_AHEAD");

  return ahead != NULL ? strtol (ahead, NULL, 10) : 0;
}

int
clock_gettime (clockid_t        clock,
               struct timespec *now)
{
  int result = (int) syscall (SYS_clock_gettime, clock, now);

  if (result == 0 && clock == CLOCK_REALTIME)
    now->tv_sec += get_ahead ();

  return result;
}

/* GLib's clock. */
int
gettimeofday (struct timeval *now,
              void           *zone)
{
  struct timespec exact;
  int result = clock_gettime (CLOCK_REALTIME, &exact);

  (void) zone;
  if (result == 0)
    *now = (struct timeval) { exact.tv_sec, exact.tv_nsec / 1000 };

  return result;
}

time_t
time (time_t *now)
{
  struct timespec exact;

  if (clock_gettime (CLOCK_REALTIME, &exact) != 0)
    return -1;
  if (now != NULL)
    *now = exact.tv_sec;

  return exact.tv_sec;
}
