/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of the journal and what they mean for placements, for this room only. */

#pragma once

#include "pinion-store-operations.h"
#include "pinion-store-placements.h"

G_BEGIN_DECLS

/* An operation with its placements, which may be 0.  Of a REMOVE, to_folder is where the message
 * goes should the removed copy turn out to be the last one. */
typedef struct
{
  gint64 id;
  gint64 account;
  gint64 group;
  PinionStoreOperationKind kind;
  PinionStoreOperationState state;
  gboolean uncertain;
  gint64 message;
  gint64 from_placement;
  gint64 to_placement;
  gint64 from_folder;
  gint64 to_folder;
  PinionFlags flag;
  gboolean value;
} PinionJournalEntry;

/* Queues @entry (its id, account and state are ignored).  Returns: its id. */
gint64 pinion_store_journal_add (PinionStoreSession       *session,
                                 const PinionJournalEntry *entry);

/* %FALSE: there is no such operation (any more), or it has been given up. */
gboolean pinion_store_journal_get (PinionStoreSession *session,
                                   gint64              id,
                                   PinionJournalEntry *entry);

/* The first unfinished operation that matches, whose source or target is @placement.  @kind: or
 * -1. */
gboolean pinion_store_journal_find_from (PinionStoreSession *session,
                                         gint64              placement,
                                         int                 kind,
                                         PinionJournalEntry *entry);
gboolean pinion_store_journal_find_to (PinionStoreSession *session,
                                       gint64              placement,
                                       PinionJournalEntry *entry);

/* Whether nothing of it can have reached the server. */
gboolean pinion_store_journal_has_not_begun (const PinionJournalEntry *entry);

void pinion_store_journal_remove (PinionStoreSession *session,
                                  gint64              id);

/* Undoes what the operation shows here: its target goes, its source is shown again, what was built
 * on the target starts from the source instead.  The row stays. */
void pinion_store_journal_revert (PinionStoreSession       *session,
                                  const PinionJournalEntry *entry);

/* Operations from or to @placement are from or to @other now. */
void pinion_store_journal_repoint (PinionStoreSession *session,
                                   gint64              placement,
                                   gint64              other);

/* Before @placement is removed because the server has it no more. */
void pinion_store_journal_source_vanished (PinionStoreSession    *session,
                                           const PinionPlacement *placement);

/* A copy of a known message turned up at @placement (its UID is known): what waited for a source
 * starts from it, what was to bring it there is done. */
void pinion_store_journal_source_arrived (PinionStoreSession    *session,
                                          const PinionPlacement *placement);

/* What waits since before @before for its message, or cannot be done any more as it was meant: done
 * another way, or given up. */
void pinion_store_journal_settle_waiting (PinionStoreSession *session,
                                          gint64              account,
                                          gint64              before);

/* The source is proven gone or changed, the copy proven made: see pinion_store_operation_done(). */
void pinion_store_journal_finish (PinionStoreSession       *session,
                                  const PinionJournalEntry *entry,
                                  guint32                   uid);

G_END_DECLS
