/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From nothing to a signed-in connection (RFC 3501, 6.1 and 6.2; RFC 4959), stage by stage.
 *
 * In clear nothing goes out but CAPABILITY and STARTTLS, and nothing that was learned is kept. */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
#include "pinion-net.h"
#include "pinion-sasl.h"

#define GREETING_SECONDS 60
/* In clear, silence most often means that the port expects TLS: looked at first, then waited on. */
#define CLEAR_SILENCE_SECONDS 3
#define CLEAR_GREETING_SECONDS 15
#define SIGN_IN_SECONDS 90

/* To sign in */
#define MAX_ATTEMPTS 3

/* @stream: what the connection talks over.  @mechanism: the last one.  @attempts: to sign in, each
 * over a connection of its own; @failed: a mask of the mechanisms that failed; @again: whether
 * another one is to follow; @repeated: this one is not the first, and @quiet watches it; @unavailable: the server had its
 * second chance. */
typedef struct
{
  PinionServer server;
  PinionSecret *secret;
  char *ca_pem;
  PinionStageSink *sink;
  PinionStageSink *quiet;

  GIOStream *stream;
  PinionSaslMechanism mechanism;
  guint attempts;
  guint failed;
  gboolean again;
  gboolean repeated;
  gboolean unavailable;
} Setup;

static Setup *
setup_new (const PinionServer *server,
           PinionSecret       *secret,
           const char         *ca_pem,
           PinionStageSink    *sink)
{
  Setup *setup = g_new0 (Setup, 1);

  pinion_server_copy (&setup->server, server);
  setup->secret = secret != NULL ? pinion_secret_ref (secret) : NULL;
  setup->ca_pem = g_strdup (ca_pem);
  setup->sink = sink != NULL ? pinion_stage_sink_ref (sink) : NULL;
  setup->quiet = pinion_stage_sink_new_quiet (sink);

  return setup;
}

static void
setup_free (gpointer data)
{
  Setup *setup = data;

  pinion_server_clear (&setup->server);
  g_clear_pointer (&setup->secret, pinion_secret_unref);
  g_free (setup->ca_pem);
  g_clear_pointer (&setup->sink, pinion_stage_sink_unref);
  pinion_stage_sink_unref (setup->quiet);
  g_clear_object (&setup->stream);
  g_free (setup);
}

/* -- Stages ---------------------------------------------------------------------------------- */

/* What was told already is not told again. */
static PinionStageSink *
sink_of (Setup      *setup,
         PinionStage stage)
{
  return setup->repeated && stage < PINION_STAGE_SIGN_IN ? setup->quiet : setup->sink;
}

static void
begin_stage (Setup      *setup,
             PinionStage stage)
{
  pinion_stage_sink_report (sink_of (setup, stage), PINION_PROTOCOL_IMAP, stage,
                            PINION_STAGE_STATE_RUNNING, NULL, NULL);
}

static void
end_stage (Setup      *setup,
           PinionStage stage)
{
  pinion_stage_sink_report (sink_of (setup, stage), PINION_PROTOCOL_IMAP, stage,
                            PINION_STAGE_STATE_DONE, NULL, NULL);
}

/* Gives @error its place and tells the one who watches.  Always returns %FALSE. */
static gboolean
fail_stage (Setup      *setup,
            PinionStage stage,
            GError    **error)
{
  g_autofree char *port = g_strdup_printf ("%u", setup->server.port);

  if (error == NULL || *error == NULL)
    return FALSE;

  *error = pinion_error_adopt (*error, PINION_PROTOCOL_IMAP, stage);
  pinion_error_set_place (*error, PINION_PROTOCOL_IMAP, stage);
  pinion_error_set_detail (*error, "host", setup->server.host);
  pinion_error_set_detail (*error, "port", port);
  if (stage == PINION_STAGE_SIGN_IN)
    pinion_error_set_detail (*error, "user", setup->server.user);
  pinion_stage_sink_report (sink_of (setup, stage), PINION_PROTOCOL_IMAP, stage,
                            PINION_STAGE_STATE_FAILED, NULL, *error);

  return FALSE;
}

/* @future with a limit of its own; a time-out is told as one. */
static gboolean
await_within (DexFuture *future,
              int        seconds,
              GError   **error)
{
  g_autoptr (GError) local = NULL;

  guint limit = pinion_net_limit ((guint) seconds * 1000);

  if (pinion_await (dex_future_first (future, dex_timeout_new_msec ((int) limit), NULL), &local))
    return TRUE;

  if (g_error_matches (local, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return pinion_error_set (error, PINION_ERROR_TIMED_OUT, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                             "The server did not answer within %d seconds", seconds);

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* -- Greeting and encryption ----------------------------------------------------------------- */

static gboolean
ask_capability (PinionImapConnection *connection,
                PinionImapAsked       asked,
                GError              **error)
{
  PinionImapCommand *command = pinion_imap_command_new ("CAPABILITY", asked, 0);

  return await_within (pinion_imap_connection_send (connection, command), GREETING_SECONDS, error);
}

/* A silent server may be waiting for TLS: asked over a connection of its own. */
static gboolean
wants_tls (Setup *setup)
{
  g_autoptr (GIOStream) stream = NULL;

  stream = pinion_await_object (pinion_net_connect (&setup->server, PINION_PROTOCOL_IMAP,
                                                    setup->ca_pem, NULL, setup->quiet),
                                NULL);

  return stream != NULL &&
         pinion_await_boolean (pinion_net_speaks_tls (stream, &setup->server, NULL), NULL);
}

static gboolean
await_clear_greeting (Setup                *setup,
                      PinionImapConnection *connection,
                      GError              **error)
{
  DexFuture *greeting = DEX_FUTURE (connection->greeting);

  if (await_within (dex_ref (greeting), CLEAR_SILENCE_SECONDS, error))
    return TRUE;
  if (!pinion_error_is (*error, PINION_ERROR_TIMED_OUT))
    return FALSE;

  g_clear_error (error);
  if (wants_tls (setup))
    return pinion_error_set (error, PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_IMAP,
                             PINION_STAGE_GREETING, "The server expects TLS from the first byte");

  return await_within (dex_ref (greeting), CLEAR_GREETING_SECONDS - CLEAR_SILENCE_SECONDS, error);
}

static gboolean
await_greeting (Setup                *setup,
                PinionImapConnection *connection,
                GError              **error)
{
  if (setup->server.encryption == PINION_ENCRYPTION_STARTTLS)
    return await_clear_greeting (setup, connection, error);

  return await_within (dex_ref (DEX_FUTURE (connection->greeting)), GREETING_SECONDS, error);
}

static gboolean
start_tls (Setup                *setup,
           PinionImapConnection *connection,
           GError              **error)
{
  PinionImapCommand *command;
  g_autoptr (GIOStream) plain = NULL;
  g_autoptr (GIOStream) encrypted = NULL;

  if (!pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_STARTTLS))
    {
      pinion_error_set (error, PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_IMAP,
                        PINION_STAGE_GREETING, "The server does not offer STARTTLS");
      return fail_stage (setup, PINION_STAGE_GREETING, error);
    }

  command = pinion_imap_command_new ("STARTTLS", PINION_IMAP_ASKED_STARTTLS,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER |
                                         PINION_IMAP_COMMAND_LAST);
  if (!await_within (pinion_imap_connection_send (connection, command), GREETING_SECONDS, error))
    return fail_stage (setup, PINION_STAGE_GREETING, error);

  plain = pinion_imap_connection_detach (connection, error);
  if (plain == NULL)
    return fail_stage (setup, PINION_STAGE_TLS, error);

  encrypted = pinion_await_object (pinion_net_start_tls (plain, &setup->server,
                                                         PINION_PROTOCOL_IMAP,
                                                         setup->ca_pem, NULL,
                                                         sink_of (setup, PINION_STAGE_TLS)),
                                   error);
  if (encrypted == NULL)
    return FALSE;

  pinion_imap_connection_attach (connection, encrypted, FALSE);
  g_set_object (&setup->stream, encrypted);

  return TRUE;
}

static gboolean
greet (Setup                *setup,
       PinionImapConnection *connection,
       GError              **error)
{
  gboolean clear = setup->server.encryption == PINION_ENCRYPTION_STARTTLS;

  if (!clear)
    begin_stage (setup, PINION_STAGE_GREETING);
  if (!await_greeting (setup, connection, error) ||
      !ask_capability (connection, PINION_IMAP_ASKED_GREETING, error))
    return fail_stage (setup, PINION_STAGE_GREETING, error);

  if (clear)
    {
      if (!start_tls (setup, connection, error))
        return FALSE;
      begin_stage (setup, PINION_STAGE_GREETING);
      if (!ask_capability (connection, PINION_IMAP_ASKED_GREETING, error))
        return fail_stage (setup, PINION_STAGE_GREETING, error);
    }

  if (!pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_IMAP4REV1) &&
      !pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_IMAP4REV2))
    {
      pinion_error_set (error, PINION_ERROR_GREETING_UNEXPECTED, PINION_PROTOCOL_IMAP,
                        PINION_STAGE_GREETING, "The server does not speak IMAP4rev1");
      return fail_stage (setup, PINION_STAGE_GREETING, error);
    }

  end_stage (setup, PINION_STAGE_GREETING);

  return TRUE;
}

/* -- Signing in ------------------------------------------------------------------------------ */

/* What AUTHENTICATE needs to answer; @answering: it is being done. */
typedef struct
{
  PinionImapConnection *connection;
  PinionSasl *sasl;
  gboolean answering;
} SignIn;

static SignIn *
sign_in_new (PinionImapConnection *connection,
             PinionSasl           *sasl)
{
  SignIn *attempt = g_new0 (SignIn, 1);

  attempt->connection = g_object_ref (connection);
  attempt->sasl = pinion_sasl_ref (sasl);

  return attempt;
}

static void
sign_in_free (gpointer data)
{
  SignIn *attempt = data;

  g_object_unref (attempt->connection);
  pinion_sasl_unref (attempt->sasl);
  g_free (attempt);
}

/* An answer that is being worked out, which takes no time or that of a KDC. */
typedef struct
{
  PinionImapConnection *connection;
  PinionImapCommand *command;
  char *challenge;
} Answering;

static void
answering_free (gpointer data)
{
  Answering *answering = data;

  g_object_unref (answering->connection);
  pinion_imap_command_unref (answering->command);
  g_free (answering->challenge);
  g_free (answering);
}

static DexFuture *
answer_fiber (gpointer data)
{
  Answering *answering = data;
  SignIn *attempt = answering->command->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) line = NULL;

  answer = pinion_await_boxed (pinion_sasl_respond (attempt->sasl, answering->challenge), &error);
  if (answer == NULL)
    {
      pinion_imap_command_reject (answering->command, g_steal_pointer (&error));
      return dex_future_new_true ();
    }

  line = pinion_sasl_encode_line ("", answer, FALSE);
  pinion_imap_pipeline_write_secret (answering->connection->pipeline, line);
  attempt->answering = FALSE;

  return dex_future_new_true ();
}

static GBytes *
on_challenge (PinionImapCommand  *command,
              PinionImapResponse *response,
              GError            **error)
{
  SignIn *attempt = command->data;
  g_autofree char *text = pinion_imap_slice_dup (&response->text);

  if (attempt->answering)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP, PINION_STAGE_SIGN_IN,
                        "The server does not wait for an answer");
      return NULL;
    }
  if (text == NULL)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP, PINION_STAGE_SIGN_IN,
                        "The server's challenge has a NUL in it");
      return NULL;
    }

  Answering *answering = g_new0 (Answering, 1);

  attempt->answering = TRUE;
  answering->connection = g_object_ref (attempt->connection);
  answering->command = pinion_imap_command_ref (command);
  answering->challenge = g_steal_pointer (&text);
  dex_future_disown (pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, answer_fiber,
                                          answering, answering_free));

  return NULL;
}

/* Adds the first answer to the command itself (RFC 4959). */
static gboolean
add_initial_response (PinionImapCommand *command,
                      PinionSasl        *sasl,
                      GError           **error)
{
  g_autoptr (GBytes) answer = pinion_await_boxed (pinion_sasl_respond (sasl, NULL), error);
  g_autoptr (GBytes) line = NULL;
  const char *text;
  gsize length;

  if (answer == NULL)
    return FALSE;

  line = pinion_sasl_encode_line (" ", answer, TRUE);
  text = g_bytes_get_data (line, &length);
  /* The line end comes with the command's. */
  g_string_append_len (command->text, text, (gssize) length - 2);

  return TRUE;
}

static PinionImapCommand *
make_authenticate (PinionImapConnection *connection,
                   PinionSasl           *sasl,
                   GError              **error)
{
  g_autoptr (PinionImapCommand) command = NULL;

  command = pinion_imap_command_new ("AUTHENTICATE", PINION_IMAP_ASKED_SIGN_IN,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER |
                                         PINION_IMAP_COMMAND_SECRET);
  pinion_imap_command_add (command,
                           pinion_sasl_mechanism_to_string (pinion_sasl_get_mechanism (sasl)));
  command->on_continue = on_challenge;
  pinion_imap_command_set_data (command, sign_in_new (connection, sasl), sign_in_free);
  if (pinion_sasl_has_initial_response (sasl) &&
      pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_SASL_IR) &&
      !add_initial_response (command, sasl, error))
    return NULL;

  return g_steal_pointer (&command);
}

static PinionImapCommand *
make_login (Setup *setup)
{
  PinionImapCommand *command;

  command = pinion_imap_command_new ("LOGIN", PINION_IMAP_ASKED_SIGN_IN,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER |
                                         PINION_IMAP_COMMAND_SECRET);
  pinion_imap_command_add_astring (command, setup->server.user);
  pinion_imap_command_add_astring (command, pinion_secret_peek (setup->secret));

  return command;
}

/* "Yes" before everything was said proves nothing. */
static gboolean
check_done (PinionSasl *sasl,
            GError    **error)
{
  if (pinion_sasl_get_mechanism (sasl) == PINION_SASL_LOGIN_COMMAND || pinion_sasl_is_done (sasl))
    return TRUE;

  return pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP,
                           PINION_STAGE_SIGN_IN,
                           "The server accepted the sign-in before it was complete");
}

static gboolean
attempt_sign_in (Setup                *setup,
                 PinionImapConnection *connection,
                 PinionSasl           *sasl,
                 GError              **error)
{
  PinionImapCommand *command;

  if (pinion_sasl_get_mechanism (sasl) == PINION_SASL_LOGIN_COMMAND)
    command = make_login (setup);
  else
    command = make_authenticate (connection, sasl, error);

  return command != NULL &&
         await_within (pinion_imap_connection_send (connection, command), SIGN_IN_SECONDS, error) &&
         check_done (sasl, error);
}

/* Remembers what failed, and whether there is something else to try. */
static void
note_failure (Setup             *setup,
              PinionSaslContext *context,
              PinionSasl        *sasl,
              GError           **error)
{
  PinionSaslMechanism other;

  *error = pinion_sasl_explain (sasl, *error);
  setup->attempts++;
  /* A server in trouble has not judged the mechanism. */
  if (!pinion_error_is (*error, PINION_ERROR_SERVER_UNAVAILABLE))
    setup->failed |= pinion_sasl_get_failed (sasl);
  context->failed = setup->failed;
  setup->again = setup->attempts < MAX_ATTEMPTS && pinion_sasl_may_try_another (sasl, *error) &&
                 pinion_sasl_choose (context, &other, NULL);
}

static gboolean
authenticate (Setup                *setup,
              PinionImapConnection *connection,
              GError              **error)
{
  g_auto (PinionSaslContext) context = {
    .protocol = PINION_PROTOCOL_IMAP,
    .sign_in = setup->server.sign_in,
    .host = setup->server.host,
    .user = setup->server.user,
    .secret = setup->secret,
    .failed = setup->failed,
  };
  PinionSaslMechanism mechanism;
  g_autoptr (PinionSasl) sasl = NULL;

  g_ptr_array_add (connection->offered, NULL);
  context.offered = (const char *const *) connection->offered->pdata;
  context.login_command = !pinion_imap_connection_has (connection,
                                                       PINION_IMAP_CAPABILITY_LOGINDISABLED);
  pinion_sasl_context_bind (&context, setup->stream);
  if (!pinion_sasl_choose (&context, &mechanism, error))
    return FALSE;

  sasl = pinion_sasl_new (mechanism, &context, error);
  if (sasl == NULL)
    return FALSE;
  setup->mechanism = mechanism;
  if (attempt_sign_in (setup, connection, sasl, error))
    return TRUE;

  pinion_imap_connection_close (connection);
  note_failure (setup, &context, sasl, error);

  return FALSE;
}

/* Exchange says OK to a right password even where there is no mailbox behind it; the first
 * command tells (exchange: "authenticated but not connected"). Other refusals of NAMESPACE do
 * not matter. */
static gboolean
prove (PinionImapConnection *connection,
       GError              **error)
{
  g_autoptr (GError) local = NULL;
  const char *verb;
  PinionImapCommand *command;

  if (!ask_capability (connection, PINION_IMAP_ASKED_ANYTHING, error))
    return FALSE;

  verb = pinion_imap_connection_has (connection, PINION_IMAP_CAPABILITY_NAMESPACE) ? "NAMESPACE"
                                                                                   : "NOOP";
  command = pinion_imap_command_new (verb, PINION_IMAP_ASKED_ANYTHING, 0);
  if (await_within (pinion_imap_connection_send (connection, command), SIGN_IN_SECONDS, &local) ||
      pinion_error_is (local, PINION_ERROR_REFUSED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* The attempts are counted: directories lock an account after a few. */
static gboolean
fail_sign_in (Setup   *setup,
              GError **error)
{
  g_autofree char *attempts = g_strdup_printf ("%u", setup->attempts);

  fail_stage (setup, PINION_STAGE_SIGN_IN, error);
  if (setup->attempts > 1 && error != NULL && *error != NULL)
    pinion_error_set_detail (*error, "attempts", attempts);

  return FALSE;
}

/* Exchange answers a right password so when something behind it is in trouble; most often the next
 * connection is served. */
static gboolean
deserves_another (Setup        *setup,
                  const GError *error)
{
  if (setup->unavailable || setup->attempts >= MAX_ATTEMPTS ||
      !pinion_error_is (error, PINION_ERROR_SERVER_UNAVAILABLE))
    return FALSE;

  setup->unavailable = TRUE;

  return TRUE;
}

static gboolean
sign_in (Setup                *setup,
         PinionImapConnection *connection,
         GError              **error)
{
  begin_stage (setup, PINION_STAGE_SIGN_IN);
  if (!authenticate (setup, connection, error) || !prove (connection, error) ||
      !await_within (pinion_imap_connection_agree (connection), SIGN_IN_SECONDS, error))
    {
      setup->again = setup->again || deserves_another (setup, *error);
      return setup->again ? FALSE : fail_sign_in (setup, error);
    }

  pinion_stage_sink_report (setup->sink, PINION_PROTOCOL_IMAP, PINION_STAGE_SIGN_IN,
                            PINION_STAGE_STATE_DONE,
                            pinion_sasl_mechanism_to_string (setup->mechanism), NULL);

  return TRUE;
}

/* -- All together ---------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable) */
static PinionImapConnection *
connect_once (Setup   *setup,
              GError **error)
{
  g_autoptr (PinionImapConnection) connection = pinion_imap_connection_new ();
  g_autoptr (GIOStream) stream = NULL;

  stream = pinion_await_object (pinion_net_connect (&setup->server, PINION_PROTOCOL_IMAP,
                                                    setup->ca_pem, NULL,
                                                    sink_of (setup, PINION_STAGE_REACH)),
                                error);
  if (stream == NULL)
    return NULL;

  pinion_imap_connection_attach (connection, stream, TRUE);
  g_set_object (&setup->stream, stream);
  if (greet (setup, connection, error) && sign_in (setup, connection, error))
    return g_steal_pointer (&connection);

  pinion_imap_connection_close (connection);

  return NULL;
}

/* A mechanism that failed is followed by a fresh connection: on the old one Exchange answers
 * nonsense to the next.  Returns: (transfer full) (nullable) */
static PinionImapConnection *
connect_through (Setup   *setup,
                 GError **error)
{
  PinionImapConnection *connection;
  g_autoptr (GError) said = NULL;

  do
    {
      g_autoptr (GError) local = NULL;

      setup->again = FALSE;
      connection = connect_once (setup, &local);
      setup->repeated = TRUE;
      /* Where the server is not even reached again, what it said before is the better word. */
      if (said != NULL && connection == NULL &&
          pinion_error_get_stage (local) < PINION_STAGE_SIGN_IN)
        fail_sign_in (setup, &said);
      else
        g_clear_error (&said);
      if (said == NULL)
        said = g_steal_pointer (&local);
    }
  while (connection == NULL && setup->again);

  /* The connection has its own. */
  g_clear_object (&setup->stream);
  if (connection == NULL)
    g_propagate_error (error, g_steal_pointer (&said));

  return connection;
}

static DexFuture *
connect_fiber (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapConnection) connection = connect_through (data, &error);

  if (connection == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_steal_pointer (&connection));
}

DexFuture *
pinion_imap_connect (const PinionServer *server,
                     PinionSecret       *secret,
                     const char         *ca_pem,
                     PinionStageSink    *sink)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, connect_fiber,
                              setup_new (server, secret, ca_pem, sink), setup_free);
}

static DexFuture *
verify_fiber (gpointer data)
{
  Setup *setup = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionImapConnection) connection = connect_through (setup, &error);
  g_autoptr (GPtrArray) mailboxes = NULL;

  if (connection == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  begin_stage (setup, PINION_STAGE_OPEN);
  if (!pinion_await (pinion_imap_connection_select (connection, "INBOX", TRUE), &error))
    {
      fail_stage (setup, PINION_STAGE_OPEN, &error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  end_stage (setup, PINION_STAGE_OPEN);

  begin_stage (setup, PINION_STAGE_FOLDERS);
  mailboxes = pinion_await_boxed (pinion_imap_connection_list (connection), &error);
  if (mailboxes == NULL)
    {
      fail_stage (setup, PINION_STAGE_FOLDERS, &error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  end_stage (setup, PINION_STAGE_FOLDERS);

  pinion_await (pinion_imap_connection_logout (connection), NULL);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&mailboxes));
}

DexFuture *
pinion_imap_verify (const PinionServer *server,
                    PinionSecret       *secret,
                    const char         *ca_pem,
                    PinionStageSink    *sink)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, verify_fiber,
                              setup_new (server, secret, ca_pem, sink), setup_free);
}
