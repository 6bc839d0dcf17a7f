/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A recorded conversation, played back to a client over a pair of sockets: whole, byte by byte, cut
 * off or stalled at any of its bytes.
 *
 * Everything happens on the main loop of the thread, without a thread or TLS of its own, so that
 * thousands of plays take seconds and many can go on at the same time. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @who: 'S' the server sends @text; 'C' the client must send exactly @text; '=' a milestone: what was
 * asked has been answered in full; '\0' the end.  @text: with its line ends. */
typedef struct
{
  char who;
  const char *text;
} PinionTestStep;

/* @most: bytes of the conversation, of both sides together, that are played; %G_MAXSIZE: all.
 * @stall: the server falls silent then; otherwise it closes.  @drip: it sends each byte (some of
 * a long text) when the one before was read. */
typedef struct
{
  gsize most;
  gboolean stall;
  gboolean drip;
} PinionTestPlan;

typedef struct _PinionTestReplay PinionTestReplay;

/* @steps: borrowed.  @stream: (out) (transfer full) the client's end. */
PinionTestReplay *pinion_test_replay_new  (const PinionTestStep *steps,
                                           const PinionTestPlan *plan,
                                           GIOStream           **stream);
void              pinion_test_replay_free (PinionTestReplay *self);

/* Milestones that were passed; the test fails where the client sent something else. */
guint pinion_test_replay_get_n_reached (PinionTestReplay *self);

/* Bytes and milestones of the whole conversation. */
gsize pinion_test_replay_get_length       (const PinionTestStep *steps);
guint pinion_test_replay_get_n_milestones (const PinionTestStep *steps);

/* The open file descriptors of this process: a leak shows here. */
guint pinion_test_count_descriptors (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionTestReplay, pinion_test_replay_free)

G_END_DECLS
