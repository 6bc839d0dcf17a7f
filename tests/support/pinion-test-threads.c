/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells ThreadSanitizer what happens before what, where GLib and libdex, which are not built with
 * it, hand things from thread to thread: locks, thread pools, queues, counted references.
 *
 * A library to preload (CONTRIBUTING.md, Tests).  It is itself built without sanitizers, and without
 * ThreadSanitizer in the process it changes nothing. */

#include <dlfcn.h>
#include <libdex.h>

void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));
void AnnotateIgnoreWritesBegin (const char *file,
                                int         line) __attribute__ ((weak));
void AnnotateIgnoreWritesEnd (const char *file,
                              int         line) __attribute__ ((weak));

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire != NULL && address != NULL)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release != NULL && address != NULL)
    __tsan_release ((void *) address);
}

/* The function that is wrapped. */
#define REAL(name)                                                                                 \
  static __typeof__ (&name) real = NULL;                                                           \
  if (G_UNLIKELY (real == NULL))                                                                   \
    *(void **) &real = dlsym (RTLD_NEXT, #name)

/* -- Locks ----------------------------------------------------------------------------------- */

#define LOCK(name, Type)                                                                           \
  void (name) (Type *lock)                                                                         \
  {                                                                                                \
    REAL (name);                                                                                   \
    real (lock);                                                                                   \
    acquire (lock);                                                                                \
  }
#define TRY_LOCK(name, Type)                                                                       \
  gboolean (name) (Type *lock)                                                                     \
  {                                                                                                \
    REAL (name);                                                                                   \
    gboolean taken = real (lock);                                                                  \
    if (taken)                                                                                     \
      acquire (lock);                                                                              \
    return taken;                                                                                  \
  }
#define UNLOCK(name, Type)                                                                         \
  void (name) (Type *lock)                                                                         \
  {                                                                                                \
    REAL (name);                                                                                   \
    release (lock);                                                                                \
    real (lock);                                                                                   \
  }

LOCK (g_mutex_lock, GMutex)
TRY_LOCK (g_mutex_trylock, GMutex)
UNLOCK (g_mutex_unlock, GMutex)
LOCK (g_rec_mutex_lock, GRecMutex)
TRY_LOCK (g_rec_mutex_trylock, GRecMutex)
UNLOCK (g_rec_mutex_unlock, GRecMutex)
LOCK (g_rw_lock_reader_lock, GRWLock)
UNLOCK (g_rw_lock_reader_unlock, GRWLock)
LOCK (g_rw_lock_writer_lock, GRWLock)
UNLOCK (g_rw_lock_writer_unlock, GRWLock)

void
g_cond_wait (GCond  *cond,
             GMutex *mutex)
{
  REAL (g_cond_wait);

  release (mutex);
  real (cond, mutex);
  acquire (mutex);
}

gboolean
g_cond_wait_until (GCond  *cond,
                   GMutex *mutex,
                   gint64  end_time)
{
  REAL (g_cond_wait_until);
  gboolean met;

  release (mutex);
  met = real (cond, mutex, end_time);
  acquire (mutex);

  return met;
}

gboolean
(g_once_init_enter) (volatile void *location)
{
  REAL (g_once_init_enter);
  gboolean first = real (location);

  if (!first)
    acquire ((const void *) location);

  return first;
}

void
(g_once_init_leave) (volatile void *location,
                     gsize          result)
{
  REAL (g_once_init_leave);

  release ((const void *) location);
  real (location, result);
}

/* -- Work ------------------------------------------------------------------------------------ */

/* Lives as long as the process, as do most pools. */
typedef struct
{
  GFunc func;
  gpointer user_data;
} Pool;

static void
run_task (gpointer data,
          gpointer user_data)
{
  Pool *pool = user_data;

  acquire (data);
  pool->func (data, pool->user_data);
  release (pool);
}

GThreadPool *
g_thread_pool_new (GFunc     func,
                   gpointer  user_data,
                   gint      max_threads,
                   gboolean  exclusive,
                   GError  **error)
{
  REAL (g_thread_pool_new);
  Pool *pool = g_new (Pool, 1);
  GThreadPool *made;

  *pool = (Pool){ func, user_data };

  /* One of its threads may be who frees it, under a lock inside GLib. */
  if (AnnotateIgnoreWritesBegin != NULL)
    AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
  made = real (run_task, pool, max_threads, exclusive, error);
  if (AnnotateIgnoreWritesEnd != NULL)
    AnnotateIgnoreWritesEnd (__FILE__, __LINE__);

  return made;
}

gboolean
g_thread_pool_push (GThreadPool *pool,
                    gpointer     data,
                    GError     **error)
{
  REAL (g_thread_pool_push);

  release (data);

  return real (pool, data, error);
}

void
g_thread_pool_free (GThreadPool *pool,
                    gboolean     immediate,
                    gboolean     wait)
{
  REAL (g_thread_pool_free);
  Pool *ours = pool->user_data;

  real (pool, immediate, wait);
  acquire (ours);
}

void
g_async_queue_push (GAsyncQueue *queue,
                    gpointer     data)
{
  REAL (g_async_queue_push);

  release (queue);
  real (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  REAL (g_async_queue_pop);
  gpointer data = real (queue);

  acquire (queue);

  return data;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue,
                           guint64      timeout)
{
  REAL (g_async_queue_timeout_pop);
  gpointer data = real (queue, timeout);

  acquire (queue);

  return data;
}

/* -- Calls of the main thread ---------------------------------------------------------------- */

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Call;

static gboolean
run_call (gpointer user_data)
{
  Call *call = user_data;

  acquire (call);

  return call->func (call->data);
}

static void
end_call (gpointer user_data)
{
  Call *call = user_data;

  acquire (call);
  if (call->notify != NULL)
    call->notify (call->data);
  g_free (call);
}

guint
g_idle_add_full (int            priority,
                 GSourceFunc    func,
                 gpointer       data,
                 GDestroyNotify notify)
{
  REAL (g_idle_add_full);
  Call *call = g_new (Call, 1);

  *call = (Call) { func, data, notify };
  release (call);

  return real (priority, run_call, call, end_call);
}

/* -- References ------------------------------------------------------------------------------ */

/* Who lets go of the last one has seen what the others did. */
#define UNREF(name, Type)                                                                          \
  void (name) (Type object)                                                                        \
  {                                                                                                \
    REAL (name);                                                                                   \
    release (object);                                                                              \
    acquire (object);                                                                              \
    real (object);                                                                                 \
  }

UNREF (g_object_unref, gpointer)
UNREF (g_bytes_unref, GBytes *)
UNREF (g_main_context_unref, GMainContext *)
UNREF (g_source_unref, GSource *)
UNREF (dex_unref, gpointer)
UNREF (g_atomic_rc_box_release, gpointer)
UNREF (g_array_unref, GArray *)
UNREF (g_ptr_array_unref, GPtrArray *)

void
g_atomic_rc_box_release_full (gpointer       object,
                              GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);

  release (object);
  acquire (object);
  real (object, clear);
}

/* -- Futures --------------------------------------------------------------------------------- */

/* One place for all of them, since what settles is seldom what is awaited. */
static char settled;

void
dex_promise_resolve (DexPromise   *promise,
                     const GValue *value)
{
  REAL (dex_promise_resolve);

  release (&settled);
  real (promise, value);
}

void
dex_promise_reject (DexPromise *promise,
                    GError     *error)
{
  REAL (dex_promise_reject);

  release (&settled);
  real (promise, error);
}

const GValue *
dex_future_get_value (DexFuture *future,
                      GError   **error)
{
  REAL (dex_future_get_value);
  const GValue *value = real (future, error);

  acquire (&settled);

  return value;
}

#define AWAIT(name, Type)                                                                          \
  Type (name) (DexFuture *future, GError **error)                                                  \
  {                                                                                                \
    REAL (name);                                                                                   \
    Type value = real (future, error);                                                             \
    acquire (&settled);                                                                            \
    return value;                                                                                  \
  }

AWAIT (dex_await, gboolean)
AWAIT (dex_await_boolean, gboolean)
AWAIT (dex_await_boxed, gpointer)
AWAIT (dex_await_object, gpointer)
AWAIT (dex_await_pointer, gpointer)

/* A fiber begins with what its maker did. */
typedef struct
{
  DexFiberFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Fiber;

static DexFuture *
run_fiber (gpointer user_data)
{
  Fiber *fiber = user_data;
  DexFuture *result;

  acquire (fiber);
  result = fiber->func (fiber->data);
  release (fiber);
  release (&settled);

  return result;
}

static void
destroy_fiber (gpointer user_data)
{
  Fiber *fiber = user_data;

  acquire (fiber);
  if (fiber->destroy != NULL)
    fiber->destroy (fiber->data);
  g_free (fiber);
}

DexFuture *
dex_scheduler_spawn (DexScheduler  *scheduler,
                     gsize          stack_size,
                     DexFiberFunc   func,
                     gpointer       data,
                     GDestroyNotify destroy)
{
  REAL (dex_scheduler_spawn);
  Fiber *fiber = g_new (Fiber, 1);

  *fiber = (Fiber){ func, data, destroy };
  release (fiber);

  return real (scheduler, stack_size, run_fiber, fiber, destroy_fiber);
}
