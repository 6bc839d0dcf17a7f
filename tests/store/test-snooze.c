/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "pinion-store-snooze.h"

#include <glib/gstdio.h>

/* A conversation of two in the Inbox, and one beside it. */
typedef struct
{
  Fixture *fixture;
  PinionStoreSession *session;
  gint64 inbox;
  gint64 projects;
  gint64 archive;
  gint64 sent;
  gint64 first;
  gint64 second;
  gint64 other;
  gint64 now;
  GArray *ids;
} Case;

static Case
case_new (void)
{
  Case c = { .fixture = fixture_new () };

  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.projects = fixture_folder (c.fixture, "Projects");
  c.archive = fixture_folder (c.fixture, "Archive");
  c.sent = fixture_folder (c.fixture, "Sent");
  c.now = g_get_real_time () / G_USEC_PER_SEC;
  c.session = fixture_begin (c.fixture);
  c.first = fixture_add (c.session, c.inbox, 1, PINION_FLAG_SEEN, "a@x", NULL, 100);
  c.second = fixture_add (c.session, c.inbox, 2, PINION_FLAG_SEEN, "b@x", "a@x", 200);
  c.other = fixture_add (c.session, c.inbox, 3, 0, "z@x", NULL, 300);
  c.ids = fixture_ids (c.first);
  fixture_commit (c.fixture);
  fixture_check (c.fixture);
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

static gint64
thread_of (Case  *c,
           gint64 id)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (c->session, id);

  return message->thread_id;
}

/* Where the conversation of @id stands in @view, from 0; -1: nowhere. */
static int
place_in (Case           *c,
          PinionStoreView view,
          gint64          id)
{
  g_autoptr (GArray) threads = pinion_store_view_list (c->session, view);
  gint64 thread = thread_of (c, id);

  for (guint i = 0; i < threads->len; i++)
    {
      if (g_array_index (threads, gint64, i) == thread)
        return (int) i;
    }

  return -1;
}

static PinionStoreView
inbox (Case *c)
{
  return (PinionStoreView) { PINION_STORE_VIEW_FOLDER, c->inbox };
}

static PinionStoreView
snoozed (Case *c)
{
  return (PinionStoreView) { PINION_STORE_VIEW_SNOOZED, c->fixture->account };
}

static PinionStoreConversation *
row_of (Case           *c,
        PinionStoreView view,
        gint64          id)
{
  gint64 thread = thread_of (c, id);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (c->session, view, &thread, 1);
  PinionStoreConversation *row = g_ptr_array_index (rows, 0);

  return row != NULL ? pinion_store_conversation_ref (row) : NULL;
}

/* The clock of the store is the session's: as if it were that late. */
static guint
wake_at (Case  *c,
         gint64 when)
{
  gint64 due;
  g_autoptr (GArray) list = pinion_store_snoozed_list (c->session, &due);

  g_assert_cmpint (due, <=, when);
  while (g_get_real_time () / G_USEC_PER_SEC < when)
    g_usleep (20000);
  next (c);

  return pinion_store_snooze_wake (c->session);
}

/* Gone from the Inbox only, counted there no more, and listed by when it comes back. */
static void
test_put_off (void)
{
  Case c = case_new ();
  gint64 until = c.now + 86400;
  gint64 due;

  g_assert_cmpint (pinion_store_command_snooze (c.session, c.ids, until), !=, 0);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);
  g_assert_cmpint (place_in (&c, inbox (&c), c.other), ==, 0);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, 0);
  g_assert_cmpint (place_in (&c, (PinionStoreView) { PINION_STORE_VIEW_ALL, 0 }, c.first), >=, 0);

  g_autoptr (PinionStoreConversation) row = row_of (&c, snoozed (&c), c.first);
  g_assert_cmpint (row->snoozed_until, ==, until);
  g_assert_cmpint (row->date, ==, until);
  g_assert_cmpuint (row->messages->len, ==, 2);

  PinionStoreCounts counts;
  pinion_store_view_get_counts (c.session, inbox (&c), &counts);
  g_assert_cmpint (counts.threads, ==, 1);

  g_autoptr (GArray) list = pinion_store_snoozed_list (c.session, &due);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (g_array_index (list, PinionStoreSnoozed, 0).threads, ==, 1);
  g_assert_cmpint (g_array_index (list, PinionStoreSnoozed, 0).next, ==, until);
  g_assert_cmpint (due, ==, until);

  /* Nothing for the server; the same again changes nothing. */
  fixture_assert_pending (c.session, "");
  g_assert_cmpint (pinion_store_command_snooze (c.session, c.ids, until), ==, 0);
  g_assert_cmpuint (pinion_store_snooze_wake (c.session), ==, 0);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);

  case_free (&c);
}

static void
test_order (void)
{
  Case c = case_new ();
  g_autoptr (GArray) other = fixture_ids (c.other);

  pinion_store_command_snooze (c.session, c.ids, c.now + 7200);
  pinion_store_command_snooze (c.session, other, c.now + 3600);
  next (&c);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.other), ==, 0);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, 1);

  /* By pages, too. */
  g_autoptr (GArray) page = pinion_store_view_page (c.session, snoozed (&c), NULL, 1);
  PinionStoreCursor cursor = g_array_index (page, PinionStoreCursor, 0);
  g_autoptr (GArray) rest = pinion_store_view_page (c.session, snoozed (&c), &cursor, 10);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_cmpint (g_array_index (rest, PinionStoreCursor, 0).thread_id, ==,
                   thread_of (&c, c.first));

  case_free (&c);
}

static void
test_undo (void)
{
  Case c = case_new ();
  gint64 group = pinion_store_command_snooze (c.session, c.ids, c.now + 3600);

  next (&c);
  gint64 again = pinion_store_command_snooze (c.session, c.ids, c.now + 7200);
  next (&c);
  g_assert_true (pinion_store_command_undo (c.session, again, NULL));
  next (&c);
  g_autoptr (PinionStoreConversation) row = row_of (&c, snoozed (&c), c.first);
  g_assert_cmpint (row->snoozed_until, ==, c.now + 3600);
  g_assert_true (pinion_store_command_undo (c.session, group, NULL));
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, 1);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, -1);

  /* And the way back, there and back. */
  pinion_store_command_snooze (c.session, c.ids, c.now + 3600);
  gint64 back = pinion_store_command_unsnooze (c.session, c.ids);
  g_assert_cmpint (back, !=, 0);
  g_assert_cmpint (pinion_store_command_unsnooze (c.session, c.ids), ==, 0);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, 1);
  g_assert_true (pinion_store_command_undo (c.session, back, NULL));
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);

  case_free (&c);
}

/* On time: on top, unread here and nowhere else, until it is read. */
static void
test_wake (void)
{
  Case c = case_new ();
  gint64 until = c.now + 3;

  pinion_store_command_snooze (c.session, c.ids, until);
  next (&c);
  g_assert_cmpuint (wake_at (&c, until), ==, 1);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, 0);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, -1);

  g_autoptr (PinionStoreConversation) row = row_of (&c, inbox (&c), c.first);
  g_assert_cmpint (row->snoozed_until, ==, 0);
  g_assert_cmpint (row->snoozed_back, >=, until);
  g_assert_cmpint (row->date, >=, until);
  g_assert_true (row->unread);
  fixture_assert_pending (c.session, "");
  PinionStoreCounts counts;
  pinion_store_view_get_counts (c.session, inbox (&c), &counts);
  g_assert_cmpint (counts.unread, ==, 2);

  g_autoptr (GArray) all = pinion_store_thread_get_messages (c.session, row->thread_id, 0);
  pinion_store_command_mark_seen (c.session, all);
  next (&c);
  g_autoptr (PinionStoreConversation) read = row_of (&c, inbox (&c), c.first);
  g_assert_false (read->unread);
  g_assert_cmpint (read->snoozed_back, >=, until);
  fixture_assert_pending (c.session, "");

  /* Archived, it has nothing to come back to; the next one that wakes takes the traces along. */
  pinion_store_command_archive (c.session, all, 0);
  next (&c);
  pinion_store_snooze_wake (c.session);
  next (&c);
  pinion_store_command_undo (c.session, 0, NULL);
  next (&c);
  g_autoptr (PinionStoreConversation) again = row_of (&c, inbox (&c), c.first);
  g_assert_cmpint (again->snoozed_back, ==, 0);

  case_free (&c);
}

static gint64
arrive (Case       *c,
        gint64      folder,
        guint32     uid,
        const char *id,
        const char *from,
        gint64      received)
{
  const char *references[] = { "b@x", NULL };
  PinionStoreIncoming incoming = {
    .uid = uid,
    .received = received,
    .size = 10,
    .header = { .message_id = id, .references = references, .date = received,
                .from_address = from },
  };

  pinion_store_messages_add (c->session, folder, &incoming, 1);
  return incoming.id;
}

/* Sooner where somebody answers; not for one's own words, nor for what was written long before. */
static void
test_answer (void)
{
  Case c = case_new ();

  pinion_store_command_snooze (c.session, c.ids, c.now + 86400);
  next (&c);
  arrive (&c, c.sent, 1, "mine@x", "me@example.com", c.now);
  arrive (&c, c.projects, 1, "also-mine@x", "ME@example.com", c.now);
  arrive (&c, c.projects, 2, "old@x", "ana@x", c.now - 86400 * 30);
  fixture_add (c.session, c.inbox, 9, 0, "stranger@x", NULL, 900);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);

  arrive (&c, c.projects, 3, "answer@x", "ana@x", c.now);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, 0);
  g_autoptr (PinionStoreConversation) row = row_of (&c, inbox (&c), c.first);
  g_assert_cmpint (row->snoozed_until, ==, 0);
  g_assert_cmpint (row->snoozed_back, >=, c.now);

  case_free (&c);
}

/* Exchange gives what was edited another UID; and the whole store may be fetched anew. */
static void
test_found_again (void)
{
  Case c = case_new ();
  guint32 uids[] = { 1, 2 };

  pinion_store_command_snooze (c.session, c.ids, c.now + 86400);
  next (&c);
  pinion_store_vanished (c.session, c.inbox, uids, 2);
  next (&c);
  g_assert_cmpuint (pinion_store_messages_collect (c.session, c.fixture->account, G_MAXINT64),
                    ==, 2);
  next (&c);
  c.first = fixture_add (c.session, c.inbox, 11, PINION_FLAG_SEEN, "a@x", NULL, 100);
  c.second = fixture_add (c.session, c.inbox, 12, PINION_FLAG_SEEN, "b@x", "a@x", 200);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, 0);

  /* Archived elsewhere: neither here nor there; the time passes and nothing is left of it. */
  guint32 again[] = { 11, 12 };
  pinion_store_vanished (c.session, c.inbox, again, 2);
  next (&c);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.other), ==, -1);

  case_free (&c);
}

/* A database that broke takes nothing of it along: the mail is fetched again and put off still. */
static void
test_rescued (void)
{
  static const char *const folders[] = { "INBOX", "Archive", NULL };
  static const char *const files[] = { "pinion.db", "pinion.db-wal", "pinion.db-shm" };
  Case c = case_new ();

  pinion_store_command_snooze (c.session, c.ids, c.now + 86400);
  fixture_commit (c.fixture);
  fixture_close (c.fixture);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (c.fixture->dir, files[i], NULL);
      g_unlink (path);
    }

  fixture_reopen (c.fixture);
  c.session = fixture_begin (c.fixture);
  fixture_list (c.session, c.fixture->account, folders);
  fixture_commit (c.fixture);
  fixture_find_folders (c.fixture);
  c.inbox = fixture_folder (c.fixture, "INBOX");
  c.session = fixture_begin (c.fixture);
  c.first = fixture_add (c.session, c.inbox, 1, PINION_FLAG_SEEN, "a@x", NULL, 100);
  c.second = fixture_add (c.session, c.inbox, 2, PINION_FLAG_SEEN, "b@x", "a@x", 200);
  next (&c);
  g_assert_cmpint (place_in (&c, inbox (&c), c.first), ==, -1);
  g_assert_cmpint (place_in (&c, snoozed (&c), c.first), ==, 0);

  case_free (&c);
}

static void
test_past (void)
{
  Case c = case_new ();

  pinion_store_command_snooze (c.session, c.ids, c.now - 1);
  g_autoptr (GError) error = fixture_end (c.fixture);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_INVALID_ARGUMENT);
  c.session = fixture_begin (c.fixture);

  /* What is not in the Inbox cannot be put off. */
  g_autoptr (GArray) none = fixture_ids (arrive (&c, c.projects, 5, "p@x", "ana@x", c.now));
  pinion_store_command_archive (c.session, c.ids, 0);
  g_autoptr (GArray) second = fixture_ids (c.second);
  pinion_store_command_archive (c.session, second, 0);
  g_assert_cmpint (pinion_store_command_snooze (c.session, none, c.now + 100), ==, 0);

  case_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/snooze/put-off", test_put_off);
  g_test_add_func ("/store/snooze/order", test_order);
  g_test_add_func ("/store/snooze/undo", test_undo);
  g_test_add_func ("/store/snooze/wake", test_wake);
  g_test_add_func ("/store/snooze/answer", test_answer);
  g_test_add_func ("/store/snooze/found-again", test_found_again);
  g_test_add_func ("/store/snooze/rescued", test_rescued);
  g_test_add_func ("/store/snooze/past", test_past);

  return g_test_run ();
}
