/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts' settings, as PinionAccount.  No secrets. */

#pragma once

#include "pinion-account.h"
#include "pinion-store.h"

G_BEGIN_DECLS

/* Returns: (transfer full): PinionAccount, in the order they were added. */
GPtrArray *pinion_store_accounts_list (PinionStoreSession *session);

/* Returns: (transfer full) (nullable) */
PinionAccount *pinion_store_account_get (PinionStoreSession *session,
                                         gint64              id);

/* @account->id is ignored.  Returns: the new id. */
gint64 pinion_store_account_add (PinionStoreSession  *session,
                                 const PinionAccount *account);

/* Every setting of @account->id becomes that of @account; fails with NOT_FOUND. */
void pinion_store_account_update (PinionStoreSession  *session,
                                  const PinionAccount *account);

/* Forgets the account with its folders, messages, files, operations, outbox and drafts. */
void pinion_store_account_remove (PinionStoreSession *session,
                                  gint64              id);

G_END_DECLS
