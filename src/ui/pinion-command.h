/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One thing that the command bar offers: an action of the table, a place to go to, an account's
 * settings, a person whose mail is searched.  And which of them are meant by what is typed. */

#pragma once

#include "pinion-actions.h"
#include "pinion-sidebar-item.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_COMMAND_ACTION,
  PINION_COMMAND_PLACE,
  PINION_COMMAND_ACCOUNT,
  PINION_COMMAND_PERSON,
} PinionCommandKind;

#define PINION_TYPE_COMMAND (pinion_command_get_type ())
G_DECLARE_FINAL_TYPE (PinionCommand, pinion_command, PINION, COMMAND, GObject)

PinionCommand *pinion_command_new_action (const PinionActionInfo *info);
/* A mailbox, a view, a label or a saved search, pinned or not, or an outbox.  @account:
 * (nullable) its account's address, where there are several. */
PinionCommand *pinion_command_new_place   (PinionSidebarItem *place,
                                           const char        *account);
PinionCommand *pinion_command_new_account (PinionAccountItem *account);
/* @query: the search that finds the person's mail. */
PinionCommand *pinion_command_new_person  (const char *name,
                                           const char *address,
                                           const char *query);

PinionCommandKind pinion_command_get_kind (PinionCommand *self);
/* What it is remembered by: the same in every run. */
const char *pinion_command_get_key   (PinionCommand *self);
const char *pinion_command_get_title (PinionCommand *self);
/* (nullable) more about it, set apart. */
const char *pinion_command_get_detail (PinionCommand *self);
const char *pinion_command_get_icon   (PinionCommand *self);
/* (nullable) of a label: its colour in place of an icon */
const char *pinion_command_get_colour (PinionCommand *self);

/* By kind; %NULL or 0 for the others. */
const PinionActionInfo *pinion_command_get_action  (PinionCommand *self);
PinionSidebarItem      *pinion_command_get_place   (PinionCommand *self);
gint64                  pinion_command_get_account (PinionCommand *self);
const char             *pinion_command_get_query   (PinionCommand *self);

/* "Archive, E", "Travel, label".  Returns: (transfer full) */
char *pinion_command_dup_accessible_name (PinionCommand *self);

/* Every action that can be done now (as @window has it), every place, every account, in the order
 * of the table and the sidebar.  Returns: (transfer full): PinionCommand */
GPtrArray *pinion_commands_collect (PinionEngine *engine,
                                    GtkWidget    *window);

/* Those of @commands that @typed may mean, the likeliest first; with nothing typed the recent ones
 * come first, then all in their order.  @recent: keys, the newest first. Returns: (transfer
 * container): borrowed PinionCommand */
GPtrArray *pinion_commands_rank (GPtrArray         *commands,
                                 const char        *typed,
                                 const char *const *recent);

G_END_DECLS
