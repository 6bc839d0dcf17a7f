/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that people name and put in an order: sections, saved searches.  Each change can be taken
 * back. */

#pragma once

#include "pinion-store-session.h"
#include "pinion-store-undo.h"

G_BEGIN_DECLS

/* A table of them.  @has_name: SQL with a name and an id; @set_name and @set_position likewise.  @keep
 * writes down for @group how the row is now. */
typedef struct
{
  const char *has_name;
  const char *set_name;
  const char *set_position;
  void (*keep) (PinionStoreSession *session,
                PinionUndoGroup    *group,
                gint64              id);
} PinionStoreArranged;

/* Return: the group to take it back by, 0 where nothing was changed. */
gint64 pinion_store_arranged_rename (PinionStoreSession        *session,
                                     const PinionStoreArranged *self,
                                     gint64                     id,
                                     const char                *name);
/* @order: all of them. */
gint64 pinion_store_arranged_order  (PinionStoreSession        *session,
                                     const PinionStoreArranged *self,
                                     GArray                    *order);

G_END_DECLS
