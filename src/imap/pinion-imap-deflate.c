/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-deflate.h"

#include "pinion-error.h"

#define PIECE (64 * 1024)

/* The default of zlib */
#define LEVEL (-1)

struct _PinionImapDeflate
{
  GConverter *packer;
  GConverter *unpacker;
  gboolean ended;
  guint8 piece[PIECE];
};

PinionImapDeflate *
pinion_imap_deflate_new (void)
{
  PinionImapDeflate *self = g_new0 (PinionImapDeflate, 1);

  self->packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, LEVEL));
  self->unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));

  return self;
}

void
pinion_imap_deflate_free (PinionImapDeflate *self)
{
  g_object_unref (self->packer);
  g_object_unref (self->unpacker);
  g_free (self);
}

GBytes *
pinion_imap_deflate_pack (PinionImapDeflate *self,
                          GBytes            *bytes)
{
  GByteArray *packed = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree guint8 *piece = g_malloc (PIECE);
  GConverterResult result;

  /* It has an error only for too little room, and there is always some. */
  do
    {
      gsize n_read = 0;
      gsize n_written = 0;

      result = g_converter_convert (self->packer, data, length, piece, PIECE, G_CONVERTER_FLUSH,
                                    &n_read, &n_written, NULL);
      g_byte_array_append (packed, piece, (guint) n_written);
      data += n_read;
      length -= n_read;
    }
  while (result == G_CONVERTER_CONVERTED);

  return g_byte_array_free_to_bytes (packed);
}

static gboolean
fail_ended (GError **error)
{
  return pinion_error_set (error, PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_IMAP,
                           PINION_STAGE_NONE, "The server ended the compressed data");
}

gboolean
pinion_imap_deflate_unpack (PinionImapDeflate *self,
                            const guint8     **data,
                            gsize             *length,
                            const guint8     **piece,
                            gsize             *piece_length,
                            GError           **error)
{
  g_autoptr (GError) local = NULL;
  GConverterResult result;
  gsize n_read = 0;

  *piece = self->piece;
  *piece_length = 0;
  if (self->ended)
    return fail_ended (error);

  result = g_converter_convert (self->unpacker, *data, *length, self->piece, PIECE,
                                G_CONVERTER_NO_FLAGS, &n_read, piece_length, &local);
  if (result == G_CONVERTER_CONVERTED || result == G_CONVERTER_FINISHED)
    {
      *data += n_read;
      *length -= n_read;
      /* With the end there may be some last words. */
      self->ended = result == G_CONVERTER_FINISHED;
      return !self->ended || *piece_length > 0 || fail_ended (error);
    }

  /* There is nothing more until more comes. */
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && *length == 0)
    return TRUE;

  return pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "The compressed data makes no sense: %s", local->message);
}
