/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who a message is from and to, in words, and what about it could mislead. */

#pragma once

#include <pango/pango.h>

#include "pinion-message.h"

G_BEGIN_DECLS

/* Whether the name of @address pretends to be another address, or mixes scripts whose letters look
 * alike (Latin, Greek, Cyrillic). */
gboolean pinion_sender_misleads (const PinionAddress *address);

/* The address answers go to where its domain is none of the senders'; (nullable), borrowed. */
const char *pinion_sender_find_other_reply_to (const PinionMessage *message);

/* "Ana, Ben and 3 others"; first names where there are several, "me" for @own (nullable).
 * Returns: (transfer full), empty for none. */
char *pinion_sender_format_people (GPtrArray  *addresses,
                                   const char *own);

/* "Ana Keller <ana@example.com>".  Returns: (transfer full) */
char *pinion_sender_format_full (const PinionAddress *address);

/* The name to greet somebody by: "Ana" where the address says that this is a name, else the whole.
 * Returns: (transfer full) */
char *pinion_sender_dup_short_name (const PinionAddress *address);

/* Lets lines of @text break within its addresses: before the "@", and before a dot behind it.  The text
 * itself stays as it is, since it is copied. */
void pinion_sender_add_breaks (PangoAttrList *attributes,
                               const char    *text);

G_END_DECLS
