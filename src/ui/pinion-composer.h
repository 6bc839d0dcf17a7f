/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message being written: in place at the foot of a conversation, or in a dialog of its own. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_COMPOSER (pinion_composer_get_type ())
G_DECLARE_FINAL_TYPE (PinionComposer, pinion_composer, PINION, COMPOSER, AdwBin)

/* @draft is copied. */
GtkWidget *pinion_composer_new (PinionEngine      *engine,
                                const PinionDraft *draft);

/* Opens a composer of its own over @parent's window.  @draft: (nullable) copied; %NULL for an
 * empty message. */
void pinion_composer_present (PinionEngine      *engine,
                              const PinionDraft *draft,
                              GtkWidget         *parent);

G_END_DECLS
