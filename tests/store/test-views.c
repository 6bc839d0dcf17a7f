/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-store-drafts.h"
#include "store-fixture.h"

static gint64
thread_of (PinionStoreSession *session,
           gint64              id)
{
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, id);

  return message->thread_id;
}

static void
test_threads (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreSession *session = fixture_begin (fixture);

  /* An answer, its question later; and a third that only names the question. */
  gint64 answer = fixture_add (session, inbox, 1, 0, "b@x", "a@x", 200);
  gint64 question = fixture_add (session, inbox, 2, 0, "a@x", NULL, 100);
  gint64 third = fixture_add (session, inbox, 3, 0, "c@x", "z@x a@x", 300);
  g_assert_cmpint (thread_of (session, answer), ==, thread_of (session, question));
  g_assert_cmpint (thread_of (session, third), ==, thread_of (session, question));

  /* The same subject alone joins nothing. */
  gint64 other = fixture_add (session, inbox, 4, 0, "d@x", NULL, 100);
  g_assert_cmpint (thread_of (session, other), !=, thread_of (session, question));
  fixture_commit (fixture);

  /* The missing link joins what was two, whichever is older. */
  session = fixture_begin (fixture);
  gint64 late = fixture_add (session, inbox, 5, 0, "e@x", "d@x", 400);
  gint64 link = fixture_add (session, inbox, 6, 0, "f@x", "c@x e@x", 500);
  gint64 thread = thread_of (session, question);
  g_assert_cmpint (thread_of (session, other), ==, thread);
  g_assert_cmpint (thread_of (session, late), ==, thread);
  g_assert_cmpint (thread_of (session, link), ==, thread);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_read (fixture);
  PinionStoreView view = { PINION_STORE_VIEW_FOLDER, inbox };
  g_autoptr (GArray) threads = pinion_store_view_list (session, view);
  g_assert_cmpuint (threads->len, ==, 1);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, view, &thread, 1);
  PinionStoreConversation *row = g_ptr_array_index (rows, 0);
  g_assert_cmpuint (row->messages->len, ==, 6);
  g_assert_cmpint (row->date, ==, 500);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_thread_index (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreIncoming incoming[] = {
    { .uid = 1, .received = 5, .header = { .message_id = "a@x", .date = 5, .thread_key = "k" } },
    { .uid = 2, .received = 6, .header = { .message_id = "b@x", .date = 6, .thread_key = "k" } },
    { .uid = 3, .received = 7, .header = { .message_id = "c@x", .date = 7, .thread_key = "l" } },
    { .uid = 4, .received = 8, .header = { .message_id = "k", .date = 8, .thread_key = "" } },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_messages_add (session, inbox, incoming, 4);
  g_assert_cmpint (thread_of (session, incoming[0].id), ==, thread_of (session, incoming[1].id));
  g_assert_cmpint (thread_of (session, incoming[0].id), !=, thread_of (session, incoming[2].id));
  g_assert_cmpint (thread_of (session, incoming[0].id), !=, thread_of (session, incoming[3].id));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static gint64
add_threaded (PinionStoreSession *session,
              gint64              inbox,
              guint32             uid,
              const char         *id,
              const char         *reference,
              const char         *thread_key)
{
  const char *references[] = { reference, NULL };
  PinionStoreIncoming incoming = {
    .uid = uid,
    .received = uid,
    .header = {
      .message_id = id,
      .references = reference != NULL ? references : NULL,
      .thread_key = thread_key,
      .date = uid,
      .subject = "Re: The same subject",
    },
  };

  pinion_store_messages_add (session, inbox, &incoming, 1);
  return incoming.id;
}

/* What joins two conversations may come last, and by either way; a subject never does. */
static void
test_links_come_late (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreSession *session = fixture_begin (fixture);
  gint64 stranger = add_threaded (session, inbox, 1, "stranger@x", NULL, "other");

  /* By reference on one side, by index on the other. */
  gint64 answer = add_threaded (session, inbox, 2, "answer@x", "first@x", NULL);
  gint64 indexed = add_threaded (session, inbox, 3, "indexed@x", NULL, "k");
  g_assert_cmpint (thread_of (session, answer), !=, thread_of (session, indexed));
  gint64 first = add_threaded (session, inbox, 4, "first@x", NULL, "k");
  g_assert_cmpint (thread_of (session, answer), ==, thread_of (session, indexed));
  g_assert_cmpint (thread_of (session, answer), ==, thread_of (session, first));

  /* By index on one side, by reference on the other. */
  gint64 alone = add_threaded (session, inbox, 5, "alone@x", NULL, "l");
  gint64 late = add_threaded (session, inbox, 6, "late@x", "indexed@x", "l");
  g_assert_cmpint (thread_of (session, alone), ==, thread_of (session, first));
  g_assert_cmpint (thread_of (session, late), ==, thread_of (session, first));

  g_assert_cmpint (thread_of (session, stranger), !=, thread_of (session, first));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* A mail that names ten thousand others, and one that names itself. */
static void
test_hostile_references (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  g_autoptr (GString) many = g_string_new ("m0@x");

  for (guint i = 1; i < 10000; i++)
    g_string_append_printf (many, " m%u@x", i);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = fixture_add (session, inbox, 1, 0, "m0@x", NULL, 1);
  gint64 middle = fixture_add (session, inbox, 2, 0, "m5000@x", NULL, 1);
  gint64 bad = fixture_add (session, inbox, 3, 0, "bad@x", many->str, 2);
  gint64 self = fixture_add (session, inbox, 4, 0, "self@x", "self@x self@x <> < >", 2);
  g_assert_cmpint (thread_of (session, first), ==, thread_of (session, bad));
  g_assert_cmpint (thread_of (session, middle), !=, thread_of (session, bad));
  g_assert_cmpint (thread_of (session, self), !=, thread_of (session, bad));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* The longest talk goes on in another conversation before it is a burden. */
static void
test_endless_thread (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 last = 0;

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = fixture_add (session, inbox, 1, 0, "0@x", NULL, 1);
  for (guint32 i = 1; i < 4100; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);
      g_autofree char *references = g_strdup_printf ("0@x %u@x", i - 1);

      last = fixture_add (session, inbox, i + 1, 0, id, references, i);
    }
  gint64 after = fixture_add (session, inbox, 5000, 0, "z@x", "0@x 4099@x", 5000);
  g_assert_cmpint (thread_of (session, first), !=, thread_of (session, last));
  g_assert_cmpint (thread_of (session, after), ==, thread_of (session, last));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static guint
count_in (PinionStoreSession *session,
          PinionStoreView     view)
{
  g_autoptr (GArray) threads = pinion_store_view_list (session, view);
  PinionStoreCounts counts;

  pinion_store_view_get_counts (session, view, &counts);
  g_assert_cmpint (counts.threads, ==, threads->len);

  return threads->len;
}

static void
test_views (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 trash = fixture_folder (fixture, "Trash");
  gint64 drafts = fixture_folder (fixture, "Drafts");
  PinionStoreView all = { PINION_STORE_VIEW_ALL, fixture->account };
  PinionStoreView starred = { PINION_STORE_VIEW_STARRED, 0 };
  PinionStoreView inboxes = { PINION_STORE_VIEW_INBOX, 0 };
  PinionStoreView draft_view = { PINION_STORE_VIEW_DRAFTS, 0 };
  PinionStoreView in_trash = { PINION_STORE_VIEW_FOLDER, trash };

  PinionStoreSession *session = fixture_begin (fixture);
  fixture_add (session, inbox, 1, PINION_FLAG_FLAGGED, "a@x", NULL, 100);
  gint64 deleted = fixture_add (session, trash, 1, PINION_FLAG_FLAGGED, "b@x", "a@x", 200);
  fixture_add (session, drafts, 1, 0, "c@x", "a@x", 300);
  fixture_add (session, inbox, 2, PINION_FLAG_SEEN, "d@x", NULL, 50);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_read (fixture);
  g_assert_cmpuint (count_in (session, all), ==, 2);
  g_assert_cmpuint (count_in (session, starred), ==, 1);
  g_assert_cmpuint (count_in (session, inboxes), ==, 2);
  g_assert_cmpuint (count_in (session, draft_view), ==, 1);
  g_assert_cmpuint (count_in (session, in_trash), ==, 1);

  g_autoptr (GArray) threads = pinion_store_view_list (session, all);
  gint64 thread = g_array_index (threads, gint64, 0);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, all, &thread, 1);
  PinionStoreConversation *row = g_ptr_array_index (rows, 0);
  g_assert_cmpuint (row->messages->len, ==, 1);
  g_assert_cmpint (row->date, ==, 100);
  g_assert_true (row->unread);
  g_assert_true (row->starred);

  g_autoptr (GPtrArray) trashed = pinion_store_conversations_get (session, in_trash, &thread, 1);
  row = g_ptr_array_index (trashed, 0);
  g_assert_cmpuint (row->messages->len, ==, 1);
  g_assert_cmpint (g_array_index (row->messages, gint64, 0), ==, deleted);

  /* Opened: the draft belongs to it, what is in Trash does not. */
  g_autoptr (GPtrArray) opened = pinion_store_thread_list (session, all, thread);
  g_assert_cmpuint (opened->len, ==, 2);
  g_autoptr (GPtrArray) opened_trash = pinion_store_thread_list (session, in_trash, thread);
  g_assert_cmpuint (opened_trash->len, ==, 1);

  gint64 unknown[] = { 4711, thread };
  g_autoptr (GPtrArray) some = pinion_store_conversations_get (session, all, unknown, 2);
  g_assert_null (g_ptr_array_index (some, 0));
  g_assert_nonnull (g_ptr_array_index (some, 1));
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* Two accounts: one list over both, page by page, is the list at once. */
static void
test_paging (void)
{
  static const char *const bare[] = { "INBOX", NULL };
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  g_autoptr (PinionAccount) account = pinion_account_new ();
  PinionStoreView view = { PINION_STORE_VIEW_INBOX, 0 };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 second = pinion_store_account_add (session, account);
  fixture_list (session, second, bare);
  g_autoptr (PinionStoreFolder) other = pinion_store_folder_get_by_role (session, second,
                                                                         PINION_FOLDER_ROLE_INBOX);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u@x", i);
      fixture_add (session, i % 3 == 0 ? other->id : inbox, i + 1, 0, id, NULL, 100 + i / 4);
    }
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_read (fixture);
  g_autoptr (GArray) all = pinion_store_view_list (session, view);
  g_assert_cmpuint (all->len, ==, 60);
  PinionStoreCursor place = { G_MAXINT64, G_MAXINT64 };
  guint n = 0;
  for (;;)
    {
      g_autoptr (GArray) page = pinion_store_view_page (session, view, n > 0 ? &place : NULL, 7);

      for (guint i = 0; i < page->len; i++)
        {
          place = g_array_index (page, PinionStoreCursor, i);
          g_assert_cmpint (place.thread_id, ==, g_array_index (all, gint64, n++));
        }
      if (page->len < 7)
        break;
    }
  g_assert_cmpuint (n, ==, 60);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_senders (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  const char *parent[] = { "a@x", NULL };
  PinionStoreIncoming incoming[] = {
    { .uid = 1,
      .flags = PINION_FLAG_SEEN,
      .header = { .message_id = "a@x", .date = 1, .from_name = "Ana", .from_address = "ana@x",
                  .subject = "Plan", .snippet = "one" } },
    { .uid = 2,
      .flags = PINION_FLAG_SEEN,
      .header = { .message_id = "b@x", .date = 2, .from_address = "ME@example.com",
                  .subject = "Re: Plan", .references = parent } },
    { .uid = 3,
      .header = { .message_id = "c@x", .date = 3, .from_name = "Ana K", .from_address = "ANA@x",
                  .subject = "Re: Plan", .snippet = "three", .references = parent,
                  .has_attachments = TRUE } },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_messages_add (session, inbox, incoming, 3);
  fixture_commit (fixture);

  session = fixture_read (fixture);
  PinionStoreView view = { PINION_STORE_VIEW_FOLDER, inbox };
  gint64 thread = thread_of (session, incoming[0].id);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, view, &thread, 1);
  PinionStoreConversation *row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->subject, ==, "Plan");
  g_assert_cmpstr (row->snippet, ==, "three");
  g_assert_true (row->has_attachments);
  g_assert_cmpuint (row->senders->len, ==, 2);
  PinionStoreSender *ana = g_ptr_array_index (row->senders, 0);
  PinionStoreSender *me = g_ptr_array_index (row->senders, 1);
  g_assert_cmpstr (ana->name, ==, "Ana");
  g_assert_true (ana->unread);
  g_assert_false (ana->is_me);
  g_assert_true (me->is_me);
  g_assert_cmpstr (me->name, ==, "ME@example.com");
  g_autoptr (GArray) here = pinion_store_thread_get_messages (session, thread, inbox);
  g_assert_cmpuint (here->len, ==, 3);
  g_autoptr (GArray) nowhere = pinion_store_thread_get_messages (
    session, thread, fixture_folder (fixture, "Sent"));
  g_assert_cmpuint (nowhere->len, ==, 0);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static PinionStoreConversation *
get_row (PinionStoreSession *session,
         gint64              folder,
         gint64              thread)
{
  PinionStoreView view = { PINION_STORE_VIEW_FOLDER, folder };
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, view, &thread, 1);

  return pinion_store_conversation_ref (g_ptr_array_index (rows, 0));
}

/* Of what lies in the folder, and of the newest there. */
static void
test_recipients (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  gint64 sent = fixture_folder (fixture, "Sent");
  const char *parent[] = { "a@x", NULL };
  PinionStoreIncoming answers[] = {
    { .uid = 1,
      .header = { .message_id = "b@x", .date = 200, .from_address = "me@example.com",
                  .to = "Bo", .references = parent } },
    { .uid = 2,
      .header = { .message_id = "c@x", .date = 300, .from_address = "me@example.com",
                  .to = "Ana, Bo", .references = parent } },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  pinion_store_messages_add (session, sent, answers, 2);
  fixture_add (session, inbox, 2, 0, "d@x", "c@x", 400);
  fixture_commit (fixture);

  session = fixture_read (fixture);
  g_autoptr (PinionStoreConversation) sent_row = get_row (session, sent, thread_of (session, first));
  g_autoptr (PinionStoreConversation) row = get_row (session, inbox, thread_of (session, first));
  g_assert_cmpuint (sent_row->messages->len, ==, 4);
  g_assert_cmpstr (sent_row->to, ==, "Ana, Bo");
  g_assert_cmpstr (row->to, ==, "Me");
  g_assert_false (row->has_draft);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static gboolean
has_draft (Fixture *fixture,
           gint64   message)
{
  PinionStoreSession *session = fixture_read (fixture);
  g_autoptr (PinionStoreConversation) row = get_row (session, fixture_folder (fixture, "INBOX"),
                                                     thread_of (session, message));

  g_assert_cmpuint (row->messages->len, ==, 1);
  g_assert_true (row->unread);
  fixture_commit (fixture);

  return row->has_draft;
}

/* It is told where it is not shown: one that was written here, and one of another program's. */
static void
test_has_draft (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreHeader header = { .message_id = "b@x", .date = 200, .to = "Ana",
                               .from_address = "me@example.com" };
  g_autoptr (GBytes) raw = g_bytes_new_static ("text", 4);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 100);
  gint64 other = fixture_add (session, fixture_folder (fixture, "INBOX"), 2, 0, "c@x", NULL, 100);
  fixture_add (session, fixture_folder (fixture, "Trash"), 1, PINION_FLAG_DRAFT, "d@x", "a@x", 200);
  fixture_commit (fixture);
  g_assert_false (has_draft (fixture, first));

  session = fixture_begin (fixture);
  gint64 draft = pinion_store_draft_save (session, fixture->account, 0, &header, raw, first);
  header.message_id = "b2@x";
  g_assert_cmpint (draft, ==, pinion_store_draft_save (session, fixture->account, draft, &header,
                                                       raw, first));
  fixture_add (session, fixture_folder (fixture, "Drafts"), 1, PINION_FLAG_DRAFT, "e@x", "c@x", 200);
  fixture_commit (fixture);
  g_assert_true (has_draft (fixture, first));
  g_assert_true (has_draft (fixture, other));

  session = fixture_begin (fixture);
  g_autoptr (PinionStoreConversation) row = get_row (session, fixture_folder (fixture, "Drafts"),
                                                     thread_of (session, draft));
  g_assert_cmpuint (row->messages->len, ==, 1);
  g_assert_cmpstr (row->to, ==, "Ana");
  pinion_store_draft_remove (session, draft);
  fixture_commit (fixture);
  g_assert_false (has_draft (fixture, first));

  fixture_free (fixture);
}

/* A date from the future does not stay on top for ever. */
static void
test_dates (void)
{
  Fixture *fixture = fixture_new ();
  PinionStoreIncoming incoming[] = {
    { .uid = 1, .received = 1000000, .header = { .message_id = "a@x", .date = 9999999999 } },
    { .uid = 2, .received = 1000000, .header = { .message_id = "b@x", .date = 500 } },
    { .uid = 3, .received = 1000000, .header = { .message_id = "c@x", .date = -5 } },
  };
  const gint64 expected[] = { 1000000, 500, 1000000 };

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_messages_add (session, fixture_folder (fixture, "INBOX"), incoming, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, incoming[i].id);
      g_assert_cmpint (message->date, ==, expected[i]);
    }
  fixture_commit (fixture);

  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/views/threads", test_threads);
  g_test_add_func ("/store/views/thread-index", test_thread_index);
  g_test_add_func ("/store/views/links-come-late", test_links_come_late);
  g_test_add_func ("/store/views/hostile-references", test_hostile_references);
  g_test_add_func ("/store/views/endless-thread", test_endless_thread);
  g_test_add_func ("/store/views/views", test_views);
  g_test_add_func ("/store/views/paging", test_paging);
  g_test_add_func ("/store/views/senders", test_senders);
  g_test_add_func ("/store/views/recipients", test_recipients);
  g_test_add_func ("/store/views/has-draft", test_has_draft);
  g_test_add_func ("/store/views/dates", test_dates);

  return g_test_run ();
}
