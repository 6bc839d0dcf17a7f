/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real server to test against: Dovecot, and connections to it. */

#pragma once

#include "pinion-imap-connection.h"

G_BEGIN_DECLS

typedef struct
{
  GSubprocess *process;
  PinionServer tls;
  PinionServer starttls;
  PinionServer shared;
  char *ca_pem;
  PinionSecret *secret;
} Server;

extern Server server;

/* @capability: "exchange" or "full"; @mailbox: "demo" or "empty". */
void start_server (const char *capability,
                   const char *mailbox);
void stop_server  (void);

PinionImapConnection *sign_in    (const PinionServer *settings);
PinionImapConnection *open_inbox (void);

/* Says goodbye.  @connection: (transfer full) */
void leave (PinionImapConnection *connection);

/* Waits for @future (transfer full), which must resolve; with boxed() to a value.
 * Returns: (transfer full) */
void     resolves (DexFuture *future);
gpointer boxed    (DexFuture *future);

G_END_DECLS
