/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-draft-copies-private.h"

#include "pinion-store-counters.h"
#include "pinion-store-journal.h"
#include "pinion-store-keys.h"
#include "pinion-store-messages.h"
#include "pinion-store-outbox-private.h"

/* PINION_STORE_OPERATION_APPEND, begun: the server may have it. */
#define IS_BEING_MADE \
  "EXISTS (SELECT 1 FROM operation o WHERE o.message_id = c.copy_id AND o.kind = 5" \
  " AND (o.state = 1 OR (o.state = 0 AND o.uncertain = 1)))"

/* Sent, Trash, Junk: what lies there is a draft no more. */
#define IS_ELSEWHERE "f.role IN (2, 4, 5)"

/* @id 0: there is none. */
typedef struct
{
  gint64 id;
  gint64 draft;
  gboolean is_made;
  gboolean is_current;
  gboolean is_being_made;
} Copy;

static Copy
get_copy (PinionStoreSession *session,
          gint64              id)
{
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT c.copy_id, c.draft_id, c.made, c.version IS m.key, " IS_BEING_MADE
    " FROM draft_copy c LEFT JOIN message m ON m.id = c.draft_id WHERE c.copy_id = ?",
    sql_int (id));

  if (!pinion_query_next (&query))
    return (Copy) { 0 };

  return (Copy) {
    .id = pinion_query_int (&query, 0),
    .draft = pinion_query_int (&query, 1),
    .is_made = pinion_query_int (&query, 2) != 0,
    .is_current = pinion_query_int (&query, 3) != 0,
    .is_being_made = pinion_query_int (&query, 4) != 0,
  };
}

static GArray *
copies_of (PinionStoreSession *session,
           gint64              draft)
{
  return pinion_sql_ids (session, "SELECT copy_id FROM draft_copy WHERE draft_id = ?",
                         sql_int (draft));
}

static void
changed (PinionStoreSession *session)
{
  session->rescue = TRUE;
  session->durable = TRUE;
}

/* -- Links ------------------------------------------------------------------------------------- */

static void
link_copy (PinionStoreSession *session,
           gint64              copy,
           gint64              draft,
           gboolean            is_made)
{
  pinion_sql_run (session,
                  "INSERT INTO draft_copy (copy_id, draft_id, version, made)"
                  " SELECT ?, id, key, ? FROM message WHERE id = ?",
                  sql_int (copy), sql_int (is_made), sql_int (draft));
  pinion_message_dirty (session, copy);
  changed (session);
}

/* From now on it is mail as any other. */
static void
unlink_copy (PinionStoreSession *session,
             gint64              copy)
{
  pinion_sql_run (session, "DELETE FROM draft_copy WHERE copy_id = ?", sql_int (copy));
  pinion_message_dirty (session, copy);
  changed (session);
}

/* The draft is gone, and its copy is to follow once it can. */
static void
orphan_copy (PinionStoreSession *session,
             gint64              copy)
{
  pinion_sql_run (session, "UPDATE draft_copy SET draft_id = NULL WHERE copy_id = ?",
                  sql_int (copy));
  changed (session);
}

/* -- Leaving the server ------------------------------------------------------------------------ */

/* Returns: whether it lies somewhere. */
static gboolean
delete_copy (PinionStoreSession *session,
             gint64              copy)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, copy);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);
      PinionJournalEntry entry = {
        .kind = PINION_STORE_OPERATION_DELETE,
        .message = copy,
        .from_placement = placement->id,
        .from_folder = placement->folder,
      };
      gboolean is_elsewhere = pinion_sql_get (session,
                                              "SELECT count(*) FROM folder f WHERE f.id = ? AND "
                                              IS_ELSEWHERE,
                                              sql_int (placement->folder))
                              > 0;

      if (placement->gone || is_elsewhere)
        continue;
      pinion_placement_set_gone (session, placement, TRUE);
      pinion_store_journal_add (session, &entry);
    }

  return placements->len > 0;
}

/* Which one is to go is known once it was seen there: its size need not be the one it was made with. */
static gboolean
is_awaited (PinionStoreSession *session,
            gint64              copy)
{
  return pinion_sql_get (session,
                         "SELECT EXISTS (SELECT 1 FROM placement WHERE message_id = ?"
                         " AND uid IS NULL)",
                         sql_int (copy))
         != 0;
}

static void
drop_copy (PinionStoreSession *session,
           gint64              id)
{
  Copy copy = get_copy (session, id);

  if (!copy.is_made && !copy.is_being_made)
    pinion_message_forget (session, id);
  else if (copy.is_made && !is_awaited (session, id) && delete_copy (session, id))
    unlink_copy (session, id);
  else
    orphan_copy (session, id);
  changed (session);
}

void
pinion_store_draft_copies_drop (PinionStoreSession *session,
                                gint64              draft)
{
  g_autoptr (GArray) copies = copies_of (session, draft);

  for (guint i = 0; i < copies->len; i++)
    drop_copy (session, g_array_index (copies, gint64, i));
}

void
pinion_store_draft_copies_drop_all (PinionStoreSession *session,
                                    gint64              account)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_list (session, account);

  for (guint i = 0; i < drafts->len; i++)
    pinion_store_draft_copies_drop (session, g_array_index (drafts, gint64, i));
}

/* -- Getting there ----------------------------------------------------------------------------- */

GArray *
pinion_store_drafts_stale (PinionStoreSession *session)
{
  GArray *drafts = g_array_new (FALSE, FALSE, sizeof (PinionStoreStaleDraft));
  g_auto (PinionQuery) query = pinion_query (
    session,
    "SELECT m.id, m.account_id, m.key, m.received FROM message m"
    " JOIN account a ON a.id = m.account_id AND a.server_drafts = 1"
    " WHERE m.local_draft = 1 AND NOT EXISTS (SELECT 1 FROM draft_copy c WHERE c.draft_id = m.id"
    "  AND (c.version = m.key OR " IS_BEING_MADE "))"
    " AND EXISTS (SELECT 1 FROM folder f WHERE f.account_id = m.account_id AND f.role = 3"
    "  AND f.missing = 0 AND f.selectable = 1)"
    " ORDER BY m.received, m.id");

  while (pinion_query_next (&query))
    {
      PinionStoreStaleDraft draft = {
        .draft = pinion_query_int (&query, 0),
        .account = pinion_query_int (&query, 1),
        .version = pinion_query_int (&query, 2),
        .changed = pinion_query_int (&query, 3),
      };
      g_array_append_val (drafts, draft);
    }

  return drafts;
}

static gboolean
is_stale (PinionStoreSession *session,
          gint64              draft,
          gint64              version,
          gint64             *account)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_stale (session);

  for (guint i = 0; i < drafts->len; i++)
    {
      const PinionStoreStaleDraft *stale = &g_array_index (drafts, PinionStoreStaleDraft, i);

      *account = stale->account;
      if (stale->draft == draft && stale->version == version)
        return TRUE;
    }

  return FALSE;
}

/* What was queued and has not left, or was refused. */
static void
drop_unmade (PinionStoreSession *session,
             gint64              draft)
{
  g_autoptr (GArray) copies = pinion_sql_ids (
    session, "SELECT copy_id FROM draft_copy WHERE draft_id = ? AND made = 0", sql_int (draft));

  for (guint i = 0; i < copies->len; i++)
    drop_copy (session, g_array_index (copies, gint64, i));
}

gboolean
pinion_store_draft_upload (PinionStoreSession      *session,
                           gint64                   draft,
                           gint64                   version,
                           const PinionStoreHeader *header,
                           GBytes                  *raw)
{
  PinionFlags flags = PINION_FLAG_SEEN | PINION_FLAG_DRAFT;
  guint64 size = g_bytes_get_size (raw);
  gint64 account;

  if (!is_stale (session, draft, version, &account))
    return FALSE;

  drop_unmade (session, draft);

  gint64 folder = pinion_sql_get (session,
                                  "SELECT id FROM folder WHERE account_id = ? AND role = ?",
                                  sql_int (account), sql_int (PINION_FOLDER_ROLE_DRAFTS));
  gint64 copy = pinion_message_insert (session, account, pinion_store_key_of_message (header, size),
                                       header, session->now, size, flags);
  PinionJournalEntry entry = {
    .kind = PINION_STORE_OPERATION_APPEND,
    .message = copy,
    .to_folder = folder,
    .to_placement = pinion_placement_add (session, folder, 0, copy, 0, flags),
  };

  pinion_store_keep_raw (session, copy, FALSE, raw);
  pinion_store_journal_add (session, &entry);
  link_copy (session, copy, draft, FALSE);

  return TRUE;
}

void
pinion_store_draft_copy_made (PinionStoreSession *session,
                              gint64              message)
{
  Copy copy = get_copy (session, message);

  if (copy.id == 0 || copy.is_made)
    return;

  pinion_store_make_mail (session, message);
  g_autoptr (GArray) others = pinion_sql_ids (
    session, "SELECT copy_id FROM draft_copy WHERE draft_id = ? AND made = 1",
    sql_int (copy.draft));
  for (guint i = 0; i < others->len; i++)
    drop_copy (session, g_array_index (others, gint64, i));

  pinion_sql_run (session, "UPDATE draft_copy SET made = 1 WHERE copy_id = ?", sql_int (message));
  if (copy.draft == 0)
    drop_copy (session, message);
  changed (session);
}

/* -- What other programs do with it ------------------------------------------------------------ */

/* What another program did with the copy counts, unless something was written here since. */
static void
follow (PinionStoreSession *session,
        const Copy         *copy)
{
  unlink_copy (session, copy->id);
  if (copy->is_current)
    pinion_store_draft_remove (session, copy->draft);
}

void
pinion_store_draft_copy_arrived (PinionStoreSession *session,
                                 gint64              message,
                                 gboolean            edited)
{
  Copy copy = get_copy (session, message);

  if (copy.id == 0 || !copy.is_made)
    return;

  if (copy.draft == 0)
    drop_copy (session, message);
  else if (edited)
    follow (session, &copy);
}

static GArray *
list_lost (PinionStoreSession *session,
           gint64              account)
{
  return pinion_sql_ids (
    session,
    "SELECT c.copy_id FROM draft_copy c CROSS JOIN message m ON m.id = c.copy_id"
    " WHERE m.account_id = ?1 AND c.made = 1 AND c.draft_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM placement p JOIN folder f ON f.id = p.folder_id"
    "  WHERE p.message_id = c.copy_id AND NOT " IS_ELSEWHERE ")"
    " AND EXISTS (SELECT 1 FROM folder f WHERE f.account_id = ?1 AND f.role = 3"
    "  AND f.missing = 0)",
    sql_int (account));
}

gboolean
pinion_store_drafts_have_lost (PinionStoreSession *session,
                               gint64              account)
{
  g_autoptr (GArray) lost = list_lost (session, account);

  return lost->len > 0;
}

void
pinion_store_drafts_follow (PinionStoreSession *session,
                            gint64              account)
{
  g_autoptr (GArray) lost = list_lost (session, account);

  for (guint i = 0; i < lost->len; i++)
    {
      Copy copy = get_copy (session, g_array_index (lost, gint64, i));

      follow (session, &copy);
    }
}

gint64
pinion_store_draft_continue (PinionStoreSession      *session,
                             gint64                   message,
                             const PinionStoreHeader *header,
                             GBytes                  *raw,
                             gint64                   reply_to)
{
  gint64 known = pinion_sql_get (session, "SELECT draft_id FROM draft_copy WHERE copy_id = ?",
                                 sql_int (message));
  gint64 account = pinion_sql_get (
    session,
    "SELECT f.account_id FROM placement p JOIN folder f ON f.id = p.folder_id"
    " WHERE p.message_id = ? AND f.role = 3 AND " PINION_STORE_SHOWN,
    sql_int (message));

  if (known != 0 || account == 0)
    return known;

  gint64 draft = pinion_store_draft_save (session, account, 0, header, raw, reply_to);
  link_copy (session, message, draft, TRUE);

  return draft;
}
