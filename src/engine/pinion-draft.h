/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message being written.  Plain properties; a draft is kept on this computer, and where its account is
 * set so, on the server, too.  Main thread. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_REPLY,
  PINION_REPLY_ALL,
  PINION_FORWARD,
} PinionReplyKind;

/* @id: the local draft's message, 0 until saved.  @to, @cc, @bcc: as typed, comma-separated.
 * @text: what is written, plain text; @quote_html: (nullable) the safe quoted original that follows
 * it;
 * @attachments: file paths.  @forwarded: a message to attach whole, or 0.  @send_at: seconds, 0 =
 * now.
 * @from: (nullable) the alias it is written from; else the account's own address.  @signature:
 * (nullable) what @text ends with as the signature, as plain text; empty where there is to be none,
 * %NULL as long as nobody has looked. */
typedef struct
{
  gint64 id;
  gint64 account;
  char *from;
  char *signature;
  char *to;
  char *cc;
  char *bcc;
  char *subject;
  char *text;
  char *html;
  char *quote_text;
  char *quote_html;
  GStrv attachments;
  gint64 reply_to_message;
  PinionReplyKind reply_kind;
  gint64 forwarded;
  gint64 send_at;
} PinionDraft;

#define PINION_TYPE_DRAFT (pinion_draft_get_type ())
GType pinion_draft_get_type (void);

PinionDraft *pinion_draft_new  (void);
PinionDraft *pinion_draft_copy (const PinionDraft *self);
void         pinion_draft_free (PinionDraft *self);

/* The line that a signature follows (RFC 3676, 4.3), and @signature. */
#define PINION_SIGNATURE_MARK "\n-- \n"

/* What is written of @text before the @signature (nullable) it ends with; all of it where that was
 * changed or taken away.  Returns: a length in bytes */
gsize pinion_draft_find_signature (const char *text,
                                   const char *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionDraft, pinion_draft_free)

G_END_DECLS
