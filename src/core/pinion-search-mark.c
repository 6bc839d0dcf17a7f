/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which parts of a text were found.  The words of the text are compared with those of each term, as
 * the index does. */

#include "pinion-search-query.h"

#include "pinion-words.h"

#include <string.h>

/* Words of a text that are looked at: what is marked is a subject or a preview. */
#define MAX_WORDS 2000

/* Words that are kept at a time of a text that is only looked through. */
#define WORDS_AT_ONCE 500

/* @last: where its second character alone stands in the same place, that; else nothing. */
typedef struct
{
  char text[PINION_WORD_MAX];
  gsize length;
  PinionWordKind kind;
  gsize start;
  gsize end;
  char last[8];
  gsize last_length;
  gsize last_start;
} Word;

static gboolean
add_word (const char    *word,
          gsize          length,
          PinionWordKind kind,
          gsize          start,
          gsize          end,
          gpointer       user_data)
{
  GArray *words = user_data;
  Word one = { .length = length, .kind = kind, .start = start, .end = end };

  if (kind == PINION_WORD_LAST)
    {
      Word *pair = &g_array_index (words, Word, words->len - 1);

      pair->last_length = MIN (length, sizeof pair->last);
      memcpy (pair->last, word, pair->last_length);
      pair->last_start = start;
      return TRUE;
    }

  memcpy (one.text, word, length);
  g_array_append_val (words, one);

  return words->len < MAX_WORDS;
}

static GArray *
split (const char *text,
       gboolean    is_question)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));

  pinion_words_each (text, strlen (text), is_question, add_word, words);

  return words;
}

static gboolean
is_for (const PinionSearchTerm *term,
        PinionSearchField       field)
{
  return pinion_search_term_is_text (term) && !term->negated
         && (term->field == PINION_SEARCH_WORDS || term->field == field);
}

static gboolean
is_last_of (const Word *word,
            const Word *want)
{
  return word->last_length > 0 && want->length == word->last_length
         && memcmp (word->last, want->text, want->length) == 0;
}

static gboolean
stands_at (GArray                 *text,
           guint                   at,
           GArray                 *wanted,
           const PinionSearchTerm *term)
{
  for (guint i = 0; i < wanted->len; i++)
    {
      const Word *want = &g_array_index (wanted, Word, i);
      const Word *word = &g_array_index (text, Word, at + i);
      gboolean is_open = i + 1 == wanted->len && (!term->exact || want->kind != PINION_WORD_WHOLE);

      if (!is_last_of (word, want)
          && (word->length < want->length || (word->length > want->length && !is_open)
              || memcmp (word->text, want->text, want->length) != 0))
        return FALSE;
    }

  return TRUE;
}

/* A single character found in a pair is not the whole pair. */
static gsize
start_of (const Word *word,
          const Word *want)
{
  return is_last_of (word, want) ? word->last_start : word->start;
}

static gsize
end_of (const Word *word,
        const Word *want,
        const char *text)
{
  if (word->kind == PINION_WORD_PAIR && want->kind == PINION_WORD_SINGLE
      && !is_last_of (word, want))
    return (gsize) (g_utf8_next_char (text + word->start) - text);

  return word->end;
}

static gboolean
is_in (const PinionSearchTerm *term,
       GArray                 *words)
{
  g_autoptr (GArray) wanted = split (term->text, TRUE);

  for (guint i = 0; wanted->len > 0 && i + wanted->len <= words->len; i++)
    {
      if (stands_at (words, i, wanted, term))
        return TRUE;
    }

  return FALSE;
}

static void
mark_term (const PinionSearchTerm *term,
           GArray                 *words,
           const char             *text,
           GArray                 *ranges)
{
  g_autoptr (GArray) wanted = split (term->text, TRUE);

  for (guint i = 0; wanted->len > 0 && i + wanted->len <= words->len; i++)
    {
      const Word *last = &g_array_index (words, Word, i + wanted->len - 1);

      if (!stands_at (words, i, wanted, term))
        continue;

      PinionSearchRange range = { start_of (&g_array_index (words, Word, i),
                                            &g_array_index (wanted, Word, 0)), 0 };
      range.end = end_of (last, &g_array_index (wanted, Word, wanted->len - 1), text);
      g_array_append_val (ranges, range);
    }
}

static int
compare_ranges (gconstpointer a,
                gconstpointer b)
{
  const PinionSearchRange *x = a;
  const PinionSearchRange *y = b;

  return x->start < y->start ? -1 : x->start > y->start;
}

static void
merge (GArray *ranges)
{
  guint n = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 0; i < ranges->len; i++)
    {
      PinionSearchRange range = g_array_index (ranges, PinionSearchRange, i);
      PinionSearchRange *last = n > 0 ? &g_array_index (ranges, PinionSearchRange, n - 1) : NULL;

      if (last != NULL && range.start <= last->end)
        last->end = MAX (last->end, range.end);
      else
        g_array_index (ranges, PinionSearchRange, n++) = range;
    }
  g_array_set_size (ranges, n);
}

GArray *
pinion_search_query_mark (const PinionSearchQuery *self,
                          PinionSearchField        field,
                          const char              *text)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (PinionSearchRange));
  g_autoptr (GArray) words = split (text, FALSE);

  for (guint i = 0; i < self->terms->len; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (self->terms, i);

      if (is_for (term, field))
        mark_term (term, words, text, ranges);
    }
  merge (ranges);

  return ranges;
}

PinionSearchTerms
pinion_search_query_find_terms (const PinionSearchQuery *self,
                                PinionSearchField        field,
                                const char              *text)
{
  g_autoptr (GArray) words = split (text, FALSE);
  PinionSearchTerms found = 0;

  for (guint i = 0; i < self->terms->len; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (self->terms, i);

      if (is_for (term, field) && is_in (term, words))
        found |= PINION_SEARCH_TERM (i);
    }

  return found;
}

/* -- The first in a long text ------------------------------------------------------------------ */

/* A term, taken apart. */
typedef struct
{
  const PinionSearchTerm *term;
  GArray *wanted;
} Sought;

/* @words: those that were told last.  @longest: words of a term.  @found: ends at 0 until then. */
typedef struct
{
  const char *text;
  GArray *words;
  GArray *sought;
  guint longest;
  PinionSearchRange found;
} Finding;

static void
sought_clear (gpointer data)
{
  Sought *sought = data;

  g_array_unref (sought->wanted);
}

static void
finding_init (Finding                 *self,
              const PinionSearchQuery *query,
              PinionSearchTerms        terms,
              PinionSearchField        field,
              const char              *text)
{
  *self = (Finding) { .text = text };
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  self->sought = g_array_new (FALSE, FALSE, sizeof (Sought));
  g_array_set_clear_func (self->sought, sought_clear);

  for (guint i = 0; i < query->terms->len; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (query->terms, i);

      if ((terms & PINION_SEARCH_TERM (i)) == 0 || !is_for (term, field))
        continue;

      Sought sought = { term, split (term->text, TRUE) };
      self->longest = MAX (self->longest, sought.wanted->len);
      g_array_append_val (self->sought, sought);
    }
}

static void
finding_clear (Finding *self)
{
  g_array_unref (self->words);
  g_array_unref (self->sought);
}

/* Among the words that are kept. */
static gboolean
look (Finding *self)
{
  for (guint i = 0; i < self->words->len; i++)
    for (guint j = 0; j < self->sought->len; j++)
      {
        const Sought *sought = &g_array_index (self->sought, Sought, j);
        guint n = sought->wanted->len;

        if (n == 0 || i + n > self->words->len
            || !stands_at (self->words, i, sought->wanted, sought->term))
          continue;

        self->found.start = start_of (&g_array_index (self->words, Word, i),
                                      &g_array_index (sought->wanted, Word, 0));
        self->found.end = end_of (&g_array_index (self->words, Word, i + n - 1),
                                  &g_array_index (sought->wanted, Word, n - 1), self->text);
        return TRUE;
      }

  return FALSE;
}

/* What may be the beginning of what is found later is kept. */
static gboolean
look_through (const char    *word,
              gsize          length,
              PinionWordKind kind,
              gsize          start,
              gsize          end,
              gpointer       user_data)
{
  Finding *self = user_data;
  guint kept = MIN (self->longest - 1, self->words->len);

  if (kind != PINION_WORD_LAST && self->words->len >= WORDS_AT_ONCE + kept)
    {
      if (look (self))
        return FALSE;
      g_array_remove_range (self->words, 0, self->words->len - kept);
    }

  return add_word (word, length, kind, start, end, self->words);
}

gboolean
pinion_search_query_find (const PinionSearchQuery *self,
                          PinionSearchTerms        terms,
                          PinionSearchField        field,
                          const char              *text,
                          PinionSearchRange       *range)
{
  Finding finding;

  finding_init (&finding, self, terms, field, text);
  if (finding.longest > 0)
    {
      pinion_words_each (text, strlen (text), FALSE, look_through, &finding);
      if (finding.found.end == 0)
        look (&finding);
    }
  *range = finding.found;
  finding_clear (&finding);

  return range->end > 0;
}
