/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Walks over one response and takes values from it (RFC 3501, 9).
 *
 * Values are slices of the response, valid as long as it is; quoted strings are unescaped in place,
 * so a response can be walked over once.  The first error sticks, and everything after it finds
 * nothing: check once, at the end.  A plain struct without recursion. */

#pragma once

#include "pinion-imap-framer.h"

G_BEGIN_DECLS

/* Lists within lists: in general, and in a BODYSTRUCTURE, whose depth a mail decides. */
#define PINION_IMAP_MAX_DEPTH 64
#define PINION_IMAP_MAX_BODY_DEPTH 1024

/* @data: not NUL-terminated; %NULL for NIL.  @literal: set where it came as one. */
typedef struct
{
  char *data;
  gsize length;
  PinionImapLiteral *literal;
} PinionImapSlice;

/* @expected: %NULL while all is well; what was missing at @at otherwise. @too_deep: and it was a
 * bound, not a mistake. */
typedef struct
{
  char *start;
  char *at;
  char *end;
  PinionImapLiteral *literals;
  guint n_literals;
  guint next_literal;
  const char *expected;
  gsize error_offset;
  gboolean too_deep;
} PinionImapCursor;

/* At the response of @framer. */
void pinion_imap_cursor_init (PinionImapCursor *self,
                              PinionImapFramer *framer);

static inline gboolean
pinion_imap_cursor_failed (const PinionImapCursor *self)
{
  return self->expected != NULL;
}

/* Notes the first error.  @expected: static.  Always returns %FALSE. */
gboolean pinion_imap_cursor_fail (PinionImapCursor *self,
                                  const char       *expected);

static inline gboolean
pinion_imap_cursor_at_end (const PinionImapCursor *self)
{
  return self->at == self->end;
}

/* The next byte; '\0' at the end. */
static inline char
pinion_imap_cursor_peek (const PinionImapCursor *self)
{
  return self->at < self->end ? *self->at : '\0';
}

static inline gboolean
pinion_imap_cursor_accept (PinionImapCursor *self,
                           char              c)
{
  if (self->at == self->end || *self->at != c)
    return FALSE;

  self->at++;

  return TRUE;
}

static inline gboolean
pinion_imap_cursor_expect (PinionImapCursor *self,
                           char              c)
{
  return pinion_imap_cursor_accept (self, c) || pinion_imap_cursor_fail (self, "punctuation");
}

/* Any number of blanks, also none: servers leave them out or send two. */
static inline void
pinion_imap_cursor_skip_blanks (PinionImapCursor *self)
{
  while (self->at < self->end && *self->at == ' ')
    self->at++;
}

/* Whether @text begins with @word in any case, which @length bytes have room for.  Returns: the
 * length of @word, 0 if not */
static inline gsize
pinion_imap_match_word (const char *text,
                        gsize       length,
                        const char *word)
{
  gsize i;

  for (i = 0; word[i] != '\0'; i++)
    {
      if (i == length)
        return 0;
      /* Most often it is in the same case. */
      if (text[i] != word[i] && ((text[i] ^ word[i]) != 0x20 || !g_ascii_isalpha (text[i])))
        return 0;
    }

  return i;
}

/* @word, in any case, followed by a blank, the end or one of ()[]<. */
gboolean pinion_imap_cursor_accept_word (PinionImapCursor *self,
                                         const char       *word);

/* Digits only.  Returns: 0 and an error where there are none, where letters, a sign or a point
 * follow, or where the number is above @most. */
guint64 pinion_imap_cursor_number (PinionImapCursor *self,
                                   guint64           most);

/* A run of bytes that stand for themselves, up to a blank, a bracket, a quote or a control. */
gboolean pinion_imap_cursor_atom (PinionImapCursor *self,
                                  PinionImapSlice  *slice);

/* The same with "[" and "]", which may stand in names and flags (RFC 3501, ASTRING-CHAR). */
gboolean pinion_imap_cursor_word (PinionImapCursor *self,
                                  PinionImapSlice  *slice);

/* Quoted, literal, or (astring) word; with nstring NIL gives a slice with %NULL data. */
gboolean pinion_imap_cursor_string  (PinionImapCursor *self,
                                     PinionImapSlice  *slice);
gboolean pinion_imap_cursor_astring (PinionImapCursor *self,
                                     PinionImapSlice  *slice);
gboolean pinion_imap_cursor_nstring (PinionImapCursor *self,
                                     PinionImapSlice  *slice);

/* Everything that is left, as it is. */
void pinion_imap_cursor_rest (PinionImapCursor *self,
                              PinionImapSlice  *slice);

/* Steps over one value of any kind, lists to @max_depth included. */
gboolean pinion_imap_cursor_skip_value (PinionImapCursor *self,
                                        guint             max_depth);

/* Whether the slice is @word, in any case; never for an empty one. */
static inline gboolean
pinion_imap_slice_is (const PinionImapSlice *self,
                      const char            *word)
{
  return self->length > 0 &&
         pinion_imap_match_word (self->data, self->length, word) == self->length;
}

/* Returns: (transfer full) (nullable), %NULL for NIL or where there is a NUL inside. */
char *pinion_imap_slice_dup (const PinionImapSlice *self);

G_END_DECLS
