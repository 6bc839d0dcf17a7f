/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two halves of pinion-net share. */

#pragma once

#include "pinion-net.h"

G_BEGIN_DECLS

/* One attempt at a connection; owned by its fiber. */
typedef struct
{
  PinionServer server;
  PinionProtocol protocol;
  char *ca_pem;
  PinionNetLimits limits;
  PinionStageSink *sink;
  /* For STARTTLS and for looking whether TLS is spoken */
  GIOStream *plain;

  /* While reaching the server */
  PinionStage stage;
  DexPromise *resolved;
} PinionNetAttempt;

PinionNetAttempt *pinion_net_attempt_new  (const PinionServer    *server,
                                           PinionProtocol         protocol,
                                           const char            *ca_pem,
                                           const PinionNetLimits *limits,
                                           PinionStageSink       *sink);
void              pinion_net_attempt_free (PinionNetAttempt *self);

/* Adds host and port, reports @stage as failed, and hands @error on.
 * Returns: (transfer full), @error */
GError *pinion_net_attempt_fail (PinionNetAttempt *self,
                                 PinionStage       stage,
                                 GError           *error);

/* What pinion_net_get_sink() finds. */
void pinion_net_set_sink (GIOStream       *stream,
                          PinionStageSink *sink);

/* @cancellable is cancelled with the attempt.  Returns: for pinion_net_unchain() */
gulong pinion_net_chain   (PinionNetAttempt *self,
                           GCancellable     *cancellable);
void   pinion_net_unchain (PinionNetAttempt *self,
                           gulong            chain);

/* Loads the system's authorities, on a thread of its own and once.  Resolves when they are there. */
DexFuture *pinion_net_prepare_trusted (void);

/* Runs on a fiber.  @after_starttls: whether the server promised to start TLS now.
 * Returns: (transfer full) (nullable) the #GTlsConnection over @plain */
GIOStream *pinion_net_secure (PinionNetAttempt *self,
                              GIOStream        *plain,
                              gboolean          after_starttls,
                              GError          **error);

/* Spawns @func on this thread's scheduler. @data is freed with @destroy. */
DexFuture *pinion_net_spawn (DexFiberFunc   func,
                             gpointer       data,
                             GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionNetAttempt, pinion_net_attempt_free)

G_END_DECLS
