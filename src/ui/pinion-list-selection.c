/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-selection.h"

/* How many rows can be made, laid out and drawn for the first time in a frame, how many where they are
 * not seen, and how many a view has.  Two frames fill most windows. */
#define FIRST_ROWS 7
#define ROWS_IN_FRAME 13
#define FIRST_FRAMES 2
#define ROWS_OF_VIEW 200

/* How many rows can be taken apart in a frame, beside those that are made; not in the first ones. */
#define ROWS_LEAVING_IN_FRAME 30

/* @before: what was shown until @list has something.  While the rows go over, both are there, the new
 * one first; and after that while those that nobody sees are taken apart, @is_leaving.  @limit: how
 * many of @list the view is told of. */
struct _PinionListSelection
{
  GObject parent_instance;

  GtkListView *view;              /* (nullable) weak */
  PinionConversationList *list;   /* (nullable) */
  PinionConversationList *before; /* (nullable) */
  guint n_before;                 /* that the view was told of */
  gboolean is_leaving;
  GtkBitset *selected;
  guint limit;
  guint tick;
  guint n_ticks;
  gboolean patient;
};

static void pinion_list_selection_list_init      (GListModelInterface        *iface);
static void pinion_list_selection_section_init   (GtkSectionModelInterface   *iface);
static void pinion_list_selection_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PinionListSelection, pinion_list_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pinion_list_selection_list_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SECTION_MODEL,
                                                      pinion_list_selection_section_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                      pinion_list_selection_selection_init))

/* -- The interfaces ------------------------------------------------------------------------- */

static guint
count (PinionConversationList *list)
{
  return list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (list)) : 0;
}

static guint
count_told (PinionListSelection *self)
{
  return MIN (count (self->list), self->limit);
}

static GType
pinion_list_selection_get_item_type (GListModel *model)
{
  return PINION_TYPE_CONVERSATION;
}

static guint
pinion_list_selection_get_n_items (GListModel *model)
{
  PinionListSelection *self = PINION_LIST_SELECTION (model);

  return count_told (self) + self->n_before;
}

static gpointer
pinion_list_selection_get_item (GListModel *model,
                                guint       position)
{
  PinionListSelection *self = PINION_LIST_SELECTION (model);
  guint n = count_told (self);

  if (position < n)
    return g_list_model_get_item (G_LIST_MODEL (self->list), position);
  if (self->before != NULL)
    return g_list_model_get_item (G_LIST_MODEL (self->before), position - n);

  return NULL;
}

static void
pinion_list_selection_list_init (GListModelInterface *iface)
{
  iface->get_item_type = pinion_list_selection_get_item_type;
  iface->get_n_items = pinion_list_selection_get_n_items;
  iface->get_item = pinion_list_selection_get_item;
}

static void
pinion_list_selection_get_section (GtkSectionModel *model,
                                   guint            position,
                                   guint           *start,
                                   guint           *end)
{
  PinionListSelection *self = PINION_LIST_SELECTION (model);
  guint n = count_told (self);

  if (position < n)
    {
      pinion_conversation_list_get_section (self->list, position, start, end);
      /* A list without sections says no end. */
      *end = MIN (*end, n);
      return;
    }
  if (self->before == NULL)
    {
      *start = n;
      *end = G_MAXUINT;
      return;
    }

  pinion_conversation_list_get_section (self->before, position - n, start, end);
  *start += n;
  *end = MIN (*end, self->n_before) + n;
}

static void
pinion_list_selection_section_init (GtkSectionModelInterface *iface)
{
  iface->get_section = pinion_list_selection_get_section;
}

static gboolean
pinion_list_selection_is_selected (GtkSelectionModel *model,
                                   guint              position)
{
  return gtk_bitset_contains (PINION_LIST_SELECTION (model)->selected, position);
}

static GtkBitset *
pinion_list_selection_get_selection_in_range (GtkSelectionModel *model,
                                              guint              position,
                                              guint              n_items)
{
  return gtk_bitset_ref (PINION_LIST_SELECTION (model)->selected);
}

static gboolean
pinion_list_selection_set_selection (GtkSelectionModel *model,
                                     GtkBitset         *selected,
                                     GtkBitset         *mask)
{
  PinionListSelection *self = PINION_LIST_SELECTION (model);
  g_autoptr (GtkBitset) now = gtk_bitset_copy (self->selected);
  g_autoptr (GtkBitset) wanted = gtk_bitset_copy (selected);
  g_autoptr (GtkBitset) changed = gtk_bitset_copy (self->selected);
  guint first, last;

  if (self->before != NULL && !self->is_leaving)
    return FALSE;

  gtk_bitset_subtract (now, mask);
  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_remove_range_closed (wanted, count (self->list), G_MAXUINT);
  gtk_bitset_union (now, wanted);
  gtk_bitset_difference (changed, now);
  if (gtk_bitset_is_empty (changed))
    return TRUE;

  pinion_list_selection_tell_all (self);

  /* Somebody may hold the one there was. */
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&now);
  first = gtk_bitset_get_minimum (changed);
  last = gtk_bitset_get_maximum (changed);
  gtk_selection_model_selection_changed (model, first, last - first + 1);

  return TRUE;
}

static gboolean
pinion_list_selection_select_all (GtkSelectionModel *model)
{
  PinionListSelection *self = PINION_LIST_SELECTION (model);
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, count (self->list));

  return pinion_list_selection_set_selection (model, all, all);
}

static void
pinion_list_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->select_all = pinion_list_selection_select_all;
  iface->is_selected = pinion_list_selection_is_selected;
  iface->get_selection_in_range = pinion_list_selection_get_selection_in_range;
  iface->set_selection = pinion_list_selection_set_selection;
}

/* -- The list ------------------------------------------------------------------------------- */

static void
raise_limit (PinionListSelection *self,
             guint                limit)
{
  guint told = count_told (self);

  self->limit = limit >= ROWS_OF_VIEW ? G_MAXUINT : limit;
  if (count_told (self) > told)
    g_list_model_items_changed (G_LIST_MODEL (self), told, 0, count_told (self) - told);
}

/* But for @n, the last of what was before leaves. */
static void
leave_before (PinionListSelection *self,
              guint                n)
{
  guint n_leaving = self->n_before > n ? self->n_before - n : 0;

  if (n_leaving == 0)
    return;

  g_autoptr (PinionConversationList) before = n == 0 ? g_steal_pointer (&self->before) : NULL;
  self->n_before = n;
  self->is_leaving = n > 0;
  g_list_model_items_changed (G_LIST_MODEL (self), count_told (self) + n, n_leaving, 0);
  /* Its conversations take a while to free */
  if (before != NULL)
    g_idle_add_once (g_object_unref, g_steal_pointer (&before));
}

static void
leave_all_before (PinionListSelection *self)
{
  if (self->is_leaving)
    leave_before (self, 0);
}

static void
leave_some (PinionListSelection *self)
{
  if (self->is_leaving)
    leave_before (self, self->n_before > ROWS_LEAVING_IN_FRAME ? self->n_before - ROWS_LEAVING_IN_FRAME : 0);
}

/* The first one comes before the rows there are have been laid out. */
static gboolean
on_tick (GtkWidget     *view,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  PinionListSelection *self = user_data;

  if (self->n_ticks++ > 0 && (self->n_ticks <= FIRST_FRAMES || !self->patient))
    raise_limit (self, self->limit + ROWS_IN_FRAME);
  if (self->n_ticks > FIRST_FRAMES)
    leave_some (self);
  if (self->limit < count (self->list) || self->is_leaving)
    return G_SOURCE_CONTINUE;

  self->limit = G_MAXUINT;
  self->tick = 0;

  return G_SOURCE_REMOVE;
}

static void
stop_telling (PinionListSelection *self)
{
  if (self->tick != 0 && self->view != NULL)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick);
  self->tick = 0;
}

/* The conversations of the frames that fill the window are read together. */
static void
read_first (PinionListSelection *self)
{
  guint n = MIN (count (self->list), FIRST_ROWS + ROWS_IN_FRAME);

  for (guint i = 0; i < n; i++)
    g_object_unref (g_list_model_get_item (G_LIST_MODEL (self->list), i));
}

/* @n_ticks: what there were of this already. */
static void
tell_in_parts (PinionListSelection *self,
               guint                limit,
               guint                n_ticks)
{
  stop_telling (self);
  self->limit = limit;
  self->n_ticks = n_ticks;
  if (self->view != NULL && (self->limit < count (self->list) || self->is_leaving))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), on_tick, self, NULL);
  else
    self->limit = G_MAXUINT;
}

/* @limit: at first. */
static void
begin_telling (PinionListSelection *self,
               guint                limit)
{
  read_first (self);
  tell_in_parts (self, limit, 0);
}

static gboolean
is_at_top (PinionListSelection *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  return gtk_adjustment_get_value (adjustment) < 1;
}

/* Whether the view would have to make most of its rows anew, and nobody is looking at those below. */
static gboolean
is_other_list (PinionListSelection *self,
               guint                position,
               guint                removed,
               guint                added)
{
  if (removed == 0 && added == count (self->list))
    return TRUE;

  return position < ROWS_IN_FRAME && MIN (removed, added) > ROWS_IN_FRAME && self->view != NULL
         && is_at_top (self);
}

/* Whether there are many more all at once at the end of a list that the view has not made all its
 * rows for: what a search found first, and then all. */
static gboolean
has_grown (PinionListSelection *self,
           guint                position,
           guint                removed,
           guint                added)
{
  return self->limit == G_MAXUINT && position < ROWS_OF_VIEW && added > removed + ROWS_IN_FRAME
         && position + added == count (self->list);
}

/* Before the limit, all is told as it is; a change that reaches it is one of all that follows. */
static void
on_items_changed (PinionListSelection *self,
                  guint                position,
                  guint                removed,
                  guint                added)
{
  GtkBitset *now = gtk_bitset_copy (self->selected);
  guint told_before = MIN (count (self->list) + removed - added, self->limit);
  gboolean knew_all = self->limit == G_MAXUINT;
  guint told, first;

  gtk_bitset_splice (now, position, removed, added);
  gtk_bitset_unref (self->selected);
  self->selected = now;
  if (is_other_list (self, position, removed, added))
    begin_telling (self, FIRST_ROWS);
  else if (has_grown (self, position, removed, added))
    tell_in_parts (self, position + ROWS_IN_FRAME, FIRST_FRAMES);

  told = count_told (self);
  first = MIN (position, told_before);
  if (knew_all && self->limit == G_MAXUINT)
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  else if (position < told_before || told != told_before)
    g_list_model_items_changed (G_LIST_MODEL (self), first, told_before - first, told - first);
}

/* A view that has less rows than it may have keeps them, and makes those of a new list; one that
 * has them all uses them again, and takes apart what a shorter list leaves over, for which it
 * needs a frame. */
static guint
get_first_limit (PinionListSelection *self)
{
  if (self->n_before < ROWS_OF_VIEW)
    return FIRST_ROWS;

  return count (self->list) < ROWS_OF_VIEW ? FIRST_ROWS + ROWS_IN_FRAME : G_MAXUINT;
}

/* Pixels of one, on average. */
static double
get_row_height (PinionListSelection *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  return gtk_adjustment_get_upper (adjustment) / MAX (self->n_before, 1);
}

/* How many rows of a view with all it may have are left for the frames that follow, where what came
 * above them, @height, hides them. */
static guint
get_n_staying (PinionListSelection *self,
               double               height)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (self->n_before < ROWS_OF_VIEW || count (self->list) >= ROWS_OF_VIEW
      || height < gtk_adjustment_get_page_size (adjustment))
    return 0;
  /* What is not shown has no frames. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    return 0;

  return ROWS_OF_VIEW - count_told (self);
}

/* A view takes the rows apart that are removed, but uses those again that it scrolls away from.  So the
 * new ones come above, the view goes up there, and what it left is removed.  Where the keyboard is and
 * where a range of selected rows would begin go along. */
static void
go_over (PinionListSelection *self)
{
  double height = get_row_height (self);
  guint n;

  begin_telling (self, get_first_limit (self));
  n = count_told (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
  gtk_list_view_scroll_to (self->view, 0, GTK_LIST_SCROLL_FOCUS | GTK_LIST_SCROLL_SELECT, NULL);
  leave_before (self, get_n_staying (self, n * height));
  if (self->is_leaving)
    tell_in_parts (self, self->limit, 0);
}

static void
on_list_changed (PinionListSelection *self,
                 guint                position,
                 guint                removed,
                 guint                added)
{
  if (self->before == NULL || self->is_leaving)
    on_items_changed (self, position, removed, added);
  else
    go_over (self);

  /* They would be seen. */
  if (count (self->list) < FIRST_ROWS + ROWS_IN_FRAME)
    leave_all_before (self);
}

static void
on_sections_changed (PinionListSelection *self)
{
  guint n = count_told (self);

  if (n > 0)
    gtk_section_model_sections_changed (GTK_SECTION_MODEL (self), 0, n);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_list_selection_finalize (GObject *object)
{
  PinionListSelection *self = PINION_LIST_SELECTION (object);

  stop_telling (self);
  g_clear_weak_pointer (&self->view);
  gtk_bitset_unref (self->selected);
  g_clear_object (&self->before);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (pinion_list_selection_parent_class)->finalize (object);
}

static void
pinion_list_selection_class_init (PinionListSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_list_selection_finalize;
}

static void
pinion_list_selection_init (PinionListSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
  self->limit = G_MAXUINT;
}

PinionListSelection *
pinion_list_selection_new (GtkListView *view)
{
  PinionListSelection *self = g_object_new (PINION_TYPE_LIST_SELECTION, NULL);

  g_set_weak_pointer (&self->view, view);
  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (self));

  return self;
}

/* What is left of it stays to be looked at, so to speak. */
static void
leave_list (PinionListSelection *self)
{
  g_autoptr (PinionConversationList) list = g_steal_pointer (&self->list);

  if (list == NULL)
    return;

  stop_telling (self);
  leave_all_before (self);
  g_signal_handlers_disconnect_by_data (list, self);
  pinion_conversation_list_stop (list);
  if (count (list) > 0)
    {
      self->n_before = MIN (count (list), self->limit);
      self->before = g_steal_pointer (&list);
    }
}

void
pinion_list_selection_set_list (PinionListSelection    *self,
                                PinionConversationList *list)
{
  g_return_if_fail (PINION_IS_LIST_SELECTION (self));

  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self));
  leave_list (self);
  if (list == NULL)
    return;

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_list_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "sections-changed", G_CALLBACK (on_sections_changed), self,
                           G_CONNECT_SWAPPED);
  if (count (list) > 0)
    on_list_changed (self, 0, 0, count (list));
}

gboolean
pinion_list_selection_is_beginning (PinionListSelection *self)
{
  g_return_val_if_fail (PINION_IS_LIST_SELECTION (self), FALSE);

  /* What is not shown has no frames. */
  return self->tick != 0 && self->n_ticks <= FIRST_FRAMES && self->view != NULL
         && gtk_widget_get_mapped (GTK_WIDGET (self->view));
}

void
pinion_list_selection_set_patient (PinionListSelection *self,
                                   gboolean             patient)
{
  g_return_if_fail (PINION_IS_LIST_SELECTION (self));

  self->patient = patient;
}

guint
pinion_list_selection_get_size (PinionListSelection *self)
{
  return (guint) gtk_bitset_get_size (self->selected);
}

void
pinion_list_selection_tell_all (PinionListSelection *self)
{
  stop_telling (self);
  raise_limit (self, G_MAXUINT);
  leave_all_before (self);
}
