/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-commands.h"

#include "pinion-store-acts.h"
#include "pinion-store-counters.h"
#include "pinion-store-folders.h"
#include "pinion-store-outbox.h"

/* A message with its folders of special roles, 0 where there is none. */
typedef struct
{
  gint64 id;
  gint64 account;
  gboolean is_local_draft;
} Message;

static gboolean
find_message (PinionStoreSession *session,
              gint64              id,
              Message            *message)
{
  g_auto (PinionQuery) query = pinion_query (
    session, "SELECT id, account_id, local_draft FROM message WHERE id = ?", sql_int (id));

  if (!pinion_query_next (&query))
    return FALSE;

  *message = (Message) { pinion_query_int (&query, 0), pinion_query_int (&query, 1),
                         pinion_query_int (&query, 2) != 0 };
  return TRUE;
}

static gint64
find_role (PinionStoreSession *session,
           gint64              account,
           PinionFolderRole    role)
{
  return pinion_sql_get (session, "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                         sql_int (account), sql_int (role));
}

/* The folder with @role; without one the command fails. */
static gint64
need_role (PinionStoreSession *session,
           gint64              account,
           PinionFolderRole    role)
{
  gint64 folder = find_role (session, account, role);

  if (folder == 0)
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "the account has no %s folder",
                               pinion_folder_role_to_string (role));

  return folder;
}

static PinionFolderRole
get_role (PinionStoreSession *session,
          gint64              folder)
{
  return (PinionFolderRole) pinion_sql_get (session, "SELECT role FROM folder WHERE id = ?",
                                            sql_int (folder));
}

GArray *
pinion_store_thread_get_messages (PinionStoreSession *session,
                                  gint64              thread_id,
                                  gint64              folder_id)
{
  return pinion_sql_ids (session,
                         "SELECT DISTINCT m.id FROM message m"
                         " JOIN placement p ON p.message_id = m.id AND " PINION_STORE_SHOWN
                         " JOIN folder f ON f.id = p.folder_id WHERE m.thread_id = ?1"
                         " AND iif (?2 = 0, f.role NOT IN (4, 5), f.id = ?2)"
                         " ORDER BY m.date, m.id",
                         sql_int (thread_id), sql_int (folder_id));
}

GArray *
pinion_store_folder_get_unread (PinionStoreSession *session,
                                gint64              folder,
                                guint              *n_threads)
{
  static const char count[] =
    "SELECT count(DISTINCT m.thread_id) FROM placement p JOIN message m ON m.id = p.message_id"
    " WHERE p.folder_id = ? AND " PINION_STORE_SHOWN " AND (m.flags & ?) = 0";

  *n_threads = (guint) pinion_sql_get (session, count, sql_int (folder),
                                       sql_int (PINION_FLAG_SEEN));

  return pinion_sql_ids (
    session,
    "SELECT DISTINCT m.id FROM placement p JOIN message m ON m.id = p.message_id"
    " WHERE p.folder_id = ? AND " PINION_STORE_SHOWN " AND (m.flags & ?) = 0 ORDER BY m.id",
    sql_int (folder), sql_int (PINION_FLAG_SEEN));
}

static void
count_one (GHashTable *counts,
           gint64      folder)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, &folder));

  g_hash_table_insert (counts, g_memdup2 (&folder, sizeof folder), GUINT_TO_POINTER (n + 1));
}

void
pinion_store_threads_count_folders (PinionStoreSession *session,
                                    const gint64       *threads,
                                    guint               n_threads,
                                    GHashTable         *counts)
{
  /* Of the views, those that are folders. */
  for (guint i = 0; i < n_threads; i++)
    {
      g_auto (PinionQuery) query = pinion_query (
        session, "SELECT view_id FROM thread_view WHERE thread_id = ? AND view_id > 0",
        sql_int (threads[i]));

      while (pinion_query_next (&query))
        count_one (counts, pinion_query_int (&query, 0));
    }
}

gint64
pinion_store_command_set_flag (PinionStoreSession *session,
                               GArray             *messages,
                               PinionFlags         flag,
                               gboolean            value)
{
  PinionUndoGroup group = { 0 };

  for (guint i = 0; i < messages->len; i++)
    pinion_act_set_flag (session, &group, g_array_index (messages, gint64, i), flag, value);

  return group.id;
}

void
pinion_store_command_mark_seen (PinionStoreSession *session,
                                GArray             *messages)
{
  for (guint i = 0; i < messages->len; i++)
    pinion_act_set_flag (session, NULL, g_array_index (messages, gint64, i), PINION_FLAG_SEEN,
                         TRUE);
}

/* What of @message is shown in @folder, twice there or once, to the folder @to. */
static void
move_from (PinionStoreSession *session,
           PinionUndoGroup    *group,
           gint64              message,
           gint64              folder,
           gint64              to)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == folder && pinion_placement_is_shown (placement))
        pinion_act_move (session, group, placement, to);
    }
}

gint64
pinion_store_command_archive (PinionStoreSession *session,
                              GArray             *messages,
                              gint64              from)
{
  PinionUndoGroup group = { 0 };
  PinionFolderRole role = get_role (session, from);
  gboolean is_discarded = role == PINION_FOLDER_ROLE_TRASH || role == PINION_FOLDER_ROLE_JUNK;
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message))
        continue;

      gint64 source = is_discarded ? from
                                   : find_role (session, message.account, PINION_FOLDER_ROLE_INBOX);

      if (pinion_act_find_shown (session, message.id, source).id != 0)
        move_from (session, &group, message.id, source,
                   need_role (session, message.account, PINION_FOLDER_ROLE_ARCHIVE));
    }

  return group.id;
}

/* The copies of @placements that are shown outside @to: of each text one goes there, the others away.
 * @known: those that the server knows, else those that it does not know yet. */
static void
move_some (PinionStoreSession *session,
           PinionUndoGroup    *group,
           GArray             *placements,
           gboolean            known,
           gint64              to)
{
  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == to || (placement->uid != 0) != known
          || !pinion_placement_is_shown (placement))
        continue;

      if (pinion_act_find_same (session, placement, to).id != 0)
        pinion_act_remove (session, group, placement, to);
      else
        pinion_act_move (session, group, placement, to);
    }
}

/* One that the server knows is moved rather than one that it does not. */
static void
move_all (PinionStoreSession *session,
          PinionUndoGroup    *group,
          gint64              message,
          gint64              to)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  move_some (session, group, placements, TRUE, to);
  move_some (session, group, placements, FALSE, to);
}

static gint64
discard (PinionStoreSession *session,
         GArray             *messages,
         PinionFolderRole    role)
{
  PinionUndoGroup group = { 0 };
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message))
        continue;

      if (message.is_local_draft)
        pinion_store_draft_remove (session, message.id);
      else
        move_all (session, &group, message.id, need_role (session, message.account, role));
    }

  return group.id;
}

gint64
pinion_store_command_trash (PinionStoreSession *session,
                            GArray             *messages)
{
  return discard (session, messages, PINION_FOLDER_ROLE_TRASH);
}

gint64
pinion_store_command_spam (PinionStoreSession *session,
                           GArray             *messages)
{
  return discard (session, messages, PINION_FOLDER_ROLE_JUNK);
}

gint64
pinion_store_command_unspam (PinionStoreSession *session,
                             GArray             *messages)
{
  PinionUndoGroup group = { 0 };
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message))
        continue;

      gint64 junk = find_role (session, message.account, PINION_FOLDER_ROLE_JUNK);

      if (pinion_act_find_shown (session, message.id, junk).id != 0)
        move_from (session, &group, message.id, junk,
                   need_role (session, message.account, PINION_FOLDER_ROLE_INBOX));
    }

  return group.id;
}

/* Where a message is moved from when nobody said: Inbox, else the one it has been in longest. */
static PinionPlacement
choose_source (PinionStoreSession *session,
               const Message      *message,
               gint64              from)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message->id);
  PinionPlacement placement = pinion_act_find_shown (session, message->id, from);

  if (from != 0 && placement.id != 0)
    return placement;

  placement = pinion_act_find_shown (session, message->id,
                                     find_role (session, message->account,
                                                PINION_FOLDER_ROLE_INBOX));
  for (guint i = 0; placement.id == 0 && i < placements->len; i++)
    {
      PinionPlacement *other = &g_array_index (placements, PinionPlacement, i);

      if (pinion_placement_is_shown (other))
        placement = *other;
    }

  return placement;
}

/* Whether a folder of this account is meant; else the command fails. */
static gboolean
is_own_folder (PinionStoreSession *session,
               const Message      *message,
               gint64              folder)
{
  if (pinion_sql_get (session,
                      "SELECT count(*) FROM folder WHERE id = ? AND account_id = ? AND missing = 0"
                      " AND leaving = 0 AND selectable = 1",
                      sql_int (folder), sql_int (message->account))
      > 0)
    return TRUE;

  pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                             "the label is not of the message's account");
  return FALSE;
}

static gint64
move_plainly (PinionStoreSession *session,
              GArray             *messages,
              gint64              from,
              gint64              to)
{
  PinionUndoGroup group = { 0 };
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message)
          || !is_own_folder (session, &message, to))
        continue;

      move_from (session, &group, message.id, choose_source (session, &message, from).folder, to);
    }

  return group.id;
}

gint64
pinion_store_command_to_inbox (PinionStoreSession *session,
                               GArray             *messages,
                               gint64              from)
{
  PinionUndoGroup group = { 0 };
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message))
        continue;

      gint64 inbox = need_role (session, message.account, PINION_FOLDER_ROLE_INBOX);

      if (inbox != 0 && pinion_act_find_shown (session, message.id, inbox).id == 0)
        move_from (session, &group, message.id, choose_source (session, &message, from).folder,
                   inbox);
    }

  return group.id;
}

gint64
pinion_store_command_move (PinionStoreSession *session,
                           GArray             *messages,
                           gint64              from,
                           gint64              to)
{
  PinionFolderRole role = get_role (session, to);

  if (role == PINION_FOLDER_ROLE_TRASH)
    return pinion_store_command_trash (session, messages);
  if (role == PINION_FOLDER_ROLE_JUNK)
    return pinion_store_command_spam (session, messages);

  if (role == PINION_FOLDER_ROLE_ARCHIVE && from == 0)
    return pinion_store_command_archive (session, messages, 0);

  return move_plainly (session, messages, from, to);
}

static void
add_label (PinionStoreSession *session,
           PinionUndoGroup    *group,
           GArray             *messages,
           gint64              label)
{
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message)
          || !is_own_folder (session, &message, label))
        continue;

      PinionPlacement placement = choose_source (session, &message, 0);

      if (pinion_act_find_shown (session, message.id, label).id == 0)
        pinion_act_copy (session, group, &placement, label);
    }
}

gint64
pinion_store_command_add_label (PinionStoreSession *session,
                                GArray             *messages,
                                gint64              label)
{
  PinionUndoGroup group = { 0 };

  add_label (session, &group, messages, label);

  return group.id;
}

static void
remove_from (PinionStoreSession *session,
             PinionUndoGroup    *group,
             const Message      *message,
             gint64              label)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message->id);
  gint64 archive = find_role (session, message->account, PINION_FOLDER_ROLE_ARCHIVE);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder != label || !pinion_placement_is_shown (placement))
        continue;

      if (pinion_act_is_kept_elsewhere (session, placement))
        pinion_act_remove (session, group, placement, archive);
      else
        pinion_act_move (session, group, placement,
                         need_role (session, message->account, PINION_FOLDER_ROLE_ARCHIVE));
    }
}

static void
remove_label (PinionStoreSession *session,
              PinionUndoGroup    *group,
              GArray             *messages,
              gint64              label)
{
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (find_message (session, g_array_index (messages, gint64, i), &message))
        remove_from (session, group, &message, label);
    }
}

gint64
pinion_store_command_remove_label (PinionStoreSession *session,
                                   GArray             *messages,
                                   gint64              label)
{
  PinionUndoGroup group = { 0 };

  remove_label (session, &group, messages, label);

  return group.id;
}

gint64
pinion_store_command_change_labels (PinionStoreSession *session,
                                    GArray             *messages,
                                    GArray             *added,
                                    GArray             *removed)
{
  PinionUndoGroup group = { 0 };

  for (guint i = 0; i < added->len; i++)
    add_label (session, &group, messages, g_array_index (added, gint64, i));
  for (guint i = 0; i < removed->len; i++)
    remove_label (session, &group, messages, g_array_index (removed, gint64, i));

  return group.id;
}

static void
delete_from (PinionStoreSession *session,
             PinionUndoGroup    *group,
             gint64              message,
             gint64              folder)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (placement->folder == folder && pinion_placement_is_shown (placement))
        pinion_act_delete (session, group, placement);
    }
}

gint64
pinion_store_command_delete (PinionStoreSession *session,
                             GArray             *messages)
{
  PinionUndoGroup group = { 0 };
  Message message;

  for (guint i = 0; i < messages->len; i++)
    {
      if (!find_message (session, g_array_index (messages, gint64, i), &message))
        continue;

      gint64 trash = find_role (session, message.account, PINION_FOLDER_ROLE_TRASH);

      if (message.is_local_draft)
        pinion_store_draft_remove (session, message.id);
      else
        delete_from (session, &group, message.id, trash);
    }

  return group.id;
}
