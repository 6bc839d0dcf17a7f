/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Conversations: messages joined by References, In-Reply-To and Thread-Index, whichever of them
 * came first; never by subject.  Each id that a message names belongs to one thread of the
 * account; a message that names ids of several joins these threads into the oldest. */

#pragma once

#include "pinion-store-mirror.h"

G_BEGIN_DECLS

/* The thread for a message with @header: found, joined or made.  The caller says that it is dirty. */
gint64 pinion_store_thread_for (PinionStoreSession      *session,
                                gint64                   account_id,
                                const PinionStoreHeader *header);

/* Whether the two may have been too large to be joined (some may have gone since). */
gboolean pinion_store_threads_are_full (PinionStoreSession *session,
                                        gint64              thread,
                                        gint64              other);

G_END_DECLS
