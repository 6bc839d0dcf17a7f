/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses on the way out: the only door through which one gets into a command (RFC 5321, 4.1.2;
 * RFC 6531).  What could end a line or a path is refused, wherever it came from. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "<ana@example.com>" for MAIL and RCPT.  The domain becomes ASCII (IDNA).
 * @smtputf8: whether the server takes other characters in the local part.
 * Fails with ADDRESS_UNSUPPORTED (needs SMTPUTF8) or INVALID_ARGUMENT; detail "address".
 * Returns: (transfer full) (nullable) */
char *pinion_smtp_address_encode (const char *address,
                                  gboolean    smtputf8,
                                  GError    **error);

G_END_DECLS
