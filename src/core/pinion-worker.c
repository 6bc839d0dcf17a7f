/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-worker.h"

#include "pinion-fiber.h"

#include <sys/resource.h>
#include <unistd.h>

/* Of background work, as nice(1) counts. */
#define BACKGROUND_NICENESS 10

struct _PinionWorker
{
  GThreadPool *pool;
  char *name;
  gboolean is_background;
};

typedef struct
{
  DexFiberFunc func;
  gpointer data;
  GDestroyNotify destroy;
  DexPromise *promise;
} Work;

/* On Linux a thread has a niceness of its own, and these threads are this worker's alone. */
static void
give_way (void)
{
  static GPrivate done = G_PRIVATE_INIT (NULL);

  if (g_private_get (&done) != NULL)
    return;

  g_private_set (&done, GINT_TO_POINTER (TRUE));
  if (getpriority (PRIO_PROCESS, (id_t) gettid ()) < BACKGROUND_NICENESS)
    setpriority (PRIO_PROCESS, (id_t) gettid (), BACKGROUND_NICENESS);
}

static void
run_work (gpointer work_data,
          gpointer user_data)
{
  PinionWorker *self = user_data;
  Work *work = work_data;

  if (self->is_background)
    give_way ();
  DexFuture *result = work->func (work->data);

  if (work->destroy != NULL)
    work->destroy (work->data);
  pinion_promise_settle (work->promise, result);

  g_clear_pointer (&result, dex_unref);
  dex_unref (work->promise);
  g_free (work);
}

PinionWorker *
pinion_worker_new (const char *name,
                   guint       n_threads)
{
  PinionWorker *self = g_new0 (PinionWorker, 1);

  self->name = g_strdup (name);
  self->pool = g_thread_pool_new (run_work, self, (int) n_threads, TRUE, NULL);

  return self;
}

PinionWorker *
pinion_worker_new_background (const char *name,
                              guint       n_threads)
{
  PinionWorker *self = pinion_worker_new (name, n_threads);

  self->is_background = TRUE;

  return self;
}

void
pinion_worker_free (PinionWorker *self)
{
  if (self == NULL)
    return;

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_free (self->name);
  g_free (self);
}

DexFuture *
pinion_worker_run (PinionWorker  *self,
                   DexFiberFunc   func,
                   gpointer       data,
                   GDestroyNotify destroy)
{
  Work *work = g_new0 (Work, 1);

  work->func = func;
  work->data = data;
  work->destroy = destroy;
  work->promise = dex_promise_new ();

  DexFuture *future = DEX_FUTURE (dex_ref (work->promise));
  g_thread_pool_push (self->pool, work, NULL);

  return future;
}

/* -- Ends ----------------------------------------------------------------------------------- */

typedef struct
{
  GDestroyNotify func;
  gpointer data;
} End;

static GMutex ends_mutex;
static GCond ends_changed;
static guint n_ends;

static gpointer
run_end (gpointer data)
{
  End *end = data;

  end->func (end->data);
  g_free (end);

  g_mutex_lock (&ends_mutex);
  n_ends--;
  g_cond_broadcast (&ends_changed);
  g_mutex_unlock (&ends_mutex);

  return NULL;
}

void
pinion_worker_end (const char    *name,
                   GDestroyNotify func,
                   gpointer       data)
{
  End *end = g_new (End, 1);

  end->func = func;
  end->data = data;
  g_mutex_lock (&ends_mutex);
  n_ends++;
  g_mutex_unlock (&ends_mutex);
  g_thread_unref (g_thread_new (name, run_end, end));
}

void
pinion_worker_await_ends (void)
{
  g_mutex_lock (&ends_mutex);
  while (n_ends > 0)
    g_cond_wait (&ends_changed, &ends_mutex);
  g_mutex_unlock (&ends_mutex);
}
