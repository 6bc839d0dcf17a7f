/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message in a file, a scripted server, and a connection to it that is signed in. */

#pragma once

#include "pinion-smtp-connection.h"

#include "pinion-test-peer.h"

G_BEGIN_DECLS

/* Up to the sign-in; @keywords: lines of the answer to EHLO, such as "S: 250-SIZE\nS: 250-DSN\n". */
#define SMTP_TEST_START(keywords) \
  "{tls}\nS: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-x\n" keywords \
  "S: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\nS: 235 ok\n"

/* Patient ones: 8 seconds for everything. */
extern const PinionSmtpLimits smtp_test_limits;

typedef struct
{
  PinionTestPeer *peer;
  PinionSmtpConnection *connection;
  char *path;
  GFile *file;
} SmtpTestSession;

/* @limits: (nullable), the patient ones. */
void smtp_test_session_begin (SmtpTestSession        *self,
                              const char             *script,
                              const char             *message,
                              gssize                  length,
                              const PinionSmtpLimits *limits);

/* From ana@example.com. */
gboolean smtp_test_session_submit (SmtpTestSession   *self,
                                   const char *const *recipients,
                                   GError           **error);

/* Everything was played.  Returns: (transfer full) what the client sent */
GByteArray *smtp_test_session_end (SmtpTestSession *self);

/* The same where the play may have ended anywhere. */
void smtp_test_session_drop (SmtpTestSession *self);

G_END_DECLS
