/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the journal and the folders tell the outbox, for this room only. */

#pragma once

#include "pinion-store-outbox.h"

G_BEGIN_DECLS

/* The copy of @message in Sent is proven: its outbox item leaves; its file becomes the mail's. */
void pinion_store_outbox_filed (PinionStoreSession *session,
                                gint64              message);

/* The server has what was in the outbox or is a draft's copy: its file becomes that of a mail. */
void pinion_store_make_mail (PinionStoreSession *session,
                             gint64              message);

/* What was submitted and has no copy in Sent, and none on its way, gets one. */
void pinion_store_outbox_file_submitted (PinionStoreSession *session,
                                         gint64              account);

/* Writes @raw as the file of @message in @place, at once on the disk. */
void pinion_store_keep_raw (PinionStoreSession *session,
                            gint64              message,
                            gboolean            is_draft,
                            GBytes             *raw);

/* A key that no message of a server has: for drafts, and doubles. */
gint64 pinion_store_new_local_key (void);

G_END_DECLS
