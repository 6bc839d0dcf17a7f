/* SPDX-License-Identifier: GPL-3.0-or-later */

/* FTS5 is given the words of core, and a measure of how well a message fits.  On the way the
 * beginnings of words are collected. */

#include "pinion-store-search-private.h"

#include "pinion-words.h"

/* The tokenizer of a connection that collects nothing. */
static char nothing;

/* @beginnings: (nullable) */
typedef struct
{
  void *context;
  GArray *beginnings;
  int (*token) (void       *context,
                int         flags,
                const char *text,
                int         length,
                int         start,
                int         end);
  int result;
} Sink;

static int
create (void         *user_data,
        const char  **arguments,
        int           n_arguments,
        Fts5Tokenizer **tokenizer)
{
  *tokenizer = (Fts5Tokenizer *) (user_data != NULL ? user_data : &nothing);

  return SQLITE_OK;
}

static void
destroy (Fts5Tokenizer *tokenizer)
{
}

static gboolean
on_word (const char    *word,
         gsize          length,
         PinionWordKind kind,
         gsize          start,
         gsize          end,
         gpointer       user_data)
{
  Sink *sink = user_data;
  int flags = kind == PINION_WORD_LAST ? FTS5_TOKEN_COLOCATED : 0;

  if (sink->beginnings != NULL && kind == PINION_WORD_WHOLE)
    pinion_search_short_add (sink->beginnings, word, length);
  sink->result = sink->token (sink->context, flags, word, (int) length, (int) start, (int) end);

  return sink->result == SQLITE_OK;
}

static int
tokenize (Fts5Tokenizer *tokenizer,
          void          *context,
          int            flags,
          const char    *text,
          int            length,
          int          (*token) (void *, int, const char *, int, int, int))
{
  gboolean is_question = (flags & FTS5_TOKENIZE_QUERY) != 0;
  Sink sink = { context, NULL, token, SQLITE_OK };

  if (!is_question && tokenizer != (Fts5Tokenizer *) &nothing)
    sink.beginnings = (GArray *) tokenizer;
  pinion_words_each (text, (gsize) length, is_question, on_word, &sink);

  return sink.result;
}

/* What stands in the subject or is a name says more than a word of the text; the second time a word
 * stands in a text says less than the first. */
static void
weigh (const Fts5ExtensionApi *api,
       Fts5Context            *fts,
       sqlite3_context        *context,
       int                     n_values,
       sqlite3_value         **values)
{
  static const double weights[] = { 8, 4, 3, 3, 10, 1, 5 };
  double sums[G_N_ELEMENTS (weights)] = { 0 };
  double score = 0;
  int n = 0;

  if (api->xInstCount (fts, &n) != SQLITE_OK)
    n = 0;

  for (int i = 0; i < MIN (n, 200); i++)
    {
      int phrase, column, offset;

      if (api->xInst (fts, i, &phrase, &column, &offset) == SQLITE_OK && column >= 0
          && column < (int) G_N_ELEMENTS (weights))
        sums[column]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    score += weights[i] * (sums[i] / (sums[i] + 1));

  sqlite3_result_double (context, score);
}

static fts5_api *
find_api (sqlite3 *db)
{
  fts5_api *api = NULL;
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT fts5 (?1)", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_pointer (statement, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (statement);
    }
  sqlite3_finalize (statement);

  return api;
}

int
pinion_search_tokenizer_register (sqlite3 *db,
                                  GArray  *beginnings)
{
  fts5_tokenizer tokenizer = { create, destroy, tokenize };
  fts5_api *api = find_api (db);

  if (api == NULL)
    return SQLITE_ERROR;

  int result = api->xCreateTokenizer (api, "pinion", beginnings, &tokenizer, NULL);
  if (result == SQLITE_OK)
    result = api->xCreateFunction (api, "pinion_weight", NULL, weigh, NULL);

  return result;
}
