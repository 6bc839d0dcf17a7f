/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-import.h"

#include "pinion-error.h"
#include "pinion-mime-private.h"

#include <string.h>

#define MBOX_LINE "From "

/* What goes before a field that is named Message-ID and has none. */
#define WAS "X-Original-"
#define ID_FIELD "Message-ID"

/* More than the field of an id takes. */
#define ID_ROOM 256

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

static void
skip (Text *text,
      gsize length)
{
  text->data += length;
  text->length -= length;
}

/* @line: (out): the first line of @rest, without its end, which is CRLF, LF or CR; @rest begins behind
 * that.  Returns: whether there was one */
static gboolean
next_line (Text *rest,
           Text *line)
{
  gsize n = 0;

  if (rest->length == 0)
    return FALSE;

  while (n < rest->length && rest->data[n] != '\r' && rest->data[n] != '\n')
    n++;
  *line = (Text) { rest->data, n };
  skip (rest, n);
  if (rest->length > 0)
    skip (rest, starts_with (rest, "\r\n", 2) ? 2 : 1);

  return TRUE;
}

/* Whether @rest begins behind an end of @line. */
static gboolean
has_end (const Text *line,
         const Text *rest)
{
  return rest->data > line->data + line->length;
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
  const char *start = text.data;
  gboolean told = FALSE;
  Text line;

  while (next_line (&text, &line) && line.length > 0)
    {
      gsize name = get_field_name (&line);
      gboolean goes_on = line.data != start && (line.data[0] == ' ' || line.data[0] == '\t');

      if (name == 0 && !goes_on)
        break;
      told = told || is_telling (line.data, name);
    }

  return told;
}

/* The line before each message in an mbox; some write a field with a blank before its colon. */
static gboolean
is_mbox_line (const Text *line)
{
  return starts_with (line, MBOX_LINE, strlen (MBOX_LINE)) && get_field_name (line) == 0;
}

static gboolean
begins_with_field (Text text)
{
  Text line;

  return next_line (&text, &line) && get_field_name (&line) > 0;
}

/* Another message begins after a blank line; a sentence that begins with "From" is none. */
static gboolean
has_more_messages (Text text)
{
  gboolean is_after_blank = FALSE;
  Text line;

  while (next_line (&text, &line))
    {
      if (is_after_blank && is_mbox_line (&line) && begins_with_field (text))
        return TRUE;
      is_after_blank = line.length == 0;
    }

  return FALSE;
}

/* How large it is with CRLF at the end of each line: larger, unless it has them. */
static gsize
measure (Text text)
{
  gsize size = 0;
  Text line;

  while (next_line (&text, &line))
    size += line.length + (has_end (&line, &text) ? 2 : 0);

  return size;
}

/* With CRLF at the end of each line, which makes @size bytes. */
static GByteArray *
end_lines (Text  text,
           gsize size)
{
  GByteArray *whole = g_byte_array_sized_new ((guint) size + ID_ROOM);
  Text line;

  while (next_line (&text, &line))
    {
      g_byte_array_append (whole, (const guint8 *) line.data, (guint) line.length);
      if (has_end (&line, &text))
        g_byte_array_append (whole, (const guint8 *) "\r\n", 2);
    }

  return whole;
}

/* -- An id for what has none ---------------------------------------------------------------- */

/* Returns: (transfer full) */
static GBytes *
dup_header (Text text)
{
  Text rest = text;
  Text line;

  while (next_line (&rest, &line) && line.length > 0)
    ;

  return g_bytes_new (text.data, text.length - rest.length);
}

/* Whether those who read it find an id in it. */
static gboolean
has_id (GBytes *header)
{
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_headers (header);
  const char *id = message->message_id;

  return id != NULL && id[strspn (id, "<> \t")] != '\0';
}

/* Where a field stands that should have an id, and has none. */
static gboolean
find_id_field (GBytes *header,
               gsize  *position)
{
  const char *data = g_bytes_get_data (header, NULL);
  g_autoptr (GArray) fields = pinion_mime_scan_fields (data, 0, g_bytes_get_size (header));

  for (guint i = 0; i < fields->len; i++)
    {
      const PinionMimeField *field = &g_array_index (fields, PinionMimeField, i);

      *position = field->name;
      if (field->name_length == strlen (ID_FIELD)
          && g_ascii_strncasecmp (data + field->name, ID_FIELD, strlen (ID_FIELD)) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
insert (GByteArray *message,
        gsize       position,
        const char *text)
{
  gsize length = strlen (text);
  gsize behind = message->len - position;

  g_byte_array_set_size (message, message->len + (guint) length);
  memmove (message->data + position + length, message->data + position, behind);
  memcpy (message->data + position, text, length);
}

/* The same message gets the same id again. */
static void
give_id (GByteArray *message,
         GBytes     *header)
{
  g_autofree char *digest
    = g_compute_checksum_for_data (G_CHECKSUM_SHA256, message->data, message->len);
  gsize position = 0;
  gboolean has_field = find_id_field (header, &position);
  g_autofree char *field = g_strdup_printf (ID_FIELD ": <%.40s@import.pinion.invalid>\r\n%s", digest,
                                            has_field ? WAS : "");

  insert (message, has_field ? position : 0, field);
}

/* -- Whether it is one ---------------------------------------------------------------------- */

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
  if (text->length == 0)
    return refuse (error, PINION_ERROR_FILE_NO_MESSAGE, "an empty file");
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

/* Where nothing is to be changed, the file's own bytes: it may be large. */
static GBytes *
make_message (GBytes  *file,
              Text     text,
              guint64 *anonymous)
{
  const char *start = g_bytes_get_data (file, NULL);
  gsize size = measure (text);
  GByteArray *message;

  *anonymous = 0;
  if (size == text.length)
    {
      g_autoptr (GBytes) header = dup_header (text);

      if (has_id (header))
        return g_bytes_new_from_bytes (file, (gsize) (text.data - start), size);
    }

  message = end_lines (text, size);
  g_autoptr (GBytes) header = dup_header ((Text) { (const char *) message->data, size });

  if (!has_id (header))
    {
      give_id (message, header);
      *anonymous = size;
    }

  return g_byte_array_free_to_bytes (message);
}

GBytes *
pinion_mime_import (GBytes  *file,
                    guint64 *anonymous,
                    GError **error)
{
  Text text, rest, line;
  gboolean is_mbox;

  text.data = g_bytes_get_data (file, &text.length);
  if (text.length > 0 && starts_with (&text, "\xef\xbb\xbf", 3))
    skip (&text, 3);

  rest = text;
  is_mbox = next_line (&rest, &line) && is_mbox_line (&line);
  if (is_mbox)
    text = rest;

  return check (&text, is_mbox, error) ? make_message (file, text, anonymous) : NULL;
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
