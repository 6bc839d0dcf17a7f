/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The capabilities Pinion knows (RFC 3501, 7.2.1).  What is not in the set is never sent. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_IMAP_CAPABILITY_IMAP4REV1 = 1 << 0,
  PINION_IMAP_CAPABILITY_IMAP4REV2 = 1 << 1,
  PINION_IMAP_CAPABILITY_STARTTLS = 1 << 2,
  PINION_IMAP_CAPABILITY_LOGINDISABLED = 1 << 3,
  PINION_IMAP_CAPABILITY_SASL_IR = 1 << 4,
  PINION_IMAP_CAPABILITY_LITERAL_PLUS = 1 << 5,
  PINION_IMAP_CAPABILITY_LITERAL_MINUS = 1 << 6,
  PINION_IMAP_CAPABILITY_UIDPLUS = 1 << 7,
  PINION_IMAP_CAPABILITY_MOVE = 1 << 8,
  PINION_IMAP_CAPABILITY_IDLE = 1 << 9,
  PINION_IMAP_CAPABILITY_NAMESPACE = 1 << 10,
  PINION_IMAP_CAPABILITY_ID = 1 << 11,
  PINION_IMAP_CAPABILITY_UNSELECT = 1 << 12,
  PINION_IMAP_CAPABILITY_CHILDREN = 1 << 13,
  PINION_IMAP_CAPABILITY_SPECIAL_USE = 1 << 14,
  PINION_IMAP_CAPABILITY_AUTH_PLAIN = 1 << 15,
  PINION_IMAP_CAPABILITY_AUTH_LOGIN = 1 << 16,
  PINION_IMAP_CAPABILITY_AUTH_NTLM = 1 << 17,
  PINION_IMAP_CAPABILITY_AUTH_GSSAPI = 1 << 18,
  PINION_IMAP_CAPABILITY_AUTH_XOAUTH2 = 1 << 19,
  PINION_IMAP_CAPABILITY_AUTH_OTHER = 1 << 20,
} PinionImapCapability;

/* @words: what stands after "CAPABILITY ", blanks between.  Returns: the known ones. */
PinionImapCapability pinion_imap_capability_parse (const char *words,
                                                   gsize       length);

G_END_DECLS
