/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rest of this room tells the copies of drafts; each of these may be called for any
 * message. */

#pragma once

#include "pinion-store-drafts.h"

G_BEGIN_DECLS

/* The draft is no more, or is no draft any more: its copies go from the server. */
void pinion_store_draft_copies_drop (PinionStoreSession *session,
                                     gint64              draft);

/* The same for all drafts of @account, which stay. */
void pinion_store_draft_copies_drop_all (PinionStoreSession *session,
                                         gint64              account);

/* The server has @message: its APPEND is done. */
void pinion_store_draft_copy_made (PinionStoreSession *session,
                                   gint64              message);

/* @message turned up on the server after it had been nowhere.  @edited: with another content. */
void pinion_store_draft_copy_arrived (PinionStoreSession *session,
                                      gint64              message,
                                      gboolean            edited);

G_END_DECLS
