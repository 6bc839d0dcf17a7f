/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names among other words, each in the direction of its own script (Unicode TR 9, isolates): without the
 * marks "Ana, דוד (4)" shows as "Ana, (4) דוד".  The marks are for what is drawn, and for nothing else:
 * names are kept, matched, copied, sent and read aloud without them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @name to be put among words of the program's language.  It is as it was unless either of the two is
 * written from right to left.
 * Returns: (transfer full) */
char *pinion_isolate_name (const char *name);

/* The same among words that are written as @words are. */
char *pinion_isolate_name_among (const char *name,
                                 const char *words);

/* @text without the marks.
 * Returns: (transfer full) */
char *pinion_isolate_dup_plain (const char *text);

G_END_DECLS
