/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SMTP replies (RFC 5321, 4.2; enhanced status codes RFC 2034 and 3463), from bytes that arrive in
 * pieces of any size.  Bounded: lines of 4 KiB, 200 lines and 64 KiB a reply, 64
 * replies waiting. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PINION_SMTP_REPLY_MAX_LINE 4096
#define PINION_SMTP_REPLY_MAX_LINES 200
#define PINION_SMTP_REPLY_MAX_SIZE (64 * 1024)
#define PINION_SMTP_REPLY_MAX_WAITING 64

/* @code: 200 to 599.  @enhanced: class, subject, detail; zeros where there is none.  Where both are
 * refusals, its class need not be the code's: Exchange writes "451 5.7.3".  @lines: the
 * texts without the codes, bytes as they came but for NULs; at least one, maybe empty;
 * %NULL-terminated. */
typedef struct
{
  guint code;
  guint16 enhanced[3];
  GPtrArray *lines;
} PinionSmtpReply;

void pinion_smtp_reply_free (PinionSmtpReply *self);

/* Whether its class is 2, 3, 4 or 5. */
gboolean pinion_smtp_reply_is_class (const PinionSmtpReply *self,
                                     guint                  class_digit);

/* Whether it is a refusal that may be none later: what the enhanced status code says of that counts
 * more than the code. */
gboolean pinion_smtp_reply_is_temporary (const PinionSmtpReply *self);

/* Whether it has this enhanced status code, "5.3.4" as three numbers. */
gboolean pinion_smtp_reply_has_status (const PinionSmtpReply *self,
                                       guint                  class_digit,
                                       guint                  subject,
                                       guint                  detail);

/* The server's own words for people, "550 5.1.1 User unknown", made safe to show.
 * Returns: (transfer full) */
char *pinion_smtp_reply_dup_text (const PinionSmtpReply *self);

/* Whether the text contains @words, in any case. */
gboolean pinion_smtp_reply_mentions (const PinionSmtpReply *self,
                                     const char            *words);

typedef struct _PinionSmtpReplyParser PinionSmtpReplyParser;

PinionSmtpReplyParser *pinion_smtp_reply_parser_new  (void);
void                   pinion_smtp_reply_parser_free (PinionSmtpReplyParser *self);

/* Takes bytes that arrived.  Fails with PROTOCOL or TOO_LARGE, and from then on always; replies
 * that were complete before stay. */
gboolean pinion_smtp_reply_parser_feed (PinionSmtpReplyParser *self,
                                        const guint8          *data,
                                        gsize                  length,
                                        GError               **error);

/* The next complete reply.  Returns: (transfer full) (nullable) */
PinionSmtpReply *pinion_smtp_reply_parser_pop (PinionSmtpReplyParser *self);

/* Whether not one byte waits in it, nonsense neither. */
gboolean pinion_smtp_reply_parser_is_empty (PinionSmtpReplyParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSmtpReply, pinion_smtp_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionSmtpReplyParser, pinion_smtp_reply_parser_free)

G_END_DECLS
