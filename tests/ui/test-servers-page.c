/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page where servers and password are changed: what it shows while it tries, that it can be
 * stopped, and that the account is then what it was. */

#include "pinion-servers-page.h"

#include "pinion-test-certs.h"
#include "pinion-test-peer.h"
#include "pinion-ui-pages.h"

#include <string.h>

/* Long before anything times out, on a machine with much else to do, too. */
#define AT_ONCE (15 * G_USEC_PER_SEC)

static gint64
add_account (Fixture *fixture)
{
  g_autoptr (PinionAccount) account = pinion_account_new ();
  g_autoptr (PinionSecret) secret = pinion_secret_new ("not a real one");
  g_autoptr (GError) error = NULL;
  DexFuture *added;
  gint64 id;

  g_set_str (&account->email, "anna@northwind.example");
  g_set_str (&account->imap.host, "localhost");
  g_set_str (&account->imap.user, account->email);
  pinion_server_copy (&account->smtp, &account->imap);
  account->smtp.port = 587;
  account->smtp.encryption = PINION_ENCRYPTION_STARTTLS;
  account->ca_pem = g_strdup (pinion_test_certs_get_ca ());

  added = pinion_engine_add_account (fixture->engine, account, secret, FALSE);
  settle (added);
  id = g_value_get_int64 (dex_future_get_value (added, &error));
  g_assert_no_error (error);
  dex_unref (added);

  return id;
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  GtkWidget *view = adw_navigation_view_new ();
  GtkWidget *toasts = adw_toast_overlay_new ();
  PinionAccountItem *item;

  fixture_open (fixture);
  item = pinion_engine_find_account (fixture->engine, add_account (fixture));
  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view),
                            pinion_servers_page_new (fixture->engine, item));
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), view);
  gtk_window_set_child (fixture->window, toasts);
  gtk_window_present (fixture->window);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  fixture_close (fixture);
}

static const PinionAccount *
get_account (Fixture *fixture)
{
  g_autoptr (PinionAccountItem) item
    = g_list_model_get_item (pinion_engine_get_accounts (fixture->engine), 0);

  return pinion_account_item_get_account (item);
}

/* The first shown port is IMAP's. */
static void
set_port (Fixture *fixture,
          guint16  port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);

  type (fixture, "Port", text);
}

/* Each stage has its row. */
static void
assert_stages (Fixture *fixture)
{
  static const char *const titles[] = {
    "Find the server", "Reach the server", "Encrypt (TLS)",  "Check the certificate",
    "Greet the server", "Sign in",         "Open the Inbox", "List the labels",
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    await (fixture, is_label, titles[i]);
}

static gpointer
finish (gpointer data)
{
  GByteArray *said = pinion_test_peer_finish (data);

  g_main_context_wakeup (NULL);
  return said;
}

/* The server sees the end, while the window goes on; nothing was said to it but a greeting of
 * TLS. */
static void
assert_left (PinionTestPeer *peer)
{
  gint64 began = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("peer", finish, peer);
  g_autoptr (GByteArray) said = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_usleep (5000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }

  said = g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - began, <, AT_ONCE);
  g_assert_true (said->len == 0
                 || memmem (said->data, said->len, "never to be seen", 16) == NULL);
}

static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  PinionTestPeer *peer = pinion_test_peer_new ("{hold}", pinion_test_certs_get ("good"));
  g_autoptr (PinionAccount) before = pinion_account_copy (get_account (fixture));

  set_port (fixture, pinion_test_peer_get_port (peer));
  type (fixture, "New password", "never to be seen");
  press (fixture, "Check and Save");
  assert_stages (fixture);
  await (fixture, is_label, "127.0.0.1");
  g_assert_null (find (fixture, is_entry, "Port"));

  press (fixture, "Cancel");
  await (fixture, is_button, "Check and Save");
  assert_typed (fixture, "New password", "never to be seen");
  assert_left (peer);
  g_assert_true (pinion_account_equal (get_account (fixture), before));
}

/* The page is left while a server is silent. */
static void
test_left (Fixture      *fixture,
           gconstpointer data)
{
  PinionTestPeer *peer = pinion_test_peer_new ("{hold}", pinion_test_certs_get ("good"));
  g_autoptr (PinionAccount) before = pinion_account_copy (get_account (fixture));

  set_port (fixture, pinion_test_peer_get_port (peer));
  press (fixture, "Check and Save");
  await (fixture, is_label, "127.0.0.1");
  gtk_window_set_child (fixture->window, NULL);
  assert_left (peer);
  g_assert_true (pinion_account_equal (get_account (fixture), before));
}

static void
test_failure (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (PinionAccount) before = pinion_account_copy (get_account (fixture));

  set_port (fixture, 1);
  press (fixture, "Check and Save");
  await (fixture, is_label, "IMAP: The Server Was Not Reached");
  assert_stages (fixture);
  await (fixture, is_button, "Check and Save");
  assert_typed (fixture, "Port", "1");
  g_assert_true (pinion_account_equal (get_account (fixture), before));
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
  ADD ("/servers-page/cancel", test_cancel);
  ADD ("/servers-page/left", test_left);
  ADD ("/servers-page/failure", test_failure);
#undef ADD

  return g_test_run ();
}
