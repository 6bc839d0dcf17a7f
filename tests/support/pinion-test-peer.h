/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scripted server on loopback, on a thread of its own, with plain and TLS connections.
 *
 * A script is text, one step a line:
 *
 *   S: text          sends text CRLF; "$tag" is the tag captured last; escapes \r \n \t \0 \\ \xHH
 *   S- text          sends text without CRLF
 *   C: text          reads one line, which must be exactly text (same escapes); a "$tag" in it
 *                    matches any tag ([A-Za-z0-9]+) and captures it
 *   C~ pattern       reads one line, which must match the regular expression as a whole
 *   {tls}            the server's side of a TLS handshake, with the certificate given
 *   {tls-fail}       the same, expected to fail: the client must turn away
 *   {deflate}        from here on both directions are compressed (RFC 4978)
 *   {read N}         reads N bytes (a literal)
 *   {until .}        reads lines up to a line "."
 *   {delay MS}       waits
 *   {repeat MS TEXT} sends TEXT (same escapes) over and over, MS apart, until the client closes
 *   {hold}           reads and ignores until the client closes
 *   {end}            the client must close now, and must have sent nothing more
 *   {close}          closes the connection
 *   {reset}          drops it hard (RST)
 *   {next}           waits for the next connection
 *   {send-file PATH} sends a file's bytes
 *   {drip}           from here on everything is sent byte by byte
 *   # words          a comment
 *
 * Lines that start with a blank or are empty are ignored.  At the end of the script the connection
 * is closed.  A step that fails ends the play; pinion_test_peer_finish() reports it. */

#pragma once

#include <gio/gio.h>

#include "pinion-account.h"

G_BEGIN_DECLS

typedef struct _PinionTestPeer PinionTestPeer;

/* Listens and starts to play.  @certificate: (nullable) with its key, for {tls}, see
 * pinion-test-certs.h.  Returns: (transfer full) */
PinionTestPeer *pinion_test_peer_new (const char      *script,
                                      GTlsCertificate *certificate);

guint16 pinion_test_peer_get_port (PinionTestPeer *self);

/* @server: zeroed; gets host "localhost", the port, @encryption and user "ana@example.com". */
void pinion_test_peer_fill_server (PinionTestPeer  *self,
                                   PinionEncryption encryption,
                                   PinionServer    *server);

/* Waits for the play to end (10 seconds at most) and frees.  @self must have been played to its
 * end: otherwise the test fails, with the step and what came instead.
 * Returns: (transfer full) everything the client sent, in order, over all connections */
GByteArray *pinion_test_peer_finish (PinionTestPeer *self);

/* Ends the play wherever it is, without judging, and frees. */
void pinion_test_peer_stop (PinionTestPeer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionTestPeer, pinion_test_peer_stop)

G_END_DECLS
