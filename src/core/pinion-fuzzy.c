/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-fuzzy.h"

#include <string.h>

/* Longer texts are looked at so far. */
#define MOST_LETTERS 160
#define MOST_TYPED 40

#define FOR_LETTER 4
#define FOR_START_OF_TEXT 24
#define FOR_START_OF_WORD 14
#define FOR_FOLLOWING 16
#define FOR_WHOLE_WORD 8

/* Letters as they are compared; @start: whether a word begins with it. */
typedef struct
{
  gunichar letters[MOST_LETTERS];
  gboolean start[MOST_LETTERS];
  guint n;
} Letters;

/* Marks are left out, so that "u" fits "ü". */
static void
spell (Letters    *self,
       const char *text,
       guint       most)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *plain = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  gboolean start = TRUE;

  self->n = 0;
  for (const char *p = plain; p != NULL && *p != '\0' && self->n < most; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (g_unichar_ismark (letter))
        continue;
      self->letters[self->n] = letter;
      self->start[self->n] = start && g_unichar_isalnum (letter);
      start = !g_unichar_isalnum (letter);
      self->n++;
    }
}

static gboolean
ends_word (const Letters *text,
           guint          place)
{
  return place + 1 == text->n || !g_unichar_isalnum (text->letters[place + 1]);
}

/* The best way to find the letters of @typed in order: for each place of the text, what the best
 * way that ends there is worth.  Linear in typed times text. */
static guint
score_word (const gunichar *typed,
            guint           n_typed,
            const Letters  *text)
{
  guint ends[MOST_LETTERS] = { 0 }, before[MOST_LETTERS];
  guint best = 0;

  for (guint i = 0; i < n_typed; i++)
    {
      guint reached = 0;

      memcpy (before, ends, sizeof before);
      for (guint j = 0; j < text->n; j++)
        {
          guint apart = i == 0 ? 1 : reached;
          guint together = i > 0 && j > 0 && before[j - 1] > 0 ? before[j - 1] + FOR_FOLLOWING : 0;

          /* What comes later is worth a little less. */
          if (i > 0 && j > 0)
            reached = MAX (reached > 1 ? reached - 1 : reached, before[j - 1]);
          if (i > 0)
            apart = reached;

          ends[j] = 0;
          if (text->letters[j] != typed[i] || (apart == 0 && together == 0))
            continue;
          ends[j] = MAX (apart + (text->start[j] ? FOR_START_OF_WORD : 0), together) + FOR_LETTER
                    + (i == 0 && j == 0 ? FOR_START_OF_TEXT : 0)
                    + (i + 1 == n_typed && ends_word (text, j) ? FOR_WHOLE_WORD : 0);
        }
    }

  for (guint j = 0; n_typed > 0 && j < text->n; j++)
    best = MAX (best, ends[j]);

  return best;
}

guint
pinion_fuzzy_score (const char *typed,
                    const char *text)
{
  Letters needle, hay;
  guint score = 1;

  spell (&needle, typed, MOST_TYPED);
  spell (&hay, text, MOST_LETTERS);

  for (guint i = 0; i < needle.n;)
    {
      guint end = i;

      while (end < needle.n && !g_unichar_isspace (needle.letters[end]))
        end++;
      if (end > i)
        {
          guint one = score_word (needle.letters + i, end - i, &hay);

          if (one == 0)
            return 0;
          score += one;
        }
      i = end + 1;
    }

  /* Of two that fit alike, the shorter one. */
  return score > 1 ? score * MOST_LETTERS + MOST_LETTERS - hay.n : score;
}
