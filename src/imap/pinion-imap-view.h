/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server has said of the selected mailbox, checked before it is believed, and the list
 * of changes that nobody has taken yet (RFC 3501, 7.3, 7.4).
 *
 * Keeps which UID stands behind a sequence number as far as it was said, so that an EXPUNGE can
 * name its message.  Memory is bounded, whatever count is announced. */

#pragma once

#include "pinion-imap-fetch.h"

G_BEGIN_DECLS

typedef struct _PinionImapView PinionImapView;

/* @raw_name: about to be selected; nothing counts as a change until pinion_imap_view_open(). */
PinionImapView *pinion_imap_view_new  (const char *raw_name,
                                       gboolean    read_only);
void            pinion_imap_view_free (PinionImapView *self);

/* SELECT succeeded. @read_only: by its response code. */
void     pinion_imap_view_open    (PinionImapView *self,
                                   gboolean        read_only);
gboolean pinion_imap_view_is_open (PinionImapView *self);

/* Borrowed. */
const PinionImapSelected *pinion_imap_view_get_selected (PinionImapView *self);

/* @fetched: (nullable) of a FETCH. @claimed: a command took its flags. */
void pinion_imap_view_apply (PinionImapView           *self,
                             const PinionImapResponse *response,
                             const PinionImapFetched  *fetched,
                             gboolean                  claimed);

/* Returns: (transfer full) (element-type PinionImapChange) */
GArray *pinion_imap_view_take_changes (PinionImapView *self);

gboolean pinion_imap_view_has_changes (PinionImapView *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapView, pinion_imap_view_free)

G_END_DECLS
