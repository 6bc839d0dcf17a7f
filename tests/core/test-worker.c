/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-secret.h"
#include "pinion-worker.h"

#include <sys/resource.h>
#include <unistd.h>

static int destroyed;

static DexFuture *
add_one (gpointer data)
{
  return dex_future_new_for_int (*(int *) data + 1);
}

static DexFuture *
fail (gpointer data)
{
  return dex_future_new_for_error (g_error_new (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full"));
}

static DexFuture *
get_niceness (gpointer data)
{
  return dex_future_new_for_int (getpriority (PRIO_PROCESS, (id_t) gettid ()));
}

static void
count_destroyed (gpointer data)
{
  g_atomic_int_inc (&destroyed);
}

static DexFuture *
test_fiber (gpointer data)
{
  g_autoptr (PinionWorker) worker = pinion_worker_new ("test", 1);
  g_autoptr (GError) error = NULL;
  int value = 41;

  int result = dex_await_int (pinion_worker_run (worker, add_one, &value, count_destroyed), &error);
  g_assert_no_error (error);
  g_assert_cmpint (result, ==, 42);

  dex_await (pinion_worker_run (worker, fail, NULL, count_destroyed), &error);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);

  return dex_future_new_true ();
}

/* Only its own threads give way. */
static DexFuture *
background_fiber (gpointer data)
{
  g_autoptr (PinionWorker) worker = pinion_worker_new_background ("test", 1);
  g_autoptr (PinionWorker) other = pinion_worker_new ("test", 1);
  int usual = getpriority (PRIO_PROCESS, 0);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (dex_await_int (pinion_worker_run (worker, get_niceness, NULL, NULL), NULL),
                       ==, MAX (usual, 10));
      g_assert_cmpint (dex_await_int (pinion_worker_run (other, get_niceness, NULL, NULL), NULL),
                       ==, usual);
    }
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, usual);

  return dex_future_new_true ();
}

static gboolean
settled (DexFuture *future)
{
  return dex_future_get_status (future) != DEX_FUTURE_STATUS_PENDING;
}

static void
run_fiber (DexFiberFunc func)
{
  DexFuture *future = dex_scheduler_spawn (NULL, 0, func, NULL, NULL);

  while (!settled (future))
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (dex_future_is_resolved (future));
  dex_unref (future);
}

static void
end_slowly (gpointer data)
{
  g_usleep (20000);
  g_atomic_int_inc ((int *) data);
}

static void
test_ends (void)
{
  int ended = 0;

  pinion_worker_await_ends ();
  pinion_worker_end ("end", end_slowly, &ended);
  pinion_worker_end ("end", end_slowly, &ended);
  pinion_worker_await_ends ();
  g_assert_cmpint (g_atomic_int_get (&ended), ==, 2);
}

static void
test_run (void)
{
  run_fiber (test_fiber);
  g_assert_cmpint (g_atomic_int_get (&destroyed), ==, 2);
}

static void
test_background (void)
{
  run_fiber (background_fiber);
}

static void
test_secret (void)
{
  g_autoptr (PinionSecret) secret = pinion_secret_new ("correct horse");
  g_autoptr (PinionSecret) again = pinion_secret_ref (secret);

  g_assert_cmpstr (pinion_secret_peek (again), ==, "correct horse");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/core/worker", test_run);
  g_test_add_func ("/core/worker-ends", test_ends);
  g_test_add_func ("/core/worker/background", test_background);
  g_test_add_func ("/core/secret", test_secret);
  return g_test_run ();
}
