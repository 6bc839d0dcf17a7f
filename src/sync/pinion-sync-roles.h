/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a folder is for: from its special-use attribute (RFC 6154), else from the name that Exchange
 * gives it in some thirty languages.  Exact names only: a person's "Sent to clients" is theirs. */

#pragma once

#include "pinion-imap-mailbox.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_FOLDER_PLAIN,
  PINION_FOLDER_INBOX,
  PINION_FOLDER_SENT,
  PINION_FOLDER_DRAFTS,
  PINION_FOLDER_TRASH,
  PINION_FOLDER_JUNK,
  PINION_FOLDER_ARCHIVE,
  PINION_FOLDER_NOT_MAIL, /* Calendar, Contacts, Outbox, Sync Issues...: hidden */
} PinionFolderKind;

/* @name folded for comparing: NFKC, case, odd blanks, look-alike letters.  Returns: (transfer full) */
char *pinion_sync_fold_name (const char *name);

/* One kind for each of @mailboxes (of PinionImapMailbox), in the same order; no role twice.  What
 * lies below a folder that is not for mail is not for mail either.
 * Returns: (transfer full) (element-type PinionFolderKind) */
GArray *pinion_sync_assign_roles (GPtrArray *mailboxes);

/* "inbox" "sent" ...; %NULL for the others. */
const char *pinion_folder_kind_to_role (PinionFolderKind kind);

G_END_DECLS
