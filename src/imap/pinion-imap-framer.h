/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cuts the server's bytes into whole responses, wherever the network cut them (RFC 3501, 2.2.2).
 *
 * All it knows of the grammar: lines, and literals announced at a line's end; text for people
 * (after OK, NO, BAD, BYE, PREAUTH, after "+", and anything that is not untagged) announces
 * none. A literal's memory grows with what arrives, never with what was announced; large ones
 * can be streamed elsewhere.  No sockets; the bounds are errors after which the connection has
 * to go. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @start: where its content is in the response; @length: how much of it is there (0 if streamed).
 * @size: as announced.  @stream: (nullable) what PinionImapLiteralFuncs.open() made. */
typedef struct
{
  gsize start;
  gsize length;
  guint64 size;
  gpointer stream;
} PinionImapLiteral;

typedef enum
{
  PINION_IMAP_LITERAL_KEEP,   /* with the response */
  PINION_IMAP_LITERAL_STREAM, /* through write() */
  PINION_IMAP_LITERAL_REFUSE, /* an error: not worth waiting for */
} PinionImapLiteralPlace;

/* Asked for each literal.  @line: the response so far, up to the "{".  A stream belongs to the
 * framer until it is stolen from its PinionImapLiteral; write() reports no errors, the stream
 * keeps them. */
typedef struct
{
  PinionImapLiteralPlace (*open) (const char *line,
                                  gsize       length,
                                  guint64     size,
                                  gpointer   *stream,
                                  gpointer    user_data);
  void (*write) (gpointer      stream,
                 const guint8 *data,
                 gsize         length);
  void (*free) (gpointer stream);
} PinionImapLiteralFuncs;

/* @line: bytes of one response with its kept literals; @literal: any literal; @kept: one that is
 * kept; @n_literals: of one response. */
typedef struct
{
  gsize line;
  guint64 literal;
  gsize kept;
  guint n_literals;
} PinionImapLimits;

extern const PinionImapLimits pinion_imap_default_limits;

typedef enum
{
  PINION_IMAP_FRAMER_MORE,
  PINION_IMAP_FRAMER_RESPONSE,
  PINION_IMAP_FRAMER_ERROR,
} PinionImapFramerStatus;

typedef struct _PinionImapFramer PinionImapFramer;

/* @limits, @funcs: (nullable), borrowed for good; without @funcs all literals are kept. */
PinionImapFramer *pinion_imap_framer_new  (const PinionImapLimits       *limits,
                                           const PinionImapLiteralFuncs *funcs,
                                           gpointer                      user_data);
void              pinion_imap_framer_free (PinionImapFramer *self);

/* Takes bytes from the front of @data, at most to the end of a response.  After _RESPONSE it can be
 * read until the next push.  _ERROR (PINION_ERROR_PROTOCOL or _TOO_LARGE) is final. */
PinionImapFramerStatus pinion_imap_framer_push (PinionImapFramer *self,
                                                const guint8    **data,
                                                gsize            *length,
                                                GError          **error);

/* The response without its last line end; the line ends after "}" are gone, too. */
char              *pinion_imap_framer_get_response (PinionImapFramer *self,
                                                    gsize            *length);
PinionImapLiteral *pinion_imap_framer_get_literals (PinionImapFramer *self,
                                                    guint            *n_literals);

/* Whether a response has begun and not ended. */
gboolean pinion_imap_framer_is_inside (PinionImapFramer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionImapFramer, pinion_imap_framer_free)

G_END_DECLS
