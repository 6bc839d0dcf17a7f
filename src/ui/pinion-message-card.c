/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-message-card.h"

#include <glib/gi18n-lib.h>

#include "pinion-attachments.h"
#include "pinion-config.h"
#include "pinion-css.h"
#include "pinion-dnd.h"
#include "pinion-mail-files.h"
#include "pinion-message-card-private.h"
#include "pinion-message-view.h"
#include "pinion-sender.h"
#include "pinion-time.h"

/* Spinners only after this, in ms. */
#define PATIENCE 300

G_DEFINE_FINAL_TYPE (PinionMessageCard, pinion_message_card, ADW_TYPE_BIN)

enum
{
  REPLY,
  FOLDED,
  LINK,
  HOVERED,
  SAID,
  FAILED,
  SETTLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* -- The body ------------------------------------------------------------------------------- */

static gboolean
on_patience_over (gpointer user_data)
{
  PinionMessageCard *self = user_data;

  self->patience = 0;
  gtk_stack_set_visible_child_name (self->body_stack, "loading");

  return G_SOURCE_REMOVE;
}

static void
stop_waiting (PinionMessageCard *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
}

static void
show_problem (PinionMessageCard *self,
              const char        *title,
              const char        *words,
              const char        *button)
{
  stop_waiting (self);
  gtk_label_set_label (self->problem_title, title);
  gtk_label_set_label (self->problem_words, words);
  gtk_button_set_label (self->problem_button, button);
  gtk_stack_set_visible_child_name (self->body_stack, "problem");
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
show_error (PinionMessageCard *self,
            const GError      *error)
{
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *fix = pinion_error_dup_fix (error);

  show_problem (self, message, fix, _("Try Again"));
}

static void
on_drawn (PinionMessageCard *self)
{
  stop_waiting (self);
  gtk_stack_set_visible_child_name (self->body_stack, "page");
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
on_view_failed (PinionMessageCard *self)
{
  show_problem (self, _("This Message Cannot Be Shown"),
                _("The part of Pinion that draws messages stopped. The message itself is safe."),
                _("Try Again"));
}

static void
on_link (PinionMessageCard *self,
         const char        *uri)
{
  g_signal_emit (self, signals[LINK], 0, uri);
}

static void
on_hovered (PinionMessageCard *self,
            const char        *uri)
{
  g_signal_emit (self, signals[HOVERED], 0, uri);
}

static PinionMessageView *
ensure_view (PinionMessageCard *self)
{
  GtkWidget *view = adw_bin_get_child (self->page);

  if (view != NULL)
    return PINION_MESSAGE_VIEW (view);

  view = pinion_message_view_new (self->guard, self->message->id);
  g_signal_connect_object (view, "drawn", G_CALLBACK (on_drawn), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "failed", G_CALLBACK (on_view_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "link", G_CALLBACK (on_link), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "hovered", G_CALLBACK (on_hovered), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->page, view);

  return PINION_MESSAGE_VIEW (view);
}

static void
show_body (PinionMessageCard *self,
           PinionBody        *body)
{
  gboolean remote = (self->asked_flags & PINION_BODY_REMOTE_PICTURES) != 0;

  gtk_widget_set_visible (self->pictures, body->remote_pictures > 0 && !remote);
  pinion_attachments_set_body (self->attachments, self->engine, self->files, body);
  pinion_message_view_load (ensure_view (self), body->html, remote);
}

typedef struct
{
  PinionMessageCard *self;
  guint asking;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->self);
  g_free (asking);
}

static DexFuture *
on_body_loaded (DexFuture *future,
                gpointer   user_data)
{
  Asking *asking = user_data;
  PinionMessageCard *self = asking->self;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  /* Asked again since, or gone */
  if (asking->asking != self->askings || self->engine == NULL)
    return NULL;

  if (value != NULL)
    show_body (self, g_value_get_boxed (value));
  else
    show_error (self, error);

  return NULL;
}

static gboolean
trusts_pictures (PinionMessageCard *self)
{
  g_auto (GStrv) senders = NULL;
  const PinionAddress *from;

  if (self->with_pictures)
    return TRUE;
  if (self->message->from->len != 1)
    return FALSE;

  from = self->message->from->pdata[0];
  senders = g_settings_get_strv (self->settings, "remote-pictures-senders");

  for (guint i = 0; senders[i] != NULL; i++)
    if (g_ascii_strcasecmp (senders[i], from->address) == 0)
      return TRUE;

  return FALSE;
}

static void
ask_for_body (PinionMessageCard *self)
{
  PinionBodyFlags flags = PINION_BODY_FLAGS_NONE;
  Asking *asking;
  DexFuture *body;

  if (self->message->body == PINION_BODY_BROKEN && !self->even_if_broken)
    {
      show_problem (self, _("This Message Stopped Pinion Once"),
                    _("It was not opened again by itself. The rest of your mail is not affected."),
                    _("Show It Anyway"));
      return;
    }

  if (adw_style_manager_get_dark (adw_style_manager_get_default ()))
    flags |= PINION_BODY_DARK;
  if (trusts_pictures (self))
    flags |= PINION_BODY_REMOTE_PICTURES;
  if (self->even_if_broken)
    flags |= PINION_BODY_EVEN_IF_BROKEN;

  if (!g_str_equal (gtk_stack_get_visible_child_name (self->body_stack), "page"))
    {
      gtk_stack_set_visible_child_name (self->body_stack, "waiting");
      stop_waiting (self);
      self->patience = g_timeout_add (PATIENCE, on_patience_over, self);
    }

  self->asked_flags = flags;
  self->has_asked = TRUE;
  asking = g_new0 (Asking, 1);
  asking->self = g_object_ref (self);
  asking->asking = ++self->askings;
  body = pinion_engine_load_body (self->engine, self->message->id, flags);
  dex_future_disown (dex_future_finally (body, on_body_loaded, asking, asking_free));
}

static void
on_dark_changed (PinionMessageCard *self)
{
  if (self->has_asked && self->engine != NULL)
    ask_for_body (self);
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
fold_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (widget);

  pinion_message_card_set_folded (self, g_str_equal (name, "message.fold"));
  if (!pinion_message_card_get_folded (self))
    gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->folded));
}

static void
reply_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  PinionReplyKind kind = PINION_REPLY;

  if (g_str_equal (name, "message.reply-all"))
    kind = PINION_REPLY_ALL;
  else if (g_str_equal (name, "message.forward"))
    kind = PINION_FORWARD;

  g_signal_emit (widget, signals[REPLY], 0, (int) kind);
}

static void
copy_address_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (widget);

  if (self->message->from->len > 0)
    {
      const PinionAddress *from = self->message->from->pdata[0];

      gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), from->address);
      g_signal_emit (self, signals[SAID], 0, _("Address copied"));
    }
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "win.save-message", "x",
                              PINION_MESSAGE_CARD (widget)->message->id);
}

static void
load_pictures_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (widget);

  self->with_pictures = TRUE;
  gtk_widget_set_visible (self->pictures, FALSE);
  ask_for_body (self);
}

static void
always_load_pictures_action (GtkWidget  *widget,
                             const char *name,
                             GVariant   *parameter)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (widget);
  g_auto (GStrv) senders = g_settings_get_strv (self->settings, "remote-pictures-senders");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const PinionAddress *from;

  if (self->message->from->len == 1)
    {
      g_auto (GStrv) all = NULL;

      from = self->message->from->pdata[0];
      g_strv_builder_addv (builder, (const char **) senders);
      if (!g_strv_contains ((const char *const *) senders, from->address))
        g_strv_builder_add (builder, from->address);
      all = g_strv_builder_end (builder);
      g_settings_set_strv (self->settings, "remote-pictures-senders", (const char *const *) all);
    }

  load_pictures_action (widget, name, NULL);
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (widget);

  if (self->message->body == PINION_BODY_BROKEN)
    self->even_if_broken = TRUE;

  ask_for_body (self);
}

static void
on_header_released (PinionMessageCard *self,
                    int                n_press,
                    double             x,
                    double             y,
                    GtkGestureClick   *gesture)
{
  GtkWidget *hit = gtk_widget_pick (self->header, x, y, GTK_PICK_DEFAULT);

  /* Text is selected, buttons are pressed; the rest of the header folds */
  for (; hit != NULL && hit != self->header; hit = gtk_widget_get_parent (hit))
    if (GTK_IS_BUTTON (hit) || GTK_IS_MENU_BUTTON (hit) ||
        (GTK_IS_LABEL (hit) && gtk_label_get_selectable (GTK_LABEL (hit))))
      return;

  pinion_message_card_set_folded (self, TRUE);
}

/* -- Dragged away --------------------------------------------------------------------------- */

static GdkContentProvider *
on_drag_prepare (PinionMessageCard *self,
                 double             x,
                 double             y,
                 GtkDragSource     *source)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  /* A finger scrolls */
  if (self->engine == NULL || !PINION_IS_WINDOW (root) || pinion_drag_is_touch (source))
    return NULL;

  gtk_gesture_set_state (GTK_GESTURE (source), GTK_EVENT_SEQUENCE_CLAIMED);

  return pinion_mail_files_new_for_message (self->engine, PINION_WINDOW (root), self->message->id);
}

static void
on_drag_begin (PinionMessageCard *self,
               GdkDrag           *drag)
{
  const char *subject = self->message->subject;

  pinion_drag_begin (drag, subject != NULL && *subject != '\0' ? subject : _("Message"), 1);
}

static void
add_drag (PinionMessageCard *self)
{
  GtkDragSource *source = gtk_drag_source_new ();

  g_signal_connect_object (source, "prepare", G_CALLBACK (on_drag_prepare), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (on_drag_begin), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->header, GTK_EVENT_CONTROLLER (source));
}

static void
on_attachments_said (PinionMessageCard *self,
                     const char        *words)
{
  g_signal_emit (self, signals[SAID], 0, words);
}

static void
on_attachments_failed (PinionMessageCard *self,
                       const GError      *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_message_card_dispose (GObject *object)
{
  PinionMessageCard *self = PINION_MESSAGE_CARD (object);

  stop_waiting (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->guard);
  g_clear_object (&self->files);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pinion_message_card_parent_class)->dispose (object);
}

static void
pinion_message_card_finalize (GObject *object)
{
  g_clear_pointer (&PINION_MESSAGE_CARD (object)->message, pinion_message_unref);

  G_OBJECT_CLASS (pinion_message_card_parent_class)->finalize (object);
}

static void
install_signals (PinionMessageCardClass *klass)
{
  static const struct
  {
    const char *name;
    GType parameter;
  } list[N_SIGNALS] = {
    [REPLY] = { "reply", G_TYPE_INT },
    [FOLDED] = { "folded", G_TYPE_NONE },
    [LINK] = { "link", G_TYPE_STRING },
    [HOVERED] = { "hovered", G_TYPE_STRING },
    [SAID] = { "said", G_TYPE_STRING },
    [SETTLED] = { "settled", G_TYPE_NONE },
  };

  for (guint i = 0; i < N_SIGNALS; i++)
    {
      /* GError's type is no constant */
      GType parameter = i == FAILED ? G_TYPE_ERROR : list[i].parameter;

      signals[i] = g_signal_new (i == FAILED ? "failed" : list[i].name, G_TYPE_FROM_CLASS (klass),
                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 parameter != G_TYPE_NONE ? 1 : 0, parameter);
    }
}

static void
install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "message.fold", NULL, fold_action);
  gtk_widget_class_install_action (klass, "message.unfold", NULL, fold_action);
  gtk_widget_class_install_action (klass, "message.reply", NULL, reply_action);
  gtk_widget_class_install_action (klass, "message.reply-all", NULL, reply_action);
  gtk_widget_class_install_action (klass, "message.forward", NULL, reply_action);
  gtk_widget_class_install_action (klass, "message.copy-address", NULL, copy_address_action);
  gtk_widget_class_install_action (klass, "message.save-as", NULL, save_action);
  gtk_widget_class_install_action (klass, "message.load-pictures", NULL, load_pictures_action);
  gtk_widget_class_install_action (klass, "message.always-load-pictures", NULL,
                                   always_load_pictures_action);
  gtk_widget_class_install_action (klass, "message.retry", NULL, retry_action);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, stack);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_avatar);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_name);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_preview);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_state);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_clip);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, folded_time);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, header);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, avatar);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, name);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, star);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, state);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, address);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, people);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, details);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, time);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, notices);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, pictures);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, always);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, always_label);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, page);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, problem_title);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, problem_words);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, problem_button);
  gtk_widget_class_bind_template_child (klass, PinionMessageCard, attachments);
  gtk_widget_class_bind_template_child_full (klass, "body", FALSE,
                                             G_STRUCT_OFFSET (PinionMessageCard, body_stack));
}

static void
pinion_message_card_class_init (PinionMessageCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_message_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_message_card_finalize;
  install_signals (klass);
  install_actions (widget_class);

  g_type_ensure (PINION_TYPE_ATTACHMENTS);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-message-card.ui");
  bind_children (widget_class);
}

static void
pinion_message_card_init (PinionMessageCard *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->settings = g_settings_new (PINION_APP_ID);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drag (self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_header_released), self);
  gtk_widget_add_controller (self->header, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (self->attachments, "said", G_CALLBACK (on_attachments_said), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->attachments, "failed", G_CALLBACK (on_attachments_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (on_dark_changed), self, G_CONNECT_SWAPPED);
}

GtkWidget *
pinion_message_card_new (PinionEngine    *engine,
                         PinionWebGuard  *guard,
                         PinionPartFiles *files,
                         PinionMessage   *message)
{
  PinionMessageCard *self = g_object_new (PINION_TYPE_MESSAGE_CARD, NULL);

  g_set_object (&self->engine, engine);
  g_signal_connect_object (engine, "day-changed", G_CALLBACK (pinion_message_card_update_words),
                           self, G_CONNECT_SWAPPED);
  g_set_object (&self->guard, guard);
  g_set_object (&self->files, files);
  self->message = pinion_message_ref (message);
  pinion_message_card_update_words (self);

  return GTK_WIDGET (self);
}

PinionMessage *
pinion_message_card_get_message (PinionMessageCard *self)
{
  return self->message;
}

void
pinion_message_card_set_message (PinionMessageCard *self,
                                 PinionMessage     *message)
{
  PinionBodyState before;

  g_return_if_fail (PINION_IS_MESSAGE_CARD (self));

  before = self->message->body;
  pinion_message_unref (self->message);
  self->message = pinion_message_ref (message);
  pinion_message_card_update_words (self);

  if (before != message->body && self->has_asked &&
      !g_str_equal (gtk_stack_get_visible_child_name (self->body_stack), "page"))
    ask_for_body (self);
}

gboolean
pinion_message_card_get_folded (PinionMessageCard *self)
{
  return !self->unfolded;
}

void
pinion_message_card_set_folded (PinionMessageCard *self,
                                gboolean           folded)
{
  g_return_if_fail (PINION_IS_MESSAGE_CARD (self));

  if (folded == !self->unfolded)
    return;

  self->unfolded = !folded;
  gtk_stack_set_visible_child_name (self->stack, folded ? "folded" : "unfolded");
  pinion_css_set (GTK_WIDGET (self), "unfolded", !folded);

  if (!folded && !self->has_asked)
    ask_for_body (self);

  g_signal_emit (self, signals[FOLDED], 0);
}
