/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-import.h"

#include "pinion-error.h"
#include "pinion-mime-private.h"

#include <string.h>

#define MBOX_LINE "From "

/* Of a compound file, as Outlook's .msg is one */
static const guint8 outlook[] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1 };

/* One of them stands in every message that a person would keep. */
static const char *const telling[] = { "from", "date", "subject", "message-id", "received", "to" };

typedef struct
{
  const char *data;
  gsize length;
} Text;

static gboolean
starts_with (const Text *text,
             const void *start,
             gsize       length)
{
  return text->length >= length && memcmp (text->data, start, length) == 0;
}

/* The length of the first line with its end. */
static gsize
get_line (const Text *text)
{
  const char *end = memchr (text->data, '\n', text->length);

  return end != NULL ? (gsize) (end - text->data) + 1 : text->length;
}

static void
skip (Text *text,
      gsize length)
{
  text->data += length;
  text->length -= length;
}

/* RFC 5322, 2.2: printable characters but the colon, which follows; some leave a blank before it.
 * Returns: the name's length, 0 where there is none */
static gsize
get_field_name (const Text *line)
{
  gsize n = 0, end;

  while (n < line->length && line->data[n] > ' ' && line->data[n] < 0x7f && line->data[n] != ':')
    n++;
  for (end = n; end < line->length && (line->data[end] == ' ' || line->data[end] == '\t'); end++)
    ;

  return end < line->length && line->data[end] == ':' ? n : 0;
}

static gboolean
is_telling (const char *name,
            gsize       length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      if (strlen (telling[i]) == length && g_ascii_strncasecmp (telling[i], name, length) == 0)
        return TRUE;
    }

  return FALSE;
}

/* From the first line on there are fields, and one of them is known. */
static gboolean
is_message (Text text)
{
  gboolean told = FALSE;
  gboolean is_first = TRUE;

  while (text.length > 0)
    {
      Text line = { text.data, get_line (&text) };
      gsize name = get_field_name (&line);

      if (line.data[0] == '\n' || (line.length > 1 && line.data[0] == '\r' && line.data[1] == '\n'))
        return told;
      if (name == 0 && (is_first || (line.data[0] != ' ' && line.data[0] != '\t')))
        return told;

      told = told || is_telling (line.data, name);
      is_first = FALSE;
      skip (&text, line.length);
    }

  return told;
}

static gboolean
is_followed_by_field (Text text)
{
  Text line;

  skip (&text, get_line (&text));
  line = (Text) { text.data, get_line (&text) };

  return get_field_name (&line) > 0;
}

/* Another message begins after a blank line; a sentence that begins with "From" is none. */
static gboolean
has_more_messages (Text text)
{
  gboolean is_blank = FALSE;

  while (text.length > 0)
    {
      gsize line = get_line (&text);

      if (is_blank && starts_with (&text, MBOX_LINE, strlen (MBOX_LINE))
          && is_followed_by_field (text))
        return TRUE;
      is_blank = text.data[0] == '\n' || starts_with (&text, "\r\n", 2);
      skip (&text, line);
    }

  return FALSE;
}

/* Bytes with a CR before each bare LF, and a LF after each bare CR. */
static GBytes *
end_lines (const Text *text)
{
  GByteArray *whole = g_byte_array_sized_new ((guint) (text->length + text->length / 32 + 2));
  gsize start = 0;

  for (gsize i = 0; i < text->length; i++)
    {
      char c = text->data[i];
      gboolean is_pair = c == '\r' && i + 1 < text->length && text->data[i + 1] == '\n';

      if (c != '\r' && c != '\n')
        continue;

      g_byte_array_append (whole, (const guint8 *) text->data + start, (guint) (i - start));
      g_byte_array_append (whole, (const guint8 *) "\r\n", 2);
      i += is_pair;
      start = i + 1;
    }
  g_byte_array_append (whole, (const guint8 *) text->data + start, (guint) (text->length - start));

  return g_byte_array_free_to_bytes (whole);
}

static gboolean
refuse (GError        **error,
        PinionErrorCode code,
        const char     *why)
{
  return pinion_error_set (error, code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s", why);
}

static gboolean
check (const Text *text,
       gboolean    is_mbox,
       GError    **error)
{
  if (starts_with (text, outlook, sizeof outlook))
    return refuse (error, PINION_ERROR_FILE_OF_OUTLOOK, "a compound file of Outlook");
  if (!is_message (*text))
    return refuse (error, PINION_ERROR_FILE_NO_MESSAGE, "no header of a message");
  if (memchr (text->data, '\0', text->length) != NULL)
    return refuse (error, PINION_ERROR_FILE_NO_MESSAGE, "a NUL byte");
  if (is_mbox && has_more_messages (*text))
    return refuse (error, PINION_ERROR_FILE_OF_MAILBOX, "several messages");

  return TRUE;
}

GBytes *
pinion_mime_import (GBytes  *file,
                    GError **error)
{
  Text text;
  gboolean is_mbox;

  text.data = g_bytes_get_data (file, &text.length);
  if (text.length == 0)
    {
      refuse (error, PINION_ERROR_FILE_NO_MESSAGE, "an empty file");
      return NULL;
    }

  if (starts_with (&text, "\xef\xbb\xbf", 3))
    skip (&text, 3);
  is_mbox = starts_with (&text, MBOX_LINE, strlen (MBOX_LINE));
  if (is_mbox)
    skip (&text, get_line (&text));

  return check (&text, is_mbox, error) ? end_lines (&text) : NULL;
}

gint64
pinion_mime_import_get_arrival (PinionMimeMessage *message)
{
  g_autofree char *received = pinion_mime_message_dup_header (message, "Received");
  const char *date = received != NULL ? strrchr (received, ';') : NULL;
  gint64 time = 0;

  if (date != NULL)
    pinion_mime_read_date (date + 1 + strspn (date + 1, " "), &time);

  return time;
}
