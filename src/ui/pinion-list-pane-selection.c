/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-pane-private.h"

/* -- What is selected ----------------------------------------------------------------------- */

GPtrArray *
pinion_list_pane_dup_selected_items (PinionListPane *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) set = NULL;
  GtkBitsetIter iter;
  guint position;

  if (self->selection == NULL)
    return items;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (gboolean more = gtk_bitset_iter_init_first (&iter, set, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      PinionConversation *item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }

  return items;
}

static void
append_selected (PinionListPane *self,
                 GArray         *ids)
{
  g_autoptr (GPtrArray) items = pinion_list_pane_dup_selected_items (self);

  for (guint i = 0; i < items->len; i++)
    {
      gint64 id = pinion_conversation_get_id (items->pdata[i]);

      g_array_append_val (ids, id);
    }
}

GArray *
pinion_list_pane_dup_selected (PinionListPane *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  append_selected (self, ids);

  return ids;
}

guint
pinion_list_pane_get_n_selected (PinionListPane *self)
{
  g_autoptr (GtkBitset) set = NULL;

  if (self->selection == NULL)
    return 0;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return (guint) gtk_bitset_get_size (set);
}

PinionConversation *
pinion_list_pane_dup_single (PinionListPane *self)
{
  g_autoptr (GtkBitset) set = NULL;

  if (self->selection == NULL)
    return NULL;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_get_size (set) != 1)
    return NULL;

  return g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_minimum (set));
}

/* -- Kept while the list changes ------------------------------------------------------------ */

static void
keep_selection (PinionListPane *self)
{
  g_autoptr (GtkBitset) set =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  g_array_set_size (self->kept, 0);
  append_selected (self, self->kept);

  if (!gtk_bitset_is_empty (set))
    self->anchor = gtk_bitset_get_minimum (set);
}

static void
on_selection_changed (PinionListPane *self)
{
  if (self->restoring)
    return;

  self->wanted = 0;
  keep_selection (self);

  if (self->kept->len > 1 && !self->selecting)
    pinion_list_pane_set_selecting (self, TRUE);

  pinion_list_pane_update_title (self);
  g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SELECTION_CHANGED], 0);
}

/* Selects again those of the kept ones that are still in the list.  Returns: how many. */
static guint
select_kept (PinionListPane *self)
{
  g_autoptr (GtkBitset) wanted = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) mask = gtk_bitset_new_empty ();

  for (guint i = 0; i < self->kept->len; i++)
    {
      guint position =
        pinion_conversation_list_find (self->model, g_array_index (self->kept, gint64, i));

      if (position != GTK_INVALID_LIST_POSITION)
        gtk_bitset_add (wanted, position);
    }

  gtk_bitset_add_range (mask, 0, g_list_model_get_n_items (G_LIST_MODEL (self->model)));
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), wanted, mask);

  return (guint) gtk_bitset_get_size (wanted);
}

/* The one that was being read has left: the next one takes its place. */
static void
select_successor (PinionListPane *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n == 0 || self->selecting)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  else
    gtk_list_view_scroll_to (self->list, MIN (self->anchor, n - 1),
                             GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS, NULL);
}

static gboolean
on_restore (gpointer user_data)
{
  PinionListPane *self = user_data;
  guint before = self->kept->len;
  guint found;

  self->restore_source = 0;

  if (self->was_at_top && self->model != NULL &&
      g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_NONE, NULL);

  if (self->wanted != 0)
    pinion_list_pane_select (self, self->wanted);

  if (before == 0)
    return G_SOURCE_REMOVE;

  self->restoring = TRUE;
  found = select_kept (self);
  if (found == 0)
    select_successor (self);
  self->restoring = FALSE;

  if (found == 0 && self->selecting)
    pinion_list_pane_set_selecting (self, FALSE);

  keep_selection (self);
  pinion_list_pane_update_title (self);
  if (found != before)
    g_signal_emit (self, pinion_list_pane_signals[PINION_LIST_PANE_SELECTION_CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
on_items_changed (PinionListPane *self,
                  guint           position,
                  guint           removed,
                  guint           added)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (position + removed <= self->anchor)
    self->anchor += added - removed;
  else if (position <= self->anchor && removed > added)
    self->anchor = position + added;

  if (self->restore_source == 0)
    {
      /* New mail above is shown to whoever looks at the top, and moves nobody else */
      self->was_at_top = position == 0 && gtk_adjustment_get_value (adjustment) < 1;
      self->restore_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_restore, self, NULL);
    }

  pinion_list_pane_update_state (self);
}

void
pinion_list_pane_watch_selection (PinionListPane *self)
{
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (on_selection_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
}

void
pinion_list_pane_forget_selection (PinionListPane *self)
{
  g_clear_handle_id (&self->restore_source, g_source_remove);
  self->wanted = 0;
  g_array_set_size (self->kept, 0);
  self->anchor = 0;
}

/* -- Selecting ------------------------------------------------------------------------------ */

void
pinion_list_pane_select (PinionListPane *self,
                         gint64          conversation)
{
  guint position;

  if (self->model == NULL)
    return;

  position = pinion_conversation_list_find (self->model, conversation);
  self->wanted = position == GTK_INVALID_LIST_POSITION ? conversation : 0;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_SELECT, NULL);
}

void
pinion_list_pane_step (PinionListPane *self,
                       int             step)
{
  g_autoptr (GtkBitset) set = NULL;
  guint n, position;

  if (self->selection == NULL)
    return;

  n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  if (n == 0)
    return;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_is_empty (set))
    position = 0;
  else if (step < 0)
    position = gtk_bitset_get_minimum (set) > 0 ? gtk_bitset_get_minimum (set) - 1 : 0;
  else
    position = MIN (gtk_bitset_get_maximum (set) + 1, n - 1);

  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS,
                           NULL);
}

void
pinion_list_pane_unselect (PinionListPane *self)
{
  if (self->selection != NULL)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
}

/* -- Something to drag ---------------------------------------------------------------------- */

gint64
pinion_list_pane_get_account (PinionListPane     *self,
                              PinionConversation *conversation)
{
  guint n_labels = 0;
  const gint64 *labels = pinion_conversation_get_labels (conversation, &n_labels);

  for (guint i = 0; i < n_labels; i++)
    {
      PinionLabel *label = pinion_engine_find_label (self->engine, labels[i]);

      if (label != NULL)
        return pinion_label_get_account (label);
    }

  return self->view.account;
}

static gint64
find_account (PinionListPane *self,
              GArray         *conversations)
{
  gint64 account = 0;

  if (self->view.account != 0)
    return self->view.account;

  for (guint i = 0; i < conversations->len; i++)
    {
      guint position =
        pinion_conversation_list_find (self->model, g_array_index (conversations, gint64, i));
      g_autoptr (PinionConversation) conversation =
        g_list_model_get_item (G_LIST_MODEL (self->model), position);
      gint64 its = conversation != NULL ? pinion_list_pane_get_account (self, conversation) : 0;

      if (account != 0 && its != account)
        return 0;
      account = its;
    }

  return account;
}

PinionDragged *
pinion_list_pane_make_dragged (PinionListPane *self,
                               GArray         *conversations)
{
  PinionLabel *label = self->view.kind == PINION_VIEW_LABEL
                         ? pinion_engine_find_label (self->engine, self->view.label)
                         : NULL;

  return pinion_dragged_new (&self->view,
                             label != NULL ? pinion_label_get_role (label) : PINION_ROLE_NONE,
                             find_account (self, conversations), conversations);
}
