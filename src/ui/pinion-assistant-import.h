/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much mail is brought here, and whose mailbox it is. */

#pragma once

#include "pinion-assistant-page.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_IMPORT (pinion_assistant_import_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantImport, pinion_assistant_import, PINION, ASSISTANT_IMPORT,
                      PinionAssistantPage)

G_END_DECLS
