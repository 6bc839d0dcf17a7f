/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-framer.h"

#include <string.h>

#include "pinion-error.h"

/* A buffer that grew beyond this is not kept for the next response. */
#define KEEP_BUFFER (1024 * 1024)

#define FIRST_BUFFER ((gsize) 1024)

const PinionImapLimits pinion_imap_default_limits = {
  /* A search in a mailbox of a million messages is answered in one. */
  .line = 8 * 1024 * 1024,
  .literal = G_GUINT64_CONSTANT (2) * 1024 * 1024 * 1024,
  .kept = 1024 * 1024,
  .n_literals = 10000,
};

typedef enum
{
  STATE_NEW,     /* nothing of the next response yet */
  STATE_LINE,    /* in a line */
  STATE_LITERAL, /* in a literal */
  STATE_DONE,    /* a response can be read */
} State;

struct _PinionImapFramer
{
  PinionImapLimits limits;
  const PinionImapLiteralFuncs *funcs;
  gpointer user_data;

  State state;
  char *buffer;
  gsize length;
  gsize allocated;
  GArray *literals;
  gsize line_start;      /* after the last literal */
  gboolean may_announce; /* whether this response can hold literals */
  guint64 remaining;     /* of the literal */
};

static gboolean
fail_too_large (GError    **error,
                const char *what)
{
  return pinion_error_set (error, PINION_ERROR_TOO_LARGE, PINION_PROTOCOL_IMAP, PINION_STAGE_NONE,
                           "%s", what);
}

static void
release_literals (PinionImapFramer *self)
{
  if (self->literals->len == 0)
    return;

  for (guint i = 0; i < self->literals->len; i++)
    {
      PinionImapLiteral *literal = &g_array_index (self->literals, PinionImapLiteral, i);

      if (literal->stream != NULL)
        self->funcs->free (g_steal_pointer (&literal->stream));
    }
  g_array_set_size (self->literals, 0);
}

PinionImapFramer *
pinion_imap_framer_new (const PinionImapLimits       *limits,
                        const PinionImapLiteralFuncs *funcs,
                        gpointer                      user_data)
{
  PinionImapFramer *self = g_new0 (PinionImapFramer, 1);

  self->limits = limits != NULL ? *limits : pinion_imap_default_limits;
  self->funcs = funcs;
  self->user_data = user_data;
  self->literals = g_array_new (FALSE, TRUE, sizeof (PinionImapLiteral));

  return self;
}

void
pinion_imap_framer_free (PinionImapFramer *self)
{
  release_literals (self);
  g_array_unref (self->literals);
  g_free (self->buffer);
  g_free (self);
}

static void
start_response (PinionImapFramer *self)
{
  release_literals (self);
  if (self->allocated > KEEP_BUFFER)
    {
      g_clear_pointer (&self->buffer, g_free);
      self->allocated = 0;
    }
  self->length = 0;
  self->line_start = 0;
  self->may_announce = FALSE;
  self->state = STATE_LINE;
}

static gboolean
starts_with_word (const char *text,
                  gsize       length,
                  const char *word)
{
  gsize n = strlen (word);

  return length >= n && g_ascii_strncasecmp (text, word, n) == 0 &&
         (length == n || text[n] == ' ');
}

/* Whether the first line is one of data, not of text for people. */
static gboolean
is_data (const char *line,
         gsize       length)
{
  static const char *const words[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };

  if (length < 3 || line[0] != '*' || line[1] != ' ')
    return FALSE;
  if (g_ascii_isdigit (line[2]))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (starts_with_word (line + 2, length - 2, words[i]))
      return FALSE;

  return TRUE;
}

/* Finds "{123}" or "{123+}" at the end of the line; @brace is where it begins.  Returns whether the
 * line ends in one; a size that no number holds is G_MAXUINT64. */
static gboolean
find_announcement (PinionImapFramer *self,
                   gsize            *brace,
                   guint64          *size)
{
  const char *line = self->buffer;
  gsize at = self->length;
  gsize end;

  if (at < self->line_start + 3 || line[at - 1] != '}')
    return FALSE;

  at--;
  if (line[at - 1] == '+')
    at--;
  end = at;
  while (at > self->line_start && g_ascii_isdigit (line[at - 1]))
    at--;
  if (at == end || at == self->line_start || line[at - 1] != '{')
    return FALSE;

  *brace = at - 1;
  *size = 0;
  for (; at < end; at++)
    {
      if (*size > G_MAXUINT32)
        {
          *size = G_MAXUINT64;
          break;
        }
      *size = *size * 10 + (guint) (line[at] - '0');
    }

  return TRUE;
}

static gboolean
start_literal (PinionImapFramer *self,
               gsize             brace,
               guint64           size,
               GError          **error)
{
  PinionImapLiteral literal = { .start = self->length, .size = size };
  PinionImapLiteralPlace place = PINION_IMAP_LITERAL_KEEP;

  if (size > self->limits.literal)
    return fail_too_large (error, "The server announced a literal beyond the limit");
  if (self->literals->len >= self->limits.n_literals)
    return fail_too_large (error, "The server sent too many literals in one response");

  if (self->funcs != NULL)
    place = self->funcs->open (self->buffer, brace, size, &literal.stream, self->user_data);
  if (place == PINION_IMAP_LITERAL_REFUSE)
    return fail_too_large (error, "The server sends a large literal that nobody waits for");
  if (place == PINION_IMAP_LITERAL_KEEP && size > self->limits.kept)
    return fail_too_large (error, "The server sent a large literal where none belongs");

  g_array_append_val (self->literals, literal);
  self->remaining = size;
  self->state = STATE_LITERAL;

  return TRUE;
}

/* At a line's end; the line is in the buffer without it. */
static gboolean
end_line (PinionImapFramer *self,
          GError          **error)
{
  gsize brace;
  guint64 size;

  if (self->length > self->line_start && self->buffer[self->length - 1] == '\r')
    self->length--;

  if (self->line_start == 0 && self->literals->len == 0)
    self->may_announce = is_data (self->buffer, self->length);

  if (self->may_announce && find_announcement (self, &brace, &size))
    return start_literal (self, brace, size, error);

  self->state = STATE_DONE;

  return TRUE;
}

static gboolean
append (PinionImapFramer *self,
        const guint8     *data,
        gsize             length,
        GError          **error)
{
  if (self->length + length > self->limits.line)
    return fail_too_large (error, "The server sent a response beyond the limit");

  if (self->length + length > self->allocated)
    {
      self->allocated = MAX (FIRST_BUFFER, MAX (2 * self->allocated, self->length + length));
      self->buffer = g_realloc (self->buffer, self->allocated);
    }
  if (length > 0)
    memcpy (self->buffer + self->length, data, length);
  self->length += length;

  return TRUE;
}

static gboolean
push_line (PinionImapFramer *self,
           const guint8    **data,
           gsize            *length,
           GError          **error)
{
  const guint8 *end = memchr (*data, '\n', *length);
  gsize n = end != NULL ? (gsize) (end - *data) : *length;

  if (!append (self, *data, n, error))
    return FALSE;

  n += end != NULL;
  *data += n;
  *length -= n;

  return end == NULL || end_line (self, error);
}

static gboolean
push_literal (PinionImapFramer *self,
              const guint8    **data,
              gsize            *length,
              GError          **error)
{
  PinionImapLiteral *literal;
  gsize n = (gsize) MIN (self->remaining, *length);

  literal = &g_array_index (self->literals, PinionImapLiteral, self->literals->len - 1);
  if (literal->stream != NULL)
    {
      self->funcs->write (literal->stream, *data, n);
    }
  else
    {
      if (!append (self, *data, n, error))
        return FALSE;
      literal->length += n;
    }

  *data += n;
  *length -= n;
  self->remaining -= n;

  if (self->remaining == 0)
    {
      self->line_start = self->length;
      self->state = STATE_LINE;
    }

  return TRUE;
}

PinionImapFramerStatus
pinion_imap_framer_push (PinionImapFramer *self,
                         const guint8    **data,
                         gsize            *length,
                         GError          **error)
{
  if (self->state == STATE_DONE)
    self->state = STATE_NEW;

  while (*length > 0 || (self->state == STATE_LITERAL && self->remaining == 0))
    {
      gboolean fine;

      if (self->state == STATE_NEW)
        start_response (self);

      if (self->state == STATE_LITERAL)
        fine = push_literal (self, data, length, error);
      else
        fine = push_line (self, data, length, error);

      if (!fine)
        return PINION_IMAP_FRAMER_ERROR;
      if (self->state == STATE_DONE)
        return PINION_IMAP_FRAMER_RESPONSE;
    }

  return PINION_IMAP_FRAMER_MORE;
}

char *
pinion_imap_framer_get_response (PinionImapFramer *self,
                                 gsize            *length)
{
  *length = self->length;

  return self->buffer;
}

PinionImapLiteral *
pinion_imap_framer_get_literals (PinionImapFramer *self,
                                 guint            *n_literals)
{
  *n_literals = self->literals->len;

  return (PinionImapLiteral *) (gpointer) self->literals->data;
}

gboolean
pinion_imap_framer_is_inside (PinionImapFramer *self)
{
  return self->state == STATE_LINE || self->state == STATE_LITERAL;
}
