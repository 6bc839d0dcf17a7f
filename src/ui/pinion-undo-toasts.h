/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "3 conversations archived · Undo": what was done, and the way back.  The same act done again
 * while its toast is shown is counted into it, and one Undo takes all of it back. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_UNDO_TOASTS (pinion_undo_toasts_get_type ())
G_DECLARE_FINAL_TYPE (PinionUndoToasts, pinion_undo_toasts, PINION, UNDO_TOASTS, GObject)

/* @overlay: where toasts are shown; it must outlive this.  Returns: (transfer full) */
PinionUndoToasts *pinion_undo_toasts_new (AdwToastOverlay *overlay,
                                          PinionEngine    *engine);

/* Tells what was done.  @label_title: (nullable) for the acts about a label; of a snooze,
 * until when. */
void pinion_undo_toasts_add (PinionUndoToasts *self,
                             const PinionDone *done,
                             const char       *label_title);

/* @group was done just before what the newest toast tells, for its sake: it is taken back with it. */
void pinion_undo_toasts_join (PinionUndoToasts *self,
                              gint64            group);

/* Takes back what the newest toast told, or else the newest act of all. */
void pinion_undo_toasts_undo (PinionUndoToasts *self);

/* How often something was undone. */
guint pinion_undo_toasts_get_n_undone (PinionUndoToasts *self);

/* Words alone, or those of @error. */
void pinion_undo_toasts_say       (PinionUndoToasts *self,
                                   const char       *words);
void pinion_undo_toasts_say_error (PinionUndoToasts *self,
                                   const GError     *error);

/* "3 conversations archived"; @n: how many.  Returns: (transfer full) */
char *pinion_undo_toasts_format (PinionAct   act,
                                 guint       n,
                                 const char *label_title);

G_END_DECLS
