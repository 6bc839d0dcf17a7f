/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person is told of keys follows whether single ones are wanted. */

#include <adwaita.h>

#include "pinion-actions.h"
#include "pinion-config.h"
#include "pinion-shortcuts.h"

typedef struct
{
  GSettings *settings;
  GtkWidget *window;
} Fixture;

static void
want_single_keys (Fixture *fixture,
                  gboolean wanted)
{
  g_settings_set_boolean (fixture->settings, "single-key-shortcuts", wanted);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->settings = g_settings_new (PINION_APP_ID);
  fixture->window = adw_window_new ();
  want_single_keys (fixture, TRUE);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
}

/* -- The list ------------------------------------------------------------------------------- */

static void
collect (GtkWidget *widget,
         GType      type,
         GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    g_ptr_array_add (found, widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

/* Whether the row says with which keys, all of which have one place on the keyboard. */
static gboolean
has_keys (GtkWidget *row)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  guint n_keys = 0;

  collect (row, GTK_TYPE_LABEL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (gtk_widget_has_css_class (labels->pdata[i], "key"))
      {
        g_assert_null (strstr (gtk_label_get_label (labels->pdata[i]), "KP"));
        n_keys++;
      }

  return n_keys > 0;
}

/* Returns: (transfer full): the titles of the rows */
static GHashTable *
list_titles (void)
{
  g_autoptr (AdwDialog) dialog = g_object_ref_sink (pinion_shortcuts_new ());
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  GHashTable *titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect (adw_dialog_get_child (dialog), ADW_TYPE_ACTION_ROW, rows);
  for (guint i = 0; i < rows->len; i++)
    {
      g_assert_true (has_keys (rows->pdata[i]));
      g_hash_table_add (titles, g_strdup (adw_preferences_row_get_title (rows->pdata[i])));
    }

  return titles;
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GHashTable) all = list_titles ();
  g_autoptr (GHashTable) without = NULL;
  guint n_actions;
  const PinionActionInfo *actions = pinion_actions_get (&n_actions);

  for (guint i = 0; i < n_actions; i++)
    g_assert_cmpint (g_hash_table_contains (all, pinion_action_info_get_title (&actions[i])), ==,
                     (actions[i].accelerators[0] != NULL || actions[i].keys[0] != NULL));

  want_single_keys (fixture, FALSE);
  without = list_titles ();
  g_assert_false (g_hash_table_contains (without, "Archive"));
  g_assert_true (g_hash_table_contains (without, "Delete"));
  g_assert_true (g_hash_table_contains (without, "Search"));
}

/* -- Tooltips ------------------------------------------------------------------------------- */

static void
assert_tooltip (GtkWidget  *button,
                const char *words)
{
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, words);
}

static void
test_tooltips (Fixture      *fixture,
               gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *archive = gtk_button_new ();
  GtkWidget *search = gtk_button_new ();
  GtkWidget *own = gtk_button_new ();

  adw_window_set_content (ADW_WINDOW (fixture->window), box);
  gtk_box_append (GTK_BOX (box), archive);
  gtk_box_append (GTK_BOX (box), search);
  gtk_box_append (GTK_BOX (box), own);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (archive), "win.archive");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (search), "win.search");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (own), "win.archive");
  gtk_widget_set_tooltip_text (own, "Its own");

  pinion_actions_describe (box);
  assert_tooltip (archive, "Archive (E)");
  assert_tooltip (search, "Search (/)");

  want_single_keys (fixture, FALSE);
  pinion_actions_describe (box);
  assert_tooltip (archive, "Archive");
  assert_tooltip (search, "Search (Ctrl+F)");
  assert_tooltip (own, "Its own");

  want_single_keys (fixture, TRUE);
  pinion_actions_describe (box);
  assert_tooltip (archive, "Archive (E)");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/shortcuts/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/shortcuts/tooltips", Fixture, NULL, set_up, test_tooltips, tear_down);

  return g_test_run ();
}
