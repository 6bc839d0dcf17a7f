/* SPDX-License-Identifier: GPL-3.0-or-later */

/* mailto: addresses (RFC 6068): what a web page may ask to be written.  Only recipients, subject
 * and body are taken; everything else, attachments first of all, is ignored. */

#pragma once

#include "pinion-draft.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): %NULL where @uri is no mailto: address. */
PinionDraft *pinion_mailto_parse (const char *uri);

G_END_DECLS
