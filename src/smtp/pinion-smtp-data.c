/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-data.h"

#define CRLF ((const guint8 *) "\r\n")

static void
append (GByteArray   *out,
        const guint8 *data,
        gsize         length)
{
  if (out != NULL)
    g_byte_array_append (out, data, (guint) length);
}

static void
end_line (PinionSmtpData *self,
          GByteArray     *out)
{
  append (out, CRLF, 2);
  self->size += 2;
  self->inside_line = FALSE;
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

  if (!self->inside_line && data[0] == '.')
    append (out, data, 1);
  append (out, data, n);
  self->size += n;
  self->eight_bit |= (bits & 0x80) != 0;
  self->inside_line = TRUE;

  return n;
}

void
pinion_smtp_data_feed (PinionSmtpData *self,
                       const guint8   *data,
                       gsize           length,
                       GByteArray     *out)
{
  while (length > 0)
    {
      gsize n = take_text (self, data, length, out);

      if (n > 0)
        self->after_cr = FALSE;

      data += n;
      length -= n;
      if (length == 0)
        return;

      if (*data == '\r' || !self->after_cr)
        end_line (self, out);
      self->after_cr = *data == '\r';
      data++;
      length--;
    }
}

void
pinion_smtp_data_end (PinionSmtpData *self,
                      GByteArray     *out)
{
  if (self->inside_line)
    end_line (self, out);
  self->after_cr = FALSE;
}
