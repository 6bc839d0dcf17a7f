/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-words.h"

#include <glib/gi18n-lib.h>

#include "pinion-time.h"

#define MOST_LABELS (PINION_ROW_MOST_CHIPS - 1)

static const char *
subject_or_words (PinionConversation *conversation)
{
  const char *subject = pinion_conversation_get_subject (conversation);

  return subject != NULL && *subject != '\0' ? subject : _("No subject");
}

/* "Snoozed until Mon 08:00", "Back from snooze", or %NULL. */
static char *
dup_snooze_words (PinionConversation *conversation)
{
  gint64 until = pinion_conversation_get_snoozed_until (conversation);
  g_autofree char *time = NULL;

  if (until == 0)
    return pinion_conversation_get_snoozed_back (conversation) != 0
             ? g_strdup (_("Back from snooze"))
             : NULL;

  time = pinion_time_ahead (until, NULL);
  /* Translators: as in "Snoozed until Mon 08:00" */
  return g_strdup_printf (_("Snoozed until %s"), time);
}

/* -- Chips ---------------------------------------------------------------------------------- */

/* A chip for every label a person gave it, and for the Inbox where that is not what is shown. */
static gboolean
gets_chip (const PinionView *view,
           PinionLabel      *label)
{
  PinionRole role = pinion_label_get_role (label);

  if (view->kind == PINION_VIEW_LABEL && view->label == pinion_label_get_id (label))
    return FALSE;

  if (role == PINION_ROLE_INBOX)
    return view->kind != PINION_VIEW_INBOX && view->kind != PINION_VIEW_SNOOZED;

  return role == PINION_ROLE_NONE && !pinion_label_get_hidden (label);
}

/* @text: (transfer full) */
static void
add_chip (PinionRowWords *self,
          char           *text,
          const char     *colour)
{
  PinionRowChip *chip = &self->chips[self->n_chips++];

  chip->text = text;
  chip->has_hue = colour != NULL && gdk_rgba_parse (&chip->hue, colour);
}

static void
add_chips (PinionRowWords     *self,
           PinionConversation *conversation,
           PinionEngine       *engine,
           const PinionView   *view)
{
  guint n_labels = 0, more = 0;
  const gint64 *labels = pinion_conversation_get_labels (conversation, &n_labels);

  for (guint i = 0; i < n_labels; i++)
    {
      PinionLabel *label = pinion_engine_find_label (engine, labels[i]);

      if (label == NULL || !gets_chip (view, label))
        continue;

      if (self->n_chips >= MOST_LABELS)
        more++;
      else if (pinion_label_get_role (label) == PINION_ROLE_INBOX)
        add_chip (self, g_strdup (_("Inbox")), NULL);
      else
        add_chip (self, g_strdup (pinion_label_get_name (label)), pinion_label_get_colour (label));
    }

  if (more > 0)
    add_chip (self, g_strdup_printf ("+%u", more), NULL);
}

/* -- All of it ------------------------------------------------------------------------------ */

void
pinion_row_words_init (PinionRowWords     *self,
                       PinionConversation *conversation,
                       PinionEngine       *engine,
                       const PinionView   *view)
{
  gint64 date;

  *self = (PinionRowWords) { .loaded = pinion_conversation_get_loaded (conversation) };
  if (!self->loaded)
    return;

  date = pinion_conversation_get_date (conversation);
  self->unread = pinion_conversation_get_unread (conversation);
  self->starred = pinion_conversation_get_starred (conversation);
  self->has_attachments = pinion_conversation_get_attachments (conversation);
  self->people = pinion_conversation_get_senders (conversation);
  self->subject = subject_or_words (conversation);
  self->snippet = pinion_conversation_get_snippet (conversation);
  self->avatar = pinion_conversation_get_avatar_name (conversation);
  /* Where the snoozed ones are listed, the time says when they are back. */
  self->time = view->kind == PINION_VIEW_SNOOZED ? pinion_time_ahead (date, NULL)
                                                 : pinion_time_short (date, NULL);
  self->snooze = dup_snooze_words (conversation);
  self->is_back = self->snooze != NULL && pinion_conversation_get_snoozed_until (conversation) == 0;
  if (engine != NULL)
    add_chips (self, conversation, engine, view);
}

void
pinion_row_words_clear (PinionRowWords *self)
{
  for (guint i = 0; i < self->n_chips; i++)
    g_free (self->chips[i].text);
  g_free (self->time);
  g_free (self->snooze);
  *self = (PinionRowWords) { 0 };
}

char *
pinion_conversation_dup_accessible_name (PinionConversation *conversation)
{
  g_autofree char *time = NULL;
  g_autofree char *from = NULL;
  g_autofree char *snoozed = NULL;
  const char *parts[9];
  guint n = 0;

  if (!pinion_conversation_get_loaded (conversation))
    return g_strdup (_("Loading"));

  time = pinion_time_short (pinion_conversation_get_date (conversation), NULL);
  /* Translators: who a conversation is with, read aloud after its subject */
  from = g_strdup_printf (_("from %s"), pinion_conversation_get_senders (conversation));

  parts[n++] = subject_or_words (conversation);
  parts[n++] = from;
  if (pinion_conversation_get_unread (conversation))
    parts[n++] = _("unread");
  if (pinion_conversation_get_starred (conversation))
    parts[n++] = _("starred");
  if (pinion_conversation_get_attachments (conversation))
    parts[n++] = _("with attachments");
  snoozed = dup_snooze_words (conversation);
  if (snoozed != NULL)
    parts[n++] = snoozed;
  parts[n++] = time;
  parts[n] = NULL;

  return g_strjoinv (", ", (char **) parts);
}
