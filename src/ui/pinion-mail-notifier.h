/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells of new mail by notifications of the desktop, for accounts that are not quiet.
 *
 * One message is told of by itself: who, what about, and a line of it; with "app.open-message",
 * "app.archive-message", "app.reply-message" (an int64: the message) and "app.read-messages" (an
 * array).  Several that come at once are summed up in one, by account; it leads to the Inbox
 * ("app.open-inbox", the account).  A notification goes once all it tells of is read or out of
 * the Inbox, here or by another client.  Whoever looks at that very Inbox, in the window that
 * has the focus, is told nothing. */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_MAIL_NOTIFIER (pinion_mail_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PinionMailNotifier, pinion_mail_notifier, PINION, MAIL_NOTIFIER, GObject)

/* Follows @engine from now on.  Returns: (transfer full) */
PinionMailNotifier *pinion_mail_notifier_new (GtkApplication *application,
                                              PinionEngine   *engine);

/* Takes everything back, and tells nothing more. */
void pinion_mail_notifier_stop (PinionMailNotifier *self);

G_END_DECLS
