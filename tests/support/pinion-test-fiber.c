/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-test-fiber.h"

#include <glib-unix.h>
#include <locale.h>

static DexFuture *
quit_loop (DexFuture *future,
           gpointer   user_data)
{
  g_main_loop_quit (user_data);
  return dex_ref (future);
}

gboolean
pinion_test_wait (DexFuture *future,
                  GError   **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (dex_future_is_pending (future))
    {
      future = dex_future_finally (future, quit_loop, g_main_loop_ref (loop),
                                   (GDestroyNotify) g_main_loop_unref);
      while (dex_future_is_pending (future))
        g_main_loop_run (loop);
    }

  gboolean resolved = dex_future_get_value (future, error) != NULL;
  dex_unref (future);

  return resolved;
}

static void
run_fiber (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  DexFiberFunc func = *(const DexFiberFunc *) data;

  pinion_test_wait (dex_scheduler_spawn (NULL, 0, func, NULL, NULL), &error);
  g_assert_no_error (error);

  /* What was closed in the background ends before the next test begins. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
pinion_test_add_fiber (const char  *path,
                       DexFiberFunc func)
{
  g_test_add_data_func_full (path, g_memdup2 (&func, sizeof func), run_fiber, g_free);
}

void
pinion_test_init (int   *argc,
                  char ***argv)
{
  setlocale (LC_ALL, "");
  /* Nothing but loopback is ever contacted, and no proxy is asked. */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (argc, argv, NULL);
  dex_init ();

  /* GLib's own thread, with its descriptor, comes with the first use of it: not while a test counts
   * descriptors. */
  g_source_unref (g_unix_signal_source_new (SIGHUP));
}
