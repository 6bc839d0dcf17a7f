/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Header blocks (RFC 5322 2.2), read for a list: what is found is what is found of the same in a message. */

#include "fuzz.h"
#include "pinion-mime-envelope.h"
#include "pinion-mime-message.h"

static void
compare (const PinionMimeEnvelope *envelope,
         PinionMimeMessage        *message)
{
  g_autoptr (GPtrArray) links = pinion_mime_message_list_links (message);
  g_autofree char *to = pinion_mime_addresses_join_labels (message->to);
  const PinionMimeAddress *from = message->from->len > 0 ? g_ptr_array_index (message->from, 0)
                                                         : NULL;

  g_assert_cmpstr (envelope->subject, ==, message->subject);
  g_assert_cmpstr (envelope->from_name, ==, from != NULL ? from->name : NULL);
  g_assert_cmpstr (envelope->from_address, ==, from != NULL ? from->address : NULL);
  g_assert_cmpstr (envelope->to, ==, to);
  g_assert_cmpstr (envelope->message_id, ==, message->message_id);
  g_assert_cmpstr (envelope->thread_index, ==, message->thread_index);
  g_assert_cmpstrv (envelope->links, links->pdata);
  g_assert_cmpint (envelope->date, ==, message->date_is_valid ? message->date : 0);
  g_assert_cmpint (envelope->is_automatic, ==, message->is_automatic);
  g_assert_cmpint (envelope->is_mixed, ==, g_str_equal (message->content_type, "multipart/mixed"));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GStringChunk) strings = g_string_chunk_new (1024);
  g_autoptr (PinionMimeEnvelopeReader) reader = pinion_mime_envelope_reader_new (strings);
  g_autofree char *header = g_memdup2 (data, size);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  PinionMimeEnvelope envelope;

  pinion_mime_init ();
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_headers (bytes);

  /* What the reader read before leaves no trace. */
  for (guint i = 0; i < 2; i++)
    {
      pinion_mime_envelope_reader_read (reader, header != NULL ? header : "", size, &envelope);
      compare (&envelope, message);
    }

  return 0;
}
