/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The walls around HTML, tried with a page that asks for the network in every way we know, given to
 * the view as it is: nothing may connect, and none of its scripts may run. */

#include <adwaita.h>
#include <string.h>

#include "pinion-message-view.h"

#define SETTLE_SECONDS 3

typedef struct
{
  GSocketService *service;
  guint16 port;
  GMutex lock;
  GPtrArray *asked;
} Listener;

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection      *connection,
               GObject                *source,
               Listener               *listener)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char line[256] = { 0 };
  gssize length;

  g_socket_set_timeout (g_socket_connection_get_socket (connection), 1);
  length = g_input_stream_read (input, line, sizeof line - 1, NULL, NULL);
  if (length <= 0)
    g_strlcpy (line, "(connected only)", sizeof line);
  line[strcspn (line, "\r\n")] = '\0';

  g_mutex_lock (&listener->lock);
  g_ptr_array_add (listener->asked, g_strdup (line));
  g_mutex_unlock (&listener->lock);

  return TRUE;
}

static Listener *
listener_new (void)
{
  Listener *self = g_new0 (Listener, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->asked = g_ptr_array_new_with_free_func (g_free);
  self->service = g_threaded_socket_service_new (64);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "run", G_CALLBACK (on_connection), self);

  return self;
}

static guint
listener_count (Listener   *self,
                const char *needle)
{
  guint count = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->asked->len; i++)
    if (needle == NULL || strstr (g_ptr_array_index (self->asked, i), needle) != NULL)
      count++;
  g_mutex_unlock (&self->lock);

  return count;
}

static void
listener_print (Listener *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->asked->len; i++)
    g_test_message ("asked for: %s", (char *) g_ptr_array_index (self->asked, i));
  g_mutex_unlock (&self->lock);
}

static char *
load_page (guint16 port)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "leaks.html", NULL);
  g_autofree char *number = g_strdup_printf ("%u", port);
  g_autofree char *page = NULL;
  g_autoptr (GString) html = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &page, NULL, &error);
  g_assert_no_error (error);
  html = g_string_new (page);
  g_string_replace (html, "@PORT@", number, 0);

  return g_string_free_and_steal (g_steal_pointer (&html));
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
run_for (guint seconds)
{
  gboolean over = FALSE;

  g_timeout_add_seconds (seconds, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_drawn (PinionMessageView *view,
          gboolean          *drawn)
{
  *drawn = TRUE;
}

static GtkWidget *
show (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 600, 600);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

/* Returns: the view's window. */
static GtkWidget *
show_guarded (const char         *html,
              gboolean            remote_pictures,
              PinionMessageView **view)
{
  g_autoptr (PinionWebGuard) guard = pinion_web_guard_new (NULL);
  GtkWidget *window;
  gboolean drawn = FALSE;

  *view = PINION_MESSAGE_VIEW (pinion_message_view_new (guard, 1));
  g_signal_connect (*view, "drawn", G_CALLBACK (on_drawn), &drawn);
  window = show (GTK_WIDGET (*view));
  pinion_message_view_load (*view, html, remote_pictures);

  for (guint i = 0; i < 20 && !drawn; i++)
    run_for (1);
  g_assert_true (drawn);
  run_for (SETTLE_SECONDS);
  g_signal_handlers_disconnect_by_data (*view, &drawn);

  return window;
}

static void
test_page_is_worth_it (void)
{
  Listener *listener = listener_new ();
  g_autofree char *html = load_page (listener->port);
  GtkWidget *view = webkit_web_view_new ();
  GtkWidget *window = show (view);

  /* Without walls the page connects in many ways; otherwise the tests below would prove nothing */
  webkit_web_view_load_html (WEBKIT_WEB_VIEW (view), html, NULL);
  run_for (SETTLE_SECONDS + 1);
  listener_print (listener);
  g_assert_cmpuint (listener_count (listener, NULL), >=, 20);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_no_network (void)
{
  Listener *listener = listener_new ();
  g_autofree char *html = load_page (listener->port);
  PinionMessageView *view;
  GtkWidget *window = show_guarded (html, FALSE, &view);

  listener_print (listener);
  g_assert_cmpuint (listener_count (listener, NULL), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

/* One belt taken off: what is left is the way out that leads nowhere. */
static void
test_no_network_without_filter (void)
{
  Listener *listener = listener_new ();
  g_autofree char *html = load_page (listener->port);
  PinionMessageView *view;
  GtkWidget *window = show_guarded ("<!DOCTYPE html>x", FALSE, &view);
  WebKitWebView *web = pinion_message_view_peek_web (view);

  webkit_user_content_manager_remove_all_filters (webkit_web_view_get_user_content_manager (web));
  pinion_message_view_load (view, html, FALSE);
  run_for (SETTLE_SECONDS + 1);
  listener_print (listener);
  g_assert_cmpuint (listener_count (listener, NULL), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_pictures_only (void)
{
  static const char *const never[] = {
    "script", "font", "stylesheet", "import", "iframe", "srcdoc", "refresh", "video ", "audio",
    "object", "embed", "manifest", "modulepreload", "prefetch", "(connected only)", "form", "track",
  };
  Listener *listener = listener_new ();
  g_autofree char *html = load_page (listener->port);
  PinionMessageView *view;
  GtkWidget *window = show_guarded (html, TRUE, &view);

  listener_print (listener);
  g_assert_cmpuint (listener_count (listener, " /img "), >=, 1);
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    g_assert_cmpuint (listener_count (listener, never[i]), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_no_scripts (void)
{
  static const char page[] =
    "<!DOCTYPE html><html><head><title>clean</title>"
    "<script>document.title = 'script'</script></head>"
    "<body onload=\"document.title = 'onload'\">"
    "<img src=\"x\" onerror=\"document.title = 'onerror'\">"
    "<details open ontoggle=\"document.title = 'ontoggle'\">x</details>"
    "<svg onload=\"document.title = 'svg'\"><animate onbegin=\"document.title = 'svg'\"/></svg>"
    "<svg><script>document.title = 'svg script'</script></svg>"
    "<iframe srcdoc=\"<script>parent.document.title = 'srcdoc'</script>\"></iframe>"
    "<iframe src=\"javascript:parent.document.title = 'javascript'\"></iframe>"
    "<input autofocus onfocus=\"document.title = 'onfocus'\">"
    "<style onload=\"document.title = 'style'\"></style>"
    "<p style=\"animation: a 1s\" onanimationstart=\"document.title = 'animation'\">x</p>"
    "<style>@keyframes a { from { color: red } }</style></body></html>";
  PinionMessageView *view;
  GtkWidget *window = show_guarded (page, FALSE, &view);

  g_assert_cmpstr (webkit_web_view_get_title (pinion_message_view_peek_web (view)), ==, "clean");

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_height_follows (void)
{
  g_autoptr (GString) html = g_string_new ("<!DOCTYPE html><body style='margin:0'>");
  PinionMessageView *view;
  GtkWidget *window;
  int height;

  g_string_append (html, "<div style='height:777px'>x</div>");
  window = show_guarded (html->str, FALSE, &view);
  gtk_widget_get_size_request (GTK_WIDGET (pinion_message_view_peek_web (view)), NULL, &height);
  g_assert_cmpint (height, ==, 777);

  /* A page that grows with its view has a bound */
  pinion_message_view_load (view, "<!DOCTYPE html><body style='margin:0'>"
                                  "<div style='height:calc(100vh + 100px)'>x</div>", FALSE);
  run_for (SETTLE_SECONDS);
  gtk_widget_get_size_request (GTK_WIDGET (pinion_message_view_peek_web (view)), NULL, &height);
  g_assert_cmpint (height, <=, 12000);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_links (void)
{
  g_assert_true (pinion_message_view_may_open ("https://example.com/a?b#c"));
  g_assert_true (pinion_message_view_may_open ("HTTP://example.com"));
  g_assert_true (pinion_message_view_may_open ("mailto:ana@example.com"));
  g_assert_false (pinion_message_view_may_open (NULL));
  g_assert_false (pinion_message_view_may_open (""));
  g_assert_false (pinion_message_view_may_open ("example.com"));
  g_assert_false (pinion_message_view_may_open ("file:///etc/passwd"));
  g_assert_false (pinion_message_view_may_open ("javascript:alert(1)"));
  g_assert_false (pinion_message_view_may_open ("data:text/html,x"));
  g_assert_false (pinion_message_view_may_open ("smb://host/share"));
  g_assert_false (pinion_message_view_may_open ("ms-word:x"));
  g_assert_false (pinion_message_view_may_open ("tel:123"));
  g_assert_false (pinion_message_view_may_open ("https://example.com/\nx"));
}

static void
assert_sniffed (const char *data,
                gsize       length,
                const char *type)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  g_assert_cmpstr (pinion_web_guard_sniff_picture (bytes), ==, type);
}

static void
test_sniffing (void)
{
  assert_sniffed ("\x89PNG\r\n\x1a\n....", 12, "image/png");
  assert_sniffed ("\xff\xd8\xff\xe0........", 12, "image/jpeg");
  assert_sniffed ("GIF89a......", 12, "image/gif");
  assert_sniffed ("RIFF....WEBP", 12, "image/webp");
  assert_sniffed ("BM..........", 12, "image/bmp");
  assert_sniffed ("RIFF....WAVE", 12, NULL);
  assert_sniffed ("<svg xmlns='http://www.w3.org/2000/svg'/>", 41, NULL);
  assert_sniffed ("<html><body>x</body>", 20, NULL);
  assert_sniffed ("\x89PNG", 4, NULL);
  assert_sniffed ("", 0, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("pinion-web-guard-XXXXXX", NULL);

  /* WebKit names folders after the program */
  g_set_prgname ("pinion-test-web-guard");
  /* Not G_TEST_OPTION_ISOLATE_DIRS: WebKit's own processes need the schemas of the system */
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);

  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 77;
    }

  dex_init ();
  adw_init ();

  g_test_add_func ("/ui/web-guard/links", test_links);
  g_test_add_func ("/ui/web-guard/sniffing", test_sniffing);
  g_test_add_func ("/ui/web-guard/page-is-worth-it", test_page_is_worth_it);
  g_test_add_func ("/ui/web-guard/no-network", test_no_network);
  g_test_add_func ("/ui/web-guard/no-network-without-filter", test_no_network_without_filter);
  g_test_add_func ("/ui/web-guard/pictures-only", test_pictures_only);
  g_test_add_func ("/ui/web-guard/no-scripts", test_no_scripts);
  g_test_add_func ("/ui/web-guard/height-follows", test_height_follows);

  return g_test_run ();
}
