/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A relay on loopback in front of a server, that lets so many bytes through and no more: what a
 * client's TLS sees of a line that breaks.  Works on the main loop of the thread. */

#pragma once

#include "pinion-test-replay.h"

G_BEGIN_DECLS

typedef struct _PinionTestRelay PinionTestRelay;

/* @plan: of all bytes that pass, in both directions together. */
PinionTestRelay *pinion_test_relay_new  (guint16               port,
                                         const PinionTestPlan *plan);
void             pinion_test_relay_free (PinionTestRelay *self);

guint16 pinion_test_relay_get_port (PinionTestRelay *self);

/* Bytes that have passed. */
gsize pinion_test_relay_get_passed (PinionTestRelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionTestRelay, pinion_test_relay_free)

G_END_DECLS
