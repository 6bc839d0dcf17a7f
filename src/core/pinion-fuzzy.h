/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How well a few typed letters fit a text.  Pure; without case and accents, in any script. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every word of @typed has to be in @text, its letters in order: best at the beginning of the
 * text, then at the beginnings of words, then together.  Returns: the larger the better; 0: it
 * does not fit. Nothing typed fits everything alike, with 1. */
guint pinion_fuzzy_score (const char *typed,
                          const char *text);

G_END_DECLS
