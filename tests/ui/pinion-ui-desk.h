/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole window on a store, and waiting for what it does. */

#pragma once

#include "pinion-list-pane-private.h"
#include "pinion-window-private.h"
#include "store-fixture.h"

/* Something always comes along. */
static inline gboolean
desk_on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static inline void
desk_turn (gint64 deadline)
{
  guint tick = g_timeout_add (10, desk_on_tick, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  if (g_get_monotonic_time () > deadline)
    g_error ("what a test waits for does not come");
}

#define wait_until(condition)                                         \
  G_STMT_START                                                        \
  {                                                                   \
    gint64 deadline_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    while (!(condition))                                              \
      desk_turn (deadline_);                                          \
  }                                                                   \
  G_STMT_END

/* Takes @future.  Returns: (transfer full) the same, settled. */
static inline DexFuture *
wait_for (DexFuture *future)
{
  wait_until (!dex_future_is_pending (future));

  return future;
}

/* Of @store, which is closed.  Returns: (transfer full) */
static inline PinionEngine *
desk_open_engine (Fixture *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) opened = wait_for (pinion_engine_open (store->dir));
  const GValue *value = dex_future_get_value (opened, &error);

  g_assert_no_error (error);

  return g_value_dup_object (value);
}

static inline PinionWindow *
desk_open_window (PinionEngine *engine)
{
  PinionWindow *window = pinion_window_new (NULL);

  pinion_window_set_engine (window, engine);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

/* Takes @engine.  An act that is under way holds the window, and a list that is being read is held, too:
 * they are waited for. */
static inline void
desk_close_window (PinionWindow *window,
                   PinionEngine *engine)
{
  gpointer waiting = window;
  gpointer model = window->list_pane->model;

  g_object_add_weak_pointer (waiting, &waiting);
  if (model != NULL)
    g_object_add_weak_pointer (model, &model);
  gtk_window_destroy (GTK_WINDOW (window));
  dex_unref (wait_for (pinion_engine_close (engine)));
  wait_until (waiting == NULL && model == NULL);
  g_object_unref (engine);
}
