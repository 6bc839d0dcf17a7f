/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-sidebar.h"

#include <string.h>

#include "pinion-store-arranged.h"
#include "pinion-store-session.h"
#include "pinion-store-sql.h"
#include "pinion-store-undo.h"

/* What undo_look.kind says. */
typedef enum
{
  LOOK_FOLDER,
  LOOK_SECTION,
  LOOK_ACCOUNT,
} LookKind;

/* -- Sections ---------------------------------------------------------------------------------- */

void
pinion_store_section_free (PinionStoreSection *self)
{
  g_free (self->name);
  g_free (self);
}

GPtrArray *
pinion_store_sections_list (PinionStoreSession *session)
{
  GPtrArray *sections
    = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_section_free);
  g_auto (PinionQuery) query = pinion_query_start (
    session,
    "SELECT 0, id, NULL, labels_folded, label_order, pin_all, -1 AS place FROM account UNION ALL"
    " SELECT s.id, a.id, s.name, s.folded, a.label_order, a.pin_all, s.position"
    "  FROM section s JOIN account a ON a.id = s.account_id"
    " ORDER BY 2, place, 1",
    NULL, 0);

  while (pinion_query_next (&query))
    {
      PinionStoreSection *section = g_new0 (PinionStoreSection, 1);

      section->id = pinion_query_int (&query, 0);
      section->account_id = pinion_query_int (&query, 1);
      section->name = pinion_query_dup_text (&query, 2);
      section->folded = pinion_query_int (&query, 3) != 0;
      section->order = (PinionStoreLabelOrder) pinion_query_int (&query, 4);
      section->pin_all = pinion_query_int (&query, 5) != 0;
      g_ptr_array_add (sections, section);
    }

  return sections;
}

/* -- Steps ------------------------------------------------------------------------------------- */

static void
keep_folder (PinionStoreSession *session,
             PinionUndoGroup    *group,
             gint64              folder)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_look (group_id, kind, subject, account_id, existed, position,"
                  " number, flag, text) SELECT ?, ?, id, account_id, 1, position,"
                  " coalesce (section_id, 0), pinned, colour FROM folder WHERE id = ?",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (LOOK_FOLDER),
                  sql_int (folder));
  session->folders = TRUE;
}

static void
keep_section (PinionStoreSession *session,
              PinionUndoGroup    *group,
              gint64              section)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_look (group_id, kind, subject, account_id, existed, position,"
                  " number, flag, text) SELECT ?, ?, id, account_id, 1, position, 0, folded, name"
                  " FROM section WHERE id = ?",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (LOOK_SECTION),
                  sql_int (section));
  session->folders = TRUE;
}

static void
keep_absence (PinionStoreSession *session,
              PinionUndoGroup    *group,
              gint64              account,
              gint64              section)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_look (group_id, kind, subject, account_id, existed, position,"
                  " number, flag) VALUES (?, ?, ?, ?, 0, 0, 0, 0)",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (LOOK_SECTION),
                  sql_int (section), sql_int (account));
  session->folders = TRUE;
}

static void
keep_account (PinionStoreSession *session,
              PinionUndoGroup    *group,
              gint64              account)
{
  pinion_sql_run (session,
                  "INSERT INTO undo_look (group_id, kind, subject, account_id, existed, position,"
                  " number, flag) SELECT ?, ?, id, id, 1, 0, label_order, pin_all FROM account"
                  " WHERE id = ?",
                  sql_int (pinion_undo_group_get (session, group)), sql_int (LOOK_ACCOUNT),
                  sql_int (account));
  session->folders = TRUE;
}

/* Returns: the account; 0: failed. */
static gint64
account_of_folder (PinionStoreSession *session,
                   gint64              folder)
{
  gint64 account = pinion_sql_get (session,
                                   "SELECT account_id FROM folder WHERE id = ? AND missing = 0"
                                   " AND leaving = 0",
                                   sql_int (folder));

  if (account == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label");

  return account;
}

static gint64
account_of_section (PinionStoreSession *session,
                    gint64              section)
{
  gint64 account = pinion_sql_get (session, "SELECT account_id FROM section WHERE id = ?",
                                   sql_int (section));

  if (account == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such section");

  return account;
}

static gboolean
check_account (PinionStoreSession *session,
               gint64              account)
{
  if (pinion_sql_get (session, "SELECT id FROM account WHERE id = ?", sql_int (account)) == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such account");

  return !pinion_store_session_has_failed (session);
}

/* -- Labels ------------------------------------------------------------------------------------ */

gint64
pinion_store_command_pin (PinionStoreSession *session,
                          gint64              folder,
                          gboolean            pinned)
{
  PinionUndoGroup group = { 0 };

  if (account_of_folder (session, folder) == 0
      || pinion_sql_get (session, "SELECT pinned FROM folder WHERE id = ?", sql_int (folder))
           == (pinned ? 1 : 0))
    return 0;

  keep_folder (session, &group, folder);
  pinion_store_folder_set_pinned (session, folder, pinned);

  return group.id;
}

gint64
pinion_store_command_pin_all (PinionStoreSession *session,
                              gint64              account,
                              gboolean            pin_all)
{
  PinionUndoGroup group = { 0 };

  if (!check_account (session, account))
    return 0;

  g_autoptr (GArray) folders = pinion_sql_ids (
    session,
    "SELECT id FROM folder WHERE account_id = ? AND pinned = 0 AND hidden = 0 AND selectable = 1"
    " AND missing = 0 AND leaving = 0 AND role = 0 AND ?",
    sql_int (account), sql_int (pin_all ? 1 : 0));

  if (folders->len == 0
      && pinion_sql_get (session, "SELECT pin_all FROM account WHERE id = ?", sql_int (account))
           == (pin_all ? 1 : 0))
    return 0;

  keep_account (session, &group, account);
  pinion_sql_run (session, "UPDATE account SET pin_all = ? WHERE id = ?",
                  sql_int (pin_all ? 1 : 0), sql_int (account));
  for (guint i = 0; i < folders->len; i++)
    {
      keep_folder (session, &group, g_array_index (folders, gint64, i));
      pinion_store_folder_set_pinned (session, g_array_index (folders, gint64, i), TRUE);
    }

  return group.id;
}

gint64
pinion_store_command_set_colour (PinionStoreSession *session,
                                 gint64              folder,
                                 const char         *colour)
{
  PinionUndoGroup group = { 0 };

  if (account_of_folder (session, folder) == 0
      || pinion_sql_get (session, "SELECT colour IS ? FROM folder WHERE id = ?",
                         sql_text (colour), sql_int (folder))
           != 0)
    return 0;

  keep_folder (session, &group, folder);
  pinion_store_folder_set_colour (session, folder, colour);

  return group.id;
}

gint64
pinion_store_command_place (PinionStoreSession *session,
                            gint64              folder,
                            gint64              section,
                            GArray             *order)
{
  PinionUndoGroup group = { 0 };
  gint64 account = account_of_folder (session, folder);

  if (account == 0)
    return 0;
  if (section != 0 && account_of_section (session, section) != account)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such section");
      return 0;
    }

  keep_account (session, &group, account);
  keep_folder (session, &group, folder);
  pinion_sql_run (session, "UPDATE account SET label_order = ? WHERE id = ?",
                  sql_int (PINION_STORE_LABEL_ORDER_OWN), sql_int (account));
  pinion_sql_run (session, "UPDATE folder SET section_id = ? WHERE id = ?", sql_id (section),
                  sql_int (folder));

  for (guint i = 0; i < order->len; i++)
    {
      gint64 id = g_array_index (order, gint64, i);

      if (pinion_sql_get (session, "SELECT account_id FROM folder WHERE id = ?", sql_int (id))
          != account)
        continue;
      if (id != folder)
        keep_folder (session, &group, id);
      pinion_store_folder_set_position (session, id, (gint) i + 1);
    }

  return group.id;
}

gint64
pinion_store_command_set_order (PinionStoreSession    *session,
                                gint64                 account,
                                PinionStoreLabelOrder  order)
{
  PinionUndoGroup group = { 0 };

  if (!check_account (session, account)
      || pinion_sql_get (session, "SELECT label_order FROM account WHERE id = ?",
                         sql_int (account))
           == (gint64) order)
    return 0;

  keep_account (session, &group, account);
  pinion_sql_run (session, "UPDATE account SET label_order = ? WHERE id = ?", sql_int (order),
                  sql_int (account));

  return group.id;
}

/* -- Sections, by people ----------------------------------------------------------------------- */

static const PinionStoreArranged arranged_sections = {
  .has_name = "SELECT name = ? FROM section WHERE id = ?",
  .set_name = "UPDATE section SET name = ? WHERE id = ?",
  .set_position = "UPDATE section SET position = ? WHERE id = ?",
  .keep = keep_section,
};

static gboolean
check_name (PinionStoreSession *session,
            const char         *name)
{
  if (*name == '\0')
    pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT, "a section needs a name");

  return !pinion_store_session_has_failed (session);
}

gint64
pinion_store_command_create_section (PinionStoreSession *session,
                                     gint64              account,
                                     const char         *name,
                                     gint64              folder,
                                     gint64             *section)
{
  PinionUndoGroup group = { 0 };

  if (!check_account (session, account) || !check_name (session, name))
    return 0;
  if (folder != 0 && account_of_folder (session, folder) != account)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label");
      return 0;
    }

  pinion_sql_run (session,
                  "INSERT INTO section (account_id, name, position) SELECT ?1, ?2,"
                  " coalesce (max (position), 0) + 1 FROM section WHERE account_id = ?1",
                  sql_int (account), sql_text (name));
  gint64 made = pinion_sql_last_id (session);

  if (folder != 0)
    {
      keep_folder (session, &group, folder);
      pinion_sql_run (session, "UPDATE folder SET section_id = ?, pinned = 1 WHERE id = ?",
                      sql_int (made), sql_int (folder));
    }
  keep_absence (session, &group, account, made);
  if (section != NULL)
    *section = made;

  return group.id;
}

gint64
pinion_store_command_rename_section (PinionStoreSession *session,
                                     gint64              section,
                                     const char         *name)
{
  if (account_of_section (session, section) == 0 || !check_name (session, name))
    return 0;

  return pinion_store_arranged_rename (session, &arranged_sections, section, name);
}

gint64
pinion_store_command_remove_section (PinionStoreSession *session,
                                     gint64              section)
{
  PinionUndoGroup group = { 0 };

  if (account_of_section (session, section) == 0)
    return 0;

  g_autoptr (GArray) folders = pinion_sql_ids (
    session, "SELECT id FROM folder WHERE section_id = ? ORDER BY id", sql_int (section));

  /* Taken back from the last to the first: the section is there again before its labels are. */
  for (guint i = 0; i < folders->len; i++)
    keep_folder (session, &group, g_array_index (folders, gint64, i));
  keep_section (session, &group, section);
  pinion_sql_run (session, "UPDATE folder SET section_id = NULL WHERE section_id = ?",
                  sql_int (section));
  pinion_sql_run (session, "DELETE FROM section WHERE id = ?", sql_int (section));

  return group.id;
}

gint64
pinion_store_command_move_section (PinionStoreSession *session,
                                   gint64              section,
                                   guint               position)
{
  gint64 account = account_of_section (session, section);

  if (account == 0)
    return 0;

  g_autoptr (GArray) others = pinion_sql_ids (
    session, "SELECT id FROM section WHERE account_id = ? AND id <> ? ORDER BY position, id",
    sql_int (account), sql_int (section));

  g_array_insert_val (others, MIN (position, others->len), section);

  return pinion_store_arranged_order (session, &arranged_sections, others);
}

/* -- Folding ----------------------------------------------------------------------------------- */

void
pinion_store_folder_set_folded (PinionStoreSession *session,
                                gint64              folder,
                                gboolean            folded)
{
  pinion_sql_run (session, "UPDATE folder SET folded = ? WHERE id = ?", sql_int (folded ? 1 : 0),
                  sql_int (folder));
  session->folders = TRUE;
}

void
pinion_store_section_set_folded (PinionStoreSession *session,
                                 gint64              account,
                                 gint64              section,
                                 gboolean            folded)
{
  if (section != 0)
    pinion_sql_run (session, "UPDATE section SET folded = ? WHERE id = ? AND account_id = ?",
                    sql_int (folded ? 1 : 0), sql_int (section), sql_int (account));
  else
    pinion_sql_run (session, "UPDATE account SET labels_folded = ? WHERE id = ?",
                    sql_int (folded ? 1 : 0), sql_int (account));
  session->folders = TRUE;
}

/* -- Undo -------------------------------------------------------------------------------------- */

typedef struct
{
  LookKind kind;
  gint64 subject;
  gint64 account;
  gboolean existed;
  gint64 position;
  gint64 number;
  gint64 flag;
  char *text;
} Look;

static void
look_clear (gpointer data)
{
  g_free (((Look *) data)->text);
}

/* The last step first. */
static GArray *
read_looks (PinionStoreSession *session,
            gint64              group)
{
  GArray *looks = g_array_new (FALSE, FALSE, sizeof (Look));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT kind, subject, account_id, existed, position, number, flag, text FROM undo_look"
    " WHERE group_id = ? ORDER BY id DESC",
    sql_int (group));

  g_array_set_clear_func (looks, look_clear);
  while (pinion_query_next (&query))
    {
      Look look = {
        .kind = (LookKind) pinion_query_int (&query, 0),
        .subject = pinion_query_int (&query, 1),
        .account = pinion_query_int (&query, 2),
        .existed = pinion_query_int (&query, 3) != 0,
        .position = pinion_query_int (&query, 4),
        .number = pinion_query_int (&query, 5),
        .flag = pinion_query_int (&query, 6),
        .text = pinion_query_dup_text (&query, 7),
      };
      g_array_append_val (looks, look);
    }

  return looks;
}

/* Its section may have gone meanwhile. */
static void
restore_folder (PinionStoreSession *session,
                const Look         *look)
{
  pinion_sql_run (session,
                  "UPDATE folder SET position = ?2, pinned = ?4, colour = ?5,"
                  " section_id = (SELECT id FROM section WHERE id = ?3) WHERE id = ?1",
                  sql_int (look->subject), sql_int (look->position), sql_int (look->number),
                  sql_int (look->flag), sql_text (look->text));
}

static void
restore_section (PinionStoreSession *session,
                 const Look         *look)
{
  if (!look->existed)
    pinion_sql_run (session, "DELETE FROM section WHERE id = ?", sql_int (look->subject));
  else
    pinion_sql_run (session,
                    "INSERT INTO section (id, account_id, name, position, folded)"
                    " SELECT ?1, id, ?3, ?4, ?5 FROM account WHERE id = ?2"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                    " position = excluded.position",
                    sql_int (look->subject), sql_int (look->account), sql_text (look->text),
                    sql_int (look->position), sql_int (look->flag));
}

guint
pinion_store_sidebar_undo (PinionStoreSession *session,
                           gint64              group)
{
  g_autoptr (GArray) looks = read_looks (session, group);

  for (guint i = 0; i < looks->len; i++)
    {
      const Look *look = &g_array_index (looks, Look, i);

      switch (look->kind)
        {
        case LOOK_FOLDER:
          restore_folder (session, look);
          break;
        case LOOK_SECTION:
          restore_section (session, look);
          break;
        case LOOK_ACCOUNT:
        default:
          pinion_sql_run (session, "UPDATE account SET label_order = ?, pin_all = ? WHERE id = ?",
                          sql_int (look->number), sql_int (look->flag), sql_int (look->subject));
          break;
        }
      session->folders = TRUE;
    }

  return looks->len;
}
