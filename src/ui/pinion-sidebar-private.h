/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar from within: pinion-sidebar.c owns it, -menu.c has the menus of its rows, -arrange.c
 * the folding, moving and placing, -searches.c what concerns saved searches. */

#pragma once

#include "pinion-label-row.h"
#include "pinion-progress.h"
#include "pinion-saved-search.h"
#include "pinion-sidebar.h"

G_BEGIN_DECLS

struct _PinionSidebar
{
  AdwBin parent_instance;

  GtkMenuButton *menu_button;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  PinionProgress *progress;

  PinionEngine *engine;
  PinionSidebarModel *model;
  GtkSingleSelection *selection;
  GPtrArray *rows;    /* those on screen, borrowed */
  GPtrArray *headers; /* and the titles above them */
  PinionDragged *dragged;
  PinionLabel *label_dragged;
  gboolean selecting;
  PinionView shown; /* also while it has no row */
  gboolean shown_outbox;
  guint title_source;
  gboolean touched;

  /* What gets the focus once its row is there again. */
  PinionSidebarItem *to_focus;
  guint to_show;
  guint show_source;
};

/* -- pinion-sidebar.c */

/* Where @row is in the sidebar: popovers hang there, on a row they would share its gestures and its
 * life. */
GdkRectangle pinion_sidebar_get_place (PinionSidebar  *self,
                                       PinionLabelRow *row);

/* Follows an act to its end: "done", with @title (nullable) what it is about, or "failed".
 * @future: (transfer full) */
void pinion_sidebar_follow (PinionSidebar *self,
                            DexFuture     *future,
                            const char    *title);

/* -- pinion-sidebar-menu.c */

void     pinion_sidebar_install_menu_actions (GtkWidgetClass *klass);
gboolean pinion_sidebar_open_row_menu        (PinionSidebar  *self,
                                              PinionLabelRow *row,
                                              double          x,
                                              double          y);
void     pinion_sidebar_rename               (PinionSidebar     *self,
                                              PinionSidebarItem *item);
/* Asks for the name of a new section; @label: (nullable) what is put there. */
void     pinion_sidebar_ask_for_section      (PinionSidebar *self,
                                              gint64         account,
                                              PinionLabel   *label);

/* -- pinion-sidebar-arrange.c */

void pinion_sidebar_toggle_fold   (PinionSidebar     *self,
                                   PinionSidebarItem *item);
void pinion_sidebar_add_keys      (PinionSidebar *self);
void pinion_sidebar_watch_row     (PinionSidebar  *self,
                                   PinionLabelRow *row);
/* The rows have changed. */
void pinion_sidebar_restore_focus (PinionSidebar *self);
/* Moves @label one step up (-1) or down (1), the section of @item likewise. */
void pinion_sidebar_move          (PinionSidebar     *self,
                                   PinionSidebarItem *item,
                                   int                step);

/* -- pinion-sidebar-searches.c */

void     pinion_sidebar_install_search_actions (GtkWidgetClass *klass);
GMenu   *pinion_sidebar_make_search_menu       (PinionSidebarItem *item);
/* Both return whether @item is a search. */
gboolean pinion_sidebar_rename_search          (PinionSidebar     *self,
                                                PinionSidebarItem *item);
gboolean pinion_sidebar_move_search            (PinionSidebar     *self,
                                                PinionSidebarItem *item,
                                                int                step);
/* The search @dropped on the upper or lower half of @row. */
void     pinion_sidebar_drop_search            (PinionSidebar     *self,
                                                PinionSidebarItem *dropped,
                                                gboolean           below,
                                                PinionLabelRow    *row);

G_END_DECLS
