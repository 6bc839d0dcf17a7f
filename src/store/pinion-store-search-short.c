/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-search-private.h"

#include <string.h>

/* A letter has 21 bits. */
#define LETTER_BITS 21

/* With this many they are looked through for doubles. */
#define MANY 4096

static guint64
number_of (const char *word,
           gsize       length)
{
  const char *second = g_utf8_next_char (word);
  guint64 number = (guint64) g_utf8_get_char (word) << LETTER_BITS;

  return second < word + length ? number | g_utf8_get_char (second) : number;
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

/* "\nbae\nc" for ba, be and c. */
char *
pinion_search_short_take (GArray *beginnings)
{
  GString *words = g_string_new (NULL);
  gunichar group = 0;

  settle (beginnings);
  for (guint i = 0; i < beginnings->len; i++)
    {
      guint64 number = g_array_index (beginnings, guint64, i);
      gunichar first = (gunichar) (number >> LETTER_BITS);
      gunichar second = (gunichar) (number & ((1 << LETTER_BITS) - 1));

      if (first != group)
        {
          g_string_append_c (words, '\n');
          g_string_append_unichar (words, first);
        }
      if (second != 0)
        g_string_append_unichar (words, second);
      group = first;
    }
  g_array_set_size (beginnings, 0);

  return g_string_free (words, FALSE);
}

gboolean
pinion_search_short_has (const char *words,
                         const char *beginning)
{
  gsize length = (gsize) (g_utf8_next_char (beginning) - beginning);
  const char *second = beginning + length;

  for (const char *line = words; (line = strchr (line, '\n')) != NULL;)
    {
      line++;
      if (strncmp (line, beginning, length) != 0)
        continue;

      const char *end = strchrnul (line, '\n');
      return *second == '\0'
             || memmem (line + length, (gsize) (end - line) - length, second, strlen (second))
                  != NULL;
    }

  return FALSE;
}
