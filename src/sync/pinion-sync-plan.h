/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The difference between what a folder holds on the server and what is known of it here, as data.
 * No I/O: sorted arrays in, a plan out; linear in their lengths. */

#pragma once

#include "pinion-imap-mailbox.h"
#include "pinion-imap-uid-set.h"

G_BEGIN_DECLS

/* What is known here of one message of the folder; ascending by @uid. */
typedef struct
{
  guint32 uid;
  PinionImapFlags flags;
} PinionKnown;

/* @missing: UIDs on the server that are not here, newest (highest) first (guint32).
 * @vanished: UIDs here that the server no longer has (guint32).
 * @changed: PinionImapUidFlags of those whose flags differ. */
typedef struct
{
  GArray *missing;
  GArray *vanished;
  GArray *changed;
} PinionSyncPlan;

/* @server: (element-type PinionImapUidFlags), ascending; @known: (element-type PinionKnown),
 * ascending.  @asked: (nullable) the UIDs the server was asked for; what was not asked for is not
 * taken for vanished.  Returns: (transfer full) */
PinionSyncPlan *pinion_sync_plan_new (GArray             *server,
                                      GArray             *known,
                                      const PinionUidSet *asked);

/* The same from what the server says has changed.  @changed: (element-type PinionImapUidFlags),
 * ascending, new messages among them; @vanished: UIDs that are gone, known here or not.
 * Returns: (transfer full) */
PinionSyncPlan *pinion_sync_plan_new_from_changes (GArray             *changed,
                                                   GArray             *known,
                                                   const PinionUidSet *vanished);

/* Leaves in "missing" only what is in @uids. */
void pinion_sync_plan_restrict (PinionSyncPlan     *self,
                                const PinionUidSet *uids);

void pinion_sync_plan_free (PinionSyncPlan *self);

gboolean pinion_sync_plan_is_empty (const PinionSyncPlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSyncPlan, pinion_sync_plan_free)

G_END_DECLS
