/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading messages in bulk, for this room only. */

#pragma once

#include "pinion-store-session.h"
#include "pinion-store-view.h"

G_BEGIN_DECLS

/* All of the thread, shown or not, oldest first.  Returns: (transfer full): PinionStoreMessage */
GPtrArray *pinion_store_messages_of_thread (PinionStoreSession *session,
                                            gint64              thread_id);

G_END_DECLS
