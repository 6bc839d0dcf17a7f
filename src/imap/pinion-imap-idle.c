/* SPDX-License-Identifier: GPL-3.0-or-later */

/* IDLE (RFC 2177): asked, waiting, ending.  Driven by what arrives, so that DONE is also sent
 * when the one who waits has gone away. */

#include "pinion-imap-connection-private.h"

#include "pinion-fiber.h"
/* Servers close after 29 or 30 minutes. */
#define MAX_SECONDS 1500

typedef struct
{
  PinionImapConnection *connection;
  PinionImapCommand *command;
  guint limit;
} Idle;

static void
idle_free (gpointer data)
{
  Idle *idle = data;

  /* Also where the fiber was cancelled, which must not await any more. */
  if (idle->connection->idle == idle->command)
    pinion_imap_connection_end_idle (idle->connection);
  g_object_unref (idle->connection);
  pinion_imap_command_unref (idle->command);
  g_free (idle);
}

static void
write_done (PinionImapConnection *self)
{
  self->idle_state = PINION_IMAP_IDLE_ENDING;
  pinion_imap_pipeline_write_line (self->pipeline, "DONE", self->done_limit);
}

void
pinion_imap_connection_end_idle (PinionImapConnection *self)
{
  if (self->idle == NULL)
    return;

  if (!pinion_imap_command_is_pending (self->idle))
    {
      g_clear_pointer (&self->idle, pinion_imap_command_unref);
      return;
    }

  self->idle_end = TRUE;
  if (self->idle_state == PINION_IMAP_IDLE_WAITING)
    write_done (self);
}

static GBytes *
on_idle_continue (PinionImapCommand  *command,
                  PinionImapResponse *response,
                  GError            **error)
{
  PinionImapConnection *self = command->data;

  if (self->idle != command || self->idle_state != PINION_IMAP_IDLE_ASKED)
    return NULL;

  /* Only from here on it may be silent. */
  command->flags |= PINION_IMAP_COMMAND_PATIENT;
  self->idle_state = PINION_IMAP_IDLE_WAITING;
  if (self->idle_end)
    write_done (self);

  return NULL;
}

static DexFuture *
idle_fiber (gpointer data)
{
  Idle *idle = data;
  PinionImapConnection *self = idle->connection;
  DexFuture *done = dex_ref (DEX_FUTURE (idle->command->promise));
  g_autoptr (GError) error = NULL;

  if (!pinion_await (dex_future_first (dex_ref (done),
                                       dex_timeout_new_seconds ((int) idle->limit), NULL),
                     &error) &&
      g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    {
      g_clear_error (&error);
      if (self->idle == idle->command)
        pinion_imap_connection_end_idle (self);
      pinion_await (dex_ref (done), &error);
    }
  dex_unref (done);

  if (self->idle == idle->command && !pinion_imap_command_is_pending (idle->command))
    g_clear_pointer (&self->idle, pinion_imap_command_unref);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_boolean (self->view != NULL &&
                                     pinion_imap_view_has_changes (self->view));
}

DexFuture *
pinion_imap_connection_idle (PinionImapConnection *self,
                             guint                 limit)
{
  Idle *idle;
  PinionImapCommand *command;

  if (!pinion_imap_connection_has (self, PINION_IMAP_CAPABILITY_IDLE))
    return pinion_imap_connection_refuse (PINION_ERROR_REFUSED, "IDLE is not offered");
  if (self->idle != NULL && pinion_imap_command_is_pending (self->idle))
    return pinion_imap_connection_refuse (PINION_ERROR_BUSY, "Already idling");

  /* What is there already is not waited for. */
  if (self->view != NULL && pinion_imap_view_has_changes (self->view))
    return dex_future_new_for_boolean (TRUE);

  command = pinion_imap_command_new ("IDLE", PINION_IMAP_ASKED_ANYTHING,
                                     PINION_IMAP_COMMAND_ALONE_BEFORE |
                                         PINION_IMAP_COMMAND_ALONE_AFTER);
  command->on_continue = on_idle_continue;
  command->data = self;

  idle = g_new0 (Idle, 1);
  idle->connection = g_object_ref (self);
  idle->command = pinion_imap_command_ref (command);
  idle->limit = MIN (limit, MAX_SECONDS);

  dex_future_disown (pinion_imap_connection_send (self, pinion_imap_command_ref (command)));
  g_clear_pointer (&self->idle, pinion_imap_command_unref);
  self->idle = command;
  self->idle_state = PINION_IMAP_IDLE_ASKED;
  self->idle_end = FALSE;

  return pinion_fiber_spawn (dex_scheduler_get_thread_default (), 0, idle_fiber, idle, idle_free);
}

void
pinion_imap_connection_wake (PinionImapConnection *self)
{
  pinion_imap_connection_end_idle (self);
}
