/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preferences: accounts, and how the window looks and acts. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_PREFERENCES (pinion_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PinionPreferences, pinion_preferences, PINION, PREFERENCES,
                      AdwPreferencesDialog)

AdwDialog *pinion_preferences_new (PinionEngine *engine);

/* Opens the servers and the password of the account @id, where what is wrong with it stands. */
void pinion_preferences_show_servers (PinionPreferences *self,
                                      gint64             id);

/* Opens the page of the account @id. */
void pinion_preferences_show_account (PinionPreferences *self,
                                      gint64             id);

G_END_DECLS
