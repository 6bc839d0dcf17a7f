/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people arrange in the sidebar: folding, moving by keys, placing by drags. */

#include "pinion-sidebar-private.h"

#include "pinion-actions.h"

#define SHOW_DELAY 50 /* ms; after the rows have been laid out */

/* -- Folding -------------------------------------------------------------------------------- */

void
pinion_sidebar_toggle_fold (PinionSidebar     *self,
                            PinionSidebarItem *item)
{
  const PinionView *view = pinion_sidebar_item_get_view (item);
  gboolean folded = !pinion_sidebar_item_get_folded (item);
  DexFuture *done;

  if (!pinion_sidebar_item_get_foldable (item))
    return;

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION)
    done = pinion_engine_fold_section (self->engine, view->account, view->label, folded);
  else
    done = pinion_engine_fold_label (self->engine, view->label, folded);

  pinion_sidebar_follow (self, done, NULL);
}

/* -- Moving --------------------------------------------------------------------------------- */

/* A row that is new has no place yet when it is scrolled to. */
static gboolean
on_show_moved (gpointer user_data)
{
  PinionSidebar *self = user_data;

  self->show_source = 0;
  if (self->to_show < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    gtk_list_view_scroll_to (self->list, self->to_show, GTK_LIST_SCROLL_NONE, NULL);

  return G_SOURCE_REMOVE;
}

/* The rows are made anew when something moves, and the focus would stay at the old place. */
void
pinion_sidebar_restore_focus (PinionSidebar *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; self->to_focus != NULL &&
                    i < g_list_model_get_n_items (G_LIST_MODEL (self->model)); i++)
    {
      g_autoptr (PinionSidebarItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), i);

      if (item == self->to_focus)
        position = i;
    }

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  g_clear_object (&self->to_focus);
  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_FOCUS, NULL);
  self->to_show = position;
  if (self->show_source == 0)
    self->show_source = g_timeout_add (SHOW_DELAY, on_show_moved, self);
}

static guint
find_section_place (PinionSidebar *self,
                    gint64         account,
                    gint64         section)
{
  GListModel *sections = pinion_engine_get_sections (self->engine);
  guint place = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (PinionSection) known = g_list_model_get_item (sections, i);

      if (pinion_section_get_account (known) != account || pinion_section_get_id (known) == 0)
        continue;
      if (pinion_section_get_id (known) == section)
        return place;
      place++;
    }

  return place;
}

static void
move_section (PinionSidebar    *self,
              const PinionView *view,
              int               step)
{
  guint place = find_section_place (self, view->account, view->label);

  if (view->label == 0 || (place == 0 && step < 0))
    return;

  pinion_sidebar_follow (
    self, pinion_engine_move_section (self->engine, view->label, place + (guint) step), NULL);
}

void
pinion_sidebar_move (PinionSidebar     *self,
                     PinionSidebarItem *item,
                     int                step)
{
  PinionLabel *label = pinion_sidebar_item_get_label (item);
  g_auto (PinionPlace) place = { 0 };

  if (pinion_sidebar_move_search (self, item, step))
    return;

  if (pinion_sidebar_item_get_kind (item) == PINION_SIDEBAR_SECTION)
    {
      g_set_object (&self->to_focus, item);
      move_section (self, pinion_sidebar_item_get_view (item), step);
    }
  else if (label != NULL && pinion_sidebar_model_step (self->model, label, step, &place))
    {
      g_set_object (&self->to_focus, item);
      pinion_sidebar_follow (self,
                             pinion_engine_place_label (self->engine, pinion_label_get_id (label),
                                                        place.section, place.order),
                             pinion_label_get_name (label));
    }
}

/* -- Keys ----------------------------------------------------------------------------------- */

static PinionLabelRow *
find_focused_row (GtkWidget *list)
{
  GtkWidget *focus = gtk_widget_get_focus_child (list);
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return PINION_IS_LABEL_ROW (row) ? PINION_LABEL_ROW (row) : NULL;
}

static gboolean
on_menu_key (GtkWidget *list,
             GVariant  *args,
             gpointer   user_data)
{
  PinionSidebar *self = PINION_SIDEBAR (gtk_widget_get_ancestor (list, PINION_TYPE_SIDEBAR));
  PinionLabelRow *row = find_focused_row (list);

  return row != NULL &&
         pinion_sidebar_open_row_menu (self, row, 24, gtk_widget_get_height (GTK_WIDGET (row)));
}

static gboolean
on_rename_key (GtkWidget *list,
               GVariant  *args,
               gpointer   user_data)
{
  PinionSidebar *self = PINION_SIDEBAR (gtk_widget_get_ancestor (list, PINION_TYPE_SIDEBAR));
  PinionLabelRow *row = find_focused_row (list);

  if (row == NULL)
    return GDK_EVENT_PROPAGATE;

  pinion_sidebar_rename (self, pinion_label_row_get_item (row));

  return GDK_EVENT_STOP;
}

/* @user_data: 1 opens, -1 folds, in the direction of the writing. */
static gboolean
on_fold_key (GtkWidget *list,
             GVariant  *args,
             gpointer   user_data)
{
  PinionSidebar *self = PINION_SIDEBAR (gtk_widget_get_ancestor (list, PINION_TYPE_SIDEBAR));
  PinionLabelRow *row = find_focused_row (list);
  PinionSidebarItem *item = row != NULL ? pinion_label_row_get_item (row) : NULL;
  gboolean rtl = gtk_widget_get_direction (list) == GTK_TEXT_DIR_RTL;
  gboolean opens = (GPOINTER_TO_INT (user_data) > 0) != rtl;

  if (item == NULL || !pinion_sidebar_item_get_foldable (item) ||
      pinion_sidebar_item_get_folded (item) != opens)
    return GDK_EVENT_PROPAGATE;

  pinion_sidebar_toggle_fold (self, item);

  return GDK_EVENT_STOP;
}

static gboolean
on_move_key (GtkWidget *list,
             GVariant  *args,
             gpointer   user_data)
{
  PinionSidebar *self = PINION_SIDEBAR (gtk_widget_get_ancestor (list, PINION_TYPE_SIDEBAR));
  PinionLabelRow *row = find_focused_row (list);

  if (row == NULL)
    return GDK_EVENT_PROPAGATE;

  pinion_sidebar_move (self, pinion_label_row_get_item (row), GPOINTER_TO_INT (user_data));

  return GDK_EVENT_STOP;
}

void
pinion_sidebar_add_keys (PinionSidebar *self)
{
  const struct
  {
    const char *action;
    GtkShortcutFunc func;
    int step;
  } keys[] = {
    { "sidebar.row-menu", on_menu_key, 0 },  { "sidebar.row-rename", on_rename_key, 0 },
    { "sidebar.row-fold", on_fold_key, -1 }, { "sidebar.row-unfold", on_fold_key, 1 },
    { "sidebar.row-up", on_move_key, -1 },   { "sidebar.row-down", on_move_key, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    pinion_actions_add_local (GTK_WIDGET (self->list), keys[i].action, keys[i].func,
                              GINT_TO_POINTER (keys[i].step));
}

/* -- Labels dragged ------------------------------------------------------------------------- */

static void
on_label_drag (PinionSidebar  *self,
               gboolean        begins,
               PinionLabelRow *row)
{
  PinionSidebarItem *item = pinion_label_row_get_item (row);
  PinionLabel *label = begins && item != NULL ? pinion_sidebar_item_get_label (item) : NULL;

  g_set_object (&self->label_dragged, label);
  pinion_sidebar_model_set_dragged (self->model, self->label_dragged);

  for (guint i = 0; i < self->rows->len; i++)
    pinion_label_row_set_label_drag (self->rows->pdata[i], self->label_dragged);
}

static void
on_label_dropped (PinionSidebar  *self,
                  PinionLabel    *label,
                  gboolean        below,
                  PinionLabelRow *row)
{
  PinionSidebarItem *target = pinion_label_row_get_item (row);
  g_auto (PinionPlace) place = { 0 };

  if (target == NULL || !pinion_sidebar_model_place (self->model, label, target, below, &place))
    return;

  if (place.makes_section)
    pinion_sidebar_ask_for_section (self, pinion_label_get_account (label), label);
  else
    pinion_sidebar_follow (self,
                           pinion_engine_place_label (self->engine, pinion_label_get_id (label),
                                                      place.section, place.order),
                           pinion_label_get_name (label));
}

static void
on_fold (PinionSidebar  *self,
         PinionLabelRow *row)
{
  pinion_sidebar_toggle_fold (self, pinion_label_row_get_item (row));
}

void
pinion_sidebar_watch_row (PinionSidebar  *self,
                          PinionLabelRow *row)
{
  pinion_label_row_set_model (row, self->model);
  g_signal_connect_object (row, "label-drag", G_CALLBACK (on_label_drag), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "label-dropped", G_CALLBACK (on_label_dropped), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "search-dropped", G_CALLBACK (pinion_sidebar_drop_search), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "fold", G_CALLBACK (on_fold), self, G_CONNECT_SWAPPED);
}
