/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages from text for the tests of this room: lines end with "\n" in the tests and with CRLF in
 * what is parsed. */

#pragma once

#include "pinion-mime-message.h"

#include <string.h>

static inline GBytes *
test_bytes (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *raw = g_strjoinv ("\r\n", lines);

  return g_bytes_new_take (raw, strlen (raw));
}

static inline PinionMimeMessage *
test_parse (const char *text)
{
  g_autoptr (GBytes) bytes = test_bytes (text);

  return pinion_mime_message_parse_bytes (bytes);
}

static inline const PinionMimePart *
test_part (PinionMimeMessage *message,
           guint              index)
{
  g_assert_cmpuint (index, <, message->parts->len);

  return g_ptr_array_index (message->parts, index);
}

static inline const PinionMimeAddress *
test_address (GPtrArray *list,
              guint      index)
{
  g_assert_cmpuint (index, <, list->len);

  return g_ptr_array_index (list, index);
}
