/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Undo, where what is taken back has no place to go any more. */

#include "store-fixture.h"

typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 inbox;
  gint64 projects;
  gint64 family;
  gint64 trash;
  gint64 message;
  GArray *ids;
} Case;

static Case
case_new (const char *first,
          const char *second)
{
  Case c = { .fixture = fixture_new () };

  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.projects = fixture_folder (c.fixture, "Projects");
  c.family = fixture_folder (c.fixture, "Family");
  c.trash = fixture_folder (c.fixture, "Trash");
  c.session = fixture_begin (c.fixture);
  c.message = fixture_add (c.session, fixture_folder (c.fixture, first), 1, 0, "a@x", NULL, 100);
  if (second != NULL)
    fixture_add (c.session, fixture_folder (c.fixture, second), 1, 0, "a@x", NULL, 100);
  c.ids = fixture_ids (c.message);

  return c;
}

static void
next (Case *c)
{
  c->session = fixture_next (c->fixture);
}

static void
case_free (Case *c)
{
  g_array_unref (c->ids);
  fixture_finish (c->fixture);
}

static void
serve_all (Case *c)
{
  for (;;)
    {
      g_autoptr (GPtrArray) ready
        = pinion_store_operations_ready (c->session, c->fixture->account, G_MAXINT64, 1);

      if (ready->len == 0)
        break;
      PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
      g_assert_true (pinion_store_operation_start (c->session, operation->id));
      pinion_store_operation_done (c->session, operation->id, 20);
    }
  next (c);
}

/* What another client leaves: neither Projects nor what was in it. */
static void
lose_projects (Case *c)
{
  static const char *const left[]
    = { "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive", "Family", NULL };

  fixture_list (c->session, c->fixture->account, left);
  next (c);
}

/* @name: (nullable) why the message stays. */
static void
assert_undone (Case       *c,
               const char *labels,
               const char *name)
{
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));

  g_assert_true (pinion_store_command_undo (c->session, 0, stays));
  fixture_assert_labels (c->fixture, c->session, c->message, labels);
  g_assert_cmpuint (stays->len, ==, name != NULL ? 1 : 0);
  if (name != NULL)
    {
      PinionStays *one = &g_array_index (stays, PinionStays, 0);

      g_assert_cmpint (one->message, ==, c->message);
      g_assert_cmpstr (pinion_stays_reason_to_string (one->reason), ==, name);
    }
  next (c);
}

static void
test_moved (void)
{
  Case c = case_new ("Projects", NULL);

  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  serve_all (&c);
  lose_projects (&c);
  assert_undone (&c, "Family", "label-gone");
  fixture_assert_pending (c.session, "");
  case_free (&c);

  c = case_new ("Projects", NULL);
  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  serve_all (&c);
  assert_undone (&c, "Projects", NULL);
  case_free (&c);
}

/* It stays where it was put, too, if it had another label all the time. */
static void
test_moved_with_another (void)
{
  Case c = case_new ("Projects", "INBOX");

  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  serve_all (&c);
  lose_projects (&c);
  assert_undone (&c, "Family INBOX", "label-gone");
  case_free (&c);
}

static void
test_removed (void)
{
  Case c = case_new ("Projects", "INBOX");

  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  serve_all (&c);
  lose_projects (&c);
  assert_undone (&c, "INBOX", "label-gone");
  case_free (&c);
}

/* In whichever order it left its labels: it is back in what is left of them, and nowhere else. */
static void
test_trashed (void)
{
  static const char *const orders[][2] = { { "Projects", "Family" }, { "Family", "Projects" } };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      Case c = case_new (orders[i][0], orders[i][1]);

      pinion_store_command_trash (c.session, c.ids);
      serve_all (&c);
      lose_projects (&c);
      assert_undone (&c, "Family", "label-left");
      case_free (&c);
    }
}

static void
assert_stays (Case             *c,
              gint64            group,
              PinionStaysReason reason)
{
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));

  g_assert_true (pinion_store_command_undo (c->session, group, stays));
  g_assert_cmpuint (stays->len, ==, 1);
  g_assert_cmpint (g_array_index (stays, PinionStays, 0).reason, ==, reason);
}

/* Gone for good since, which is told of both acts. */
static void
test_deleted (void)
{
  Case c = case_new ("INBOX", NULL);

  gint64 trashed = pinion_store_command_trash (c.session, c.ids);
  serve_all (&c);
  gint64 deleted = pinion_store_command_delete (c.session, c.ids);
  serve_all (&c);
  assert_stays (&c, trashed, PINION_STAYS_CHANGED);
  assert_stays (&c, deleted, PINION_STAYS_DELETED);
  case_free (&c);
}

/* Another client brought it back already: there is nothing to tell. */
static void
test_back_already (void)
{
  Case c = case_new ("INBOX", NULL);

  pinion_store_command_move (c.session, c.ids, c.inbox, c.family);
  serve_all (&c);
  fixture_add (c.session, c.inbox, 9, 0, "a@x", NULL, 100);
  next (&c);
  assert_undone (&c, "INBOX", NULL);
  case_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/stays/moved", test_moved);
  g_test_add_func ("/store/stays/moved-with-another", test_moved_with_another);
  g_test_add_func ("/store/stays/removed", test_removed);
  g_test_add_func ("/store/stays/trashed", test_trashed);
  g_test_add_func ("/store/stays/deleted", test_deleted);
  g_test_add_func ("/store/stays/back-already", test_back_already);

  return g_test_run ();
}
