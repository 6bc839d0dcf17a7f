/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of the engine, known to each other.  Main thread, except where said. */

#pragma once

#include "pinion-engine.h"
#include "pinion-store-accounts.h"
#include "pinion-store-folders.h"
#include "pinion-store-mirror.h"
#include "pinion-store-saved-searches.h"
#include "pinion-store-search.h"
#include "pinion-store-sidebar.h"
#include "pinion-store-view.h"
#include "pinion-store.h"
#include "pinion-sync.h"
#include "pinion-worker.h"

G_BEGIN_DECLS

struct _PinionEngine
{
  GObject parent_instance;

  PinionStore *store;
  PinionWorker *parser;
  guint subscription;
  GListStore *accounts;
  GListStore *labels;
  GListStore *sections;
  GListStore *saved_searches;
  GHashTable *labels_by_id;
  guint reload_source;
  guint poll_source;
  gboolean running;
  gboolean paused;
  gboolean closed;
  gboolean has_network;
  gboolean full_on_metered;
  gint64 slept;

  /* What words for times were last made for. */
  int day;
  char *zone;


  /* Of PinionStoreSnoozed, and when the first of all is due. */
  GArray *snoozed;
  gint64 snooze_due;

  /* When the next draft is to be copied to the server; @drafts_hurry: all of them now.
   * @copies_drafts: that is under way.  @hopeless_drafts: versions that cannot be copied. */
  gint64 drafts_due;
  gboolean drafts_hurry;
  gboolean copies_drafts;
  GHashTable *hopeless_drafts;

  /* Search.  @indexing: (nullable) the run of the indexer.
   * @index_checked: it was opened once, and found usable or made anew.  @index_missed: the last run
   * failed, or another process was at it.  @index_failures: in a row. */
  PinionStoreSearch *search;
  PinionWorker *indexer;
  DexFuture *indexing;
  guint index_source;
  gint64 index_due;
  gboolean index_everything;
  gboolean index_stopped;
  gboolean index_checked;
  gboolean index_missed;
  guint index_failures;
};

/* -- Emitted on the main thread: "store-changed" with a PinionStoreChanges (boxed); "indexed" when the
 * search index has caught up, and every few seconds until then -- */

/* Often: notices that a day begins, that the clock is set, or that this is another time zone. */
void pinion_engine_notice_day (PinionEngine *self);

/* Reads accounts and labels anew; resolves to TRUE. */
DexFuture *pinion_engine_reload (PinionEngine *self);

/* Wakes the sync of @account, or of all with 0; not one that waits for another password. */
void pinion_engine_wake (PinionEngine  *self,
                         gint64         account,
                         PinionSyncWake why);

/* -- pinion-engine-index.c */

/* The store has changed: brings the index up to date in the background, soon. */
void pinion_engine_index_changed (PinionEngine *self);
void pinion_engine_index_soon    (PinionEngine *self,
                                  guint         delay);
/* Resolves to TRUE once nothing waits to be indexed. */
DexFuture *pinion_engine_index_all (PinionEngine *self);

/* What servers call it, so that other programs find it too. */
#define PINION_ARCHIVE_NAME "Archive"

/* The label of @account at @path.  (nullable), borrowed */
PinionLabel *pinion_engine_find_path (PinionEngine *self,
                                      gint64        account,
                                      const char   *path);

/* -- pinion-engine-arrange.c */

/* Returns: the group to take it back by, 0 where nothing was changed.  @done: gets what it tells of it
 * besides. */
typedef gint64 (*PinionArrangeFunc) (PinionStoreSession *session,
                                     gconstpointer       data,
                                     PinionDone         *done);

/* Runs @command in the store.  Resolves to a PinionDone of @act once the lists of labels, sections and
 * searches are true.  @data: (transfer full) */
DexFuture *pinion_engine_arrange (PinionEngine     *self,
                                  PinionAct         act,
                                  PinionArrangeFunc command,
                                  gpointer          data,
                                  GDestroyNotify    free_data);

/* -- pinion-engine-verify.c */

/* As pinion_engine_verify_account(), for an account that is kept already: a password that is
 * wrong is spent on one of the two servers only. */
DexFuture *pinion_engine_verify_sparingly (const PinionAccount *account,
                                           PinionSecret        *secret,
                                           PinionStageSink     *sink);

/* -- pinion-engine-snooze.c */

/* What the store has of it now. */
void pinion_engine_take_snoozed (PinionEngine *self,
                                 GArray       *snoozed,
                                 gint64        due);
/* Whatever is due by this computer's clock comes back; asked each second, so that a sleep or another
 * setting of the clock needs nothing of its own.  Resolves to the number of conversations. */
DexFuture *pinion_engine_wake_snoozed (PinionEngine *self);

/* -- pinion-engine-drafts.c */

/* What the store has of it now: PinionStoreStaleDraft. */
void pinion_engine_take_stale (PinionEngine *self,
                               GArray       *drafts);
/* Queues copies of the drafts that are to be on the server and have changed: those that nobody has
 * written on for some seconds, or all.  Resolves to TRUE. */
DexFuture *pinion_engine_copy_drafts (PinionEngine *self,
                                      gboolean      hurry);
/* Asked each second. */
void pinion_engine_copy_due_drafts (PinionEngine *self);
/* Removes the files of attachments that were made for drafts which are no more, once they are @age
 * seconds old: a composer may have them open.  Resolves to TRUE. */
DexFuture *pinion_engine_sweep_draft_files (PinionEngine *self,
                                            gint64        age);

/* -- pinion-engine-change.c */

/* Keeps whether the server refused the password. */
void pinion_engine_note_refusal (PinionEngine *self,
                                 gint64        account,
                                 gboolean      refused);

/* -- pinion-engine-network.c */

/* Follows the network from now on; often: notices that the computer has slept. */
void     pinion_engine_watch_network (PinionEngine *self);
void     pinion_engine_notice_sleep  (PinionEngine *self);
/* Whether bodies come only when they are opened. */
gboolean pinion_engine_is_thrifty    (PinionEngine *self);

/* -- pinion-engine-diagnose.c */

/* Finds out more about @error, why @server could not be used: tries the other encryption and the usual
 * ports, and asks what network this is.  Runs on a fiber, some seconds at most; whoever cancels @cancellable
 * ends it.  @error may get another code and the details "other-port", "other-encryption", "others". */
void pinion_engine_diagnose (GError             *error,
                             const PinionServer *server,
                             PinionProtocol      protocol,
                             const char         *ca_pem,
                             GCancellable       *cancellable);

/* -- pinion-label.c */

PinionLabel *pinion_label_new    (const PinionStoreFolder *folder);
void         pinion_label_update (PinionLabel             *self,
                                  const PinionStoreFolder *folder);
PinionRole   pinion_role_of_folder (PinionFolderRole role);

/* -- pinion-section.c, pinion-engine-sidebar.c */

PinionSection *pinion_section_new    (const PinionStoreSection *section);
void           pinion_section_update (PinionSection            *self,
                                      const PinionStoreSection *section);
/* @sections: what the store has, of PinionStoreSection. */
void           pinion_engine_take_sections (PinionEngine *self,
                                            GPtrArray    *sections);

/* -- pinion-saved-search.c */

/* @searches: what the store has, of PinionStoreSavedSearch. */
void pinion_engine_take_saved_searches (PinionEngine *self,
                                        GPtrArray    *searches);

/* -- pinion-account-item.c */

PinionAccountItem *pinion_account_item_new         (PinionEngine        *engine,
                                                    const PinionAccount *account);
void               pinion_account_item_set_account (PinionAccountItem   *self,
                                                    const PinionAccount *account);
void               pinion_account_item_set_secret  (PinionAccountItem *self,
                                                    PinionSecret      *secret);
PinionSecret      *pinion_account_item_get_secret  (PinionAccountItem *self);
void               pinion_account_item_start       (PinionAccountItem *self);
/* After a stop, where the engine still runs and has the account. */
void               pinion_account_item_start_again (PinionAccountItem *self);
/* Resolves to TRUE once the sync has ended. */
DexFuture         *pinion_account_item_stop        (PinionAccountItem *self);
void               pinion_account_item_pause       (PinionAccountItem *self);
gboolean           pinion_account_item_is_running  (PinionAccountItem *self);
PinionSync        *pinion_account_item_get_sync    (PinionAccountItem *self);
/* Resolves to a PinionSyncCounts. */
DexFuture         *pinion_account_item_run_once    (PinionAccountItem *self,
                                                    PinionSyncWork     work,
                                                    PinionProgressFunc progress,
                                                    gpointer           user_data);

/* Connects only to have this message; resolves to TRUE once the sync has ended. */
DexFuture         *pinion_account_item_fetch_body  (PinionAccountItem *self,
                                                    gint64             message);

/* Resolves to a GPtrArray of PinionStoreDifference. */
DexFuture         *pinion_account_item_examine     (PinionAccountItem *self);

/* Whether the server refused the password, so that it waits for another one. */
gboolean           pinion_account_item_is_refused  (PinionAccountItem *self);
/* The keyring has the password that was set: should it be another one later, that one counts. */
void               pinion_account_item_note_kept   (PinionAccountItem *self);
/* The keyring may have another password now. */
void               pinion_account_item_forget_secret (PinionAccountItem *self);

/* The password from memory, else from the keyring.  Resolves to a PinionSecret. */
DexFuture *pinion_account_item_find_secret (PinionAccountItem *self);

/* -- Views */

PinionStoreView pinion_view_to_store (const PinionView *view);

G_END_DECLS
