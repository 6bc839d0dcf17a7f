/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server: hostname, port, encryption, user name.  IMAP and SMTP have a page each. */

#pragma once

#include "pinion-assistant-page.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_SERVER (pinion_assistant_server_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantServer, pinion_assistant_server, PINION, ASSISTANT_SERVER,
                      PinionAssistantPage)

/* Property "sends" (boolean, construct only): whether it is the SMTP server. */

G_END_DECLS
