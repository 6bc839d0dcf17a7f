/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The messages that wait to be sent, each with what holds it up and a way to take it back.
 *
 * Signals: "taken-back" (int64): the draft a message has become; "counted" (int64 account, uint):
 * how many wait, after each look; "failed" (GError). */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_OUTBOX_LIST (pinion_outbox_list_get_type ())
G_DECLARE_FINAL_TYPE (PinionOutboxList, pinion_outbox_list, PINION, OUTBOX_LIST, AdwBin)

/* Once; counts from then on. */
void pinion_outbox_list_set_engine (PinionOutboxList *self,
                                    PinionEngine     *engine);

/* Whose outbox is shown. */
void pinion_outbox_list_set_account (PinionOutboxList *self,
                                     gint64            account);

G_END_DECLS
