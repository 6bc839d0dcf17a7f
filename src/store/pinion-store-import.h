/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from files: each gets a label at once, and is appended to the folder on the server
 * (RFC 3501, 6.3.11) when there is a chance to. */

#pragma once

#include "pinion-store-mirror.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_STORE_IMPORT_ADDED,    /* the server is to get it */
  PINION_STORE_IMPORT_LABELLED, /* it was here, and has the label now */
  PINION_STORE_IMPORT_KNOWN,    /* it was here with that label: nothing is done */
} PinionStoreImported;

/* @raw: the message, with CRLF; @received: seconds, what becomes its INTERNALDATE; @anonymous: how large
 * it was before it was given its Message-ID, 0: it had one.  @group: the command
 * to be undone, 0: a new one; where something is done, it is set to it.  Fails the session with
 * NOT_FOUND where there is no folder @folder that takes messages, with INVALID_ARGUMENT where it is
 * Drafts.  The message is read. */
PinionStoreImported pinion_store_command_import (PinionStoreSession      *session,
                                                 gint64                  *group,
                                                 gint64                   folder,
                                                 const PinionStoreHeader *header,
                                                 gint64                   received,
                                                 guint64                  anonymous,
                                                 GBytes                  *raw);

G_END_DECLS
