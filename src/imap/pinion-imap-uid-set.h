/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A set of UIDs as sorted, disjoint, non-adjacent ranges (RFC 3501, sequence-set).
 *
 * Zero is no UID.  PINION_UID_MAX stands for "*" as the end of a range, so that 1:* is the range
 * from 1 to PINION_UID_MAX.  Counted, not atomically: a set belongs to one thread at a time. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PINION_UID_MAX G_MAXUINT32

typedef struct _PinionUidSet PinionUidSet;

typedef struct
{
  guint32 first;
  guint32 last;
} PinionUidRange;

#define PINION_TYPE_UID_SET (pinion_uid_set_get_type ())
GType pinion_uid_set_get_type (void);

/* Returns: (transfer full), empty. */
PinionUidSet *pinion_uid_set_new (void);

/* 1:* */
PinionUidSet *pinion_uid_set_new_all (void);

/* @first to @last, in either order; one UID where they are the same. */
PinionUidSet *pinion_uid_set_new_range (guint32 first,
                                        guint32 last);

/* @uids in any order, repeated or not. */
PinionUidSet *pinion_uid_set_new_from_array (const guint32 *uids,
                                             gsize          n_uids);

/* @ranges in any order, overlapping or not. */
PinionUidSet *pinion_uid_set_new_from_ranges (const PinionUidRange *ranges,
                                              gsize                 n_ranges);

PinionUidSet *pinion_uid_set_ref   (PinionUidSet *self);
void          pinion_uid_set_unref (PinionUidSet *self);

void     pinion_uid_set_add       (PinionUidSet *self,
                                   guint32       uid);
void     pinion_uid_set_add_range (PinionUidSet *self,
                                   guint32       first,
                                   guint32       last);
gboolean pinion_uid_set_contains  (const PinionUidSet *self,
                                   guint32             uid);
gboolean pinion_uid_set_is_empty  (const PinionUidSet *self);

/* What is in both.  Returns: (transfer full) */
PinionUidSet *pinion_uid_set_intersect (const PinionUidSet *self,
                                        const PinionUidSet *other);

/* How many UIDs the ranges cover (4294967295 for 1:*). */
guint64 pinion_uid_set_get_size (const PinionUidSet *self);

/* The ranges, ascending; borrowed until the set changes. */
const PinionUidRange *pinion_uid_set_get_ranges (const PinionUidSet *self,
                                                 gsize              *n_ranges);

/* "1:4,7,10:*"; "" where empty.  Returns: (transfer full) */
char *pinion_uid_set_to_string (const PinionUidSet *self);

/* The same cut into pieces of at most @max_bytes and, where not 0, at most @max_uids UIDs (an open
 * range n:* is not cut by count).  Returns: (transfer full) (array zero-terminated=1) */
GStrv pinion_uid_set_split (const PinionUidSet *self,
                            gsize               max_bytes,
                            guint               max_uids);

/* Like pinion_uid_set_split(), as sets.  Returns: (transfer full) (element-type PinionUidSet) */
GPtrArray *pinion_uid_set_split_sets (const PinionUidSet *self,
                                      gsize               max_bytes,
                                      guint               max_uids);

/* Parses a sequence-set; "*" alone is PINION_UID_MAX.  @length -1: NUL-terminated.
 * Returns: (transfer full) (nullable), %NULL where @text is none. */
PinionUidSet *pinion_uid_set_parse (const char *text,
                                    gssize      length);

/* The first @most UIDs, ascending.  Returns: (transfer full) (element-type guint32) */
GArray *pinion_uid_set_to_array (const PinionUidSet *self,
                                 gsize               most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionUidSet, pinion_uid_set_unref)

G_END_DECLS
