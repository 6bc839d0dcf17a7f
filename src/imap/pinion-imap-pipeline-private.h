/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two halves of the pipeline, reading and writing, share. */

#pragma once

#include "pinion-imap-deflate.h"
#include "pinion-imap-pipeline.h"
#include "pinion-imap-spill.h"

G_BEGIN_DECLS

/* Exchange lets a search or a move last for minutes. */
#define PINION_IMAP_TIME_LIMIT (300 * 1000)

/* @waiting: not sent yet; @flight: sent or being sent, oldest first.  @writing: the one the
 * writer is at.  @continuation: settles with the server's "+" to a literal.  @wake: the writer's
 * sleep. @deflate: since COMPRESS. @stopped: nothing is read or written any more, the channel is
 * passed on. @has_leftover: there was input after that.  @pausing: its pause holds the reader.
 * @answer_limit: replaces
 * @limit until the next tagged response; @limit_set: what the channel has. */
struct _PinionImapPipeline
{
  PinionChannel *channel;
  const PinionImapPipelineFuncs *funcs;
  gpointer user_data;

  PinionImapDeflate *deflate;
  PinionImapFramer *framer;
  PinionImapResponse response;
  gboolean greeted;
  gboolean stopped;
  gboolean has_leftover;
  PinionImapCommand *pausing;
  guint n_stray;
  guint n_malformed;
  guint n_untagged;

  GQueue waiting;
  GQueue flight;
  guint last_tag;
  PinionImapCommand *writing;
  DexPromise *continuation;
  DexPromise *wake;
  gsize free_literal;
  guint window;

  guint limit;
  guint answer_limit;
  guint limit_set;
  gboolean is_uploading;

  GError *error;
};

void pinion_imap_pipeline_fail        (PinionImapPipeline *self,
                                       GError             *error);
void pinion_imap_pipeline_update_time (PinionImapPipeline *self);

DexFuture *pinion_imap_pipeline_write (PinionImapPipeline     *self,
                                       GBytes                 *bytes,
                                       PinionImapCommandFlags  flags);

PinionImapCommand *pinion_imap_pipeline_next_command   (PinionImapPipeline *self);
void               pinion_imap_pipeline_drop_abandoned (PinionImapPipeline *self);

/* The framer holds a whole response. */
void pinion_imap_pipeline_take_response (PinionImapPipeline *self);

DexFuture *pinion_imap_pipeline_reader_fiber (gpointer data);
DexFuture *pinion_imap_pipeline_writer_fiber (gpointer data);

G_END_DECLS
