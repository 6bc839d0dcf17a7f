/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists and counts, kept by difference: each thread that a transaction touched is counted again
 * from its messages and placements, and what differs from thread_view is changed there and in
 * view_total.  So the cost follows what changed, and one function knows what lies in which view. */

#pragma once

#include "pinion-store-mirror.h"
#include "pinion-store-session.h"

G_BEGIN_DECLS

/* The virtual views of an account; a folder's view has the folder's id. */
typedef enum
{
  PINION_STORE_VIRTUAL_ALL,
  PINION_STORE_VIRTUAL_STARRED,
  PINION_STORE_VIRTUAL_DRAFTS,
  PINION_STORE_VIRTUAL_SNOOZED, /* its dates are those of coming back, negative */
} PinionStoreVirtual;

static inline gint64
pinion_store_virtual_view (gint64             account_id,
                           PinionStoreVirtual kind)
{
  return -(account_id * 4 + (gint64) kind);
}

/* A placement p is shown when the person wants it and the server has not marked it \Deleted, and it is
 * not that of a copy of a draft, which is shown itself. */
#define PINION_STORE_SHOWN \
  "p.gone = 0 AND (p.server_flags & 8) = 0" \
  " AND p.message_id NOT IN (SELECT copy_id FROM draft_copy)"

/* A message that this transaction has taken in, with its one placement. */
struct _PinionStoreNewcomer
{
  gint64 thread;
  gint64 id;
  gint64 account;
  gint64 date;
  PinionFlags flags;
  gint64 folder;
  PinionFolderRole role;
  gboolean is_shown;
};

/* So that its thread, where that is new, too, and nothing else happens to it, need not be read
 * back. */
void pinion_store_counters_add_newcomer (PinionStoreSession        *session,
                                         const PinionStoreNewcomer *newcomer);

/* Counts the dirty threads of the session again; empty ones are forgotten. */
void pinion_store_counters_update (PinionStoreSession *session);

/* The folder's role changed: what lies in it counts differently. */
void pinion_store_counters_dirty_folder (PinionStoreSession *session,
                                         gint64              folder_id);

/* Local drafts are counted in their account's Drafts folder: @folder_id became or was that. */
void pinion_store_counters_dirty_drafts (PinionStoreSession *session,
                                         gint64              folder_id);

/* Counts every thread again and tells of each row that says otherwise; changes nothing. */
typedef void (*PinionStoreCountersWrongFunc) (gint64   thread,
                                              gint64   view,
                                              gpointer user_data);
void pinion_store_counters_check (PinionStoreSession          *session,
                                  PinionStoreCountersWrongFunc func,
                                  gpointer                     user_data);

G_END_DECLS
