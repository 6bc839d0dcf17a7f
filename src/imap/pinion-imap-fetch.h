/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The items of a FETCH response, one after the other (RFC 3501, 7.4.2; RFC 7162,
 * 8474). */

#pragma once

#include "pinion-imap-response.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_IMAP_ITEM_OTHER, /* skipped */
  PINION_IMAP_ITEM_UID,
  PINION_IMAP_ITEM_FLAGS,
  PINION_IMAP_ITEM_SIZE,
  PINION_IMAP_ITEM_MODSEQ,
  PINION_IMAP_ITEM_DATE,
  PINION_IMAP_ITEM_HEADER, /* BODY[HEADER] or BODY[HEADER.FIELDS (...)] */
  PINION_IMAP_ITEM_BODY,   /* BODY[] */
  PINION_IMAP_ITEM_STRUCTURE,
  PINION_IMAP_ITEM_EMAIL_ID,
  PINION_IMAP_ITEM_THREAD_ID,
} PinionImapItemKind;

/* @number: UID, size, modification sequence; @date: seconds, %G_MININT64 if unknown. */
typedef struct
{
  PinionImapItemKind kind;
  guint64 number;
  PinionImapFlags flags;
  gint64 date;
  PinionImapSlice data;
  PinionImapAttachment attachment;
} PinionImapItem;

/* Begins with the list of @response, which must be a FETCH. */
void pinion_imap_fetch_begin (PinionImapResponse *response);

/* Returns: %FALSE at the end or on an error of the response's cursor. */
gboolean pinion_imap_fetch_next (PinionImapResponse *response,
                                 PinionImapItem     *item);

/* All items that matter, each at most once.  Slices as above; NIL counts as not there, but for a @date: that was
 * asked for and is unknown. */
typedef struct
{
  guint32 sequence;
  guint32 uid;
  gboolean has_flags;
  PinionImapFlags flags;
  guint64 size;
  guint64 modseq;
  gboolean has_date;
  gint64 date;
  gboolean has_header;
  PinionImapSlice header;
  gboolean has_body;
  PinionImapSlice body;
  PinionImapAttachment attachment;
  PinionImapSlice email_id;
  PinionImapSlice thread_id;
} PinionImapFetched;

/* Reads the whole response.  Fails like pinion_imap_response_parse(). */
gboolean pinion_imap_fetch_read (PinionImapResponse *response,
                                 PinionImapFetched  *fetched,
                                 GError            **error);

/* "17-Jul-2026 14:05:00 +0200" to seconds; %G_MININT64 where it is none. */
gint64 pinion_imap_date_parse (const char *text,
                               gsize       length);

/* The reverse, in UTC.  Returns: (transfer full) */
char *pinion_imap_date_format (gint64 seconds);

/* Whether a FETCH that has come as far as @line announces the literal of BODY[] or of a header. */
PinionImapItemKind pinion_imap_fetch_classify_literal (const char *line,
                                                       gsize       length);

/* Whether a BODYSTRUCTURE at @cursor, which is moved over it, shows something a person would
 * call an attachment.  Never fails for what the structure says, only for its bytes; iterative. */
PinionImapAttachment pinion_imap_bodystructure_read (PinionImapCursor *cursor);

G_END_DECLS
