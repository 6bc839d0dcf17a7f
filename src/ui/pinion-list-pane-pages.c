/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the pane shows: its rows, or the words and the picture of why there are none. */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-error.h"
#include "pinion-time.h"

#define SPINNER_DELAY 300 /* ms */
#define WORDS_DELAY 4000  /* ms; a search that takes longer says why */

/* -- Empty states --------------------------------------------------------------------------- */

typedef struct
{
  const char *icon;
  const char *title;
  const char *words;
} EmptyWords;

static EmptyWords
words_for_role (PinionRole role)
{
  switch (role)
    {
    case PINION_ROLE_INBOX:
      return (EmptyWords) { "pinion-inbox-symbolic", _("Inbox Zero"),
                            _("Everything is done. New mail appears here by itself.") };

    case PINION_ROLE_SENT:
      return (EmptyWords) { "pinion-sent-symbolic", _("Nothing Sent Yet"),
                            _("Messages you send are kept here.") };

    case PINION_ROLE_DRAFTS:
      return (EmptyWords) { "pinion-drafts-symbolic", _("No Drafts"),
                            _("Messages you begin are kept here until you send them.") };

    case PINION_ROLE_TRASH:
      return (EmptyWords) { "user-trash-symbolic", _("Trash Is Empty"),
                            _("Conversations you delete can be found here.") };

    case PINION_ROLE_JUNK:
      return (EmptyWords) { "pinion-junk-symbolic", _("No Spam"),
                            _("Conversations marked as spam go here.") };

    case PINION_ROLE_ARCHIVE:
      return (EmptyWords) { "pinion-archive-symbolic", _("Nothing Archived"),
                            _("Archive a conversation to keep it out of the Inbox.") };

    case PINION_ROLE_NONE:
    default:
      return (EmptyWords) { "pinion-label-symbolic", _("No Conversations"),
                            _("Drop conversations on this label to add it.") };
    }
}

gboolean
pinion_list_pane_shows_inbox (PinionListPane *self)
{
  PinionLabel *label = self->view.kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (self->engine, self->view.label)
                         : NULL;

  return self->view.kind == PINION_VIEW_INBOX ||
         (label != NULL && pinion_label_get_role (label) == PINION_ROLE_INBOX);
}

/* "3 snoozed until tomorrow": why the Inbox is empty; %NULL where that is not why. */
static char *
dup_snoozed_words (PinionListPane *self)
{
  gboolean is_inbox = pinion_list_pane_shows_inbox (self);
  gint64 first;
  guint n;
  g_autofree char *time = NULL;

  n = is_inbox ? pinion_engine_get_snoozed (self->engine, self->view.account, &first) : 0;
  if (n == 0)
    return NULL;

  time = pinion_time_ahead (first, NULL);
  if (n == 1)
    /* Translators: "1 snoozed until Mon 08:00." */
    return g_strdup_printf (_("1 snoozed until %s."), time);

  /* Translators: "3 snoozed, the first until Mon 08:00." */
  return g_strdup_printf (ngettext ("%u snoozed, the first until %s.",
                                    "%u snoozed, the first until %s.", n),
                          n, time);
}

static EmptyWords
words_for_view (PinionListPane *self)
{
  PinionLabel *label;

  switch (self->view.kind)
    {
    case PINION_VIEW_INBOX:
      return words_for_role (PINION_ROLE_INBOX);

    case PINION_VIEW_STARRED:
      return (EmptyWords) { "starred-symbolic", _("No Starred Conversations"),
                            _("Star what you want to find again.") };

    case PINION_VIEW_ALL_MAIL:
      return (EmptyWords) { "pinion-all-mail-symbolic", _("No Mail Yet"),
                            _("All your conversations appear here.") };

    case PINION_VIEW_SNOOZED:
      return (EmptyWords) { "alarm-symbolic", _("Nothing Snoozed"),
                            _("Snooze a conversation to have it back when you need it.") };

    case PINION_VIEW_LABEL:
    default:
      label = pinion_engine_find_label (self->engine, self->view.label);
      return words_for_role (label != NULL ? pinion_label_get_role (label) : PINION_ROLE_NONE);
    }
}

/* Whether mail of the view may still be on its way for the first time. */
static gboolean
is_arriving (PinionListPane *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);
      PinionSyncState state = pinion_account_item_get_state (account);

      if ((self->view.account == 0 || self->view.account == pinion_account_item_get_id (account)) &&
          (state == PINION_SYNC_CONNECTING || state == PINION_SYNC_SYNCING))
        return TRUE;
    }

  return FALSE;
}

/* Those that have not been shown yet need no style.  The keyboard stays here where it was here: by
 * itself it would go to another pane. */
void
pinion_list_pane_show_page (PinionListPane *self,
                            const char     *name)
{
  GtkWidget *before = gtk_stack_get_visible_child (self->stack);
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, name);
  GtkStateFlags state = gtk_widget_get_state_flags (GTK_WIDGET (self->stack));

  gtk_widget_set_opacity (before, 1);
  gtk_widget_set_can_target (before, TRUE);
  if (page == before)
    return;

  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (self->stack, page);
  if ((state & GTK_STATE_FLAG_FOCUS_WITHIN) != 0)
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

/* What was shown goes out of sight and keeps its place: it may be back in the next frame, and
 * would have lost the keyboard, its layout and its style. */
void
pinion_list_pane_show_nothing (PinionListPane *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->stack);

  gtk_widget_set_opacity (page, 0);
  gtk_widget_set_can_target (page, FALSE);
}

static void
show_empty (PinionListPane *self)
{
  EmptyWords words = words_for_view (self);
  const GError *error = pinion_conversation_list_get_error (self->model);
  g_autofree char *snoozed = dup_snoozed_words (self);
  g_autofree char *reason = NULL;

  if (snoozed != NULL)
    words.words = snoozed;

  if (error != NULL)
    {
      g_autofree char *message = pinion_error_dup_message (error);
      g_autofree char *fix = pinion_error_dup_fix (error);

      reason = g_strdup_printf ("%s\n%s", message, fix);
      words = (EmptyWords) { "dialog-error-symbolic", _("Your Mail Cannot Be Read"), reason };
    }
  else if (self->query != NULL)
    {
      words = (EmptyWords) { "edit-find-symbolic", _("Nothing Found"),
                             _("Try fewer or other words.") };
    }
  else if (is_arriving (self))
    {
      words.title = _("Looking for Mail");
      words.words = _("Conversations appear here as they arrive.");
    }

  adw_status_page_set_icon_name (self->empty, words.icon);
  adw_status_page_set_title (self->empty, words.title);
  adw_status_page_set_description (self->empty, words.words);
  gtk_widget_set_visible (self->again_button, error != NULL);
  pinion_list_pane_show_page (self, "empty");
}

/* -- While there is no answer --------------------------------------------------------------- */

/* The index is not usable now: it is made anew by itself, as soon as that can be. */
static gboolean
on_slow_search (gpointer user_data)
{
  PinionListPane *self = user_data;

  self->spinner_source = 0;
  self->is_slow = TRUE;
  adw_status_page_set_icon_name (self->empty, "edit-find-symbolic");
  adw_status_page_set_title (self->empty, _("Preparing the Search"));
  adw_status_page_set_description (self->empty,
                                   _("What is found appears here by itself. If it takes long, "
                                     "see whether the disk is full."));
  gtk_widget_set_visible (self->again_button, FALSE);
  pinion_list_pane_show_page (self, "empty");

  return G_SOURCE_REMOVE;
}

static gboolean
on_spinner (gpointer user_data)
{
  PinionListPane *self = user_data;

  self->spinner_source = self->query != NULL
                           ? g_timeout_add (WORDS_DELAY, on_slow_search, self)
                           : 0;
  pinion_list_pane_show_page (self, "loading");

  return G_SOURCE_REMOVE;
}

/* A moment later. */
static void
show_loading_soon (PinionListPane *self)
{
  if (self->spinner_source == 0 && !self->is_slow)
    self->spinner_source = g_timeout_add (SPINNER_DELAY, on_spinner, self);
}

void
pinion_list_pane_update_page (PinionListPane *self)
{
  if (!pinion_conversation_list_get_loading (self->model))
    self->is_slow = FALSE;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    {
      g_clear_handle_id (&self->spinner_source, g_source_remove);
      pinion_list_pane_show_page (self, "list");
    }
  else if (pinion_conversation_list_get_loading (self->model))
    {
      show_loading_soon (self);
    }
  else
    {
      g_clear_handle_id (&self->spinner_source, g_source_remove);
      show_empty (self);
    }
}
