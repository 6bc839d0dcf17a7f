/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes that wipe themselves, and their base64. */

#include "pinion-sasl-private.h"

#include <string.h>

typedef struct
{
  gsize length;
  guint8 data[];
} WipedBytes;

static void
wiped_bytes_free (gpointer data)
{
  WipedBytes *self = data;

  explicit_bzero (self->data, self->length);
  g_free (self);
}

static WipedBytes *
wiped_bytes_new (gsize length)
{
  WipedBytes *self = g_malloc (sizeof *self + length);

  self->length = length;
  return self;
}

static GBytes *
wiped_bytes_to_bytes (WipedBytes *self)
{
  return g_bytes_new_with_free_func (self->data, self->length, wiped_bytes_free, self);
}

GBytes *
pinion_sasl_bytes_new (gconstpointer data,
                       gsize         length)
{
  WipedBytes *bytes = wiped_bytes_new (length);

  if (length > 0)
    memcpy (bytes->data, data, length);
  return wiped_bytes_to_bytes (bytes);
}

void
pinion_sasl_wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

GBytes *
pinion_sasl_encode_line (const char *prefix,
                         GBytes     *response,
                         gboolean    initial)
{
  gsize before = strlen (prefix);
  gsize size;
  const guint8 *data = g_bytes_get_data (response, &size);
  /* As g_base64_encode_step () asks for, and CRLF */
  WipedBytes *line = wiped_bytes_new (before + (size / 3 + 1) * 4 + 4 + 2);
  char *out = (char *) line->data + before;
  int state = 0, save = 0;

  memcpy (line->data, prefix, before);
  if (size > 0)
    {
      out += g_base64_encode_step (data, size, FALSE, out, &state, &save);
      out += g_base64_encode_close (FALSE, out, &state, &save);
    }
  else if (initial)
    {
      *out++ = '=';
    }

  *out++ = '\r';
  *out++ = '\n';
  line->length = (gsize) (out - (char *) line->data);

  return wiped_bytes_to_bytes (line);
}

GBytes *
pinion_sasl_decode (const char *base64,
                    GError    **error)
{
  g_autofree char *text = g_strstrip (g_strdup (base64));
  gsize length = strlen (text);
  gsize digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  if (length % 4 != 0 || length - digits > 2 || strspn (text + digits, "=") != length - digits)
    {
      pinion_error_set (error, PINION_ERROR_PROTOCOL, PINION_PROTOCOL_NONE, PINION_STAGE_SIGN_IN,
                        "The server's challenge is not base64");
      return NULL;
    }

  if (length == 0)
    return g_bytes_new (NULL, 0);

  guchar *data = g_base64_decode (text, &length);
  return g_bytes_new_take (data, length);
}
