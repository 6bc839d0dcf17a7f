/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands out, responses in, over one channel: the queue, the window, tags, literals.
 *
 * Two fibers: one writes the commands in the order they were given, as many at once as the window
 * and the commands' flags allow; one reads, and gives each response first to the commands in flight
 * and then to the owner.  It knows nothing of mailboxes.  One thread. */

#pragma once

#include "pinion-channel.h"
#include "pinion-imap-command.h"

G_BEGIN_DECLS

typedef struct _PinionImapPipeline PinionImapPipeline;

/* @response: every response but "+"; @fetched: (nullable) of a FETCH; @claimed: whether a command
 * took it.  The first one is the greeting.  @closed: once, at the end. */
typedef struct
{
  void (*response) (const PinionImapResponse *response,
                    const PinionImapFetched  *fetched,
                    gboolean                  claimed,
                    gpointer                  user_data);
  void (*closed) (const GError *error,
                  gpointer      user_data);
} PinionImapPipelineFuncs;

/* Starts to read.  @channel: a reference is taken.  Returns: (transfer full), counted; the
 * fibers hold references until it is closed, so close it. */
PinionImapPipeline *pinion_imap_pipeline_new   (PinionChannel                 *channel,
                                                const PinionImapPipelineFuncs *funcs,
                                                gpointer                       user_data);
PinionImapPipeline *pinion_imap_pipeline_ref   (PinionImapPipeline *self);
void                pinion_imap_pipeline_unref (PinionImapPipeline *self);

/* There is no greeting to wait for (after STARTTLS). */
void pinion_imap_pipeline_skip_greeting (PinionImapPipeline *self);

/* Milliseconds without a byte from the server while it owes an answer. */
void pinion_imap_pipeline_set_time_limit (PinionImapPipeline *self,
                                          guint               milliseconds);

/* Whether literals may be sent without waiting: %G_MAXSIZE with LITERAL+, 4096 with LITERAL-. */
void pinion_imap_pipeline_set_free_literal (PinionImapPipeline *self,
                                            gsize               most);

/* How many commands may be in flight; at least one. */
void pinion_imap_pipeline_set_window (PinionImapPipeline *self,
                                      guint               most);

/* From here on both directions are compressed: to be called while COMPRESS, sent alone, is
 * finished. */
void pinion_imap_pipeline_compress (PinionImapPipeline *self);

/* Queues @command.  Returns: (transfer full), its promise. */
DexFuture *pinion_imap_pipeline_send (PinionImapPipeline *self,
                                      PinionImapCommand  *command);

/* A line outside of all commands, for the one in flight that asked for it ("DONE").  The server
 * must answer within @milliseconds. */
void pinion_imap_pipeline_write_line (PinionImapPipeline *self,
                                      const char         *line,
                                      guint               milliseconds);

/* The answer to a "+" that was not given at once, for the command in flight; not for the traffic
 * log.  Nothing is written any more once it has ended. */
void pinion_imap_pipeline_write_secret (PinionImapPipeline *self,
                                        GBytes             *line);

/* Whether a command waits or is in flight, other than @except (nullable). */
gboolean pinion_imap_pipeline_is_busy (PinionImapPipeline      *self,
                                       const PinionImapCommand *except);

/* Ends it: everything pending rejects with @error (transfer full); no callback comes afterwards. */
void pinion_imap_pipeline_close (PinionImapPipeline *self,
                                 GError             *error);

/* Why it ended; %NULL while it lives. Borrowed. */
const GError *pinion_imap_pipeline_get_error (PinionImapPipeline *self);

/* After a PINION_IMAP_COMMAND_LAST command: the channel, which nobody reads from any more. Fails
 * with PINION_ERROR_DATA_BEFORE_ENCRYPTION if there was input beyond its answer.  Returns:
 * borrowed */
PinionChannel *pinion_imap_pipeline_stop (PinionImapPipeline *self,
                                          GError            **error);

guint pinion_imap_pipeline_get_n_malformed (PinionImapPipeline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapPipeline, pinion_imap_pipeline_unref)

G_END_DECLS
