/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sidebar-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-colour-dot.h"
#include "pinion-label-popover.h"
#include "pinion-popover.h"

#define TITLE_DELAY 50 /* ms; after the rows have been laid out */
#define MORE_WIDTH 340 /* of the labels that open beside the sidebar */

enum
{
  SELECTED,
  VISITED,
  DROPPED,
  DONE,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionSidebar, pinion_sidebar, ADW_TYPE_BIN)

/* -- Acts ----------------------------------------------------------------------------------- */

typedef struct
{
  PinionSidebar *sidebar;
  char *title;
} Following;

static void
following_free (gpointer data)
{
  Following *self = data;

  g_object_unref (self->sidebar);
  g_free (self->title);
  g_free (self);
}

static DexFuture *
on_followed (DexFuture *future,
             gpointer   user_data)
{
  Following *following = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    g_signal_emit (following->sidebar, signals[FAILED], 0, error);
  else if (G_VALUE_HOLDS (value, PINION_TYPE_DONE))
    g_signal_emit (following->sidebar, signals[DONE], 0, g_value_get_boxed (value),
                   following->title);

  return NULL;
}

void
pinion_sidebar_follow (PinionSidebar *self,
                       DexFuture     *future,
                       const char    *title)
{
  Following *following = g_new0 (Following, 1);

  following->sidebar = g_object_ref (self);
  following->title = g_strdup (title);
  dex_future_disown (dex_future_finally (future, on_followed, following, following_free));
}

/* -- More ----------------------------------------------------------------------------------- */

static void
set_pinned (PinionSidebar *self,
            PinionLabel   *label,
            gboolean       pinned)
{
  pinion_sidebar_follow (
    self, pinion_engine_pin_label (self->engine, pinion_label_get_id (label), pinned),
    pinion_label_get_name (label));
}

static void
on_more_chosen (PinionSidebar *self,
                PinionLabel   *label)
{
  set_pinned (self, label, !pinion_label_get_pinned (label));
}

static void
on_more_visited (PinionSidebar *self,
                 PinionLabel   *label)
{
  g_signal_emit (self, signals[VISITED], 0, label);
}

GdkRectangle
pinion_sidebar_get_place (PinionSidebar  *self,
                          PinionLabelRow *row)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  if (!gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self), &bounds))
    return (GdkRectangle) { 0, 0, 1, 1 };

  return (GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                          (int) bounds.size.height };
}

static void
open_more (PinionSidebar  *self,
           PinionLabelRow *row)
{
  gint64 account = pinion_sidebar_item_get_view (pinion_label_row_get_item (row))->account;
  GtkWidget *popover =
    pinion_label_popover_new (self->engine, account, PINION_PICK_TO_PIN, NULL, 0);
  GdkRectangle at = pinion_sidebar_get_place (self, row);
  int beside = gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)))) -
               gtk_widget_get_width (GTK_WIDGET (self));

  /* On a narrow screen only what is above or below slides until all of it is in sight */
  gtk_popover_set_position (GTK_POPOVER (popover),
                            beside > MORE_WIDTH ? GTK_POS_RIGHT : GTK_POS_BOTTOM);
  g_signal_connect_object (popover, "chosen", G_CALLBACK (on_more_chosen), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "visited", G_CALLBACK (on_more_visited), self,
                           G_CONNECT_SWAPPED);
  pinion_label_popover_present (PINION_LABEL_POPOVER (popover), GTK_WIDGET (self), &at);
}

/* -- Rows ----------------------------------------------------------------------------------- */

static void
on_row_clicked (GtkGestureClick *click,
                int              n_press,
                double           x,
                double           y,
                PinionSidebar   *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));
  PinionSidebarItem *item = pinion_label_row_get_item (PINION_LABEL_ROW (row));

  if (item != NULL && pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_MORE)
    {
      gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
      open_more (self, PINION_LABEL_ROW (row));
    }
  else if (item != NULL && pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION)
    {
      gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
      pinion_sidebar_toggle_fold (self, item);
    }
}

static void
on_row_pressed_for_menu (GtkGesture *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

/* Not while it is pressed: the menu would get the end of that, and the row stay as pressed for good. */
static void
on_row_released_for_menu (GtkGesture    *gesture,
                          int            n_press,
                          double         x,
                          double         y,
                          PinionSidebar *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  pinion_sidebar_open_row_menu (self, PINION_LABEL_ROW (row), x, y);
}

static void
on_row_long_pressed (GtkGesture    *gesture,
                     double         x,
                     double         y,
                     PinionSidebar *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  if (pinion_sidebar_open_row_menu (self, PINION_LABEL_ROW (row), x, y))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_row_dropped (PinionSidebar  *self,
                PinionDragged  *dragged,
                gboolean        move,
                PinionLabelRow *row)
{
  g_signal_emit (self, signals[DROPPED], 0, dragged, pinion_label_row_get_item (row), move);
}

static void
on_row_menu (PinionSidebar  *self,
             PinionLabelRow *row)
{
  pinion_sidebar_open_row_menu (self, row, gtk_widget_get_width (GTK_WIDGET (row)) - 24,
                                gtk_widget_get_height (GTK_WIDGET (row)));
}

static void
add_row_gestures (PinionSidebar *self,
                  GtkWidget     *row)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (on_row_clicked), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  /* Before the list's own gesture, which would go on showing the row as pressed */
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (menu_click),
                                              GTK_PHASE_CAPTURE);
  g_signal_connect (menu_click, "pressed", G_CALLBACK (on_row_pressed_for_menu), NULL);
  g_signal_connect_object (menu_click, "released", G_CALLBACK (on_row_released_for_menu), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (menu_click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (on_row_long_pressed), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (long_press));
}

static void
on_row_setup (PinionSidebar *self,
              GtkListItem   *list_item)
{
  GtkWidget *row = pinion_label_row_new ();

  add_row_gestures (self, row);
  pinion_sidebar_watch_row (self, PINION_LABEL_ROW (row));
  g_signal_connect_object (row, "dropped", G_CALLBACK (on_row_dropped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "menu", G_CALLBACK (on_row_menu), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (list_item, row);
}

static void
on_item_changed (GtkListItem *list_item)
{
  g_autofree char *name =
    pinion_sidebar_item_dup_accessible_name (gtk_list_item_get_item (list_item));

  gtk_list_item_set_accessible_label (list_item, name);
}

/* Whether it shows something when it is chosen. */
static gboolean
is_view (PinionSidebarItem *item)
{
  return pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_VIEW ||
         pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SEARCH ||
         pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_OUTBOX;
}

static void
on_row_bind (PinionSidebar *self,
             GtkListItem   *list_item)
{
  PinionLabelRow *row = PINION_LABEL_ROW (gtk_list_item_get_child (list_item));
  PinionSidebarItem *item = gtk_list_item_get_item (list_item);

  pinion_label_row_set_item (row, item);
  pinion_label_row_set_drag (row, self->dragged);
  if (self->label_dragged != NULL)
    pinion_label_row_set_label_drag (row, self->label_dragged);
  g_ptr_array_add (self->rows, row);

  gtk_list_item_set_selectable (list_item, is_view (item));
  gtk_list_item_set_activatable (list_item,
                                 pinion_sidebar_item_get_kind (item) != PINION_SIDEBAR_SEARCHES);
  g_signal_connect_object (item, "changed", G_CALLBACK (on_item_changed), list_item,
                           G_CONNECT_SWAPPED);
  on_item_changed (list_item);
}

static void
on_row_unbind (PinionSidebar *self,
               GtkListItem   *list_item)
{
  PinionLabelRow *row = PINION_LABEL_ROW (gtk_list_item_get_child (list_item));

  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), on_item_changed,
                                        list_item);
  pinion_label_row_set_drag (row, NULL);
  pinion_label_row_set_item (row, NULL);
  g_ptr_array_remove_fast (self->rows, row);
}

static void
on_row_teardown (PinionSidebar *self,
                 GtkListItem   *list_item)
{
  gtk_list_item_set_child (list_item, NULL);
}

static void
on_header_setup (PinionSidebar *self,
                 GtkListHeader *header)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *dot = g_object_new (PINION_TYPE_COLOUR_DOT, NULL);
  GtkWidget *title = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), dot);
  gtk_box_append (GTK_BOX (box), title);
  gtk_list_header_set_child (header, box);
}

static void
show_header (PinionSidebar *self,
             GtkListHeader *header)
{
  PinionSidebarItem *item = gtk_list_header_get_item (header);
  GtkWidget *box = gtk_list_header_get_child (header);
  GtkWidget *dot = gtk_widget_get_first_child (box);
  const char *title = pinion_sidebar_item_get_section_title (item);
  gint64 id = pinion_sidebar_item_get_view (item)->account;
  PinionAccountItem *account = pinion_engine_find_account (self->engine, id);
  const char *colour = account != NULL ? pinion_account_item_get_account (account)->colour : NULL;

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), title);
  gtk_widget_set_visible (box, title != NULL);
  gtk_widget_set_visible (dot, colour != NULL);
  if (colour != NULL)
    pinion_colour_dot_set (PINION_COLOUR_DOT (dot), colour);
}

static void
on_header_bind (PinionSidebar *self,
                GtkListHeader *header)
{
  show_header (self, header);
  g_ptr_array_add (self->headers, header);
}

static void
on_header_unbind (PinionSidebar *self,
                  GtkListHeader *header)
{
  g_ptr_array_remove_fast (self->headers, header);
}

static void
count_snoozed (PinionSidebar *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);
      gint64 id = pinion_account_item_get_id (account);

      pinion_sidebar_model_set_snoozed (self->model, id,
                                        pinion_engine_get_snoozed (self->engine, id, NULL));
    }
}

/* Colours come and go, and what is snoozed. */
static void
on_engine_changed (PinionSidebar *self)
{
  count_snoozed (self);
  for (guint i = 0; i < self->headers->len; i++)
    if (gtk_list_header_get_item (self->headers->pdata[i]) != NULL)
      show_header (self, self->headers->pdata[i]);
}

/* -- Choosing ------------------------------------------------------------------------------- */

static void
on_selected_item (PinionSidebar *self)
{
  PinionSidebarItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || self->selecting)
    return;

  self->shown = *pinion_sidebar_item_get_view (item);
  self->shown_outbox = pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_OUTBOX;
  g_signal_emit (self, signals[SELECTED], 0, item);
}

static void
select_shown (PinionSidebar *self)
{
  self->selecting = TRUE;
  gtk_single_selection_set_selected (
    self->selection, pinion_sidebar_model_find (self->model, &self->shown, self->shown_outbox));
  self->selecting = FALSE;
}

/* What is shown may get its row only now. */
static void
on_items_changed (PinionSidebar *self)
{
  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    select_shown (self);

  pinion_sidebar_restore_focus (self);
}

/* Enter on the row shown brings its list to the front; "More" opens, a section folds. */
static void
on_activate (PinionSidebar *self,
             guint          position)
{
  g_autoptr (PinionSidebarItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (is_view (item))
    {
      g_signal_emit (self, signals[SELECTED], 0, item);
      return;
    }

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION)
    {
      pinion_sidebar_toggle_fold (self, item);
      return;
    }

  for (guint i = 0; i < self->rows->len; i++)
    if (pinion_label_row_get_item (self->rows->pdata[i]) == item)
      {
        open_more (self, self->rows->pdata[i]);
        return;
      }
}

/* A list view starts at its first row, leaves the title above it out of sight, and stays where it is
 * when rows come above: it is kept at its beginning until a person works in it. */
static gboolean
on_show_first_title (gpointer user_data)
{
  PinionSidebar *self = user_data;

  self->title_source = 0;
  if (!self->touched)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);

  return G_SOURCE_REMOVE;
}

static void
show_first_title (PinionSidebar *self)
{
  if (self->title_source == 0 && !self->touched)
    self->title_source = g_timeout_add (TITLE_DELAY, on_show_first_title, self);
}

static gboolean
on_event (PinionSidebar *self,
          GdkEvent      *event)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
    case GDK_KEY_PRESS:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_DRAG_ENTER:
      self->touched = TRUE;
      break;

    default:
      break;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
watch_for_touch (PinionSidebar *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->scroller), controller);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_sidebar_dispose (GObject *object)
{
  PinionSidebar *self = PINION_SIDEBAR (object);

  g_clear_handle_id (&self->title_source, g_source_remove);
  g_clear_handle_id (&self->show_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_SIDEBAR);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->dragged, pinion_dragged_unref);
  g_clear_object (&self->label_dragged);
  g_clear_object (&self->to_focus);

  G_OBJECT_CLASS (pinion_sidebar_parent_class)->dispose (object);
}

static void
pinion_sidebar_finalize (GObject *object)
{
  g_clear_pointer (&PINION_SIDEBAR (object)->rows, g_ptr_array_unref);
  g_clear_pointer (&PINION_SIDEBAR (object)->headers, g_ptr_array_unref);

  G_OBJECT_CLASS (pinion_sidebar_parent_class)->finalize (object);
}

static void
install_signals (PinionSidebarClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  signals[SELECTED] = g_signal_new ("selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, PINION_TYPE_SIDEBAR_ITEM);
  signals[VISITED] = g_signal_new ("visited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, PINION_TYPE_LABEL);
  signals[DROPPED] = g_signal_new ("dropped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 3, PINION_TYPE_DRAGGED, PINION_TYPE_SIDEBAR_ITEM,
                                   G_TYPE_BOOLEAN);
  signals[DONE] = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, PINION_TYPE_DONE, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pinion_sidebar_class_init (PinionSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pinion_sidebar_dispose;
  object_class->finalize = pinion_sidebar_finalize;
  install_signals (klass);

  g_type_ensure (PINION_TYPE_PROGRESS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pinionmail/Pinion/ui/pinion-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, PinionSidebar, scroller);
  gtk_widget_class_bind_template_child (widget_class, PinionSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, PinionSidebar, progress);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_teardown);
  gtk_widget_class_bind_template_callback (widget_class, on_header_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_header_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_header_unbind);
  pinion_sidebar_install_menu_actions (widget_class);
}

static void
pinion_sidebar_init (PinionSidebar *self)
{
  self->rows = g_ptr_array_new ();
  self->headers = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  pinion_actions_describe (GTK_WIDGET (self));
  pinion_drag_add_scrolling (self->scroller);
  watch_for_touch (self);
  pinion_sidebar_add_keys (self);
}

void
pinion_sidebar_set_engine (PinionSidebar *self,
                           PinionEngine  *engine)
{
  g_return_if_fail (PINION_IS_SIDEBAR (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  self->model = pinion_sidebar_model_new (pinion_engine_get_accounts (engine),
                                          pinion_engine_get_labels (engine),
                                          pinion_engine_get_sections (engine));
  pinion_sidebar_model_set_searches (self->model, pinion_engine_get_saved_searches (engine));
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_selected_item), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  g_signal_connect_object (engine, "changed", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);

  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "changed",
                           G_CALLBACK (show_first_title), self, G_CONNECT_SWAPPED);
  count_snoozed (self);
  pinion_progress_set_accounts (self->progress, pinion_engine_get_accounts (engine));
}

void
pinion_sidebar_select (PinionSidebar    *self,
                       const PinionView *view,
                       gboolean          outbox)
{
  g_return_if_fail (PINION_IS_SIDEBAR (self));

  self->shown = *view;
  self->shown_outbox = outbox;
  select_shown (self);
}

gboolean
pinion_sidebar_activate (PinionSidebar    *self,
                         const PinionView *view)
{
  guint position;

  g_return_val_if_fail (PINION_IS_SIDEBAR (self), FALSE);

  position = pinion_sidebar_model_find (self->model, view, FALSE);
  gtk_single_selection_set_selected (self->selection, position);

  return position != GTK_INVALID_LIST_POSITION;
}

void
pinion_sidebar_set_drag (PinionSidebar *self,
                         PinionDragged *dragged)
{
  g_return_if_fail (PINION_IS_SIDEBAR (self));

  g_clear_pointer (&self->dragged, pinion_dragged_unref);
  if (dragged != NULL)
    self->dragged = pinion_dragged_ref (dragged);

  for (guint i = 0; i < self->rows->len; i++)
    pinion_label_row_set_drag (self->rows->pdata[i], dragged);
}

void
pinion_sidebar_set_outbox_count (PinionSidebar *self,
                                 gint64         account,
                                 guint          count)
{
  g_return_if_fail (PINION_IS_SIDEBAR (self));

  pinion_sidebar_model_set_outbox_count (self->model, account, count);
}

void
pinion_sidebar_open_menu (PinionSidebar *self)
{
  g_return_if_fail (PINION_IS_SIDEBAR (self));

  pinion_popover_open_menu (self->menu_button);
}

GtkWidget *
pinion_sidebar_get_scroller (PinionSidebar *self)
{
  g_return_val_if_fail (PINION_IS_SIDEBAR (self), NULL);

  return GTK_WIDGET (self->scroller);
}
