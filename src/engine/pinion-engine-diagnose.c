/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is behind a failure to connect: whether the other encryption or another usual port works
 * is found out by trying, so that a button can switch to it. */

#include "pinion-engine-private.h"

#include "pinion-discover.h"
#include "pinion-fiber.h"

/* Milliseconds for each step of one try, and for all of it. */
#define PROBE_LIMIT (4 * 1000)
#define ALL_LIMIT (6 * 1000)

#define MAX_WAYS 4

typedef struct
{
  PinionServer server;
  DexFuture *probe;
} Way;

typedef struct
{
  const PinionServer *server;
  PinionProtocol protocol;
  Way ways[MAX_WAYS];
  guint n_ways;
} Search;

/* -- What to try ---------------------------------------------------------------------------- */

/* Another way in may help where the host is there, and what answers at the port is not what was
 * expected. */
static gboolean
is_about_the_way (const GError *error)
{
  PinionStage stage = pinion_error_get_stage (error);

  switch ((PinionErrorCode) error->code)
    {
    case PINION_ERROR_PORT_CLOSED:
    case PINION_ERROR_NEEDS_STARTTLS:
    case PINION_ERROR_NEEDS_TLS:
    case PINION_ERROR_STARTTLS_MISSING:
    case PINION_ERROR_TLS_FAILED:
    case PINION_ERROR_GREETING_UNEXPECTED:
    case PINION_ERROR_WEB_SERVER:
      return TRUE;

    /* Ports that take mail from other servers let nobody sign in; that of people does. */
    case PINION_ERROR_SIGN_IN_NO_MECHANISM:
      return pinion_error_get_protocol (error) == PINION_PROTOCOL_SMTP
             && g_strcmp0 (pinion_error_get_detail (error, "port"), "587") != 0;

    case PINION_ERROR_TIMED_OUT:
    case PINION_ERROR_CONNECTION_LOST:
      return stage == PINION_STAGE_REACH || stage == PINION_STAGE_TLS
             || stage == PINION_STAGE_GREETING;

    default:
      return FALSE;
    }
}

static void
add_way (Search          *search,
         guint16          port,
         PinionEncryption encryption)
{
  PinionServer *server;

  if (port == search->server->port && encryption == search->server->encryption)
    return;
  for (guint i = 0; i < search->n_ways; i++)
    if (search->ways[i].server.port == port && search->ways[i].server.encryption == encryption)
      return;

  server = &search->ways[search->n_ways++].server;
  pinion_server_copy (server, search->server);
  server->port = port;
  server->encryption = encryption;
}

/* The likeliest first.  Something that answers at the port itself most likely wants the other
 * encryption; what says what it wants is believed without waiting for a silent port. */
static void
add_ways (Search       *search,
          const GError *error)
{
  gboolean imap = search->protocol == PINION_PROTOCOL_IMAP;
  PinionEncryption usual = imap ? PINION_ENCRYPTION_TLS : PINION_ENCRYPTION_STARTTLS;
  PinionEncryption unusual = imap ? PINION_ENCRYPTION_STARTTLS : PINION_ENCRYPTION_TLS;

  if (pinion_error_is (error, PINION_ERROR_NEEDS_STARTTLS))
    add_way (search, search->server->port, PINION_ENCRYPTION_STARTTLS);
  if (pinion_error_is (error, PINION_ERROR_NEEDS_TLS))
    add_way (search, search->server->port, PINION_ENCRYPTION_TLS);
  add_way (search, pinion_encryption_get_port (usual, imap), usual);
  add_way (search, pinion_encryption_get_port (unusual, imap), unusual);
}

/* -- Trying --------------------------------------------------------------------------------- */

/* A certificate that has to be looked at is the next thing to find out, and no reason against
 * the way. */
static gboolean
works (const GError *error)
{
  return error == NULL || pinion_error_get_stage (error) == PINION_STAGE_CERTIFICATE;
}

/* @probe is kept: a fiber that is discarded is more than libdex bears. */
static gboolean
await_way (DexFuture *probe,
           gint64     deadline)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  g_autoptr (GError) error = NULL;
  DexFuture *limit = dex_timeout_new_msec ((int) CLAMP (left, 1, G_MAXINT));

  pinion_await (dex_future_first (dex_ref (probe), limit, NULL), &error);

  return works (error);
}

/* Returns: (nullable) the first way that works, borrowed */
static const PinionServer *
try_ways (Search       *search,
          const char   *ca_pem,
          GCancellable *stop)
{
  g_autoptr (PinionStageSink) sink = pinion_stage_sink_new_quiet (NULL);
  gint64 deadline = g_get_monotonic_time () + (gint64) ALL_LIMIT * 1000;
  const PinionServer *found = NULL;

  pinion_stage_sink_set_cancellable (sink, stop);
  for (guint i = 0; i < search->n_ways; i++)
    search->ways[i].probe = pinion_discover_probe (&search->ways[i].server, search->protocol, ca_pem,
                                                   PROBE_LIMIT, sink);
  for (guint i = 0; i < search->n_ways && found == NULL; i++)
    if (await_way (search->ways[i].probe, deadline))
      found = &search->ways[i].server;

  /* The others end at once. */
  g_cancellable_cancel (stop);
  for (guint i = 0; i < search->n_ways; i++)
    pinion_await (g_steal_pointer (&search->ways[i].probe), NULL);

  return found;
}

static void
on_cancelled (GCancellable *cancellable,
              GCancellable *stop)
{
  g_cancellable_cancel (stop);
}

static void
look_for_another_way (GError             *error,
                      const PinionServer *server,
                      PinionProtocol      protocol,
                      const char         *ca_pem,
                      GCancellable       *cancellable)
{
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  gulong chain = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                        g_object_ref (stop), g_object_unref);
  Search search = { .server = server, .protocol = protocol };
  const PinionServer *found;

  add_ways (&search, error);
  found = try_ways (&search, ca_pem, stop);
  g_cancellable_disconnect (cancellable, chain);

  if (found != NULL)
    {
      g_autofree char *port = g_strdup_printf ("%u", found->port);

      pinion_error_set_detail (error, "other-port", port);
      pinion_error_set_detail (error, "other-encryption",
                               pinion_encryption_to_string (found->encryption));
    }
  else
    pinion_error_set_detail (error, "others", "none");

  for (guint i = 0; i < search.n_ways; i++)
    pinion_server_clear (&search.ways[i].server);
}

/* -- All together -------------------------------------------------------------------------- */

void
pinion_engine_diagnose (GError             *error,
                        const PinionServer *server,
                        PinionProtocol      protocol,
                        const char         *ca_pem,
                        GCancellable       *cancellable)
{
  if (error->domain != PINION_ERROR || g_cancellable_is_cancelled (cancellable))
    return;

  pinion_error_blame_network (
      error, g_network_monitor_get_connectivity (g_network_monitor_get_default ()));
  if (is_about_the_way (error))
    look_for_another_way (error, server, protocol, ca_pem, cancellable);
}
