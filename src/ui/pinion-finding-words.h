/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a server's settings come from, in words. */

#pragma once

#include "pinion-discovery.h"

G_BEGIN_DECLS

/* Who named the server, and that it lies elsewhere where it does; @domain: of the address.  Never
 * longer than two sentences.  Returns: (transfer full) */
char *pinion_finding_dup_words (const PinionFinding *finding,
                                const char          *domain);

G_END_DECLS
