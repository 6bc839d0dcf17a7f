/* SPDX-License-Identifier: GPL-3.0-or-later */

/* FTS5 is given the words of core, and a measure of how well a message fits.  On the way the
 * beginnings of words are collected. */

#include "pinion-store-search-private.h"

#include "pinion-words.h"

#include <string.h>

/* Of a text that was taken apart each word has its kind before it; no word has such a byte. */
#define FIRST_KIND 1
#define LAST_KIND (FIRST_KIND + PINION_WORD_LAST)

/* The tokenizer of a connection that indexes nothing. */
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

static void
tell_words (const char *text,
            gsize       length,
            Sink       *sink)
{
  const char *end = text + length;
  gboolean goes_on = TRUE;

  while (goes_on && text < end)
    {
      const char *word = text + 1;
      const char *stop = word;

      while (stop < end && (guchar) *stop > LAST_KIND)
        stop++;
      goes_on = on_word (word, (gsize) (stop - word), (PinionWordKind) (*text - FIRST_KIND), 0, 0, sink);
      text = stop;
    }
}

static gboolean
append_word (const char    *word,
             gsize          length,
             PinionWordKind kind,
             gsize          start,
             gsize          end,
             gpointer       user_data)
{
  GString *words = user_data;

  g_string_append_c (words, (char) (FIRST_KIND + kind));
  g_string_append_len (words, word, (gssize) length);

  return TRUE;
}

char *
pinion_search_take_apart (const char *text,
                          gsize       length)
{
  GString *words = g_string_sized_new (length + length / 8);

  pinion_words_each (text, length, FALSE, append_word, words);

  return g_string_free (words, FALSE);
}

/* It is the very text, not one that looks like it. */
static gboolean
is_taken_apart (const PinionSearchIntake *intake,
                const char               *text,
                gsize                     length)
{
  return intake->words != NULL && length == intake->length
         && memcmp (text, intake->words, length) == 0;
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

  const PinionSearchIntake *intake = NULL;

  if (!is_question && tokenizer != (Fts5Tokenizer *) &nothing)
    {
      intake = (const PinionSearchIntake *) tokenizer;
      sink.beginnings = intake->beginnings;
    }
  if (intake != NULL && is_taken_apart (intake, text, (gsize) length))
    tell_words (text, (gsize) length, &sink);
  else
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
pinion_search_tokenizer_register (sqlite3            *db,
                                  PinionSearchIntake *intake)
{
  fts5_tokenizer tokenizer = { create, destroy, tokenize };
  fts5_api *api = find_api (db);

  if (api == NULL)
    return SQLITE_ERROR;

  int result = api->xCreateTokenizer (api, "pinion", intake, &tokenizer, NULL);
  if (result == SQLITE_OK)
    result = api->xCreateFunction (api, "pinion_weight", NULL, weigh, NULL);

  return result;
}
