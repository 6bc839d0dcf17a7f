/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of a sync, known to each other.  Everything below runs on the fiber of the loop: it reads
 * top to bottom, waits inside, and returns %FALSE with @error where the loop has to end or
 * reconnect.  The fiber is never cancelled, so data on its stack may be lent to the store. */

#pragma once

#include "pinion-imap-budget.h"
#include "pinion-store-folders.h"
#include "pinion-store-mirror.h"
#include "pinion-store-operations.h"
#include "pinion-sync-plan.h"
#include "pinion-sync.h"

/* How many headers are asked for at a time at most. */
#define PINION_SYNC_HEADER_BATCH 1000

G_BEGIN_DECLS

/* How much of a folder has to be compared. */
typedef enum
{
  PINION_COMPARE_NOTHING,
  PINION_COMPARE_NEW,
  PINION_COMPARE_ALL,
} PinionCompare;

/* A folder as the loop sees it.  @missing: UIDs to fetch headers of, newest first, from @next on; those
 * before @next not taken in yet are on their way in @ahead, batches in the order they were asked for.
 * @compared: its state was not kept since; @kept: the state that the store has, as far
 * as it was written or read here.  @status: as the server told it when it was last compared.
 * @listed: as it came with the list of this session, all zero where it did not; @expected: its messages.
 * @refused: headers were asked for and did not come.  @generation: how often UIDVALIDITY changed: UIDs from
 * before mean nothing.  @proving: it is compared in this session for the sake of a copy that may be there.
 * @unsettled: when it was last compared, copies were awaited whose UIDs are not known.  @prune_before: once
 * all headers are here, what was here before this moment and was not seen goes; 0: nothing.  @in_vain:
 * comparisons in a row that found nothing, the last one at @compared_at (monotonic).  @told: so many of
 * @missing were here when others began to be listed, and are not counted with them.  @near: little is new
 * in it, so that the bodies may come while it is open. */
typedef struct
{
  PinionStoreFolder *folder;
  PinionCompare compare;
  gboolean compared;
  GArray *missing;
  guint next;
  guint told;
  GQueue ahead;
  PinionStoreUidState uids;
  PinionStoreUidState kept;
  PinionImapStatus status;
  PinionImapStatus listed;
  guint expected;
  gboolean refused;
  guint generation;
  gboolean proving;
  gboolean unsettled;
  gint64 prune_before;
  guint in_vain;
  gint64 compared_at;
  gboolean near;
} PinionSyncFolder;

struct _PinionSync
{
  GObject parent_instance;

  PinionStore *store;
  PinionWorker *parser;
  PinionAccount *account;
  PinionSyncStatusFunc func;
  gpointer user_data;
  GDestroyNotify destroy;

  /* Requests of other threads */
  GMutex mutex;
  PinionSecret *secret;
  PinionSyncWake wake;
  GArray *urgent;
  DexPromise *bell;
  DexScheduler *scheduler;

  /* (nullable) Of pinion_sync_prove_same() and pinion_sync_search() */
  PinionStageSink *sink;

  /* (nullable) Of pinion_sync_search() */
  PinionSearchQuery *question;
  guint most_found;

  /* The loop's own */
  gboolean watching;
  PinionSyncWork work;
  PinionImapBudget *budget;
  PinionImapConnection *connection;
  GPtrArray *folders;
  GArray *wanted;
  guint next_wanted;
  guint wanted_at_once;
  GArray *undated; /* PinionStoreUndated */
  guint next_undated;
  gboolean looked_for_undated;
  gboolean wants_near; /* @wanted is of pinion_sync_near_bodies_step() */
  GHashTable *refused_bodies;
  GHashTable *refused_headers;
  gboolean thrifty; /* atomic */
  struct _PinionSyncGroup *fetching;
  DexFuture *storing;
  struct _PinionSyncBatch *storing_headers;
  guint64 group_bytes;
  gint64 group_came;
  gboolean first_bodies_here;
  guint quick_headers; /* how many come in a fraction of a second */
  guint header_batch; /* how many are asked for at a time */
  gint64 headers_came;
  gboolean compared_all;
  gboolean collected;
  gint64 last_poll;
  gint64 last_full;
  gboolean asked_all; /* how all folders are, and not all of them are compared yet where it is needed */
  gint64 comparing_since; /* microseconds; 0: none of them is compared yet */
  guint new_messages;
  PinionSyncStatus status;
  gint64 last_status;
};

/* -- pinion-sync.c */

gboolean pinion_sync_is_stopping (PinionSync *self);

/* Tells the observer; @label: (nullable). At most some times a second unless @now. */
void pinion_sync_report (PinionSync     *self,
                         PinionSyncPhase phase,
                         const char     *label,
                         guint           done,
                         guint           total,
                         gboolean        now);

/* At work on headers: @done of @total of all folders.  @label: the one they are of. */
void pinion_sync_report_listing (PinionSync *self,
                                 const char *label,
                                 guint       done,
                                 guint       total);

/* At work on a folder, which changes nothing of the counts. */
void pinion_sync_report_comparing (PinionSync *self,
                                   const char *label);

/* Runs @func with @data on the store's writer and waits for it. */
gboolean pinion_sync_write (PinionSync     *self,
                            PinionStoreFunc func,
                            gpointer        data,
                            GError        **error);
gboolean pinion_sync_read  (PinionSync     *self,
                            PinionStoreFunc func,
                            gpointer        data,
                            GError        **error);

/* Whether the connection is of no more use after @error. */
gboolean pinion_sync_is_fatal (PinionSync   *self,
                               const GError *error);

gint64 pinion_sync_now (void);

/* Connects and signs in. */
gboolean pinion_sync_connect (PinionSync *self,
                              GError    **error);

/* Ends the connection, with a goodbye where @politely. */
void pinion_sync_end_session (PinionSync *self,
                              gboolean    politely);

/* First thing of a fiber: from here on requests ring the bell on this thread. */
void pinion_sync_settle_in (PinionSync *self);

/* Runs @fiber with @self; it runs to its end, whoever drops the returned future. */
DexFuture *pinion_sync_start (PinionSync  *self,
                              DexFiberFunc fiber);

/* -- pinion-sync-folders.c */

PinionSyncFolder *pinion_sync_folder_new  (PinionStoreFolder *folder);
void              pinion_sync_folder_free (PinionSyncFolder *self);

/* LIST, roles, and the folders to keep in sync; what stays keeps its state. */
gboolean pinion_sync_list_folders (PinionSync *self,
                                   GError    **error);

/* STATUS of every folder; marks those that differ. */
gboolean pinion_sync_poll_folders (PinionSync *self,
                                   GError    **error);

/* Marks for comparison what may have changed since it was last compared, by what the server says of
 * each folder as a whole where it counts changes (RFC 7162), else everything. */
gboolean          pinion_sync_mark_all    (PinionSync *self,
                                           GError    **error);
PinionSyncFolder *pinion_sync_find_folder (PinionSync *self,
                                           gint64      id);
PinionSyncFolder *pinion_sync_find_role   (PinionSync      *self,
                                           PinionFolderRole role);

/* SELECT, unless it is selected.  Where the server counts anew, the UIDs here are forgotten and
 * @folder's generation is another one afterwards: whoever has UIDs from before must not use them. */
gboolean pinion_sync_open_folder (PinionSync       *self,
                                  PinionSyncFolder *folder,
                                  GError          **error);

/* Whether it is the one that is selected. */
gboolean pinion_sync_folder_is_open (PinionSync       *self,
                                     PinionSyncFolder *folder);

/* Takes a UIDVALIDITY in. */
gboolean pinion_sync_follow_uidvalidity (PinionSync       *self,
                                         PinionSyncFolder *folder,
                                         guint32           uidvalidity,
                                         GError          **error);

/* What the server said of the selected folder without being asked. */
gboolean pinion_sync_apply_changes (PinionSync *self,
                                    GError    **error);

/* -- pinion-sync-changes.c */

/* Whether the folder was compared as far back as the history range goes now. */
gboolean pinion_sync_covers_range (PinionSync             *self,
                                   const PinionSyncFolder *folder);

/* What changed in the folder, which is selected, since it was last compared as a whole.  @resync: (out)
 * (nullable), %NULL where that cannot be told and everything has to be compared. */
gboolean pinion_sync_ask_changes (PinionSync        *self,
                                  PinionSyncFolder  *folder,
                                  PinionImapResync **resync,
                                  GError           **error);

/* @known: (element-type PinionKnown), ascending.  Returns: (transfer full) (nullable) */
PinionSyncPlan *pinion_sync_plan_changes (PinionSync             *self,
                                          PinionSyncFolder       *folder,
                                          GArray                 *known,
                                          const PinionImapResync *resync,
                                          GError                **error);

/* To the UIDs of the history range in @uids: all that are new, where a copy is awaited among them that
 * may be older. */
void pinion_sync_add_awaited (const PinionSyncFolder *folder,
                              PinionUidSet           *uids);

/* The role that a folder of this kind has. */
PinionFolderRole pinion_sync_role_of_kind (guint kind);

/* Makes an operation on a folder true.  Where it was refused, LIST tells whether it came true.
 * @later: (out) it was not done: something in the folder has to be looked at first. */
gboolean pinion_sync_run_folder_operation (PinionSync                 *self,
                                           const PinionStoreOperation *operation,
                                           gboolean                   *later,
                                           GError                    **error);

/* -- pinion-sync-ids.c, pinion-sync-renames.c */

/* Normalised Message-IDs by UID of the selected folder, "" where a message has none; UIDs that do not
 * come are missing.  Returns: (transfer full) */
GHashTable *pinion_sync_fetch_ids (PinionSync   *self,
                                   PinionUidSet *uids,
                                   GError      **error);

/* For each of @mailboxes the id of the folder that it was under another name, 0 for none.
 * Returns: (transfer full) */
gint64 *pinion_sync_find_renames (PinionSync *self,
                                  GPtrArray  *mailboxes,
                                  GArray     *kinds,
                                  GError    **error);

/* Puts what is on its way back into the queue, unasked for. */
void pinion_sync_folder_drop_ahead (PinionSyncFolder *folder);

/* -- pinion-sync-proof.c */

/* Whether @operation has to wait until a folder has been compared: one that is to be deleted, where that
 * is asked for; or that of a copy that may have been made and can only be told so, as nobody can be
 * asked for a message without a Message-ID. */
gboolean pinion_sync_needs_comparison (PinionSync                 *self,
                                       const PinionStoreOperation *operation);

/* Adds the sizes of @uids, messages of the selected folder, to @sizes: {UID: octets, a guint64 of its own}.
 * Those that are not there are left out. */
gboolean pinion_sync_fetch_sizes (PinionSync   *self,
                                  PinionUidSet *uids,
                                  GHashTable   *sizes,
                                  GError      **error);

/* @uid: (out) the copy of @operation's message in @folder, which becomes the selected one, 0 where there is
 * none: what a search does not find is looked for among what is new there, too.  One that is known to say
 * something else is none, nor is one of another size than @size (octets; 0: any is right).
 * @similar: (out) (optional) whether there is one of whatever size
 * Returns: whether it could be looked for */
gboolean pinion_sync_find_copy (PinionSync                 *self,
                                PinionSyncFolder           *folder,
                                const PinionStoreOperation *operation,
                                guint64                     size,
                                guint32                    *uid,
                                gboolean                   *similar,
                                GError                    **error);

/* After a command that removed at most @expected messages of the selected folder: its EXPUNGEs are no
 * news; where there are more, the folder is compared. */
gboolean pinion_sync_swallow_expunged (PinionSync *self,
                                       guint       expected,
                                       GError    **error);

/* Follows changes of the flags of @uids in @folder, which is the selected one: what another client did
 * to a copy is carried to the others before it is removed. */
gboolean pinion_sync_take_last_look (PinionSync   *self,
                                     gint64        folder,
                                     PinionUidSet *uids,
                                     GError      **error);

/* @flags: PinionImapUidFlags.  Returns: (transfer none) (nullable): those of @uid */
const PinionImapUidFlags *pinion_sync_find_listed (GArray *flags,
                                                   guint32 uid);

/* Whether @uid is among @flags, and not marked as deleted. */
gboolean pinion_sync_is_left (GArray *flags,
                              guint32 uid);

/* STORE \Deleted and EXPUNGE of exactly these in the selected folder.  A server may say OK and leave them,
 * as where the person has no right to delete (RFC 4314, 4).
 * Returns: (transfer full) (nullable): PinionImapUidFlags of what is there after it */
GArray *pinion_sync_remove_uids (PinionSync   *self,
                                 PinionUidSet *uids,
                                 GError      **error);

/* -- pinion-sync-headers.c */

/* Fetches and takes in @uids of @folder, which is the selected one, whatever the history range.
 * Returns: (transfer full) (nullable): the messages' ids, gint64 */
GArray *pinion_sync_take_headers (PinionSync       *self,
                                  PinionSyncFolder *folder,
                                  PinionUidSet     *uids,
                                  GError          **error);

/* -- pinion-sync-wait.c */

/* Seconds between two looks at the other folders. */
#define PINION_SYNC_POLL_INTERVAL 60

/* Takes the requests that came in.  Returns: (transfer full) (nullable): settles when the next one
 * comes; %NULL where there are some already. */
DexFuture *pinion_sync_take_bell (PinionSync     *self,
                                  gboolean        mind_urgent,
                                  PinionSyncWake *why);

/* From now until @moment, at most @most. */
guint pinion_sync_seconds_until (gint64 moment,
                                 guint  most);

/* Until there is something to do; whatever came meanwhile is ready for the steps. */
gboolean pinion_sync_wait_for_work (PinionSync *self,
                                    GError    **error);

/* -- The steps: each does a piece of work if there is any (@worked) */

gboolean pinion_sync_replay_step  (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);
gboolean pinion_sync_outbox_step  (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);
gboolean pinion_sync_urgent_step  (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);
gboolean pinion_sync_compare_step (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);
gboolean pinion_sync_headers_step (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);
gboolean pinion_sync_dates_step   (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);

/* Which dates are still to be asked for is to be looked up anew. */
void pinion_sync_dates_forget (PinionSync *self);

/* Behind the first screenful of the Inbox as many headers are asked for as come in no time: waits for them,
 * where @folder is selected.  Returns: whether there are any, which the next step stores. */
gboolean pinion_sync_headers_await_quick (PinionSync       *self,
                                          PinionSyncFolder *folder);

/* Asks for the next headers of @folder, which is selected, without waiting for them; or only where the
 * first ones were asked for before. */
void pinion_sync_headers_begin     (PinionSync       *self,
                                    PinionSyncFolder *folder);
void pinion_sync_headers_ask_ahead (PinionSync       *self,
                                    PinionSyncFolder *folder);

/* How many of what is missing were taken in. */
guint pinion_sync_headers_done (const PinionSyncFolder *folder);

gboolean pinion_sync_bodies_step  (PinionSync *self,
                                   gboolean   *worked,
                                   GError    **error);

/* Of a folder that was just compared, while it is open, where there is little: opening one again costs
 * the server more than a few messages do. */
gboolean pinion_sync_near_bodies_step (PinionSync *self,
                                       gboolean   *worked,
                                       GError    **error);

/* Once in each session: what the first screen shows can be read before the rest is listed. */
gboolean pinion_sync_first_bodies_step (PinionSync *self,
                                        gboolean   *worked,
                                        GError    **error);

/* Waits for what the last header step still stores; before what is known of a folder is replaced. */
gboolean pinion_sync_finish_headers (PinionSync *self,
                                     GError    **error);

/* Waits for what the last body steps asked for and still store. */
gboolean pinion_sync_finish_bodies (PinionSync *self,
                                    GError    **error);

/* IMAP's flags as the store's. */
PinionFlags     pinion_sync_flags_to_store (PinionImapFlags flags);
PinionImapFlags pinion_sync_flags_to_imap  (PinionFlags flags);

/* -- pinion-sync-lock.c */

/* Takes the lock of @account in @directory.  Returns: a descriptor to close, or -1 with
 * PINION_ERROR_BUSY; @watched: (out) whether the holder keeps it for good. */
int pinion_sync_lock_take (const char *directory,
                           gint64      account,
                           gboolean    watch,
                           gboolean   *watched,
                           GError    **error);

G_END_DECLS
