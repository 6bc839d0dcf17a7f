/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the conversation list, and the lazy list of them.
 *
 *   PinionConversationList (GListModel)
 *     ids of the whole view, newest first: an array of 64-bit numbers, never rows
 *     └─ a cache of some hundred PinionConversation, filled in batches off the main thread
 *
 * get_item() answers at once; a conversation whose facts are still on their way has "loaded" FALSE
 * and notifies when they are there.  Main thread only. */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "pinion-search-query.h"
#include "pinion-view.h"

G_BEGIN_DECLS

typedef struct _PinionEngine PinionEngine;

#define PINION_TYPE_CONVERSATION (pinion_conversation_get_type ())
G_DECLARE_FINAL_TYPE (PinionConversation, pinion_conversation, PINION, CONVERSATION, GObject)

/* Properties: "id" (int64), "loaded", "unread", "starred", "attachments" (boolean), "subject",
 * "senders" ("Ana, me (4)"), "snippet" (string), "date" (int64, seconds), "count" (uint, messages),
 * "changed" (a signal of the same name is emitted when anything but id changed). */
gint64      pinion_conversation_get_id          (PinionConversation *self);
gboolean    pinion_conversation_get_loaded      (PinionConversation *self);
const char *pinion_conversation_get_subject     (PinionConversation *self);
const char *pinion_conversation_get_senders     (PinionConversation *self);
const char *pinion_conversation_get_snippet     (PinionConversation *self);
gint64      pinion_conversation_get_date        (PinionConversation *self);
gboolean    pinion_conversation_get_unread      (PinionConversation *self);
gboolean    pinion_conversation_get_starred     (PinionConversation *self);
gboolean    pinion_conversation_get_attachments (PinionConversation *self);
guint       pinion_conversation_get_count       (PinionConversation *self);

/* Why it is not "loaded" and will not be soon.  Returns: (nullable) */
const GError *pinion_conversation_get_error (PinionConversation *self);

/* What a search found of it that its subject and the beginning of its text do not say, which is the snippet
 * then.  Returns: (nullable), borrowed */
const char *pinion_conversation_get_excerpt (PinionConversation *self);

/* What the snippet is of: BODY, or FILE_NAME where a search found an attachment by its name. */
PinionSearchField pinion_conversation_get_snippet_field (PinionConversation *self);

/* When it comes back to the Inbox, 0 where it is not put off; and when it did come back, or 0. */
gint64 pinion_conversation_get_snoozed_until (PinionConversation *self);
gint64 pinion_conversation_get_snoozed_back  (PinionConversation *self);

/* Everybody as "Name <address>", oldest first.  Returns: (transfer full) */
GStrv pinion_conversation_dup_people (PinionConversation *self);

/* Whom it was written to last, in the label that is shown: "Ana, Bo (2)"; empty where to nobody. */
const char *pinion_conversation_get_recipients (PinionConversation *self);

/* Whether nobody else has written in it. */
gboolean pinion_conversation_is_from_me (PinionConversation *self);

/* Whether a draft belongs to it, which need not be among its messages. */
gboolean pinion_conversation_has_draft (PinionConversation *self);

/* The first recipient's name, for an avatar; empty where there is none.  Borrowed, never %NULL. */
const char *pinion_conversation_get_recipient (PinionConversation *self);

/* The first sender's name, for an avatar.  Borrowed, never %NULL. */
const char *pinion_conversation_get_avatar_name (PinionConversation *self);

/* Ids of the labels it carries.  Borrowed: @n_labels of them. */
const gint64 *pinion_conversation_get_labels (PinionConversation *self,
                                              guint              *n_labels);

/* Ids of its messages, oldest first.  Borrowed. */
const gint64 *pinion_conversation_get_messages (PinionConversation *self,
                                                guint              *n_messages);

#define PINION_TYPE_CONVERSATION_LIST (pinion_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (PinionConversationList, pinion_conversation_list, PINION, CONVERSATION_LIST,
                      GObject)

/* A GListModel of PinionConversation that follows the store by itself.  Property "loading": TRUE
 * until the ids are here for the first time.  Returns: (transfer full) */
PinionConversationList *pinion_conversation_list_new (PinionEngine     *engine,
                                                      const PinionView *view);

/* It follows the store no more: from now on it stays as it is. */
void pinion_conversation_list_stop (PinionConversationList *self);

const PinionView *pinion_conversation_list_get_view    (PinionConversationList *self);
gboolean          pinion_conversation_list_get_loading (PinionConversationList *self);

/* Why it could not be read (again); what it holds is what it held before.  A search fails in silence: it
 * is done again as soon as it can be.  "loading" is notified when it comes or goes.
 * Returns: (nullable) */
const GError *pinion_conversation_list_get_error  (PinionConversationList *self);
void          pinion_conversation_list_read_again (PinionConversationList *self);

/* Of the row at @position; 0 where there is none. */
gint64 pinion_conversation_list_get_id (PinionConversationList *self,
                                        guint                   position);

/* Where those of @ids (gint64) are that are in the list, ascending.  Linear in both.
 * Returns: (transfer full): guint */
GArray *pinion_conversation_list_find_all (PinionConversationList *self,
                                           GArray                 *ids);

/* The conversations of the section by date (see pinion-date-runs.h) that @position is in: from @start
 * (out) to before @end (out).  The signal "sections-changed" says that they are others, without other
 * conversations.  Returns: the section, 0 for a list without. */
int pinion_conversation_list_get_section (PinionConversationList *self,
                                          guint                   position,
                                          guint                  *start,
                                          guint                  *end);

/* It is another day; or weeks begin on another one (1: Monday, the default). */
void pinion_conversation_list_update_sections (PinionConversationList *self,
                                               int                     first_weekday);

/* @ids are being acted on and will not be in the list any more: they leave it at once.  They stay
 * away until pinion_conversation_list_settle() and the reading after that, which tells what is
 * true. */
void pinion_conversation_list_leave (PinionConversationList *self,
                                     const gint64           *ids,
                                     guint                   n_ids);
/* The act is in the store, or has failed. */
void pinion_conversation_list_settle (PinionConversationList *self,
                                      const gint64           *ids,
                                      guint                   n_ids);

/* The rows of @ids show already what an act will make of them.  @unread, @starred: 0 or 1, -1 for as
 * it is. */
void pinion_conversation_list_expect (PinionConversationList *self,
                                      const gint64           *ids,
                                      guint                   n_ids,
                                      int                     unread,
                                      int                     starred);

/* The row of conversation @id, or GTK_INVALID_LIST_POSITION (G_MAXUINT). */
guint pinion_conversation_list_find (PinionConversationList *self,
                                     gint64                  id);

G_END_DECLS
