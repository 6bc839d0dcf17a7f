/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who signs in.  The password stays in its entry until the account is stored: it is never part of
 * the setup. */

#pragma once

#include "pinion-assistant-page.h"
#include "pinion-secret.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_CREDENTIALS (pinion_assistant_credentials_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantCredentials, pinion_assistant_credentials, PINION,
                      ASSISTANT_CREDENTIALS, PinionAssistantPage)

/* Signal "address-entered": the person has left the address, and it is one. */

/* Empty where a ticket is used.  Returns: (transfer full) */
PinionSecret *pinion_assistant_credentials_dup_secret (PinionAssistantCredentials *self);

/* Empties the entry. */
void pinion_assistant_credentials_forget (PinionAssistantCredentials *self);

G_END_DECLS
