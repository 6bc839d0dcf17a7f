/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a conversation list shows: one label, or one of the standing views over labels. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_VIEW_LABEL,   /* one label; INBOX, Sent and so on are labels with a role */
  PINION_VIEW_INBOX,   /* the Inbox of every account */
  PINION_VIEW_STARRED, /* of one account, or of all where account is 0 */
  PINION_VIEW_ALL_MAIL,/* everything but Trash, Junk and drafts */
  PINION_VIEW_SNOOZED, /* put off, the first to come back first; of one account, or of all */
} PinionViewKind;

typedef struct
{
  PinionViewKind kind;
  gint64 account;
  gint64 label;
} PinionView;

G_END_DECLS
