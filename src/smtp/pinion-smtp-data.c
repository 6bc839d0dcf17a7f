/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-data.h"

#include <string.h>

#define CRLF ((const guint8 *) "\r\n")

static void
append (GByteArray   *out,
        const guint8 *data,
        gsize         length)
{
  if (out != NULL)
    g_byte_array_append (out, data, (guint) length);
}

/* -- What it is made of --------------------------------------------------------------------- */

/* Enough of UTF-8's grammar to tell it from the old character sets (RFC 6532 allows nothing else);
 * a character may be cut between two pieces. */
static void
check_utf8 (PinionSmtpData *self,
            const guint8   *data,
            gsize           length)
{
  for (gsize i = 0; i < length && !self->header_not_utf8; i++)
    {
      gboolean continues = (data[i] & 0xc0) == 0x80;

      if (continues != (self->continuation > 0) || data[i] == 0xc0 || data[i] == 0xc1 ||
          data[i] > 0xf4)
        self->header_not_utf8 = TRUE;
      else if (continues)
        self->continuation--;
      else if (data[i] >= 0xc2)
        self->continuation = data[i] >= 0xf0 ? 3 : data[i] >= 0xe0 ? 2 : 1;
    }
}

/* @data: a piece of one line; @bits: all its bytes in one. */
static void
look (PinionSmtpData *self,
      const guint8   *data,
      gsize           length,
      guint8          bits)
{
  gboolean eight_bit = (bits & 0x80) != 0;
  gboolean is_long = self->line + length > PINION_SMTP_DATA_MAX_LINE;
  gboolean has_nul = memchr (data, 0, length) != NULL;

  self->eight_bit |= eight_bit;
  if (self->body)
    {
      self->long_line |= is_long;
      self->nul |= has_nul;
      return;
    }

  self->bad_header |= is_long || has_nul;
  self->header_eight_bit |= eight_bit;
  if (eight_bit || self->continuation > 0)
    check_utf8 (self, data, length);
}

/* -- Lines ---------------------------------------------------------------------------------- */

static void
end_line (PinionSmtpData *self,
          GByteArray     *out)
{
  append (out, CRLF, 2);
  self->size += 2;
  self->header_not_utf8 |= self->continuation > 0;
  self->continuation = 0;
  /* The first empty line is the end of the header. */
  self->blank |= self->line == 0;
  self->line = 0;
}

/* Bytes up to the next line end */
static gsize
take_text (PinionSmtpData *self,
           const guint8   *data,
           gsize           length,
           GByteArray     *out)
{
  gsize n = 0;
  guint8 bits = 0;

  for (; n < length && data[n] != '\r' && data[n] != '\n'; n++)
    bits |= data[n];

  if (n == 0)
    return 0;

  if (self->line == 0 && data[0] == '.' && self->form == PINION_SMTP_FORM_DATA)
    append (out, data, 1);
  append (out, data, n);
  look (self, data, n, bits);
  self->size += n;
  self->line += n;

  return n;
}

/* What came after a CR tells whether it stood alone; its line is over now. */
static void
settle_cr (PinionSmtpData *self,
           guint8          next)
{
  self->lone_end |= !self->body && next != '\n';
  self->body |= self->blank;
}

static void
take_end (PinionSmtpData *self,
          guint8          byte,
          GByteArray     *out)
{
  gboolean is_lf = byte == '\n';

  if (is_lf && self->after_cr)
    {
      self->after_cr = FALSE;
      return;
    }

  self->lone_end |= is_lf && !self->body;
  end_line (self, out);
  self->body |= is_lf && self->blank;
  self->after_cr = !is_lf;
}

void
pinion_smtp_data_feed (PinionSmtpData *self,
                       const guint8   *data,
                       gsize           length,
                       GByteArray     *out)
{
  self->raw_size += length;
  if (self->form == PINION_SMTP_FORM_BINARY)
    {
      append (out, data, length);
      self->size += length;
      return;
    }

  while (length > 0)
    {
      if (self->after_cr)
        settle_cr (self, *data);

      gsize n = take_text (self, data, length, out);
      if (n > 0)
        self->after_cr = FALSE;

      data += n;
      length -= n;
      if (length == 0)
        return;

      take_end (self, *data, out);
      data++;
      length--;
    }
}

void
pinion_smtp_data_end (PinionSmtpData *self,
                      GByteArray     *out)
{
  if (self->form == PINION_SMTP_FORM_BINARY)
    return;

  if (self->after_cr)
    settle_cr (self, 0);
  if (self->line > 0)
    end_line (self, out);
  self->after_cr = FALSE;
}
