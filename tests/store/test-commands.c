/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "pinion-store-labels.h"

/* What every test begins with: one message in the Inbox, UID 1. */
typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 inbox;
  gint64 projects;
  gint64 family;
  gint64 trash;
  gint64 archive;
  gint64 message;
  GArray *ids;
} Case;

static Case
case_new (void)
{
  Case c = { .fixture = fixture_new () };

  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.projects = fixture_folder (c.fixture, "Projects");
  c.family = fixture_folder (c.fixture, "Family");
  c.trash = fixture_folder (c.fixture, "Trash");
  c.archive = fixture_folder (c.fixture, "Archive");
  c.session = fixture_begin (c.fixture);
  c.message = fixture_add (c.session, c.inbox, 1, 0, "a@x", NULL, 100);
  c.ids = fixture_ids (c.message);
  fixture_commit (c.fixture);
  c.session = fixture_begin (c.fixture);

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

/* Does the next operation as a server would; @uid 0: the server does not tell it. */
static void
serve (Case   *c,
       guint32 uid)
{
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c->session, c->fixture->account,
                                                               G_MAXINT64, 1);

  g_assert_cmpuint (ready->len, ==, 1);
  PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
  g_assert_true (pinion_store_operation_start (c->session, operation->id));
  g_assert_false (pinion_store_operation_start (c->session, operation->id));
  pinion_store_operation_done (c->session, operation->id, uid);
}

static guint
count_ready (Case *c)
{
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c->session, c->fixture->account,
                                                               G_MAXINT64, 100);

  return ready->len;
}

static void
give_up_first (Case *c)
{
  g_autoptr (GPtrArray) all = pinion_store_operations_list (c->session, 0);
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE, "NO");

  pinion_store_operation_give_up (c->session,
                                  ((PinionStoreOperation *) g_ptr_array_index (all, 0))->id, error);
}

#define assert_labels(c, expected) \
  fixture_assert_labels ((c).fixture, (c).session, (c).message, expected)
#define assert_pending(c, expected) fixture_assert_pending ((c).session, expected)

static void
test_archive (void)
{
  Case c = case_new ();

  g_assert_cmpint (pinion_store_command_archive (c.session, c.ids, 0), >, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive");
  next (&c);
  g_assert_cmpint (pinion_store_command_archive (c.session, c.ids, 0), ==, 0);
  serve (&c, 9);
  assert_labels (c, "Archive");
  assert_pending (c, "");
  next (&c);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.archive, 9), ==, c.message);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.inbox, 1), ==, 0);

  case_free (&c);
}

/* The server does not say which UID the copy got: it is found there by the next sync. */
static void
test_archive_without_copyuid (void)
{
  Case c = case_new ();

  pinion_store_command_archive (c.session, c.ids, 0);
  serve (&c, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "");
  next (&c);
  g_assert_cmpint (fixture_add (c.session, c.archive, 9, 0, "a@x", NULL, 100), ==, c.message);
  assert_labels (c, "Archive");
  g_assert_cmpint (pinion_store_placement_find (c.session, c.archive, 9), ==, c.message);
  next (&c);
  pinion_store_placements_prune (c.session, c.archive, G_MAXINT64);
  assert_labels (c, "Archive");

  case_free (&c);
}

/* The copy is seen at the target before the answer, or the answer is lost. */
static void
test_move_seen_before_answer (void)
{
  Case c = case_new ();
  g_autoptr (GPtrArray) ready = NULL;
  guint32 one[] = { 1 };

  pinion_store_command_archive (c.session, c.ids, 0);
  ready = pinion_store_operations_ready (c.session, c.fixture->account, G_MAXINT64, 1);
  PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
  g_assert_cmpstr (operation->message_id_header, ==, "a@x");
  pinion_store_operation_start (c.session, operation->id);
  fixture_add (c.session, c.archive, 9, 0, "a@x", NULL, 100);
  assert_labels (c, "Archive");
  next (&c);
  pinion_store_operations_recover (c.session, c.fixture->account);
  g_autoptr (GPtrArray) again = pinion_store_operations_ready (c.session, c.fixture->account,
                                                               G_MAXINT64, 1);
  operation = g_ptr_array_index (again, 0);
  g_assert_true (operation->uncertain);
  g_assert_cmpuint (operation->to_uid, ==, 9);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  assert_labels (c, "Archive");
  assert_pending (c, "");

  case_free (&c);
}

/* Another client copied it there before we came to do so: only the source is left to remove. */
static void
test_move_already_there (void)
{
  Case c = case_new ();

  pinion_store_command_archive (c.session, c.ids, 0);
  fixture_add (c.session, c.archive, 9, 0, "a@x", NULL, 100);
  assert_pending (c, "remove INBOX/1");
  g_assert_cmpuint (count_ready (&c), ==, 1);
  serve (&c, 0);
  assert_labels (c, "Archive");

  case_free (&c);
}

/* To the Inbox of the account it is of, and back by Undo. */
static void
test_to_inbox (void)
{
  Case c = case_new ();
  gint64 group;

  g_assert_cmpint (pinion_store_command_to_inbox (c.session, c.ids, 0), ==, 0);
  pinion_store_command_move (c.session, c.ids, c.inbox, c.projects);
  serve (&c, 7);
  next (&c);
  group = pinion_store_command_to_inbox (c.session, c.ids, c.projects);
  g_assert_cmpint (group, >, 0);
  assert_labels (c, "INBOX");
  assert_pending (c, "move Projects/7 > INBOX");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, group, NULL));
  assert_labels (c, "Projects");

  case_free (&c);
}

static void
test_chain (void)
{
  Case c = case_new ();

  pinion_store_command_move (c.session, c.ids, c.inbox, c.projects);
  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, TRUE);
  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  pinion_store_command_add_label (c.session, c.ids, c.archive);
  assert_labels (c, "Archive Family");
  assert_pending (c, "move INBOX/1 > Projects, flag 1=1 Projects/0, move Projects/0 > Family, "
                     "copy Family/0 > Archive");
  next (&c);
  /* In order, one at a time. */
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (count_ready (&c), ==, 1);
      serve (&c, i + 20);
      next (&c);
    }
  assert_pending (c, "");
  assert_labels (c, "Archive Family");
  g_assert_cmpint (pinion_store_placement_find (c.session, c.archive, 23), ==, c.message);

  case_free (&c);
}

static void
test_labels (void)
{
  Case c = case_new ();

  pinion_store_command_add_label (c.session, c.ids, c.projects);
  g_assert_cmpint (pinion_store_command_add_label (c.session, c.ids, c.projects), ==, 0);
  assert_labels (c, "INBOX Projects");
  /* Not begun: nothing ever happened. */
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  assert_labels (c, "INBOX");
  assert_pending (c, "");
  next (&c);

  pinion_store_command_add_label (c.session, c.ids, c.projects);
  serve (&c, 4);
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  assert_labels (c, "INBOX");
  assert_pending (c, "remove Projects/4");
  pinion_store_command_add_label (c.session, c.ids, c.projects);
  assert_labels (c, "INBOX Projects");
  assert_pending (c, "");
  next (&c);

  /* The last one never goes: it is archived. */
  pinion_store_command_remove_label (c.session, c.ids, c.inbox);
  assert_pending (c, "remove INBOX/1");
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  assert_labels (c, "Archive");
  assert_pending (c, "remove INBOX/1, move Projects/4 > Archive");
  /* Nothing is removed while no other copy is proven. */
  g_assert_cmpuint (count_ready (&c), ==, 1);
  serve (&c, 7);
  assert_pending (c, "remove INBOX/1");
  serve (&c, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "");

  case_free (&c);
}

/* The other copy is taken away by someone else while one is to be removed: that one is the last. */
static void
test_last_label (void)
{
  Case c = case_new ();
  guint32 two[] = { 2 };

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  pinion_store_command_remove_label (c.session, c.ids, c.inbox);
  pinion_store_vanished (c.session, c.projects, two, 1);
  assert_labels (c, "");
  g_assert_cmpuint (count_ready (&c), ==, 0);
  next (&c);
  g_assert_cmpuint (pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64), ==,
                    0);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive");
  serve (&c, 5);

  case_free (&c);
}

/* The copy in Trash, for which two were to go, is taken away by another client: one of them takes its
 * place, and then the other goes. */
static void
test_last_of_several (void)
{
  Case c = case_new ();
  guint32 three[] = { 3 };

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  fixture_add (c.session, c.trash, 3, 0, "a@x", NULL, 100);
  pinion_store_command_trash (c.session, c.ids);
  assert_pending (c, "remove INBOX/1, remove Projects/2");
  pinion_store_vanished (c.session, c.trash, three, 1);
  next (&c);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "Trash");
  assert_pending (c, "move INBOX/1 > Trash, remove Projects/2");
  serve (&c, 5);
  serve (&c, 0);
  assert_labels (c, "Trash");
  assert_pending (c, "");
  next (&c);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.trash, 5), ==, c.message);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.projects, 2), ==, 0);

  case_free (&c);
}

/* Acts that build on one another, about a message that is not there any more: what is given up takes along
 * what waits for it, and nothing is shown that no server has. */
static void
test_gone_with_all (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  pinion_store_command_trash (c.session, c.ids);
  next (&c);
  pinion_store_command_add_label (c.session, c.ids, c.inbox);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  next (&c);
  pinion_store_command_trash (c.session, c.ids);
  next (&c);
  pinion_store_command_add_label (c.session, c.ids, c.family);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  next (&c);
  for (guint i = 0; i < 4; i++)
    {
      pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
      next (&c);
    }
  assert_labels (c, "-");
  g_assert_cmpuint (count_ready (&c), ==, 0);

  case_free (&c);
}

static void
test_trash (void)
{
  Case c = case_new ();

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  fixture_add (c.session, c.family, 3, 0, "a@x", NULL, 100);
  g_assert_cmpint (pinion_store_command_delete (c.session, c.ids), ==, 0);
  pinion_store_command_trash (c.session, c.ids);
  assert_labels (c, "Trash");
  assert_pending (c, "move INBOX/1 > Trash, remove Projects/2, remove Family/3");
  next (&c);
  serve (&c, 0);
  /* Where it went is not known yet, so no other copy is touched. */
  g_assert_cmpuint (count_ready (&c), ==, 0);
  fixture_add (c.session, c.trash, 8, 0, "a@x", NULL, 100);
  serve (&c, 0);
  serve (&c, 0);
  assert_labels (c, "Trash");
  next (&c);

  pinion_store_command_delete (c.session, c.ids);
  assert_labels (c, "");
  assert_pending (c, "delete Trash/8");
  next (&c);
  g_assert_cmpuint (pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64), ==,
                    0);
  serve (&c, 0);
  next (&c);
  g_assert_cmpuint (pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64), ==,
                    1);
  assert_labels (c, "-");

  case_free (&c);
}

static void
test_spam (void)
{
  Case c = case_new ();

  pinion_store_command_spam (c.session, c.ids);
  assert_labels (c, "Junk");
  pinion_store_command_unspam (c.session, c.ids);
  assert_labels (c, "INBOX");
  assert_pending (c, "");
  pinion_store_command_spam (c.session, c.ids);
  serve (&c, 5);
  pinion_store_command_unspam (c.session, c.ids);
  assert_labels (c, "INBOX");
  assert_pending (c, "move Junk/5 > INBOX");

  case_free (&c);
}

/* What was done to a flag meanwhile stays, wherever another client's copy then turns up. */
static void
test_unspam_read (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  pinion_store_command_spam (c.session, c.ids);
  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, TRUE);
  pinion_store_command_unspam (c.session, c.ids);
  assert_pending (c, "flag 1=1 INBOX/1");
  next (&c);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  fixture_add (c.session, c.family, 6, 0, "a@x", NULL, 100);
  assert_pending (c, "flag 1=1 Family/6");

  case_free (&c);
}

/* A copy may have been made before the server had what the person did to a flag. */
static void
test_copy_from_before (void)
{
  Case c = case_new ();

  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, TRUE);
  serve (&c, 0);
  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, FALSE);
  serve (&c, 0);
  next (&c);
  fixture_add (c.session, c.family, 6, PINION_FLAG_SEEN, "a@x", NULL, 100);
  assert_pending (c, "flag 1=0 Family/6");
  serve (&c, 0);
  next (&c);

  /* Once all folders were compared it was made later, and read there. */
  pinion_store_flag_acts_forget (c.session, c.fixture->account, G_MAXINT64);
  fixture_add (c.session, c.projects, 7, PINION_FLAG_SEEN, "a@x", NULL, 100);
  assert_pending (c, "flag 1=1 INBOX/1, flag 1=1 Family/6");

  case_free (&c);
}

static void
test_give_up (void)
{
  Case c = case_new ();

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  pinion_store_command_trash (c.session, c.ids);
  next (&c);
  give_up_first (&c);
  assert_labels (c, "INBOX Projects");
  assert_pending (c, "move INBOX/0 > Trash failed, remove Projects/0 failed");
  g_autoptr (GPtrArray) failed = pinion_store_operations_list (c.session, 0);
  PinionStoreOperation *operation = g_ptr_array_index (failed, 0);
  g_assert_cmpstr (operation->error_code, ==, "refused");
  g_assert_cmpstr (operation->subject, ==, "a@x");
  pinion_store_operation_forget (c.session, operation->id);
  g_assert_cmpuint (pinion_store_operations_count (c.session, 0), ==, 0);
  next (&c);

  /* What was built on it starts from where it was. */
  pinion_store_command_move (c.session, c.ids, c.inbox, c.archive);
  pinion_store_command_move (c.session, c.ids, c.archive, c.family);
  g_autoptr (GPtrArray) all = pinion_store_operations_list (c.session, 0);
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_REFUSED, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE, "NO");
  pinion_store_operation_give_up (c.session,
                                  ((PinionStoreOperation *) g_ptr_array_index (all, 1))->id, error);
  assert_labels (c, "Family Projects");
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c.session, c.fixture->account,
                                                               G_MAXINT64, 9);
  g_assert_cmpuint (ready->len, ==, 1);
  operation = g_ptr_array_index (ready, 0);
  g_assert_cmpint (operation->from_folder, ==, c.inbox);
  g_assert_cmpint (operation->to_folder, ==, c.family);
  next (&c);

  /* A flag that cannot be set is not shown. */
  serve (&c, 30);
  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_FLAGGED, TRUE);
  g_autoptr (GPtrArray) flags = pinion_store_operations_list (c.session, 0);
  for (guint i = 0; i < flags->len; i++)
    {
      operation = g_ptr_array_index (flags, i);
      if (operation->kind == PINION_STORE_OPERATION_FLAG)
        pinion_store_operation_give_up (c.session, operation->id, error);
    }
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (c.session, c.message);
  g_assert_false (message->flagged);

  case_free (&c);
}

static void
test_retry (void)
{
  Case c = case_new ();
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_IMAP,
                                               PINION_STAGE_NONE, "cut");

  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, TRUE);
  g_autoptr (GPtrArray) all = pinion_store_operations_list (c.session, 0);
  PinionStoreOperation *operation = g_ptr_array_index (all, 0);
  g_assert_cmpint (pinion_store_operations_next_try (c.session, c.fixture->account), ==, 0);
  pinion_store_operation_start (c.session, operation->id);
  g_assert_cmpint (pinion_store_operations_next_try (c.session, c.fixture->account), ==,
                   G_MAXINT64);
  pinion_store_operation_retry (c.session, operation->id, 500, TRUE, error);
  g_assert_cmpint (pinion_store_operations_next_try (c.session, c.fixture->account), ==, 500);
  g_autoptr (GPtrArray) early = pinion_store_operations_ready (c.session, c.fixture->account, 499,
                                                               9);
  g_assert_cmpuint (early->len, ==, 0);
  g_assert_cmpuint (count_ready (&c), ==, 1);

  /* It may have reached the server: the opposite is said, not nothing. */
  pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, FALSE);
  assert_pending (c, "flag 1=0 INBOX/1");

  case_free (&c);
}

/* Another client was quicker. */
static void
test_moved_elsewhere (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  pinion_store_command_move (c.session, c.ids, 0, c.projects);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  assert_labels (c, "Projects");
  g_assert_cmpuint (count_ready (&c), ==, 0);
  next (&c);
  fixture_add (c.session, c.family, 6, 0, "a@x", NULL, 100);
  assert_labels (c, "Projects");
  assert_pending (c, "move Family/6 > Projects");
  next (&c);
  /* And again, for good. */
  guint32 six[] = { 6 };
  pinion_store_vanished (c.session, c.family, six, 1);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_pending (c, "move Family/0 > Projects failed");
  next (&c);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "-");

  case_free (&c);
}

static void
test_undo (void)
{
  Case c = case_new ();

  g_assert_false (pinion_store_command_undo (c.session, 0, NULL));
  gint64 read = pinion_store_command_set_flag (c.session, c.ids, PINION_FLAG_SEEN, TRUE);
  pinion_store_command_add_label (c.session, c.ids, c.projects);
  pinion_store_command_trash (c.session, c.ids);
  assert_labels (c, "Trash");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX Projects");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");
  g_assert_true (pinion_store_command_undo (c.session, read, NULL));
  g_assert_false (pinion_store_command_undo (c.session, read, NULL));
  assert_pending (c, "");
  next (&c);

  /* What was only looked at is passed over. */
  pinion_store_command_archive (c.session, c.ids, 0);
  pinion_store_command_mark_seen (c.session, c.ids);
  assert_pending (c, "move INBOX/1 > Archive, flag 1=1 Archive/0");
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");
  assert_pending (c, "flag 1=1 INBOX/1");
  serve (&c, 1);
  next (&c);

  /* What the server has done already is done the other way. */
  pinion_store_command_archive (c.session, c.ids, 0);
  serve (&c, 3);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");
  assert_pending (c, "move Archive/3 > INBOX");
  serve (&c, 11);
  next (&c);

  pinion_store_command_add_label (c.session, c.ids, c.family);
  serve (&c, 12);
  pinion_store_command_remove_label (c.session, c.ids, c.family);
  serve (&c, 0);
  assert_labels (c, "INBOX");
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "Family INBOX");
  assert_pending (c, "copy INBOX/11 > Family");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");

  case_free (&c);
}

static void
test_refused (void)
{
  Case c = case_new ();
  static const char *const bare[] = { "INBOX", NULL };

  fixture_list (c.session, c.fixture->account, bare);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  g_autoptr (GError) missing = fixture_end (c.fixture);
  g_assert_error (missing, PINION_ERROR, PINION_ERROR_NOT_FOUND);

  c.session = fixture_begin (c.fixture);
  pinion_store_command_add_label (c.session, c.ids, 4711);
  g_autoptr (GError) foreign = fixture_end (c.fixture);
  g_assert_error (foreign, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);

  c.session = fixture_begin (c.fixture);
  g_array_index (c.ids, gint64, 0) = 4711;
  g_assert_cmpint (pinion_store_command_trash (c.session, c.ids), ==, 0);

  case_free (&c);
}

/* A copy that was to bring the message back to where it never left, when the move away is taken back. */
static void
test_back_again (void)
{
  Case c = case_new ();

  pinion_store_command_move (c.session, c.ids, 0, c.family);
  pinion_store_command_add_label (c.session, c.ids, c.inbox);
  pinion_store_command_move (c.session, c.ids, c.family, c.inbox);
  fixture_assert_labels (c.fixture, c.session, c.message, "INBOX");
  fixture_assert_pending (c.session, "");
  next (&c);

  /* What was built on that copy starts from the message. */
  pinion_store_command_move (c.session, c.ids, 0, c.family);
  pinion_store_command_add_label (c.session, c.ids, c.inbox);
  pinion_store_command_move (c.session, c.ids, c.inbox, c.projects);
  fixture_assert_pending (c.session, "move INBOX/1 > Family, copy Family/0 > INBOX,"
                                     " move INBOX/0 > Projects");
  pinion_store_command_move (c.session, c.ids, c.family, c.inbox);
  next (&c);
  while (count_ready (&c) > 0)
    serve (&c, 7);
  fixture_assert_pending (c.session, "");
  fixture_assert_labels (c.fixture, c.session, c.message, "INBOX Projects");

  case_free (&c);
}

/* Thrown away with its labels and deleted from Trash before the server knew of either. */
static void
test_delete_at_once (void)
{
  Case c = case_new ();

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  pinion_store_command_trash (c.session, c.ids);
  pinion_store_command_delete (c.session, c.ids);
  fixture_assert_pending (c.session, "move INBOX/1 > Trash, remove Projects/2, delete Trash/0");
  next (&c);

  serve (&c, 7);
  serve (&c, 0);
  fixture_assert_pending (c.session, "delete Projects/2");
  serve (&c, 0);
  fixture_assert_pending (c.session, "");
  fixture_assert_labels (c.fixture, c.session, c.message, "");

  case_free (&c);
}

/* Two copies in one folder are one message there, and go together. */
static void
test_doubles (void)
{
  Case c = case_new ();

  fixture_add (c.session, c.inbox, 2, 0, "a@x", NULL, 100);
  assert_labels (c, "INBOX");
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive, remove INBOX/2");

  case_free (&c);
}

/* Another client copied it there once more: taking the move back leaves nothing beside the old place. */
static void
test_undo_doubles (void)
{
  Case c = case_new ();

  pinion_store_command_archive (c.session, c.ids, 0);
  serve (&c, 3);
  fixture_add (c.session, c.archive, 4, 0, "a@x", NULL, 100);
  assert_labels (c, "Archive");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");
  assert_pending (c, "move Archive/3 > INBOX, remove Archive/4");
  next (&c);

  serve (&c, 5);
  serve (&c, 0);
  assert_labels (c, "INBOX");
  assert_pending (c, "");

  case_free (&c);
}

/* What came directly, and what a list sent on: one message, and none of the two is lost. */
static void
test_other_text (void)
{
  Case c = case_new ();

  g_assert_cmpint (fixture_add_text (c.session, c.inbox, 2, "a@x", 1400), ==, c.message);
  assert_labels (c, "INBOX");
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive, move INBOX/2 > Archive");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "INBOX");
  assert_pending (c, "");
  next (&c);

  pinion_store_command_archive (c.session, c.ids, 0);
  serve (&c, 3);
  serve (&c, 4);
  assert_labels (c, "Archive");
  assert_pending (c, "");
  next (&c);
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));
  g_assert_true (pinion_store_command_undo (c.session, 0, stays));
  g_assert_cmpuint (stays->len, ==, 0);
  assert_labels (c, "INBOX");
  assert_pending (c, "move Archive/4 > INBOX, move Archive/3 > INBOX");

  case_free (&c);
}

/* Where the other text lies already it stays, also when the move is taken back. */
static void
test_other_text_there (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.archive, 2, "a@x", 1400);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive");
  next (&c);
  serve (&c, 3);
  next (&c);
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));
  g_assert_true (pinion_store_command_undo (c.session, 0, stays));
  g_assert_cmpuint (stays->len, ==, 0);
  assert_labels (c, "Archive INBOX");
  assert_pending (c, "move Archive/3 > INBOX");

  case_free (&c);
}

static void
test_other_text_discarded (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.projects, 2, "a@x", FIXTURE_SIZE);
  fixture_add_text (c.session, c.family, 3, "a@x", 1400);
  fixture_add_text (c.session, c.family, 4, "a@x", 1400);
  next (&c);
  pinion_store_command_trash (c.session, c.ids);
  assert_labels (c, "Trash");
  assert_pending (c, "move INBOX/1 > Trash, remove Projects/2, move Family/3 > Trash,"
                     " remove Family/4");

  case_free (&c);
}

/* A label goes: what says something else elsewhere does not stand for it. */
static void
test_other_text_unlabelled (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.projects, 2, "a@x", 1400);
  next (&c);
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  assert_labels (c, "Archive INBOX");
  assert_pending (c, "move Projects/2 > Archive");

  case_free (&c);
}

/* Another client takes away the copy that was to stay. */
static void
test_other_text_is_no_proof (void)
{
  Case c = case_new ();
  guint32 two[] = { 2 };

  fixture_add_text (c.session, c.projects, 2, "a@x", FIXTURE_SIZE);
  fixture_add_text (c.session, c.family, 3, "a@x", 1400);
  next (&c);
  pinion_store_command_remove_label (c.session, c.ids, c.inbox);
  assert_labels (c, "Family Projects");
  assert_pending (c, "remove INBOX/1");
  pinion_store_vanished (c.session, c.projects, two, 1);
  next (&c);
  g_assert_cmpuint (count_ready (&c), ==, 0);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "Archive Family");
  assert_pending (c, "move INBOX/1 > Archive");

  case_free (&c);
}

/* No COPYUID: the second is moved once it is known which copy is the first one's. */
static void
test_other_text_without_copyuid (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.inbox, 2, "a@x", 1400);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  serve (&c, 0);
  assert_pending (c, "move INBOX/2 > Archive");
  g_assert_cmpuint (count_ready (&c), ==, 0);
  next (&c);
  fixture_add_text (c.session, c.archive, 7, "a@x", FIXTURE_SIZE);
  g_assert_cmpuint (count_ready (&c), ==, 1);

  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (c.session, c.fixture->account,
                                                               G_MAXINT64, 1);
  PinionStoreOperation *operation = g_ptr_array_index (ready, 0);
  g_autoptr (GArray) others = pinion_store_operation_list_other_texts (c.session, operation->id);
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_cmpuint (g_array_index (others, guint32, 0), ==, 7);
  serve (&c, 0);
  next (&c);
  fixture_add_text (c.session, c.archive, 8, "a@x", 1400);
  assert_labels (c, "Archive");
  assert_pending (c, "");
  pinion_store_placements_prune (c.session, c.archive, G_MAXINT64);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.archive, 7), ==, c.message);
  g_assert_cmpint (pinion_store_placement_find (c.session, c.archive, 8), ==, c.message);

  case_free (&c);
}

/* Another client brings the other text to where the move goes: that is not what was moved. */
static void
test_other_text_arrives (void)
{
  Case c = case_new ();

  pinion_store_command_archive (c.session, c.ids, 0);
  next (&c);
  fixture_add_text (c.session, c.archive, 7, "a@x", 1400);
  assert_labels (c, "Archive");
  assert_pending (c, "move INBOX/1 > Archive");
  next (&c);
  fixture_add_text (c.session, c.archive, 8, "a@x", FIXTURE_SIZE);
  assert_pending (c, "remove INBOX/1");

  case_free (&c);
}

/* What is to be moved is gone, and the other text turns up: that is moved, and proves nothing. */
static void
test_other_text_turns_up (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  fixture_add_text (c.session, c.projects, 2, "a@x", FIXTURE_SIZE);
  next (&c);
  pinion_store_command_trash (c.session, c.ids);
  assert_pending (c, "move INBOX/1 > Trash, remove Projects/2");
  pinion_store_vanished (c.session, c.inbox, one, 1);
  next (&c);
  fixture_add_text (c.session, c.family, 3, "a@x", 1400);
  assert_pending (c, "move Family/3 > Trash, remove Projects/2");
  next (&c);
  serve (&c, 9);
  g_assert_cmpuint (count_ready (&c), ==, 0);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "Trash");
  assert_pending (c, "move Projects/2 > Trash");

  case_free (&c);
}

/* Moved to where it was only about to go from, and that taken back: it goes from there after all. */
static void
test_undo_of_staying (void)
{
  Case c = case_new ();

  fixture_add (c.session, c.projects, 2, 0, "a@x", NULL, 100);
  pinion_store_command_trash (c.session, c.ids);
  assert_pending (c, "move INBOX/1 > Trash, remove Projects/2");
  next (&c);
  pinion_store_command_move (c.session, c.ids, c.trash, c.projects);
  assert_labels (c, "Projects");
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, 0, NULL));
  assert_labels (c, "Trash");
  next (&c);

  while (count_ready (&c) > 0)
    serve (&c, 7);
  assert_labels (c, "Trash");
  assert_pending (c, "");

  case_free (&c);
}

/* Several in one go, and one step back takes it all back; none is the last copy in between. */
static void
test_change_labels (void)
{
  Case c = case_new ();
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) both = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) inbox = fixture_ids (c.inbox);
  g_autoptr (GArray) projects = fixture_ids (c.projects);
  g_autoptr (GArray) family = fixture_ids (c.family);

  g_array_append_val (both, c.projects);
  g_array_append_val (both, c.family);
  gint64 first = pinion_store_command_change_labels (c.session, c.ids, both, none);
  next (&c);
  fixture_assert_labels (c.fixture, c.session, c.message, "Family INBOX Projects");
  g_assert_cmpint (pinion_store_command_change_labels (c.session, c.ids, both, none), ==, 0);
  g_assert_true (pinion_store_command_undo (c.session, first, NULL));
  next (&c);
  fixture_assert_labels (c.fixture, c.session, c.message, "INBOX");
  fixture_assert_pending (c.session, "");

  pinion_store_command_change_labels (c.session, c.ids, projects, inbox);
  next (&c);
  fixture_assert_labels (c.fixture, c.session, c.message, "Projects");
  gint64 swap = pinion_store_command_change_labels (c.session, c.ids, family, projects);
  next (&c);
  fixture_assert_labels (c.fixture, c.session, c.message, "Family");
  g_assert_true (pinion_store_command_undo (c.session, swap, NULL));
  next (&c);
  fixture_assert_labels (c.fixture, c.session, c.message, "Projects");

  case_free (&c);
}

/* A removal that became a move waits for the other text's copy, which waits for it. */
static void
test_other_text_waits_for_none (void)
{
  Case c = case_new ();
  guint32 three[] = { 3 };

  fixture_add_text (c.session, c.projects, 2, "a@x", 1400);
  fixture_add_text (c.session, c.family, 3, "a@x", 1400);
  next (&c);
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_pending (c, "remove Projects/2, move INBOX/1 > Archive");
  next (&c);
  pinion_store_vanished (c.session, c.family, three, 1);
  next (&c);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_pending (c, "move Projects/2 > Archive, move INBOX/1 > Archive");
  next (&c);
  g_assert_cmpuint (count_ready (&c), ==, 1);

  case_free (&c);
}

/* For good is what lay in Trash, not the other text's last copy. */
static void
test_other_text_deleted (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };
  GArray *ids = c.ids;

  fixture_add_text (c.session, c.trash, 5, "a@x", 1400);
  fixture_add_text (c.session, c.projects, 2, "a@x", FIXTURE_SIZE);
  next (&c);
  pinion_store_command_delete_label (c.session, c.projects, PINION_FOLDER_ROLE_TRASH);
  assert_labels (c, "INBOX Trash");
  next (&c);
  pinion_store_command_delete (c.session, ids);
  assert_labels (c, "INBOX");
  pinion_store_vanished (c.session, c.inbox, one, 1);
  next (&c);
  serve (&c, 0);
  next (&c);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "Trash");
  assert_pending (c, "move Projects/2 > Trash, delete-label Projects/0");

  case_free (&c);
}

/* The copy that a chain starts from becomes another text: what is further on is that, too. */
static void
test_other_text_along_a_chain (void)
{
  Case c = case_new ();
  guint32 one[] = { 1 };

  fixture_add_text (c.session, c.archive, 5, "a@x", 1400);
  next (&c);
  pinion_store_command_add_label (c.session, c.ids, c.projects);
  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  assert_pending (c, "copy INBOX/1 > Projects, move Projects/0 > Family");
  next (&c);
  pinion_store_vanished (c.session, c.inbox, one, 1);
  assert_pending (c, "copy Archive/5 > Projects, move Projects/0 > Family");
  fixture_add_text (c.session, c.inbox, 2, "a@x", FIXTURE_SIZE);
  next (&c);
  serve (&c, 10);
  next (&c);
  serve (&c, 11);
  next (&c);
  /* Family/11 is a copy of Archive/5; INBOX/2 is the last one of its text. */
  pinion_store_command_remove_label (c.session, c.ids, c.inbox);
  assert_pending (c, "move INBOX/2 > Archive");

  case_free (&c);
}

static void
test_other_text_beside_a_chain (void)
{
  Case c = case_new ();

  pinion_store_command_add_label (c.session, c.ids, c.projects);
  pinion_store_command_move (c.session, c.ids, c.projects, c.family);
  assert_pending (c, "copy INBOX/1 > Projects, move Projects/0 > Family");
  next (&c);
  fixture_add_text (c.session, c.projects, 7, "a@x", 1400);
  assert_pending (c, "copy INBOX/1 > Projects, move Projects/0 > Family");
  next (&c);
  serve (&c, 10);
  serve (&c, 11);
  next (&c);
  assert_labels (c, "Family INBOX Projects");
  pinion_store_command_remove_label (c.session, c.ids, c.inbox);
  assert_pending (c, "remove INBOX/1");

  case_free (&c);
}

/* What is deleted for good is the copy that was thrown away, not what another client brought. */
static void
test_other_text_beside_deleted (void)
{
  Case c = case_new ();

  pinion_store_command_trash (c.session, c.ids);
  serve (&c, 0);
  next (&c);
  pinion_store_command_delete (c.session, c.ids);
  assert_pending (c, "delete Trash/0");
  next (&c);
  fixture_add_text (c.session, c.trash, 7, "a@x", 1400);
  fixture_add_text (c.session, c.trash, 8, "a@x", FIXTURE_SIZE);
  assert_pending (c, "delete Trash/8");

  case_free (&c);
}

/* The same after the server counted anew. */
static void
test_other_text_deleted_anew (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.trash, 8, "a@x", FIXTURE_SIZE);
  next (&c);
  pinion_store_command_delete (c.session, c.ids);
  assert_pending (c, "delete Trash/8");
  next (&c);
  pinion_store_folder_reset_uids (c.session, c.trash, 77);
  fixture_add_text (c.session, c.trash, 1, "a@x", 1400);
  fixture_add_text (c.session, c.trash, 2, "a@x", FIXTURE_SIZE);
  assert_pending (c, "delete Trash/2");

  case_free (&c);
}

static void
test_other_text_moved_anew (void)
{
  Case c = case_new ();

  pinion_store_command_archive (c.session, c.ids, 0);
  next (&c);
  pinion_store_folder_reset_uids (c.session, c.inbox, 77);
  fixture_add_text (c.session, c.inbox, 2, "a@x", 1400);
  fixture_add_text (c.session, c.inbox, 3, "a@x", FIXTURE_SIZE);
  assert_pending (c, "move INBOX/3 > Archive");
  next (&c);
  serve (&c, 9);
  next (&c);
  assert_labels (c, "Archive INBOX");
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_pending (c, "move INBOX/2 > Archive");

  case_free (&c);
}

/* What a move waits for is not there any more, and the other text lies at its target: nothing is doubled. */
static void
test_other_text_onto_itself (void)
{
  Case c = case_new ();
  guint32 two[] = { 2 };

  fixture_add_text (c.session, c.inbox, 2, "a@x", 1400);
  fixture_add_text (c.session, c.archive, 9, "a@x", FIXTURE_SIZE);
  next (&c);
  pinion_store_command_archive (c.session, c.ids, 0);
  assert_pending (c, "remove INBOX/1, move INBOX/2 > Archive");
  next (&c);
  pinion_store_vanished (c.session, c.inbox, two, 1);
  next (&c);
  pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64);
  assert_labels (c, "Archive");
  assert_pending (c, "remove INBOX/1");

  case_free (&c);
}

/* A size that is not told tells nothing: what was known to be another text stays that. */
static void
test_other_text_without_size (void)
{
  Case c = case_new ();

  fixture_add_text (c.session, c.projects, 2, "a@x", 1400);
  next (&c);
  pinion_store_folder_reset_uids (c.session, c.projects, 77);
  fixture_add_text (c.session, c.projects, 3, "a@x", 0);
  next (&c);
  pinion_store_command_remove_label (c.session, c.ids, c.projects);
  assert_pending (c, "move Projects/3 > Archive");

  case_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/commands/other-text-waits-for-none", test_other_text_waits_for_none);
  g_test_add_func ("/store/commands/other-text-deleted", test_other_text_deleted);
  g_test_add_func ("/store/commands/other-text-along-a-chain", test_other_text_along_a_chain);
  g_test_add_func ("/store/commands/other-text-beside-a-chain", test_other_text_beside_a_chain);
  g_test_add_func ("/store/commands/other-text-beside-deleted", test_other_text_beside_deleted);
  g_test_add_func ("/store/commands/other-text-deleted-anew", test_other_text_deleted_anew);
  g_test_add_func ("/store/commands/other-text-moved-anew", test_other_text_moved_anew);
  g_test_add_func ("/store/commands/other-text-onto-itself", test_other_text_onto_itself);
  g_test_add_func ("/store/commands/other-text-without-size", test_other_text_without_size);
  g_test_add_func ("/store/commands/archive", test_archive);
  g_test_add_func ("/store/commands/archive-without-copyuid", test_archive_without_copyuid);
  g_test_add_func ("/store/commands/move-seen-before-answer", test_move_seen_before_answer);
  g_test_add_func ("/store/commands/move-already-there", test_move_already_there);
  g_test_add_func ("/store/commands/to-inbox", test_to_inbox);
  g_test_add_func ("/store/commands/chain", test_chain);
  g_test_add_func ("/store/commands/labels", test_labels);
  g_test_add_func ("/store/commands/last-label", test_last_label);
  g_test_add_func ("/store/commands/last-of-several", test_last_of_several);
  g_test_add_func ("/store/commands/gone-with-all", test_gone_with_all);
  g_test_add_func ("/store/commands/trash", test_trash);
  g_test_add_func ("/store/commands/spam", test_spam);
  g_test_add_func ("/store/commands/unspam-read", test_unspam_read);
  g_test_add_func ("/store/commands/copy-from-before", test_copy_from_before);
  g_test_add_func ("/store/commands/give-up", test_give_up);
  g_test_add_func ("/store/commands/retry", test_retry);
  g_test_add_func ("/store/commands/moved-elsewhere", test_moved_elsewhere);
  g_test_add_func ("/store/commands/undo", test_undo);
  g_test_add_func ("/store/commands/refused", test_refused);
  g_test_add_func ("/store/commands/back-again", test_back_again);
  g_test_add_func ("/store/commands/delete-at-once", test_delete_at_once);
  g_test_add_func ("/store/commands/doubles", test_doubles);
  g_test_add_func ("/store/commands/undo-doubles", test_undo_doubles);
  g_test_add_func ("/store/commands/other-text", test_other_text);
  g_test_add_func ("/store/commands/other-text-there", test_other_text_there);
  g_test_add_func ("/store/commands/other-text-discarded", test_other_text_discarded);
  g_test_add_func ("/store/commands/other-text-unlabelled", test_other_text_unlabelled);
  g_test_add_func ("/store/commands/other-text-is-no-proof", test_other_text_is_no_proof);
  g_test_add_func ("/store/commands/other-text-without-copyuid", test_other_text_without_copyuid);
  g_test_add_func ("/store/commands/other-text-arrives", test_other_text_arrives);
  g_test_add_func ("/store/commands/other-text-turns-up", test_other_text_turns_up);
  g_test_add_func ("/store/commands/undo-of-staying", test_undo_of_staying);
  g_test_add_func ("/store/commands/change-labels", test_change_labels);

  return g_test_run ();
}
