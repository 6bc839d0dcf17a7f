/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-date-runs.h"
#include "pinion-mail-files.h"
#include "pinion-time.h"

static PinionConversationRow *
row_of (gpointer controller)
{
  return PINION_CONVERSATION_ROW (
    gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
}

/* What an act on @row is about: the selection where it is part of it, else itself alone. */
static PinionDragged *
take_conversations (PinionListPane        *self,
                    PinionConversationRow *row)
{
  PinionConversation *conversation = pinion_conversation_row_get_item (row);
  g_autoptr (GArray) ids = NULL;
  gint64 id;
  guint position;

  if (conversation == NULL)
    return NULL;

  id = pinion_conversation_get_id (conversation);
  position = pinion_conversation_list_find (self->model, id);

  if (position != GTK_INVALID_LIST_POSITION &&
      gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    {
      ids = pinion_list_pane_dup_selected (self);
    }
  else
    {
      ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (ids, id);
    }

  return pinion_list_pane_make_dragged (self, ids);
}

/* -- Swiped --------------------------------------------------------------------------------- */

#define ARCHIVE_COLOUR "#26a269"
#define READ_COLOUR "#1c71d8"

static gboolean
can_archive (PinionListPane *self)
{
  PinionLabel *label = self->view.kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (self->engine, self->view.label)
                         : NULL;

  return label == NULL || pinion_label_get_role (label) != PINION_ROLE_ARCHIVE;
}

static void
offer_swipe (GtkWidget        *row,
             PinionSwipeOffer *to_end,
             PinionSwipeOffer *to_start,
             gpointer          user_data)
{
  PinionListPane *self = user_data;
  PinionConversation *item = pinion_conversation_row_get_item (PINION_CONVERSATION_ROW (row));

  if (item == NULL || self->selecting)
    return;

  if (can_archive (self))
    *to_end = (PinionSwipeOffer) { "pinion-archive-symbolic", ARCHIVE_COLOUR };
  /* Adwaita's own for "read" is half transparent */
  *to_start = (PinionSwipeOffer) { pinion_conversation_get_unread (item) ? "pinion-read-symbolic"
                                                                         : "mail-unread-symbolic",
                                   READ_COLOUR };
}

static void
on_swiped (GtkWidget       *row,
           PinionSwipeSide  side,
           gpointer         user_data)
{
  PinionConversation *item = pinion_conversation_row_get_item (PINION_CONVERSATION_ROW (row));
  g_autoptr (PinionConversation) swiped = item != NULL ? g_object_ref (item) : NULL;
  PinionAct act = PINION_ACT_ARCHIVE;

  if (swiped == NULL)
    return;

  if (side == PINION_SWIPE_TO_START)
    act = pinion_conversation_get_unread (swiped) ? PINION_ACT_READ : PINION_ACT_UNREAD;
  g_signal_emit (user_data, pinion_list_pane_signals[PINION_LIST_PANE_SWIPED], 0, swiped,
                 (int) act);
}

/* -- Dragged away --------------------------------------------------------------------------- */

static GdkContentProvider *
on_drag_prepare (GtkDragSource  *source,
                 double          x,
                 double          y,
                 PinionListPane *self)
{
  g_autoptr (PinionDragged) dragged = take_conversations (self, row_of (source));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GdkContentProvider *offers[2];

  /* A finger scrolls or swipes */
  if (dragged == NULL || pinion_drag_is_touch (source))
    return NULL;

  gtk_gesture_set_state (GTK_GESTURE (source), GTK_EVENT_SEQUENCE_CLAIMED);
  offers[0] = gdk_content_provider_new_typed (PINION_TYPE_DRAGGED, dragged);
  if (!PINION_IS_WINDOW (root))
    return offers[0];

  /* For other programs */
  offers[1] = pinion_mail_files_new (self->engine, PINION_WINDOW (root), dragged);

  return gdk_content_provider_new_union (offers, G_N_ELEMENTS (offers));
}

static void
on_drag_begin (GtkDragSource  *source,
               GdkDrag        *drag,
               PinionListPane *self)
{
  PinionConversation *conversation = pinion_conversation_row_get_item (row_of (source));
  g_autoptr (PinionDragged) dragged = take_conversations (self, row_of (source));
  g_autofree char *words = NULL;
  const char *subject;
  guint n;

  if (dragged == NULL)
    return;

  n = dragged->n_conversations;
  subject = pinion_conversation_get_subject (conversation);
  words = n > 1 || subject == NULL || *subject == '\0'
            ? g_strdup_printf (ngettext ("%u conversation", "%u conversations", n), n)
            : g_strdup (subject);

  pinion_drag_begin (drag, words, n);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_DRAGGING], 0, dragged);
}

static void
on_drag_end (PinionListPane *self)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_DRAGGING], 0, NULL);
}

/* -- A label dropped on it ------------------------------------------------------------------ */

static gboolean
accepts_label (PinionListPane        *self,
               PinionConversationRow *row,
               const GValue          *value)
{
  PinionConversation *conversation = pinion_conversation_row_get_item (row);
  PinionLabel *label = value != NULL ? g_value_get_object (value) : NULL;

  return conversation != NULL && label != NULL &&
         pinion_label_get_account (label) == pinion_list_pane_get_account (self, conversation) &&
         !(self->view.kind == PINION_VIEW_LABEL &&
           self->view.label == pinion_label_get_id (label));
}

static GdkDragAction
on_label_motion (GtkDropTarget  *target,
                 double          x,
                 double          y,
                 PinionListPane *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  const GValue *value = gtk_drop_target_get_value (target);
  gboolean accepts = accepts_label (self, row_of (target), value);
  gboolean move = drop != NULL && pinion_drop_wants_move (drop);
  g_autofree char *words = NULL;

  pinion_css_set (GTK_WIDGET (row_of (target)), "drop-accepted", accepts);
  if (drop == NULL)
    return 0;

  if (accepts)
    words = pinion_drop_words (pinion_label_get_name (g_value_get_object (value)), move);
  pinion_drag_say (drop, words);

  return accepts ? pinion_drop_answer (drop, move) : 0;
}

static void
on_label_leave (GtkDropTarget  *target,
                PinionListPane *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);

  gtk_widget_remove_css_class (GTK_WIDGET (row_of (target)), "drop-accepted");
  if (drop != NULL)
    pinion_drag_say (drop, NULL);
}

static gboolean
on_label_drop (GtkDropTarget  *target,
               const GValue   *value,
               double          x,
               double          y,
               PinionListPane *self)
{
  PinionConversationRow *row = row_of (target);
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  g_autoptr (PinionDragged) dragged = NULL;

  gtk_widget_remove_css_class (GTK_WIDGET (row), "drop-accepted");

  if (!accepts_label (self, row, value))
    return FALSE;

  dragged = take_conversations (self, row);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_LABEL_DROPPED], 0,
                 g_value_get_object (value), dragged,
                 drop != NULL && pinion_drop_wants_move (drop));

  return TRUE;
}

static void
add_drag_and_drop (PinionListPane *self,
                   GtkWidget      *row)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (PINION_TYPE_LABEL,
                                               GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (on_drag_begin), self, 0);
  g_signal_connect_object (source, "drag-end", G_CALLBACK (on_drag_end), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect_object (target, "enter", G_CALLBACK (on_label_motion), self, 0);
  g_signal_connect_object (target, "motion", G_CALLBACK (on_label_motion), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (on_label_leave), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_label_drop), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
}

/* -- Pressed -------------------------------------------------------------------------------- */

static void
toggle_star (PinionListPane        *self,
             PinionConversationRow *row)
{
  PinionConversation *conversation = pinion_conversation_row_get_item (row);

  if (conversation != NULL)
    g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_STAR_TOGGLED], 0,
                   conversation);
}

static guint
find_row (PinionListPane        *self,
          PinionConversationRow *row)
{
  PinionConversation *conversation = pinion_conversation_row_get_item (row);

  if (conversation == NULL)
    return GTK_INVALID_LIST_POSITION;

  return pinion_conversation_list_find (self->model, pinion_conversation_get_id (conversation));
}

static void
toggle_selected (PinionListPane        *self,
                 PinionConversationRow *row)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  guint position = find_row (self, row);

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  if (gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_unselect_item (selection, position);
  else
    gtk_selection_model_select_item (selection, position, FALSE);
}

/* The star is pressed, not the row: the list does not select it. */
static void
on_click_pressed (GtkGestureClick *click,
                  int              n_press,
                  double           x,
                  double           y,
                  PinionListPane  *self)
{
  self->star_pressed = pinion_conversation_row_has_star_at (row_of (click), x, y);
  if (self->star_pressed)
    gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* Plain clicks open; while selecting they check and uncheck.  With Ctrl or Shift the list itself
 * selects. */
static void
on_click_released (GtkGestureClick *click,
                   int              n_press,
                   double           x,
                   double           y,
                   PinionListPane  *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));
  guint position = find_row (self, row_of (click));

  if (self->star_pressed)
    {
      if (pinion_conversation_row_has_star_at (row_of (click), x, y))
        toggle_star (self, row_of (click));
      self->star_pressed = FALSE;
      return;
    }

  if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0 || position == GTK_INVALID_LIST_POSITION)
    return;

  if (self->selecting)
    {
      gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
      toggle_selected (self, row_of (click));
      return;
    }

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_OPENED], 0);
}

static void
on_long_pressed (GtkGesture     *gesture,
                 double          x,
                 double          y,
                 PinionListPane *self)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  pinion_list_pane_set_selecting (self, TRUE);
  toggle_selected (self, row_of (gesture));
}

static void
add_gestures (PinionListPane *self,
              GtkWidget      *row)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  g_signal_connect_object (click, "pressed", G_CALLBACK (on_click_pressed), self, 0);
  g_signal_connect_object (click, "released", G_CALLBACK (on_click_released), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (on_long_pressed), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (long_press));
}

/* -- Files dropped on the list -------------------------------------------------------------- */

/* Returns: (nullable) the label that is shown, where it takes files. */
static PinionLabel *
get_label_for_files (PinionListPane *self)
{
  PinionLabel *label = self->view.kind == PINION_VIEW_LABEL && self->query == NULL
                         ? pinion_engine_find_label (self->engine, self->view.label)
                         : NULL;

  return label != NULL && pinion_drop_takes_files (label) ? label : NULL;
}

static void
show_files_hover (PinionListPane *self,
                  gboolean        hovers)
{
  pinion_css_set (GTK_WIDGET (self->stack), "drop-accepted", hovers);
}

/* @files: (nullable) while it is not known which they are. */
static gboolean
takes_files (PinionListPane *self,
             const GValue   *files)
{
  return get_label_for_files (self) != NULL &&
         (files == NULL || pinion_drop_may_be_messages (g_value_get_boxed (files)));
}

static GdkDragAction
on_files_motion (PinionListPane *self,
                 double          x,
                 double          y,
                 GtkDropTarget  *target)
{
  gboolean takes = takes_files (self, gtk_drop_target_get_value (target));

  show_files_hover (self, takes);

  return takes ? GDK_ACTION_COPY : 0;
}

static void
on_files_known (PinionListPane *self,
                GParamSpec     *pspec,
                GtkDropTarget  *target)
{
  const GValue *files = gtk_drop_target_get_value (target);

  if (files != NULL)
    show_files_hover (self, takes_files (self, files));
}

static void
on_files_leave (PinionListPane *self)
{
  show_files_hover (self, FALSE);
}

static gboolean
on_files_drop (PinionListPane *self,
               const GValue   *value)
{
  gboolean takes = takes_files (self, value);

  show_files_hover (self, FALSE);
  if (takes)
    pinion_drop_files (GTK_WIDGET (self), get_label_for_files (self), g_value_get_boxed (value));

  return takes;
}

/* Our own drags offer files to other programs only. */
static gboolean
on_files_accept (PinionListPane *self,
                 GdkDrop        *drop)
{
  return gdk_drop_get_drag (drop) == NULL &&
         gdk_content_formats_contain_gtype (gdk_drop_get_formats (drop), GDK_TYPE_FILE_LIST);
}

void
pinion_list_pane_take_files (PinionListPane *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect_object (target, "accept", G_CALLBACK (on_files_accept), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "enter", G_CALLBACK (on_files_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "motion", G_CALLBACK (on_files_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "notify::value", G_CALLBACK (on_files_known), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "leave", G_CALLBACK (on_files_leave), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_files_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), GTK_EVENT_CONTROLLER (target));
}

/* -- Beneath the pointer -------------------------------------------------------------------- */

static void
point_at (PinionListPane        *self,
          PinionConversationRow *row)
{
  if (self->pointed != NULL && self->pointed != row)
    pinion_conversation_row_set_pointer (self->pointed, -1, -1);
  g_set_weak_pointer (&self->pointed, row);
}

static void
on_motion (PinionListPane *self,
           double          x,
           double          y)
{
  GtkWidget *list = GTK_WIDGET (self->list);
  GtkWidget *picked = gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL
                     ? gtk_widget_get_ancestor (picked, PINION_TYPE_CONVERSATION_ROW)
                     : NULL;
  graphene_point_t point;

  point_at (self, row != NULL ? PINION_CONVERSATION_ROW (row) : NULL);
  if (row != NULL && gtk_widget_compute_point (
                       list, row, &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    pinion_conversation_row_set_pointer (PINION_CONVERSATION_ROW (row), point.x, point.y);
}

static void
on_leave (PinionListPane *self)
{
  point_at (self, NULL);
}

/* One for all rows. */
void
pinion_list_pane_follow_pointer (PinionListPane *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_object (motion, "enter", G_CALLBACK (on_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list), motion);
}

/* -- The factory ---------------------------------------------------------------------------- */

static void
style_row (PinionListPane        *self,
           PinionConversationRow *row)
{
  pinion_conversation_row_set_compact (row, g_settings_get_boolean (self->settings,
                                                                    "compact-rows"));
  pinion_conversation_row_set_show_avatar (row, g_settings_get_boolean (self->settings,
                                                                        "show-avatars"));
  pinion_conversation_row_set_selecting (row, self->selecting);
}

static void
on_selected_changed (GtkListItem *item)
{
  pinion_conversation_row_set_selected (PINION_CONVERSATION_ROW (gtk_list_item_get_child (item)),
                                        gtk_list_item_get_selected (item));
}

static void
on_row_setup (PinionListPane *self,
              GtkListItem    *item)
{
  GtkWidget *row = pinion_conversation_row_new ();

  add_drag_and_drop (self, row);
  add_gestures (self, row);
  pinion_conversation_row_set_swipe (PINION_CONVERSATION_ROW (row), offer_swipe, on_swiped, self);
  g_signal_connect (item, "notify::selected", G_CALLBACK (on_selected_changed), NULL);
  gtk_list_item_set_child (item, row);
}

static void
name_item (GtkListItem *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));
  g_autofree char *name = pinion_conversation_row_dup_accessible_name (row);

  gtk_list_item_set_accessible_label (item, name);
}

static void
on_row_bind (PinionListPane *self,
             GtkListItem    *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));
  PinionConversation *conversation = gtk_list_item_get_item (item);

  pinion_conversation_row_set_context (row, self->engine, &self->view);
  pinion_conversation_row_set_query (row, self->query);
  style_row (self, row);
  pinion_conversation_row_set_item (row, conversation);
  pinion_conversation_row_set_selected (row, gtk_list_item_get_selected (item));
  g_ptr_array_add (self->rows, row);

  g_signal_connect_object (conversation, "changed", G_CALLBACK (name_item), item,
                           G_CONNECT_SWAPPED);
  name_item (item);
}

static void
on_row_unbind (PinionListPane *self,
               GtkListItem    *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));

  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), name_item, item);
  gtk_widget_remove_css_class (GTK_WIDGET (row), "drop-accepted");
  pinion_conversation_row_set_item (row, NULL);
  g_ptr_array_remove_fast (self->rows, row);
}

/* -- The titles over sections --------------------------------------------------------------- */

static void
on_header_setup (PinionListPane *self,
                 GtkListHeader  *header)
{
  GtkWidget *title = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_list_header_set_child (header, title);
}

static void
on_header_bind (PinionListPane *self,
                GtkListHeader  *header)
{
  GtkWidget *title = gtk_list_header_get_child (header);
  guint start, end;
  int section = pinion_conversation_list_get_section (self->model,
                                                      gtk_list_header_get_start (header), &start,
                                                      &end);
  g_autofree char *words = pinion_time_section (section);

  gtk_label_set_label (GTK_LABEL (title), words != NULL ? words : "");
  gtk_widget_set_visible (title, words != NULL);
}

void
pinion_list_pane_style_rows (PinionListPane *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    style_row (self, self->rows->pdata[i]);
}

void
pinion_list_pane_bind_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_header_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_header_bind);
}
