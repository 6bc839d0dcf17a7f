/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One message of a conversation: a line while it is folded, else the whole of it.  Its text is
 * asked for when it is unfolded for the first time.
 *
 * Security marks (who it is from, what is odd about that, pictures not loaded) are native widgets
 * outside the web view, where no message can draw.
 *
 * Actions: message.unfold, .fold, .reply, .reply-all, .forward, .copy-address, .load-pictures,
 * .always-load-pictures, .retry.
 *
 * Signals:
 *   "reply" (int kind): an answer was asked for
 *   "folded": it was folded or unfolded
 *   "link" (string), "hovered" (string, nullable): see PinionMessageView
 *   "said" (string), "failed" (GError): what was done with an attachment, or could not be
 *   "settled": its text, or the reason why there is none, is shown */

#pragma once

#include <adwaita.h>

#include "pinion-part-files.h"
#include "pinion-web-guard.h"

G_BEGIN_DECLS

#define PINION_TYPE_MESSAGE_CARD (pinion_message_card_get_type ())
G_DECLARE_FINAL_TYPE (PinionMessageCard, pinion_message_card, PINION, MESSAGE_CARD, AdwBin)

GtkWidget *pinion_message_card_new (PinionEngine    *engine,
                                    PinionWebGuard  *guard,
                                    PinionPartFiles *files,
                                    PinionMessage   *message);

PinionMessage *pinion_message_card_get_message (PinionMessageCard *self);

/* The same message as it is now: flags, or a body that has arrived. */
void pinion_message_card_set_message (PinionMessageCard *self,
                                      PinionMessage     *message);

gboolean pinion_message_card_get_folded (PinionMessageCard *self);
void     pinion_message_card_set_folded (PinionMessageCard *self,
                                         gboolean           folded);

G_END_DECLS
