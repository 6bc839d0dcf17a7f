/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A searchable list of an account's labels, to pin them, to put some on conversations and take
 * others off, or to move conversations to one.  The list stays as it is while it is open.
 *
 * Pinning is at once.  To add and remove, labels are checked first, several if wished: with a
 * click, with Shift+Enter, or with Space while nothing is searched for; Enter checks one and is
 * the end of it. Closing applies it all, Escape nothing.
 *
 * Signals:
 *   "chosen" (PinionLabel): to be pinned or unpinned, or moved to
 *   "visited" (PinionLabel): Alt with a click or Enter, while pinning
 *   "applied" (GArray of gint64 to add, GArray of gint64 to remove, string path of a label to be
 *     made and added, nullable)
 *   "created" (string path): a label to be made and moved to */

#pragma once

#include <gtk/gtk.h>

#include "pinion-engine.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_PICK_TO_PIN,
  PINION_PICK_TO_ADD,
  PINION_PICK_TO_MOVE,
} PinionPickPurpose;

#define PINION_TYPE_LABEL_POPOVER (pinion_label_popover_get_type ())
G_DECLARE_FINAL_TYPE (PinionLabelPopover, pinion_label_popover, PINION, LABEL_POPOVER, GtkPopover)

/* @carried: (nullable) (transfer none): the labels that the conversations carry, ids to the number
 * of conversations; @n_conversations in all. */
GtkWidget *pinion_label_popover_new (PinionEngine     *engine,
                                     gint64            account,
                                     PinionPickPurpose purpose,
                                     GHashTable       *carried,
                                     guint             n_conversations);

/* What they carry is known only now: what was checked meanwhile stays as it was wanted. */
void pinion_label_popover_set_carried (PinionLabelPopover *self,
                                       GHashTable         *carried);

gint64 pinion_label_popover_get_account (PinionLabelPopover *self);

/* Shows it at @anchor, which it leaves when it closes.  @at: (nullable) a place in @anchor. */
void pinion_label_popover_present (PinionLabelPopover *self,
                                   GtkWidget          *anchor,
                                   const GdkRectangle *at);

G_END_DECLS
