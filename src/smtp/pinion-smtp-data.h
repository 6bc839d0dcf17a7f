/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message's text on its way out: what it is made of, and the form in which it leaves.
 *
 * For DATA and for chunks of text (RFC 5321, 4.5.2 and 2.3.8; RFC 3030, 2) every line end, whether
 * CRLF, a lone LF or a lone CR, becomes CRLF, so that no server can find an end of the message that
 * is none; for DATA, dots at the start of lines are doubled.  Chunks of BINARYMIME (RFC 3030, 3) are
 * the bytes as they are. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest line without its CRLF (RFC 5321, 4.5.3.1.6). */
#define PINION_SMTP_DATA_MAX_LINE 998

typedef enum
{
  PINION_SMTP_FORM_DATA,
  PINION_SMTP_FORM_CHUNKS,
  PINION_SMTP_FORM_BINARY,
} PinionSmtpForm;

/* @form: chosen before the first byte.
 * @size: bytes so far in that form, as they count for SIZE= (RFC 1870, 3), without doubled dots.
 * @raw_size: bytes so far as they came.
 * @eight_bit: a byte over 127 was among them; @header_eight_bit: in the header;
 * @header_not_utf8: and it was no UTF-8.  @bad_header: a header line too long, or with a NUL.
 * @lone_end: a CR or LF stood alone in the header.  @long_line, @nul: in the body.
 * The facts are not looked for in PINION_SMTP_FORM_BINARY. */
typedef struct
{
  PinionSmtpForm form;

  guint64 size;
  guint64 raw_size;
  gboolean eight_bit;
  gboolean header_eight_bit;
  gboolean header_not_utf8;
  gboolean bad_header;
  gboolean lone_end;
  gboolean long_line;
  gboolean nul;

  /* Where we are */
  gboolean blank;
  gboolean body;
  gboolean after_cr;
  gsize line;
  guint continuation;
} PinionSmtpData;

/* @self: zeroed to begin, but for @form.  @out: (nullable) gets what is to be sent appended, at most
 * twice @length. */
void pinion_smtp_data_feed (PinionSmtpData *self,
                            const guint8   *data,
                            gsize           length,
                            GByteArray     *out);

/* The end of the text: completes the last line.  @out: (nullable) */
void pinion_smtp_data_end (PinionSmtpData *self,
                           GByteArray     *out);

G_END_DECLS
