/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page of the preferences: every folder that an account's server shows, why some are hidden, and a
 * switch to show them. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_FOLDERS_PAGE (pinion_folders_page_get_type ())
G_DECLARE_FINAL_TYPE (PinionFoldersPage, pinion_folders_page, PINION, FOLDERS_PAGE,
                      AdwNavigationPage)

AdwNavigationPage *pinion_folders_page_new (PinionEngine *engine,
                                            gint64        account);

G_END_DECLS
