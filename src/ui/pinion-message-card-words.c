/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-message-card-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-isolate.h"
#include "pinion-sender.h"
#include "pinion-time.h"

/* Of an address, beside its title. */
#define LEAST_CHARS 14

/* Pixels of the sender's address, which a window of 360 has beside the picture. */
#define MOST_IN_LINE 220

/* Addresses break where it is easy to read, and a hyphen would look like a part of them. */
static void
break_addresses (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  pinion_sender_add_breaks (attributes, gtk_label_get_text (label));
  gtk_label_set_attributes (label, attributes);
}

/* -- Names and times ------------------------------------------------------------------------ */

static const char *
get_own_address (PinionMessageCard *self)
{
  PinionAccountItem *account = pinion_engine_find_account (self->engine, self->message->account);

  return account != NULL ? pinion_account_item_get_account (account)->email : NULL;
}

/* Returns: (transfer full) */
static char *
dup_sender_name (PinionMessageCard *self)
{
  GPtrArray *from = self->message->from;

  if (from->len == 0)
    return g_strdup (_("Unknown sender"));
  if (from->len == 1)
    return g_strdup (pinion_address_get_display (from->pdata[0]));

  return pinion_sender_format_people (from, NULL);
}

/* Returns: (transfer full) */
static char *
join_full (GPtrArray  *addresses,
           const char *separator)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *one = pinion_sender_format_full (addresses->pdata[i]);

      if (i > 0)
        g_string_append (line, separator);
      g_string_append (line, one);
    }

  return g_string_free_and_steal (g_steal_pointer (&line));
}

static void
update_times (PinionMessageCard *self)
{
  g_autofree char *brief = pinion_time_short (self->message->date, NULL);
  g_autofree char *whole = pinion_time_long (self->message->date, NULL);

  gtk_label_set_label (self->folded_time, brief);
  gtk_label_set_label (self->time, brief);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->time), whole);
}

/* It stays in one line where it fits into one: time and buttons go below it rather than break it. */
static void
fit_address (PinionMessageCard *self)
{
  GtkWidget *label = GTK_WIDGET (self->address);
  int width;

  gtk_widget_set_size_request (label, -1, -1);
  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_set_size_request (label, MIN (width, MOST_IN_LINE), -1);
}

static void
update_sender (PinionMessageCard *self,
               const char         *name)
{
  GPtrArray *from = self->message->from;
  g_autofree char *plain = pinion_isolate_dup_plain (name);
  g_autofree char *addresses = NULL;

  adw_avatar_set_text (self->avatar, plain);
  adw_avatar_set_text (self->folded_avatar, plain);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->folded_name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);

  if (from->len == 1)
    addresses = g_strdup (((PinionAddress *) from->pdata[0])->address);
  else
    addresses = join_full (from, "\n");

  gtk_label_set_label (self->address, addresses);
  break_addresses (self->address);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->address), addresses);
  gtk_widget_set_visible (GTK_WIDGET (self->address), *addresses != '\0');
  fit_address (self);
}

static void
update_people (PinionMessageCard *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *people = NULL;
  g_autofree char *line = NULL;

  g_ptr_array_extend (all, self->message->to, NULL, NULL);
  g_ptr_array_extend (all, self->message->cc, NULL, NULL);
  g_ptr_array_extend (all, self->message->bcc, NULL, NULL);
  people = pinion_sender_format_people (all, get_own_address (self));

  /* Translators: who a message is to, as in "to Ana, Ben and 3 others" */
  line = *people != '\0' ? g_strdup_printf (_("to %s"), people) : g_strdup (_("to nobody named"));
  gtk_label_set_label (self->people, line);
}

/* -- Details -------------------------------------------------------------------------------- */

/* The words stand beside the title, or below where both do not fit.  @titles: as wide as each other. */
static void
add_detail (PinionMessageCard *self,
            GtkSizeGroup      *titles,
            const char        *title,
            const char        *words)
{
  GtkWidget *row;
  GtkWidget *title_label;
  GtkWidget *label;

  if (*words == '\0')
    return;

  title_label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (title_label), 0);
  gtk_label_set_yalign (GTK_LABEL (title_label), 0);
  gtk_widget_add_css_class (title_label, "dim-label");
  gtk_size_group_add_widget (titles, title_label);
  label = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), LEAST_CHARS);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  break_addresses (GTK_LABEL (label));
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  title_label, NULL, -1);

  row = adw_wrap_box_new ();
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (row), 12);
  adw_wrap_box_set_wrap_policy (ADW_WRAP_BOX (row), ADW_WRAP_MINIMUM);
  adw_wrap_box_append (ADW_WRAP_BOX (row), title_label);
  adw_wrap_box_append (ADW_WRAP_BOX (row), label);
  gtk_box_append (self->details, row);
}

static void
update_details (PinionMessageCard *self)
{
  const PinionMessage *message = self->message;
  g_autofree char *date = pinion_time_long (message->date, NULL);
  const struct
  {
    const char *title;
    GPtrArray *addresses;
  } lists[] = {
    { _("From"), message->from }, { _("Reply to"), message->reply_to }, { _("To"), message->to },
    { _("Cc"), message->cc },     { _("Bcc"), message->bcc },
  };
  g_autoptr (GtkSizeGroup) titles = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->details))) != NULL)
    gtk_box_remove (self->details, child);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *lines = join_full (lists[i].addresses, "\n");

      add_detail (self, titles, lists[i].title, lines);
    }

  add_detail (self, titles, _("Date"), date);
}

/* -- Notices -------------------------------------------------------------------------------- */

static void
add_notice (PinionMessageCard *self,
            const char        *words)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  break_addresses (GTK_LABEL (label));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "message-notice");
  gtk_box_append (self->notices, box);
  gtk_widget_set_visible (GTK_WIDGET (self->notices), TRUE);
}

static void
update_notices (PinionMessageCard *self)
{
  const PinionMessage *message = self->message;
  const char *other = pinion_sender_find_other_reply_to (message);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->notices))) != NULL)
    gtk_box_remove (self->notices, child);
  gtk_widget_set_visible (GTK_WIDGET (self->notices), FALSE);

  for (guint i = 0; i < message->from->len; i++)
    if (pinion_sender_misleads (message->from->pdata[i]))
      {
        const PinionAddress *from = message->from->pdata[i];
        /* Translators: %s is an address */
        g_autofree char *words =
          g_strdup_printf (_("The sender’s name may mislead. The address is %s."), from->address);

        add_notice (self, words);
      }

  if (message->from->len > 1)
    add_notice (self, _("This message names several senders."));

  if (other != NULL)
    {
      /* Translators: %s is an address */
      g_autofree char *words = g_strdup_printf (_("Answers go to another address: %s"), other);

      add_notice (self, words);
    }
}

/* -- All of it ------------------------------------------------------------------------------ */

static void
show_state (GtkLabel   *label,
            const char *state)
{
  gtk_widget_set_visible (GTK_WIDGET (label), state != NULL);
  gtk_label_set_label (label, state != NULL ? state : "");
}

static void
update_state (PinionMessageCard *self)
{
  const PinionMessage *message = self->message;
  const char *state = NULL;

  if (message->outgoing)
    state = _("Waiting to be sent");
  else if (message->draft)
    state = _("Draft");

  show_state (self->state, state);
  show_state (self->folded_state, state);
  gtk_widget_set_visible (self->star, message->starred);
  gtk_widget_set_visible (self->folded_clip, message->has_attachments);
  pinion_css_set (GTK_WIDGET (self), "unread", message->unread);
  pinion_css_set (GTK_WIDGET (self->folded_name), "heading", message->unread);
}

static void
update_names_for_readers (PinionMessageCard *self,
                          const char        *name)
{
  g_autofree char *plain = pinion_isolate_dup_plain (name);
  g_autofree char *whole = pinion_time_long (self->message->date, NULL);
  g_autofree char *title = self->message->draft
                             /* Translators: a time: "Draft, Tuesday, 3 March 2026, 14:05" */
                             ? g_strdup_printf (_("Draft, %s"), whole)
                             /* Translators: a sender and a time: "Message from Ana Keller, Tuesday, 3
                              * March 2026, 14:05" */
                             : g_strdup_printf (_("Message from %s, %s"), plain, whole);
  /* Translators: the name of a folded message: what it is, then its first words */
  g_autofree char *folded = g_strdup_printf (C_("folded message", "%s. %s"), title,
                                             self->message->snippet != NULL ? self->message->snippet
                                                                            : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->folded), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  folded, -1);
}

static void
update_always (PinionMessageCard *self)
{
  gboolean one = self->message->from->len == 1;

  gtk_widget_set_visible (self->always, one);
  if (one)
    {
      const PinionAddress *from = self->message->from->pdata[0];
      /* Translators: load pictures always; %s is an address */
      g_autofree char *words = g_strdup_printf (_("Always from %s"), from->address);

      gtk_label_set_label (self->always_label, words);
      gtk_widget_set_tooltip_text (self->always, words);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->always), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      words, -1);
    }
}

void
pinion_message_card_update_words (PinionMessageCard *self)
{
  g_autofree char *name = dup_sender_name (self);

  update_sender (self, name);
  update_times (self);
  update_people (self);
  update_details (self);
  update_notices (self);
  update_state (self);
  update_always (self);
  update_names_for_readers (self, name);
  gtk_label_set_label (self->folded_preview,
                       self->message->snippet != NULL ? self->message->snippet : "");
}
