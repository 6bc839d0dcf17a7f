/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Connecting to both servers of an account as it goes on: the stages of each, live, and what
 * went wrong in a card each, with the button that cures it.  It is one attempt after the other;
 * what comes from one that was given up is shown no more.
 *
 * Signals: "ended" (an attempt is over and all of it is shown), "cure" (uint: PinionProtocol;
 * the button of that server's card), "other-cure" (the button of the card that is about
 * neither). */

#pragma once

#include <adwaita.h>
#include <libdex.h>

#include "pinion-cure.h"
#include "pinion-report.h"

G_BEGIN_DECLS

#define PINION_TYPE_CONNECT_VIEW (pinion_connect_view_get_type ())
G_DECLARE_FINAL_TYPE (PinionConnectView, pinion_connect_view, PINION, CONNECT_VIEW, AdwBin)

/* Property "kept" (boolean, construct only): whether it is an account that worked before, so that a
 * certificate that has changed may be trusted anew. */

/* A new attempt with @account, copied.  Returns: (transfer full) for the engine to report to */
PinionStageSink *pinion_connect_view_begin (PinionConnectView   *self,
                                            const PinionAccount *account);

/* What the attempt that has begun comes to; "ended" follows.  @work: (transfer full) */
void pinion_connect_view_follow (PinionConnectView *self,
                                 DexFuture         *work);

/* Gives the attempt up, at once. */
void pinion_connect_view_stop (PinionConnectView *self);

gboolean pinion_connect_view_is_busy (PinionConnectView *self);

/* What the attempt resolved to, until the next one.  (nullable), borrowed */
const GValue *pinion_connect_view_get_result (PinionConnectView *self);

/* What is wrong with one of the servers.  (nullable), borrowed */
const GError *pinion_connect_view_get_error (PinionConnectView *self,
                                             PinionProtocol     protocol);

/* The other server's error, where it is the same question about the same certificate.
 * (nullable), borrowed */
const GError *pinion_connect_view_get_same_certificate (PinionConnectView *self,
                                                        PinionProtocol     protocol);

/* Whether a card has a button. */
gboolean pinion_connect_view_has_cure (PinionConnectView *self);

/* Shows a failure that was there before any attempt. */
void pinion_connect_view_show_error (PinionConnectView   *self,
                                     const PinionAccount *account,
                                     const GError        *error);

/* The card that is about neither server; @error %NULL hides it.  @heading, @cure: (nullable) */
void pinion_connect_view_show_other (PinionConnectView *self,
                                     const char        *heading,
                                     const GError      *error,
                                     const char        *cure);

G_END_DECLS
