/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The attachments of a message as a wrap of cards: each can be opened, where that is safe, and
 * saved.
 *
 * Signals: "said" (string): words about what was done; "failed" (GError). */

#pragma once

#include <adwaita.h>

#include "pinion-part-files.h"

G_BEGIN_DECLS

#define PINION_TYPE_ATTACHMENTS (pinion_attachments_get_type ())
G_DECLARE_FINAL_TYPE (PinionAttachments, pinion_attachments, PINION, ATTACHMENTS, AdwBin)

/* Shows those of @body that are attachments; hides itself where there are none. */
void pinion_attachments_set_body (PinionAttachments *self,
                                  PinionEngine      *engine,
                                  PinionPartFiles   *files,
                                  PinionBody        *body);

G_END_DECLS
