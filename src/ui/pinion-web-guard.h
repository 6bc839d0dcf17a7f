/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The walls around the HTML of strangers.
 *
 *   PinionWebGuard
 *     ├─ a session whose only way out is a proxy that does not exist
 *     ├─ a session that may fetch pictures, for messages whose pictures a person asked for
 *     ├─ a content filter for each: nothing but pictures, without consent the message's own only
 *     └─ the scheme pinion-cid:, answered from the message a view shows, with pictures only
 *
 * Each belt is meant to hold alone; nothing here relies on the HTML being clean.  Views run no
 * script of a page; the one script they know is the program's own, in a world of its own, and
 * reports the height of the page.  Main thread. */

#pragma once

#include <webkit/webkit.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

/* The message of the program's own script: the height of the page in CSS pixels. */
#define PINION_WEB_WORLD "pinion"
#define PINION_WEB_HEIGHT "pinionHeight"
/* Asks for that message, in that world. */
#define PINION_WEB_ASK_HEIGHT "pinionAskHeight ();"

#define PINION_TYPE_WEB_GUARD (pinion_web_guard_get_type ())
G_DECLARE_FINAL_TYPE (PinionWebGuard, pinion_web_guard, PINION, WEB_GUARD, GObject)

/* @engine: (nullable) where pictures of messages come from. */
PinionWebGuard *pinion_web_guard_new (PinionEngine *engine);

/* A view that can show @message and nothing else.  @remote_pictures: a person agreed to fetch
 * pictures from the network.  Resolves to a WebKitWebView; rejects where the walls cannot be built,
 * and then no HTML may be shown. */
DexFuture *pinion_web_guard_make_view (PinionWebGuard *self,
                                       gint64          message,
                                       gboolean        remote_pictures);

/* The type of a picture by its first bytes, of those a view may show: PNG, JPEG, GIF, WebP, BMP.
 * Returns: (nullable), static. */
const char *pinion_web_guard_sniff_picture (GBytes *bytes);

G_END_DECLS
