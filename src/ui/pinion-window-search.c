/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches of the window: kept under a name, opened again, and told of in the sidebar. */

#include "pinion-window-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-name-dialog.h"

/* -- Showing -------------------------------------------------------------------------------- */

void
pinion_window_show_search (PinionWindow *self,
                           gint64        search)
{
  PinionSavedSearch *saved = pinion_engine_find_saved_search (self->engine, search);

  if (saved == NULL)
    return;

  self->shown_search = search;
  pinion_list_pane_show_search (self->list_pane, pinion_saved_search_get_query (saved),
                                pinion_saved_search_get_order (saved));
}

/* Several may search for the same: the one that was opened counts. */
static PinionSavedSearch *
find_saved (PinionWindow *self,
            const char   *text)
{
  PinionSavedSearch *opened = pinion_engine_find_saved_search (self->engine, self->shown_search);

  return opened != NULL && g_str_equal (pinion_saved_search_get_query (opened), text)
           ? opened
           : pinion_engine_find_saved_search_for (self->engine, text);
}

/* While something is searched for, the sidebar shows that search, or nothing: a click on where one
 * was goes back there. */
void
pinion_window_follow_search (PinionWindow *self)
{
  const char *text = pinion_list_pane_get_search (self->list_pane);
  PinionSavedSearch *saved = text != NULL ? find_saved (self, text) : NULL;
  PinionView view = { PINION_VIEW_LABEL, 0, 0 };
  gboolean is_outbox = FALSE;

  if (saved != NULL)
    view = (PinionView) { PINION_VIEW_ALL_MAIL, 0, pinion_saved_search_get_id (saved) };
  else if (text == NULL)
    view = *pinion_list_pane_get_base (self->list_pane, &is_outbox);

  pinion_list_pane_name_search (self->list_pane,
                                saved != NULL ? pinion_saved_search_get_name (saved) : NULL);
  pinion_sidebar_select (self->sidebar, &view, is_outbox);
  pinion_window_update_acts (self);
}

static void
on_searches_changed (PinionWindow *self)
{
  if (pinion_list_pane_get_search (self->list_pane) != NULL)
    pinion_window_follow_search (self);
}

void
pinion_window_watch_searches (PinionWindow *self)
{
  g_signal_connect_object (self->engine, "changed", G_CALLBACK (on_searches_changed), self,
                           G_CONNECT_SWAPPED);
}

/* -- Keeping -------------------------------------------------------------------------------- */

typedef struct
{
  PinionWindow *window;
  char *query;
  PinionSearchOrder order;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *self = data;

  g_object_unref (self->window);
  g_free (self->query);
  g_free (self);
}

static void
on_name (const char *name,
         gpointer    user_data)
{
  const Keeping *keeping = user_data;
  g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (keeping->window->engine != NULL)
    pinion_window_tell_done (keeping->window,
                             pinion_engine_save_search (keeping->window->engine, name,
                                                        keeping->query, keeping->order),
                             name, NULL, nothing);
}

/* The same name once more is how a search is changed; the way back is told with it. */
static void
on_save_search (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  PinionWindow *self = user_data;
  const char *text;
  PinionSavedSearch *known;
  Keeping *keeping;

  pinion_list_pane_take_search (self->list_pane);
  text = pinion_list_pane_get_search (self->list_pane);
  if (text == NULL || adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)))
    return;

  known = find_saved (self, text);
  keeping = g_new0 (Keeping, 1);
  keeping->window = g_object_ref (self);
  keeping->query = g_strdup (text);
  keeping->order = pinion_list_pane_get_search_order (self->list_pane);
  pinion_name_dialog_present (GTK_WIDGET (self), _("Save Search"),
                              known != NULL ? pinion_saved_search_get_name (known) : text,
                              _("_Save"), NULL, on_name, keeping, keeping_free);
}

static void
on_search_server (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  pinion_list_pane_search_server (PINION_WINDOW (user_data)->list_pane);
}

void
pinion_window_add_search (PinionWindow *self)
{
  static const GActionEntry entries[] = {
    { "save-search", on_save_search },
    { "search-server", on_search_server },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
