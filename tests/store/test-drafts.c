/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts and their copies on the server. */

#include "drafts-fixture.h"

static const char *const recipients[] = { "ana@example.com", NULL };

/* -- Steps ------------------------------------------------------------------------------------- */

/* The one draft that is stale gets a copy with this Message-ID. */
static void
upload (PinionStoreSession *session,
        const char         *message_id)
{
  g_autoptr (GArray) drafts = pinion_store_drafts_stale (session);
  g_assert_cmpuint (drafts->len, ==, 1);
  PinionStoreStaleDraft stale = g_array_index (drafts, PinionStoreStaleDraft, 0);

  g_assert_false (drafts_upload_as (session, stale.draft, stale.version + 1, message_id));
  g_assert_true (drafts_upload_as (session, stale.draft, stale.version, message_id));
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
}

/* The only operation there is. */
static gint64
get_operation (Fixture            *fixture,
               PinionStoreSession *session)
{
  g_autoptr (GPtrArray) operations = pinion_store_operations_list (session, fixture->account);
  gint64 id = 0;

  for (guint i = 0; i < operations->len; i++)
    {
      PinionStoreOperation *operation = g_ptr_array_index (operations, i);

      if (operation->state == PINION_STORE_OPERATION_FAILED)
        continue;
      g_assert_cmpint (id, ==, 0);
      id = operation->id;
    }
  g_assert_cmpint (id, !=, 0);

  return id;
}

static void
done (Fixture            *fixture,
      PinionStoreSession *session,
      guint32             uid)
{
  gint64 id = get_operation (fixture, session);

  g_assert_true (pinion_store_operation_start (session, id));
  pinion_store_operation_done (session, id, uid);
}

static gboolean
is_there (PinionStoreSession *session,
          gint64              message)
{
  g_autoptr (PinionStoreMessage) found = pinion_store_message_get (session, message);

  return found != NULL;
}

/* A draft, and its copy "one@x" at Drafts/40.  Returns: the draft */
static gint64
make_kept (Fixture *fixture)
{
  PinionStoreSession *session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  gint64 draft = drafts_save (fixture, session, 0, "one");
  upload (session, "one@x");
  done (fixture, session, 40);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  return draft;
}

/* -- Here and there ---------------------------------------------------------------------------- */

static void
test_kept (void)
{
  Fixture *fixture = fixture_new ();

  /* Nobody asked for it. */
  PinionStoreSession *session = fixture_begin (fixture);
  gint64 draft = drafts_save (fixture, session, 0, "one");
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  drafts_set_server_drafts (fixture, session, TRUE);
  upload (session, "one@x");
  fixture_assert_pending (session, "append > Drafts");
  fixture_assert_labels (fixture, session, draft, "Drafts");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  g_autoptr (GPtrArray) ready = pinion_store_operations_ready (session, fixture->account,
                                                               G_MAXINT64, 9);
  PinionStoreOperation *append = g_ptr_array_index (ready, 0);
  g_assert_cmpint (append->to_flags, ==, PINION_FLAG_SEEN | PINION_FLAG_DRAFT);
  g_assert_cmpstr (append->message_id_header, ==, "one@x");
  done (fixture, session, 40);
  fixture_assert_pending (session, "");
  gint64 copy = drafts_get_copy (fixture, session, 40);
  g_assert_cmpint (copy, !=, 0);
  g_assert_cmpint (copy, !=, draft);
  fixture_assert_labels (fixture, session, copy, "");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  /* Its file is that of a mail now. */
  session = fixture_read (fixture);
  g_autoptr (PinionStoreMessage) mail = pinion_store_message_get (session, copy);
  g_assert_true (pinion_store_body_is_whole (mail));
  g_assert_nonnull (strstr (mail->body_path, "/mail/"));
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_replaced (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  /* The old one goes only when the new one is there. */
  PinionStoreSession *session = fixture_begin (fixture);
  g_assert_cmpint (drafts_save (fixture, session, draft, "two"), ==, draft);
  upload (session, "two@x");
  fixture_assert_pending (session, "append > Drafts");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  done (fixture, session, 41);
  fixture_assert_pending (session, "delete Drafts/40");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  done (fixture, session, 0);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_true (is_there (session, draft));
  g_assert_cmpint (drafts_get_copy (fixture, session, 40), ==, 0);
  g_assert_cmpint (drafts_get_copy (fixture, session, 41), !=, 0);
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

/* Saved while its copy is on its way: before it left, and while it may be there already. */
static void
test_overtaken (void)
{
  Fixture *fixture = fixture_new ();

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  gint64 draft = drafts_save (fixture, session, 0, "one");
  upload (session, "one@x");
  drafts_save (fixture, session, draft, "two");
  upload (session, "two@x");
  fixture_assert_pending (session, "append > Drafts");
  gint64 append = get_operation (fixture, session);
  g_assert_true (pinion_store_operation_start (session, append));
  drafts_save (fixture, session, draft, "three");
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  pinion_store_operation_retry (session, append, 0, TRUE, NULL);
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  /* What the program did not live to hear of turns up. */
  session = fixture_begin (fixture);
  drafts_see (fixture, session, "Drafts", 40, "two@x", 5);
  fixture_assert_pending (session, "");
  upload (session, "three@x");
  done (fixture, session, 41);
  fixture_assert_pending (session, "delete Drafts/40");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

static void
test_discarded (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_draft_remove (session, draft);
  fixture_assert_pending (session, "delete Drafts/40");
  done (fixture, session, 0);

  /* It never left. */
  draft = drafts_save (fixture, session, 0, "two");
  upload (session, "two@x");
  pinion_store_draft_remove (session, draft);
  fixture_assert_pending (session, "");

  /* It is just leaving: what comes of it goes again. */
  draft = drafts_save (fixture, session, 0, "three");
  upload (session, "three@x");
  gint64 append = get_operation (fixture, session);
  g_assert_true (pinion_store_operation_start (session, append));
  pinion_store_draft_remove (session, draft);
  fixture_assert_pending (session, "append > Drafts");
  fixture_commit (fixture);
  drafts_check (fixture, 0);

  session = fixture_begin (fixture);
  pinion_store_operation_done (session, append, 50);
  fixture_assert_pending (session, "delete Drafts/50");
  done (fixture, session, 0);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  fixture_commit (fixture);
  drafts_check (fixture, 0);

  fixture_free (fixture);
}

static void
test_sent_and_taken_back (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);
  g_autoptr (GBytes) raw = g_bytes_new ("To: ana\r\n\r\nHello", 16);
  PinionStoreOutgoing outgoing = {
    .account_id = fixture->account,
    .raw = raw,
    .header = { .message_id = "out@x", .date = 700, .from_address = "me@example.com" },
    .sender = "me@example.com",
    .recipients = recipients,
    .draft = draft,
  };

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 outbox = pinion_store_outbox_add (session, &outgoing);
  fixture_assert_pending (session, "delete Drafts/40");
  fixture_commit (fixture);
  drafts_check (fixture, 0);

  session = fixture_begin (fixture);
  g_assert_cmpint (pinion_store_outbox_cancel (session, outbox), ==, draft);
  outbox = pinion_store_outbox_add (session, &outgoing);
  g_assert_cmpint (pinion_store_outbox_cancel (session, outbox), ==, draft);
  done (fixture, session, 0);
  upload (session, "two@x");
  fixture_assert_pending (session, "append > Drafts");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

static void
test_switched (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  fixture_assert_pending (session, "");
  drafts_set_server_drafts (fixture, session, FALSE);
  fixture_assert_pending (session, "delete Drafts/40");
  g_assert_true (is_there (session, draft));
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  g_assert_cmpuint (drafts_count_stale (session), ==, 1);
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* What the server does not want is not offered again and again. */
static void
test_refused (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GError) full = pinion_error_new (PINION_ERROR_QUOTA, PINION_PROTOCOL_IMAP,
                                              PINION_STAGE_NONE, "full");

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  gint64 draft = drafts_save (fixture, session, 0, "one");
  upload (session, "one@x");
  pinion_store_operation_give_up (session, get_operation (fixture, session), full);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  g_assert_true (is_there (session, draft));
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  drafts_save (fixture, session, draft, "two");
  upload (session, "two@x");
  done (fixture, session, 40);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

/* -- Other programs ---------------------------------------------------------------------------- */

static void
test_deleted_elsewhere (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_vanish (fixture, session, 40);
  g_assert_true (is_there (session, draft));
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_false (is_there (session, draft));
  fixture_assert_pending (session, "");
  fixture_commit (fixture);
  drafts_check (fixture, 0);

  fixture_free (fixture);
}

/* What was written here since is not lost with it. */
static void
test_deleted_elsewhere_and_written_here (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_save (fixture, session, draft, "two");
  drafts_vanish (fixture, session, 40);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_true (is_there (session, draft));
  upload (session, "two@x");
  done (fixture, session, 41);
  fixture_assert_pending (session, "");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

static void
test_thrown_away_elsewhere (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 copy = drafts_get_copy (fixture, session, 40);
  drafts_vanish (fixture, session, 40);
  g_assert_cmpint (drafts_see (fixture, session, "Trash", 7, "one@x", 5), ==, copy);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_false (is_there (session, draft));
  fixture_assert_labels (fixture, session, copy, "Trash");
  fixture_assert_pending (session, "");
  fixture_commit (fixture);
  drafts_check (fixture, 0);

  fixture_free (fixture);
}

/* The same Message-ID with another UID and size. */
static void
test_edited_elsewhere (gconstpointer written_here)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 copy = drafts_get_copy (fixture, session, 40);
  g_autoptr (PinionStoreMessage) before = pinion_store_message_get (session, copy);
  g_assert_true (pinion_store_body_is_whole (before));
  if (written_here != NULL)
    drafts_save (fixture, session, draft, "two");
  drafts_vanish (fixture, session, 40);
  g_assert_cmpint (drafts_see (fixture, session, "Drafts", 41, "one@x", 99), ==, copy);
  g_assert_true (is_there (session, draft) == (written_here != NULL));
  fixture_assert_labels (fixture, session, copy, "Drafts");
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_true (is_there (session, draft) == (written_here != NULL));
  g_assert_cmpuint (drafts_count_stale (session), ==, written_here != NULL ? 1 : 0);
  fixture_assert_pending (session, "");
  fixture_commit (fixture);
  g_assert_false (g_file_test (before->body_path, G_FILE_TEST_EXISTS));
  drafts_check (fixture, written_here != NULL ? 2 : 1);

  fixture_free (fixture);
}

/* The other program's text is there before the old one goes. */
static void
test_edited_before_it_vanished (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_see (fixture, session, "Drafts", 41, "one@x", 99);
  drafts_vanish (fixture, session, 40);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  drafts_save (fixture, session, draft, "two");
  upload (session, "two@x");
  done (fixture, session, 42);
  fixture_assert_pending (session, "");
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* A narrower history is no deletion. */
static void
test_trimmed (void)
{
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);

  PinionStoreSession *session = fixture_begin (fixture);
  g_assert_cmpuint (pinion_store_history_trim (session, fixture->account, G_MAXINT64, 9), ==, 0);
  pinion_store_messages_collect (session, fixture->account, G_MAXINT64);
  g_assert_true (is_there (session, draft));
  g_assert_cmpint (drafts_get_copy (fixture, session, 40), !=, 0);
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

static void
test_continued (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GBytes) raw = g_bytes_new ("theirs", 6);
  PinionStoreHeader header = { .subject = "theirs", .date = 50, .from_address = "me@example.com" };

  PinionStoreSession *session = fixture_begin (fixture);
  drafts_set_server_drafts (fixture, session, TRUE);
  gint64 theirs = drafts_see (fixture, session, "Drafts", 12, "theirs@x", 100);
  gint64 mail = drafts_see (fixture, session, "INBOX", 1, "mail@x", 100);
  g_assert_cmpint (pinion_store_draft_continue (session, mail, &header, raw, 0), ==, 0);
  g_assert_cmpint (pinion_store_message_find (session, fixture->account, "mail@x"), ==, mail);
  g_assert_cmpint (pinion_store_message_find (session, fixture->account, "other@x"), ==, 0);
  gint64 draft = pinion_store_draft_continue (session, theirs, &header, raw, mail);
  g_assert_cmpint (draft, !=, 0);
  g_assert_cmpint (pinion_store_draft_continue (session, theirs, &header, raw, mail), ==, draft);
  fixture_assert_labels (fixture, session, theirs, "");
  fixture_assert_labels (fixture, session, draft, "Drafts");
  g_assert_cmpuint (drafts_count_stale (session), ==, 0);
  fixture_assert_pending (session, "");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  session = fixture_begin (fixture);
  drafts_save (fixture, session, draft, "ours");
  upload (session, "ours@x");
  done (fixture, session, 13);
  fixture_assert_pending (session, "delete Drafts/12");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

/* -- A broken store ---------------------------------------------------------------------------- */

/* The server's copy is found again, and is not one too many. */
static void
test_rescued (void)
{
  static const char *const paths[] = { "INBOX", "Drafts", NULL };
  Fixture *fixture = fixture_new ();
  gint64 draft = make_kept (fixture);
  g_autofree char *path = g_build_filename (fixture->dir, "pinion.db", NULL);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 other = drafts_save (fixture, session, 0, "other");
  upload (session, "other@x");
  fixture_commit (fixture);
  fixture_close (fixture);
  g_assert_true (g_file_set_contents (path, "This was a database once, was it not?", -1, NULL));
  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*built anew*");
  fixture_reopen (fixture);
  g_test_assert_expected_messages ();

  session = fixture_begin (fixture);
  fixture_list (session, fixture->account, paths);
  fixture_commit (fixture);
  fixture_find_folders (fixture);
  session = fixture_begin (fixture);
  g_assert_true (is_there (session, draft) && is_there (session, other));
  g_assert_cmpuint (drafts_count_stale (session), ==, 2);
  g_autoptr (GArray) drafts = pinion_store_drafts_list (session, fixture->account);
  g_assert_cmpuint (drafts->len, ==, 2);
  pinion_store_draft_remove (session, other);
  upload (session, "one-again@x");
  done (fixture, session, 41);
  fixture_assert_pending (session, "");
  drafts_see (fixture, session, "Drafts", 40, "one@x", 5);
  fixture_assert_pending (session, "delete Drafts/40");
  fixture_commit (fixture);
  drafts_check (fixture, 1);

  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/drafts/kept", test_kept);
  g_test_add_func ("/store/drafts/replaced", test_replaced);
  g_test_add_func ("/store/drafts/overtaken", test_overtaken);
  g_test_add_func ("/store/drafts/discarded", test_discarded);
  g_test_add_func ("/store/drafts/sent-and-taken-back", test_sent_and_taken_back);
  g_test_add_func ("/store/drafts/switched", test_switched);
  g_test_add_func ("/store/drafts/refused", test_refused);
  g_test_add_func ("/store/drafts/deleted-elsewhere", test_deleted_elsewhere);
  g_test_add_func ("/store/drafts/deleted-elsewhere-and-written-here",
                   test_deleted_elsewhere_and_written_here);
  g_test_add_func ("/store/drafts/thrown-away-elsewhere", test_thrown_away_elsewhere);
  g_test_add_data_func ("/store/drafts/edited-elsewhere", NULL, test_edited_elsewhere);
  g_test_add_data_func ("/store/drafts/edited-here-and-elsewhere", "", test_edited_elsewhere);
  g_test_add_func ("/store/drafts/edited-before-it-vanished",
                   test_edited_before_it_vanished);
  g_test_add_func ("/store/drafts/trimmed", test_trimmed);
  g_test_add_func ("/store/drafts/continued", test_continued);
  g_test_add_func ("/store/drafts/rescued", test_rescued);

  return g_test_run ();
}
