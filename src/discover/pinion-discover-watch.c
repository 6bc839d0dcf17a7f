/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-watch.h"

struct _PinionWatch
{
  GCancellable *cancellable;
  GCancellable *parent;
  gulong handler;
  GSource *timer;
  gboolean timed_out;
};

static gboolean
on_time (gpointer user_data)
{
  PinionWatch *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

static void
on_parent_cancelled (GCancellable *parent,
                     gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

PinionWatch *
pinion_watch_new (GCancellable *parent,
                  guint         limit)
{
  PinionWatch *self = g_new0 (PinionWatch, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->cancellable = g_cancellable_new ();
  self->parent = g_object_ref (parent);
  self->timer = g_timeout_source_new (limit);
  g_source_set_callback (self->timer, on_time, self, NULL);
  g_source_attach (self->timer, context);
  self->handler = g_cancellable_connect (parent, G_CALLBACK (on_parent_cancelled),
                                         g_object_ref (self->cancellable), g_object_unref);

  return self;
}

void
pinion_watch_free (PinionWatch *self)
{
  g_cancellable_disconnect (self->parent, self->handler);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->parent);
  g_object_unref (self->cancellable);
  g_free (self);
}

GCancellable *
pinion_watch_get_cancellable (PinionWatch *self)
{
  return self->cancellable;
}

gboolean
pinion_watch_is_timed_out (PinionWatch *self)
{
  return self->timed_out;
}
