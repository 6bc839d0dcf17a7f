/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-test-replay.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/sockios.h>

/* A longer text drips in larger drops. */
#define LONG 8192

struct _PinionTestReplay
{
  const PinionTestStep *step;
  PinionTestPlan plan;
  gsize offset; /* in the step */
  gsize played;
  guint n_reached;

  GSocket *socket;
  GSource *input;
  GSource *next;
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
hang_up (PinionTestReplay *self)
{
  clear_source (&self->input);
  clear_source (&self->next);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
}

static void
advance (PinionTestReplay *self,
         gsize             n)
{
  self->offset += n;
  self->played += n;
  if (self->offset == strlen (self->step->text))
    {
      self->offset = 0;
      self->step++;
    }
}

/* Returns: whether it goes on now */
static gboolean
play_client (PinionTestReplay *self,
             gsize             most)
{
  char buffer[4096];
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_receive (self->socket, buffer, MIN (most, sizeof buffer), NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  if (n <= 0)
    {
      hang_up (self);
      return FALSE;
    }

  if (memcmp (buffer, self->step->text + self->offset, (gsize) n) != 0)
    g_error ("The client sent “%.*s” for “%s”", (int) n, buffer, self->step->text + self->offset);
  advance (self, (gsize) n);

  return TRUE;
}

/* Returns: whether it goes on now */
static gboolean
play_server (PinionTestReplay *self,
             gsize             most)
{
  g_autoptr (GError) error = NULL;
  int unread = 0;
  gssize n;

  if (self->plan.drip)
    {
      most = MIN (most, strlen (self->step->text) < LONG ? 1 : 61);
      g_assert_cmpint (ioctl (g_socket_get_fd (self->socket), SIOCOUTQ, &unread), ==, 0);
    }

  n = unread == 0 ? g_socket_send (self->socket, self->step->text + self->offset, most, NULL,
                                   &error)
                  : 0;
  if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      hang_up (self);
      return FALSE;
    }
  if (n > 0)
    advance (self, (gsize) n);
  if (n > 0 && !self->plan.drip)
    return TRUE;

  /* Later: nothing has been read yet. */
  g_source_set_ready_time (self->next, 0);

  return FALSE;
}

static void
play (PinionTestReplay *self)
{
  for (;;)
    {
      gsize most = self->plan.most - self->played;
      gsize left;
      gboolean going;

      for (; self->step->who == '='; self->step++)
        self->n_reached++;
      if (self->step->who == '\0' || (most == 0 && !self->plan.stall))
        {
          hang_up (self);
          return;
        }
      if (most == 0)
        {
          clear_source (&self->input);
          return;
        }

      left = MIN (most, strlen (self->step->text) - self->offset);
      going = self->step->who == 'C' ? play_client (self, left) : play_server (self, left);
      if (!going)
        return;
    }
}

static gboolean
on_next (gpointer user_data)
{
  PinionTestReplay *self = user_data;

  g_source_set_ready_time (self->next, -1);
  play (self);

  return self->next != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_input (GSocket     *socket,
          GIOCondition condition,
          gpointer     user_data)
{
  PinionTestReplay *self = user_data;

  /* Commands that come early wait for their turn. */
  if (self->step->who != 'C')
    return G_SOURCE_CONTINUE;

  play (self);

  return self->input != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GSocket *
adopt_socket (int fd)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);

  return socket;
}

PinionTestReplay *
pinion_test_replay_new (const PinionTestStep *steps,
                        const PinionTestPlan *plan,
                        GIOStream           **stream)
{
  PinionTestReplay *self = g_new0 (PinionTestReplay, 1);
  g_autoptr (GSocket) other = NULL;
  int pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  self->step = steps;
  self->plan = *plan;
  self->socket = adopt_socket (pair[0]);
  other = adopt_socket (pair[1]);
  *stream = G_IO_STREAM (g_socket_connection_factory_create_connection (other));

  self->next = g_timeout_source_new (0);
  g_source_set_ready_time (self->next, -1);
  g_source_set_callback (self->next, on_next, self, NULL);
  g_source_attach (self->next, g_main_context_get_thread_default ());

  self->input = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->input, G_SOURCE_FUNC (on_input), self, NULL);
  g_source_attach (self->input, g_main_context_get_thread_default ());
  play (self);

  return self;
}

void
pinion_test_replay_free (PinionTestReplay *self)
{
  hang_up (self);
  g_clear_object (&self->socket);
  g_free (self);
}

guint
pinion_test_replay_get_n_reached (PinionTestReplay *self)
{
  return self->n_reached;
}

gsize
pinion_test_replay_get_length (const PinionTestStep *steps)
{
  gsize length = 0;

  for (; steps->who != '\0'; steps++)
    length += steps->who != '=' ? strlen (steps->text) : 0;

  return length;
}

guint
pinion_test_replay_get_n_milestones (const PinionTestStep *steps)
{
  guint n = 0;

  for (; steps->who != '\0'; steps++)
    n += steps->who == '=';

  return n;
}

guint
pinion_test_count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  const gint64 most = sysconf (_SC_OPEN_MAX);
  const char *name;
  guint n = 0;

  /* valgrind keeps its own beyond what it lets a program have. */
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    n += most < 0 || g_ascii_strtoll (name, NULL, 10) < most;

  return n;
}
