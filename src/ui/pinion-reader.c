/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-reader-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-chip.h"
#include "pinion-message-view.h"

#define PATIENCE 300
/* Changes come in bursts while syncing. */
#define RELOAD_AFTER 300
/* Pages grow while they are drawn: the place is kept for so long, in µs. */
#define SCROLL_TIME (3 * G_USEC_PER_SEC)
/* What begins above this part of the pane is in view as it is. */
#define IN_VIEW 0.45

G_DEFINE_FINAL_TYPE (PinionReader, pinion_reader, ADW_TYPE_BIN)

/* -- Words ---------------------------------------------------------------------------------- */

void
pinion_reader_say (PinionReader *self,
                   const char   *words)
{
  AdwToast *toast = adw_toast_new (words);

  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
pinion_reader_say_error (PinionReader *self,
                         const GError *error)
{
  g_autofree char *words = pinion_error_dup_message (error);

  pinion_reader_say (self, words);
}

/* -- Scrolling ------------------------------------------------------------------------------ */

static void
forget_scroll (PinionReader *self)
{
  if (self->scroll_ticks != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll_ticks);

  self->scroll_ticks = 0;
  g_clear_weak_pointer (&self->scroll_target);
}

static gboolean
on_scroll_tick (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  PinionReader *self = PINION_READER (widget);
  gint64 *since = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  GtkWidget *content = gtk_viewport_get_child (self->viewport);
  graphene_point_t origin = GRAPHENE_POINT_INIT (0, 0), place;

  if (self->scroll_target == NULL || g_get_monotonic_time () - *since > SCROLL_TIME)
    {
      self->scroll_ticks = 0;
      g_clear_weak_pointer (&self->scroll_target);
      return G_SOURCE_REMOVE;
    }

  if (gtk_widget_compute_point (self->scroll_target, content, &origin, &place))
    {
      gboolean in_view = place.y < gtk_adjustment_get_page_size (adjustment) * IN_VIEW;

      gtk_adjustment_set_value (adjustment, in_view ? 0 : place.y - 12);
    }

  return G_SOURCE_CONTINUE;
}

void
pinion_reader_scroll_to (PinionReader *self,
                         GtkWidget    *widget)
{
  gint64 *since = g_new (gint64, 1);

  forget_scroll (self);
  *since = g_get_monotonic_time ();
  g_set_weak_pointer (&self->scroll_target, widget);
  self->scroll_ticks =
    gtk_widget_add_tick_callback (GTK_WIDGET (self), on_scroll_tick, since, g_free);
}

/* A person who scrolls or presses something decides where to be. */
static gboolean
on_scrolled (PinionReader *self)
{
  forget_scroll (self);

  return GDK_EVENT_PROPAGATE;
}

static void
on_pressed (PinionReader *self)
{
  forget_scroll (self);
}

/* Tab goes through a whole conversation; a web view is too tall to be brought into view whole. */
static void
on_focus_changed (PinionReader *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && !WEBKIT_IS_WEB_VIEW (focus) &&
      gtk_widget_is_ancestor (focus, GTK_WIDGET (self->viewport)))
    gtk_viewport_scroll_to (self->viewport, focus, NULL);
}

static void
on_root_changed (PinionReader *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL)
    g_signal_connect_object (root, "notify::focus-widget", G_CALLBACK (on_focus_changed), self,
                             G_CONNECT_SWAPPED);
}

/* Keys that a page would take for itself although the conversation scrolls. */
static gboolean
on_key (PinionReader    *self,
        guint            keyval,
        guint            keycode,
        GdkModifierType  state)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double value = gtk_adjustment_get_value (adjustment);
  double page = gtk_adjustment_get_page_size (adjustment) * 0.9;
  double line = 40;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root == NULL || !WEBKIT_IS_WEB_VIEW (gtk_root_get_focus (root)) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_space:
      value += (state & GDK_SHIFT_MASK) != 0 ? -page : page;
      break;
    case GDK_KEY_Page_Down:
      value += page;
      break;
    case GDK_KEY_Page_Up:
      value -= page;
      break;
    case GDK_KEY_Down:
      value += line;
      break;
    case GDK_KEY_Up:
      value -= line;
      break;
    case GDK_KEY_Home:
      value = 0;
      break;
    case GDK_KEY_End:
      value = gtk_adjustment_get_upper (adjustment);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }

  forget_scroll (self);
  gtk_adjustment_set_value (adjustment, value);

  return GDK_EVENT_STOP;
}

/* -- Subject and labels --------------------------------------------------------------------- */

static void
update_subject (PinionReader *self)
{
  const PinionMessage *first = self->messages->len > 0 ? self->messages->pdata[0] : NULL;
  gboolean has = first != NULL && first->subject != NULL && *first->subject != '\0';

  gtk_label_set_label (self->subject, has ? first->subject : _("No subject"));
}

static void
add_chip (PinionReader *self,
          gint64        id)
{
  PinionLabel *label = pinion_engine_find_label (self->engine, id);
  GtkWidget *chip;

  if (label == NULL || pinion_label_get_role (label) != PINION_ROLE_NONE)
    return;

  chip = pinion_chip_new ();
  pinion_chip_set (PINION_CHIP (chip), pinion_label_get_name (label),
                   pinion_label_get_colour (label));
  adw_wrap_box_append (self->chips, chip);
}

static void
update_chips (PinionReader *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->chips))) != NULL)
    adw_wrap_box_remove (self->chips, child);

  for (guint i = 0; i < self->messages->len; i++)
    {
      const PinionMessage *message = self->messages->pdata[i];

      for (guint k = 0; k < message->labels->len; k++)
        {
          gint64 *id = &g_array_index (message->labels, gint64, k);

          if (g_hash_table_add (seen, id))
            add_chip (self, *id);
        }
    }

  gtk_widget_set_visible (GTK_WIDGET (self->chips),
                          gtk_widget_get_first_child (GTK_WIDGET (self->chips)) != NULL);
}

/* -- Loading -------------------------------------------------------------------------------- */

static void
stop_waiting (PinionReader *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
}

static gboolean
on_patience_over (gpointer user_data)
{
  PinionReader *self = user_data;

  self->patience = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");

  return G_SOURCE_REMOVE;
}

typedef struct
{
  PinionReader *self;
  guint asking;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->self);
  g_free (asking);
}

static void
show_messages (PinionReader *self,
               GPtrArray    *messages)
{
  pinion_reader_set_messages (self, messages);
  update_subject (self);
  update_chips (self);
  pinion_reader_update_foot (self);
  gtk_stack_set_visible_child_name (self->stack, "conversation");
}

static DexFuture *
on_conversation_loaded (DexFuture *future,
                        gpointer   user_data)
{
  Asking *asking = user_data;
  PinionReader *self = asking->self;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (asking->asking != self->askings || self->engine == NULL)
    return NULL;

  stop_waiting (self);

  if (value != NULL)
    {
      show_messages (self, g_value_get_boxed (value));
    }
  else if (self->messages->len == 0)
    {
      g_autofree char *message = pinion_error_dup_message (error);
      g_autofree char *fix = pinion_error_dup_fix (error);

      adw_status_page_set_title (self->problem, message);
      adw_status_page_set_description (self->problem, fix);
      gtk_stack_set_visible_child_name (self->stack, "problem");
    }

  return NULL;
}

static void
load (PinionReader *self)
{
  Asking *asking = g_new0 (Asking, 1);
  DexFuture *loaded = pinion_engine_load_conversation (self->engine, self->conversation,
                                                       &self->view);

  asking->self = g_object_ref (self);
  asking->asking = ++self->askings;
  dex_future_disown (dex_future_finally (loaded, on_conversation_loaded, asking, asking_free));
}

static gboolean
on_reload (gpointer user_data)
{
  PinionReader *self = user_data;

  self->reload = 0;
  if (self->conversation != 0 && self->engine != NULL)
    load (self);

  return G_SOURCE_REMOVE;
}

static void
on_engine_changed (PinionReader *self)
{
  if (self->conversation != 0 && self->reload == 0)
    self->reload = g_timeout_add (RELOAD_AFTER, on_reload, self);
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
reply_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  PinionReplyKind kind = PINION_REPLY;

  if (g_str_equal (name, "reader.reply-all"))
    kind = PINION_REPLY_ALL;
  else if (g_str_equal (name, "reader.forward"))
    kind = PINION_FORWARD;

  pinion_reader_reply (PINION_READER (widget), kind);
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  PinionReader *self = PINION_READER (widget);

  if (self->engine != NULL && self->conversation != 0)
    load (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_reader_dispose (GObject *object)
{
  PinionReader *self = PINION_READER (object);

  if (self->engine != NULL)
    pinion_reader_clear (self);
  g_clear_handle_id (&self->reload, g_source_remove);
  stop_waiting (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->guard);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (pinion_reader_parent_class)->dispose (object);
}

static void
pinion_reader_finalize (GObject *object)
{
  g_clear_pointer (&PINION_READER (object)->messages, g_ptr_array_unref);

  G_OBJECT_CLASS (pinion_reader_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, PinionReader, toasts);
  gtk_widget_class_bind_template_child (klass, PinionReader, link);
  gtk_widget_class_bind_template_child (klass, PinionReader, stack);
  gtk_widget_class_bind_template_child (klass, PinionReader, problem);
  gtk_widget_class_bind_template_child (klass, PinionReader, scroller);
  gtk_widget_class_bind_template_child (klass, PinionReader, viewport);
  gtk_widget_class_bind_template_child (klass, PinionReader, subject);
  gtk_widget_class_bind_template_child (klass, PinionReader, chips);
  gtk_widget_class_bind_template_child (klass, PinionReader, cards);
  gtk_widget_class_bind_template_child (klass, PinionReader, foot);
  gtk_widget_class_bind_template_child (klass, PinionReader, answers);
  gtk_widget_class_bind_template_child (klass, PinionReader, reply);
  gtk_widget_class_bind_template_child (klass, PinionReader, reply_label);
  gtk_widget_class_bind_template_child (klass, PinionReader, reply_all);
  gtk_widget_class_bind_template_child (klass, PinionReader, composer_place);
}

static void
pinion_reader_class_init (PinionReaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_reader_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_reader_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pinionmail/Pinion/ui/pinion-reader.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "reader.reply", NULL, reply_action);
  gtk_widget_class_install_action (widget_class, "reader.reply-all", NULL, reply_action);
  gtk_widget_class_install_action (widget_class, "reader.forward", NULL, reply_action);
  gtk_widget_class_install_action (widget_class, "reader.retry", NULL, retry_action);
}

static void
add_controllers (PinionReader *self)
{
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *press = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (press), 0);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scroller), GTK_EVENT_CONTROLLER (press));

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scrolled), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scroller), scroll);

  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scroller), key);
}

static void
pinion_reader_init (PinionReader *self)
{
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_message_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_controllers (self);
  g_signal_connect (self, "notify::root", G_CALLBACK (on_root_changed), NULL);
}

GtkWidget *
pinion_reader_new (void)
{
  return g_object_new (PINION_TYPE_READER, NULL);
}

void
pinion_reader_set_engine (PinionReader *self,
                          PinionEngine *engine)
{
  g_return_if_fail (PINION_IS_READER (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  self->guard = pinion_web_guard_new (engine);
  self->files = pinion_part_files_new (engine);
  g_signal_connect_object (engine, "changed", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "message-changed", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);
}

void
pinion_reader_show_conversation (PinionReader     *self,
                                 gint64            conversation,
                                 const PinionView *view)
{
  g_return_if_fail (PINION_IS_READER (self));
  g_return_if_fail (self->engine != NULL);

  self->view = *view;
  if (conversation == self->conversation)
    {
      load (self);
      return;
    }

  pinion_reader_clear (self);
  self->conversation = conversation;
  self->patience = g_timeout_add (PATIENCE, on_patience_over, self);
  load (self);
}

void
pinion_reader_clear (PinionReader *self)
{
  g_return_if_fail (PINION_IS_READER (self));

  self->conversation = 0;
  self->askings++;
  self->answerings++;
  stop_waiting (self);
  forget_scroll (self);
  pinion_reader_leave_composer (self);
  pinion_reader_clear_cards (self);
  gtk_widget_set_visible (GTK_WIDGET (self->link), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

gint64
pinion_reader_get_conversation (PinionReader *self)
{
  g_return_val_if_fail (PINION_IS_READER (self), 0);

  return self->conversation;
}

void
pinion_reader_reply (PinionReader   *self,
                     PinionReplyKind kind)
{
  PinionMessage *newest;

  g_return_if_fail (PINION_IS_READER (self));

  newest = pinion_reader_get_newest (self);
  if (newest != NULL)
    pinion_reader_answer (self, newest->id, kind);
}
