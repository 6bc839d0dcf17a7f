/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

static const char *const recipients[] = { "ana@example.com", "bo@example.com", NULL };

static gint64
send_one (Fixture            *fixture,
          PinionStoreSession *session,
          const char         *message_id,
          gint64              draft,
          gint64              reply_to)
{
  g_autoptr (GBytes) raw = g_bytes_new ("To: ana\r\n\r\nHello", 16);
  PinionStoreOutgoing outgoing = {
    .account_id = fixture->account,
    .raw = raw,
    .header = { .message_id = message_id, .date = 700, .from_address = "me@example.com",
                .subject = "Hello" },
    .sender = "me@example.com",
    .recipients = recipients,
    .draft = draft,
    .reply_to = reply_to,
  };

  return pinion_store_outbox_add (session, &outgoing);
}

static gboolean
holds (const char *path,
       const char *text)
{
  g_autofree char *contents = NULL;

  return g_file_get_contents (path, &contents, NULL, NULL) && g_str_equal (contents, text);
}

static guint
count_outbox (PinionStoreSession *session)
{
  g_autoptr (GPtrArray) items = pinion_store_outbox_list (session, 0);

  return items->len;
}

static void
test_send (void)
{
  Fixture *fixture = fixture_new ();
  gint64 sent = fixture_folder (fixture, "Sent");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 question = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "q@x", NULL, 1);
  gint64 id = send_one (fixture, session, "out@x", 0, question);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get_due (session, fixture->account,
                                                                        800);
  g_assert_cmpint (item->id, ==, id);
  g_assert_cmpstr (item->sender, ==, "me@example.com");
  g_assert_cmpuint (g_strv_length (item->recipients), ==, 2);
  g_assert_cmpstr (item->recipients[1], ==, "bo@example.com");
  g_assert_cmpint (item->reply_to, ==, question);
  g_assert_true (holds (item->path, "To: ana\r\n\r\nHello"));
  g_assert_true (pinion_store_outbox_start (session, id));
  g_assert_false (pinion_store_outbox_start (session, id));
  g_assert_null (pinion_store_outbox_get_due (session, fixture->account, 800));
  g_assert_cmpint (pinion_store_outbox_cancel (session, id), ==, 0);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  pinion_store_outbox_submitted (session, id);
  fixture_assert_pending (session, "flag 2=1 INBOX/1, append > Sent");
  fixture_assert_labels (fixture, session, item->message_id, "Sent");
  g_assert_cmpuint (count_outbox (session), ==, 1);
  g_autoptr (PinionStoreMessage) answered = pinion_store_message_get (session, question);
  g_assert_true (answered->answered);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, fixture->account,
                                                               G_MAXINT64, 9);
  g_assert_cmpuint (ready->len, ==, 2);
  PinionStoreOperation *append = g_ptr_array_index (ready, 1);
  g_assert_cmpint (append->kind, ==, PINION_STORE_OPERATION_APPEND);
  g_assert_cmpint (append->to_folder, ==, sent);
  g_assert_cmpint (append->to_flags, ==, PINION_FLAG_SEEN);
  pinion_store_operation_done (session, append->id, 33);
  g_assert_cmpuint (count_outbox (session), ==, 0);
  g_assert_cmpint (pinion_store_placement_find (session, sent, 33), ==, item->message_id);
  fixture_commit (fixture);
  fixture_check (fixture);

  /* It is mail as any other now. */
  session = fixture_read (fixture);
  g_autoptr (PinionStoreMessage) mail = pinion_store_message_get (session, item->message_id);
  g_assert_true (pinion_store_body_is_whole (mail));
  g_assert_true (holds (mail->body_path, "To: ana\r\n\r\nHello"));
  g_assert_false (g_file_test (item->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (mail->outbox, ==, 0);
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* The server files what it submits by itself: no second copy. */
static void
test_filed_by_server (void)
{
  Fixture *fixture = fixture_new ();
  gint64 sent = fixture_folder (fixture, "Sent");
  PinionStoreIncoming copy = {
    .uid = 5,
    .flags = PINION_FLAG_SEEN,
    .received = 700,
    .header = { .message_id = "out@x", .date = 700, .from_address = "me@example.com" },
  };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = send_one (fixture, session, "out@x", 0, 0);
  gint64 second = send_one (fixture, session, "late@x", 0, 0);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, first);
  pinion_store_outbox_start (session, first);
  pinion_store_messages_add (session, sent, &copy, 1);
  g_assert_cmpint (copy.id, ==, item->message_id);
  pinion_store_outbox_submitted (session, first);
  fixture_assert_pending (session, "");
  g_assert_cmpuint (count_outbox (session), ==, 1);

  /* Seen only after the copy was queued: the operation is done. */
  pinion_store_outbox_start (session, second);
  pinion_store_outbox_submitted (session, second);
  fixture_assert_pending (session, "append > Sent");
  copy.uid = 6;
  copy.header.message_id = "late@x";
  pinion_store_messages_add (session, sent, &copy, 1);
  fixture_assert_pending (session, "");
  g_assert_cmpuint (count_outbox (session), ==, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
test_failures (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GError) lost = pinion_error_new (PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_SMTP,
                                              PINION_STAGE_NONE, "cut");
  g_autoptr (GError) unknown = pinion_error_new (PINION_ERROR_OUTCOME_UNKNOWN,
                                                 PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "cut");
  g_autoptr (GError) refused = pinion_error_new (PINION_ERROR_MESSAGE_REFUSED,
                                                 PINION_PROTOCOL_SMTP, PINION_STAGE_NONE, "550");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 id = send_one (fixture, session, "out@x", 0, 0);
  g_assert_false (pinion_store_outbox_is_sending (session, fixture->account));
  pinion_store_outbox_start (session, id);
  g_assert_true (pinion_store_outbox_is_sending (session, fixture->account));
  pinion_store_outbox_retry (session, id, 900, lost);
  g_assert_false (pinion_store_outbox_is_sending (session, fixture->account));
  g_assert_null (pinion_store_outbox_get_due (session, fixture->account, 899));
  g_assert_cmpint (pinion_store_outbox_next_due (session, fixture->account), ==, 900);
  pinion_store_outbox_start (session, id);
  fixture_commit (fixture);

  /* The program ends while it is being sent: nobody sends it again by itself. */
  fixture_reopen (fixture);
  session = fixture_begin (fixture);
  pinion_store_outbox_recover (session, fixture->account);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, id);
  g_assert_cmpint (item->state, ==, PINION_STORE_OUTBOX_UNCERTAIN);
  g_assert_null (pinion_store_outbox_get_due (session, fixture->account, 9999));
  g_assert_cmpint (pinion_store_outbox_next_due (session, fixture->account), ==, G_MAXINT64);
  pinion_store_outbox_send_now (session, id);
  g_assert_true (pinion_store_outbox_start (session, id));
  pinion_store_outbox_failed (session, id, unknown);
  item = (pinion_store_outbox_item_unref (item), pinion_store_outbox_get (session, id));
  g_assert_cmpint (item->state, ==, PINION_STORE_OUTBOX_UNCERTAIN);
  pinion_store_outbox_failed (session, id, refused);
  item = (pinion_store_outbox_item_unref (item), pinion_store_outbox_get (session, id));
  g_assert_cmpint (item->state, ==, PINION_STORE_OUTBOX_FAILED);
  g_assert_cmpstr (item->error_code, ==, "message-refused");

  /* A whole sync forgets nothing that is only here. */
  g_assert_cmpuint (pinion_store_messages_collect (session, fixture->account, G_MAXINT64), ==, 0);
  gint64 draft = pinion_store_outbox_cancel (session, id);
  g_assert_cmpint (draft, ==, item->message_id);
  fixture_assert_labels (fixture, session, draft, "Drafts");
  g_assert_cmpuint (count_outbox (session), ==, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_read (fixture);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, draft);
  g_assert_true (message->local_draft);
  g_assert_true (pinion_store_body_is_whole (message));
  fixture_commit (fixture);

  fixture_free (fixture);
}

static PinionStoreOutboxState
state_of (PinionStoreSession *session,
          gint64              id)
{
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, id);

  return item->state;
}

static gint64
due_at (Fixture            *fixture,
        PinionStoreSession *session,
        gint64              now)
{
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get_due (session, fixture->account,
                                                                        now);

  return item != NULL ? item->id : 0;
}

/* A pause that the server asks for is one for every message, those that come later too. */
static void
test_pause (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GError) throttled = pinion_error_new (PINION_ERROR_THROTTLED, PINION_PROTOCOL_SMTP,
                                                   PINION_STAGE_NONE, "421");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 first = send_one (fixture, session, "one@x", 0, 0);
  pinion_store_outbox_start (session, first);
  pinion_store_outbox_retry (session, first, 900, throttled);
  gint64 second = send_one (fixture, session, "two@x", 0, 0);
  g_assert_cmpint (due_at (fixture, session, 899), ==, 0);
  g_assert_cmpint (pinion_store_outbox_next_due (session, fixture->account), ==, 900);
  g_assert_cmpint (due_at (fixture, session, 900), ==, first);

  /* The person has a say, and once it is over nobody waits for it. */
  pinion_store_outbox_send_now (session, first);
  g_assert_cmpint (due_at (fixture, session, 800), ==, first);
  pinion_store_outbox_start (session, first);
  g_assert_cmpint (due_at (fixture, session, 800), ==, second);
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* What keeps one from being tried keeps those that would be next, and no other. */
static void
test_hold (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GError) refused = pinion_error_new (PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_SMTP,
                                                 PINION_STAGE_SIGN_IN, "535");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 waiting = send_one (fixture, session, "one@x", 0, 0);
  gint64 later = send_one (fixture, session, "two@x", 0, 0);
  gint64 sending = send_one (fixture, session, "three@x", 0, 0);
  pinion_store_outbox_start (session, sending);
  pinion_store_outbox_retry (session, later, 5000, NULL);
  pinion_store_outbox_hold (session, fixture->account, 800, 900);
  g_assert_cmpint (due_at (fixture, session, 899), ==, 0);
  g_assert_cmpint (due_at (fixture, session, 900), ==, waiting);
  g_assert_cmpint (pinion_store_outbox_next_due (session, fixture->account), ==, 900);

  pinion_store_outbox_fail_waiting (session, fixture->account + 1, 950, refused);
  g_assert_cmpint (state_of (session, waiting), ==, PINION_STORE_OUTBOX_QUEUED);
  pinion_store_outbox_fail_waiting (session, fixture->account, 950, refused);
  g_assert_cmpint (state_of (session, waiting), ==, PINION_STORE_OUTBOX_FAILED);
  g_assert_cmpint (state_of (session, later), ==, PINION_STORE_OUTBOX_FAILED);
  g_assert_cmpint (state_of (session, sending), ==, PINION_STORE_OUTBOX_SENDING);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, waiting);
  g_assert_cmpstr (item->error_code, ==, "sign-in-refused");
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
test_drafts (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GBytes) one = g_bytes_new ("one", 3);
  g_autoptr (GBytes) two = g_bytes_new ("two!", 4);
  PinionStoreHeader header = { .subject = "Half", .date = 50, .from_address = "me@example.com" };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 question = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "q@x", NULL, 1);
  const char *parent[] = { "q@x", NULL };
  header.references = parent;
  gint64 draft = pinion_store_draft_save (session, fixture->account, 0, &header, one, question);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  header.subject = "Whole";
  g_assert_cmpint (pinion_store_draft_save (session, fixture->account, draft, &header, two, 0), ==,
                   draft);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, draft);
  g_autoptr (PinionStoreMessage) parent_row = pinion_store_message_get (session, question);
  g_assert_cmpstr (message->subject, ==, "Whole");
  g_assert_true (message->seen && message->local_draft && message->draft);
  g_assert_true (holds (message->body_path, "two!"));
  g_assert_cmpint (message->thread_id, ==, parent_row->thread_id);
  fixture_assert_labels (fixture, session, draft, "Drafts");
  fixture_assert_pending (session, "");
  g_autoptr (GArray) list = pinion_store_drafts_list (session, fixture->account);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpuint (pinion_store_messages_collect (session, fixture->account, G_MAXINT64), ==, 0);

  gint64 id = send_one (fixture, session, "out@x", draft, 0);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, id);
  g_assert_cmpint (item->message_id, ==, draft);
  fixture_assert_labels (fixture, session, draft, "");
  fixture_commit (fixture);
  fixture_check (fixture);
  g_assert_false (g_file_test (message->body_path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (item->path, G_FILE_TEST_EXISTS));

  session = fixture_begin (fixture);
  gint64 other = pinion_store_draft_save (session, fixture->account, 0, &header, one, 0);
  g_autoptr (PinionStoreMessage) row = pinion_store_message_get (session, other);
  pinion_store_draft_remove (session, other);
  pinion_store_draft_remove (session, question);
  g_assert_null (pinion_store_message_get (session, other));
  g_autoptr (PinionStoreMessage) still_there = pinion_store_message_get (session, question);
  g_assert_nonnull (still_there);
  fixture_commit (fixture);
  g_assert_false (g_file_test (row->body_path, G_FILE_TEST_EXISTS));
  fixture_check (fixture);

  fixture_free (fixture);
}

/* Drafts are there before the server's folders are known. */
static void
test_drafts_without_folder (void)
{
  static const char *const bare[] = { "INBOX", NULL };
  static const char *const more[] = { "INBOX", "Drafts", NULL };
  Fixture *fixture = fixture_new ();
  g_autoptr (GBytes) one = g_bytes_new ("one", 3);
  PinionStoreHeader header = { .subject = "Half", .date = 50 };
  PinionStoreView view = { PINION_STORE_VIEW_DRAFTS, 0 };

  PinionStoreSession *session = fixture_begin (fixture);
  fixture_list (session, fixture->account, bare);
  gint64 draft = pinion_store_draft_save (session, fixture->account, 0, &header, one, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  fixture_assert_labels (fixture, session, draft, "");
  g_autoptr (GArray) threads = pinion_store_view_list (session, view);
  g_assert_cmpuint (threads->len, ==, 1);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get (session, view,
                                                               (gint64 *) threads->data, 1);
  g_assert_nonnull (g_ptr_array_index (rows, 0));
  fixture_list (session, fixture->account, more);
  fixture_commit (fixture);
  fixture_check (fixture);

  session = fixture_begin (fixture);
  fixture_assert_labels (fixture, session, draft, "Drafts");
  g_autoptr (GArray) ids = fixture_ids (draft);
  pinion_store_command_trash (session, ids);
  g_assert_null (pinion_store_message_get (session, draft));
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/outbox/send", test_send);
  g_test_add_func ("/store/outbox/filed-by-server", test_filed_by_server);
  g_test_add_func ("/store/outbox/failures", test_failures);
  g_test_add_func ("/store/outbox/pause", test_pause);
  g_test_add_func ("/store/outbox/hold", test_hold);
  g_test_add_func ("/store/outbox/drafts", test_drafts);
  g_test_add_func ("/store/outbox/drafts-without-folder", test_drafts_without_folder);

  return g_test_run ();
}
