/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in with SASL (RFC 4422), without any input or output of its own.
 *
 * Use only inside TLS.  Whatever is made from the password wipes itself when it is freed. */

#pragma once

#include <glib.h>

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
} PinionSaslMechanism;

typedef struct _PinionSasl PinionSasl;

/* "PLAIN" | "LOGIN" | "LOGIN command" */
const char *pinion_sasl_mechanism_to_string (PinionSaslMechanism mechanism);

/* Chooses how to sign in from the mechanisms @offered (names without "AUTH=", any case).
 * @login_command: whether IMAP's LOGIN is allowed (no LOGINDISABLED); ignored for SMTP.
 * IMAP names with a mailbox part choose the command, since Exchange refuses them in PLAIN.
 * Fails with SIGN_IN_NO_MECHANISM, naming what was offered. */
gboolean pinion_sasl_choose (PinionProtocol       protocol,
                             const char          *user,
                             const char * const  *offered,
                             gboolean             login_command,
                             PinionSaslMechanism *mechanism,
                             GError             **error);

/* Whether @user names another mailbox behind the person's own name: "DOMAIN\user\alias",
 * "user@domain\alias", "user@domain/alias", "DOMAIN/user/alias". */
gboolean pinion_sasl_user_has_mailbox (const char *user);

/* The name to sign in with: SMTP knows no mailbox part, so there it is cut off.
 * Returns: (transfer full) */
char *pinion_sasl_dup_user (PinionProtocol protocol,
                            const char    *user);

/* Starts one attempt; not for PINION_SASL_LOGIN_COMMAND.  @user is sent as it is.  Fails with
 * INVALID_ARGUMENT if the name or the password is empty, has a NUL, or is not UTF-8.
 * Returns: (transfer full) (nullable) */
PinionSasl *pinion_sasl_new (PinionSaslMechanism mechanism,
                             const char         *user,
                             PinionSecret       *secret,
                             GError            **error);
void        pinion_sasl_free (PinionSasl *self);

PinionSaslMechanism pinion_sasl_get_mechanism (PinionSasl *self);

/* The next answer.  @challenge: the server's, decoded; %NULL with length 0 asks for the initial
 * response.  Fails with PROTOCOL when the server asks for more than the mechanism has.
 * Returns: (transfer full), wiped when freed; empty only if the mechanism says so. */
GBytes *pinion_sasl_step (PinionSasl   *self,
                          const guint8 *challenge,
                          gsize         length,
                          GError      **error);

/* Whether everything has been said, so that success may be believed. */
gboolean pinion_sasl_is_done (PinionSasl *self);

/* @text with every form of the password in it (clear, base64 of an answer) replaced by "***"; what
 * a server says while signing in goes through this before it is kept.  Returns: (transfer full) */
char *pinion_sasl_redact (PinionSasl *self,
                          const char *text);

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSasl, pinion_sasl_free)

G_END_DECLS
