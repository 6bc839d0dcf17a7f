/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-server-group.h"

#include <glib/gi18n-lib.h>

#include "pinion-reason-row.h"

struct _PinionServerGroup
{
  AdwPreferencesGroup parent_instance;

  GtkEditable *host;
  PinionReasonRow *host_reason;
  GtkEditable *port;
  PinionReasonRow *port_reason;
  AdwComboRow *encryption;
  GtkEditable *user;

  gboolean sends;
  PinionServer server;
  gboolean loading;
};

enum
{
  PROP_0,
  PROP_SENDS,
  N_PROPS
};

enum
{
  EDITED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionServerGroup, pinion_server_group, ADW_TYPE_PREFERENCES_GROUP)

static guint16
get_port (PinionServerGroup *self)
{
  const char *text = gtk_editable_get_text (self->port);
  guint64 port = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL) ? (guint16) port : 0;
}

static char *
dup_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
take_fields (PinionServerGroup *self)
{
  g_autofree char *host = dup_text (self->host);
  g_autofree char *user = dup_text (self->user);
  guint16 port = get_port (self);

  if (g_strcmp0 (host, self->server.host) != 0 || port != self->server.port)
    g_clear_pointer (&self->server.trusted_sha256, g_free);
  g_set_str (&self->server.host, host);
  g_set_str (&self->server.user, user);
  self->server.port = port;
  self->server.encryption = adw_combo_row_get_selected (self->encryption);
}

static void
show_fields (PinionServerGroup *self)
{
  g_autofree char *port = g_strdup_printf ("%u", self->server.port);

  self->loading = TRUE;
  gtk_editable_set_text (self->host, self->server.host != NULL ? self->server.host : "");
  gtk_editable_set_text (self->port, port);
  gtk_editable_set_text (self->user, self->server.user != NULL ? self->server.user : "");
  adw_combo_row_set_selected (self->encryption, self->server.encryption);
  self->loading = FALSE;
}

static void
on_edited (PinionServerGroup *self)
{
  if (self->loading)
    return;

  take_fields (self);
  g_signal_emit (self, signals[EDITED], 0);
}

static void
on_encryption_selected (PinionServerGroup *self)
{
  PinionEncryption before = self->server.encryption;
  PinionEncryption now = adw_combo_row_get_selected (self->encryption);

  if (self->loading || before == now)
    return;

  if (self->server.port == pinion_encryption_get_port (before, !self->sends))
    {
      g_autofree char *port
        = g_strdup_printf ("%u", pinion_encryption_get_port (now, !self->sends));

      gtk_editable_set_text (self->port, port);
    }
  on_edited (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_server_group_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PinionServerGroup *self = PINION_SERVER_GROUP (object);

  switch (prop_id)
    {
    case PROP_SENDS:
      self->sends = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_server_group_dispose (GObject *object)
{
  PinionServerGroup *self = PINION_SERVER_GROUP (object);

  self->loading = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_SERVER_GROUP);

  G_OBJECT_CLASS (pinion_server_group_parent_class)->dispose (object);
}

static void
pinion_server_group_finalize (GObject *object)
{
  pinion_server_clear (&PINION_SERVER_GROUP (object)->server);

  G_OBJECT_CLASS (pinion_server_group_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_REASON_ROW);
  g_type_ensure (PINION_TYPE_SETUP_FIELD);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-server-group.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, host);
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, host_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, port);
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, port_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, encryption);
  gtk_widget_class_bind_template_child (widget_class, PinionServerGroup, user);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_encryption_selected);
}

static void
pinion_server_group_class_init (PinionServerGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = pinion_server_group_set_property;
  object_class->dispose = pinion_server_group_dispose;
  object_class->finalize = pinion_server_group_finalize;

  properties[PROP_SENDS]
    = g_param_spec_boolean ("sends", NULL, NULL, FALSE,
                            G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_server_group_init (PinionServerGroup *self)
{
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_server_group_set_server (PinionServerGroup  *self,
                                const PinionServer *server)
{
  g_return_if_fail (PINION_IS_SERVER_GROUP (self));

  pinion_server_copy (&self->server, server);
  show_fields (self);
}

const PinionServer *
pinion_server_group_get_server (PinionServerGroup *self)
{
  g_return_val_if_fail (PINION_IS_SERVER_GROUP (self), NULL);

  return &self->server;
}

gboolean
pinion_server_group_check (PinionServerGroup *self)
{
  g_return_val_if_fail (PINION_IS_SERVER_GROUP (self), FALSE);

  if (!pinion_reason_rows_check (self->host_reason, self->port_reason, NULL))
    return FALSE;
  if (self->server.user != NULL && *self->server.user != '\0')
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (self->user));
  gtk_widget_error_bell (GTK_WIDGET (self->user));

  return FALSE;
}

void
pinion_server_group_trust (PinionServerGroup *self,
                           const char        *sha256)
{
  g_return_if_fail (PINION_IS_SERVER_GROUP (self));

  g_set_str (&self->server.trusted_sha256, sha256);
}

void
pinion_server_group_set_encryption (PinionServerGroup *self,
                                    PinionEncryption   encryption,
                                    guint16            port)
{
  g_return_if_fail (PINION_IS_SERVER_GROUP (self));

  self->server.encryption = encryption;
  if (port != 0)
    self->server.port = port;
  show_fields (self);
}

void
pinion_server_group_follow (PinionServerGroup  *self,
                            const PinionServer *before,
                            const PinionServer *now)
{
  g_return_if_fail (PINION_IS_SERVER_GROUP (self));

  if (g_strcmp0 (self->server.host, before->host) == 0 && g_strcmp0 (before->host, now->host) != 0)
    {
      g_set_str (&self->server.host, now->host);
      g_clear_pointer (&self->server.trusted_sha256, g_free);
    }
  if (g_strcmp0 (self->server.user, before->user) == 0)
    g_set_str (&self->server.user, now->user);
  show_fields (self);
}
