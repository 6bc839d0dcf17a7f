/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The time limit of one thing that GIO does, and its end when the look-up ends.  Private to
 * discover.
 *
 * What is under way is ended at its roots, by GCancellables, and the fibers above it then end by
 * themselves.  A fiber of libdex that is discarded must not see what it waits for settle before it
 * has run again (that breaks its scheduler's queue), and at a look-up's end many things settle at
 * once; so no fiber of a look-up is ever discarded. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PinionWatch PinionWatch;

/* @parent: ends it too.  @limit: milliseconds.  Belongs to the calling thread.
 * Returns: (transfer full) */
PinionWatch  *pinion_watch_new  (GCancellable *parent,
                                 guint         limit);
void          pinion_watch_free (PinionWatch  *self);

/* What to pass to GIO; borrowed. */
GCancellable *pinion_watch_get_cancellable (PinionWatch *self);

/* Whether it ran out of time. */
gboolean      pinion_watch_is_timed_out (PinionWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionWatch, pinion_watch_free)

G_END_DECLS
