/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a refusal means.  Classified by the enhanced status code (its class first: for good, or for
 * now), the code and the step; by words only where servers give nothing else. */

#pragma once

#include "pinion-error.h"
#include "pinion-smtp-reply.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_SMTP_STEP_GREETING,
  PINION_SMTP_STEP_EHLO,
  PINION_SMTP_STEP_STARTTLS,
  PINION_SMTP_STEP_SIGN_IN,
  PINION_SMTP_STEP_SENDER,
  PINION_SMTP_STEP_RECIPIENT,
  PINION_SMTP_STEP_MESSAGE,
} PinionSmtpStep;

/* @text: the server's words, already redacted; detail "server-text".  Throttling gets
 * "backoff-seconds".  Returns: (transfer full) */
GError *pinion_smtp_error_new (PinionSmtpStep         step,
                               const PinionSmtpReply *reply,
                               const char            *text);

G_END_DECLS
