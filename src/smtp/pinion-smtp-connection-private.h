/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation: a reply to each command, in their order.  Everything here runs on a fiber of the
 * connection's thread. */

#pragma once

#include "pinion-channel.h"
#include "pinion-sasl.h"
#include "pinion-smtp-connection.h"
#include "pinion-smtp-ehlo.h"
#include "pinion-smtp-error.h"
#include "pinion-smtp-reply.h"

G_BEGIN_DECLS

/* How long what a server said before it hung up is waited for, in milliseconds. */
#define PINION_SMTP_LAST_WORDS 2000

struct _PinionSmtpConnection
{
  GObject parent_instance;

  PinionServer server;
  PinionSmtpLimits limits;
  PinionChannel *channel;
  /* A read that has begun and whose bytes were not taken yet, or %NULL */
  DexFuture *reading;
  PinionSmtpReplyParser *parser;
  PinionSmtpEhlo *ehlo;
  /* The very first bytes, and whether they were TLS where SMTP was expected */
  gboolean heard;
  gboolean tls_instead;
  gboolean http_instead;
  /* A submission or a good-bye is going on. */
  gboolean busy;
};

/* Waits for the reply to what was sent; @limit: milliseconds for the whole of it.  On error the
 * connection is closed, but for TIMED_OUT with @keep.
 * Returns: (transfer full) (nullable) */
PinionSmtpReply *pinion_smtp_connection_read_reply (PinionSmtpConnection *self,
                                                    guint                 limit,
                                                    gboolean              keep,
                                                    GError              **error);

/* What a server that hangs up says before; then the connection is closed.
 * Returns: (transfer full) (nullable) */
PinionSmtpReply *pinion_smtp_connection_read_last_words (PinionSmtpConnection *self);

/* Whether something was said that nobody asked for; it waits to be read.  @wait: milliseconds to
 * listen, or 0. */
gboolean pinion_smtp_connection_overhear (PinionSmtpConnection *self,
                                          guint                 wait);

/* Waits until @written (transfer full) is done, @limit milliseconds at most. */
gboolean pinion_smtp_connection_write (PinionSmtpConnection *self,
                                       DexFuture            *written,
                                       guint                 limit,
                                       GError              **error);

/* Sends @line (without CRLF; nothing that could end it early) and waits for its reply.
 * Returns: (transfer full) (nullable) */
PinionSmtpReply *pinion_smtp_connection_command (PinionSmtpConnection *self,
                                                 const char           *line,
                                                 guint                 limit,
                                                 GError              **error);

/* The same for commands as bytes, with their CRLF; the reply is that to the first of them. */
PinionSmtpReply *pinion_smtp_connection_command_bytes (PinionSmtpConnection *self,
                                                       GBytes               *bytes,
                                                       guint                 limit,
                                                       GError              **error);

/* The same for bytes that contain a secret. */
PinionSmtpReply *pinion_smtp_connection_command_secret (PinionSmtpConnection *self,
                                                        GBytes               *bytes,
                                                        guint                 limit,
                                                        GError              **error);

/* @reply as an error of @step; closes the connection after 421, and where it makes no sense.  Returns: (transfer full) */
GError *pinion_smtp_connection_explain (PinionSmtpConnection  *self,
                                        PinionSmtpStep         step,
                                        const PinionSmtpReply *reply);

void pinion_smtp_connection_close (PinionSmtpConnection *self);

G_END_DECLS
