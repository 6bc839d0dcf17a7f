/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person types into the search field, understood.
 *
 *   budget "exact words" from:ana -draft label:Projects has:attachment after:2024-01 OR is:starred
 *
 * Every term has to hold; OR between two makes them alternatives; a minus before a term turns it
 * around.  A word stands for everything that begins with it; what is in quotes is found as it is,
 * in this order, and "" in quotes is one quotation mark: label:"The ""new"" plan".  Nothing is an
 * error: what is not understood is searched as words.
 *
 * Fields: from to cc bcc subject body label (or in) filename; has:attachment; is:unread is:read
 * is:starred; before: after: with a day (2024-03-09), a month, a year, today, yesterday, a weekday,
 * or how long ago (7d 2w 3m 1y); larger: smaller: with bytes, K, M or G.  A day begins at midnight
 * of this computer's time zone; after: has the day itself in it, before: has not.
 *
 * A label is meant by the beginning of its path or of the last part of it, or by what it is for
 * (inbox, sent, drafts, trash, junk, spam, archive); in quotes by the whole of one of these, the
 * labels inside it included.  Where a label has exactly the path that is in quotes, letter by
 * letter but for case, no other is meant.
 *
 * The parsed form is immutable, and tells for each term where it stands in the text, so that it can
 * be shown as a chip. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How much of a text is looked at. */
#define PINION_SEARCH_MAX_TEXT 2000
#define PINION_SEARCH_MAX_TERMS 50

typedef enum
{
  PINION_SEARCH_WORDS, /* anywhere */
  PINION_SEARCH_FROM,
  PINION_SEARCH_TO,
  PINION_SEARCH_CC,
  PINION_SEARCH_BCC,
  PINION_SEARCH_SUBJECT,
  PINION_SEARCH_BODY,
  PINION_SEARCH_FILE_NAME,
  PINION_SEARCH_LABEL,
  PINION_SEARCH_HAS_ATTACHMENT,
  PINION_SEARCH_UNREAD,
  PINION_SEARCH_READ,
  PINION_SEARCH_STARRED,
  PINION_SEARCH_BEFORE,
  PINION_SEARCH_AFTER,
  PINION_SEARCH_LARGER,
  PINION_SEARCH_SMALLER,
} PinionSearchField;

/* @text: the value without quotes and prefix.  @value: seconds since 1970 of BEFORE and AFTER,
 * bytes of LARGER and SMALLER.  @negated: turned around.  @exact: it was in quotes.  @is_last: it
 * ends where the text ends, and may still be being typed.  @is_alternative: OR stands before it, it
 * is one choice with the term before.  @start, @end: its bytes in the text. */
typedef struct
{
  PinionSearchField field;
  char *text;
  gint64 value;
  gboolean negated;
  gboolean exact;
  gboolean is_last;
  gboolean is_alternative;
  gsize start;
  gsize end;
} PinionSearchTerm;

/* @terms: of PinionSearchTerm. */
typedef struct
{
  char *text;
  GPtrArray *terms;
} PinionSearchQuery;

#define PINION_TYPE_SEARCH_QUERY (pinion_search_query_get_type ())
GType pinion_search_query_get_type (void);

/* @text: (nullable) any bytes.  @now: seconds, what relative dates count from.
 * Returns: (transfer full) */
PinionSearchQuery *pinion_search_query_parse (const char *text,
                                              gint64      now);

PinionSearchQuery *pinion_search_query_ref   (PinionSearchQuery *self);
void               pinion_search_query_unref (PinionSearchQuery *self);

/* Whether there is anything to search for. */
gboolean pinion_search_query_is_empty (const PinionSearchQuery *self);

/* Whether the term is about text rather than about what the message is. */
gboolean pinion_search_term_is_text (const PinionSearchTerm *self);

/* The text without the term @index, for a chip that is taken away.  Returns: (transfer full) */
char *pinion_search_query_dup_without (const PinionSearchQuery *self,
                                       guint                    index);

/* The field's name as it is typed, "from".  "" for WORDS. */
const char *pinion_search_field_to_string (PinionSearchField field);

/* Bytes of a text. */
typedef struct
{
  gsize start;
  gsize end;
} PinionSearchRange;

/* What of @text was found, for marking it: ascending, apart from each other.  @field: what @text is
 * of: SUBJECT, FROM, FILE_NAME, or BODY for a piece of the text.
 * Returns: (transfer full): PinionSearchRange */
GArray *pinion_search_query_mark (const PinionSearchQuery *self,
                                  PinionSearchField        field,
                                  const char              *text);

/* Some of a query's terms: PINION_SEARCH_TERM (i) for that at @i, of which there are at most
 * PINION_SEARCH_MAX_TERMS. */
typedef guint64 PinionSearchTerms;
#define PINION_SEARCH_TERM(i) (G_GUINT64_CONSTANT (1) << (i))

/* Those of which something would be marked in @text. */
PinionSearchTerms pinion_search_query_find_terms (const PinionSearchQuery *self,
                                                  PinionSearchField        field,
                                                  const char              *text);

/* The first of @terms in @text, which may be long; borders as they are marked.
 * Returns: whether there is one */
gboolean pinion_search_query_find (const PinionSearchQuery *self,
                                   PinionSearchTerms        terms,
                                   PinionSearchField        field,
                                   const char              *text,
                                   PinionSearchRange       *range);

/* -- pinion-search-excerpt.c */

/* A text, and what it is of. */
typedef struct
{
  PinionSearchField field;
  const char *text;
} PinionSearchText;

/* What may have been found in a message's text or in the name of a file with it, and what none of
 * @shown tells the person.  Of alternatives one is enough. */
PinionSearchTerms pinion_search_query_get_unseen (const PinionSearchQuery *self,
                                                  const PinionSearchText  *shown,
                                                  guint                    n_shown);

/* Words of @text, of several lines, around the first of @terms in it: one line that is fit to be
 * shown, "…" where something is left out.
 * Returns: (transfer full) (nullable): %NULL where there is none of them */
char *pinion_search_query_dup_excerpt (const PinionSearchQuery *self,
                                       PinionSearchTerms        terms,
                                       const char              *text);

/* The date at @text ("2024-03", "yesterday", "3w"): where it begins, in this computer's time zone.
 * Returns: %FALSE where it is none */
gboolean pinion_search_parse_date (const char *text,
                                   gint64      now,
                                   gint64     *seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSearchQuery, pinion_search_query_unref)

G_END_DECLS
