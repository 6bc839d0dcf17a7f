/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do with labels themselves.  As with pinion-store-commands.h: at once here, the
 * operations for the server in the same transaction, and an undo group.
 *
 * Names are compared without case, as Exchange does.  Folders with a role, and those that are not for
 * mail, cannot be renamed or deleted: servers refuse it, and Exchange's default folders must not
 * move. */

#pragma once

#include "pinion-store-folders.h"

G_BEGIN_DECLS

/* One level of a path: the name that LIST would have for it, and the whole path down to it.
 * Borrowed. */
typedef struct
{
  GBytes *raw_name;
  const char *path;
} PinionStoreLevel;

/* Makes the last of @levels, and those above it that are missing.  Fails with INVALID_ARGUMENT where
 * it exists.  @folder: (out) (nullable).  Returns: the undo group. */
gint64 pinion_store_command_create_label (PinionStoreSession     *session,
                                          gint64                  account_id,
                                          char                    delimiter,
                                          const PinionStoreLevel *levels,
                                          guint                   n_levels,
                                          gint64                 *folder);

/* Gives @folder the name of the last of @levels; what is in it goes along, and levels above that are
 * missing are made.  Returns: the undo group, 0 where it has this name already. */
gint64 pinion_store_command_rename_label (PinionStoreSession     *session,
                                          gint64                  folder,
                                          const PinionStoreLevel *levels,
                                          guint                   n_levels);

/* Takes @folder away, with the labels in it.  Messages whose last label this was go to the folder
 * with @role (ARCHIVE or TRASH), and there goes, too, what the server turns out to have in it.
 * Returns: the undo group. */
gint64 pinion_store_command_delete_label (PinionStoreSession *session,
                                          gint64              folder,
                                          PinionFolderRole    role);

G_END_DECLS
