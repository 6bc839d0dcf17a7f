/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A failure where it happened: what, why, the button that cures it, and the server's own words to
 * show to somebody who knows more.
 *
 * Signal "cure": the button was pressed.  Signal "report": the one beside it, which copies a report for the
 * administrator. */

#pragma once

#include <adwaita.h>

#include "pinion-error.h"

G_BEGIN_DECLS

#define PINION_TYPE_FAILURE_CARD (pinion_failure_card_get_type ())
G_DECLARE_FINAL_TYPE (PinionFailureCard, pinion_failure_card, PINION, FAILURE_CARD, AdwBin)

/* @heading: what happened.  @cure: (nullable) what the button says; without, there is none.  Facts
 * of a certificate are shown where @error carries them. */
void pinion_failure_card_set (PinionFailureCard *self,
                              const char        *heading,
                              const GError      *error,
                              const char        *cure);

/* To the clipboard, and says so. */
void pinion_failure_card_copy_report (PinionFailureCard *self,
                                      const char        *text);

/* Whether it is shown, with a button. */
gboolean pinion_failure_card_has_cure (PinionFailureCard *self);

/* The words for "Details": stage, server, what it said.  Never a secret.
 * Returns: (transfer full) */
char *pinion_failure_dup_details (const GError *error);

G_END_DECLS
