/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking up through the engine: on a thread of the pool, told on the main thread, and left at any
 * moment without harm to what that thread does next. */

#include "pinion-engine.h"

#include "pinion-test-fiber.h"

#define ROUNDS 150

static PinionDiscoverRequest
make_request (const char *base_url)
{
  return (PinionDiscoverRequest) { .address = "anna@northwind.example", .base_url = base_url };
}

static void
turn (guint times)
{
  for (guint i = 0; i < times; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
on_known (PinionDiscovery *so_far,
          gpointer         user_data)
{
  guint *calls = user_data;

  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  g_assert_cmpuint (so_far->attempts->len, >, 0);
  (*calls)++;
}

static void
on_let_go (gpointer user_data)
{
  guint *calls = user_data;

  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  *calls += 1000;
}

static void
test_told (void)
{
  PinionDiscoverRequest request = make_request ("https://127.0.0.1:1");
  guint calls = 0;
  g_autoptr (GError) error = NULL;
  DexFuture *future = pinion_engine_discover (NULL, &request, on_known, &calls, on_let_go);

  g_assert_true (pinion_test_wait (dex_ref (future), &error));
  g_assert_no_error (error);
  PinionDiscovery *found = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpuint (found->attempts->len, ==, 4);
  dex_unref (future);

  while (calls < 1000)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (calls, >=, 1004);
}

static void
test_refused (void)
{
  PinionDiscoverRequest request = { .address = "nobody" };
  g_autoptr (GError) error = NULL;

  g_assert_false (pinion_test_wait (pinion_engine_discover (NULL, &request, NULL, NULL, NULL),
                                    &error));
  g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
}

/* Left before it has begun, while it begins, while nobody answers, and when it has ended. */
static void
test_left (void)
{
  g_autoptr (GSocketListener) silence = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (silence, NULL, NULL);
  g_autofree char *silent = g_strdup_printf ("https://127.0.0.1:%u", port);
  guint calls = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      PinionDiscoverRequest request = make_request (i % 2 == 0 ? silent : "https://127.0.0.1:1");
      DexFuture *future = pinion_engine_discover (NULL, &request, on_known, &calls, on_let_go);

      turn (i % 7);
      g_usleep (i % 10 * 100);
      dex_unref (future);
    }

  while (calls < ROUNDS * 1000)
    g_main_context_iteration (NULL, FALSE);

  /* Every thread still does what it is given. */
  for (guint i = 0; i < 16; i++)
    test_told ();
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  g_test_add_func ("/engine/discover/told", test_told);
  g_test_add_func ("/engine/discover/refused", test_refused);
  g_test_add_func ("/engine/discover/left", test_left);

  return g_test_run ();
}
