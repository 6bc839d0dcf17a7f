/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text taken apart into the words by which it is found, the same for what is searched and for what
 * is asked.
 *
 * Words are folded: case, accents, ligatures and width (ß is ss, ﬁ is fi, Ａ is a), katakana is
 * hiragana, Arabic marks and Hebrew points are left out, digits of every script are 0 to 9.  A word
 * is at most PINION_WORD_MAX bytes; the rest of a longer one is passed over.
 *
 * Scripts that are written without blanks (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and
 * Korean with its endings, become pairs of neighbouring characters: 東京都 is 東京, 京都 and, in
 * the place of 京都, 都.  The last one alone is there so that a single character is found as the
 * beginning of a word everywhere; a question leaves it out.  It takes no place of its own, so that
 * what comes behind (東京都.pdf) follows upon the last pair in the text and in the question alike.
 *
 * Linear, without allocation; any thread, and any bytes are text. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PINION_WORD_MAX 40

typedef enum
{
  PINION_WORD_WHOLE,  /* between blanks and punctuation */
  PINION_WORD_PAIR,   /* two characters of a script without blanks */
  PINION_WORD_SINGLE, /* one such character between others */
  PINION_WORD_LAST,   /* the last of several, in the place of the pair told before it */
} PinionWordKind;

/* @word: folded, @length bytes, no NUL behind it; borrowed.  @start, @end: bytes of the text it was
 * made of.  Returns: whether to go on */
typedef gboolean (*PinionWordFunc) (const char    *word,
                                    gsize          length,
                                    PinionWordKind kind,
                                    gsize          start,
                                    gsize          end,
                                    gpointer       user_data);

/* Calls @func for each word of @text.  @is_question: the text is what is asked for. */
void pinion_words_each (const char    *text,
                        gsize          length,
                        gboolean       is_question,
                        PinionWordFunc func,
                        gpointer       user_data);

/* The words of @text with a blank before each, to compare names by.  Returns: (transfer full) */
char *pinion_words_fold (const char *text);

G_END_DECLS
