/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-test-peer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A line that is longer is no line. */
#define MAX_LINE (1024 * 1024)

/* Seconds after which a play is stuck; a sanitizer makes both sides slower. */
#ifdef __SANITIZE_ADDRESS__
#define PATIENCE 40
#else
#define PATIENCE 10
#endif

struct _PinionTestPeer
{
  char **steps;
  GTlsCertificate *certificate;
  GSocket *listener;
  guint16 port;

  GThread *thread;
  GCancellable *cancellable;
  GMutex mutex;
  GCond cond;
  gboolean done;

  /* The thread's own */
  GSocketConnection *connection;
  GIOStream *stream;
  GByteArray *received;
  char *tag;
  gboolean drip;
  guint step;
  char *failure;
};

/* -- Words ---------------------------------------------------------------------------------- */

static guint8
parse_hex (const char *text)
{
  return (guint8) (g_ascii_xdigit_value (text[0]) * 16 + g_ascii_xdigit_value (text[1]));
}

static GByteArray *
unescape (PinionTestPeer *self,
          const char     *text)
{
  GByteArray *out = g_byte_array_new ();

  while (*text != '\0')
    {
      guint8 byte = (guint8) *text;
      gsize taken = 1;

      if (self->tag != NULL && g_str_has_prefix (text, "$tag"))
        {
          g_byte_array_append (out, (const guint8 *) self->tag, (guint) strlen (self->tag));
          text += 4;
          continue;
        }

      if (byte == '\\' && text[1] == 'x' && g_ascii_isxdigit (text[2]) &&
          g_ascii_isxdigit (text[3]))
        {
          byte = parse_hex (text + 2);
          taken = 4;
        }
      else if (byte == '\\' && text[1] != '\0')
        {
          static const char from[] = "rnt0\\";
          static const char to[] = "\r\n\t\0\\";
          const char *found = strchr (from, text[1]);

          byte = found != NULL ? (guint8) to[found - from] : (guint8) text[1];
          taken = 2;
        }

      g_byte_array_append (out, &byte, 1);
      text += taken;
    }

  return out;
}

/* -- Bytes ---------------------------------------------------------------------------------- */

static gboolean
send_bytes (PinionTestPeer *self,
            const guint8   *data,
            gsize           length,
            GError        **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);

  /* Only with {deflate} there is something to flush. */
  if (!self->drip)
    return g_output_stream_write_all (output, data, length, NULL, self->cancellable, error) &&
           g_output_stream_flush (output, self->cancellable, error);

  for (gsize i = 0; i < length; i++)
    if (!g_output_stream_write_all (output, data + i, 1, NULL, self->cancellable, error) ||
        !g_output_stream_flush (output, self->cancellable, error))
      return FALSE;

  return TRUE;
}

static gssize
receive_byte (PinionTestPeer *self,
              guint8         *byte,
              GError        **error)
{
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (self->stream), byte, 1,
                                  self->cancellable, error);

  if (n == 1)
    g_byte_array_append (self->received, byte, 1);

  return n;
}

/* A line without its CRLF; %NULL at the end or after an error. */
static GByteArray *
receive_line (PinionTestPeer *self,
              GError        **error)
{
  g_autoptr (GByteArray) line = g_byte_array_new ();
  guint8 byte;

  while (line->len < MAX_LINE)
    {
      gssize n = receive_byte (self, &byte, error);

      if (n == 0)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the client closed after “%.*s”",
                     (int) line->len, (const char *) line->data);
      if (n <= 0)
        return NULL;

      g_byte_array_append (line, &byte, 1);
      if (line->len >= 2 && memcmp (line->data + line->len - 2, "\r\n", 2) == 0)
        {
          g_byte_array_set_size (line, line->len - 2);
          return g_steal_pointer (&line);
        }
    }

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "endless line");
  return NULL;
}

/* -- Expectations --------------------------------------------------------------------------- */

static gboolean
is_same (const GByteArray *bytes,
         const guint8     *data,
         gsize             length)
{
  return bytes->len == length && (length == 0 || memcmp (bytes->data, data, length) == 0);
}

static gboolean
matches_tagged (PinionTestPeer *self,
                const char     *pattern,
                GByteArray     *line)
{
  const char *place = strstr (pattern, "$tag");
  gsize before = (gsize) (place - pattern);
  gsize end = before;

  if (line->len < before || memcmp (line->data, pattern, before) != 0)
    return FALSE;
  while (end < line->len && g_ascii_isalnum (line->data[end]))
    end++;

  g_free (self->tag);
  self->tag = g_strndup ((const char *) line->data + before, end - before);
  g_autoptr (GByteArray) rest = unescape (self, place + 4);

  return end > before && is_same (rest, line->data + end, line->len - end);
}

static gboolean
expect_line (PinionTestPeer *self,
             const char     *text,
             GError        **error)
{
  g_autoptr (GByteArray) line = receive_line (self, error);
  gboolean same;

  if (line == NULL)
    return FALSE;

  if (strstr (text, "$tag") != NULL)
    {
      same = matches_tagged (self, text, line);
    }
  else
    {
      g_autoptr (GByteArray) wanted = unescape (self, text);
      same = is_same (wanted, line->data, line->len);
    }

  if (!same)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the client sent “%.*s”",
                 (int) line->len, (const char *) line->data);

  return same;
}

static gboolean
expect_pattern (PinionTestPeer *self,
                const char     *pattern,
                GError        **error)
{
  g_autoptr (GByteArray) line = receive_line (self, error);

  if (line == NULL)
    return FALSE;

  g_autofree char *anchored = g_strconcat ("^(?:", pattern, ")$", NULL);
  g_autofree char *text = g_strndup ((const char *) line->data, line->len);
  g_autoptr (GRegex) regex = g_regex_new (anchored, G_REGEX_RAW, 0, error);

  if (regex == NULL)
    return FALSE;
  if (!g_regex_match (regex, text, 0, NULL))
    return g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the client sent “%s”", text),
           FALSE;

  g_free (self->tag);
  self->tag = g_strndup (text, strcspn (text, " "));
  return TRUE;
}

static gboolean
expect_end (PinionTestPeer *self,
            gboolean        silent,
            GError        **error)
{
  guint8 byte;
  g_autoptr (GError) local = NULL;
  gssize n;

  while ((n = receive_byte (self, &byte, &local)) > 0)
    if (silent)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the client sent “%c…”", byte);
        return FALSE;
      }

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return TRUE;
}

/* -- Connections ---------------------------------------------------------------------------- */

static void
hang_up (PinionTestPeer *self)
{
  if (self->stream != NULL)
    g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->connection);
}

static void
reset (PinionTestPeer *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  g_socket_close (socket, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->connection);
}

static gboolean
take_connection (PinionTestPeer *self,
                 GError        **error)
{
  hang_up (self);

  g_autoptr (GSocket) socket = g_socket_accept (self->listener, self->cancellable, error);
  if (socket == NULL)
    return FALSE;

  g_socket_set_timeout (socket, PATIENCE);
  g_socket_set_option (socket, 6, 1, 1, NULL);
  self->connection = g_socket_connection_factory_create_connection (socket);
  self->stream = g_object_ref (G_IO_STREAM (self->connection));

  return TRUE;
}

static gboolean
start_tls (PinionTestPeer *self,
           gboolean        succeeds,
           GError        **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GIOStream) secure = g_tls_server_connection_new (self->stream, self->certificate,
                                                              &local);

  g_assert_no_error (local);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (secure), FALSE);
  gboolean done = g_tls_connection_handshake (G_TLS_CONNECTION (secure), self->cancellable, &local);

  /* In TLS 1.3 the server is done before the client has judged its certificate. */
  if (done && !succeeds)
    {
      guint8 byte;

      done = g_input_stream_read (g_io_stream_get_input_stream (secure), &byte, 1,
                                  self->cancellable, &local) > 0;
    }

  if (done != succeeds)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the handshake %s",
                   done ? "went through" : local->message);
      return FALSE;
    }

  g_set_object (&self->stream, secure);
  return TRUE;
}

static gboolean
start_deflate (PinionTestPeer *self)
{
  g_autoptr (GConverter) packer = NULL;
  g_autoptr (GConverter) unpacker = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GIOStream) packed = NULL;

  packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1));
  unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  input = g_converter_input_stream_new (g_io_stream_get_input_stream (self->stream), unpacker);
  output = g_converter_output_stream_new (g_io_stream_get_output_stream (self->stream), packer);
  /* What is below stays open until the connection goes. */
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);
  g_filter_output_stream_set_close_base_stream (G_FILTER_OUTPUT_STREAM (output), FALSE);
  packed = g_simple_io_stream_new (input, output);
  g_object_set_data_full (G_OBJECT (packed), "below", g_object_ref (self->stream), g_object_unref);
  g_set_object (&self->stream, packed);

  return TRUE;
}

/* -- Steps ---------------------------------------------------------------------------------- */

static gboolean
run_read (PinionTestPeer *self,
          guint64         count,
          GError        **error)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  guint8 buffer[4096];

  while (count > 0)
    {
      gsize wanted = (gsize) MIN (count, sizeof buffer);
      gssize n = g_input_stream_read (input, buffer, wanted, self->cancellable, error);

      if (n == 0)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the client closed");
      if (n <= 0)
        return FALSE;

      g_byte_array_append (self->received, buffer, (guint) n);
      count -= (guint64) n;
    }

  return TRUE;
}

static gboolean
run_until_dot (PinionTestPeer *self,
               GError        **error)
{
  for (;;)
    {
      g_autoptr (GByteArray) line = receive_line (self, error);

      if (line == NULL)
        return FALSE;
      if (line->len == 1 && line->data[0] == '.')
        return TRUE;
    }
}

static gboolean
run_delay (PinionTestPeer *self,
           guint64         milliseconds,
           GError        **error)
{
  for (guint64 i = 0; i < milliseconds; i += 10)
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      g_usleep (10 * 1000);
    }

  return TRUE;
}

/* @argument: "MS TEXT" */
static gboolean
run_repeat (PinionTestPeer *self,
            const char     *argument,
            GError        **error)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  guint64 pause = g_ascii_strtoull (words[0], NULL, 10);
  g_autoptr (GByteArray) once = unescape (self, words[1]);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  /* Without a pause, many at a time: what is tried is the client, not the kernel. */
  do
    g_byte_array_append (bytes, once->data, once->len);
  while (pause == 0 && once->len > 0 && bytes->len < 4096);

  gint64 end = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_SECOND;

  /* Whatever fails then is the client who has had enough. */
  while (send_bytes (self, bytes->data, bytes->len, NULL))
    {
      if (!run_delay (self, pause, error))
        return FALSE;
      if (g_get_monotonic_time () > end)
        return g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                    "the client takes it without end"),
               FALSE;
    }

  return TRUE;
}

static gboolean
run_send_file (PinionTestPeer *self,
               const char     *path,
               GError        **error)
{
  g_autofree char *contents = NULL;
  gsize length;

  return g_file_get_contents (path, &contents, &length, error) &&
         send_bytes (self, (const guint8 *) contents, length, error);
}

/* @step: "{name argument}" */
static gboolean
run_command (PinionTestPeer *self,
             const char     *step,
             GError        **error)
{
  g_autofree char *inner = g_strndup (step + 1, strlen (step) - 2);
  g_auto (GStrv) words = g_strsplit (inner, " ", 2);
  const char *name = words[0];
  const char *argument = words[1] != NULL ? words[1] : "";

  if (g_str_equal (name, "tls"))
    return start_tls (self, TRUE, error);
  if (g_str_equal (name, "tls-fail"))
    return start_tls (self, FALSE, error);
  if (g_str_equal (name, "deflate"))
    return start_deflate (self);
  if (g_str_equal (name, "read"))
    return run_read (self, g_ascii_strtoull (argument, NULL, 10), error);
  if (g_str_equal (name, "until"))
    return run_until_dot (self, error);
  if (g_str_equal (name, "delay"))
    return run_delay (self, g_ascii_strtoull (argument, NULL, 10), error);
  if (g_str_equal (name, "repeat"))
    return run_repeat (self, argument, error);
  if (g_str_equal (name, "send-file"))
    return run_send_file (self, argument, error);
  if (g_str_equal (name, "hold"))
    return expect_end (self, FALSE, error);
  if (g_str_equal (name, "end"))
    return expect_end (self, TRUE, error);
  if (g_str_equal (name, "next"))
    return take_connection (self, error);

  if (g_str_equal (name, "close"))
    hang_up (self);
  else if (g_str_equal (name, "reset"))
    reset (self);
  else if (g_str_equal (name, "drip"))
    self->drip = TRUE;
  else
    g_error ("Unknown step %s", step);

  return TRUE;
}

static gboolean
run_step (PinionTestPeer *self,
          const char     *step,
          GError        **error)
{
  if (*step == '\0' || *step == ' ' || *step == '#')
    return TRUE;
  if (*step == '{')
    return run_command (self, step, error);
  if (g_str_has_prefix (step, "C: "))
    return expect_line (self, step + 3, error);
  if (g_str_has_prefix (step, "C~ "))
    return expect_pattern (self, step + 3, error);
  if (!g_str_has_prefix (step, "S: ") && !g_str_has_prefix (step, "S- "))
    g_error ("Unknown step %s", step);

  g_autoptr (GByteArray) bytes = unescape (self, step + 3);
  if (step[1] == ':')
    g_byte_array_append (bytes, (const guint8 *) "\r\n", 2);

  return send_bytes (self, bytes->data, bytes->len, error);
}

static gpointer
play (gpointer data)
{
  PinionTestPeer *self = data;
  g_autoptr (GError) error = NULL;
  gboolean going = take_connection (self, &error);

  for (self->step = 0; going && self->steps[self->step] != NULL; self->step++)
    if (!run_step (self, self->steps[self->step], &error))
      {
        going = FALSE;
        break;
      }

  if (!going)
    self->failure = g_strdup_printf ("step %u (%s): %s", self->step + 1,
                                     self->steps[self->step], error->message);
  hang_up (self);

  g_mutex_lock (&self->mutex);
  self->done = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  return NULL;
}

/* -- The peer ------------------------------------------------------------------------------- */

static void
listen_on_loopback (PinionTestPeer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  self->listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);

  g_autoptr (GSocketAddress) local = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
}

PinionTestPeer *
pinion_test_peer_new (const char      *script,
                      GTlsCertificate *certificate)
{
  PinionTestPeer *self = g_new0 (PinionTestPeer, 1);

  self->steps = g_strsplit (script, "\n", -1);
  g_set_object (&self->certificate, certificate);
  self->cancellable = g_cancellable_new ();
  self->received = g_byte_array_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  listen_on_loopback (self);
  self->thread = g_thread_new ("test-peer", play, self);

  return self;
}

guint16
pinion_test_peer_get_port (PinionTestPeer *self)
{
  return self->port;
}

void
pinion_test_peer_fill_server (PinionTestPeer  *self,
                              PinionEncryption encryption,
                              PinionServer    *server)
{
  g_set_str (&server->host, "localhost");
  g_set_str (&server->user, "ana@example.com");
  server->port = self->port;
  server->encryption = encryption;
}

static void
end_play (PinionTestPeer *self,
          gint64          until)
{
  g_mutex_lock (&self->mutex);
  while (!self->done && g_cond_wait_until (&self->cond, &self->mutex, until))
    continue;
  g_mutex_unlock (&self->mutex);

  g_cancellable_cancel (self->cancellable);
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
free_peer (PinionTestPeer *self)
{
  g_strfreev (self->steps);
  g_clear_object (&self->certificate);
  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->received, g_byte_array_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->tag);
  g_free (self->failure);
  g_free (self);
}

GByteArray *
pinion_test_peer_finish (PinionTestPeer *self)
{
  end_play (self, g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (self->failure, ==, NULL);

  GByteArray *received = g_steal_pointer (&self->received);
  free_peer (self);

  return received;
}

void
pinion_test_peer_stop (PinionTestPeer *self)
{
  end_play (self, 0);
  free_peer (self);
}
