/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of one message, as tall as it is.
 *
 * Holds a web view behind the walls of PinionWebGuard, made when there is something to draw.
 * Nothing it shows can lead away: every navigation but the first is ignored, and the links a person
 * clicks are handed out.
 *
 * Signals:
 *   "link" (string): a http, https or mailto address was clicked
 *   "hovered" (string, nullable): where the link under the pointer leads
 *   "drawn": the page is there, each time one was loaded
 *   "failed": the page cannot be drawn; pinion_message_view_load() tries again */

#pragma once

#include <gtk/gtk.h>

#include "pinion-web-guard.h"

G_BEGIN_DECLS

#define PINION_TYPE_MESSAGE_VIEW (pinion_message_view_get_type ())
G_DECLARE_FINAL_TYPE (PinionMessageView, pinion_message_view, PINION, MESSAGE_VIEW, GtkWidget)

/* @message: whose pictures it shows. */
GtkWidget *pinion_message_view_new (PinionWebGuard *guard,
                                    gint64          message);

/* @html: a whole document.  @remote_pictures: a person agreed to fetch its pictures. */
void pinion_message_view_load (PinionMessageView *self,
                               const char        *html,
                               gboolean           remote_pictures);

/* Whether a person may be led to @uri: http, https or mailto, without surprises in it. */
gboolean pinion_message_view_may_open (const char *uri);

/* The web view, for tests; (nullable), borrowed. */
WebKitWebView *pinion_message_view_peek_web (PinionMessageView *self);

G_END_DECLS
