/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main window: sidebar, conversation list, conversation; or the assistant while there is no
 * account.
 *
 *   AdwToastOverlay
 *     └─ GtkStack: opening | failed | assistant | mail
 *          └─ AdwOverlaySplitView: PinionSidebar |
 *               └─ AdwNavigationSplitView: PinionListPane | PinionReader */

#pragma once

#include <adwaita.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

#define PINION_TYPE_WINDOW (pinion_window_get_type ())
G_DECLARE_FINAL_TYPE (PinionWindow, pinion_window, PINION, WINDOW, AdwApplicationWindow)

/* The priority of what comes when the window has its parts, each of which takes a turn of the main loop
 * to make. */
#define PINION_WINDOW_MADE (G_PRIORITY_DEFAULT + 1)

/* It shows itself in the next turn.  Returns: (transfer none), as windows are. */
PinionWindow *pinion_window_new (GtkApplication *application);

/* Shows the mail of @engine, or the assistant.  Once. */
void pinion_window_set_engine (PinionWindow *self,
                               PinionEngine *engine);

/* Whether the Inbox of @account, or that of all accounts, is what is shown. */
gboolean pinion_window_shows_inbox (PinionWindow *self,
                                    gint64        account);

/* Shows the Inbox of @account. */
void pinion_window_show_inbox (PinionWindow *self,
                               gint64        account);

/* Opens the conversation of @message where it lies. */
void pinion_window_show_message (PinionWindow *self,
                                 gint64        message);

/* Tells @words in a toast. */
void pinion_window_say (PinionWindow *self,
                        const char   *words);

/* Tells what went wrong, in a toast. */
void pinion_window_say_error (PinionWindow *self,
                              const GError *error);

/* Shows why the store could not be opened. */
void pinion_window_show_failure (PinionWindow *self,
                                 const GError *error);

G_END_DECLS
