/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-servers-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-failure-card.h"
#include "pinion-server-group.h"
#include "pinion-stage-list.h"
#include "pinion-subpage.h"

struct _PinionServersPage
{
  AdwNavigationPage parent_instance;

  PinionFailureCard *failure;
  GtkWidget *fields;
  GtkWidget *sign_in;
  GtkEditable *password;
  PinionServerGroup *imap;
  PinionServerGroup *smtp;
  GtkWidget *check;
  GtkStack *check_stack;

  PinionEngine *engine;
  PinionAccountItem *account;
  PinionServer followed; /* IMAP's fields, as SMTP's last followed them */
  GError *error;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (PinionServersPage, pinion_servers_page, ADW_TYPE_NAVIGATION_PAGE)

/* -- What is wrong -------------------------------------------------------------------------- */

static gboolean
is_about_certificate (const GError *error)
{
  return (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED) ||
          pinion_error_is (error, PINION_ERROR_CERTIFICATE_EXPIRED) ||
          pinion_error_is (error, PINION_ERROR_CERTIFICATE_OTHER_NAME) ||
          pinion_error_is (error, PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER) ||
          pinion_error_is (error, PINION_ERROR_CERTIFICATE_SELF_SIGNED)) &&
         pinion_error_get_detail (error, "sha256") != NULL;
}

static gboolean
is_about_password (const GError *error)
{
  return pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED) ||
         pinion_error_is (error, PINION_ERROR_APP_PASSWORD_NEEDED) ||
         pinion_error_is (error, PINION_ERROR_PASSWORD_MISSING) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
         pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED);
}

static const char *
get_cure (const GError *error)
{
  if (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED))
    return _("Trust the New Certificate");
  if (is_about_certificate (error))
    return _("Trust This Certificate");
  if (pinion_error_is (error, PINION_ERROR_NEEDS_STARTTLS))
    return _("Switch to STARTTLS");
  if (pinion_error_is (error, PINION_ERROR_NEEDS_TLS) ||
      pinion_error_is (error, PINION_ERROR_STARTTLS_MISSING))
    return _("Switch to TLS");

  return NULL;
}

static const char *
get_heading (const GError *error)
{
  if (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED))
    return _("The Certificate Has Changed");
  if (pinion_error_is (error, PINION_ERROR_OTHER_MAILBOX))
    return _("Another Mailbox");
  if (pinion_error_get_stage (error) == PINION_STAGE_NONE)
    return _("Nothing Was Changed");

  return pinion_stage_get_failure (pinion_error_get_stage (error));
}

static void
show_failure (PinionServersPage *self,
              const GError      *error)
{
  g_clear_error (&self->error);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), error != NULL);
  if (error == NULL)
    return;

  self->error = g_error_copy (error);
  pinion_failure_card_set (self->failure, get_heading (error), error, get_cure (error));
  gtk_widget_add_css_class (GTK_WIDGET (self->check), "suggested-action");
  if (get_cure (error) != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->check), "suggested-action");
}

/* -- Checking ------------------------------------------------------------------------------- */

static void
set_busy (PinionServersPage *self,
          gboolean           busy)
{
  /* The focus leaves what takes no input any more */
  self->busy = busy;
  gtk_widget_grab_focus (self->check);
  gtk_widget_set_sensitive (self->fields, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->failure), !busy);
  gtk_stack_set_visible_child_name (self->check_stack, busy ? "busy" : "words");
}

static DexFuture *
on_checked (DexFuture *future,
            gpointer   user_data)
{
  PinionServersPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->account == NULL)
    return NULL;

  set_busy (self, FALSE);
  if (value == NULL)
    {
      show_failure (self, error);
      gtk_widget_grab_focus (is_about_password (error) ? GTK_WIDGET (self->password)
                                                       : self->check);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), get_heading (error),
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
      return NULL;
    }

  /* From there the focus goes back to the page below; what is without focus takes no keys */
  gtk_editable_set_text (self->password, "");
  gtk_widget_grab_focus (self->check);
  pinion_subpage_tell (GTK_WIDGET (self),
                       g_value_get_boolean (value)
                         ? _("Connected. The new settings are kept.")
                         : _("Connected. The password is kept for this session only."));
  pinion_subpage_pop (GTK_WIDGET (self));

  return NULL;
}

static void
try (PinionServersPage *self)
{
  g_autoptr (PinionAccount) account
    = pinion_account_copy (pinion_account_item_get_account (self->account));
  const char *text = gtk_editable_get_text (self->password);
  g_autoptr (PinionSecret) secret = *text != '\0' ? pinion_secret_new (text) : NULL;
  DexFuture *changed;

  pinion_server_copy (&account->imap, pinion_server_group_get_server (self->imap));
  pinion_server_copy (&account->smtp, pinion_server_group_get_server (self->smtp));
  set_busy (self, TRUE);
  changed = pinion_engine_change_servers (self->engine, account, secret);
  dex_future_disown (dex_future_finally (changed, on_checked, g_object_ref (self),
                                         g_object_unref));
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

  if (self->busy || !pinion_server_group_check (self->imap) ||
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

/* The same certificate on both servers is one question, as long as both had it before. */
static void
trust (PinionServersPage *self,
       gboolean           sends)
{
  const PinionAccount *kept = pinion_account_item_get_account (self->account);
  const PinionServer *other = sends ? &kept->imap : &kept->smtp;
  const PinionServer *server = sends ? &kept->smtp : &kept->imap;
  const char *sha256 = pinion_error_get_detail (self->error, "sha256");
  const char *pinned = pinion_error_get_detail (self->error, "pinned-sha256");

  pinion_server_group_trust (sends ? self->smtp : self->imap, sha256);
  if (pinned != NULL && other->trusted_sha256 != NULL &&
      g_ascii_strcasecmp (other->trusted_sha256, pinned) == 0 &&
      g_strcmp0 (other->host, server->host) == 0)
    pinion_server_group_trust (sends ? self->imap : self->smtp, sha256);
}

static void
on_cure (PinionServersPage *self)
{
  gboolean sends = pinion_error_get_protocol (self->error) == PINION_PROTOCOL_SMTP;
  PinionServerGroup *group = sends ? self->smtp : self->imap;

  if (self->busy || self->error == NULL)
    return;

  if (is_about_certificate (self->error))
    trust (self, sends);
  else if (pinion_error_is (self->error, PINION_ERROR_NEEDS_STARTTLS))
    pinion_server_group_set_encryption (group, PINION_ENCRYPTION_STARTTLS, 0);
  else if (pinion_error_is (self->error, PINION_ERROR_NEEDS_TLS))
    pinion_server_group_set_encryption (group, PINION_ENCRYPTION_TLS, 0);
  else
    pinion_server_group_set_encryption (group, PINION_ENCRYPTION_TLS,
                                        pinion_encryption_get_port (PINION_ENCRYPTION_TLS,
                                                                    !sends));

  on_check (self);
}

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
  if (self->error != NULL && is_about_password (self->error))
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
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

  g_clear_error (&self->error);
  pinion_server_clear (&self->followed);

  G_OBJECT_CLASS (pinion_servers_page_parent_class)->finalize (object);
}

static void
pinion_servers_page_class_init (PinionServersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_servers_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_servers_page_finalize;

  g_type_ensure (PINION_TYPE_FAILURE_CARD);
  g_type_ensure (PINION_TYPE_SERVER_GROUP);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-servers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, failure);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, fields);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, password);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, imap);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, smtp);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, check);
  gtk_widget_class_bind_template_child (widget_class, PinionServersPage, check_stack);
  gtk_widget_class_bind_template_callback (widget_class, on_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_check);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_edited);
}

static void
pinion_servers_page_init (PinionServersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "shown", G_CALLBACK (on_shown), NULL);
}

AdwNavigationPage *
pinion_servers_page_new (PinionEngine      *engine,
                         PinionAccountItem *account)
{
  PinionServersPage *self = g_object_new (PINION_TYPE_SERVERS_PAGE, NULL);
  const PinionAccount *settings = pinion_account_item_get_account (account);
  PinionSyncState state = pinion_account_item_get_state (account);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  pinion_server_copy (&self->followed, &settings->imap);
  pinion_server_group_set_server (self->imap, &settings->imap);
  pinion_server_group_set_server (self->smtp, &settings->smtp);
  gtk_widget_set_visible (self->sign_in, pinion_account_needs_password (settings));
  if (state == PINION_SYNC_FAILED || pinion_account_item_get_away (account))
    show_failure (self, pinion_account_item_get_error (account));

  return ADW_NAVIGATION_PAGE (self);
}
