/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads for work that blocks or recurses (SQLite, GMime, files), out of reach of fibers with
 * their small stacks.  Work is done in the order it was given; one thread means one at a time. */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

typedef struct _PinionWorker PinionWorker;

/* @name: the threads' name.  Returns: (transfer full) */
PinionWorker *pinion_worker_new (const char *name,
                                 guint       n_threads);

/* The same for work that gives way to everything else. */
PinionWorker *pinion_worker_new_background (const char *name,
                                            guint       n_threads);

/* Ends the threads once the work given so far is done, and waits for them. */
void pinion_worker_free (PinionWorker *self);

/* Runs @func on a worker thread.  @func returns a settled future (transfer full), as
 * dex_future_new_for_error() or dex_future_new_take_boxed() make them; the returned future settles
 * the same way.  @destroy frees @data on the worker thread, always, and before the future settles:
 * whoever waited for it finds nothing held any more.  Any thread. */
DexFuture *pinion_worker_run (PinionWorker  *self,
                              DexFiberFunc   func,
                              gpointer       data,
                              GDestroyNotify destroy);

/* Runs @func on a thread of its own, called @name: for owners of workers, which may be let go on one of
 * them and cannot wait for their own end there. */
void pinion_worker_end (const char    *name,
                        GDestroyNotify func,
                        gpointer       data);

/* Blocks until what pinion_worker_end() began is done: the last thing a program does, so that its
 * databases are closed in order. */
void pinion_worker_await_ends (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionWorker, pinion_worker_free)

G_END_DECLS
