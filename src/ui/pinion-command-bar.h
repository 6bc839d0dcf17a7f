/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command bar: everything there is to do, to go to and to ask for, by a few letters of
 * it.  The entry keeps the focus, the arrows walk the list, Enter does it.
 *
 * Signal "chosen" (PinionCommand): once the bar has closed, with the focus where it was.
 * Signal "late-key" (guint keyval, GdkModifierType): on its way out it has the keyboard still. */

#pragma once

#include <adwaita.h>

#include "pinion-command.h"

G_BEGIN_DECLS

#define PINION_TYPE_COMMAND_BAR (pinion_command_bar_get_type ())
G_DECLARE_FINAL_TYPE (PinionCommandBar, pinion_command_bar, PINION, COMMAND_BAR, AdwDialog)

/* Whether it is on its way out. */
gboolean pinion_command_bar_is_closed (PinionCommandBar *self);

/* For what can be done in @window now. */
AdwDialog *pinion_command_bar_new (PinionEngine *engine,
                                   GtkWidget    *window);

/* At once after it was presented: its own way waits for it to be drawn, and what is typed until then
 * would be lost. */
void pinion_command_bar_take_focus (PinionCommandBar *self);

/* A key that was pressed for it before it is presented. */
void pinion_command_bar_take_key (PinionCommandBar *self,
                                  guint             keyval,
                                  GdkModifierType   modifiers);

G_END_DECLS
