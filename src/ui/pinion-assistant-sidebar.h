/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which labels come into the sidebar. */

#pragma once

#include "pinion-assistant-page.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_SIDEBAR (pinion_assistant_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantSidebar, pinion_assistant_sidebar, PINION, ASSISTANT_SIDEBAR,
                      PinionAssistantPage)

G_END_DECLS
