/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window and the command line read: lists of conversations, their rows, their messages.
 *
 * A view is a folder or one of the virtual ones.  A conversation lies in a view by its messages
 * there, and is sorted by the newest of those, then by id.  All Mail and Starred leave out Trash,
 * Junk and drafts.  The ids of views are those of PinionStoreChanges.views. */

#pragma once

#include "pinion-store.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_STORE_VIEW_FOLDER,
  PINION_STORE_VIEW_INBOX,
  PINION_STORE_VIEW_ALL,
  PINION_STORE_VIEW_STARRED,
  PINION_STORE_VIEW_DRAFTS,
  PINION_STORE_VIEW_SNOOZED, /* the first to come back first */
} PinionStoreViewKind;

/* @id: of the folder for a FOLDER; else of the account, 0 for all of them. */
typedef struct
{
  PinionStoreViewKind kind;
  gint64 id;
} PinionStoreView;

/* Whether @changes touch the list or the counts of @view. */
gboolean pinion_store_view_is_changed (PinionStoreSession *session,
                                       PinionStoreView     view,
                                       PinionStoreChanges *changes);

/* Returns: (transfer full): gint64 thread ids, newest first. */
GArray *pinion_store_view_list (PinionStoreSession *session,
                                PinionStoreView     view);

typedef struct
{
  gint64 date;
  gint64 thread_id;
} PinionStoreCursor;

/* One page.  @before: (nullable) only what comes after this place in the list.
 * Returns: (transfer full): PinionStoreCursor, newest first; the last one is the next @before. */
GArray *pinion_store_view_page (PinionStoreSession      *session,
                                PinionStoreView          view,
                                const PinionStoreCursor *before,
                                guint                    limit);

typedef struct
{
  gint64 threads;
  gint64 messages;
  gint64 unread;
} PinionStoreCounts;

void pinion_store_view_get_counts (PinionStoreSession *session,
                                   PinionStoreView     view,
                                   PinionStoreCounts  *counts);

/* -- Conversations ----------------------------------------------------------------------------- */

/* @name: never empty (the address where there is no name). */
typedef struct
{
  char *name;
  char *address;
  gboolean is_me;
  gboolean unread;
} PinionStoreSender;

/* A row of a list.  The messages are those of the conversation outside Trash, Junk and drafts; in
 * a view of Trash, Junk or drafts those that lie in it.  @date: of the newest message in the view.
 * @subject: of the oldest.  @snippet: of the newest.  @senders: PinionStoreSender, each person
 * once, oldest first.  @to: whom the newest message went to, of those that lie in the folder where the
 * view is one ("Ana, Bo Li").  @messages: gint64 ids, oldest first.  @folders: gint64 ids of the
 * folders they lie in, ascending.  @has_draft: a draft belongs to it, shown in the view or not.
 * @snoozed_until: when it comes back to the Inbox, 0 where it is not put off.  @snoozed_back: when it
 * came back, or 0.  Immutable. */
typedef struct
{
  gint64 thread_id;
  gint64 account_id;
  gint64 date;
  char *subject;
  char *snippet;
  GPtrArray *senders;
  char *to;
  gboolean unread;
  gboolean starred;
  gboolean has_attachments;
  gboolean has_draft;
  gint64 snoozed_until;
  gint64 snoozed_back;
  GArray *messages;
  GArray *folders;
} PinionStoreConversation;

#define PINION_TYPE_STORE_CONVERSATION (pinion_store_conversation_get_type ())
GType pinion_store_conversation_get_type (void);

PinionStoreConversation *pinion_store_conversation_ref   (PinionStoreConversation *self);
void                     pinion_store_conversation_unref (PinionStoreConversation *self);

/* @threads: ids.  Returns: (transfer full): (nullable) PinionStoreConversation for each, in this
 * order; %NULL for those that are not in @view (any more). */
GPtrArray *pinion_store_conversations_get (PinionStoreSession *session,
                                           PinionStoreView     view,
                                           const gint64       *threads,
                                           guint               n_threads);

/* -- Messages ---------------------------------------------------------------------------------- */

typedef enum
{
  PINION_STORE_BODY_WANTED,
  PINION_STORE_BODY_HERE,
  PINION_STORE_BODY_UNAVAILABLE,
} PinionStoreBodyState;

/* @message_id_header: (nullable) without <>.  @date: the Date header where it is believable, else
 * when it was received.  @folders: gint64 ids of the folders it is shown in, ascending.
 * @body_path: (nullable) the raw file where it is HERE (verify with pinion_store_body_is_whole()).
 * @body_size: its bytes. @poison: the program died over it: open only when the person asks.
 * @outbox: its outbox id or 0. @reply_to: of drafts, the message it answers or 0.  Immutable. */
typedef struct
{
  gint64 id;
  gint64 account_id;
  gint64 thread_id;
  char *message_id_header;
  gint64 date;
  gint64 received;
  char *from_name;
  char *from_address;
  gboolean is_me;
  char *to;
  char *subject;
  char *snippet;
  char *people;
  guint64 size;
  gboolean has_attachments;
  gboolean seen;
  gboolean flagged;
  gboolean answered;
  gboolean forwarded;
  gboolean draft;
  gboolean local_draft;
  gboolean bulk;
  gboolean poison;
  GArray *folders;
  gint64 outbox;
  gint64 reply_to;
  PinionStoreBodyState body_state;
  char *body_path;
  guint64 body_size;
} PinionStoreMessage;

#define PINION_TYPE_STORE_MESSAGE (pinion_store_message_get_type ())
GType pinion_store_message_get_type (void);

PinionStoreMessage *pinion_store_message_ref   (PinionStoreMessage *self);
void                pinion_store_message_unref (PinionStoreMessage *self);

/* Returns: (transfer full) (nullable) */
PinionStoreMessage *pinion_store_message_get (PinionStoreSession *session,
                                              gint64              id);

/* The account's message with this Message-ID, or 0. */
gint64 pinion_store_message_find (PinionStoreSession *session,
                                  gint64              account,
                                  const char         *message_id);

/* All of the conversation that can be shown (drafts and the outbox too), oldest first; those only
 * in Trash or Junk just when @view is of that folder, where they are all there is. Returns:
 * (transfer full): PinionStoreMessage */
GPtrArray *pinion_store_thread_list (PinionStoreSession *session,
                                     PinionStoreView     view,
                                     gint64              thread_id);

/* Whether the raw file is there with all its bytes; any thread, blocks for a moment.  If not, see
 * pinion_store_body_forget(). */
gboolean pinion_store_body_is_whole (PinionStoreMessage *message);

/* Poison mail: mark before a message is parsed or drawn, clear after.  What is still marked when
 * the store is next opened is @poison; asking for it anyway and coming back clears that. */
void pinion_store_message_opening (PinionStoreSession *session,
                                   gint64              id);
void pinion_store_message_opened  (PinionStoreSession *session,
                                   gint64              id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreConversation, pinion_store_conversation_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreMessage, pinion_store_message_unref)

G_END_DECLS
