/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the targets of IMAP's grammar share: responses from bytes, and a strict reader of its own
 * that knows nothing of the code under test (RFC 3501, 9). */

#pragma once

#include "fuzz.h"
#include "pinion-imap-fetch.h"

G_BEGIN_DECLS

/* -- Responses ------------------------------------------------------------------------------ */

typedef void (*FuzzResponseFunc) (PinionImapResponse *response,
                                  gpointer            user_data);

/* Every response in @prefix and the input that can be parsed.  The bytes are copied to a place of
 * their own, so that a read beyond them is noticed. */
static inline void
fuzz_imap_each (const char      *prefix,
                const guint8    *data,
                gsize            size,
                FuzzResponseFunc func,
                gpointer         user_data)
{
  g_autoptr (PinionImapFramer) framer = pinion_imap_framer_new (NULL, NULL, NULL);
  gsize before = strlen (prefix);
  gsize left = before + size + 2;
  g_autofree guint8 *bytes = g_malloc (left);
  const guint8 *at = bytes;
  PinionImapResponse response;

  memcpy (bytes, prefix, before);
  if (size > 0)
    memcpy (bytes + before, data, size);
  memcpy (bytes + before + size, "\r\n", 2);

  pinion_imap_response_init (&response);
  while (pinion_imap_framer_push (framer, &at, &left, NULL) == PINION_IMAP_FRAMER_RESPONSE)
    if (pinion_imap_response_parse (&response, framer, NULL))
      func (&response, user_data);
  pinion_imap_response_clear (&response);
}

/* Whether a slice lies within its response. */
static inline void
fuzz_imap_assert_inside (const PinionImapResponse *response,
                         const PinionImapSlice    *slice)
{
  if (slice->data == NULL)
    {
      g_assert_cmpuint (slice->length, ==, 0);
      return;
    }

  g_assert_true (slice->data >= response->cursor.start);
  g_assert_true (slice->data <= response->cursor.end);
  g_assert_cmpuint (slice->length, <=, (gsize) (response->cursor.end - slice->data));
}

/* -- The strict reader ---------------------------------------------------------------------- */

/* @good: as long as everything was as the grammar wants it. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean good;
} StrictReader;

static inline gboolean
strict_accept (StrictReader *self,
               const char   *text)
{
  gsize length = strlen (text);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, text, length) != 0)
    return FALSE;

  self->at += length;

  return TRUE;
}

static inline void
strict_expect (StrictReader *self,
               const char   *text)
{
  self->good = strict_accept (self, text) && self->good;
}

/* number: 32 bits, no sign. */
static inline guint64
strict_number (StrictReader *self)
{
  const guint8 *start = self->at;
  guint64 value = 0;

  for (; self->at < self->end && *self->at >= '0' && *self->at <= '9'; self->at++)
    {
      value = value * 10 + (guint64) (*self->at - '0');
      if (value > 4294967295u)
        self->good = FALSE;
      value = MIN (value, 4294967296u);
    }
  if (self->at == start)
    self->good = FALSE;

  return value;
}

/* ATOM-CHAR, and what is allowed besides; @also may be "". */
static inline gboolean
strict_is_atom (guint8      c,
                const char *also)
{
  return c > 0x20 && c < 0x7f && (strchr ("(){%*\"\\]", c) == NULL || strchr (also, c) != NULL);
}

/* Appends to @out. */
static inline void
strict_atom (StrictReader *self,
             const char   *also,
             GByteArray   *out)
{
  const guint8 *start = self->at;

  while (self->at < self->end && strict_is_atom (*self->at, also))
    self->at++;
  if (self->at == start)
    self->good = FALSE;
  g_byte_array_append (out, start, (guint) (self->at - start));
}

/* quoted = DQUOTE *QUOTED-CHAR DQUOTE; after the first quote. */
static inline void
strict_quoted (StrictReader *self,
               GByteArray   *out)
{
  for (; self->at < self->end && *self->at != '"'; self->at++)
    {
      if (*self->at == '\\')
        {
          self->at++;
          if (self->at == self->end || (*self->at != '"' && *self->at != '\\'))
            break;
        }
      if (*self->at == 0 || *self->at == '\r' || *self->at == '\n' || *self->at >= 0x80)
        break;
      g_byte_array_append (out, self->at, 1);
    }
  strict_expect (self, "\"");
}

/* literal = "{" number ["+"] "}" CRLF *CHAR8; after the brace. */
static inline void
strict_literal (StrictReader *self,
                GByteArray   *out)
{
  guint64 length = strict_number (self);

  strict_accept (self, "+");
  strict_expect (self, "}\r\n");
  if (!self->good || length > (guint64) (self->end - self->at) ||
      memchr (self->at, 0, (gsize) length) != NULL)
    {
      self->good = FALSE;
      return;
    }

  g_byte_array_append (out, self->at, (guint) length);
  self->at += length;
}

/* astring.  Returns: (transfer full), empty where it is none. */
static inline GByteArray *
strict_astring (StrictReader *self)
{
  GByteArray *out = g_byte_array_new ();

  if (strict_accept (self, "\""))
    strict_quoted (self, out);
  else if (strict_accept (self, "{"))
    strict_literal (self, out);
  else
    strict_atom (self, "]", out);

  return out;
}

G_END_DECLS
