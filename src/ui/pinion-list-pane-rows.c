/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-pane-private.h"

#include "pinion-date-runs.h"
#include "pinion-time.h"

/* -- The factory ---------------------------------------------------------------------------- */

static void
style_row (PinionListPane        *self,
           PinionConversationRow *row)
{
  pinion_conversation_row_set_compact (row, self->compact_rows);
  pinion_conversation_row_set_show_avatar (row, self->show_avatars);
  pinion_conversation_row_set_selecting (row, self->selecting);
}

static void
on_selected_changed (GtkListItem *item)
{
  pinion_conversation_row_set_selected (PINION_CONVERSATION_ROW (gtk_list_item_get_child (item)),
                                        gtk_list_item_get_selected (item));
}

static void
on_row_setup (PinionListPane *self,
              GtkListItem    *item)
{
  GtkWidget *row = pinion_conversation_row_new ();

  pinion_conversation_row_set_swipe (PINION_CONVERSATION_ROW (row), self->swipe);
  g_signal_connect (item, "notify::selected", G_CALLBACK (on_selected_changed), NULL);
  gtk_list_item_set_child (item, row);
}

static void
name_item (GtkListItem *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));
  PinionConversation *conversation = gtk_list_item_get_item (item);
  const char *excerpt = pinion_conversation_get_excerpt (conversation);
  g_autofree char *name = pinion_conversation_row_dup_accessible_name (row);

  gtk_list_item_set_accessible_label (item, name);
  gtk_list_item_set_accessible_description (item, excerpt != NULL ? excerpt : "");
}

static void
on_row_bind (PinionListPane *self,
             GtkListItem    *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));
  PinionConversation *conversation = gtk_list_item_get_item (item);

  pinion_conversation_row_set_context (row, self->engine, &self->view);
  pinion_conversation_row_set_query (row, self->query);
  style_row (self, row);
  pinion_conversation_row_set_item (row, conversation);
  pinion_conversation_row_set_selected (row, gtk_list_item_get_selected (item));
  g_ptr_array_add (self->rows, row);

  g_signal_connect_object (conversation, "changed", G_CALLBACK (name_item), item,
                           G_CONNECT_SWAPPED);
  name_item (item);
}

static void
on_row_unbind (PinionListPane *self,
               GtkListItem    *item)
{
  PinionConversationRow *row = PINION_CONVERSATION_ROW (gtk_list_item_get_child (item));

  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), name_item, item);
  pinion_list_pane_forget_row (self, row);
  pinion_conversation_row_set_item (row, NULL);
  g_ptr_array_remove_fast (self->rows, row);
}

/* -- The titles over sections --------------------------------------------------------------- */

static void
on_header_setup (PinionListPane *self,
                 GtkListHeader  *header)
{
  GtkWidget *title = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_list_header_set_child (header, title);
}

static void
on_header_bind (PinionListPane *self,
                GtkListHeader  *header)
{
  GtkWidget *title = gtk_list_header_get_child (header);
  guint start, end;
  int section;
  g_autofree char *words = NULL;

  if (self->model == NULL)
    return;

  section = pinion_conversation_list_get_section (self->model, gtk_list_header_get_start (header),
                                                  &start, &end);
  words = pinion_time_section (section);
  gtk_label_set_label (GTK_LABEL (title), words != NULL ? words : "");
  gtk_widget_set_visible (title, words != NULL);
}

void
pinion_list_pane_style_rows (PinionListPane *self)
{
  self->compact_rows = g_settings_get_boolean (self->settings, "compact-rows");
  self->show_avatars = g_settings_get_boolean (self->settings, "show-avatars");
  for (guint i = 0; i < self->rows->len; i++)
    style_row (self, self->rows->pdata[i]);
}

void
pinion_list_pane_bind_rows (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_header_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_header_bind);
}

gboolean
pinion_list_pane_is_beginning (PinionListPane *self)
{
  g_return_val_if_fail (PINION_IS_LIST_PANE (self), FALSE);

  return pinion_list_selection_is_beginning (self->selection);
}

void
pinion_list_pane_set_patient (PinionListPane *self,
                              gboolean        patient)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  pinion_list_selection_set_patient (self->selection, patient);
}
