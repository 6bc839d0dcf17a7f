/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-connect-view.h"

#include <glib/gi18n-lib.h>

#include "pinion-failure-card.h"
#include "pinion-stage-list.h"

/* One server's part. */
typedef struct
{
  PinionStageList *list;
  PinionFailureCard *card;
  GError *error;
} Side;

struct _PinionConnectView
{
  AdwBin parent_instance;

  PinionStageList *imap;
  PinionFailureCard *imap_card;
  PinionStageList *smtp;
  PinionFailureCard *smtp_card;
  PinionFailureCard *other_card;
  GtkWidget *stages;

  gboolean kept;
  Side sides[2];
  PinionAccount *account;       /* of the last attempt */
  PinionTranscript *transcript; /* of the last attempt */
  DexFuture *work;
  GValue result; /* or the refusal, once an attempt has ended */
  GError *refusal;
  gboolean busy;
  guint attempt;
};

enum
{
  PROP_0,
  PROP_KEPT,
  N_PROPS
};

enum
{
  ENDED,
  CURE,
  OTHER_CURE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionConnectView, pinion_connect_view, ADW_TYPE_BIN)

/* -- Who an answer is for ------------------------------------------------------------------- */

/* Reports and results of an attempt that was given up find nobody.  Let go of on any thread. */
typedef struct
{
  GWeakRef view;
  guint attempt;
} Ticket;

static Ticket *
ticket_new (PinionConnectView *self)
{
  Ticket *ticket = g_atomic_rc_box_new0 (Ticket);

  g_weak_ref_init (&ticket->view, self);
  ticket->attempt = self->attempt;

  return ticket;
}

static void
ticket_clear (gpointer data)
{
  Ticket *ticket = data;

  g_weak_ref_clear (&ticket->view);
}

static void
ticket_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, ticket_clear);
}

/* Returns: (transfer full) (nullable) */
static PinionConnectView *
ticket_dup_view (Ticket *ticket)
{
  g_autoptr (PinionConnectView) self = g_weak_ref_get (&ticket->view);

  if (self == NULL || self->attempt != ticket->attempt || !self->busy)
    return NULL;

  return g_steal_pointer (&self);
}

/* -- What is shown -------------------------------------------------------------------------- */

static Side *
get_side (PinionConnectView *self,
          PinionProtocol     protocol)
{
  return &self->sides[protocol == PINION_PROTOCOL_SMTP];
}

static const PinionServer *
get_server (PinionConnectView *self,
            PinionProtocol     protocol)
{
  return protocol == PINION_PROTOCOL_SMTP ? &self->account->smtp : &self->account->imap;
}

static void
clear_side (PinionConnectView *self,
            PinionProtocol     protocol)
{
  Side *side = get_side (self, protocol);

  g_clear_error (&side->error);
  gtk_widget_set_visible (GTK_WIDGET (side->card), FALSE);
  pinion_stage_list_reset (side->list, get_server (self, protocol));
}

static void
clear_all (PinionConnectView *self)
{
  clear_side (self, PINION_PROTOCOL_IMAP);
  clear_side (self, PINION_PROTOCOL_SMTP);
  gtk_widget_set_visible (GTK_WIDGET (self->other_card), FALSE);
}

static const char *
get_failure (PinionStage   stage,
             const GError *error)
{
  if (pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED))
    return _("The Certificate Has Changed");
  if (pinion_error_is (error, PINION_ERROR_OTHER_MAILBOX))
    return _("Another Mailbox");

  return pinion_stage_get_failure (stage);
}

/* Returns: (transfer full) (nullable) what the button says */
static char *
dup_cure (PinionConnectView *self,
          const GError      *error)
{
  if (self->kept && pinion_error_is (error, PINION_ERROR_CERTIFICATE_CHANGED) &&
      pinion_error_get_detail (error, "sha256") != NULL)
    return g_strdup (_("Trust the New Certificate"));

  return pinion_cure_dup_label (pinion_cure_for_error (error), error);
}

static void
show_failure (PinionConnectView *self,
              PinionProtocol     protocol,
              PinionStage        stage,
              const GError      *error)
{
  Side *side = get_side (self, protocol);
  const char *name = protocol == PINION_PROTOCOL_SMTP ? _("SMTP") : _("IMAP");
  g_autofree char *heading = NULL;
  g_autofree char *label = NULL;

  if (side->error != NULL)
    return;

  side->error = pinion_error_adopt (g_error_copy (error), protocol, stage);
  label = dup_cure (self, side->error);
  /* Translators: a server and what went wrong there, as in "IMAP: Signing In Was Refused" */
  heading = g_strdup_printf (_("%s: %s"), name, get_failure (stage, side->error));
  pinion_failure_card_set (side->card, heading, side->error, label);
  gtk_widget_set_visible (GTK_WIDGET (side->card), TRUE);
  /* What was there before is read with the page, which nobody sees yet. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_accessible_announce (GTK_ACCESSIBLE (self), heading,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Returns: whether @error is about one of the two servers */
static gboolean
get_place (const GError   *error,
           PinionProtocol *protocol,
           PinionStage    *stage)
{
  if (error->domain != PINION_ERROR)
    return FALSE;

  *protocol = pinion_error_get_protocol (error);
  *stage = pinion_error_get_stage (error);

  return *protocol != PINION_PROTOCOL_NONE && *stage != PINION_STAGE_NONE;
}

/* -- An attempt ----------------------------------------------------------------------------- */

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  g_autoptr (PinionConnectView) self = ticket_dup_view (user_data);

  if (self == NULL)
    return;

  if (stage == PINION_STAGE_RESOLVE && state == PINION_STAGE_STATE_RUNNING)
    clear_side (self, protocol);

  pinion_stage_list_report (get_side (self, protocol)->list, stage, state, detail);
  if (state == PINION_STAGE_STATE_FAILED && error != NULL)
    show_failure (self, protocol, stage, error);
}

/* Failures that no stage has told of. */
static void
show_refusal (PinionConnectView *self)
{
  PinionProtocol protocol;
  PinionStage stage;

  if (!get_place (self->refusal, &protocol, &stage))
    {
      pinion_connect_view_show_other (self, NULL, self->refusal, NULL);
      return;
    }

  pinion_stage_list_report (get_side (self, protocol)->list, stage, PINION_STAGE_STATE_FAILED,
                            NULL);
  show_failure (self, protocol, stage, self->refusal);
}

static void
stop_lists (PinionConnectView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    pinion_stage_list_stop (self->sides[i].list);
}

static gboolean
on_all_told (gpointer user_data)
{
  g_autoptr (PinionConnectView) self = ticket_dup_view (user_data);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  self->busy = FALSE;
  if (self->refusal != NULL)
    show_refusal (self);
  stop_lists (self);
  g_signal_emit (self, signals[ENDED], 0);

  return G_SOURCE_REMOVE;
}

/* The last stages may still be on their way to this thread: the result waits for them. */
static DexFuture *
on_settled (DexFuture *future,
            gpointer   user_data)
{
  g_autoptr (PinionConnectView) self = ticket_dup_view (user_data);
  const GValue *value;

  if (self == NULL)
    return NULL;

  value = dex_future_get_value (future, &self->refusal);
  if (value != NULL)
    {
      g_value_init (&self->result, G_VALUE_TYPE (value));
      g_value_copy (value, &self->result);
    }
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_all_told, ticket_new (self), ticket_unref);

  return NULL;
}

static void
forget (PinionConnectView *self)
{
  self->attempt++;
  dex_clear (&self->work);
  g_clear_error (&self->refusal);
  if (G_IS_VALUE (&self->result))
    g_value_unset (&self->result);
}

/* -- Buttons -------------------------------------------------------------------------------- */

static void
on_imap_cure (PinionConnectView *self)
{
  g_signal_emit (self, signals[CURE], 0, (guint) PINION_PROTOCOL_IMAP);
}

static void
on_smtp_cure (PinionConnectView *self)
{
  g_signal_emit (self, signals[CURE], 0, (guint) PINION_PROTOCOL_SMTP);
}

static void
on_other_cure (PinionConnectView *self)
{
  g_signal_emit (self, signals[OTHER_CURE], 0);
}

/* Of both servers: whoever reads it sees at once what works. */
static void
on_report (PinionConnectView *self,
           PinionFailureCard *card)
{
  g_autofree char *report = pinion_report_dup (self->account, self->sides[0].error,
                                               self->sides[1].error, NULL, self->transcript);

  pinion_failure_card_copy_report (card, report);
}

static void
toggle_card (Side *side)
{
  GtkWidget *card = GTK_WIDGET (side->card);

  if (side->error != NULL)
    gtk_widget_set_visible (card, !gtk_widget_get_visible (card));
}

static void
on_imap_row_activated (PinionConnectView *self)
{
  toggle_card (&self->sides[0]);
}

static void
on_smtp_row_activated (PinionConnectView *self)
{
  toggle_card (&self->sides[1]);
}

/* -- Widget --------------------------------------------------------------------------------- */

static void
pinion_connect_view_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PinionConnectView *self = PINION_CONNECT_VIEW (object);

  switch (prop_id)
    {
    case PROP_KEPT:
      self->kept = g_value_get_boolean (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_connect_view_dispose (GObject *object)
{
  PinionConnectView *self = PINION_CONNECT_VIEW (object);

  self->busy = FALSE;
  forget (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_CONNECT_VIEW);

  G_OBJECT_CLASS (pinion_connect_view_parent_class)->dispose (object);
}

static void
pinion_connect_view_finalize (GObject *object)
{
  PinionConnectView *self = PINION_CONNECT_VIEW (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    g_clear_error (&self->sides[i].error);
  g_clear_pointer (&self->account, pinion_account_free);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);

  G_OBJECT_CLASS (pinion_connect_view_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_STAGE_LIST);
  g_type_ensure (PINION_TYPE_FAILURE_CARD);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-connect-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, imap);
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, imap_card);
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, smtp);
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, smtp_card);
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, other_card);
  gtk_widget_class_bind_template_child (widget_class, PinionConnectView, stages);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_smtp_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_smtp_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_other_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_report);
}

static void
pinion_connect_view_class_init (PinionConnectViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->set_property = pinion_connect_view_set_property;
  object_class->dispose = pinion_connect_view_dispose;
  object_class->finalize = pinion_connect_view_finalize;

  properties[PROP_KEPT] = g_param_spec_boolean (
    "kept", NULL, NULL, FALSE,
    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[CURE] = g_signal_new ("cure", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[OTHER_CURE] = g_signal_new ("other-cure", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_connect_view_init (PinionConnectView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sides[0] = (Side) { self->imap, self->imap_card };
  self->sides[1] = (Side) { self->smtp, self->smtp_card };
}

PinionStageSink *
pinion_connect_view_begin (PinionConnectView   *self,
                           const PinionAccount *account)
{
  PinionStageSink *sink;

  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), NULL);

  forget (self);
  self->busy = TRUE;
  g_clear_pointer (&self->account, pinion_account_free);
  self->account = pinion_account_copy (account);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  self->transcript = pinion_transcript_new ();
  clear_all (self);
  gtk_widget_set_visible (self->stages, TRUE);

  sink = pinion_stage_sink_new (on_stage, ticket_new (self), ticket_unref);
  pinion_stage_sink_set_transcript (sink, self->transcript);

  return sink;
}

void
pinion_connect_view_follow (PinionConnectView *self,
                            DexFuture         *work)
{
  g_return_if_fail (PINION_IS_CONNECT_VIEW (self));

  dex_clear (&self->work);
  self->work = dex_future_finally (work, on_settled, ticket_new (self), ticket_unref);
}

void
pinion_connect_view_stop (PinionConnectView *self)
{
  g_return_if_fail (PINION_IS_CONNECT_VIEW (self));

  self->busy = FALSE;
  forget (self);
  stop_lists (self);
}

gboolean
pinion_connect_view_is_busy (PinionConnectView *self)
{
  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), FALSE);

  return self->busy;
}

const GValue *
pinion_connect_view_get_result (PinionConnectView *self)
{
  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), NULL);

  return G_IS_VALUE (&self->result) ? &self->result : NULL;
}

const GError *
pinion_connect_view_get_error (PinionConnectView *self,
                               PinionProtocol     protocol)
{
  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), NULL);

  return get_side (self, protocol)->error;
}

static gboolean
is_same_detail (const GError *a,
                const GError *b,
                const char   *key)
{
  return g_strcmp0 (pinion_error_get_detail (a, key), pinion_error_get_detail (b, key)) == 0;
}

const GError *
pinion_connect_view_get_same_certificate (PinionConnectView *self,
                                          PinionProtocol     protocol)
{
  const GError *error;
  const GError *other;

  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), NULL);

  error = get_side (self, protocol)->error;
  other = self->sides[protocol != PINION_PROTOCOL_SMTP].error;
  if (error == NULL || other == NULL || pinion_cure_for_error (other) != PINION_CURE_TRUST ||
      !is_same_detail (error, other, "host") || !is_same_detail (error, other, "sha256"))
    return NULL;

  return other;
}

gboolean
pinion_connect_view_has_cure (PinionConnectView *self)
{
  g_return_val_if_fail (PINION_IS_CONNECT_VIEW (self), FALSE);

  if (pinion_failure_card_has_cure (self->other_card))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    {
      g_autofree char *label
        = self->sides[i].error != NULL ? dup_cure (self, self->sides[i].error) : NULL;

      if (label != NULL)
        return TRUE;
    }

  return FALSE;
}

void
pinion_connect_view_show_error (PinionConnectView   *self,
                                const PinionAccount *account,
                                const GError        *error)
{
  PinionProtocol protocol;
  PinionStage stage;

  g_return_if_fail (PINION_IS_CONNECT_VIEW (self));

  g_clear_pointer (&self->account, pinion_account_free);
  self->account = pinion_account_copy (account);
  clear_all (self);
  if (get_place (error, &protocol, &stage))
    show_failure (self, protocol, stage, error);
  else
    pinion_connect_view_show_other (self, _("The Account Cannot Connect"), error, NULL);
}

void
pinion_connect_view_show_other (PinionConnectView *self,
                                const char        *heading,
                                const GError      *error,
                                const char        *cure)
{
  g_return_if_fail (PINION_IS_CONNECT_VIEW (self));

  if (error != NULL)
    pinion_failure_card_set (self->other_card,
                             heading != NULL ? heading
                             : self->kept    ? _("Nothing Was Changed")
                                             : pinion_stage_get_failure (PINION_STAGE_NONE),
                             error, cure);
  gtk_widget_set_visible (GTK_WIDGET (self->other_card), error != NULL);
}
