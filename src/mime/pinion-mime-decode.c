/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mime-decode.h"

#include "pinion-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (32 * 1024)

/* Gets a piece of decoded bytes; returns whether to go on. */
typedef gboolean (*SinkFunc) (const char *data,
                              gsize       length,
                              gpointer    user_data,
                              GError    **error);

typedef struct
{
  GByteArray *bytes;
  gsize max;
  gboolean is_whole;
} MemorySink;

GMimeContentEncoding
pinion_mime_parse_encoding (const char *value)
{
  g_autofree char *token = NULL;

  if (value == NULL)
    return GMIME_CONTENT_ENCODING_DEFAULT;

  /* Exchange is known to leave a blank behind; others a comment */
  token = g_strndup (value, strcspn (value, " \t;("));

  return g_mime_content_encoding_from_string (token);
}

static gboolean
is_encoded (GMimeContentEncoding encoding)
{
  return encoding == GMIME_CONTENT_ENCODING_BASE64
         || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
         || encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

guint64
pinion_mime_estimate_decoded (const char          *data,
                              gsize                length,
                              GMimeContentEncoding encoding)
{
  const char *newline;
  gsize line;

  if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_UUENCODE)
    return length;

  newline = length > 0 ? memchr (data, '\n', length) : NULL;
  if (newline == NULL)
    return length / 4 * 3;

  line = (gsize) (newline - data);
  if (line > 0 && data[line - 1] == '\r')
    line--;

  return (guint64) length * line / ((gsize) (newline - data) + 1) / 4 * 3;
}

/* Runs @data through the decoder in chunks. */
static gboolean
decode_into (const char          *data,
             gsize                length,
             GMimeContentEncoding encoding,
             SinkFunc             sink,
             gpointer             user_data,
             GError             **error)
{
  g_autofree char *out = NULL;
  GMimeEncoding state;

  if (!is_encoded (encoding))
    return sink (data, length, user_data, error);

  g_mime_encoding_init_decode (&state, encoding);
  out = g_malloc (g_mime_encoding_outlen (&state, CHUNK) + CHUNK);
  while (length > 0)
    {
      gsize n = MIN (length, CHUNK);
      gsize decoded = g_mime_encoding_step (&state, data, n, out);

      if (!sink (out, decoded, user_data, error))
        return FALSE;
      data += n;
      length -= n;
    }

  return TRUE;
}

static gboolean
sink_to_memory (const char *data,
                gsize       length,
                gpointer    user_data,
                GError    **error)
{
  MemorySink *sink = user_data;
  gsize room = sink->max - sink->bytes->len;

  sink->is_whole = length <= room;
  if (length > 0)
    g_byte_array_append (sink->bytes, (const guint8 *) data, (guint) MIN (length, room));

  return sink->is_whole;
}

GByteArray *
pinion_mime_decode (const char          *data,
                    gsize                length,
                    GMimeContentEncoding encoding,
                    gsize                max,
                    gboolean            *is_whole)
{
  MemorySink sink = { g_byte_array_new (), MIN (max, G_MAXINT), TRUE };

  decode_into (data, length, encoding, sink_to_memory, &sink, NULL);
  *is_whole = sink.is_whole;

  return sink.bytes;
}

gboolean
pinion_mime_set_errno_error (GError    **error,
                             int         saved_errno,
                             const char *what)
{
  PinionErrorCode code = PINION_ERROR_STORE_FAILED;

  if (saved_errno == ENOSPC || saved_errno == EDQUOT)
    code = PINION_ERROR_DISK_FULL;
  else if (saved_errno == EEXIST || saved_errno == ELOOP)
    code = PINION_ERROR_INVALID_ARGUMENT;

  return pinion_error_set (error, code, PINION_PROTOCOL_NONE, PINION_STAGE_NONE, "%s: %s", what,
                           g_strerror (saved_errno));
}

int
pinion_mime_create_file (const char *path,
                         GError    **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    pinion_mime_set_errno_error (error, errno, "Cannot create the file");

  return fd;
}

gboolean
pinion_mime_write_all (int         fd,
                       const char *data,
                       gsize       length,
                       GError    **error)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return pinion_mime_set_errno_error (error, errno, "Cannot write the file");
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

gboolean
pinion_mime_finish_file (int         fd,
                         const char *path,
                         gboolean    is_good,
                         GError    **error)
{
  if (close (fd) < 0 && is_good)
    is_good = pinion_mime_set_errno_error (error, errno, "Cannot write the file");
  if (!is_good)
    unlink (path);

  return is_good;
}

static gboolean
sink_to_file (const char *data,
              gsize       length,
              gpointer    user_data,
              GError    **error)
{
  return pinion_mime_write_all (GPOINTER_TO_INT (user_data), data, length, error);
}

gboolean
pinion_mime_decode_to_file (const char          *data,
                            gsize                length,
                            GMimeContentEncoding encoding,
                            const char          *path,
                            GError             **error)
{
  int fd = pinion_mime_create_file (path, error);
  gboolean is_good;

  if (fd < 0)
    return FALSE;

  is_good = decode_into (data, length, encoding, sink_to_file, GINT_TO_POINTER (fd), error);

  return pinion_mime_finish_file (fd, path, is_good, error);
}
