/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* The lock is the kernel's, so that it goes with the process however that ends; the byte in the file
 * tells others whether waiting for it makes sense. */
int
pinion_sync_lock_take (const char *directory,
                       gint64      account,
                       gboolean    watch,
                       gboolean   *watched,
                       GError    **error)
{
  g_autofree char *name = g_strdup_printf ("sync-%" G_GINT64_FORMAT ".lock", account);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  *watched = FALSE;
  if (fd < 0)
    {
      pinion_error_set (error, PINION_ERROR_STORE_READ_ONLY, PINION_PROTOCOL_NONE,
                        PINION_STAGE_NONE, "%s: %s", path, g_strerror (errno));
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      char kind = 0;

      *watched = pread (fd, &kind, 1, 0) == 1 && kind == 'w';
      close (fd);
      pinion_error_set (error, PINION_ERROR_BUSY, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                        "another process syncs this account");
      return -1;
    }

  if (pwrite (fd, watch ? "w" : "o", 1, 0) != 1)
    g_debug ("the lock file cannot be written to: %s", g_strerror (errno));

  return fd;
}
