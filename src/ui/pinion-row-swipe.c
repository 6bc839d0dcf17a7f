/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-swipe.h"

#include <adwaita.h>
#include <math.h>

#include "pinion-row-draw.h"

#define BACK_MS 200
#define ICON_SIZE 16
#define ICON_MARGIN 20
#define RADIUS 9

/* Of the text's colour, beneath a row that is not far enough yet. */
#define FAINT 0.12f

/* @row: (nullable) the last that was followed, which says when it is gone. */
struct _PinionRowSwipe
{
  GtkWidget *list; /* (nullable) */
  GtkWidget *row;
  PinionSwipe swipe;
  PinionSwipeOffer to_end;
  PinionSwipeOffer to_start;
  AdwAnimation *back;
  GtkGesture *gesture;
  PinionSwipeOfferFunc offer;
  PinionSwipedFunc swiped;
  gpointer user_data;
};

/* With its padding, to which what it draws is relative. */
static graphene_rect_t
get_bounds (PinionRowSwipe *self)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  (void) !gtk_widget_compute_bounds (self->row, self->row, &bounds);

  return bounds;
}

static void
set_offset (double   offset,
            gpointer user_data)
{
  PinionRowSwipe *self = user_data;

  self->swipe.offset = offset;
  if (self->row != NULL)
    gtk_widget_queue_draw (self->row);
}

static void
go_back (PinionRowSwipe *self)
{
  if (pinion_swipe_get_side (&self->swipe) == PINION_SWIPE_NOWHERE)
    return;

  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->back), self->swipe.offset);
  adw_animation_play (self->back);
}

/* -- The finger ----------------------------------------------------------------------------- */

static void
put_back (PinionRowSwipe *self)
{
  adw_animation_reset (self->back);
  self->swipe.offset = 0;
  if (self->row != NULL)
    gtk_widget_queue_draw (self->row);
  self->row = NULL;
}

static void
on_drag_begin (GtkGestureDrag *gesture,
               double          x,
               double          y,
               PinionRowSwipe *self)
{
  put_back (self);
  self->to_end = self->to_start = (PinionSwipeOffer) { NULL };
  self->row = self->offer (x, y, &self->to_end, &self->to_start, self->user_data);
  if (self->row == NULL)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  pinion_swipe_begin (&self->swipe, get_bounds (self).size.width,
                      gtk_widget_get_direction (self->row) == GTK_TEXT_DIR_RTL,
                      self->to_end.icon != NULL, self->to_start.icon != NULL);
}

static guint32
get_time (GtkGestureDrag *gesture)
{
  return gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
}

static void
on_drag_update (GtkGestureDrag *gesture,
                double          x,
                double          y,
                PinionRowSwipe *self)
{
  if (self->row == NULL)
    return;

  switch (pinion_swipe_update (&self->swipe, x, y, get_time (gesture)))
    {
    case PINION_SWIPE_FOLLOWS:
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      gtk_widget_queue_draw (self->row);
      break;

    case PINION_SWIPE_REFUSED:
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      break;

    case PINION_SWIPE_UNDECIDED:
    default:
      break;
    }
}

static void
on_drag_end (GtkGestureDrag *gesture,
             double          x,
             double          y,
             PinionRowSwipe *self)
{
  PinionSwipeSide side;

  if (self->row == NULL)
    return;

  side = pinion_swipe_end (&self->swipe, get_time (gesture));
  go_back (self);
  if (side != PINION_SWIPE_NOWHERE)
    self->swiped (self->row, side, self->user_data);
}

static void
on_cancel (PinionRowSwipe *self)
{
  self->swipe.state = PINION_SWIPE_REFUSED;
  go_back (self);
}

/* -- Drawing -------------------------------------------------------------------------------- */

/* What the row leaves free. */
static void
draw_beneath (PinionRowSwipe         *self,
              GtkSnapshot            *snapshot,
              const graphene_rect_t  *bounds,
              const PinionSwipeOffer *offer)
{
  float offset = (float) self->swipe.offset;
  graphene_rect_t strip = *bounds;
  float x = offset > 0 ? bounds->origin.x + ICON_MARGIN
                       : bounds->origin.x + bounds->size.width - ICON_MARGIN - ICON_SIZE;
  GdkRGBA sign = pinion_row_get_colour (self->row);
  GdkRGBA colour = sign;
  GskRoundedRect all;

  if (pinion_swipe_is_far (&self->swipe))
    {
      sign = (GdkRGBA) { 1, 1, 1, 1 };
      gdk_rgba_parse (&colour, offer->colour);
    }
  else
    {
      colour.alpha *= FAINT;
    }

  strip.size.width = fabsf (offset);
  if (offset < 0)
    strip.origin.x += bounds->size.width + offset;

  gsk_rounded_rect_init_from_rect (&all, bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &all);
  gtk_snapshot_append_color (snapshot, &colour, &strip);
  if (fabsf (offset) > ICON_MARGIN + ICON_SIZE)
    pinion_row_draw_icon (
      self->row, snapshot,
      &GRAPHENE_RECT_INIT (x, bounds->origin.y + (bounds->size.height - ICON_SIZE) / 2, ICON_SIZE,
                           ICON_SIZE),
      offer->icon, &sign);
  gtk_snapshot_pop (snapshot);
}

gboolean
pinion_row_swipe_snapshot (PinionRowSwipe *self,
                           GtkWidget      *row,
                           GtkSnapshot    *snapshot)
{
  PinionSwipeSide side = pinion_swipe_get_side (&self->swipe);
  const PinionSwipeOffer *offer = side == PINION_SWIPE_TO_END ? &self->to_end : &self->to_start;
  graphene_rect_t bounds;

  if (row != self->row || side == PINION_SWIPE_NOWHERE || offer->icon == NULL)
    return FALSE;

  bounds = get_bounds (self);
  draw_beneath (self, snapshot, &bounds, offer);
  gtk_snapshot_push_clip (snapshot, &bounds);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) self->swipe.offset, 0));

  return TRUE;
}

/* -- Life ----------------------------------------------------------------------------------- */

void
pinion_row_swipe_forget (PinionRowSwipe *self,
                         GtkWidget      *row)
{
  if (self->row == row)
    put_back (self);
}

PinionRowSwipe *
pinion_row_swipe_new (GtkWidget            *list,
                      PinionSwipeOfferFunc  offer,
                      PinionSwipedFunc      swiped,
                      gpointer              user_data)
{
  PinionRowSwipe *self = g_rc_box_new0 (PinionRowSwipe);

  self->list = list;
  self->offer = offer;
  self->swiped = swiped;
  self->user_data = user_data;
  self->back = adw_timed_animation_new (
    list, 0, 0, BACK_MS, adw_callback_animation_target_new (set_offset, self, NULL));

  self->gesture = gtk_gesture_drag_new ();
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (self->gesture), TRUE);
  g_signal_connect (self->gesture, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (self->gesture, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (self->gesture, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect_swapped (self->gesture, "cancel", G_CALLBACK (on_cancel), self);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (self->gesture));

  return self;
}

PinionRowSwipe *
pinion_row_swipe_ref (PinionRowSwipe *self)
{
  return g_rc_box_acquire (self);
}

void
pinion_row_swipe_stop (PinionRowSwipe *self)
{
  if (self->list == NULL)
    return;

  put_back (self);
  gtk_widget_remove_controller (self->list, GTK_EVENT_CONTROLLER (self->gesture));
  g_clear_object (&self->back);
  self->gesture = NULL;
  self->list = NULL;
}

void
pinion_row_swipe_unref (PinionRowSwipe *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) pinion_row_swipe_stop);
}
