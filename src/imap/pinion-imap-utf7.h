/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Modified UTF-7, the encoding of mailbox names (RFC 3501, 5.1.3).
 *
 * The bytes a server sent are the mailbox's key and are sent back exactly as they came; decoding is
 * for people only.  A name that is not well formed is therefore shown as it is. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @raw: the server's bytes.  What is not well-formed modified UTF-7 is decoded as UTF-8 if it is
 * that, else byte by byte as Latin-1.  The result is not cleaned for display.
 * Returns: (transfer full), valid UTF-8, never %NULL. */
char *pinion_imap_utf7_decode (const char *raw);

/* Whether @raw is well-formed modified UTF-7. */
gboolean pinion_imap_utf7_is_valid (const char *raw);

/* @text: UTF-8.  Returns: (transfer full) (nullable), %NULL where @text is not valid UTF-8. */
char *pinion_imap_utf7_encode (const char *text);

G_END_DECLS
