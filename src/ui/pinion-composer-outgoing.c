/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-composer-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-config.h"
#include "pinion-recipients.h"

/* Seconds. */
#define SAVE_AFTER 2

/* -- Keeping -------------------------------------------------------------------------------- */

/* A draft on its way into the store; saves follow each other, so that the second knows the id that
 * the first was given. */
typedef struct
{
  PinionComposer *self;
  PinionEngine *engine;
  PinionDraft *draft;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  pinion_draft_free (keeping->draft);
  g_object_unref (keeping->engine);
  g_object_unref (keeping->self);
  g_free (keeping);
}

static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  PinionComposer *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    {
      g_autofree char *words = pinion_error_dup_message (error);

      self->dirty = TRUE;
      if (self->engine != NULL)
        pinion_composer_set_problem (self, words);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  self->draft->id = g_value_get_int64 (value);
  if (self->engine != NULL)
    gtk_label_set_label (self->state, _("Kept as a draft"));

  return dex_future_new_true ();
}

static DexFuture *
on_turn (DexFuture *future,
         gpointer   user_data)
{
  Keeping *keeping = user_data;

  keeping->draft->id = keeping->self->draft->id;

  return dex_future_finally (pinion_engine_save_draft (keeping->engine, keeping->draft), on_kept,
                             g_object_ref (keeping->self), g_object_unref);
}

/* What has to be waited for before the draft's id is known. */
static DexFuture *
ref_last_save (PinionComposer *self)
{
  return self->last_save != NULL ? dex_ref (self->last_save) : dex_future_new_true ();
}

DexFuture *
pinion_composer_save (PinionComposer *self)
{
  Keeping *keeping;
  DexFuture *previous;

  g_return_val_if_fail (PINION_IS_COMPOSER (self), NULL);

  g_clear_handle_id (&self->save_source, g_source_remove);
  previous = ref_last_save (self);

  if (!self->dirty || self->over || (self->draft->id == 0 && pinion_composer_is_empty (self)))
    return previous;

  self->dirty = FALSE;
  keeping = g_new0 (Keeping, 1);
  keeping->self = g_object_ref (self);
  keeping->engine = g_object_ref (self->engine);
  keeping->draft = pinion_composer_dup_draft (self);
  dex_clear (&self->last_save);
  self->last_save = dex_future_finally (previous, on_turn, keeping, keeping_free);

  return dex_ref (self->last_save);
}

static DexFuture *
on_left (DexFuture *future,
         gpointer   user_data)
{
  pinion_engine_settle_drafts (user_data);

  return NULL;
}

void
pinion_composer_leave (PinionComposer *self)
{
  g_return_if_fail (PINION_IS_COMPOSER (self));

  dex_future_disown (dex_future_then (pinion_composer_save (self), on_left,
                                      g_object_ref (self->engine), g_object_unref));
}

static gboolean
on_save_time (gpointer user_data)
{
  PinionComposer *self = user_data;

  self->save_source = 0;
  dex_future_disown (pinion_composer_save (self));

  return G_SOURCE_REMOVE;
}

void
pinion_composer_note_edit (PinionComposer *self)
{
  if (self->over)
    return;

  self->dirty = TRUE;
  gtk_label_set_label (self->state, "");
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add_seconds (SAVE_AFTER, on_save_time, self);
}

/* -- Sending -------------------------------------------------------------------------------- */

static void
set_busy (PinionComposer *self,
          gboolean        busy)
{
  self->over = busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self), !busy);
  gtk_label_set_label (self->state, busy ? _("Sending…") : "");
}

static DexFuture *
on_sent (DexFuture *future,
         gpointer   user_data)
{
  PinionComposer *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GtkWidget *origin;

  if (self->engine == NULL)
    return NULL;

  if (value == NULL)
    {
      g_autofree char *message = pinion_error_dup_message (error);
      g_autofree char *fix = pinion_error_dup_fix (error);
      g_autofree char *words = g_strconcat (message, " ", fix, NULL);

      set_busy (self, FALSE);
      pinion_composer_set_problem (self, words);
      return NULL;
    }

  origin = self->origin != NULL ? self->origin : GTK_WIDGET (self);
  gtk_widget_activate_action (origin, "win.sent", "x", g_value_get_int64 (value));
  pinion_composer_emit_closed (self, FALSE);

  return NULL;
}

static DexFuture *
on_ready_to_send (DexFuture *future,
                  gpointer   user_data)
{
  Keeping *keeping = user_data;

  keeping->draft->id = keeping->self->draft->id;

  return pinion_engine_send (keeping->engine, keeping->draft,
                             pinion_composer_get_undo_seconds ());
}

static void
send_now (PinionComposer *self)
{
  Keeping *keeping = g_new0 (Keeping, 1);
  DexFuture *previous = ref_last_save (self);
  DexFuture *sent;

  g_clear_handle_id (&self->save_source, g_source_remove);
  pinion_composer_set_problem (self, NULL);
  keeping->self = g_object_ref (self);
  keeping->engine = g_object_ref (self->engine);
  keeping->draft = pinion_composer_dup_draft (self);
  g_strchomp (keeping->draft->text);
  set_busy (self, TRUE);

  sent = dex_future_finally (previous, on_ready_to_send, keeping, keeping_free);
  dex_future_disown (dex_future_finally (sent, on_sent, g_object_ref (self), g_object_unref));
}

static void
on_forgotten_answered (AdwAlertDialog *dialog,
                       const char     *response,
                       PinionComposer *self)
{
  if (g_str_equal (response, "send"))
    send_now (self);
  else if (g_str_equal (response, "attach"))
    gtk_widget_activate_action (GTK_WIDGET (self), "composer.attach", NULL);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
ask_about_forgotten (PinionComposer *self)
{
  AdwDialog *dialog = adw_alert_dialog_new (_("No File Is Attached"),
                                            _("The message speaks of an attachment."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "back", _("_Keep Writing"), "send",
                                  _("_Send Without"), "attach", _("_Attach…"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "attach",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "attach");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "back");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_forgotten_answered), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

guint
pinion_composer_get_undo_seconds (void)
{
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);

  return (guint) g_settings_get_int (settings, "undo-send-seconds");
}

static gboolean
forgot_attachment (PinionComposer *self,
                   const char     *text)
{
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);

  return g_settings_get_boolean (settings, "check-attachments") &&
         pinion_composer_files_is_empty (self->files) &&
         (pinion_mentions_attachment (text) ||
          (self->draft->reply_to_message == 0 &&
           pinion_mentions_attachment (gtk_editable_get_text (self->subject))));
}

void
pinion_composer_send (PinionComposer *self)
{
  PinionRecipientRow *rows[] = { self->to, self->cc, self->bcc };
  g_autoptr (PinionDraft) draft = NULL;

  if (self->over)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!pinion_recipient_row_validate (rows[i]))
      {
        gtk_widget_set_visible (GTK_WIDGET (rows[i]), TRUE);
        gtk_widget_grab_focus (GTK_WIDGET (rows[i]));
        return;
      }

  draft = pinion_composer_dup_draft (self);
  if (*draft->to == '\0' && *draft->cc == '\0' && *draft->bcc == '\0')
    {
      pinion_recipient_row_set_problem (self->to, _("Say who it is for."));
      gtk_widget_grab_focus (GTK_WIDGET (self->to));
      return;
    }

  if (forgot_attachment (self, draft->text))
    ask_about_forgotten (self);
  else
    send_now (self);
}

/* -- Discarding ----------------------------------------------------------------------------- */

static DexFuture *
on_ready_to_discard (DexFuture *future,
                     gpointer   user_data)
{
  Keeping *keeping = user_data;
  gint64 id = keeping->self->draft->id;

  return id != 0 ? pinion_engine_discard_draft (keeping->engine, id) : dex_future_new_true ();
}

static void
discard_now (PinionComposer *self)
{
  Keeping *keeping = g_new0 (Keeping, 1);
  DexFuture *previous = ref_last_save (self);

  g_clear_handle_id (&self->save_source, g_source_remove);
  self->over = TRUE;
  keeping->self = g_object_ref (self);
  keeping->engine = g_object_ref (self->engine);
  keeping->draft = pinion_draft_new ();
  dex_future_disown (dex_future_finally (previous, on_ready_to_discard, keeping, keeping_free));
  pinion_composer_emit_closed (self, FALSE);
}

static void
on_discard_answered (AdwAlertDialog *dialog,
                     const char     *response,
                     PinionComposer *self)
{
  if (g_str_equal (response, "discard"))
    discard_now (self);
}

void
pinion_composer_discard (PinionComposer *self)
{
  AdwDialog *dialog;

  if (self->over)
    return;

  /* Nothing of one's own would be lost */
  if (self->draft->id == 0 && (!self->dirty || pinion_composer_is_empty (self)))
    {
      discard_now (self);
      return;
    }

  dialog = adw_alert_dialog_new (_("Discard This Message?"),
                                 _("What you have written will be gone."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "back", _("_Keep Writing"), "discard",
                                  _("_Discard"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "discard",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "back");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "back");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_discard_answered), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}
