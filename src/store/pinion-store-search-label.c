/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which labels label: means. */

#include "pinion-store-search-private.h"

#include "pinion-words.h"

#include <string.h>

/* @plain: lower case alone, since a path may be of signs that are no words ("C++"); @folded: words.
 * @is_exact: nothing may be missing at the end.  @is_literal: a label has just this path, and only
 * it is meant. */
typedef struct
{
  char *plain;
  char *folded;
  gboolean is_exact;
  gboolean is_literal;
} Wanted;

static void
wanted_clear (Wanted *self)
{
  g_free (self->plain);
  g_free (self->folded);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static char *
dup_plain (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_DEFAULT_COMPOSE);

  return g_utf8_casefold (composed != NULL ? composed : text, -1);
}

/* The label itself or one inside it. */
static gboolean
is_at_or_inside (const char *path,
                 const char *wanted)
{
  gsize length = strlen (wanted);

  return strncmp (path, wanted, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* Whether the first levels of @path have these words. */
static gboolean
has_words (const char *path,
           const char *folded)
{
  for (const char *slash = path; *folded != '\0' && slash != NULL;)
    {
      slash = strchr (slash + 1, '/');
      g_autofree char *level = slash != NULL ? g_strndup (path, (gsize) (slash - path))
                                             : g_strdup (path);
      g_autofree char *words = pinion_words_fold (level);

      if (strcmp (words, folded) == 0)
        return TRUE;
    }

  return FALSE;
}

/* "Clients/Lakeside/2024" is meant by "Lakeside" and "Lakeside/2024", too. */
static gboolean
has_part (const Wanted *wanted,
          const char   *path)
{
  for (const char *part = path; part != NULL;)
    {
      g_autofree char *plain = dup_plain (part);

      if (is_at_or_inside (plain, wanted->plain) || has_words (part, wanted->folded))
        return TRUE;
      part = strchr (part, '/');
      part = part != NULL ? part + 1 : NULL;
    }

  return FALSE;
}

static gboolean
begins (const Wanted *wanted,
        const char   *text)
{
  g_autofree char *folded = pinion_words_fold (text);
  g_autofree char *plain = dup_plain (text);

  return (*wanted->folded != '\0' && g_str_has_prefix (folded, wanted->folded))
         || g_str_has_prefix (plain, wanted->plain);
}

static gboolean
is_path (const Wanted *wanted,
         const char   *path)
{
  g_autofree char *plain = dup_plain (path);

  if (wanted->is_literal)
    return is_at_or_inside (plain, wanted->plain);
  if (wanted->is_exact)
    return has_part (wanted, path);

  /* What is inside a label whose name begins so is meant as well. */
  for (const char *part = path; part != NULL;)
    {
      if (begins (wanted, part))
        return TRUE;
      part = strchr (part, '/');
      part = part != NULL ? part + 1 : NULL;
    }

  return FALSE;
}

static gboolean
is_role (const Wanted *wanted,
         gint64        role)
{
  static const char *const roles[] = {
    [PINION_FOLDER_ROLE_INBOX] = " inbox",   [PINION_FOLDER_ROLE_SENT] = " sent",
    [PINION_FOLDER_ROLE_DRAFTS] = " drafts", [PINION_FOLDER_ROLE_TRASH] = " trash",
    [PINION_FOLDER_ROLE_JUNK] = " junk",     [PINION_FOLDER_ROLE_ARCHIVE] = " archive",
  };

  if (wanted->is_literal || *wanted->folded == '\0' || role <= 0
      || role >= (gint64) G_N_ELEMENTS (roles) || roles[role] == NULL)
    return FALSE;
  if (role == PINION_FOLDER_ROLE_JUNK && strcmp (wanted->folded, " spam") == 0)
    return TRUE;

  return wanted->is_exact ? strcmp (roles[role], wanted->folded) == 0
                          : g_str_has_prefix (roles[role], wanted->folded);
}

static gboolean
is_some_path (PinionStoreSession *session,
              const char         *plain)
{
  g_auto (PinionQuery) query = pinion_query (session, "SELECT path FROM folder");

  while (pinion_query_next (&query))
    {
      g_autofree char *path = dup_plain (pinion_query_text (&query, 0));

      if (strcmp (path, plain) == 0)
        return TRUE;
    }

  return FALSE;
}

char *
pinion_search_label_ids (PinionStoreSession     *session,
                         const PinionSearchTerm *term,
                         gboolean               *drafts)
{
  g_auto (Wanted) wanted = { dup_plain (term->text), pinion_words_fold (term->text), term->exact,
                             FALSE };
  GString *ids = g_string_new (NULL);

  wanted.is_literal = term->exact && is_some_path (session, wanted.plain);
  *drafts = !wanted.is_literal && strcmp (wanted.folded, " drafts") == 0;

  g_auto (PinionQuery) query = pinion_query (session,
                                             "SELECT id, path, role FROM folder ORDER BY id");
  while (*wanted.plain != '\0' && pinion_query_next (&query))
    {
      gint64 role = pinion_query_int (&query, 2);

      if (!is_path (&wanted, pinion_query_text (&query, 1)) && !is_role (&wanted, role))
        continue;
      g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, ids->len > 0 ? ", " : "",
                              pinion_query_int (&query, 0));
      *drafts |= role == PINION_FOLDER_ROLE_DRAFTS;
    }

  return g_string_free (ids, FALSE);
}
