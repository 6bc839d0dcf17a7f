/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One signed-in IMAP connection (RFC 3501, 9051, 2177, 4315, 6851, 7162).
 *
 * Commands may be given at any time from any fiber of the connection's thread; they are sent in
 * that order, as many at once as is safe, and each future settles on its own.  A sleeping IDLE
 * is ended by the next command.  What the server says without being asked is never lost: it is
 * applied to the state here and put into the list of changes.
 *
 * Everything belongs to the thread whose scheduler made the connection.  All futures reject with
 * PINION_ERROR; "server-text" holds the server's own words.  Dropping a future abandons the
 * command: unsent it is forgotten, sent its answer is only applied to the state. After
 * PINION_ERROR_CONNECTION_LOST, _TIMED_OUT, _PROTOCOL or _TOO_LARGE the connection is closed;
 * every other error leaves it usable (ask pinion_imap_connection_is_closed()).
 *
 * Nothing that was not advertised is ever sent; UID sets are split so that a command line stays
 * below 8,000 bytes. */

#pragma once

#include <libdex.h>

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-imap-capability.h"
#include "pinion-imap-mailbox.h"
#include "pinion-imap-quirks.h"
#include "pinion-imap-search.h"
#include "pinion-imap-uid-set.h"
#include "pinion-secret.h"

G_BEGIN_DECLS

#define PINION_TYPE_IMAP_CONNECTION (pinion_imap_connection_get_type ())
G_DECLARE_FINAL_TYPE (PinionImapConnection,
                      pinion_imap_connection,
                      PINION,
                      IMAP_CONNECTION,
                      GObject)

/* -- Connecting ----------------------------------------------------------------------------- */

/* Connects, encrypts, signs in and proves it.  @secret: (nullable) with a ticket.  @ca_pem:
 * (nullable).  @sink: (nullable), is told the stages RESOLVE to SIGN_IN, again for each mechanism
 * where one fails.  "attempts" of an error: how many times it was tried, where that is not once.
 * Resolves to a PinionImapConnection. */
DexFuture *pinion_imap_connect (const PinionServer *server,
                                PinionSecret       *secret,
                                const char         *ca_pem,
                                PinionStageSink    *sink);

/* Connects, opens the inbox without changing it, lists the mailboxes and signs off; all stages are
 * reported.  Resolves to a GPtrArray of PinionImapMailbox. */
DexFuture *pinion_imap_verify (const PinionServer *server,
                               PinionSecret       *secret,
                               const char         *ca_pem,
                               PinionStageSink    *sink);

/* Says goodbye, waits at most some seconds for the answer, closes.  Resolves to TRUE, always. */
DexFuture *pinion_imap_connection_logout (PinionImapConnection *self);

/* Closes at once; all futures reject with PINION_ERROR_CANCELLED. */
void pinion_imap_connection_close (PinionImapConnection *self);

gboolean pinion_imap_connection_is_closed (PinionImapConnection *self);

/* Settles when the connection ends: rejects with the reason. */
DexFuture *pinion_imap_connection_closed (PinionImapConnection *self);

/* -- What is known -------------------------------------------------------------------------- */

gboolean pinion_imap_connection_has (PinionImapConnection *self,
                                     PinionImapCapability  capability);

/* What the server calls itself (RFC 2971), cleaned for people; %NULL where it does not say.
 * Borrowed. */
const char *pinion_imap_connection_get_server_name (PinionImapConnection *self);

/* In what the server is known to be odd. */
PinionImapQuirks pinion_imap_connection_get_quirks (PinionImapConnection *self);

/* The selected mailbox as it is now; %NULL where none is.  Borrowed until the next await. */
const PinionImapSelected *pinion_imap_connection_get_selected (PinionImapConnection *self);

/* Takes the list of what changed in the selected mailbox since the last call, oldest first;
 * selecting empties it.  Returns: (transfer full) (element-type PinionImapChange) */
GArray *pinion_imap_connection_take_changes (PinionImapConnection *self);

/* Responses that could not be understood and were skipped. */
guint pinion_imap_connection_get_n_malformed (PinionImapConnection *self);

/* -- Mailboxes ------------------------------------------------------------------------------ */

/* All mailboxes, each name once.  Resolves to a GPtrArray of PinionImapMailbox. */
DexFuture *pinion_imap_connection_list (PinionImapConnection *self);

/* The same with the "status" of each that can be opened, in one round trip, where the server can do
 * that (RFC 5819); elsewhere it is %NULL, and pinion_imap_connection_status() has to be asked. */
DexFuture *pinion_imap_connection_list_with_status (PinionImapConnection *self);

/* Not for the selected mailbox.  Resolves to a PinionImapStatus. */
DexFuture *pinion_imap_connection_status (PinionImapConnection *self,
                                          const char           *raw_name);

/* Resolves to a PinionImapSelected (a copy).  On failure no mailbox is selected. */
DexFuture *pinion_imap_connection_select (PinionImapConnection *self,
                                          const char           *raw_name,
                                          gboolean              read_only);

/* The same where the mailbox is known from before: asks for what changed since in the quickest way
 * there is.  With QRESYNC enabled all of it comes with the opening; with CONDSTORE flags and new
 * messages are fetched; otherwise, and where @known is of another time, it is only opened.
 * @known: copied.  Resolves to a PinionImapResync, whose "kind" says how much is known then. */
DexFuture *pinion_imap_connection_select_known (PinionImapConnection  *self,
                                                const char            *raw_name,
                                                gboolean               read_only,
                                                const PinionImapKnown *known);

/* Leaves the selected mailbox without expunging anything.  Resolves to TRUE. */
DexFuture *pinion_imap_connection_unselect (PinionImapConnection *self);

/* Resolves to TRUE; rejects with PINION_ERROR_REFUSED where it exists in another case. */
DexFuture *pinion_imap_connection_create (PinionImapConnection *self,
                                          const char           *raw_name);

/* The same, and the server is told what for, where it wants to know (RFC 6154, 3).  A use that it
 * does not grant is PINION_ERROR_REFUSED: create it without. */
DexFuture *pinion_imap_connection_create_for_use (PinionImapConnection *self,
                                                  const char           *raw_name,
                                                  PinionImapUse         use);

/* With everything below it (RFC 3501, 6.3.5), and without what is in it moving.  A mailbox that is
 * selected is left before.  The inbox is PINION_ERROR_INVALID_ARGUMENT.  Resolves to TRUE. */
DexFuture *pinion_imap_connection_rename (PinionImapConnection *self,
                                          const char           *raw_name,
                                          const char           *new_raw_name);

/* With all messages in it, and on Exchange with what is below it. Otherwise as renaming. */
DexFuture *pinion_imap_connection_delete (PinionImapConnection *self,
                                          const char           *raw_name);

/* SUBSCRIBE or UNSUBSCRIBE.  Resolves to TRUE. */
DexFuture *pinion_imap_connection_subscribe (PinionImapConnection *self,
                                             const char           *raw_name,
                                             gboolean              subscribed);

/* -- Messages of the selected mailbox ------------------------------------------------------- */

/* Resolves to a GArray of PinionImapUidFlags, ascending, each UID once. */
DexFuture *pinion_imap_connection_fetch_flags (PinionImapConnection *self,
                                               PinionUidSet         *uids);

/* The same with far fewer bytes for a large mailbox: only the flags Pinion knows and the mailbox
 * keeps, as they were within some moments, and no modification sequences.  For servers without
 * CONDSTORE. */
DexFuture *pinion_imap_connection_scan_flags (PinionImapConnection *self,
                                              PinionUidSet         *uids);

/* Those of @uids whose flags changed, or that came, since the modification sequence @since, and
 * with QRESYNC those that are gone (RFC 7162, 3.1.4.1 and 3.2.6).  Only where the selected mailbox
 * has modification sequences ("highestmodseq" is not 0), else PINION_ERROR_REFUSED and nothing
 * sent. Resolves to a PinionImapResync. */
DexFuture *pinion_imap_connection_fetch_changes (PinionImapConnection *self,
                                                 PinionUidSet         *uids,
                                                 guint64               since);

/* What is asked for with a header beside UID, flags and size.  STRUCTURE: the attachment mark, for which the
 * server has to read the message.  DATE: when it came, for which some servers have to look at its file. */
typedef enum
{
  PINION_IMAP_HEADERS_STRUCTURE = 1 << 0,
  PINION_IMAP_HEADERS_DATE = 1 << 1,
  PINION_IMAP_HEADERS_ALL = PINION_IMAP_HEADERS_STRUCTURE | PINION_IMAP_HEADERS_DATE,
} PinionImapHeaders;

/* UID, flags, size and header of each message, and what @wanted says.  @fields: (nullable) names of header
 * fields with blanks between ("FROM TO SUBJECT"); %NULL for the whole header.  Where answers were not
 * understood, what is missing is asked for once more, without its structure.
 * Resolves to a GPtrArray of PinionImapMessage, in the order they came, which may be taken out of it. */
DexFuture *pinion_imap_connection_fetch_headers (PinionImapConnection *self,
                                                 PinionUidSet         *uids,
                                                 const char           *fields,
                                                 PinionImapHeaders     wanted);

/* When a message came (INTERNALDATE), in seconds; %G_MININT64 where that cannot be read. */
typedef struct
{
  guint32 uid;
  gint64 date;
} PinionImapUidDate;

/* Resolves to a GArray of PinionImapUidDate, in the order they came, of those that the server answered for. */
DexFuture *pinion_imap_connection_fetch_dates (PinionImapConnection *self,
                                               PinionUidSet         *uids);

/* Called on the connection's fiber for each complete message, in the order they come.  @message:
 * (transfer full).  Returns: (transfer full) (nullable), a future that must settle before more is
 * read from the network, which bounds what is in flight; a rejection ends the fetch with that
 * error.  It must not wait for anything else of this connection. */
typedef DexFuture *(*PinionImapMessageFunc) (PinionImapMessage *message,
                                             gpointer           user_data);

/* Fetches whole messages (UID and body alone) with few commands and without marking them
 * as read.  Bodies above 32 KiB are written to new files in @directory.  @destroy is called when
 * the last call of @func is over.  Resolves to a PinionUidSet of those that came; what is missing
 * from it the server does not give (Exchange answers OK and nothing for a broken item).
 * Rejects with PINION_ERROR_DISK_FULL or _STORE_FAILED where a file cannot be written. */
DexFuture *pinion_imap_connection_fetch_bodies (PinionImapConnection *self,
                                                PinionUidSet         *uids,
                                                const char           *directory,
                                                PinionImapMessageFunc func,
                                                gpointer              user_data,
                                                GDestroyNotify        destroy);

/* Adds or removes @flags; keywords the mailbox does not keep are left out, and where nothing is
 * left, nothing is sent.  Resolves to TRUE. */
DexFuture *pinion_imap_connection_store (PinionImapConnection *self,
                                         PinionUidSet         *uids,
                                         gboolean              add,
                                         PinionImapFlags       flags);

/* The same, but leaves those alone that changed after the modification sequence @unchanged_since,
 * if that is not 0 and the mailbox has any (RFC 7162, 3.1.3).  Resolves to a PinionImapStored. */
DexFuture *pinion_imap_connection_store_unchanged (PinionImapConnection *self,
                                                   PinionUidSet         *uids,
                                                   gboolean              add,
                                                   PinionImapFlags       flags,
                                                   guint64               unchanged_since);

/* Resolves to a PinionImapCopied.  PINION_ERROR_MAILBOX_NOT_OPENED where @raw_name is missing. */
DexFuture *pinion_imap_connection_copy (PinionImapConnection *self,
                                        PinionUidSet         *uids,
                                        const char           *raw_name);

/* Only where PINION_IMAP_CAPABILITY_MOVE is offered, else PINION_ERROR_REFUSED and nothing sent.
 * Resolves to a PinionImapCopied. */
DexFuture *pinion_imap_connection_move (PinionImapConnection *self,
                                        PinionUidSet         *uids,
                                        const char           *raw_name);

/* Removes @uids, which are flagged \Deleted, for good.  Without UIDPLUS only if no other message is
 * flagged so.  Resolves to TRUE if done, FALSE if left because of that or because none is
 * flagged. */
DexFuture *pinion_imap_connection_expunge (PinionImapConnection *self,
                                           PinionUidSet         *uids);

/* @search: (transfer full).  Resolves to a GArray of guint32 UIDs, ascending.  An answer that
 * cannot be understood is PINION_ERROR_REFUSED, never an empty list. */
DexFuture *pinion_imap_connection_search (PinionImapConnection *self,
                                          PinionImapSearch     *search);

/* The same as a PinionUidSet, which may name UIDs in between that are not there. */
DexFuture *pinion_imap_connection_search_set (PinionImapConnection *self,
                                              PinionImapSearch     *search);

/* The largest message the server takes in any mailbox, in bytes; 0 where it does not say (one
 * mailbox may have its own, see PinionImapStatus). */
guint64 pinion_imap_connection_get_append_limit (PinionImapConnection *self);

/* Puts a message (CRLF line ends) into @raw_name.  @internal_date: seconds, or %G_MININT64 for now.
 * Resolves to a PinionImapAppended.  PINION_ERROR_MESSAGE_TOO_LARGE (also, and nothing sent,
 * above the limit), _QUOTA, _MAILBOX_NOT_OPENED (missing). */
DexFuture *pinion_imap_connection_append (PinionImapConnection *self,
                                          const char           *raw_name,
                                          PinionImapFlags       flags,
                                          gint64                internal_date,
                                          GBytes               *message);
DexFuture *pinion_imap_connection_append_file (PinionImapConnection *self,
                                               const char           *raw_name,
                                               PinionImapFlags       flags,
                                               gint64                internal_date,
                                               const char           *path);

/* -- Waiting -------------------------------------------------------------------------------- */

/* Lets the server speak (RFC 3501, 6.1.2).  Resolves to TRUE. */
DexFuture *pinion_imap_connection_noop (PinionImapConnection *self);

/* Waits until something changes in the selected mailbox, pinion_imap_connection_wake() or another
 * command is given, or @limit seconds are over (at most 1500; 29 minutes is the server's limit).
 * Resolves to TRUE if the list of changes is not empty.  Where IDLE is not offered it rejects with
 * PINION_ERROR_REFUSED: use NOOP.  PINION_ERROR_CONNECTION_LOST where the server does not answer
 * DONE within 30 seconds. */
DexFuture *pinion_imap_connection_idle (PinionImapConnection *self,
                                        guint                 limit);

/* Ends a waiting IDLE, if there is one. */
void pinion_imap_connection_wake (PinionImapConnection *self);

G_END_DECLS
