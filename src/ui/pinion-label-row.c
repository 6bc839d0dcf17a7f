/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-label-row.h"

#include <glib/gi18n-lib.h>

#include "pinion-colour-dot.h"
#include "pinion-css.h"

#define INDENT 14
#define MAX_DEPTH 4

struct _PinionLabelRow
{
  GtkWidget parent_instance;

  GtkStack *mark;
  GtkImage *icon;
  PinionColourDot *dot;
  GtkLabel *title;
  GtkLabel *count;

  PinionSidebarItem *item;
  GtkDropTarget *drop_target;
};

enum
{
  DROPPED,
  LABEL_DRAG,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionLabelRow, pinion_label_row, GTK_TYPE_WIDGET)

/* -- What it shows -------------------------------------------------------------------------- */

static void
show_mark (PinionLabelRow *self)
{
  const char *icon = pinion_sidebar_item_get_icon (self->item);
  PinionLabel *label = pinion_sidebar_item_get_label (self->item);

  if (icon != NULL)
    gtk_image_set_from_icon_name (self->icon, icon);
  else if (label != NULL)
    pinion_colour_dot_set (self->dot, pinion_label_get_colour (label));

  gtk_stack_set_visible_child_name (self->mark, icon != NULL ? "icon" : "dot");
}

/* Where the name alone does not tell which label it is. */
static const char *
get_longer_path (PinionLabelRow *self)
{
  PinionLabel *label = pinion_sidebar_item_get_label (self->item);

  if (label == NULL || pinion_label_get_role (label) != PINION_ROLE_NONE ||
      g_str_equal (pinion_label_get_path (label), pinion_label_get_name (label)))
    return NULL;

  return pinion_label_get_path (label);
}

static void
on_item_changed (PinionLabelRow *self)
{
  PinionSidebarKind kind = pinion_sidebar_item_get_kind (self->item);
  guint count = pinion_sidebar_item_get_count (self->item);
  guint depth = MIN (pinion_sidebar_item_get_depth (self->item), MAX_DEPTH);
  gboolean is_inbox = pinion_sidebar_item_get_role (self->item) == PINION_ROLE_INBOX ||
                      pinion_sidebar_item_get_view (self->item)->kind == PINION_VIEW_INBOX;
  g_autofree char *number = g_strdup_printf ("%'u", count);

  show_mark (self);
  gtk_label_set_label (self->title, pinion_sidebar_item_get_title (self->item));
  gtk_label_set_label (self->count, number);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  gtk_widget_set_margin_start (GTK_WIDGET (self->mark), (int) depth * INDENT);

  pinion_css_set (GTK_WIDGET (self->count), "dim-label", !is_inbox);
  pinion_css_set (GTK_WIDGET (self->count), "inbox-count", is_inbox);
  pinion_css_set (GTK_WIDGET (self), "dim-label", kind == PINION_SIDEBAR_MORE);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), get_longer_path (self));
}

/* -- Conversations dropped here ------------------------------------------------------------- */

static gboolean
plan (PinionLabelRow *self,
      PinionDropPlan *drop_plan)
{
  const GValue *value = gtk_drop_target_get_value (self->drop_target);
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);

  *drop_plan = (PinionDropPlan) { 0 };

  return self->item != NULL && value != NULL && drop != NULL &&
         pinion_drop_plan (g_value_get_boxed (value), self->item, pinion_drop_wants_move (drop),
                           drop_plan);
}

static GdkDragAction
decide (PinionLabelRow *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  g_auto (PinionDropPlan) drop_plan = { 0 };
  gboolean takes = plan (self, &drop_plan);

  pinion_css_set (GTK_WIDGET (self), "drop-accepted", takes);

  if (drop == NULL)
    return 0;

  pinion_drag_say (drop, drop_plan.words);

  return takes ? pinion_drop_answer (drop, pinion_drop_wants_move (drop)) : 0;
}

static GdkDragAction
on_drop_motion (PinionLabelRow *self)
{
  return decide (self);
}

static void
on_drop_leave (PinionLabelRow *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);

  if (drop != NULL)
    pinion_drag_say (drop, NULL);

  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");
}

static gboolean
on_drop (PinionLabelRow *self,
         const GValue   *value)
{
  g_auto (PinionDropPlan) drop_plan = { 0 };
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  gboolean takes = plan (self, &drop_plan);

  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");

  if (takes)
    g_signal_emit (self, signals[DROPPED], 0, g_value_get_boxed (value),
                   pinion_drop_wants_move (drop));

  return takes;
}

/* -- Its label dragged away ----------------------------------------------------------------- */

static GdkContentProvider *
on_drag_prepare (PinionLabelRow *self)
{
  if (self->item == NULL || pinion_sidebar_item_get_label (self->item) == NULL ||
      pinion_sidebar_item_get_role (self->item) != PINION_ROLE_NONE)
    return NULL;

  return gdk_content_provider_new_typed (PINION_TYPE_LABEL,
                                         pinion_sidebar_item_get_label (self->item));
}

static void
on_drag_begin (PinionLabelRow *self,
               GdkDrag        *drag)
{
  pinion_drag_begin (drag, pinion_sidebar_item_get_title (self->item), 1);
  g_signal_emit (self, signals[LABEL_DRAG], 0, TRUE);
}

static void
on_drag_end (PinionLabelRow *self)
{
  g_signal_emit (self, signals[LABEL_DRAG], 0, FALSE);
}

static void
add_drag_and_drop (PinionLabelRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (on_drag_prepare), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (source, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));

  self->drop_target = gtk_drop_target_new (PINION_TYPE_DRAGGED, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  gtk_drop_target_set_preload (self->drop_target, TRUE);
  g_signal_connect_swapped (self->drop_target, "enter", G_CALLBACK (on_drop_motion), self);
  g_signal_connect_swapped (self->drop_target, "motion", G_CALLBACK (on_drop_motion), self);
  g_signal_connect_swapped (self->drop_target, "notify::value", G_CALLBACK (on_drop_motion), self);
  g_signal_connect_swapped (self->drop_target, "leave", G_CALLBACK (on_drop_leave), self);
  g_signal_connect_swapped (self->drop_target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->drop_target));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_label_row_dispose (GObject *object)
{
  PinionLabelRow *self = PINION_LABEL_ROW (object);

  pinion_label_row_set_item (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_LABEL_ROW);

  G_OBJECT_CLASS (pinion_label_row_parent_class)->dispose (object);
}

static void
pinion_label_row_class_init (PinionLabelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_label_row_dispose;

  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, PINION_TYPE_DRAGGED,
                                   G_TYPE_BOOLEAN);
  signals[LABEL_DRAG] = g_signal_new ("label-drag", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  g_type_ensure (PINION_TYPE_COLOUR_DOT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-label-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, title);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, count);
  gtk_widget_class_set_css_name (widget_class, "labelrow");
}

static void
pinion_label_row_init (PinionLabelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drag_and_drop (self);
}

GtkWidget *
pinion_label_row_new (void)
{
  return g_object_new (PINION_TYPE_LABEL_ROW, NULL);
}

void
pinion_label_row_set_item (PinionLabelRow    *self,
                           PinionSidebarItem *item)
{
  g_return_if_fail (PINION_IS_LABEL_ROW (self));

  if (self->item == item)
    return;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, on_item_changed, self);

  g_set_object (&self->item, item);

  if (item != NULL)
    {
      g_signal_connect_object (item, "changed", G_CALLBACK (on_item_changed), self,
                               G_CONNECT_SWAPPED);
      on_item_changed (self);
    }
}

PinionSidebarItem *
pinion_label_row_get_item (PinionLabelRow *self)
{
  return self->item;
}

void
pinion_label_row_set_drag (PinionLabelRow *self,
                           PinionDragged  *dragged)
{
  g_auto (PinionDropPlan) drop_plan = { 0 };
  gboolean asked = dragged != NULL && self->item != NULL;
  gboolean takes = asked && pinion_drop_plan (dragged, self->item, FALSE, &drop_plan);

  pinion_css_set (GTK_WIDGET (self), "drop-possible", takes);
  pinion_css_set (GTK_WIDGET (self), "drop-refused", asked && !takes);
  if (dragged == NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");
}

