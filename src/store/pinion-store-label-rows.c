/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-label-rows-private.h"

#include "pinion-store-labels-private.h"

#include <string.h>

static void
row_clear (gpointer data)
{
  PinionLabelRow *row = data;

  g_bytes_unref (row->raw_name);
  g_bytes_unref (row->name);
  g_free (row->path);
  g_free (row->shown);
}

/* Of one account, also those that are missing. */
GArray *
pinion_label_rows_load (PinionStoreSession *session,
                        gint64              account)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (PinionLabelRow));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT id, raw_name, path, coalesce (wanted_name, raw_name), coalesce (wanted_path, path),"
    " delimiter, role, hidden AND hidden_by_hand = 0, local, leaving, missing FROM folder"
    " WHERE account_id = ? ORDER BY id",
    sql_int (account));

  g_array_set_clear_func (rows, row_clear);
  while (pinion_query_next (&query))
    {
      PinionLabelRow row = {
        .id = pinion_query_int (&query, 0),
        .raw_name = pinion_query_dup_blob (&query, 1),
        .path = pinion_query_dup_text (&query, 2),
        .name = pinion_query_dup_blob (&query, 3),
        .shown = pinion_query_dup_text (&query, 4),
        .delimiter = (char) pinion_query_int (&query, 5),
        .role = (PinionFolderRole) pinion_query_int (&query, 6),
        .is_not_mail = pinion_query_int (&query, 7) != 0,
        .local = pinion_query_int (&query, 8) != 0,
        .gone = pinion_query_int (&query, 9) != 0,
        .missing = pinion_query_int (&query, 10) != 0,
      };
      g_array_append_val (rows, row);
    }

  return rows;
}

PinionLabelRow *
pinion_label_rows_find (GArray *rows,
                        gint64  id)
{
  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);

      if (row->id == id)
        return row;
    }

  return NULL;
}

static gboolean
is_same_path (const char *a,
              const char *b)
{
  g_autofree char *one = g_utf8_normalize (a, -1, G_NORMALIZE_NFC);
  g_autofree char *two = g_utf8_normalize (b, -1, G_NORMALIZE_NFC);
  g_autofree char *first = g_utf8_casefold (one != NULL ? one : a, -1);
  g_autofree char *second = g_utf8_casefold (two != NULL ? two : b, -1);

  return strcmp (first, second) == 0;
}

/* The folder that a new one with this name would get in the way of.  @but: not this one. */
PinionLabelRow *
pinion_label_rows_find_name (GArray                 *rows,
                             const PinionStoreLevel *level,
                             gint64                  but)
{
  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);

      if (row->id != but && !row->missing
          && (g_bytes_equal (row->raw_name, level->raw_name)
              || g_bytes_equal (row->name, level->raw_name)
              || is_same_path (row->shown, level->path)))
        return row;
    }

  return NULL;
}

/* Whether @name is @top, or lies below it; @rest: what follows. */
gboolean
pinion_label_is_within (GBytes      *name,
                        GBytes      *top,
                        char         delimiter,
                        const char **rest,
                        gsize       *rest_length)
{
  gsize length, top_length;
  const char *data = g_bytes_get_data (name, &length);
  const char *top_data = g_bytes_get_data (top, &top_length);

  if (length < top_length || memcmp (data, top_data, top_length) != 0
      || (length > top_length && (delimiter == 0 || data[top_length] != delimiter)))
    return FALSE;

  *rest = data + top_length;
  *rest_length = length - top_length;
  return TRUE;
}

GBytes *
pinion_label_join (GBytes     *name,
                   const char *rest,
                   gsize       rest_length)
{
  gsize length;
  const char *data = g_bytes_get_data (name, &length);
  g_autoptr (GByteArray) joined = g_byte_array_sized_new ((guint) (length + rest_length));

  g_byte_array_append (joined, (const guint8 *) data, (guint) length);
  g_byte_array_append (joined, (const guint8 *) rest, (guint) rest_length);

  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

char *
pinion_label_join_path (const char *path,
                        const char *old_top,
                        const char *top)
{
  gsize length = strlen (old_top);

  return g_strconcat (top, strlen (path) >= length ? path + length : "", NULL);
}

/* -- Names that will be ------------------------------------------------------------------------ */

static void
apply_rename (GArray     *rows,
              gint64      folder,
              GBytes     *name,
              const char *path)
{
  PinionLabelRow *top = pinion_label_rows_find (rows, folder);

  if (top == NULL)
    return;

  g_autoptr (GBytes) old_name = g_bytes_ref (top->name);
  g_autofree char *old_shown = g_strdup (top->shown);
  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);
      const char *rest;
      gsize length;

      if (row->missing
          || !pinion_label_is_within (row->name, old_name, row->delimiter, &rest, &length))
        continue;

      GBytes *new_name = pinion_label_join (name, rest, length);
      char *new_shown = pinion_label_join_path (row->shown, old_shown, path);
      g_bytes_unref (row->name);
      g_free (row->shown);
      row->name = new_name;
      row->shown = new_shown;
    }
}

static void
keep_wanted (PinionStoreSession   *session,
             const PinionLabelRow *row)
{
  gboolean differs = !row->missing
                     && (!g_bytes_equal (row->raw_name, row->name)
                         || strcmp (row->path, row->shown) != 0);

  if (differs)
    pinion_sql_run (session,
                    "UPDATE folder SET wanted_name = ?, wanted_path = ? WHERE id = ?",
                    sql_blob (row->name), sql_text (row->shown), sql_int (row->id));
  else
    pinion_sql_run (session,
                    "UPDATE folder SET wanted_name = NULL, wanted_path = NULL"
                    " WHERE id = ? AND wanted_name IS NOT NULL",
                    sql_int (row->id));
}

void
pinion_store_labels_rebuild (PinionStoreSession *session,
                             gint64              account)
{
  if (pinion_sql_get (session,
                      "SELECT EXISTS (SELECT 1 FROM folder WHERE account_id = ?1"
                      "  AND wanted_name IS NOT NULL)"
                      " OR EXISTS (SELECT 1 FROM operation WHERE account_id = ?1 AND kind = 7)",
                      sql_int (account))
      == 0)
    return;

  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT from_folder, name, path FROM operation WHERE account_id = ? AND kind = 7"
    " AND state <> 2 ORDER BY id",
    sql_int (account));

  for (guint i = 0; i < rows->len; i++)
    {
      PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);

      g_bytes_unref (row->name);
      row->name = g_bytes_ref (row->raw_name);
      g_set_str (&row->shown, row->path);
    }
  while (pinion_query_next (&query))
    {
      g_autoptr (GBytes) name = pinion_query_dup_blob (&query, 1);
      apply_rename (rows, pinion_query_int (&query, 0), name, pinion_query_text (&query, 2));
    }
  for (guint i = 0; i < rows->len; i++)
    keep_wanted (session, &g_array_index (rows, PinionLabelRow, i));
  session->folders = TRUE;
}

/* -- Renamed there ----------------------------------------------------------------------------- */

static gboolean
is_own_rename (PinionStoreSession *session,
               gint64              folder,
               GBytes             *name)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM operation WHERE from_folder = ? AND kind = 7"
                         " AND state <> 2 AND name = ?)",
                         sql_int (folder), sql_blob (name))
         != 0;
}

typedef struct
{
  GBytes *name;
  char *path;
} Renamed;

static void
renamed_clear (Renamed *self)
{
  g_bytes_unref (self->name);
  g_free (self->path);
}

/* What a label below @top is called once that has its new name.  @self is only set where it lies there. */
static gboolean
rename_within (Renamed              *self,
               GBytes               *its_name,
               const char           *its_path,
               const PinionLabelRow *top,
               GBytes               *name,
               const char           *path)
{
  const char *rest;
  gsize length;

  if (!pinion_label_is_within (its_name, top->raw_name, top->delimiter, &rest, &length)
      || length == 0)
    return FALSE;

  self->name = pinion_label_join (name, rest, length);
  self->path = pinion_label_join_path (its_path, top->path, path);
  return TRUE;
}

/* One that is to be made here gets the name, unless it is taken: then that one is meant. */
static void
follow_row (PinionStoreSession   *session,
            gint64                account,
            const PinionLabelRow *row,
            GBytes               *name,
            const char           *path)
{
  pinion_sql_run (session,
                  "DELETE FROM folder WHERE account_id = ? AND raw_name = ? AND missing = 1",
                  sql_int (account), sql_blob (name));
  pinion_sql_run (session, "UPDATE OR IGNORE folder SET raw_name = ?, path = ? WHERE id = ?",
                  sql_blob (name), sql_text (path), sql_int (row->id));
}

/* @select: id, name and path of rows of an account; @update: sets name and path of one. */
static void
follow_names (PinionStoreSession   *session,
              const char           *select,
              const char           *update,
              gint64                account,
              const PinionLabelRow *top,
              GBytes               *name,
              const char           *path)
{
  g_auto (PinionQuery) query = pinion_query (session, select, sql_int (account));

  while (pinion_query_next (&query))
    {
      g_autoptr (GBytes) its = pinion_query_dup_blob (&query, 1);
      Renamed renamed = { 0 };

      if (!rename_within (&renamed, its, pinion_query_text (&query, 2), top, name, path))
        continue;
      pinion_sql_run (session, update, sql_blob (renamed.name), sql_text (renamed.path),
                      sql_int (pinion_query_int (&query, 0)));
      renamed_clear (&renamed);
    }
}

void
pinion_store_labels_follow (PinionStoreSession *session,
                            gint64              account,
                            gint64              folder,
                            GBytes             *name,
                            const char         *path)
{
  g_autoptr (GArray) rows = pinion_label_rows_load (session, account);
  const PinionLabelRow *top = pinion_label_rows_find (rows, folder);

  if (top == NULL || top->local || is_own_rename (session, folder, name))
    return;

  for (guint i = 0; i < rows->len; i++)
    {
      const PinionLabelRow *row = &g_array_index (rows, PinionLabelRow, i);
      Renamed renamed = { 0 };

      if (!row->local || !rename_within (&renamed, row->raw_name, row->path, top, name, path))
        continue;
      follow_row (session, account, row, renamed.name, renamed.path);
      renamed_clear (&renamed);
    }
  follow_names (session,
                "SELECT id, name, path FROM operation"
                " WHERE account_id = ? AND kind IN (6, 7) AND state <> 2",
                "UPDATE operation SET name = ?, path = ? WHERE id = ?", account, top, name, path);
  follow_names (session,
                "SELECT u.id, u.name, u.path FROM undo_folder u JOIN folder f ON f.id = u.folder_id"
                " WHERE f.account_id = ?",
                "UPDATE undo_folder SET name = ?, path = ? WHERE id = ?", account, top, name, path);
  session->folders = TRUE;
  session->operations = TRUE;
}
