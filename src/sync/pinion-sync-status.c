/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sync.h"

static PinionSyncCounts *
counts_copy (const PinionSyncCounts *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (PinionSyncCounts, pinion_sync_counts, counts_copy, g_free)

PinionSyncStatus *
pinion_sync_status_copy (const PinionSyncStatus *self)
{
  PinionSyncStatus *copy = g_memdup2 (self, sizeof *self);

  copy->label = g_strdup (self->label);
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;

  return copy;
}

void
pinion_sync_status_free (PinionSyncStatus *self)
{
  if (self == NULL)
    return;

  g_free (self->label);
  g_clear_error (&self->error);
  g_free (self);
}
