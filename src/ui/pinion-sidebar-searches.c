/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Saved searches in the sidebar: their menu, their names, their order. */

#include "pinion-sidebar-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-name-dialog.h"

static PinionSavedSearch *
get_search (PinionSidebar     *self,
            PinionSidebarItem *item)
{
  if (pinion_sidebar_item_get_kind (item) != PINION_SIDEBAR_SEARCH)
    return NULL;

  return pinion_engine_find_saved_search (self->engine, pinion_sidebar_item_get_view (item)->label);
}

/* Among those that are shown; -1: it is not. */
static int
find_place (PinionSidebar *self,
            gint64         search)
{
  GListModel *searches = pinion_engine_get_saved_searches (self->engine);
  int place = 0;

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr (PinionSavedSearch) known = g_list_model_get_item (searches, i);

      if (!pinion_saved_search_get_pinned (known))
        continue;
      if (pinion_saved_search_get_id (known) == search)
        return place;
      place++;
    }

  return -1;
}

/* -- Its name ------------------------------------------------------------------------------- */

typedef struct
{
  PinionSidebar *sidebar;
  gint64 search;
} Renaming;

static void
renaming_free (gpointer data)
{
  Renaming *self = data;

  g_object_unref (self->sidebar);
  g_free (self);
}

static char *
check_name (const char *name,
            gpointer    user_data)
{
  const Renaming *self = user_data;
  PinionSavedSearch *other =
    pinion_engine_find_saved_search_named (self->sidebar->engine, name);

  return other != NULL && pinion_saved_search_get_id (other) != self->search
           ? g_strdup (_("There is a search with this name already."))
           : NULL;
}

static void
take_name (const char *name,
           gpointer    user_data)
{
  const Renaming *self = user_data;

  pinion_sidebar_follow (self->sidebar,
                         pinion_engine_rename_search (self->sidebar->engine, self->search, name),
                         name);
}

static void
rename_search (PinionSidebar     *self,
               PinionSavedSearch *search)
{
  Renaming *renaming = g_new0 (Renaming, 1);

  renaming->sidebar = g_object_ref (self);
  renaming->search = pinion_saved_search_get_id (search);
  pinion_name_dialog_present (GTK_WIDGET (self), _("Rename Search"),
                              pinion_saved_search_get_name (search), _("_Rename"), check_name,
                              take_name, renaming, renaming_free);
}

gboolean
pinion_sidebar_rename_search (PinionSidebar     *self,
                              PinionSidebarItem *item)
{
  PinionSavedSearch *search = get_search (self, item);

  if (search != NULL)
    rename_search (self, search);

  return search != NULL;
}

/* -- Its place ------------------------------------------------------------------------------ */

static void
move_search (PinionSidebar *self,
             gint64         search,
             int            step)
{
  int place = find_place (self, search);

  if (place >= 0 && place + step >= 0)
    pinion_sidebar_follow (
      self, pinion_engine_move_search (self->engine, search, (guint) (place + step)), NULL);
}

gboolean
pinion_sidebar_move_search (PinionSidebar     *self,
                            PinionSidebarItem *item,
                            int                step)
{
  if (get_search (self, item) == NULL)
    return FALSE;

  g_set_object (&self->to_focus, item);
  move_search (self, pinion_sidebar_item_get_view (item)->label, step);

  return TRUE;
}

void
pinion_sidebar_drop_search (PinionSidebar     *self,
                            PinionSidebarItem *dropped,
                            gboolean           below,
                            PinionLabelRow    *row)
{
  PinionSidebarItem *target = pinion_label_row_get_item (row);
  gint64 search = pinion_sidebar_item_get_view (dropped)->label;
  int from = find_place (self, search);
  int to = 0;

  if (target == NULL || from < 0)
    return;
  if (pinion_sidebar_item_get_kind (target) == PINION_SIDEBAR_SEARCH)
    to = find_place (self, pinion_sidebar_item_get_view (target)->label) + (below ? 1 : 0);

  /* It leaves its own place first */
  if (to > from)
    to--;
  if (to >= 0 && to != from)
    pinion_sidebar_follow (self, pinion_engine_move_search (self->engine, search, (guint) to),
                           NULL);
}

/* -- Its menu ------------------------------------------------------------------------------- */

static void
append (GMenu      *menu,
        const char *words,
        const char *action,
        gint64      search)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (words, NULL);

  g_menu_item_set_action_and_target (item, action, "x", search);
  g_menu_append_item (menu, item);
}

GMenu *
pinion_sidebar_make_search_menu (PinionSidebarItem *item)
{
  gint64 search = pinion_sidebar_item_get_view (item)->label;
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) pin = g_menu_new ();
  g_autoptr (GMenu) itself = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();

  append (pin, _("Unpin from Sidebar"), "sidebar.unpin-search", search);
  append (itself, _("Rename…"), "sidebar.rename-search", search);
  append (itself, _("Move Up"), "sidebar.search-up", search);
  append (itself, _("Move Down"), "sidebar.search-down", search);
  append (end, _("Remove Search"), "sidebar.remove-search", search);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (pin));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (itself));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));

  return menu;
}

static void
act_on_search (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  PinionSidebar *self = PINION_SIDEBAR (widget);
  gint64 id = g_variant_get_int64 (parameter);
  PinionSavedSearch *search = pinion_engine_find_saved_search (self->engine, id);

  if (search == NULL)
    return;

  if (g_str_equal (action, "sidebar.unpin-search"))
    pinion_sidebar_follow (self, pinion_engine_pin_search (self->engine, id, FALSE),
                           pinion_saved_search_get_name (search));
  else if (g_str_equal (action, "sidebar.rename-search"))
    rename_search (self, search);
  else if (g_str_equal (action, "sidebar.remove-search"))
    pinion_sidebar_follow (self, pinion_engine_remove_search (self->engine, id),
                           pinion_saved_search_get_name (search));
  else
    move_search (self, id, g_str_equal (action, "sidebar.search-up") ? -1 : 1);
}

void
pinion_sidebar_install_search_actions (GtkWidgetClass *klass)
{
  static const char *const acts[] = { "sidebar.unpin-search", "sidebar.rename-search",
                                      "sidebar.remove-search", "sidebar.search-up",
                                      "sidebar.search-down" };

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    gtk_widget_class_install_action (klass, acts[i], "x", act_on_search);
}
