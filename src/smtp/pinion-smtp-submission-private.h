/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One message on its way: shared by what decides, asks and hands over. */

#pragma once

#include "pinion-smtp-connection-private.h"
#include "pinion-smtp-data.h"
#include "pinion-smtp-envelope.h"

G_BEGIN_DECLS

/* @sender, @recipients: in their form on the wire once they are encoded.  @reports: where
 * @wants_reports; its id is owned.  @seen: what the file was like before the server was told about
 * it.  @form, @chunked, @size: how the text leaves. */
typedef struct
{
  PinionSmtpConnection *connection;
  char *sender;
  char **recipients;
  GFile *file;
  gboolean wants_reports;
  PinionSmtpReports reports;
  char *envelope_id;

  PinionSmtpData seen;
  PinionSmtpForm form;
  gboolean chunked;
  guint64 size;
} PinionSmtpSubmission;

/* Reads the file through once: fills @seen. */
gboolean pinion_smtp_submission_look (PinionSmtpSubmission *self,
                                      GError              **error);

/* Hands the text over, to the server's last word.  The envelope was accepted. */
gboolean pinion_smtp_submission_send_text (PinionSmtpSubmission *self,
                                           GError              **error);

/* Withdraws what was said, so that the connection can be used again. */
void pinion_smtp_submission_withdraw (PinionSmtpSubmission *self);

G_END_DECLS
