/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is agreed upon once, after signing in: ID, ENABLE, COMPRESS (RFC 2971, 5161, 4978). */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
#include "pinion-text.h"
#include "pinion-traffic.h"

#define MAX_WORDS 200

/* -- ID -------------------------------------------------------------------------------------- */

static char *
take_words (const PinionImapSlice *slice)
{
  if (slice->data == NULL)
    return NULL;

  return pinion_text_clean_line (slice->data, (gssize) slice->length, MAX_WORDS);
}

static gboolean
on_id (PinionImapCommand       *command,
       PinionImapResponse      *response,
       const PinionImapFetched *fetched)
{
  PinionImapConnection *self = command->data;

  if (response->kind != PINION_IMAP_RESPONSE_ID)
    return FALSE;

  g_free (self->server_name);
  self->server_name = take_words (&response->name);
  g_free (self->server_version);
  self->server_version = take_words (&response->version);

  return TRUE;
}

/* An empty list is an error to Exchange, and some servers distrust who does not say his name. */
static PinionImapCommand *
make_id (PinionImapConnection *self)
{
  PinionImapCommand *command;

  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_ID))
    return NULL;

  command = pinion_imap_command_new ("ID", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add (command, "(\"name\" \"Pinion\")");
  command->untagged = on_id;
  command->data = self;

  return command;
}

/* -- ENABLE ---------------------------------------------------------------------------------- */

/* Only what was confirmed counts, and it holds from the confirmation on. */
static gboolean
on_enabled (PinionImapCommand       *command,
            PinionImapResponse      *response,
            const PinionImapFetched *fetched)
{
  PinionImapConnection *self = command->data;

  if (response->kind != PINION_IMAP_RESPONSE_ENABLED)
    return FALSE;

  self->enabled |= self->capabilities
                   & pinion_imap_capability_parse (response->text.data, response->text.length);

  return TRUE;
}

static PinionImapCommand *
make_enable (PinionImapConnection *self)
{
  PinionImapCommand *command;
  g_autoptr (GString) names = g_string_new (NULL);

  if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_QRESYNC))
    g_string_append (names, " QRESYNC");
  else if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_CONDSTORE))
    g_string_append (names, " CONDSTORE");
  if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_UTF8_ACCEPT))
    g_string_append (names, " UTF8=ACCEPT");
  if (names->len == 0 || !pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_ENABLE))
    return NULL;

  command = pinion_imap_command_new ("ENABLE", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add (command, names->str + 1);
  command->untagged = on_enabled;
  command->data = self;

  return command;
}

/* -- COMPRESS -------------------------------------------------------------------------------- */

static void
finish_compress (PinionImapCommand        *command,
                 const PinionImapResponse *response)
{
  PinionImapConnection *self = command->data;

  pinion_imap_pipeline_compress (self->pipeline);
}

/* Not while somebody wants to read what goes over the line. */
static PinionImapCommand *
make_compress (PinionImapConnection *self)
{
  PinionImapCommand *command;

  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_COMPRESS_DEFLATE) ||
      pinion_traffic_is_enabled ())
    return NULL;

  command = pinion_imap_command_new ("COMPRESS DEFLATE", PINION_IMAP_ASKED_ANYTHING,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER);
  command->finish = finish_compress;
  command->data = self;

  return command;
}

/* -- All together ---------------------------------------------------------------------------- */

/* @command: (transfer full) (nullable).  Returns: (transfer full) (nullable) */
static DexFuture *
send_if_offered (PinionImapConnection *self,
                 PinionImapCommand    *command)
{
  return command != NULL ? pinion_imap_connection_send (self, command) : NULL;
}

/* %FALSE where the connection broke; a refusal only means that it is not used.  @future: (transfer
 * full) (nullable) */
static gboolean
await_agreed (PinionImapConnection *self,
              DexFuture            *future,
              GError              **error)
{
  g_autoptr (GError) local = NULL;

  if (future == NULL || pinion_await (future, &local))
    return TRUE;
  if (local->domain == PINION_ERROR && !pinion_imap_connection_is_closed (self))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static void
learn_quirks (PinionImapConnection *self)
{
  const PinionImapServer server = {
    .greeting = self->greeting_text,
    .words = self->words,
    .name = self->server_name,
    .capabilities = self->capabilities,
  };

  self->quirks = pinion_imap_quirks_find (&server);
  if ((self->quirks & PINION_IMAP_QUIRK_FEW_AT_ONCE) != 0)
    pinion_imap_pipeline_set_window (self->pipeline, PINION_IMAP_FEW);
}

static DexFuture *
agree_fiber (gpointer data)
{
  PinionImapConnection *self = data;
  g_autoptr (GError) error = NULL;
  DexFuture *id = send_if_offered (self, make_id (self));
  DexFuture *enable = send_if_offered (self, make_enable (self));
  DexFuture *compress = send_if_offered (self, make_compress (self));
  gboolean fine = await_agreed (self, id, &error);

  fine = await_agreed (self, enable, fine ? &error : NULL) && fine;
  fine = await_agreed (self, compress, fine ? &error : NULL) && fine;
  if (!fine)
    return dex_future_new_for_error (g_steal_pointer (&error));

  learn_quirks (self);

  return dex_future_new_true ();
}

DexFuture *
pinion_imap_connection_agree (PinionImapConnection *self)
{
  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, agree_fiber,
                              g_object_ref (self), g_object_unref);
}

const char *
pinion_imap_connection_get_server_name (PinionImapConnection *self)
{
  return self->server_name;
}
