/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The open conversation: its subject, its messages as cards, and the foot to answer at.
 * Owns nothing of the store; asks the engine for messages and bodies, and follows the store by
 * itself.
 *
 * Activates "win.sent" (x) of the window it is in: see pinion-composer.h. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_READER (pinion_reader_get_type ())
G_DECLARE_FINAL_TYPE (PinionReader, pinion_reader, PINION, READER, AdwBin)

GtkWidget *pinion_reader_new (void);

/* Once, before anything is shown. */
void pinion_reader_set_engine (PinionReader *self,
                               PinionEngine *engine);

/* Shows @conversation as seen in @view; showing the one already shown keeps its place. */
void pinion_reader_show_conversation (PinionReader     *self,
                                      gint64            conversation,
                                      const PinionView *view);
void pinion_reader_clear             (PinionReader *self);

/* The conversation shown, 0 for none. */
gint64 pinion_reader_get_conversation (PinionReader *self);

/* Answers the newest message in place; where a composer is open already, brings it into view. */
void pinion_reader_reply (PinionReader   *self,
                          PinionReplyKind kind);

G_END_DECLS
