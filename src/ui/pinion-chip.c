/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-chip.h"

#include <adwaita.h>

#include "pinion-colour.h"

struct _PinionChip
{
  GtkWidget parent_instance;

  GtkWidget *label;
  GdkRGBA hue;
  GdkRGBA background;
  gboolean grey;
};

G_DEFINE_FINAL_TYPE (PinionChip, pinion_chip, GTK_TYPE_WIDGET)

static void
update_colours (PinionChip *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autoptr (PangoAttrList) attributes = NULL;
  GdkRGBA text;

  if (self->grey)
    {
      gtk_label_set_attributes (GTK_LABEL (self->label), NULL);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  pinion_colour_chip (&self->hue, dark, &self->background, &text);

  attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_foreground_new ((guint16) (text.red * 65535),
                                                                 (guint16) (text.green * 65535),
                                                                 (guint16) (text.blue * 65535)));
  gtk_label_set_attributes (GTK_LABEL (self->label), attributes);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pinion_chip_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  PinionChip *self = PINION_CHIP (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GskRoundedRect pill;
  GdkRGBA fill = self->background;

  if (self->grey)
    {
      gtk_widget_get_color (widget, &fill);
      fill.alpha *= 0.1f;
    }

  gsk_rounded_rect_init_from_rect (&pill, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &fill, &pill.bounds);
  gtk_snapshot_pop (snapshot);

  gtk_widget_snapshot_child (widget, self->label, snapshot);
}

static void
pinion_chip_dispose (GObject *object)
{
  PinionChip *self = PINION_CHIP (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (pinion_chip_parent_class)->dispose (object);
}

static void
pinion_chip_class_init (PinionChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pinion_chip_dispose;
  widget_class->snapshot = pinion_chip_snapshot;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chip");
}

static void
pinion_chip_init (PinionChip *self)
{
  self->grey = TRUE;
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (self->label), 14);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_colours), self, G_CONNECT_SWAPPED);
}

GtkWidget *
pinion_chip_new (void)
{
  return g_object_new (PINION_TYPE_CHIP, NULL);
}

void
pinion_chip_set (PinionChip *self,
                 const char *text,
                 const char *colour)
{
  g_return_if_fail (PINION_IS_CHIP (self));

  gtk_label_set_label (GTK_LABEL (self->label), text);
  self->grey = colour == NULL || !gdk_rgba_parse (&self->hue, colour);
  update_colours (self);
}
