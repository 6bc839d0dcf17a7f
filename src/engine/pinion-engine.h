/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window and the CLI talk to: accounts, labels, conversations, and the acts on them.
 *
 * An object of the main thread.  Nothing here blocks: what touches the disk, the network or a parser
 * returns a future, settled on the calling thread's scheduler, rejected with a PINION_ERROR.  Acts are
 * in the local store when their future resolves; the server follows by itself. */

#pragma once

#include "pinion-account.h"
#include "pinion-conversation.h"
#include "pinion-cure.h"
#include "pinion-discovery.h"
#include "pinion-draft.h"
#include "pinion-error.h"
#include "pinion-label.h"
#include "pinion-message.h"
#include "pinion-report.h"
#include "pinion-secret.h"
#include "pinion-section.h"
#include "pinion-stays.h"
#include "pinion-view.h"

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define PINION_TYPE_ENGINE (pinion_engine_get_type ())
G_DECLARE_FINAL_TYPE (PinionEngine, pinion_engine, PINION, ENGINE, GObject)

/* -- Life ----------------------------------------------------------------------------------- */

/* Loads beside what comes next what a first connection takes its time for: for programs that are about
 * to open an engine and connect at once. */
void pinion_engine_expect_connection (void);

/* Opens the store in @directory, made if missing.  Resolves to a PinionEngine; accounts and labels
 * are loaded, nothing is synced yet. */
DexFuture *pinion_engine_open (const char *directory);

/* The usual directory, below the user's data folder.  Returns: (transfer full) */
char *pinion_engine_dup_default_directory (void);

/* Starts syncing every account and keeps at it (IDLE, polls, reconnects) until close. */
void pinion_engine_start (PinionEngine *self);

/* Nothing goes to or comes from the servers until it goes on, but for what is opened.  Not kept. */
void     pinion_engine_set_paused (PinionEngine *self,
                                   gboolean      paused);
gboolean pinion_engine_get_paused (PinionEngine *self);

/* Whether bodies are fetched ahead where the network counts each byte; not so at first. */
void pinion_engine_set_full_on_metered (PinionEngine *self,
                                        gboolean      full);

/* Stops everything, keeps what is pending.  Resolves to TRUE. */
DexFuture *pinion_engine_close (PinionEngine *self);

/* -- Accounts ------------------------------------------------------------------------------- */

/* How an account's sync stands.  "account" its settings; "state" property names what is shown;
 * "error" a GError boxed, NULL unless failed; "away" (boolean) that its server was not reached for
 * long; "done" and "total" (uint) count messages; "label" (string) where it is. */
typedef enum
{
  PINION_SYNC_IDLE,
  PINION_SYNC_CONNECTING,
  PINION_SYNC_SYNCING,
  PINION_SYNC_OFFLINE, /* tries again by itself */
  PINION_SYNC_FAILED,  /* needs the person: password, certificate */
  PINION_SYNC_PAUSED,  /* by the person */
} PinionSyncState;

#define PINION_TYPE_ACCOUNT_ITEM (pinion_account_item_get_type ())
G_DECLARE_FINAL_TYPE (PinionAccountItem, pinion_account_item, PINION, ACCOUNT_ITEM, GObject)

gint64               pinion_account_item_get_id      (PinionAccountItem *self);
const PinionAccount *pinion_account_item_get_account (PinionAccountItem *self);
PinionSyncState      pinion_account_item_get_state   (PinionAccountItem *self);
const GError        *pinion_account_item_get_error   (PinionAccountItem *self);
/* Whether its server was not reached for 30 minutes, though it was tried. */
gboolean             pinion_account_item_get_away    (PinionAccountItem *self);
guint                pinion_account_item_get_done    (PinionAccountItem *self);
guint                pinion_account_item_get_total   (PinionAccountItem *self);
/* Whether these count what is listed; what is downloaded is counted anew after that. */
gboolean             pinion_account_item_get_is_listing (PinionAccountItem *self);
/* Estimated seconds until done, 0 where unknown: as long as it lists. */
guint                pinion_account_item_get_seconds_left (PinionAccountItem *self);

/* GListModels of PinionAccountItem (in the person's order) and PinionLabel (all accounts, hidden
 * ones too, in the order of the sidebar).  Borrowed; they follow the store. */
GListModel        *pinion_engine_get_accounts (PinionEngine *self);
GListModel        *pinion_engine_get_labels   (PinionEngine *self);
PinionLabel       *pinion_engine_find_label   (PinionEngine *self,
                                               gint64        id);
/* The label of @account with @role; @account 0: the first account's.  (nullable), borrowed */
PinionLabel       *pinion_engine_find_role    (PinionEngine *self,
                                               gint64        account,
                                               PinionRole    role);
PinionAccountItem *pinion_engine_find_account (PinionEngine *self,
                                               gint64        id);

/* Looks up the servers of an address.  Everything of @request is copied.  @func: (nullable) is told on the
 * main thread what is known so far, whenever that changes; @destroy is called there too, once it is over.
 * Dropping the future ends the look-up at once; @func may be called for what came just before.
 * Resolves to a PinionDiscovery (boxed), within about half a minute; rejects with
 * PINION_ERROR_INVALID_ARGUMENT where the address is none. */
DexFuture *pinion_engine_discover (PinionEngine                *self,
                                   const PinionDiscoverRequest *request,
                                   PinionDiscoverFunc           func,
                                   gpointer                     user_data,
                                   GDestroyNotify               destroy);

/* Verifies IMAP and SMTP side by side, reporting each stage to @sink on the main thread, each once; saves
 * nothing.  SMTP signs in when IMAP has, so that a wrong password costs no more than the attempts there are.
 * Where @try_user_names is set, the forms user@domain, DOMAIN\user, user are tried within the lock-out limit
 * and the one that worked is in the result; a ticket has its own name.  What fails is looked into before it
 * is told: see pinion-cure.h for what helps.  Dropping the future stops it at once.
 * @secret: (nullable) with a ticket.  Resolves to a PinionAccount (boxed). */
DexFuture *pinion_engine_verify_account (PinionEngine        *self,
                                         const PinionAccount *account,
                                         PinionSecret        *secret,
                                         gboolean             try_user_names,
                                         PinionStageSink     *sink);

/* Saves a verified account, its password in the keyring (@keep_secret; else only in memory), makes
 * its labels known, and starts its sync where the engine runs.  @secret: (nullable) with a ticket,
 * and then nothing of it is kept.  Resolves to the account's id (int64). */
DexFuture *pinion_engine_add_account (PinionEngine        *self,
                                      const PinionAccount *account,
                                      PinionSecret        *secret,
                                      gboolean             keep_secret);

/* Settings that were tried and found to be right, with the password they were tried with. */
typedef struct _PinionProvenServers PinionProvenServers;

#define PINION_TYPE_PROVEN_SERVERS (pinion_proven_servers_get_type ())
GType pinion_proven_servers_get_type (void);

PinionProvenServers *pinion_proven_servers_ref   (PinionProvenServers *self);
void                 pinion_proven_servers_unref (PinionProvenServers *self);

/* Tries other servers, user names, encryption, trusted certificates (those of @account, by its
 * id), or another password (@secret, nullable: the one that is kept), and keeps nothing.  Each
 * stage is reported to @sink (nullable) as by pinion_engine_verify_account(); SMTP is signed in
 * to only where IMAP was, so that a wrong password is tried once.  Where IMAP's host, port,
 * encryption or user name is another, it also has to be proven to be the same mailbox
 * (UIDVALIDITY and sampled Message-IDs): else rejects with PINION_ERROR_OTHER_MAILBOX.  Dropping
 * the future stops it at once.  Resolves to a PinionProvenServers (boxed). */
DexFuture *pinion_engine_prove_servers (PinionEngine        *self,
                                        const PinionAccount *account,
                                        PinionSecret        *secret,
                                        PinionStageSink     *sink);

/* Keeps what was proven.  The sync begins anew, one that had stopped for good too.  Runs to its
 * end, whoever drops the future.  Resolves to a boolean: whether the password is in the keyring,
 * %FALSE where a new one can be used in this session only. */
DexFuture *pinion_engine_change_servers (PinionEngine        *self,
                                         PinionProvenServers *proven);

/* What does not concern the servers: name, signature, aliases, colour and whether it is quiet
 * become those of @account (by its id); sync goes on.  Resolves to TRUE; rejects with
 * PINION_ERROR_INVALID_ARGUMENT (detail "address") where an alias is no address, or there twice. */
DexFuture *pinion_engine_set_details (PinionEngine        *self,
                                      const PinionAccount *account);

/* Makes @account the one at @position of all (from 0; beyond the end: the last).  The list of
 * accounts has it when this resolves, to TRUE. */
DexFuture *pinion_engine_move_account (PinionEngine *self,
                                       gint64        account,
                                       guint         position);

/* Widens or narrows how far back mail is kept here, without starting over: what is missing is fetched
 * by the next sync, what lies outside is let go of (but nothing that waits for the server, no draft
 * and nothing to be sent).  Nothing changes on the server.  Resolves to TRUE. */
DexFuture *pinion_engine_set_history (PinionEngine *self,
                                      gint64        account,
                                      PinionHistory history);

/* Says which label is the account's @role (not INBOX); another one that was, is so no more.  @label 0:
 * none.  The labels' list has it when this resolves, to TRUE. */
DexFuture *pinion_engine_set_role (PinionEngine *self,
                                   gint64        account,
                                   PinionRole    role,
                                   gint64        label);

/* Shows a label that is hidden, or hides one; what is shown is synced.  Resolves to TRUE. */
DexFuture *pinion_engine_set_hidden (PinionEngine *self,
                                     gint64        label,
                                     gboolean      hidden);

/* Makes a folder for @role (ARCHIVE) where the account has none.  Resolves to a PinionDone (boxed);
 * rejects with PINION_ERROR_INVALID_ARGUMENT where there is one. */
DexFuture *pinion_engine_create_role (PinionEngine *self,
                                      gint64        account,
                                      PinionRole    role);

/* Forgets the account, its mail here and its password; the server is left alone.  Resolves to TRUE. */
DexFuture *pinion_engine_remove_account (PinionEngine *self,
                                         gint64        account);

/* -- Sync ----------------------------------------------------------------------------------- */

/* Called on the main thread: @label (nullable), @done of @total messages. */
typedef void (*PinionProgressFunc) (const char *label,
                                    guint       done,
                                    guint       total,
                                    gpointer    user_data);

typedef struct
{
  guint messages;
  guint new_messages;
  double seconds;
} PinionSyncResult;

#define PINION_TYPE_SYNC_RESULT (pinion_sync_result_get_type ())
GType pinion_sync_result_get_type (void);

/* How much one sync does: what is pending here; also messages and flags; also bodies. */
typedef enum
{
  PINION_WORK_JOURNAL,
  PINION_WORK_HEADERS,
  PINION_WORK_ALL,
} PinionWork;

/* One sync of every account until nothing is left to do.  For the CLI.  Where another process is at it,
 * waits for that one to end, or, if it stays, to do what is pending.
 * Resolves to a PinionSyncResult (boxed). */
DexFuture *pinion_engine_sync_once (PinionEngine      *self,
                                    PinionWork         work,
                                    PinionProgressFunc progress,
                                    gpointer           user_data);

/* Asks the running syncs to look at the server now (Reconnect, Refresh); a refused password is not
 * tried again. */
void pinion_engine_sync_now (PinionEngine *self);

/* The password to use from now on for @account in this process only. */
void pinion_engine_set_secret (PinionEngine *self,
                               gint64        account,
                               PinionSecret *secret);

/* -- The doctor ----------------------------------------------------------------------------- */

/* One thing that is not as it should be.  @kind: kebab-case.  @label: (nullable) a path; ids and @uid
 * are 0 where they do not apply.  @text: technical words. */
typedef struct
{
  char *kind;
  gint64 account;
  char *label;
  gint64 message;
  gint64 conversation;
  guint32 uid;
  char *text;
} PinionDifference;

/* @differences: of PinionDifference.  @pending: acts that wait for the server, @failed: those it
 * refused.  @error: (nullable) why a server could not be looked at. */
typedef struct
{
  GPtrArray *differences;
  gint64 messages;
  gint64 files;
  gint64 pending;
  gint64 failed;
  GError *error;
} PinionExamination;

#define PINION_TYPE_EXAMINATION (pinion_examination_get_type ())
GType pinion_examination_get_type (void);

PinionExamination *pinion_examination_ref   (PinionExamination *self);
void               pinion_examination_unref (PinionExamination *self);

/* Checks the store, message files included, against itself and against the servers as they are now;
 * changes nothing.  Waits for another process that syncs, unless that one stays.  Resolves to a
 * PinionExamination (boxed). */
DexFuture *pinion_engine_examine (PinionEngine *self);

/* -- Reading -------------------------------------------------------------------------------- */

/* The messages as they belong together in @view (nullable): in Trash or Junk those that lie there, else
 * everything outside the two.  Resolves to a GPtrArray (boxed) of PinionMessage, oldest first. */
DexFuture *pinion_engine_load_conversation (PinionEngine     *self,
                                            gint64            conversation,
                                            const PinionView *view);

/* Resolves to a PinionMessage (boxed). */
DexFuture *pinion_engine_load_message (PinionEngine *self,
                                       gint64        message);

/* A page of a view, for the CLI.  @cursors: where each conversation stands, for the next page. */
typedef struct
{
  GPtrArray *conversations;
  GStrv cursors;
} PinionPage;

#define PINION_TYPE_PAGE (pinion_page_get_type ())
GType pinion_page_get_type (void);

PinionPage *pinion_page_copy (const PinionPage *self);
void        pinion_page_free (PinionPage *self);

/* At most @limit conversations after @cursor (nullable: from the newest).  Resolves to a PinionPage
 * (boxed) of loaded PinionConversation; rejects with PINION_ERROR_INVALID_ARGUMENT where the cursor is
 * none. */
DexFuture *pinion_engine_load_page (PinionEngine     *self,
                                    const PinionView *view,
                                    const char       *cursor,
                                    guint             limit);

typedef enum
{
  PINION_BODY_FLAGS_NONE = 0,
  PINION_BODY_DARK = 1 << 0,
  PINION_BODY_REMOTE_PICTURES = 1 << 1,
  PINION_BODY_EVEN_IF_BROKEN = 1 << 2,
} PinionBodyFlags;

/* The safe body; fetched ahead of everything else where it is still on the server.  Resolves to a
 * PinionBody (boxed). */
DexFuture *pinion_engine_load_body (PinionEngine   *self,
                                    gint64          message,
                                    PinionBodyFlags flags);

/* A picture of this very message, by content id.  Resolves to a GBytes (boxed) of an image, at most
 * 32 MiB; rejects where it is not an image. */
DexFuture *pinion_engine_load_picture (PinionEngine *self,
                                       gint64        message,
                                       const char   *content_id);

/* The message's own bytes: path of the file on this computer.  Resolves to a string. */
DexFuture *pinion_engine_get_source_path (PinionEngine *self,
                                          gint64        message);

/* Writes a part to @path, which must not exist; rejects with PINION_ERROR_NOT_SAVED where it cannot
 * be written there.  Resolves to TRUE. */
DexFuture *pinion_engine_save_part (PinionEngine *self,
                                    gint64        message,
                                    const char   *part,
                                    const char   *path);

/* -- Files ---------------------------------------------------------------------------------- */

/* So many messages at most are written in one go. */
#define PINION_MOST_FILES 500

/* A message to be written as a file.  @name: after its subject, safe, and no other's of the same
 * list; @subject and @number are what it was made of. */
typedef struct
{
  gint64 message;
  char *subject;
  guint number;
  char *name;
} PinionMessageFile;

/* @files: of PinionMessageFile.  @too_many: there were more.  @n_missing: how many are not on this
 * computer while their server is out of reach.  Immutable. */
typedef struct
{
  GPtrArray *files;
  gboolean too_many;
  guint n_missing;
} PinionMessageFiles;

#define PINION_TYPE_MESSAGE_FILES (pinion_message_files_get_type ())
GType pinion_message_files_get_type (void);

PinionMessageFiles *pinion_message_files_ref   (PinionMessageFiles *self);
void                pinion_message_files_unref (PinionMessageFiles *self);

/* "Plan.eml" for a message about @subject (nullable), "Plan (2).eml" with @number 2: one path component,
 * at most 200 bytes.  Returns: (transfer full) */
char *pinion_message_file_dup_name (const char *subject,
                                    guint       number);

/* The messages of @conversations as seen in @view.  Resolves to a PinionMessageFiles (boxed). */
DexFuture *pinion_engine_name_files (PinionEngine     *self,
                                     const gint64     *conversations,
                                     guint             n_conversations,
                                     const PinionView *view);
/* The same for one message. */
DexFuture *pinion_engine_name_file  (PinionEngine *self,
                                     gint64        message);

/* Writes @files into @folder, beside what is there, or the only one as @file (the other is %NULL), which
 * is replaced; what is not here yet is fetched first.  Resolves to a GPtrArray (boxed) of GFile. */
DexFuture *pinion_engine_write_files (PinionEngine       *self,
                                      PinionMessageFiles *files,
                                      GFile              *folder,
                                      GFile              *file);

/* -- Acts ----------------------------------------------------------------------------------- */

typedef enum
{
  PINION_ACT_READ,
  PINION_ACT_SEEN,        /* read by having been in sight: undo passes it over */
  PINION_ACT_UNREAD,
  PINION_ACT_STAR,
  PINION_ACT_UNSTAR,
  PINION_ACT_ARCHIVE,
  PINION_ACT_TRASH,
  PINION_ACT_SPAM,
  PINION_ACT_NOT_SPAM,
  PINION_ACT_DELETE,      /* from Trash, for good: ask first */
  PINION_ACT_ADD_LABEL,   /* needs a label */
  PINION_ACT_MOVE,        /* needs a label */
  PINION_ACT_TO_INBOX,    /* each to the Inbox of its own account */
  PINION_ACT_REMOVE_LABEL,/* needs a label */
  /* Acts on labels themselves, see pinion_engine_create_label() and the next ones. */
  PINION_ACT_CREATE_LABEL,
  PINION_ACT_RENAME_LABEL,
  PINION_ACT_DELETE_LABEL,
  PINION_ACT_SNOOZE,      /* see pinion_engine_snooze() */
  PINION_ACT_UNSNOOZE,
  PINION_ACT_CHANGE_LABELS, /* see pinion_engine_change_labels() */
  PINION_ACT_IMPORT,        /* see pinion-import.h */
  /* How the sidebar shows them: on this computer only. */
  PINION_ACT_PIN_LABEL,
  PINION_ACT_UNPIN_LABEL,
  PINION_ACT_PIN_ALL,
  PINION_ACT_COLOUR_LABEL,
  PINION_ACT_PLACE_LABEL,
  PINION_ACT_SORT_LABELS,
  PINION_ACT_CREATE_SECTION,
  PINION_ACT_RENAME_SECTION,
  PINION_ACT_REMOVE_SECTION,
  PINION_ACT_MOVE_SECTION,
  /* Saved searches, see pinion-saved-search.h: on this computer only, too. */
  PINION_ACT_SAVE_SEARCH,
  PINION_ACT_RENAME_SEARCH,
  PINION_ACT_REMOVE_SEARCH,
  PINION_ACT_PIN_SEARCH,
  PINION_ACT_UNPIN_SEARCH,
  PINION_ACT_MOVE_SEARCH,
} PinionAct;

/* What an act did: @group undoes it (0: nothing changed); @messages, @conversations count. */
typedef struct
{
  gint64 group;
  PinionAct act;
  guint messages;
  guint conversations;
} PinionDone;

#define PINION_TYPE_DONE (pinion_done_get_type ())
GType pinion_done_get_type (void);

/* Acts on whole conversations as seen in @view (an act of place concerns the messages that lie there).
 * @label: for the acts that need one, else 0.  Resolves to a PinionDone (boxed); in the store by
 * then. */
DexFuture *pinion_engine_act (PinionEngine     *self,
                              PinionAct         act,
                              const gint64     *conversations,
                              guint             n_conversations,
                              const PinionView *view,
                              gint64            label);

/* Adds and removes several labels in one go, undone in one go.  @added, @removed: gint64 ids.  Resolves
 * to a PinionDone (boxed), of ADD_LABEL or REMOVE_LABEL where it is about one label only. */
DexFuture *pinion_engine_change_labels (PinionEngine     *self,
                                        const gint64     *conversations,
                                        guint             n_conversations,
                                        const PinionView *view,
                                        GArray           *added,
                                        GArray           *removed);

/* How many of @conversations carry each label; for any number of them.  Resolves to a GHashTable (boxed) of
 * gint64 ids to guints; labels that none carries are not in it. */
DexFuture *pinion_engine_count_labels (PinionEngine *self,
                                       const gint64 *conversations,
                                       guint         n_conversations);

/* pinion_engine_act() on single messages. */
DexFuture *pinion_engine_act_on_messages (PinionEngine *self,
                                          PinionAct     act,
                                          const gint64 *messages,
                                          guint         n_messages,
                                          gint64        label);

/* Puts conversations off, as far as they lie in the Inbox: away from there until @until (seconds since
 * 1970), or until somebody answers; 0: they come back now.  The server hears nothing of it.  Resolves
 * to a PinionDone (boxed); rejects with PINION_ERROR_INVALID_ARGUMENT where the moment has passed. */
DexFuture *pinion_engine_snooze (PinionEngine *self,
                                 const gint64 *conversations,
                                 guint         n_conversations,
                                 gint64        until);

/* The same for the conversations that these messages are in. */
DexFuture *pinion_engine_snooze_messages (PinionEngine *self,
                                          const gint64 *messages,
                                          guint         n_messages,
                                          gint64        until);

/* How many conversations of @account (0: of all) are put off; "changed" tells.  @next: (out) (nullable)
 * when the first one comes back, or 0. */
guint pinion_engine_get_snoozed (PinionEngine *self,
                                 gint64        account,
                                 gint64       *next);

/* Takes back @group, or the newest where it is 0.  Resolves to a GArray (boxed) of PinionStays: what could
 * not go back. */
DexFuture *pinion_engine_undo (PinionEngine *self,
                               gint64        group);

/* An act that the server has not confirmed yet, or refused (@failed, with @error).  @kind: "flag" "copy"
 * "move" "remove" "delete" "append" "create-label" "rename-label" "delete-label"; @from, @to: paths (nullable). */
typedef struct
{
  gint64 id;
  gint64 account;
  gint64 message;
  char *kind;
  char *subject;
  char *from;
  char *to;
  guint tries;
  gboolean failed;
  PinionErrorCode code; /* where there is an @error */
  char *error;
} PinionPending;

void pinion_pending_free (PinionPending *self);

/* Resolves to a GPtrArray (boxed) of PinionPending, oldest first. */
DexFuture *pinion_engine_load_pending (PinionEngine *self);

/* What the server refused for good, for the person to be told: it leaves the list.  Resolves to a
 * GPtrArray (boxed) of PinionPending.  A started engine does this by itself ("operation-failed"). */
DexFuture *pinion_engine_take_refused (PinionEngine *self);

/* -- Labels --------------------------------------------------------------------------------- */

/* Makes the label @path (levels with "/" between) of @account, and those above it that are missing.
 * The labels' list has it when this resolves, to a PinionDone (boxed).  Rejects with
 * PINION_ERROR_INVALID_ARGUMENT where there is one by this name, in any case, or it cannot be one. */
DexFuture *pinion_engine_create_label (PinionEngine *self,
                                       gint64        account,
                                       const char   *path);

/* Gives @label another path; labels in it go along.  Labels with a role stay as they are. */
DexFuture *pinion_engine_rename_label (PinionEngine *self,
                                       gint64        label,
                                       const char   *path);

/* Deletes @label and those in it.  Mail that has no other label goes to @mail, PINION_ROLE_ARCHIVE or
 * PINION_ROLE_TRASH; the server's folder is only deleted once it is proven empty. */
DexFuture *pinion_engine_delete_label (PinionEngine *self,
                                       gint64        label,
                                       PinionRole    mail);

/* Marks all that @label has unread as read. */
DexFuture *pinion_engine_mark_label_read (PinionEngine *self,
                                          gint64        label);

/* -- Sidebar -------------------------------------------------------------------------------- */

/* Of this computer only.  The acts resolve to a PinionDone (boxed), the lists have it by then; they
 * reject with PINION_ERROR_NOT_FOUND where there is no such thing. */

/* Of PinionSection, by account: first the one with id 0, then in their order.  Borrowed. */
GListModel    *pinion_engine_get_sections (PinionEngine *self);
/* (nullable), borrowed */
PinionSection *pinion_engine_find_section (PinionEngine *self,
                                           gint64        account,
                                           gint64        section);

DexFuture *pinion_engine_pin_label (PinionEngine *self,
                                    gint64        label,
                                    gboolean      pinned);

/* Pins all labels there are and those that appear later, whoever makes them; %FALSE ends that. */
DexFuture *pinion_engine_set_pin_all (PinionEngine *self,
                                      gint64        account,
                                      gboolean      pin_all);

/* @colour: (nullable) "#rrggbb"; %NULL: the one it has by its name. */
DexFuture *pinion_engine_set_label_colour (PinionEngine *self,
                                           gint64        label,
                                           const char   *colour);

/* Puts @label into @section (0: none), the account's labels in this @order (of gint64 ids) from now
 * on. */
DexFuture *pinion_engine_place_label (PinionEngine *self,
                                      gint64        label,
                                      gint64        section,
                                      GArray       *order);

DexFuture *pinion_engine_sort_labels (PinionEngine     *self,
                                      gint64            account,
                                      PinionLabelOrder  order);

/* @label: what is put there, pinned with it; 0 for nothing. */
DexFuture *pinion_engine_create_section (PinionEngine *self,
                                         gint64        account,
                                         const char   *name,
                                         gint64        label);
DexFuture *pinion_engine_rename_section (PinionEngine *self,
                                         gint64        section,
                                         const char   *name);
/* Its labels are in none then. */
DexFuture *pinion_engine_remove_section (PinionEngine *self,
                                         gint64        section);
/* @position: among those that people made, from 0. */
DexFuture *pinion_engine_move_section   (PinionEngine *self,
                                         gint64        section,
                                         guint         position);

/* Whether what is in it is shown.  Resolve to TRUE; there is nothing to undo. */
DexFuture *pinion_engine_fold_label   (PinionEngine *self,
                                       gint64        label,
                                       gboolean      folded);
/* @section 0: the labels of @account in no section. */
DexFuture *pinion_engine_fold_section (PinionEngine *self,
                                       gint64        account,
                                       gint64        section,
                                       gboolean      folded);

/* -- Writing -------------------------------------------------------------------------------- */

/* A draft answering @message: recipients, subject, quote filled in, from the alias it was sent to.
 * Resolves to a PinionDraft. */
DexFuture *pinion_engine_prepare_reply (PinionEngine   *self,
                                        gint64          message,
                                        PinionReplyKind kind);

/* The signature of @identity as plain text.  Returns: (transfer full) */
char *pinion_identity_dup_plain_signature (const PinionIdentity *identity);

/* Another program's draft, in Drafts, becomes a local one, which stands for it from now on.  Resolves to
 * the message id of that (int64); a local draft's is its own. */
DexFuture *pinion_engine_continue_draft (PinionEngine *self,
                                         gint64        message);

/* Opens a draft again, another program's as above.  Resolves to a PinionDraft (boxed). */
DexFuture *pinion_engine_load_draft (PinionEngine *self,
                                     gint64        message);

/* Keeps the draft on this computer, and soon on the server, too, where its account is set so;
 * resolves to its id (int64), the same at each save. */
DexFuture *pinion_engine_save_draft (PinionEngine      *self,
                                     const PinionDraft *draft);
DexFuture *pinion_engine_discard_draft (PinionEngine *self,
                                        gint64        draft);
/* Nobody writes on drafts any more for now: those that are to be kept on the server, and are not
 * there as they are here, need not wait any longer. */
void pinion_engine_settle_drafts (PinionEngine *self);

/* Checks recipients and files, then puts the message into the outbox and forgets the draft.  @delay:
 * seconds during which it can be cancelled.  Resolves to the outbox id (int64). */
DexFuture *pinion_engine_send (PinionEngine      *self,
                               const PinionDraft *draft,
                               guint              delay);

typedef enum
{
  PINION_OUTBOX_QUEUED,
  PINION_OUTBOX_SENDING,
  PINION_OUTBOX_SUBMITTED, /* accepted by the server, not yet filed in Sent */
  PINION_OUTBOX_FAILED,
  PINION_OUTBOX_UNCERTAIN,
} PinionOutboxState;

typedef struct
{
  gint64 id;
  gint64 account;
  char *to;
  char *subject;
  gint64 send_at;
  guint tries;
  PinionOutboxState state;
  PinionErrorCode code; /* where there is an @error */
  char *error;
} PinionOutboxItem;

void pinion_outbox_item_free (PinionOutboxItem *self);

/* Resolves to a GPtrArray (boxed) of PinionOutboxItem. */
DexFuture *pinion_engine_load_outbox (PinionEngine *self);

/* Takes a message back that is not being sent yet; it becomes a draft again.  Resolves to the
 * draft's id. */
DexFuture *pinion_engine_cancel_sending (PinionEngine *self,
                                         gint64        outbox);

/* Signals: "changed" (something in the store changed: labels, conversations), "outbox-changed",
 * "message-changed" (int64 id: body arrived or flags changed), "arrived" (GArray of int64 ids:
 * messages that are news, unread and new in an Inbox), "operation-failed" (string words: an act
 * that the server refused for good and that was set right here), "day-changed" (another day or time
 * zone: the words for times are others now). */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionExamination, pinion_examination_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMessageFiles, pinion_message_files_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionProvenServers, pinion_proven_servers_unref)

G_END_DECLS
