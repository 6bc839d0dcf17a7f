/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flags of messages, for this room only.  Kept: for every placement the person has not sent away,
 * what the server has of \Seen and \Flagged is what is shown, or an operation is pending that
 * makes it so (or was given up, with its reason). */

#pragma once

#include "pinion-store-placements.h"

G_BEGIN_DECLS

#define PINION_FLAGS_AGREEING (PINION_FLAG_SEEN | PINION_FLAG_FLAGGED)

PinionFlags pinion_message_get_flags (PinionStoreSession *session,
                                      gint64              message);
void        pinion_message_set_flags (PinionStoreSession *session,
                                      gint64              message,
                                      PinionFlags         flags);

/* The flags of AGREEING for which a person's act is still on its way to the server. */
PinionFlags pinion_message_get_pending_flags (PinionStoreSession *session,
                                              gint64              message);

/* The server has what a person did to @flag. */
void pinion_message_note_flag_act (PinionStoreSession *session,
                                   gint64              message,
                                   PinionFlags         flag);

/* Queues what is needed, drops what is not any more.  @group: the person's act, or 0 where it only
 * carries a change of one copy to the others. */
void pinion_message_reconcile (PinionStoreSession *session,
                               gint64              message,
                               gint64              group);

/* A copy with @server flags turned up for a known message.  @is_only: no other copy is known to the
 * server. */
void pinion_message_merge_flags (PinionStoreSession *session,
                                 gint64              message,
                                 PinionFlags         server,
                                 gboolean            is_only);

/* The same for a copy that turned up or was made: what a person wanted of it stays a person's act. */
void pinion_message_carry_flags (PinionStoreSession *session,
                                 gint64              message);

G_END_DECLS
