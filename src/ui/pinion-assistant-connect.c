/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-connect.h"

#include <glib/gi18n-lib.h>

#include "pinion-failure-card.h"
#include "pinion-stage-list.h"

/* A keyring that asks for its own password takes longer than this. */
#define KEYRING_SECONDS 4

typedef enum
{
  RESTING,
  VERIFYING,
  KEEPING,
} State;

/* One server's part of the page. */
typedef struct
{
  PinionStageList *list;
  PinionFailureCard *card;
  GError *error;
} Side;

struct _PinionAssistantConnect
{
  PinionAssistantPage parent_instance;

  PinionStageList *imap;
  PinionFailureCard *imap_card;
  PinionStageList *smtp;
  PinionFailureCard *smtp_card;
  PinionFailureCard *other_card;

  Side sides[2];
  PinionEngine *engine;
  PinionSecret *secret;
  PinionAccount *verified; /* or the refusal, once an attempt has ended */
  GError *refusal;
  PinionTranscript *transcript; /* of the last attempt */
  DexFuture *work;
  State state;
  guint attempt;
  guint keyring_source;
};

enum
{
  ACCOUNT_ADDED,
  LOOK_AT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionAssistantConnect, pinion_assistant_connect, PINION_TYPE_ASSISTANT_PAGE)

/* -- Who an answer is for ------------------------------------------------------------------- */

/* Reports and results of an attempt that was given up find nobody.  Let go of on any thread. */
typedef struct
{
  GWeakRef page;
  guint attempt;
} Ticket;

static Ticket *
ticket_new (PinionAssistantConnect *self)
{
  Ticket *ticket = g_atomic_rc_box_new0 (Ticket);

  g_weak_ref_init (&ticket->page, self);
  ticket->attempt = self->attempt;

  return ticket;
}

static void
ticket_clear (gpointer data)
{
  Ticket *ticket = data;

  g_weak_ref_clear (&ticket->page);
}

static void
ticket_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, ticket_clear);
}

/* Returns: (transfer full) (nullable) */
static PinionAssistantConnect *
ticket_dup_page (Ticket *ticket)
{
  g_autoptr (PinionAssistantConnect) self = g_weak_ref_get (&ticket->page);

  if (self == NULL || self->attempt != ticket->attempt || self->state == RESTING)
    return NULL;

  return g_steal_pointer (&self);
}

/* -- What is shown -------------------------------------------------------------------------- */

static Side *
get_side (PinionAssistantConnect *self,
          PinionProtocol          protocol)
{
  return &self->sides[protocol == PINION_PROTOCOL_SMTP];
}

/* Whether a card on the page has the button to press. */
static gboolean
has_cure (PinionAssistantConnect *self)
{
  if (pinion_failure_card_has_cure (self->other_card))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    if (self->sides[i].error != NULL &&
        pinion_cure_for_error (self->sides[i].error) != PINION_CURE_NONE)
      return TRUE;

  return FALSE;
}

static void
set_state (PinionAssistantConnect *self,
           State                   state,
           const char             *sentence)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  self->state = state;
  pinion_assistant_page_set_sentence (page, sentence);

  if (state == VERIFYING)
    pinion_assistant_page_set_button (page, _("Cancel"), FALSE);
  else if (state == KEEPING)
    pinion_assistant_page_set_button (page, NULL, FALSE);
  else
    pinion_assistant_page_set_button (page, _("Try Again"), !has_cure (self));
}

static void
clear_side (Side               *side,
            const PinionServer *server)
{
  g_clear_error (&side->error);
  gtk_widget_set_visible (GTK_WIDGET (side->card), FALSE);
  pinion_stage_list_reset (side->list, server);
}

static void
clear_all (PinionAssistantConnect *self)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));

  clear_side (&self->sides[0], pinion_setup_get_server (setup, PINION_PROTOCOL_IMAP));
  clear_side (&self->sides[1], pinion_setup_get_server (setup, PINION_PROTOCOL_SMTP));
  gtk_widget_set_visible (GTK_WIDGET (self->other_card), FALSE);
}

static void
show_failure (PinionAssistantConnect *self,
              PinionProtocol          protocol,
              PinionStage             stage,
              const GError           *error)
{
  Side *side = get_side (self, protocol);
  const char *name = protocol == PINION_PROTOCOL_SMTP ? _("SMTP") : _("IMAP");
  g_autofree char *heading = NULL;
  g_autofree char *label = NULL;
  PinionCure cure;

  if (side->error != NULL)
    return;

  side->error = pinion_error_adopt (g_error_copy (error), protocol, stage);
  cure = pinion_cure_for_error (side->error);
  label = pinion_cure_dup_label (cure, side->error);
  /* Translators: a server and what went wrong there, as in "IMAP: Signing In Was Refused" */
  heading = g_strdup_printf (_("%s: %s"), name, pinion_stage_get_failure (stage));
  pinion_failure_card_set (side->card, heading, side->error, label);
  gtk_widget_set_visible (GTK_WIDGET (side->card), TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), heading,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
show_other_failure (PinionAssistantConnect *self,
                    const GError           *error)
{
  gboolean keyring = pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
                     pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED);

  pinion_failure_card_set (self->other_card,
                           keyring ? _("The Password Cannot Be Kept")
                                   : pinion_stage_get_failure (PINION_STAGE_NONE),
                           error,
                           keyring ? _("Keep the Password for This Session Only") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->other_card), TRUE);
}

static void
fail (PinionAssistantConnect *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    pinion_stage_list_stop (self->sides[i].list);

  set_state (self, RESTING, _("Something is in the way. What you entered is still here."));
}

/* -- Keeping -------------------------------------------------------------------------------- */

/* It may be waiting behind another window, or for nobody: the way round it is offered meanwhile. */
static gboolean
on_keyring_slow (gpointer user_data)
{
  PinionAssistantConnect *self = user_data;
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_KEYRING_LOCKED, PINION_PROTOCOL_NONE,
                                               PINION_STAGE_NONE, "No answer from the keyring yet");

  self->keyring_source = 0;
  show_other_failure (self, error);
  pinion_assistant_page_set_sentence (PINION_ASSISTANT_PAGE (self),
                                      _("Everything works. Pinion waits for the keyring."));

  return G_SOURCE_REMOVE;
}

static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  g_autoptr (PinionAssistantConnect) self = ticket_dup_page (user_data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self == NULL)
    return NULL;

  g_clear_handle_id (&self->keyring_source, g_source_remove);
  if (value == NULL)
    {
      show_other_failure (self, error);
      fail (self);
      return NULL;
    }

  g_clear_pointer (&self->secret, pinion_secret_unref);
  self->state = RESTING;
  g_signal_emit (self, signals[ACCOUNT_ADDED], 0, g_value_get_int64 (value));

  return NULL;
}

static void
keep (PinionAssistantConnect *self,
      gboolean                keep_secret)
{
  DexFuture *kept;

  self->attempt++;
  g_clear_handle_id (&self->keyring_source, g_source_remove);
  if (keep_secret)
    self->keyring_source = g_timeout_add_seconds (KEYRING_SECONDS, on_keyring_slow, self);

  gtk_widget_set_visible (GTK_WIDGET (self->other_card), FALSE);
  set_state (self, KEEPING, _("Everything works. Your account is being added."));
  dex_clear (&self->work);
  kept = pinion_engine_add_account (self->engine, self->verified, self->secret, keep_secret);
  self->work = dex_future_finally (kept, on_kept, ticket_new (self), ticket_unref);
}

/* -- Verifying ------------------------------------------------------------------------------ */

static void
on_stage (PinionProtocol   protocol,
          PinionStage      stage,
          PinionStageState state,
          const char      *detail,
          const GError    *error,
          gpointer         user_data)
{
  g_autoptr (PinionAssistantConnect) self = ticket_dup_page (user_data);
  PinionSetup *setup;

  if (self == NULL || self->state != VERIFYING)
    return;

  setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  if (stage == PINION_STAGE_RESOLVE && state == PINION_STAGE_STATE_RUNNING)
    clear_side (get_side (self, protocol), pinion_setup_get_server (setup, protocol));

  pinion_stage_list_report (get_side (self, protocol)->list, stage, state, detail);
  if (state == PINION_STAGE_STATE_FAILED && error != NULL)
    show_failure (self, protocol, stage, error);
}

/* Failures that no stage has told of. */
static void
show_result (PinionAssistantConnect *self,
             const GError           *error)
{
  PinionProtocol protocol = PINION_PROTOCOL_NONE;
  PinionStage stage = PINION_STAGE_NONE;

  if (error->domain == PINION_ERROR)
    {
      protocol = pinion_error_get_protocol (error);
      stage = pinion_error_get_stage (error);
    }

  if (protocol == PINION_PROTOCOL_NONE || stage == PINION_STAGE_NONE)
    {
      show_other_failure (self, error);
      return;
    }

  pinion_stage_list_report (get_side (self, protocol)->list, stage, PINION_STAGE_STATE_FAILED,
                            NULL);
  show_failure (self, protocol, stage, error);
}

static gboolean
on_all_told (gpointer user_data)
{
  g_autoptr (PinionAssistantConnect) self = ticket_dup_page (user_data);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  if (self->verified != NULL)
    {
      keep (self, TRUE);
      return G_SOURCE_REMOVE;
    }

  show_result (self, self->refusal);
  fail (self);

  return G_SOURCE_REMOVE;
}

/* The last stages may still be on their way to this thread: the result waits for them. */
static DexFuture *
on_verified (DexFuture *future,
             gpointer   user_data)
{
  g_autoptr (PinionAssistantConnect) self = ticket_dup_page (user_data);
  const GValue *value;

  if (self == NULL)
    return NULL;

  value = dex_future_get_value (future, &self->refusal);
  self->verified = value != NULL ? g_value_dup_boxed (value) : NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_all_told, ticket_new (self), ticket_unref);

  return NULL;
}

static void
verify (PinionAssistantConnect *self)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  g_autoptr (PinionAccount) account = pinion_setup_dup_account (setup);
  g_autoptr (PinionStageSink) sink = NULL;
  DexFuture *verified;

  self->attempt++;
  g_clear_handle_id (&self->keyring_source, g_source_remove);
  g_clear_pointer (&self->verified, pinion_account_free);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  self->transcript = pinion_transcript_new ();
  clear_all (self);
  set_state (self, VERIFYING, _("Pinion checks every step of the connection."));

  sink = pinion_stage_sink_new (on_stage, ticket_new (self), ticket_unref);
  pinion_stage_sink_set_transcript (sink, self->transcript);
  verified = pinion_engine_verify_account (self->engine, account, self->secret,
                                           pinion_setup_tries_user_names (setup), sink);
  dex_clear (&self->work);
  self->work = dex_future_finally (verified, on_verified, ticket_new (self), ticket_unref);
}

/* -- Cures ---------------------------------------------------------------------------------- */

static void
look_at (PinionAssistantConnect *self,
         PinionCure              cure,
         PinionProtocol          protocol)
{
  const char *tag = protocol == PINION_PROTOCOL_SMTP ? "smtp" : "imap";

  g_signal_emit (self, signals[LOOK_AT], 0, cure == PINION_CURE_SERVER ? tag : "credentials");
}

static gboolean
is_same_detail (const GError *a,
                const GError *b,
                const char   *key)
{
  return g_strcmp0 (pinion_error_get_detail (a, key), pinion_error_get_detail (b, key)) == 0;
}

static gboolean
is_same_certificate (const GError *a,
                     const GError *b)
{
  return b != NULL && pinion_cure_for_error (b) == PINION_CURE_TRUST &&
         is_same_detail (a, b, "host") && is_same_detail (a, b, "sha256");
}

static void
apply_cure (PinionAssistantConnect *self,
            PinionProtocol          protocol)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  const GError *error = get_side (self, protocol)->error;
  const GError *other = self->sides[protocol != PINION_PROTOCOL_SMTP].error;
  PinionCure cure;

  if (error == NULL)
    return;

  cure = pinion_cure_for_error (error);
  if (!pinion_setup_cure (setup, cure, error))
    {
      look_at (self, cure, protocol);
      return;
    }

  /* The person has looked at this certificate: the host's other port shows the same */
  if (cure == PINION_CURE_TRUST && is_same_certificate (error, other))
    pinion_setup_cure (setup, cure, other);

  verify (self);
}

static void
on_imap_cure (PinionAssistantConnect *self)
{
  apply_cure (self, PINION_PROTOCOL_IMAP);
}

static void
on_smtp_cure (PinionAssistantConnect *self)
{
  apply_cure (self, PINION_PROTOCOL_SMTP);
}

static void
on_other_cure (PinionAssistantConnect *self)
{
  if (self->verified != NULL)
    keep (self, FALSE);
}

/* -- The report ----------------------------------------------------------------------------- */

/* Of both servers: whoever reads it sees at once what works. */
static void
on_report (PinionAssistantConnect *self,
           PinionFailureCard      *card)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  g_autofree char *report = pinion_report_dup (pinion_setup_get_account (setup),
                                               self->sides[0].error, self->sides[1].error, NULL,
                                               self->transcript);

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
on_imap_row_activated (PinionAssistantConnect *self)
{
  toggle_card (&self->sides[0]);
}

static void
on_smtp_row_activated (PinionAssistantConnect *self)
{
  toggle_card (&self->sides[1]);
}

/* -- Page ----------------------------------------------------------------------------------- */

static void
on_next (PinionAssistantConnect *self)
{
  if (self->state == VERIFYING)
    pinion_assistant_connect_cancel (self);
  else if (self->state == RESTING && self->secret != NULL)
    verify (self);
}

/* An account that is being added is added all the same: the engine has it. */
static void
pinion_assistant_connect_hidden (AdwNavigationPage *page)
{
  PinionAssistantConnect *self = PINION_ASSISTANT_CONNECT (page);

  if (ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_connect_parent_class)->hidden != NULL)
    ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_connect_parent_class)->hidden (page);

  if (self->state == VERIFYING)
    pinion_assistant_connect_cancel (self);
  if (self->state == RESTING)
    g_clear_pointer (&self->secret, pinion_secret_unref);
}

static void
pinion_assistant_connect_dispose (GObject *object)
{
  PinionAssistantConnect *self = PINION_ASSISTANT_CONNECT (object);

  self->state = RESTING;
  g_clear_handle_id (&self->keyring_source, g_source_remove);
  dex_clear (&self->work);
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    g_clear_error (&self->sides[i].error);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_clear_pointer (&self->verified, pinion_account_free);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_CONNECT);

  G_OBJECT_CLASS (pinion_assistant_connect_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_STAGE_LIST);
  g_type_ensure (PINION_TYPE_FAILURE_CARD);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-connect.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, imap);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, imap_card);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, smtp);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, smtp_card);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, other_card);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_smtp_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_imap_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_smtp_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_other_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_report);
}

static void
pinion_assistant_connect_class_init (PinionAssistantConnectClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_assistant_connect_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->hidden = pinion_assistant_connect_hidden;

  signals[ACCOUNT_ADDED] = g_signal_new ("account-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[LOOK_AT] = g_signal_new ("look-at", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_assistant_connect_init (PinionAssistantConnect *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->sides[0] = (Side) { self->imap, self->imap_card };
  self->sides[1] = (Side) { self->smtp, self->smtp_card };
  g_signal_connect (self, "next", G_CALLBACK (on_next), NULL);
}

void
pinion_assistant_connect_begin (PinionAssistantConnect *self,
                                PinionEngine           *engine,
                                PinionSecret           *secret)
{
  g_return_if_fail (PINION_IS_ASSISTANT_CONNECT (self));
  g_return_if_fail (PINION_IS_ENGINE (engine));

  g_set_object (&self->engine, engine);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  self->secret = pinion_secret_ref (secret);
  verify (self);
}

void
pinion_assistant_connect_cancel (PinionAssistantConnect *self)
{
  g_return_if_fail (PINION_IS_ASSISTANT_CONNECT (self));

  self->attempt++;
  dex_clear (&self->work);
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    pinion_stage_list_stop (self->sides[i].list);

  set_state (self, RESTING, _("Cancelled. What you entered is still here."));
}
