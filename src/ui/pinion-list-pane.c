/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-config.h"
#include "pinion-css.h"
#include "pinion-sidebar-item.h"
#include "pinion-time.h"
#include "pinion-toast-place.h"

#define HOVER_DELAY 400 /* ms */

#define MOST_FOR_CANCEL 62 /* pixels of its text */

guint pinion_list_pane_signals[PINION_LIST_PANE_N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionListPane, pinion_list_pane, ADW_TYPE_BIN)

/* -- State ---------------------------------------------------------------------------------- */

/* Labels are renamed, here and elsewhere. */
static void
update_label_title (PinionListPane *self)
{
  PinionLabel *label = self->base.kind == PINION_VIEW_LABEL && !self->base_is_outbox
                         ? pinion_engine_find_label (self->engine, self->base.label)
                         : NULL;

  if (label == NULL || !g_set_str (&self->base_title, pinion_label_get_title (label)))
    return;

  if (self->query == NULL)
    g_set_str (&self->view_title, self->base_title);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_RENAMED], 0, self->base_title);
}

void
pinion_list_pane_update_state (PinionListPane *self)
{
  if (!self->has_view)
    return;

  update_label_title (self);

  pinion_list_pane_update_page (self);
  pinion_list_pane_update_title (self);
}

static char *
dup_subtitle (PinionListPane *self)
{
  PinionLabel *label = self->view.kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (self->engine, self->view.label)
                         : NULL;
  guint unread = label != NULL ? pinion_label_get_unread (label) : 0;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n == 0)
    return NULL;

  if (unread > 0)
    return g_strdup_printf (ngettext ("%'u unread", "%'u unread", unread), unread);

  return g_strdup_printf (ngettext ("%'u conversation", "%'u conversations", n), n);
}

void
pinion_list_pane_update_title (PinionListPane *self)
{
  g_autofree char *subtitle = NULL;

  if (self->selecting)
    {
      guint n = pinion_list_pane_get_n_selected (self);
      g_autofree char *words = g_strdup_printf (ngettext ("%'u selected", "%'u selected", n), n);

      adw_window_title_set_title (self->title, n > 0 ? words : _("Select Conversations"));
      adw_window_title_set_subtitle (self->title, self->view_title);
      return;
    }

  if (self->has_view)
    subtitle = dup_subtitle (self);

  adw_window_title_set_title (self->title, self->view_title != NULL ? self->view_title : "");
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

/* -- What happens in it --------------------------------------------------------------------- */

static void
on_activate (PinionListPane *self)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_OPENED], 0);
}

static void
on_cancel_clicked (PinionListPane *self)
{
  pinion_list_pane_set_selecting (self, FALSE);
}

static void
on_again_clicked (PinionListPane *self)
{
  if (self->model != NULL)
    pinion_conversation_list_read_again (self->model);
}

static void
on_solve (PinionListPane    *self,
          PinionAccountItem *account)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SOLVE], 0, account);
}

static void
on_taken_back (PinionListPane *self,
               gint64          draft)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_TAKEN_BACK], 0, draft);
}

static void
on_outbox_counted (PinionListPane *self,
                   gint64          account,
                   guint           count)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_OUTBOX_COUNTED], 0, account,
                 count);
}

static void
on_outbox_failed (PinionListPane *self,
                  GError         *error)
{
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_FAILED], 0, error);
}

static gboolean
on_hovered (gpointer user_data)
{
  PinionListPane *self = user_data;

  self->hover_source = 0;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toggle-sidebar", NULL);

  return G_SOURCE_REMOVE;
}

/* A drag that rests on the button is on its way to a label. */
static void
on_button_hover (PinionListPane *self)
{
  if (self->hover_source == 0)
    self->hover_source = g_timeout_add (HOVER_DELAY, on_hovered, self);
}

static void
on_button_left (PinionListPane *self)
{
  g_clear_handle_id (&self->hover_source, g_source_remove);
}

static void
open_sidebar_on_hover (PinionListPane *self)
{
  GtkEventController *motion = gtk_drop_controller_motion_new ();

  g_signal_connect_object (motion, "enter", G_CALLBACK (on_button_hover), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_button_left), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->sidebar_button, motion);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_list_pane_dispose (GObject *object)
{
  PinionListPane *self = PINION_LIST_PANE (object);

  g_clear_handle_id (&self->spinner_source, g_source_remove);
  g_clear_handle_id (&self->hover_source, g_source_remove);
  g_clear_handle_id (&self->restore_source, g_source_remove);
  g_clear_weak_pointer (&self->pointed);
  g_clear_weak_pointer (&self->pressed);
  g_clear_weak_pointer (&self->accepting);
  g_clear_object (&self->grabbed);
  if (self->swipe != NULL)
    pinion_row_swipe_stop (self->swipe);
  self->has_view = FALSE;
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_LIST_PANE);
  g_clear_pointer (&self->swipe, pinion_row_swipe_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pinion_list_pane_parent_class)->dispose (object);
}

static void
pinion_list_pane_finalize (GObject *object)
{
  PinionListPane *self = PINION_LIST_PANE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->kept, g_array_unref);
  g_clear_pointer (&self->view_title, g_free);
  g_clear_pointer (&self->base_title, g_free);
  g_clear_pointer (&self->query, pinion_search_query_unref);

  G_OBJECT_CLASS (pinion_list_pane_parent_class)->finalize (object);
}

static guint
new_signal (PinionListPaneClass *klass,
            const char          *name,
            guint                n_params,
            GType                first,
            GType                second,
            GType                third)
{
  GType types[] = { first, second, third };

  return g_signal_newv (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, NULL, NULL, NULL,
                        NULL, G_TYPE_NONE, n_params, types);
}

static void
install_signals (PinionListPaneClass *klass)
{
  guint *signals = pinion_list_pane_signals;

  signals[PINION_LIST_PANE_SELECTION_CHANGED] = new_signal (klass, "selection-changed", 0, 0, 0, 0);
  signals[PINION_LIST_PANE_OPENED] = new_signal (klass, "opened", 0, 0, 0, 0);
  signals[PINION_LIST_PANE_STAR_TOGGLED] =
    new_signal (klass, "star-toggled", 1, PINION_TYPE_CONVERSATION, 0, 0);
  signals[PINION_LIST_PANE_SWIPED] =
    new_signal (klass, "swiped", 2, PINION_TYPE_CONVERSATION, G_TYPE_INT, 0);
  signals[PINION_LIST_PANE_LABEL_DROPPED] =
    new_signal (klass, "label-dropped", 3, PINION_TYPE_LABEL, PINION_TYPE_DRAGGED, G_TYPE_BOOLEAN);
  signals[PINION_LIST_PANE_DRAGGING] = new_signal (klass, "dragging", 1, PINION_TYPE_DRAGGED, 0, 0);
  signals[PINION_LIST_PANE_TAKEN_BACK] = new_signal (klass, "taken-back", 1, G_TYPE_INT64, 0, 0);
  signals[PINION_LIST_PANE_OUTBOX_COUNTED] =
    new_signal (klass, "outbox-counted", 2, G_TYPE_INT64, G_TYPE_UINT, 0);
  signals[PINION_LIST_PANE_SOLVE] = new_signal (klass, "solve", 1, PINION_TYPE_ACCOUNT_ITEM, 0, 0);
  signals[PINION_LIST_PANE_RENAMED] = new_signal (klass, "renamed", 1, G_TYPE_STRING, 0, 0);
  signals[PINION_LIST_PANE_SEARCHED] = new_signal (klass, "searched", 0, 0, 0, 0);
  signals[PINION_LIST_PANE_FAILED] = new_signal (klass, "failed", 1, G_TYPE_ERROR, 0, 0);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_OUTBOX_LIST);
  g_type_ensure (PINION_TYPE_PROBLEM_BANNER);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-list-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, title);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, again_button);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, select_button);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, search_button);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, banner);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, bar_menu);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, selection_menu);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, list);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, empty);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, outbox);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, bar);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_solve);
  gtk_widget_class_bind_template_callback (widget_class, on_taken_back);
  gtk_widget_class_bind_template_callback (widget_class, on_outbox_counted);
  gtk_widget_class_bind_template_callback (widget_class, on_outbox_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, above);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, above_button);
  pinion_list_pane_bind_rows (widget_class);
  pinion_list_pane_bind_selection (widget_class);
  pinion_list_pane_bind_search (widget_class);
}

static void
pinion_list_pane_class_init (PinionListPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pinion_list_pane_dispose;
  object_class->finalize = pinion_list_pane_finalize;

  install_signals (klass);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_list_pane_init (PinionListPane *self)
{
  self->rows = g_ptr_array_new ();
  self->kept = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->settings = g_settings_new (PINION_APP_ID);

  gtk_widget_init_template (GTK_WIDGET (self));
  pinion_actions_describe (GTK_WIDGET (self));
  pinion_drag_add_scrolling (self->scroller);
  self->selection = pinion_list_selection_new (self->list);
  pinion_list_pane_watch_selection (self);
  pinion_list_pane_watch_place (self);
  pinion_list_pane_add_controllers (self);
  open_sidebar_on_hover (self);

  g_signal_connect_object (self->settings, "changed::compact-rows",
                           G_CALLBACK (pinion_list_pane_style_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::show-avatars",
                           G_CALLBACK (pinion_list_pane_style_rows), self, G_CONNECT_SWAPPED);
  pinion_list_pane_style_rows (self);
}

/* -- What is shown -------------------------------------------------------------------------- */

static void
on_accounts_changed (PinionListPane *self,
                     guint           position,
                     guint           removed,
                     guint           added)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);

      g_signal_connect_object (account, "notify::state",
                               G_CALLBACK (pinion_list_pane_update_state), self,
                               G_CONNECT_SWAPPED);
    }
}

void
pinion_list_pane_set_engine (PinionListPane *self,
                             PinionEngine   *engine)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  pinion_problem_banner_set_accounts (self->banner, pinion_engine_get_accounts (engine));
  pinion_outbox_list_set_engine (self->outbox, engine);
  pinion_server_bar_set_engine (self->server, engine);
  if (self->search != NULL)
    pinion_search_bar_set_engine (self->search, engine);
  g_signal_connect_object (engine, "changed", G_CALLBACK (pinion_list_pane_update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pinion_engine_get_accounts (engine), "items-changed",
                           G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (pinion_engine_get_accounts (engine)));
}

static void
drop_model (PinionListPane *self)
{
  pinion_list_pane_set_selecting (self, FALSE);
  pinion_list_pane_forget_selection (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  pinion_list_selection_set_list (self->selection, NULL);
  self->has_view = FALSE;
  self->is_slow = FALSE;
  g_clear_handle_id (&self->spinner_source, g_source_remove);
}

void
pinion_list_pane_show_model (PinionListPane         *self,
                             PinionConversationList *model,
                             const PinionView       *view,
                             const char             *title)
{
  drop_model (self);

  self->view = *view;
  self->has_view = TRUE;
  g_set_str (&self->view_title, title);
  self->model = g_object_ref (model);
  pinion_conversation_list_update_sections (self->model, pinion_time_first_weekday ());
  pinion_list_selection_set_list (self->selection, self->model);
  g_signal_connect_object (self->model, "notify::loading",
                           G_CALLBACK (pinion_list_pane_update_state), self, G_CONNECT_SWAPPED);
  pinion_list_pane_watch_model (self);

  pinion_list_pane_show_nothing (self);
  pinion_list_pane_update_state (self);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SELECTION_CHANGED], 0);
}

static void
show_outbox (PinionListPane *self)
{
  drop_model (self);
  g_set_str (&self->view_title, _("Outbox"));
  pinion_outbox_list_set_account (self->outbox, self->base.account);
  pinion_list_pane_show_page (self, "outbox");
  pinion_list_pane_update_title (self);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SELECTION_CHANGED], 0);
}

void
pinion_list_pane_show_base (PinionListPane *self)
{
  g_autoptr (PinionConversationList) model = NULL;
  g_autofree char *title = g_strdup (self->base_title);

  pinion_list_pane_forget_search (self);
  if (self->base_is_outbox)
    {
      show_outbox (self);
      return;
    }

  model = pinion_conversation_list_new (self->engine, &self->base);
  pinion_list_pane_show_model (self, model, &self->base, title);
}

void
pinion_list_pane_show_view (PinionListPane   *self,
                            const PinionView *view,
                            const char       *title)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  self->base = *view;
  self->base_is_outbox = FALSE;
  g_set_str (&self->base_title, title);
  pinion_list_pane_close_search (self);
  pinion_list_pane_show_base (self);
}

void
pinion_list_pane_show_outbox (PinionListPane *self,
                              gint64          account)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  self->base = (PinionView) { .account = account };
  self->base_is_outbox = TRUE;
  pinion_list_pane_close_search (self);
  pinion_list_pane_show_base (self);
}

const PinionView *
pinion_list_pane_get_view (PinionListPane *self)
{
  return self->has_view ? &self->view : NULL;
}

/* In a narrow window a long word has no room beside the title and the window's own buttons; large
 * letters make it long. */
static void
fit_cancel_button (PinionListPane *self)
{
  GtkButton *button = GTK_BUTTON (self->cancel_button);
  gboolean is_too_long;
  int width;

  gtk_button_set_label (button, _("_Cancel"));
  gtk_widget_measure (gtk_button_get_child (button), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width,
                      NULL, NULL);
  is_too_long = gtk_widget_get_visible (self->sidebar_button) && width > MOST_FOR_CANCEL;
  if (is_too_long)
    gtk_button_set_icon_name (button, "selection-mode-symbolic");
  gtk_widget_set_tooltip_text (self->cancel_button, is_too_long ? _("Cancel") : NULL);
  pinion_css_set (self->cancel_button, "suggested-action", is_too_long);
}

void
pinion_list_pane_set_selecting (PinionListPane *self,
                                gboolean        selecting)
{
  GtkWidget *toasts;

  g_return_if_fail (PINION_IS_LIST_PANE (self));

  if (self->selecting == selecting)
    return;

  self->selecting = selecting;
  toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  if (toasts != NULL)
    pinion_toast_place_above_bar (ADW_TOAST_OVERLAY (toasts), selecting);
  pinion_list_pane_show_bar (self);
  if (selecting)
    fit_cancel_button (self);
  gtk_widget_set_visible (self->cancel_button, selecting);
  gtk_widget_set_visible (self->select_button, !selecting);
  gtk_widget_set_visible (self->search_button, !selecting);
  pinion_list_pane_style_rows (self);

  if (!selecting)
    pinion_list_pane_unselect (self);

  pinion_list_pane_update_title (self);
}

gboolean
pinion_list_pane_get_selecting (PinionListPane *self)
{
  return self->selecting;
}

void
pinion_list_pane_set_sidebar_button (PinionListPane *self,
                                     gboolean        visible)
{
  gtk_widget_set_visible (self->sidebar_button, visible);
  if (self->selecting)
    fit_cancel_button (self);
}

GtkWidget *
pinion_list_pane_get_content (PinionListPane *self)
{
  g_return_val_if_fail (PINION_IS_LIST_PANE (self), NULL);

  return GTK_WIDGET (self->stack);
}

void
pinion_list_pane_focus_list (PinionListPane *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

GtkWidget *
pinion_list_pane_get_anchor (PinionListPane *self,
                             GdkRectangle   *at)
{
  graphene_rect_t bounds;
  PinionConversationRow *found = NULL;
  g_autoptr (PinionConversation) single = pinion_list_pane_dup_single (self);

  for (guint i = 0; i < self->rows->len && found == NULL; i++)
    if (single != NULL && pinion_conversation_row_get_item (self->rows->pdata[i]) == single)
      found = self->rows->pdata[i];

  if (found != NULL &&
      gtk_widget_compute_bounds (GTK_WIDGET (found), GTK_WIDGET (self), &bounds))
    *at = (GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                           (int) bounds.size.height };
  else
    *at = (GdkRectangle) { gtk_widget_get_width (GTK_WIDGET (self)) / 2,
                           gtk_widget_get_height (GTK_WIDGET (self)) - 48, 1, 1 };

  return GTK_WIDGET (self);
}
