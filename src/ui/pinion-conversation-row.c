/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-conversation-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "pinion-chip.h"
#include "pinion-css.h"
#include "pinion-time.h"

#define MAX_CHIPS 3

struct _PinionConversationRow
{
  GtkWidget parent_instance;

  GtkRevealer *check_revealer;
  GtkCheckButton *check;
  GtkWidget *dot;
  GtkButton *star;
  AdwAvatar *avatar;
  GtkLabel *people;
  GtkLabel *time;
  GtkLabel *subject;
  GtkBox *compact_marks;
  GtkWidget *third_line;
  GtkLabel *snippet;
  GtkWidget *marks;
  GtkWidget *snooze;
  GtkLabel *snooze_words;
  GtkBox *chips;
  GtkWidget *clip;

  PinionEngine *engine;
  PinionView view;
  PinionSearchQuery *query;
  PinionConversation *item;
  gboolean compact;
  PinionRowSwipe *swipe; /* (nullable) */
};

enum
{
  STAR_TOGGLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionConversationRow, pinion_conversation_row, GTK_TYPE_WIDGET)

/* -- Chips ---------------------------------------------------------------------------------- */

/* A chip for every label a person gave it, and for the Inbox where that is not what is shown. */
static gboolean
gets_chip (PinionConversationRow *self,
           PinionLabel           *label)
{
  PinionRole role = pinion_label_get_role (label);

  if (self->view.kind == PINION_VIEW_LABEL && self->view.label == pinion_label_get_id (label))
    return FALSE;

  if (role == PINION_ROLE_INBOX)
    return self->view.kind != PINION_VIEW_INBOX && self->view.kind != PINION_VIEW_SNOOZED;

  return role == PINION_ROLE_NONE && !pinion_label_get_hidden (label);
}

/* The chip at @index, made when it is first needed. */
static PinionChip *
take_chip (PinionConversationRow *self,
           guint                  index)
{
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips));

  while (chip != NULL && index-- > 0)
    chip = gtk_widget_get_next_sibling (chip);

  if (chip == NULL)
    {
      chip = pinion_chip_new ();
      gtk_box_append (self->chips, chip);
    }

  gtk_widget_set_visible (chip, TRUE);

  return PINION_CHIP (chip);
}

static void
hide_chips_from (PinionConversationRow *self,
                 guint                  index)
{
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips));

  for (guint i = 0; chip != NULL; i++, chip = gtk_widget_get_next_sibling (chip))
    if (i >= index)
      gtk_widget_set_visible (chip, FALSE);
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

/* Where the snoozed ones are listed, the time says it all. */
static gboolean
show_snooze (PinionConversationRow *self)
{
  g_autofree char *words = dup_snooze_words (self->item);
  gboolean back = words != NULL && pinion_conversation_get_snoozed_until (self->item) == 0;

  gtk_widget_set_visible (self->snooze, words != NULL);
  gtk_widget_set_tooltip_text (self->snooze, words);
  gtk_widget_set_visible (GTK_WIDGET (self->snooze_words), back);
  if (back)
    gtk_label_set_label (self->snooze_words, words);

  return words != NULL;
}

static void
show_marks (PinionConversationRow *self)
{
  guint n_labels = 0, shown = 0, more = 0;
  const gint64 *labels = pinion_conversation_get_labels (self->item, &n_labels);

  for (guint i = 0; i < n_labels; i++)
    {
      PinionLabel *label = pinion_engine_find_label (self->engine, labels[i]);

      if (label == NULL || !gets_chip (self, label))
        continue;

      if (shown >= MAX_CHIPS)
        more++;
      else if (pinion_label_get_role (label) == PINION_ROLE_INBOX)
        pinion_chip_set (take_chip (self, shown++), _("Inbox"), NULL);
      else
        pinion_chip_set (take_chip (self, shown++), pinion_label_get_name (label),
                         pinion_label_get_colour (label));
    }

  if (more > 0)
    {
      g_autofree char *rest = g_strdup_printf ("+%u", more);

      pinion_chip_set (take_chip (self, shown++), rest, NULL);
    }

  hide_chips_from (self, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->chips), shown > 0);
  gtk_widget_set_visible (self->marks, show_snooze (self) | (shown > 0) |
                                         pinion_conversation_get_attachments (self->item));
}

/* -- What was searched for ------------------------------------------------------------------ */

static void
add_mark (PangoAttrList           *list,
          const PinionSearchRange *range,
          const GdkRGBA           *colour)
{
  PangoAttribute *attributes[] = {
    pango_attr_background_new ((guint16) (colour->red * 65535), (guint16) (colour->green * 65535),
                               (guint16) (colour->blue * 65535)),
    pango_attr_background_alpha_new (65535 / 4),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      attributes[i]->start_index = (guint) range->start;
      attributes[i]->end_index = (guint) range->end;
      pango_attr_list_insert (list, attributes[i]);
    }
}

static void
mark (PinionConversationRow *self,
      GtkLabel              *label,
      PinionSearchField      field)
{
  g_autoptr (PangoAttrList) list = NULL;
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (GdkRGBA) colour = NULL;

  if (self->query != NULL)
    {
      ranges = pinion_search_query_mark (self->query, field, gtk_label_get_label (label));
      colour = adw_style_manager_get_accent_color_rgba (adw_style_manager_get_default ());
      list = pango_attr_list_new ();
      for (guint i = 0; i < ranges->len; i++)
        add_mark (list, &g_array_index (ranges, PinionSearchRange, i), colour);
    }

  gtk_label_set_attributes (label, list);
}

static void
show_found (PinionConversationRow *self)
{
  mark (self, self->people, PINION_SEARCH_FROM);
  mark (self, self->subject, PINION_SEARCH_SUBJECT);
  mark (self, self->snippet, PINION_SEARCH_BODY);
}

/* -- Everything else ------------------------------------------------------------------------ */

static const char *
subject_or_words (PinionConversation *conversation)
{
  const char *subject = pinion_conversation_get_subject (conversation);

  return subject != NULL && *subject != '\0' ? subject : _("No subject");
}

static void
show_star (PinionConversationRow *self)
{
  gboolean starred = pinion_conversation_get_starred (self->item);
  const char *words = starred ? _("Remove star") : _("Star");

  gtk_button_set_icon_name (self->star, starred ? "starred-symbolic" : "non-starred-symbolic");
  pinion_css_set (GTK_WIDGET (self->star), "starred", starred);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->star), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->star), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

static void
on_changed (PinionConversationRow *self)
{
  gboolean loaded = pinion_conversation_get_loaded (self->item);
  gboolean unread = loaded && pinion_conversation_get_unread (self->item);

  pinion_css_set (GTK_WIDGET (self), "unread", unread);
  pinion_css_set (GTK_WIDGET (self), "loading", !loaded);
  gtk_widget_set_opacity (self->dot, unread ? 1 : 0);

  if (!loaded)
    {
      gtk_label_set_label (self->people, "");
      gtk_label_set_label (self->subject, "");
      gtk_label_set_label (self->snippet, "");
      gtk_label_set_label (self->time, "");
      gtk_widget_set_visible (self->clip, FALSE);
      gtk_widget_set_visible (self->snooze, FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->snooze_words), FALSE);
      adw_avatar_set_text (self->avatar, NULL);
      hide_chips_from (self, 0);
      return;
    }

  gtk_label_set_label (self->people, pinion_conversation_get_senders (self->item));
  gtk_label_set_label (self->subject, subject_or_words (self->item));
  gtk_label_set_label (self->snippet, pinion_conversation_get_snippet (self->item));
  gtk_widget_set_visible (self->clip, pinion_conversation_get_attachments (self->item));
  adw_avatar_set_text (self->avatar, pinion_conversation_get_avatar_name (self->item));
  pinion_conversation_row_update_time (self);
  show_star (self);
  show_marks (self);
  show_found (self);
}

static void
on_star_clicked (PinionConversationRow *self)
{
  g_signal_emit (self, signals[STAR_TOGGLED], 0);
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

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_conversation_row_snapshot (GtkWidget   *widget,
                                  GtkSnapshot *snapshot)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);
  gboolean away = self->swipe != NULL && pinion_row_swipe_snapshot (self->swipe, snapshot);

  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->snapshot (widget, snapshot);

  if (away)
    {
      gtk_snapshot_restore (snapshot);
      gtk_snapshot_pop (snapshot);
    }
}

static void
pinion_conversation_row_dispose (GObject *object)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (object);
  GtkWidget *child;

  g_clear_pointer (&self->swipe, pinion_row_swipe_free);

  pinion_conversation_row_set_item (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_CONVERSATION_ROW);

  /* The template lets go only of what is bound */
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  g_clear_object (&self->engine);
  g_clear_pointer (&self->query, pinion_search_query_unref);

  G_OBJECT_CLASS (pinion_conversation_row_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-conversation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, check_revealer);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, check);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, dot);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, star);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, people);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, time);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, subject);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, compact_marks);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, third_line);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, snippet);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, marks);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, snooze);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, snooze_words);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, chips);
  gtk_widget_class_bind_template_child (widget_class, PinionConversationRow, clip);
  gtk_widget_class_bind_template_callback (widget_class, on_star_clicked);
}

static void
pinion_conversation_row_class_init (PinionConversationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_conversation_row_dispose;
  widget_class->snapshot = pinion_conversation_row_snapshot;

  signals[STAR_TOGGLED] = g_signal_new ("star-toggled", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);
  gtk_widget_class_set_css_name (widget_class, "conversationrow");
}

static void
pinion_conversation_row_init (PinionConversationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pinion_conversation_row_new (void)
{
  return g_object_new (PINION_TYPE_CONVERSATION_ROW, NULL);
}

void
pinion_conversation_row_set_context (PinionConversationRow *self,
                                     PinionEngine          *engine,
                                     const PinionView      *view)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  g_set_object (&self->engine, engine);
  self->view = *view;
}

void
pinion_conversation_row_set_query (PinionConversationRow *self,
                                   PinionSearchQuery     *query)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->query == query)
    return;

  g_clear_pointer (&self->query, pinion_search_query_unref);
  self->query = query != NULL ? pinion_search_query_ref (query) : NULL;
  if (self->item != NULL)
    show_found (self);
}

void
pinion_conversation_row_set_item (PinionConversationRow *self,
                                  PinionConversation    *item)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, on_changed, self);

  if (g_set_object (&self->item, item) && self->swipe != NULL)
    pinion_row_swipe_reset (self->swipe);

  if (item != NULL)
    {
      g_signal_connect_object (item, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
      on_changed (self);
    }
}

PinionConversation *
pinion_conversation_row_get_item (PinionConversationRow *self)
{
  return self->item;
}

void
pinion_conversation_row_set_swipe (PinionConversationRow *self,
                                   PinionSwipeOfferFunc   offer,
                                   PinionSwipedFunc       swiped,
                                   gpointer               user_data)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  g_clear_pointer (&self->swipe, pinion_row_swipe_free);
  self->swipe = pinion_row_swipe_new (GTK_WIDGET (self), offer, swiped, user_data);
}

/* Two lines: the marks stand after the subject. */
void
pinion_conversation_row_set_compact (PinionConversationRow *self,
                                     gboolean               compact)
{
  GtkBox *new_parent = compact ? self->compact_marks : GTK_BOX (self->third_line);
  GtkBox *old_parent = compact ? GTK_BOX (self->third_line) : self->compact_marks;

  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->compact == compact)
    return;

  self->compact = compact;
  g_object_ref (self->marks);
  gtk_box_remove (old_parent, self->marks);
  gtk_box_append (new_parent, self->marks);
  g_object_unref (self->marks);

  gtk_widget_set_visible (self->third_line, !compact);
  gtk_widget_set_visible (GTK_WIDGET (self->compact_marks), compact);
  pinion_css_set (GTK_WIDGET (self), "compact", compact);
}

void
pinion_conversation_row_set_show_avatar (PinionConversationRow *self,
                                         gboolean               show_avatar)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->avatar), show_avatar);
}

void
pinion_conversation_row_set_selecting (PinionConversationRow *self,
                                       gboolean               selecting)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  gtk_revealer_set_reveal_child (self->check_revealer, selecting);
}

void
pinion_conversation_row_set_selected (PinionConversationRow *self,
                                      gboolean               selected)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  gtk_check_button_set_active (self->check, selected);
}

void
pinion_conversation_row_update_time (PinionConversationRow *self)
{
  g_autofree char *words = NULL;
  g_autofree char *whole = NULL;

  if (self->item == NULL || !pinion_conversation_get_loaded (self->item))
    return;

  words = self->view.kind == PINION_VIEW_SNOOZED
            ? pinion_time_ahead (pinion_conversation_get_date (self->item), NULL)
            : pinion_time_short (pinion_conversation_get_date (self->item), NULL);
  whole = pinion_time_long (pinion_conversation_get_date (self->item), NULL);
  gtk_label_set_label (self->time, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->time), whole);
}
