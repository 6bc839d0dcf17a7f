/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is agreed upon once, after signing in: ENABLE (RFC 5161). */

#include "pinion-imap-connection-private.h"

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

/* Returns: (transfer full) (nullable), %NULL where there is nothing to enable. */
static PinionImapCommand *
make_enable (PinionImapConnection *self)
{
  PinionImapCommand *command;
  const char *modseq = NULL;

  if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_QRESYNC))
    modseq = "QRESYNC";
  else if (pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_CONDSTORE))
    modseq = "CONDSTORE";
  if (modseq == NULL || !pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_ENABLE))
    return NULL;

  command = pinion_imap_command_new ("ENABLE", PINION_IMAP_ASKED_ANYTHING, 0);
  pinion_imap_command_add (command, modseq);
  command->untagged = on_enabled;
  command->data = self;

  return command;
}

/* -- All together ---------------------------------------------------------------------------- */

/* %FALSE where the connection broke; a refusal only means that it is not used. */
static gboolean
await_agreed (PinionImapConnection *self,
              DexFuture            *future,
              GError              **error)
{
  g_autoptr (GError) local = NULL;

  if (dex_await (future, &local) || pinion_error_is (local, PINION_ERROR_REFUSED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static DexFuture *
agree_fiber (gpointer data)
{
  PinionImapConnection *self = data;
  PinionImapCommand *enable = make_enable (self);
  g_autoptr (GError) error = NULL;

  if (enable != NULL &&
      !await_agreed (self, pinion_imap_connection_send (self, enable), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

DexFuture *
pinion_imap_connection_agree (PinionImapConnection *self)
{
  return dex_scheduler_spawn (dex_scheduler_get_thread_default (), 0, agree_fiber,
                              g_object_ref (self), g_object_unref);
}
