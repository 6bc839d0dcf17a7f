/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The assistant's pages, worked by their titles and labels as a person would find them. */

#include "pinion-assistant.h"

#include "pinion-ui-pages.h"

static AdwNavigationView *
get_view (Fixture *fixture)
{
  GtkWidget *assistant = gtk_window_get_child (fixture->window);

  return ADW_NAVIGATION_VIEW (adw_bin_get_child (ADW_BIN (assistant)));
}

static void
assert_page (Fixture    *fixture,
             const char *tag)
{
  g_assert_cmpstr (adw_navigation_view_get_visible_page_tag (get_view (fixture)), ==, tag);
}

/* -- Fixture -------------------------------------------------------------------------------- */

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture_open (fixture);
  gtk_window_set_child (fixture->window, pinion_assistant_new (fixture->engine));
  gtk_window_present (fixture->window);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  fixture_close (fixture);
}

/* -- Tests ---------------------------------------------------------------------------------- */

static void
go_to_imap (Fixture *fixture)
{
  press (fixture, "Next");
  press (fixture, "Next");
  type (fixture, "Email address", "anna@northwind.example");
  type (fixture, "Password", "not a real one");
  press (fixture, "Next");
  assert_page (fixture, "imap");
}

static void
test_follows (Fixture      *fixture,
              gconstpointer data)
{
  go_to_imap (fixture);
  assert_typed (fixture, "User name", "anna@northwind.example");
  assert_typed (fixture, "Port", "993");
  adw_combo_row_set_selected (ADW_COMBO_ROW (await (fixture, is_row, "Encryption")), 1);
  assert_typed (fixture, "Port", "143");

  type (fixture, "Hostname", "mail.northwind.example");
  type (fixture, "User name", "NORTHWIND\\anna");
  press (fixture, "Next");
  assert_page (fixture, "smtp");
  assert_typed (fixture, "Hostname", "mail.northwind.example");
  assert_typed (fixture, "Port", "587");
  assert_typed (fixture, "User name", "NORTHWIND\\anna");
}

static void
test_nothing_is_lost (Fixture      *fixture,
                      gconstpointer data)
{
  go_to_imap (fixture);
  type (fixture, "Hostname", "mail.northwind.example");
  type (fixture, "Port", "1993");

  g_assert_true (adw_navigation_view_pop (get_view (fixture)));
  assert_page (fixture, "credentials");
  assert_typed (fixture, "Email address", "anna@northwind.example");
  type (fixture, "Email address", "bob@northwind.example");
  press (fixture, "Next");

  assert_typed (fixture, "Hostname", "mail.northwind.example");
  assert_typed (fixture, "Port", "1993");
  assert_typed (fixture, "User name", "bob@northwind.example");
}

static void
test_reasons (Fixture      *fixture,
              gconstpointer data)
{
  press (fixture, "Next");
  press (fixture, "Next");
  type (fixture, "Email address", "anna@");
  press (fixture, "Next");
  assert_page (fixture, "credentials");
  await (fixture, is_label, "An email address looks like name@company.com.");
  await (fixture, is_label, "Enter your password.");

  type (fixture, "Email address", "anna@northwind.example");
  g_assert_null (find (fixture, is_label, "An email address looks like name@company.com."));
}

static void
test_shared (Fixture      *fixture,
             gconstpointer data)
{
  press (fixture, "Next");
  adw_action_row_activate (ADW_ACTION_ROW (await (fixture, is_row, "Shared mailbox")));
  press (fixture, "Next");
  assert_page (fixture, "import");

  type (fixture, "Alias or address of the shared mailbox", "sales");
  press (fixture, "Next");
  type (fixture, "Email address", "anna@northwind.example");
  type (fixture, "Password", "not a real one");
  press (fixture, "Next");
  assert_typed (fixture, "User name", "NORTHWIND\\anna\\sales");
}

/* With a ticket there is no password to enter; for another mailbox there has to be one. */
static void
test_ticket (Fixture      *fixture,
             gconstpointer data)
{
  press (fixture, "Next");
  press (fixture, "Next");
  type (fixture, "Email address", "anna@northwind.example");
  press (fixture, "Next");
  await (fixture, is_label, "Enter your password.");

  adw_combo_row_set_selected (ADW_COMBO_ROW (await (fixture, is_row, "Sign in with")), 1);
  g_assert_null (find (fixture, is_entry, "Password"));
  g_assert_null (find (fixture, is_label, "Enter your password."));
  press (fixture, "Next");
  assert_page (fixture, "imap");
  assert_typed (fixture, "User name", "anna@northwind.example");

  g_assert_true (adw_navigation_view_pop (get_view (fixture)));
  g_assert_true (adw_navigation_view_pop (get_view (fixture)));
  assert_page (fixture, "import");
  adw_action_row_activate (ADW_ACTION_ROW (await (fixture, is_row, "Shared mailbox")));
  type (fixture, "Alias or address of the shared mailbox", "sales");
  press (fixture, "Next");
  await (fixture, is_entry, "Password");
  g_assert_null (find (fixture, is_row, "Sign in with"));
}

/* A port that nobody else gets, and nobody listens at. */
static GSocket *
bind_closed_port (guint16 *port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) bound = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                            G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_no_error (error);
  g_socket_bind (bound, any, FALSE, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (bound, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));

  return g_steal_pointer (&bound);
}

static void
test_failure (Fixture      *fixture,
              gconstpointer data)
{
  guint16 number;
  g_autoptr (GSocket) closed = bind_closed_port (&number);
  g_autofree char *port = g_strdup_printf ("%u", number);

  go_to_imap (fixture);
  type (fixture, "Hostname", "127.0.0.1");
  type (fixture, "Port", port);
  press (fixture, "Next");
  type (fixture, "Port", port);
  press (fixture, "Next");
  press (fixture, "Connect");
  assert_page (fixture, "connect");

  await (fixture, is_label, "IMAP: The Server Was Not Reached");
  press (fixture, "Check IMAP Settings");
  assert_page (fixture, "imap");
  assert_typed (fixture, "Port", port);
}

/* -- Looking up ----------------------------------------------------------------------------- */

#define PROTOCOL(type, server, rest) \
  "<Protocol><Type>" type "</Type><Server>" server "</Server>" rest "</Protocol>"

static const char found_page[]
  = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/xml\r\n\r\n"
    "<Autodiscover><Response><Account>"
    PROTOCOL ("IMAP", "imap.northwind.example", "<Port>1993</Port><LoginName>anna</LoginName>")
    PROTOCOL ("SMTP", "smtp.hoster.example", "<Port>465</Port>")
    "</Account></Response></Autodiscover>";
static const char elsewhere_page[]
  = "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: https://localhost:1/there\r\n\r\n";
static const char nothing_page[] = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n";

/* Answers POX with the page, everything else with nothing; on a thread for each connection. */
static gboolean
on_request (GThreadedSocketService *service,
            GSocketConnection      *connection,
            GObject                *source,
            gpointer                page)
{
  GIOStream *stream = G_IO_STREAM (connection);
  char head[4096] = { 0 };
  gsize length = 0;

  while (strstr (head, "\r\n\r\n") == NULL && length < sizeof head - 1)
    {
      gssize n = g_input_stream_read (g_io_stream_get_input_stream (stream), head + length,
                                      sizeof head - 1 - length, NULL, NULL);
      if (n <= 0)
        return TRUE;
      length += (gsize) n;
    }

  const char *answer = strstr (head, "/autodiscover.xml") != NULL ? page : nothing_page;
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), answer, strlen (answer), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  return TRUE;
}

static GSocketService *
serve (const char *page)
{
  GSocketService *service = g_threaded_socket_service_new (8);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_signal_connect (service, "run", G_CALLBACK (on_request), (gpointer) page);
  g_setenv ("PINION_DISCOVER_URL", url, TRUE);
  return service;
}

static void
stop_serving (GSocketService *service)
{
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
  g_setenv ("PINION_DISCOVER_URL", "http://127.0.0.1:1", TRUE);
}

/* What is found is on the pages, with who said so; what is typed stays. */
static void
test_found (Fixture      *fixture,
            gconstpointer data)
{
  GSocketService *service = serve (found_page);

  go_to_imap (fixture);
  await (fixture, is_label, "Found by Autodiscover at northwind.example.");
  assert_typed (fixture, "Hostname", "imap.northwind.example");
  assert_typed (fixture, "Port", "1993");
  assert_typed (fixture, "User name", "anna");

  press (fixture, "Next");
  assert_page (fixture, "smtp");
  await (fixture, is_label, "Found by Autodiscover at northwind.example. "
                            "The server is not part of northwind.example.");
  assert_typed (fixture, "Hostname", "smtp.hoster.example");
  assert_typed (fixture, "Port", "465");
  type (fixture, "Hostname", "smtp.northwind.example");
  g_assert_true (adw_navigation_view_pop (get_view (fixture)));
  press (fixture, "Next");
  assert_typed (fixture, "Hostname", "smtp.northwind.example");
  g_assert_null (find (fixture, is_label, "Found by Autodiscover at northwind.example."));
  stop_serving (service);
}

/* Another host is asked once the person agrees, not before. */
static void
test_found_elsewhere (Fixture      *fixture,
                      gconstpointer data)
{
  GSocketService *service = serve (elsewhere_page);
  gint64 end = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;

  go_to_imap (fixture);
  await (fixture, is_row, "Autodiscover points at localhost");
  assert_typed (fixture, "Hostname", "");
  press (fixture, "Ask It");
  while (find (fixture, is_row, "Autodiscover points at localhost") != NULL
         && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (find (fixture, is_row, "Autodiscover points at localhost"));
  stop_serving (service);
}

/* The assistant is closed while a server is silent. */
static void
test_left_while_looking (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_setenv ("PINION_DISCOVER_URL", url, TRUE);
  go_to_imap (fixture);
  await (fixture, is_label, "Looking for the servers of northwind.example…");
  g_setenv ("PINION_DISCOVER_URL", "http://127.0.0.1:1", TRUE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/assistant/follows", test_follows);
  ADD ("/assistant/nothing-is-lost", test_nothing_is_lost);
  ADD ("/assistant/reasons", test_reasons);
  ADD ("/assistant/shared", test_shared);
  ADD ("/assistant/ticket", test_ticket);
  ADD ("/assistant/failure", test_failure);
  ADD ("/assistant/found", test_found);
  ADD ("/assistant/found-elsewhere", test_found_elsewhere);
  ADD ("/assistant/left-while-looking", test_left_while_looking);
#undef ADD

  return g_test_run ();
}
