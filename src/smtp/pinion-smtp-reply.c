/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-reply.h"

#include "pinion-error.h"
#include "pinion-text.h"

#include <string.h>

struct _PinionSmtpReplyParser
{
  GByteArray *line;
  PinionSmtpReply *current;
  gsize size;
  GQueue complete;
  GError *broken;
};

/* -- Replies -------------------------------------------------------------------------------- */

static PinionSmtpReply *
pinion_smtp_reply_new (guint code)
{
  PinionSmtpReply *self = g_new0 (PinionSmtpReply, 1);

  self->code = code;
  self->lines = g_ptr_array_new_null_terminated (2, g_free, TRUE);

  return self;
}

void
pinion_smtp_reply_free (PinionSmtpReply *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->lines);
  g_free (self);
}

gboolean
pinion_smtp_reply_is_class (const PinionSmtpReply *self,
                            guint                  class_digit)
{
  return self->code / 100 == class_digit;
}

gboolean
pinion_smtp_reply_is_temporary (const PinionSmtpReply *self)
{
  if (self->code < 400)
    return FALSE;
  if (self->code == 421 || self->enhanced[0] == 0)
    return pinion_smtp_reply_is_class (self, 4);

  return self->enhanced[0] == 4;
}

gboolean
pinion_smtp_reply_has_status (const PinionSmtpReply *self,
                              guint                  class_digit,
                              guint                  subject,
                              guint                  detail)
{
  return self->enhanced[0] == class_digit && self->enhanced[1] == subject &&
         self->enhanced[2] == detail;
}

static char *
dup_joined (const PinionSmtpReply *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) self->lines->pdata[i]);

  return g_string_free_and_steal (text);
}

char *
pinion_smtp_reply_dup_text (const PinionSmtpReply *self)
{
  g_autofree char *joined = dup_joined (self);
  g_autofree char *text = g_strdup_printf ("%u %s", self->code, joined);

  return pinion_text_clean_line (text, -1, 1000);
}

gboolean
pinion_smtp_reply_mentions (const PinionSmtpReply *self,
                            const char            *words)
{
  g_autofree char *joined = dup_joined (self);
  g_autofree char *text = g_ascii_strdown (joined, -1);
  g_autofree char *lower = g_ascii_strdown (words, -1);

  return strstr (text, lower) != NULL;
}

/* -- Lines ---------------------------------------------------------------------------------- */

static gboolean
parse_number (const char **text,
              guint16     *number)
{
  guint value = 0;
  guint digits = 0;

  for (; g_ascii_isdigit (**text) && digits < 3; (*text)++, digits++)
    value = value * 10 + (guint) (**text - '0');

  *number = (guint16) value;
  return digits > 0;
}

/* Whether the class of a status code agrees with the code before it: yes with yes, no with no */
static gboolean
agrees (guint   code,
        guint16 class_digit)
{
  if (code < 400)
    return class_digit == 2 && code < 300;

  return class_digit == 4 || class_digit == 5;
}

/* status-code = ("2" / "4" / "5") "." 1*3digit "." 1*3digit (RFC 2034, 4) */
static void
parse_enhanced (PinionSmtpReply *reply,
                const char      *text)
{
  guint16 found[3];

  if (!parse_number (&text, &found[0]) || *text++ != '.')
    return;
  if (!parse_number (&text, &found[1]) || *text++ != '.')
    return;
  if (!parse_number (&text, &found[2]) || (*text != ' ' && *text != '\0'))
    return;

  if (agrees (reply->code, found[0]))
    memcpy (reply->enhanced, found, sizeof found);
}

static gboolean
parse_code (const GByteArray *line,
            guint            *code)
{
  if (line->len < 3 || line->data[0] < '2' || line->data[0] > '5' ||
      !g_ascii_isdigit (line->data[1]) || !g_ascii_isdigit (line->data[2]))
    return FALSE;
  if (line->len > 3 && line->data[3] != ' ' && line->data[3] != '-')
    return FALSE;

  *code = (guint) (line->data[0] - '0') * 100 + (guint) (line->data[1] - '0') * 10 +
          (guint) (line->data[2] - '0');
  return TRUE;
}

static char *
dup_line_text (const GByteArray *line)
{
  gsize length = line->len > 4 ? line->len - 4 : 0;
  char *text = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    text[i] = line->data[i + 4] != 0 ? (char) line->data[i + 4] : '?';
  text[length] = '\0';

  return text;
}

static gboolean
fail (PinionSmtpReplyParser *self,
      PinionErrorCode        code,
      const char            *message)
{
  self->broken = pinion_error_new (code, PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "%s", message);
  return FALSE;
}

/* Reply-line (RFC 5321, 4.2), without its line end */
static gboolean
take_line (PinionSmtpReplyParser *self)
{
  guint code;

  if (!parse_code (self->line, &code))
    return fail (self, PINION_ERROR_PROTOCOL, "The server's answer is no SMTP reply");
  if (self->current != NULL && self->current->code != code)
    return fail (self, PINION_ERROR_PROTOCOL, "The server's answer changes its code");

  if (self->current == NULL)
    {
      self->current = pinion_smtp_reply_new (code);
      self->size = 0;
    }
  self->size += self->line->len;
  if (self->size > PINION_SMTP_REPLY_MAX_SIZE)
    return fail (self, PINION_ERROR_TOO_LARGE, "The server's answer is too long");
  if (self->current->lines->len >= PINION_SMTP_REPLY_MAX_LINES)
    return fail (self, PINION_ERROR_TOO_LARGE, "The server's answer has too many lines");

  char *text = dup_line_text (self->line);
  g_ptr_array_add (self->current->lines, text);
  if (self->current->enhanced[0] == 0)
    parse_enhanced (self->current, text);

  if (self->line->len > 3 && self->line->data[3] == '-')
    return TRUE;

  if (g_queue_get_length (&self->complete) >= PINION_SMTP_REPLY_MAX_WAITING)
    return fail (self, PINION_ERROR_PROTOCOL, "The server answers without being asked");

  g_queue_push_tail (&self->complete, g_steal_pointer (&self->current));
  return TRUE;
}

/* -- The parser ----------------------------------------------------------------------------- */

PinionSmtpReplyParser *
pinion_smtp_reply_parser_new (void)
{
  PinionSmtpReplyParser *self = g_new0 (PinionSmtpReplyParser, 1);

  self->line = g_byte_array_new ();
  g_queue_init (&self->complete);

  return self;
}

void
pinion_smtp_reply_parser_free (PinionSmtpReplyParser *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->line);
  pinion_smtp_reply_free (self->current);
  g_queue_clear_full (&self->complete, (GDestroyNotify) pinion_smtp_reply_free);
  g_clear_error (&self->broken);
  g_free (self);
}

/* @end: whether @data ends with a line feed (which it contains). */
static gboolean
take_piece (PinionSmtpReplyParser *self,
            const guint8          *data,
            gsize                  length,
            gboolean               end)
{
  if (self->line->len + length > PINION_SMTP_REPLY_MAX_LINE)
    return fail (self, PINION_ERROR_TOO_LARGE, "A line of the server's answer is too long");

  g_byte_array_append (self->line, data, (guint) length);
  if (!end)
    return TRUE;

  g_byte_array_set_size (self->line, self->line->len - 1);
  /* Some servers forget the carriage return. */
  if (self->line->len > 0 && self->line->data[self->line->len - 1] == '\r')
    g_byte_array_set_size (self->line, self->line->len - 1);

  gboolean good = take_line (self);
  g_byte_array_set_size (self->line, 0);
  return good;
}

gboolean
pinion_smtp_reply_parser_feed (PinionSmtpReplyParser *self,
                               const guint8          *data,
                               gsize                  length,
                               GError               **error)
{
  while (length > 0 && self->broken == NULL)
    {
      const guint8 *end = memchr (data, '\n', length);
      gsize piece = end != NULL ? (gsize) (end - data) + 1 : length;

      take_piece (self, data, piece, end != NULL);
      data += piece;
      length -= piece;
    }

  if (self->broken == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->broken));
  return FALSE;
}

PinionSmtpReply *
pinion_smtp_reply_parser_pop (PinionSmtpReplyParser *self)
{
  return g_queue_pop_head (&self->complete);
}

gboolean
pinion_smtp_reply_parser_is_empty (PinionSmtpReplyParser *self)
{
  return self->broken == NULL && self->line->len == 0 && self->current == NULL &&
         g_queue_is_empty (&self->complete);
}
