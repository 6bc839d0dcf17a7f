/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What keeps an account from its server, with the button that leads on.  Hidden while all is well;
 * of several accounts, the first that needs a person is shown.
 *
 * Signal "solve" (PinionAccountItem): the button was pressed. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_PROBLEM_BANNER (pinion_problem_banner_get_type ())
G_DECLARE_FINAL_TYPE (PinionProblemBanner, pinion_problem_banner, PINION, PROBLEM_BANNER, AdwBin)

/* @accounts: a list of PinionAccountItem, followed from now on. */
void pinion_problem_banner_set_accounts (PinionProblemBanner *self,
                                         GListModel          *accounts);

G_END_DECLS
