/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation: one command, one reply.  Everything here runs on a fiber of the connection's
 * thread. */

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
  PinionSmtpReplyParser *parser;
  PinionSmtpEhlo *ehlo;
  /* The very first bytes, and whether they were TLS where SMTP was expected */
  gboolean heard;
  gboolean tls_instead;
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

/* Sends @line (without CRLF; nothing that could end it early) and waits for its reply.
 * Returns: (transfer full) (nullable) */
PinionSmtpReply *pinion_smtp_connection_command (PinionSmtpConnection *self,
                                                 const char           *line,
                                                 guint                 limit,
                                                 GError              **error);

/* The same for bytes that contain a secret, with CRLF. */
PinionSmtpReply *pinion_smtp_connection_command_secret (PinionSmtpConnection *self,
                                                        GBytes               *bytes,
                                                        guint                 limit,
                                                        GError              **error);

/* @reply as an error of @step; closes the connection after 421.  Returns: (transfer full) */
GError *pinion_smtp_connection_explain (PinionSmtpConnection  *self,
                                        PinionSmtpStep         step,
                                        const PinionSmtpReply *reply);

void pinion_smtp_connection_close (PinionSmtpConnection *self);

G_END_DECLS
