/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-stage-list.h"

#include <glib/gi18n-lib.h>

#include "pinion-stage-row.h"
#include "pinion-text.h"

/* The server chooses these words in part. */
#define MAX_DETAIL_CHARS 40

static const PinionStage imap_stages[] = {
  PINION_STAGE_RESOLVE,  PINION_STAGE_REACH,   PINION_STAGE_TLS,  PINION_STAGE_CERTIFICATE,
  PINION_STAGE_GREETING, PINION_STAGE_SIGN_IN, PINION_STAGE_OPEN, PINION_STAGE_FOLDERS,
};

static const PinionStage smtp_stages[] = {
  PINION_STAGE_REACH,
  PINION_STAGE_TLS,
  PINION_STAGE_SIGN_IN,
};

struct _PinionStageList
{
  AdwBin parent_instance;

  GtkLabel *server;
  GtkListBox *list;
  PinionStageRow *rows[PINION_STAGE_FOLDERS + 1]; /* by stage, NULL where there is none */

  PinionProtocol protocol;
  gboolean starttls;
};

enum
{
  PROP_0,
  PROP_SENDS,
  N_PROPS
};

enum
{
  ROW_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionStageList, pinion_stage_list, ADW_TYPE_BIN)

/* -- Words ---------------------------------------------------------------------------------- */

const char *
pinion_stage_get_title (PinionStage stage)
{
  switch (stage)
    {
    case PINION_STAGE_RESOLVE:
      return _("Find the server");

    case PINION_STAGE_REACH:
      return _("Reach the server");

    case PINION_STAGE_TLS:
      return _("Encrypt (TLS)");

    case PINION_STAGE_CERTIFICATE:
      return _("Check the certificate");

    case PINION_STAGE_GREETING:
      return _("Greet the server");

    case PINION_STAGE_SIGN_IN:
      return _("Sign in");

    case PINION_STAGE_OPEN:
      return _("Open the Inbox");

    case PINION_STAGE_FOLDERS:
      return _("List the labels");

    case PINION_STAGE_NONE:
    default:
      return "";
    }
}

const char *
pinion_stage_get_failure (PinionStage stage)
{
  switch (stage)
    {
    case PINION_STAGE_RESOLVE:
      return _("The Server Was Not Found");

    case PINION_STAGE_REACH:
      return _("The Server Was Not Reached");

    case PINION_STAGE_TLS:
      return _("The Connection Was Not Encrypted");

    case PINION_STAGE_CERTIFICATE:
      return _("The Certificate Is Not Trusted");

    case PINION_STAGE_GREETING:
      return _("The Server Did Not Greet as Expected");

    case PINION_STAGE_SIGN_IN:
      return _("Signing In Was Refused");

    case PINION_STAGE_OPEN:
      return _("The Inbox Was Not Opened");

    case PINION_STAGE_FOLDERS:
      return _("The Labels Were Not Listed");

    case PINION_STAGE_NONE:
    default:
      return _("The Account Was Not Added");
    }
}

/* -- Folding -------------------------------------------------------------------------------- */

void
pinion_stage_fold (PinionProtocol    protocol,
                   gboolean          starttls,
                   PinionStage      *stage,
                   PinionStageState *state)
{
  PinionStage part = *stage;
  PinionStage last;

  if (protocol != PINION_PROTOCOL_SMTP)
    return;

  if (part <= PINION_STAGE_REACH || (part == PINION_STAGE_GREETING && starttls))
    {
      *stage = PINION_STAGE_REACH;
      last = starttls ? PINION_STAGE_GREETING : PINION_STAGE_REACH;
    }
  else if (part <= PINION_STAGE_CERTIFICATE)
    {
      *stage = PINION_STAGE_TLS;
      last = PINION_STAGE_CERTIFICATE;
    }
  else
    {
      *stage = PINION_STAGE_SIGN_IN;
      last = PINION_STAGE_SIGN_IN;
    }

  if (*state == PINION_STAGE_STATE_DONE && part != last)
    *state = PINION_STAGE_STATE_RUNNING;
}

/* -- Widget --------------------------------------------------------------------------------- */

static void
on_row_activated (PinionStageList *self)
{
  g_signal_emit (self, signals[ROW_ACTIVATED], 0);
}

static GtkWidget *
new_heading (PinionStageList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (self->protocol == PINION_PROTOCOL_SMTP ? _("SMTP") : _("IMAP"));
  GtkWidget *server = gtk_label_new (NULL);

  self->server = GTK_LABEL (server);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (server, "caption");
  gtk_widget_add_css_class (server, "dim-label");
  gtk_label_set_ellipsize (self->server, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (self->server, 1);
  gtk_widget_set_hexpand (server, TRUE);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), server);

  return box;
}

static GtkWidget *
new_list (PinionStageList *self)
{
  gboolean sends = self->protocol == PINION_PROTOCOL_SMTP;
  const PinionStage *stages = sends ? smtp_stages : imap_stages;
  guint n_stages = sends ? G_N_ELEMENTS (smtp_stages) : G_N_ELEMENTS (imap_stages);
  GtkWidget *list = gtk_list_box_new ();

  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sends ? _("Stages of SMTP") : _("Stages of IMAP"), -1);

  for (guint i = 0; i < n_stages; i++)
    {
      GtkWidget *row = pinion_stage_row_new (pinion_stage_get_title (stages[i]));

      self->rows[stages[i]] = PINION_STAGE_ROW (row);
      gtk_list_box_append (self->list, row);
    }

  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (on_row_activated), self);

  return list;
}

static void
pinion_stage_list_constructed (GObject *object)
{
  PinionStageList *self = PINION_STAGE_LIST (object);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  G_OBJECT_CLASS (pinion_stage_list_parent_class)->constructed (object);

  gtk_box_append (GTK_BOX (box), new_heading (self));
  gtk_box_append (GTK_BOX (box), new_list (self));
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
pinion_stage_list_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  PinionStageList *self = PINION_STAGE_LIST (object);

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
pinion_stage_list_class_init (PinionStageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = pinion_stage_list_constructed;
  object_class->set_property = pinion_stage_list_set_property;

  properties[PROP_SENDS] = g_param_spec_boolean (
    "sends", NULL, NULL, FALSE,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ROW_ACTIVATED] = g_signal_new ("row-activated", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pinion_stage_list_init (PinionStageList *self)
{
}

void
pinion_stage_list_reset (PinionStageList    *self,
                         const PinionServer *server)
{
  g_return_if_fail (PINION_IS_STAGE_LIST (self));

  self->starttls = server->encryption == PINION_ENCRYPTION_STARTTLS;
  gtk_label_set_label (self->server, server->host);

  for (guint i = 0; i < G_N_ELEMENTS (self->rows); i++)
    if (self->rows[i] != NULL)
      pinion_stage_row_set (self->rows[i], PINION_STAGE_ROW_WAITING, NULL);
}

void
pinion_stage_list_report (PinionStageList *self,
                          PinionStage      stage,
                          PinionStageState state,
                          const char      *detail)
{
  static const PinionStageRowState states[] = {
    [PINION_STAGE_STATE_RUNNING] = PINION_STAGE_ROW_RUNNING,
    [PINION_STAGE_STATE_DONE] = PINION_STAGE_ROW_DONE,
    [PINION_STAGE_STATE_FAILED] = PINION_STAGE_ROW_FAILED,
  };
  g_autofree char *words = NULL;

  g_return_if_fail (PINION_IS_STAGE_LIST (self));
  g_return_if_fail (stage > PINION_STAGE_NONE && stage <= PINION_STAGE_FOLDERS);

  pinion_stage_fold (self->protocol, self->starttls, &stage, &state);
  if (detail != NULL)
    words = pinion_text_clean_line (detail, -1, MAX_DETAIL_CHARS);

  pinion_stage_row_set (self->rows[stage], states[state], words);
}

void
pinion_stage_list_stop (PinionStageList *self)
{
  g_return_if_fail (PINION_IS_STAGE_LIST (self));

  for (guint i = 0; i < G_N_ELEMENTS (self->rows); i++)
    if (self->rows[i] != NULL &&
        pinion_stage_row_get_state (self->rows[i]) == PINION_STAGE_ROW_RUNNING)
      pinion_stage_row_set (self->rows[i], PINION_STAGE_ROW_WAITING, NULL);
}
