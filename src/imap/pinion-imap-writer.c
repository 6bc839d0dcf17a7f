/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The writing half of the pipeline. */

#include "pinion-imap-pipeline-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "pinion-fiber.h"
#include "pinion-sasl.h"

#define CHUNK (64 * 1024)

/* Wipes what it may hold of a password. */
static void
clear_buffer (GString         *out,
              PinionImapCommand *command)
{
  if ((command->flags & PINION_IMAP_COMMAND_SECRET) != 0)
    explicit_bzero (out->str, out->allocated_len);
  g_string_set_size (out, 0);
}

/* Hands over what is in @out and waits until it is on its way. */
static gboolean
flush (PinionImapPipeline *self,
       PinionImapCommand  *command,
       GString            *out,
       GError            **error)
{
  g_autoptr (GBytes) bytes = NULL;
  DexFuture *written;

  if ((command->flags & PINION_IMAP_COMMAND_SECRET) != 0)
    bytes = pinion_sasl_bytes_new (out->str, out->len);
  else
    bytes = g_bytes_new (out->str, out->len);
  written = pinion_imap_pipeline_write (self, bytes, command->flags);
  clear_buffer (out, command);

  return pinion_await (written, error);
}

/* Waits for the "+" to a literal.  %FALSE without an error: it was refused. */
static gboolean
await_continuation (PinionImapPipeline *self)
{
  g_autoptr (DexPromise) continuation = dex_promise_new ();

  self->continuation = dex_ref (continuation);

  return pinion_await (dex_ref (DEX_FUTURE (continuation)), NULL);
}

static gboolean
write_bytes (PinionImapPipeline *self,
             GBytes             *bytes,
             GError            **error)
{
  gsize size = g_bytes_get_size (bytes);

  for (gsize done = 0; done < size && self->error == NULL; done += CHUNK)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, done, MIN (CHUNK, size - done));

      if (!pinion_await (pinion_imap_pipeline_write (self, part, 0), error))
        return FALSE;
    }

  return TRUE;
}

/* Once begun, a literal has to be filled: a file that is too short costs the connection. */
static gboolean
write_file (PinionImapPipeline      *self,
            const PinionImapSegment *segment,
            GError                 **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  g_autofd int fd = open (segment->path, O_RDONLY | O_CLOEXEC);
  guint64 left = segment->size;

  while (fd >= 0 && left > 0 && self->error == NULL)
    {
      g_autoptr (GBytes) part = NULL;
      gssize n = read (fd, buffer, (gsize) MIN (left, CHUNK));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      part = g_bytes_new (buffer, (gsize) n);
      if (!pinion_await (pinion_imap_pipeline_write (self, part, 0), error))
        return FALSE;
      left -= (guint64) n;
    }

  if (left == 0 || self->error != NULL)
    return TRUE;

  return pinion_error_set (error, PINION_ERROR_STORE_FAILED, PINION_PROTOCOL_IMAP,
                           PINION_STAGE_NONE, "The message's file could not be read to its end");
}

static gboolean
write_message (PinionImapPipeline      *self,
               const PinionImapSegment *segment,
               GError                 **error)
{
  gboolean fine;

  self->is_uploading = TRUE;
  pinion_imap_pipeline_update_time (self);
  if (segment->path != NULL)
    fine = write_file (self, segment, error);
  else
    fine = write_bytes (self, segment->bytes, error);
  self->is_uploading = FALSE;
  if (self->error == NULL)
    pinion_imap_pipeline_update_time (self);

  return fine;
}

/* A literal's announcement and, if it may be, its bytes. */
static gboolean
write_literal (PinionImapPipeline      *self,
               PinionImapCommand       *command,
               const PinionImapSegment *segment,
               GString                 *out,
               GError                 **error)
{
  gboolean free_of_charge = segment->kind == PINION_IMAP_SEGMENT_LITERAL &&
                            segment->size <= self->free_literal;

  g_string_append_printf (out, "%s{%" G_GUINT64_FORMAT "%s}\r\n", segment->binary ? "~" : "",
                          segment->size, free_of_charge ? "+" : "");
  if (!free_of_charge)
    {
      if (!flush (self, command, out, error) || !await_continuation (self))
        return FALSE;
    }

  if (segment->kind == PINION_IMAP_SEGMENT_MESSAGE)
    return write_message (self, segment, error);

  g_string_append_len (out, g_bytes_get_data (segment->bytes, NULL), (gssize) segment->size);

  return TRUE;
}

static gboolean
write_command (PinionImapPipeline *self,
               PinionImapCommand  *command,
               GError            **error)
{
  g_autoptr (GString) out = g_string_sized_new (PINION_IMAP_MAX_LINE);
  gboolean fine = TRUE;

  g_string_append_printf (out, "P%u ", command->tag);
  for (guint i = 0; fine && i < command->segments->len; i++)
    {
      const PinionImapSegment *segment = &g_array_index (command->segments, PinionImapSegment, i);

      if (segment->kind == PINION_IMAP_SEGMENT_TEXT)
        g_string_append_len (out, g_bytes_get_data (segment->bytes, NULL), (gssize) segment->size);
      else
        fine = write_literal (self, command, segment, out, error);
    }

  if (fine)
    {
      g_string_append_len (out, command->text->str, (gssize) command->text->len);
      g_string_append (out, "\r\n");
      fine = flush (self, command, out, error);
    }
  clear_buffer (out, command);

  return fine;
}

DexFuture *
pinion_imap_pipeline_writer_fiber (gpointer data)
{
  PinionImapPipeline *self = data;

  while (self->error == NULL && !self->stopped)
    {
      g_autoptr (PinionImapCommand) command = NULL;
      g_autoptr (GError) error = NULL;

      pinion_imap_pipeline_drop_abandoned (self);
      command = self->greeted ? pinion_imap_pipeline_next_command (self) : NULL;
      if (command == NULL)
        {
          self->wake = dex_promise_new ();
          if (!pinion_await (dex_ref (DEX_FUTURE (self->wake)), NULL))
            break;
          continue;
        }

      /* The queue's reference may go while this one waits. */
      pinion_imap_command_ref (command);
      command->tag = ++self->last_tag;
      self->writing = command;
      pinion_imap_pipeline_update_time (self);
      write_command (self, command, &error);
      if (self->writing == command)
        self->writing = NULL;
      if (error != NULL)
        pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}
