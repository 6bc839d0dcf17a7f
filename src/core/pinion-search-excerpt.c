/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words around what was found in a text, for a row that does not show them otherwise. */

#include "pinion-search-query.h"

#include "pinion-text.h"

#include <string.h>

/* Characters before what was found: few, so that it is seen in a narrow row; and in all. */
#define LEAD 16
#define LENGTH 160

/* Bytes that so many characters surely have, with quotation marks and blanks between them. */
#define ENOUGH 2000

/* -- What is not shown ------------------------------------------------------------------------- */

static gboolean
is_of_text (const PinionSearchTerm *term)
{
  return !term->negated
         && (term->field == PINION_SEARCH_WORDS || term->field == PINION_SEARCH_BODY
             || term->field == PINION_SEARCH_FILE_NAME);
}

PinionSearchTerms
pinion_search_query_get_unseen (const PinionSearchQuery *self,
                                const PinionSearchText  *shown,
                                guint                    n_shown)
{
  PinionSearchTerms seen = 0, unseen = 0, choice = 0;

  for (guint i = 0; i < n_shown; i++)
    seen |= pinion_search_query_find_terms (self, shown[i].field, shown[i].text);

  /* @choice: the alternatives, up to and with this one. */
  for (guint i = 0; i < self->terms->len; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (self->terms, i);

      choice = PINION_SEARCH_TERM (i) | (term->is_alternative ? choice : 0);
      if (is_of_text (term))
        unseen |= PINION_SEARCH_TERM (i);
      if ((choice & seen) != 0)
        {
          seen |= choice;
          unseen &= ~choice;
        }
    }

  return unseen;
}

/* -- Words around ------------------------------------------------------------------------------ */

static gboolean
is_blank (const char *text)
{
  return g_unichar_isspace (g_utf8_get_char (text));
}

/* What belongs to the character before it. */
static gboolean
is_joined (const char *text)
{
  gunichar c = g_utf8_get_char (text);

  return g_unichar_ismark (c) || c == 0x200c || c == 0x200d;
}

/* At most LEAD characters back from @found, and not into the paragraph before. */
static const char *
go_back (const char *text,
         const char *found)
{
  const char *start = found;
  guint n = 0;

  while (start > text && n < LEAD)
    {
      const char *before = g_utf8_prev_char (start);

      if (*before == '\n' && before > text && before[-1] == '\n')
        return start;
      n += !is_blank (before) || !is_blank (start);
      start = before;
    }

  return start;
}

/* Where a word begins, if one does; else at least not within a character. */
static const char *
find_word (const char *text,
           const char *start,
           const char *found)
{
  if (start == text || is_blank (g_utf8_prev_char (start)))
    return start;

  for (const char *p = start; p < found; p = g_utf8_next_char (p))
    {
      if (is_blank (p))
        return g_utf8_next_char (p);
    }
  while (start < found && is_joined (start))
    start = g_utf8_next_char (start);

  return start;
}

/* Without the marks of quotations that lines begin with. */
static char *
dup_line (const char *start)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean begins = FALSE;
  const char *p;

  for (p = start; *p != '\0' && p - start < ENOUGH; p = g_utf8_next_char (p))
    {
      begins = *p == '\n' || (begins && (*p == '>' || *p == ' '));
      if (!begins || *p != '>')
        g_string_append_len (words, p, g_utf8_next_char (p) - p);
    }

  return pinion_text_clean_line (words->str, (gssize) words->len, LENGTH);
}

char *
pinion_search_query_dup_excerpt (const PinionSearchQuery *self,
                                 PinionSearchTerms        terms,
                                 const char              *text)
{
  PinionSearchRange range;

  if (!pinion_search_query_find (self, terms, PINION_SEARCH_BODY, text, &range))
    return NULL;

  while (*text != '\0' && is_blank (text))
    {
      gsize size = (gsize) (g_utf8_next_char (text) - text);

      text += size;
      range.start -= size;
    }

  const char *found = text + range.start;
  const char *start = find_word (text, go_back (text, found), found);
  g_autofree char *line = dup_line (start);

  return g_strconcat (start > text ? "…" : "", line, NULL);
}
