/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A switch of one account: whether its new mail is told of by notifications. */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_NOTIFY_ROW (pinion_notify_row_get_type ())
G_DECLARE_FINAL_TYPE (PinionNotifyRow, pinion_notify_row, PINION, NOTIFY_ROW, AdwActionRow)

/* Follows @account and keeps what is chosen; among rows of several accounts it is called by its
 * address. */
GtkWidget *pinion_notify_row_new (PinionEngine      *engine,
                                  PinionAccountItem *account,
                                  gboolean           among_others);

G_END_DECLS
