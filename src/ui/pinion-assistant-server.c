/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-server.h"

#include "pinion-finding-words.h"
#include "pinion-reason-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PinionAssistantServer
{
  PinionAssistantPage parent_instance;

  AdwPreferencesGroup *group;
  AdwActionRow *other;
  GtkEditable *host;
  PinionReasonRow *host_reason;
  GtkEditable *port;
  PinionReasonRow *port_reason;
  AdwComboRow *encryption;
  GtkEditable *user;

  PinionProtocol protocol;
  gboolean looking_up;
};

enum
{
  PROP_0,
  PROP_SENDS,
  N_PROPS
};

enum
{
  ASK,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAssistantServer, pinion_assistant_server, PINION_TYPE_ASSISTANT_PAGE)

static PinionSetup *
get_setup (PinionAssistantServer *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  return pinion_assistant_page_is_loading (page) ? NULL : pinion_assistant_page_get_setup (page);
}

static void
on_host_changed (PinionAssistantServer *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup != NULL)
    pinion_setup_set_host (setup, self->protocol, gtk_editable_get_text (self->host));
}

static void
on_port_changed (PinionAssistantServer *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup != NULL)
    pinion_setup_set_port (setup, self->protocol, gtk_editable_get_text (self->port));
}

static void
on_encryption_selected (PinionAssistantServer *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup == NULL)
    return;

  pinion_setup_set_encryption (setup, self->protocol,
                               adw_combo_row_get_selected (self->encryption));
  pinion_assistant_page_load (PINION_ASSISTANT_PAGE (self));
}

static void
on_user_changed (PinionAssistantServer *self)
{
  PinionSetup *setup = get_setup (self);

  if (setup != NULL)
    pinion_setup_set_user (setup, self->protocol, gtk_editable_get_text (self->user));
}

/* What was emptied shows what it follows. */
static void
on_field_left (PinionAssistantServer *self)
{
  if (get_setup (self) != NULL)
    pinion_assistant_page_load (PINION_ASSISTANT_PAGE (self));
}

static void
on_ask_clicked (PinionAssistantServer *self)
{
  g_signal_emit (self, signals[ASK], 0);
}

/* -- Where it comes from -------------------------------------------------------------------- */

static const char *
get_domain (PinionSetup *setup)
{
  const char *at = strrchr (pinion_setup_get_address (setup), '@');

  return at != NULL ? at + 1 : "";
}

static void
show_source (PinionAssistantServer *self,
             PinionSetup           *setup)
{
  const PinionFinding *finding = pinion_setup_get_finding (setup, self->protocol);
  g_autofree char *words = NULL;

  if (finding != NULL)
    words = pinion_finding_dup_words (finding, get_domain (setup));
  else if (self->looking_up)
    words = g_strdup_printf (_("Looking for the servers of %s…"), get_domain (setup));

  g_autofree char *markup = words != NULL ? g_markup_escape_text (words, -1) : NULL;
  adw_preferences_group_set_description (self->group, markup);
}

/* -- The page ------------------------------------------------------------------------------- */

/* Text that is right already keeps its cursor. */
static void
show_text (GtkEditable *entry,
           const char  *text)
{
  if (!g_str_equal (gtk_editable_get_text (entry), text))
    gtk_editable_set_text (entry, text);
}

static void
pinion_assistant_server_load (PinionAssistantPage *page,
                              PinionSetup         *setup)
{
  PinionAssistantServer *self = PINION_ASSISTANT_SERVER (page);
  const PinionServer *server = pinion_setup_get_server (setup, self->protocol);
  g_autofree char *port = g_strdup_printf ("%u", server->port);

  show_text (self->host, server->host);
  /* 0 stands for what is no port: it stays to be corrected */
  if (server->port != 0)
    show_text (self->port, port);
  show_text (self->user, server->user);
  adw_combo_row_set_selected (self->encryption, server->encryption);
  show_source (self, setup);
}

static gboolean
pinion_assistant_server_check (PinionAssistantPage *page)
{
  PinionAssistantServer *self = PINION_ASSISTANT_SERVER (page);

  return pinion_reason_rows_check (self->host_reason, self->port_reason, NULL);
}

static void
pinion_assistant_server_set_property (GObject      *object,
                                      guint         prop_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  PinionAssistantServer *self = PINION_ASSISTANT_SERVER (object);

  switch (prop_id)
    {
    case PROP_SENDS:
      self->protocol = g_value_get_boolean (value) ? PINION_PROTOCOL_SMTP : PINION_PROTOCOL_IMAP;
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_assistant_server_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_SERVER);

  G_OBJECT_CLASS (pinion_assistant_server_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_REASON_ROW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-server.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, group);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, other);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, host);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, host_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, port);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, port_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, encryption);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantServer, user);
  gtk_widget_class_bind_template_callback (widget_class, on_host_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_port_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_encryption_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_user_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_field_left);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_clicked);
}

static void
pinion_assistant_server_class_init (PinionAssistantServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = pinion_assistant_server_set_property;
  object_class->dispose = pinion_assistant_server_dispose;
  PINION_ASSISTANT_PAGE_CLASS (klass)->load = pinion_assistant_server_load;
  PINION_ASSISTANT_PAGE_CLASS (klass)->check = pinion_assistant_server_check;

  properties[PROP_SENDS] = g_param_spec_boolean (
    "sends", NULL, NULL, FALSE,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ASK] = g_signal_new ("ask", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_assistant_server_init (PinionAssistantServer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_assistant_server_show_look_up (PinionAssistantServer *self,
                                      gboolean               running,
                                      const char            *other_host)
{
  g_return_if_fail (PINION_IS_ASSISTANT_SERVER (self));

  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);
  const char *domain = get_domain (pinion_assistant_page_get_setup (page));

  self->looking_up = running;
  gtk_widget_set_visible (GTK_WIDGET (self->other), other_host != NULL);
  if (other_host != NULL)
    {
      g_autofree char *title = g_strdup_printf (_("Autodiscover points at %s"), other_host);
      g_autofree char *subtitle = g_strdup_printf (
        _("This host is not part of %s. Ask it only if you know it."), domain);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->other), title);
      adw_action_row_set_subtitle (self->other, subtitle);
    }

  pinion_assistant_page_load (page);
}
