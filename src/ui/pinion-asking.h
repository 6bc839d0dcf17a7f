/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A question on its way to the engine, and whether its answer is still waited for: who asks counts
 * its questions, and whatever is counted after one makes that one stale, the asker's end included. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  gpointer asker;
  guint number;
  const guint *count;
} PinionAsking;

/* @asker: held until the answer.  @count: in @asker. */
PinionAsking *pinion_asking_new  (gpointer     asker,
                                  const guint *count);
void          pinion_asking_free (gpointer     self);

gboolean pinion_asking_is_stale (const PinionAsking *self);

G_END_DECLS
