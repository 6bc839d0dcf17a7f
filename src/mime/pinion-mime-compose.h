/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages written: a draft as plain data, the draft of a reply or a forward, and the message that
 * goes out (RFC 5322, 2045-2049, 2231).
 *
 * What is written has CRLF line ends, lines of at most 998 bytes, 7-bit characters only (so that any
 * server takes it as it is), and tells nothing of this machine: no host, user or program name.
 * The one exception are addresses with international letters before the @: they stand in the header
 * as UTF-8 (RFC 6532), and SMTP sends such a message only to a server that takes it.
 * Addresses and names are proven before they are written: no CR, LF or NUL of a caller reaches a
 * header. */

#pragma once

#include "pinion-mime-message.h"

G_BEGIN_DECLS

/* A file to send along.  @name: as the receiver sees it; @content_type: (nullable) guessed then;
 * @content_id: (nullable) set for a picture that the HTML shows as "cid:". */
typedef struct
{
  char *path;
  char *name;
  char *content_type;
  char *content_id;
} PinionMimeAttachment;

/* Owns everything.  @from: one mailbox; lists of PinionMimeAddress, never %NULL.
 * @subject, @text: never %NULL; @text has "\n" line ends.  @html: (nullable) sent beside @text.
 * @in_reply_to: (nullable), @references: of char *; without <>.
 * @message_id: (nullable) without <>; made when missing, under the domain of @from.
 * @date: seconds since 1970, 0: now. */
typedef struct
{
  PinionMimeAddress *from;
  GPtrArray *to;
  GPtrArray *cc;
  GPtrArray *bcc;
  GPtrArray *reply_to;
  char *subject;
  char *text;
  char *html;
  GPtrArray *attachments;
  char *in_reply_to;
  GPtrArray *references;
  char *message_id;
  gint64 date;
} PinionMimeDraft;

typedef enum
{
  PINION_MIME_REPLY,
  PINION_MIME_REPLY_ALL,
} PinionMimeReplyKind;

#define PINION_TYPE_MIME_DRAFT (pinion_mime_draft_get_type ())
GType pinion_mime_draft_get_type (void);

/* Empty but for the sender.  Returns: (transfer full) */
PinionMimeDraft *pinion_mime_draft_new  (const char *from_name,
                                         const char *from_address);
PinionMimeDraft *pinion_mime_draft_copy (const PinionMimeDraft *self);
void             pinion_mime_draft_free (PinionMimeDraft *self);

/* Adds the file @path (not read yet).  @name: (nullable) its base name then. */
void pinion_mime_draft_attach (PinionMimeDraft *self,
                               const char      *path,
                               const char      *name,
                               const char      *content_type);

/* The envelope's recipients: to, cc and bcc, each once, domains in A-labels.
 * Returns: (transfer full), or %NULL with an error as pinion_mime_compose_to_file() gives it. */
GStrv pinion_mime_draft_dup_recipients (const PinionMimeDraft *self,
                                        GError               **error);

/* A new, unguessable Message-ID without <>, under the domain of @address.
 * Returns: (transfer full) */
char *pinion_mime_new_message_id (const char *address);

/* A reply to @original (RFC 5322 3.6.4): recipients from Reply-To or From, and for all also To and
 * Cc, without the person's own addresses unless none were left; "Re: " subject; References; an
 * attribution line and the quoted text.  @own: the addresses of the person, @from_name and the
 * first of them become the sender.  Returns: (transfer full) */
PinionMimeDraft *pinion_mime_reply_draft (PinionMimeMessage  *original,
                                          PinionMimeReplyKind kind,
                                          const char         *from_name,
                                          const char *const  *own);

/* A forward of @original, whose raw message is the file @path: it goes along byte for byte as an
 * attachment.  Returns: (transfer full) */
PinionMimeDraft *pinion_mime_forward_draft (PinionMimeMessage *original,
                                            const char        *path,
                                            const char        *from_name,
                                            const char        *from_address);

/* "Re: " or "Fwd: " (@prefix) before @subject, once, whatever the other's language put there.
 * Returns: (transfer full) */
char *pinion_mime_prefix_subject (const char *prefix,
                                  const char *subject);

/* The same subject without any "Re:", "AW:", "Fwd:", "[list]" in front, for comparing.
 * Returns: (transfer full) */
char *pinion_mime_base_subject (const char *subject);

/* Writes the message to a new file @path, mode 0600.  @with_bcc: keep Bcc (for Sent and drafts),
 * never for what is submitted.  @message_id: (out) (optional) (transfer full) without <>.
 * Pass the same date and message id to get the same message twice.
 * Errors: PINION_ERROR_INVALID_ARGUMENT (no sender, a wrong address; detail "address"),
 * _NOT_FOUND (an attachment cannot be read; detail "path"), _DISK_FULL,
 * _STORE_FAILED. A half-written file is removed. */
gboolean pinion_mime_compose_to_file (const PinionMimeDraft *self,
                                      const char            *path,
                                      gboolean               with_bcc,
                                      char                 **message_id,
                                      GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMimeDraft, pinion_mime_draft_free)

G_END_DECLS
