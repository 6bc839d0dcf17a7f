/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-tap-stream.h"

#include <string.h>

/* TLS reads each record in two pieces: they come from here, and the system is asked once for many. */
#define BUFFER_SIZE (64 * 1024)

#define PINION_TYPE_TAP_INPUT (pinion_tap_input_get_type ())
G_DECLARE_FINAL_TYPE (PinionTapInput, pinion_tap_input, PINION, TAP_INPUT, GFilterInputStream)

struct _PinionTapInput
{
  GFilterInputStream parent_instance;

  guint8 first[PINION_TAP_STREAM_FIRST];
  gsize length;

  /* Received and not yet taken */
  guint8 *buffer;
  gsize start;
  gsize end;
};

struct _PinionTapStream
{
  GIOStream parent_instance;

  GIOStream *base;
  PinionTapInput *input;
};

/* -- The input ------------------------------------------------------------------------------ */

static GInputStream *
get_base_input (gpointer self)
{
  return g_filter_input_stream_get_base_stream (self);
}

static gboolean
has_more (PinionTapInput *self)
{
  return self->end > self->start;
}

/* @n: what was received into the buffer, which was empty, or what g_input_stream_read() says else. */
static void
note (PinionTapInput *self,
      gssize          n)
{
  self->start = 0;
  self->end = n > 0 ? (gsize) n : 0;

  if (self->end > 0 && self->length < sizeof self->first)
    {
      gsize taken = MIN (self->end, sizeof self->first - self->length);

      memcpy (self->first + self->length, self->buffer, taken);
      self->length += taken;
    }
}

static gssize
take (PinionTapInput *self,
      void           *buffer,
      gsize           count)
{
  gsize n = MIN (count, self->end - self->start);

  memcpy (buffer, self->buffer + self->start, n);
  self->start += n;

  return (gssize) n;
}

static gssize
pinion_tap_input_read (GInputStream *stream,
                       void         *buffer,
                       gsize         count,
                       GCancellable *cancellable,
                       GError      **error)
{
  PinionTapInput *self = PINION_TAP_INPUT (stream);

  if (!has_more (self))
    {
      gssize n = g_input_stream_read (get_base_input (stream), self->buffer, BUFFER_SIZE,
                                      cancellable, error);

      note (self, n);
      if (n <= 0)
        return n;
    }

  return take (self, buffer, count);
}

static gboolean
pinion_tap_input_can_poll (GPollableInputStream *stream)
{
  GInputStream *base = get_base_input (stream);

  return G_IS_POLLABLE_INPUT_STREAM (base) &&
         g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (base));
}

static gboolean
pinion_tap_input_is_readable (GPollableInputStream *stream)
{
  return has_more (PINION_TAP_INPUT (stream))
         || g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base_input (stream)));
}

static GSource *
pinion_tap_input_create_source (GPollableInputStream *stream,
                                GCancellable         *cancellable)
{
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (get_base_input (stream));
  g_autoptr (GSource) source = has_more (PINION_TAP_INPUT (stream))
                                 ? g_timeout_source_new (0)
                                 : g_pollable_input_stream_create_source (base, NULL);

  return g_pollable_source_new_full (stream, source, cancellable);
}

static gssize
pinion_tap_input_read_nonblocking (GPollableInputStream *stream,
                                   void                 *buffer,
                                   gsize                 count,
                                   GError              **error)
{
  PinionTapInput *self = PINION_TAP_INPUT (stream);
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (get_base_input (stream));

  if (!has_more (self))
    {
      gssize n = g_pollable_input_stream_read_nonblocking (base, self->buffer, BUFFER_SIZE, NULL,
                                                           error);

      note (self, n);
      if (n <= 0)
        return n;
    }

  return take (self, buffer, count);
}

static void
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = pinion_tap_input_can_poll;
  iface->is_readable = pinion_tap_input_is_readable;
  iface->create_source = pinion_tap_input_create_source;
  iface->read_nonblocking = pinion_tap_input_read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PinionTapInput, pinion_tap_input, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_iface_init))

static void
pinion_tap_input_finalize (GObject *object)
{
  g_free (PINION_TAP_INPUT (object)->buffer);

  G_OBJECT_CLASS (pinion_tap_input_parent_class)->finalize (object);
}

static void
pinion_tap_input_class_init (PinionTapInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_tap_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = pinion_tap_input_read;
}

static void
pinion_tap_input_init (PinionTapInput *self)
{
  self->buffer = g_malloc (BUFFER_SIZE);
}

/* -- The stream ----------------------------------------------------------------------------- */

G_DEFINE_FINAL_TYPE (PinionTapStream, pinion_tap_stream, G_TYPE_IO_STREAM)

static GInputStream *
pinion_tap_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (PINION_TAP_STREAM (stream)->input);
}

static GOutputStream *
pinion_tap_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (PINION_TAP_STREAM (stream)->base);
}

static gboolean
pinion_tap_stream_close (GIOStream    *stream,
                         GCancellable *cancellable,
                         GError      **error)
{
  return g_io_stream_close (PINION_TAP_STREAM (stream)->base, cancellable, error);
}

static void
pinion_tap_stream_finalize (GObject *object)
{
  PinionTapStream *self = PINION_TAP_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->base);

  G_OBJECT_CLASS (pinion_tap_stream_parent_class)->finalize (object);
}

static void
pinion_tap_stream_class_init (PinionTapStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_tap_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = pinion_tap_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = pinion_tap_stream_get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = pinion_tap_stream_close;
}

static void
pinion_tap_stream_init (PinionTapStream *self)
{
}

PinionTapStream *
pinion_tap_stream_new (GIOStream *base)
{
  g_return_val_if_fail (G_IS_IO_STREAM (base), NULL);

  PinionTapStream *self = g_object_new (PINION_TYPE_TAP_STREAM, NULL);
  self->base = g_object_ref (base);
  self->input = g_object_new (PINION_TYPE_TAP_INPUT, "base-stream",
                              g_io_stream_get_input_stream (base), "close-base-stream", FALSE,
                              NULL);

  return self;
}

const guint8 *
pinion_tap_stream_get_first (PinionTapStream *self,
                             gsize           *length)
{
  *length = self->input->length;
  return self->input->first;
}
