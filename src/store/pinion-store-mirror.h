/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sync tells the store about the server: messages, flags, what vanished, bodies.
 *
 * A message is one row an account, known by its key: Message-ID with date and sender (so that a
 * re-used id hides nothing), or date, sender, subject and size where there is no id.  Where it lies
 * is a placement; a placement's UID is 0 here until the server told it.
 *
 * Rules:
 * - \Seen and \Flagged agree on all copies: shown is what the person wants; a change by the server
 *   is followed unless an operation on that flag is pending; other copies get an operation.
 * - A placement the server marked \Deleted is not shown.
 * - A message without placements is shown nowhere, and kept, file and all, until
 *   pinion_store_messages_collect(): a move by another client is a vanishing and an arrival. */

#pragma once

#include "pinion-account.h"
#include "pinion-store.h"

G_BEGIN_DECLS

/* RFC 3501 2.3.2; FORWARDED is the keyword $Forwarded. */
typedef enum
{
  PINION_FLAG_SEEN = 1 << 0,
  PINION_FLAG_ANSWERED = 1 << 1,
  PINION_FLAG_FLAGGED = 1 << 2,
  PINION_FLAG_DELETED = 1 << 3,
  PINION_FLAG_DRAFT = 1 << 4,
  PINION_FLAG_FORWARDED = 1 << 5,
} PinionFlags;

/* What a message is recognised and threaded by, made beforehand: see pinion-store-keys.h.
 * @message_id: normalised, %NULL if there is none. */
typedef struct
{
  const char *message_id;
  gint64 key;
  guint n_references;
  gint64 references[];
} PinionStoreKeys;

/* The facts of a message's header, already decoded and cleaned for showing; everything is borrowed
 * and may be %NULL.
 * @message_id, @references (oldest first, In-Reply-To last): without <>.
 * @thread_key: the conversation part of Thread-Index, in any stable spelling.
 * @date: the Date header in seconds, 0 where there is none that can be read.
 * @to: the people it went to, as shown ("Ana, Bo Li").  @bulk: a list's or a bulk sender's.
 * @people: an opaque string of the caller's, kept as it is (all the addresses).
 * @keys: what pinion_store_keys_new() made of the rest, or %NULL: then it is made when it is needed. */
typedef struct
{
  const char *message_id;
  const char *const *references;
  const char *thread_key;
  gint64 date;
  const char *from_name;
  const char *from_address;
  const char *to;
  const char *subject;
  const char *snippet;
  const char *people;
  gboolean has_attachments;
  gboolean bulk;
  const PinionStoreKeys *keys;
} PinionStoreHeader;

/* One message of a folder as FETCH told it.  @received: INTERNALDATE in seconds, 0: see PinionStoreUndated.  @size:
 * RFC822.SIZE (an estimate on some servers).  Out: @id, the message's row; @is_new, whether it was
 * made now; @needs_body, whether its raw file is not here. */
typedef struct
{
  guint32 uid;
  PinionFlags flags;
  gint64 received;
  guint64 size;
  PinionStoreHeader header;

  gint64 id;
  gboolean is_new;
  gboolean needs_body;
} PinionStoreIncoming;

/* Takes in a batch (some 200) of one folder.  What is known by its key gets a placement; a local
 * placement still without UID is adopted, and the operation that made it is done; a UID that is
 * known already only gets its flags. */
void pinion_store_messages_add (PinionStoreSession  *session,
                                gint64               folder_id,
                                PinionStoreIncoming *incoming,
                                guint                n_incoming);

/* A placement as the server last told it. */
typedef struct
{
  guint32 uid;
  PinionFlags flags;
  gint64 message_id;
} PinionStorePlacement;

/* Returns: (transfer full): PinionStorePlacement by ascending UID, of those with a UID (also those
 * the person has moved away and the server not yet). */
GArray *pinion_store_placements_list (PinionStoreSession *session,
                                      gint64              folder_id);

/* The message that lies there, or 0. */
gint64 pinion_store_placement_find (PinionStoreSession *session,
                                    gint64              folder_id,
                                    guint32             uid);

typedef struct
{
  guint32 uid;
  PinionFlags flags;
} PinionStoreFlagChange;

/* After all folders of the account were compared: what a person did to flags, and the server had before
 * @before (microseconds), need not be remembered for copies that turn up. */
void pinion_store_flag_acts_forget (PinionStoreSession *session,
                                    gint64              account_id,
                                    gint64              before);

/* The server's flags are now these; unknown UIDs are passed over, unchanged ones cost nothing. */
void pinion_store_flags_changed (PinionStoreSession          *session,
                                 gint64                       folder_id,
                                 const PinionStoreFlagChange *changes,
                                 guint                        n_changes);

/* These UIDs are no more.  What was to be removed is done; a flag, copy or move that was to start
 * from there waits for the message to turn up elsewhere. */
void pinion_store_vanished (PinionStoreSession *session,
                            gint64              folder_id,
                            const guint32      *uids,
                            guint               n_uids);

/* Whether the folder has local placements whose UID is not known (yet). */
gboolean pinion_store_placements_are_unsettled (PinionStoreSession *session,
                                                gint64              folder_id);

/* After a folder was compared as a whole: local placements (UID unknown) with no operation pending,
 * made before @before (seconds), are not on the server; drops them. */
void pinion_store_placements_prune (PinionStoreSession *session,
                                    gint64              folder_id,
                                    gint64              before);

/* After all folders of the account were compared: forgets the messages that lie nowhere since
 * before @before (seconds), gives up the operations that waited for them.  Drafts and the outbox
 * stay; but a draft whose copy another program took from the server goes with it, see
 * pinion-store-drafts.h.  Returns: how many were forgotten. */
guint pinion_store_messages_collect (PinionStoreSession *session,
                                     gint64              account_id,
                                     gint64              before);

/* Another history range, which begins at @start (seconds, G_MININT64: everything).  What was received
 * before that is let go of by pinion_store_history_let_go(), if anything is; the rest is for sync
 * to fetch. */
void pinion_store_history_set (PinionStoreSession *session,
                               gint64              account_id,
                               PinionHistory       history,
                               gint64              start);

/* The next part of what pinion_store_history_set() left to do.  Returns: as
 * pinion_store_history_trim() does. */
guint pinion_store_history_let_go (PinionStoreSession *session,
                                   gint64              account_id,
                                   guint               limit);

/* The history range was narrowed: forgets at most @limit of the messages received before @start;
 * what operations, drafts or the outbox need stays.  Nothing happens on the server.
 * Returns: how many were forgotten; fewer than @limit: all done. */
guint pinion_store_history_trim (PinionStoreSession *session,
                                 gint64              account_id,
                                 gint64              start,
                                 guint               limit);

/* -- Dates ------------------------------------------------------------------------------------- */

/* A message that was taken in before it was known when it came (@received 0 of PinionStoreIncoming), where it
 * can be asked for.  @received: seconds, INTERNALDATE. */
typedef struct
{
  gint64 message_id;
  gint64 folder_id;
  guint32 uid;
  gint64 received;
} PinionStoreUndated;

/* Those of the account, @received still 0, by folder; a message that lies in several has several.  Until they are
 * settled they are not let go of when the history range gets narrower.
 * Returns: (transfer full): of PinionStoreUndated */
GArray *pinion_store_undated_list (PinionStoreSession *session,
                                   gint64              account_id);

/* Where @received is 0 the server does not know either: then it is what the sender says.  A message that is dated
 * already stays as it is. */
void pinion_store_undated_settle (PinionStoreSession       *session,
                                  const PinionStoreUndated *undated,
                                  guint                     n_undated);

/* -- Bodies ------------------------------------------------------------------------------------ */

typedef struct
{
  gint64 message_id;
  gint64 folder_id;
  guint32 uid;
  guint64 size;
} PinionStoreWanted;

/* Messages whose raw file is not here, newest first, each with one placement to fetch it from.
 * @folder_id: 0 for all.  Returns: (transfer full): PinionStoreWanted */
GArray *pinion_store_bodies_wanted (PinionStoreSession *session,
                                    gint64              account_id,
                                    gint64              folder_id,
                                    guint               limit);

/* The same for one message; %FALSE if it lies nowhere with a UID. */
gboolean pinion_store_body_locate (PinionStoreSession *session,
                                   gint64              message_id,
                                   PinionStoreWanted  *wanted);

/* What parsing the raw message told; borrowed. */
typedef struct
{
  const char *snippet;
  gboolean has_attachments;
} PinionStoreBodyFacts;

/* @path: a whole raw message in a file of pinion_store_dup_temp_path(); it is renamed into place.
 * @facts: (nullable) */
void pinion_store_body_arrived (PinionStoreSession         *session,
                                gint64                      message_id,
                                const char                 *path,
                                const PinionStoreBodyFacts *facts);

/* The server cannot hand it out; not wanted again until pinion_store_body_forget() or
 * pinion_store_bodies_retry(). */
void pinion_store_body_unavailable (PinionStoreSession *session,
                                    gint64              message_id);

/* What the account's server did not hand out may be had now: bodies are wanted again.  Where its notice
 * stands for the whole message ("Retrieval using the IMAP4 protocol failed for ..."), the notice's
 * place is forgotten, so that the header is fetched again, too. */
void pinion_store_bodies_retry (PinionStoreSession *session,
                                gint64              account_id);

/* The file was found missing or short, or the person asks again: it is wanted again. */
void pinion_store_body_forget (PinionStoreSession *session,
                               gint64              message_id);

typedef struct
{
  gint64 messages;
  gint64 bodies_here;
  gint64 bodies_wanted;
  gint64 bodies_unavailable;
} PinionStoreProgress;

void pinion_store_get_progress (PinionStoreSession  *session,
                                gint64               account_id,
                                PinionStoreProgress *progress);

G_END_DECLS
