/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long to wait before trying again: doubling, capped, with jitter, so that many clients do not
 * come back at the same instant. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint first;
  guint most;
  guint tries;
} PinionBackoff;

/* @first, @most: seconds. */
void pinion_backoff_init  (PinionBackoff *self,
                           guint          first,
                           guint          most);
void pinion_backoff_reset (PinionBackoff *self);

/* Seconds to wait now, between half and the whole of the current step; counts one more try. */
guint pinion_backoff_next (PinionBackoff *self);

G_END_DECLS
