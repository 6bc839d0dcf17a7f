/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-fiber.h"

/* What a fiber waits for, and what became of it. */
typedef struct
{
  DexPromise *awaited;
  DexFuture *child;
  guint n_steps;
  guint n_destroyed;
  gboolean cancelled;
} Probe;

static void
on_destroyed (gpointer data)
{
  ((Probe *) data)->n_destroyed++;
}

static DexFuture *
wait_fiber (gpointer data)
{
  Probe *probe = data;
  g_autoptr (GError) error = NULL;

  probe->n_steps++;
  if (!pinion_await (dex_ref (DEX_FUTURE (probe->awaited)), &error))
    {
      probe->cancelled = g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  probe->n_steps++;

  return dex_future_new_for_int64 (42);
}

static DexFuture *
return_pending_fiber (gpointer data)
{
  return dex_ref (DEX_FUTURE (((Probe *) data)->awaited));
}

static DexFuture *
parent_fiber (gpointer data)
{
  Probe *probe = data;

  return pinion_await (pinion_fiber_spawn (NULL, 0, wait_fiber, probe, on_destroyed), NULL)
             ? dex_future_new_true ()
             : dex_future_new_false ();
}

static DexFuture *
value_fiber (gpointer data)
{
  g_autofree char *text = pinion_await_string (dex_future_new_take_string (g_strdup ("one")), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (text, ==, "one");
  g_assert_cmpint (pinion_await_int64 (dex_future_new_for_int64 (7), NULL), ==, 7);
  g_assert_true (pinion_await_boolean (dex_future_new_true (), NULL));
  g_assert_false (pinion_await (dex_future_new_for_error (g_error_new (
                                    G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full")),
                                &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);

  return dex_future_new_take_string (g_steal_pointer (&text));
}

/* Until nothing is left to do: what turns for ever ends the test. */
static void
run_out (void)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpint (g_get_monotonic_time (), <, end);
}

/* Nobody waits for @future (transfer full) any more. */
static void
give_up (DexFuture *future)
{
  dex_unref (dex_future_first (future, dex_future_new_true (), NULL));
}

static void
test_values (void)
{
  Probe probe = { .awaited = dex_promise_new () };
  DexFuture *values = pinion_fiber_spawn (NULL, 0, value_fiber, NULL, NULL);
  DexFuture *future = pinion_fiber_spawn (NULL, 0, wait_fiber, &probe, on_destroyed);
  DexFuture *pending = pinion_fiber_spawn (NULL, 0, return_pending_fiber, &probe, on_destroyed);

  run_out ();
  g_assert_cmpstr (g_value_get_string (dex_future_get_value (values, NULL)), ==, "one");
  g_assert_true (dex_future_is_pending (future));
  g_assert_true (dex_future_is_pending (pending));
  dex_promise_resolve_int64 (probe.awaited, 5);
  run_out ();
  g_assert_cmpint (g_value_get_int64 (dex_future_get_value (future, NULL)), ==, 42);
  g_assert_cmpint (g_value_get_int64 (dex_future_get_value (pending, NULL)), ==, 5);
  g_assert_cmpuint (probe.n_steps, ==, 2);
  g_assert_cmpuint (probe.n_destroyed, ==, 2);

  dex_unref (values);
  dex_unref (future);
  dex_unref (pending);
  dex_unref (probe.awaited);
}

static void
test_given_up (void)
{
  Probe probe = { .awaited = dex_promise_new () };
  DexFuture *future = pinion_fiber_spawn (NULL, 0, parent_fiber, &probe, NULL);

  run_out ();
  g_assert_cmpuint (probe.n_steps, ==, 1);
  give_up (future);
  run_out ();
  g_assert_true (probe.cancelled);
  g_assert_cmpuint (probe.n_destroyed, ==, 1);

  /* Before it began, and where it returns what is not there yet */
  probe = (Probe){ .awaited = probe.awaited };
  give_up (pinion_fiber_spawn (NULL, 0, wait_fiber, &probe, on_destroyed));
  give_up (pinion_fiber_spawn (NULL, 0, return_pending_fiber, &probe, on_destroyed));
  run_out ();
  g_assert_true (probe.cancelled);
  g_assert_cmpuint (probe.n_destroyed, ==, 2);

  dex_unref (probe.awaited);
}

/* What it waits for is there in the moment in which it is given up: before and after, and from another
 * thread at any time. */
static gpointer
resolve_thread (gpointer data)
{
  dex_promise_resolve_boolean (data, TRUE);
  dex_unref (data);

  return NULL;
}

static void
test_at_once (void)
{
  for (guint i = 0; i < 300; i++)
    {
      Probe probes[3] = { 0 };
      GThread *thread = NULL;

      for (guint j = 0; j < G_N_ELEMENTS (probes); j++)
        {
          probes[j].awaited = dex_promise_new ();
          probes[j].child = pinion_fiber_spawn (NULL, 0, wait_fiber, &probes[j], on_destroyed);
        }
      run_out ();

      for (guint j = 0; j < G_N_ELEMENTS (probes); j++)
        {
          if (i % 3 == 0)
            dex_promise_resolve_boolean (probes[j].awaited, TRUE);
          if (i % 3 == 2 && j == 1)
            thread = g_thread_new ("resolve", resolve_thread, dex_ref (probes[j].awaited));
          give_up (g_steal_pointer (&probes[j].child));
          if (i % 3 == 1)
            dex_promise_resolve_boolean (probes[j].awaited, TRUE);
        }
      run_out ();
      if (thread != NULL)
        g_thread_join (thread);
      run_out ();

      for (guint j = 0; j < G_N_ELEMENTS (probes); j++)
        {
          g_assert_cmpuint (probes[j].n_destroyed, ==, 1);
          dex_unref (probes[j].awaited);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/fiber/values", test_values);
  g_test_add_func ("/core/fiber/given-up", test_given_up);
  g_test_add_func ("/core/fiber/at-once", test_at_once);

  return g_test_run ();
}
