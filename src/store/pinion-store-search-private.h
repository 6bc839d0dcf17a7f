/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of search, known to each other.
 *
 *   search.db
 *     doc       key → message.  Keys ascend with the messages' dates (eight seconds each), so that
 *               the newest come first without sorting
 *     text_N    the words (FTS5, contentless) of the messages whose key / 2^20 is N: a quarter of a
 *               year.  What is asked for is looked up quarter by quarter from the newest, and ends
 *               when there is enough
 *     shard     the N there are
 *     short     key → with which three letters the message's words begin, "\nbagr" for bag and bar:
 *               what has only just been typed begins so many words that FTS5 would take long to
 *               collect them all
 *     person    who wrote or was written to, for suggestions
 *     state     of which store it is, and whether the queue was filled for it */

#pragma once

#include "pinion-store-search.h"
#include "pinion-store-session.h"

G_BEGIN_DECLS

#define PINION_SEARCH_FILE "search.db"
#define PINION_SEARCH_VERSION 2

#define PINION_SEARCH_KEY_SECONDS 8
#define PINION_SEARCH_SHARD_BITS 20
/* How far from its date's key a message may be put where many have the same date. */
#define PINION_SEARCH_KEY_SPREAD 65536

/* -- pinion-store-search-tokenizer.c: words for FTS5 */

/* What is being indexed.  @beginnings: takes the first letters of each of its words, as guint64.
 * @words: (nullable) a text of it, @length bytes, that pinion_search_take_apart() made. */
typedef struct
{
  GArray *beginnings;
  const char *words;
  gsize length;
} PinionSearchIntake;

/* @intake: (nullable) of who indexes.  Returns: an SQLite result */
int pinion_search_tokenizer_register (sqlite3            *db,
                                      PinionSearchIntake *intake);

/* The words of @text, so that the tokenizer need not look for them.  Any thread.
 * Returns: (transfer full) */
char *pinion_search_take_apart (const char *text,
                                gsize       length);

/* -- pinion-store-search-short.c: with which letters words begin */

#define PINION_SEARCH_SHORT_MAX 3

void     pinion_search_short_add  (GArray     *beginnings,
                                   const char *word,
                                   gsize       length);
/* All that were added since the last time, as the table has them.  Returns: (transfer full) */
char    *pinion_search_short_take (GArray *beginnings);
/* @words: of the table.  @beginning: one to three letters.  Returns: whether a word begins so */
gboolean pinion_search_short_has  (const char *words,
                                   const char *beginning);

/* -- pinion-store-search-database.c */

/* Opens DIR/search.db with the store attached (for reading only) as "store".  @intake: (nullable)
 * for writing: makes it where it is missing.  Returns: (transfer full), or %NULL with an error. */
PinionStoreSession *pinion_search_database_open (PinionStore        *store,
                                                 PinionSearchIntake *intake,
                                                 GError            **error);
void pinion_search_database_remove (PinionStore *store);
/* What makes it useless and is cured by making it anew. */
gboolean pinion_search_error_is_broken (const GError *error);
/* Takes the session's error.  Returns: whether there was none */
gboolean pinion_search_session_end (PinionStoreSession *session,
                                    GError            **error);

/* -- pinion-store-search-queue.c: in sessions of the store */

/* Seconds that a message waits for its body. */
#define PINION_SEARCH_PATIENCE 10

/* Makes the queue in the store where it is not, or not of this version.  Returns: (transfer full):
 * the store's identity. */
char *pinion_search_queue_prepare (PinionStoreSession *session);
/* Everything is to be indexed: some messages at a time, those behind @after.  Returns: the last of
 * them, or 0 where there are no more. */
gint64 pinion_search_queue_fill   (PinionStoreSession *session,
                                   gint64              after);
/* Whether messages up to the id @last are not in the queue though they came without their body. */
gboolean pinion_search_queue_has_new (PinionStoreSession *session,
                                      gint64              last);
/* Puts the first of them into the queue, some at a time: they have waited enough. */
void   pinion_search_queue_note   (PinionStoreSession *session,
                                   gint64              last);
/* How many messages are to be indexed. */
gint64 pinion_search_queue_count  (PinionStoreSession *session);
/* These are indexed, unless they have changed since they were read. */
void  pinion_search_queue_clear   (PinionStoreSession *session,
                                   GPtrArray          *documents);
/* @session: any that has the store's tables.  Returns: (transfer full): PinionStoreDocument */
GPtrArray *pinion_search_queue_read (PinionStoreSession *session,
                                     guint               limit,
                                     gboolean            everything);

/* -- pinion-store-search-index.c: writing */

typedef struct
{
  PinionStore *store;
  PinionStoreSession *session;
  PinionSearchIntake intake;
  int lock;

  /* The newest message, as of "looked" (monotonic, microseconds). */
  gint64 newest;
  gint64 looked;
} PinionSearchIndex;

void     pinion_search_index_init  (PinionSearchIndex *self,
                                    PinionStore       *store);
void     pinion_search_index_clear (PinionSearchIndex *self);
/* Also gives the lock back. */
void     pinion_search_index_close (PinionSearchIndex *self);
/* Takes the lock, opens the index, or makes it anew. */
gboolean pinion_search_index_open  (PinionSearchIndex *self,
                                    GError           **error);
/* What waited long enough for its body is to be indexed without; @everything: at once. */
gboolean pinion_search_index_note  (PinionSearchIndex *self,
                                    gboolean           everything,
                                    GError           **error);
gboolean pinion_search_index_put   (PinionSearchIndex *self,
                                    GPtrArray         *documents,
                                    GError           **error);

/* -- pinion-store-search-label.c */

/* The labels that @term means (pinion-search-query.h says which).  @drafts: whether local drafts
 * lie there as well.  Returns: (transfer full): their ids as "1, 5, 9"; "" where there is none. */
char *pinion_search_label_ids (PinionStoreSession     *session,
                               const PinionSearchTerm *term,
                               gboolean               *drafts);

/* -- pinion-store-search-plan.c: what is asked, as SQL */

/* A short beginning of a word.  @match: what FTS5 would be asked for it.  @n_found: in so many
 * messages it has been found. */
typedef struct
{
  char *text;
  char *match;
  guint n_found;
} PinionSearchBeginning;

/* @match: what FTS5 is asked for; where it is "", all documents are gone through.  @beginnings:
 * PinionSearchBeginning, what of it can be looked up message by message instead; @rest is @match
 * without these.  @sets: FTS5 questions whose answers the filter needs, by their index in
 * search_has().  @filter: SQL over doc d and message m, "" for none; @values: what it binds from ?2
 * on.  @candidates: of filters that may let few messages through, SQL for the ids of these.
 * @is_hopeless: nothing can be found. */
typedef struct
{
  GString *match;
  GString *rest;
  GPtrArray *beginnings;
  GPtrArray *sets;
  GString *filter;
  GArray *values;
  GPtrArray *candidates;
  gint64 first_key;
  gint64 last_key;
  gboolean is_hopeless;
} PinionSearchPlan;

void pinion_search_plan_init    (PinionSearchPlan        *self,
                                 PinionStoreSession      *session,
                                 const PinionSearchQuery *query);
/* FTS5 is asked for the beginning @index after all. */
void pinion_search_plan_ask_for (PinionSearchPlan *self,
                                 guint             index);
void pinion_search_plan_clear   (PinionSearchPlan *self);

/* -- pinion-store-search-find.c: reading */

/* Returns: (transfer full) PinionStoreHit.  The session's error says whether it went well. */
GArray *pinion_search_find (PinionStoreSession      *session,
                            const PinionSearchQuery *query,
                            PinionStoreSearchOrder   order,
                            guint                    limit,
                            GCancellable            *cancellable);

G_END_DECLS
