/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-pipeline-private.h"

#include "pinion-fiber.h"

#include <string.h>

/* Commands in flight; Exchange fails above 25. */
#define WINDOW 16

/* Nonsense a server may send before the connection is given up. */
#define MAX_STRAY 1000
#define MAX_MALFORMED 10000

/* What may come between two ends of commands, so that no server talks for ever: messages, the
 * rest. */
#define MAX_FETCHED 5000000
#define MAX_UNTAGGED 1000000

static GError *
protocol_error (const char *message)
{
  return pinion_error_new (PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE, "%s",
                           message);
}

/* -- Bytes out ------------------------------------------------------------------------------- */

/* @flags: of the command they belong to. */
DexFuture *
pinion_imap_pipeline_write (PinionImapPipeline     *self,
                            GBytes                 *bytes,
                            PinionImapCommandFlags  flags)
{
  g_autoptr (GBytes) packed = NULL;

  if (self->deflate != NULL)
    bytes = packed = pinion_imap_deflate_pack (self->deflate, bytes);
  if ((flags & PINION_IMAP_COMMAND_SECRET) != 0)
    return pinion_channel_write_secret (self->channel, bytes);

  return pinion_channel_write (self->channel, bytes);
}

/* -- Time ------------------------------------------------------------------------------------ */

/* A server is only timed while it owes an answer. */
void
pinion_imap_pipeline_update_time (PinionImapPipeline *self)
{
  guint limit = self->limit;
  PinionImapCommand *first = g_queue_peek_head (&self->flight);

  if (self->answer_limit != 0)
    limit = self->answer_limit;
  else if (self->is_uploading ||
           (self->greeted && first == NULL) ||
           (first != NULL && (first->flags & PINION_IMAP_COMMAND_PATIENT) != 0))
    limit = 0;

  if (limit == self->limit_set)
    return;

  self->limit_set = limit;
  pinion_channel_set_time_limit (self->channel, limit);
}

/* -- Ending ---------------------------------------------------------------------------------- */

static void
release_command (PinionImapCommand *command)
{
  if (command->cancelled_handler != 0)
    g_signal_handler_disconnect (dex_promise_get_cancellable (command->promise),
                                 command->cancelled_handler);
  command->cancelled_handler = 0;
  pinion_imap_command_unref (command);
}

static void
reject_all (PinionImapPipeline *self,
            GQueue             *queue)
{
  PinionImapCommand *command;

  while ((command = g_queue_pop_head (queue)) != NULL)
    {
      pinion_imap_command_reject (command, g_error_copy (self->error));
      release_command (command);
    }
}

static void
wake_writer (PinionImapPipeline *self)
{
  g_autoptr (DexPromise) wake = g_steal_pointer (&self->wake);

  if (wake != NULL)
    dex_promise_resolve_boolean (wake, TRUE);
}

static void
refuse_continuation (PinionImapPipeline *self)
{
  g_autoptr (DexPromise) continuation = g_steal_pointer (&self->continuation);

  if (continuation != NULL)
    dex_promise_reject (continuation, protocol_error ("The literal was refused"));
}

/* Takes @error.  Everything pending hears of it, and nobody of anything afterwards. */
void
pinion_imap_pipeline_fail (PinionImapPipeline *self,
                           GError             *error)
{
  const PinionImapPipelineFuncs *funcs = self->funcs;

  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }

  pinion_imap_pipeline_ref (self);
  self->error = pinion_error_adopt (error, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE);
  self->funcs = NULL;
  pinion_channel_close (self->channel);
  refuse_continuation (self);
  wake_writer (self);
  reject_all (self, &self->flight);
  reject_all (self, &self->waiting);
  if (funcs != NULL)
    funcs->closed (self->error, self->user_data);
  pinion_imap_pipeline_unref (self);
}

void
pinion_imap_pipeline_close (PinionImapPipeline *self,
                            GError             *error)
{
  self->funcs = NULL;
  pinion_imap_pipeline_fail (self, error);
}

const GError *
pinion_imap_pipeline_get_error (PinionImapPipeline *self)
{
  return self->error;
}

/* -- Responses ------------------------------------------------------------------------------- */

static void
finish_command (PinionImapCommand        *command,
                const PinionImapResponse *response)
{
  gboolean answers = response->condition == PINION_IMAP_OK ||
                     (response->condition == PINION_IMAP_NO &&
                      (command->flags & PINION_IMAP_COMMAND_NO_IS_ANSWER) != 0);

  if (answers && command->finish != NULL && pinion_imap_command_is_pending (command))
    command->finish (command, response);
  if (!pinion_imap_command_is_pending (command))
    return;

  if (response->condition != PINION_IMAP_OK)
    pinion_imap_command_reject (command, pinion_imap_failure_new (command->asked, response));
  else
    dex_promise_resolve_boolean (command->promise, TRUE);
}

static PinionImapCommand *
find_tag (PinionImapPipeline    *self,
          const PinionImapSlice *tag)
{
  for (GList *link = self->flight.head; link != NULL; link = link->next)
    {
      PinionImapCommand *command = link->data;
      char text[16];

      g_snprintf (text, sizeof text, "P%u", command->tag);
      if (strlen (text) == tag->length && memcmp (text, tag->data, tag->length) == 0)
        return command;
    }

  return NULL;
}

/* Not owned by the queue any more, and nothing of it is being written. */
static void
take_from_flight (PinionImapPipeline *self,
                  PinionImapCommand  *command)
{
  g_queue_remove (&self->flight, command);
  if (self->writing == command)
    {
      self->writing = NULL;
      refuse_continuation (self);
    }
  self->answer_limit = 0;
  if ((command->flags & PINION_IMAP_COMMAND_LAST) != 0)
    self->stopped = TRUE;
  wake_writer (self);
}

static void
on_tagged (PinionImapPipeline *self,
           PinionImapResponse *response)
{
  PinionImapCommand *command = find_tag (self, &response->tag);

  if (command == NULL)
    {
      pinion_imap_pipeline_fail (self, protocol_error ("The server answered what was not asked"));
      return;
    }

  self->n_untagged = 0;
  self->n_stray = 0;
  take_from_flight (self, command);
  if (self->funcs != NULL)
    self->funcs->response (response, NULL, TRUE, self->user_data);
  finish_command (command, response);
  release_command (command);
}

static void
on_continue (PinionImapPipeline *self,
             PinionImapResponse *response)
{
  PinionImapCommand *command = g_queue_peek_tail (&self->flight);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (self->continuation != NULL)
    {
      g_autoptr (DexPromise) continuation = g_steal_pointer (&self->continuation);

      dex_promise_resolve_boolean (continuation, TRUE);
      return;
    }

  /* Exchange sends such lines in the middle of nothing, but not without an end. */
  if (++self->n_stray > MAX_STRAY)
    {
      pinion_imap_pipeline_fail (self, protocol_error ("Too many requests to go on"));
      return;
    }
  if (command == NULL || command->on_continue == NULL)
    return;

  answer = command->on_continue (command, response, &error);
  if (error != NULL)
    pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
  else if (answer != NULL)
    dex_future_disown (pinion_imap_pipeline_write (self, answer, command->flags));
}

static PinionImapCommand *
find_asked (PinionImapPipeline *self,
            PinionImapAsked     asked)
{
  for (GList *link = self->flight.head; link != NULL; link = link->next)
    if (((PinionImapCommand *) link->data)->asked == asked)
      return link->data;

  return NULL;
}

static PinionImapAsked
asked_first (PinionImapPipeline *self)
{
  PinionImapCommand *first = g_queue_peek_head (&self->flight);

  if (!self->greeted)
    return PINION_IMAP_ASKED_GREETING;

  return first != NULL ? first->asked : PINION_IMAP_ASKED_ANYTHING;
}

/* Lines that end the connection whatever is in flight; %NULL for all others. */
static GError *
make_fatal (PinionImapPipeline *self,
            PinionImapResponse *response)
{
  PinionImapCommand *first = g_queue_peek_head (&self->flight);
  static const char unavailable[] = "Server Unavailable";

  if (response->kind == PINION_IMAP_RESPONSE_STATE && response->condition == PINION_IMAP_BYE)
    {
      if (first != NULL && (first->flags & PINION_IMAP_COMMAND_GOODBYE) != 0)
        return NULL;
      return pinion_imap_failure_new (asked_first (self), response);
    }

  /* An oversize APPEND is answered without a tag. */
  if (response->kind == PINION_IMAP_RESPONSE_STATE && response->condition == PINION_IMAP_BAD &&
      find_asked (self, PINION_IMAP_ASKED_APPEND) != NULL)
    return pinion_imap_failure_new (PINION_IMAP_ASKED_APPEND, response);

  /* Exchange's front end, without tag or asterisk */
  if (response->kind == PINION_IMAP_RESPONSE_JUNK &&
      response->text.length >= strlen (unavailable) &&
      g_ascii_strncasecmp (response->text.data, unavailable, strlen (unavailable)) == 0)
    return pinion_imap_failure_new (asked_first (self), response);

  return NULL;
}

static gboolean
offer (PinionImapPipeline *self,
       PinionImapResponse *response,
       PinionImapFetched  *fetched)
{
  for (GList *link = self->flight.head; link != NULL; link = link->next)
    {
      /* It may be gone afterwards, if what it calls ends the connection. */
      g_autoptr (PinionImapCommand) command = pinion_imap_command_ref (link->data);

      if (command->untagged == NULL || command->abandoned)
        continue;
      if (!command->untagged (command, response, fetched))
        continue;
      if (command->pause != NULL)
        self->pausing = g_steal_pointer (&command);
      return TRUE;
    }

  return FALSE;
}

static void
count_malformed (PinionImapPipeline *self)
{
  if (++self->n_malformed > MAX_MALFORMED)
    pinion_imap_pipeline_fail (self, protocol_error ("Too many malformed responses"));
}

static void
on_untagged (PinionImapPipeline *self,
             PinionImapResponse *response)
{
  PinionImapFetched fetched;
  gboolean is_fetch = response->kind == PINION_IMAP_RESPONSE_FETCH;
  g_autoptr (GError) error = NULL;
  gboolean claimed;

  error = make_fatal (self, response);
  if (error == NULL && ++self->n_untagged > (is_fetch ? MAX_FETCHED : MAX_UNTAGGED))
    error = pinion_error_new (PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                              "The server does not stop talking");
  if (error != NULL)
    {
      pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
      return;
    }

  if (is_fetch && !pinion_imap_fetch_read (response, &fetched, &error))
    {
      if (pinion_error_is (error, PINION_ERROR_TOO_LARGE))
        pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
      else
        count_malformed (self);
      return;
    }

  if (response->kind == PINION_IMAP_RESPONSE_JUNK && self->greeted)
    {
      count_malformed (self);
      return;
    }

  claimed = offer (self, response, is_fetch ? &fetched : NULL);
  if (!self->greeted)
    {
      self->greeted = TRUE;
      wake_writer (self);
    }
  if (self->funcs != NULL)
    self->funcs->response (response, is_fetch ? &fetched : NULL, claimed, self->user_data);
}

void
pinion_imap_pipeline_take_response (PinionImapPipeline *self)
{
  PinionImapResponse *response = &self->response;
  g_autoptr (GError) error = NULL;

  if (!pinion_imap_response_parse (response, self->framer, &error))
    {
      if (pinion_error_is (error, PINION_ERROR_TOO_LARGE) || !self->greeted)
        pinion_imap_pipeline_fail (self, g_steal_pointer (&error));
      else
        count_malformed (self);
      return;
    }

  if (response->kind == PINION_IMAP_RESPONSE_TAGGED && self->greeted)
    on_tagged (self, response);
  else if (response->kind == PINION_IMAP_RESPONSE_CONTINUE && self->greeted)
    on_continue (self, response);
  else
    on_untagged (self, response);

  if (self->error == NULL)
    pinion_imap_pipeline_update_time (self);
}

/* -- Literals -------------------------------------------------------------------------------- */

static PinionImapLiteralPlace
open_literal (const char *line,
              gsize       length,
              guint64     size,
              gpointer   *stream,
              gpointer    user_data)
{
  PinionImapPipeline *self = user_data;
  PinionImapItemKind kind = pinion_imap_fetch_classify_literal (line, length);

  for (GList *link = self->flight.head; link != NULL; link = link->next)
    {
      PinionImapCommand *command = link->data;
      PinionImapLiteralPlace place;

      if (command->open_literal == NULL || command->abandoned)
        continue;
      place = command->open_literal (command, kind, size, stream);
      if (place != PINION_IMAP_LITERAL_KEEP)
        return place;
    }

  if (kind != PINION_IMAP_ITEM_OTHER && size > pinion_imap_default_limits.kept)
    return PINION_IMAP_LITERAL_REFUSE;

  return PINION_IMAP_LITERAL_KEEP;
}

static const PinionImapLiteralFuncs literal_funcs = {
  .open = open_literal,
  .write = (void (*) (gpointer, const guint8 *, gsize)) pinion_imap_spill_write,
  .free = (void (*) (gpointer)) pinion_imap_spill_free,
};

/* -- Sending --------------------------------------------------------------------------------- */

static gboolean
may_send (PinionImapPipeline      *self,
          const PinionImapCommand *command)
{
  const PinionImapCommand *last = g_queue_peek_tail (&self->flight);

  if (last == NULL)
    return TRUE;
  if (self->flight.length >= self->window ||
      (command->flags & PINION_IMAP_COMMAND_ALONE_BEFORE) != 0 ||
      (last->flags & PINION_IMAP_COMMAND_ALONE_AFTER) != 0)
    return FALSE;

  for (GList *link = self->flight.head; command->serial != NULL && link != NULL; link = link->next)
    {
      const PinionImapCommand *other = link->data;
      gboolean are_one_group = command->group != NULL && other->group == command->group;

      if (!are_one_group && g_strcmp0 (other->serial, command->serial) == 0)
        return FALSE;
    }

  return TRUE;
}

/* The next command to write, now in flight; %NULL where none may be sent now. */
PinionImapCommand *
pinion_imap_pipeline_next_command (PinionImapPipeline *self)
{
  PinionImapCommand *command = g_queue_peek_head (&self->waiting);

  if (command == NULL || self->stopped || !may_send (self, command))
    return NULL;

  g_queue_pop_head (&self->waiting);
  g_queue_push_tail (&self->flight, command);
  if (command->on_sent != NULL)
    command->on_sent (command);

  return command;
}

static void
on_command_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  PinionImapCommand *command = user_data;

  /* Unsent, the writer throws it away; sent, its data is only applied to the state. */
  command->abandoned = TRUE;
}

DexFuture *
pinion_imap_pipeline_send (PinionImapPipeline *self,
                           PinionImapCommand  *command)
{
  DexFuture *future = dex_ref (DEX_FUTURE (command->promise));

  if (self->error != NULL)
    {
      pinion_imap_command_reject (command, g_error_copy (self->error));
      return future;
    }
  if (pinion_imap_command_get_line_length (command) > PINION_IMAP_MAX_LINE)
    {
      pinion_imap_command_reject (command, pinion_error_new (PINION_ERROR_INVALID_ARGUMENT,
                                                             PINION_PROTOCOL_IMAP,
                                                             PINION_STAGE_NONE,
                                                             "The command line is too long"));
      return future;
    }

  command->cancelled_handler = g_signal_connect (dex_promise_get_cancellable (command->promise),
                                                 "cancelled", G_CALLBACK (on_command_cancelled),
                                                 command);
  g_queue_push_tail (&self->waiting, pinion_imap_command_ref (command));
  wake_writer (self);

  return future;
}

/* Throws away what nobody waits for any more. */
void
pinion_imap_pipeline_drop_abandoned (PinionImapPipeline *self)
{
  PinionImapCommand *command;

  while ((command = g_queue_peek_head (&self->waiting)) != NULL && command->abandoned)
    {
      g_queue_pop_head (&self->waiting);
      pinion_imap_command_reject (command, pinion_error_new (PINION_ERROR_CANCELLED,
                                                             PINION_PROTOCOL_IMAP,
                                                             PINION_STAGE_NONE,
                                                             "Nobody waits for it any more"));
      release_command (command);
    }
}

void
pinion_imap_pipeline_write_line (PinionImapPipeline *self,
                                 const char         *line,
                                 guint               milliseconds)
{
  g_autofree char *whole = g_strconcat (line, "\r\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (whole, strlen (whole));

  if (self->error != NULL)
    return;

  dex_future_disown (pinion_imap_pipeline_write (self, bytes, 0));
  self->answer_limit = milliseconds;
  pinion_imap_pipeline_update_time (self);
}

void
pinion_imap_pipeline_write_secret (PinionImapPipeline *self,
                                   GBytes             *line)
{
  if (self->error == NULL)
    dex_future_disown (pinion_channel_write_secret (self->channel, line));
}

gboolean
pinion_imap_pipeline_is_busy (PinionImapPipeline      *self,
                              const PinionImapCommand *except)
{
  for (GList *link = self->flight.head; link != NULL; link = link->next)
    if (link->data != except)
      return TRUE;

  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    if (link->data != except)
      return TRUE;

  return FALSE;
}

/* -- Life ------------------------------------------------------------------------------------ */

PinionImapPipeline *
pinion_imap_pipeline_new (PinionChannel                 *channel,
                          const PinionImapPipelineFuncs *funcs,
                          gpointer                       user_data)
{
  PinionImapPipeline *self = g_rc_box_new0 (PinionImapPipeline);
  DexScheduler *scheduler = dex_scheduler_get_thread_default ();

  self->channel = g_object_ref (channel);
  self->funcs = funcs;
  self->user_data = user_data;
  self->framer = pinion_imap_framer_new (NULL, &literal_funcs, self);
  pinion_imap_response_init (&self->response);
  g_queue_init (&self->waiting);
  g_queue_init (&self->flight);
  self->limit = PINION_IMAP_TIME_LIMIT;
  self->window = WINDOW;
  pinion_imap_pipeline_update_time (self);

  dex_future_disown (pinion_fiber_spawn (scheduler, 0, pinion_imap_pipeline_reader_fiber,
                                          pinion_imap_pipeline_ref (self),
                                          (GDestroyNotify) pinion_imap_pipeline_unref));
  dex_future_disown (pinion_fiber_spawn (scheduler, 0, pinion_imap_pipeline_writer_fiber,
                                          pinion_imap_pipeline_ref (self),
                                          (GDestroyNotify) pinion_imap_pipeline_unref));

  return self;
}

PinionImapPipeline *
pinion_imap_pipeline_ref (PinionImapPipeline *self)
{
  return g_rc_box_acquire (self);
}

static void
pipeline_clear (gpointer data)
{
  PinionImapPipeline *self = data;

  g_clear_error (&self->error);
  pinion_imap_framer_free (self->framer);
  pinion_imap_response_clear (&self->response);
  dex_clear (&self->wake);
  dex_clear (&self->continuation);
  g_clear_pointer (&self->pausing, pinion_imap_command_unref);
  g_clear_pointer (&self->deflate, pinion_imap_deflate_free);
  g_object_unref (self->channel);
}

void
pinion_imap_pipeline_unref (PinionImapPipeline *self)
{
  g_rc_box_release_full (self, pipeline_clear);
}

void
pinion_imap_pipeline_skip_greeting (PinionImapPipeline *self)
{
  self->greeted = TRUE;
}

void
pinion_imap_pipeline_set_time_limit (PinionImapPipeline *self,
                                     guint               milliseconds)
{
  self->limit = milliseconds;
  if (self->error == NULL)
    pinion_imap_pipeline_update_time (self);
}

void
pinion_imap_pipeline_set_free_literal (PinionImapPipeline *self,
                                       gsize               most)
{
  self->free_literal = most;
}

void
pinion_imap_pipeline_set_window (PinionImapPipeline *self,
                                 guint               most)
{
  self->window = MAX (most, 1);
}

void
pinion_imap_pipeline_compress (PinionImapPipeline *self)
{
  if (self->deflate == NULL)
    self->deflate = pinion_imap_deflate_new ();
}

PinionChannel *
pinion_imap_pipeline_stop (PinionImapPipeline *self,
                           GError            **error)
{
  self->funcs = NULL;
  self->stopped = TRUE;
  wake_writer (self);

  if (self->has_leftover || pinion_imap_framer_is_inside (self->framer))
    {
      pinion_error_set (error, PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_PROTOCOL_IMAP,
                        PINION_STAGE_TLS, "The server sent data before the encryption began");
      return NULL;
    }

  return self->channel;
}

guint
pinion_imap_pipeline_get_n_malformed (PinionImapPipeline *self)
{
  return self->n_malformed;
}
