/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-reader-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-mailto.h"
#include "pinion-message-view.h"

/* A run of folded messages longer than this shows its ends and how many there are between. */
#define LONGEST_RUN 4
/* Each unfolded message has a process that draws it: not too many at once. */
#define MAX_UNFOLDED 8

/* -- Links ---------------------------------------------------------------------------------- */

static void
on_uri_launched (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (PinionReader) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    pinion_reader_say (self, _("The link could not be opened"));
}

static void
on_link (PinionReader *self,
         const char   *uri)
{
  g_autoptr (PinionDraft) draft = NULL;
  g_autoptr (GtkUriLauncher) launcher = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!pinion_message_view_may_open (uri))
    return;

  draft = pinion_mailto_parse (uri);
  if (draft != NULL)
    {
      pinion_composer_present (self->engine, draft, GTK_WIDGET (self));
      return;
    }

  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (launcher, root != NULL ? GTK_WINDOW (root) : NULL, NULL, on_uri_launched,
                           g_object_ref (self));
}

static void
on_hovered (PinionReader *self,
            const char   *uri)
{
  gtk_widget_set_visible (GTK_WIDGET (self->link), uri != NULL);
  if (uri != NULL)
    gtk_label_set_label (self->link, uri);
}

/* -- Cards ---------------------------------------------------------------------------------- */

static void
on_reply (PinionMessageCard *card,
          int                kind,
          PinionReader      *self)
{
  pinion_reader_answer (self, pinion_message_card_get_message (card)->id, (PinionReplyKind) kind);
}

static gboolean
is_card (GtkWidget *widget)
{
  return PINION_IS_MESSAGE_CARD (widget);
}

static GtkWidget *
get_first_card (PinionReader *self)
{
  return gtk_widget_get_first_child (GTK_WIDGET (self->cards));
}

/* Messages that are folded and next to each other share a frame. */
static void
update_frames (PinionReader *self)
{
  gboolean before_open = TRUE;
  GtkWidget *last = NULL;

  for (GtkWidget *child = get_first_card (self); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gboolean open =
        is_card (child) && !pinion_message_card_get_folded (PINION_MESSAGE_CARD (child));

      if (!gtk_widget_get_visible (child))
        continue;

      pinion_css_set (child, "starts", open || before_open);
      if (last != NULL)
        pinion_css_set (last, "ends", open || before_open);

      before_open = open;
      last = child;
    }

  if (last != NULL)
    gtk_widget_add_css_class (last, "ends");
}

static void
on_card_folded (PinionMessageCard *card,
                PinionReader      *self)
{
  PinionMessage *message = pinion_message_card_get_message (card);

  /* A draft is written on rather than read */
  if (message->draft && !pinion_message_card_get_folded (card) && self->arranged)
    {
      pinion_message_card_set_folded (card, TRUE);
      pinion_reader_open_draft (self, message->id);
      return;
    }

  update_frames (self);
}

static GtkWidget *
new_card (PinionReader  *self,
          PinionMessage *message)
{
  GtkWidget *card = pinion_message_card_new (self->engine, self->guard, self->files, message);

  g_signal_connect_object (card, "reply", G_CALLBACK (on_reply), self, 0);
  g_signal_connect_object (card, "folded", G_CALLBACK (on_card_folded), self, 0);
  g_signal_connect_object (card, "link", G_CALLBACK (on_link), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "hovered", G_CALLBACK (on_hovered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "said", G_CALLBACK (pinion_reader_say), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "failed", G_CALLBACK (pinion_reader_say_error), self,
                           G_CONNECT_SWAPPED);

  return card;
}

/* -- "6 more" ------------------------------------------------------------------------------- */

static void
on_more_clicked (PinionReader *self)
{
  GtkWidget *first = NULL;

  self->show_all = TRUE;
  for (GtkWidget *child = get_first_card (self); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (is_card (child) && !gtk_widget_get_visible (child))
        {
          gtk_widget_set_visible (child, TRUE);
          if (first == NULL)
            first = child;
        }
    }

  gtk_box_remove (self->cards, self->more);
  self->more = NULL;
  update_frames (self);
  if (first != NULL)
    gtk_widget_child_focus (first, GTK_DIR_TAB_FORWARD);
}

static void
add_more (PinionReader *self,
          GtkWidget    *after,
          guint         hidden)
{
  g_autofree char *words =
    g_strdup_printf (ngettext ("%u more message", "%u more messages", hidden), hidden);
  GtkWidget *button = gtk_button_new_with_label (words);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "folded-message");
  self->more = adw_bin_new ();
  gtk_widget_add_css_class (self->more, "message-card");
  gtk_widget_add_css_class (self->more, "more-messages");
  adw_bin_set_child (ADW_BIN (self->more), button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_more_clicked), self,
                           G_CONNECT_SWAPPED);
  gtk_box_insert_child_after (self->cards, self->more, after);
}

/* Hides the middle of the first long run of folded messages, which is the read past. */
static void
hide_middle (PinionReader *self)
{
  g_autoptr (GPtrArray) run = g_ptr_array_new ();

  if (self->show_all || self->more != NULL)
    return;

  for (GtkWidget *child = get_first_card (self); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!pinion_message_card_get_folded (PINION_MESSAGE_CARD (child)) ||
          pinion_message_card_get_message (PINION_MESSAGE_CARD (child))->unread)
        break;

      g_ptr_array_add (run, child);
    }

  if (run->len <= LONGEST_RUN)
    return;

  for (guint i = 1; i + 1 < run->len; i++)
    gtk_widget_set_visible (run->pdata[i], FALSE);

  add_more (self, run->pdata[0], run->len - 2);
}

/* -- All of them ---------------------------------------------------------------------------- */

static PinionMessageCard *
find_card (PinionReader *self,
           gint64        message)
{
  for (GtkWidget *child = get_first_card (self); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_card (child) &&
        pinion_message_card_get_message (PINION_MESSAGE_CARD (child))->id == message)
      return PINION_MESSAGE_CARD (child);

  return NULL;
}

static gboolean
contains (GPtrArray *messages,
          gint64     id)
{
  for (guint i = 0; i < messages->len; i++)
    if (((PinionMessage *) messages->pdata[i])->id == id)
      return TRUE;

  return FALSE;
}

static void
remove_gone (PinionReader *self,
             GPtrArray    *messages)
{
  GtkWidget *next;

  for (GtkWidget *child = get_first_card (self); child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      if (is_card (child) &&
          !contains (messages, pinion_message_card_get_message (PINION_MESSAGE_CARD (child))->id))
        gtk_box_remove (self->cards, child);
    }
}

static void
place_cards (PinionReader *self,
             GPtrArray    *messages)
{
  GtkWidget *last = NULL;

  for (guint i = 0; i < messages->len; i++)
    {
      PinionMessage *message = messages->pdata[i];
      PinionMessageCard *card = find_card (self, message->id);

      if (card != NULL)
        {
          pinion_message_card_set_message (card, message);
          if (message->draft)
            pinion_message_card_set_folded (card, TRUE);
        }
      else
        {
          card = PINION_MESSAGE_CARD (new_card (self, message));
          gtk_box_insert_child_after (self->cards, GTK_WIDGET (card), last);
          /* What arrives while a person reads is opened where it stands */
          if (self->arranged && !message->draft)
            pinion_message_card_set_folded (card, FALSE);
        }

      last = GTK_WIDGET (card);
    }
}

/* The newest message and the unread ones are unfolded when a conversation opens. */
static void
arrange (PinionReader *self)
{
  GtkWidget *target = NULL;
  guint unfolded = 0;

  for (GtkWidget *child = gtk_widget_get_last_child (GTK_WIDGET (self->cards)); child != NULL;
       child = gtk_widget_get_prev_sibling (child))
    {
      PinionMessage *message = pinion_message_card_get_message (PINION_MESSAGE_CARD (child));

      if (message->draft || (unfolded > 0 && !message->unread) || unfolded >= MAX_UNFOLDED)
        continue;

      pinion_message_card_set_folded (PINION_MESSAGE_CARD (child), FALSE);
      unfolded++;
      target = child;
    }

  self->arranged = TRUE;
  hide_middle (self);
  if (target != NULL && target != get_first_card (self))
    pinion_reader_scroll_to (self, target);
}

/* What is written at the foot is not shown above it as well. */
static gboolean
is_being_written (PinionReader        *self,
                  const PinionMessage *message)
{
  return message->draft && self->composer != NULL &&
         pinion_composer_get_draft_id (self->composer) == message->id;
}

void
pinion_reader_set_messages (PinionReader *self,
                            GPtrArray    *messages)
{
  g_ptr_array_set_size (self->messages, 0);
  for (guint i = 0; i < messages->len; i++)
    if (!is_being_written (self, messages->pdata[i]))
      g_ptr_array_add (self->messages, pinion_message_ref (messages->pdata[i]));

  remove_gone (self, self->messages);
  place_cards (self, self->messages);
  if (!self->arranged)
    arrange (self);

  update_frames (self);
}

void
pinion_reader_clear_cards (PinionReader *self)
{
  GtkWidget *child;

  while ((child = get_first_card (self)) != NULL)
    gtk_box_remove (self->cards, child);

  self->more = NULL;
  self->show_all = FALSE;
  self->arranged = FALSE;
  g_ptr_array_set_size (self->messages, 0);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

PinionMessage *
pinion_reader_get_newest (PinionReader *self)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      PinionMessage *message = self->messages->pdata[i - 1];

      if (!message->draft && !message->outgoing)
        return message;
    }

  return NULL;
}
