/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-net-private.h"

#include "pinion-certificate.h"
#include "pinion-fiber.h"
#include "pinion-tap-stream.h"

#include <string.h>

/* TLS records (RFC 8446, 5.1 and 6.2) */
#define RECORD_ALERT 0x15
#define RECORD_HANDSHAKE 0x16
#define ALERT_PROTOCOL_VERSION 70

gboolean
pinion_net_is_tls_record (const guint8 *data,
                          gsize         length)
{
  return length > 0 && (data[0] == RECORD_ALERT || data[0] == RECORD_HANDSHAKE) &&
         (length < 2 || data[1] == 0x03);
}

const char *
pinion_net_get_tls_version (GTlsConnection *connection)
{
  switch (g_tls_connection_get_protocol_version (connection))
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    default:
      return "TLS";
    }
}

/* -- The handshake -------------------------------------------------------------------------- */

static void
on_handshake (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, error);
}

/* The limit, or whoever stops the attempt, ends the handshake. */
static gboolean
handshake (PinionNetAttempt *self,
           GTlsConnection   *connection,
           GError          **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  DexPromise *promise = dex_promise_new ();
  gulong chain = pinion_net_chain (self, cancellable);

  g_tls_connection_handshake_async (connection, G_PRIORITY_DEFAULT, cancellable, on_handshake,
                                    dex_ref (promise));
  DexFuture *limit = dex_timeout_new_msec ((int) self->limits.handshake);
  gboolean done = pinion_await (dex_future_first (DEX_FUTURE (promise), limit, NULL), error);
  pinion_net_unchain (self, chain);
  if (!done)
    g_cancellable_cancel (cancellable);

  return done;
}

static gboolean
is_old_version (const guint8 *first,
                gsize         length)
{
  if (length >= 7 && first[0] == RECORD_ALERT)
    return first[6] == ALERT_PROTOCOL_VERSION;

  /* A ServerHello: record header, type 2, length, then the version it chose */
  return length >= 11 && first[0] == RECORD_HANDSHAKE && first[5] == 2 && first[9] == 3 &&
         first[10] < 3;
}

static gboolean
looks_like_greeting (PinionProtocol protocol,
                     guint8         byte)
{
  if (protocol == PINION_PROTOCOL_SMTP)
    return byte == '2' || byte == '4' || byte == '5';

  return byte == '*';
}

/* Why the handshake failed, read from what the server sent instead. */
static PinionErrorCode
get_cause (PinionNetAttempt *self,
           PinionTapStream  *tap,
           gboolean          after_starttls,
           const GError     *error)
{
  gsize length;
  const guint8 *first = pinion_tap_stream_get_first (tap, &length);
  gboolean tls = pinion_net_is_tls_record (first, length);

  if (is_old_version (first, length))
    return PINION_ERROR_TLS_TOO_OLD;
  if (length >= 5 && memcmp (first, "HTTP/", 5) == 0)
    return PINION_ERROR_WEB_SERVER;
  if (length > 0 && !tls && after_starttls)
    return PINION_ERROR_DATA_BEFORE_ENCRYPTION;
  if (length > 0 && !tls && looks_like_greeting (self->protocol, first[0]))
    return PINION_ERROR_NEEDS_STARTTLS;
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return PINION_ERROR_TIMED_OUT;
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return PINION_ERROR_CANCELLED;

  return length == 0 ? PINION_ERROR_CONNECTION_LOST : PINION_ERROR_TLS_FAILED;
}

static gboolean
on_accept_certificate (GTlsConnection      *connection,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags problems,
                       gpointer             user_data)
{
  return pinion_verifier_accept (user_data, certificate, problems);
}

/* @system: whether the system's authorities are asked, which has them loaded. */
static GTlsConnection *
make_connection (GIOStream          *base,
                 GSocketConnectable *identity,
                 gboolean            system,
                 GError            **error)
{
  GType type = g_tls_backend_get_client_connection_type (g_tls_backend_get_default ());
  g_autoptr (GIOStream) connection = NULL;

  if (system)
    connection = g_tls_client_connection_new (base, identity, error);
  else
    connection = g_initable_new (type, NULL, error, "base-io-stream", base, "server-identity", identity,
                                 "database", NULL, NULL);
  if (connection == NULL)
    return NULL;

  /* A connection cut short is noticed by the protocols; many servers never say good-bye. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (connection), FALSE);
  return G_TLS_CONNECTION (g_steal_pointer (&connection));
}

/* The stages TLS and CERTIFICATE of a handshake that went through. */
static gboolean
check_connection (PinionNetAttempt *self,
                  GTlsConnection   *connection,
                  PinionVerifier   *verifier,
                  GError          **error)
{
  g_autoptr (GError) local = NULL;

  if (g_tls_connection_get_protocol_version (connection) < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    {
      local = pinion_error_new (PINION_ERROR_TLS_TOO_OLD, self->protocol, PINION_STAGE_TLS,
                                "%s:%u offers nothing newer than TLS 1.1", self->server.host,
                                self->server.port);
      g_propagate_error (error, pinion_net_attempt_fail (self, PINION_STAGE_TLS,
                                                         g_steal_pointer (&local)));
      return FALSE;
    }

  pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_TLS, PINION_STAGE_STATE_DONE,
                            pinion_net_get_tls_version (connection), NULL);
  pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_CERTIFICATE,
                            PINION_STAGE_STATE_RUNNING, NULL, NULL);

  if (!pinion_verifier_confirm (verifier, g_tls_connection_get_peer_certificate (connection),
                                g_tls_connection_get_peer_certificate_errors (connection), &local))
    {
      g_propagate_error (error, pinion_net_attempt_fail (self, PINION_STAGE_CERTIFICATE,
                                                         g_steal_pointer (&local)));
      return FALSE;
    }

  pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_CERTIFICATE,
                            PINION_STAGE_STATE_DONE, NULL, NULL);
  return TRUE;
}

/* Takes @error and @refusal (nullable).  Returns: (transfer full) what to tell */
static GError *
explain_failure (PinionNetAttempt *self,
                 PinionTapStream  *tap,
                 gboolean          after_starttls,
                 GError           *refusal,
                 GError           *error)
{
  g_autoptr (GError) cause = error;
  gsize length;
  const guint8 *first = pinion_tap_stream_get_first (tap, &length);

  /* A certificate over a version that is not spoken any more is not what is wrong. */
  if (refusal != NULL && is_old_version (first, length))
    g_clear_error (&refusal);
  if (refusal != NULL)
    {
      pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_TLS,
                                PINION_STAGE_STATE_DONE, NULL, NULL);
      pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_CERTIFICATE,
                                PINION_STAGE_STATE_RUNNING, NULL, NULL);
      return pinion_net_attempt_fail (self, PINION_STAGE_CERTIFICATE, refusal);
    }

  GError *told = pinion_error_new (get_cause (self, tap, after_starttls, cause), self->protocol,
                                   PINION_STAGE_TLS, "No TLS with %s:%u: %s", self->server.host,
                                   self->server.port, cause->message);
  return pinion_net_attempt_fail (self, PINION_STAGE_TLS, told);
}

GIOStream *
pinion_net_secure (PinionNetAttempt *self,
                   GIOStream        *plain,
                   gboolean          after_starttls,
                   GError          **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (PinionVerifier) verifier = NULL;
  g_autoptr (PinionTapStream) tap = pinion_tap_stream_new (plain);
  g_autoptr (GTlsConnection) connection = NULL;

  pinion_stage_sink_report (self->sink, self->protocol, PINION_STAGE_TLS,
                            PINION_STAGE_STATE_RUNNING, NULL, NULL);

  verifier = pinion_verifier_new (&self->server, self->protocol, self->ca_pem, &local);
  if (verifier != NULL && !pinion_verifier_has_authorities (verifier))
    pinion_await (pinion_net_prepare_trusted (), NULL);
  if (verifier != NULL)
    connection = make_connection (G_IO_STREAM (tap), pinion_verifier_get_identity (verifier),
                                  !pinion_verifier_has_authorities (verifier), &local);
  if (connection == NULL)
    {
      local = pinion_error_adopt (g_steal_pointer (&local), self->protocol, PINION_STAGE_TLS);
      g_propagate_error (error, pinion_net_attempt_fail (self, PINION_STAGE_TLS,
                                                         g_steal_pointer (&local)));
      return NULL;
    }

  gulong handler = g_signal_connect (connection, "accept-certificate",
                                     G_CALLBACK (on_accept_certificate), verifier);
  gboolean done = handshake (self, connection, &local);

  /* From here on nothing can be accepted any more. */
  g_signal_handler_disconnect (connection, handler);
  if (!done)
    {
      g_propagate_error (error, explain_failure (self, tap, after_starttls,
                                                 pinion_verifier_steal_refusal (verifier),
                                                 g_steal_pointer (&local)));
      return NULL;
    }

  if (!check_connection (self, connection, verifier, error))
    return NULL;

  pinion_net_set_sink (G_IO_STREAM (connection), self->sink);
  return G_IO_STREAM (g_steal_pointer (&connection));
}

/* -- STARTTLS ------------------------------------------------------------------------------- */

/* A server that agreed to STARTTLS waits for us: whatever can be read already was put there by
 * somebody who wants it taken for encrypted (or the connection is over). */
static gboolean
check_nothing_waits (PinionNetAttempt *self,
                     GError          **error)
{
  GInputStream *input = g_io_stream_get_input_stream (self->plain);
  g_autoptr (GError) local = NULL;
  guint8 byte;
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), &byte, 1,
                                                       NULL, &local);

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return TRUE;

  PinionErrorCode code = n > 0 ? PINION_ERROR_DATA_BEFORE_ENCRYPTION : PINION_ERROR_CONNECTION_LOST;
  GError *told = pinion_error_new (code, self->protocol, PINION_STAGE_TLS, "%s:%u %s",
                                   self->server.host, self->server.port,
                                   n > 0 ? "sent data before encryption" : "hung up before TLS");
  g_propagate_error (error, pinion_net_attempt_fail (self, PINION_STAGE_TLS, told));
  return FALSE;
}

static DexFuture *
start_tls_fiber (gpointer user_data)
{
  PinionNetAttempt *self = user_data;
  GError *error = NULL;
  GIOStream *stream = NULL;

  if (check_nothing_waits (self, &error))
    stream = pinion_net_secure (self, self->plain, TRUE, &error);

  return stream != NULL ? dex_future_new_take_object (stream) : dex_future_new_for_error (error);
}

DexFuture *
pinion_net_start_tls (GIOStream             *plain,
                      const PinionServer    *server,
                      PinionProtocol         protocol,
                      const char            *ca_pem,
                      const PinionNetLimits *limits,
                      PinionStageSink       *sink)
{
  PinionNetAttempt *self = pinion_net_attempt_new (server, protocol, ca_pem, limits, sink);

  self->plain = g_object_ref (plain);
  return pinion_net_spawn (start_tls_fiber, self, (GDestroyNotify) pinion_net_attempt_free);
}

/* -- The wrong mode? ------------------------------------------------------------------------ */

static DexFuture *
speaks_tls_fiber (gpointer user_data)
{
  PinionNetAttempt *self = user_data;
  g_autoptr (GSocketConnectable) identity = g_network_address_new (self->server.host,
                                                                   self->server.port);
  g_autoptr (PinionTapStream) tap = pinion_tap_stream_new (self->plain);
  g_autoptr (GTlsConnection) connection = make_connection (G_IO_STREAM (tap), identity, FALSE,
                                                                NULL);
  g_autoptr (GError) error = NULL;
  gsize length;

  /* Whether the handshake succeeds does not matter: the first answer tells. */
  if (connection != NULL)
    handshake (self, connection, &error);

  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
    return dex_future_new_for_error (pinion_error_adopt (g_steal_pointer (&error), self->protocol,
                                                         PINION_STAGE_GREETING));

  const guint8 *first = pinion_tap_stream_get_first (tap, &length);
  return dex_future_new_for_boolean (pinion_net_is_tls_record (first, length));
}

DexFuture *
pinion_net_speaks_tls (GIOStream             *plain,
                       const PinionServer    *server,
                       const PinionNetLimits *limits)
{
  PinionNetAttempt *self = pinion_net_attempt_new (server, PINION_PROTOCOL_NONE, NULL, limits,
                                                   NULL);

  self->plain = g_object_ref (plain);
  return pinion_net_spawn (speaks_tls_fiber, self, (GDestroyNotify) pinion_net_attempt_free);
}
