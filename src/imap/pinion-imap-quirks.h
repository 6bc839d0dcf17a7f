/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers known to be odd, and in what: the one table of them.
 *
 * A quirk only ever makes the client more careful; nothing is switched on by it that was not
 * offered.  What all servers must be forgiven is not here but where it is read. */

#pragma once

#include "pinion-imap-capability.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_IMAP_QUIRK_FEW_AT_ONCE = 1 << 0,    /* few commands in flight */
  PINION_IMAP_QUIRK_POLL_AFTER_IDLE = 1 << 1, /* IDLE loses news: look in between */
  PINION_IMAP_QUIRK_FLAG_AFTER_APPEND = 1 << 2, /* \Flagged of APPEND is not seen: STORE it again */
  PINION_IMAP_QUIRK_UIDS_CHANGE = 1 << 3,  /* an edited message gets a new UID in its mailbox */
  PINION_IMAP_QUIRK_SIZE_ESTIMATED = 1 << 4, /* RFC822.SIZE is none */
  PINION_IMAP_QUIRK_ASCII_SEARCH = 1 << 5, /* SEARCH knows no CHARSET, and may not be asked again */
} PinionImapQuirks;

/* Commands in flight with FEW_AT_ONCE. */
#define PINION_IMAP_FEW 8

/* What is known of a server.  @greeting: its text; @words: its capabilities as they were sent;
 * @name: by ID.  All (nullable). */
typedef struct
{
  const char *greeting;
  const char *words;
  const char *name;
  PinionImapCapability capabilities;
} PinionImapServer;

PinionImapQuirks pinion_imap_quirks_find (const PinionImapServer *server);

G_END_DECLS
