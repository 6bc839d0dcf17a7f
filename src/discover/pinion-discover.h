/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding the servers of an address: Autodiscover (POX and SOAP), config-v1.1.xml on the domain,
 * DNS SRV (RFC 6186, RFC 8314), and usual host names, all at once, each answer named with its
 * source.
 *
 * Everything found is a proposal.  Nothing without encryption is proposed, and nothing that a
 * stranger says moves a password anywhere: see pinion-discover-policy.h for who may be asked. */

#pragma once

#include <libdex.h>

#include "pinion-account.h"
#include "pinion-discovery.h"
#include "pinion-error.h"

G_BEGIN_DECLS

/* Everything of @request is copied.  @func: (nullable) is told what is known so far, whenever that
 * changes, on the calling thread, whose scheduler does the work.  Dropping the future ends it at
 * once; only a connection to a mail server that is being tried may stay for seconds.  A password
 * that is refused is not tried again. Resolves to a PinionDiscovery (boxed), within about half a
 * minute; rejects with PINION_ERROR_INVALID_ARGUMENT only. */
DexFuture *pinion_discover (const PinionDiscoverRequest *request,
                            PinionDiscoverFunc           func,
                            gpointer                     user_data,
                            GDestroyNotify               destroy);

/* Whether a mail server for @protocol answers at @server: connects, encrypts, waits for its greeting, and never
 * signs in.  @limit: milliseconds for each of these.  @sink: (nullable) what is to stop it.
 * Resolves to TRUE; rejects with what is in the way. */
DexFuture *pinion_discover_probe (const PinionServer *server,
                                  PinionProtocol      protocol,
                                  const char         *ca_pem,
                                  guint               limit,
                                  PinionStageSink    *sink);

G_END_DECLS
