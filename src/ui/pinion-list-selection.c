/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-list-selection.h"

struct _PinionListSelection
{
  GObject parent_instance;

  PinionConversationList *list;
  GtkBitset *selected;
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

static GType
pinion_list_selection_get_item_type (GListModel *model)
{
  return PINION_TYPE_CONVERSATION;
}

static guint
pinion_list_selection_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (PINION_LIST_SELECTION (model)->list));
}

static gpointer
pinion_list_selection_get_item (GListModel *model,
                                guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (PINION_LIST_SELECTION (model)->list), position);
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
  pinion_conversation_list_get_section (PINION_LIST_SELECTION (model)->list, position, start, end);
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

  gtk_bitset_subtract (now, mask);
  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_union (now, wanted);
  gtk_bitset_difference (changed, now);
  if (gtk_bitset_is_empty (changed))
    return TRUE;

  /* Somebody may hold the one there was. */
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&now);
  first = gtk_bitset_get_minimum (changed);
  last = gtk_bitset_get_maximum (changed);
  gtk_selection_model_selection_changed (model, first, last - first + 1);

  return TRUE;
}

static void
pinion_list_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = pinion_list_selection_is_selected;
  iface->get_selection_in_range = pinion_list_selection_get_selection_in_range;
  iface->set_selection = pinion_list_selection_set_selection;
}

/* -- The list ------------------------------------------------------------------------------- */

static void
on_items_changed (PinionListSelection *self,
                  guint                position,
                  guint                removed,
                  guint                added)
{
  GtkBitset *now = gtk_bitset_copy (self->selected);

  gtk_bitset_splice (now, position, removed, added);
  gtk_bitset_unref (self->selected);
  self->selected = now;
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
on_sections_changed (PinionListSelection *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self));

  if (n > 0)
    gtk_section_model_sections_changed (GTK_SECTION_MODEL (self), 0, n);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_list_selection_finalize (GObject *object)
{
  PinionListSelection *self = PINION_LIST_SELECTION (object);

  gtk_bitset_unref (self->selected);
  g_object_unref (self->list);

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
}

PinionListSelection *
pinion_list_selection_new (PinionConversationList *list)
{
  PinionListSelection *self = g_object_new (PINION_TYPE_LIST_SELECTION, NULL);

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "sections-changed", G_CALLBACK (on_sections_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

guint
pinion_list_selection_get_size (PinionListSelection *self)
{
  return (guint) gtk_bitset_get_size (self->selected);
}
