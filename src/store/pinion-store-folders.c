/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-folders.h"

#include <string.h>

#include "pinion-store-counters.h"
#include "pinion-store-labels-private.h"
#include "pinion-store-operations.h"
#include "pinion-store-outbox-private.h"
#include "pinion-store-placements.h"

#define SELECT_FOLDERS \
  "SELECT f.id, f.account_id, f.raw_name, f.delimiter, coalesce (f.wanted_path, f.path)," \
  " f.role, f.role_by_hand, f.hidden," \
  " f.hidden_by_hand, f.hidden_reason, f.selectable, f.pinned, f.colour, f.position," \
  " f.uidvalidity, f.uidnext, f.highestmodseq, f.server_total, f.since, f.synced," \
  " coalesce (v.messages, 0), coalesce (v.unread, 0), f.local, f.leaving," \
  " coalesce (f.wanted_name, f.raw_name), coalesce (f.section_id, 0), f.folded" \
  " FROM folder f LEFT JOIN view_total v ON v.view_id = f.id WHERE f.missing = 0 "

G_DEFINE_BOXED_TYPE (PinionStoreFolder,
                     pinion_store_folder,
                     pinion_store_folder_ref,
                     pinion_store_folder_unref)

static const char *const role_names[] = { NULL, "inbox", "sent", "drafts", "trash", "junk",
                                          "archive" };

const char *
pinion_folder_role_to_string (PinionFolderRole role)
{
  g_return_val_if_fail (role < G_N_ELEMENTS (role_names), NULL);

  return role_names[role];
}

static void
clear (gpointer data)
{
  PinionStoreFolder *self = data;

  g_bytes_unref (self->raw_name);
  g_bytes_unref (self->name);
  g_free (self->path);
  g_free (self->hidden_reason);
  g_free (self->colour);
}

PinionStoreFolder *
pinion_store_folder_ref (PinionStoreFolder *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_store_folder_unref (PinionStoreFolder *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static PinionStoreFolder *
read_folder (PinionQuery *query)
{
  PinionStoreFolder *self = g_atomic_rc_box_new0 (PinionStoreFolder);

  self->id = pinion_query_int (query, 0);
  self->account_id = pinion_query_int (query, 1);
  self->raw_name = pinion_query_dup_blob (query, 2);
  self->delimiter = (char) pinion_query_int (query, 3);
  self->path = pinion_query_dup_text (query, 4);
  self->role = (PinionFolderRole) pinion_query_int (query, 5);
  self->role_by_hand = pinion_query_int (query, 6) != 0;
  self->hidden = pinion_query_int (query, 7) != 0;
  self->hidden_by_hand = pinion_query_int (query, 8) != 0;
  self->hidden_reason = pinion_query_dup_text (query, 9);
  self->selectable = pinion_query_int (query, 10) != 0;
  self->pinned = pinion_query_int (query, 11) != 0;
  self->colour = pinion_query_dup_text (query, 12);
  self->position = (gint) pinion_query_int (query, 13);
  self->uids.uidvalidity = (guint32) pinion_query_int (query, 14);
  self->uids.uidnext = (guint32) pinion_query_int (query, 15);
  self->uids.highestmodseq = (guint64) pinion_query_int (query, 16);
  self->uids.server_total = (guint32) pinion_query_int (query, 17);
  self->uids.since = pinion_query_int (query, 18);
  self->uids.synced = pinion_query_int (query, 19);
  self->total = pinion_query_int (query, 20);
  self->unread = pinion_query_int (query, 21);
  self->local = pinion_query_int (query, 22) != 0;
  self->gone = pinion_query_int (query, 23) != 0;
  self->name = pinion_query_dup_blob (query, 24);
  self->section = pinion_query_int (query, 25);
  self->folded = pinion_query_int (query, 26) != 0;

  return self;
}

static GPtrArray *
list_folders (PinionStoreSession *session,
              gint64              account_id,
              gboolean            with_gone)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_folder_unref);
  g_auto (PinionQuery) query = pinion_query (
    session,
    SELECT_FOLDERS "AND (?1 = 0 OR f.account_id = ?1) AND (f.leaving = 0 OR ?2)"
                   " ORDER BY f.account_id, f.role <> 1, f.position = 0, f.position,"
                   " coalesce (f.wanted_path, f.path) COLLATE NOCASE, f.id",
    sql_int (account_id), sql_int (with_gone));

  while (pinion_query_next (&query))
    g_ptr_array_add (folders, read_folder (&query));

  return folders;
}

GPtrArray *
pinion_store_folders_list (PinionStoreSession *session,
                           gint64              account_id)
{
  return list_folders (session, account_id, FALSE);
}

GPtrArray *
pinion_store_folders_list_all (PinionStoreSession *session,
                               gint64              account_id)
{
  return list_folders (session, account_id, TRUE);
}

PinionStoreFolder *
pinion_store_folder_get (PinionStoreSession *session,
                         gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (session, SELECT_FOLDERS "AND f.id = ?", sql_int (id));

  return pinion_query_next (&query) ? read_folder (&query) : NULL;
}

PinionStoreFolder *
pinion_store_folder_get_by_role (PinionStoreSession *session,
                                 gint64              account_id,
                                 PinionFolderRole    role)
{
  g_auto (PinionQuery) query = pinion_query (session,
                                             SELECT_FOLDERS "AND f.account_id = ? AND f.role = ?",
                                             sql_int (account_id), sql_int (role));

  return pinion_query_next (&query) ? read_folder (&query) : NULL;
}

/* -- Roles ------------------------------------------------------------------------------------- */

static void
change_role (PinionStoreSession *session,
             gint64              id,
             PinionFolderRole    role,
             gboolean            by_hand)
{
  gint64 old_role = pinion_sql_get (session, "SELECT role FROM folder WHERE id = ?", sql_int (id));

  pinion_sql_run (session, "UPDATE folder SET role = ?, role_by_hand = ? WHERE id = ?",
                  sql_int (role), sql_int (by_hand), sql_int (id));
  session->folders = TRUE;
  if (old_role == (gint64) role)
    return;

  pinion_store_counters_dirty_folder (session, id);
  if (old_role == PINION_FOLDER_ROLE_DRAFTS || role == PINION_FOLDER_ROLE_DRAFTS)
    pinion_store_counters_dirty_drafts (session, id);
}

void
pinion_store_folder_set_role (PinionStoreSession *session,
                              gint64              id,
                              PinionFolderRole    role)
{
  gint64 holder = pinion_sql_get (session,
                                  "SELECT h.id FROM folder f JOIN folder h"
                                  " ON h.account_id = f.account_id AND h.role = ?2"
                                  " WHERE f.id = ?1 AND ?2 > 0",
                                  sql_int (id), sql_int (role));

  if (holder != 0 && holder != id)
    change_role (session, holder, PINION_FOLDER_ROLE_NONE, TRUE);
  change_role (session, id, role, TRUE);
}

/* -- The server's list ------------------------------------------------------------------------- */

/* A folder as the table has it, and the line of LIST that speaks of it. */
typedef struct
{
  gint64 id;
  PinionFolderRole role;
  gboolean role_by_hand;
  gboolean missing;
  gboolean local;
  char *path;
  GBytes *wanted;
  const PinionStoreListing *listing;
} Known;

static void
known_clear (gpointer data)
{
  Known *self = data;

  g_free (self->path);
  g_clear_pointer (&self->wanted, g_bytes_unref);
}

static void
forget_uids (PinionStoreSession *session,
             gint64              id)
{
  g_autoptr (GArray) placements = pinion_sql_ids (
    session, "SELECT id FROM placement WHERE folder_id = ? AND uid IS NOT NULL", sql_int (id));

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement placement = pinion_placement_get (session,
                                                        g_array_index (placements, gint64, i));

      pinion_placement_vanish (session, &placement);
    }
}

static void
forget_state (PinionStoreSession *session,
              gint64              id,
              guint32             uidvalidity)
{
  pinion_sql_run (session,
                  "UPDATE folder SET uidvalidity = ?, uidnext = 0, highestmodseq = 0,"
                  " server_total = 0, since = ?, synced = 0 WHERE id = ?",
                  sql_int (uidvalidity), sql_int (G_MAXINT64), sql_int (id));
  session->folders = TRUE;
}

/* What was to be brought there cannot be. */
static void
give_up_operations_to (PinionStoreSession *session,
                       gint64              id)
{
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_MAILBOX_NOT_OPENED,
                                               PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                                               "the folder is not on the server any more");
  g_autoptr (GArray) operations = pinion_sql_ids (
    session, "SELECT id FROM operation WHERE to_folder = ? AND kind IN (1, 2, 5) AND state <> 2",
    sql_int (id));

  for (guint i = 0; i < operations->len; i++)
    pinion_store_operation_give_up (session, g_array_index (operations, gint64, i), error);
  pinion_sql_run (session,
                  "UPDATE operation SET to_folder = 0 WHERE to_folder = ? AND kind IN (3, 8)",
                  sql_int (id));
}

/* Nothing lies there any more. */
static void
clear_folder (PinionStoreSession *session,
              gint64              id)
{
  give_up_operations_to (session, id);
  forget_uids (session, id);
  forget_state (session, id, 0);

  g_autoptr (GArray) left = pinion_sql_ids (session, "SELECT id FROM placement WHERE folder_id = ?",
                                            sql_int (id));
  for (guint i = 0; i < left->len; i++)
    {
      PinionPlacement placement = pinion_placement_get (session, g_array_index (left, gint64, i));

      pinion_placement_vanish (session, &placement);
    }
}

/* What was to become of the folder itself: it is gone, as it was to be, or it cannot be done. */
static void
settle_operations_on (PinionStoreSession *session,
                      gint64              id)
{
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE,
                                               "the folder is not on the server any more");
  g_autoptr (GArray) renames = pinion_sql_ids (
    session, "SELECT id FROM operation WHERE from_folder = ? AND kind = 7 AND state <> 2",
    sql_int (id));

  pinion_sql_run (session,
                  "DELETE FROM operation WHERE from_folder = ? AND kind IN (6, 8) AND state <> 2",
                  sql_int (id));
  for (guint i = 0; i < renames->len; i++)
    pinion_store_operation_give_up (session, g_array_index (renames, gint64, i), error);
  session->operations = TRUE;
}

void
pinion_store_folder_lose (PinionStoreSession *session,
                          gint64              id)
{
  settle_operations_on (session, id);
  clear_folder (session, id);
  change_role (session, id, PINION_FOLDER_ROLE_NONE, FALSE);
  pinion_sql_run (session,
                  "UPDATE folder SET missing = 1, leaving = 0, local = 0, wanted_name = NULL,"
                  " wanted_path = NULL WHERE id = ?",
                  sql_int (id));
}

static gint64
add_folder (PinionStoreSession       *session,
            gint64                    account,
            const PinionStoreListing *listing,
            gboolean                  pin)
{
  pinion_sql_run (session,
                  "INSERT INTO folder (account_id, raw_name, delimiter, path, selectable, hidden,"
                  " hidden_reason, pinned) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  sql_int (account), sql_blob (listing->raw_name),
                  sql_int ((guchar) listing->delimiter), sql_text (listing->path),
                  sql_int (listing->selectable), sql_int (listing->hidden),
                  sql_text (listing->hidden_reason),
                  sql_int (pin && !listing->hidden && listing->selectable
                           && listing->role == PINION_FOLDER_ROLE_NONE));
  session->folders = TRUE;

  return pinion_sql_last_id (session);
}

static void
update_folder (PinionStoreSession       *session,
               gint64                    id,
               const PinionStoreListing *listing)
{
  gboolean closes = !listing->selectable
                    && pinion_sql_get (session, "SELECT selectable FROM folder WHERE id = ?",
                                       sql_int (id))
                         != 0;
  int n = pinion_sql_run (
    session,
    "UPDATE folder SET delimiter = ?2, path = ?3, selectable = ?4, missing = 0,"
    " hidden = iif (hidden_by_hand, hidden, ?5), hidden_reason = ?6 WHERE id = ?1"
    " AND (delimiter, path, selectable, missing, hidden, hidden_reason)"
    " IS NOT (?2, ?3, ?4, 0, iif (hidden_by_hand, hidden, ?5), ?6)",
    sql_int (id), sql_int ((guchar) listing->delimiter), sql_text (listing->path),
    sql_int (listing->selectable), sql_int (listing->hidden), sql_text (listing->hidden_reason));

  if (n > 0)
    session->folders = TRUE;
  /* It stays as a place for others (RFC 3501 7.2.2, \Noselect). */
  if (closes)
    clear_folder (session, id);
}

static GArray *
read_known (PinionStoreSession *session,
            gint64              account,
            GHashTable         *by_name)
{
  GArray *known = g_array_new (FALSE, TRUE, sizeof (Known));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT id, role, role_by_hand, missing, raw_name, local, path, wanted_name FROM folder"
    " WHERE account_id = ?",
    sql_int (account));

  g_array_set_clear_func (known, known_clear);

  while (pinion_query_next (&query))
    {
      Known folder = {
        .id = pinion_query_int (&query, 0),
        .role = (PinionFolderRole) pinion_query_int (&query, 1),
        .role_by_hand = pinion_query_int (&query, 2) != 0,
        .missing = pinion_query_int (&query, 3) != 0,
        .local = pinion_query_int (&query, 5) != 0,
        .path = pinion_query_dup_text (&query, 6),
      };
      GBytes *name = pinion_query_dup_blob (&query, 4);

      if (!pinion_query_is_null (&query, 7))
        folder.wanted = pinion_query_dup_blob (&query, 7);
      g_hash_table_insert (by_name, name, GUINT_TO_POINTER (known->len + 1));
      g_array_append_val (known, folder);
    }

  return known;
}

static gboolean
is_same_path (const char *a,
              const char *b)
{
  g_autofree char *one = g_utf8_casefold (a, -1);
  g_autofree char *two = g_utf8_casefold (b, -1);

  return strcmp (one, two) == 0;
}

/* The folder is known by another name: it was renamed, or is one that was to be made here and that
 * the server has now. */
static void
take_name (PinionStoreSession       *session,
           gint64                    account,
           const Known              *folder,
           const PinionStoreListing *listing)
{
  pinion_sql_run (session,
                  "DELETE FROM folder WHERE account_id = ? AND raw_name = ? AND missing = 1",
                  sql_int (account), sql_blob (listing->raw_name));
  pinion_sql_run (session,
                  "UPDATE folder SET raw_name = ?, path = ?, local = 0 WHERE id = ?",
                  sql_blob (listing->raw_name), sql_text (listing->path), sql_int (folder->id));
  pinion_sql_run (session,
                  "DELETE FROM operation WHERE from_folder = ? AND state <> 2"
                  " AND (kind = 6 OR (kind = 7 AND name = ?))",
                  sql_int (folder->id), sql_blob (listing->raw_name));
  session->folders = TRUE;
  session->operations = TRUE;
}

/* Lines that say what was known before. */
static void
match_exactly (PinionStoreSession       *session,
               gint64                    account,
               GArray                   *known,
               GHashTable               *by_name,
               const PinionStoreListing *listings,
               guint                     n_listings)
{
  for (guint i = 0; i < n_listings; i++)
    {
      guint index = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, listings[i].raw_name));
      Known *folder = index != 0 ? &g_array_index (known, Known, index - 1) : NULL;

      if (folder == NULL || folder->missing)
        continue;
      if (folder->local)
        take_name (session, account, folder, &listings[i]);
      folder->listing = &listings[i];
    }
}

/* Whether @folder, which is not listed by its name, is meant by a line with another one: a renaming
 * that was found out or that was asked for, or what was to be made, in other case. */
static gboolean
is_meant (const Known              *folder,
          const PinionStoreListing *listing)
{
  return !folder->missing && folder->listing == NULL
         && (folder->id == listing->was
             || (folder->wanted != NULL && g_bytes_equal (folder->wanted, listing->raw_name))
             || (folder->local && is_same_path (folder->path, listing->path)));
}

/* The place in @known, plus one, of the folder that a line of LIST speaks of; 0: a new one. */
static guint
find_known (PinionStoreSession       *session,
            gint64                    account,
            GArray                   *known,
            GHashTable               *by_name,
            const PinionStoreListing *listing)
{
  guint exact = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, listing->raw_name));

  if (exact != 0 && !g_array_index (known, Known, exact - 1).missing)
    return exact;

  for (guint i = 0; i < known->len; i++)
    {
      Known *folder = &g_array_index (known, Known, i);

      if (is_meant (folder, listing))
        {
          take_name (session, account, folder, listing);
          return i + 1;
        }
    }

  return exact;
}

/* A line for each folder; a name that comes twice counts once. */
static void
match_listings (PinionStoreSession       *session,
                gint64                    account,
                GArray                   *known,
                GHashTable               *by_name,
                const PinionStoreListing *listings,
                guint                     n_listings)
{
  gboolean pin = pinion_sql_get (session, "SELECT pin_all FROM account WHERE id = ?",
                                 sql_int (account))
                 != 0;

  match_exactly (session, account, known, by_name, listings, n_listings);
  for (guint i = 0; i < n_listings; i++)
    {
      guint index = find_known (session, account, known, by_name, &listings[i]);

      if (index == 0)
        {
          Known folder = { .id = add_folder (session, account, &listings[i], pin) };

          g_array_append_val (known, folder);
          index = known->len;
          g_hash_table_insert (by_name, g_bytes_ref (listings[i].raw_name),
                               GUINT_TO_POINTER (index));
        }
      else
        {
          update_folder (session, g_array_index (known, Known, index - 1).id, &listings[i]);
        }
      g_array_index (known, Known, index - 1).listing = &listings[i];
    }
}

/* First those that lose a role, then those that get one, since no two may have the same. */
static void
assign_roles (PinionStoreSession *session,
              gint64              account,
              GArray             *known)
{
  for (guint i = 0; i < known->len; i++)
    {
      Known *folder = &g_array_index (known, Known, i);

      if (folder->listing != NULL && !folder->role_by_hand && folder->role != folder->listing->role
          && folder->role != PINION_FOLDER_ROLE_NONE)
        change_role (session, folder->id, PINION_FOLDER_ROLE_NONE, FALSE);
    }

  for (guint i = 0; i < known->len; i++)
    {
      Known *folder = &g_array_index (known, Known, i);

      if (folder->listing == NULL || folder->role_by_hand || folder->role == folder->listing->role
          || folder->listing->role == PINION_FOLDER_ROLE_NONE)
        continue;
      if (pinion_sql_get (session, "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                          sql_int (account), sql_int (folder->listing->role))
          == 0)
        change_role (session, folder->id, folder->listing->role, FALSE);
    }
}

void
pinion_store_folders_update (PinionStoreSession       *session,
                             gint64                    account_id,
                             const PinionStoreListing *listings,
                             guint                     n_listings)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                          (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; i < n_listings; i++)
    {
      if (listings[i].was != 0)
        pinion_store_labels_follow (session, account_id, listings[i].was, listings[i].raw_name,
                                    listings[i].path);
    }

  g_autoptr (GArray) known = read_known (session, account_id, by_name);
  match_listings (session, account_id, known, by_name, listings, n_listings);
  for (guint i = 0; i < known->len; i++)
    {
      Known *folder = &g_array_index (known, Known, i);

      if (folder->listing == NULL && !folder->missing && !folder->local)
        pinion_store_folder_lose (session, folder->id);
    }
  assign_roles (session, account_id, known);
  pinion_store_labels_rebuild (session, account_id);
  pinion_store_outbox_file_submitted (session, account_id);
}

/* -- Settings ---------------------------------------------------------------------------------- */

void
pinion_store_folder_set_hidden (PinionStoreSession *session,
                                gint64              id,
                                gboolean            hidden)
{
  pinion_sql_run (session,
                  "UPDATE folder SET hidden = ?1, hidden_by_hand = 1, pinned = pinned OR (NOT ?1"
                  " AND hidden AND role = 0 AND selectable"
                  " AND (SELECT pin_all FROM account WHERE account.id = folder.account_id))"
                  " WHERE id = ?2",
                  sql_int (hidden), sql_int (id));
  session->folders = TRUE;
  /* It is not kept in sync any more, so that nothing can be said of what is in it. */
  if (hidden)
    clear_folder (session, id);
}

void
pinion_store_folder_set_pinned (PinionStoreSession *session,
                                gint64              id,
                                gboolean            pinned)
{
  pinion_sql_run (session, "UPDATE folder SET pinned = ? WHERE id = ?", sql_int (pinned),
                  sql_int (id));
  session->folders = TRUE;
}

void
pinion_store_folder_set_colour (PinionStoreSession *session,
                                gint64              id,
                                const char         *colour)
{
  pinion_sql_run (session, "UPDATE folder SET colour = ? WHERE id = ?", sql_text (colour),
                  sql_int (id));
  session->folders = TRUE;
}

void
pinion_store_folder_set_position (PinionStoreSession *session,
                                  gint64              id,
                                  gint                position)
{
  pinion_sql_run (session, "UPDATE folder SET position = ? WHERE id = ?", sql_int (position),
                  sql_int (id));
  session->folders = TRUE;
}

void
pinion_store_folder_set_uids (PinionStoreSession        *session,
                              gint64                     id,
                              const PinionStoreUidState *state)
{
  pinion_sql_run (session,
                  "UPDATE folder SET uidvalidity = ?, uidnext = ?, highestmodseq = ?,"
                  " server_total = ?, since = ?, synced = ? WHERE id = ?",
                  sql_int (state->uidvalidity), sql_int (state->uidnext),
                  sql_int ((gint64) state->highestmodseq), sql_int (state->server_total),
                  sql_int (state->since), sql_int (state->synced), sql_int (id));
}

void
pinion_store_folder_reset_uids (PinionStoreSession *session,
                                gint64              id,
                                guint32             uidvalidity)
{
  /* Marked by their age, see pinion_store_messages_add(). */
  pinion_sql_run (session,
                  "UPDATE placement SET uid = NULL, created = 0"
                  " WHERE folder_id = ? AND uid IS NOT NULL",
                  sql_int (id));
  forget_state (session, id, uidvalidity);
}
