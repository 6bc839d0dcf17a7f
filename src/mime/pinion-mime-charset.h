/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text in any character set to UTF-8.  Only sets on a list are ever handed to iconv; names that
 * people's programs misuse mean what they are used for (iso-8859-1: windows-1252, gb2312: gb18030),
 * as the WHATWG Encoding standard has it.  Unknown ones are UTF-8 if they look so, else
 * windows-1252.  Nothing fails: what is invalid becomes U+FFFD. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @charset: (nullable) as declared.  NUL bytes are dropped.
 * Returns: (transfer full) valid UTF-8 */
char *pinion_mime_charset_to_utf8 (const char *text,
                                   gsize       length,
                                   const char *charset);

/* The charset that an HTML document declares of itself in <meta>, looked for in its first bytes.
 * Returns: (transfer full) (nullable) */
char *pinion_mime_charset_sniff_html (const char *html,
                                      gsize       length);

G_END_DECLS
