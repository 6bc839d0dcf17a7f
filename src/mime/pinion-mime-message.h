/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message, read: its headers cleaned for showing, its parts in a flat array, its text.
 *
 * Any bytes are a message; parsing never fails.  Everything is bounded before it is decoded (the
 * bounds stand in pinion-mime-bounds.h) and takes time linear in the size.  The raw bytes are kept
 * untouched.  All strings are valid UTF-8, one line, free of controls and of invisible characters
 * that mislead (pinion-text.h), except where "raw" is said.
 *
 * Where a header stands several times the first one counts, here and so everywhere; only the
 * mailboxes of several From, To, Cc, Bcc, Reply-To are put together, so that none is hidden.
 *
 * A message is immutable once parsed and may be used from any thread.  All functions block and need
 * a real stack: call them on a worker thread, never on a fiber.
 *
 * RFC 5322 (headers), 2045-2047, 2183, 2231 (MIME), 2369, 8058 (lists), 3676 (flowed text). */

#pragma once

#include "pinion-mime-address.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PINION_MIME_DISPOSITION_NONE,
  PINION_MIME_DISPOSITION_INLINE,
  PINION_MIME_DISPOSITION_ATTACHMENT,
} PinionMimeDisposition;

typedef enum
{
  PINION_MIME_IMPORTANCE_NORMAL,
  PINION_MIME_IMPORTANCE_LOW,
  PINION_MIME_IMPORTANCE_HIGH,
} PinionMimeImportance;

/* One leaf of the MIME tree; an attached message (message/rfc822) is a leaf too.
 *
 * @id: its path in the manner of IMAP: "1", "2.1"; stable for the same bytes.
 * @content_type: "text/plain", lower case, always of the form type/subtype.
 * @charset: (nullable) as declared, lower case.
 * @method: (nullable) of text/calendar: "REQUEST", "CANCEL", ...; upper case.
 * @file_name: safe to save under; never %NULL for an attachment, else (nullable).
 * @raw_file_name: (nullable) decoded, valid UTF-8, but not cleaned: never show or use it unasked.
 * @content_id: (nullable) without <>.
 * @size: of the decoded bytes; exact for 7bit, 8bit, binary, an estimate otherwise.
 * @is_attachment: what a person sees as an attachment: not the text, not a picture that the text
 *                 shows, not a signature's bytes.
 * @is_body: it is (one alternative of) the text of the message. */
typedef struct
{
  char *id;
  char *content_type;
  char *charset;
  char *method;
  char *file_name;
  char *raw_file_name;
  char *content_id;
  PinionMimeDisposition disposition;
  guint64 size;
  gboolean is_attachment;
  gboolean is_body;
} PinionMimePart;

typedef struct _PinionMimeMessagePrivate PinionMimeMessagePrivate;

/* Read only.  Arrays are never %NULL.
 *
 * @from, @to, @cc, @bcc, @reply_to, @sender: of PinionMimeAddress.
 * @subject: "" when missing.
 * @date: seconds since 1970, UTC; only meaningful if @date_is_valid.
 * @message_id, @in_reply_to: (nullable) without <>; of several in In-Reply-To the first.
 * @references: of char *, oldest first, without <>, at most 100 (the first and the last ones).
 * @thread_index: (nullable) the conversation's GUID from Outlook's Thread-Index, 32 hex digits.
 * @list_id: (nullable) without <>.
 * @list_unsubscribe: (nullable) the URIs of List-Unsubscribe, http, https, mailto only.
 * @list_unsubscribe_one_click: RFC 8058 holds, an https URI is among them.
 * @is_automatic: sent by a program (Auto-Submitted, Precedence, List-Id).
 * @is_placeholder: not the message: Exchange's notice that it could not convert it.
 * @content_type: of the whole, as "multipart/mixed"; known from the headers alone, too.
 * @parts: of PinionMimePart, in order; empty after pinion_mime_message_parse_headers().
 * @snippet: up to 200 characters of the message's own words; "" after a header pass. */
typedef struct
{
  char *subject;
  GPtrArray *from;
  GPtrArray *sender;
  GPtrArray *reply_to;
  GPtrArray *to;
  GPtrArray *cc;
  GPtrArray *bcc;
  gint64 date;
  gboolean date_is_valid;
  char *message_id;
  char *in_reply_to;
  GPtrArray *references;
  char *thread_index;
  char *list_id;
  GStrv list_unsubscribe;
  gboolean list_unsubscribe_one_click;
  gboolean is_automatic;
  gboolean is_placeholder;
  PinionMimeImportance importance;
  char *content_type;
  GPtrArray *parts;
  gboolean has_attachments;
  char *snippet;

  PinionMimeMessagePrivate *priv;
} PinionMimeMessage;

#define PINION_TYPE_MIME_MESSAGE (pinion_mime_message_get_type ())
GType pinion_mime_message_get_type (void);

/* Once, in main() or a test's main(), before any other function of this room. */
void pinion_mime_init (void);

/* The whole message in @bytes, which are kept by reference.  Returns: (transfer full) */
PinionMimeMessage *pinion_mime_message_parse_bytes (GBytes *bytes);

/* The message in the file @path (a local path).
 * Returns: (transfer full), or %NULL with a PINION_ERROR when the file cannot be read. */
PinionMimeMessage *pinion_mime_message_parse_file (const char *path,
                                                   GError    **error);

/* The same for who needs only some of it, in less time.  Without HEADERS there are no people, dates
 * and ids, without SNIPPET it is "". */
typedef enum
{
  PINION_MIME_HEADERS = 1 << 0,
  PINION_MIME_SNIPPET = 1 << 1,
} PinionMimeWanted;

PinionMimeMessage *pinion_mime_message_parse_some      (GBytes          *bytes,
                                                        PinionMimeWanted wanted);
PinionMimeMessage *pinion_mime_message_parse_file_some (const char      *path,
                                                        PinionMimeWanted wanted,
                                                        GError         **error);

/* Only a header block (with or without its blank line at the end); for many at a time see
 * pinion-mime-envelope.h.
 * Returns: (transfer full) */
PinionMimeMessage *pinion_mime_message_parse_headers (GBytes *header);

PinionMimeMessage *pinion_mime_message_ref   (PinionMimeMessage *self);
void               pinion_mime_message_unref (PinionMimeMessage *self);

/* The raw message.  Returns: (transfer none) */
GBytes *pinion_mime_message_get_bytes (PinionMimeMessage *self);

/* The chain of its thread: References, and what it answers as the last link; ended by %NULL, the ids
 * are borrowed.  Returns: (transfer full) */
GPtrArray *pinion_mime_message_list_links (const PinionMimeMessage *self);

/* The header block alone, raw.  Returns: (transfer full) */
GBytes *pinion_mime_message_ref_header_bytes (PinionMimeMessage *self);

/* The first header @name (without case), unfolded, decoded, cleaned.
 * Returns: (transfer full) (nullable) */
char *pinion_mime_message_dup_header (PinionMimeMessage *self,
                                      const char        *name);

/* The best plain text: text/plain, flowed lines joined; else the text of the HTML.  Several lines,
 * "\n", clean.  Returns: (transfer full), "" if there is none. */
char *pinion_mime_message_dup_text (PinionMimeMessage *self);

/* The HTML as sent, decoded to UTF-8; hostile: show it only through pinion_html_make_safe().
 * Returns: (transfer full) (nullable) when the message has no HTML. */
char *pinion_mime_message_dup_html (PinionMimeMessage *self);

/* What to show: the HTML, or HTML made of the plain text; hostile as well.
 * Returns: (transfer full), never %NULL. */
char *pinion_mime_message_dup_display_html (PinionMimeMessage *self);

/* The Content-IDs of the pictures in the message, for PinionHtmlOptions.
 * Returns: (transfer full) */
GStrv pinion_mime_message_dup_content_ids (PinionMimeMessage *self);

/* Returns: (transfer none) (nullable) */
const PinionMimePart *pinion_mime_message_find_part       (PinionMimeMessage *self,
                                                           const char        *id);
const PinionMimePart *pinion_mime_message_find_content_id (PinionMimeMessage *self,
                                                           const char        *content_id);

/* The first part of @content_type ("text/calendar").  Returns: (transfer none) (nullable) */
const PinionMimePart *pinion_mime_message_find_type (PinionMimeMessage *self,
                                                     const char        *content_type);

/* The decoded bytes of a part, at most @max.  Returns: (transfer full), or %NULL with
 * PINION_ERROR_NOT_FOUND, or PINION_ERROR_TOO_LARGE when there are more. */
GBytes *pinion_mime_message_dup_part_bytes (PinionMimeMessage *self,
                                            const char        *id,
                                            gsize              max,
                                            GError           **error);

/* The text of a text part in UTF-8, invalid bytes replaced; errors as above. */
char *pinion_mime_message_dup_part_text (PinionMimeMessage *self,
                                         const char        *id,
                                         gsize              max,
                                         GError           **error);

/* Writes the decoded part to a new file @path, mode 0600; an existing file or link there is an
 * error and stays as it is; a half-written file is removed.
 * Errors: PINION_ERROR_NOT_FOUND (no such part), _DISK_FULL, _STORE_FAILED,
 * _INVALID_ARGUMENT (the file exists). */
gboolean pinion_mime_message_save_part (PinionMimeMessage *self,
                                        const char        *id,
                                        const char        *path,
                                        GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionMimeMessage, pinion_mime_message_unref)

G_END_DECLS
