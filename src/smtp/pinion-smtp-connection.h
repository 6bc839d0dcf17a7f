/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Handing messages to a submission server (RFC 6409, 5321, 3207, 4954).
 *
 * A connection that exists is signed in, inside verified TLS.  It belongs to the thread that made
 * it; one submission runs at a time.  It survives a refusal that the server has explained, nothing
 * else: see pinion_smtp_connection_is_open().  Letting the last reference go drops the line;
 * pinion_smtp_connection_quit() says good-bye first. */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-net.h"
#include "pinion-secret.h"

G_BEGIN_DECLS

/* How long to wait, in milliseconds (RFC 5321, 4.5.3.2; servers slow down failed sign-ins). */
typedef struct
{
  PinionNetLimits net;
  guint greeting;
  guint command;
  guint sign_in;
  guint data;
  guint final;
} PinionSmtpLimits;

extern const PinionSmtpLimits pinion_smtp_default_limits;

#define PINION_TYPE_SMTP_CONNECTION (pinion_smtp_connection_get_type ())
G_DECLARE_FINAL_TYPE (PinionSmtpConnection, pinion_smtp_connection, PINION, SMTP_CONNECTION,
                      GObject)

/* Connects and signs in: stages RESOLVE, REACH, TLS, CERTIFICATE, GREETING, SIGN_IN, again for each
 * mechanism where one fails; a refused password is not tried again.
 * @secret: (nullable) with a ticket.  @ca_pem, @limits, @sink: (nullable).  Everything passed is
 * copied or referenced.
 * Resolves to a PinionSmtpConnection. */
DexFuture *pinion_smtp_connect (const PinionServer     *server,
                                PinionSecret           *secret,
                                const char             *ca_pem,
                                const PinionSmtpLimits *limits,
                                PinionStageSink        *sink);

/* Asked on the fiber, inside verified TLS, before the first sign-in; may await, and may change the user name
 * of @server.  Returns: how many attempts to sign in may be made; 0: none, and the connection ends with
 * CANCELLED, without a word to the sink */
typedef guint (*PinionSmtpPermitFunc) (PinionServer *server,
                                       gpointer      user_data);

/* The same, where signing in depends on something else.  @user_data has to live until it resolves. */
DexFuture *pinion_smtp_connect_with_permit (const PinionServer     *server,
                                            PinionSecret           *secret,
                                            const char             *ca_pem,
                                            const PinionSmtpLimits *limits,
                                            PinionStageSink        *sink,
                                            PinionSmtpPermitFunc    permit,
                                            gpointer                user_data);

/* Whether it can still be used. */
gboolean pinion_smtp_connection_is_open (PinionSmtpConnection *self);

/* The largest message the server takes, in bytes; 0: it did not say. */
guint64 pinion_smtp_connection_get_max_size (PinionSmtpConnection *self);

/* Whether it sends delivery reports as they are asked for (RFC 3461). */
gboolean pinion_smtp_connection_can_report (PinionSmtpConnection *self);

/* What to be told about: some of the first three, or never anything, not even a failure. */
typedef enum
{
  PINION_SMTP_NOTIFY_SUCCESS = 1 << 0,
  PINION_SMTP_NOTIFY_FAILURE = 1 << 1,
  PINION_SMTP_NOTIFY_DELAY = 1 << 2,
  PINION_SMTP_NOTIFY_NEVER = 1 << 3,
} PinionSmtpNotify;

/* Delivery reports (RFC 3461), sent to the sender.  @headers_only: a report shows the header of the
 * message only.  @envelope_id: (nullable) comes back in the report. */
typedef struct
{
  PinionSmtpNotify notify;
  gboolean headers_only;
  const char *envelope_id;
} PinionSmtpReports;

/* Submits the message in @file to all of @recipients, or to nobody: if one of them is refused, the
 * message is withdrawn before its text is sent, so that the person can correct the list without
 * some getting it twice.  @sender and @recipients are plain addresses ("ana@example.com"), checked
 * again.  No delivery report is asked for but by pinion_smtp_connection_submit_with_reports().
 *
 * The text is streamed with bounded memory; line ends become CRLF, leading dots are doubled for
 * DATA; nothing else is changed.  What Pinion composes is plain 7-bit text with short lines, which
 * every server takes as it is (see pinion-mime-compose.h).  Any other message only leaves where the
 * server promises to keep it whole, and is refused by name otherwise: eight bits need 8BITMIME, in the
 * header SMTPUTF8 and UTF-8; lines of over 998 bytes and NULs in the body need BINARYMIME and
 * CHUNKING, with which the bytes stay exactly as they are; in the header nobody takes them.
 * Chunks are used for that and for large messages, since a server can refuse after each of them;
 * else DATA, for which the server is asked before the text leaves.
 *
 * Resolves to TRUE when the server took responsibility.  Rejects with ADDRESS_UNSUPPORTED (needs
 * SMTPUTF8), INVALID_ARGUMENT, MESSAGE_UNSUPPORTED (see above), SENDER_REFUSED, RECIPIENTS_REFUSED,
 * RELAY_REFUSED, TOO_MANY_RECIPIENTS (detail "recipients": one line each, "address<TAB>code text"),
 * MESSAGE_TOO_LARGE (maybe "max-size"), MESSAGE_REFUSED, SIGN_IN_REQUIRED, THROTTLED
 * ("backoff-seconds"), SERVER_UNAVAILABLE, NOT_FOUND (the file), or OUTCOME_UNKNOWN: the connection
 * was lost after the whole message had been sent, so that it must not be sent again without asking.
 * Every other error means: not sent.  Dropping the future half-way leaves the outcome unknown too. */
DexFuture *pinion_smtp_connection_submit (PinionSmtpConnection *self,
                                          const char           *sender,
                                          const char * const   *recipients,
                                          GFile                *file);

/* The same, asking for delivery reports about every recipient; a server that sends none gets no
 * message (REPORT_UNSUPPORTED). */
DexFuture *pinion_smtp_connection_submit_with_reports (PinionSmtpConnection    *self,
                                                       const char              *sender,
                                                       const char * const      *recipients,
                                                       GFile                   *file,
                                                       const PinionSmtpReports *reports);

/* QUIT; resolves to TRUE, whatever the server says. */
DexFuture *pinion_smtp_connection_quit (PinionSmtpConnection *self);

G_END_DECLS
