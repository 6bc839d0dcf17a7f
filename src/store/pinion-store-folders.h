/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folders of the server, which people see as labels.
 *
 * A folder is known by the bytes of its name in LIST (RFC 3501 7.2.2); its path in plain Unicode,
 * "/" between levels, is for showing only and never becomes a file name.  Each role has at most one
 * folder an account. */

#pragma once

#include "pinion-store.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_FOLDER_ROLE_NONE,
  PINION_FOLDER_ROLE_INBOX,
  PINION_FOLDER_ROLE_SENT,
  PINION_FOLDER_ROLE_DRAFTS,
  PINION_FOLDER_ROLE_TRASH,
  PINION_FOLDER_ROLE_JUNK,
  PINION_FOLDER_ROLE_ARCHIVE,
} PinionFolderRole;

/* "inbox" "sent" ...; %NULL for none. */
const char *pinion_folder_role_to_string (PinionFolderRole role);

/* What the last complete sync of a folder knew (RFC 3501 2.3.1.1, RFC 7162).  @since: its messages
 * received at or after this moment (seconds) are all here; G_MAXINT64 where nothing was synced yet.
 * @server_total: how many messages the server counted (EXISTS).  @synced: when it was last compared (seconds);
 * where nothing had changed that may have been up to an hour later.  Zero where unknown. */
typedef struct
{
  guint32 uidvalidity;
  guint32 uidnext;
  guint64 highestmodseq;
  guint32 server_total;
  gint64 since;
  gint64 synced;
} PinionStoreUidState;

/* @raw_name: as LIST had it; of a @local one, as it is to be made.  @delimiter: 0 for NIL.  @role_by_hand, @hidden_by_hand: the person
 * chose, LIST does not change it.  @hidden_reason: (nullable) kebab-case.  @colour: (nullable).
 * @path: as the person wants it.  @name: what @raw_name will be once all that waits is done.  @local: made here, the server does not have it yet.  @gone: on its
 * way out; only pinion_store_folders_list_all() tells of it.  @total, @unread: messages shown here.
 * @position: 0 for none, which comes last.  @section: 0 for none.  @folded: what is in it is not shown.
 * Immutable. */
typedef struct
{
  gint64 id;
  gint64 account_id;
  GBytes *raw_name;
  GBytes *name;
  char delimiter;
  char *path;
  PinionFolderRole role;
  gboolean role_by_hand;
  gboolean hidden;
  gboolean hidden_by_hand;
  char *hidden_reason;
  gboolean selectable;
  gboolean local;
  gboolean gone;
  gboolean pinned;
  char *colour;
  gint position;
  gint64 section;
  gboolean folded;
  PinionStoreUidState uids;
  gint64 total;
  gint64 unread;
} PinionStoreFolder;

#define PINION_TYPE_STORE_FOLDER (pinion_store_folder_get_type ())
GType pinion_store_folder_get_type (void);

PinionStoreFolder *pinion_store_folder_ref   (PinionStoreFolder *self);
void               pinion_store_folder_unref (PinionStoreFolder *self);

/* One line of LIST, judged by the caller.  @was: the folder that this is under a new name, or 0.
 * Everything is borrowed. */
typedef struct
{
  GBytes *raw_name;
  char delimiter;
  const char *path;
  PinionFolderRole role;
  gboolean selectable;
  gboolean hidden;
  const char *hidden_reason;
  gint64 was;
} PinionStoreListing;

/* Makes the account's folders those of a complete LIST.  New ones are pinned where the account says
 * so.  Missing ones leave the lists with their placements (their messages wait for
 * pinion_store_messages_collect()); pins and colour come back should the folder do so. */
void pinion_store_folders_update (PinionStoreSession       *session,
                                  gint64                    account_id,
                                  const PinionStoreListing *listings,
                                  guint                     n_listings);

/* @account_id: 0 for all.  Returns: (transfer full): PinionStoreFolder, those that exist, hidden
 * ones too, Inbox first, then by position and path. */
GPtrArray *pinion_store_folders_list (PinionStoreSession *session,
                                      gint64              account_id);

/* The same with those that are on their way out, for sync. */
GPtrArray *pinion_store_folders_list_all (PinionStoreSession *session,
                                          gint64              account_id);

/* Returns: (transfer full) (nullable) */
PinionStoreFolder *pinion_store_folder_get (PinionStoreSession *session,
                                            gint64              id);

/* Returns: (transfer full) (nullable) */
PinionStoreFolder *pinion_store_folder_get_by_role (PinionStoreSession *session,
                                                    gint64              account_id,
                                                    PinionFolderRole    role);

/* The person's choice; another folder with that role loses it. */
void pinion_store_folder_set_role (PinionStoreSession *session,
                                   gint64              id,
                                   PinionFolderRole    role);
void pinion_store_folder_set_hidden (PinionStoreSession *session,
                                     gint64              id,
                                     gboolean            hidden);
void pinion_store_folder_set_pinned (PinionStoreSession *session,
                                     gint64              id,
                                     gboolean            pinned);
/* @colour: (nullable) */
void pinion_store_folder_set_colour (PinionStoreSession *session,
                                     gint64              id,
                                     const char         *colour);
void pinion_store_folder_set_position (PinionStoreSession *session,
                                       gint64              id,
                                       gint                position);

/* What sync knows now; see pinion_store_folder_reset_uids() for a changed UIDVALIDITY. */
void pinion_store_folder_set_uids (PinionStoreSession        *session,
                                   gint64                     id,
                                   const PinionStoreUidState *state);

/* The server began to count anew: all UIDs are forgotten.  The messages stay where they are until
 * they are found again by pinion_store_messages_add(), or pruned when the folder was compared;
 * operations wait for them meanwhile. */
void pinion_store_folder_reset_uids (PinionStoreSession *session,
                                     gint64              id,
                                     guint32             uidvalidity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreFolder, pinion_store_folder_unref)

G_END_DECLS
