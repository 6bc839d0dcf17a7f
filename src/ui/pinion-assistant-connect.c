/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-connect.h"

#include <glib/gi18n-lib.h>

#include "pinion-connect-view.h"

/* A keyring that asks for its own password takes longer than this. */
#define KEYRING_SECONDS 4

typedef enum
{
  RESTING,
  VERIFYING,
  KEEPING,
} State;

struct _PinionAssistantConnect
{
  PinionAssistantPage parent_instance;

  PinionConnectView *view;

  PinionEngine *engine;
  PinionSecret *secret;
  DexFuture *keeping;
  State state;
  guint attempt; /* to keep it */
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

/* -- What is shown -------------------------------------------------------------------------- */

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
    pinion_assistant_page_set_button (page, _("Try Again"),
                                      !pinion_connect_view_has_cure (self->view));
}

static void
show_other_failure (PinionAssistantConnect *self,
                    const GError           *error)
{
  gboolean keyring = pinion_error_is (error, PINION_ERROR_KEYRING_UNAVAILABLE) ||
                     pinion_error_is (error, PINION_ERROR_KEYRING_LOCKED);

  pinion_connect_view_show_other (self->view,
                                  keyring ? _("The Password Cannot Be Kept") : NULL, error,
                                  keyring ? _("Keep the Password for This Session Only") : NULL);
}

static void
fail (PinionAssistantConnect *self)
{
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

/* The page may be gone by then, or has tried anew. */
typedef struct
{
  GWeakRef page;
  guint attempt;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_weak_ref_clear (&keeping->page);
  g_free (keeping);
}

static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  Keeping *keeping = user_data;
  g_autoptr (PinionAssistantConnect) self = g_weak_ref_get (&keeping->page);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self == NULL || self->state != KEEPING || self->attempt != keeping->attempt)
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
  const GValue *verified = pinion_connect_view_get_result (self->view);
  Keeping *keeping = g_new0 (Keeping, 1);
  DexFuture *kept;

  g_weak_ref_init (&keeping->page, self);
  keeping->attempt = ++self->attempt;
  g_clear_handle_id (&self->keyring_source, g_source_remove);
  if (keep_secret)
    self->keyring_source = g_timeout_add_seconds (KEYRING_SECONDS, on_keyring_slow, self);

  pinion_connect_view_show_other (self->view, NULL, NULL, NULL);
  set_state (self, KEEPING, _("Everything works. Your account is being added."));
  dex_clear (&self->keeping);
  kept = pinion_engine_add_account (self->engine, g_value_get_boxed (verified), self->secret,
                                    keep_secret);
  self->keeping = dex_future_finally (kept, on_kept, keeping, keeping_free);
}

/* -- Verifying ------------------------------------------------------------------------------ */

static void
on_verified (PinionAssistantConnect *self)
{
  if (self->state != VERIFYING)
    return;

  if (pinion_connect_view_get_result (self->view) != NULL)
    keep (self, TRUE);
  else
    fail (self);
}

static void
verify (PinionAssistantConnect *self)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  g_autoptr (PinionAccount) account = pinion_setup_dup_account (setup);
  g_autoptr (PinionStageSink) sink = NULL;

  g_clear_handle_id (&self->keyring_source, g_source_remove);
  sink = pinion_connect_view_begin (self->view, account);
  set_state (self, VERIFYING, _("Pinion checks every step of the connection."));
  pinion_connect_view_follow (
    self->view, pinion_engine_verify_account (self->engine, account, self->secret,
                                              pinion_setup_tries_user_names (setup), sink));
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

static void
on_cure (PinionAssistantConnect *self,
         guint                   protocol)
{
  PinionSetup *setup = pinion_assistant_page_get_setup (PINION_ASSISTANT_PAGE (self));
  const GError *error = pinion_connect_view_get_error (self->view, protocol);
  const GError *other = pinion_connect_view_get_same_certificate (self->view, protocol);
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
  if (cure == PINION_CURE_TRUST && other != NULL)
    pinion_setup_cure (setup, cure, other);

  verify (self);
}

static void
on_other_cure (PinionAssistantConnect *self)
{
  if (pinion_connect_view_get_result (self->view) != NULL)
    keep (self, FALSE);
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
  dex_clear (&self->keeping);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_CONNECT);

  G_OBJECT_CLASS (pinion_assistant_connect_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_CONNECT_VIEW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-connect.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantConnect, view);
  gtk_widget_class_bind_template_callback (widget_class, on_verified);
  gtk_widget_class_bind_template_callback (widget_class, on_cure);
  gtk_widget_class_bind_template_callback (widget_class, on_other_cure);
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

  pinion_connect_view_stop (self->view);
  set_state (self, RESTING, _("Cancelled. What you entered is still here."));
}
