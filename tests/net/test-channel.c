/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-channel.h"

#include "pinion-net.h"
#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"
#include "pinion-traffic.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  PinionTestPeer *peer;
  PinionChannel *channel;
} Fixture;

static void
fixture_init (Fixture    *self,
              const char *script)
{
  PinionServer server = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean tls = g_str_has_prefix (script, "{tls}");

  self->peer = pinion_test_peer_new (script, pinion_test_certs_get ("good"));
  pinion_test_peer_fill_server (self->peer,
                                tls ? PINION_ENCRYPTION_TLS : PINION_ENCRYPTION_STARTTLS, &server);
  g_autoptr (GIOStream) stream = dex_await_object (
      pinion_net_connect (&server, PINION_PROTOCOL_IMAP, pinion_test_certs_get_ca (), NULL, NULL),
      &error);
  g_assert_no_error (error);
  self->channel = pinion_channel_new (stream, PINION_PROTOCOL_IMAP);
  pinion_server_clear (&server);
}

static GByteArray *
fixture_finish (Fixture *self)
{
  g_clear_object (&self->channel);
  return pinion_test_peer_finish (self->peer);
}

static void
fixture_done (Fixture *self)
{
  g_byte_array_unref (fixture_finish (self));
}

static void
write_text (PinionChannel *channel,
            const char    *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  dex_await (pinion_channel_write (channel, bytes), &error);
  g_assert_no_error (error);
}

/* Reads until @length bytes came. */
static GByteArray *
read_bytes (PinionChannel *channel,
            gsize          length)
{
  GByteArray *all = g_byte_array_new ();

  while (all->len < length)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = dex_await_boxed (pinion_channel_read (channel), &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), <=, PINION_CHANNEL_READ_MAX);
      g_byte_array_append (all, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    }

  return all;
}

static void
assert_read_fails (PinionChannel  *channel,
                   PinionErrorCode code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dex_await_boxed (pinion_channel_read (channel), &error));
  g_assert_error (error, PINION_ERROR, (int) code);
}

static DexFuture *
test_conversation (gpointer data)
{
  static const char *const starts[] = { "", "{tls}\n" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *script = g_strconcat (starts[i],
                                             "S: * OK hello\n"
                                             "C~ (\\w+) NOOP\n"
                                             "S: $tag OK done\n"
                                             "C: $tag LOGOUT\n"
                                             "S: $tag OK bye\n"
                                             "{close}",
                                             NULL);
      Fixture f;

      fixture_init (&f, script);
      g_byte_array_unref (read_bytes (f.channel, 12));
      write_text (f.channel, "a1 NOOP\r\n");
      g_byte_array_unref (read_bytes (f.channel, 12));
      write_text (f.channel, "b2 LOGOUT\r\n");

      g_autoptr (GByteArray) last = read_bytes (f.channel, 11);
      g_assert_cmpmem (last->data, last->len, "b2 OK bye\r\n", 11);
      assert_read_fails (f.channel, PINION_ERROR_CONNECTION_LOST);
      g_assert_true (pinion_channel_is_closed (f.channel));
      fixture_done (&f);
    }

  return dex_future_new_true ();
}

static DexFuture *
test_large (gpointer data)
{
  static const char *const starts[] = { "", "{tls}\n" };
  const gsize size = 3 * 1024 * 1024 + 17;
  g_autofree char *path = NULL;
  g_autofree char *contents = g_malloc (size);
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("pinion-large-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  for (gsize i = 0; i < size; i++)
    contents[i] = (char) (i * 31 + i / 251);
  g_file_set_contents (path, contents, (gssize) size, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *script = g_strdup_printf ("%s{send-file %s}\n{read %zu}\n{end}", starts[i],
                                                 path, size / 4);
      g_autoptr (GBytes) bytes = g_bytes_new (contents, size / 4);
      Fixture f;

      fixture_init (&f, script);
      DexFuture *written = pinion_channel_write (f.channel, bytes);
      g_autoptr (GByteArray) all = read_bytes (f.channel, size);

      g_assert_cmpmem (all->data, all->len, contents, size);
      dex_await (written, &error);
      g_assert_no_error (error);
      g_autoptr (GByteArray) sent = fixture_finish (&f);
      g_assert_cmpmem (sent->data, sent->len, contents, size / 4);
    }

  g_unlink (path);
  return dex_future_new_true ();
}

static DexFuture *
test_order (gpointer data)
{
  Fixture f;
  g_autoptr (GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) two = g_bytes_new_static ("two\r\n", 5);
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "C: onetwo\n{end}");
  DexFuture *first = pinion_channel_write (f.channel, one);
  dex_unref (pinion_channel_write (f.channel, none));
  DexFuture *second = pinion_channel_write (f.channel, two);
  /* Nobody waits for the first one. */
  dex_unref (first);
  dex_await (second, &error);
  g_assert_no_error (error);
  fixture_done (&f);

  return dex_future_new_true ();
}

static DexFuture *
test_time_limit (gpointer data)
{
  Fixture f;

  fixture_init (&f, "{hold}");
  pinion_channel_set_time_limit (f.channel, 100);
  assert_read_fails (f.channel, PINION_ERROR_TIMED_OUT);
  assert_read_fails (f.channel, PINION_ERROR_CONNECTION_LOST);
  fixture_done (&f);

  /* Set while a read is pending, and lifted again */
  fixture_init (&f, "{delay 300}\nS: late\n{hold}");
  pinion_channel_set_time_limit (f.channel, 100);
  DexFuture *pending = pinion_channel_read (f.channel);
  pinion_channel_set_time_limit (f.channel, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dex_await_boxed (pending, &error);
  g_assert_no_error (error);
  pending = pinion_channel_read (f.channel);
  pinion_channel_set_time_limit (f.channel, 100);
  g_assert_false (dex_await (pending, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_TIMED_OUT);
  fixture_done (&f);

  return dex_future_new_true ();
}

static DexFuture *
test_dropped_read (gpointer data)
{
  Fixture f;

  fixture_init (&f, "{delay 200}\nS: kept\n{hold}");
  g_assert_false (dex_await (dex_future_first (pinion_channel_read (f.channel),
                                               dex_timeout_new_msec (50), NULL),
                             NULL));
  g_autoptr (GByteArray) bytes = read_bytes (f.channel, 6);
  g_assert_cmpmem (bytes->data, bytes->len, "kept\r\n", 6);
  fixture_done (&f);

  return dex_future_new_true ();
}

static DexFuture *
test_lost (gpointer data)
{
  static const char *const endings[] = { "{close}", "{delay 200}\n{reset}", "{tls}\n{close}",
                                          "{tls}\n{delay 200}\n{reset}" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      Fixture f;

      fixture_init (&f, endings[i]);
      assert_read_fails (f.channel, PINION_ERROR_CONNECTION_LOST);
      fixture_done (&f);
    }

  return dex_future_new_true ();
}

static DexFuture *
test_close (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "{tls}\n{end}");
  DexFuture *pending = pinion_channel_read (f.channel);
  pinion_channel_close (f.channel);
  pinion_channel_close (f.channel);
  g_assert_false (dex_await (pending, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CANCELLED);
  g_clear_error (&error);

  g_autoptr (GBytes) bytes = g_bytes_new_static ("late", 4);
  g_assert_false (dex_await (pinion_channel_write (f.channel, bytes), &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CONNECTION_LOST);
  fixture_done (&f);
  g_clear_error (&error);

  /* The last reference does it too. */
  fixture_init (&f, "{end}");
  pending = pinion_channel_read (f.channel);
  fixture_done (&f);
  g_assert_false (dex_await (pending, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CANCELLED);

  return dex_future_new_true ();
}

static DexFuture *
test_steal (gpointer data)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  g_autoptr (GBytes) bytes = g_bytes_new_static ("half", 4);
  fixture_init (&f, "{hold}");
  dex_unref (pinion_channel_write (f.channel, bytes));
  g_assert_null (pinion_channel_steal_stream (f.channel, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_BUSY);
  fixture_done (&f);
  g_clear_error (&error);

  fixture_init (&f, "C: STARTTLS\n{end}");
  write_text (f.channel, "STARTTLS\r\n");
  DexFuture *pending = pinion_channel_read (f.channel);
  g_autoptr (GIOStream) stream = pinion_channel_steal_stream (f.channel, &error);
  g_assert_no_error (error);
  g_assert_true (pinion_channel_is_closed (f.channel));
  g_assert_false (dex_await (pending, &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CANCELLED);
  g_assert_false (g_io_stream_is_closed (stream));
  g_clear_object (&f.channel);
  g_assert_false (g_io_stream_is_closed (stream));
  g_clear_object (&stream);
  fixture_done (&f);

  return dex_future_new_true ();
}

static DexFuture *
log_fiber (gpointer data)
{
  Fixture f;
  g_autoptr (GBytes) secret = g_bytes_new_static ("LOGIN ana hunter2\r\n", 19);
  g_autoptr (GError) error = NULL;

  fixture_init (&f, "S: hello \\x01\n"
                    "C: LOGIN ana hunter2\n"
                    "S: NO hunter2 is wrong\n"
                    "C: NOOP\n"
                    "S: OK again\n"
                    "{hold}");
  g_byte_array_unref (read_bytes (f.channel, 9));
  dex_await (pinion_channel_write_secret (f.channel, secret), &error);
  g_assert_no_error (error);
  g_byte_array_unref (read_bytes (f.channel, 21));
  write_text (f.channel, "NOOP\r\n");
  g_byte_array_unref (read_bytes (f.channel, 10));
  fixture_done (&f);

  return dex_future_new_true ();
}

static void
test_log (void)
{
  if (g_test_subprocess ())
    {
      g_setenv ("PINION_DEBUG", "traffic", TRUE);
      g_assert_true (pinion_test_wait (dex_scheduler_spawn (NULL, 0, log_fiber, NULL, NULL), NULL));
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*imap 1 S: hello ?x01\nimap 1 C: ???\nimap 1 S: ???\n"
                             "imap 1 C: NOOP\nimap 1 S: OK again\n*");
  g_test_trap_assert_stderr_unmatched ("*hunter2*");
}

static void
test_log_off (void)
{
  g_assert_false (pinion_traffic_is_enabled ());
}

/* The same on a thread of its own, as accounts do it. */
static DexFuture *
test_thread (gpointer data)
{
  g_autoptr (DexScheduler) scheduler = dex_thread_pool_scheduler_new ();
  g_autoptr (GError) error = NULL;

  pinion_test_certs_get_ca ();
  dex_await (dex_scheduler_spawn (scheduler, 0, test_conversation, NULL, NULL), &error);
  g_assert_no_error (error);
  dex_await (dex_scheduler_spawn (scheduler, 0, test_large, NULL, NULL), &error);
  g_assert_no_error (error);

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  pinion_test_init (&argc, &argv);

  pinion_test_add_fiber ("/channel/conversation", test_conversation);
  pinion_test_add_fiber ("/channel/large", test_large);
  pinion_test_add_fiber ("/channel/order", test_order);
  pinion_test_add_fiber ("/channel/time-limit", test_time_limit);
  pinion_test_add_fiber ("/channel/dropped-read", test_dropped_read);
  pinion_test_add_fiber ("/channel/lost", test_lost);
  pinion_test_add_fiber ("/channel/close", test_close);
  pinion_test_add_fiber ("/channel/steal", test_steal);
  pinion_test_add_fiber ("/channel/thread", test_thread);
  g_test_add_func ("/channel/log", test_log);
  g_test_add_func ("/channel/log-off", test_log_off);

  return g_test_run ();
}
