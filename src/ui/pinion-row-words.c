/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-words.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"
#include "pinion-sidebar-item.h"
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

/* -- People --------------------------------------------------------------------------------- */

static PinionRole
get_role (PinionEngine     *engine,
          const PinionView *view)
{
  PinionLabel *label = engine != NULL && view->kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (engine, view->label)
                         : NULL;

  return label != NULL ? pinion_label_get_role (label) : PINION_ROLE_NONE;
}

/* "me" says nothing where all is from oneself.  In the Inbox, a note to oneself is from oneself. */
static gboolean
tells_recipients (PinionConversation *conversation,
                  const PinionView   *view,
                  PinionRole          role)
{
  if (role == PINION_ROLE_DRAFTS)
    return TRUE;
  if (*pinion_conversation_get_recipients (conversation) == '\0')
    return FALSE;
  if (role == PINION_ROLE_SENT)
    return TRUE;

  return role != PINION_ROLE_INBOX && view->kind != PINION_VIEW_INBOX &&
         view->kind != PINION_VIEW_SNOOZED && pinion_conversation_is_from_me (conversation);
}

/* @format: has one "%s", for whom it is written to. */
static char *
dup_recipients (PinionConversation *conversation,
                const char         *format,
                const char         *nobody)
{
  const char *recipients = pinion_conversation_get_recipients (conversation);
  g_auto (GStrv) around = g_strsplit (format, "%s", 2);

  return *recipients != '\0' ? g_strconcat (around[0], recipients, around[1], NULL)
                             : g_strdup (nobody);
}

/* In Drafts, everything is one. */
static gboolean
tells_draft (PinionConversation *conversation,
             PinionRole          role)
{
  return role != PINION_ROLE_DRAFTS && pinion_conversation_has_draft (conversation);
}

static void
take_people (PinionRowWords     *self,
             PinionConversation *conversation,
             const PinionView   *view,
             PinionRole          role)
{
  self->is_to = tells_recipients (conversation, view, role);
  if (self->is_to)
    {
      /* Translators: whom a message in the list is to: "To: Ana, Bo" */
      self->people = dup_recipients (conversation, _("To: %s"), _("No recipients"));
      self->avatar = pinion_conversation_get_recipient (conversation);
    }
  else
    {
      self->people = g_strdup (pinion_conversation_get_senders (conversation));
      self->avatar = pinion_conversation_get_avatar_name (conversation);
    }
  self->draft = tells_draft (conversation, role) ? _("Draft") : NULL;
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

/* -- What cannot be read -------------------------------------------------------------------- */

static const char *
get_error_words (void)
{
  return _("This conversation could not be read");
}

static void
take_error (PinionRowWords *self,
            const GError   *error)
{
  self->people = g_strdup (get_error_words ());
  self->cure = pinion_error_dup_fix (error);
}

static char *
dup_spoken_error (const GError *error)
{
  g_autofree char *fix = pinion_error_dup_fix (error);

  return g_strdup_printf ("%s. %s", get_error_words (), fix);
}

/* -- All of it ------------------------------------------------------------------------------ */

void
pinion_row_words_init (PinionRowWords     *self,
                       PinionConversation *conversation,
                       PinionEngine       *engine,
                       const PinionView   *view)
{
  gint64 date;
  const GError *error = pinion_conversation_get_error (conversation);

  *self = (PinionRowWords) { .loaded = pinion_conversation_get_loaded (conversation) };
  if (error != NULL)
    take_error (self, error);
  if (!self->loaded)
    return;

  date = pinion_conversation_get_date (conversation);
  self->unread = pinion_conversation_get_unread (conversation);
  self->starred = pinion_conversation_get_starred (conversation);
  self->has_attachments = pinion_conversation_get_attachments (conversation);
  self->subject = subject_or_words (conversation);
  self->snippet = pinion_conversation_get_snippet (conversation);
  self->snippet_field = pinion_conversation_get_snippet_field (conversation);
  take_people (self, conversation, view, get_role (engine, view));
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
  g_free (self->people);
  g_free (self->cure);
  g_free (self->time);
  g_free (self->snooze);
  *self = (PinionRowWords) { 0 };
}

static char *
dup_spoken_people (PinionConversation *conversation,
                   const PinionView   *view,
                   PinionRole          role)
{
  if (tells_recipients (conversation, view, role))
    /* Translators: whom a conversation is to, read aloud after its subject */
    return dup_recipients (conversation, _("to %s"), _("no recipients"));

  /* Translators: who a conversation is with, read aloud after its subject */
  return g_strdup_printf (_("from %s"), pinion_conversation_get_senders (conversation));
}

/* All that have a chip, also those there is no room for.  Returns: (nullable) */
static char *
dup_spoken_labels (PinionConversation *conversation,
                   PinionEngine       *engine,
                   const PinionView   *view)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_labels = 0, n = 0;
  const gint64 *labels = pinion_conversation_get_labels (conversation, &n_labels);

  for (guint i = 0; engine != NULL && i < n_labels; i++)
    {
      PinionLabel *label = pinion_engine_find_label (engine, labels[i]);

      if (label == NULL || !gets_chip (view, label))
        continue;

      g_string_append_printf (names, "%s%s", n++ > 0 ? ", " : "", pinion_label_get_title (label));
    }

  /* Translators: what a conversation is filed under, read aloud: "labels Travel, Family" */
  return n > 0 ? g_strdup_printf (ngettext ("label %s", "labels %s", n), names->str) : NULL;
}

/* Without what is for the eye alone. */
static char *
join_spoken (const char **parts)
{
  g_autofree char *line = g_strjoinv (", ", (char **) parts);

  return pinion_isolate_dup_plain (line);
}

char *
pinion_conversation_dup_accessible_name (PinionConversation *conversation,
                                         PinionEngine       *engine,
                                         const PinionView   *view)
{
  PinionRole role = get_role (engine, view);
  const GError *error = pinion_conversation_get_error (conversation);
  g_autofree char *time = NULL;
  g_autofree char *people = NULL;
  g_autofree char *snoozed = NULL;
  g_autofree char *labels = NULL;
  const char *parts[10];
  guint n = 0;

  if (error != NULL)
    return dup_spoken_error (error);
  if (!pinion_conversation_get_loaded (conversation))
    return g_strdup (_("Loading"));

  time = pinion_time_short (pinion_conversation_get_date (conversation), NULL);
  people = dup_spoken_people (conversation, view, role);

  parts[n++] = subject_or_words (conversation);
  parts[n++] = people;
  if (tells_draft (conversation, role))
    parts[n++] = _("with a draft");
  if (pinion_conversation_get_unread (conversation))
    parts[n++] = _("unread");
  if (pinion_conversation_get_starred (conversation))
    parts[n++] = _("starred");
  if (pinion_conversation_get_attachments (conversation))
    parts[n++] = _("with attachments");
  snoozed = dup_snooze_words (conversation);
  if (snoozed != NULL)
    parts[n++] = snoozed;
  labels = dup_spoken_labels (conversation, engine, view);
  if (labels != NULL)
    parts[n++] = labels;
  parts[n++] = time;
  parts[n] = NULL;

  return join_spoken (parts);
}
