/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-assistant.h"
#include "pinion-composer.h"
#include "pinion-config.h"
#include "pinion-row-text.h"

G_DEFINE_FINAL_TYPE (PinionWindow, pinion_window, ADW_TYPE_APPLICATION_WINDOW)

/* -- What is shown -------------------------------------------------------------------------- */

static const char *const view_names[] = {
  [PINION_VIEW_LABEL] = "label",
  [PINION_VIEW_INBOX] = "inbox",
  [PINION_VIEW_STARRED] = "starred",
  [PINION_VIEW_ALL_MAIL] = "all-mail",
  [PINION_VIEW_SNOOZED] = "snoozed",
};

static void
leave_sidebar (PinionWindow *self)
{
  if (adw_overlay_split_view_get_collapsed (self->outer))
    adw_overlay_split_view_set_show_sidebar (self->outer, FALSE);

  adw_navigation_split_view_set_show_content (self->inner, FALSE);
}

static void
show_view (PinionWindow     *self,
           const PinionView *view,
           const char       *title)
{
  self->shows_outbox = FALSE;
  pinion_list_pane_show_view (self->list_pane, view, title);
  adw_navigation_page_set_title (self->list_page, title);
  g_settings_set (self->settings, "selected-view", "(sxx)", view_names[view->kind], view->account,
                  view->kind == PINION_VIEW_LABEL ? view->label : 0);
  pinion_window_update_acts (self);
}

void
pinion_window_show_label (PinionWindow *self,
                          PinionLabel  *label)
{
  const PinionView view = { PINION_VIEW_LABEL, pinion_label_get_account (label),
                            pinion_label_get_id (label) };

  show_view (self, &view, pinion_label_get_title (label));
  pinion_sidebar_select (self->sidebar, &view, FALSE);
}

void
pinion_window_show_place (PinionWindow      *self,
                          PinionSidebarItem *item)
{
  const PinionView *view = pinion_sidebar_item_get_view (item);
  const PinionView *shown = pinion_list_pane_get_view (self->list_pane);

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SEARCH)
    {
      pinion_window_show_search (self, view->label);
    }
  else if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_OUTBOX)
    {
      self->shows_outbox = TRUE;
      pinion_list_pane_show_outbox (self->list_pane, view->account);
      adw_navigation_page_set_title (self->list_page, pinion_sidebar_item_get_title (item));
      pinion_window_update_acts (self);
    }
  else if (shown == NULL || !pinion_view_equal (shown, view))
    {
      show_view (self, view, pinion_sidebar_item_get_title (item));
    }

  leave_sidebar (self);
}

static void
on_sidebar_selected (PinionWindow      *self,
                     PinionSidebarItem *item)
{
  pinion_window_show_place (self, item);
}

static void
on_sidebar_visited (PinionWindow *self,
                    PinionLabel  *label)
{
  pinion_window_show_label (self, label);
  leave_sidebar (self);
}

static PinionView
get_last_view (PinionWindow *self)
{
  PinionView view = { PINION_VIEW_INBOX, 0, 0 };
  g_autofree char *name = NULL;

  g_settings_get (self->settings, "selected-view", "(sxx)", &name, &view.account, &view.label);

  for (guint i = 0; i < G_N_ELEMENTS (view_names); i++)
    if (g_str_equal (view_names[i], name))
      view.kind = i;

  return view;
}

/* Whether what is shown is still there: labels and accounts may go. */
static gboolean
is_showing (PinionWindow *self)
{
  const PinionView *view = pinion_list_pane_get_view (self->list_pane);

  if (view == NULL)
    return self->shows_outbox;

  if (view->account != 0 && pinion_engine_find_account (self->engine, view->account) == NULL)
    return FALSE;

  return view->kind != PINION_VIEW_LABEL ||
         pinion_engine_find_label (self->engine, view->label) != NULL;
}

/* What was shown last, else the first Inbox; nothing until a label is known. */
static void
show_first_view (PinionWindow *self)
{
  PinionView last = get_last_view (self);
  PinionLabel *label = NULL;

  if (is_showing (self))
    return;

  if (pinion_sidebar_activate (self->sidebar, &last))
    return;

  if (last.kind == PINION_VIEW_LABEL)
    label = pinion_engine_find_label (self->engine, last.label);

  if (label == NULL)
    label = pinion_engine_find_role (self->engine, 0, PINION_ROLE_INBOX);

  if (label != NULL)
    pinion_window_show_label (self, label);
}

/* -- The list and the sidebar tell ---------------------------------------------------------- */

static void
on_sidebar_dropped (PinionWindow      *self,
                    PinionDragged     *dragged,
                    PinionSidebarItem *target,
                    gboolean           move)
{
  g_auto (PinionDropPlan) plan = { 0 };

  if (pinion_drop_plan (dragged, target, move, &plan))
    pinion_window_act (self, plan.act, dragged->conversations, dragged->n_conversations,
                       &dragged->view, plan.label);
}

static void
on_sidebar_done (PinionWindow *self,
                 PinionDone   *done,
                 const char   *title)
{
  pinion_undo_toasts_add (self->undo, done, title);
}

static void
on_label_dropped (PinionWindow  *self,
                  PinionLabel   *label,
                  PinionDragged *dragged,
                  gboolean       move)
{
  pinion_window_act (self, move ? PINION_ACT_MOVE : PINION_ACT_ADD_LABEL, dragged->conversations,
                     dragged->n_conversations, &dragged->view, pinion_label_get_id (label));
}

static void
on_star_toggled (PinionWindow       *self,
                 PinionConversation *conversation)
{
  gint64 id = pinion_conversation_get_id (conversation);
  gboolean starred = pinion_conversation_get_starred (conversation);

  pinion_window_act (self, starred ? PINION_ACT_UNSTAR : PINION_ACT_STAR, &id, 1,
                     pinion_list_pane_get_view (self->list_pane), 0);
}

static void
on_swiped (PinionWindow       *self,
           PinionConversation *conversation,
           int                 act)
{
  gint64 id = pinion_conversation_get_id (conversation);

  pinion_window_act (self, (PinionAct) act, &id, 1, pinion_list_pane_get_view (self->list_pane),
                     0);
}

static void
on_dragging (PinionWindow  *self,
             PinionDragged *dragged)
{
  pinion_sidebar_set_drag (self->sidebar, dragged);

  if (dragged == NULL && adw_overlay_split_view_get_collapsed (self->outer))
    adw_overlay_split_view_set_show_sidebar (self->outer, FALSE);
}

static void
on_selection_changed (PinionWindow *self)
{
  pinion_window_update_acts (self);
  pinion_window_show_selected (self);
}

static void
on_opened (PinionWindow *self)
{
  pinion_window_open_selected (self);
}

static void
on_taken_back (PinionWindow *self,
               gint64        draft)
{
  pinion_window_open_draft (self, draft);
}

static void
on_outbox_counted (PinionWindow *self,
                   gint64        account,
                   guint         count)
{
  pinion_sidebar_set_outbox_count (self->sidebar, account, count);
}

static void
on_solve (PinionWindow      *self,
          PinionAccountItem *account)
{
  if (pinion_account_item_get_state (account) == PINION_SYNC_PAUSED)
    g_action_group_change_action_state (G_ACTION_GROUP (self), "pause",
                                        g_variant_new_boolean (FALSE));
  else if (pinion_account_item_get_state (account) == PINION_SYNC_FAILED ||
           pinion_account_item_get_away (account))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.solve", "x",
                                pinion_account_item_get_id (account));
  else
    pinion_engine_sync_now (self->engine);
}

static void
on_searched (PinionWindow *self)
{
  pinion_window_follow_search (self);
}

static void
on_renamed (PinionWindow *self,
            const char   *title)
{
  adw_navigation_page_set_title (self->list_page, title);
}

static void
on_failed (PinionWindow *self,
           GError       *error)
{
  pinion_undo_toasts_say_error (self->undo, error);
}

static DexFuture *
on_taken_back_again (DexFuture *future,
                     gpointer   user_data)
{
  PinionWindow *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_future_get_value (future, &error) && self->undo != NULL)
    pinion_undo_toasts_say_error (self->undo, error);

  return NULL;
}

static void
on_undo_sending (PinionWindow *self,
                 AdwToast     *toast)
{
  gint64 *outbox = g_object_get_data (G_OBJECT (toast), "pinion-outbox");

  dex_future_disown (dex_future_finally (
    pinion_composer_take_back (self->engine, *outbox, GTK_WIDGET (self)), on_taken_back_again,
    g_object_ref (self), g_object_unref));
}

void
pinion_window_tell_sending (PinionWindow *self,
                            gint64        outbox)
{
  AdwToast *toast = adw_toast_new (_("Sending…"));
  guint seconds = pinion_composer_get_undo_seconds ();

  if (seconds > 0)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_timeout (toast, seconds);
    }
  g_object_set_data_full (G_OBJECT (toast), "pinion-outbox",
                          g_memdup2 (&outbox, sizeof (outbox)), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo_sending), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_operation_failed (PinionWindow *self,
                     const char   *words)
{
  pinion_undo_toasts_say (self->undo, words);
}

/* -- Panes ---------------------------------------------------------------------------------- */

static void
on_outer_changed (PinionWindow *self)
{
  gboolean collapsed = adw_overlay_split_view_get_collapsed (self->outer);
  gboolean shown = adw_overlay_split_view_get_show_sidebar (self->outer);

  if (self->list_pane != NULL)
    pinion_list_pane_set_sidebar_button (self->list_pane, collapsed || !shown);

  if (self->settings != NULL && !collapsed && gtk_widget_get_mapped (GTK_WIDGET (self)))
    g_settings_set_boolean (self->settings, "sidebar-visible", shown);
}

static void
on_inner_changed (PinionWindow *self)
{
  pinion_window_watch_reading (self);
}

/* The row that was opened may be gone: the keyboard goes on at the one that is selected now. */
static void
on_content_changed (PinionWindow *self)
{
  pinion_window_watch_reading (self);
  if (self->list_pane != NULL && adw_navigation_split_view_get_collapsed (self->inner)
      && !adw_navigation_split_view_get_show_content (self->inner))
    pinion_list_pane_focus_list (self->list_pane);
}

static void
restore_size (PinionWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));

  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  adw_overlay_split_view_set_show_sidebar (
    self->outer, g_settings_get_boolean (self->settings, "sidebar-visible"));
}

static gboolean
pinion_window_close_request (GtkWindow *window)
{
  PinionWindow *self = PINION_WINDOW (window);
  gboolean maximized = gtk_window_is_maximized (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized", maximized);

  if (!maximized)
    {
      g_settings_set_int (self->settings, "window-width", MAX (width, 360));
      g_settings_set_int (self->settings, "window-height", MAX (height, 294));
    }

  return GTK_WINDOW_CLASS (pinion_window_parent_class)->close_request (window);
}

/* -- A part in each frame ------------------------------------------------------------------ */

/* All takes longer to make, and then to style and to lay out, than a frame lasts.  So a part is made at
 * a time while the engine is opened, and then, when there is mail, one is shown in each frame. */

typedef struct
{
  const char *signal;
  GCallback callback;
} Handler;

static void
connect_pane (PinionWindow  *self,
              gpointer       pane,
              const Handler *handlers,
              guint          n_handlers)
{
  for (guint i = 0; i < n_handlers; i++)
    g_signal_connect_object (pane, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
}

static void
make_list_pane (PinionWindow *self)
{
  static const Handler handlers[] = {
    { "selection-changed", G_CALLBACK (on_selection_changed) },
    { "opened", G_CALLBACK (on_opened) },
    { "star-toggled", G_CALLBACK (on_star_toggled) },
    { "swiped", G_CALLBACK (on_swiped) },
    { "label-dropped", G_CALLBACK (on_label_dropped) },
    { "dragging", G_CALLBACK (on_dragging) },
    { "taken-back", G_CALLBACK (on_taken_back) },
    { "outbox-counted", G_CALLBACK (on_outbox_counted) },
    { "solve", G_CALLBACK (on_solve) },
    { "renamed", G_CALLBACK (on_renamed) },
    { "searched", G_CALLBACK (on_searched) },
    { "failed", G_CALLBACK (on_failed) },
  };

  self->list_pane = g_object_new (PINION_TYPE_LIST_PANE, "visible", FALSE, NULL);
  connect_pane (self, self->list_pane, handlers, G_N_ELEMENTS (handlers));
  adw_bin_set_child (self->list_place, GTK_WIDGET (self->list_pane));
  on_outer_changed (self);
}

static void
make_sidebar (PinionWindow *self)
{
  static const Handler handlers[] = {
    { "selected", G_CALLBACK (on_sidebar_selected) },
    { "visited", G_CALLBACK (on_sidebar_visited) },
    { "dropped", G_CALLBACK (on_sidebar_dropped) },
    { "done", G_CALLBACK (on_sidebar_done) },
    { "failed", G_CALLBACK (on_failed) },
  };

  self->sidebar = g_object_new (PINION_TYPE_SIDEBAR, "visible", FALSE, NULL);
  connect_pane (self, self->sidebar, handlers, G_N_ELEMENTS (handlers));
  adw_bin_set_child (self->sidebar_place, GTK_WIDGET (self->sidebar));
  /* Its menu is in the window now: before, GTK would not tell that an item of it is one to check. */
  pinion_window_add_pause (self);
}

/* Returns: whether there was something to make. */
static gboolean
make_pane (PinionWindow *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_window_present (GTK_WINDOW (self));
  else if (self->list_pane == NULL)
    make_list_pane (self);
  else if (self->sidebar == NULL)
    make_sidebar (self);
  else if (gtk_menu_button_get_menu_model (self->reading_menu) == NULL)
    gtk_menu_button_set_menu_model (self->reading_menu, self->conversation_menu);
  else
    return pinion_list_pane_make_menu (self->list_pane);

  return TRUE;
}

/* What will be wanted soon, but not at first. */
static gboolean
on_idle (gpointer user_data)
{
  PinionWindow *self = user_data;

  if (self->engine != NULL
      && (pinion_list_pane_make_search (self->list_pane) || pinion_window_make_reader (self)))
    return G_SOURCE_CONTINUE;

  self->making = 0;

  return G_SOURCE_REMOVE;
}

static gboolean
on_loading (gpointer user_data)
{
  PinionWindow *self = user_data;

  if (pinion_row_text_load (GTK_WIDGET (self->list_pane), self->n_loaded++))
    return G_SOURCE_CONTINUE;

  self->making = g_idle_add (on_idle, self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_making (gpointer user_data)
{
  PinionWindow *self = user_data;

  if (make_pane (self))
    return G_SOURCE_CONTINUE;

  self->making = g_idle_add_full (PINION_WINDOW_MADE + 1, on_loading, self, NULL);

  return G_SOURCE_REMOVE;
}

/* Returns: whether there was something to show. */
static gboolean
show_part (PinionWindow *self)
{
  GtkWidget *list = pinion_list_pane_get_content (self->list_pane);
  GtkWidget *parts[] = { GTK_WIDGET (self->list_pane), list, GTK_WIDGET (self->sidebar),
                         pinion_sidebar_get_scroller (self->sidebar), self->reading_pane };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (gtk_widget_get_visible (parts[i]))
        continue;

      gtk_widget_set_visible (parts[i], TRUE);
      if (parts[i] == list)
        pinion_list_pane_focus_list (self->list_pane);

      return TRUE;
    }

  return FALSE;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  PinionWindow *self = PINION_WINDOW (widget);

  /* The rows that are seen have a frame of their own; those below wait until all is there. */
  if (pinion_list_pane_is_beginning (self->list_pane) || show_part (self))
    return G_SOURCE_CONTINUE;

  pinion_list_pane_set_patient (self->list_pane, FALSE);
  self->tick = 0;

  return G_SOURCE_REMOVE;
}

/* -- Assistant or mail ---------------------------------------------------------------------- */

static void
show_mail (PinionWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, "mail");
  if (self->tick != 0)
    return;

  pinion_list_pane_set_patient (self->list_pane, TRUE);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
on_account_added (PinionWindow *self)
{
  adw_bin_set_child (self->assistant_place, NULL);
  show_mail (self);
  show_first_view (self);
  pinion_list_pane_focus_list (self->list_pane);
}

static void
show_assistant (PinionWindow *self)
{
  GtkWidget *assistant = pinion_assistant_new (self->engine);

  g_signal_connect_object (assistant, "account-added", G_CALLBACK (on_account_added), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  adw_bin_set_child (self->assistant_place, assistant);
  gtk_stack_set_visible_child_name (self->stack, "assistant");
}

static void
update_page (PinionWindow *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);
  gboolean has_account = g_list_model_get_n_items (accounts) > 0;

  if (!has_account && adw_bin_get_child (self->assistant_place) == NULL)
    show_assistant (self);
  else if (has_account && adw_bin_get_child (self->assistant_place) == NULL)
    show_mail (self);

  pinion_window_update_acts (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_window_dispose (GObject *object)
{
  PinionWindow *self = PINION_WINDOW (object);

  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_handle_id (&self->making, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_WINDOW);
  self->reader = NULL;
  g_clear_weak_pointer (&self->bar);
  g_clear_object (&self->next_bar);
  g_clear_object (&self->undo);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pinion_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, failure);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, assistant_place);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, outer);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, inner);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, list_page);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reading_page);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, sidebar_place);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, list_place);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reading_stack);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, many);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reader_place);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reading_pane);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, label_button);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reading_actions);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, reading_menu);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, conversation_menu);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, sidebar_edge);
  gtk_widget_class_bind_template_child (widget_class, PinionWindow, list_edge);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_outer_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_inner_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_content_changed);
}

static void
pinion_window_class_init (PinionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = pinion_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pinionmail/Pinion/ui/pinion-window.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

static void
pinion_window_init (PinionWindow *self)
{
  self->settings = g_settings_new (PINION_APP_ID);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The last one is asked first: a bar to come takes keys before they are shortcuts. */
  gtk_widget_add_controller (GTK_WIDGET (self), pinion_actions_new_key_controller ());
  pinion_window_add_acts (self);
  pinion_actions_describe (GTK_WIDGET (self));
  g_signal_connect_object (self->settings, "changed::single-key-shortcuts",
                           G_CALLBACK (pinion_actions_describe), self, G_CONNECT_SWAPPED);
  restore_size (self);
  pinion_window_add_pane_edges (self);
  self->making = g_idle_add_full (PINION_WINDOW_MADE - 1, on_making, self, NULL);
}

PinionWindow *
pinion_window_new (GtkApplication *application)
{
  return g_object_new (PINION_TYPE_WINDOW, "application", application, NULL);
}

void
pinion_window_set_engine (PinionWindow *self,
                          PinionEngine *engine)
{
  g_return_if_fail (PINION_IS_WINDOW (self));
  g_return_if_fail (self->engine == NULL);

  while (make_pane (self))
    ;
  self->engine = g_object_ref (engine);
  self->undo = pinion_undo_toasts_new (self->toasts, engine);
  pinion_sidebar_set_engine (self->sidebar, engine);
  pinion_list_pane_set_engine (self->list_pane, engine);

  g_signal_connect_object (engine, "operation-failed", G_CALLBACK (on_operation_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "changed", G_CALLBACK (pinion_window_update_acts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pinion_engine_get_accounts (engine), "items-changed",
                           G_CALLBACK (update_page), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pinion_engine_get_labels (engine), "items-changed",
                           G_CALLBACK (show_first_view), self, G_CONNECT_SWAPPED);

  pinion_window_watch_searches (self);
  update_page (self);
  show_first_view (self);
  if (self->making == 0)
    self->making = g_idle_add (on_idle, self);
}

gboolean
pinion_window_shows_inbox (PinionWindow *self,
                           gint64        account)
{
  const PinionView *view;
  PinionLabel *label;

  g_return_val_if_fail (PINION_IS_WINDOW (self), FALSE);

  view = self->engine != NULL ? pinion_list_pane_get_view (self->list_pane) : NULL;
  if (view == NULL)
    return FALSE;
  if (view->kind == PINION_VIEW_INBOX)
    return TRUE;

  label = view->kind == PINION_VIEW_LABEL ? pinion_engine_find_label (self->engine, view->label)
                                          : NULL;

  return label != NULL && pinion_label_get_role (label) == PINION_ROLE_INBOX &&
         pinion_label_get_account (label) == account;
}

void
pinion_window_show_inbox (PinionWindow *self,
                          gint64        account)
{
  PinionLabel *label;

  g_return_if_fail (PINION_IS_WINDOW (self));

  label = self->engine != NULL
            ? pinion_engine_find_role (self->engine, account, PINION_ROLE_INBOX)
            : NULL;
  if (label == NULL)
    return;

  if (!pinion_window_shows_inbox (self, account))
    pinion_window_show_label (self, label);
  leave_sidebar (self);
}

void
pinion_window_say (PinionWindow *self,
                   const char   *words)
{
  g_return_if_fail (PINION_IS_WINDOW (self));

  if (self->undo != NULL)
    pinion_undo_toasts_say (self->undo, words);
}

void
pinion_window_say_error (PinionWindow *self,
                         const GError *error)
{
  g_return_if_fail (PINION_IS_WINDOW (self));

  if (self->undo != NULL)
    pinion_undo_toasts_say_error (self->undo, error);
}

void
pinion_window_show_failure (PinionWindow *self,
                            const GError *error)
{
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *fix = pinion_error_dup_fix (error);
  g_autofree char *words = g_strdup_printf ("%s\n%s", message, fix);

  adw_status_page_set_description (self->failure, words);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}
