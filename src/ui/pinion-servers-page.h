/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the preferences: the servers of an account, its user names and its password, to be
 * changed in place.  It also is where a person is led when the account cannot connect: what is
 * wrong stands on top, with the button that cures it. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_SERVERS_PAGE (pinion_servers_page_get_type ())
G_DECLARE_FINAL_TYPE (PinionServersPage, pinion_servers_page, PINION, SERVERS_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *pinion_servers_page_new (PinionEngine      *engine,
                                            PinionAccountItem *account);

G_END_DECLS
