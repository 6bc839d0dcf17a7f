/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-search-query.h"

#include "pinion-words.h"

#include <string.h>

typedef struct
{
  const char *name;
  PinionSearchField field;
} FieldName;

static const FieldName field_names[] = {
  { "from", PINION_SEARCH_FROM },
  { "to", PINION_SEARCH_TO },
  { "cc", PINION_SEARCH_CC },
  { "bcc", PINION_SEARCH_BCC },
  { "subject", PINION_SEARCH_SUBJECT },
  { "body", PINION_SEARCH_BODY },
  { "filename", PINION_SEARCH_FILE_NAME },
  { "label", PINION_SEARCH_LABEL },
  { "in", PINION_SEARCH_LABEL },
  { "before", PINION_SEARCH_BEFORE },
  { "after", PINION_SEARCH_AFTER },
  { "larger", PINION_SEARCH_LARGER },
  { "smaller", PINION_SEARCH_SMALLER },
};

/* has: and is: name what they mean by their value. */
static const struct
{
  const char *name;
  const char *value;
  PinionSearchField field;
} state_names[] = {
  { "has", "attachment", PINION_SEARCH_HAS_ATTACHMENT },
  { "has", "attachments", PINION_SEARCH_HAS_ATTACHMENT },
  { "is", "unread", PINION_SEARCH_UNREAD },
  { "is", "read", PINION_SEARCH_READ },
  { "is", "starred", PINION_SEARCH_STARRED },
  { "is", "flagged", PINION_SEARCH_STARRED },
};

G_DEFINE_BOXED_TYPE (PinionSearchQuery,
                     pinion_search_query,
                     pinion_search_query_ref,
                     pinion_search_query_unref)

static void
term_free (gpointer data)
{
  PinionSearchTerm *self = data;

  g_free (self->text);
  g_free (self);
}

static void
clear (gpointer data)
{
  PinionSearchQuery *self = data;

  g_free (self->text);
  g_ptr_array_unref (self->terms);
}

PinionSearchQuery *
pinion_search_query_ref (PinionSearchQuery *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_search_query_unref (PinionSearchQuery *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* -- Reading ----------------------------------------------------------------------------------- */

static gboolean
is_blank (const char *text)
{
  return g_unichar_isspace (g_utf8_get_char (text));
}

/* The bytes of a quotation mark at @text, or 0. */
static gsize
quote_length (const char *text)
{
  static const char *const quotes[] = { "\"", "“", "”", "„", "«", "»" };

  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      if (g_str_has_prefix (text, quotes[i]))
        return strlen (quotes[i]);
    }

  return 0;
}

static const char *
find_blank (const char *text)
{
  while (*text != '\0' && !is_blank (text))
    text = g_utf8_next_char (text);

  return text;
}

/* What stands in the quotation that @opening began.  A plain mark is closed by a plain one only,
 * and two of them are one of the text; a typographic one is closed by any, since keyboards mix
 * them.  Returns: where it ends: at the closing mark, or at the end of the text */
static const char *
read_quotation (PinionSearchTerm *term,
                const char       *opening)
{
  gboolean is_plain = *opening == '"';
  const char *text = opening + quote_length (opening);
  g_autoptr (GString) value = g_string_new (NULL);

  while (*text != '\0')
    {
      if (is_plain && text[0] == '"' && text[1] == '"')
        text++;
      else if (is_plain ? *text == '"' : quote_length (text) > 0)
        break;

      const char *next = g_utf8_next_char (text);
      g_string_append_len (value, text, next - text);
      text = next;
    }
  term->text = g_string_free (g_steal_pointer (&value), FALSE);

  return text;
}

/* The value at @text into @term.  Returns: what stands behind it */
static const char *
read_value (PinionSearchTerm *term,
            const char       *text)
{
  if (quote_length (text) == 0)
    {
      const char *blank = find_blank (text);

      term->text = g_strndup (text, (gsize) (blank - text));
      return blank;
    }

  const char *end = read_quotation (term, text);
  /* A quotation that is not closed yet is still being typed. */
  term->exact = *end != '\0';

  return end + quote_length (end);
}

static gboolean
parse_size (const char *text,
            gint64     *size)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);
  static const char units[] = "kmgt";

  if (end == text || !g_ascii_isdigit (*text) || !(number >= 0 && number < 1e15))
    return FALSE;

  const char *unit = *end != '\0' ? strchr (units, g_ascii_tolower (*end)) : NULL;
  for (const char *u = units; unit != NULL && u <= unit; u++)
    number *= 1024;
  if (unit != NULL)
    end++;
  if (g_ascii_strcasecmp (end, "b") == 0 || (unit != NULL && g_ascii_strcasecmp (end, "ib") == 0))
    end += strlen (end);
  *size = number < 9e18 ? (gint64) number : G_MAXINT64;

  return *end == '\0';
}

static gboolean
find_state (PinionSearchTerm *term,
            const char       *name,
            gsize             length)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    {
      if (strlen (state_names[i].name) == length
          && g_ascii_strncasecmp (state_names[i].name, name, length) == 0
          && g_ascii_strcasecmp (state_names[i].value, term->text) == 0)
        {
          term->field = state_names[i].field;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
find_field (PinionSearchTerm *term,
            const char       *name,
            gsize             length)
{
  for (guint i = 0; i < G_N_ELEMENTS (field_names); i++)
    {
      if (strlen (field_names[i].name) == length
          && g_ascii_strncasecmp (field_names[i].name, name, length) == 0)
        {
          term->field = field_names[i].field;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
take_value (PinionSearchTerm *term,
            gint64            now)
{
  switch (term->field)
    {
    case PINION_SEARCH_BEFORE:
    case PINION_SEARCH_AFTER:
      return pinion_search_parse_date (term->text, now, &term->value);
    case PINION_SEARCH_LARGER:
    case PINION_SEARCH_SMALLER:
      return parse_size (term->text, &term->value);
    default:
      return *term->text != '\0';
    }
}

/* "name:value".  Returns: what stands behind it, or %NULL where it is nothing known, to be read as
 * words. */
static const char *
read_field (PinionSearchTerm *term,
            const char       *text,
            gint64            now)
{
  gsize length = 0;

  while (g_ascii_isalpha (text[length]))
    length++;
  if (length == 0 || text[length] != ':')
    return NULL;

  const char *end = read_value (term, text + length + 1);
  if (find_state (term, text, length)
      || (find_field (term, text, length) && take_value (term, now)))
    return end;

  g_clear_pointer (&term->text, g_free);
  term->field = PINION_SEARCH_WORDS;
  term->exact = FALSE;

  return NULL;
}

static gboolean
is_or (const char *text)
{
  return g_str_has_prefix (text, "OR") && (text[2] == '\0' || is_blank (text + 2));
}

static const char *
skip_blanks (const char *text)
{
  while (*text != '\0' && is_blank (text))
    text = g_utf8_next_char (text);

  return text;
}

static const char *
read_term (PinionSearchQuery *self,
           const char        *text,
           gboolean           is_alternative,
           gint64             now)
{
  PinionSearchTerm *term = g_new0 (PinionSearchTerm, 1);
  const char *begin = text;

  term->start = (gsize) (text - self->text);
  term->is_alternative = is_alternative && self->terms->len > 0;
  if (*text == '-' && text[1] != '\0' && !is_blank (text + 1))
    {
      term->negated = TRUE;
      begin++;
    }

  const char *end = read_field (term, begin, now);
  if (end == NULL)
    end = read_value (term, begin);
  term->end = (gsize) (end - self->text);
  term->is_last = *end == '\0' && !term->exact;
  g_ptr_array_add (self->terms, term);

  return end;
}

static void
read_terms (PinionSearchQuery *self,
            gint64             now)
{
  gboolean is_alternative = FALSE;
  const char *text = skip_blanks (self->text);

  while (*text != '\0' && self->terms->len < PINION_SEARCH_MAX_TERMS)
    {
      if (self->terms->len > 0 && !is_alternative && is_or (text))
        {
          is_alternative = TRUE;
          text = skip_blanks (text + 2);
          continue;
        }
      text = skip_blanks (read_term (self, text, is_alternative, now));
      is_alternative = FALSE;
    }
}

PinionSearchQuery *
pinion_search_query_parse (const char *text,
                           gint64      now)
{
  PinionSearchQuery *self = g_atomic_rc_box_new0 (PinionSearchQuery);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  self->text = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1),
                                                PINION_SEARCH_MAX_TEXT));
  self->terms = g_ptr_array_new_with_free_func (term_free);
  read_terms (self, now);

  return self;
}

/* -- The parsed form --------------------------------------------------------------------------- */

gboolean
pinion_search_term_is_text (const PinionSearchTerm *self)
{
  return self->field <= PINION_SEARCH_FILE_NAME;
}

static gboolean
note_word (const char    *word,
           gsize          length,
           PinionWordKind kind,
           gsize          start,
           gsize          end,
           gpointer       user_data)
{
  *(gboolean *) user_data = TRUE;

  return FALSE;
}

gboolean
pinion_search_query_is_empty (const PinionSearchQuery *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->terms->len && !any; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (self->terms, i);

      if (!pinion_search_term_is_text (term))
        any = TRUE;
      else
        pinion_words_each (term->text, strlen (term->text), TRUE, note_word, &any);
    }

  return !any;
}

char *
pinion_search_query_dup_without (const PinionSearchQuery *self,
                                 guint                    index)
{
  const PinionSearchTerm *term;
  gsize start, end;

  g_return_val_if_fail (index < self->terms->len, g_strdup (self->text));

  /* With the OR before it, or else the one behind it. */
  term = g_ptr_array_index (self->terms, index);
  start = term->start;
  end = term->end;
  if (term->is_alternative)
    start = ((PinionSearchTerm *) g_ptr_array_index (self->terms, index - 1))->end;
  else if (index + 1 < self->terms->len)
    end = ((PinionSearchTerm *) g_ptr_array_index (self->terms, index + 1))->start;

  GString *text = g_string_new_len (self->text, (gssize) start);
  g_string_append (text, self->text + end);
  g_strchomp (text->str);

  return g_string_free (text, FALSE);
}

const char *
pinion_search_field_to_string (PinionSearchField field)
{
  for (guint i = 0; i < G_N_ELEMENTS (field_names); i++)
    {
      if (field_names[i].field == field)
        return field_names[i].name;
    }
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    {
      if (state_names[i].field == field)
        return state_names[i].name;
    }

  return "";
}
