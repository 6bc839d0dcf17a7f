/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person asks, as FTS5 and SQL.
 *
 * A question is a conjunction of groups, each of one term or of alternatives (OR).  Groups of words
 * alone become one FTS5 expression, which drives the search.  What is about the message becomes
 * SQL. Where the two are mixed, the words are asked for apart, and the SQL asks search_has().
 *
 * What was typed reaches FTS5 only inside its quotation marks, as a bound value, and SQL never. */

#include "pinion-store-search-private.h"

#include "pinion-store-counters.h"
#include "pinion-words.h"

#include <string.h>

/* A beginning of a word is looked up from this length on; of the last word, which may still be
 * being typed, from the first character on. */
#define LEAST_PREFIX 3

/* With fewer messages that pass a filter, these are gone through instead of the quarters. */
#define FEW_LARGE 1000000

/* Of the words of a term.  @text: the last of them, @last_length its characters. */
typedef struct
{
  guint n;
  char text[PINION_WORD_MAX + 1];
  PinionWordKind last;
  gsize last_length;
} Shape;

static void
beginning_free (gpointer data)
{
  PinionSearchBeginning *self = data;

  g_free (self->text);
  g_free (self->match);
  g_free (self);
}

void
pinion_search_plan_clear (PinionSearchPlan *self)
{
  g_string_free (self->match, TRUE);
  g_string_free (self->rest, TRUE);
  g_ptr_array_unref (self->beginnings);
  g_ptr_array_unref (self->sets);
  g_string_free (self->filter, TRUE);
  g_array_unref (self->values);
  g_ptr_array_unref (self->candidates);
}

/* -- Words ------------------------------------------------------------------------------------- */

static gboolean
note_shape (const char    *word,
            gsize          length,
            PinionWordKind kind,
            gsize          start,
            gsize          end,
            gpointer       user_data)
{
  Shape *shape = user_data;

  shape->n++;
  memcpy (shape->text, word, length);
  shape->text[length] = '\0';
  shape->last = kind;
  shape->last_length = (gsize) g_utf8_strlen (word, (gssize) length);

  return TRUE;
}

static const char *
column_of (PinionSearchField field)
{
  switch (field)
    {
    case PINION_SEARCH_FROM:
      return "sender : ";
    case PINION_SEARCH_TO:
      return "recipients : ";
    case PINION_SEARCH_CC:
      return "copies : ";
    case PINION_SEARCH_BCC:
      return "blind : ";
    case PINION_SEARCH_SUBJECT:
      return "subject : ";
    case PINION_SEARCH_BODY:
      return "body : ";
    case PINION_SEARCH_FILE_NAME:
      return "files : ";
    default:
      return "";
    }
}

static gboolean
is_open (const PinionSearchTerm *term,
         const Shape            *shape)
{
  if (shape->last == PINION_WORD_SINGLE)
    return TRUE;
  if (shape->last == PINION_WORD_PAIR || term->exact)
    return FALSE;

  return term->is_last || shape->last_length >= LEAST_PREFIX;
}

/* Returns: (nullable) (transfer full): %NULL where there is no word in it */
static char *
dup_match (const PinionSearchTerm *term)
{
  Shape shape = { 0 };
  GString *match = g_string_new (column_of (term->field));

  pinion_words_each (term->text, strlen (term->text), TRUE, note_shape, &shape);
  if (shape.n == 0)
    {
      g_string_free (match, TRUE);
      return NULL;
    }

  g_string_append_c (match, '"');
  for (const char *p = term->text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (match, '"');
      g_string_append_c (match, *p);
    }
  g_string_append_c (match, '"');
  if (is_open (term, &shape))
    g_string_append (match, " *");

  return g_string_free (match, FALSE);
}

/* -- Filters ----------------------------------------------------------------------------------- */

static void
bind (PinionSearchPlan *self,
      PinionSqlValue    value)
{
  g_array_append_val (self->values, value);
  g_string_append_printf (self->filter, "?%u", self->values->len + 1);
}

static void
add_label (PinionSearchPlan       *self,
           PinionStoreSession     *session,
           const PinionSearchTerm *term,
           gboolean                is_alone)
{
  gboolean drafts = FALSE;
  g_autofree char *ids = pinion_search_label_ids (session, term, &drafts);

  g_string_append_printf (self->filter,
                          "(%s EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND"
                          " p.folder_id IN (%s) AND " PINION_STORE_SHOWN "))",
                          drafts ? "m.local_draft = 1 OR" : "", ids);

  if (is_alone && !drafts && !term->negated)
    g_ptr_array_add (self->candidates,
                     g_strdup_printf ("SELECT message_id AS id FROM placement"
                                      " WHERE folder_id IN (%s)",
                                      ids));
}

static void
add_sizes_and_dates (PinionSearchPlan       *self,
                     const PinionSearchTerm *term)
{
  static const char *const comparisons[] = {
    [PINION_SEARCH_BEFORE] = "m.date < ",
    [PINION_SEARCH_AFTER] = "m.date >= ",
    [PINION_SEARCH_LARGER] = "m.size > ",
    [PINION_SEARCH_SMALLER] = "m.size < ",
  };

  g_string_append (self->filter, comparisons[term->field]);
  bind (self, sql_int (term->value));
}

/* What is not read is unread, and what is not before a day after it: the field that says the same
 * as @term without its minus.  Returns: WORDS where there is none */
static PinionSearchField
field_without_minus (const PinionSearchTerm *term)
{
  static const PinionSearchField opposites[] = {
    [PINION_SEARCH_UNREAD] = PINION_SEARCH_READ,
    [PINION_SEARCH_READ] = PINION_SEARCH_UNREAD,
    [PINION_SEARCH_BEFORE] = PINION_SEARCH_AFTER,
    [PINION_SEARCH_AFTER] = PINION_SEARCH_BEFORE,
    [PINION_SEARCH_SMALLER] = PINION_SEARCH_LARGER,
  };

  if (!term->negated)
    return term->field;

  return term->field < G_N_ELEMENTS (opposites) ? opposites[term->field] : PINION_SEARCH_WORDS;
}

/* What a term that stands alone says about where to look. */
static void
narrow (PinionSearchPlan       *self,
        const PinionSearchTerm *term)
{
  const char *candidates = NULL;

  switch (field_without_minus (term))
    {
    case PINION_SEARCH_BEFORE:
      self->last_key = MIN (self->last_key, term->value / PINION_SEARCH_KEY_SECONDS
                                              + PINION_SEARCH_KEY_SPREAD);
      break;
    case PINION_SEARCH_AFTER:
      self->first_key = MAX (self->first_key, term->value / PINION_SEARCH_KEY_SECONDS);
      break;
    case PINION_SEARCH_UNREAD:
      candidates = "SELECT id FROM message INDEXED BY search_unread WHERE flags & 1 = 0";
      break;
    case PINION_SEARCH_STARRED:
      candidates = "SELECT id FROM message INDEXED BY search_starred WHERE flags & 4";
      break;
    case PINION_SEARCH_HAS_ATTACHMENT:
      candidates
        = "SELECT id FROM message INDEXED BY search_attachment WHERE has_attachments";
      break;
    case PINION_SEARCH_LARGER:
      if (term->value > FEW_LARGE)
        candidates = "SELECT id FROM message INDEXED BY search_large WHERE size >= 1000000";
      break;
    default:
      break;
    }

  if (candidates != NULL)
    g_ptr_array_add (self->candidates, g_strdup (candidates));
}

static void
add_state (PinionSearchPlan       *self,
           PinionStoreSession     *session,
           const PinionSearchTerm *term,
           gboolean                is_alone)
{
  switch (term->field)
    {
    case PINION_SEARCH_LABEL:
      add_label (self, session, term, is_alone);
      break;
    case PINION_SEARCH_HAS_ATTACHMENT:
      g_string_append (self->filter, "m.has_attachments <> 0");
      break;
    case PINION_SEARCH_UNREAD:
      g_string_append (self->filter, "m.flags & 1 = 0");
      break;
    case PINION_SEARCH_READ:
      g_string_append (self->filter, "m.flags & 1 <> 0");
      break;
    case PINION_SEARCH_STARRED:
      g_string_append (self->filter, "m.flags & 4 <> 0");
      break;
    case PINION_SEARCH_FROM: /* from:me */
      g_string_append (self->filter,
                       "m.from_address COLLATE NOCASE IN (SELECT email FROM account)");
      break;
    default:
      add_sizes_and_dates (self, term);
      break;
    }
}

/* -- Groups ------------------------------------------------------------------------------------ */

static gboolean
is_from_me (const PinionSearchTerm *term)
{
  return term->field == PINION_SEARCH_FROM && !term->exact
         && g_ascii_strcasecmp (term->text, "me") == 0;
}

static gboolean
is_words (const PinionSearchTerm *term)
{
  return pinion_search_term_is_text (term) && !is_from_me (term);
}

static void
add_set (PinionSearchPlan *self,
         char             *match)
{
  g_string_append_printf (self->filter, "search_has (%u, d.key)", self->sets->len);
  g_ptr_array_add (self->sets, match);
}

/* One term of a group as SQL.  @any: whether one stands before it. */
static void
add_choice (PinionSearchPlan       *self,
            PinionStoreSession     *session,
            const PinionSearchTerm *term,
            gboolean                is_alone,
            gboolean               *any)
{
  char *match = is_words (term) ? dup_match (term) : NULL;

  if (is_words (term) && match == NULL)
    return;

  g_string_append (self->filter, *any ? " OR " : " AND (");
  g_string_append (self->filter, term->negated ? "NOT (" : "(");
  if (match != NULL)
    add_set (self, match);
  else
    add_state (self, session, term, is_alone);
  g_string_append_c (self->filter, ')');
  *any = TRUE;
}

static void
add_filter_group (PinionSearchPlan    *self,
                  PinionStoreSession  *session,
                  PinionSearchTerm   **terms,
                  guint                n_terms)
{
  gboolean any = FALSE;

  if (n_terms == 1 && !is_words (terms[0]))
    narrow (self, terms[0]);
  for (guint i = 0; i < n_terms; i++)
    add_choice (self, session, terms[i], n_terms == 1, &any);
  if (any)
    g_string_append_c (self->filter, ')');
}

/* Only words, none turned around: FTS5 alone decides. */
static gboolean
is_match_group (PinionSearchTerm **terms,
                guint              n_terms)
{
  for (guint i = 0; i < n_terms; i++)
    {
      if (!is_words (terms[i]) || terms[i]->negated)
        return FALSE;
    }

  return TRUE;
}

/* The one word of @term, where it is a short beginning.  Returns: (nullable) (transfer full) */
static char *
dup_beginning (const PinionSearchTerm *term)
{
  Shape shape = { 0 };

  if (term->field != PINION_SEARCH_WORDS)
    return NULL;

  pinion_words_each (term->text, strlen (term->text), TRUE, note_shape, &shape);
  if (shape.n != 1 || shape.last != PINION_WORD_WHOLE || !is_open (term, &shape)
      || shape.last_length > PINION_SEARCH_SHORT_MAX)
    return NULL;

  return g_strdup (shape.text);
}

static void
append_and (GString    *all,
            const char *group)
{
  g_string_append_printf (all, "%s(%s)", all->len > 0 ? " AND " : "", group);
}

static void
add_match_group (PinionSearchPlan  *self,
                 PinionSearchTerm **terms,
                 guint              n_terms)
{
  g_autoptr (GString) group = g_string_new (NULL);
  g_autofree char *beginning = n_terms == 1 ? dup_beginning (terms[0]) : NULL;

  for (guint i = 0; i < n_terms; i++)
    {
      g_autofree char *match = dup_match (terms[i]);

      if (match != NULL)
        g_string_append_printf (group, "%s(%s)", group->len > 0 ? " OR " : "", match);
    }
  if (group->len == 0)
    return;

  append_and (self->match, group->str);
  if (beginning == NULL)
    {
      append_and (self->rest, group->str);
      return;
    }

  PinionSearchBeginning *entry = g_new0 (PinionSearchBeginning, 1);
  entry->text = g_steal_pointer (&beginning);
  entry->match = g_strdup (group->str);
  g_ptr_array_add (self->beginnings, entry);
}

void
pinion_search_plan_ask_for (PinionSearchPlan *self,
                            guint             index)
{
  const PinionSearchBeginning *entry = g_ptr_array_index (self->beginnings, index);

  append_and (self->rest, entry->match);
  g_ptr_array_remove_index (self->beginnings, index);
}

static void
append_not (GString    *all,
            const char *match)
{
  if (all->len == 0)
    return;

  g_string_prepend_c (all, '(');
  g_string_append_printf (all, ") NOT (%s)", match);
}

/* A single word that must not be there, where something else drives the search. */
static gboolean
add_match_without (PinionSearchPlan *self,
                   PinionSearchTerm *term)
{
  gboolean is_driven = self->match->len > 0
                       && (self->rest->len > 0 || self->beginnings->len == 0);

  if (!is_driven || !is_words (term) || !term->negated)
    return FALSE;

  g_autofree char *match = dup_match (term);
  if (match != NULL)
    {
      append_not (self->match, match);
      append_not (self->rest, match);
    }

  return TRUE;
}

static guint
group_size (GPtrArray *terms,
            guint      first)
{
  guint n = 1;

  while (first + n < terms->len
         && ((PinionSearchTerm *) g_ptr_array_index (terms, first + n))->is_alternative)
    n++;

  return n;
}

static void
add_groups (PinionSearchPlan        *self,
            PinionStoreSession      *session,
            const PinionSearchQuery *query)
{
  PinionSearchTerm **terms = (PinionSearchTerm **) query->terms->pdata;
  guint n;

  for (guint i = 0; i < query->terms->len; i += n)
    {
      n = group_size (query->terms, i);
      if (is_match_group (terms + i, n))
        add_match_group (self, terms + i, n);
    }

  for (guint i = 0; i < query->terms->len; i += n)
    {
      n = group_size (query->terms, i);
      if (!is_match_group (terms + i, n) && !(n == 1 && add_match_without (self, terms[i])))
        add_filter_group (self, session, terms + i, n);
    }
}

void
pinion_search_plan_init (PinionSearchPlan        *self,
                         PinionStoreSession      *session,
                         const PinionSearchQuery *query)
{
  self->match = g_string_new (NULL);
  self->rest = g_string_new (NULL);
  self->beginnings = g_ptr_array_new_with_free_func (beginning_free);
  self->sets = g_ptr_array_new_with_free_func (g_free);
  self->filter = g_string_new (NULL);
  self->values = g_array_new (FALSE, FALSE, sizeof (PinionSqlValue));
  self->candidates = g_ptr_array_new_with_free_func (g_free);
  self->first_key = 0;
  self->last_key = G_MAXINT64;

  self->is_hopeless = pinion_search_query_is_empty (query);
  if (!self->is_hopeless)
    add_groups (self, session, query);
}
