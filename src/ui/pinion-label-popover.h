/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A searchable list of an account's labels, to pin them, to add one to conversations, or to move
 * conversations to one.  The order stays as it is while it is open.
 *
 * Signals: "chosen" (PinionLabel), "visited" (PinionLabel; Alt with a click or Enter, while
 * pinning). */

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

/* Whether every one of the conversations carries @label. */
gboolean pinion_label_popover_is_carried (PinionLabelPopover *self,
                                          PinionLabel        *label);

/* Shows it at @anchor, which it leaves when it closes.  @at: (nullable) a place in @anchor. */
void pinion_label_popover_present (PinionLabelPopover *self,
                                   GtkWidget          *anchor,
                                   const GdkRectangle *at);

G_END_DECLS
