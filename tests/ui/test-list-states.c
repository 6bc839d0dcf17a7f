/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the list says where there is nothing to list: why, and truly. */

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

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

static char *
dup_path (Desk *desk)
{
  return g_build_filename (desk->store->dir, "pinion.db", NULL);
}

/* The store's file beside the store. */
static void
open_database (Desk *desk)
{
  g_autofree char *path = dup_path (desk);

  g_assert_cmpint (sqlite3_open (path, &desk->database), ==, SQLITE_OK);
  sqlite3_busy_timeout (desk->database, 10000);
}

static void
set_up (Desk         *desk,
        gconstpointer data)
{
  desk->store = fixture_new ();
  fixture_close (desk->store);

  desk->engine = desk_open_engine (desk->store);
  open_database (desk);
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

/* -- A row that cannot be read -------------------------------------------------------------- */

#define DAMAGED 2

/* Of three conversations the second has so long a subject that it lies on pages of its own. */
static void
add_conversations (Desk *desk)
{
  g_autofree char *long_subject = g_strnfill (100000, 'x');
  const char *subjects[] = { "One", long_subject, "Three" };
  PinionStoreSession *session;

  fixture_reopen (desk->store);
  session = fixture_begin (desk->store);
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *message_id = g_strdup_printf ("%u@example.org", i);
      PinionStoreIncoming incoming = {
        .uid = i + 1,
        .received = 1700000000 - i,
        .size = 1000,
        .header = {
          .message_id = message_id,
          .date = 1700000000 - i,
          .from_name = "Ana",
          .from_address = "ana@example.org",
          .to = "Me",
          .subject = subjects[i],
        },
      };

      pinion_store_messages_add (session, fixture_folder (desk->store, "INBOX"), &incoming, 1);
    }
  fixture_commit (desk->store);
  fixture_close (desk->store);
}

/* Each of those pages says that the next one is where there is none. */
static void
damage (Desk *desk)
{
  static const char nowhere[4] = "\xff\xff\xff\xff";
  g_autofree char *path = dup_path (desk);
  g_autofree char *size = NULL;
  sqlite3_stmt *statement;
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  run (desk, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
  run (desk, "PRAGMA page_size", &size);
  g_assert_cmpint (sqlite3_prepare_v2 (desk->database,
                                       "SELECT pageno FROM dbstat WHERE name = 'message'"
                                       " AND pagetype = 'overflow'",
                                       -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  do
    {
      off_t at = (sqlite3_column_int64 (statement, 0) - 1) * g_ascii_strtoll (size, NULL, 10);

      g_assert_cmpint (pwrite (fd, nowhere, sizeof nowhere, at), ==, sizeof nowhere);
    }
  while (sqlite3_step (statement) == SQLITE_ROW);
  sqlite3_finalize (statement);
  close (fd);
}

static void
set_up_damaged (Desk         *desk,
                gconstpointer data)
{
  desk->store = fixture_new ();
  fixture_close (desk->store);
  add_conversations (desk);
  open_database (desk);
  damage (desk);

  desk->engine = desk_open_engine (desk->store);
  desk->window = desk_open_window (desk->engine);
}

static PinionConversation *
get_row (Desk *desk,
         guint position)
{
  g_autoptr (PinionConversation) row
    = g_list_model_get_item (G_LIST_MODEL (desk->window->list_pane->model), position);

  return row;
}

static void
test_damaged_row (Desk         *desk,
                  gconstpointer data)
{
  static const PinionView inbox = { PINION_VIEW_INBOX, 0, 0 };
  GListModel *rows;
  g_autofree char *name = NULL;

  wait_until (desk->window->list_pane->model != NULL);
  rows = G_LIST_MODEL (desk->window->list_pane->model);
  wait_until (g_list_model_get_n_items (rows) == 3);

  wait_until (pinion_conversation_get_error (get_row (desk, DAMAGED - 1)) != NULL);
  wait_until (pinion_conversation_get_loaded (get_row (desk, 2)));
  g_assert_cmpstr (pinion_conversation_get_subject (get_row (desk, 0)), ==, "One");
  g_assert_cmpstr (pinion_conversation_get_subject (get_row (desk, 2)), ==, "Three");
  g_assert_false (pinion_conversation_get_loaded (get_row (desk, DAMAGED - 1)));

  name = pinion_conversation_dup_accessible_name (get_row (desk, DAMAGED - 1), desk->engine,
                                                  &inbox);
  g_assert_cmpstr (name, ==,
                   "This conversation could not be read. Start Pinion again: it sets the damaged"
                   " file aside and fetches the mail anew.");
}

/* What helps is what was said: the next start. */
static void
tear_down_damaged (Desk         *desk,
                   gconstpointer data)
{
  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*is broken*is built anew*");
  tear_down (desk, data);
  g_test_assert_expected_messages ();
}

/* -- The keyboard --------------------------------------------------------------------------- */

static void
set_up_listed (Desk         *desk,
               gconstpointer data)
{
  desk->store = fixture_new ();
  fixture_close (desk->store);
  add_conversations (desk);
  open_database (desk);

  desk->engine = desk_open_engine (desk->store);
  desk->window = desk_open_window (desk->engine);
}

static gboolean
shows (Desk       *desk,
       const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (desk->window->list_pane->stack), page) == 0;
}

static gboolean
has_keyboard (gpointer widget)
{
  return (gtk_widget_get_state_flags (GTK_WIDGET (widget)) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* Through lists with rows and without it stays in the pane, and is with the rows where there are
 * any. */
static void
test_keyboard_stays (Desk         *desk,
                     gconstpointer data)
{
  static const PinionView inbox = { PINION_VIEW_INBOX, 0, 0 };
  static const PinionView starred = { PINION_VIEW_STARRED, 0, 0 };
  static const PinionView all = { PINION_VIEW_ALL_MAIL, 0, 0 };
  PinionListPane *pane = desk->window->list_pane;

  wait_until (shows (desk, "list"));
  pinion_list_pane_focus_list (pane);
  wait_until (has_keyboard (pane->list));

  pinion_list_pane_show_view (pane, &all, "All Mail");
  g_assert_true (has_keyboard (pane->list));
  g_assert_false (gtk_widget_get_can_target (gtk_stack_get_visible_child (pane->stack)));
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (pane->model)) == 3);
  g_assert_true (has_keyboard (pane->list));
  g_assert_true (gtk_widget_get_can_target (gtk_stack_get_visible_child (pane->stack)));
  g_assert_cmpfloat (gtk_widget_get_opacity (gtk_stack_get_visible_child (pane->stack)), >, 0.99);

  pinion_list_pane_show_view (pane, &starred, "Starred");
  wait_until (says (desk, "No Starred Conversations"));
  g_assert_true (has_keyboard (pane->stack));

  pinion_list_pane_show_view (pane, &inbox, "Inbox");
  wait_until (shows (desk, "list"));
  g_assert_true (has_keyboard (pane->list));
}

/* -- With large letters --------------------------------------------------------------------- */

/* The word, or where it has no room a picture that says it. */
static void
assert_cancels_by_icon (PinionListPane *pane,
                        gboolean        by_icon)
{
  GtkButton *button = GTK_BUTTON (pane->cancel_button);

  g_assert_true (gtk_widget_get_visible (pane->cancel_button));
  g_assert_true ((gtk_button_get_icon_name (button) != NULL) == by_icon);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (pane->cancel_button), ==,
                   by_icon ? "Cancel" : NULL);
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
  assert_cancels_by_icon (pane, TRUE);

  gtk_settings_reset_property (settings, "gtk-xft-dpi");
  pinion_list_pane_set_selecting (pane, FALSE);
  pinion_list_pane_set_selecting (pane, TRUE);
  assert_cancels_by_icon (pane, FALSE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();

  g_test_add ("/list-states/cannot-be-read", Desk, NULL, set_up, test_cannot_be_read, tear_down);
  g_test_add ("/list-states/damaged-row", Desk, NULL, set_up_damaged, test_damaged_row,
              tear_down_damaged);
  g_test_add ("/list-states/keyboard-stays", Desk, NULL, set_up_listed, test_keyboard_stays,
              tear_down);
  g_test_add ("/list-states/large-text", Desk, NULL, set_up, test_large_text, tear_down);

  return g_test_run ();
}
