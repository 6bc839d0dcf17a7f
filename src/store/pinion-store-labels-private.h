/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the journal, the undo and the list of folders tell the labels, for this room only. */

#pragma once

#include "pinion-store-journal.h"
#include "pinion-store-labels.h"
#include "pinion-store-undo.h"

G_BEGIN_DECLS

/* The operation of @entry, which is of a folder, is done. */
void pinion_store_labels_finish (PinionStoreSession       *session,
                                 const PinionJournalEntry *entry);

/* It has been given up and marked so: what is shown becomes what the server has. */
void pinion_store_labels_give_up (PinionStoreSession       *session,
                                  const PinionJournalEntry *entry,
                                  const GError             *error);

/* Takes back the steps on folders of @group, the last one first.  Returns: how many there were. */
guint pinion_store_labels_undo (PinionStoreSession *session,
                                PinionUndoGroup    *group);

/* Folders or their operations changed: makes wanted_name and wanted_path of the account again. */
void pinion_store_labels_rebuild (PinionStoreSession *session,
                                  gint64              account);

/* Another client gave @folder this name, which is not taken yet: what is to be made or renamed within it here
 * is so within its new name. */
void pinion_store_labels_follow (PinionStoreSession *session,
                                 gint64              account,
                                 gint64              folder,
                                 GBytes             *name,
                                 const char         *path);

/* Whether messages can be brought to @folder. */
gboolean pinion_store_label_is_usable (PinionStoreSession *session,
                                       gint64              folder);

/* What has come into @folder, which is to be deleted, goes where the rest of it went. */
void pinion_store_label_take_along (PinionStoreSession *session,
                                    gint64              folder);

/* -- pinion-store-folders.c */

/* The server has it no more. */
void pinion_store_folder_lose (PinionStoreSession *session,
                               gint64              folder);

G_END_DECLS
