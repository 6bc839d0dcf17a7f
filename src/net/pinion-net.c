/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-net-private.h"

#include "pinion-fiber.h"
#include "pinion-worker.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

/* A silent line is asked for a sign of life after two minutes, and is dead two minutes later. */
#define KEEP_ALIVE_IDLE 120
#define KEEP_ALIVE_INTERVAL 30
#define KEEP_ALIVE_COUNT 4

/* Milliseconds for a look at the network's settings */
#define PROXY_LIMIT 2000

/* The first use of TLS or of the network's state loads modules that nobody knows beforehand. */
#define STACK_SIZE (512 * 1024)

const PinionNetLimits pinion_net_default_limits = {
  .resolve = 20 * 1000,
  .reach = 20 * 1000,
  .handshake = 20 * 1000,
};

guint
pinion_net_limit (guint milliseconds)
{
  static gsize most = 0;

  if (g_once_init_enter (&most))
    {
      const char *text = g_getenv ("PINION_TIME_LIMIT");
      guint64 number = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

      g_once_init_leave (&most, number > 0 && number < G_MAXINT ? (gsize) number : G_MAXINT);
    }

  return MIN (milliseconds, (guint) most);
}

/* -- Whose stream it is --------------------------------------------------------------------- */

#define SINK_KEY "pinion-stage-sink"

void
pinion_net_set_sink (GIOStream       *stream,
                     PinionStageSink *sink)
{
  if (sink != NULL)
    g_object_set_data_full (G_OBJECT (stream), SINK_KEY, pinion_stage_sink_ref (sink),
                            (GDestroyNotify) pinion_stage_sink_unref);
}

PinionStageSink *
pinion_net_get_sink (GIOStream *stream)
{
  return g_object_get_data (G_OBJECT (stream), SINK_KEY);
}

/* -- Attempts ------------------------------------------------------------------------------- */

PinionNetAttempt *
pinion_net_attempt_new (const PinionServer    *server,
                        PinionProtocol         protocol,
                        const char            *ca_pem,
                        const PinionNetLimits *limits,
                        PinionStageSink       *sink)
{
  PinionNetAttempt *self = g_new0 (PinionNetAttempt, 1);

  pinion_server_copy (&self->server, server);
  self->protocol = protocol;
  self->ca_pem = g_strdup (ca_pem);
  if (limits == NULL)
    limits = &pinion_net_default_limits;
  self->limits.resolve = pinion_net_limit (limits->resolve);
  self->limits.reach = pinion_net_limit (limits->reach);
  self->limits.handshake = pinion_net_limit (limits->handshake);
  self->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  self->stage = PINION_STAGE_RESOLVE;
  self->resolved = dex_promise_new ();

  return self;
}

void
pinion_net_attempt_free (PinionNetAttempt *self)
{
  pinion_server_clear (&self->server);
  g_free (self->ca_pem);
  pinion_stage_sink_unref (self->sink);
  g_clear_object (&self->plain);
  dex_clear (&self->resolved);
  g_free (self);
}

GError *
pinion_net_attempt_fail (PinionNetAttempt *self,
                         PinionStage       stage,
                         GError           *error)
{
  g_autofree char *port = g_strdup_printf ("%u", self->server.port);

  pinion_error_set_detail (error, "host", self->server.host);
  pinion_error_set_detail (error, "port", port);
  pinion_stage_sink_report (self->sink, self->protocol, stage, PINION_STAGE_STATE_FAILED, NULL,
                            error);

  return error;
}

DexFuture *
pinion_net_spawn (DexFiberFunc   func,
                  gpointer       data,
                  GDestroyNotify destroy)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), STACK_SIZE, func, data, destroy);
}

/* On whatever thread it is stopped. */
static void
on_stopped (GCancellable *stop,
            GCancellable *chained)
{
  g_cancellable_cancel (chained);
}

gulong
pinion_net_chain (PinionNetAttempt *self,
                  GCancellable     *cancellable)
{
  GCancellable *stop = pinion_stage_sink_get_cancellable (self->sink);

  return stop != NULL ? g_cancellable_connect (stop, G_CALLBACK (on_stopped),
                                               g_object_ref (cancellable), g_object_unref)
                      : 0;
}

void
pinion_net_unchain (PinionNetAttempt *self,
                    gulong            chain)
{
  g_cancellable_disconnect (pinion_stage_sink_get_cancellable (self->sink), chain);
}

/* -- Getting ready -------------------------------------------------------------------------- */

/* What is loaded once, on a thread of its own, and waited for by whoever needs it. */
typedef struct
{
  void (*load) (void);
  DexPromise *loaded;
} Loading;

static void
load_settings (void)
{
  /* GIO makes each of them under a lock of its own and then takes the one of its modules; the proxies'
   * resolver may ask for the monitor meanwhile.  Where the monitor is not there before, that stops
   * for good whoever asks for the monitor elsewhere at that moment. */
  g_network_monitor_get_default ();
  g_proxy_resolver_get_default ();
}

static void
load_trusted (void)
{
  g_autoptr (GTlsDatabase) trusted
      = g_tls_backend_get_default_database (g_tls_backend_get_default ());
}

static void
run_loading (gpointer data)
{
  Loading *loading = data;

  loading->load ();
  dex_promise_resolve_boolean (loading->loaded, TRUE);
}

static DexFuture *
begin_loading (Loading *loading)
{
  if (g_once_init_enter_pointer (&loading->loaded))
    {
      DexPromise *loaded = dex_promise_new ();

      g_once_init_leave_pointer (&loading->loaded, loaded);
      pinion_worker_end ("pinion-net", run_loading, loading);
    }

  return dex_ref (DEX_FUTURE (loading->loaded));
}

DexFuture *
pinion_net_prepare (void)
{
  static Loading settings = { .load = load_settings };

  return begin_loading (&settings);
}

DexFuture *
pinion_net_prepare_trusted (void)
{
  static Loading trusted = { .load = load_trusted };

  return begin_loading (&trusted);
}

/* -- Reaching ------------------------------------------------------------------------------- */

static void
report (PinionNetAttempt *self,
        PinionStage       stage,
        PinionStageState  state,
        const char       *detail)
{
  pinion_stage_sink_report (self->sink, self->protocol, stage, state, detail, NULL);
}

static void
on_client_event (GSocketClient     *client,
                 GSocketClientEvent event,
                 GSocketConnectable *connectable,
                 GIOStream         *connection,
                 gpointer           user_data)
{
  PinionNetAttempt *self = user_data;

  if (self->stage != PINION_STAGE_RESOLVE ||
      (event != G_SOCKET_CLIENT_RESOLVED && event != G_SOCKET_CLIENT_CONNECTING))
    return;

  self->stage = PINION_STAGE_REACH;
  report (self, PINION_STAGE_RESOLVE, PINION_STAGE_STATE_DONE, NULL);
  report (self, PINION_STAGE_REACH, PINION_STAGE_STATE_RUNNING, NULL);
  dex_promise_resolve_boolean (self->resolved, TRUE);
}

static void
on_client_connected (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result,
                                                                  &error);

  if (connection != NULL)
    dex_promise_resolve_object (promise, connection);
  else
    dex_promise_reject (promise, error);
}

static gboolean
is_proxy_error (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);
}

/* Whether an address leads out of this computer; the monitor only believes in a way to
 * everywhere. */
static gboolean
has_address (void)
{
  struct ifaddrs *all = NULL;
  gboolean found = FALSE;

  if (getifaddrs (&all) != 0)
    return TRUE;

  for (struct ifaddrs *one = all; one != NULL && !found; one = one->ifa_next)
    found = one->ifa_addr != NULL && (one->ifa_flags & IFF_LOOPBACK) == 0 &&
            (one->ifa_addr->sa_family == AF_INET || one->ifa_addr->sa_family == AF_INET6);
  freeifaddrs (all);

  return found;
}

static gboolean
has_network (void)
{
  return g_network_monitor_get_network_available (g_network_monitor_get_default ()) ||
         has_address ();
}

static PinionErrorCode
get_reach_code (PinionStage   stage,
                const GError *error)
{
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return PINION_ERROR_TIMED_OUT;
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return PINION_ERROR_CANCELLED;
  if (is_proxy_error (error))
    return PINION_ERROR_PROXY_REFUSED;
  /* Without a network every name is unknown. */
  if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return has_network () ? PINION_ERROR_HOST_UNKNOWN : PINION_ERROR_NO_NETWORK;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return PINION_ERROR_PORT_CLOSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return PINION_ERROR_CONNECTION_LOST;
  if (!has_network ())
    return PINION_ERROR_NO_NETWORK;

  /* The names cannot be asked for, or no way leads there. */
  return stage == PINION_STAGE_RESOLVE ? PINION_ERROR_NO_NETWORK : PINION_ERROR_UNREACHABLE;
}

static gboolean
await_ready (PinionNetAttempt *self,
             GError          **error)
{
  DexFuture *limit = dex_timeout_new_msec ((int) self->limits.resolve);

  return pinion_await (dex_future_first (pinion_net_prepare (), limit, NULL), error);
}

/* Waits for @connecting, each stage with its own limit.  Runs on a fiber. */
static GIOStream *
await_connection (PinionNetAttempt *self,
                  DexPromise       *connecting,
                  GError          **error)
{
  DexFuture *limit = dex_timeout_new_msec ((int) self->limits.resolve);

  if (!pinion_await (dex_future_first (dex_ref (DEX_FUTURE (connecting)),
                                       dex_ref (DEX_FUTURE (self->resolved)), limit, NULL),
                     error))
    return NULL;

  limit = dex_timeout_new_msec ((int) self->limits.reach);
  return pinion_await_object (dex_future_first (dex_ref (DEX_FUTURE (connecting)), limit, NULL),
                              error);
}

static void
on_proxies_found (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  g_auto (GStrv) found = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, &error);

  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boolean (promise, found[0] != NULL &&
                                              !g_str_has_prefix (found[0], "direct:"));
}

/* Whether it was a proxy that was not reached.  Asked as GIO asks; only once something is wrong. */
static gboolean
goes_through_proxy (PinionNetAttempt *self)
{
  GProxyResolver *resolver = g_proxy_resolver_get_default ();
  g_autofree char *uri = g_strdup_printf ("none://%s:%u", self->server.host, self->server.port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  DexPromise *promise = dex_promise_new ();

  g_proxy_resolver_lookup_async (resolver, uri, cancellable, on_proxies_found, dex_ref (promise));
  DexFuture *limit = dex_timeout_new_msec (PROXY_LIMIT);
  gboolean found
      = pinion_await_boolean (dex_future_first (DEX_FUTURE (promise), limit, NULL), NULL);
  g_cancellable_cancel (cancellable);

  return found;
}

static void
set_socket_options (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_socket_set_keepalive (socket, TRUE);
  /* Only hints: where one is unknown, the system's own values do. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_ALIVE_IDLE, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_ALIVE_INTERVAL, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEP_ALIVE_COUNT, NULL);
}

static char *
dup_remote_address (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;

  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static GIOStream *
reach (PinionNetAttempt *self,
       GError          **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = g_network_address_new (self->server.host,
                                                                  self->server.port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexPromise) connecting = dex_promise_new ();
  g_autoptr (GError) local = NULL;

  report (self, PINION_STAGE_RESOLVE, PINION_STAGE_STATE_RUNNING, NULL);
  gulong chain = pinion_net_chain (self, cancellable);
  gulong handler = g_signal_connect (client, "event", G_CALLBACK (on_client_event), self);
  GIOStream *stream = NULL;
  if (await_ready (self, &local))
    {
      g_socket_client_connect_async (client, address, cancellable, on_client_connected,
                                     dex_ref (connecting));
      stream = await_connection (self, connecting, &local);
    }
  g_signal_handler_disconnect (client, handler);
  pinion_net_unchain (self, chain);

  if (stream == NULL)
    {
      PinionErrorCode code = get_reach_code (self->stage, local);

      g_cancellable_cancel (cancellable);
      if ((code == PINION_ERROR_PORT_CLOSED || code == PINION_ERROR_UNREACHABLE) &&
          goes_through_proxy (self))
        code = PINION_ERROR_PROXY_REFUSED;
      GError *told = pinion_error_new (code, self->protocol, self->stage, "%s:%u cannot be reached: %s",
                                       self->server.host, self->server.port, local->message);
      g_propagate_error (error, pinion_net_attempt_fail (self, self->stage, told));
      return NULL;
    }

  g_autofree char *remote = dup_remote_address (G_SOCKET_CONNECTION (stream));
  set_socket_options (G_SOCKET_CONNECTION (stream));
  pinion_net_set_sink (stream, self->sink);
  report (self, PINION_STAGE_REACH, PINION_STAGE_STATE_DONE, remote);
  return stream;
}

static DexFuture *
connect_fiber (gpointer user_data)
{
  PinionNetAttempt *self = user_data;
  GError *error = NULL;

  /* While the server is looked for */
  if (self->ca_pem == NULL || *self->ca_pem == '\0')
    dex_unref (pinion_net_prepare_trusted ());

  g_autoptr (GIOStream) plain = reach (self, &error);
  if (plain == NULL)
    return dex_future_new_for_error (error);
  if (self->server.encryption == PINION_ENCRYPTION_STARTTLS)
    return dex_future_new_take_object (g_steal_pointer (&plain));

  GIOStream *secure = pinion_net_secure (self, plain, FALSE, &error);
  if (secure == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (secure);
}

DexFuture *
pinion_net_connect (const PinionServer    *server,
                    PinionProtocol         protocol,
                    const char            *ca_pem,
                    const PinionNetLimits *limits,
                    PinionStageSink       *sink)
{
  PinionNetAttempt *self = pinion_net_attempt_new (server, protocol, ca_pem, limits, sink);

  if (server->host == NULL || !pinion_host_is_valid (server->host) || server->port == 0)
    {
      GError *error = pinion_error_new (PINION_ERROR_HOST_UNKNOWN, protocol, PINION_STAGE_RESOLVE,
                                        "“%s” port %u is no address of a server",
                                        server->host != NULL ? server->host : "", server->port);

      error = pinion_net_attempt_fail (self, PINION_STAGE_RESOLVE, error);
      pinion_net_attempt_free (self);
      return dex_future_new_for_error (error);
    }

  return pinion_net_spawn (connect_fiber, self, (GDestroyNotify) pinion_net_attempt_free);
}
