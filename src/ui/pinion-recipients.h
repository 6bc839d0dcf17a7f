/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recipients as people type them: "Ana Keller <ana@example.com>, ben@example.com; ..." */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The single recipients in @typed, trimmed; commas and semicolons end one, unless in quotes,
 * comments or angle brackets.  Returns: (transfer full) */
GStrv pinion_recipients_split (const char *typed);

/* The address of one recipient.  Returns: (transfer full) (nullable): %NULL where it is no valid
 * address. */
char *pinion_recipients_dup_address (const char *recipient);

/* The first that is no address.  Returns: (transfer full) (nullable) */
char *pinion_recipients_find_bad (const char *typed);

/* The same recipients with one comma between two.  Returns: (transfer full) */
char *pinion_recipients_normalise (const char *typed);

/* Whether @text speaks of an attached file, in one of the languages known here; lines that are
 * quoted ("> ") do not count. */
gboolean pinion_mentions_attachment (const char *text);

G_END_DECLS
