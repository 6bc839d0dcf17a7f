/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of a look-up share.  All of it lives on one thread. */

#pragma once

#include "pinion-discover-grammar.h"
#include "pinion-discover-http.h"
#include "pinion-discover-policy.h"
#include "pinion-discover.h"

G_BEGIN_DECLS

/* The first use of TLS or of the network's state loads modules that nobody knows beforehand. */
#define PINION_LOOKUP_STACK_SIZE (512 * 1024)

/* Milliseconds: for one URL, for one step of a probe, and for everything. */
#define PINION_LOOKUP_URL_LIMIT (10 * 1000)
#define PINION_LOOKUP_PROBE_LIMIT (6 * 1000)
#define PINION_LOOKUP_LIMIT (30 * 1000)

/* @refused: the password was refused once.  @asked: "source URL" of each question.  @challenged:
 * of PinionChallenge.  @hints: of strings.  @probes: "imap tls host:port" to the future of its
 * probe. @closed: it ends, and what comes now is not taken any more; @cancellable and @ended say
 * so to what is under way. */
typedef struct
{
  PinionPolicy *policy;
  PinionHttp *http;
  char *address;
  PinionSecret *secret;
  char *ca_pem;
  PinionDiscovery *found;
  GHashTable *asked;
  GPtrArray *challenged;
  GPtrArray *hints;
  GHashTable *probes;
  gboolean refused;
  gboolean closed;
  GCancellable *cancellable;
  DexPromise *ended;
  PinionDiscoverFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} PinionLookup;

/* Who would say more to somebody who signs in. */
typedef struct
{
  PinionSource source;
  GUri *url;
} PinionChallenge;

PinionLookup *pinion_lookup_ref   (PinionLookup *self);
void          pinion_lookup_unref (PinionLookup *self);

/* Runs @func on this thread's scheduler.  @data is freed with @destroy. */
DexFuture *pinion_lookup_spawn (DexFiberFunc   func,
                                gpointer       data,
                                GDestroyNotify destroy);

/* Waits for all of @futures, whether they resolve or reject; a fiber's function.
 * Returns: %FALSE once the look-up ends */
gboolean pinion_lookup_await_all (PinionLookup *self,
                                  GPtrArray    *futures);

/* Ends it: what is under way ends at once, and its fibers with it. */
void pinion_lookup_close (PinionLookup *self);

/* -- What is known (pinion-discover-lookup.c) */

/* Returns: borrowed, for as long as the look-up */
PinionAttempt *pinion_lookup_begin (PinionLookup *self,
                                    PinionSource  source,
                                    const char   *target);

/* @detail: (nullable). */
void pinion_lookup_end (PinionLookup  *self,
                        PinionAttempt *attempt,
                        PinionOutcome  outcome,
                        const char    *detail);

/* The same for what failed with @error. */
void pinion_lookup_fail (PinionLookup  *self,
                         PinionAttempt *attempt,
                         const GError  *error);

/* Adds a proposal that @origin made; @rank: see there; @user: (nullable) the address.  One that is
 * known from this source is not added again.  Returns: borrowed, for as long as the look-up */
PinionFinding *pinion_lookup_add (PinionLookup     *self,
                                  PinionSource      source,
                                  const char       *origin,
                                  PinionProtocol    protocol,
                                  const char       *host,
                                  guint16           port,
                                  PinionEncryption  encryption,
                                  const char       *user,
                                  guint             rank);

/* Writes down whether the server was seen. */
void pinion_lookup_settle (PinionLookup  *self,
                           PinionFinding *finding,
                           PinionAnswers  answers);

/* Whether anything proposes a server for @protocol. */
gboolean pinion_lookup_has (PinionLookup  *self,
                            PinionProtocol protocol);

/* -- Ranks: the lower, the more it is to be trusted */
#define PINION_RANK_SOAP 10
#define PINION_RANK_POX 12
#define PINION_RANK_AUTOCONFIG 20
#define PINION_RANK_SRV 30
#define PINION_RANK_INTERNAL 40
#define PINION_RANK_HINT_SEEN 45
#define PINION_RANK_GUESS 50
#define PINION_RANK_SRV_ELSEWHERE 70
#define PINION_RANK_HINT 80
/* Added to what was not seen where it should be. */
#define PINION_RANK_UNSEEN 100

/* -- The parts, each a fiber that ends when it is done */

/* Asks @url for what @source is about, follows what may be followed, and takes what comes.  With
 * @with_secret it signs in where a password is asked for. */
DexFuture *pinion_lookup_walk (PinionLookup *self,
                               PinionSource  source,
                               GUri         *url,
                               gboolean      with_secret);

DexFuture *pinion_lookup_autodiscover (PinionLookup *self);
DexFuture *pinion_lookup_autoconfig   (PinionLookup *self);
DexFuture *pinion_lookup_srv          (PinionLookup *self);
DexFuture *pinion_lookup_guess        (PinionLookup *self);

/* Looks whether usual ports of @host answer, and adds the best of each protocol; with HINT it adds
 * the usual ones even where they do not.  @rank: of what is seen. */
DexFuture *pinion_lookup_host (PinionLookup *self,
                               PinionSource  source,
                               const char   *origin,
                               const char   *host,
                               gboolean      imap,
                               gboolean      smtp,
                               guint         rank);

/* Looks whether the server of @finding answers, and writes it down. */
DexFuture *pinion_lookup_check (PinionLookup  *self,
                                PinionFinding *finding);

/* SRV records of "_service._tcp.DOMAIN": resolves to a GPtrArray of GSrvTarget, the preferred
 * first. */
DexFuture *pinion_lookup_service (PinionLookup *self,
                                  const char   *service);

/* -- Probing (pinion-discover-probe.c) */

/* Connects, encrypts, and waits for a greeting; never signs in.  @sink: (nullable), as of
 * pinion_net_connect().  Resolves to TRUE. */
DexFuture *pinion_probe (const PinionServer *server,
                         PinionProtocol      protocol,
                         const char         *ca_pem,
                         guint               limit,
                         PinionStageSink    *sink);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionLookup, pinion_lookup_unref)

G_END_DECLS
