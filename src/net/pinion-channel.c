/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-channel.h"

#include "pinion-net.h"
#include "pinion-traffic.h"

/* How long a good-bye may take before the line is simply dropped. */
#define CLOSE_SECONDS 5

/* After so many bytes in large pieces more are likely to come, and are left to gather for some milliseconds:
 * to wake for each of a server's small records takes twice as long as to read them. */
#define MUCH (128 * 1024)
#define LARGE_READ 4096
#define MUCH_PAUSE 2

typedef struct
{
  GBytes *bytes;
  gsize sent;
  DexPromise *promise;
} PendingWrite;

struct _PinionChannel
{
  GObject parent_instance;

  GIOStream *stream;
  PinionProtocol protocol;
  char *name;
  guint time_limit;
  guint write_limit;

  DexPromise *reading;
  GSource *read_source;
  GSource *read_timer;
  guint8 *scratch;
  /* TLS may hold bytes that the socket knows nothing of: look before waiting. */
  gboolean more;
  /* Bytes of the reads so far without a small one between. */
  gsize streak;

  GQueue writes;
  GSource *write_source;
  GSource *write_timer;

  /* Of the attempt that it belongs to: what stops it, and what keeps what was said */
  GSource *stop;
  PinionTranscript *transcript;

  /* A secret was sent: what is received is not logged. */
  gboolean hushed;
  gboolean broken;
};

G_DEFINE_FINAL_TYPE (PinionChannel, pinion_channel, G_TYPE_OBJECT)

static void
pending_write_free (PendingWrite *write)
{
  g_bytes_unref (write->bytes);
  dex_unref (write->promise);
  g_free (write);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
attach (GSource     *source,
        GSourceFunc  func,
        gpointer     data,
        GSource    **place)
{
  clear_source (place);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  *place = source;
}

static GPollableInputStream *
get_input (PinionChannel *self)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
}

static GPollableOutputStream *
get_output (PinionChannel *self)
{
  return G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));
}

static GError *
lost_error (PinionChannel *self,
            const char    *what)
{
  return pinion_error_new (PINION_ERROR_CONNECTION_LOST, self->protocol, PINION_STAGE_NONE,
                           "Connection lost: %s", what);
}

/* An established connection that fails is lost, whatever the system calls it; only what the person
 * or we did keeps its name. */
static GError *
adopt (PinionChannel *self,
       GError        *error)
{
  error = pinion_error_adopt (error, self->protocol, PINION_STAGE_NONE);
  if (pinion_error_is (error, PINION_ERROR_TIMED_OUT) ||
      pinion_error_is (error, PINION_ERROR_CANCELLED))
    return error;

  g_autoptr (GError) cause = error;
  return lost_error (self, cause->message);
}

/* Takes @error. */
static void
settle_read (PinionChannel *self,
             GBytes        *bytes,
             GError        *error)
{
  g_autoptr (DexPromise) promise = g_steal_pointer (&self->reading);

  clear_source (&self->read_source);
  clear_source (&self->read_timer);

  if (promise == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES, g_bytes_ref (bytes));
}

static void
reject_writes (PinionChannel *self,
               const GError  *error)
{
  clear_source (&self->write_source);
  clear_source (&self->write_timer);

  while (!g_queue_is_empty (&self->writes))
    {
      PendingWrite *write = g_queue_pop_head (&self->writes);

      dex_promise_reject (write->promise, g_error_copy (error));
      pending_write_free (write);
    }
}

/* -- Closing -------------------------------------------------------------------------------- */

static gboolean
on_close_limit (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_closed (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GSource *limit = user_data;

  /* Nobody can do anything about a failed good-bye. */
  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
  g_source_destroy (limit);
  g_source_unref (limit);
}

static void
close_stream (GIOStream *stream)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GSource *limit = g_timeout_source_new_seconds (CLOSE_SECONDS);

  g_source_set_callback (limit, on_close_limit, g_object_ref (cancellable), g_object_unref);
  g_source_attach (limit, g_main_context_get_thread_default ());
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, cancellable, on_closed, limit);
}

/* The connection is of no use any more.  Takes @error. */
static void
break_down (PinionChannel *self,
            GError        *error)
{
  g_autoptr (GIOStream) stream = g_steal_pointer (&self->stream);

  self->broken = TRUE;
  reject_writes (self, error);
  settle_read (self, NULL, error);
  if (stream != NULL)
    close_stream (stream);
}

/* -- Reading -------------------------------------------------------------------------------- */

/* @data: (nullable) where nobody may see it. */
static void
log_traffic (PinionChannel *self,
             char           direction,
             const guint8  *data,
             gsize          length)
{
  if (data == NULL)
    pinion_traffic_log_secret (self->name, direction);
  else
    pinion_traffic_log (self->name, direction, data, length);
  if (self->transcript != NULL)
    pinion_transcript_add (self->transcript, pinion_protocol_to_string (self->protocol), direction,
                           data, length);
}

/* Takes what is there, up to the scratch buffer's size.  Returns: FALSE with @error at the end */
static gboolean
read_available (PinionChannel *self,
                gsize         *length,
                GError       **error)
{
  *length = 0;

  while (*length < PINION_CHANNEL_READ_MAX)
    {
      g_autoptr (GError) local = NULL;
      guint8 *place = self->scratch + *length;
      gssize n = g_pollable_input_stream_read_nonblocking (get_input (self), place,
                                                           PINION_CHANNEL_READ_MAX - *length, NULL,
                                                           &local);

      if (n > 0)
        *length += (gsize) n;
      else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) || *length > 0)
        return TRUE;
      else if (n == 0)
        g_propagate_error (error, lost_error (self, "the server closed it"));
      else
        g_propagate_error (error, adopt (self, g_steal_pointer (&local)));

      if (n <= 0)
        return FALSE;
    }

  self->more = TRUE;
  return TRUE;
}

/* What was read; when it is much, without copying it.  Returns: (transfer full) */
static GBytes *
take_scratch (PinionChannel *self,
              gsize          length)
{
  if (length < PINION_CHANNEL_READ_MAX / 2)
    return g_bytes_new (self->scratch, length);

  return g_bytes_new_take (g_steal_pointer (&self->scratch), length);
}

static gboolean
read_now (PinionChannel *self)
{
  g_autoptr (PinionChannel) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  gsize length;

  self->more = FALSE;
  if (self->scratch == NULL)
    self->scratch = g_malloc (PINION_CHANNEL_READ_MAX);

  if (!read_available (self, &length, &error))
    {
      break_down (self, g_steal_pointer (&error));
      return FALSE;
    }

  if (length == 0)
    return FALSE;

  self->streak = length >= LARGE_READ ? self->streak + length : 0;
  log_traffic (self, 'S', self->hushed ? NULL : self->scratch, length);
  g_autoptr (GBytes) bytes = take_scratch (self, length);
  settle_read (self, bytes, NULL);
  return TRUE;
}

static gboolean
on_readable (GObject *input,
             gpointer user_data)
{
  PinionChannel *self = user_data;

  read_now (self);

  /* Destroyed when the read was settled, else it was a false alarm. */
  return G_SOURCE_CONTINUE;
}

static void
wait_readable (PinionChannel *self)
{
  GSource *source = g_pollable_input_stream_create_source (get_input (self), NULL);

  attach (source, G_SOURCE_FUNC (on_readable), self, &self->read_source);
}

static gboolean
on_look (gpointer user_data)
{
  PinionChannel *self = user_data;

  if (!read_now (self) && self->reading != NULL)
    {
      self->streak = 0;
      wait_readable (self);
    }

  return G_SOURCE_REMOVE;
}

static gboolean
on_read_limit (gpointer user_data)
{
  PinionChannel *self = user_data;
  g_autoptr (PinionChannel) alive = g_object_ref (self);

  break_down (self, pinion_error_new (PINION_ERROR_TIMED_OUT, self->protocol, PINION_STAGE_NONE,
                                      "The server sent nothing for %u s", self->time_limit / 1000));

  return G_SOURCE_REMOVE;
}

static void
arm_read_timer (PinionChannel *self)
{
  clear_source (&self->read_timer);
  if (self->time_limit > 0)
    attach (g_timeout_source_new (self->time_limit), on_read_limit, self, &self->read_timer);
}

DexFuture *
pinion_channel_read (PinionChannel *self)
{
  g_return_val_if_fail (PINION_IS_CHANNEL (self), NULL);

  if (self->reading != NULL)
    return dex_ref (DEX_FUTURE (self->reading));
  if (self->stream == NULL)
    return dex_future_new_for_error (lost_error (self, "closed"));

  self->reading = dex_promise_new ();
  arm_read_timer (self);
  if (self->more || self->streak >= MUCH)
    attach (g_timeout_source_new (self->more ? 0 : MUCH_PAUSE), on_look, self, &self->read_source);
  else
    wait_readable (self);

  return dex_ref (DEX_FUTURE (self->reading));
}

void
pinion_channel_set_time_limit (PinionChannel *self,
                               guint          milliseconds)
{
  g_return_if_fail (PINION_IS_CHANNEL (self));

  self->time_limit = milliseconds;
  if (self->reading != NULL)
    arm_read_timer (self);
}

void
pinion_channel_set_write_limit (PinionChannel *self,
                                guint          milliseconds)
{
  g_return_if_fail (PINION_IS_CHANNEL (self));
  g_return_if_fail (milliseconds > 0);

  self->write_limit = milliseconds;
}

/* -- Writing -------------------------------------------------------------------------------- */

/* What the server said before it hung up may still wait to be read, so that reading goes on. */
static void
fail_writes (PinionChannel *self,
             GError        *error)
{
  g_autoptr (GError) owned = error;

  self->broken = TRUE;
  reject_writes (self, owned);
}

static gboolean
on_write_limit (gpointer user_data)
{
  PinionChannel *self = user_data;
  g_autoptr (PinionChannel) alive = g_object_ref (self);

  break_down (self, pinion_error_new (PINION_ERROR_TIMED_OUT, self->protocol, PINION_STAGE_NONE,
                                      "The server took nothing for too long"));

  return G_SOURCE_REMOVE;
}

static void
arm_write_timer (PinionChannel *self)
{
  attach (g_timeout_source_new (self->write_limit), on_write_limit, self, &self->write_timer);
}

static void
finish_write (PinionChannel *self)
{
  PendingWrite *write = g_queue_pop_head (&self->writes);

  if (g_queue_is_empty (&self->writes))
    {
      clear_source (&self->write_source);
      clear_source (&self->write_timer);
    }

  dex_promise_resolve_boolean (write->promise, TRUE);
  pending_write_free (write);
}

static gboolean
on_writable (GObject *output,
             gpointer user_data)
{
  PinionChannel *self = user_data;
  g_autoptr (PinionChannel) alive = g_object_ref (self);
  PendingWrite *write = g_queue_peek_head (&self->writes);
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (write->bytes, &size);
  gssize n = g_pollable_output_stream_write_nonblocking (get_output (self), data + write->sent,
                                                         size - write->sent, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  if (n < 0)
    {
      fail_writes (self, adopt (self, g_steal_pointer (&error)));
      return G_SOURCE_REMOVE;
    }

  write->sent += (gsize) n;
  arm_write_timer (self);
  if (write->sent == size)
    finish_write (self);

  return G_SOURCE_CONTINUE;
}

static DexFuture *
enqueue (PinionChannel *self,
         GBytes        *bytes)
{
  if (self->broken || self->stream == NULL)
    return dex_future_new_for_error (lost_error (self, "closed"));
  if (g_bytes_get_size (bytes) == 0)
    return dex_future_new_true ();

  PendingWrite *write = g_new0 (PendingWrite, 1);
  write->bytes = g_bytes_ref (bytes);
  write->promise = dex_promise_new ();
  g_queue_push_tail (&self->writes, write);

  if (self->write_source == NULL)
    {
      GSource *source = g_pollable_output_stream_create_source (get_output (self), NULL);

      attach (source, G_SOURCE_FUNC (on_writable), self, &self->write_source);
      arm_write_timer (self);
    }

  return dex_ref (DEX_FUTURE (write->promise));
}

DexFuture *
pinion_channel_write (PinionChannel *self,
                      GBytes        *bytes)
{
  g_return_val_if_fail (PINION_IS_CHANNEL (self), NULL);

  self->hushed = FALSE;
  log_traffic (self, 'C', g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return enqueue (self, bytes);
}

DexFuture *
pinion_channel_write_secret (PinionChannel *self,
                             GBytes        *bytes)
{
  g_return_val_if_fail (PINION_IS_CHANNEL (self), NULL);

  self->hushed = TRUE;
  log_traffic (self, 'C', NULL, 0);
  return enqueue (self, bytes);
}

/* -- The channel ---------------------------------------------------------------------------- */

void
pinion_channel_close (PinionChannel *self)
{
  g_return_if_fail (PINION_IS_CHANNEL (self));

  if (self->stream == NULL)
    return;

  g_autoptr (PinionChannel) alive = g_object_ref (self);
  break_down (self, pinion_error_new (PINION_ERROR_CANCELLED, self->protocol, PINION_STAGE_NONE,
                                      "The connection was closed"));
}

gboolean
pinion_channel_is_closed (PinionChannel *self)
{
  g_return_val_if_fail (PINION_IS_CHANNEL (self), TRUE);

  return self->broken || self->stream == NULL;
}

GIOStream *
pinion_channel_steal_stream (PinionChannel *self,
                             GError       **error)
{
  g_return_val_if_fail (PINION_IS_CHANNEL (self), NULL);

  if (pinion_channel_is_closed (self))
    {
      g_propagate_error (error, lost_error (self, "closed"));
      return NULL;
    }

  if (!g_queue_is_empty (&self->writes))
    {
      pinion_error_set (error, PINION_ERROR_BUSY, self->protocol, PINION_STAGE_TLS,
                        "Something is still being sent in clear");
      return NULL;
    }

  self->broken = TRUE;
  clear_source (&self->stop);
  settle_read (self, NULL, pinion_error_new (PINION_ERROR_CANCELLED, self->protocol,
                                             PINION_STAGE_NONE, "The stream was taken back"));
  return g_steal_pointer (&self->stream);
}

static void
pinion_channel_dispose (GObject *object)
{
  PinionChannel *self = PINION_CHANNEL (object);

  if (self->stream != NULL)
    break_down (self, pinion_error_new (PINION_ERROR_CANCELLED, self->protocol, PINION_STAGE_NONE,
                                        "The connection was dropped"));
  clear_source (&self->stop);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  g_clear_pointer (&self->scratch, g_free);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (pinion_channel_parent_class)->dispose (object);
}

static void
pinion_channel_class_init (PinionChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_channel_dispose;
}

static void
pinion_channel_init (PinionChannel *self)
{
  g_queue_init (&self->writes);
  self->time_limit = PINION_CHANNEL_TIME_LIMIT;
  self->write_limit = PINION_CHANNEL_TIME_LIMIT;
}

static gboolean
on_stop (GCancellable *cancellable,
         gpointer      user_data)
{
  pinion_channel_close (user_data);

  return G_SOURCE_REMOVE;
}

/* The source does not keep the channel: it goes with it. */
static void
follow_sink (PinionChannel   *self,
             PinionStageSink *sink)
{
  GCancellable *stop = pinion_stage_sink_get_cancellable (sink);
  PinionTranscript *transcript = pinion_stage_sink_get_transcript (sink);

  if (stop != NULL)
    attach (g_cancellable_source_new (stop), G_SOURCE_FUNC (on_stop), self, &self->stop);
  self->transcript = transcript != NULL ? pinion_transcript_ref (transcript) : NULL;
}

PinionChannel *
pinion_channel_new (GIOStream     *stream,
                    PinionProtocol protocol)
{
  static guint count = 0;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  PinionChannel *self = g_object_new (PINION_TYPE_CHANNEL, NULL);
  self->stream = g_object_ref (stream);
  self->protocol = protocol;
  self->name = g_strdup_printf ("%s %u", pinion_protocol_to_string (protocol),
                                (guint) g_atomic_int_add (&count, 1) + 1);
  /* The end of the handshake may have brought the first bytes along. */
  self->more = G_IS_TLS_CONNECTION (stream);
  follow_sink (self, pinion_net_get_sink (stream));

  return self;
}
