/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a search found takes the place of what was shown, and gives it back when the search ends. */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"

static void
mark_rows (PinionListPane *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    pinion_conversation_row_set_query (self->rows->pdata[i], self->query);
}

static void
set_query (PinionListPane    *self,
           PinionSearchQuery *query)
{
  PinionSearchQuery *before = self->query;

  self->query = query != NULL ? pinion_search_query_ref (query) : NULL;
  g_clear_pointer (&before, pinion_search_query_unref);
}

static void
tell (PinionListPane *self)
{
  pinion_server_bar_set_query (self->server, self->query);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SEARCHED], 0);
}

void
pinion_list_pane_forget_search (PinionListPane *self)
{
  set_query (self, NULL);
  pinion_server_bar_set_query (self->server, NULL);
}

static void
begin_search (PinionListPane    *self,
              PinionSearchQuery *query,
              PinionSearchOrder  order)
{
  static const PinionView everything = { PINION_VIEW_ALL_MAIL, 0, 0 };
  g_autoptr (PinionConversationList) found
    = pinion_conversation_list_new_for_search (self->engine, query, order);
  g_autoptr (PinionConversation) selected = pinion_list_pane_dup_single (self);

  self->before_search = selected != NULL ? pinion_conversation_get_id (selected) : 0;
  set_query (self, query);
  pinion_list_pane_show_model (self, found, &everything, _("Search Results"));
}

/* What was shown is shown again, as it stood. */
static void
end_search (PinionListPane *self)
{
  pinion_list_pane_show_base (self);
  self->place = self->place_before_search;
  if (self->before_search != 0)
    pinion_list_pane_select (self, self->before_search);
}

static void
on_search_changed (PinionListPane *self)
{
  PinionSearchQuery *query = pinion_search_bar_get_query (self->search);
  PinionSearchOrder order = pinion_search_bar_get_order (self->search);

  if (query == NULL && self->query == NULL)
    return;

  if (query == NULL)
    end_search (self);
  else if (self->query == NULL)
    begin_search (self, query, order);
  else
    {
      set_query (self, query);
      pinion_conversation_list_set_query (self->model, query, order);
      mark_rows (self);
      pinion_list_pane_update_state (self);
    }
  tell (self);
}

static void
on_search_closed (PinionListPane *self)
{
  if (self->query != NULL)
    {
      end_search (self);
      tell (self);
    }
  pinion_list_pane_focus_list (self);
}

/* The first of what was found, where none is selected yet. */
static void
on_search_left (PinionListPane *self)
{
  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;

  if (pinion_list_pane_get_n_selected (self) == 0)
    pinion_list_pane_step (self, 1);
  pinion_list_pane_focus_list (self);
}

void
pinion_list_pane_bind_search (GtkWidgetClass *widget_class)
{
  g_type_ensure (PINION_TYPE_SERVER_BAR);

  gtk_widget_class_bind_template_child (widget_class, PinionListPane, server);
  gtk_widget_class_bind_template_child (widget_class, PinionListPane, search_place);
}

/* It is a sixth of the window. */
static PinionSearchBar *
ensure_search (PinionListPane *self)
{
  if (self->search != NULL)
    return self->search;

  self->search = PINION_SEARCH_BAR (g_object_new (PINION_TYPE_SEARCH_BAR, NULL));
  g_signal_connect_object (self->search, "changed", G_CALLBACK (on_search_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "closed", G_CALLBACK (on_search_closed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "left", G_CALLBACK (on_search_left), self,
                           G_CONNECT_SWAPPED);
  if (self->engine != NULL)
    pinion_search_bar_set_engine (self->search, self->engine);
  adw_bin_set_child (self->search_place, GTK_WIDGET (self->search));
  /* Those in the window from the beginning have their names by now. */
  pinion_actions_describe (GTK_WIDGET (self->search));

  return self->search;
}

gboolean
pinion_list_pane_make_search (PinionListPane *self)
{
  g_return_val_if_fail (PINION_IS_LIST_PANE (self), FALSE);

  if (self->search != NULL)
    return FALSE;

  ensure_search (self);

  return TRUE;
}

void
pinion_list_pane_close_search (PinionListPane *self)
{
  if (self->search != NULL)
    pinion_search_bar_close (self->search);
}

/* The bar will move what is below it. */
static void
remember_place (PinionListPane *self)
{
  if (self->query == NULL && (self->search == NULL || !pinion_search_bar_is_open (self->search)))
    self->place_before_search =
      gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller));
}

void
pinion_list_pane_search (PinionListPane *self)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  remember_place (self);
  pinion_list_pane_set_selecting (self, FALSE);
  pinion_search_bar_open (ensure_search (self));
}

void
pinion_list_pane_search_for (PinionListPane *self,
                             const char     *text)
{
  pinion_list_pane_search (self);
  pinion_search_bar_set_text (self->search, text);
}

gboolean
pinion_list_pane_end_search (PinionListPane *self)
{
  g_return_val_if_fail (PINION_IS_LIST_PANE (self), FALSE);

  if (self->search == NULL || !pinion_search_bar_is_open (self->search))
    return FALSE;

  pinion_search_bar_close (self->search);
  on_search_closed (self);
  return TRUE;
}

void
pinion_list_pane_show_search (PinionListPane    *self,
                              const char        *text,
                              PinionSearchOrder  order)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  remember_place (self);
  pinion_list_pane_set_selecting (self, FALSE);
  pinion_search_bar_show (ensure_search (self), text, order);
}

void
pinion_list_pane_take_search (PinionListPane *self)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  pinion_search_bar_take (self->search);
}

const char *
pinion_list_pane_get_search (PinionListPane *self)
{
  return self->query != NULL ? self->query->text : NULL;
}

PinionSearchOrder
pinion_list_pane_get_search_order (PinionListPane *self)
{
  return self->search != NULL ? pinion_search_bar_get_order (self->search)
                              : PINION_SEARCH_BY_DATE;
}

void
pinion_list_pane_name_search (PinionListPane *self,
                              const char     *name)
{
  if (self->query == NULL)
    return;

  g_set_str (&self->view_title, name != NULL ? name : _("Search Results"));
  pinion_list_pane_update_title (self);
}

const PinionView *
pinion_list_pane_get_base (PinionListPane *self,
                           gboolean       *outbox)
{
  *outbox = self->base_is_outbox;

  return &self->base;
}

gboolean
pinion_list_pane_can_search_server (PinionListPane *self)
{
  return self->engine != NULL && pinion_server_bar_is_offered (self->server);
}

void
pinion_list_pane_search_server (PinionListPane *self)
{
  g_return_if_fail (PINION_IS_LIST_PANE (self));

  pinion_server_bar_search (self->server);
}
