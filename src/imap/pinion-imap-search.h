/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Criteria of UID SEARCH, joined by "and" (RFC 3501, 6.4.4).  ASCII only, and never a CHARSET,
 * since Exchange knows none. */

#pragma once

#include <glib-object.h>

#include "pinion-imap-uid-set.h"

G_BEGIN_DECLS

typedef struct _PinionImapSearch PinionImapSearch;

/* Returns: (transfer full), matching everything. */
PinionImapSearch *pinion_imap_search_new  (void);
void              pinion_imap_search_free (PinionImapSearch *self);

/* Internal date on or after the UTC day of @seconds. */
void pinion_imap_search_add_since (PinionImapSearch *self,
                                   gint64            seconds);

/* Header field @name contains @value, case folded by the server; "" asks for presence.  Returns:
 * %FALSE, and adds nothing, where @name is no field name or @value is not printable ASCII. */
gboolean pinion_imap_search_add_header (PinionImapSearch *self,
                                        const char       *name,
                                        const char       *value);

/* Only among @uids; a long set is searched in pieces.  At most once. */
void pinion_imap_search_set_uids (PinionImapSearch *self,
                                  PinionUidSet     *uids);

void pinion_imap_search_add_deleted   (PinionImapSearch *self);
void pinion_imap_search_add_undeleted (PinionImapSearch *self);
void pinion_imap_search_add_unseen    (PinionImapSearch *self);

/* @name: "\\Seen", or a keyword, the program's own; whether it is set. */
void pinion_imap_search_add_flag (PinionImapSearch *self,
                                  const char       *name,
                                  gboolean          set);

/* Only the @most messages with the largest UIDs of those that fit; 0 for all. */
void pinion_imap_search_set_newest (PinionImapSearch *self,
                                    guint             most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapSearch, pinion_imap_search_free)

G_END_DECLS
