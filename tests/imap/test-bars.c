/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server can make the program hold: bounded, refused by name, and the program goes on.
 *
 * Each case runs in a process of its own, whose largest memory is looked at in the end. The large
 * message has 128 MiB, and with PINION_TEST_FULL in the environment 1 GiB. */

#include "pinion-imap-connection-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "imap-test-session.h"
#include "pinion-test-replay.h"

#define MIB (1024 * 1024)

/* What the whole process may take. */
#define MOST_MEMORY (64 * MIB)

#define GREETING "* OK ready\r\n"
#define DONE "P1 OK done\r\n"

/* A server that answers the first command with @head, @n times @unit ("%u" in it counts) and @tail. */
typedef struct
{
  const char *head;
  const char *unit;
  guint64 n;
  const char *tail;
} Answer;

typedef struct
{
  const Answer *answer;
  GSocket *socket;
} Server;

/* -- The server's side ----------------------------------------------------------------------- */

static gboolean
send_all (GSocket    *socket,
          const char *data,
          gsize       length)
{
  while (length > 0)
    {
      gssize n = g_socket_send (socket, data, length, NULL, NULL);

      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static void
append_unit (GString    *out,
             const char *unit,
             guint64     number)
{
  const char *place = strstr (unit, "%u");

  if (place == NULL)
    {
      g_string_append (out, unit);
      return;
    }

  g_string_append_len (out, unit, place - unit);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT "%s", number, place + 2);
}

static gboolean
send_units (Server *self)
{
  const Answer *answer = self->answer;
  g_autoptr (GString) out = g_string_sized_new (300 * 1024);
  gboolean fine = TRUE;

  for (guint64 i = 0; fine && i < answer->n; i++)
    {
      append_unit (out, answer->unit, i);
      if (out->len < 256 * 1024 && i + 1 < answer->n)
        continue;
      fine = send_all (self->socket, out->str, out->len);
      g_string_set_size (out, 0);
    }

  return fine;
}

/* Until the client closes, if it does. */
static gpointer
serve (gpointer data)
{
  Server *self = data;
  char buffer[4096];

  if (send_all (self->socket, GREETING, strlen (GREETING)) &&
      g_socket_receive (self->socket, buffer, sizeof buffer, NULL, NULL) > 0 &&
      send_all (self->socket, self->answer->head, strlen (self->answer->head)) &&
      send_units (self) &&
      send_all (self->socket, self->answer->tail, strlen (self->answer->tail)))
    while (g_socket_receive (self->socket, buffer, sizeof buffer, NULL, NULL) > 0)
      continue;
  g_object_unref (self->socket);
  g_free (self);

  return NULL;
}

/* Returns: (transfer full) a connection to a server that answers with @answer */
static PinionImapConnection *
connect_to (const Answer *answer,
            GThread     **thread)
{
  PinionImapConnection *connection = pinion_imap_connection_new ();
  Server *server = g_new0 (Server, 1);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GIOStream) stream = NULL;
  int pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  socket = g_socket_new_from_fd (pair[0], NULL);
  server->socket = g_socket_new_from_fd (pair[1], NULL);
  server->answer = answer;
  stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  *thread = g_thread_new ("server", serve, server);
  pinion_imap_connection_attach (connection, stream, TRUE);
  session_assert_resolves (dex_ref (DEX_FUTURE (connection->greeting)));

  return connection;
}

/* -- Measuring ------------------------------------------------------------------------------- */

static gsize
largest_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);

  return (gsize) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024;
}

static void
assert_modest (void)
{
  gsize most = largest_memory ();

  g_printerr ("%zu KiB at most\n", most / 1024);
  /* Tools have a memory of their own, and keep what was freed. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  if (g_getenv ("PINION_TEST_TOOL") == NULL)
    g_assert_cmpuint (most, <, MOST_MEMORY);
#endif
}

/* -- Cases ----------------------------------------------------------------------------------- */

static const Answer fine_answer = { "", "", 0, DONE };

/* Takes @future and @connection: it must be refused and closed, and the next one must work. */
static void
assert_refused (DexFuture            *future,
                PinionImapConnection *connection,
                GThread              *thread)
{
  g_autoptr (GError) error = session_assert_rejects (future, PINION_ERROR_TOO_LARGE);
  PinionImapConnection *next;

  g_printerr ("%s\n", error->message);
  g_assert_true (pinion_imap_connection_is_closed (connection));
  g_clear_error (&error);
  error = session_assert_rejects (pinion_imap_connection_closed (connection),
                                  PINION_ERROR_TOO_LARGE);
  g_object_unref (connection);
  g_thread_join (thread);

  next = connect_to (&fine_answer, &thread);
  session_assert_resolves (pinion_imap_connection_noop (next));
  pinion_imap_connection_close (next);
  g_object_unref (next);
  g_thread_join (thread);
  assert_modest ();
}

static void
assert_list_refused (const Answer *answer)
{
  GThread *thread;
  PinionImapConnection *connection = connect_to (answer, &thread);

  assert_refused (pinion_imap_connection_list (connection), connection, thread);
}

static void
assert_headers_refused (const Answer *answer)
{
  GThread *thread;
  PinionImapConnection *connection = connect_to (answer, &thread);
  g_autoptr (PinionUidSet) set = session_set ("1:9");

  assert_refused (pinion_imap_connection_fetch_headers (connection, set, NULL, PINION_IMAP_HEADERS_ALL), connection,
                  thread);
}

static DexFuture *
unexpected_message (PinionImapMessage *message,
                    gpointer           user_data)
{
  g_assert_not_reached ();
}

static void
assert_bodies_refused (const Answer *answer)
{
  GThread *thread;
  PinionImapConnection *connection = connect_to (answer, &thread);
  g_autoptr (PinionUidSet) set = session_set ("1:9");
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);

  assert_refused (pinion_imap_connection_fetch_bodies (connection, set, directory,
                                                       unexpected_message, NULL, NULL),
                  connection, thread);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static DexFuture *
test_list_fiber (gpointer data)
{
  assert_list_refused (&(const Answer){ "", "* LIST (\\HasNoChildren) \"/\" \"Folder %u\"\r\n",
                                        1000000, DONE });

  return dex_future_new_true ();
}

/* The same name again and again is no mailbox more, but has its end, too. */
static DexFuture *
test_same_list_fiber (gpointer data)
{
  assert_list_refused (&(const Answer){ "", "* LIST () \"/\" A\r\n", 1000001, DONE });

  return dex_future_new_true ();
}

static DexFuture *
test_line_fiber (gpointer data)
{
  assert_list_refused (&(const Answer){ "* LIST () \"/\" \"", "0123456789abcdef", 10 * MIB / 16,
                                        "\"\r\n" DONE });

  return dex_future_new_true ();
}

static DexFuture *
test_endless_line_fiber (gpointer data)
{
  assert_list_refused (&(const Answer){ "* OK ", "0123456789abcdef", G_MAXUINT64, "\r\n" DONE });

  return dex_future_new_true ();
}

static DexFuture *
test_nesting_fiber (gpointer data)
{
  assert_headers_refused (&(const Answer){ "* 1 FETCH (UID 1 BODYSTRUCTURE ", "(", 10000,
                                           " BODY[HEADER] NIL)\r\n" DONE });

  return dex_future_new_true ();
}

static DexFuture *
test_nesting_elsewhere_fiber (gpointer data)
{
  assert_headers_refused (&(const Answer){ "* 1 FETCH (UID 1 X-UNKNOWN ", "(", 10000,
                                           ")\r\n" DONE });

  return dex_future_new_true ();
}

static DexFuture *
test_literal_fiber (gpointer data)
{
  assert_bodies_refused (&(const Answer){ "* 1 FETCH (UID 1 BODY[] {4294967295}\r\n", "", 0,
                                          DONE });
  assert_headers_refused (&(const Answer){ "* 1 FETCH (UID 1 BODY[HEADER] {4294967295}\r\n", "", 0,
                                           DONE });
  assert_list_refused (&(const Answer){ "* LIST () \"/\" {4294967295}\r\n", "", 0, DONE });
  assert_list_refused (&(const Answer){ "* LIST () \"/\" {99999999999999999999999}\r\n", "", 0,
                                        DONE });

  return dex_future_new_true ();
}

/* Nobody asked for it. */
static DexFuture *
test_unasked_literal_fiber (gpointer data)
{
  assert_list_refused (&(const Answer){ "* 1 FETCH (UID 1 BODY[] {1073741824}\r\n", "0123456789abcdef",
                                        64 * MIB, ")\r\n" DONE });

  return dex_future_new_true ();
}

/* -- A large message ------------------------------------------------------------------------- */

static DexFuture *
on_message (PinionImapMessage *message,
            gpointer           user_data)
{
  guint64 *size = user_data;
  GStatBuf info;

  g_assert_null (message->body);
  g_assert_cmpint (g_stat (message->body_path, &info), ==, 0);
  g_assert_cmpuint ((guint64) info.st_size, ==, message->body_size);
  *size = message->body_size;
  pinion_imap_message_free (message);

  return NULL;
}

static DexFuture *
test_message_fiber (gpointer data)
{
  const guint64 size = (g_getenv ("PINION_TEST_FULL") != NULL ? 1024 : 128) * (guint64) MIB;
  g_autofree char *head = g_strdup_printf ("* 1 FETCH (UID 1 BODY[] {%" G_GUINT64_FORMAT "}\r\n",
                                           size);
  g_autofree char *unit = g_strnfill (64 * 1024, 'm');
  g_autofree char *directory = g_dir_make_tmp ("pinion-test-XXXXXX", NULL);
  const Answer answer = { head, unit, size / (64 * 1024), ")\r\n" DONE };
  GThread *thread;
  PinionImapConnection *connection = connect_to (&answer, &thread);
  g_autoptr (PinionUidSet) set = session_set ("1");
  guint64 arrived = 0;

  session_assert_resolves (pinion_imap_connection_fetch_bodies (connection, set, directory,
                                                                on_message, &arrived, NULL));
  g_assert_cmpuint (arrived, ==, size);
  pinion_imap_connection_close (connection);
  g_object_unref (connection);
  g_thread_join (thread);
  /* Nothing is left of it. */
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  assert_modest ();

  return dex_future_new_true ();
}

/* -- All ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  DexFiberFunc func;
} Case;

static const Case cases[] = {
  { "list", test_list_fiber },
  { "same-list", test_same_list_fiber },
  { "line", test_line_fiber },
  { "endless-line", test_endless_line_fiber },
  { "nesting", test_nesting_fiber },
  { "nesting-elsewhere", test_nesting_elsewhere_fiber },
  { "literal", test_literal_fiber },
  { "unasked-literal", test_unasked_literal_fiber },
  { "message", test_message_fiber },
};

static void
run_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      pinion_test_wait (dex_scheduler_spawn (NULL, 0, one->func, NULL, NULL), &error);
      g_assert_no_error (error);
      return;
    }

  g_test_trap_subprocess (NULL, 60 * G_TIME_SPAN_SECOND, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/imap/bars/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], run_case);
    }

  return g_test_run ();
}
