/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the preferences: everything about one account, some of it on pages of its own.  It
 * leaves when the account goes. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ACCOUNT_PAGE (pinion_account_page_get_type ())
G_DECLARE_FINAL_TYPE (PinionAccountPage, pinion_account_page, PINION, ACCOUNT_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *pinion_account_page_new (PinionEngine      *engine,
                                            PinionAccountItem *account);

G_END_DECLS
