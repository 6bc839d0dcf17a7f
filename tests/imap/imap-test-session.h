/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A connection of ours and a scripted server that looks like Exchange. */

#pragma once

#include "pinion-imap-connection.h"
#include "pinion-test-certs.h"
#include "pinion-test-fiber.h"
#include "pinion-test-peer.h"

G_BEGIN_DECLS

#define SESSION_PASSWORD "Gr\xc3\xbcn-wie-42-Gras"

/* AUTHENTICATE PLAIN of ana@example.com with it */
#define SESSION_PLAIN "AGFuYUBleGFtcGxlLmNvbQBHcsO8bi13aWUtNDItR3Jhcw=="

/* What Exchange 2016 offers, but for ID, which would be one more command in each script. */
#define SESSION_EXCHANGE                                                                           \
  "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=NTLM AUTH=GSSAPI SASL-IR UIDPLUS MOVE UNSELECT CHILDREN "       \
  "IDLE NAMESPACE LITERAL+"

typedef struct
{
  PinionTestPeer *peer;
  PinionServer server;
  PinionSecret *secret;
  PinionImapConnection *connection;
} Session;

/* A peer that plays all of @script; nothing is connected yet.  @user: (nullable) */
void session_prepare (Session         *self,
                      const char      *script,
                      PinionEncryption encryption,
                      const char      *user);

/* Signs in over TLS at a server that offers @capabilities; then @script is played, in which tags
 * begin at P5. */
void session_open (Session    *self,
                   const char *capabilities,
                   const char *script);

/* The same with the first mailbox selected: three messages, UIDVALIDITY 14; tags begin at P6. */
void session_open_inbox (Session    *self,
                         const char *capabilities,
                         const char *script);

/* Closes and waits for the script to have been played to its end. */
void session_close (Session *self);

/* Waits for @future (transfer full), which must reject with @code.  Returns: (transfer full) */
GError *session_assert_rejects (DexFuture      *future,
                                PinionErrorCode code);

/* Waits for @future (transfer full), which must resolve. */
void session_assert_resolves (DexFuture *future);

/* "1:3,9"; borrowed sets are freed by the caller. */
PinionUidSet *session_set (const char *text);

/* The changes as text: "E4 -1/50 F2=1 R"; and takes them. */
char *session_take_changes (Session *self);

G_END_DECLS
