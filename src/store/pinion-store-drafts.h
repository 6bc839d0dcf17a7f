/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server has of local drafts.
 *
 * A draft that is kept on the server has a copy there: a message of its own in the account's Drafts
 * folder, made by an APPEND of the journal, that is shown nowhere as long as its draft is here.  A
 * draft that was saved since is stale and gets another copy; the old one is deleted only when that is
 * proven, so that the server always has one.  A copy that another program deleted takes its draft with
 * it, one that another program edited stands for it; unless the draft is stale: then what was written
 * here stays. */

#pragma once

#include "pinion-store-outbox.h"

G_BEGIN_DECLS

/* A draft that is to be kept on the server, and of which that has no copy, or an old one.  @version:
 * of what is here.  @changed: when it was saved, in seconds. */
typedef struct
{
  gint64 draft;
  gint64 account;
  gint64 version;
  gint64 changed;
} PinionStoreStaleDraft;

/* Longest unchanged first; without those whose copy is just being made.
 * Returns: (transfer full): PinionStoreStaleDraft */
GArray *pinion_store_drafts_stale (PinionStoreSession *session);

/* Queues the copy @raw of the draft as it was at @version, in place of one that has not left yet.
 * %FALSE: it was saved or removed meanwhile, or a copy is just being made; look again then. */
gboolean pinion_store_draft_upload (PinionStoreSession      *session,
                                    gint64                   draft,
                                    gint64                   version,
                                    const PinionStoreHeader *header,
                                    GBytes                  *raw);

/* Whether copies of @account lie in no folder any more, or were thrown away or sent by another
 * program. */
gboolean pinion_store_drafts_have_lost (PinionStoreSession *session,
                                        gint64              account);

/* Drafts was compared and what is new in it is here: what happened to such copies happened to their
 * drafts. */
void pinion_store_drafts_follow (PinionStoreSession *session,
                                 gint64              account);

/* Another program's draft @message becomes the copy of a new local draft, @raw, which answers
 * @reply_to (or 0).  Returns: that, or the one that it is the copy of already; 0 where @message lies
 * in no Drafts folder. */
gint64 pinion_store_draft_continue (PinionStoreSession      *session,
                                    gint64                   message,
                                    const PinionStoreHeader *header,
                                    GBytes                  *raw,
                                    gint64                   reply_to);

G_END_DECLS
