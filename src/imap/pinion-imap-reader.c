/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reading half of the pipeline: bytes in, unpacked where they are compressed, cut into
 * responses. */

#include "pinion-imap-pipeline-private.h"

#include <string.h>

#include "pinion-fiber.h"
#include "pinion-net.h"

/* Waits for whoever took the last message. */
static void
wait_for_pause (PinionImapPipeline *self)
{
  g_autoptr (PinionImapCommand) command = g_steal_pointer (&self->pausing);
  g_autoptr (GError) error = NULL;

  if (command == NULL)
    return;

  if (!pinion_await (g_steal_pointer (&command->pause), &error))
    {
      command->abandoned = TRUE;
      pinion_imap_command_reject (command, g_steal_pointer (&error));
    }
}

/* Also returns where compression begins: what is left of @data then is compressed. */
static gboolean
take_plain (PinionImapPipeline *self,
            const guint8      **data,
            gsize              *length,
            GError            **error)
{
  const gboolean compressed = self->deflate != NULL;

  while (self->error == NULL && !self->stopped && compressed == (self->deflate != NULL))
    {
      switch (pinion_imap_framer_push (self->framer, data, length, error))
        {
        case PINION_IMAP_FRAMER_ERROR:
          return FALSE;

        case PINION_IMAP_FRAMER_RESPONSE:
          pinion_imap_pipeline_take_response (self);
          wait_for_pause (self);
          break;

        case PINION_IMAP_FRAMER_MORE:
        default:
          return TRUE;
        }
    }

  return TRUE;
}

static gboolean
take_compressed (PinionImapPipeline *self,
                 const guint8      **data,
                 gsize              *length,
                 GError            **error)
{
  gsize n_piece;

  do
    {
      const guint8 *piece;

      if (!pinion_imap_deflate_unpack (self->deflate, data, length, &piece, &n_piece, error) ||
          !take_plain (self, &piece, &(gsize){ n_piece }, error))
        return FALSE;
    }
  while (self->error == NULL && !self->stopped && (*length > 0 || n_piece > 0));

  return TRUE;
}

static gboolean
take_input (PinionImapPipeline *self,
            GBytes             *bytes,
            GError            **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (!self->greeted && !pinion_imap_framer_is_inside (self->framer) &&
      pinion_net_is_tls_record (data, length))
    return pinion_error_set (error, PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_GREETING, "The server speaks TLS from the first byte");

  if (!self->greeted && !pinion_imap_framer_is_inside (self->framer) && length >= 5 &&
      memcmp (data, "HTTP/", 5) == 0)
    return pinion_error_set (error, PINION_ERROR_WEB_SERVER, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_GREETING, "A web server answers");

  if (self->deflate == NULL && !take_plain (self, &data, &length, error))
    return FALSE;
  if (self->deflate != NULL && length > 0 && !take_compressed (self, &data, &length, error))
    return FALSE;

  self->has_leftover = length > 0;

  return TRUE;
}

DexFuture *
pinion_imap_pipeline_reader_fiber (gpointer data)
{
  PinionImapPipeline *self = data;

  while (self->error == NULL && !self->stopped)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      bytes = pinion_await_boxed (pinion_channel_read (self->channel), &error);
      if (bytes == NULL && self->answer_limit != 0 &&
          pinion_error_is (error, PINION_ERROR_TIMED_OUT))
        {
          /* A connection that went silent while idling is dead, not slow. */
          g_clear_error (&error);
          pinion_error_set (&error, PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_IMAP,
                            PINION_STAGE_NONE, "The server did not answer in time");
        }
      if (bytes == NULL || !take_input (self, bytes, &error))
        pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}
