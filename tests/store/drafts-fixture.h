/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts with copies on the server, for tests of the store. */

#pragma once

#include "pinion-store-drafts.h"
#include "store-fixture.h"

G_BEGIN_DECLS

void drafts_set_server_drafts (Fixture            *fixture,
                               PinionStoreSession *session,
                               gboolean            server_drafts);

/* @draft: or 0.  Returns: the draft */
gint64 drafts_save (Fixture            *fixture,
                    PinionStoreSession *session,
                    gint64              draft,
                    const char         *text);

guint    drafts_count_stale (PinionStoreSession *session);
gboolean drafts_upload_as   (PinionStoreSession *session,
                             gint64              draft,
                             gint64              version,
                             const char         *message_id);

/* The server tells of the copy @message_id in @folder.  Returns: the message */
gint64 drafts_see (Fixture            *fixture,
                   PinionStoreSession *session,
                   const char         *folder,
                   guint32             uid,
                   const char         *message_id,
                   guint64             size);

/* Drafts has it no more. */
void drafts_vanish (Fixture            *fixture,
                    PinionStoreSession *session,
                    guint32             uid);

/* The message that lies in Drafts there. */
gint64 drafts_get_copy (Fixture            *fixture,
                        PinionStoreSession *session,
                        guint32             uid);

/* Nothing is wrong, and so many conversations are in the list of drafts. */
void drafts_check (Fixture *fixture,
                   guint    n_shown);

G_END_DECLS
