/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the buttons of a notification of new mail do: "open-message", "archive-message",
 * "reply-message" (an int64: the message), "read-messages" (an array), "open-inbox" (an
 * account). */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"
#include "pinion-window.h"

G_BEGIN_DECLS

/* Makes the action @name on @target true.  @window: to show things in.  Whether it is there or not,
 * nothing happens to a message that is gone meanwhile. */
void pinion_mail_actions_run (PinionEngine *engine,
                              PinionWindow *window,
                              const char   *name,
                              GVariant     *target);

/* Whether @name is about what is seen, so that the window has to come to the front. */
gboolean pinion_mail_actions_shows (const char *name);

G_END_DECLS
