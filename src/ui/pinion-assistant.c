/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant.h"

#include <glib/gi18n-lib.h>

#include "pinion-assistant-connect.h"
#include "pinion-assistant-credentials.h"
#include "pinion-assistant-import.h"
#include "pinion-assistant-server.h"
#include "pinion-assistant-sidebar.h"
#include "pinion-assistant-type.h"
#include "pinion-look-up.h"

#define DIALOG_WIDTH 560
#define DIALOG_HEIGHT 680

struct _PinionAssistant
{
  AdwBin parent_instance;

  AdwNavigationView *view;
  PinionAssistantPage *type;
  PinionAssistantPage *import;
  PinionAssistantPage *credentials;
  PinionAssistantPage *imap;
  PinionAssistantPage *smtp;
  PinionAssistantPage *sidebar;
  PinionAssistantPage *connect;

  PinionEngine *engine;
  PinionSetup *setup;
  PinionLookUp *look_up;
};

enum
{
  ACCOUNT_ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAssistant, pinion_assistant, ADW_TYPE_BIN)

/* -- Looking up ----------------------------------------------------------------------------- */

static void
on_look_up_changed (PinionAssistant *self)
{
  gboolean running = pinion_look_up_is_running (self->look_up);
  const char *other = pinion_look_up_get_other_host (self->look_up);

  pinion_setup_set_discovery (self->setup, pinion_look_up_get_found (self->look_up));
  pinion_assistant_server_show_look_up (PINION_ASSISTANT_SERVER (self->imap), running, other);
  pinion_assistant_server_show_look_up (PINION_ASSISTANT_SERVER (self->smtp), running, NULL);
}

static void
on_address_entered (PinionAssistant *self)
{
  /* The focus leaves the entry at the end, too */
  if (self->look_up == NULL)
    return;

  pinion_look_up_begin (self->look_up, pinion_setup_get_address (self->setup), NULL);
}

/* An Exchange of one's own says more to who signs in. */
static void
look_up_with_secret (PinionAssistant *self)
{
  const PinionAccount *account = pinion_setup_get_account (self->setup);
  g_autoptr (PinionSecret) secret = NULL;

  if (pinion_account_needs_password (account))
    secret = pinion_assistant_credentials_dup_secret (
      PINION_ASSISTANT_CREDENTIALS (self->credentials));

  pinion_look_up_begin (self->look_up, pinion_setup_get_address (self->setup), secret);
}

static void
on_ask (PinionAssistant *self)
{
  g_autofree char *host = g_strdup (pinion_look_up_get_other_host (self->look_up));

  if (host != NULL)
    pinion_look_up_agree (self->look_up, host);
}

/* -- Going ---------------------------------------------------------------------------------- */

static void
begin_connecting (PinionAssistant *self)
{
  g_autoptr (PinionSecret) secret = pinion_assistant_credentials_dup_secret (
    PINION_ASSISTANT_CREDENTIALS (self->credentials));

  /* What is being verified does not change any more. */
  pinion_look_up_stop (self->look_up);
  on_look_up_changed (self);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (self->connect));
  pinion_assistant_connect_begin (PINION_ASSISTANT_CONNECT (self->connect), self->engine, secret);
}

static void
on_next (PinionAssistant     *self,
         PinionAssistantPage *from)
{
  PinionAssistantPage *pages[] = { self->type, self->import, self->credentials, self->imap,
                                   self->smtp, self->sidebar };
  guint i = 0;

  /* Twice pressed while the next page slides in, the button counts once */
  if (adw_navigation_view_get_visible_page (self->view) != ADW_NAVIGATION_PAGE (from))
    return;

  if (from == self->credentials)
    look_up_with_secret (self);

  while (pages[i] != from)
    i++;

  if (i + 1 < G_N_ELEMENTS (pages))
    adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (pages[i + 1]));
  else
    begin_connecting (self);
}

static void
on_look_at (PinionAssistant *self,
            const char      *tag)
{
  adw_navigation_view_pop_to_tag (self->view, tag);
}

static void
on_account_added (PinionAssistant *self,
                  gint64           id)
{
  pinion_assistant_credentials_forget (PINION_ASSISTANT_CREDENTIALS (self->credentials));
  g_signal_emit (self, signals[ACCOUNT_ADDED], 0, id);
}

/* -- Life ----------------------------------------------------------------------------------- */

/* What the computer calls a person who has no name. */
static const char *
get_real_name (void)
{
  const char *name = g_get_real_name ();

  return name != NULL && !g_str_equal (name, "Unknown") && !g_str_equal (name, g_get_user_name ())
           ? name
           : NULL;
}

/* The first page was there before anybody could see it. */
static void
pinion_assistant_map (GtkWidget *widget)
{
  PinionAssistant *self = PINION_ASSISTANT (widget);

  GTK_WIDGET_CLASS (pinion_assistant_parent_class)->map (widget);

  gtk_widget_grab_focus (GTK_WIDGET (adw_navigation_view_get_visible_page (self->view)));
}

static void
pinion_assistant_dispose (GObject *object)
{
  PinionAssistant *self = PINION_ASSISTANT (object);

  /* The bin lets go of the view before the template does: each would unparent it */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT);
  if (self->look_up != NULL)
    pinion_look_up_stop (self->look_up);
  g_clear_object (&self->look_up);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_assistant_parent_class)->dispose (object);
}

/* Pages may outlive dispose for as long as somebody holds them. */
static void
pinion_assistant_finalize (GObject *object)
{
  PinionAssistant *self = PINION_ASSISTANT (object);

  g_clear_pointer (&self->setup, pinion_setup_free);

  G_OBJECT_CLASS (pinion_assistant_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_ASSISTANT_TYPE);
  g_type_ensure (PINION_TYPE_ASSISTANT_IMPORT);
  g_type_ensure (PINION_TYPE_ASSISTANT_CREDENTIALS);
  g_type_ensure (PINION_TYPE_ASSISTANT_SERVER);
  g_type_ensure (PINION_TYPE_ASSISTANT_SIDEBAR);
  g_type_ensure (PINION_TYPE_ASSISTANT_CONNECT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, view);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, type);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, import);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, credentials);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, imap);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, smtp);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistant, connect);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_look_at);
  gtk_widget_class_bind_template_callback (widget_class, on_address_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, on_account_added);
}

static void
pinion_assistant_class_init (PinionAssistantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pinion_assistant_dispose;
  object_class->finalize = pinion_assistant_finalize;
  GTK_WIDGET_CLASS (klass)->map = pinion_assistant_map;

  signals[ACCOUNT_ADDED] = g_signal_new ("account-added", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_INT64);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_assistant_init (PinionAssistant *self)
{
  self->setup = pinion_setup_new (get_real_name ());
  gtk_widget_init_template (GTK_WIDGET (self));

  pinion_assistant_page_set_setup (self->type, self->setup);
  pinion_assistant_page_set_setup (self->import, self->setup);
  pinion_assistant_page_set_setup (self->credentials, self->setup);
  pinion_assistant_page_set_setup (self->imap, self->setup);
  pinion_assistant_page_set_setup (self->smtp, self->setup);
  pinion_assistant_page_set_setup (self->sidebar, self->setup);
  pinion_assistant_page_set_setup (self->connect, self->setup);
}

GtkWidget *
pinion_assistant_new (PinionEngine *engine)
{
  PinionAssistant *self = g_object_new (PINION_TYPE_ASSISTANT, NULL);

  self->engine = g_object_ref (engine);
  self->look_up = pinion_look_up_new (engine);
  g_signal_connect_object (self->look_up, "changed", G_CALLBACK (on_look_up_changed), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
pinion_assistant_present (PinionEngine *engine,
                          GtkWidget    *parent)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *assistant = pinion_assistant_new (engine);

  adw_dialog_set_title (dialog, _("Add Account"));
  adw_dialog_set_content_width (dialog, DIALOG_WIDTH);
  adw_dialog_set_content_height (dialog, DIALOG_HEIGHT);
  adw_dialog_set_child (dialog, assistant);
  g_signal_connect_object (assistant, "account-added", G_CALLBACK (adw_dialog_force_close), dialog,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, parent);
}
