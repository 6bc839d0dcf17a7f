/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text from strangers made safe to show: always valid UTF-8, one line, nothing invisible that
 * could mislead (security: controls, bidirectional overrides, zero-width and tag characters). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Any bytes (@length -1: NUL-terminated) to one line of valid UTF-8: what is invalid becomes
 * U+FFFD, controls and line breaks a space, dangerous invisible characters are dropped, runs of
 * blanks become one, ends are trimmed.  At most @max_chars characters (0: no limit), then "…".
 * Returns: (transfer full), never %NULL. */
char *pinion_text_clean_line (const char *text,
                              gssize      length,
                              gsize       max_chars);

/* Whether @text is words of ASCII with one blank between, as most is: then the above changes nothing of
 * it. */
gboolean pinion_text_is_clean_line (const char *text,
                                    gsize       length);

/* A name that is told apart by every character, blanks at its end too: nothing is left out, a tab or
 * line break becomes a space, what else cannot be shown U+FFFD.  At most @max_chars characters, then "…".
 * Returns: (transfer full), never %NULL. */
char *pinion_text_clean_name (const char *text,
                              gsize       max_chars);

/* The same as pinion_text_clean_line() for several lines: line breaks and tabs stay. */
char *pinion_text_clean (const char *text,
                         gssize      length);

/* A file name that is one safe path component: no separators, controls or leading dots, no trailing
 * dots or blanks, at most 200 bytes with the extension kept, never empty ("attachment").
 * Returns: (transfer full) */
char *pinion_text_safe_file_name (const char *name);

G_END_DECLS
