/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GTest functions that run as fibers. */

#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Like g_test_add_func(): @func runs in a fiber on the main thread while the main loop turns.
 * It has to return a future that resolves, dex_future_new_true(). */
void pinion_test_add_fiber (const char  *path,
                            DexFiberFunc func);

/* Runs the main loop until @future (transfer full) settles; for tests that are no fibers.
 * Returns: whether it resolved */
gboolean pinion_test_wait (DexFuture *future,
                           GError   **error);

/* As g_test_init() and dex_init(), then the error domains' names. */
void pinion_test_init (int   *argc,
                       char ***argv);

G_END_DECLS
