/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Last page: verifies IMAP and SMTP before the person's eyes, names what fails with its cure, and
 * stores the account once all is well.
 *
 *   begin ─→ verifying ─→ keeping ─→ "account-added"
 *     ↑          │            │
 *     └─ "Try Again" ── failed, cancelled
 *
 * Signals: "account-added" (int64 id); "look-at" (string: the tag of the page to correct). */

#pragma once

#include "pinion-assistant-page.h"
#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_CONNECT (pinion_assistant_connect_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantConnect, pinion_assistant_connect, PINION, ASSISTANT_CONNECT,
                      PinionAssistantPage)

/* Verifies what the setup says, with @secret, which is let go of as soon as it is not needed.  What
 * was going on is dropped. */
void pinion_assistant_connect_begin (PinionAssistantConnect *self,
                                     PinionEngine           *engine,
                                     PinionSecret           *secret);

/* Stops at once; nothing is kept. */
void pinion_assistant_connect_cancel (PinionAssistantConnect *self);

G_END_DECLS
