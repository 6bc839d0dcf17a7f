/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widths of the panes: dragged at their edges, kept in the settings.  What is asked for is the
 * most a pane gets; in a small window its share of it (in the Blueprint) is less. */

#include "pinion-window-private.h"

typedef struct
{
  PinionWindow *window;
  GtkWidget *split_view;
  const char *key;
  double start;
} Edge;

static void
apply_width (PinionWindow *self,
             GtkWidget    *split_view,
             const char   *key)
{
  double width = g_settings_get_int (self->settings, key);

  g_object_set (split_view, "max-sidebar-width", width, NULL);
}

static void
on_drag_begin (GtkGestureDrag *drag,
               double          x,
               double          y,
               Edge           *edge)
{
  edge->start = g_settings_get_int (edge->window->settings, edge->key);
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_drag_update (GtkGestureDrag *drag,
                double          x,
                double          y,
                Edge           *edge)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) key = NULL;
  gboolean mirrored = gtk_widget_get_direction (edge->split_view) == GTK_TEXT_DIR_RTL;
  g_autoptr (GVariant) value = NULL;

  g_object_get (edge->window->settings, "settings-schema", &schema, NULL);
  key = g_settings_schema_get_key (schema, edge->key);
  value = g_variant_ref_sink (g_variant_new_int32 ((int) (edge->start + (mirrored ? -x : x))));

  /* The edge moves with the pane, and the offset with the edge */
  if (g_settings_schema_key_range_check (key, value))
    {
      g_settings_set_value (edge->window->settings, edge->key, value);
      edge->start = g_variant_get_int32 (value);
      apply_width (edge->window, edge->split_view, edge->key);
    }
}

static void
on_double_press (GtkGestureClick *click,
                 int              n_press,
                 double           x,
                 double           y,
                 Edge            *edge)
{
  if (n_press == 2)
    {
      g_settings_reset (edge->window->settings, edge->key);
      apply_width (edge->window, edge->split_view, edge->key);
    }
}

static void
add_edge (PinionWindow *self,
          GtkWidget    *handle,
          GtkWidget    *split_view,
          const char   *key)
{
  Edge *edge = g_new0 (Edge, 1);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  edge->window = self;
  edge->split_view = split_view;
  edge->key = key;
  g_object_set_data_full (G_OBJECT (handle), "pinion-edge", edge, g_free);

  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), edge);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), edge);
  g_signal_connect (click, "pressed", G_CALLBACK (on_double_press), edge);
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_cursor_from_name (handle, "col-resize");

  /* Collapsed panes have no edge to drag */
  g_object_bind_property (split_view, "collapsed", handle, "visible",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  apply_width (self, split_view, key);
}

void
pinion_window_add_pane_edges (PinionWindow *self)
{
  add_edge (self, self->sidebar_edge, GTK_WIDGET (self->outer), "sidebar-width");
  add_edge (self, self->list_edge, GTK_WIDGET (self->inner), "list-width");
}
