/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person's question as keys of SEARCH (RFC 3501, 6.4.4).
 *
 * Every term becomes one key with or without a value, so that OR, which takes two, needs no
 * parentheses: "a OR b OR c" is OR a OR b c.  A question has at most PINION_SEARCH_MAX_TEXT
 * bytes, which fits into one line of any server. */

#include "pinion-imap-search-private.h"

#include "pinion-error.h"
#include "pinion-imap-fetch.h"

#include <string.h>

#define DAY (24 * 60 * 60)

/* The first of 9999: years have four digits. */
#define LAST_DAY G_GINT64_CONSTANT (253370764800)

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80)
      return FALSE;

  return TRUE;
}

/* Nothing can be asked for: a field that is still being typed, or signs that are no words. */
static gboolean
is_empty (const PinionSearchTerm *term)
{
  return pinion_search_term_is_text (term) && *term->text == '\0';
}

/* Key of a field with a value of text; %NULL: it has none. */
static const char *
key_of_text (PinionSearchField field)
{
  switch (field)
    {
    case PINION_SEARCH_WORDS:
      return "TEXT";
    case PINION_SEARCH_FROM:
      return "FROM";
    case PINION_SEARCH_TO:
      return "TO";
    case PINION_SEARCH_CC:
      return "CC";
    case PINION_SEARCH_BCC:
      return "BCC";
    case PINION_SEARCH_SUBJECT:
      return "SUBJECT";
    case PINION_SEARCH_BODY:
      return "BODY";
    default:
      return NULL;
    }
}

/* What is turned around is said the other way, so that a day too much stays one. */
static char *
dup_date_key (const PinionSearchTerm *term)
{
  gboolean before = (term->field == PINION_SEARCH_BEFORE) != term->negated;
  gint64 day = term->value + (before ? 2 * DAY : -DAY);
  g_autofree char *date = pinion_imap_date_format (CLAMP (day, 0, LAST_DAY));
  char *blank = strchr (date, ' ');

  if (blank != NULL)
    *blank = '\0';

  return g_strconcat (before ? "BEFORE " : "SINCE ", date, NULL);
}

static char *
dup_size_key (const PinionSearchTerm *term)
{
  gint64 size = CLAMP (term->value, 0, G_MAXUINT32);

  return g_strdup_printf ("%s %" G_GINT64_FORMAT,
                          term->field == PINION_SEARCH_LARGER ? "LARGER" : "SMALLER", size);
}

/* The key without its NOT.  @value: (out) (nullable).  Returns: (transfer full) (nullable) */
static char *
dup_key (const PinionSearchTerm *term,
         const char            **value)
{
  *value = NULL;
  switch (term->field)
    {
    case PINION_SEARCH_BEFORE:
    case PINION_SEARCH_AFTER:
      return dup_date_key (term);
    case PINION_SEARCH_LARGER:
    case PINION_SEARCH_SMALLER:
      return dup_size_key (term);
    case PINION_SEARCH_UNREAD:
      return g_strdup ("UNSEEN");
    case PINION_SEARCH_READ:
      return g_strdup ("SEEN");
    case PINION_SEARCH_STARRED:
      return g_strdup ("FLAGGED");
    case PINION_SEARCH_HAS_ATTACHMENT:
      /* The best a server can be asked; what comes is looked at closer here. */
      *value = "multipart/mixed";
      return g_strdup ("HEADER Content-Type");
    default:
      *value = term->text;
      return g_strdup (key_of_text (term->field));
    }
}

static gboolean
add_term (PinionImapSearch       *self,
          const PinionSearchTerm *term,
          guint                   n_choices,
          gboolean                ascii_only,
          GError                **error)
{
  const char *value;
  g_autofree char *key = dup_key (term, &value);
  gboolean is_date = term->field == PINION_SEARCH_BEFORE || term->field == PINION_SEARCH_AFTER;

  if (key == NULL)
    return pinion_error_set (error, PINION_ERROR_SEARCH_UNSUPPORTED, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_NONE, "no key of SEARCH for %s:",
                             pinion_search_field_to_string (term->field));
  if (value != NULL && !is_ascii (value))
    {
      if (ascii_only)
        return pinion_error_set (error, PINION_ERROR_SEARCH_ASCII_ONLY, PINION_PROTOCOL_IMAP,
                                 PINION_STAGE_NONE, "SEARCH takes US-ASCII only");
      self->is_unicode = TRUE;
    }

  g_ptr_array_add (self->asked, g_strconcat (n_choices > 1 ? "OR " : "",
                                             term->negated && !is_date ? "NOT " : "", key, NULL));
  g_ptr_array_add (self->asked, g_strdup (value));

  return TRUE;
}

/* How many choices there are from @first on that belong together; those that are empty count. */
static guint
count_choices (const PinionSearchQuery *query,
               guint                    first)
{
  guint n = 1;

  while (first + n < query->terms->len
         && ((const PinionSearchTerm *) query->terms->pdata[first + n])->is_alternative)
    n++;

  return n;
}

static gboolean
add_choices (PinionImapSearch        *self,
             const PinionSearchQuery *query,
             guint                    first,
             guint                    n,
             gboolean                 ascii_only,
             GError                 **error)
{
  guint left = 0;

  for (guint i = first; i < first + n; i++)
    left += !is_empty (query->terms->pdata[i]);

  for (guint i = first; i < first + n; i++)
    {
      const PinionSearchTerm *term = query->terms->pdata[i];

      if (is_empty (term) || (n == 1 && term->field == PINION_SEARCH_LABEL))
        continue;
      if (!add_term (self, term, left--, ascii_only, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
pinion_imap_search_add_query (PinionImapSearch        *self,
                              const PinionSearchQuery *query,
                              gboolean                 ascii_only,
                              GError                 **error)
{
  for (guint i = 0; i < query->terms->len;)
    {
      guint n = count_choices (query, i);

      if (!add_choices (self, query, i, n, ascii_only, error))
        return FALSE;
      i += n;
    }

  return TRUE;
}
