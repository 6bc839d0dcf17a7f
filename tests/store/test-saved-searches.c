/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches kept under a name, and taking back what was done to them. */

#include "pinion-store-commands.h"
#include "pinion-store-saved-searches.h"
#include "store-fixture.h"

#include <sqlite3.h>
#include <string.h>

#define BY_DATE PINION_STORE_SEARCH_BY_DATE
#define BY_RELEVANCE PINION_STORE_SEARCH_BY_RELEVANCE

/* "Invoices=from:ana Late=is:unread*+": "*" by relevance, "+" pinned. */
static char *
dup_searches (PinionStoreSession *session)
{
  g_autoptr (GPtrArray) searches = pinion_store_saved_searches_list (session);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < searches->len; i++)
    {
      const PinionStoreSavedSearch *search = g_ptr_array_index (searches, i);

      g_string_append_printf (text, "%s%s=%s%s%s", i > 0 ? " " : "", search->name, search->query,
                              search->order == BY_RELEVANCE ? "*" : "", search->pinned ? "+" : "");
    }

  return g_string_free (text, FALSE);
}

static void
assert_searches (PinionStoreSession *session,
                 const char         *expected)
{
  g_autofree char *text = dup_searches (session);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (Fixture         *fixture,
                PinionErrorCode  code)
{
  g_autoptr (GError) error = fixture_end (fixture);

  g_assert_true (pinion_error_is (error, code));
}

static void
test_save (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreSession *session = fixture_begin (fixture);

  gint64 made = pinion_store_command_save_search (session, "Invoices", "from:ana", BY_DATE);
  g_assert_cmpint (made, >, 0);
  g_assert_cmpint (pinion_store_command_save_search (session, "Invoices", "from:ana", BY_DATE), ==,
                   0);
  pinion_store_command_save_search (session, "Late", "is:unread", BY_RELEVANCE);
  assert_searches (session, "Invoices=from:ana+ Late=is:unread*+");
  fixture_commit (fixture);

  /* Again under the same name, in any case */
  fixture_reopen (fixture);
  session = fixture_begin (fixture);
  gint64 changed = pinion_store_command_save_search (session, "INVOICES", "from:bo", BY_RELEVANCE);
  assert_searches (session, "INVOICES=from:bo*+ Late=is:unread*+");
  g_assert_true (pinion_store_command_undo (session, changed, NULL));
  assert_searches (session, "Invoices=from:ana+ Late=is:unread*+");
  g_assert_false (pinion_store_command_undo (session, changed, NULL));
  g_assert_true (pinion_store_command_undo (session, made, NULL));
  assert_searches (session, "Late=is:unread*+");
  fixture_commit (fixture);
  fixture_free (fixture);
}

static void
test_change (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreSession *session = fixture_begin (fixture);

  pinion_store_command_save_search (session, "One", "1", BY_DATE);
  pinion_store_command_save_search (session, "Zwei", "2", BY_DATE);
  pinion_store_command_save_search (session, "Trois", "3", BY_DATE);
  gint64 one = pinion_store_saved_search_find (session, "one");
  gint64 two = pinion_store_saved_search_find (session, "ZWEI");
  gint64 three = pinion_store_saved_search_find (session, "Trois");

  pinion_store_command_rename_search (session, two, "Two");
  g_assert_cmpint (pinion_store_command_rename_search (session, two, "Two"), ==, 0);
  pinion_store_command_pin_search (session, two, FALSE);
  g_assert_cmpint (pinion_store_command_pin_search (session, two, FALSE), ==, 0);
  assert_searches (session, "One=1+ Two=2 Trois=3+");

  /* Places count those that are pinned */
  gint64 moved = pinion_store_command_move_search (session, one, 1);
  assert_searches (session, "Two=2 Trois=3+ One=1+");
  g_assert_true (pinion_store_command_undo (session, moved, NULL));
  assert_searches (session, "One=1+ Two=2 Trois=3+");
  pinion_store_command_move_search (session, three, 0);
  assert_searches (session, "Trois=3+ One=1+ Two=2");
  pinion_store_command_move_search (session, three, 99);
  assert_searches (session, "One=1+ Two=2 Trois=3+");

  /* What comes back is the same, and not at the end */
  gint64 removed = pinion_store_command_remove_search (session, two);
  assert_searches (session, "One=1+ Trois=3+");
  g_assert_true (pinion_store_command_undo (session, removed, NULL));
  assert_searches (session, "One=1+ Two=2 Trois=3+");
  g_assert_cmpint (pinion_store_saved_search_find (session, "two"), ==, two);
  fixture_commit (fixture);
  fixture_free (fixture);
}

static void
test_refused (void)
{
  g_autofree char *long_name = g_strnfill (PINION_STORE_MAX_SEARCH_NAME + 1, 'x');
  g_autofree char *long_query = g_strnfill (5000, 'x');
  const char *const names[] = { "", "two\nlines", "\xff", long_name };
  Fixture *fixture = fixture_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      pinion_store_command_save_search (fixture_begin (fixture), names[i], "x", BY_DATE);
      assert_refused (fixture, PINION_ERROR_INVALID_ARGUMENT);
    }
  pinion_store_command_save_search (fixture_begin (fixture), "x", long_query, BY_DATE);
  assert_refused (fixture, PINION_ERROR_INVALID_ARGUMENT);
  pinion_store_command_remove_search (fixture_begin (fixture), 4711);
  assert_refused (fixture, PINION_ERROR_NOT_FOUND);

  PinionStoreSession *session = fixture_begin (fixture);
  for (guint i = 0; i < PINION_STORE_MAX_SAVED_SEARCHES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      pinion_store_command_save_search (session, name, "x", BY_DATE);
    }
  fixture_commit (fixture);
  session = fixture_begin (fixture);
  pinion_store_command_rename_search (session, pinion_store_saved_search_find (session, "1"), "2");
  assert_refused (fixture, PINION_ERROR_INVALID_ARGUMENT);
  pinion_store_command_save_search (fixture_begin (fixture), "One more", "x", BY_DATE);
  assert_refused (fixture, PINION_ERROR_INVALID_ARGUMENT);
  fixture_free (fixture);
}

static void
run_sql (Fixture    *fixture,
         const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->dir, "pinion.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* Another program wrote into the file. */
static void
test_malformed (void)
{
  Fixture *fixture = fixture_new ();

  fixture_close (fixture);
  run_sql (fixture,
           "INSERT INTO saved_search (name, query, search_order, pinned, position) VALUES"
           " (CAST (x'61ff' AS TEXT), CAST (x'ff22' AS TEXT), 99, -7, -1)");
  fixture_reopen (fixture);
  PinionStoreSession *session = fixture_begin (fixture);
  assert_searches (session, "a\xef\xbf\xbd=\xef\xbf\xbd\"+");
  gint64 id = pinion_store_saved_search_find (session, "a\xef\xbf\xbd");
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (pinion_store_command_rename_search (session, id, "Mended"), >, 0);
  assert_searches (session, "Mended=\xef\xbf\xbd\"+");
  fixture_commit (fixture);
  fixture_free (fixture);
}

/* A store that is made anew has them again. */
static void
test_rescued (void)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *path = g_build_filename (fixture->dir, "pinion.db", NULL);
  PinionStoreSession *session = fixture_begin (fixture);

  pinion_store_command_save_search (session, "Größe [x] = 1", "larger:5M \"a b\"", BY_RELEVANCE);
  pinion_store_command_save_search (session, "Quiet", "-is:read", BY_DATE);
  pinion_store_command_pin_search (session, pinion_store_saved_search_find (session, "quiet"),
                                   FALSE);
  fixture_commit (fixture);

  fixture_close (fixture);
  g_assert_true (g_file_set_contents (path, "This was a database once, was it not?", -1, NULL));
  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*built anew*");
  fixture_reopen (fixture);
  g_test_assert_expected_messages ();
  session = fixture_read (fixture);
  assert_searches (session, "Größe [x] = 1=larger:5M \"a b\"*+ Quiet=-is:read");
  fixture_commit (fixture);
  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saved-searches/save", test_save);
  g_test_add_func ("/saved-searches/change", test_change);
  g_test_add_func ("/saved-searches/refused", test_refused);
  g_test_add_func ("/saved-searches/malformed", test_malformed);
  g_test_add_func ("/saved-searches/rescued", test_rescued);

  return g_test_run ();
}
