/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which message is being read, in DIR/search.reading.  It is written without waiting for the disk:
 * the end of the program is to be outlived, not that of the computer. */

#define G_LOG_DOMAIN "pinion-search"

#include "pinion-store-search-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define GUARD_FILE "search.reading"

/* So often the program may end while it reads a message; once or twice that is chance. */
#define MAX_ENDS 2

typedef struct
{
  gint64 message;
  gint64 tries;
} Reading;

static int
open_guard (PinionStore *store)
{
  g_autofree char *path = g_build_filename (pinion_store_get_dir (store), GUARD_FILE, NULL);

  return g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Without the file nothing is guarded, and everything read. */
gboolean
pinion_store_search_begin_reading (PinionStore *store,
                                   gint64       message)
{
  Reading reading = { 0 };
  int fd = open_guard (store);

  if (fd < 0)
    return TRUE;

  if (pread (fd, &reading, sizeof reading, 0) != sizeof reading || reading.message != message)
    reading = (Reading) { message, 0 };
  reading.tries = CLAMP (reading.tries, 0, MAX_ENDS) + 1;
  gboolean is_written = pwrite (fd, &reading, sizeof reading, 0) == sizeof reading;
  close (fd);

  return !is_written || reading.tries <= MAX_ENDS;
}

void
pinion_store_search_end_reading (PinionStore *store)
{
  int fd = open_guard (store);

  if (fd < 0)
    return;

  if (ftruncate (fd, 0) != 0)
    g_debug ("%s stays as it was", GUARD_FILE);
  close (fd);
}
