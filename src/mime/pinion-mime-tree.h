/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the parts of a message lie: one linear pass over its bytes, without recursion, that finds
 * header blocks and bodies by their boundaries (RFC 2046 5.1).  Nothing is copied or decoded but
 * Content-Type.  GMime's own parser is not used: it recurses by depth, decodes every header of
 * attached messages, and keeps copies.
 *
 * Tolerated: parts that never end, boundaries missing, inner parts ended by an outer boundary,
 * a first line "From ", no headers at all, a multipart without parts (becomes text). */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* A field's place in the bytes: its name, and its value still folded. */
typedef struct
{
  gsize name;
  gsize name_length;
  gsize value;
  gsize value_length;
} PinionMimeField;

/* @parent: the index of the multipart it is in, -1 for the message itself.
 * @number: 1, 2, ... among its siblings.
 * @type: (nullable) %NULL where the default holds, see pinion_mime_entity_is_type().
 * @is_opaque: a multipart beyond the bounds, to be handled as bytes. */
typedef struct
{
  int parent;
  guint number;
  guint n_children;
  gsize header_start;
  gsize header_end;
  gsize body_start;
  gsize body_end;
  GMimeContentType *type;
  gboolean is_multipart;
  gboolean is_opaque;
  gboolean in_digest;
} PinionMimeEntity;

/* Of PinionMimeEntity, in the order of the bytes; the first is the message.  Borrows @data. */
typedef struct
{
  const char *data;
  gsize length;
  GArray *entities;
} PinionMimeTree;

void pinion_mime_tree_init        (PinionMimeTree *self,
                                   const char     *data,
                                   gsize           length);

/* Of a header alone: one entity, whose type is not read. */
void pinion_mime_tree_init_header (PinionMimeTree *self,
                                   const char     *data,
                                   gsize           length);
void pinion_mime_tree_clear       (PinionMimeTree *self);

PinionMimeEntity *pinion_mime_tree_get (const PinionMimeTree *self,
                                        guint                 index);

/* The fields of the header block from @start to @end.  Returns: (transfer full) of
 * PinionMimeField. */
GArray *pinion_mime_scan_fields (const char *data,
                                 gsize       start,
                                 gsize       end);

/* The same, added to @fields. */
void pinion_mime_scan_fields_into (GArray     *fields,
                                   const char *data,
                                   gsize       start,
                                   gsize       end);

/* Whether the type of @self is @type/@subtype (@subtype "*": any), defaults included. */
gboolean pinion_mime_entity_is_type (const PinionMimeEntity *self,
                                     const char             *type,
                                     const char             *subtype);

/* The first field @name (without case) of @fields.  Returns: (transfer none) (nullable) */
const PinionMimeField *pinion_mime_find_field (const char *data,
                                               GArray     *fields,
                                               const char *name);

/* The first field @name (without case) of @fields, unfolded, at most @max bytes.
 * Returns: (transfer full) (nullable) */
char *pinion_mime_dup_field (const char *data,
                             GArray     *fields,
                             const char *name,
                             gsize       max);

/* A Content-Type from an unfolded @value, which is bounded in place.
 * Returns: (transfer full) (nullable) */
GMimeContentType *pinion_mime_parse_content_type (char *value);

/* GMime has none of these */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeContentDisposition, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeContentType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InternetAddressList, g_object_unref)

G_END_DECLS
