/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-message-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A page taller than this scrolls by itself: the whole of it would not fit into a texture. */
#define MAX_HEIGHT 12000
#define MIN_HEIGHT 24
#define NORMAL_DPI 96.0
/* A new width is asked about once it has settled, in ms. */
#define SETTLE_TIME 200

struct _PinionMessageView
{
  GtkWidget parent_instance;

  PinionWebGuard *guard;
  gint64 message;
  WebKitWebView *web;
  GtkEventController *web_scroll;
  char *html;
  gboolean remote_pictures;
  gboolean has_consent_session;
  gboolean expects_page;
  gboolean is_loading; /* a page, until it is there */
  gboolean has_newer;  /* and another one waits for it */
  guint makings;
  double page_height;
  int width;
  guint ask_source;
};

G_DEFINE_FINAL_TYPE (PinionMessageView, pinion_message_view, GTK_TYPE_WIDGET)

enum
{
  LINK,
  HOVERED,
  DRAWN,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* -- Links ---------------------------------------------------------------------------------- */

gboolean
pinion_message_view_may_open (const char *uri)
{
  const char *scheme = uri != NULL ? g_uri_peek_scheme (uri) : NULL;

  if (scheme == NULL)
    return FALSE;

  for (const char *c = uri; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;

  return g_str_equal (scheme, "http") || g_str_equal (scheme, "https") ||
         g_str_equal (scheme, "mailto");
}

static gboolean
on_decide_policy (WebKitWebView           *web,
                  WebKitPolicyDecision    *decision,
                  WebKitPolicyDecisionType type,
                  PinionMessageView       *self)
{
  WebKitNavigationAction *action;
  gboolean is_link;
  const char *uri;

  if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
    return FALSE;

  action = webkit_navigation_policy_decision_get_navigation_action (
    WEBKIT_NAVIGATION_POLICY_DECISION (decision));
  uri = webkit_uri_request_get_uri (webkit_navigation_action_get_request (action));

  if (self->expects_page && type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION &&
      !webkit_navigation_action_is_user_gesture (action) && g_strcmp0 (uri, "about:blank") == 0)
    {
      self->expects_page = FALSE;
      webkit_policy_decision_use (decision);
      return TRUE;
    }

  is_link =
    webkit_navigation_action_get_navigation_type (action) == WEBKIT_NAVIGATION_TYPE_LINK_CLICKED;
  if (is_link && webkit_navigation_action_is_user_gesture (action) &&
      pinion_message_view_may_open (uri))
    g_signal_emit (self, signals[LINK], 0, uri);

  webkit_policy_decision_ignore (decision);

  return TRUE;
}

static void
on_mouse_target_changed (WebKitWebView       *web,
                         WebKitHitTestResult *result,
                         guint                modifiers,
                         PinionMessageView   *self)
{
  const char *uri = NULL;

  if (webkit_hit_test_result_context_is_link (result))
    uri = webkit_hit_test_result_get_link_uri (result);

  g_signal_emit (self, signals[HOVERED], 0, uri);
}

/* -- What pages may not do ------------------------------------------------------------------ */

static GtkWidget *
on_create (WebKitWebView          *web,
           WebKitNavigationAction *action,
           PinionMessageView      *self)
{
  return NULL;
}

static gboolean
on_permission_request (WebKitWebView           *web,
                       WebKitPermissionRequest *request)
{
  webkit_permission_request_deny (request);

  return TRUE;
}

static gboolean
on_authenticate (WebKitWebView               *web,
                 WebKitAuthenticationRequest *request)
{
  webkit_authentication_request_cancel (request);

  return TRUE;
}

static gboolean
on_file_chooser (WebKitWebView            *web,
                 WebKitFileChooserRequest *request)
{
  webkit_file_chooser_request_cancel (request);

  return TRUE;
}

/* For signals whose default must not happen. */
static gboolean
on_unwanted (void)
{
  return TRUE;
}

static gboolean
is_useful (WebKitContextMenuItem *item)
{
  switch (webkit_context_menu_item_get_stock_action (item))
    {
    case WEBKIT_CONTEXT_MENU_ACTION_COPY:
    case WEBKIT_CONTEXT_MENU_ACTION_COPY_LINK_TO_CLIPBOARD:
    case WEBKIT_CONTEXT_MENU_ACTION_COPY_IMAGE_TO_CLIPBOARD:
    case WEBKIT_CONTEXT_MENU_ACTION_SELECT_ALL:
      return TRUE;

    default:
      return FALSE;
    }
}

static gboolean
on_context_menu (WebKitWebView       *web,
                 WebKitContextMenu   *menu,
                 WebKitHitTestResult *result)
{
  g_autoptr (GList) items = g_list_copy (webkit_context_menu_get_items (menu));

  for (GList *l = items; l != NULL; l = l->next)
    if (!is_useful (l->data))
      webkit_context_menu_remove (menu, l->data);

  return webkit_context_menu_get_n_items (menu) == 0;
}

/* -- Size ----------------------------------------------------------------------------------- */

/* Pages are enlarged with the text of the desktop by WebKit itself; what they report is not. */
static double
get_text_scale (PinionMessageView *self)
{
  int dpi = 0;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);

  return dpi > 0 ? CLAMP (dpi / 1024.0 / NORMAL_DPI, 0.5, 4.0) : 1.0;
}

static void
apply_height (PinionMessageView *self)
{
  int height;

  if (self->web == NULL)
    return;

  height = (int) CLAMP (ceil (self->page_height * get_text_scale (self)), MIN_HEIGHT, MAX_HEIGHT);
  gtk_widget_set_size_request (GTK_WIDGET (self->web), -1, height);
}

static void
on_height_reported (WebKitUserContentManager *manager,
                    JSCValue                 *value,
                    PinionMessageView        *self)
{
  double height;

  /* It comes from the process that reads the stranger's HTML */
  if (!jsc_value_is_number (value))
    return;

  height = jsc_value_to_double (value);
  if (!isfinite (height) || height < 0)
    return;

  g_debug ("Message %" G_GINT64_FORMAT " is %g high, %d wide", self->message, height,
           gtk_widget_get_width (GTK_WIDGET (self)));
  self->page_height = MIN (height, MAX_HEIGHT * 10.0);
  apply_height (self);
}

/* The page reports by itself; but a process that was asleep while its width changed may have told
 * the height of another width. */
static gboolean
on_width_settled (gpointer user_data)
{
  PinionMessageView *self = user_data;

  self->ask_source = 0;
  if (self->web != NULL)
    webkit_web_view_evaluate_javascript (self->web, PINION_WEB_ASK_HEIGHT, -1, PINION_WEB_WORLD,
                                         NULL, NULL, NULL, NULL);

  return G_SOURCE_REMOVE;
}

static void
ask_for_height (PinionMessageView *self)
{
  g_clear_handle_id (&self->ask_source, g_source_remove);
  self->ask_source = g_timeout_add (SETTLE_TIME, on_width_settled, self);
}

/* The conversation scrolls, not the page; only a page wider or taller than its place gets the
 * wheel.  The phase is set while the event is still on its way down to the web view. */
static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           PinionMessageView        *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean sideways = fabs (dx) > fabs (dy) || (state & GDK_SHIFT_MASK) != 0;
  gboolean own = sideways || self->page_height * get_text_scale (self) > MAX_HEIGHT;

  if (self->web_scroll != NULL)
    gtk_event_controller_set_propagation_phase (self->web_scroll,
                                                own ? GTK_PHASE_TARGET : GTK_PHASE_NONE);

  return GDK_EVENT_PROPAGATE;
}

static void
on_text_scale_changed (PinionMessageView *self)
{
  apply_height (self);
  ask_for_height (self);
}

/* -- The web view --------------------------------------------------------------------------- */

static void
drop_web (PinionMessageView *self)
{
  self->web_scroll = NULL;
  self->is_loading = self->has_newer = FALSE;

  if (self->web == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->web, self);
  g_signal_handlers_disconnect_by_data (
    webkit_web_view_get_user_content_manager (self->web), self);
  gtk_widget_unparent (GTK_WIDGET (self->web));
  self->web = NULL;
}

static void
fail (PinionMessageView *self)
{
  drop_web (self);
  g_signal_emit (self, signals[FAILED], 0);
}

static void
on_web_process_terminated (WebKitWebView                     *web,
                           WebKitWebProcessTerminationReason  reason,
                           PinionMessageView                 *self)
{
  g_warning ("The process that draws a message ended (%d)", reason);
  fail (self);
}

/* One page at a time: one that overtakes another would be taken for a page that leads away. */
static void
show_page (PinionMessageView *self)
{
  self->has_newer = self->is_loading;
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  self->expects_page = TRUE;
  webkit_web_view_load_html (self->web, self->html, NULL);
}

/* Returns: whether it is out of date, and the next one on its way */
static gboolean
end_loading (PinionMessageView *self)
{
  gboolean has_newer = self->has_newer;

  self->is_loading = FALSE;
  if (has_newer)
    show_page (self);

  return has_newer;
}

static void
on_load_changed (WebKitWebView     *web,
                 WebKitLoadEvent    event,
                 PinionMessageView *self)
{
  if (event == WEBKIT_LOAD_COMMITTED && !end_loading (self))
    g_signal_emit (self, signals[DRAWN], 0);
  else if (event == WEBKIT_LOAD_FINISHED)
    ask_for_height (self);
}

/* What never came is not waited for. */
static gboolean
on_load_failed (WebKitWebView     *web,
                WebKitLoadEvent    event,
                const char        *uri,
                GError            *error,
                PinionMessageView *self)
{
  if (event < WEBKIT_LOAD_COMMITTED)
    end_loading (self);

  return TRUE;
}

/* Takes from the web view what it would do with files dropped on it, and finds what scrolls it. */
static void
tame_controllers (PinionMessageView *self)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->web));
  guint n = g_list_model_get_n_items (controllers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET_ASYNC (controller))
        gtk_drop_target_async_set_actions (GTK_DROP_TARGET_ASYNC (controller), 0);
      else if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        self->web_scroll = controller;
    }
}

static void
connect_web (PinionMessageView *self)
{
  WebKitWebView *web = self->web;
  WebKitUserContentManager *manager = webkit_web_view_get_user_content_manager (web);

  g_signal_connect (web, "decide-policy", G_CALLBACK (on_decide_policy), self);
  g_signal_connect (web, "mouse-target-changed", G_CALLBACK (on_mouse_target_changed), self);
  g_signal_connect (web, "load-changed", G_CALLBACK (on_load_changed), self);
  g_signal_connect (web, "web-process-terminated", G_CALLBACK (on_web_process_terminated), self);
  g_signal_connect (web, "create", G_CALLBACK (on_create), self);
  g_signal_connect (web, "permission-request", G_CALLBACK (on_permission_request), self);
  g_signal_connect (web, "authenticate", G_CALLBACK (on_authenticate), self);
  g_signal_connect (web, "run-file-chooser", G_CALLBACK (on_file_chooser), self);
  g_signal_connect (web, "context-menu", G_CALLBACK (on_context_menu), self);
  g_signal_connect (web, "script-dialog", G_CALLBACK (on_unwanted), self);
  g_signal_connect (web, "show-notification", G_CALLBACK (on_unwanted), self);
  g_signal_connect (web, "enter-fullscreen", G_CALLBACK (on_unwanted), self);
  g_signal_connect (web, "print", G_CALLBACK (on_unwanted), self);
  g_signal_connect (web, "load-failed", G_CALLBACK (on_load_failed), self);
  g_signal_connect (web, "load-failed-with-tls-errors", G_CALLBACK (on_unwanted), self);
  g_signal_connect (manager, "script-message-received::" PINION_WEB_HEIGHT,
                    G_CALLBACK (on_height_reported), self);
}

/* WebKit asks a text view of its own what keys mean.  Tab would come to it, who keeps it. */
static void
keep_focus_out (WebKitWebView *web)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (web)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_TEXT_VIEW (child))
      gtk_widget_set_can_focus (child, FALSE);
}

static void
take_web (PinionMessageView *self,
          WebKitWebView     *web)
{
  static const GdkRGBA transparent = { 0, 0, 0, 0 };

  drop_web (self);
  self->web = web;
  self->has_consent_session = self->remote_pictures;
  webkit_web_view_set_background_color (web, &transparent);
  gtk_accessible_update_property (GTK_ACCESSIBLE (web), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Message text"), -1);
  gtk_widget_set_parent (GTK_WIDGET (web), GTK_WIDGET (self));
  tame_controllers (self);
  keep_focus_out (web);
  connect_web (self);
  apply_height (self);
  show_page (self);
}

typedef struct
{
  PinionMessageView *self;
  guint making;
} Making;

static void
making_free (gpointer data)
{
  Making *making = data;

  g_object_unref (making->self);
  g_free (making);
}

static DexFuture *
on_web_made (DexFuture *future,
             gpointer   user_data)
{
  Making *making = user_data;
  PinionMessageView *self = making->self;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  /* A later load may have overtaken, or the view be gone */
  if (making->making != self->makings)
    return NULL;

  if (value != NULL)
    {
      take_web (self, g_value_get_object (value));
      return NULL;
    }

  g_warning ("No safe view could be made: %s", error->message);
  fail (self);

  return NULL;
}

void
pinion_message_view_load (PinionMessageView *self,
                          const char        *html,
                          gboolean           remote_pictures)
{
  Making *making;
  DexFuture *made;

  g_return_if_fail (PINION_IS_MESSAGE_VIEW (self));

  g_set_str (&self->html, html);
  self->remote_pictures = remote_pictures;
  self->makings++;

  if (self->web != NULL && self->has_consent_session == remote_pictures)
    {
      show_page (self);
      return;
    }

  making = g_new0 (Making, 1);
  making->self = g_object_ref (self);
  making->making = self->makings;
  made = pinion_web_guard_make_view (self->guard, self->message, remote_pictures);
  dex_future_disown (dex_future_finally (made, on_web_made, making, making_free));
}

WebKitWebView *
pinion_message_view_peek_web (PinionMessageView *self)
{
  return self->web;
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_message_view_measure (GtkWidget      *widget,
                             GtkOrientation  orientation,
                             int             for_size,
                             int            *minimum,
                             int            *natural,
                             int            *minimum_baseline,
                             int            *natural_baseline)
{
  PinionMessageView *self = PINION_MESSAGE_VIEW (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? MIN_HEIGHT : 0;
  if (self->web != NULL)
    gtk_widget_measure (GTK_WIDGET (self->web), orientation, for_size, minimum, natural, NULL,
                        NULL);
}

static void
pinion_message_view_size_allocate (GtkWidget *widget,
                                   int        width,
                                   int        height,
                                   int        baseline)
{
  PinionMessageView *self = PINION_MESSAGE_VIEW (widget);

  if (self->web != NULL)
    gtk_widget_allocate (GTK_WIDGET (self->web), width, height, baseline, NULL);
  if (width != self->width)
    ask_for_height (self);

  self->width = width;
}

static void
pinion_message_view_dispose (GObject *object)
{
  PinionMessageView *self = PINION_MESSAGE_VIEW (object);

  g_clear_handle_id (&self->ask_source, g_source_remove);
  self->makings++;
  drop_web (self);
  g_clear_object (&self->guard);
  g_clear_pointer (&self->html, g_free);

  G_OBJECT_CLASS (pinion_message_view_parent_class)->dispose (object);
}

static void
pinion_message_view_class_init (PinionMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_message_view_dispose;

  signals[LINK] = g_signal_new ("link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[HOVERED] = g_signal_new ("hovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DRAWN] = g_signal_new ("drawn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  widget_class->measure = pinion_message_view_measure;
  widget_class->size_allocate = pinion_message_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "messageview");
}

static void
pinion_message_view_init (PinionMessageView *self)
{
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (on_text_scale_changed), self, G_CONNECT_SWAPPED);
}

GtkWidget *
pinion_message_view_new (PinionWebGuard *guard,
                         gint64          message)
{
  PinionMessageView *self = g_object_new (PINION_TYPE_MESSAGE_VIEW, NULL);

  g_set_object (&self->guard, guard);
  self->message = message;

  return GTK_WIDGET (self);
}
