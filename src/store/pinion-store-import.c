/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-import.h"

#include "pinion-store-acts.h"
#include "pinion-store-flags.h"
#include "pinion-store-keys.h"
#include "pinion-store-labels-private.h"
#include "pinion-store-messages.h"
#include "pinion-store-outbox-private.h"

/* A copy that can be copied: the server's, or one on its way there. */
static PinionPlacement
find_source (PinionStoreSession *session,
             gint64              message)
{
  g_autoptr (GArray) placements = pinion_placements_of_message (session, message);

  for (guint i = 0; i < placements->len; i++)
    {
      PinionPlacement *placement = &g_array_index (placements, PinionPlacement, i);

      if (pinion_placement_is_shown (placement))
        return *placement;
    }

  return (PinionPlacement) { 0 };
}

static void
append (PinionStoreSession *session,
        PinionUndoGroup    *group,
        gint64              folder,
        gint64              message)
{
  PinionFlags flags = pinion_message_get_flags (session, message) | PINION_FLAG_SEEN;
  PinionJournalEntry entry = {
    .kind = PINION_STORE_OPERATION_APPEND,
    .group = pinion_undo_group_get (session, group),
    .message = message,
    .to_folder = folder,
    .to_placement = pinion_placement_add (session, folder, 0, message, 0,
                                          flags & PINION_FLAGS_AGREEING),
  };
  PinionUndoStep step = {
    .message = message,
    .kind = PINION_STORE_OPERATION_APPEND,
    .operation = pinion_store_journal_add (session, &entry),
    .to_folder = folder,
  };

  pinion_message_set_flags (session, message, flags);
  pinion_undo_add (session, group, &step);
}

static gint64
find_account (PinionStoreSession *session,
              gint64              folder)
{
  if (!pinion_store_label_is_usable (session, folder))
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such label");
      return 0;
    }
  if (pinion_sql_get (session, "SELECT role FROM folder WHERE id = ?", sql_int (folder))
      == PINION_FOLDER_ROLE_DRAFTS)
    {
      pinion_store_session_fail (session, PINION_ERROR_INVALID_ARGUMENT,
                                 "Drafts takes no messages from files");
      return 0;
    }

  return pinion_sql_get (session, "SELECT account_id FROM folder WHERE id = ?", sql_int (folder));
}

static gint64
find_by_key (PinionStoreSession *session,
             gint64              account,
             gint64              key)
{
  return pinion_sql_get (session, "SELECT id FROM message WHERE account_id = ? AND key = ?",
                         sql_int (account), sql_int (key));
}

/* One that was given its id by the import may be here without it. */
static gint64
find_message (PinionStoreSession      *session,
              gint64                   account,
              gint64                   key,
              const PinionStoreHeader *header,
              guint64                  anonymous)
{
  PinionStoreHeader without = *header;
  gint64 message = find_by_key (session, account, key);

  if (message != 0 || anonymous == 0)
    return message;

  without.message_id = NULL;
  message = find_by_key (session, account, pinion_store_key_of_message (&without, anonymous));

  return message != 0 && find_source (session, message).id != 0 ? message : 0;
}

PinionStoreImported
pinion_store_command_import (PinionStoreSession      *session,
                             gint64                  *group_id,
                             gint64                   folder,
                             const PinionStoreHeader *header,
                             gint64                   received,
                             guint64                  anonymous,
                             GBytes                  *raw)
{
  PinionUndoGroup group = { *group_id };
  guint64 size = g_bytes_get_size (raw);
  gint64 account = find_account (session, folder);
  gint64 key = pinion_store_key_of_message (header, size);
  gint64 message;
  PinionPlacement source;

  if (account == 0)
    return PINION_STORE_IMPORT_KNOWN;

  message = find_message (session, account, key, header, anonymous);
  if (message != 0 && pinion_act_find_shown (session, message, folder).id != 0)
    return PINION_STORE_IMPORT_KNOWN;

  source = message != 0 ? find_source (session, message) : (PinionPlacement) { 0 };
  if (source.id != 0)
    {
      pinion_act_copy (session, &group, &source, folder);
      *group_id = group.id;
      return PINION_STORE_IMPORT_LABELLED;
    }

  /* One that lies nowhere any more is the same again. */
  if (message == 0)
    message = pinion_message_insert (session, account, key, header, received, size,
                                     PINION_FLAG_SEEN);
  else
    pinion_sql_run (session, "UPDATE message SET received = ? WHERE id = ?", sql_int (received),
                    sql_int (message));
  pinion_store_keep_raw (session, message, FALSE, raw);
  append (session, &group, folder, message);
  *group_id = group.id;

  return PINION_STORE_IMPORT_ADDED;
}
