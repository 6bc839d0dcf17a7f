/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fibers that can be given up.
 *
 * libdex cancels a fiber when nobody waits for it any more.  Before 0.11 that spoils its queues where
 * what the fiber itself waits for completes just then: the main loop turns without end, and fibers are
 * lost.  So no fiber of ours is ever discarded: who spawns one gets a promise, and when that is
 * discarded, what the fiber waits for ends with %DEX_ERROR_FIBER_CANCELLED.
 *
 * In a fiber spawned here, wait with these functions and with nothing else (a test sees to it). */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* As dex_scheduler_spawn().  @scheduler: %NULL for the thread's own.  @destroy: called for @data when
 * the fiber has ended.
 * Returns: (transfer full): what @func returns, when it is there; discarded, it gives the fiber up */
DexFuture *pinion_fiber_spawn (DexScheduler  *scheduler,
                               gsize          stack_size,
                               DexFiberFunc   func,
                               gpointer       data,
                               GDestroyNotify destroy);

/* As dex_await() and its kin: each takes @future.  Errors: those of @future, and
 * %DEX_ERROR_FIBER_CANCELLED where the fiber was given up. */
gboolean  pinion_await         (DexFuture *future,
                                GError   **error);
gboolean  pinion_await_boolean (DexFuture *future,
                                GError   **error);
gpointer  pinion_await_boxed   (DexFuture *future,
                                GError   **error);
gint64    pinion_await_int64   (DexFuture *future,
                                GError   **error);
gpointer  pinion_await_object  (DexFuture *future,
                                GError   **error);
char     *pinion_await_string  (DexFuture *future,
                                GError   **error);

/* Settles @promise as @result (nullable: there is none, which is an error) is settled. */
void pinion_promise_settle (DexPromise *promise,
                            DexFuture  *result);

G_END_DECLS
