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
