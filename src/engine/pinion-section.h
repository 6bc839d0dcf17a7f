/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A section of the sidebar: one that a person made, or the labels of an account that are in none.
 * Lives on the main thread; "notify" says that something of it changed. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_LABEL_ORDER_NAME,
  PINION_LABEL_ORDER_UNREAD,
  PINION_LABEL_ORDER_OWN, /* as the person dragged them */
} PinionLabelOrder;

#define PINION_TYPE_SECTION (pinion_section_get_type ())
G_DECLARE_FINAL_TYPE (PinionSection, pinion_section, PINION, SECTION, GObject)

/* 0: the labels in no section. */
gint64           pinion_section_get_id      (PinionSection *self);
gint64           pinion_section_get_account (PinionSection *self);
/* %NULL where the id is 0. */
const char      *pinion_section_get_name    (PinionSection *self);
gboolean         pinion_section_get_folded  (PinionSection *self);
/* These two are the account's. */
PinionLabelOrder pinion_section_get_order   (PinionSection *self);
gboolean         pinion_section_get_pin_all (PinionSection *self);

G_END_DECLS
