/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a command did, step by step, so that it can be taken back; for this room only. */

#pragma once

#include "pinion-store-operations.h"

G_BEGIN_DECLS

/* One step.  @operation: what it queued, or 0.  @text_size: of the copy it was about, see schema-012.sql.
 * @value: of a FLAG, what it was before. */
typedef struct
{
  gint64 message;
  gint64 operation;
  PinionStoreOperationKind kind;
  gint64 text_size;
  gint64 from_folder;
  gint64 to_folder;
  PinionFlags flag;
  gboolean value;
} PinionUndoStep;

/* A group for a command that begins; it costs nothing until its first step. */
typedef struct
{
  gint64 id;
} PinionUndoGroup;

/* The group's id, made now if it has none yet. */
gint64 pinion_undo_group_get (PinionStoreSession *session,
                              PinionUndoGroup    *group);

void pinion_undo_add (PinionStoreSession   *session,
                      PinionUndoGroup      *group,
                      const PinionUndoStep *step);

G_END_DECLS
