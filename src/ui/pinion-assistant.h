/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Adding an account, a step a page.  The content of the window while there is no account, or of a
 * dialog over it.
 *
 * Signal "account-added" (int64 id): the account is stored and syncs; whoever shows the assistant
 * takes it away. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT (pinion_assistant_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistant, pinion_assistant, PINION, ASSISTANT, AdwBin)

GtkWidget *pinion_assistant_new (PinionEngine *engine);

/* Shows it in a dialog over @parent's window, which it closes once the account is added. */
void pinion_assistant_present (PinionEngine *engine,
                               GtkWidget    *parent);

G_END_DECLS
