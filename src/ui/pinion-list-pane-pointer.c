/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What pointer and finger do to the rows: each controller is the list's, one for all rows, as two
 * hundred of them are made whenever a list view is filled. */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-mail-files.h"

/* Returns: (nullable) (transfer none) the row at (@x, @y) of the list. */
static PinionConversationRow *
find_row_at (PinionListPane *self,
             double          x,
             double          y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked != NULL
                     ? gtk_widget_get_ancestor (picked, PINION_TYPE_CONVERSATION_ROW)
                     : NULL;

  return row != NULL ? PINION_CONVERSATION_ROW (row) : NULL;
}

/* Where (@x, @y) of the list is on @row. */
static graphene_point_t
to_row (PinionListPane        *self,
        PinionConversationRow *row,
        double                 x,
        double                 y)
{
  graphene_point_t point = { -1, -1 };

  if (!gtk_widget_compute_point (GTK_WIDGET (self->list), GTK_WIDGET (row),
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    return GRAPHENE_POINT_INIT (-1, -1);

  return point;
}

/* What an act on @conversation is about: the selection where it is part of it, else itself alone. */
static PinionDragged *
take_conversations (PinionListPane     *self,
                    PinionConversation *conversation)
{
  gint64 id = pinion_conversation_get_id (conversation);
  guint position = pinion_conversation_list_find (self->model, id);
  g_autoptr (GArray) ids = NULL;

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

static GtkWidget *
offer_swipe (double            x,
             double            y,
             PinionSwipeOffer *to_end,
             PinionSwipeOffer *to_start,
             gpointer          user_data)
{
  PinionListPane *self = user_data;
  PinionConversationRow *row = find_row_at (self, x, y);
  PinionConversation *item = row != NULL ? pinion_conversation_row_get_item (row) : NULL;

  if (item == NULL || self->selecting)
    return NULL;

  if (can_archive (self))
    *to_end = (PinionSwipeOffer) { "pinion-archive-symbolic", ARCHIVE_COLOUR };
  /* Adwaita's own for "read" is half transparent */
  *to_start = (PinionSwipeOffer) { pinion_conversation_get_unread (item) ? "pinion-read-symbolic"
                                                                         : "mail-unread-symbolic",
                                   READ_COLOUR };

  return GTK_WIDGET (row);
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
  PinionConversationRow *row = find_row_at (self, x, y);
  PinionConversation *item = row != NULL ? pinion_conversation_row_get_item (row) : NULL;
  g_autoptr (PinionDragged) dragged = item != NULL ? take_conversations (self, item) : NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GdkContentProvider *offers[2];

  /* A finger scrolls or swipes */
  if (dragged == NULL || pinion_drag_is_touch (source))
    return NULL;

  gtk_gesture_set_state (GTK_GESTURE (source), GTK_EVENT_SEQUENCE_CLAIMED);
  g_set_object (&self->grabbed, item);
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
  g_autoptr (PinionConversation) grabbed = g_steal_pointer (&self->grabbed);
  g_autoptr (PinionDragged) dragged = grabbed != NULL ? take_conversations (self, grabbed) : NULL;
  g_autofree char *words = NULL;
  const char *subject;
  guint n;

  if (dragged == NULL)
    return;

  n = dragged->n_conversations;
  subject = pinion_conversation_get_subject (grabbed);
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

/* @row: (nullable) */
static gboolean
accepts_label (PinionListPane        *self,
               PinionConversationRow *row,
               const GValue          *value)
{
  PinionConversation *conversation = row != NULL ? pinion_conversation_row_get_item (row) : NULL;
  PinionLabel *label = value != NULL ? g_value_get_object (value) : NULL;

  return conversation != NULL && label != NULL &&
         pinion_label_get_account (label) == pinion_list_pane_get_account (self, conversation) &&
         !(self->view.kind == PINION_VIEW_LABEL &&
           self->view.label == pinion_label_get_id (label));
}

/* @row: (nullable) the only one that shows that it takes what hovers. */
static void
show_accepting (PinionListPane        *self,
                PinionConversationRow *row)
{
  if (self->accepting != NULL && self->accepting != row)
    gtk_widget_remove_css_class (GTK_WIDGET (self->accepting), "drop-accepted");
  if (row != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "drop-accepted");
  g_set_weak_pointer (&self->accepting, row);
}

void
pinion_list_pane_forget_row (PinionListPane        *self,
                             PinionConversationRow *row)
{
  if (self->accepting == row)
    show_accepting (self, NULL);
}

static GdkDragAction
on_label_motion (GtkDropTarget  *target,
                 double          x,
                 double          y,
                 PinionListPane *self)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  const GValue *value = gtk_drop_target_get_value (target);
  PinionConversationRow *row = find_row_at (self, x, y);
  gboolean accepts = accepts_label (self, row, value);
  gboolean move = drop != NULL && pinion_drop_wants_move (drop);
  g_autofree char *words = NULL;

  show_accepting (self, accepts ? row : NULL);
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

  show_accepting (self, NULL);
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
  PinionConversationRow *row = find_row_at (self, x, y);
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  g_autoptr (PinionDragged) dragged = NULL;

  show_accepting (self, NULL);
  if (!accepts_label (self, row, value))
    return FALSE;

  dragged = take_conversations (self, pinion_conversation_row_get_item (row));
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_LABEL_DROPPED], 0,
                 g_value_get_object (value), dragged,
                 drop != NULL && pinion_drop_wants_move (drop));

  return TRUE;
}

static void
add_drag_and_drop (PinionListPane *self)
{
  GtkWidget *list = GTK_WIDGET (self->list);
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (PINION_TYPE_LABEL,
                                               GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare), self, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (on_drag_begin), self, 0);
  g_signal_connect_object (source, "drag-end", G_CALLBACK (on_drag_end), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (source));

  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect_object (target, "enter", G_CALLBACK (on_label_motion), self, 0);
  g_signal_connect_object (target, "motion", G_CALLBACK (on_label_motion), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (on_label_leave), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_label_drop), self, 0);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (target));
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

static gboolean
is_on_star (PinionListPane        *self,
            PinionConversationRow *row,
            double                 x,
            double                 y)
{
  graphene_point_t point = to_row (self, row, x, y);

  return pinion_conversation_row_has_star_at (row, point.x, point.y);
}

/* The star is pressed, not the row: the list does not select it. */
static void
on_click_pressed (GtkGestureClick *click,
                  int              n_press,
                  double           x,
                  double           y,
                  PinionListPane  *self)
{
  PinionConversationRow *row = find_row_at (self, x, y);

  g_set_weak_pointer (&self->pressed, row);
  self->star_pressed = row != NULL && is_on_star (self, row, x, y);
  if (row == NULL)
    gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_DENIED);
  else if (self->star_pressed)
    gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* Plain clicks open; while selecting they check and uncheck.  With Ctrl or Shift the list itself
 * selects. */
static void
press (PinionListPane        *self,
       PinionConversationRow *row,
       GtkGesture            *click)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));
  guint position = find_row (self, row);

  if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0 || position == GTK_INVALID_LIST_POSITION)
    return;

  if (self->selecting)
    {
      gtk_gesture_set_state (click, GTK_EVENT_SEQUENCE_CLAIMED);
      toggle_selected (self, row);
      return;
    }

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_OPENED], 0);
}

static void
on_click_released (GtkGestureClick *click,
                   int              n_press,
                   double           x,
                   double           y,
                   PinionListPane  *self)
{
  PinionConversationRow *row = self->pressed;
  gboolean star_pressed = self->star_pressed;

  self->star_pressed = FALSE;
  g_clear_weak_pointer (&self->pressed);
  if (row == NULL)
    return;

  if (!star_pressed)
    press (self, row, GTK_GESTURE (click));
  else if (is_on_star (self, row, x, y))
    toggle_star (self, row);
}

static void
on_long_pressed (GtkGesture     *gesture,
                 double          x,
                 double          y,
                 PinionListPane *self)
{
  PinionConversationRow *row = find_row_at (self, x, y);

  if (row == NULL)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  pinion_list_pane_set_selecting (self, TRUE);
  toggle_selected (self, row);
}

/* Before the list's own: a star is none of its business. */
static void
add_gestures (PinionListPane *self)
{
  GtkWidget *list = GTK_WIDGET (self->list);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_click_pressed), self, 0);
  g_signal_connect_object (click, "released", G_CALLBACK (on_click_released), self, 0);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (on_long_pressed), self, 0);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (long_press));

  self->swipe = pinion_row_swipe_new (list, offer_swipe, on_swiped, self);
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

static GdkDragAction
on_files_motion (PinionListPane *self)
{
  gboolean takes = get_label_for_files (self) != NULL;

  show_files_hover (self, takes);

  return takes ? GDK_ACTION_COPY : 0;
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
  PinionLabel *label = get_label_for_files (self);

  show_files_hover (self, FALSE);
  if (label != NULL)
    pinion_drop_files (GTK_WIDGET (self), label, g_value_get_boxed (value));

  return label != NULL;
}

/* Our own drags offer files to other programs only. */
static gboolean
on_files_accept (PinionListPane *self,
                 GdkDrop        *drop)
{
  return gdk_drop_get_drag (drop) == NULL &&
         gdk_content_formats_contain_gtype (gdk_drop_get_formats (drop), GDK_TYPE_FILE_LIST);
}

static void
take_files (PinionListPane *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "accept", G_CALLBACK (on_files_accept), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "enter", G_CALLBACK (on_files_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "motion", G_CALLBACK (on_files_motion), self, G_CONNECT_SWAPPED);
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
  PinionConversationRow *row = find_row_at (self, x, y);
  graphene_point_t point;

  point_at (self, row);
  if (row == NULL)
    return;

  point = to_row (self, row, x, y);
  pinion_conversation_row_set_pointer (row, point.x, point.y);
}

static void
on_leave (PinionListPane *self)
{
  point_at (self, NULL);
}

static void
follow_pointer (PinionListPane *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_object (motion, "enter", G_CALLBACK (on_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list), motion);
}

void
pinion_list_pane_add_controllers (PinionListPane *self)
{
  add_drag_and_drop (self);
  add_gestures (self);
  follow_pointer (self);
  take_files (self);
}
