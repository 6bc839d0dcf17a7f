/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands that make an envelope: MAIL and RCPT with their parameters (RFC 5321, 4.1.1.2 and
 * 4.1.1.3; SIZE, RFC 1870; BODY, RFC 6152 and 3030; SMTPUTF8, RFC 6531; RET, ENVID, NOTIFY and ORCPT,
 * RFC 3461).  Every one is one line, whatever it is made from. */

#pragma once

#include "pinion-smtp-connection.h"

G_BEGIN_DECLS

/* @sender: as pinion_smtp_address_encode() gives it.  @size: in bytes, where @has_size.
 * @body: (nullable) "8BITMIME" or "BINARYMIME".  @reports: (nullable).  Borrows everything. */
typedef struct
{
  const char *sender;
  gboolean has_size;
  guint64 size;
  const char *body;
  gboolean smtputf8;
  const PinionSmtpReports *reports;
} PinionSmtpMail;

/* Fails with INVALID_ARGUMENT: nothing to report or too much, or an id that is too long. */
gboolean pinion_smtp_reports_check (const PinionSmtpReports *reports,
                                    GError                 **error);

/* Without CRLF.  Returns: (transfer full) */
char *pinion_smtp_envelope_dup_mail (const PinionSmtpMail *mail);

/* @recipient: as pinion_smtp_address_encode() gives it.  @reports: (nullable).  Without CRLF.
 * Returns: (transfer full) */
char *pinion_smtp_envelope_dup_rcpt (const char              *recipient,
                                     const PinionSmtpReports *reports);

G_END_DECLS
