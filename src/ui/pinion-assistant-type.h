/* SPDX-License-Identifier: GPL-3.0-or-later */

/* First page: which kind of server keeps the mail. */

#pragma once

#include "pinion-assistant-page.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_TYPE (pinion_assistant_type_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantType, pinion_assistant_type, PINION, ASSISTANT_TYPE,
                      PinionAssistantPage)

G_END_DECLS
