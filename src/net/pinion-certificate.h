/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one decision about a server's certificate, for net's own connections and those that libsoup
 * makes for discover; for no other room.
 *
 * GIO verifies against the system's trust and the server's name.  What it finds wrong is judged
 * here: an unknown issuer is healed by one of the account's own authorities (the name checked
 * again), and everything by equality with the pinned certificate, except that it was revoked. */

#pragma once

#include <gio/gio.h>

#include "pinion-account.h"
#include "pinion-error.h"

G_BEGIN_DECLS

typedef struct _PinionVerifier PinionVerifier;

/* @server: copied.  Fails with INVALID_ARGUMENT if @ca_pem (nullable) holds no certificate.
 * Returns: (transfer full) (nullable) */
PinionVerifier *pinion_verifier_new (const PinionServer *server,
                                     PinionProtocol      protocol,
                                     const char         *ca_pem,
                                     GError            **error);
void            pinion_verifier_free (PinionVerifier *self);

/* Whom the certificate has to name; borrowed. */
GSocketConnectable *pinion_verifier_get_identity (PinionVerifier *self);

/* Whether the account has authorities of its own.  They are asked before the system's, which are a
 * hundred and more to load: the connection has to be made without a database. */
gboolean pinion_verifier_has_authorities (PinionVerifier *self);

/* The semantics of GTlsConnection::accept-certificate: @problems as GIO found them, not empty.
 * Returns: whether the certificate is trusted nevertheless */
gboolean pinion_verifier_accept (PinionVerifier      *self,
                                 GTlsCertificate     *certificate,
                                 GTlsCertificateFlags problems);

/* After the handshake: whether @certificate (nullable) with @problems was found good, or was
 * accepted by pinion_verifier_accept().  Fails with CERTIFICATE_INVALID otherwise. */
gboolean pinion_verifier_confirm (PinionVerifier      *self,
                                  GTlsCertificate     *certificate,
                                  GTlsCertificateFlags problems,
                                  GError             **error);

/* Why it was refused, (transfer full); %NULL if nothing was. */
GError *pinion_verifier_steal_refusal (PinionVerifier *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionVerifier, pinion_verifier_free)

G_END_DECLS
