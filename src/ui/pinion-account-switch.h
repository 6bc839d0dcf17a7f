/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A switch of one account: whether its new mail is told of by notifications, or its drafts are kept on
 * the server, too. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_ACCOUNT_SWITCH (pinion_account_switch_get_type ())
G_DECLARE_FINAL_TYPE (PinionAccountSwitch, pinion_account_switch, PINION, ACCOUNT_SWITCH, AdwActionRow)

typedef enum
{
  PINION_ACCOUNT_NOTIFICATIONS,
  PINION_ACCOUNT_SERVER_DRAFTS,
} PinionAccountSetting;

/* Follows @account and keeps what is chosen; among rows of several accounts it is called by its
 * address. */
GtkWidget *pinion_account_switch_new (PinionEngine        *engine,
                                      PinionAccountItem   *account,
                                      PinionAccountSetting setting,
                                      gboolean             among_others);

G_END_DECLS
