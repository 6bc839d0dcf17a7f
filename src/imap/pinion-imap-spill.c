/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-spill.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pinion-error.h"

struct _PinionImapSpill
{
  int fd;
  char *path;
  GByteArray *memory;
  gsize most;
  int failed; /* errno */
};

PinionImapSpill *
pinion_imap_spill_new_file (const char *directory)
{
  PinionImapSpill *self = g_new0 (PinionImapSpill, 1);

  self->path = g_build_filename (directory, ".fetch-XXXXXX", NULL);
  self->fd = g_mkstemp_full (self->path, O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      self->failed = errno;
      g_clear_pointer (&self->path, g_free);
    }

  return self;
}

PinionImapSpill *
pinion_imap_spill_new_memory (gsize most)
{
  PinionImapSpill *self = g_new0 (PinionImapSpill, 1);

  self->fd = -1;
  self->memory = g_byte_array_new ();
  self->most = most;

  return self;
}

void
pinion_imap_spill_free (PinionImapSpill *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->path != NULL)
    g_unlink (self->path);
  g_free (self->path);
  g_clear_pointer (&self->memory, g_byte_array_unref);
  g_free (self);
}

void
pinion_imap_spill_write (PinionImapSpill *self,
                         const guint8    *data,
                         gsize            length)
{
  if (self->memory != NULL)
    {
      gsize room = self->most - self->memory->len;

      g_byte_array_append (self->memory, data, (guint) MIN (length, room));
      return;
    }

  while (length > 0 && self->failed == 0)
    {
      gssize n = write (self->fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          self->failed = errno;
          return;
        }
      data += n;
      length -= (gsize) n;
    }
}

char *
pinion_imap_spill_take_path (PinionImapSpill *self,
                             GError         **error)
{
  int fd = self->fd;

  self->fd = -1;
  if (fd >= 0 && close (fd) != 0 && self->failed == 0)
    self->failed = errno;

  if (self->failed == 0)
    return g_steal_pointer (&self->path);

  pinion_error_set (error,
                    self->failed == ENOSPC || self->failed == EDQUOT ? PINION_ERROR_DISK_FULL
                                                                     : PINION_ERROR_STORE_FAILED,
                    PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "A message could not be written: %s",
                    g_strerror (self->failed));

  return NULL;
}

GBytes *
pinion_imap_spill_take_bytes (PinionImapSpill *self)
{
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->memory));
}
