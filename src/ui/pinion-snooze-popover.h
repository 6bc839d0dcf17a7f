/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a conversation shall come back: some usual moments, each with its exact time; words, with
 * what was understood of them; or a day and a time.
 *
 * Signal "chosen" (int64): seconds since 1970, always to come. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PINION_TYPE_SNOOZE_POPOVER (pinion_snooze_popover_get_type ())
G_DECLARE_FINAL_TYPE (PinionSnoozePopover, pinion_snooze_popover, PINION, SNOOZE_POPOVER,
                      GtkPopover)

GtkWidget *pinion_snooze_popover_new (void);

G_END_DECLS
