/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts' settings, as PinionAccount.  No secrets. */

#pragma once

#include "pinion-account.h"
#include "pinion-store.h"

G_BEGIN_DECLS

/* Returns: (transfer full): PinionAccount, in the person's order. */
GPtrArray *pinion_store_accounts_list (PinionStoreSession *session);

/* Returns: (transfer full) (nullable) */
PinionAccount *pinion_store_account_get (PinionStoreSession *session,
                                         gint64              id);

/* @account->id is ignored, and it comes last.  Returns: the new id. */
gint64 pinion_store_account_add (PinionStoreSession  *session,
                                 const PinionAccount *account);

/* Every setting of @account->id becomes that of @account; fails with NOT_FOUND.  Where drafts are not to be
 * on the server any more, their copies go from there. */
void pinion_store_account_update (PinionStoreSession  *session,
                                  const PinionAccount *account);

/* Makes @id the one at @position of all accounts (from 0; beyond the end: the last).
 * Returns: whether there is such an account */
gboolean pinion_store_account_move (PinionStoreSession *session,
                                    gint64              id,
                                    guint               position);

/* Whether the server refused the password that is kept. */
void pinion_store_account_set_refused (PinionStoreSession *session,
                                       gint64              id,
                                       gboolean            refused);

/* Forgets the account with its folders, messages, files, operations, outbox and drafts. */
void pinion_store_account_remove (PinionStoreSession *session,
                                  gint64              id);

G_END_DECLS
