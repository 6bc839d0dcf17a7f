/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-asking.h"

PinionAsking *
pinion_asking_new (gpointer     asker,
                   const guint *count)
{
  PinionAsking *self = g_new (PinionAsking, 1);

  *self = (PinionAsking) { g_object_ref (asker), *count, count };

  return self;
}

void
pinion_asking_free (gpointer data)
{
  PinionAsking *self = data;

  g_object_unref (self->asker);
  g_free (self);
}

gboolean
pinion_asking_is_stale (const PinionAsking *self)
{
  return self->number != *self->count;
}
