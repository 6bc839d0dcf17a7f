/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message's text on its way into DATA (RFC 5321, 4.5.2 and 2.3.8): every line end, whether CRLF,
 * a lone LF or a lone CR, becomes CRLF, so that no server can find an end of the message that is
 * none; dots at the start of lines are doubled. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @size: bytes so far as they count for SIZE= (RFC 1870, 3), without the doubled dots.
 * @eight_bit: whether a byte over 127 was among them. */
typedef struct
{
  guint64 size;
  gboolean eight_bit;
  gboolean inside_line;
  gboolean after_cr;
} PinionSmtpData;

/* @self: zeroed to begin.  @out: (nullable) gets what is to be sent appended, at most twice
 * @length. */
void pinion_smtp_data_feed (PinionSmtpData *self,
                            const guint8   *data,
                            gsize           length,
                            GByteArray     *out);

/* The end of the text: completes the last line.  @out: (nullable) */
void pinion_smtp_data_end (PinionSmtpData *self,
                           GByteArray     *out);

G_END_DECLS
