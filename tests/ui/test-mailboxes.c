/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pages of an account's preferences that are about its labels. */

#include <adwaita.h>

#include "pinion-folders-page.h"
#include "pinion-mailboxes-page.h"
#include "pinion-ui-fixture.h"

#define ACCOUNT 1

static void
add_label (PinionEngine    *engine,
           gint64           id,
           gint64           account,
           const char      *path,
           PinionFolderRole role,
           gboolean         hidden,
           gboolean         selectable)
{
  PinionStoreFolder folder = {
    .id = id, .account_id = account, .path = (char *) path, .role = role, .hidden = hidden,
    .total = 2, .selectable = selectable,
  };
  g_autoptr (PinionLabel) label = pinion_label_new (&folder);

  g_list_store_append (engine->labels, label);
}

/* Returns: (transfer full): an engine that nothing was ever synced with. */
static PinionEngine *
make_engine (PinionFolderRole role_of_kept)
{
  PinionEngine *engine = g_object_new (PINION_TYPE_ENGINE, NULL);

  add_label (engine, 1, ACCOUNT, "INBOX", PINION_FOLDER_ROLE_INBOX, FALSE, TRUE);
  add_label (engine, 2, ACCOUNT, "Kept <b>", role_of_kept, FALSE, TRUE);
  add_label (engine, 3, ACCOUNT, "Trash", PINION_FOLDER_ROLE_TRASH, FALSE, TRUE);
  add_label (engine, 4, ACCOUNT, "Calendar", PINION_FOLDER_ROLE_NONE, TRUE, TRUE);
  add_label (engine, 5, ACCOUNT, "Shelf", PINION_FOLDER_ROLE_NONE, FALSE, FALSE);
  add_label (engine, 6, 2, "Of another", PINION_FOLDER_ROLE_ARCHIVE, FALSE, TRUE);

  return engine;
}

/* The row with this title below @widget. */
static GtkWidget *
find_row (GtkWidget  *widget,
          const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static const char *
get_chosen (GtkWidget  *page,
            const char *title)
{
  GtkWidget *row = find_row (page, title);
  GObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (row));

  return gtk_string_object_get_string (GTK_STRING_OBJECT (item));
}

static void
test_mailboxes (void)
{
  g_autoptr (PinionEngine) engine = make_engine (PINION_FOLDER_ROLE_ARCHIVE);
  GtkWidget *page = GTK_WIDGET (pinion_mailboxes_page_new (engine, ACCOUNT));
  GtkWidget *offer;
  GListModel *choices;

  g_object_ref_sink (page);
  g_assert_cmpstr (get_chosen (page, "Archive"), ==, "Kept <b>");
  g_assert_cmpstr (get_chosen (page, "Trash"), ==, "Trash");
  g_assert_cmpstr (get_chosen (page, "Sent"), ==, "None");

  /* None, and what can hold mail: no Inbox, nothing hidden, nothing of others. */
  choices = adw_combo_row_get_model (ADW_COMBO_ROW (find_row (page, "Sent")));
  g_assert_cmpuint (g_list_model_get_n_items (choices), ==, 3);
  offer = gtk_widget_get_ancestor (find_row (page, "This account has no Archive"),
                                   ADW_TYPE_PREFERENCES_GROUP);
  g_assert_false (gtk_widget_get_visible (offer));

  g_assert_finalize_object (page);
}

static void
test_a_missing_archive (void)
{
  g_autoptr (PinionEngine) engine = make_engine (PINION_FOLDER_ROLE_NONE);
  GtkWidget *page = GTK_WIDGET (pinion_mailboxes_page_new (engine, ACCOUNT));
  GtkWidget *offer;

  g_object_ref_sink (page);
  offer = gtk_widget_get_ancestor (find_row (page, "This account has no Archive"),
                                   ADW_TYPE_PREFERENCES_GROUP);
  g_assert_cmpstr (get_chosen (page, "Archive"), ==, "None");
  g_assert_true (gtk_widget_get_visible (offer));

  /* It comes from elsewhere. */
  add_label (engine, 7, ACCOUNT, "Archive", PINION_FOLDER_ROLE_ARCHIVE, FALSE, TRUE);
  g_signal_emit_by_name (engine, "changed");
  g_assert_cmpstr (get_chosen (page, "Archive"), ==, "Archive");
  g_assert_false (gtk_widget_get_visible (offer));

  g_assert_finalize_object (page);
}

static void
assert_folder (GtkWidget  *page,
               const char *path,
               gboolean    shown,
               gboolean    fixed,
               const char *words)
{
  GtkWidget *row = find_row (page, path);

  g_assert_nonnull (row);
  g_assert_cmpint (adw_switch_row_get_active (ADW_SWITCH_ROW (row)), ==, shown);
  g_assert_cmpint (gtk_widget_get_sensitive (row), ==, !fixed);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, words);
}

static void
test_folders (void)
{
  g_autoptr (PinionEngine) engine = make_engine (PINION_FOLDER_ROLE_NONE);
  GtkWidget *page = GTK_WIDGET (pinion_folders_page_new (engine, ACCOUNT));

  g_object_ref_sink (page);
  assert_folder (page, "INBOX", TRUE, TRUE, "Inbox, 2 messages");
  assert_folder (page, "Kept <b>", TRUE, FALSE, "2 messages");
  assert_folder (page, "Calendar", FALSE, FALSE, "Hidden: it is not for mail");
  assert_folder (page, "Shelf", FALSE, TRUE, "Only holds other folders");
  g_assert_null (find_row (page, "Of another"));

  g_assert_finalize_object (page);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/mailboxes/roles", test_mailboxes);
  g_test_add_func ("/ui/mailboxes/a-missing-archive", test_a_missing_archive);
  g_test_add_func ("/ui/mailboxes/folders", test_folders);

  return g_test_run ();
}
