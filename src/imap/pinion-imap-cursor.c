/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-cursor.h"

#include <string.h>

void
pinion_imap_cursor_init (PinionImapCursor *self,
                         PinionImapFramer *framer)
{
  static char nothing[1];
  gsize length;

  memset (self, 0, sizeof *self);
  self->start = pinion_imap_framer_get_response (framer, &length);
  if (self->start == NULL)
    self->start = nothing;
  self->at = self->start;
  self->end = self->start + length;
  self->literals = pinion_imap_framer_get_literals (framer, &self->n_literals);
}

gboolean
pinion_imap_cursor_fail (PinionImapCursor *self,
                         const char       *expected)
{
  if (self->expected == NULL)
    {
      self->expected = expected;
      self->error_offset = (gsize) (self->at - self->start);
    }
  self->at = self->end;

  return FALSE;
}

gboolean
pinion_imap_cursor_accept_word (PinionImapCursor *self,
                                const char       *word)
{
  gsize left = (gsize) (self->end - self->at);
  gsize length = pinion_imap_match_word (self->at, left, word);

  if (length == 0)
    return FALSE;
  if (left > length && strchr (" ()[]<", self->at[length]) == NULL)
    return FALSE;

  self->at += length;

  return TRUE;
}

static gboolean
continues_number (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '+' || c == '-' || c == '\0';
}

guint64
pinion_imap_cursor_number (PinionImapCursor *self,
                           guint64           most)
{
  const guint64 roomy = (G_MAXUINT64 - 9) / 10;
  guint64 value = 0;
  char *at = self->at;

  for (; at < self->end && g_ascii_isdigit (*at) && value <= roomy; at++)
    value = value * 10 + (guint) (*at - '0');

  /* "1e5", "5.0" and "0x10" are no numbers, nor are their beginnings. */
  if (at == self->at || (at < self->end && !g_ascii_isdigit (*at) && continues_number (*at)))
    pinion_imap_cursor_fail (self, "a number");
  else if (value > most || (at < self->end && g_ascii_isdigit (*at)))
    pinion_imap_cursor_fail (self, "a smaller number");
  else
    self->at = at;

  return self->expected == NULL ? value : 0;
}

/* What ends an atom; NUL and the other controls are below the blank. */
static const gboolean ends_atom[256] = {
  [0 ... 0x20] = TRUE, [0x7f] = TRUE, ['('] = TRUE, [')'] = TRUE,
  ['"'] = TRUE,        ['['] = TRUE,  [']'] = TRUE, ['{'] = TRUE,
};

gboolean
pinion_imap_cursor_atom (PinionImapCursor *self,
                         PinionImapSlice  *slice)
{
  char *at = self->at;

  while (at < self->end && !ends_atom[(guchar) *at])
    at++;
  *slice = (PinionImapSlice){ .data = self->at, .length = (gsize) (at - self->at) };
  self->at = at;

  return slice->length > 0 || pinion_imap_cursor_fail (self, "an atom");
}

gboolean
pinion_imap_cursor_word (PinionImapCursor *self,
                         PinionImapSlice  *slice)
{
  *slice = (PinionImapSlice){ .data = self->at };
  while (self->at < self->end &&
         (!ends_atom[(guchar) *self->at] || *self->at == '[' || *self->at == ']'))
    self->at++;
  slice->length = (gsize) (self->at - slice->data);

  return slice->length > 0 || pinion_imap_cursor_fail (self, "an atom");
}

static gboolean
take_quoted (PinionImapCursor *self,
             PinionImapSlice  *slice)
{
  char *out;

  self->at++;
  out = self->at;
  *slice = (PinionImapSlice){ .data = out };

  while (self->at < self->end && *self->at != '"')
    {
      if (*self->at == '\\' && self->at + 1 < self->end)
        self->at++;
      *out++ = *self->at++;
    }
  slice->length = (gsize) (out - slice->data);

  return pinion_imap_cursor_accept (self, '"') || pinion_imap_cursor_fail (self, "a closing quote");
}

static gboolean
take_literal (PinionImapCursor *self,
              PinionImapSlice  *slice)
{
  char *close = memchr (self->at, '}', (gsize) (self->end - self->at));
  gsize start = close != NULL ? (gsize) (close + 1 - self->start) : 0;

  while (self->next_literal < self->n_literals &&
         self->literals[self->next_literal].start < start)
    self->next_literal++;

  if (close == NULL || self->next_literal == self->n_literals ||
      self->literals[self->next_literal].start != start)
    return pinion_imap_cursor_fail (self, "a literal");

  slice->literal = &self->literals[self->next_literal++];
  slice->data = self->start + slice->literal->start;
  slice->length = slice->literal->length;
  self->at = slice->data + slice->length;

  return TRUE;
}

gboolean
pinion_imap_cursor_string (PinionImapCursor *self,
                           PinionImapSlice  *slice)
{
  char c = pinion_imap_cursor_peek (self);

  *slice = (PinionImapSlice){ 0 };
  if (c == '"')
    return take_quoted (self, slice);
  if (c == '{')
    return take_literal (self, slice);
  if (c == '~' && self->at + 1 < self->end && self->at[1] == '{')
    {
      self->at++;
      return take_literal (self, slice);
    }

  return pinion_imap_cursor_fail (self, "a string");
}

gboolean
pinion_imap_cursor_astring (PinionImapCursor *self,
                            PinionImapSlice  *slice)
{
  char c = pinion_imap_cursor_peek (self);

  if (c == '"' || c == '{')
    return pinion_imap_cursor_string (self, slice);

  return pinion_imap_cursor_word (self, slice);
}

gboolean
pinion_imap_cursor_nstring (PinionImapCursor *self,
                            PinionImapSlice  *slice)
{
  if (pinion_imap_cursor_accept_word (self, "NIL"))
    {
      *slice = (PinionImapSlice){ 0 };
      return TRUE;
    }

  return pinion_imap_cursor_string (self, slice);
}

void
pinion_imap_cursor_rest (PinionImapCursor *self,
                         PinionImapSlice  *slice)
{
  *slice = (PinionImapSlice){ .data = self->at, .length = (gsize) (self->end - self->at) };
  self->at = self->end;
}

/* One token that is no bracket; brackets within an atom ("BODY[TEXT]") belong to it. */
static gboolean
skip_token (PinionImapCursor *self)
{
  PinionImapSlice slice;
  char c = pinion_imap_cursor_peek (self);

  if (c == '"' || c == '{' || (c == '~' && self->at + 1 < self->end && self->at[1] == '{'))
    return pinion_imap_cursor_string (self, &slice);

  if (c == '[' || c == ']')
    {
      self->at++;
      return TRUE;
    }

  return pinion_imap_cursor_atom (self, &slice);
}

gboolean
pinion_imap_cursor_skip_value (PinionImapCursor *self,
                               guint             max_depth)
{
  guint depth = 0;

  do
    {
      if (depth > 0)
        pinion_imap_cursor_skip_blanks (self);

      if (pinion_imap_cursor_accept (self, '('))
        {
          if (++depth > max_depth)
            {
              self->too_deep = TRUE;
              return pinion_imap_cursor_fail (self, "fewer lists within lists");
            }
        }
      else if (depth > 0 && pinion_imap_cursor_accept (self, ')'))
        depth--;
      else if (!skip_token (self))
        return FALSE;
    }
  while (depth > 0);

  return TRUE;
}

char *
pinion_imap_slice_dup (const PinionImapSlice *self)
{
  if (self->data == NULL || memchr (self->data, '\0', self->length) != NULL)
    return NULL;

  return g_strndup (self->data, self->length);
}
