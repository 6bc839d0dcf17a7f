/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-search-private.h"

#include <string.h>

/* A letter has 21 bits; a number is three letters. */
#define LETTER_BITS 21
#define LETTER ((G_GUINT64_CONSTANT (1) << LETTER_BITS) - 1)

/* With this many they are looked through for doubles. */
#define MANY 4096

static guint64
number_of (const char *word,
           gsize       length)
{
  const char *end = word + length;
  guint64 number = 0;

  for (guint i = 0; i < PINION_SEARCH_SHORT_MAX; i++)
    {
      number <<= LETTER_BITS;
      if (word < end)
        {
          number |= g_utf8_get_char (word);
          word = g_utf8_next_char (word);
        }
    }

  return number;
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  guint64 x = *(const guint64 *) a;
  guint64 y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

static void
settle (GArray *beginnings)
{
  guint n = 0;

  g_array_sort (beginnings, compare_numbers);
  for (guint i = 0; i < beginnings->len; i++)
    {
      guint64 number = g_array_index (beginnings, guint64, i);

      if (n == 0 || g_array_index (beginnings, guint64, n - 1) != number)
        g_array_index (beginnings, guint64, n++) = number;
    }
  g_array_set_size (beginnings, n);
}

/* Another round of sorting only when the array has doubled. */
void
pinion_search_short_add (GArray     *beginnings,
                         const char *word,
                         gsize       length)
{
  guint64 number = number_of (word, length);

  g_array_append_val (beginnings, number);
  if (beginnings->len >= MANY && (beginnings->len & (beginnings->len - 1)) == 0)
    settle (beginnings);
}

/* "\nbagr\nc" for words that begin with bag and bar, and the word c. */
char *
pinion_search_short_take (GArray *beginnings)
{
  GString *words = g_string_new (NULL);
  guint64 group = 0;

  settle (beginnings);
  for (guint i = 0; i < beginnings->len; i++)
    {
      guint64 number = g_array_index (beginnings, guint64, i);
      gunichar second = (gunichar) (number >> LETTER_BITS & LETTER);
      gunichar third = (gunichar) (number & LETTER);

      if (number >> LETTER_BITS != group)
        {
          group = number >> LETTER_BITS;
          g_string_append_c (words, '\n');
          g_string_append_unichar (words, (gunichar) (group >> LETTER_BITS));
          if (second != 0)
            g_string_append_unichar (words, second);
        }
      if (third != 0)
        g_string_append_unichar (words, third);
    }
  g_array_set_size (beginnings, 0);

  return g_string_free (words, FALSE);
}

gboolean
pinion_search_short_has (const char *words,
                         const char *beginning)
{
  const char *third = beginning;
  char group[2 * 4 + 2] = "\n";

  for (guint i = 0; i < 2 && *third != '\0'; i++)
    third = g_utf8_next_char (third);
  memcpy (group + 1, beginning, MIN ((gsize) (third - beginning), sizeof group - 2));

  const char *line = strstr (words, group);
  if (line == NULL || *third == '\0')
    return line != NULL;

  const char *rest = line + strlen (group);
  return memmem (rest, strcspn (rest, "\n"), third, strlen (third)) != NULL;
}
