/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The message as it leaves: without the header fields that only its author may see. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Copies the message in the file @from to a new file @to (mode 0600), without Bcc and Resent-Bcc
 * (RFC 5322, 3.6.3), everything else byte for byte.  A half-written file is removed.
 * Errors: PINION_ERROR_NOT_FOUND, _DISK_FULL, _STORE_FAILED.  Blocks. */
gboolean pinion_mime_copy_without_bcc (const char *from,
                                       const char *to,
                                       GError    **error);

G_END_DECLS
