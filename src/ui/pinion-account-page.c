/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-account-colours.h"
#include "pinion-account-row.h"
#include "pinion-account-switch.h"
#include "pinion-colour-dot.h"
#include "pinion-folders-page.h"
#include "pinion-history.h"
#include "pinion-identity-page.h"
#include "pinion-mailboxes-page.h"
#include "pinion-servers-page.h"
#include "pinion-subpage.h"

struct _PinionAccountPage
{
  AdwNavigationPage parent_instance;

  GtkWidget *state;
  AdwActionRow *problem;
  AdwPreferencesGroup *identities;
  AdwActionRow *servers;
  AdwComboRow *history;
  AdwComboRow *colour;
  PinionColourDot *dot;
  AdwPreferencesGroup *mailbox;
  AdwPreferencesGroup *look;

  PinionEngine *engine;
  PinionAccountItem *account;
  GPtrArray *rows; /* of the identities, borrowed */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (PinionAccountPage, pinion_account_page, ADW_TYPE_NAVIGATION_PAGE)

static const PinionAccount *
get_settings (PinionAccountPage *self)
{
  return pinion_account_item_get_account (self->account);
}

/* -- Identities ----------------------------------------------------------------------------- */

static void
on_identity_activated (AdwActionRow      *row,
                       PinionAccountPage *self)
{
  pinion_subpage_push (GTK_WIDGET (self),
                       pinion_identity_page_new (self->engine, self->account,
                                                 adw_preferences_row_get_title (
                                                   ADW_PREFERENCES_ROW (row))));
}

static char *
dup_identity_words (const PinionIdentity *identity)
{
  gboolean has_signature = *identity->signature != '\0';

  if (*identity->name == '\0')
    return g_strdup (has_signature ? _("With a signature") : _("Without a signature"));

  /* Translators: a person's name, then whether there is a signature */
  return g_strdup_printf (has_signature ? _("%s, with a signature") : _("%s, without a signature"),
                          identity->name);
}

static void
add_identity (PinionAccountPage    *self,
              const PinionIdentity *identity)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *words = dup_identity_words (identity);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), identity->address);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_identity_activated), self, 0);
  adw_preferences_group_add (self->identities, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_identities (PinionAccountPage *self)
{
  const PinionAccount *account = get_settings (self);
  g_autoptr (PinionIdentity) own = pinion_account_dup_identity (account, NULL);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->identities, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);

  add_identity (self, own);
  for (guint i = 0; account->aliases != NULL && i < account->aliases->len; i++)
    add_identity (self, account->aliases->pdata[i]);
}

static void
on_add_alias (PinionAccountPage *self)
{
  pinion_subpage_push (GTK_WIDGET (self),
                       pinion_identity_page_new (self->engine, self->account, NULL));
}

/* -- What is shown -------------------------------------------------------------------------- */

static void
show_state (PinionAccountPage *self)
{
  gboolean failed = pinion_account_item_get_state (self->account) == PINION_SYNC_FAILED;
  g_autofree char *words = failed ? pinion_account_dup_state_words (self->account) : NULL;

  gtk_widget_set_visible (self->state, failed);
  if (failed)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->problem), words);
}

/* A prefix that is only hidden would keep its room. */
static void
show_dot (PinionAccountPage *self,
          const char        *colour)
{
  gboolean is_there = gtk_widget_get_parent (GTK_WIDGET (self->dot)) != NULL;

  if (colour != NULL)
    pinion_colour_dot_set (self->dot, colour);
  if (colour != NULL && !is_there)
    adw_action_row_add_prefix (ADW_ACTION_ROW (self->colour), GTK_WIDGET (self->dot));
  else if (colour == NULL && is_there)
    adw_action_row_remove (ADW_ACTION_ROW (self->colour), GTK_WIDGET (self->dot));
}

static void
show_settings (PinionAccountPage *self)
{
  const PinionAccount *account = get_settings (self);
  guint colour = pinion_account_colours_find (account->colour);

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), account->email);
  adw_action_row_set_subtitle (self->servers, account->imap.host);
  show_identities (self);

  self->loading = TRUE;
  adw_combo_row_set_selected (self->history, account->history);
  adw_combo_row_set_selected (self->colour, colour);
  self->loading = FALSE;

  show_dot (self, account->colour);
}

/* -- Changes -------------------------------------------------------------------------------- */

static void
on_kept (GtkWidget *widget,
         gboolean   kept)
{
  PinionAccountPage *self = PINION_ACCOUNT_PAGE (widget);

  if (self->account != NULL)
    show_settings (self);
}

static void
keep (PinionAccountPage *self,
      DexFuture         *future)
{
  pinion_subpage_follow (GTK_WIDGET (self), future, on_kept);
}

static void
on_history_selected (PinionAccountPage *self)
{
  if (!self->loading && self->account != NULL)
    keep (self, pinion_engine_set_history (self->engine,
                                           pinion_account_item_get_id (self->account),
                                           adw_combo_row_get_selected (self->history)));
}

static void
on_colour_selected (PinionAccountPage *self)
{
  guint selected = adw_combo_row_get_selected (self->colour);
  g_autoptr (PinionAccount) account = NULL;

  if (self->loading || self->account == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  account = pinion_account_copy (get_settings (self));
  g_set_str (&account->colour, pinion_account_colours_get (selected));
  keep (self, pinion_engine_set_details (self->engine, account));
}

/* -- Pages ---------------------------------------------------------------------------------- */

static void
on_servers_activated (PinionAccountPage *self)
{
  pinion_subpage_push (GTK_WIDGET (self), pinion_servers_page_new (self->engine, self->account));
}

static void
on_mailboxes_activated (PinionAccountPage *self)
{
  pinion_subpage_push (GTK_WIDGET (self),
                       pinion_mailboxes_page_new (self->engine,
                                                  pinion_account_item_get_id (self->account)));
}

static void
on_folders_activated (PinionAccountPage *self)
{
  pinion_subpage_push (GTK_WIDGET (self),
                       pinion_folders_page_new (self->engine,
                                                pinion_account_item_get_id (self->account)));
}

/* -- Removal -------------------------------------------------------------------------------- */

static void
on_remove_response (PinionAccountPage *self,
                    const char        *response)
{
  if (!g_str_equal (response, "remove") || self->account == NULL)
    return;

  pinion_subpage_follow (GTK_WIDGET (self),
                         pinion_engine_remove_account (self->engine,
                                                       pinion_account_item_get_id (self->account)),
                         pinion_subpage_pop_if_done);
}

static void
on_remove_activated (PinionAccountPage *self)
{
  g_autofree char *body = NULL;
  AdwAlertDialog *dialog;

  body = g_strdup_printf (_("The mail of %s on this computer and its password are deleted, drafts "
                            "and messages not sent yet too. The server is left alone."),
                          get_settings (self)->email);
  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_("Remove Account?"), body));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_remove_response), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_account_page_dispose (GObject *object)
{
  PinionAccountPage *self = PINION_ACCOUNT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_ACCOUNT_PAGE);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_account_page_parent_class)->dispose (object);
}

static void
pinion_account_page_finalize (GObject *object)
{
  g_ptr_array_unref (PINION_ACCOUNT_PAGE (object)->rows);

  G_OBJECT_CLASS (pinion_account_page_parent_class)->finalize (object);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_add_alias);
  gtk_widget_class_bind_template_callback (widget_class, on_servers_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_history_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_mailboxes_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_folders_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_colour_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_activated);
}

static void
pinion_account_page_class_init (PinionAccountPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_account_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_account_page_finalize;

  g_type_ensure (PINION_TYPE_COLOUR_DOT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, state);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, problem);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, identities);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, servers);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, history);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, colour);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, mailbox);
  gtk_widget_class_bind_template_child (widget_class, PinionAccountPage, look);
  bind_callbacks (widget_class);
}

static void
pinion_account_page_init (PinionAccountPage *self)
{
  g_autoptr (GListModel) history = pinion_history_new_model ();
  g_autoptr (GListModel) colours = pinion_account_colours_new_model ();

  self->rows = g_ptr_array_new ();
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->history, history);
  adw_combo_row_set_model (self->colour, colours);
}

static void
add_switch (PinionAccountPage   *self,
            AdwPreferencesGroup *group,
            PinionAccountSetting setting)
{
  adw_preferences_group_add (group, pinion_account_switch_new (self->engine, self->account,
                                                               setting, FALSE));
}

AdwNavigationPage *
pinion_account_page_new (PinionEngine      *engine,
                         PinionAccountItem *account)
{
  PinionAccountPage *self = g_object_new (PINION_TYPE_ACCOUNT_PAGE, NULL);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  g_signal_connect_object (account, "notify::account", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::state", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  add_switch (self, self->look, PINION_ACCOUNT_NOTIFICATIONS);
  add_switch (self, self->mailbox, PINION_ACCOUNT_SERVER_DRAFTS);
  show_settings (self);
  show_state (self);

  return ADW_NAVIGATION_PAGE (self);
}
