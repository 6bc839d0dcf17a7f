/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rest of this room tells those put off. */

#pragma once

#include "pinion-store-snooze.h"
#include "pinion-store-undo.h"

G_BEGIN_DECLS

/* Whether anything is put off: nearly always nothing is. */
gboolean pinion_snooze_has_any (PinionStoreSession *session);

/* A new @message arrived in @folder: if it answers what is put off, that comes back. */
void pinion_snooze_notice_arrival (PinionStoreSession *session,
                                   gint64              message,
                                   gint64              folder);

/* A person has read @message. */
void pinion_snooze_notice_read (PinionStoreSession *session,
                                gint64              message);

/* Takes back the steps of @group.  Returns: how many. */
guint pinion_snooze_undo (PinionStoreSession *session,
                          PinionUndoGroup    *group);

/* What @thread has in the Inbox: put off until (0: not), come back at (0: not), and not read
 * since. */
typedef struct
{
  gint64 until;
  gint64 back;
  gboolean fresh;
} PinionSnoozeState;

PinionSnoozeState pinion_snooze_of_thread (PinionStoreSession *session,
                                           gint64              thread);

/* For the rescue file. */
void pinion_snooze_to_key_file (PinionStoreSession *session,
                                GKeyFile           *file);
void pinion_snooze_restore     (PinionStoreSession *session,
                                GKeyFile           *file);

G_END_DECLS
