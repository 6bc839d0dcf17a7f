/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message being written: in place at the foot of a conversation, or in a window of its own.
 *
 * What is typed is kept as a local draft by itself.  Once a message is in the outbox, the action
 * "win.sent" (x: its outbox id) of the main window is activated, which offers to take it back.
 *
 * Signals:
 *   "closed" (boolean kept): sent, discarded, or left (then @kept: whether a draft remains)
 *   "pop-out": a person asks for a window of its own */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_COMPOSER (pinion_composer_get_type ())
G_DECLARE_FINAL_TYPE (PinionComposer, pinion_composer, PINION, COMPOSER, AdwBin)

/* @draft is copied. */
GtkWidget *pinion_composer_new (PinionEngine      *engine,
                                const PinionDraft *draft);

/* Puts the cursor where writing goes on: recipients if there are none, else the text. */
void pinion_composer_start (PinionComposer *self);

/* The local draft it is kept as, 0 while it is not. */
gint64 pinion_composer_get_draft_id (PinionComposer *self);

/* What is written now.  Returns: (transfer full) */
PinionDraft *pinion_composer_dup_draft (PinionComposer *self);

/* Keeps what is written, now.  Resolves to TRUE. */
DexFuture *pinion_composer_save (PinionComposer *self);

/* The same as nobody writes on for now: where drafts are kept on the server, it is to get there. */
void pinion_composer_leave (PinionComposer *self);

/* Opens a window of its own beside @parent's, or shows the one in which this very draft is written.
 * @draft: (nullable) copied; %NULL for an empty message. */
void pinion_composer_present (PinionEngine      *engine,
                              const PinionDraft *draft,
                              GtkWidget         *parent);

/* How long sending can be taken back, as the person chose; 0: not at all. */
guint pinion_composer_get_undo_seconds (void);

/* Takes the message @outbox back while that is possible and opens it again beside @parent's window.
 * Resolves to TRUE once it is open. */
DexFuture *pinion_composer_take_back (PinionEngine *engine,
                                      gint64        outbox,
                                      GtkWidget    *parent);

G_END_DECLS
