/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A label: one folder of an account's server, as the window and the CLI see it.  Lives on the main
 * thread; its properties change (with notify) as the mailbox does; the same label stays the same
 * object for as long as it exists. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_ROLE_NONE,
  PINION_ROLE_INBOX,
  PINION_ROLE_SENT,
  PINION_ROLE_DRAFTS,
  PINION_ROLE_TRASH,
  PINION_ROLE_JUNK,
  PINION_ROLE_ARCHIVE,
} PinionRole;

/* Why a label is hidden. */
typedef enum
{
  PINION_HIDDEN_NOT,
  PINION_HIDDEN_NOT_MAIL, /* calendar, contacts, tasks... */
  PINION_HIDDEN_BY_HAND,
} PinionHidden;

#define PINION_TYPE_LABEL (pinion_label_get_type ())
G_DECLARE_FINAL_TYPE (PinionLabel, pinion_label, PINION, LABEL, GObject)

/* Properties, all readable: "id" (int64), "account" (int64), "path" (string, '/' between levels),
 * "name" (the last level), "role" (int), "hidden", "pinned" (boolean), "colour" (string, "#rrggbb",
 * never NULL), "unread", "total" (uint, messages), "position" (int; 0: none, comes last),
 * "section" (int64), "folded" (boolean). */
gint64      pinion_label_get_id       (PinionLabel *self);
gint64      pinion_label_get_account  (PinionLabel *self);
const char *pinion_label_get_path     (PinionLabel *self);
const char *pinion_label_get_name     (PinionLabel *self);
PinionRole  pinion_label_get_role     (PinionLabel *self);
gboolean    pinion_label_get_hidden   (PinionLabel *self);
PinionHidden pinion_label_get_hidden_reason (PinionLabel *self);
gboolean    pinion_label_get_pinned   (PinionLabel *self);
gboolean    pinion_label_get_selectable (PinionLabel *self);
const char *pinion_label_get_colour   (PinionLabel *self);
/* Whether the person chose it; and the one it has where nobody did, by its name. */
gboolean    pinion_label_get_own_colour   (PinionLabel *self);
const char *pinion_label_get_plain_colour (PinionLabel *self);
guint       pinion_label_get_unread   (PinionLabel *self);
guint       pinion_label_get_total    (PinionLabel *self);
int         pinion_label_get_position (PinionLabel *self);
/* The section of the sidebar it was put into, 0 for none. */
gint64      pinion_label_get_section  (PinionLabel *self);
/* Whether the labels in it are not shown. */
gboolean    pinion_label_get_folded   (PinionLabel *self);

/* "inbox" "sent" ..., %NULL for none. */
const char *pinion_role_to_string (PinionRole role);

G_END_DECLS
