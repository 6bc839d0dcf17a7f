/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Full-text search: DIR/search.db, beside the store and made from it.
 *
 * It holds nothing that cannot be made again: on any error, and when its version changes, it is
 * removed and built anew.  What is still to be indexed stands in a table of the store itself
 * (pinion-store-search-queue.c), written in the very transaction that changed the message; so a
 * kill at any moment loses nothing, and the index follows whatever changes.
 *
 * Indexed are people, subject, text and names of files.  Labels, flags, dates and sizes come from
 * the store when it is asked.
 *
 * Who fills it takes documents with pinion_store_search_next(), adds what only the message's file
 * tells, and gives them back to pinion_store_search_put().  One process at a time does (a lock);
 * reading needs no lock.  All functions: any thread; the work is done on threads of its own. */

#pragma once

#include "pinion-search-query.h"
#include "pinion-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PINION_TYPE_STORE_SEARCH (pinion_store_search_get_type ())
G_DECLARE_FINAL_TYPE (PinionStoreSearch, pinion_store_search, PINION, STORE_SEARCH, GObject)

/* Opens nothing yet.  The object keeps @store.  Returns: (transfer full) */
PinionStoreSearch *pinion_store_search_new (PinionStore *store);

/* -- Filling ----------------------------------------------------------------------------------- */

/* A name with its address; either may be "". */
typedef struct
{
  char *name;
  char *address;
} PinionStorePerson;

/* A message to be indexed.  @is_gone: it is no more, and leaves the index.  @body_path: (nullable)
 * its raw file.  @people: PinionStorePerson, to be suggested.
 *
 * The header's part is filled in; whoever has read @body_path replaces it by better, and sets
 * @copies (Cc), @blind (Bcc), @body and @files (names of attachments).  Texts may be %NULL; of
 * @body only the first PINION_STORE_DOCUMENT_BODY bytes are indexed.  @words: for the index itself. */
typedef struct
{
  gint64 message;
  gint64 stamp;
  gint64 date;
  gboolean is_gone;
  gboolean is_poison;
  char *body_path;

  char *sender;
  char *recipients;
  char *copies;
  char *blind;
  char *subject;
  char *body;
  char *words;
  char *files;
  GPtrArray *people;
} PinionStoreDocument;

#define PINION_STORE_DOCUMENT_BODY (512 * 1024)

PinionStoreDocument *pinion_store_document_new  (gint64 message);
void                 pinion_store_document_free (PinionStoreDocument *self);
void                 pinion_store_document_add_person (PinionStoreDocument *self,
                                                       const char          *name,
                                                       const char          *address);

/* Does with @body, which is %NULL then, what putting it would have to do first: on this thread, while
 * others are put. */
void pinion_store_document_take_apart (PinionStoreDocument *self);

/* At most @limit of what is to be indexed, whose bodies are here first.  Messages without their
 * body are left for some seconds, as it is probably on its way; with @everything they are not.
 * Resolves to a GPtrArray (boxed) of PinionStoreDocument; empty: nothing is left now.  Rejects with
 * PINION_ERROR_BUSY while another process fills the index. */
DexFuture *pinion_store_search_next (PinionStoreSearch *self,
                                     guint              limit,
                                     gboolean           everything);

/* Around the reading of a document's file, which is a stranger's work: a message over which the
 * program ended again and again is not read any more.  One thread at a time.  Returns: whether to
 * read it; else what the store knows is indexed, and @is_poison of the document tells all others who
 * would read it without being asked to. */
gboolean pinion_store_search_begin_reading (PinionStore *store,
                                            gint64       message);
void     pinion_store_search_end_reading   (PinionStore *store);

/* Indexes @documents in one transaction, and then takes them from the queue.  What changed in the
 * meantime stays in it.  Resolves to TRUE. */
DexFuture *pinion_store_search_put (PinionStoreSearch *self,
                                    GPtrArray         *documents);

/* How many messages wait to be indexed.  Resolves to an int64. */
DexFuture *pinion_store_search_count_waiting (PinionStoreSearch *self);

/* The same in a session. */
gint64 pinion_store_search_get_waiting (PinionStoreSession *session);

/* The index turned out to be unusable, or to hold what it must not: the next
 * pinion_store_search_next() makes it anew.  Returns: whether there is one */
gboolean pinion_store_search_discard (PinionStoreSearch *self);

/* When the oldest message that is here was received, in seconds; 0 where there is none.
 * @account_id: 0 for all. */
gint64 pinion_store_get_oldest (PinionStoreSession *session,
                                gint64              account_id);

/* -- Asking ------------------------------------------------------------------------------------ */

typedef enum
{
  PINION_STORE_SEARCH_BY_DATE,
  PINION_STORE_SEARCH_BY_RELEVANCE,
} PinionStoreSearchOrder;

/* A conversation that was found, by its newest (by relevance: its best) message. */
typedef struct
{
  gint64 thread_id;
  gint64 message_id;
  gint64 date;
  double score;
} PinionStoreHit;

/* Everything that is shown somewhere, Trash, Junk and drafts included.  @limit: conversations, 0
 * for all.  By relevance only the newest few thousand messages found are weighed.  @cancellable:
 * (nullable).  Resolves to a GArray (boxed) of PinionStoreHit, each conversation once; rejects with
 * PINION_ERROR_CANCELLED, with PINION_ERROR_BUSY while the index is being made, or with
 * PINION_ERROR_STORE_BROKEN where there is no usable one, which the next pinion_store_search_next()
 * makes anew; until then everything counts as waiting. */
DexFuture *pinion_store_search_find (PinionStoreSearch     *self,
                                     PinionSearchQuery     *query,
                                     PinionStoreSearchOrder order,
                                     guint                  limit,
                                     GCancellable          *cancellable);

/* The rows of what was found, as pinion_store_conversations_get() gives them: all of each
 * conversation outside Trash, Junk and drafts, and where the message that was found lies in one of
 * these, what lies there too.  Returns: (transfer full): (nullable) PinionStoreConversation for
 * each hit. */
GPtrArray *pinion_store_conversations_get_hits (PinionStoreSession   *session,
                                                const PinionStoreHit *hits,
                                                guint                 n_hits);

/* People by the beginnings of their names or addresses, whom there is most mail of first.  Resolves
 * to a GPtrArray (boxed) of PinionStorePerson; empty where there is no index. */
DexFuture *pinion_store_search_people (PinionStoreSearch *self,
                                       const char        *text,
                                       guint              limit);

void pinion_store_person_free (PinionStorePerson *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStoreDocument, pinion_store_document_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStorePerson, pinion_store_person_free)

G_END_DECLS
