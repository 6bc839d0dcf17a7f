/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-label-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "pinion-colour-dot.h"
#include "pinion-css.h"
#include "pinion-tooltip.h"

#define INDENT 14
#define MAX_DEPTH 4

/* Where a label that hovers would come to stand. */
typedef enum
{
  LINE_NONE,
  LINE_ABOVE,
  LINE_BELOW,
} Line;

struct _PinionLabelRow
{
  GtkWidget parent_instance;

  GtkStack *mark;
  GtkImage *icon;
  PinionColourDot *dot;
  GtkLabel *title;
  GtkLabel *count;
  GtkButton *fold;
  GtkWidget *add;

  PinionSidebarItem *item;
  PinionSidebarModel *model;
  GtkDropTarget *drop_target;
  Line line;
  double drop_y;
  guint open_source;
  gboolean files_hover;
};

#define OPEN_DELAY 600 /* ms that a drag hovers before what is folded opens */
#define LINE_HEIGHT 2

enum
{
  DROPPED,
  LABEL_DROPPED,
  SEARCH_DROPPED,
  LABEL_DRAG,
  FOLD,
  MENU,
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

/* Where the name alone does not tell which label it is, or what is searched for. */
static const char *
get_tooltip (PinionLabelRow *self)
{
  PinionLabel *label = pinion_sidebar_item_get_label (self->item);

  if (pinion_sidebar_item_get_kind (self->item) == PINION_SIDEBAR_SEARCH)
    return pinion_sidebar_item_get_hint (self->item);

  if (label == NULL || pinion_label_get_role (label) != PINION_ROLE_NONE ||
      g_str_equal (pinion_label_get_path (label), pinion_label_get_name (label)))
    return NULL;

  return pinion_label_get_path (label);
}

static void
show_fold (PinionLabelRow *self,
           gboolean        is_section)
{
  gboolean foldable = pinion_sidebar_item_get_foldable (self->item);
  gboolean folded = pinion_sidebar_item_get_folded (self->item);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  const char *words = folded ? _("Unfold") : _("Fold");
  g_autofree char *tooltip = NULL;

  /* Translators: what a button does, and its key: the arrow to the left or to the right */
  tooltip = g_strdup_printf (_("%s (%s)"), words, folded != rtl ? _("Right") : _("Left"));

  gtk_widget_set_visible (GTK_WIDGET (self->fold), foldable);
  gtk_button_set_icon_name (self->fold, folded ? "pan-end-symbolic" : "pan-down-symbolic");
  if (foldable)
    pinion_tooltip_set (GTK_WIDGET (self->fold), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fold), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);

  gtk_widget_set_visible (GTK_WIDGET (self->mark), !is_section);
  gtk_widget_set_visible (self->add, is_section && foldable);
  pinion_css_set (GTK_WIDGET (self), "section-title", is_section);
  pinion_css_set (GTK_WIDGET (self->title), "caption-heading", is_section);
}

static void
on_item_changed (PinionLabelRow *self)
{
  PinionSidebarKind kind = pinion_sidebar_item_get_kind (self->item);
  guint count = pinion_sidebar_item_get_count (self->item);
  guint depth = MIN (pinion_sidebar_item_get_depth (self->item), MAX_DEPTH);
  gboolean is_inbox = pinion_sidebar_item_get_role (self->item) == PINION_ROLE_INBOX ||
                      pinion_sidebar_item_get_view (self->item)->kind == PINION_VIEW_INBOX;
  gboolean is_title = kind == PINION_SIDEBAR_SECTION || kind == PINION_SIDEBAR_SEARCHES;
  g_autofree char *number = g_strdup_printf ("%'u", count);

  show_mark (self);
  show_fold (self, is_title);
  gtk_label_set_label (self->title, pinion_sidebar_item_get_title (self->item));
  gtk_label_set_label (self->count, number);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  gtk_widget_set_margin_start (GTK_WIDGET (self->mark), (int) depth * INDENT);

  pinion_css_set (GTK_WIDGET (self->count), "dim-label", !is_inbox);
  pinion_css_set (GTK_WIDGET (self->count), "inbox-count", is_inbox);
  pinion_css_set (GTK_WIDGET (self), "dim-label", kind == PINION_SIDEBAR_MORE || is_title);
  pinion_css_set (GTK_WIDGET (self), "new-section", kind == PINION_SIDEBAR_NEW_SECTION);

  pinion_tooltip_set (GTK_WIDGET (self), get_tooltip (self));
}

static void
on_fold_clicked (PinionLabelRow *self)
{
  g_signal_emit (self, signals[FOLD], 0);
}

static void
on_add_clicked (PinionLabelRow *self)
{
  g_signal_emit (self, signals[MENU], 0);
}

/* -- What is dropped here ------------------------------------------------------------------- */

static void
set_line (PinionLabelRow *self,
          Line            line)
{
  if (self->line == line)
    return;

  self->line = line;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The label that hovers, %NULL where it is none. */
static PinionLabel *
get_hovering_label (PinionLabelRow *self)
{
  const GValue *value = gtk_drop_target_get_value (self->drop_target);

  return value != NULL && G_VALUE_HOLDS (value, PINION_TYPE_LABEL) ? g_value_get_object (value)
                                                                   : NULL;
}

/* The saved search that @value has, %NULL where it is none. */
static PinionSidebarItem *
get_search (const GValue *value)
{
  return value != NULL && G_VALUE_HOLDS (value, PINION_TYPE_SIDEBAR_ITEM)
           ? g_value_get_object (value)
           : NULL;
}

/* Searches have an order of their own. */
static gboolean
takes_searches (PinionLabelRow *self)
{
  PinionSidebarKind kind = self->item != NULL ? pinion_sidebar_item_get_kind (self->item)
                                              : PINION_SIDEBAR_VIEW;

  return kind == PINION_SIDEBAR_SEARCH || kind == PINION_SIDEBAR_SEARCHES;
}

static gboolean
plan (PinionLabelRow *self,
      PinionDropPlan *drop_plan)
{
  const GValue *value = gtk_drop_target_get_value (self->drop_target);
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);

  *drop_plan = (PinionDropPlan) { 0 };

  return self->item != NULL && value != NULL && drop != NULL &&
         G_VALUE_HOLDS (value, PINION_TYPE_DRAGGED) &&
         pinion_drop_plan (g_value_get_boxed (value), self->item, pinion_drop_wants_move (drop),
                           drop_plan);
}

static gboolean
is_in_lower_half (PinionLabelRow *self)
{
  return self->drop_y > gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

static GdkDragAction
decide_label (PinionLabelRow *self,
              PinionLabel    *label)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  g_auto (PinionPlace) place = { 0 };
  gboolean takes = self->item != NULL && self->model != NULL &&
                   pinion_sidebar_model_place (self->model, label, self->item,
                                               is_in_lower_half (self), &place);
  gboolean whole = takes && pinion_sidebar_item_get_kind (self->item) != PINION_SIDEBAR_VIEW;

  pinion_css_set (GTK_WIDGET (self), "drop-accepted", whole);
  set_line (self, !takes || whole ? LINE_NONE : place.below ? LINE_BELOW : LINE_ABOVE);

  return takes && drop != NULL ? pinion_drop_answer (drop, TRUE) : 0;
}

static GdkDragAction
decide_search (PinionLabelRow *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  gboolean takes = takes_searches (self);
  gboolean below = is_in_lower_half (self) ||
                   (takes && pinion_sidebar_item_get_kind (self->item) == PINION_SIDEBAR_SEARCHES);

  set_line (self, !takes ? LINE_NONE : below ? LINE_BELOW : LINE_ABOVE);

  return takes && drop != NULL ? pinion_drop_answer (drop, TRUE) : 0;
}

/* Returns: (nullable) the label that files would be imported into. */
static PinionLabel *
get_label_for_files (PinionLabelRow *self)
{
  PinionLabel *label = self->item != NULL ? pinion_sidebar_item_get_label (self->item) : NULL;

  return label != NULL && pinion_drop_takes_files (label) ? label : NULL;
}

static gboolean
takes_files (PinionLabelRow *self,
             GdkFileList    *files)
{
  return get_label_for_files (self) != NULL && pinion_drop_may_be_messages (files);
}

/* What is dragged comes from another program, which draws it, and does not say when it begins. */
static GdkDragAction
decide_files (PinionLabelRow *self,
              GdkFileList    *files)
{
  gboolean takes = takes_files (self, files);

  self->files_hover = TRUE;
  pinion_css_set (GTK_WIDGET (self), "drop-accepted", takes);
  pinion_css_set (GTK_WIDGET (self), "drop-refused", !takes);

  return takes ? GDK_ACTION_COPY : 0;
}

static void
forget_files (PinionLabelRow *self)
{
  if (self->files_hover)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-refused");
  self->files_hover = FALSE;
}

static gboolean
has_files (const GValue *value)
{
  return value != NULL && G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST);
}

static gboolean
on_hovered_long (gpointer user_data)
{
  PinionLabelRow *self = user_data;

  self->open_source = 0;
  if (self->item != NULL && pinion_sidebar_item_get_folded (self->item))
    g_signal_emit (self, signals[FOLD], 0);

  return G_SOURCE_REMOVE;
}

static GdkDragAction
decide (PinionLabelRow *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  PinionLabel *label = get_hovering_label (self);
  g_auto (PinionDropPlan) drop_plan = { 0 };
  gboolean takes;

  if (label != NULL)
    return decide_label (self, label);
  if (get_search (gtk_drop_target_get_value (self->drop_target)) != NULL)
    return decide_search (self);
  if (has_files (gtk_drop_target_get_value (self->drop_target)))
    return decide_files (self, g_value_get_boxed (gtk_drop_target_get_value (self->drop_target)));

  takes = plan (self, &drop_plan);
  pinion_css_set (GTK_WIDGET (self), "drop-accepted", takes);

  if (drop == NULL)
    return 0;

  pinion_drag_say (drop, drop_plan.words);

  return takes ? pinion_drop_answer (drop, pinion_drop_wants_move (drop)) : 0;
}

static GdkDragAction
on_drop_motion (PinionLabelRow *self,
                double          x,
                double          y)
{
  self->drop_y = y;

  return decide (self);
}

static GdkDragAction
on_drop_enter (PinionLabelRow *self,
               double          x,
               double          y)
{
  if (self->open_source == 0 && self->item != NULL &&
      pinion_sidebar_item_get_foldable (self->item))
    self->open_source = g_timeout_add (OPEN_DELAY, on_hovered_long, self);

  return on_drop_motion (self, x, y);
}

static void
on_drop_value (PinionLabelRow *self)
{
  decide (self);
}

static void
on_drop_leave (PinionLabelRow *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);

  if (drop != NULL)
    pinion_drag_say (drop, NULL);

  g_clear_handle_id (&self->open_source, g_source_remove);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");
  forget_files (self);
  set_line (self, LINE_NONE);
}

static gboolean
drop_label (PinionLabelRow *self,
            PinionLabel    *label)
{
  gboolean below = is_in_lower_half (self);
  g_auto (PinionPlace) place = { 0 };
  gboolean takes = self->item != NULL && self->model != NULL &&
                   pinion_sidebar_model_place (self->model, label, self->item, below, &place);

  if (takes)
    g_signal_emit (self, signals[LABEL_DROPPED], 0, label, below);

  return takes;
}

static gboolean
drop_search (PinionLabelRow    *self,
             PinionSidebarItem *search)
{
  gboolean takes = takes_searches (self);

  if (takes)
    g_signal_emit (self, signals[SEARCH_DROPPED], 0, search, is_in_lower_half (self));

  return takes;
}

static gboolean
drop_files (PinionLabelRow *self,
            GdkFileList    *files)
{
  gboolean takes = takes_files (self, files);

  if (takes)
    pinion_drop_files (GTK_WIDGET (self), get_label_for_files (self), files);

  return takes;
}

static gboolean
on_drop (PinionLabelRow *self,
         const GValue   *value,
         double          x,
         double          y)
{
  g_auto (PinionDropPlan) drop_plan = { 0 };
  GdkDrop *drop = gtk_drop_target_get_current_drop (self->drop_target);
  gboolean takes;

  g_clear_handle_id (&self->open_source, g_source_remove);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");
  forget_files (self);
  set_line (self, LINE_NONE);
  self->drop_y = y;

  if (G_VALUE_HOLDS (value, PINION_TYPE_LABEL))
    return drop_label (self, g_value_get_object (value));
  if (get_search (value) != NULL)
    return drop_search (self, get_search (value));
  if (has_files (value))
    return drop_files (self, g_value_get_boxed (value));

  takes = plan (self, &drop_plan);
  if (takes)
    g_signal_emit (self, signals[DROPPED], 0, g_value_get_boxed (value),
                   pinion_drop_wants_move (drop));

  return takes;
}

/* -- Its label or search dragged away ------------------------------------------------------- */

static GdkContentProvider *
on_drag_prepare (PinionLabelRow *self)
{
  if (self->item != NULL && pinion_sidebar_item_get_kind (self->item) == PINION_SIDEBAR_SEARCH)
    return gdk_content_provider_new_typed (PINION_TYPE_SIDEBAR_ITEM, self->item);

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
  /* Our own drags offer files, too: the first type counts. */
  GType types[] = { PINION_TYPE_DRAGGED, PINION_TYPE_LABEL, PINION_TYPE_SIDEBAR_ITEM,
                    GDK_TYPE_FILE_LIST };
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (on_drag_prepare), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (source, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));

  self->drop_target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  gtk_drop_target_set_gtypes (self->drop_target, types, G_N_ELEMENTS (types));
  gtk_drop_target_set_preload (self->drop_target, TRUE);
  g_signal_connect_swapped (self->drop_target, "enter", G_CALLBACK (on_drop_enter), self);
  g_signal_connect_swapped (self->drop_target, "motion", G_CALLBACK (on_drop_motion), self);
  g_signal_connect_swapped (self->drop_target, "notify::value", G_CALLBACK (on_drop_value), self);
  g_signal_connect_swapped (self->drop_target, "leave", G_CALLBACK (on_drop_leave), self);
  g_signal_connect_swapped (self->drop_target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->drop_target));
}

/* -- Drawing -------------------------------------------------------------------------------- */

static void
pinion_label_row_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  PinionLabelRow *self = PINION_LABEL_ROW (widget);
  g_autoptr (GdkRGBA) accent = NULL;
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);

  GTK_WIDGET_CLASS (pinion_label_row_parent_class)->snapshot (widget, snapshot);

  if (self->line == LINE_NONE)
    return;

  accent = adw_style_manager_get_accent_color_rgba (adw_style_manager_get_default ());
  gtk_snapshot_append_color (
    snapshot, accent,
    &GRAPHENE_RECT_INIT (0, self->line == LINE_ABOVE ? 0 : height - LINE_HEIGHT, width,
                         LINE_HEIGHT));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_label_row_dispose (GObject *object)
{
  PinionLabelRow *self = PINION_LABEL_ROW (object);

  g_clear_handle_id (&self->open_source, g_source_remove);
  pinion_label_row_set_item (self, NULL);
  g_clear_object (&self->model);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_LABEL_ROW);

  G_OBJECT_CLASS (pinion_label_row_parent_class)->dispose (object);
}

static void
pinion_label_row_class_init (PinionLabelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_label_row_dispose;
  widget_class->snapshot = pinion_label_row_snapshot;

  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, PINION_TYPE_DRAGGED,
                                   G_TYPE_BOOLEAN);
  signals[LABEL_DRAG] = g_signal_new ("label-drag", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  signals[LABEL_DROPPED] = g_signal_new ("label-dropped", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         PINION_TYPE_LABEL, G_TYPE_BOOLEAN);
  signals[SEARCH_DROPPED] = g_signal_new ("search-dropped", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                          PINION_TYPE_SIDEBAR_ITEM, G_TYPE_BOOLEAN);
  signals[FOLD] = g_signal_new ("fold", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  signals[MENU] = g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PINION_TYPE_COLOUR_DOT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-label-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, mark);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, title);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, count);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, fold);
  gtk_widget_class_bind_template_child (widget_class, PinionLabelRow, add);
  gtk_widget_class_bind_template_callback (widget_class, on_fold_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
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
pinion_label_row_set_model (PinionLabelRow     *self,
                            PinionSidebarModel *model)
{
  g_return_if_fail (PINION_IS_LABEL_ROW (self));

  g_set_object (&self->model, model);
}

static void
show_drag (PinionLabelRow *self,
           gboolean        asked,
           gboolean        takes)
{
  pinion_css_set (GTK_WIDGET (self), "drop-possible", asked && takes);
  pinion_css_set (GTK_WIDGET (self), "drop-refused", asked && !takes);
  if (!asked)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-accepted");
}

void
pinion_label_row_set_drag (PinionLabelRow *self,
                           PinionDragged  *dragged)
{
  g_auto (PinionDropPlan) drop_plan = { 0 };
  gboolean asked = dragged != NULL && self->item != NULL;

  show_drag (self, asked, asked && pinion_drop_plan (dragged, self->item, FALSE, &drop_plan));
}

void
pinion_label_row_set_label_drag (PinionLabelRow *self,
                                 PinionLabel    *label)
{
  gboolean asked = label != NULL && self->item != NULL && self->model != NULL;
  gboolean takes = FALSE;

  for (int below = 0; asked && below < 2; below++)
    {
      g_auto (PinionPlace) place = { 0 };

      takes |= pinion_sidebar_model_place (self->model, label, self->item, below == 1, &place);
    }

  /* The one that is dragged is no target, and no refusal */
  if (asked && pinion_sidebar_item_get_label (self->item) == label)
    asked = FALSE;

  show_drag (self, asked, takes);
}
