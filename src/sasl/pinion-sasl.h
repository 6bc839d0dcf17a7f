/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in with SASL (RFC 4422), without any input or output of its own.
 *
 * PLAIN and LOGIN hand the password over, so they are for TLS only.  SCRAM proves the password
 * without telling it, and that the server knows it too.  GSSAPI shows a Kerberos ticket.  NTLM is
 * the last resort: it is only chosen where a server offers nothing else.
 *
 * GSSAPI and NTLM come from the system's GSS-API, NTLM as its mechanism gss-ntlmssp.  That one is
 * maintained by those who maintain MIT Kerberos in the distributions, knows NTLMv2 with its
 * integrity code and channel binding, has an acceptor to test against, and needs no second way to
 * call it.  libntlm ends at NTLMv1 answers without channel binding, and GNU SASL builds on libntlm.
 *
 * Whatever is made from the password wipes itself when it is freed. */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-secret.h"

G_BEGIN_DECLS

typedef enum
{
  /* RFC 4616 */
  PINION_SASL_PLAIN,
  /* The old "Username:", "Password:" mechanism */
  PINION_SASL_LOGIN,
  /* No SASL: IMAP's LOGIN command (RFC 3501, 6.2.3) */
  PINION_SASL_LOGIN_COMMAND,
  /* RFC 5802 and 7677; PLUS is bound to the TLS connection (RFC 5056, 5929, 9266) */
  PINION_SASL_SCRAM_SHA_256,
  PINION_SASL_SCRAM_SHA_256_PLUS,
  /* MS-NLMP, version 2 of it */
  PINION_SASL_NTLM,
  /* RFC 4752, with Kerberos 5 */
  PINION_SASL_GSSAPI,
} PinionSaslMechanism;

typedef struct _PinionSasl PinionSasl;

/* What signing in depends on; everything is borrowed, but for what pinion_sasl_context_bind() sets.
 * @host: the configured name of the server.  @user: is sent as it is, see pinion_sasl_dup_user().
 * @secret: (nullable) without a meaning for a ticket.  @offered: (nullable) names of mechanisms
 * without "AUTH=", any case.  @login_command: whether IMAP's LOGIN is allowed (no LOGINDISABLED);
 * ignored for SMTP.  @failed: a mask of 1 << PinionSaslMechanism, what did not work before.
 * @encrypted: whether this is TLS; else nothing can be chosen.  @exporter, @end_point: (nullable)
 * what binds to the connection, of the types "tls-exporter" and "tls-server-end-point". */
typedef struct
{
  PinionProtocol protocol;
  PinionSignIn sign_in;
  const char *host;
  const char *user;
  PinionSecret *secret;
  const char *const *offered;
  gboolean login_command;
  guint failed;

  gboolean encrypted;
  GBytes *exporter;
  GBytes *end_point;
} PinionSaslContext;

/* Takes from @stream (nullable) whether it is TLS, and what binds to it. */
void pinion_sasl_context_bind  (PinionSaslContext *self,
                                GIOStream         *stream);
void pinion_sasl_context_clear (PinionSaslContext *self);

/* "PLAIN", "SCRAM-SHA-256" ... | "LOGIN command" */
const char *pinion_sasl_mechanism_to_string (PinionSaslMechanism mechanism);

/* Chooses how to sign in.  With a password: SCRAM, PLAIN, the mechanism LOGIN, IMAP's LOGIN; NTLM
 * only where none of these is offered.  IMAP names with a mailbox part choose LOGIN, since Exchange
 * refuses them in PLAIN, and neither NTLM nor GSSAPI can name a mailbox.  With a ticket: GSSAPI.
 * Fails with SIGN_IN_NO_MECHANISM, naming what was offered. */
gboolean pinion_sasl_choose (const PinionSaslContext *context,
                             PinionSaslMechanism     *mechanism,
                             GError                 **error);

/* Whether @user names another mailbox behind the person's own name: "DOMAIN\user\alias",
 * "user@domain\alias", "user@domain/alias", "DOMAIN/user/alias". */
gboolean pinion_sasl_user_has_mailbox (const char *user);

/* The name to sign in with: SMTP knows no mailbox part, so there it is cut off.
 * Returns: (transfer full) */
char *pinion_sasl_dup_user (PinionProtocol protocol,
                            const char    *user);

/* -- One attempt ---------------------------------------------------------------------------- */

/* Starts one attempt; for PINION_SASL_LOGIN_COMMAND it has no steps.  Fails with INVALID_ARGUMENT
 * if the name or the password is empty, or is not UTF-8; a ticket needs neither.
 * Returns: (transfer full) (nullable), counted atomically */
PinionSasl *pinion_sasl_new   (PinionSaslMechanism      mechanism,
                               const PinionSaslContext *context,
                               GError                 **error);
PinionSasl *pinion_sasl_ref   (PinionSasl *self);
void        pinion_sasl_unref (PinionSasl *self);

PinionSaslMechanism pinion_sasl_get_mechanism (PinionSasl *self);

/* Whether the client may speak first, with the command itself (RFC 4954, 4959). */
gboolean pinion_sasl_has_initial_response (PinionSasl *self);

/* The next answer, for fibers: what computes for long or asks a server of its own (a KDC) runs on a
 * worker thread, within a minute.  @challenge: the server's in base64, blanks around it are
 * ignored; %NULL asks for the initial response.  One at a time; after a rejection it is over.
 * Resolves to a GBytes, wiped when freed; empty only if the mechanism says so.  Rejects with
 * PROTOCOL when the server says what the mechanism does not allow, SIGN_IN_REFUSED where it refuses
 * inside of it, SIGN_IN_NO_MECHANISM where this computer has none, and with a ticket
 * TICKET_MISSING, TICKET_REFUSED, or SERVER_UNAVAILABLE (no KDC). */
DexFuture *pinion_sasl_respond (PinionSasl *self,
                                const char *challenge);

/* The same at once, blocking.  @challenge: decoded; %NULL with length 0 asks for the initial
 * response.  Returns: (transfer full) (nullable) */
GBytes *pinion_sasl_step (PinionSasl   *self,
                          const guint8 *challenge,
                          gsize         length,
                          GError      **error);

/* Whether everything has been said and the server has proven what the mechanism lets it prove, so
 * that success may be believed. */
gboolean pinion_sasl_is_done (PinionSasl *self);

/* Adds to @error (taken), why the attempt failed, what it means for this mechanism, and takes the
 * password and all that was made from it out of its words.  Returns: (transfer full) */
GError *pinion_sasl_explain (PinionSasl *self,
                             GError     *error);

/* Whether @error is about the mechanism and not about the password: the server did not judge the
 * password yet, so that another mechanism may be tried, on a fresh connection (Exchange answers
 * nonsense on the old one). */
gboolean pinion_sasl_may_try_another (PinionSasl   *self,
                                      const GError *error);

/* What has failed then, for PinionSaslContext.failed: the mechanism; but where SCRAM told the
 * server that it could have bound, only that.  What lists the mechanisms is not always what knows
 * them (a mail server that asks another one for AUTH), and SCRAM goes once more without telling. */
guint pinion_sasl_get_failed (PinionSasl *self);

/* @text with every form of the password in it (clear, base64 of an answer) replaced by "***"; what
 * a server says while signing in goes through this before it is kept.  Returns: (transfer full) */
char *pinion_sasl_redact (PinionSasl *self,
                          const char *text);

/* -- Lines ---------------------------------------------------------------------------------- */

/* @response as one line of base64 with @prefix before and CRLF behind it, wiped when freed; an
 * empty response is "=" if @initial (RFC 4954, 4959).  Returns: (transfer full) */
GBytes *pinion_sasl_encode_line (const char *prefix,
                                 GBytes     *response,
                                 gboolean    initial);

/* A line of base64 from the server (blanks around it are ignored).  Fails with PROTOCOL.
 * Returns: (transfer full), never %NULL on success */
GBytes *pinion_sasl_decode (const char *base64,
                            GError    **error);

/* Bytes that are wiped when the last reference goes; a copy of @data. */
GBytes *pinion_sasl_bytes_new (gconstpointer data,
                               gsize         length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSasl, pinion_sasl_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinionSaslContext, pinion_sasl_context_clear)

G_END_DECLS
