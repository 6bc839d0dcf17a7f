/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes in and out over one connection, for a line protocol's framer.
 *
 * Reading and writing go on at the same time.  A channel belongs to the thread that made it (its
 * main context does the work).  It keeps no input: what a read resolved to is the caller's.
 * When the last reference goes, the connection is closed and whatever was pending rejects.
 *
 * All that passes is shown by the traffic log, see pinion-traffic.h: written secrets, and what the
 * server answers to them, as "***". */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "pinion-error.h"

G_BEGIN_DECLS

/* The most bytes of one read. */
#define PINION_CHANNEL_READ_MAX (256 * 1024)

/* Milliseconds without any progress before a read or write gives up. */
#define PINION_CHANNEL_TIME_LIMIT (60 * 1000)

#define PINION_TYPE_CHANNEL (pinion_channel_get_type ())
G_DECLARE_FINAL_TYPE (PinionChannel, pinion_channel, PINION, CHANNEL, GObject)

/* @stream: as pinion_net_connect() gives it; a reference is kept.  Returns: (transfer full) */
PinionChannel *pinion_channel_new (GIOStream     *stream,
                                   PinionProtocol protocol);

/* Gives the stream back, for STARTTLS; the channel is closed then, the connection is not.  A read
 * that is pending has received nothing, and rejects with CANCELLED.  Fails if a write is pending,
 * or with CONNECTION_LOST.  Returns: (transfer full) (nullable) */
GIOStream *pinion_channel_steal_stream (PinionChannel *self,
                                        GError       **error);

/* Milliseconds a read may wait for the first byte; 0: forever (while idling).  Takes effect for a
 * read that is pending too, from now on. */
void pinion_channel_set_time_limit (PinionChannel *self,
                                    guint          milliseconds);

/* Milliseconds a write may go without the other side taking anything; never forever. */
void pinion_channel_set_write_limit (PinionChannel *self,
                                     guint          milliseconds);

/* Waits for bytes; one read at a time.  Dropping the future does not lose bytes or hurt the stream:
 * the next read goes on with the pending one.
 * Resolves to a #GBytes of 1 to PINION_CHANNEL_READ_MAX bytes; rejects with CONNECTION_LOST at the
 * end of the stream and when closed before, TIMED_OUT, or CANCELLED when closed meanwhile.
 * A read that has settled is gone when its future is dropped: let one fiber read, and race only
 * with what ends the connection. */
DexFuture *pinion_channel_read (PinionChannel *self);

/* Sends all of @bytes, after what was given before; never cut by dropping the future.
 * Resolves to TRUE once everything has been handed to the system. */
DexFuture *pinion_channel_write (PinionChannel *self,
                                 GBytes        *bytes);

/* The same for a line that contains a secret: the log shows "***", and so for what is received
 * until the next pinion_channel_write(). */
DexFuture *pinion_channel_write_secret (PinionChannel *self,
                                        GBytes        *bytes);

/* Rejects what is pending and closes the connection in the background.  Can be called twice. */
void pinion_channel_close (PinionChannel *self);

/* Whether it was closed or broke down. */
gboolean pinion_channel_is_closed (PinionChannel *self);

G_END_DECLS
