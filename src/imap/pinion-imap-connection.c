/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* The server must answer DONE; a good-bye is nobody's to wait for.  Milliseconds. */
#define DONE_LIMIT (30 * 1000)
#define LOGOUT_LIMIT (5 * 1000)

G_DEFINE_FINAL_TYPE (PinionImapConnection, pinion_imap_connection, G_TYPE_OBJECT)

/* -- What the server says -------------------------------------------------------------------- */

static void
learn_capabilities (PinionImapConnection  *self,
                    const PinionImapSlice *words)
{
  static const char prefix[] = "AUTH=";
  g_autofree char *text = g_strndup (words->data != NULL ? words->data : "", words->length);
  g_auto (GStrv) names = g_strsplit (text, " ", -1);

  self->capabilities = pinion_imap_capability_parse (text, strlen (text));
  self->append_limit = pinion_imap_capability_parse_append_limit (text, strlen (text));
  g_set_str (&self->words, text);
  g_ptr_array_set_size (self->offered, 0);
  for (guint i = 0; names[i] != NULL; i++)
    if (g_ascii_strncasecmp (names[i], prefix, strlen (prefix)) == 0)
      g_ptr_array_add (self->offered, g_strdup (names[i] + strlen (prefix)));

  if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_LITERAL_PLUS))
    pinion_imap_pipeline_set_free_literal (self->pipeline, G_MAXSIZE);
  else if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_LITERAL_MINUS))
    pinion_imap_pipeline_set_free_literal (self->pipeline, 4096);
  else
    pinion_imap_pipeline_set_free_literal (self->pipeline, 0);
}

/* The first response: only a plain OK is a greeting. */
static void
on_greeting (PinionImapConnection     *self,
             const PinionImapResponse *response)
{
  g_autoptr (DexPromise) greeting = g_steal_pointer (&self->greeting);
  GError *error;

  if (response->kind == PINION_IMAP_RESPONSE_STATE && response->condition == PINION_IMAP_OK)
    {
      self->greeting_text = pinion_imap_slice_dup (&response->text);
      dex_promise_resolve_boolean (greeting, TRUE);
      return;
    }

  if (response->kind == PINION_IMAP_RESPONSE_STATE &&
      (response->condition == PINION_IMAP_NO || response->condition == PINION_IMAP_BAD))
    {
      dex_promise_reject (greeting, pinion_imap_failure_new (PINION_IMAP_ASKED_GREETING, response));
      return;
    }

  /* PREAUTH would take away our say in how to sign in and whether to encrypt. */
  error = pinion_imap_failure_new (PINION_IMAP_ASKED_GREETING, response);
  error->code = PINION_ERROR_GREETING_UNEXPECTED;
  dex_promise_reject (greeting, error);
}

static void
on_response (const PinionImapResponse *response,
             const PinionImapFetched  *fetched,
             gboolean                  claimed,
             gpointer                  user_data)
{
  PinionImapConnection *self = user_data;

  if (self->greeting != NULL)
    {
      on_greeting (self, response);
      return;
    }

  if (response->kind == PINION_IMAP_RESPONSE_CAPABILITY)
    learn_capabilities (self, &response->text);
  else if (response->code == PINION_IMAP_CODE_CAPABILITY &&
           response->condition == PINION_IMAP_OK)
    learn_capabilities (self, &response->code_text);

  if (self->view == NULL)
    return;

  if (response->kind == PINION_IMAP_RESPONSE_TAGGED)
    {
      /* A SELECT that failed leaves no mailbox selected; nothing else is in flight with it. */
      if (response->condition != PINION_IMAP_OK && !pinion_imap_view_is_open (self->view))
        g_clear_pointer (&self->view, pinion_imap_view_free);
      return;
    }

  pinion_imap_view_apply (self->view, response, fetched, claimed);
  if (self->idle != NULL && pinion_imap_view_has_changes (self->view))
    pinion_imap_connection_end_idle (self);
}

static void
on_closed (const GError *error,
           gpointer      user_data)
{
  PinionImapConnection *self = user_data;
  g_autoptr (DexPromise) greeting = g_steal_pointer (&self->greeting);

  if (greeting != NULL)
    dex_promise_reject (greeting, g_error_copy (error));
  if (dex_future_is_pending (DEX_FUTURE (self->closed)))
    dex_promise_reject (self->closed, g_error_copy (error));
}

static const PinionImapPipelineFuncs pipeline_funcs = {
  .response = on_response,
  .closed = on_closed,
};

/* -- Life ------------------------------------------------------------------------------------ */

static void
close_with (PinionImapConnection *self,
            GError               *error)
{
  if (dex_future_is_pending (DEX_FUTURE (self->closed)))
    dex_promise_reject (self->closed, g_error_copy (error));
  if (self->pipeline != NULL)
    pinion_imap_pipeline_close (self->pipeline, error);
  else
    g_error_free (error);
}

static GError *
closed_error (void)
{
  return pinion_error_new (PINION_ERROR_CANCELLED, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "The connection was closed");
}

static void
pinion_imap_connection_dispose (GObject *object)
{
  PinionImapConnection *self = PINION_IMAP_CONNECTION (object);

  if (self->pipeline != NULL)
    close_with (self, closed_error ());
  g_clear_pointer (&self->pipeline, pinion_imap_pipeline_unref);
  g_clear_pointer (&self->idle, pinion_imap_command_unref);

  G_OBJECT_CLASS (pinion_imap_connection_parent_class)->dispose (object);
}

static void
pinion_imap_connection_finalize (GObject *object)
{
  PinionImapConnection *self = PINION_IMAP_CONNECTION (object);

  g_clear_pointer (&self->view, pinion_imap_view_free);
  g_ptr_array_unref (self->offered);
  g_free (self->words);
  g_free (self->greeting_text);
  g_free (self->server_name);
  g_free (self->server_version);
  dex_clear (&self->greeting);
  dex_clear (&self->closed);

  G_OBJECT_CLASS (pinion_imap_connection_parent_class)->finalize (object);
}

static void
pinion_imap_connection_class_init (PinionImapConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pinion_imap_connection_dispose;
  object_class->finalize = pinion_imap_connection_finalize;
}

static void
pinion_imap_connection_init (PinionImapConnection *self)
{
  self->offered = g_ptr_array_new_with_free_func (g_free);
  self->closed = dex_promise_new ();
  self->done_limit = DONE_LIMIT;
  self->logout_limit = LOGOUT_LIMIT;
}

PinionImapConnection *
pinion_imap_connection_new (void)
{
  return g_object_new (PINION_TYPE_IMAP_CONNECTION, NULL);
}

void
pinion_imap_connection_attach (PinionImapConnection *self,
                               GIOStream            *stream,
                               gboolean              expect_greeting)
{
  g_autoptr (PinionChannel) channel = pinion_channel_new (stream, PINION_PROTOCOL_IMAP);

  self->pipeline = pinion_imap_pipeline_new (channel, &pipeline_funcs, self);
  if (expect_greeting)
    self->greeting = dex_promise_new ();
  else
    pinion_imap_pipeline_skip_greeting (self->pipeline);
}

GIOStream *
pinion_imap_connection_detach (PinionImapConnection *self,
                               GError              **error)
{
  g_autoptr (PinionImapPipeline) pipeline = g_steal_pointer (&self->pipeline);
  PinionChannel *channel = pinion_imap_pipeline_stop (pipeline, error);
  GIOStream *stream;

  self->capabilities = 0;
  self->append_limit = 0;
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->greeting_text, g_free);
  g_ptr_array_set_size (self->offered, 0);
  if (channel == NULL)
    {
      pinion_imap_pipeline_close (pipeline, closed_error ());
      return NULL;
    }

  stream = pinion_channel_steal_stream (channel, error);
  pinion_imap_pipeline_close (pipeline, closed_error ());

  return stream;
}

void
pinion_imap_connection_fail (PinionImapConnection *self,
                             GError               *error)
{
  if (pinion_imap_connection_is_closed (self))
    g_error_free (error);
  else
    close_with (self, error);
}

DexFuture *
pinion_imap_connection_refuse (PinionErrorCode code,
                               const char     *message)
{
  return dex_future_new_for_error (
      pinion_error_new (code, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE, "%s", message));
}

DexFuture *
pinion_imap_connection_send (PinionImapConnection *self,
                             PinionImapCommand    *command)
{
  g_autoptr (PinionImapCommand) owned = command;

  if (self->pipeline == NULL)
    return pinion_imap_connection_refuse (PINION_ERROR_CONNECTION_LOST, "Not connected");

  pinion_imap_connection_end_idle (self);

  return pinion_imap_pipeline_send (self->pipeline, owned);
}

/* -- Several commands as one ----------------------------------------------------------------- */

typedef struct
{
  PinionImapConnection *connection;
  GPtrArray *commands;
  PinionImapJoinFunc finish;
  gpointer data;
  GDestroyNotify destroy;
} Join;

static void
join_free (gpointer data)
{
  Join *join = data;

  /* Where the fiber was cancelled, nobody waits for the rest. */
  for (guint i = 0; i < join->commands->len; i++)
    {
      PinionImapCommand *command = g_ptr_array_index (join->commands, i);

      if (pinion_imap_command_is_pending (command))
        command->abandoned = TRUE;
    }

  g_object_unref (join->connection);
  g_ptr_array_unref (join->commands);
  if (join->destroy != NULL)
    join->destroy (join->data);
  g_free (join);
}

static DexFuture *
join_fiber (gpointer data)
{
  Join *join = data;
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < join->commands->len; i++)
    {
      PinionImapCommand *command = g_ptr_array_index (join->commands, i);
      g_autoptr (GError) error = NULL;

      if (!pinion_await (dex_ref (DEX_FUTURE (command->promise)), &error) && first == NULL)
        first = g_steal_pointer (&error);
    }

  if (first != NULL)
    return dex_future_new_for_error (g_steal_pointer (&first));

  return join->finish (join->connection, join->data);
}

GPtrArray *
pinion_imap_command_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_imap_command_unref);
}

DexFuture *
pinion_imap_connection_join (PinionImapConnection *self,
                             GPtrArray            *commands,
                             PinionImapJoinFunc    finish,
                             gpointer              data,
                             GDestroyNotify        destroy)
{
  Join *join = g_new0 (Join, 1);

  join->connection = g_object_ref (self);
  join->commands = commands;
  join->finish = finish;
  join->data = data;
  join->destroy = destroy;

  for (guint i = 0; i < commands->len; i++)
    {
      PinionImapCommand *command = g_ptr_array_index (commands, i);

      /* The command keeps its promise. */
      dex_unref (pinion_imap_connection_send (self, pinion_imap_command_ref (command)));
    }

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, join_fiber, join, join_free);
}

/* -- Plain facts ----------------------------------------------------------------------------- */

gboolean
pinion_imap_connection_has (PinionImapConnection *self,
                            PinionImapCapability  capability)
{
  return (self->capabilities & capability) == capability;
}

gboolean
pinion_imap_connection_enabled (PinionImapConnection *self,
                                PinionImapCapability  capability)
{
  return (self->enabled & capability) == capability;
}

PinionImapQuirks
pinion_imap_connection_get_quirks (PinionImapConnection *self)
{
  return self->quirks;
}

gboolean
pinion_imap_connection_is_closed (PinionImapConnection *self)
{
  return self->pipeline == NULL || pinion_imap_pipeline_get_error (self->pipeline) != NULL;
}

DexFuture *
pinion_imap_connection_closed (PinionImapConnection *self)
{
  return dex_ref (DEX_FUTURE (self->closed));
}

void
pinion_imap_connection_close (PinionImapConnection *self)
{
  if (!pinion_imap_connection_is_closed (self))
    close_with (self, closed_error ());
}

const PinionImapSelected *
pinion_imap_connection_get_selected (PinionImapConnection *self)
{
  if (self->view == NULL || !pinion_imap_view_is_open (self->view))
    return NULL;

  return pinion_imap_view_get_selected (self->view);
}

GArray *
pinion_imap_connection_take_changes (PinionImapConnection *self)
{
  if (self->view == NULL)
    return g_array_new (FALSE, FALSE, sizeof (PinionImapChange));

  return pinion_imap_view_take_changes (self->view);
}

guint
pinion_imap_connection_get_n_malformed (PinionImapConnection *self)
{
  return self->pipeline != NULL ? pinion_imap_pipeline_get_n_malformed (self->pipeline) : 0;
}

/* -- NOOP and LOGOUT ------------------------------------------------------------------------- */

DexFuture *
pinion_imap_connection_noop (PinionImapConnection *self)
{
  return pinion_imap_connection_send (
      self, pinion_imap_command_new ("NOOP", PINION_IMAP_ASKED_ANYTHING, 0));
}

static DexFuture *
logout_fiber (gpointer data)
{
  PinionImapConnection *self = data;
  PinionImapCommand *command;

  command = pinion_imap_command_new ("LOGOUT", PINION_IMAP_ASKED_ANYTHING,
                                     PINION_IMAP_COMMAND_ALONE_AFTER | PINION_IMAP_COMMAND_GOODBYE);
  /* Whatever comes of it, the connection is closed then. */
  pinion_await (dex_future_first (pinion_imap_connection_send (self, command),
                                  dex_timeout_new_msec ((int) self->logout_limit), NULL),
                NULL);
  pinion_imap_connection_close (self);

  return dex_future_new_true ();
}

DexFuture *
pinion_imap_connection_logout (PinionImapConnection *self)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, logout_fiber,
                              g_object_ref (self), g_object_unref);
}
