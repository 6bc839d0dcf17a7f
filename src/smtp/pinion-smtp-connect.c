/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-connection-private.h"

#include "pinion-fiber.h"
/* Milliseconds.  In clear, silence most often means that the port expects TLS: looked at first,
 * then waited on. */
#define CLEAR_SILENCE_LIMIT (3 * 1000)
#define CLEAR_GREETING_LIMIT (15 * 1000)

/* The name we give: always the same, since the computer's own is nobody's business. */
#define EHLO "EHLO [127.0.0.1]"

/* Challenges of one attempt; LOGIN and SCRAM have two, GSSAPI some more. */
#define MAX_CHALLENGES 8

/* To sign in */
#define MAX_ATTEMPTS 3

typedef struct
{
  PinionSmtpConnection *connection;
  PinionSecret *secret;
  char *ca_pem;
  PinionStageSink *sink;
  GIOStream *stream;
  /* To sign in: how often, and how often at most, which @permit (nullable) says; a mask of the
   * mechanisms that failed; whether another one is left */
  guint attempts;
  guint allowed;
  guint failed;
  gboolean again;
  /* @waited: for the permit, so that the server may have lost its patience */
  gboolean waited;
  PinionSmtpPermitFunc permit;
  gpointer permit_data;
} Attempt;

static void
attempt_free (Attempt *self)
{
  g_clear_object (&self->connection);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_free (self->ca_pem);
  pinion_stage_sink_unref (self->sink);
  g_clear_object (&self->stream);
  g_free (self);
}

static void
report (Attempt          *self,
        PinionStage       stage,
        PinionStageState  state,
        const char       *detail)
{
  pinion_stage_sink_report (self->sink, PINION_PROTOCOL_SMTP, stage, state, detail, NULL);
}

/* Takes @failure.  Returns: FALSE */
static gboolean
fail (Attempt     *self,
      PinionStage  stage,
      GError      *failure,
      GError     **error)
{
  const PinionServer *server = &self->connection->server;
  g_autofree char *port = g_strdup_printf ("%u", server->port);

  failure = pinion_error_adopt (failure, PINION_PROTOCOL_SMTP, stage);
  pinion_error_set_place (failure, PINION_PROTOCOL_SMTP, stage);
  pinion_error_set_detail (failure, "host", server->host);
  pinion_error_set_detail (failure, "port", port);
  pinion_stage_sink_report (self->sink, PINION_PROTOCOL_SMTP, stage, PINION_STAGE_STATE_FAILED,
                            NULL, failure);
  pinion_smtp_connection_close (self->connection);
  g_propagate_error (error, failure);

  return FALSE;
}

/* Everything said before belongs to the past: a new channel, a new parser, no capabilities. */
static void
begin (Attempt *self)
{
  PinionSmtpConnection *connection = self->connection;

  dex_clear (&connection->reading);
  g_clear_object (&connection->channel);
  g_clear_pointer (&connection->parser, pinion_smtp_reply_parser_free);
  g_clear_pointer (&connection->ehlo, pinion_smtp_ehlo_free);
  connection->channel = pinion_channel_new (self->stream, PINION_PROTOCOL_SMTP);
  connection->parser = pinion_smtp_reply_parser_new ();
  /* Each reply has a deadline of its own. */
  pinion_channel_set_time_limit (connection->channel, 0);
  pinion_channel_set_write_limit (connection->channel, connection->limits.data);
}

/* -- The greeting --------------------------------------------------------------------------- */

/* Whether the server waits for us to speak TLS, or has lost its patience about it.  The
 * connection is given up for the question. */
static gboolean
wants_tls_now (PinionSmtpConnection *connection,
               const GError         *error)
{
  if (connection->server.encryption != PINION_ENCRYPTION_STARTTLS)
    return FALSE;
  if (connection->tls_instead)
    return TRUE;
  /* Who has begun to speak in clear does not wait for TLS. */
  if (connection->heard || !pinion_error_is (error, PINION_ERROR_TIMED_OUT))
    return FALSE;

  g_autoptr (GIOStream) plain = pinion_channel_steal_stream (connection->channel, NULL);

  return plain != NULL && pinion_await_boolean (pinion_net_speaks_tls (plain, &connection->server,
                                                                       &connection->limits.net),
                                                NULL);
}

/* The same over a connection of its own, while this one may still be greeted. */
static gboolean
wants_tls (Attempt *self)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (PinionStageSink) quiet = pinion_stage_sink_new_quiet (self->sink);
  g_autoptr (GIOStream) stream = pinion_await_object (
      pinion_net_connect (&connection->server, PINION_PROTOCOL_SMTP, self->ca_pem,
                          &connection->limits.net, quiet),
      NULL);

  return stream != NULL && pinion_await_boolean (pinion_net_speaks_tls (stream, &connection->server,
                                                                        &connection->limits.net),
                                                 NULL);
}

/* Takes @error.  Returns: (transfer full) */
static GError *
explain_greeting (Attempt *self,
                  GError  *error)
{
  g_autoptr (GError) cause = error;

  if (wants_tls_now (self->connection, cause))
    return pinion_error_new (PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_SMTP, PINION_STAGE_GREETING,
                             "The server speaks TLS from the start");
  if (pinion_error_is (cause, PINION_ERROR_PROTOCOL) ||
      pinion_error_is (cause, PINION_ERROR_TOO_LARGE))
    return pinion_error_new (self->connection->http_instead ? PINION_ERROR_WEB_SERVER
                                                            : PINION_ERROR_GREETING_UNEXPECTED,
                             PINION_PROTOCOL_SMTP, PINION_STAGE_GREETING, "%s", cause->message);

  return g_steal_pointer (&cause);
}

/* Returns: (transfer full) (nullable) */
static PinionSmtpReply *
read_clear_greeting (Attempt *self,
                     GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  guint limit = MIN (connection->limits.greeting, CLEAR_GREETING_LIMIT);
  guint first = MIN (limit, CLEAR_SILENCE_LIMIT);
  PinionSmtpReply *reply = pinion_smtp_connection_read_reply (connection, first, TRUE, error);

  if (reply != NULL || limit == first || !pinion_error_is (*error, PINION_ERROR_TIMED_OUT))
    return reply;

  if (!connection->heard && wants_tls (self))
    {
      g_clear_error (error);
      pinion_error_set (error, PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_SMTP, PINION_STAGE_GREETING,
                        "The server speaks TLS from the start");
      return NULL;
    }

  g_clear_error (error);
  return pinion_smtp_connection_read_reply (connection, limit - first, TRUE, error);
}

static gboolean
await_greeting (Attempt *self,
                GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (PinionSmtpReply) reply = NULL;
  GError *local = NULL;

  report (self, PINION_STAGE_GREETING, PINION_STAGE_STATE_RUNNING, NULL);
  if (connection->server.encryption == PINION_ENCRYPTION_STARTTLS)
    reply = read_clear_greeting (self, &local);
  else
    reply = pinion_smtp_connection_read_reply (connection, connection->limits.greeting, TRUE,
                                               &local);

  if (reply == NULL)
    return fail (self, PINION_STAGE_GREETING, explain_greeting (self, local), error);
  if (reply->code != 220)
    {
      local = pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_GREETING, reply);
      return fail (self, PINION_STAGE_GREETING, local, error);
    }

  return TRUE;
}

static gboolean
say_hello (Attempt *self,
           GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  GError *local = NULL;
  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, EHLO, connection->limits.greeting, &local);

  if (reply == NULL)
    return fail (self, PINION_STAGE_GREETING, local, error);
  if (reply->code != 250)
    {
      local = pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_EHLO, reply);
      return fail (self, PINION_STAGE_GREETING, local, error);
    }

  connection->ehlo = pinion_smtp_ehlo_parse (reply);
  return TRUE;
}

/* -- STARTTLS (RFC 3207) -------------------------------------------------------------------- */

/* The server's agreement, and not a byte more.  Returns: (transfer full) (nullable) the stream */
static GIOStream *
agree_on_tls (Attempt *self,
              GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  GError *local = NULL;

  if (!connection->ehlo->starttls)
    {
      local = pinion_error_new (PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_SMTP,
                                PINION_STAGE_TLS, "The server does not offer STARTTLS");
      fail (self, PINION_STAGE_TLS, local, error);
      return NULL;
    }

  g_autoptr (PinionSmtpReply) reply = pinion_smtp_connection_command (
      connection, "STARTTLS", connection->limits.greeting, &local);
  if (reply != NULL && reply->code != 220)
    local = pinion_smtp_connection_explain (connection, PINION_SMTP_STEP_STARTTLS, reply);
  else if (reply != NULL && !pinion_smtp_reply_parser_is_empty (connection->parser))
    local = pinion_error_new (PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_PROTOCOL_SMTP,
                              PINION_STAGE_TLS, "The server sent data before encryption");

  GIOStream *plain = NULL;
  if (local == NULL)
    plain = pinion_channel_steal_stream (connection->channel, &local);
  if (plain == NULL)
    fail (self, PINION_STAGE_TLS, local, error);

  return plain;
}

static gboolean
start_tls (Attempt *self,
           GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  g_autoptr (GIOStream) plain = agree_on_tls (self, error);

  if (plain == NULL)
    return FALSE;

  g_clear_object (&self->stream);
  self->stream = pinion_await_object (pinion_net_start_tls (plain, &connection->server,
                                                            PINION_PROTOCOL_SMTP, self->ca_pem,
                                                            &connection->limits.net, self->sink),
                                      error);
  if (self->stream == NULL)
    return FALSE;

  begin (self);
  return say_hello (self, error);
}

/* -- Signing in (RFC 4954) ------------------------------------------------------------------ */

static GBytes *
make_auth_line (PinionSasl *sasl,
                GError    **error)
{
  const char *name = pinion_sasl_mechanism_to_string (pinion_sasl_get_mechanism (sasl));
  g_autofree char *command = g_strdup_printf ("AUTH %s", name);
  g_autofree char *prefix = g_strconcat (command, " ", NULL);
  g_autofree char *bare = g_strconcat (command, "\r\n", NULL);

  if (!pinion_sasl_has_initial_response (sasl))
    return g_bytes_new (bare, strlen (bare));

  g_autoptr (GBytes) response = pinion_await_boxed (pinion_sasl_respond (sasl, NULL), error);
  if (response == NULL)
    return NULL;

  return pinion_sasl_encode_line (prefix, response, TRUE);
}

/* The answer to a 334.  Returns: (transfer full) (nullable) */
static GBytes *
make_answer (PinionSasl            *sasl,
             const PinionSmtpReply *reply,
             GError               **error)
{
  const char *challenge = reply->lines->pdata[0];
  g_autoptr (GBytes) response = pinion_await_boxed (pinion_sasl_respond (sasl, challenge), error);

  return response != NULL ? pinion_sasl_encode_line ("", response, FALSE) : NULL;
}

static GError *
explain_sign_in (const PinionSmtpReply *reply)
{
  g_autofree char *text = pinion_smtp_reply_dup_text (reply);

  /* "Yes" before everything was said proves nothing. */
  if (reply->code == 235)
    return pinion_error_new (PINION_ERROR_PROTOCOL, PINION_PROTOCOL_SMTP, PINION_STAGE_SIGN_IN,
                             "The server accepted the sign-in before it was complete");

  return pinion_smtp_error_new (PINION_SMTP_STEP_SIGN_IN, reply, text);
}

/* One attempt; servers count them. */
static gboolean
authenticate (PinionSmtpConnection *connection,
              PinionSasl           *sasl,
              GError              **error)
{
  g_autoptr (GBytes) line = make_auth_line (sasl, error);
  g_autoptr (PinionSmtpReply) reply = NULL;

  for (guint i = 0; line != NULL && i <= MAX_CHALLENGES; i++)
    {
      g_clear_pointer (&reply, pinion_smtp_reply_free);
      reply = pinion_smtp_connection_command_secret (connection, line, connection->limits.sign_in,
                                                     error);
      g_clear_pointer (&line, g_bytes_unref);
      if (reply == NULL)
        return FALSE;
      if (reply->code == 235 && pinion_sasl_is_done (sasl))
        return TRUE;
      if (reply->code != 334)
        break;

      line = make_answer (sasl, reply, error);
      if (line == NULL)
        return FALSE;
    }

  if (reply != NULL)
    g_propagate_error (error, explain_sign_in (reply));
  return FALSE;
}

/* Takes @failure and remembers it.  Returns: FALSE; the stage has failed unless there is something
 * else to try, over a fresh connection */
static gboolean
fail_sign_in (Attempt           *self,
              PinionSaslContext *context,
              PinionSasl        *sasl,
              GError            *failure,
              GError           **error)
{
  PinionSaslMechanism other;

  failure = pinion_error_adopt (failure, PINION_PROTOCOL_SMTP, PINION_STAGE_SIGN_IN);
  if (sasl != NULL)
    {
      failure = pinion_sasl_explain (sasl, failure);
      gboolean impatient = self->waited && pinion_error_is (failure, PINION_ERROR_CONNECTION_LOST);

      self->attempts++;
      if (!impatient)
        self->failed |= pinion_sasl_get_failed (sasl);
      context->failed = self->failed;
      self->again = self->attempts < self->allowed &&
                    (impatient || pinion_sasl_may_try_another (sasl, failure)) &&
                    pinion_sasl_choose (context, &other, NULL);
    }
  self->waited = FALSE;
  g_autofree char *attempts = g_strdup_printf ("%u", self->attempts);
  pinion_error_set_detail (failure, "user", context->user);
  if (self->attempts > 1)
    pinion_error_set_detail (failure, "attempts", attempts);
  if (!self->again)
    return fail (self, PINION_STAGE_SIGN_IN, failure, error);

  pinion_smtp_connection_close (self->connection);
  g_propagate_error (error, failure);
  return FALSE;
}

/* Whether to sign in, and as whom; nobody is told where it is not wanted. */
static gboolean
await_permit (Attempt *self,
              GError **error)
{
  guint allowed;

  if (self->permit == NULL)
    return TRUE;

  allowed = self->permit (&self->connection->server, self->permit_data);
  self->allowed = MIN (allowed, MAX_ATTEMPTS);
  self->permit = NULL;
  self->waited = TRUE;
  if (allowed > 0)
    return TRUE;

  pinion_smtp_connection_close (self->connection);
  return pinion_error_set (error, PINION_ERROR_CANCELLED, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE,
                           "Signing in was not wanted");
}

static gboolean
sign_in (Attempt *self,
         GError **error)
{
  PinionSmtpConnection *connection = self->connection;
  const char *typed = connection->server.user != NULL ? connection->server.user : "";
  g_autofree char *user = pinion_sasl_dup_user (PINION_PROTOCOL_SMTP, typed);
  g_auto (PinionSaslContext) context = {
    .protocol = PINION_PROTOCOL_SMTP,
    .sign_in = connection->server.sign_in,
    .host = connection->server.host,
    .user = user,
    .secret = self->secret,
    .offered = (const char *const *) connection->ehlo->mechanisms,
    .failed = self->failed,
  };
  g_autoptr (PinionSasl) sasl = NULL;
  PinionSaslMechanism mechanism;
  GError *local = NULL;

  report (self, PINION_STAGE_SIGN_IN, PINION_STAGE_STATE_RUNNING, NULL);
  pinion_sasl_context_bind (&context, self->stream);
  if (pinion_sasl_choose (&context, &mechanism, &local))
    sasl = pinion_sasl_new (mechanism, &context, &local);

  if (sasl == NULL || !authenticate (connection, sasl, &local))
    return fail_sign_in (self, &context, sasl, local, error);

  report (self, PINION_STAGE_SIGN_IN, PINION_STAGE_STATE_DONE,
          pinion_sasl_mechanism_to_string (mechanism));
  return TRUE;
}

/* -- All of it ------------------------------------------------------------------------------ */

static gboolean
run (Attempt *self,
     GError **error)
{
  PinionSmtpConnection *connection = self->connection;

  self->stream = pinion_await_object (pinion_net_connect (&connection->server, PINION_PROTOCOL_SMTP,
                                                          self->ca_pem, &connection->limits.net,
                                                          self->sink),
                                      error);
  if (self->stream == NULL)
    return FALSE;

  begin (self);
  if (!await_greeting (self, error) || !say_hello (self, error))
    return FALSE;

  report (self, PINION_STAGE_GREETING, PINION_STAGE_STATE_DONE, NULL);
  if (connection->server.encryption == PINION_ENCRYPTION_STARTTLS && !start_tls (self, error))
    return FALSE;

  /* Nothing but TLS may ever see a password. */
  if (!G_IS_TLS_CONNECTION (self->stream))
    return fail (self, PINION_STAGE_TLS,
                 pinion_error_new (PINION_ERROR_INTERNAL, PINION_PROTOCOL_SMTP, PINION_STAGE_TLS,
                                   "The connection is not encrypted"),
                 error);

  return await_permit (self, error) && sign_in (self, error);
}

/* A mechanism that failed is followed by a fresh connection. */
static gboolean
run_until_signed_in (Attempt *self,
                     GError **error)
{
  gboolean done;

  do
    {
      g_clear_error (error);
      self->again = FALSE;
      g_clear_object (&self->stream);
      done = run (self, error);
    }
  while (!done && self->again);

  return done;
}

static DexFuture *
connect_fiber (gpointer user_data)
{
  Attempt *self = user_data;
  GError *error = NULL;

  if (!run_until_signed_in (self, &error))
    {
      pinion_smtp_connection_close (self->connection);
      return dex_future_new_for_error (pinion_error_adopt (error, PINION_PROTOCOL_SMTP,
                                                           PINION_STAGE_NONE));
    }

  return dex_future_new_for_object (self->connection);
}

static guint
cap (guint limit)
{
  return pinion_net_limit (limit);
}

DexFuture *
pinion_smtp_connect_with_permit (const PinionServer     *server,
                                 PinionSecret           *secret,
                                 const char             *ca_pem,
                                 const PinionSmtpLimits *limits,
                                 PinionStageSink        *sink,
                                 PinionSmtpPermitFunc    permit,
                                 gpointer                user_data)
{
  Attempt *self = g_new0 (Attempt, 1);
  PinionSmtpLimits *own;

  self->connection = g_object_new (PINION_TYPE_SMTP_CONNECTION, NULL);
  pinion_server_copy (&self->connection->server, server);
  own = &self->connection->limits;
  *own = limits != NULL ? *limits : pinion_smtp_default_limits;
  own->greeting = cap (own->greeting);
  own->command = cap (own->command);
  own->sign_in = cap (own->sign_in);
  self->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  self->ca_pem = g_strdup (ca_pem);
  self->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  self->allowed = MAX_ATTEMPTS;
  self->permit = permit;
  self->permit_data = user_data;

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, connect_fiber, self,
                              (GDestroyNotify) attempt_free);
}

DexFuture *
pinion_smtp_connect (const PinionServer     *server,
                     PinionSecret           *secret,
                     const char             *ca_pem,
                     const PinionSmtpLimits *limits,
                     PinionStageSink        *sink)
{
  return pinion_smtp_connect_with_permit (server, secret, ca_pem, limits, sink, NULL, NULL);
}
