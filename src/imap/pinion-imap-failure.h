/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server's refusal means: response codes (RFC 5530), and the texts of Exchange, which
 * sends no codes.  Classified by what was asked for, then by code, then by text. */

#pragma once

#include "pinion-error.h"
#include "pinion-imap-response.h"

G_BEGIN_DECLS

/* What was asked for. */
typedef enum
{
  PINION_IMAP_ASKED_ANYTHING,
  PINION_IMAP_ASKED_GREETING,
  PINION_IMAP_ASKED_STARTTLS,
  PINION_IMAP_ASKED_SIGN_IN,
  PINION_IMAP_ASKED_OPEN,
  PINION_IMAP_ASKED_LIST,
  PINION_IMAP_ASKED_APPEND,
} PinionImapAsked;

/* @response: a NO, BAD or BYE, or a line of junk.  Returns: (transfer full), with "server-text",
 * and "backoff-seconds" where the server named a time or needs one. */
GError *pinion_imap_failure_new (PinionImapAsked           asked,
                                 const PinionImapResponse *response);

G_END_DECLS
