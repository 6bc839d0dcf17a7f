/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a large literal goes while it arrives: a new file, or memory up to a bound. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PinionImapSpill PinionImapSpill;

/* A new file (mode 0600) in @directory; that it could not be made is told at the end.
 * Returns: (transfer full) */
PinionImapSpill *pinion_imap_spill_new_file (const char *directory);

/* Keeps the first @most bytes and drops the rest.  Returns: (transfer full) */
PinionImapSpill *pinion_imap_spill_new_memory (gsize most);

/* Removes the file, unless its path was taken. */
void pinion_imap_spill_free (PinionImapSpill *self);

/* Never fails; the first error is kept and the rest dropped. */
void pinion_imap_spill_write (PinionImapSpill *self,
                              const guint8    *data,
                              gsize            length);

/* Closes the file.  Returns: (transfer full) (nullable) its path; fails with
 * PINION_ERROR_DISK_FULL or _STORE_FAILED. */
char *pinion_imap_spill_take_path (PinionImapSpill *self,
                                   GError         **error);

/* Returns: (transfer full) what is in memory. */
GBytes *pinion_imap_spill_take_bytes (PinionImapSpill *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapSpill, pinion_imap_spill_free)

G_END_DECLS
