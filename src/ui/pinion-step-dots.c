/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-step-dots.h"

#define DOT_SIZE 6
#define GAP 6
#define REST_OPACITY 0.25f
#define DONE_OPACITY 0.6f

struct _PinionStepDots
{
  GtkWidget parent_instance;

  guint step;
  guint n_steps;
};

G_DEFINE_FINAL_TYPE (PinionStepDots, pinion_step_dots, GTK_TYPE_WIDGET)

static void
pinion_step_dots_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  PinionStepDots *self = PINION_STEP_DOTS (widget);
  int n = (int) self->n_steps;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = DOT_SIZE;
  else
    *minimum = *natural = n > 0 ? n * DOT_SIZE + (n - 1) * GAP : 0;
}

static float
get_opacity (PinionStepDots *self,
             guint           dot)
{
  if (dot == self->step)
    return 1.0f;

  return dot < self->step ? DONE_OPACITY : REST_OPACITY;
}

static void
pinion_step_dots_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  PinionStepDots *self = PINION_STEP_DOTS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float y = (float) (gtk_widget_get_height (widget) - DOT_SIZE) / 2;
  GskRoundedRect dot;
  GdkRGBA colour;

  for (guint i = 0; i < self->n_steps; i++)
    {
      guint place = mirrored ? self->n_steps - 1 - i : i;

      gtk_widget_get_color (widget, &colour);
      colour.alpha *= get_opacity (self, i + 1);
      gsk_rounded_rect_init_from_rect (
        &dot, &GRAPHENE_RECT_INIT ((float) place * (DOT_SIZE + GAP), y, DOT_SIZE, DOT_SIZE),
        DOT_SIZE / 2.0f);
      gtk_snapshot_push_rounded_clip (snapshot, &dot);
      gtk_snapshot_append_color (snapshot, &colour, &dot.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

static void
pinion_step_dots_class_init (PinionStepDotsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = pinion_step_dots_measure;
  widget_class->snapshot = pinion_step_dots_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
pinion_step_dots_init (PinionStepDots *self)
{
}

void
pinion_step_dots_set (PinionStepDots *self,
                      guint           step,
                      guint           n_steps)
{
  g_return_if_fail (PINION_IS_STEP_DOTS (self));

  self->step = step;
  self->n_steps = n_steps;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
