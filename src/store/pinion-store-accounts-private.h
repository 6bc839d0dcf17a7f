/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts as the rescue file has them. */

#pragma once

#include "pinion-store-accounts.h"

G_BEGIN_DECLS

/* Writes the group "account ID". */
void pinion_store_account_to_key_file (const PinionAccount *account,
                                       GKeyFile            *file);

/* Adds the account of @group with its old id. */
void pinion_store_account_restore (PinionStoreSession *session,
                                   GKeyFile           *file,
                                   const char         *group);

G_END_DECLS
