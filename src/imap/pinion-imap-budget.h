/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many connections one account may have at a server, all of its users in this program together.
 *
 * Servers count the connections of all of a person's devices (Exchange allows 16, others fewer), so
 * that one program takes few.  Where a server refuses one more while others work, the limit becomes
 * what works.  Exchange does that in the words for a wrong password; as long as a connection of the
 * same account is open, those are not believed.  One thread, but the last reference may go on
 * another. */

#pragma once

#include "pinion-imap-connection.h"

G_BEGIN_DECLS

/* One that waits, and some that work. */
#define PINION_IMAP_BUDGET_DEFAULT 4

typedef struct _PinionImapBudget PinionImapBudget;

/* @most: 0 for the default.  Returns: (transfer full), counted. */
PinionImapBudget *pinion_imap_budget_new   (guint most);
PinionImapBudget *pinion_imap_budget_ref   (PinionImapBudget *self);
void              pinion_imap_budget_unref (PinionImapBudget *self);

/* As pinion_imap_connect(), as soon as there is a place; it is taken until the connection is
 * closed. Rejects with PINION_ERROR_TOO_MANY_CONNECTIONS where the server takes no more than there
 * are: work with those, the next call waits for one of them. */
DexFuture *pinion_imap_budget_connect (PinionImapBudget   *self,
                                       const PinionServer *server,
                                       PinionSecret       *secret,
                                       const char         *ca_pem,
                                       PinionStageSink    *sink);

/* Places now, and how many connections are open. */
guint pinion_imap_budget_get_limit  (PinionImapBudget *self);
guint pinion_imap_budget_get_n_open (PinionImapBudget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapBudget, pinion_imap_budget_unref)

G_END_DECLS
