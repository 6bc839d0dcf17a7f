/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names and folders on the disk, for this room only.  No SQL here. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a message's raw file lies: the column body_place. */
typedef enum
{
  PINION_STORE_PLACE_MAIL,
  PINION_STORE_PLACE_OUTBOX,
  PINION_STORE_PLACE_DRAFTS,
} PinionStorePlace;

/* Returns: (transfer full) */
char *pinion_store_dup_body_path (const char      *dir,
                                  PinionStorePlace place,
                                  gint64           message_id);

/* Makes @path and what is above it, 0700; that it exists is fine. */
gboolean pinion_store_make_dir (const char *path,
                                GError    **error);

/* Makes the folder that @path is to lie in. */
gboolean pinion_store_make_parent (const char *path,
                                   GError    **error);

/* Removes a folder with its files and its folders' files; follows no link. */
void pinion_store_remove_tree (const char *path);

/* Removes what ended processes left in DIR/tmp. */
void pinion_store_clean_temp (const char *dir);

/* Whether the process @pid is not, or is this very one. */
gboolean pinion_store_process_has_ended (gint64 pid);

/* Writes @bytes to @path and waits until they are on the disk. */
gboolean pinion_store_write_durably (const char *path,
                                     GBytes     *bytes,
                                     GError    **error);

/* Renames; both on the same disk. */
gboolean pinion_store_rename (const char *from,
                              const char *to,
                              GError    **error);

/* Gives the file @from the name @to as well, so that either is right until a transaction is
 * committed; on a disk that cannot, it is renamed. */
gboolean pinion_store_link (const char *from,
                            const char *to,
                            GError    **error);

G_END_DECLS
