/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server says it can do, in its answer to EHLO (RFC 5321, 4.1.1.1).
 *
 * ENHANCEDSTATUSCODES (RFC 2034) is not among it: such codes are read wherever they stand, since
 * servers write them without saying so. */

#pragma once

#include "pinion-smtp-reply.h"

G_BEGIN_DECLS

/* RFC 3207, 6152, 3030 (@binary_mime, @chunking), 2920, 6531, 3461.
 * @size: whether SIZE is offered (RFC 1870); @max_size: its limit in bytes, 0: none told.
 * @mechanisms: of AUTH (RFC 4954), upper case, %NULL-terminated, never %NULL. */
typedef struct
{
  gboolean starttls;
  gboolean eight_bit_mime;
  gboolean binary_mime;
  gboolean chunking;
  gboolean pipelining;
  gboolean smtputf8;
  gboolean dsn;
  gboolean size;
  guint64 max_size;
  char **mechanisms;
} PinionSmtpEhlo;

/* @reply: a positive answer.  What is unknown or malformed is as if it were not there.
 * Returns: (transfer full) */
PinionSmtpEhlo *pinion_smtp_ehlo_parse (const PinionSmtpReply *reply);
void            pinion_smtp_ehlo_free  (PinionSmtpEhlo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSmtpEhlo, pinion_smtp_ehlo_free)

G_END_DECLS
