/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal: what the server is still to be told, in the order it was wanted.
 *
 * An operation is written in the transaction that makes its wish visible, and leaves only when the
 * server has proven it, or with a reason for the person.  Of one message they are done in order:
 * one is ready only when the earlier ones are done.
 *
 * REMOVE is ready only while another copy of the message is proven (has a UID, is not itself on
 * its way out), so that no order of failures loses the last one; and it holds up nothing that
 * comes later, since that may be what makes the other copy.  Nor does a flag that has no copy to be
 * set on: it waits for one to turn up or to be made.
 *
 * Operations on folders are done one after the other.  One on a message waits until the folders it
 * names exist on the server; a folder is deleted only when no earlier one needs it any more.
 *
 * An operation's source may be a placement that an earlier operation is to make: its UID is looked
 * up when it becomes ready. */

#pragma once

#include "pinion-store-folders.h"
#include "pinion-store-mirror.h"

G_BEGIN_DECLS

typedef enum
{
  /* @flag becomes @value at the source */
  PINION_STORE_OPERATION_FLAG,
  /* source to target folder, the source stays */
  PINION_STORE_OPERATION_COPY,
  /* source to target folder */
  PINION_STORE_OPERATION_MOVE,
  /* the source goes, other copies stay */
  PINION_STORE_OPERATION_REMOVE,
  /* the source goes for good */
  PINION_STORE_OPERATION_DELETE,
  /* the raw file of the message goes to the target folder, unless it is there already */
  PINION_STORE_OPERATION_APPEND,
  /* the source folder is made by @name */
  PINION_STORE_OPERATION_CREATE_FOLDER,
  /* the source folder, and what is in it, gets @name */
  PINION_STORE_OPERATION_RENAME_FOLDER,
  /* the source folder goes, once it is proven to be empty; what is left in it goes to the target */
  PINION_STORE_OPERATION_DELETE_FOLDER,
} PinionStoreOperationKind;

/* Whether it is about a folder, not about a message. */
static inline gboolean
pinion_store_operation_kind_is_of_folder (PinionStoreOperationKind kind)
{
  return kind >= PINION_STORE_OPERATION_CREATE_FOLDER;
}

/* Whether it appends what a person imported, and not what was sent or is a draft. */
static inline gboolean
pinion_store_operation_is_import (PinionStoreOperationKind kind,
                                  gint64                   group)
{
  return kind == PINION_STORE_OPERATION_APPEND && group > 0;
}

typedef enum
{
  PINION_STORE_OPERATION_QUEUED,
  PINION_STORE_OPERATION_RUNNING,
  PINION_STORE_OPERATION_FAILED,
} PinionStoreOperationState;

/* Folder ids and UIDs are 0 where there is none or it is unknown.  @to_uid: known when the copy
 * was seen at the target before the operation was confirmed (a MOVE then only has its source to
 * remove).
 * @to_flags: what the copy at the target is to be marked with when it is made (APPEND).
 * @proof_folder, @proof_uid: of a REMOVE, another copy as it was last seen; make sure that it is
 * still there before the source is expunged.
 * @uncertain: it was begun before and its outcome is unknown: prove first (COPYUID is lost; search
 * the target for @message_id_header).
 * @name, @path: of operations on folders, else %NULL: the name to make (as LIST would have it), and
 * the path that people see.  @subject: for showing.  @error_code: kebab-case, of the last try.  Immutable. */
typedef struct
{
  gint64 id;
  gint64 account_id;
  gint64 group_id;
  PinionStoreOperationKind kind;
  PinionStoreOperationState state;
  gboolean uncertain;
  gint64 message_id;
  char *message_id_header;
  char *subject;
  gint64 from_folder;
  guint32 from_uid;
  gint64 to_folder;
  guint32 to_uid;
  PinionFlags to_flags;
  gint64 proof_folder;
  guint32 proof_uid;
  PinionFlags flag;
  gboolean value;
  gint64 created;
  guint tries;
  gint64 next_try;
  char *error_code;
  char *error_text;
  GBytes *name;
  char *path;
} PinionStoreOperation;

#define PINION_TYPE_STORE_OPERATION (pinion_store_operation_get_type ())
GType pinion_store_operation_get_type (void);

PinionStoreOperation *pinion_store_operation_ref   (PinionStoreOperation *self);
void                  pinion_store_operation_unref (PinionStoreOperation *self);

/* "flag" "copy" "move" "remove" "delete" "append" "create-label" "rename-label" "delete-label" */
const char *pinion_store_operation_kind_to_string (PinionStoreOperationKind kind);

/* Everything not yet confirmed and everything given up, oldest first.  @account_id: 0 for all.
 * Returns: (transfer full): PinionStoreOperation */
GPtrArray *pinion_store_operations_list (PinionStoreSession *session,
                                         gint64              account_id);

/* Those that can be done now, oldest first, at most one a message (after it is done, ask again).
 * Returns: (transfer full): PinionStoreOperation, all QUEUED */
GPtrArray *pinion_store_operations_ready (PinionStoreSession *session,
                                          gint64              account_id,
                                          gint64              now,
                                          guint               limit);

/* The UIDs, in the target's folder, of copies of the message that say something else than the one that
 * operation @id copies or moves there.  Returns: (transfer full): guint32 */
GArray *pinion_store_operation_list_other_texts (PinionStoreSession *session,
                                                 gint64              id);

/* When the next queued one may be tried, in seconds; G_MAXINT64: none is queued. */
gint64 pinion_store_operations_next_try (PinionStoreSession *session,
                                         gint64              account_id);

/* How many are queued or running.  @account_id: 0 for all. */
guint pinion_store_operations_count (PinionStoreSession *session,
                                     gint64              account_id);

/* Once when an account's sync begins: what was running when the program ended is queued again as
 * uncertain. */
void pinion_store_operations_recover (PinionStoreSession *session,
                                      gint64              account_id);

/* To be committed before the command is sent.  %FALSE: it was taken back meanwhile, do not send. */
gboolean pinion_store_operation_start (PinionStoreSession *session,
                                       gint64              id);

/* The server did it.  @uid: the copy's UID at the target where the server told it (COPYUID,
 * APPENDUID: RFC 4315), else 0: then it is adopted when the target is synced. */
void pinion_store_operation_done (PinionStoreSession *session,
                                  gint64              id,
                                  guint32             uid);

/* It did not work out, or was not sent; try again at @next_try (seconds).  @error: (nullable) why.
 * @uncertain: the outcome is unknown. */
void pinion_store_operation_retry (PinionStoreSession *session,
                                   gint64              id,
                                   gint64              next_try,
                                   gboolean            uncertain,
                                   const GError       *error);

/* The server will never do it: what is shown becomes again what the server has, what depended on it
 * is given up as well, and the reason stays in the list. */
void pinion_store_operation_give_up (PinionStoreSession *session,
                                     gint64              id,
                                     const GError       *error);

/* The person has seen the reason: a failed one leaves the list. */
void pinion_store_operation_forget (PinionStoreSession *session,
                                    gint64              id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreOperation, pinion_store_operation_unref)

G_END_DECLS
