/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one table of actions a person can name: their words, their keys.  Accelerators, single keys,
 * tooltips, accessible names and the list of shortcuts are all made from it. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_ACTIONS_GENERAL,
  PINION_ACTIONS_CONVERSATIONS,
  PINION_ACTIONS_WRITING,
  PINION_ACTIONS_SIDEBAR,
  PINION_N_ACTION_GROUPS,
} PinionActionGroup;

#define PINION_MAX_KEYS 4

/* @action: detailed name; one that is neither the window's nor the application's is local: a widget or
 * GTK itself does it, by the same keys, where the focus is.  @title: what it does, to be translated with g_dgettext().
 * @accelerators: work everywhere, text fields included.  @keys: work unless text is being typed;
 * those that are a letter or sign alone can be switched off. Both end with %NULL. */
typedef struct
{
  PinionActionGroup group;
  const char *action;
  const char *title;
  const char *accelerators[PINION_MAX_KEYS];
  const char *keys[PINION_MAX_KEYS];
} PinionActionInfo;

const PinionActionInfo *pinion_actions_get  (guint *n_actions);
/* Returns: (nullable) */
const PinionActionInfo *pinion_actions_find (const char *action);

/* The translated titles. */
const char *pinion_action_info_get_title   (const PinionActionInfo *self);
const char *pinion_action_group_get_title  (PinionActionGroup group);

/* Whether it belongs to a part of the window alone. */
gboolean pinion_action_info_is_local (const PinionActionInfo *self);

/* Puts the keys of the local @action on @widget, to call @func with @data.  The keys of a controller
 * come before those of the widget itself. */
void pinion_actions_add_local (GtkWidget      *widget,
                               const char     *action,
                               GtkShortcutFunc func,
                               gpointer        data);

/* Whether @key of the table is a letter or sign alone. */
gboolean pinion_actions_is_single_key (const char *key);

/* Registers the accelerators. */
void pinion_actions_install (GtkApplication *application);

/* The keys, for a window: they rest while text is typed, a dialog is open or, for single ones,
 * while they are switched off.  Returns: (transfer full) */
GtkEventController *pinion_actions_new_key_controller (void);

/* Whether the focus of @window is where letters are text. */
gboolean pinion_actions_is_typing (GtkWindow *window);

/* The key to tell a person of: one that works now.  Returns: (nullable) */
const char *pinion_action_info_get_first_key (const PinionActionInfo *self);

/* "Ctrl+K", for a key of the table.  Returns: (transfer full) (nullable) */
char *pinion_actions_dup_key_label (const char *key);

/* "Archive (E)", for a tooltip.  Returns: (transfer full) */
char *pinion_action_info_dup_tooltip (const PinionActionInfo *self);

/* Gives every button below @root that has an action of the table, and no tooltip of its own, its tooltip
 * and accessible name; anew, where single keys came or went. */
void pinion_actions_describe (GtkWidget *root);

G_END_DECLS
