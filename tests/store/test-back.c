/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Acts that lead back to where a message came from, before the server heard of any. */

#include "store-fixture.h"

typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 trash;
  gint64 archive;
  gint64 projects;
  gint64 message;
  GArray *ids;
} Case;

/* The message is in Trash, as far as is known here, and has @label besides. */
static Case
case_new (const char *label)
{
  Case c = { .fixture = fixture_new () };

  c.trash = fixture_folder (c.fixture, "Trash");
  c.archive = fixture_folder (c.fixture, "Archive");
  c.projects = fixture_folder (c.fixture, "Projects");
  c.session = fixture_begin (c.fixture);
  c.message = fixture_add (c.session, fixture_folder (c.fixture, "INBOX"), 1, 0, "a@x", NULL, 100);
  c.ids = fixture_ids (c.message);
  pinion_store_command_trash (c.session, c.ids);
  pinion_store_command_add_label (c.session, c.ids, fixture_folder (c.fixture, label));

  return c;
}

static void
next (Case *c)
{
  c->session = fixture_next (c->fixture);
}

/* A server does all of it, and the message is in Trash. */
static void
finish (Case *c)
{
  for (guint uid = 20;; uid++)
    {
      next (c);
      g_autoptr (GPtrArray) ready
        = pinion_store_operations_ready (c->session, c->fixture->account, G_MAXINT64, 1);

      if (ready->len == 0)
        break;
      PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
      g_assert_true (pinion_store_operation_start (c->session, operation->id));
      pinion_store_operation_done (c->session, operation->id, uid);
    }
  fixture_assert_labels (c->fixture, c->session, c->message, "Trash");
  fixture_assert_pending (c->session, "");

  fixture_commit (c->fixture);
  g_array_unref (c->ids);
  fixture_free (c->fixture);
}

/* Moved back, or its leaving taken back, to where another copy has come by then: it lies there once. */
static void
test_beside_another (void)
{
  for (guint undone = 0; undone < 2; undone++)
    {
      Case c = case_new ("Archive");

      gint64 left = pinion_store_command_move (c.session, c.ids, c.trash, c.projects);
      pinion_store_command_trash (c.session, c.ids);
      pinion_store_command_add_label (c.session, c.ids, c.projects);
      fixture_assert_labels (c.fixture, c.session, c.message, "Projects Trash");
      next (&c);
      if (undone)
        g_assert_true (pinion_store_command_undo (c.session, left, NULL));
      else
        pinion_store_command_move (c.session, c.ids, c.projects, c.trash);
      fixture_assert_labels (c.fixture, c.session, c.message, "Trash");
      fixture_assert_pending (c.session, "move INBOX/1 > Trash, copy Trash/0 > Archive,"
                                         " move Trash/0 > Projects, move Archive/0 > Trash,"
                                         " remove Projects/0");
      finish (&c);
    }
}

/* Taken out of Trash for good, or to another place, while a label kept it, brought back there, and then out of
 * the label: it stays in Trash. */
static void
test_deleted_between (void)
{
  Case c = case_new ("Projects");

  pinion_store_command_delete (c.session, c.ids);
  fixture_assert_labels (c.fixture, c.session, c.message, "Projects");
  pinion_store_command_add_label (c.session, c.ids, c.trash);
  pinion_store_command_trash (c.session, c.ids);
  fixture_assert_labels (c.fixture, c.session, c.message, "Trash");
  finish (&c);
}

static void
test_moved_between (void)
{
  Case c = case_new ("Projects");

  pinion_store_command_move (c.session, c.ids, c.trash, c.archive);
  fixture_assert_labels (c.fixture, c.session, c.message, "Archive Projects");
  pinion_store_command_add_label (c.session, c.ids, c.trash);
  pinion_store_command_trash (c.session, c.ids);
  fixture_assert_labels (c.fixture, c.session, c.message, "Trash");
  finish (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/back/beside-another", test_beside_another);
  g_test_add_func ("/store/back/deleted-between", test_deleted_between);
  g_test_add_func ("/store/back/moved-between", test_moved_between);

  return g_test_run ();
}
