/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the preferences: an address to write from, its name and its signature.  What is typed
 * is kept when the page is left; a new address once it is added. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_IDENTITY_PAGE (pinion_identity_page_get_type ())
G_DECLARE_FINAL_TYPE (PinionIdentityPage, pinion_identity_page, PINION, IDENTITY_PAGE,
                      AdwNavigationPage)

/* @address: the account's own or that of an alias; (nullable) for a new one. */
AdwNavigationPage *pinion_identity_page_new (PinionEngine      *engine,
                                             PinionAccountItem *account,
                                             const char        *address);

G_END_DECLS
