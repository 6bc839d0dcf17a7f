/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows the sidebar has, what stays when it changes, and what may be dropped where. */

#include "pinion-dnd.h"
#include "pinion-saved-search.h"
#include "pinion-sidebar-model.h"
#include "pinion-ui-fixture.h"

typedef struct
{
  GListStore *accounts;
  GListStore *labels;
  GListStore *sections;
  PinionSidebarModel *model;
  guint n_changes;
} Fixture;

static void
count_change (Fixture *fixture)
{
  fixture->n_changes++;
}

static PinionLabel *
add_label (Fixture         *fixture,
           gint64           account,
           const char      *path,
           PinionFolderRole role,
           gboolean         pinned,
           guint            unread)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->labels));
  g_autoptr (PinionLabel) label = make_label (n + 1, account, path, role, pinned, unread);

  g_list_store_append (fixture->labels, label);

  return label; /* the list holds it */
}

static PinionSection *
add_section (Fixture    *fixture,
             gint64      account,
             gint64      id,
             const char *name,
             gboolean    folded)
{
  g_autoptr (PinionSection) section =
    make_section (account, id, name, folded, PINION_STORE_LABEL_ORDER_NAME);

  g_list_store_append (fixture->sections, section);

  return section; /* the list holds it */
}

static void
add_account (Fixture    *fixture,
             gint64      id,
             const char *email)
{
  g_autoptr (PinionAccountItem) account = make_account (id, email);

  g_list_store_append (fixture->accounts, account);
  add_section (fixture, id, 0, NULL, FALSE);
  add_label (fixture, id, "Inbox", PINION_FOLDER_ROLE_INBOX, FALSE, 3);
  add_label (fixture, id, "Trash", PINION_FOLDER_ROLE_TRASH, FALSE, 0);
  add_label (fixture, id, "Projects", PINION_FOLDER_ROLE_NONE, TRUE, 1);
  add_label (fixture, id, "Projects/Budget", PINION_FOLDER_ROLE_NONE, TRUE, 0);
  add_label (fixture, id, "Quiet", PINION_FOLDER_ROLE_NONE, FALSE, 0);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->accounts = g_list_store_new (PINION_TYPE_ACCOUNT_ITEM);
  fixture->labels = g_list_store_new (PINION_TYPE_LABEL);
  fixture->sections = g_list_store_new (PINION_TYPE_SECTION);
  add_account (fixture, 1, "ana@northwind.example");
  fixture->model = pinion_sidebar_model_new (G_LIST_MODEL (fixture->accounts),
                                             G_LIST_MODEL (fixture->labels),
                                             G_LIST_MODEL (fixture->sections));
  g_signal_connect_swapped (fixture->model, "items-changed", G_CALLBACK (count_change), fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->model);
  g_object_unref (fixture->labels);
  g_object_unref (fixture->sections);
  g_object_unref (fixture->accounts);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The titles of all rows, "|" between sections. */
static char *
dup_titles (Fixture *fixture)
{
  GString *titles = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->model));

  for (guint i = 0, start, end; i < n; i++)
    {
      g_autoptr (PinionSidebarItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->model), i);

      gtk_section_model_get_section (GTK_SECTION_MODEL (fixture->model), i, &start, &end);
      g_assert_cmpuint (start, <=, i);
      g_assert_cmpuint (end, >, i);
      if (i > 0)
        g_string_append (titles, start == i ? "|" : " ");
      g_string_append (titles, pinion_sidebar_item_get_title (item));
    }

  return g_string_free (titles, FALSE);
}

static PinionSidebarItem *
find_item (Fixture    *fixture,
           const char *title)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->model)); i++)
    {
      g_autoptr (PinionSidebarItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->model), i);

      if (g_str_equal (pinion_sidebar_item_get_title (item), title))
        return item; /* the model holds it */
    }

  g_assert_not_reached ();
}

/* -- Rows ----------------------------------------------------------------------------------- */

static void
test_one_account (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *titles = dup_titles (fixture);

  g_assert_cmpstr (titles, ==, "Inbox Starred Outbox Trash All Mail Labels Projects Budget More");
  g_assert_cmpuint (pinion_sidebar_item_get_depth (find_item (fixture, "Projects")), ==, 0);
  g_assert_cmpuint (pinion_sidebar_item_get_depth (find_item (fixture, "Budget")), ==, 1);
}

static void
test_two_accounts (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *titles = NULL;
  g_autoptr (PinionSidebarItem) first = NULL;

  add_account (fixture, 2, "ana@home.example");
  settle ();
  titles = dup_titles (fixture);

  g_assert_cmpstr (titles, ==,
                   "Inbox|Inbox Starred Outbox Trash All Mail Labels Projects Budget More|"
                   "Inbox Starred Outbox Trash All Mail Labels Projects Budget More");

  first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_cmpint (pinion_sidebar_item_get_view (first)->kind, ==, PINION_VIEW_INBOX);
  g_assert_cmpuint (pinion_sidebar_item_get_count (first), ==, 6);
}

static void
test_pin (Fixture      *fixture,
          gconstpointer data)
{
  PinionSidebarItem *projects = find_item (fixture, "Projects");
  g_autoptr (PinionLabel) quiet = g_list_model_get_item (G_LIST_MODEL (fixture->labels), 4);
  g_autofree char *titles = NULL;

  change_label (quiet, TRUE, 0);
  settle ();
  titles = dup_titles (fixture);

  g_assert_cmpstr (titles, ==, "Inbox Starred Outbox Trash All Mail Labels Projects Budget Quiet More");
  /* What stays is the same object, so that it stays selected */
  g_assert_true (find_item (fixture, "Projects") == projects);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
}

static void
test_unpin (Fixture      *fixture,
            gconstpointer data)
{
  PinionSidebarItem *budget = find_item (fixture, "Budget");
  g_autoptr (PinionLabel) projects = g_list_model_get_item (G_LIST_MODEL (fixture->labels), 2);
  g_autofree char *titles = NULL;

  change_label (projects, FALSE, 1);
  settle ();
  titles = dup_titles (fixture);

  g_assert_cmpstr (titles, ==, "Inbox Starred Outbox Trash All Mail Labels Budget More");
  g_assert_true (find_item (fixture, "Budget") == budget);
  g_assert_cmpuint (pinion_sidebar_item_get_depth (budget), ==, 0);
}

static void
test_counts_change_no_rows (Fixture      *fixture,
                            gconstpointer data)
{
  g_autoptr (PinionLabel) inbox = g_list_model_get_item (G_LIST_MODEL (fixture->labels), 0);
  PinionSidebarItem *item = find_item (fixture, "Inbox");
  g_autofree char *before = pinion_sidebar_item_dup_accessible_name (item);
  g_autofree char *after = NULL;

  change_label (inbox, FALSE, 0);
  settle ();
  after = pinion_sidebar_item_dup_accessible_name (item);

  g_assert_cmpstr (before, ==, "Inbox, 3 unread");
  g_assert_cmpstr (after, ==, "Inbox");
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

static void
test_outbox (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *name = NULL;

  pinion_sidebar_model_set_outbox_count (fixture->model, 1, 2);
  name = pinion_sidebar_item_dup_accessible_name (find_item (fixture, "Outbox"));

  g_assert_cmpstr (name, ==, "Outbox, 2");
}

static void
test_find (Fixture      *fixture,
           gconstpointer data)
{
  const PinionView starred = { PINION_VIEW_STARRED, 1, 0 };
  const PinionView unpinned = { PINION_VIEW_LABEL, 1, 5 };

  g_assert_cmpuint (pinion_sidebar_model_find (fixture->model, &starred, FALSE), ==, 1);
  g_assert_cmpuint (pinion_sidebar_model_find (fixture->model, &unpinned, FALSE), ==,
                    GTK_INVALID_LIST_POSITION);
}

/* -- Saved searches ------------------------------------------------------------------------- */

static void
keep_search (GPtrArray  *searches,
             gint64      id,
             const char *name,
             gboolean    pinned)
{
  PinionStoreSavedSearch *search = g_new0 (PinionStoreSavedSearch, 1);

  search->id = id;
  search->name = g_strdup (name);
  search->query = g_strdup ("from:ana");
  search->pinned = pinned;
  g_ptr_array_add (searches, search);
}

/* Those that are pinned, under a title, in the order of the list. */
static void
test_searches (Fixture      *fixture,
               gconstpointer data)
{
  PinionEngine *engine = g_object_new (PINION_TYPE_ENGINE, NULL);
  g_autoptr (GPtrArray) searches =
    g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_store_saved_search_free);
  const PinionView late = { PINION_VIEW_ALL_MAIL, 0, 9 };
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *name = NULL;

  pinion_sidebar_model_set_searches (fixture->model, pinion_engine_get_saved_searches (engine));
  keep_search (searches, 9, "Late", TRUE);
  keep_search (searches, 5, "Hidden", FALSE);
  keep_search (searches, 7, "Anna", TRUE);
  pinion_engine_take_saved_searches (engine, searches);
  settle ();
  one = dup_titles (fixture);
  g_assert_cmpstr (one, ==, "Inbox Starred Outbox Trash All Mail Saved Searches Late Anna Labels"
                            " Projects Budget More");
  g_assert_cmpuint (pinion_sidebar_model_find (fixture->model, &late, FALSE), ==, 6);
  name = pinion_sidebar_item_dup_accessible_name (find_item (fixture, "Late"));
  g_assert_cmpstr (name, ==, "Late, saved search");

  PinionSidebarItem *anna = find_item (fixture, "Anna");
  ((PinionStoreSavedSearch *) searches->pdata[0])->pinned = FALSE;
  g_set_str (&((PinionStoreSavedSearch *) searches->pdata[2])->name, "Letters of Anna");
  pinion_engine_take_saved_searches (engine, searches);
  add_account (fixture, 2, "ana@home.example");
  settle ();
  two = dup_titles (fixture);
  g_assert_true (g_str_has_prefix (two, "Inbox Saved Searches Letters of Anna|Inbox Starred"));
  g_assert_true (find_item (fixture, "Letters of Anna") == anna);

  g_ptr_array_set_size (searches, 0);
  pinion_engine_take_saved_searches (engine, searches);
  settle ();
  g_assert_finalize_object (engine);
}

/* -- Folds, sections, order ----------------------------------------------------------------- */

static PinionLabel *
find_label (Fixture    *fixture,
            const char *path)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->labels)); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (G_LIST_MODEL (fixture->labels), i);

      if (g_str_equal (pinion_label_get_path (label), path))
        return label; /* the list holds it */
    }

  g_assert_not_reached ();
}

static void
assert_titles (Fixture    *fixture,
               const char *expected)
{
  g_autofree char *titles = NULL;

  settle ();
  titles = dup_titles (fixture);
  g_assert_cmpstr (titles + strlen ("Inbox Starred Outbox Trash All Mail "), ==, expected);
}

static void
test_folded (Fixture      *fixture,
             gconstpointer data)
{
  PinionSidebarItem *projects = find_item (fixture, "Projects");
  g_autofree char *name = NULL;
  g_autofree char *later = NULL;

  g_assert_true (pinion_sidebar_item_get_foldable (projects));
  g_assert_false (pinion_sidebar_item_get_foldable (find_item (fixture, "Budget")));
  arrange_label (find_label (fixture, "Projects"), 0, 0, TRUE);
  assert_titles (fixture, "Labels Projects More");
  g_assert_true (find_item (fixture, "Projects") == projects);
  name = pinion_sidebar_item_dup_accessible_name (projects);
  g_assert_cmpstr (name, ==, "Projects, 1 unread, folded");

  /* What is not shown is counted where it is folded */
  change_label (find_label (fixture, "Projects/Budget"), TRUE, 4);
  settle ();
  later = pinion_sidebar_item_dup_accessible_name (projects);
  g_assert_cmpstr (later, ==, "Projects, 5 unread, folded");
}

static void
test_folded_section (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (PinionSection) home = g_list_model_get_item (G_LIST_MODEL (fixture->sections), 0);
  const PinionStoreSection folded = { .account_id = 1, .folded = TRUE };
  g_autofree char *name = NULL;

  pinion_section_update (home, &folded);
  assert_titles (fixture, "Labels More");
  name = pinion_sidebar_item_dup_accessible_name (find_item (fixture, "Labels"));
  g_assert_cmpstr (name, ==, "Labels, 1 unread, section, folded");
}

static void
test_section (Fixture      *fixture,
              gconstpointer data)
{
  add_section (fixture, 1, 7, "Clients", FALSE);
  add_section (fixture, 1, 8, "Later", FALSE);
  assert_titles (fixture, "Labels Projects Budget More Clients Later");

  /* What lies in it goes along, unless it was put elsewhere */
  arrange_label (find_label (fixture, "Projects"), 7, 0, FALSE);
  assert_titles (fixture, "Labels More Clients Projects Budget Later");
  arrange_label (find_label (fixture, "Projects/Budget"), 8, 0, FALSE);
  assert_titles (fixture, "Labels More Clients Projects Later Budget");
  g_assert_cmpuint (pinion_sidebar_item_get_depth (find_item (fixture, "Budget")), ==, 0);

  /* A section that is no more is none */
  g_list_store_remove (fixture->sections, 2);
  assert_titles (fixture, "Labels More Clients Projects Budget");
}

static void
test_orders (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (PinionSection) home = g_list_model_get_item (G_LIST_MODEL (fixture->sections), 0);
  PinionStoreSection section = { .account_id = 1 };

  add_label (fixture, 1, "anna", PINION_FOLDER_ROLE_NONE, TRUE, 2);
  add_label (fixture, 1, "Zoo", PINION_FOLDER_ROLE_NONE, TRUE, 9);
  assert_titles (fixture, "Labels anna Projects Budget Zoo More");

  section.order = PINION_STORE_LABEL_ORDER_UNREAD;
  pinion_section_update (home, &section);
  assert_titles (fixture, "Labels Zoo anna Projects Budget More");
  change_label (find_label (fixture, "Projects"), TRUE, 20);
  assert_titles (fixture, "Labels Projects Budget Zoo anna More");

  arrange_label (find_label (fixture, "Zoo"), 0, 1, FALSE);
  arrange_label (find_label (fixture, "Projects"), 0, 2, FALSE);
  section.order = PINION_STORE_LABEL_ORDER_OWN;
  pinion_section_update (home, &section);
  assert_titles (fixture, "Labels Zoo Projects Budget anna More");
}

/* Drops @path on @target; @expected: the labels as they are to stand then, %NULL where it is refused. */
static void
assert_place (Fixture    *fixture,
              const char *path,
              const char *target,
              gboolean    below,
              gint64      section,
              const char *expected)
{
  g_auto (PinionPlace) place = { 0 };
  g_autoptr (GString) order = g_string_new (NULL);
  gboolean takes = pinion_sidebar_model_place (fixture->model, find_label (fixture, path),
                                               find_item (fixture, target), below, &place);

  g_assert_cmpint (takes, ==, expected != NULL);
  if (expected == NULL)
    return;

  for (guint i = 0; i < place.order->len; i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (
        G_LIST_MODEL (fixture->labels), (guint) g_array_index (place.order, gint64, i) - 1);

      g_string_append_printf (order, "%s%s", i > 0 ? " " : "", pinion_label_get_name (label));
    }
  g_assert_cmpstr (order->str, ==, expected);
  g_assert_cmpint (place.section, ==, section);
}

static void
test_places (Fixture      *fixture,
             gconstpointer data)
{
  g_auto (PinionPlace) place = { 0 };

  add_label (fixture, 1, "Anna", PINION_FOLDER_ROLE_NONE, TRUE, 0);
  add_label (fixture, 1, "Zoo", PINION_FOLDER_ROLE_NONE, TRUE, 0);
  add_section (fixture, 1, 7, "Clients", FALSE);
  settle ();

  assert_place (fixture, "Anna", "Zoo", TRUE, 0, "Projects Budget Zoo Anna");
  assert_place (fixture, "Zoo", "Projects", FALSE, 0, "Anna Zoo Projects Budget");
  /* After what lies in it, not between */
  assert_place (fixture, "Anna", "Budget", TRUE, 0, "Projects Budget Anna Zoo");
  assert_place (fixture, "Projects", "Zoo", TRUE, 0, "Anna Zoo Projects Budget");
  /* To where it is, into itself, and out of what it lies in */
  assert_place (fixture, "Anna", "Projects", FALSE, 0, NULL);
  assert_place (fixture, "Projects", "Budget", TRUE, 0, NULL);
  assert_place (fixture, "Projects/Budget", "Zoo", TRUE, 0, NULL);
  assert_place (fixture, "Anna", "Inbox", TRUE, 0, NULL);
  assert_place (fixture, "Anna", "More", TRUE, 0, NULL);
  assert_place (fixture, "Anna", "Labels", TRUE, 0, NULL);
  /* Into a section, and what lies in it goes along */
  assert_place (fixture, "Projects", "Clients", FALSE, 7, "Anna Zoo Projects Budget");
  assert_place (fixture, "Projects/Budget", "Clients", FALSE, 7, "Anna Projects Zoo Budget");

  g_assert_false (pinion_sidebar_model_step (fixture->model, find_label (fixture, "Anna"), -1,
                                             &place));
  pinion_place_clear (&place);
  g_assert_true (pinion_sidebar_model_step (fixture->model, find_label (fixture, "Zoo"), 1,
                                            &place));
  g_assert_cmpint (place.section, ==, 7);
  pinion_place_clear (&place);
  g_assert_true (pinion_sidebar_model_step (fixture->model, find_label (fixture, "Anna"), 1,
                                            &place));
  g_assert_cmpint (place.section, ==, 0);
  g_assert_cmpint (g_array_index (place.order, gint64, 2), ==,
                   pinion_label_get_id (find_label (fixture, "Anna")));
  pinion_place_clear (&place);
  g_assert_false (pinion_sidebar_model_step (fixture->model,
                                             find_label (fixture, "Projects/Budget"), 1, &place));
}

static void
test_new_section_row (Fixture      *fixture,
                      gconstpointer data)
{
  PinionLabel *projects = find_label (fixture, "Projects");
  g_auto (PinionPlace) place = { 0 };

  pinion_sidebar_model_set_dragged (fixture->model, projects);
  assert_titles (fixture, "Labels Projects Budget More New Section");
  g_assert_true (pinion_sidebar_model_place (fixture->model, projects,
                                             find_item (fixture, "New Section"), FALSE, &place));
  g_assert_true (place.makes_section);

  pinion_sidebar_model_set_dragged (fixture->model, NULL);
  assert_titles (fixture, "Labels Projects Budget More");
}

/* -- Drops ---------------------------------------------------------------------------------- */

static void
assert_drop (Fixture          *fixture,
             const PinionView *from,
             PinionRole        role,
             gint64            account,
             const char       *target,
             gboolean          move,
             const char       *words)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 id = 77;
  g_autoptr (PinionDragged) dragged = NULL;
  g_auto (PinionDropPlan) plan = { 0 };

  g_array_append_val (ids, id);
  dragged = pinion_dragged_new (from, role, account, ids);

  g_assert_cmpint (pinion_drop_plan (dragged, find_item (fixture, target), move, &plan), ==,
                   words != NULL);
  g_assert_cmpstr (plan.words, ==, words);
}

static void
test_drops (Fixture      *fixture,
            gconstpointer data)
{
  const PinionView inbox = { PINION_VIEW_LABEL, 1, 1 };
  const PinionView projects = { PINION_VIEW_LABEL, 1, 3 };

  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Projects", FALSE, "Add label Projects");
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Projects", TRUE, "Move to Projects");
  assert_drop (fixture, &projects, PINION_ROLE_NONE, 1, "Inbox", FALSE, "Move to Inbox");
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Trash", FALSE, "Delete");
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Starred", FALSE, "Star");
  /* Where they are already, what takes nothing, and another account's */
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Inbox", FALSE, NULL);
  assert_drop (fixture, &projects, PINION_ROLE_NONE, 1, "Projects", TRUE, NULL);
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Outbox", FALSE, NULL);
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "All Mail", FALSE, NULL);
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "More", FALSE, NULL);
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 2, "Projects", FALSE, NULL);
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 0, "Projects", FALSE, NULL);
}

/* Each to its own; and what is of several accounts, too. */
static void
test_drop_on_all_inboxes (Fixture      *fixture,
                          gconstpointer data)
{
  const PinionView inbox = { PINION_VIEW_LABEL, 1, 1 };
  const PinionView all = { PINION_VIEW_ALL_MAIL, 0, 0 };
  const PinionView inboxes = { PINION_VIEW_INBOX, 0, 0 };

  add_account (fixture, 2, "ana@home.example");
  settle ();

  assert_drop (fixture, &all, PINION_ROLE_NONE, 1, "Inbox", FALSE, "Move to Inbox");
  assert_drop (fixture, &all, PINION_ROLE_NONE, 0, "Inbox", FALSE, "Move to Inbox");
  assert_drop (fixture, &inbox, PINION_ROLE_INBOX, 1, "Inbox", FALSE, NULL);
  assert_drop (fixture, &inboxes, PINION_ROLE_NONE, 0, "Inbox", FALSE, NULL);
}

/* There only while something is put off; nothing else moves. */
static void
test_snoozed (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *with = NULL;
  g_autofree char *without = NULL;
  g_autofree char *name = NULL;

  pinion_sidebar_model_set_snoozed (fixture->model, 1, 2);
  settle ();
  with = dup_titles (fixture);
  g_assert_cmpstr (with, ==, "Inbox Snoozed Starred Outbox Trash All Mail Labels Projects Budget More");
  g_assert_cmpuint (fixture->n_changes, ==, 1);

  pinion_sidebar_model_set_snoozed (fixture->model, 1, 3);
  settle ();
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  name = pinion_sidebar_item_dup_accessible_name (find_item (fixture, "Snoozed"));
  g_assert_cmpstr (name, ==, "Snoozed, 3");

  pinion_sidebar_model_set_snoozed (fixture->model, 1, 0);
  settle ();
  without = dup_titles (fixture);
  g_assert_cmpstr (without, ==, "Inbox Starred Outbox Trash All Mail Labels Projects Budget More");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/sidebar/one-account", test_one_account);
  ADD ("/sidebar/two-accounts", test_two_accounts);
  ADD ("/sidebar/pin", test_pin);
  ADD ("/sidebar/unpin", test_unpin);
  ADD ("/sidebar/counts-change-no-rows", test_counts_change_no_rows);
  ADD ("/sidebar/outbox", test_outbox);
  ADD ("/sidebar/find", test_find);
  ADD ("/sidebar/searches", test_searches);
  ADD ("/sidebar/folded", test_folded);
  ADD ("/sidebar/folded-section", test_folded_section);
  ADD ("/sidebar/section", test_section);
  ADD ("/sidebar/orders", test_orders);
  ADD ("/sidebar/places", test_places);
  ADD ("/sidebar/new-section-row", test_new_section_row);
  ADD ("/sidebar/drops", test_drops);
  ADD ("/sidebar-model/drop-on-all-inboxes", test_drop_on_all_inboxes);
  ADD ("/sidebar/snoozed", test_snoozed);
#undef ADD

  return g_test_run ();
}
