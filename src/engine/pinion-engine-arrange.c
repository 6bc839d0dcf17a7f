/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people arrange and no server hears of: the way of each such change. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"

typedef struct
{
  PinionEngine *engine;
  PinionAct act;
  PinionArrangeFunc command;
  gpointer data;
  GDestroyNotify free_data;
} Arranging;

static void
arranging_free (gpointer data)
{
  Arranging *self = data;

  g_object_unref (self->engine);
  self->free_data (self->data);
  g_free (self);
}

static DexFuture *
store_arranging (PinionStoreSession *session,
                 gpointer            data)
{
  const Arranging *self = data;
  PinionDone *done = g_new0 (PinionDone, 1);

  done->act = self->act;
  done->group = self->command (session, self->data, done);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, done);
}

static DexFuture *
arranging_fiber (gpointer data)
{
  Arranging *self = data;
  GError *error = NULL;
  g_autofree PinionDone *done = pinion_await_boxed (
      pinion_store_write (self->engine->store, store_arranging, self, NULL), &error);

  if (done == NULL || !pinion_await (pinion_engine_reload (self->engine), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (PINION_TYPE_DONE, g_steal_pointer (&done));
}

DexFuture *
pinion_engine_arrange (PinionEngine     *self,
                       PinionAct         act,
                       PinionArrangeFunc command,
                       gpointer          data,
                       GDestroyNotify    free_data)
{
  Arranging *arranging = g_new0 (Arranging, 1);

  arranging->engine = g_object_ref (self);
  arranging->act = act;
  arranging->command = command;
  arranging->data = data;
  arranging->free_data = free_data;

  return pinion_fiber_spawn (NULL, 0, arranging_fiber, arranging, arranging_free);
}
