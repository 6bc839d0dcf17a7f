/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The steps that commands are made of, one message each; for this room only.  Each changes what is
 * shown, queues its operation and notes how to take it back. */

#pragma once

#include "pinion-store-journal.h"
#include "pinion-store-undo.h"

G_BEGIN_DECLS

/* The shown placement of @message in @folder; id 0 if there is none. */
PinionPlacement pinion_act_find_shown (PinionStoreSession *session,
                                       gint64              message,
                                       gint64              folder);

/* The same, but with the text that @copy has. */
PinionPlacement pinion_act_find_same (PinionStoreSession    *session,
                                      const PinionPlacement *copy,
                                      gint64                 folder);

/* Whether @copy, were it back in @folder because @placement is not going to be after all, would be there
 * twice: another copy of the same text is shown there, which is not one that is to come from @placement.
 * @copy: its message and its text_size count. */
gboolean pinion_act_is_met (PinionStoreSession    *session,
                            const PinionPlacement *copy,
                            gint64                 folder,
                            gint64                 placement);

/* Whether the same text is shown in another folder that is neither Trash nor Junk. */
gboolean pinion_act_is_kept_elsewhere (PinionStoreSession    *session,
                                       const PinionPlacement *placement);

/* @group: (nullable): %NULL where it is not to be taken back */
void pinion_act_set_flag (PinionStoreSession *session,
                          PinionUndoGroup    *group,
                          gint64              message,
                          PinionFlags         flag,
                          gboolean            value);

/* @placement to the folder @to; if the same text is there already, only away. */
void pinion_act_move (PinionStoreSession    *session,
                      PinionUndoGroup       *group,
                      const PinionPlacement *placement,
                      gint64                 to);

/* A copy of @placement in @to, unless one of the same text is there. */
void pinion_act_copy (PinionStoreSession    *session,
                      PinionUndoGroup       *group,
                      const PinionPlacement *placement,
                      gint64                 to);

/* @placement away, others stay.  @last_resort: where it goes if it turns out to be the last one. */
void pinion_act_remove (PinionStoreSession    *session,
                        PinionUndoGroup       *group,
                        const PinionPlacement *placement,
                        gint64                 last_resort);

/* @placement away for good. */
void pinion_act_delete (PinionStoreSession    *session,
                        PinionUndoGroup       *group,
                        const PinionPlacement *placement);

G_END_DECLS
