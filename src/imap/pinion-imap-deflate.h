/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both directions of COMPRESS=DEFLATE (RFC 4978), without a socket.
 *
 * What comes is unpacked in pieces, so that a few bytes that stand for very many never take more
 * memory than one piece; what is done with the pieces has bounds of its own. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PinionImapDeflate PinionImapDeflate;

/* Returns: (transfer full) */
PinionImapDeflate *pinion_imap_deflate_new  (void);
void               pinion_imap_deflate_free (PinionImapDeflate *self);

/* Packs @bytes, to the last one, so that the other side can unpack them at once.
 * Returns: (transfer full) */
GBytes *pinion_imap_deflate_pack (PinionImapDeflate *self,
                                  GBytes            *bytes);

/* Takes from the front of @data and gives the next piece, borrowed until the next call; call again
 * while there is data or @piece_length was not 0.  Fails with PINION_ERROR_PROTOCOL where it makes
 * no sense, and with _CONNECTION_LOST at the end of what is packed. */
gboolean pinion_imap_deflate_unpack (PinionImapDeflate *self,
                                     const guint8     **data,
                                     gsize             *length,
                                     const guint8     **piece,
                                     gsize             *piece_length,
                                     GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapDeflate, pinion_imap_deflate_free)

G_END_DECLS
