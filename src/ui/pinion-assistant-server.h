/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server: hostname, port, encryption, user name.  IMAP and SMTP have a page each. */

#pragma once

#include "pinion-assistant-page.h"

G_BEGIN_DECLS

#define PINION_TYPE_ASSISTANT_SERVER (pinion_assistant_server_get_type ())
G_DECLARE_FINAL_TYPE (PinionAssistantServer, pinion_assistant_server, PINION, ASSISTANT_SERVER,
                      PinionAssistantPage)

/* Property "sends" (boolean, construct only): whether it is the SMTP server.
 * Signal "ask": the person agrees that the other host is asked. */

/* What the look-up says: whether it goes on, and a host outside of the domain that it was pointed
 * at; (nullable). */
void pinion_assistant_server_show_look_up (PinionAssistantServer *self,
                                           gboolean               running,
                                           const char            *other_host);

G_END_DECLS
