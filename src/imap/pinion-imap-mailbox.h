/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server says of its mailboxes and messages, as plain data (RFC 3501, 4315, 6154, 7162,
 * 8474). */

#pragma once

#include <glib-object.h>

#include "pinion-imap-uid-set.h"

G_BEGIN_DECLS

/* -- Mailboxes ------------------------------------------------------------------------------ */

typedef enum
{
  PINION_IMAP_MAILBOX_NOSELECT = 1 << 0,
  PINION_IMAP_MAILBOX_NOINFERIORS = 1 << 1,
  PINION_IMAP_MAILBOX_HASCHILDREN = 1 << 2,
  PINION_IMAP_MAILBOX_HASNOCHILDREN = 1 << 3,
  PINION_IMAP_MAILBOX_NONEXISTENT = 1 << 4,
  PINION_IMAP_MAILBOX_MARKED = 1 << 5,
  PINION_IMAP_MAILBOX_SUBSCRIBED = 1 << 6,
} PinionImapMailboxFlags;

/* The special-use attribute, accepted from any LIST answer (RFC 6154). */
typedef enum
{
  PINION_IMAP_USE_NONE,
  PINION_IMAP_USE_INBOX,
  PINION_IMAP_USE_ALL,
  PINION_IMAP_USE_ARCHIVE,
  PINION_IMAP_USE_DRAFTS,
  PINION_IMAP_USE_FLAGGED,
  PINION_IMAP_USE_JUNK,
  PINION_IMAP_USE_SENT,
  PINION_IMAP_USE_TRASH,
  PINION_IMAP_USE_IMPORTANT,
} PinionImapUse;

/* "\Archive"; %NULL for NONE and INBOX. */
const char *pinion_imap_use_to_attribute (PinionImapUse use);

/* @raw_name: exactly the server's bytes; the key, and what is sent back.  (Where names go over the
 * line in UTF-8, its modified UTF-7, so that the key is the same on every connection.)
 * @path: decoded and cleaned for people, with "/" between the levels (a "/" inside a level where
 * the delimiter is another one becomes U+2215).  INBOX is recognised in any case.
 * @delimiter: 0 for NIL.
 * @status: (nullable) where it came with the list. */
typedef struct
{
  char *raw_name;
  char *path;
  char delimiter;
  PinionImapMailboxFlags flags;
  PinionImapUse use;
  struct _PinionImapStatus *status;
} PinionImapMailbox;

#define PINION_TYPE_IMAP_MAILBOX (pinion_imap_mailbox_get_type ())
GType pinion_imap_mailbox_get_type (void);

/* Fills in @path and, for INBOX, @use.  @raw_name: taken over.  Returns: (transfer full) */
PinionImapMailbox *pinion_imap_mailbox_new  (char                  *raw_name,
                                             char                   delimiter,
                                             PinionImapMailboxFlags flags,
                                             PinionImapUse          use);
PinionImapMailbox *pinion_imap_mailbox_copy (const PinionImapMailbox *self);
void               pinion_imap_mailbox_free (PinionImapMailbox *self);

/* The name to CREATE for @name (UTF-8, one level) below @parent_raw (nullable: at the top).
 * Returns: (transfer full) (nullable), %NULL where @name holds controls, or its encoding
 * the delimiter. */
char *pinion_imap_mailbox_make_raw_name (const char *parent_raw,
                                         char        delimiter,
                                         const char *name);

/* -- Flags ---------------------------------------------------------------------------------- */

typedef enum
{
  PINION_IMAP_FLAG_SEEN = 1 << 0,
  PINION_IMAP_FLAG_ANSWERED = 1 << 1,
  PINION_IMAP_FLAG_FLAGGED = 1 << 2,
  PINION_IMAP_FLAG_DELETED = 1 << 3,
  PINION_IMAP_FLAG_DRAFT = 1 << 4,
  PINION_IMAP_FLAG_RECENT = 1 << 5,
  PINION_IMAP_FLAG_FORWARDED = 1 << 6, /* $Forwarded */
  PINION_IMAP_FLAG_MDN_SENT = 1 << 7,  /* $MDNSent */
  PINION_IMAP_FLAG_JUNK = 1 << 8,      /* $Junk, Junk */
  PINION_IMAP_FLAG_NOT_JUNK = 1 << 9,  /* $NotJunk, NonJunk */
  PINION_IMAP_FLAG_ANY_KEYWORD = 1 << 10, /* \* among the permanent flags */
} PinionImapFlags;

/* The flags any server must know. */
#define PINION_IMAP_FLAGS_SYSTEM                                                                   \
  (PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_ANSWERED | PINION_IMAP_FLAG_FLAGGED                    \
   | PINION_IMAP_FLAG_DELETED | PINION_IMAP_FLAG_DRAFT)

/* 0 for a keyword Pinion has no use for. */
PinionImapFlags pinion_imap_flag_from_name (const char *name,
                                            gsize       length);

/* "(\Seen $Forwarded)": what can be sent of @flags.  Returns: (transfer full) */
char *pinion_imap_flags_to_string (PinionImapFlags flags);

/* -- State of a mailbox --------------------------------------------------------------------- */

/* The longest MAILBOXID, EMAILID or THREADID (RFC 8474, 7). */
#define PINION_IMAP_MAX_ID 255

/* STATUS.  Zero where the server did not say.
 * @highestmodseq: RFC 7162; @size: of all messages in bytes (RFC 8438); @append_limit: of one
 * message to add (RFC 7889); @mailbox_id: stays when the mailbox is renamed (RFC 8474), "" where
 * not said. */
typedef struct _PinionImapStatus
{
  guint32 messages;
  guint32 unseen;
  guint32 uidnext;
  guint32 uidvalidity;
  guint64 highestmodseq;
  guint64 size;
  guint64 append_limit;
  char mailbox_id[PINION_IMAP_MAX_ID + 1];
} PinionImapStatus;

#define PINION_TYPE_IMAP_STATUS (pinion_imap_status_get_type ())
GType             pinion_imap_status_get_type (void);
PinionImapStatus *pinion_imap_status_copy     (const PinionImapStatus *self);
void              pinion_imap_status_free     (PinionImapStatus *self);

/* The selected mailbox.  @uidnext 0 where not said; @highestmodseq 0 where there is none.
 * @permanent_flags: what STORE keeps; all system flags where the server did not say.
 * @mailbox_id: as in PinionImapStatus. */
typedef struct
{
  char *raw_name;
  guint32 exists;
  guint32 uidvalidity;
  guint32 uidnext;
  guint64 highestmodseq;
  PinionImapFlags permanent_flags;
  gboolean read_only;
  char mailbox_id[PINION_IMAP_MAX_ID + 1];
} PinionImapSelected;

#define PINION_TYPE_IMAP_SELECTED (pinion_imap_selected_get_type ())
GType               pinion_imap_selected_get_type (void);
PinionImapSelected *pinion_imap_selected_copy     (const PinionImapSelected *self);
void                pinion_imap_selected_free     (PinionImapSelected *self);

/* -- Messages ------------------------------------------------------------------------------- */

/* @modseq: 0 where not said (RFC 7162). */
typedef struct
{
  guint32 uid;
  PinionImapFlags flags;
  guint64 modseq;
} PinionImapUidFlags;

typedef enum
{
  PINION_IMAP_ATTACHMENT_UNKNOWN,
  PINION_IMAP_ATTACHMENT_NO,
  PINION_IMAP_ATTACHMENT_YES,
} PinionImapAttachment;

/* One FETCHed message.
 * @flags: only with headers.  @internal_date: seconds since 1970, UTC; %G_MININT64 where not said.
 * @size: RFC822.SIZE, an estimate at best (Exchange); 0 where not said.
 * @header: (nullable) the header bytes that were asked for (cut at 1 MiB).
 * @body: (nullable) the whole message, if it is small; else @body_path is a file (mode 0600) in the
 * directory that was given, closed and complete: take it by renaming it and clearing the field
 * with g_steal_pointer(); what is left is deleted with the message.  @body_size is exact.
 * @email_id, @thread_id: (nullable) the server's own, the same in every mailbox (RFC 8474); only
 * with headers. @modseq: 0 where not said. */
typedef struct
{
  guint32 uid;
  PinionImapFlags flags;
  gint64 internal_date;
  guint64 size;
  GBytes *header;
  GBytes *body;
  char *body_path;
  guint64 body_size;
  PinionImapAttachment attachment;
  char *email_id;
  char *thread_id;
  guint64 modseq;
} PinionImapMessage;

PinionImapMessage *pinion_imap_message_new  (void);
void               pinion_imap_message_free (PinionImapMessage *self);

/* -- What happened meanwhile ---------------------------------------------------------------- */

/* What is known of a mailbox from before.  @uids: (nullable) the messages that are known. */
typedef struct
{
  guint32 uidvalidity;
  guint64 modseq;
  PinionUidSet *uids;
} PinionImapKnown;

typedef enum
{
  PINION_IMAP_RESYNC_NONE,    /* nothing was said, or not all of it could be read: compare all */
  PINION_IMAP_RESYNC_CHANGED, /* @changed is all that is new or has other flags */
  PINION_IMAP_RESYNC_ALL,     /* and @vanished all that is gone; it may name what never was known */
} PinionImapResyncKind;

/* What changed in a mailbox since a modification sequence (RFC 7162).
 * @selected: the mailbox as it is now.  @changed: PinionImapUidFlags, ascending, each UID once; of
 * no meaning with _NONE.  @vanished: empty unless _ALL.
 * @modseq: what to remember, as soon as all of this has been stored, and with _NONE the comparison
 * too; 0 where the mailbox has none. */
typedef struct
{
  PinionImapResyncKind kind;
  PinionImapSelected *selected;
  GArray *changed;
  PinionUidSet *vanished;
  guint64 modseq;
} PinionImapResync;

#define PINION_TYPE_IMAP_RESYNC (pinion_imap_resync_get_type ())
GType             pinion_imap_resync_get_type (void);
PinionImapResync *pinion_imap_resync_copy     (const PinionImapResync *self);
void              pinion_imap_resync_free     (PinionImapResync *self);

/* -- Answers -------------------------------------------------------------------------------- */

/* COPYUID of COPY and MOVE: source[i] (guint32) is now destination[i]; both empty and @uidvalidity
 * 0 where the server did not say.  @n_expunged: messages reported gone while MOVE ran; where
 * neither this nor the mapping speaks for a message, look before believing it moved. */
typedef struct
{
  guint32 uidvalidity;
  GArray *source;
  GArray *destination;
  guint n_expunged;
} PinionImapCopied;

#define PINION_TYPE_IMAP_COPIED (pinion_imap_copied_get_type ())
GType             pinion_imap_copied_get_type (void);
PinionImapCopied *pinion_imap_copied_new      (void);
PinionImapCopied *pinion_imap_copied_copy     (const PinionImapCopied *self);
void              pinion_imap_copied_free     (PinionImapCopied *self);

/* STORE.  @answered: PinionImapUidFlags with the new @modseq of each message the server spoke of,
 * their flags being of no meaning.  @modified: had changed since and were left as they are. */
typedef struct
{
  GArray *answered;
  PinionUidSet *modified;
} PinionImapStored;

#define PINION_TYPE_IMAP_STORED (pinion_imap_stored_get_type ())
GType             pinion_imap_stored_get_type (void);
PinionImapStored *pinion_imap_stored_copy     (const PinionImapStored *self);
void              pinion_imap_stored_free     (PinionImapStored *self);

/* APPENDUID; both 0 where the server did not say. */
typedef struct
{
  guint32 uidvalidity;
  guint32 uid;
} PinionImapAppended;

#define PINION_TYPE_IMAP_APPENDED (pinion_imap_appended_get_type ())
GType               pinion_imap_appended_get_type (void);
PinionImapAppended *pinion_imap_appended_copy     (const PinionImapAppended *self);
void                pinion_imap_appended_free     (PinionImapAppended *self);

/* -- Changes seen in the selected mailbox --------------------------------------------------- */

typedef enum
{
  PINION_IMAP_CHANGE_EXISTS,   /* @number: how many there are now, more than before */
  PINION_IMAP_CHANGE_EXPUNGED, /* @number: the sequence number, 0 for VANISHED; @uid if known */
  PINION_IMAP_CHANGE_FLAGS,    /* @flags of @uid (0: only @number is known) */
  PINION_IMAP_CHANGE_RESYNC,   /* what was said does not add up, or too much to list: compare all */
} PinionImapChangeKind;

typedef struct
{
  PinionImapChangeKind kind;
  guint32 number;
  guint32 uid;
  PinionImapFlags flags;
  guint64 modseq;
} PinionImapChange;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapMailbox, pinion_imap_mailbox_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapStatus, pinion_imap_status_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapSelected, pinion_imap_selected_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapMessage, pinion_imap_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapResync, pinion_imap_resync_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapStored, pinion_imap_stored_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapCopied, pinion_imap_copied_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapAppended, pinion_imap_appended_free)

G_END_DECLS
