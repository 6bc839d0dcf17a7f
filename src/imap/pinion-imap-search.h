/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Criteria of UID SEARCH, joined by "and" (RFC 3501, 6.4.4).  What the program asks by itself is
 * ASCII and needs no CHARSET, since Exchange knows none; only a person's words may be others. */

#pragma once

#include <glib-object.h>

#include "pinion-imap-uid-set.h"
#include "pinion-search-query.h"

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

/* What a person asks, term by term; what the server finds may be more than is meant: days are a day
 * longer at both ends, since nobody says in which zone a server counts, and words are found inside
 * others.  Labels are for the caller to choose the mailbox by.  @ascii_only: other words cannot be
 * asked for, else they go as UTF-8 (RFC 3501, 6.4.4: the server may refuse with BADCHARSET).
 * Returns: %FALSE with PINION_ERROR_SEARCH_ASCII_ONLY or _UNSUPPORTED where it cannot be said. */
gboolean pinion_imap_search_add_query (PinionImapSearch        *self,
                                       const PinionSearchQuery *query,
                                       gboolean                 ascii_only,
                                       GError                 **error);

/* Only the @most messages with the largest UIDs of those that fit; 0 for all. */
void pinion_imap_search_set_newest (PinionImapSearch *self,
                                    guint             most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapSearch, pinion_imap_search_free)

G_END_DECLS
