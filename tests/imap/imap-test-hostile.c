/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "imap-test-hostile.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  DexFiberFunc func;
  gconstpointer data;
} HostileTest;

static void
run_test (gconstpointer data)
{
  const HostileTest *test = data;
  g_autoptr (GError) error = NULL;

  pinion_test_wait (dex_scheduler_spawn (NULL, 0, test->func, (gpointer) test->data, NULL), &error);
  g_assert_no_error (error);

  /* What was closed in the background ends before the next test begins. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
hostile_add (const char   *path,
             DexFiberFunc  func,
             gconstpointer data)
{
  HostileTest test = { func, data };

  g_test_add_data_func_full (path, g_memdup2 (&test, sizeof test), run_test, g_free);
}

char *
hostile_make_file (const char *text,
                   guint       n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) contents = g_string_sized_new (strlen (text) * n);
  char *path = NULL;
  int fd = g_file_open_tmp ("pinion-hostile-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  for (guint i = 0; i < n; i++)
    g_string_append (contents, text);
  g_file_set_contents (path, contents->str, (gssize) contents->len, &error);
  g_assert_no_error (error);

  return path;
}

void
hostile_remove_file (char *path)
{
  g_unlink (path);
  g_free (path);
}

static gboolean
contains (const GByteArray *bytes,
          const char       *text)
{
  return bytes->len > 0 && memmem (bytes->data, bytes->len, text, strlen (text)) != NULL;
}

void
hostile_close_unsigned (Session *session)
{
  g_autoptr (GByteArray) sent = NULL;

  if (session->connection != NULL)
    pinion_imap_connection_close (session->connection);
  g_clear_object (&session->connection);
  sent = pinion_test_peer_finish (session->peer);

  g_assert_false (contains (sent, session->server.user));
  g_assert_false (contains (sent, SESSION_PASSWORD));
  g_assert_false (contains (sent, SESSION_PLAIN));
  g_assert_false (contains (sent, "LOGIN"));
  g_assert_false (contains (sent, "PLAIN AG"));

  pinion_server_clear (&session->server);
  pinion_secret_unref (session->secret);
}
