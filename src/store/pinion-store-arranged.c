/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-arranged.h"

#include "pinion-store-sql.h"

gint64
pinion_store_arranged_rename (PinionStoreSession        *session,
                              const PinionStoreArranged *self,
                              gint64                     id,
                              const char                *name)
{
  PinionUndoGroup group = { 0 };

  if (pinion_sql_get (session, self->has_name, sql_text (name), sql_int (id)) != 0)
    return 0;

  self->keep (session, &group, id);
  pinion_sql_run (session, self->set_name, sql_text (name), sql_int (id));

  return group.id;
}

gint64
pinion_store_arranged_order (PinionStoreSession        *session,
                             const PinionStoreArranged *self,
                             GArray                    *order)
{
  PinionUndoGroup group = { 0 };

  for (guint i = 0; i < order->len; i++)
    {
      gint64 id = g_array_index (order, gint64, i);

      self->keep (session, &group, id);
      pinion_sql_run (session, self->set_position, sql_int (i + 1), sql_int (id));
    }

  return group.id;
}
