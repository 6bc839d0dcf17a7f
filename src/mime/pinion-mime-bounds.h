/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bounds of what is decoded, in one place.  What lies beyond them is not lost: the raw message
 * keeps it; it is only not looked at.  They are applied to the bytes before GMime or libxml2 see
 * them, because those recurse or take time by what a stranger wrote. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A message larger than this is read up to here. */
#define PINION_MIME_MAX_MESSAGE     (256u * 1024 * 1024)
/* Of a header block, and how many fields of it. */
#define PINION_MIME_MAX_HEADER      (1024u * 1024)
#define PINION_MIME_MAX_FIELDS      10000u
/* One field. */
#define PINION_MIME_MAX_FIELD       (64u * 1024)
#define PINION_MIME_MAX_SUBJECT     (8u * 1024)
/* All address fields of a message together; one piece as GMime gets it; colons in such a piece, as
 * each may be one level of its recursion. */
#define PINION_MIME_MAX_ADDRESSES   (256u * 1024)
#define PINION_MIME_ADDRESS_PIECE   4096u
#define PINION_MIME_ADDRESS_COLONS  100u
/* A deeper multipart is one opaque attachment; of more parts the last one holds the rest. */
#define PINION_MIME_MAX_DEPTH       100u
#define PINION_MIME_MAX_PARTS       10000u
#define PINION_MIME_MAX_BOUNDARY    256u
/* Parameters of Content-Type and Content-Disposition. */
#define PINION_MIME_MAX_PARAMETERS  100u
#define PINION_MIME_MAX_PARAM_NAME  60u
#define PINION_MIME_MAX_REFERENCES  100u
#define PINION_MIME_MAX_MESSAGE_ID  512u
#define PINION_MIME_MAX_URIS        8u
/* Text that is shown, searched or quoted, in bytes. */
#define PINION_MIME_MAX_TEXT        (4u * 1024 * 1024)

/* @length bytes at @text as one line: folds undone, NUL and lone line breaks blank, at most @max
 * bytes.  Returns: (transfer full) */
char *pinion_mime_unfold (const char *text,
                          gsize       length,
                          gsize       max);

/* The same into @line, which has room for @length bytes and one more. */
void pinion_mime_unfold_into (const char *text,
                              gsize       length,
                              char       *line);

/* Takes the parameters of the unfolded field @value ("text/plain; charset=x; ...") apart just
 * enough to leave out those that are too many or have a name no one means.  In place. */
void pinion_mime_bound_parameters (char *value);

/* The next piece of an unfolded address field, from *@position on, short and flat enough for
 * GMime: cut behind an address where one ends.  Returns: (transfer full), %NULL at the end. */
char *pinion_mime_next_address_piece (const char *value,
                                      gsize      *position);

G_END_DECLS
