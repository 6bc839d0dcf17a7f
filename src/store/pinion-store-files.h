/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files beside the database: DIR/mail/<2 hex>/<message id>.eml for what the server has too,
 * DIR/outbox/<message id>.eml and DIR/drafts/<message id>.eml for what it has not, DIR/tmp/ for
 * what is on its way, DIR/files/ for what is attached to drafts and was not a file of this computer.
 * Names are made of our own ids only; files are 0600, folders 0700. */

#pragma once

#include "pinion-store.h"

G_BEGIN_DECLS

/* A new name in DIR/tmp (which exists), for a raw message on its way to
 * pinion_store_body_arrived(); to be made with O_EXCL, 0600.  What ended processes left there is
 * removed when the store is opened.  Any thread.  Returns: (transfer full) */
char *pinion_store_dup_temp_path (PinionStore *self);

/* A new name in DIR/files, for the folder of the files a draft has been given.  Any thread.
 * Returns: (transfer full) */
char *pinion_store_dup_files_path (PinionStore *self);

/* Removes that folder.  Any thread. */
void pinion_store_remove_files (const char *path);

/* Removes those folders that any of @paths (nullable) is in; other paths are left alone. */
void pinion_store_remove_files_of (PinionStore       *self,
                                   const char *const *paths);

/* Removes the folders of DIR/files that none of the paths in @used (char *) is in and that nothing was
 * done to for @age seconds.  Blocks; any thread. */
void pinion_store_clean_files (PinionStore *self,
                               GPtrArray   *used,
                               gint64       age);

G_END_DECLS
