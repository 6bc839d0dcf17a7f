/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "store-fixture.h"

static int
mode_of (Fixture    *fixture,
         const char *name)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return info.st_mode & 0777;
}

static void
test_open (void)
{
  Fixture *fixture = fixture_new ();

  g_assert_cmpint (mode_of (fixture, "."), ==, 0700);
  g_assert_cmpint (mode_of (fixture, "pinion.db"), ==, 0600);
  g_assert_cmpint (mode_of (fixture, "pinion.db-wal"), ==, 0600);
  g_assert_cmpint (mode_of (fixture, "rescue.ini"), ==, 0600);
  g_assert_cmpint (mode_of (fixture, "tmp"), ==, 0700);
  g_assert_false (pinion_store_was_rebuilt (fixture->store));

  fixture_reopen (fixture);
  PinionStoreSession *session = fixture_read (fixture);
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);
  g_assert_cmpuint (accounts->len, ==, 1);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_account (void)
{
  Fixture *fixture = fixture_new_empty ();
  g_autoptr (PinionAccount) account = pinion_account_new ();

  g_set_str (&account->email, "ana@example.com");
  g_set_str (&account->imap.host, "mail.example.com");
  g_set_str (&account->imap.trusted_sha256, "ab");
  g_set_str (&account->ca_pem, "-----BEGIN\nX");
  account->history = PINION_HISTORY_ALL;
  account->kind = PINION_ACCOUNT_SHARED;
  account->created = 12345;
  account->imap.sign_in = PINION_SIGN_IN_KERBEROS;

  PinionStoreSession *session = fixture_begin (fixture);
  account->id = pinion_store_account_add (session, account);
  g_assert_cmpint (account->id, >, 0);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionAccount) stored = pinion_store_account_get (session, account->id);
  g_assert_cmpstr (stored->uuid, ==, account->uuid);
  g_assert_cmpstr (stored->imap.host, ==, "mail.example.com");
  g_assert_cmpstr (stored->imap.trusted_sha256, ==, "ab");
  g_assert_null (stored->smtp.host);
  g_assert_cmpint (stored->smtp.port, ==, 587);
  g_assert_cmpint (stored->smtp.encryption, ==, PINION_ENCRYPTION_STARTTLS);
  g_assert_cmpint (stored->history, ==, PINION_HISTORY_ALL);
  g_assert_cmpint (stored->kind, ==, PINION_ACCOUNT_SHARED);
  g_assert_cmpint (stored->created, ==, 12345);
  g_assert_cmpint (stored->imap.sign_in, ==, PINION_SIGN_IN_KERBEROS);
  g_assert_cmpint (stored->smtp.sign_in, ==, PINION_SIGN_IN_PASSWORD);

  g_set_str (&stored->smtp.host, "smtp.example.com");
  stored->history = PINION_HISTORY_1_MONTH;
  pinion_account_set_sign_in (stored, PINION_SIGN_IN_PASSWORD);
  stored->smtp.sign_in = PINION_SIGN_IN_KERBEROS;
  pinion_store_account_update (session, stored);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionAccount) changed = pinion_store_account_get (session, account->id);
  g_assert_cmpstr (changed->smtp.host, ==, "smtp.example.com");
  g_assert_cmpint (changed->history, ==, PINION_HISTORY_1_MONTH);
  g_assert_cmpint (changed->imap.sign_in, ==, PINION_SIGN_IN_PASSWORD);
  g_assert_cmpint (changed->smtp.sign_in, ==, PINION_SIGN_IN_KERBEROS);
  changed->id = 99;
  pinion_store_account_update (session, changed);
  g_autoptr (GError) error = fixture_end (fixture);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_NOT_FOUND);

  fixture_free (fixture);
}

static void
test_account_remove (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  g_autofree char *temp = pinion_store_dup_temp_path (fixture->store);
  g_assert_true (g_file_set_contents (temp, "raw", 3, NULL));
  pinion_store_body_arrived (session, message, temp, NULL);
  g_autoptr (GArray) ids = fixture_ids (message);
  pinion_store_command_archive (session, ids, 0);
  fixture_commit (fixture);

  session = fixture_begin (fixture);
  g_autoptr (PinionStoreMessage) row = pinion_store_message_get (session, message);
  g_assert_true (pinion_store_body_is_whole (row));
  pinion_store_account_remove (session, fixture->account);
  fixture_commit (fixture);

  g_assert_false (g_file_test (row->body_path, G_FILE_TEST_EXISTS));
  fixture_check (fixture);
  session = fixture_read (fixture);
  g_assert_null (pinion_store_message_get (session, message));
  g_autoptr (GPtrArray) folders = pinion_store_folders_list (session, 0);
  g_assert_cmpuint (folders->len, ==, 0);
  g_assert_cmpuint (pinion_store_operations_count (session, 0), ==, 0);
  fixture_commit (fixture);

  fixture_free (fixture);
}

static void
test_rollback (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");

  PinionStoreSession *session = fixture_begin (fixture);
  fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  fixture_cancel (fixture);

  session = fixture_begin (fixture);
  g_assert_cmpint (pinion_store_placement_find (session, inbox, 1), ==, 0);
  fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  pinion_store_session_fail (session, PINION_ERROR_BUSY, "first");
  pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "second");
  g_assert_true (pinion_store_session_has_failed (session));
  g_assert_cmpint (fixture_add (session, inbox, 2, 0, "b@x", NULL, 100), ==, 0);
  g_autoptr (GError) error = fixture_end (fixture);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_BUSY);

  session = fixture_begin (fixture);
  g_assert_cmpint (pinion_store_placement_find (session, inbox, 1), ==, 0);
  fixture_commit (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

static void
count_changes (PinionStore        *store,
               PinionStoreChanges *changes,
               gpointer            user_data)
{
  PinionStoreChanges **last = user_data;

  g_clear_pointer (last, pinion_store_changes_unref);
  *last = pinion_store_changes_ref (changes);
}

static void
test_changes (void)
{
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreChanges *last = NULL;
  guint id = pinion_store_subscribe (fixture->store, count_changes, &last, NULL);

  PinionStoreSession *session = fixture_begin (fixture);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  fixture_commit (fixture);
  g_assert_nonnull (last);
  g_assert_true (pinion_store_ids_contain (last->views, inbox));
  g_assert_true (pinion_store_ids_contain (last->messages, message));
  g_assert_cmpuint (last->threads->len, ==, 1);
  g_assert_false (last->operations);
  g_clear_pointer (&last, pinion_store_changes_unref);

  /* Nothing changed: nothing is said. */
  session = fixture_begin (fixture);
  fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  fixture_commit (fixture);
  g_assert_null (last);

  session = fixture_begin (fixture);
  g_autoptr (GArray) ids = fixture_ids (message);
  pinion_store_command_set_flag (session, ids, PINION_FLAG_SEEN, TRUE);
  fixture_commit (fixture);
  g_assert_true (last->operations);
  g_assert_true (pinion_store_ids_contain (last->views, inbox));
  g_assert_false (pinion_store_ids_contain (last->views, fixture_folder (fixture, "Sent")));
  g_clear_pointer (&last, pinion_store_changes_unref);

  pinion_store_unsubscribe (fixture->store, id);
  session = fixture_begin (fixture);
  pinion_store_command_set_flag (session, ids, PINION_FLAG_SEEN, FALSE);
  fixture_commit (fixture);
  g_assert_null (last);

  fixture_free (fixture);
}

static void
add_letter (PinionStoreSession *session,
            gint64              folder,
            guint32             uid,
            PinionFlags         flags,
            gint64              received)
{
  g_autofree char *id = g_strdup_printf ("letter-%u-%" G_GINT64_FORMAT, uid, received);
  PinionStoreIncoming incoming = { .uid = uid, .flags = flags, .received = received, .size = 100 };

  incoming.header.message_id = id;
  incoming.header.subject = "A letter";
  incoming.header.date = received;
  pinion_store_messages_add (session, folder, &incoming, 1);
}

static void
know_up_to (PinionStoreSession *session,
            gint64              folder,
            guint32             uidnext,
            gint64              synced)
{
  PinionStoreUidState uids = { .uidvalidity = 7, .uidnext = uidnext, .synced = synced };

  pinion_store_folder_set_uids (session, folder, &uids);
}

/* News is what is unread and came into the Inbox since it was last compared; not the first
 * sync's mail, nor what a wider history or another client brings back. */
static void
test_arrived (void)
{
  const gint64 day = 24 * 60 * 60, now = 1000 * day;
  Fixture *fixture = fixture_new ();
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreChanges *last = NULL;

  pinion_store_subscribe (fixture->store, count_changes, &last, NULL);
  PinionStoreSession *session = fixture_begin (fixture);
  add_letter (session, inbox, 10, 0, now);
  know_up_to (session, inbox, 11, now);
  know_up_to (session, fixture_folder (fixture, "Projects"), 11, now);
  fixture_commit (fixture);
  g_assert_cmpuint (last->arrived->len, ==, 0);
  g_clear_pointer (&last, pinion_store_changes_unref);

  session = fixture_begin (fixture);
  add_letter (session, inbox, 5, 0, now);              /* a wider history */
  add_letter (session, inbox, 11, 0, now - 30 * day);  /* brought back */
  add_letter (session, inbox, 12, PINION_FLAG_SEEN, now);
  add_letter (session, fixture_folder (fixture, "Projects"), 11, 0, now + 1);
  add_letter (session, inbox, 13, 0, now + 2);
  add_letter (session, inbox, 14, 0, now + 3);
  fixture_commit (fixture);
  g_assert_cmpuint (last->arrived->len, ==, 2);

  session = fixture_read (fixture);
  for (guint32 uid = 13; uid <= 14; uid++)
    g_assert_true (pinion_store_ids_contain (last->arrived,
                                             pinion_store_placement_find (session, inbox, uid)));
  fixture_commit (fixture);
  g_clear_pointer (&last, pinion_store_changes_unref);

  /* What is known lies somewhere else already; told once is enough. */
  session = fixture_begin (fixture);
  add_letter (session, inbox, 14, 0, now + 3);
  add_letter (session, inbox, 15, 0, now + 3);
  know_up_to (session, inbox, 0, 0);
  add_letter (session, inbox, 16, 0, now + 4);
  fixture_commit (fixture);
  g_assert_cmpuint (last->arrived->len, ==, 1);
  g_clear_pointer (&last, pinion_store_changes_unref);

  fixture_free (fixture);
}

static DexFuture *
nothing (PinionStoreSession *session,
         gpointer            data)
{
  return dex_future_new_true ();
}

static void
count_up (gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

/* What was given before is done, what comes later is refused; nothing is left beside the file. */
static void
test_close (void)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *wal = g_build_filename (fixture->dir, "pinion.db-wal", NULL);
  int n_destroyed = 0;

  DexFuture *before = pinion_store_write (fixture->store, nothing, &n_destroyed, count_up);
  DexFuture *closed = pinion_store_close (fixture->store);
  DexFuture *after = pinion_store_write (fixture->store, nothing, &n_destroyed, count_up);
  DexFuture *read = pinion_store_read (fixture->store, nothing, &n_destroyed, count_up);
  g_assert_null (fixture_wait (before));
  g_assert_null (fixture_wait (closed));
  g_autoptr (GError) error = fixture_wait (after);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_CANCELLED);
  g_clear_error (&error);
  error = fixture_wait (read);
  g_assert_true (error == NULL || pinion_error_is (error, PINION_ERROR_CANCELLED));
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  while (g_atomic_int_get (&n_destroyed) < 3)
    g_usleep (100);

  fixture_free (fixture);
}

/* Two processes are two stores on one folder. */
static void
test_two_at_once (void)
{
  Fixture *fixture = fixture_new ();
  Fixture other = *fixture;
  gint64 inbox = fixture_folder (fixture, "INBOX");
  PinionStoreChanges *last = NULL;

  other.store = NULL;
  GError *error = fixture_try_open (&other);
  g_assert_no_error (error);
  error = fixture_wait (pinion_store_poll_external (fixture->store));
  g_assert_no_error (error);
  pinion_store_subscribe (fixture->store, count_changes, &last, NULL);
  error = fixture_wait (pinion_store_poll_external (fixture->store));
  g_assert_no_error (error);
  g_assert_null (last);

  PinionStoreSession *session = fixture_begin (&other);
  gint64 message = fixture_add (session, inbox, 1, 0, "a@x", NULL, 100);
  fixture_commit (&other);
  error = fixture_wait (pinion_store_poll_external (fixture->store));
  g_assert_no_error (error);
  g_assert_nonnull (last);
  g_assert_true (last->everything);
  g_clear_pointer (&last, pinion_store_changes_unref);

  session = fixture_read (fixture);
  g_assert_cmpint (pinion_store_placement_find (session, inbox, 1), ==, message);
  fixture_commit (fixture);

  /* A snapshot does not see what comes after it, and does not keep others from writing. */
  session = fixture_read (fixture);
  g_assert_cmpint (pinion_store_placement_find (session, inbox, 2), ==, 0);
  PinionStoreSession *writing = fixture_begin (&other);
  fixture_add (writing, inbox, 2, 0, "b@x", NULL, 100);
  DexFuture *reading = g_steal_pointer (&fixture->running);
  DexFuture *written = g_steal_pointer (&other.running);
  g_async_queue_push (fixture->to_store, GINT_TO_POINTER (1));
  g_async_queue_push (fixture->to_store, GINT_TO_POINTER (1));
  error = fixture_wait (reading);
  g_assert_no_error (error);
  error = fixture_wait (written);
  g_assert_no_error (error);
  fixture_check (fixture);

  error = fixture_wait (pinion_store_poll_external (fixture->store));
  g_assert_no_error (error);
  g_clear_pointer (&last, pinion_store_changes_unref);
  fixture_close (&other);
  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/store/open", test_open);
  g_test_add_func ("/store/account", test_account);
  g_test_add_func ("/store/account-remove", test_account_remove);
  g_test_add_func ("/store/rollback", test_rollback);
  g_test_add_func ("/store/changes", test_changes);
  g_test_add_func ("/store/arrived", test_arrived);
  g_test_add_func ("/store/close", test_close);
  g_test_add_func ("/store/two-at-once", test_two_at_once);

  return g_test_run ();
}
