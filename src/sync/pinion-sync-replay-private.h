/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files that replay the journal share; for this room only. */

#pragma once

#include "pinion-sync-private.h"

#include "pinion-store-operations.h"

G_BEGIN_DECLS

/* What became of one operation of a run.  Ignored: the server said OK, and all is as it was. */
typedef enum
{
  PINION_REPLAY_UNKNOWN,
  PINION_REPLAY_DONE,
  PINION_REPLAY_REFUSED,
  PINION_REPLAY_IGNORED,
  PINION_REPLAY_LATER,
} PinionReplayOutcome;

/* @uid: of the copy, where it was told. */
typedef struct
{
  PinionStoreOperation *operation;
  gboolean started;
  PinionReplayOutcome outcome;
  guint32 uid;
} PinionReplayItem;

/* Operations of one shape, done together.  @copied: copies were made.  @anew: the source counts
 * anew.  @path, @size, @received: of the file that is appended. */
typedef struct
{
  PinionSync *sync;
  GPtrArray *ready;
  GArray *items;
  gboolean copied;
  gboolean anew;
  const GError *error;
  char *path;
  guint64 size;
  gint64 received;
} PinionReplay;

static inline PinionReplayItem *
pinion_replay_item_at (PinionReplay *run,
                       guint         index)
{
  return &g_array_index (run->items, PinionReplayItem, index);
}

/* -- pinion-sync-replay.c */

/* The UIDs in the source of those that were started.  Returns: (transfer full) */
PinionUidSet *pinion_replay_started_uids (PinionReplay *run);

void pinion_replay_set_outcome (PinionReplay       *run,
                                PinionReplayOutcome outcome);

/* Returns: (transfer full) */
char *pinion_replay_dup_raw_name (PinionSyncFolder *folder);

/* Returns: (transfer none) (nullable): %NULL with @error for one that is not kept in sync (any more) */
PinionSyncFolder *pinion_replay_need_folder (PinionSync *self,
                                             gint64      id,
                                             GError    **error);

/* Fails, and sets @anew, where the UIDs are not those that the operations name. */
gboolean pinion_replay_open_source (PinionReplay *run,
                                    GError      **error);

/* Whether sizes tell no copies apart, as one and the same may have another each time it is asked for. */
gboolean pinion_replay_has_estimates (PinionReplay *run);

void pinion_replay_look_again (PinionSync   *self,
                               gint64        folder_id,
                               PinionCompare how);

/* Which messages of the run are still in the open source.  Returns: (transfer full) (nullable) */
GArray *pinion_replay_fetch_left (PinionReplay *run,
                                  GError      **error);

/* Those of @uids that the run is about, out of the open source: sets their outcomes. */
gboolean pinion_replay_remove_from_source (PinionReplay *run,
                                           PinionUidSet *uids,
                                           GError      **error);

gboolean pinion_replay_remove (PinionReplay *run,
                               GError      **error);

/* -- pinion-sync-replay-carry.c */

gboolean pinion_replay_copy (PinionReplay *run,
                             GError      **error);
gboolean pinion_replay_move (PinionReplay *run,
                             GError      **error);

/* A copy or a move that may have been begun before, or whose copy is there. */
gboolean pinion_replay_uncertain_copy (PinionReplay *run,
                                       GError      **error);

G_END_DECLS
