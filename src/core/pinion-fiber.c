/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-fiber.h"

/* @result: what others wait for.  @given_up: rejected as soon as they do not any more. */
typedef struct
{
  DexFiberFunc func;
  gpointer data;
  GDestroyNotify destroy;
  DexPromise *result;
  DexPromise *given_up;
} Task;

/* The one whose fiber is running in this thread. */
static _Thread_local Task *current;

static void
task_free (gpointer data)
{
  Task *task = data;

  if (task->destroy != NULL)
    task->destroy (task->data);
  dex_unref (task->result);
  dex_unref (task->given_up);
  g_free (task);
}

static void
on_discarded (GCancellable *cancellable,
              gpointer      user_data)
{
  dex_promise_reject (user_data, g_error_new_literal (DEX_ERROR, DEX_ERROR_FIBER_CANCELLED,
                                                      "The fiber was given up"));
}

void
pinion_promise_settle (DexPromise *promise,
                       DexFuture  *result)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = result != NULL ? dex_future_get_value (result, &error) : NULL;

  if (value != NULL)
    dex_promise_resolve (promise, value);
  else if (error != NULL)
    dex_promise_reject (promise, g_steal_pointer (&error));
  else
    dex_promise_reject (promise, g_error_new_literal (DEX_ERROR, DEX_ERROR_UNKNOWN, "no result"));
}

static DexFuture *
run_task (gpointer data)
{
  Task *task = data;

  current = task;
  DexFuture *result = task->func (task->data);
  if (result != NULL && dex_future_is_pending (result))
    pinion_await (dex_ref (result), NULL);
  current = NULL;

  if (result != NULL && dex_future_is_pending (result))
    pinion_promise_settle (task->result, DEX_FUTURE (task->given_up));
  else
    pinion_promise_settle (task->result, result);
  g_clear_pointer (&result, dex_unref);

  return dex_future_new_true ();
}

DexFuture *
pinion_fiber_spawn (DexScheduler  *scheduler,
                    gsize          stack_size,
                    DexFiberFunc   func,
                    gpointer       data,
                    GDestroyNotify destroy)
{
  Task *task = g_new0 (Task, 1);

  task->func = func;
  task->data = data;
  task->destroy = destroy;
  task->result = dex_promise_new_cancellable ();
  task->given_up = dex_promise_new ();
  g_cancellable_connect (dex_promise_get_cancellable (task->result), G_CALLBACK (on_discarded),
                         dex_ref (task->given_up), dex_unref);

  DexFuture *result = DEX_FUTURE (dex_ref (task->result));
  dex_future_disown (dex_scheduler_spawn (scheduler, stack_size, run_task, task, task_free));

  return result;
}

/* -- Waiting ---------------------------------------------------------------------------------- */

/* Takes @future.  Returns: (transfer full): the same, or earlier that the fiber was given up */
static DexFuture *
guard (DexFuture *future)
{
  if (current == NULL || !dex_future_is_pending (future))
    return future;

  return dex_future_first (future, dex_ref (current->given_up), NULL);
}

/* Others run while a fiber waits. */
#define AWAIT(type, wait, future, error)                                                           \
  Task *task = current;                                                                            \
  DexFuture *guarded = guard (future);                                                             \
                                                                                                   \
  current = NULL;                                                                                  \
  type value = wait (guarded, error);                                                              \
  current = task;                                                                                  \
                                                                                                   \
  return value

gboolean
pinion_await (DexFuture *future,
              GError   **error)
{
  AWAIT (gboolean, dex_await, future, error);
}

gboolean
pinion_await_boolean (DexFuture *future,
                      GError   **error)
{
  AWAIT (gboolean, dex_await_boolean, future, error);
}

gpointer
pinion_await_boxed (DexFuture *future,
                    GError   **error)
{
  AWAIT (gpointer, dex_await_boxed, future, error);
}

gint64
pinion_await_int64 (DexFuture *future,
                    GError   **error)
{
  AWAIT (gint64, dex_await_int64, future, error);
}

gpointer
pinion_await_object (DexFuture *future,
                     GError   **error)
{
  AWAIT (gpointer, dex_await_object, future, error);
}

char *
pinion_await_string (DexFuture *future,
                     GError   **error)
{
  AWAIT (char *, dex_await_string, future, error);
}
