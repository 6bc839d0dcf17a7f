/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a row of a list and threading need of a header, for thousands at a time: the same as
 * pinion_mime_message_parse_headers() finds, in two thirds of the time, since nothing else is read and no text is
 * a piece of memory of its own.  (Sender and Reply-To do not count to the bounds of its addresses.) */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @subject, @from_name (nullable), @from_address (nullable) and @to, the names of whom it is for (see
 * pinion_mime_addresses_join_labels()), are among the reader's strings; what follows lasts until the next one
 * is read: @message_id (nullable) and @thread_index (nullable), the conversation's GUID; @links, what it refers
 * to and then what it answers, ended by %NULL.  @date: in seconds since 1970, 0 where none can be read.
 * @is_automatic: sent by a program or to a list.  @is_mixed: a multipart/mixed. */
typedef struct
{
  const char *subject;
  const char *from_name;
  const char *from_address;
  const char *to;
  const char *message_id;
  const char *thread_index;
  const char *const *links;
  gint64 date;
  gboolean is_automatic;
  gboolean is_mixed;
} PinionMimeEnvelope;

/* On one thread at a time. */
typedef struct _PinionMimeEnvelopeReader PinionMimeEnvelopeReader;

/* @strings: outlives the reader.  Returns: (transfer full) */
PinionMimeEnvelopeReader *pinion_mime_envelope_reader_new  (GStringChunk             *strings);
void                      pinion_mime_envelope_reader_free (PinionMimeEnvelopeReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMimeEnvelopeReader, pinion_mime_envelope_reader_free)

/* Reads a header block (RFC 5322 2.2), with or without the blank line at its end; whatever it holds, the
 * result can be shown. */
void pinion_mime_envelope_reader_read (PinionMimeEnvelopeReader *self,
                                       const char               *header,
                                       gsize                     length,
                                       PinionMimeEnvelope       *envelope);

G_END_DECLS
