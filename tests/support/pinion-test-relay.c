/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-test-relay.h"

/* One connection: [0] is the client's side, [1] the server's. */
typedef struct
{
  PinionTestRelay *relay;
  GSocket *sockets[2];
  GSource *sources[2];
} Line;

struct _PinionTestRelay
{
  guint16 port;
  PinionTestPlan plan;
  gsize passed;

  GSocket *listener;
  GSource *accepting;
  guint16 own_port;
  GPtrArray *lines;
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_listening (Line *line)
{
  clear_source (&line->sources[0]);
  clear_source (&line->sources[1]);
}

static void
hang_up (Line *line)
{
  stop_listening (line);
  for (guint i = 0; i < 2; i++)
    g_socket_close (line->sockets[i], NULL);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  hang_up (line);
  g_object_unref (line->sockets[0]);
  g_object_unref (line->sockets[1]);
  g_free (line);
}

/* Hands on what is there, as far as it may go. */
static gboolean
on_input (GSocket     *socket,
          GIOCondition condition,
          gpointer     user_data)
{
  Line *line = user_data;
  PinionTestRelay *self = line->relay;
  GSocket *other = line->sockets[socket == line->sockets[0]];
  char buffer[16384];
  gsize most = MIN (self->plan.most - self->passed, self->plan.drip ? 1 : sizeof buffer);
  gssize n = most > 0 ? g_socket_receive (socket, buffer, most, NULL, NULL) : 0;

  /* The other side of a loopback takes what is given at once. */
  if (n > 0)
    {
      self->passed += (gsize) n;
      g_socket_set_blocking (other, TRUE);
      n = g_socket_send (other, buffer, (gsize) n, NULL, NULL) == n ? n : 0;
      g_socket_set_blocking (other, FALSE);
    }

  if (self->passed == self->plan.most && self->plan.stall)
    stop_listening (line);
  else if (n <= 0 || self->passed == self->plan.most)
    hang_up (line);

  return line->sources[0] != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GSocket *
make_socket (void)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);

  return socket;
}

static GSocketAddress *
make_address (guint16 port)
{
  return g_inet_socket_address_new_from_string ("127.0.0.1", port);
}

static GSocket *
reach_server (PinionTestRelay *self)
{
  g_autoptr (GSocketAddress) address = make_address (self->port);
  g_autoptr (GError) error = NULL;
  GSocket *socket = make_socket ();

  g_socket_connect (socket, address, NULL, &error);
  g_assert_no_error (error);

  return socket;
}

static gboolean
on_connection (GSocket     *socket,
               GIOCondition condition,
               gpointer     user_data)
{
  PinionTestRelay *self = user_data;
  g_autoptr (GError) error = NULL;
  Line *line = g_new0 (Line, 1);

  line->relay = self;
  line->sockets[0] = g_socket_accept (socket, NULL, &error);
  g_assert_no_error (error);
  line->sockets[1] = reach_server (self);
  g_ptr_array_add (self->lines, line);

  for (guint i = 0; i < 2; i++)
    {
      g_socket_set_blocking (line->sockets[i], FALSE);
      g_socket_set_option (line->sockets[i], 6, 1, 1, NULL);
      line->sources[i] = g_socket_create_source (line->sockets[i], G_IO_IN, NULL);
      g_source_set_callback (line->sources[i], G_SOURCE_FUNC (on_input), line, NULL);
      g_source_attach (line->sources[i], g_main_context_get_thread_default ());
    }

  return G_SOURCE_CONTINUE;
}

PinionTestRelay *
pinion_test_relay_new (guint16               port,
                       const PinionTestPlan *plan)
{
  PinionTestRelay *self = g_new0 (PinionTestRelay, 1);
  g_autoptr (GSocketAddress) any = make_address (0);
  g_autoptr (GSocketAddress) own = NULL;
  g_autoptr (GError) error = NULL;

  self->port = port;
  self->plan = *plan;
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->listener = make_socket ();
  g_socket_bind (self->listener, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  own = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);
  self->own_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own));

  self->accepting = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (on_connection), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());

  return self;
}

void
pinion_test_relay_free (PinionTestRelay *self)
{
  clear_source (&self->accepting);
  g_ptr_array_unref (self->lines);
  g_object_unref (self->listener);
  g_free (self);
}

guint16
pinion_test_relay_get_port (PinionTestRelay *self)
{
  return self->own_port;
}

gsize
pinion_test_relay_get_passed (PinionTestRelay *self)
{
  return self->passed;
}
