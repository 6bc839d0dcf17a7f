/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-compose.h"

#include "pinion-account.h"
#include "pinion-error.h"
#include "pinion-mime-bounds.h"
#include "pinion-mime-decode.h"
#include "pinion-mime-tree.h"
#include "pinion-text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINE 998
#define MAX_PLAIN_LINE 78
#define MAX_REFERENCES_LENGTH (16 * 1024)

/* While one message is put together; @n_multiparts numbers the boundaries. */
typedef struct
{
  const PinionMimeDraft *draft;
  const char *message_id;
  guint n_multiparts;
} Composer;

/* -- Parts ------------------------------------------------------------------------------------ */

/* Boundaries come from the random message id: no text can hold them by chance or by guess, and the
 * same draft gives the same message. */
static GMimeMultipart *
new_multipart (Composer   *composer,
               const char *subtype)
{
  GMimeMultipart *multipart = g_mime_multipart_new_with_subtype (subtype);
  g_autofree char *seed = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *boundary = NULL;

  seed = g_strdup_printf ("%u %s", composer->n_multiparts++, composer->message_id);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
  boundary = g_strdup_printf ("=_%.40s", sum);
  g_mime_multipart_set_boundary (multipart, boundary);

  return multipart;
}

static void
add_part (GMimeMultipart *multipart,
          GMimeObject    *part)
{
  g_mime_multipart_add (multipart, part);
  g_object_unref (part);
}

/* How text goes through any server unchanged: as it is if it is plain and short, else
 * quoted-printable, else base64 when little of it is Latin. */
static GMimeContentEncoding
choose_encoding (const char *text)
{
  gsize eight_bit = 0;
  gsize line = 0;
  gsize longest = 0;
  gsize length;

  for (length = 0; text[length] != '\0'; length++)
    {
      if ((guchar) text[length] >= 0x80)
        eight_bit++;
      line = text[length] == '\n' ? 0 : line + 1;
      longest = MAX (longest, line);
    }

  if (eight_bit == 0 && longest <= MAX_PLAIN_LINE)
    return GMIME_CONTENT_ENCODING_7BIT;

  return eight_bit > length / 3 ? GMIME_CONTENT_ENCODING_BASE64
                                : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

static GMimeObject *
new_text_part (const char *text,
               const char *subtype)
{
  GMimePart *part = g_mime_part_new_with_type ("text", subtype);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) lines = NULL;
  g_autofree char *content = NULL;
  GMimeContentEncoding encoding;
  GMimeDataWrapper *wrapper;
  GMimeStream *stream;

  g_strdelimit (valid, "\f\v", ' ');
  lines = g_strsplit (valid, "\r\n", -1);
  content = g_strjoinv ("\n", lines);
  g_strdelimit (content, "\r", '\n');
  encoding = choose_encoding (content);
  if (encoding == GMIME_CONTENT_ENCODING_BASE64)
    {
      g_strfreev (lines);
      lines = g_strsplit (content, "\n", -1);
      g_free (content);
      content = g_strjoinv ("\r\n", lines);
    }

  stream = g_mime_stream_mem_new_with_buffer (content, strlen (content));
  wrapper = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", "utf-8");
  g_mime_part_set_content (part, wrapper);
  g_mime_part_set_content_encoding (part, encoding);
  g_object_unref (wrapper);
  g_object_unref (stream);

  return GMIME_OBJECT (part);
}

/* -- Attachments ------------------------------------------------------------------------------ */

/* What is known of a file after one look through it: whether a mail server passes it on unchanged
 * without encoding. */
typedef struct
{
  gsize line;
  char last;
  gboolean is_clean;
} LineCheck;

static void
check_lines (LineCheck  *check,
             const char *data,
             gsize       length)
{
  for (gsize i = 0; i < length && check->is_clean; i++)
    {
      char c = data[i];

      if ((guchar) c >= 0x80 || c == '\0' || (c == '\n') != (check->last == '\r')
          || ++check->line > MAX_LINE + 2)
        check->is_clean = FALSE;
      if (c == '\n')
        check->line = 0;
      check->last = c;
    }
}

static gboolean
is_clean_file (int fd)
{
  LineCheck check = { 0, '\n', TRUE };
  g_autofree char *buffer = g_malloc (64 * 1024);
  gssize n;

  while (check.is_clean && (n = read (fd, buffer, 64 * 1024)) > 0)
    check_lines (&check, buffer, (gsize) n);

  return check.is_clean && check.last == '\n' && lseek (fd, 0, SEEK_SET) == 0;
}

/* The type to declare: what was said, what the name tells, else bytes. A message may only be
 * declared one where it needs no encoding (RFC 2046 5.2.1). */
static char *
choose_type (const PinionMimeAttachment *attachment,
             gboolean                    is_clean)
{
  g_autofree char *guessed = NULL;
  g_autofree char *type = NULL;
  const char *slash;

  if (attachment->content_type != NULL)
    type = g_ascii_strdown (attachment->content_type, -1);
  else
    {
      guessed = g_content_type_guess (attachment->name, NULL, 0, NULL);
      type = g_content_type_get_mime_type (guessed);
    }

  slash = type != NULL ? strchr (type, '/') : NULL;
  if (slash == NULL || slash == type || slash[1] == '\0' || strlen (type) > 120
      || type[strspn (type, "abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-/")] != '\0'
      || strchr (slash + 1, '/') != NULL || g_str_has_prefix (type, "multipart/")
      || (g_str_has_prefix (type, "message/")
       && !(is_clean && g_str_equal (type, "message/rfc822"))))
    return g_strdup ("application/octet-stream");

  return g_steal_pointer (&type);
}

static gboolean
is_message_id (const char *id)
{
  if (id == NULL || *id == '\0' || strlen (id) > PINION_MIME_MAX_MESSAGE_ID)
    return FALSE;

  for (const char *p = id; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || (guchar) *p >= 0x7f || strchr ("<>(),;\\\"", *p) != NULL)
      return FALSE;

  return TRUE;
}

static int
open_attachment (const PinionMimeAttachment *attachment,
                 GError                    **error)
{
  int fd = open (attachment->path, O_RDONLY | O_CLOEXEC);
  char probe;

  /* A folder opens, but does not read */
  if (fd >= 0 && read (fd, &probe, 1) >= 0 && lseek (fd, 0, SEEK_SET) == 0)
    return fd;

  GError *made = pinion_error_new (PINION_ERROR_NOT_FOUND, PINION_PROTOCOL_NONE, PINION_STAGE_NONE,
                                   "Cannot read the attachment: %s", g_strerror (errno));

  if (fd >= 0)
    close (fd);
  pinion_error_set_detail (made, "path", attachment->path);
  g_propagate_error (error, made);

  return -1;
}

static GMimeObject *
new_attachment_part (const PinionMimeAttachment *attachment,
                     GError                    **error)
{
  int fd = open_attachment (attachment, error);
  g_autofree char *name = NULL;
  g_autofree char *type = NULL;
  gboolean is_message;
  GMimeDataWrapper *wrapper;
  GMimeStream *stream;
  GMimePart *part;
  char *slash;

  if (fd < 0)
    return NULL;

  type = choose_type (attachment, is_clean_file (fd));
  lseek (fd, 0, SEEK_SET);
  is_message = g_str_has_prefix (type, "message/");
  slash = strchr (type, '/');
  *slash = '\0';
  part = g_mime_part_new_with_type (type, slash + 1);

  stream = g_mime_stream_fs_new (fd);
  wrapper = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content (part, wrapper);
  g_mime_part_set_content_encoding (part, is_message ? GMIME_CONTENT_ENCODING_7BIT
                                                     : GMIME_CONTENT_ENCODING_BASE64);
  g_object_unref (wrapper);
  g_object_unref (stream);

  name = pinion_text_safe_file_name (attachment->name);
  g_mime_object_set_disposition (GMIME_OBJECT (part),
                                 attachment->content_id != NULL ? "inline" : "attachment");
  g_mime_part_set_filename (part, name);
  if (is_message_id (attachment->content_id))
    g_mime_part_set_content_id (part, attachment->content_id);

  return GMIME_OBJECT (part);
}

/* Adds the attachments that have a Content-ID, or those that have none. */
static gboolean
add_attachments (Composer       *composer,
                 GMimeMultipart *multipart,
                 gboolean        with_id,
                 GError        **error)
{
  GPtrArray *attachments = composer->draft->attachments;

  for (guint i = 0; i < attachments->len; i++)
    {
      const PinionMimeAttachment *attachment = g_ptr_array_index (attachments, i);
      GMimeObject *part;

      if ((attachment->content_id != NULL) != with_id)
        continue;
      part = new_attachment_part (attachment, error);
      if (part == NULL)
        return FALSE;
      add_part (multipart, part);
    }

  return TRUE;
}

static gboolean
has_attachments (Composer *composer,
                 gboolean  with_id)
{
  GPtrArray *attachments = composer->draft->attachments;

  for (guint i = 0; i < attachments->len; i++)
    if ((((PinionMimeAttachment *) g_ptr_array_index (attachments, i))->content_id != NULL) ==
        with_id)
      return TRUE;

  return FALSE;
}

/* -- The body --------------------------------------------------------------------------------- */

/* The HTML, with the pictures it shows. */
static GMimeObject *
new_html (Composer *composer,
          GError  **error)
{
  GMimeObject *html = new_text_part (composer->draft->html, "html");
  GMimeMultipart *related;

  if (!has_attachments (composer, TRUE))
    return html;

  related = new_multipart (composer, "related");
  add_part (related, html);
  if (!add_attachments (composer, related, TRUE, error))
    g_clear_object (&related);

  return GMIME_OBJECT (related);
}

static GMimeObject *
new_text (Composer *composer,
          GError  **error)
{
  GMimeObject *text = new_text_part (composer->draft->text, "plain");
  GMimeMultipart *alternative;
  GMimeObject *html;

  if (composer->draft->html == NULL)
    return text;

  alternative = new_multipart (composer, "alternative");
  add_part (alternative, text);
  html = new_html (composer, error);
  if (html == NULL)
    {
      g_object_unref (alternative);
      return NULL;
    }
  add_part (alternative, html);

  return GMIME_OBJECT (alternative);
}

static GMimeObject *
new_body (Composer *composer,
          GError  **error)
{
  gboolean lost_pictures = composer->draft->html == NULL && has_attachments (composer, TRUE);
  GMimeMultipart *mixed;
  GMimeObject *text;

  if (!has_attachments (composer, FALSE) && !lost_pictures)
    return new_text (composer, error);

  mixed = new_multipart (composer, "mixed");
  text = new_text (composer, error);
  if (text != NULL)
    add_part (mixed, text);
  if (text == NULL || !add_attachments (composer, mixed, FALSE, error)
      || (lost_pictures && !add_attachments (composer, mixed, TRUE, error)))
    g_clear_object (&mixed);

  return GMIME_OBJECT (mixed);
}

/* -- Headers ---------------------------------------------------------------------------------- */

static gboolean
add_addresses (GMimeMessage    *message,
               GMimeAddressType type,
               GPtrArray       *list,
               GError         **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (list, i);
      g_autofree char *wire = pinion_mime_address_to_wire (address->address, error);
      g_autofree char *name = NULL;

      if (wire == NULL)
        return FALSE;
      name = pinion_text_clean_line (address->name, -1, 200);
      g_mime_message_add_mailbox (message, type, *name != '\0' ? name : NULL, wire);
    }

  return TRUE;
}

static gboolean
set_addresses (GMimeMessage          *message,
               const PinionMimeDraft *draft,
               GError               **error)
{
  g_autoptr (GPtrArray) from = pinion_mime_address_list_new ();

  g_ptr_array_add (from, pinion_mime_address_copy (draft->from));

  return add_addresses (message, GMIME_ADDRESS_TYPE_FROM, from, error)
         && add_addresses (message, GMIME_ADDRESS_TYPE_REPLY_TO, draft->reply_to, error)
         && add_addresses (message, GMIME_ADDRESS_TYPE_TO, draft->to, error)
         && add_addresses (message, GMIME_ADDRESS_TYPE_CC, draft->cc, error)
         && add_addresses (message, GMIME_ADDRESS_TYPE_BCC, draft->bcc, error);
}

static void
set_thread (GMimeMessage          *message,
            const PinionMimeDraft *draft)
{
  g_autoptr (GString) references = g_string_new (NULL);

  for (guint i = 0; i < draft->references->len; i++)
    {
      const char *id = g_ptr_array_index (draft->references, i);

      if (!is_message_id (id) || references->len + strlen (id) > MAX_REFERENCES_LENGTH)
        continue;
      g_string_append_printf (references, "%s<%s>", references->len > 0 ? " " : "", id);
    }

  if (is_message_id (draft->in_reply_to))
    {
      g_autofree char *value = g_strconcat ("<", draft->in_reply_to, ">", NULL);

      g_mime_object_set_header (GMIME_OBJECT (message), "In-Reply-To", value, NULL);
    }
  if (references->len > 0)
    g_mime_object_set_header (GMIME_OBJECT (message), "References", references->str, NULL);
}

static GMimeMessage *
new_message (const PinionMimeDraft *draft,
             const char            *message_id,
             GError               **error)
{
  Composer composer = { draft, message_id, 0 };
  GMimeMessage *message = g_mime_message_new (TRUE);
  g_autofree char *subject = pinion_text_clean_line (draft->subject, -1, 1000);
  g_autoptr (GDateTime) date = NULL;
  GMimeObject *body;

  if (!set_addresses (message, draft, error))
    {
      g_object_unref (message);
      return NULL;
    }
  body = new_body (&composer, error);
  if (body == NULL)
    {
      g_object_unref (message);
      return NULL;
    }

  g_mime_message_set_subject (message, subject, "utf-8");
  date = draft->date != 0 ? g_date_time_new_from_unix_local (draft->date)
                          : g_date_time_new_now_local ();
  g_mime_message_set_date (message, date);
  g_mime_message_set_message_id (message, message_id);
  set_thread (message, draft);
  g_mime_message_set_mime_part (message, body);
  g_object_unref (body);

  return message;
}

/* -- Writing ---------------------------------------------------------------------------------- */

static gboolean
write_message (GMimeMessage *message,
               int           fd,
               gboolean      with_bcc,
               GError      **error)
{
  GMimeFormatOptions *options = g_mime_format_options_clone (g_mime_format_options_get_default ());
  GMimeStream *file = g_mime_stream_fs_new (fd);
  GMimeStream *stream = g_mime_stream_buffer_new (file, GMIME_STREAM_BUFFER_BLOCK_WRITE);
  gboolean is_good;

  g_mime_stream_fs_set_owner (GMIME_STREAM_FS (file), FALSE);
  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  if (!with_bcc)
    g_mime_format_options_add_hidden_header (options, "Bcc");

  errno = 0;
  is_good = g_mime_object_write_to_stream (GMIME_OBJECT (message), options, stream) >= 0
            && g_mime_stream_flush (stream) >= 0;
  if (!is_good)
    pinion_mime_set_errno_error (error, errno != 0 ? errno : EIO, "Cannot write the message");
  g_object_unref (stream);
  g_object_unref (file);
  g_mime_format_options_free (options);

  return is_good;
}

gboolean
pinion_mime_compose_to_file (const PinionMimeDraft *self,
                             const char            *path,
                             gboolean               with_bcc,
                             char                 **message_id,
                             GError               **error)
{
  g_autofree char *id = NULL;
  GMimeMessage *message;
  gboolean is_good;
  int fd;

  id = is_message_id (self->message_id) ? g_strdup (self->message_id)
                                        : pinion_mime_new_message_id (self->from->address);
  message = new_message (self, id, error);
  if (message == NULL)
    return FALSE;

  fd = pinion_mime_create_file (path, error);
  if (fd < 0)
    {
      g_object_unref (message);
      return FALSE;
    }
  is_good = write_message (message, fd, with_bcc, error);
  g_object_unref (message);
  if (!pinion_mime_finish_file (fd, path, is_good, error))
    return FALSE;

  if (message_id != NULL)
    *message_id = g_steal_pointer (&id);

  return TRUE;
}
