/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-saved-searches.h"

#include <string.h>

#include "pinion-search-query.h"
#include "pinion-store-arranged.h"
#include "pinion-store-session.h"
#include "pinion-store-sql.h"
#include "pinion-store-undo.h"

#define RESCUE_PREFIX "search "

#define COLUMNS "id, name, query, search_order, pinned"

void
pinion_store_saved_search_free (PinionStoreSavedSearch *self)
{
  g_free (self->name);
  g_free (self->query);
  g_free (self);
}

/* A file that somebody else wrote into may have any bytes. */
static char *
dup_valid (PinionQuery *query,
           int          column)
{
  const char *text = pinion_query_text (query, column);

  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

static PinionStoreSavedSearch *
read_search (PinionQuery *query)
{
  PinionStoreSavedSearch *search = g_new0 (PinionStoreSavedSearch, 1);

  search->id = pinion_query_int (query, 0);
  search->name = dup_valid (query, 1);
  search->query = dup_valid (query, 2);
  search->order = pinion_query_int (query, 3) == PINION_STORE_SEARCH_BY_RELEVANCE
                    ? PINION_STORE_SEARCH_BY_RELEVANCE
                    : PINION_STORE_SEARCH_BY_DATE;
  search->pinned = pinion_query_int (query, 4) != 0;

  return search;
}

GPtrArray *
pinion_store_saved_searches_list (PinionStoreSession *session)
{
  GPtrArray *searches
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_saved_search_free);
  g_auto (PinionQuery) query = pinion_query_start (
    session, "SELECT " COLUMNS " FROM saved_search ORDER BY position, id LIMIT 1000", NULL, 0);

  while (pinion_query_next (&query))
    g_ptr_array_add (searches, read_search (&query));

  return searches;
}

static char *
dup_folded (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : name, -1);
}

gint64
pinion_store_saved_search_find (PinionStoreSession *session,
                                const char         *name)
{
  g_autoptr (GPtrArray) searches = pinion_store_saved_searches_list (session);
  g_autofree char *wanted = dup_folded (name);

  for (guint i = 0; i < searches->len; i++)
    {
      const PinionStoreSavedSearch *search = g_ptr_array_index (searches, i);
      g_autofree char *folded = dup_folded (search->name);

      if (strcmp (wanted, folded) == 0)
        return search->id;
    }

  return 0;
}

/* -- Steps ------------------------------------------------------------------------------------- */

static void
note_change (PinionStoreSession *session)
{
  session->folders = TRUE;
  session->rescue = TRUE;
}

static void
keep (PinionStoreSession *session,
      PinionUndoGroup    *group,
      gint64              search,
      gboolean            existed)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_saved_search (group_id, subject, existed, name, query,"
                  " search_order, pinned, position) SELECT ?, id, ?, name, query, search_order,"
                  " pinned, position FROM saved_search WHERE id = ?",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (existed ? 1 : 0),
                  sql_int (search));
  note_change (session);
}

static void
keep_existing (PinionStoreSession *session,
               PinionUndoGroup    *group,
               gint64              search)
{
  keep (session, group, search, TRUE);
}

static const PinionStoreArranged arranged_searches = {
  .has_name = "SELECT name = ? FROM saved_search WHERE id = ?",
  .set_name = "UPDATE saved_search SET name = ? WHERE id = ?",
  .set_position = "UPDATE saved_search SET position = ? WHERE id = ?",
  .keep = keep_existing,
};

static gboolean
check_exists (PinionStoreSession *session,
              gint64              search)
{
  if (pinion_sql_get (session, "SELECT count(*) FROM saved_search WHERE id = ?", sql_int (search))
      == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such search");

  return !pinion_store_session_has_failed (session);
}

/* One line that can be read. */
static gboolean
is_name (const char *name)
{
  if (*name == '\0' || strlen (name) > PINION_STORE_MAX_SEARCH_NAME
      || !g_utf8_validate (name, -1, NULL))
    return FALSE;

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}

static gboolean
check_name (PinionStoreSession *session,
            const char         *name)
{
  if (!is_name (name))
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "a search cannot have this name");

  return !pinion_store_session_has_failed (session);
}

static gboolean
check_query (PinionStoreSession *session,
             const char         *query)
{
  if (strlen (query) > PINION_SEARCH_MAX_TEXT || !g_utf8_validate (query, -1, NULL))
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                               "this cannot be searched for");

  return !pinion_store_session_has_failed (session);
}

/* -- Commands ---------------------------------------------------------------------------------- */

static gint64
save_new (PinionStoreSession    *session,
          const char            *name,
          const char            *query,
          PinionStoreSearchOrder order)
{
  PinionUndoGroup group = { 0 };

  if (pinion_sql_get_values (session, "SELECT count(*) FROM saved_search", NULL, 0)
      >= PINION_STORE_MAX_SAVED_SEARCHES)
    {
      pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                 "there are too many saved searches");
      return 0;
    }

  pinion_sql_run (session,
                  "INSERT INTO saved_search (name, query, search_order, pinned, position)"
                  " SELECT ?, ?, ?, 1, coalesce (max (position), 0) + 1 FROM saved_search",
                  sql_text (name), sql_text (query), sql_int (order));
  keep (session, &group, pinion_sql_last_id (session), FALSE);

  return group.id;
}

gint64
pinion_store_command_save_search (PinionStoreSession    *session,
                                  const char            *name,
                                  const char            *query,
                                  PinionStoreSearchOrder order)
{
  PinionUndoGroup group = { 0 };

  if (!check_name (session, name) || !check_query (session, query))
    return 0;

  gint64 known = pinion_store_saved_search_find (session, name);
  if (known == 0)
    return save_new (session, name, query, order);

  if (pinion_sql_get (session,
                      "SELECT count(*) FROM saved_search WHERE id = ? AND name = ? AND query = ?"
                      " AND search_order = ? AND pinned = 1",
                      sql_int (known), sql_text (name), sql_text (query), sql_int (order))
      != 0)
    return 0;

  keep (session, &group, known, TRUE);
  pinion_sql_run (session,
                  "UPDATE saved_search SET name = ?, query = ?, search_order = ?, pinned = 1"
                  " WHERE id = ?",
                  sql_text (name), sql_text (query), sql_int (order), sql_int (known));

  return group.id;
}

gint64
pinion_store_command_rename_search (PinionStoreSession *session,
                                    gint64              search,
                                    const char         *name)
{
  if (!check_exists (session, search) || !check_name (session, name))
    return 0;

  gint64 known = pinion_store_saved_search_find (session, name);
  if (known != 0 && known != search)
    {
      pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                 "there is a search with this name already");
      return 0;
    }

  return pinion_store_arranged_rename (session, &arranged_searches, search, name);
}

gint64
pinion_store_command_remove_search (PinionStoreSession *session,
                                    gint64              search)
{
  PinionUndoGroup group = { 0 };

  if (!check_exists (session, search))
    return 0;

  keep (session, &group, search, TRUE);
  pinion_sql_run (session, "DELETE FROM saved_search WHERE id = ?", sql_int (search));

  return group.id;
}

gint64
pinion_store_command_pin_search (PinionStoreSession *session,
                                 gint64              search,
                                 gboolean            pinned)
{
  PinionUndoGroup group = { 0 };

  if (!check_exists (session, search)
      || pinion_sql_get (session, "SELECT pinned FROM saved_search WHERE id = ?", sql_int (search))
           == (pinned ? 1 : 0))
    return 0;

  keep (session, &group, search, TRUE);
  pinion_sql_run (session, "UPDATE saved_search SET pinned = ? WHERE id = ?",
                  sql_int (pinned ? 1 : 0), sql_int (search));

  return group.id;
}

/* The others in their order, with @search in front of the pinned one at @position. */
static GArray *
make_order (PinionStoreSession *session,
            gint64              search,
            guint               position)
{
  g_autoptr (GPtrArray) searches = pinion_store_saved_searches_list (session);
  GArray *order = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean placed = FALSE;
  guint n_pinned = 0;

  for (guint i = 0; i < searches->len; i++)
    {
      const PinionStoreSavedSearch *other = g_ptr_array_index (searches, i);

      if (other->id == search)
        continue;
      if (!placed && n_pinned == position)
        {
          g_array_append_val (order, search);
          placed = TRUE;
        }
      g_array_append_val (order, other->id);
      n_pinned += other->pinned ? 1 : 0;
    }
  if (!placed)
    g_array_append_val (order, search);

  return order;
}

gint64
pinion_store_command_move_search (PinionStoreSession *session,
                                  gint64              search,
                                  guint               position)
{
  if (!check_exists (session, search))
    return 0;

  g_autoptr (GArray) order = make_order (session, search, position);

  return pinion_store_arranged_order (session, &arranged_searches, order);
}

/* -- Undo -------------------------------------------------------------------------------------- */

guint
pinion_store_saved_searches_undo (PinionStoreSession *session,
                                  gint64              group)
{
  gint64 steps = pinion_sql_get (session,
                                 "SELECT count(*) FROM undo_saved_search WHERE group_id = ?",
                                 sql_int (group));

  if (steps == 0)
    return 0;

  /* A group has each search once. */
  pinion_sql_run (session,
                  "DELETE FROM saved_search WHERE id IN (SELECT subject FROM undo_saved_search"
                  " WHERE group_id = ? AND existed = 0)",
                  sql_int (group));
  pinion_sql_run (session,
                  "INSERT OR REPLACE INTO saved_search (id, name, query, search_order, pinned,"
                  " position) SELECT subject, name, query, search_order, pinned, position"
                  " FROM undo_saved_search WHERE group_id = ? AND existed = 1",
                  sql_int (group));
  note_change (session);

  return (guint) steps;
}

/* -- The rescue file --------------------------------------------------------------------------- */

void
pinion_store_saved_searches_to_key_file (PinionStoreSession *session,
                                         GKeyFile           *file)
{
  g_autoptr (GPtrArray) searches = pinion_store_saved_searches_list (session);

  for (guint i = 0; i < searches->len; i++)
    {
      const PinionStoreSavedSearch *search = g_ptr_array_index (searches, i);
      g_autofree char *group = g_strdup_printf (RESCUE_PREFIX "%u", i);

      g_key_file_set_string (file, group, "name", search->name);
      g_key_file_set_string (file, group, "query", search->query);
      g_key_file_set_int64 (file, group, "search_order", search->order);
      g_key_file_set_boolean (file, group, "pinned", search->pinned);
    }
}

void
pinion_store_saved_searches_restore (PinionStoreSession *session,
                                     GKeyFile           *file)
{
  for (guint i = 0; i < PINION_STORE_MAX_SAVED_SEARCHES; i++)
    {
      g_autofree char *group = g_strdup_printf (RESCUE_PREFIX "%u", i);
      g_autofree char *name = g_key_file_get_string (file, group, "name", NULL);
      g_autofree char *query = g_key_file_get_string (file, group, "query", NULL);

      if (name == NULL || *name == '\0' || query == NULL)
        continue;
      pinion_sql_run (session,
                      "INSERT INTO saved_search (name, query, search_order, pinned, position)"
                      " VALUES (?, ?, ?, ?, ?)",
                      sql_text (name), sql_text (query),
                      sql_int (g_key_file_get_int64 (file, group, "search_order", NULL)),
                      sql_int (g_key_file_get_boolean (file, group, "pinned", NULL) ? 1 : 0),
                      sql_int (i + 1));
    }
  session->folders = TRUE;
}
