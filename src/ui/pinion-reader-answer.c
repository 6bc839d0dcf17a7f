/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-reader-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"
#include "pinion-sender.h"

/* -- The field ------------------------------------------------------------------------------ */

static gboolean
is_own (PinionReader        *self,
        const PinionMessage *message,
        const PinionAddress *address)
{
  PinionAccountItem *account = pinion_engine_find_account (self->engine, message->account);

  return account != NULL &&
         pinion_account_has_address (pinion_account_item_get_account (account), address->address);
}

/* Whom an answer to @message goes to; (nullable), borrowed. */
static const PinionAddress *
find_recipient (PinionReader        *self,
                const PinionMessage *message)
{
  const PinionAddress *from = message->from->len > 0 ? message->from->pdata[0] : NULL;

  /* Answering what one has written goes on to the same people */
  if (from != NULL && is_own (self, message, from) && message->to->len > 0)
    return message->to->pdata[0];
  if (message->reply_to->len > 0)
    return message->reply_to->pdata[0];

  return from;
}

static guint
count_others (PinionReader        *self,
              const PinionMessage *message)
{
  guint others = 0;

  for (guint i = 0; i < message->to->len; i++)
    others += !is_own (self, message, message->to->pdata[i]);
  for (guint i = 0; i < message->cc->len; i++)
    others += !is_own (self, message, message->cc->pdata[i]);

  return others;
}

void
pinion_reader_update_foot (PinionReader *self)
{
  const PinionMessage *newest = pinion_reader_get_newest (self);
  const PinionAddress *recipient = newest != NULL ? find_recipient (self, newest) : NULL;
  g_autofree char *short_name = NULL;
  g_autofree char *name = NULL;
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->foot, newest != NULL);
  if (newest == NULL)
    return;

  if (recipient != NULL)
    {
      short_name = pinion_sender_dup_short_name (recipient);
      name = pinion_isolate_name (short_name);
      /* Translators: the field to answer in; %s is a first name: "Reply to Ana…" */
      words = g_strdup_printf (_("Reply to %s…"), name);
    }
  else
    {
      words = g_strdup (_("Reply…"));
    }

  gtk_label_set_label (self->reply_label, words);
  gtk_widget_set_visible (self->reply_all, count_others (self, newest) > 0);
}

/* -- The composer --------------------------------------------------------------------------- */

static void
close_composer (PinionReader *self)
{
  if (self->composer == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->composer, self);
  self->composer = NULL;
  adw_bin_set_child (self->composer_place, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->composer_place), FALSE);
  gtk_widget_set_visible (self->answers, TRUE);
}

static void
on_composer_closed (PinionReader *self,
                    gboolean      kept)
{
  close_composer (self);
  gtk_widget_grab_focus (self->reply);
}

/* What is written is kept first: the window has to know which draft it goes on with. */
static DexFuture *
on_kept (DexFuture *future,
         gpointer   user_data)
{
  PinionReader *self = user_data;
  g_autoptr (PinionDraft) draft = NULL;

  if (self->engine == NULL || self->composer == NULL)
    return NULL;

  draft = pinion_composer_dup_draft (self->composer);
  close_composer (self);
  pinion_composer_present (self->engine, draft, GTK_WIDGET (self));

  return NULL;
}

static void
on_pop_out (PinionReader *self)
{
  dex_future_disown (dex_future_then (pinion_composer_save (self->composer), on_kept,
                                      g_object_ref (self), g_object_unref));
}

static void
open_composer (PinionReader      *self,
               const PinionDraft *draft)
{
  GtkWidget *composer = pinion_composer_new (self->engine, draft);

  self->composer = PINION_COMPOSER (composer);
  gtk_widget_add_css_class (composer, "inline");
  g_signal_connect_object (composer, "closed", G_CALLBACK (on_composer_closed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (composer, "pop-out", G_CALLBACK (on_pop_out), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->composer_place, composer);
  gtk_widget_set_visible (GTK_WIDGET (self->composer_place), TRUE);
  gtk_widget_set_visible (self->answers, FALSE);
  pinion_composer_start (self->composer);
  pinion_reader_scroll_to (self, self->foot);
}

void
pinion_reader_leave_composer (PinionReader *self)
{
  if (self->composer == NULL)
    return;

  pinion_composer_leave (self->composer);
  close_composer (self);
}

/* -- Answering ------------------------------------------------------------------------------ */

typedef struct
{
  PinionReader *self;
  guint answering;
} Answering;

static void
answering_free (gpointer data)
{
  Answering *answering = data;

  g_object_unref (answering->self);
  g_free (answering);
}

static DexFuture *
on_draft_ready (DexFuture *future,
                gpointer   user_data)
{
  Answering *answering = user_data;
  PinionReader *self = answering->self;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (answering->answering != self->answerings || self->engine == NULL)
    return NULL;

  if (value == NULL)
    pinion_reader_say_error (self, error);
  else if (self->composer == NULL)
    open_composer (self, g_value_get_boxed (value));

  return NULL;
}

void
pinion_reader_answer (PinionReader   *self,
                      gint64          message,
                      PinionReplyKind kind)
{
  Answering *answering;
  DexFuture *draft;

  if (self->composer != NULL)
    {
      pinion_reader_scroll_to (self, self->foot);
      pinion_composer_start (self->composer);
      return;
    }

  answering = g_new0 (Answering, 1);
  answering->self = g_object_ref (self);
  answering->answering = ++self->answerings;
  draft = pinion_engine_prepare_reply (self->engine, message, kind);
  dex_future_disown (dex_future_finally (draft, on_draft_ready, answering, answering_free));
}

static DexFuture *
on_own_draft_loaded (DexFuture *future,
                     gpointer   user_data)
{
  Answering *answering = user_data;
  PinionReader *self = answering->self;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (answering->answering != self->answerings || self->engine == NULL)
    return NULL;

  if (value != NULL)
    pinion_composer_present (self->engine, g_value_get_boxed (value), GTK_WIDGET (self));
  else
    pinion_reader_say_error (self, error);

  return NULL;
}

void
pinion_reader_open_draft (PinionReader *self,
                          gint64        message)
{
  Answering *answering = g_new0 (Answering, 1);
  DexFuture *draft = pinion_engine_load_draft (self->engine, message);

  answering->self = g_object_ref (self);
  answering->answering = ++self->answerings;
  dex_future_disown (dex_future_finally (draft, on_own_draft_loaded, answering, answering_free));
}
