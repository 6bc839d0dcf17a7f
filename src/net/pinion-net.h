/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reaching a server and setting up TLS.
 *
 * Every certificate decision of the program is made here: the system's trust (or the account's own
 * authorities) for exactly the configured host name, or equality with the one certificate the
 * person pinned.  There is no way to accept anything else, and none to go on in clear.
 *
 * Each function spawns a fiber on the calling thread's scheduler; streams belong to that thread.
 * Errors are PINION_ERRORs with stage, host and port; certificate errors carry "sha256", "subject",
 * "issuer", "not-before", "not-after" (UTC, ISO 8601) and, with a pin, "pinned-sha256". */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "pinion-account.h"
#include "pinion-error.h"

G_BEGIN_DECLS

/* How long each step may take, in milliseconds. */
typedef struct
{
  guint resolve;
  guint reach;
  guint handshake;
} PinionNetLimits;

/* 20 seconds each. */
extern const PinionNetLimits pinion_net_default_limits;

/* Loads what every way to a server needs, on a thread of its own and once: the network's monitor and the
 * system's proxies, a few hundredths of a second.  pinion_net_connect() does so by itself; programs that
 * are going to connect and have something else to do first begin with it.  Whoever lets GIO connect
 * otherwise has to await it, on a fiber: the proxies must never be asked for before the monitor is there.
 * Resolves to a boolean when it is done; any thread. */
DexFuture *pinion_net_prepare (void);

/* Looks the host up (stage RESOLVE) and connects (REACH; all addresses, through the system's
 * proxy); with implicit TLS the handshake follows (TLS, CERTIFICATE).
 * @ca_pem: (nullable) further trusted authorities, PEM.  @limits: (nullable), the defaults.
 * @sink: (nullable); its cancellable ends the attempt at once, and the channel over the stream later,
 * whose traffic goes to its transcript.  Everything passed is copied.
 * Resolves to a GIOStream: a #GTlsConnection, or for STARTTLS the plain #GSocketConnection, with
 * which pinion_net_start_tls() has to be called before anything secret is sent. */
DexFuture *pinion_net_connect (const PinionServer    *server,
                               PinionProtocol         protocol,
                               const char            *ca_pem,
                               const PinionNetLimits *limits,
                               PinionStageSink       *sink);

/* Starts TLS on @plain after the server agreed to STARTTLS (stages TLS, CERTIFICATE).  Bytes that
 * wait unread on @plain, or anything but TLS that arrives, are DATA_BEFORE_ENCRYPTION.  The caller
 * has to check its own buffers first (pinion_channel_steal_stream() does for the channel).
 * Resolves to a #GTlsConnection.  On error @plain is of no use any more. */
DexFuture *pinion_net_start_tls (GIOStream             *plain,
                                 const PinionServer    *server,
                                 PinionProtocol         protocol,
                                 const char            *ca_pem,
                                 const PinionNetLimits *limits,
                                 PinionStageSink       *sink);

/* Whether a server that stays silent in clear speaks TLS at once (the wrong mode was chosen): says
 * hello in TLS on @plain, which is of no use afterwards.  No certificate is looked at.
 * Resolves to a boolean, never rejects but when cancelled. */
DexFuture *pinion_net_speaks_tls (GIOStream             *plain,
                                  const PinionServer    *server,
                                  const PinionNetLimits *limits);

/* Whether bytes received in clear are the start of a TLS record (handshake or alert), so that the
 * right answer is PINION_ERROR_NEEDS_TLS. */
gboolean pinion_net_is_tls_record (const guint8 *data,
                                   gsize         length);

/* Who watches the attempt that @stream (as the functions above resolve to) belongs to; (nullable),
 * borrowed. */
PinionStageSink *pinion_net_get_sink (GIOStream *stream);

/* A time limit of connecting, @milliseconds, but no more than PINION_TIME_LIMIT says in the environment:
 * tests of servers that never answer would take minutes. */
guint pinion_net_limit (guint milliseconds);

/* "TLS 1.3" of an established connection, borrowed. */
const char *pinion_net_get_tls_version (GTlsConnection *connection);

/* Lower-case hexadecimal SHA-256 of the certificate's DER.  Returns: (transfer full) */
char *pinion_net_dup_sha256 (GTlsCertificate *certificate);

G_END_DECLS
