/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that is said to be a message (RFC 5322), made one that a server takes. */

#pragma once

#include "pinion-mime-message.h"

G_BEGIN_DECLS

/* The message in @file: an mbox's "From " line before it is left out, each line ends with CRLF, every
 * other byte stays.  Only one that has no Message-ID, by which alone it could be found again on every
 * server, is given one, which is made from its bytes; a field of that name that says nothing becomes
 * X-Original-Message-ID.  Blocks: call it on a worker thread.
 * @anonymous: (out): the size of what was given one, as it was before; 0 where it has its own
 * Returns: (transfer full), or %NULL with PINION_ERROR_FILE_OF_OUTLOOK, _OF_MAILBOX, or _NO_MESSAGE:
 * there is no header field that any message has, or a NUL, which no literal may have (RFC 3501,
 * 4.3). */
GBytes *pinion_mime_import (GBytes  *file,
                            guint64 *anonymous,
                            GError **error);

/* When the last server on its way took @message, by its first Received field (RFC 5321, 4.4).  Returns:
 * seconds since 1970, 0 where it does not say */
gint64 pinion_mime_import_get_arrival (PinionMimeMessage *message);

G_END_DECLS
