/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the list says where there is nothing to list: why, and truly. */

#include <sqlite3.h>

#include "pinion-ui-desk.h"

/* Without it no list can be read. */
#define INDEX "thread_view_list"

typedef struct
{
  Fixture *store;
  sqlite3 *database;
  char *index;
  PinionEngine *engine;
  PinionWindow *window;
} Desk;

/* -- The desk ------------------------------------------------------------------------------- */

static int
take_sql (void  *data,
          int    n,
          char **values,
          char **names)
{
  g_set_str (data, values[0]);

  return 0;
}

static void
run (Desk       *desk,
     const char *sql,
     char      **told)
{
  g_assert_cmpint (sqlite3_exec (desk->database, sql, told != NULL ? take_sql : NULL, told, NULL),
                   ==, SQLITE_OK);
}

static void
set_up (Desk         *desk,
        gconstpointer data)
{
  g_autofree char *path = NULL;

  desk->store = fixture_new ();
  path = g_build_filename (desk->store->dir, "pinion.db", NULL);
  fixture_close (desk->store);

  desk->engine = desk_open_engine (desk->store);
  g_assert_cmpint (sqlite3_open (path, &desk->database), ==, SQLITE_OK);
  sqlite3_busy_timeout (desk->database, 10000);
  run (desk, "SELECT sql FROM sqlite_schema WHERE name = '" INDEX "'", &desk->index);
  g_assert_nonnull (desk->index);

  desk->window = desk_open_window (desk->engine);
}

static void
tear_down (Desk         *desk,
           gconstpointer data)
{
  desk_close_window (g_steal_pointer (&desk->window), g_steal_pointer (&desk->engine));
  sqlite3_close (desk->database);
  g_free (desk->index);
  fixture_reopen (desk->store);
  fixture_free (desk->store);
}

static gboolean
says (Desk       *desk,
      const char *title)
{
  PinionListPane *pane = desk->window->list_pane;

  return g_strcmp0 (gtk_stack_get_visible_child_name (pane->stack), "empty") == 0 &&
         g_str_equal (adw_status_page_get_title (pane->empty), title);
}

static void
test_cannot_be_read (Desk         *desk,
                     gconstpointer data)
{
  PinionListPane *pane = desk->window->list_pane;
  PinionView starred = { PINION_VIEW_STARRED, desk->store->account, 0 };

  wait_until (says (desk, "Inbox Zero"));
  g_assert_false (gtk_widget_get_visible (pane->again_button));

  run (desk, "DROP INDEX " INDEX, NULL);
  pinion_list_pane_show_view (pane, &starred, "Starred");
  wait_until (says (desk, "Your Mail Cannot Be Read"));
  g_assert_true (gtk_widget_get_visible (pane->again_button));
  g_assert_nonnull (strstr (adw_status_page_get_description (pane->empty), "Check the disk"));

  g_signal_emit_by_name (pane->again_button, "clicked");
  wait_until (!pinion_conversation_list_get_loading (pane->model));
  g_assert_true (says (desk, "Your Mail Cannot Be Read"));

  run (desk, desk->index, NULL);
  g_signal_emit_by_name (pane->again_button, "clicked");
  wait_until (says (desk, "No Starred Conversations"));
  g_assert_false (gtk_widget_get_visible (pane->again_button));
}

/* As narrow as a phone is, with letters twice as large: the way out of a selection stays in sight. */
static void
test_large_text (Desk         *desk,
                 gconstpointer data)
{
  PinionListPane *pane = desk->window->list_pane;
  GtkSettings *settings = gtk_settings_get_default ();
  int least;

  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * PANGO_SCALE, NULL);
  pinion_list_pane_set_sidebar_button (pane, TRUE);
  for (int selecting = FALSE; selecting <= TRUE; selecting++)
    {
      pinion_list_pane_set_selecting (pane, selecting);
      gtk_widget_measure (GTK_WIDGET (pane), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      g_assert_cmpint (least, <=, 350);
    }
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();

  g_test_add ("/list-states/cannot-be-read", Desk, NULL, set_up, test_cannot_be_read, tear_down);
  g_test_add ("/list-states/large-text", Desk, NULL, set_up, test_large_text, tear_down);

  return g_test_run ();
}
