/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-servers-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-connect-view.h"
#include "pinion-server-group.h"
#include "pinion-subpage.h"

typedef enum
{
  RESTING,
  TRYING,
  KEEPING,
} State;

struct _PinionServersPage
{
  AdwNavigationPage parent_instance;

  GtkScrolledWindow *scrolled;
  PinionConnectView *view;
  GtkWidget *fields;
  GtkWidget *sign_in;
  GtkEditable *password;
  PinionServerGroup *imap;
  PinionServerGroup *smtp;
  GtkLabel *sentence;
  GtkButton *check;

  PinionEngine *engine;
  PinionAccountItem *account;
  PinionServer followed; /* IMAP's fields, as SMTP's last followed them */
  State state;
};

G_DEFINE_FINAL_TYPE (PinionServersPage, pinion_servers_page, ADW_TYPE_NAVIGATION_PAGE)

/* -- What is shown -------------------------------------------------------------------------- */

static gboolean
is_about_password (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED) ||
         pinion_error_is (error, PINION_ERROR_APP_PASSWORD_NEEDED) ||
         pinion_error_is (error, PINION_ERROR_PASSWORD_MISSING) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED);
}

/* The focus leaves what is hidden.  The button keeps it even while there is nothing to press:
 * what is without focus takes no keys. */
static void
set_state (PinionServersPage *self,
           State              state,
           const char        *sentence)
{
  static const char *const labels[] = { N_("Check and Save"), N_("Cancel"), N_("Saving…") };
  GtkWidget *check = GTK_WIDGET (self->check);

  self->state = state;
  gtk_widget_grab_focus (check);
  gtk_button_set_label (self->check, _(labels[state]));
  gtk_label_set_label (self->sentence, sentence);
  gtk_widget_set_visible (self->fields, state == RESTING);

  if (state == RESTING && !pinion_connect_view_has_cure (self->view))
    gtk_widget_add_css_class (check, "suggested-action");
  else
    gtk_widget_remove_css_class (check, "suggested-action");
}

static void
rest (PinionServersPage *self)
{
  set_state (self, RESTING,
             _("Nothing is changed before both servers let you sign in, and it is proven to be the "
               "same mailbox."));
}

/* The first thing that is wrong stands on top. */
static void
look_at_failure (PinionServersPage *self)
{
  const GError *imap = pinion_connect_view_get_error (self->view, PINION_PROTOCOL_IMAP);
  const GError *smtp = pinion_connect_view_get_error (self->view, PINION_PROTOCOL_SMTP);

  if ((imap != NULL && is_about_password (imap)) || (smtp != NULL && is_about_password (smtp)))
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  else
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

/* -- Keeping -------------------------------------------------------------------------------- */

static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  PinionServersPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->account == NULL)
    return NULL;

  rest (self);
  if (value == NULL)
    {
      pinion_connect_view_show_other (self->view, NULL, error, NULL);
      look_at_failure (self);
      return NULL;
    }

  /* From the button the focus goes back to the page below */
  gtk_editable_set_text (self->password, "");
  pinion_subpage_tell (GTK_WIDGET (self),
                       g_value_get_boolean (value)
                         ? _("Connected. The new settings are kept.")
                         : _("Connected. The password is kept for this session only."));
  pinion_subpage_pop (GTK_WIDGET (self));

  return NULL;
}

static void
on_ended (PinionServersPage *self)
{
  const GValue *proven = pinion_connect_view_get_result (self->view);
  DexFuture *changed;

  if (proven == NULL)
    {
      rest (self);
      look_at_failure (self);
      return;
    }

  set_state (self, KEEPING, _("Everything works. The new settings are being kept."));
  changed = pinion_engine_change_servers (self->engine, g_value_get_boxed (proven));
  dex_future_disown (dex_future_finally (changed, on_kept, g_object_ref (self), g_object_unref));
}

/* -- Trying --------------------------------------------------------------------------------- */

static void
try (PinionServersPage *self)
{
  g_autoptr (PinionAccount) account
    = pinion_account_copy (pinion_account_item_get_account (self->account));
  const char *text = gtk_editable_get_text (self->password);
  g_autoptr (PinionSecret) secret = *text != '\0' ? pinion_secret_new (text) : NULL;
  g_autoptr (PinionStageSink) sink = NULL;

  pinion_server_copy (&account->imap, pinion_server_group_get_server (self->imap));
  pinion_server_copy (&account->smtp, pinion_server_group_get_server (self->smtp));
  sink = pinion_connect_view_begin (self->view, account);
  gtk_widget_set_visible (GTK_WIDGET (self->view), TRUE);
  set_state (self, TRYING, _("Pinion checks every step of the connection. Until then the account "
                             "stays as it is."));
  pinion_connect_view_follow (self->view,
                              pinion_engine_prove_servers (self->engine, account, secret, sink));
}

static void
cancel (PinionServersPage *self)
{
  pinion_connect_view_stop (self->view);
  set_state (self, RESTING, _("Cancelled. Nothing was changed."));
}

/* A password that was refused is not tried a second time. */
static void
on_check (PinionServersPage *self)
{
  gboolean refused = pinion_error_is (pinion_account_item_get_error (self->account),
                                      PINION_ERROR_SIGN_IN_REFUSED);
  const PinionAccount *account = pinion_account_item_get_account (self->account);
  gboolean same = g_strcmp0 (pinion_server_group_get_server (self->imap)->user,
                             account->imap.user) == 0;

  if (self->state != RESTING || !pinion_server_group_check (self->imap) ||
      !pinion_server_group_check (self->smtp))
    return;

  if (refused && same && *gtk_editable_get_text (self->password) == '\0')
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->password));
      pinion_subpage_tell (GTK_WIDGET (self),
                           _("The kept password was refused. Enter the new one."));
      return;
    }

  try (self);
}

static void
on_button (PinionServersPage *self)
{
  if (self->state == TRYING)
    cancel (self);
  else
    on_check (self);
}

/* -- Cures ---------------------------------------------------------------------------------- */

/* The same certificate on both servers is one question, as long as both had it before. */
static void
trust (PinionServersPage *self,
       gboolean           sends,
       const GError      *error)
{
  const PinionAccount *kept = pinion_account_item_get_account (self->account);
  const PinionServer *other = sends ? &kept->imap : &kept->smtp;
  const PinionServer *server = sends ? &kept->smtp : &kept->imap;
  PinionProtocol protocol = sends ? PINION_PROTOCOL_SMTP : PINION_PROTOCOL_IMAP;
  const char *sha256 = pinion_error_get_detail (error, "sha256");
  const char *pinned = pinion_error_get_detail (error, "pinned-sha256");
  gboolean had_both = pinned != NULL && other->trusted_sha256 != NULL &&
                      g_ascii_strcasecmp (other->trusted_sha256, pinned) == 0 &&
                      g_strcmp0 (other->host, server->host) == 0;

  pinion_server_group_trust (sends ? self->smtp : self->imap, sha256);
  if (had_both || pinion_connect_view_get_same_certificate (self->view, protocol) != NULL)
    pinion_server_group_trust (sends ? self->imap : self->smtp, sha256);
}

/* What the button did is to be tried; else it led to the fields. */
static gboolean
cure (PinionServersPage *self,
      gboolean           sends,
      const GError      *error)
{
  PinionServerGroup *group = sends ? self->smtp : self->imap;
  PinionCure cure = pinion_cure_for_error (error);
  PinionEncryption encryption;
  guint16 port;

  if (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED) || cure == PINION_CURE_TRUST)
    {
      trust (self, sends, error);
      return TRUE;
    }
  if (pinion_cure_get_way (cure, error, &port, &encryption))
    {
      pinion_server_group_set_encryption (group, encryption, port);
      return TRUE;
    }

  if (cure == PINION_CURE_CREDENTIALS)
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  else
    gtk_widget_child_focus (GTK_WIDGET (group), GTK_DIR_TAB_FORWARD);

  return FALSE;
}

static void
on_cure (PinionServersPage *self,
         guint              protocol)
{
  const GError *error = pinion_connect_view_get_error (self->view, protocol);

  if (self->state == RESTING && error != NULL &&
      cure (self, protocol == PINION_PROTOCOL_SMTP, error))
    on_check (self);
}

/* -- Fields --------------------------------------------------------------------------------- */

static void
on_imap_edited (PinionServersPage *self)
{
  const PinionServer *now = pinion_server_group_get_server (self->imap);

  pinion_server_group_follow (self->smtp, &self->followed, now);
  pinion_server_copy (&self->followed, now);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
on_shown (PinionServersPage *self)
{
  look_at_failure (self);
}

/* What is being kept is kept all the same: the engine has it. */
static void
on_hidden (PinionServersPage *self)
{
  if (self->state == TRYING)
    {
      pinion_connect_view_stop (self->view);
      rest (self);
    }
}

static void
pinion_servers_page_dispose (GObject *object)
{
  PinionServersPage *self = PINION_SERVERS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_SERVERS_PAGE);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_servers_page_parent_class)->dispose (object);
}

static void
pinion_servers_page_finalize (GObject *object)
{
  PinionServersPage *self = PINION_SERVERS_PAGE (object);

  pinion_server_clear (&self->followed);

  G_OBJECT_CLASS (pinion_servers_page_parent_class)->finalize (object);
}

static void
pinion_servers_page_class_init (PinionServersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_servers_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_servers_page_finalize;

  g_type_ensure (PINION_TYPE_CONNECT_VIEW);
  g_type_ensure (PINION_TYPE_SERVER_GROUP);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-servers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, view);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, fields);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, password);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, imap);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, smtp);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, check);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, sentence);
  gtk_widget_class_bind_template_callback (widget_class, on_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_ended);
  gtk_widget_class_bind_template_callback (widget_class, on_button);
  gtk_widget_class_bind_template_callback (widget_class, on_check);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_edited);
}

static void
pinion_servers_page_init (PinionServersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "shown", G_CALLBACK (on_shown), NULL);
  g_signal_connect (self, "hidden", G_CALLBACK (on_hidden), NULL);
}

AdwNavigationPage *
pinion_servers_page_new (PinionEngine      *engine,
                         PinionAccountItem *account)
{
  PinionServersPage *self = g_object_new (PINION_TYPE_SERVERS_PAGE, NULL);
  const PinionAccount *settings = pinion_account_item_get_account (account);
  PinionSyncState state = pinion_account_item_get_state (account);
  const GError *error = pinion_account_item_get_error (account);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  pinion_server_copy (&self->followed, &settings->imap);
  pinion_server_group_set_server (self->imap, &settings->imap);
  pinion_server_group_set_server (self->smtp, &settings->smtp);
  gtk_widget_set_visible (self->sign_in, pinion_account_needs_password (settings));
  if (error != NULL &&
      (state == PINION_SYNC_FAILED || pinion_account_item_get_away (account)))
    {
      gtk_widget_set_visible (GTK_WIDGET (self->view), TRUE);
      pinion_connect_view_show_error (self->view, settings, error);
    }
  rest (self);

  return ADW_NAVIGATION_PAGE (self);
}
