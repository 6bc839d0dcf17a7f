/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-colour-dot.h"

#include <adwaita.h>

#include "pinion-colour.h"

#define ICON_SIZE 16
#define DOT_SIZE 10

struct _PinionColourDot
{
  GtkWidget parent_instance;

  GdkRGBA hue;
};

G_DEFINE_FINAL_TYPE (PinionColourDot, pinion_colour_dot, GTK_TYPE_WIDGET)

static void
pinion_colour_dot_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = ICON_SIZE;
}

static void
pinion_colour_dot_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  PinionColourDot *self = PINION_COLOUR_DOT (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GdkRGBA colour = pinion_colour_dot (&self->hue, dark);
  float x = (float) (gtk_widget_get_width (widget) - DOT_SIZE) / 2;
  float y = (float) (gtk_widget_get_height (widget) - DOT_SIZE) / 2;
  GskRoundedRect dot;

  gsk_rounded_rect_init_from_rect (&dot, &GRAPHENE_RECT_INIT (x, y, DOT_SIZE, DOT_SIZE),
                                   DOT_SIZE / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &dot);
  gtk_snapshot_append_color (snapshot, &colour, &dot.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
pinion_colour_dot_class_init (PinionColourDotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = pinion_colour_dot_measure;
  widget_class->snapshot = pinion_colour_dot_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
pinion_colour_dot_init (PinionColourDot *self)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

void
pinion_colour_dot_set (PinionColourDot *self,
                       const char      *colour)
{
  g_return_if_fail (PINION_IS_COLOUR_DOT (self));

  if (!gdk_rgba_parse (&self->hue, colour))
    self->hue = (GdkRGBA) { 0.5f, 0.5f, 0.5f, 1.0f };

  gtk_widget_queue_draw (GTK_WIDGET (self));
}
