/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files that read a message share.  Not for other rooms. */

#pragma once

#include "pinion-mime-message.h"
#include "pinion-mime-tree.h"

G_BEGIN_DECLS

/* What PinionMimePart does not tell the world: @entity is its index in the tree; @is_flowed and
 * @delete_space are its format (RFC 3676); @is_candidate: text that may be shown as the body. */
typedef struct
{
  PinionMimePart part;
  guint entity;
  GMimeContentEncoding encoding;
  gboolean is_flowed;
  gboolean delete_space;
  gboolean is_html;
  gboolean is_candidate;
} PinionMimeLeaf;

struct _PinionMimeMessagePrivate
{
  gatomicrefcount ref_count;
  GBytes *bytes;
  PinionMimeTree tree;
};

/* Fills what the header block @fields of @data tells. */
void pinion_mime_read_headers (PinionMimeMessage *self,
                               const char        *data,
                               GArray            *fields);

/* The same of the subject alone; there is nobody, and no reference, then. */
void pinion_mime_read_subject (PinionMimeMessage *self,
                               const char        *data,
                               GArray            *fields);

/* A piece of a text. */
typedef struct
{
  const char *start;
  gsize length;
} PinionMimeSpan;

#define PINION_MIME_MAX_SUBJECT_CHARS 1000
#define PINION_MIME_MAX_NAME_CHARS    300
#define PINION_MIME_MAX_DATE          256u
#define PINION_MIME_MAX_MARK          256u
#define PINION_MIME_MAX_THREAD_INDEX  4096u

/* Takes one mailbox of the unfolded address field *@at, which is moved behind it, where it is as plain as
 * nearly all are: then GMime need not be asked, which takes longer than all the rest of a header.
 * @name: may be empty, and may have blanks to be cleaned.
 * Returns: whether it was, and whether it was the last one. */
typedef enum
{
  PINION_MIME_MATCH_NONE,
  PINION_MIME_MATCH_MORE,
  PINION_MIME_MATCH_LAST,
} PinionMimeMatch;

PinionMimeMatch pinion_mime_next_mailbox (const char    **at,
                                          PinionMimeSpan *name,
                                          PinionMimeSpan *address);

/* The mailboxes of all fields @name, of at most *@budget bytes, which gets less.
 * Returns: (transfer full): of PinionMimeAddress */
GPtrArray *pinion_mime_read_addresses (const char *data,
                                       GArray     *fields,
                                       const char *name,
                                       gsize      *budget);

/* The ids (RFC 5322 3.6.4) in an unfolded @value (nullable): those between "<" and ">"; without any, its words
 * that hold an "@".  Borrows @value. */
typedef struct
{
  const char *at;
  gboolean bare;
} PinionMimeIds;

void     pinion_mime_ids_init (PinionMimeIds  *self,
                               const char     *value);
gboolean pinion_mime_ids_next (PinionMimeIds  *self,
                               PinionMimeSpan *id);

/* The first of them, or a sender's own idea of an id.  @value: (nullable) */
gboolean pinion_mime_find_id (const char     *value,
                              PinionMimeSpan *id);

/* Whether anything of @id can be seen, and it is not so long that no one could mean it. */
gboolean pinion_mime_is_id (PinionMimeSpan id);

/* The conversation's GUID, in hexadecimal digits, of an unfolded Thread-Index (nullable). */
#define PINION_MIME_GUID_SIZE 33

gboolean pinion_mime_read_guid (const char *value,
                                char       *guid);

/* Whether a program sent it on its own account (RFC 3834), by the values of Auto-Submitted and Precedence (both
 * nullable), or a list did. */
gboolean pinion_mime_is_automatic (const char *submitted,
                                   const char *precedence,
                                   gboolean    has_list);

/* The type of an unfolded Content-Type (nullable), in lower case, without parameters; @value may be changed.
 * Returns: (transfer full) */
char *pinion_mime_dup_type (char *value);

/* Its length where it is as plain as nearly always, else 0. */
gsize pinion_mime_match_type (const char *value);

/* The moment that an unfolded field's date-time (RFC 5322 3.3, obsolete forms included) names, in
 * seconds since 1970.  Returns: %FALSE, @unix_time untouched, where it cannot be read. */
gboolean pinion_mime_read_date (const char *value,
                                gint64     *unix_time);

/* An unfolded field's words, RFC 2047 undone, one clean line of at most @max_chars.
 * Returns: (transfer full) */
char *pinion_mime_decode_words (const char *value,
                                gsize       max_chars);

/* Fills @parts from the tree, then, with the bodies known, what is an attachment. */
void pinion_mime_read_parts       (PinionMimeMessage *self);
void pinion_mime_mark_attachments (PinionMimeMessage *self);

/* Which leaves are shown: TRUE in the result (one gboolean a leaf) for those of the HTML view, or
 * of the text view.  Returns: (transfer full) */
GArray *pinion_mime_choose_bodies (PinionMimeMessage *self,
                                   gboolean           want_html);

/* The text of @leaf in UTF-8, of at most @max encoded bytes.  Returns: (transfer full) */
char *pinion_mime_leaf_dup_text (PinionMimeMessage    *self,
                                 const PinionMimeLeaf *leaf,
                                 gsize                 max);

/* The first words of the message.  Returns: (transfer full) */
char *pinion_mime_make_snippet (PinionMimeMessage *self);

/* The own words at the start of @text: quotes, attribution and signature left out.
 * Returns: (transfer full) */
char *pinion_mime_snippet_of_text (const char *text);

/* Joins the flowed lines of @text (RFC 3676), quotes kept as "> ".  Returns: (transfer full) */
char *pinion_mime_unflow (const char *text,
                          gboolean    delete_space);

G_END_DECLS
