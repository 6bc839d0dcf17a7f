/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stream that remembers the first bytes it received, so that a failed TLS handshake can be told
 * from a server that does not speak TLS, or only an old one, and that asks the system for much at a time.
 * Private to net. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Enough for a TLS record's header and the version in a ServerHello, or an alert. */
#define PINION_TAP_STREAM_FIRST 16

#define PINION_TYPE_TAP_STREAM (pinion_tap_stream_get_type ())
G_DECLARE_FINAL_TYPE (PinionTapStream, pinion_tap_stream, PINION, TAP_STREAM, GIOStream)

/* @base: pollable both ways.  Returns: (transfer full) */
PinionTapStream *pinion_tap_stream_new (GIOStream *base);

/* The first bytes received, at most PINION_TAP_STREAM_FIRST; borrowed. */
const guint8 *pinion_tap_stream_get_first (PinionTapStream *self,
                                           gsize           *length);

G_END_DECLS
