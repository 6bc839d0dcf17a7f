/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-backoff.h"

void
pinion_backoff_init (PinionBackoff *self,
                     guint          first,
                     guint          most)
{
  g_return_if_fail (first > 0 && most >= first);

  self->first = first;
  self->most = most;
  self->tries = 0;
}

void
pinion_backoff_reset (PinionBackoff *self)
{
  self->tries = 0;
}

guint
pinion_backoff_next (PinionBackoff *self)
{
  guint64 step = (guint64) self->first << MIN (self->tries, 20);

  step = MIN (step, self->most);
  self->tries++;

  return MAX (1, (guint) g_random_int_range ((gint32) (step / 2), (gint32) step + 1));
}
