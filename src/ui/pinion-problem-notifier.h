/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells of accounts that need the person by a notification of the desktop, once for each time: a
 * refused password, a certificate that has changed.  It leads to the place ("app.solve", an
 * account), and goes when the account connects again. */

#pragma once

#include <gio/gio.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_PROBLEM_NOTIFIER (pinion_problem_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PinionProblemNotifier, pinion_problem_notifier, PINION, PROBLEM_NOTIFIER,
                      GObject)

/* Follows the accounts of @engine from now on.  Returns: (transfer full) */
PinionProblemNotifier *pinion_problem_notifier_new (GApplication *application,
                                                    PinionEngine *engine);

G_END_DECLS
