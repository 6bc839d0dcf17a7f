/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates for tests, made with the openssl command in a folder of the test's own, once a
 * process, and removed at its end. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The authority that signs the others, as PEM (for an account's ca_pem); borrowed. */
const char *pinion_test_certs_get_ca (void);

/* A certificate with its key, borrowed: "good" (for localhost and 127.0.0.1), "expired", "future",
 * "other-name" (all signed by the authority), "self-signed", "self-signed-2" (for localhost). */
GTlsCertificate *pinion_test_certs_get (const char *name);

G_END_DECLS
