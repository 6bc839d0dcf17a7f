/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does to conversations: the actions of the window. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-composer.h"
#include "pinion-fiber.h"
#include "pinion-popover.h"

/* -- Acting --------------------------------------------------------------------------------- */

/* Of many, so many are done in one go: the store has others to serve in between. */
#define CHUNK 500

/* An act that is being done, to be done again once what it needs is there. */
typedef struct
{
  PinionWindow *window;
  PinionConversationList *list; /* (nullable) that they have left already */
  PinionAct act;
  GArray *conversations;
  PinionView view;
  gint64 label;
  char *label_title;
  gint64 account;
  guint n_done;
  guint n_undone; /* how often was undone when it began */
} Acting;

static void
acting_free (gpointer data)
{
  Acting *self = data;

  g_clear_object (&self->window);
  g_clear_object (&self->list);
  g_clear_pointer (&self->label_title, g_free);
  g_clear_pointer (&self->conversations, g_array_unref);
  g_free (self);
}

/* The account that an act could not be done in for want of an Archive; 0: that was not it. */
static gint64
find_account_without_archive (Acting       *acting,
                              const GError *error)
{
  PinionEngine *engine = acting->window->engine;
  GListModel *accounts = pinion_engine_get_accounts (engine);

  if (!pinion_error_is (error, PINION_ERROR_NOT_FOUND) ||
      (acting->act != PINION_ACT_ARCHIVE && acting->act != PINION_ACT_REMOVE_LABEL))
    return 0;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);
      gint64 id = pinion_account_item_get_id (account);

      if ((acting->view.account == 0 || acting->view.account == id) &&
          pinion_engine_find_role (engine, id, PINION_ROLE_ARCHIVE) == NULL)
        return id;
    }

  return 0;
}

static DexFuture *
on_archive_made (DexFuture *future,
                 gpointer   user_data)
{
  Acting *acting = user_data;
  g_autoptr (GError) error = NULL;

  if (acting->window->undo == NULL)
    return NULL;

  if (dex_future_get_value (future, &error) != NULL)
    pinion_window_act (acting->window, acting->act,
                       (const gint64 *) (gpointer) acting->conversations->data,
                       acting->conversations->len, &acting->view, acting->label);
  else
    pinion_undo_toasts_say_error (acting->window->undo, error);

  return NULL;
}

static void
on_archive_response (AdwAlertDialog *dialog,
                     const char     *response,
                     gpointer        user_data)
{
  Acting *acting = user_data;
  DexFuture *made;

  if (!g_str_equal (response, "make"))
    {
      acting_free (acting);
      return;
    }

  made = pinion_engine_create_role (acting->window->engine, acting->account, PINION_ROLE_ARCHIVE);
  dex_future_disown (dex_future_finally (made, on_archive_made, acting, acting_free));
}

/* @acting: (transfer full) */
static void
offer_archive (Acting *acting)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("Make an Archive?"),
                                            _("This account has no label to archive conversations "
                                              "to. One named Archive is made on the server. Another "
                                              "one can be chosen in the preferences of the account, "
                                              "under Mailboxes."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _("_Cancel"), "make",
                                  _("_Make an Archive"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "make",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "make");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_archive_response), acting);
  adw_dialog_present (dialog, GTK_WIDGET (acting->window));
}

static Acting *
acting_copy (const Acting *self)
{
  Acting *copy = g_memdup2 (self, sizeof *self);

  g_object_ref (copy->window);
  copy->list = NULL;
  g_array_ref (copy->conversations);
  copy->label_title = g_strdup (self->label_title);

  return copy;
}

/* The list tells again what is true. */
static void
settle (Acting *acting)
{
  if (acting->list != NULL)
    pinion_conversation_list_settle (acting->list,
                                     (const gint64 *) (gpointer) acting->conversations->data,
                                     acting->conversations->len);
}

static guint
get_chunk (const Acting *acting)
{
  return MIN (acting->conversations->len - acting->n_done, CHUNK);
}

/* A large selection is acted on part by part, each with its own way back, told of as one.  Undoing
 * what is done so far stops the rest. */
static DexFuture *
act_fiber (gpointer data)
{
  Acting *acting = data;
  PinionWindow *window = acting->window;
  g_autoptr (GError) error = NULL;

  while (acting->n_done < acting->conversations->len && window->undo != NULL &&
         pinion_undo_toasts_get_n_undone (window->undo) == acting->n_undone)
    {
      g_autofree PinionDone *done = pinion_await_boxed (
        pinion_engine_act (window->engine, acting->act,
                           &g_array_index (acting->conversations, gint64, acting->n_done),
                           get_chunk (acting), &acting->view, acting->label),
        &error);

      if (done == NULL || window->undo == NULL)
        break;
      pinion_undo_toasts_add (window->undo, done, acting->label_title);
      acting->n_done += get_chunk (acting);
    }

  settle (acting);
  if (error == NULL || window->undo == NULL)
    return NULL;

  acting->account = find_account_without_archive (acting, error);
  if (acting->account != 0)
    offer_archive (acting_copy (acting));
  else
    pinion_undo_toasts_say_error (window->undo, error);

  return NULL;
}

void
pinion_window_act (PinionWindow     *self,
                   PinionAct         act,
                   const gint64     *conversations,
                   guint             n_conversations,
                   const PinionView *view,
                   gint64            label)
{
  Acting *acting;
  PinionLabel *about = label != 0 ? pinion_engine_find_label (self->engine, label) : NULL;

  if (n_conversations == 0 || view == NULL)
    return;

  acting = g_new0 (Acting, 1);
  acting->window = g_object_ref (self);
  acting->act = act;
  acting->view = *view;
  acting->label = label;
  acting->conversations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (acting->conversations, conversations, n_conversations);
  acting->label_title = about != NULL ? g_strdup (pinion_label_get_title (about)) : NULL;
  acting->n_undone = pinion_undo_toasts_get_n_undone (self->undo);
  acting->list = pinion_list_pane_foretell (
    self->list_pane, act, (const gint64 *) (gpointer) acting->conversations->data,
    n_conversations, &acting->view, label);

  dex_future_disown (pinion_fiber_spawn (NULL, 0, act_fiber, acting, acting_free));
}

static DexFuture *
on_done (DexFuture *future,
         gpointer   user_data)
{
  Acting *acting = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  settle (acting);
  if (acting->window->undo == NULL)
    return NULL;

  if (value != NULL)
    pinion_undo_toasts_add (acting->window->undo, g_value_get_boxed (value), acting->label_title);
  else
    pinion_undo_toasts_say_error (acting->window->undo, error);

  return NULL;
}

void
pinion_window_tell_done (PinionWindow           *self,
                         DexFuture              *done,
                         const char             *words,
                         PinionConversationList *list,
                         GArray                 *conversations)
{
  Acting *acting = g_new0 (Acting, 1);

  acting->window = g_object_ref (self);
  acting->list = list;
  acting->label_title = g_strdup (words);
  acting->conversations = g_array_ref (conversations);
  dex_future_disown (dex_future_finally (done, on_done, acting, acting_free));
}

static void
act_on_selected (PinionWindow *self,
                 PinionAct     act,
                 gint64        label)
{
  g_autoptr (GArray) ids = pinion_list_pane_dup_selected (self->list_pane);

  pinion_window_act (self, act, (const gint64 *) (gpointer) ids->data, ids->len,
                     pinion_list_pane_get_view (self->list_pane), label);
}

/* The role of the label shown. */
static PinionRole
get_shown_role (PinionWindow *self)
{
  const PinionView *view = pinion_list_pane_get_view (self->list_pane);
  PinionLabel *label = NULL;

  if (view != NULL && view->kind == PINION_VIEW_LABEL)
    label = pinion_engine_find_label (self->engine, view->label);

  return label != NULL ? pinion_label_get_role (label) : PINION_ROLE_NONE;
}

/* -- Simple acts ---------------------------------------------------------------------------- */

static void
on_simple_act (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  static const struct
  {
    const char *name;
    PinionAct act;
  } acts[] = {
    { "archive", PINION_ACT_ARCHIVE },     { "spam", PINION_ACT_SPAM },
    { "not-spam", PINION_ACT_NOT_SPAM },   { "star", PINION_ACT_STAR },
    { "unstar", PINION_ACT_UNSTAR },       { "mark-read", PINION_ACT_READ },
    { "mark-unread", PINION_ACT_UNREAD },
  };
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].name, name))
      act_on_selected (user_data, acts[i].act, 0);
}

static void
on_delete_response (AdwAlertDialog *dialog,
                    const char     *response,
                    PinionWindow   *self)
{
  if (g_str_equal (response, "delete"))
    act_on_selected (self, PINION_ACT_DELETE, 0);
}

static void
ask_to_delete (PinionWindow *self)
{
  guint n = pinion_list_pane_get_n_selected (self->list_pane);
  g_autofree char *title = NULL;
  AdwDialog *dialog;

  title = g_strdup_printf (ngettext ("Delete %u Conversation for Good?",
                                     "Delete %u Conversations for Good?", n), n);
  dialog = adw_alert_dialog_new (title, _("They are deleted on the server too. "
                                          "This cannot be undone."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _("_Cancel"), "delete",
                                  _("_Delete"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "delete",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_delete_response), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
on_trash (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  PinionWindow *self = user_data;

  if (get_shown_role (self) == PINION_ROLE_TRASH)
    ask_to_delete (self);
  else
    act_on_selected (self, PINION_ACT_TRASH, 0);
}

static void
on_remove_label (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  PinionWindow *self = user_data;
  const PinionView *view = pinion_list_pane_get_view (self->list_pane);

  if (view != NULL)
    act_on_selected (self, PINION_ACT_REMOVE_LABEL, view->label);
}

/* -- Looking at the selection --------------------------------------------------------------- */

typedef void (*LookFunc) (PinionConversation *conversation,
                          gpointer            user_data);

static void
look_at_selected (PinionWindow *self,
                  LookFunc      look,
                  gpointer      user_data)
{
  g_autoptr (GPtrArray) selected = NULL;

  if (self->engine == NULL)
    return;

  selected = pinion_list_pane_dup_selected_items (self->list_pane);
  for (guint i = 0; i < selected->len; i++)
    look (selected->pdata[i], user_data);
}

static void
look_for_unstarred (PinionConversation *conversation,
                    gpointer            user_data)
{
  gboolean *any = user_data;

  *any |= !pinion_conversation_get_starred (conversation);
}

static void
on_toggle_star (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  gboolean any_unstarred = FALSE;

  look_at_selected (user_data, look_for_unstarred, &any_unstarred);
  act_on_selected (user_data, any_unstarred ? PINION_ACT_STAR : PINION_ACT_UNSTAR, 0);
}

/* -- Popovers about the selection ----------------------------------------------------------- */

void
pinion_window_present_at_selection (PinionWindow *self,
                                    GtkPopover   *popover)
{
  gboolean at_button = gtk_widget_get_child_visible (GTK_WIDGET (self->reading_page)) &&
                       gtk_widget_get_mapped (self->label_button) &&
                       !pinion_list_pane_get_selecting (self->list_pane);

  if (at_button)
    {
      pinion_popover_present (popover, self->label_button, NULL);
    }
  else
    {
      GdkRectangle at;
      GtkWidget *anchor = pinion_list_pane_get_anchor (self->list_pane, &at);

      pinion_popover_present (popover, anchor, &at);
    }
}

/* -- Writing -------------------------------------------------------------------------------- */

static void
on_compose (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  PinionWindow *self = user_data;

  pinion_composer_present (self->engine, NULL, GTK_WIDGET (self));
}

static void
on_reply (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  PinionWindow *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));

  if (self->reader == NULL)
    return;

  adw_navigation_split_view_set_show_content (self->inner, TRUE);
  pinion_reader_reply (self->reader, g_str_equal (name, "forward")     ? PINION_FORWARD
                                     : g_str_equal (name, "reply-all") ? PINION_REPLY_ALL
                                                                       : PINION_REPLY);
}

static void
on_sent (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  pinion_window_tell_sending (user_data, g_variant_get_int64 (parameter));
}

/* -- Going about ---------------------------------------------------------------------------- */

static void
on_undo (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  pinion_undo_toasts_undo (PINION_WINDOW (user_data)->undo);
}

static void
on_refresh (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  pinion_engine_sync_now (PINION_WINDOW (user_data)->engine);
}

static void
on_step (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  gboolean next = g_str_equal (g_action_get_name (G_ACTION (action)), "next");

  pinion_list_pane_step (PINION_WINDOW (user_data)->list_pane, next ? 1 : -1);
}

/* Instead of the conversation, where there is room for one alone. */
static void
show_list (PinionWindow *self)
{
  adw_navigation_split_view_set_show_content (self->inner, FALSE);
}

static void
on_select (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  PinionWindow *self = user_data;

  show_list (self);
  pinion_list_pane_set_selecting (self->list_pane, !pinion_list_pane_get_selecting (self->list_pane));
}

static void
on_select_all (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  PinionWindow *self = user_data;

  show_list (self);
  pinion_list_pane_select_all (self->list_pane);
}

static void
on_search (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  PinionWindow *self = user_data;

  show_list (self);
  pinion_list_pane_search (self->list_pane);
}

static void
on_leave (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  PinionWindow *self = user_data;

  if (pinion_list_pane_get_selecting (self->list_pane))
    pinion_list_pane_set_selecting (self->list_pane, FALSE);
  else if (adw_overlay_split_view_get_collapsed (self->outer) &&
           adw_overlay_split_view_get_show_sidebar (self->outer))
    adw_overlay_split_view_set_show_sidebar (self->outer, FALSE);
  else if (adw_navigation_split_view_get_collapsed (self->inner)
           && adw_navigation_split_view_get_show_content (self->inner))
    adw_navigation_split_view_set_show_content (self->inner, FALSE);
  else
    pinion_list_pane_end_search (self->list_pane);
}

static void
on_toggle_sidebar (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  AdwOverlaySplitView *outer = PINION_WINDOW (user_data)->outer;

  adw_overlay_split_view_set_show_sidebar (outer, !adw_overlay_split_view_get_show_sidebar (outer));
}

static void
on_pause (GSimpleAction *action,
          GVariant      *state,
          gpointer       user_data)
{
  PinionWindow *self = user_data;

  pinion_engine_set_paused (self->engine, g_variant_get_boolean (state));
  g_simple_action_set_state (action,
                             g_variant_new_boolean (pinion_engine_get_paused (self->engine)));
}

static void
on_menu (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  PinionWindow *self = user_data;

  adw_overlay_split_view_set_show_sidebar (self->outer, TRUE);
  pinion_sidebar_open_menu (self->sidebar);
}

/* -- Which can be done ---------------------------------------------------------------------- */

static void
enable (PinionWindow *self,
        const char   *name,
        gboolean      enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  if (action != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

typedef struct
{
  gboolean starred;
  gboolean unstarred;
  gboolean read;
  gboolean unread;
} Marks;

static void
look_for_marks (PinionConversation *conversation,
                gpointer            user_data)
{
  Marks *marks = user_data;
  gboolean starred = pinion_conversation_get_starred (conversation);
  gboolean unread = pinion_conversation_get_unread (conversation);

  marks->starred |= starred;
  marks->unstarred |= !starred;
  marks->unread |= unread;
  marks->read |= !unread;
}

static void
update_marks (PinionWindow *self)
{
  Marks marks = { 0 };

  look_at_selected (self, look_for_marks, &marks);
  /* Not all of many were looked at */
  if (self->engine != NULL &&
      pinion_list_pane_get_n_selected (self->list_pane) > PINION_LIST_PANE_LOOKED_AT)
    marks = (Marks) { TRUE, TRUE, TRUE, TRUE };
  enable (self, "star", marks.unstarred);
  enable (self, "unstar", marks.starred);
  enable (self, "mark-read", marks.unread);
  enable (self, "mark-unread", marks.read);
}

static void
update_snooze (PinionWindow *self)
{
  gboolean can_snooze = FALSE;
  gboolean can_unsnooze = FALSE;

  if (self->engine != NULL)
    pinion_window_look_for_snooze (self, &can_snooze, &can_unsnooze);
  enable (self, "snooze", can_snooze);
  enable (self, "unsnooze", can_unsnooze);
}

void
pinion_window_update_acts (PinionWindow *self)
{
  gboolean has_engine = self->engine != NULL;
  const PinionView *view = has_engine ? pinion_list_pane_get_view (self->list_pane) : NULL;
  gboolean any = view != NULL && pinion_list_pane_get_n_selected (self->list_pane) > 0;
  gboolean one = view != NULL && pinion_list_pane_get_n_selected (self->list_pane) == 1;
  gboolean has_account = has_engine &&
                         g_list_model_get_n_items (pinion_engine_get_accounts (self->engine)) > 0;
  PinionRole role = view != NULL ? get_shown_role (self) : PINION_ROLE_NONE;
  gboolean is_label = view != NULL && view->kind == PINION_VIEW_LABEL && role == PINION_ROLE_NONE;

  if (self->reading_actions == NULL)
    return;

  enable (self, "archive", any && role != PINION_ROLE_ARCHIVE);
  enable (self, "trash", any);
  enable (self, "spam", any && role != PINION_ROLE_JUNK);
  enable (self, "not-spam", any && role == PINION_ROLE_JUNK);
  enable (self, "toggle-star", any);
  enable (self, "add-label", any);
  update_snooze (self);
  enable (self, "move", any);
  enable (self, "save-as", any);
  enable (self, "remove-label", any && is_label);
  enable (self, "reply", one);
  enable (self, "reply-all", one);
  enable (self, "forward", one);
  enable (self, "next", view != NULL);
  enable (self, "previous", view != NULL);
  enable (self, "select", view != NULL);
  enable (self, "select-all", view != NULL);
  enable (self, "compose", has_account);
  enable (self, "undo", has_account);
  enable (self, "commands", has_account);
  enable (self, "search", has_engine);
  enable (self, "leave", has_engine);
  enable (self, "menu", has_engine);
  enable (self, "import", has_engine);
  enable (self, "search-server",
          has_engine && pinion_list_pane_can_search_server (self->list_pane));
  enable (self, "save-search",
          has_engine && pinion_list_pane_get_search (self->list_pane) != NULL);
  enable (self, "refresh", has_account);
  enable (self, "pause", has_account);
  update_marks (self);

  gtk_widget_set_visible (self->reading_actions, one);
  gtk_widget_set_visible (GTK_WIDGET (self->reading_menu), one);
}

void
pinion_window_add_acts (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "archive", on_simple_act },
    { "trash", on_trash },
    { "spam", on_simple_act },
    { "not-spam", on_simple_act },
    { "star", on_simple_act },
    { "unstar", on_simple_act },
    { "toggle-star", on_toggle_star },
    { "mark-read", on_simple_act },
    { "mark-unread", on_simple_act },
    { "remove-label", on_remove_label },
    { "undo", on_undo },
    { "compose", on_compose },
    { "reply", on_reply },
    { "reply-all", on_reply },
    { "forward", on_reply },
    { "sent", on_sent, "x" },
    { "search", on_search },
    { "refresh", on_refresh },
    { "next", on_step },
    { "previous", on_step },
    { "select", on_select },
    { "select-all", on_select_all },
    { "leave", on_leave },
    { "toggle-sidebar", on_toggle_sidebar },
    { "menu", on_menu },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  pinion_window_add_commands (self);
  pinion_window_add_labelling (self);
  pinion_window_add_snooze (self);
  pinion_window_add_search (self);
  pinion_window_add_saving (self);
  pinion_window_add_importing (self);
  pinion_window_update_acts (self);
}

void
pinion_window_add_pause (PinionWindow *self)
{
  static const GActionEntry entries[] = { { "pause", NULL, NULL, "false", on_pause } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  pinion_window_update_acts (self);
}
