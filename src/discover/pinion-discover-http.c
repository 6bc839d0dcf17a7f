/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-http.h"

#include "pinion-certificate.h"
#include "pinion-discover-watch.h"
#include "pinion-discover-xml.h"
#include "pinion-error.h"
#include "pinion-fiber.h"
#include "pinion-net.h"
#include "pinion-traffic.h"

#include <libsoup/soup.h>
#include <string.h>

/* The first use of TLS or of the network's state loads modules that nobody knows beforehand. */
#define STACK_SIZE (512 * 1024)
#define CHUNK (32 * 1024)
#define MAX_LOCATION 2048

struct _PinionHttp
{
  PinionPolicy *policy;
  char *ca_pem;
  GCancellable *cancellable;
  SoupSession *session;
};

/* Who is spoken to; owned by the message, because a connection that was given up may still ask.
 * @cancellable: ends it before anything is sent.  @checked: the connection was found good. */
typedef struct
{
  PinionVerifier *verifier;
  GCancellable *cancellable;
  gboolean checked;
  GError *refusal;
} Guard;

/* One question on its way; owned by its fiber.  The session lives as long as it.  @guard:
 * (nullable) in clear. */
typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  Guard *guard;
  GUri *url;
  PinionWatch *watch;
} Asking;

G_DEFINE_BOXED_TYPE (PinionHttpReply,
                     pinion_http_reply,
                     pinion_http_reply_copy,
                     pinion_http_reply_free)

PinionHttpReply *
pinion_http_reply_copy (const PinionHttpReply *self)
{
  PinionHttpReply *copy = g_memdup2 (self, sizeof *self);

  copy->url = g_uri_ref (self->url);
  copy->location = g_strdup (self->location);
  copy->body = self->body != NULL ? g_bytes_ref (self->body) : NULL;

  return copy;
}

void
pinion_http_reply_free (PinionHttpReply *self)
{
  g_uri_unref (self->url);
  g_free (self->location);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

PinionHttp *
pinion_http_new (PinionPolicy *policy,
                 const char   *ca_pem,
                 GCancellable *cancellable)
{
  PinionHttp *self = g_new0 (PinionHttp, 1);

  self->policy = policy;
  self->ca_pem = g_strdup (ca_pem);
  self->cancellable = g_object_ref (cancellable);
  self->session = soup_session_new_with_options ("user-agent", "Pinion", "max-conns-per-host", 8,
                                                 NULL);
  /* Who is told a password is decided here and nowhere else. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);

  return self;
}

void
pinion_http_free (PinionHttp *self)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  g_free (self->ca_pem);
  g_free (self);
}

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->message);
  g_object_unref (asking->session);
  g_uri_unref (asking->url);
  g_clear_pointer (&asking->watch, pinion_watch_free);
  g_free (asking);
}

/* -- Certificates --------------------------------------------------------------------------- */

static void
guard_free (gpointer data)
{
  Guard *guard = data;

  pinion_verifier_free (guard->verifier);
  g_object_unref (guard->cancellable);
  g_clear_error (&guard->refusal);
  g_free (guard);
}

static gboolean
on_accept_certificate (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags problems,
                       gpointer             user_data)
{
  Guard *guard = user_data;

  return pinion_verifier_accept (guard->verifier, certificate, problems);
}

static gboolean
check_connection (Guard          *guard,
                  GTlsConnection *connection,
                  GError        **error)
{
  if (g_tls_connection_get_protocol_version (connection) < G_TLS_PROTOCOL_VERSION_TLS_1_2)
    return pinion_error_set (error, PINION_ERROR_TLS_TOO_OLD, PINION_PROTOCOL_NONE,
                             PINION_STAGE_TLS, "the server offers nothing newer than TLS 1.1");

  return pinion_verifier_confirm (guard->verifier,
                                  g_tls_connection_get_peer_certificate (connection),
                                  g_tls_connection_get_peer_certificate_errors (connection), error);
}

/* A resumed session would not show its certificate again, so there is none; and after the
 * handshake, before the request is sent, it is looked at once more. */
static void
on_network_event (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  static const char resumption[] = "session-resumption-enabled";
  Guard *guard = user_data;

  if (!G_IS_TLS_CONNECTION (connection))
    return;

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING
      && g_object_class_find_property (G_OBJECT_GET_CLASS (connection), resumption) != NULL)
    g_object_set (connection, resumption, FALSE, NULL);
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && guard->refusal == NULL)
    {
      guard->checked = check_connection (guard, G_TLS_CONNECTION (connection), &guard->refusal);
      if (!guard->checked)
        g_cancellable_cancel (guard->cancellable);
    }
}

static gboolean
put_guard (Asking     *asking,
           const char *ca_pem,
           GError    **error)
{
  g_autofree char *host = pinion_policy_dup_host (g_uri_get_host (asking->url));
  int port = g_uri_get_port (asking->url);

  if (host == NULL)
    return pinion_error_set (error, PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                             PINION_STAGE_NONE, "the URL has no valid host");
  if (!g_str_equal (g_uri_get_scheme (asking->url), "https"))
    return TRUE;

  PinionServer server = { .host = host, .port = (guint16) (port > 0 ? port : 443) };
  PinionVerifier *verifier = pinion_verifier_new (&server, PINION_PROTOCOL_NONE, ca_pem, error);
  if (verifier == NULL)
    return FALSE;

  Guard *guard = g_new0 (Guard, 1);
  guard->verifier = verifier;
  guard->cancellable = g_cancellable_new ();
  asking->guard = guard;
  g_object_set_data_full (G_OBJECT (asking->message), "pinion-guard", guard, guard_free);
  g_signal_connect (asking->message, "accept-certificate", G_CALLBACK (on_accept_certificate),
                    guard);
  g_signal_connect (asking->message, "network-event", G_CALLBACK (on_network_event), guard);
  return TRUE;
}

/* -- The question --------------------------------------------------------------------------- */

/* RFC 7617, in UTF-8 */
static void
sign_in (SoupMessage  *message,
         const char   *user,
         PinionSecret *secret)
{
  g_autofree char *plain = g_strdup_printf ("%s:%s", user, pinion_secret_peek (secret));
  g_autofree char *encoded = g_base64_encode ((const guchar *) plain, strlen (plain));
  g_autofree char *value = g_strconcat ("Basic ", encoded, NULL);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  explicit_bzero (plain, strlen (plain));
  explicit_bzero (encoded, strlen (encoded));
  explicit_bzero (value, strlen (value));
}

static void
set_body (SoupMessage              *message,
          const PinionHttpQuestion *question)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (question->body == NULL)
    return;

  g_autoptr (GBytes) body = g_bytes_new (question->body, strlen (question->body));
  /* application/xml is refused by some servers. */
  soup_message_set_request_body_from_bytes (message, "text/xml; charset=utf-8", body);
  if (question->soap_action != NULL)
    {
      g_autofree char *quoted = g_strconcat ("\"", question->soap_action, "\"", NULL);

      soup_message_headers_replace (headers, "SOAPAction", quoted);
    }
}

/* A connection of its own, so that its certificate is judged for this very question. */
static Asking *
asking_new (PinionHttp *self,
            const char *method,
            GUri       *url)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->session = g_object_ref (self->session);
  asking->url = g_uri_ref (url);
  asking->message = soup_message_new_from_uri (method, url);
  soup_message_add_flags (asking->message,
                          SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_set_force_http1 (asking->message, TRUE);

  return asking;
}

/* -- The answer ----------------------------------------------------------------------------- */

static void
on_sent (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream != NULL)
    dex_promise_resolve_object (promise, stream);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
send_question (Asking *asking)
{
  DexPromise *promise = dex_promise_new ();
  GCancellable *cancellable = pinion_watch_get_cancellable (asking->watch);

  pinion_await (pinion_net_prepare (), NULL);
  if (asking->guard != NULL)
    g_set_object (&asking->guard->cancellable, cancellable);
  soup_session_send_async (asking->session, asking->message, G_PRIORITY_DEFAULT, cancellable,
                           on_sent, dex_ref (promise));

  return DEX_FUTURE (promise);
}

G_GNUC_PRINTF (2, 3)
static void
log_line (char        direction,
          const char *format,
          ...)
{
  va_list args;

  if (!pinion_traffic_is_enabled ())
    return;

  va_start (args, format);
  g_autofree char *line = g_strdup_vprintf (format, args);
  va_end (args);
  pinion_traffic_log ("http", direction, (const guint8 *) line, strlen (line));
}

/* Why nothing came: what was found wrong with the other side comes first. */
static GError *
explain (Asking *asking,
         GError *error)
{
  Guard *guard = asking->guard;
  GError *refusal = guard != NULL ? pinion_verifier_steal_refusal (guard->verifier) : NULL;

  if (refusal == NULL && guard != NULL)
    refusal = g_steal_pointer (&guard->refusal);
  if (refusal == NULL && pinion_watch_is_timed_out (asking->watch))
    refusal = pinion_error_new (PINION_ERROR_TIMED_OUT, PINION_PROTOCOL_NONE, PINION_STAGE_REACH,
                                "there was no answer in time");
  if (refusal == NULL)
    return pinion_error_adopt (error, PINION_PROTOCOL_NONE, PINION_STAGE_REACH);

  g_error_free (error);
  return refusal;
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  GError *error = NULL;
  GBytes *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);

  if (bytes != NULL)
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES, bytes);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
read_chunk (Asking       *asking,
            GInputStream *stream)
{
  DexPromise *promise = dex_promise_new ();

  g_input_stream_read_bytes_async (stream, CHUNK, G_PRIORITY_DEFAULT,
                                   pinion_watch_get_cancellable (asking->watch), on_read,
                                   dex_ref (promise));

  return DEX_FUTURE (promise);
}

static GBytes *
read_body (Asking       *asking,
           GInputStream *stream,
           GError      **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (;;)
    {
      g_autoptr (GBytes) chunk = pinion_await_boxed (read_chunk (asking, stream), error);

      if (chunk == NULL)
        return NULL;
      if (g_bytes_get_size (chunk) == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (body->len + g_bytes_get_size (chunk) > PINION_XML_MAX_BYTES)
        {
          pinion_error_set (error, PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                            "the answer is larger than %u bytes", PINION_XML_MAX_BYTES);
          return NULL;
        }
      g_byte_array_append (body, g_bytes_get_data (chunk, NULL), (guint) g_bytes_get_size (chunk));
    }
}

/* "Basic" as a word of its own at the beginning of a challenge, RFC 9110, 11.6.1. */
static gboolean
offers_basic (SoupMessage *message)
{
  const char *value = soup_message_headers_get_list (soup_message_get_response_headers (message),
                                                     "WWW-Authenticate");
  g_auto (GStrv) parts = value != NULL ? g_strsplit (value, ",", 64) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      const char *word = g_strstrip (parts[i]);

      if (g_ascii_strncasecmp (word, "Basic", 5) == 0 && (word[5] == '\0' || word[5] == ' '))
        return TRUE;
    }

  return FALSE;
}

static PinionHttpReply *
read_reply (Asking       *asking,
            GInputStream *stream,
            GError      **error)
{
  SoupMessage *message = asking->message;
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                       "Location");
  g_autoptr (PinionHttpReply) reply = g_new0 (PinionHttpReply, 1);

  reply->status = soup_message_get_status (message);
  reply->url = g_uri_ref (asking->url);
  reply->basic = offers_basic (message);
  if (location != NULL && strlen (location) <= MAX_LOCATION)
    reply->location = g_strdup (location);
  log_line ('S', "%u", reply->status);

  if (reply->status == SOUP_STATUS_OK)
    {
      reply->body = read_body (asking, stream, error);
      if (reply->body == NULL)
        return NULL;
    }

  return g_steal_pointer (&reply);
}

static DexFuture *
ask_fiber (gpointer data)
{
  Asking *asking = data;
  GError *error = NULL;
  g_autofree char *url = g_uri_to_string (asking->url);

  log_line ('C', "%s %s", soup_message_get_method (asking->message), url);
  g_autoptr (GInputStream) stream = pinion_await_object (send_question (asking), &error);
  if (stream == NULL)
    return dex_future_new_for_error (explain (asking, error));
  if (asking->guard != NULL && !asking->guard->checked)
    return dex_future_new_for_error (
        pinion_error_new (PINION_ERROR_CERTIFICATE_INVALID, PINION_PROTOCOL_NONE,
                          PINION_STAGE_CERTIFICATE, "the connection was not looked at"));

  PinionHttpReply *reply = read_reply (asking, stream, &error);
  if (reply == NULL)
    return dex_future_new_for_error (explain (asking, error));

  return dex_future_new_take_boxed (PINION_TYPE_HTTP_REPLY, reply);
}

static DexFuture *
begin (PinionHttp *self,
       Asking     *asking,
       guint       limit)
{
  asking->watch = pinion_watch_new (self->cancellable, limit);

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), STACK_SIZE, ask_fiber, asking,
                              asking_free);
}

DexFuture *
pinion_http_ask (PinionHttp               *self,
                 const PinionHttpQuestion *question,
                 guint                     limit)
{
  GError *error = NULL;

  if (pinion_policy_judge (self->policy, question->url) != PINION_VERDICT_ALLOWED
      || (question->secret != NULL
          && !pinion_policy_may_tell_secret (self->policy, question->url)))
    return dex_future_new_for_error (
        pinion_error_new (PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                          "this host may not be asked"));

  g_autoptr (GUri) url = pinion_policy_map (self->policy, question->url);
  Asking *asking = asking_new (self, question->body != NULL ? "POST" : "GET", url);
  set_body (asking->message, question);
  if (!put_guard (asking, self->ca_pem, &error))
    {
      asking_free (asking);
      return dex_future_new_for_error (error);
    }
  if (question->secret != NULL && asking->guard != NULL)
    sign_in (asking->message, question->user, question->secret);

  return begin (self, asking, limit);
}

DexFuture *
pinion_http_peek (PinionHttp *self,
                  const char *host,
                  guint       limit)
{
  g_autoptr (GUri) url = g_uri_build (SOUP_HTTP_URI_FLAGS, "http", NULL, host, -1,
                                      "/autodiscover/autodiscover.xml", NULL, NULL);

  return begin (self, asking_new (self, "GET", url), limit);
}
