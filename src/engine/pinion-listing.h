/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a list of conversations holds, as data: their ids and the runs of their dates; and what of it is
 * not shown any more, since it was acted on. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @ids: gint64.  @runs: PinionDateRun, of @ids. */
typedef struct
{
  GArray *ids;
  GArray *runs;
} PinionListing;

/* Returns: (transfer full): empty */
PinionListing *pinion_listing_new  (void);
void           pinion_listing_free (PinionListing *self);

/* Returns: (transfer full) */
PinionListing *pinion_listing_copy (GArray *ids,
                                    GArray *runs);

/* Adds @id, of date section @section. */
void pinion_listing_append (PinionListing *self,
                            gint64         id,
                            int            section);

/* What was acted on: an act is on its way to the store, it is there, or a list is being read that knows
 * of it; then it is forgotten. */
typedef struct _PinionLeaving PinionLeaving;

/* Returns: (transfer full) */
PinionLeaving *pinion_leaving_new  (void);
void           pinion_leaving_free (PinionLeaving *self);

void pinion_leaving_add (PinionLeaving *self,
                         const gint64  *ids,
                         guint          n_ids);

/* The act on @ids is in the store, or failed. */
void pinion_leaving_settle (PinionLeaving *self,
                            const gint64  *ids,
                            guint          n_ids);

/* A list begins to be read; it has been. */
void pinion_leaving_begin_reading (PinionLeaving *self);
void pinion_leaving_end_reading   (PinionLeaving *self);

/* Leaves out of @listing what was acted on: what was read may be older than the act.
 * Returns: how many gaps that makes */
guint pinion_leaving_apply (PinionLeaving *self,
                            PinionListing *listing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionListing, pinion_listing_free)

G_END_DECLS
