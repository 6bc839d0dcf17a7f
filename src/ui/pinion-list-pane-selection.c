/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-pane-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-sidebar-model.h"

/* Pixels that the title over the first row may take. */
#define TITLE 48

/* Up to so many are found again by what they are, more by where they stand. */
#define MAX_KEPT 1000

/* -- What is selected ----------------------------------------------------------------------- */

GPtrArray *
pinion_list_pane_dup_selected_items (PinionListPane *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset) set = NULL;
  GtkBitsetIter iter;
  guint position;

  if (self->model == NULL)
    return items;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (gboolean more = gtk_bitset_iter_init_first (&iter, set, &position);
       more && items->len < PINION_LIST_PANE_LOOKED_AT;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      PinionConversation *item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }

  return items;
}

/* @most: of them. */
static void
append_selected (PinionListPane *self,
                 GArray         *ids,
                 guint           most)
{
  g_autoptr (GtkBitset) set = NULL;
  GtkBitsetIter iter;
  guint position;

  if (self->model == NULL)
    return;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, set, &position);
       more && ids->len < most; more = gtk_bitset_iter_next (&iter, &position))
    {
      gint64 id = pinion_conversation_list_get_id (self->model, position);

      g_array_append_val (ids, id);
    }
}

GArray *
pinion_list_pane_dup_selected (PinionListPane *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  append_selected (self, ids, G_MAXUINT);

  return ids;
}

guint
pinion_list_pane_get_n_selected (PinionListPane *self)
{
  return self->model != NULL ? pinion_list_selection_get_size (self->selection) : 0;
}

PinionConversation *
pinion_list_pane_dup_single (PinionListPane *self)
{
  g_autoptr (GtkBitset) set = NULL;

  if (self->model == NULL)
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
  append_selected (self, self->kept, MAX_KEPT);
  self->n_kept = pinion_list_selection_get_size (self->selection);

  if (!gtk_bitset_is_empty (set))
    self->anchor = gtk_bitset_get_minimum (set);
}

static void
on_selection_changed (PinionListPane *self)
{
  if (self->restoring || self->model == NULL)
    return;

  self->wanted = 0;
  keep_selection (self);

  if (self->n_kept > 1 && !self->selecting)
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
  g_autoptr (GArray) found = NULL;

  if (self->n_kept > MAX_KEPT)
    return pinion_list_selection_get_size (self->selection);

  found = pinion_conversation_list_find_all (self->model, self->kept);
  for (guint i = 0; i < found->len; i++)
    gtk_bitset_add (wanted, g_array_index (found, guint, i));

  gtk_bitset_add_range (mask, 0, g_list_model_get_n_items (G_LIST_MODEL (self->model)));
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), wanted, mask);

  return (guint) gtk_bitset_get_size (wanted);
}

/* The rows are laid out between the first tick and the second; a bar that slides away moves them longer. */
static gboolean
on_top_tick (GtkWidget     *widget,
             GdkFrameClock *clock,
             gpointer       user_data)
{
  PinionListPane *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  int page = (int) gtk_adjustment_get_page_size (adjustment);
  gboolean at_rest = page == self->top_page;

  self->top_page = page;
  if (self->top_ticks++ == 0)
    return G_SOURCE_CONTINUE;

  gtk_adjustment_set_value (adjustment, self->place);
  if (!at_rest)
    return G_SOURCE_CONTINUE;

  self->top_tick = 0;
  self->place = 0;

  return G_SOURCE_REMOVE;
}

static void
forget_top (PinionListPane *self)
{
  if (self->top_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->list), self->top_tick);
  self->top_tick = 0;
}

/* Or the place it is to have.  A list view leaves the title above its first row out of sight: it comes with
 * the next frame. */
static void
show_top (PinionListPane *self)
{
  gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_NONE, NULL);
  forget_top (self);
  self->top_ticks = 0;
  self->top_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->list), on_top_tick, self, NULL);
}

static gboolean
is_at_top (PinionListPane *self)
{
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) < TITLE;
}

static void
go_to (PinionListPane     *self,
       guint               position,
       GtkListScrollFlags  flags)
{
  pinion_list_selection_tell_all (self->selection);
  gtk_list_view_scroll_to (self->list, position, flags, NULL);
}

/* The one that was being read has left: the next one takes its place. */
static void
select_successor (PinionListPane *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n == 0 || self->selecting)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  else
    go_to (self, MIN (self->anchor, n - 1), GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS);
}

static void
restore (PinionListPane *self)
{
  guint before = self->n_kept;
  guint found;

  if (self->was_at_top && self->model != NULL &&
      g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    show_top (self);

  if (self->wanted != 0)
    pinion_list_pane_select (self, self->wanted);

  if (before == 0)
    return;

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
}

static gboolean
on_restore (gpointer user_data)
{
  PinionListPane *self = user_data;

  self->restore_source = 0;
  restore (self);

  return G_SOURCE_REMOVE;
}

/* -- What has come above -------------------------------------------------------------------- */

static void
count_above (PinionListPane *self,
             guint           n)
{
  g_autofree char *words =
    g_strdup_printf (ngettext ("%'u new above", "%'u new above", n), n);

  self->n_above = n;
  if (n > 0)
    gtk_button_set_label (self->above_button, words);
  gtk_revealer_set_reveal_child (self->above, n > 0);
}

static void
on_above_clicked (PinionListPane *self)
{
  show_top (self);
}

static void
on_scrolled (PinionListPane *self)
{
  if (self->n_above > 0 && is_at_top (self))
    count_above (self, 0);
}

void
pinion_list_pane_watch_place (PinionListPane *self)
{
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
}

void
pinion_list_pane_bind_selection (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_above_clicked);
}

static void
on_items_changed (PinionListPane *self,
                  guint           position,
                  guint           removed,
                  guint           added)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (position + removed <= self->anchor)
    self->anchor += added - removed;
  else if (position <= self->anchor && removed > added)
    self->anchor = position + added;

  if (self->restore_source == 0)
    {
      /* What is new among the first, or back there, is shown to whoever looks at the top, and moves nobody
       * else. */
      self->was_at_top = (position == 0 && added == n) ||
                         ((position == 0 || added > removed) && is_at_top (self));
      self->restore_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_restore, self, NULL);
    }

  if (position == 0 && removed == 0 && !self->was_at_top && added < n)
    count_above (self, self->n_above + added);

  pinion_list_pane_update_state (self);
}

/* -- What is acted on ----------------------------------------------------------------------- */

/* Whether what is acted on in the view shown will not be in it any more. */
static gboolean
will_leave (PinionListPane *self,
            PinionAct       act,
            gint64          label)
{
  gboolean is_label = self->view.kind == PINION_VIEW_LABEL;
  gboolean is_inbox = pinion_list_pane_shows_inbox (self);

  switch ((int) act)
    {
    case PINION_ACT_ARCHIVE:
    case PINION_ACT_MOVE:
      return is_inbox || is_label;

    case PINION_ACT_TRASH:
    case PINION_ACT_SPAM:
      return is_inbox || is_label || self->view.kind == PINION_VIEW_ALL_MAIL;

    case PINION_ACT_NOT_SPAM:
    case PINION_ACT_TO_INBOX:
    case PINION_ACT_DELETE:
      return is_label && !is_inbox;

    case PINION_ACT_SNOOZE:
      return is_inbox;

    case PINION_ACT_UNSNOOZE:
      return self->view.kind == PINION_VIEW_SNOOZED;

    case PINION_ACT_UNSTAR:
      return self->view.kind == PINION_VIEW_STARRED;

    case PINION_ACT_REMOVE_LABEL:
      return is_label && label == self->view.label;

    default:
      return FALSE;
    }
}

/* Before the next key is read: it is about what comes next. */
static void
leave (PinionListPane *self,
       const gint64   *conversations,
       guint           n_conversations)
{
  pinion_conversation_list_leave (self->model, conversations, n_conversations);
  if (self->restore_source == 0)
    return;

  g_clear_handle_id (&self->restore_source, g_source_remove);
  restore (self);
}

PinionConversationList *
pinion_list_pane_foretell (PinionListPane   *self,
                           PinionAct         act,
                           const gint64     *conversations,
                           guint             n_conversations,
                           const PinionView *view,
                           gint64            label)
{
  static const struct
  {
    PinionAct act;
    int unread;
    int starred;
  } marks[] = {
    { PINION_ACT_READ, 0, -1 }, { PINION_ACT_SEEN, 0, -1 },   { PINION_ACT_UNREAD, 1, -1 },
    { PINION_ACT_STAR, -1, 1 }, { PINION_ACT_UNSTAR, -1, 0 },
  };

  if (!self->has_view || !pinion_view_equal (view, &self->view))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i].act == act)
      pinion_conversation_list_expect (self->model, conversations, n_conversations,
                                       marks[i].unread, marks[i].starred);

  if (self->query != NULL || !will_leave (self, act, label))
    return NULL;

  leave (self, conversations, n_conversations);

  return g_object_ref (self->model);
}

void
pinion_list_pane_watch_selection (PinionListPane *self)
{
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (on_selection_changed), self, G_CONNECT_SWAPPED);
}

void
pinion_list_pane_watch_model (PinionListPane *self)
{
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
}

void
pinion_list_pane_forget_selection (PinionListPane *self)
{
  g_clear_handle_id (&self->restore_source, g_source_remove);
  forget_top (self);
  self->wanted = 0;
  self->place = 0;
  g_array_set_size (self->kept, 0);
  self->n_kept = 0;
  self->anchor = 0;
  count_above (self, 0);
}

/* -- Selecting ------------------------------------------------------------------------------ */

void
pinion_list_pane_select (PinionListPane *self,
                         gint64          conversation)
{
  GtkListScrollFlags flags = GTK_LIST_SCROLL_SELECT;
  guint position;

  if (self->model == NULL)
    return;

  position = pinion_conversation_list_find (self->model, conversation);
  self->wanted = position == GTK_INVALID_LIST_POSITION ? conversation : 0;
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  /* The keyboard goes on from there. */
  if (gtk_widget_get_state_flags (GTK_WIDGET (self->list)) & GTK_STATE_FLAG_FOCUS_WITHIN)
    flags |= GTK_LIST_SCROLL_FOCUS;
  go_to (self, position, flags);
}

void
pinion_list_pane_step (PinionListPane *self,
                       int             step)
{
  g_autoptr (GtkBitset) set = NULL;
  guint n, position;

  if (self->model == NULL)
    return;

  n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  if (n == 0)
    return;

  set = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_is_empty (set))
    position = 0;
  else if (step < 0)
    position = gtk_bitset_get_minimum (set) > 0 ? gtk_bitset_get_minimum (set) - 1 : 0;
  else
    position = MIN (gtk_bitset_get_maximum (set) + 1, n - 1);

  go_to (self, position, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS);
}

void
pinion_list_pane_select_all (PinionListPane *self)
{
  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;

  pinion_list_pane_set_selecting (self, TRUE);
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
}

void
pinion_list_pane_unselect (PinionListPane *self)
{
  if (self->model != NULL)
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

  /* So many labels are not looked for */
  if (conversations->len > PINION_LIST_PANE_LOOKED_AT)
    return 0;

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

/* -- The bar -------------------------------------------------------------------------------- */

gboolean
pinion_list_pane_make_menu (PinionListPane *self)
{
  g_return_val_if_fail (PINION_IS_LIST_PANE (self), FALSE);

  if (gtk_menu_button_get_menu_model (self->bar_menu) != NULL)
    return FALSE;

  gtk_menu_button_set_menu_model (self->bar_menu, self->selection_menu);

  return TRUE;
}

/* The rows have had the frame before. */
static gboolean
on_bar_tick (GtkWidget     *widget,
             GdkFrameClock *clock,
             gpointer       user_data)
{
  PinionListPane *self = PINION_LIST_PANE (widget);

  if (!self->bar_waited)
    {
      self->bar_waited = TRUE;
      return G_SOURCE_CONTINUE;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->bar), TRUE);
  gtk_revealer_set_reveal_child (self->bar, self->selecting);
  self->bar_waited = FALSE;
  self->bar_tick = 0;

  return G_SOURCE_REMOVE;
}

void
pinion_list_pane_show_bar (PinionListPane *self)
{
  if (self->selecting && self->bar_tick == 0)
    self->bar_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_bar_tick, NULL, NULL);
  else
    gtk_revealer_set_reveal_child (self->bar, self->selecting);
}
