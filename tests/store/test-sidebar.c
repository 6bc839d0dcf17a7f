/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar as people set it up, and taking it back. */

#include "pinion-store-sidebar.h"
#include "store-fixture.h"

#define SEEN PINION_FLAG_SEEN

static PinionStoreFolder *
get_folder (PinionStoreSession *session,
            gint64              folder)
{
  return pinion_store_folder_get (session, folder);
}

/* "Labels+ Clients": the account's sections, those with "+" are folded. */
static char *
dup_sections (PinionStoreSession *session)
{
  g_autoptr (GPtrArray) sections = pinion_store_sections_list (session);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < sections->len; i++)
    {
      const PinionStoreSection *section = g_ptr_array_index (sections, i);

      g_string_append_printf (names, "%s%s%s", i > 0 ? " " : "",
                              section->id != 0 ? section->name : "Labels",
                              section->folded ? "+" : "");
    }

  return g_string_free (names, FALSE);
}

static void
assert_sections (PinionStoreSession *session,
                 const char         *expected)
{
  g_autofree char *names = dup_sections (session);

  g_assert_cmpstr (names, ==, expected);
}

static PinionStoreLabelOrder
get_order (PinionStoreSession *session)
{
  g_autoptr (GPtrArray) sections = pinion_store_sections_list (session);

  return ((const PinionStoreSection *) g_ptr_array_index (sections, 0))->order;
}

static void
assert_fails (Fixture         *fixture,
              PinionErrorCode  code)
{
  g_autoptr (GError) error = fixture_end (fixture);

  g_assert_true (pinion_error_is (error, code));
}

static void
test_pins (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");
  gint64 group;

  PinionStoreSession *session = fixture_begin (fixture);
  g_assert_cmpint (pinion_store_command_pin (session, family, TRUE), ==, 0);
  group = pinion_store_command_pin (session, family, FALSE);
  g_assert_cmpint (group, !=, 0);
  g_autoptr (PinionStoreFolder) unpinned = get_folder (session, family);
  g_assert_false (unpinned->pinned);
  g_assert_true (pinion_store_command_undo (session, group, NULL));
  g_autoptr (PinionStoreFolder) pinned = get_folder (session, family);
  g_assert_true (pinned->pinned);
  g_assert_false (pinion_store_command_undo (session, group, NULL));
  fixture_assert_pending (session, "");
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  pinion_store_command_pin (session, 4711, TRUE);
  assert_fails (fixture, PINION_ERROR_NOT_FOUND);
  fixture_free (fixture);
}

/* What others make later is pinned, too, as long as it is so. */
static void
test_pin_all (void)
{
  static const char *const one[] = { "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive", "Projects",
                                     "Family", "One", NULL };
  static const char *const two[] = { "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive", "Projects",
                                     "Family", "One", "Two", NULL };
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  g_assert_cmpint (pinion_store_command_pin_all (session, fixture->account, FALSE), !=, 0);
  fixture_list (session, fixture->account, one);
  pinion_store_command_pin (session, family, FALSE);
  fixture_commit (fixture);
  fixture_find_folders (fixture);

  session = fixture_begin (fixture);
  gint64 first = fixture_folder (fixture, "One");
  g_autoptr (PinionStoreFolder) quiet = get_folder (session, first);
  g_assert_false (quiet->pinned);
  gint64 group = pinion_store_command_pin_all (session, fixture->account, TRUE);
  g_assert_cmpint (pinion_store_command_pin_all (session, fixture->account, TRUE), ==, 0);
  fixture_list (session, fixture->account, two);
  fixture_commit (fixture);
  fixture_find_folders (fixture);

  session = fixture_begin (fixture);
  gint64 second = fixture_folder (fixture, "Two");
  g_autoptr (PinionStoreFolder) known = get_folder (session, first);
  g_autoptr (PinionStoreFolder) later = get_folder (session, second);
  g_autoptr (PinionStoreFolder) inbox = get_folder (session, fixture_folder (fixture, "INBOX"));
  g_assert_true (known->pinned);
  g_assert_true (later->pinned);
  g_assert_false (inbox->pinned);

  /* One that was hidden and is shown counts as one that appears */
  pinion_store_folder_set_pinned (session, second, FALSE);
  pinion_store_folder_set_hidden (session, second, TRUE);
  pinion_store_folder_set_hidden (session, second, FALSE);
  g_autoptr (PinionStoreFolder) shown = get_folder (session, second);
  g_assert_true (shown->pinned);

  g_assert_true (pinion_store_command_undo (session, group, NULL));
  g_autoptr (PinionStoreFolder) again = get_folder (session, first);
  g_assert_false (again->pinned);
  fixture_commit (fixture);
  fixture_free (fixture);
}

static void
test_colour (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = pinion_store_command_set_colour (session, family, "#3584e4");
  gint64 second = pinion_store_command_set_colour (session, family, "#e62d42");
  g_assert_cmpint (pinion_store_command_set_colour (session, family, "#e62d42"), ==, 0);
  g_assert_true (pinion_store_command_undo (session, second, NULL));
  g_autoptr (PinionStoreFolder) blue = get_folder (session, family);
  g_assert_cmpstr (blue->colour, ==, "#3584e4");
  g_assert_true (pinion_store_command_undo (session, first, NULL));
  g_autoptr (PinionStoreFolder) plain = get_folder (session, family);
  g_assert_null (plain->colour);
  fixture_commit (fixture);
  fixture_free (fixture);
}

static void
test_place (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");
  gint64 projects = fixture_folder (fixture, "Projects");
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 section, stranger = 4711;

  g_array_append_val (order, projects);
  g_array_append_val (order, stranger);
  g_array_append_val (order, family);

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_command_create_section (session, fixture->account, "Clients", 0, &section);
  gint64 group = pinion_store_command_place (session, projects, section, order);
  g_assert_cmpint (get_order (session), ==, PINION_STORE_LABEL_ORDER_OWN);
  fixture_commit (fixture);

  /* It is kept. */
  fixture_close (fixture);
  fixture_reopen (fixture);
  session = fixture_begin (fixture);
  g_autoptr (PinionStoreFolder) moved = get_folder (session, projects);
  g_autoptr (PinionStoreFolder) other = get_folder (session, family);
  g_assert_cmpint (moved->section, ==, section);
  g_assert_cmpint (moved->position, ==, 1);
  g_assert_cmpint (other->section, ==, 0);
  g_assert_cmpint (other->position, ==, 3);

  g_assert_true (pinion_store_command_undo (session, group, NULL));
  g_autoptr (PinionStoreFolder) back = get_folder (session, projects);
  g_assert_cmpint (back->section, ==, 0);
  g_assert_cmpint (back->position, ==, 0);
  g_assert_cmpint (get_order (session), ==, PINION_STORE_LABEL_ORDER_NAME);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  pinion_store_command_place (session, projects, 99, order);
  assert_fails (fixture, PINION_ERROR_NOT_FOUND);
  fixture_free (fixture);
}

static void
test_sections (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");
  gint64 one, two;

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_command_create_section (session, fixture->account, "One", 0, &one);
  gint64 made = pinion_store_command_create_section (session, fixture->account, "Two", family, &two);
  assert_sections (session, "Labels One Two");
  pinion_store_command_move_section (session, two, 0);
  assert_sections (session, "Labels Two One");
  gint64 renamed = pinion_store_command_rename_section (session, two, "Second");
  pinion_store_section_set_folded (session, fixture->account, two, TRUE);
  pinion_store_section_set_folded (session, fixture->account, 0, TRUE);
  assert_sections (session, "Labels+ Second+ One");

  gint64 removed = pinion_store_command_remove_section (session, two);
  g_autoptr (PinionStoreFolder) homeless = get_folder (session, family);
  g_assert_cmpint (homeless->section, ==, 0);
  assert_sections (session, "Labels+ One");

  g_assert_true (pinion_store_command_undo (session, removed, NULL));
  g_autoptr (PinionStoreFolder) back = get_folder (session, family);
  g_assert_cmpint (back->section, ==, two);
  assert_sections (session, "Labels+ Second+ One");
  g_assert_true (pinion_store_command_undo (session, renamed, NULL));
  assert_sections (session, "Labels+ Two+ One");
  g_assert_true (pinion_store_command_undo (session, made, NULL));
  g_autoptr (PinionStoreFolder) free_again = get_folder (session, family);
  g_assert_cmpint (free_again->section, ==, 0);
  assert_sections (session, "Labels+ One");
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  pinion_store_command_create_section (session, fixture->account, "", 0, NULL);
  assert_fails (fixture, PINION_ERROR_INVALID_ARGUMENT);
  session = fixture_begin (fixture);
  pinion_store_command_rename_section (session, 4711, "x");
  assert_fails (fixture, PINION_ERROR_NOT_FOUND);
  fixture_free (fixture);
}

static void
test_order_and_folds (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 group =
    pinion_store_command_set_order (session, fixture->account, PINION_STORE_LABEL_ORDER_UNREAD);
  g_assert_cmpint (get_order (session), ==, PINION_STORE_LABEL_ORDER_UNREAD);
  g_assert_cmpint (pinion_store_command_set_order (session, fixture->account,
                                                   PINION_STORE_LABEL_ORDER_UNREAD),
                   ==, 0);
  pinion_store_folder_set_folded (session, family, TRUE);
  g_autoptr (PinionStoreFolder) folded = get_folder (session, family);
  g_assert_true (folded->folded);
  g_assert_true (pinion_store_command_undo (session, group, NULL));
  g_assert_cmpint (get_order (session), ==, PINION_STORE_LABEL_ORDER_NAME);
  fixture_commit (fixture);
  fixture_free (fixture);
}

/* An account takes what is its own with it. */
static void
test_account_removed (void)
{
  Fixture *fixture = fixture_new ();

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_command_create_section (session, fixture->account, "One",
                                       fixture_folder (fixture, "Family"), NULL);
  pinion_store_account_remove (session, fixture->account);
  assert_sections (session, "");
  fixture_commit (fixture);
  fixture_free (fixture);
}

static void
test_unread (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");
  guint n_threads = 0;

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 one = fixture_add (session, family, 1, 0, "a@x", NULL, 100);
  gint64 two = fixture_add (session, family, 2, 0, "b@x", "a@x", 101);
  fixture_add (session, family, 3, SEEN, "c@x", NULL, 102);
  fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "d@x", NULL, 103);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (GArray) unread = pinion_store_folder_get_unread (session, family, &n_threads);
  g_assert_cmpuint (unread->len, ==, 2);
  g_assert_cmpint (g_array_index (unread, gint64, 0), ==, one);
  g_assert_cmpint (g_array_index (unread, gint64, 1), ==, two);
  g_assert_cmpuint (n_threads, ==, 1);
  pinion_store_command_set_flag (session, unread, SEEN, TRUE);
  fixture_assert_pending (session, "flag 1=1 Family/1, flag 1=1 Family/2");
  fixture_commit (fixture);
  fixture_check (fixture);
  fixture_free (fixture);
}

static void
assert_count (GHashTable *counts,
              gint64      folder,
              guint       expected)
{
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts, &folder)), ==, expected);
}

/* A conversation counts once, with however many messages; what was taken away does not. */
static void
test_count_folders (void)
{
  Fixture *fixture = fixture_new ();
  gint64 family = fixture_folder (fixture, "Family");
  gint64 inbox = fixture_folder (fixture, "INBOX");
  g_autoptr (GHashTable) counts
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 messages[] = {
    fixture_add (session, family, 1, 0, "a@x", NULL, 100),
    fixture_add (session, inbox, 1, 0, "c@x", NULL, 102),
    fixture_add (session, inbox, 2, 0, "d@x", NULL, 103),
  };
  fixture_add (session, family, 2, 0, "b@x", "a@x", 101);
  g_autoptr (GArray) last = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (last, messages[2]);
  pinion_store_command_add_label (session, last, family);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  gint64 threads[G_N_ELEMENTS (messages)];
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, messages[i]);

      threads[i] = message->thread_id;
    }
  pinion_store_threads_count_folders (session, threads, 2, counts);
  assert_count (counts, family, 1);
  assert_count (counts, inbox, 1);
  pinion_store_threads_count_folders (session, threads + 2, 1, counts);
  assert_count (counts, family, 2);
  assert_count (counts, inbox, 2);
  g_assert_cmpuint (g_hash_table_size (counts), ==, 2);

  pinion_store_command_remove_label (session, last, family);
  fixture_commit (fixture);
  session = fixture_begin (fixture);
  g_hash_table_remove_all (counts);
  pinion_store_threads_count_folders (session, threads, 3, counts);
  assert_count (counts, family, 1);
  assert_count (counts, inbox, 2);
  fixture_commit (fixture);
  fixture_check (fixture);
  fixture_free (fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sidebar/pins", test_pins);
  g_test_add_func ("/sidebar/pin-all", test_pin_all);
  g_test_add_func ("/sidebar/colour", test_colour);
  g_test_add_func ("/sidebar/place", test_place);
  g_test_add_func ("/sidebar/sections", test_sections);
  g_test_add_func ("/sidebar/order-and-folds", test_order_and_folds);
  g_test_add_func ("/sidebar/account-removed", test_account_removed);
  g_test_add_func ("/sidebar/unread", test_unread);
  g_test_add_func ("/sidebar/count-folders", test_count_folders);

  return g_test_run ();
}
