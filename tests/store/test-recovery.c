/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What befalls a store: broken, newer, full, read-only, killed, shared. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-fixture.h"

static const char *program;

static char *
path_in (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (fixture->dir, name, NULL);
}

static void
run_sql (Fixture    *fixture,
         const char *sql)
{
  g_autofree char *path = path_in (fixture, "pinion.db");
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* The statement that brings the version back. */
static char *
dup_version (Fixture *fixture)
{
  g_autofree char *path = path_in (fixture, "pinion.db");
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  char *sql = g_strdup_printf ("PRAGMA user_version = %d", sqlite3_column_int (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return sql;
}

static void
test_too_new (void)
{
  Fixture *fixture = fixture_new ();

  fixture_close (fixture);
  g_autofree char *back = dup_version (fixture);
  run_sql (fixture, "PRAGMA user_version = 999");
  g_autoptr (GError) error = fixture_try_open (fixture);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_STORE_TOO_NEW);

  run_sql (fixture, back);
  fixture_reopen (fixture);
  PinionStoreSession *session = fixture_read (fixture);
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);
  g_assert_cmpuint (accounts->len, ==, 1);
  fixture_commit (fixture);

  fixture_free (fixture);
}

/* Every schema there ever was is brought up to date, with what is in it. */
static void
test_upgrade (void)
{
  for (guint version = 1;; version++)
    {
      g_autofree char *name = g_strdup_printf ("store-%03u.sql", version);
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", name, NULL);
      g_autofree char *sql = NULL;

      if (!g_file_get_contents (path, &sql, NULL, NULL))
        {
          g_assert_cmpuint (version, >, 3);
          return;
        }

      Fixture *fixture = fixture_new_empty ();
      g_autofree char *database = path_in (fixture, "pinion.db");
      fixture_close (fixture);
      g_unlink (database);
      run_sql (fixture, sql);
      fixture_reopen (fixture);
      g_assert_false (pinion_store_was_rebuilt (fixture->store));
      fixture_check (fixture);

      fixture->account = 1;
      fixture_find_folders (fixture);
      PinionStoreSession *session = fixture_begin (fixture);
      gint64 inbox = fixture_folder (fixture, "INBOX");
      gint64 id = pinion_store_placement_find (session, inbox, 1);
      fixture_assert_labels (fixture, session, id, "Archive");
      fixture_assert_pending (session, "move INBOX/1 > Archive, flag 4=1 Projects/1");
      /* Before there was a choice, it was a password. */
      g_autoptr (PinionAccount) account = pinion_store_account_get (session, fixture->account);
      g_assert_cmpint (account->imap.sign_in, ==,
                       version > 1 ? PINION_SIGN_IN_KERBEROS : PINION_SIGN_IN_PASSWORD);
      g_assert_cmpint (account->smtp.sign_in, ==, PINION_SIGN_IN_PASSWORD);
      g_assert_cmpint (fixture_add (session, inbox, 1, 0, "a@x", NULL, 100), ==, id);
      fixture_commit (fixture);
      fixture_free (fixture);
    }
}

/* Foreign keys hold when a transaction ends, see schema-011.sql. */
static void
test_foreign_keys (void)
{
  static const char *const wrong[] = {
    "INSERT INTO placement (folder_id, message_id, created) VALUES (1, 4711, 0)",
    "INSERT INTO placement (folder_id, message_id, created) VALUES (4711, 1, 0)",
    "INSERT INTO reference VALUES (1, 2, 4711)",
    "UPDATE message SET thread_id = 4711",
    "UPDATE message SET account_id = 4711",
  };
  Fixture *fixture = fixture_new ();
  g_autofree char *path = path_in (fixture, "pinion.db");
  PinionStoreSession *session = fixture_begin (fixture);
  sqlite3 *db = NULL;

  fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 100);
  fixture_commit (fixture);
  fixture_close (fixture);

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_cmpint (sqlite3_exec (db, "BEGIN", NULL, NULL, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (db, wrong[i], NULL, NULL, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
      g_assert_cmpint (sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
    }
  sqlite3_close (db);

  fixture_reopen (fixture);
  g_assert_false (pinion_store_was_rebuilt (fixture->store));
  fixture_free (fixture);
}

static const char *const recipients[] = { "ana@example.com", NULL };

/* A draft, a message on its way out, a message with its body. */
static void
fill (Fixture *fixture,
      gint64  *draft,
      gint64  *outbox)
{
  g_autoptr (GBytes) one = g_bytes_new ("draft", 5);
  g_autoptr (GBytes) two = g_bytes_new ("letter", 6);
  PinionStoreHeader header = { .subject = "Half = [x]\\n", .date = 50 };
  PinionStoreOutgoing outgoing = {
    .account_id = fixture->account,
    .raw = two,
    .header = { .message_id = "out@x", .subject = "Grüße", .date = 60 },
    .sender = "me@example.com",
    .recipients = recipients,
  };
  g_autofree char *temp = pinion_store_dup_temp_path (fixture->store);

  PinionStoreSession *session = fixture_begin (fixture);
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, fixture->account);
  account->smtp.sign_in = PINION_SIGN_IN_KERBEROS;
  pinion_store_account_update (session, account);
  *draft = pinion_store_draft_save (session, fixture->account, 0, &header, one, 0);
  *outbox = pinion_store_outbox_add (session, &outgoing);
  gint64 mail = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 1);
  g_assert_true (g_file_set_contents (temp, "raw", 3, NULL));
  pinion_store_body_arrived (session, mail, temp, NULL);
  pinion_store_outbox_start (session, *outbox);
  fixture_commit (fixture);
}

static void
check_rescued (Fixture *fixture,
               gint64   draft,
               gint64   outbox)
{
  PinionStoreSession *session = fixture_begin (fixture);
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, fixture->account);
  g_assert_cmpstr (account->email, ==, "me@example.com");
  g_assert_cmpint (account->imap.sign_in, ==, PINION_SIGN_IN_PASSWORD);
  g_assert_cmpint (account->smtp.sign_in, ==, PINION_SIGN_IN_KERBEROS);

  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, draft);
  g_assert_cmpstr (message->subject, ==, "Half = [x]\\n");
  g_assert_true (message->local_draft);
  g_assert_true (pinion_store_body_is_whole (message));

  pinion_store_outbox_recover (session, fixture->account);
  g_autoptr (PinionStoreOutboxItem) item = pinion_store_outbox_get (session, outbox);
  g_assert_cmpstr (item->subject, ==, "Grüße");
  g_assert_cmpstr (item->recipients[0], ==, "ana@example.com");
  g_assert_cmpint (item->state, ==, PINION_STORE_OUTBOX_UNCERTAIN);
  g_assert_true (g_file_test (item->path, G_FILE_TEST_EXISTS));
  fixture_commit (fixture);
  fixture_check (fixture);
}

static void
break_and_open (const char *what)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *path = path_in (fixture, "pinion.db");
  g_autofree char *stray = g_build_filename (fixture->dir, "drafts", "4711.eml", NULL);
  g_autofree char *aside = g_build_filename (fixture->dir, "broken", "pinion.db", NULL);
  gint64 draft, outbox;

  fill (fixture, &draft, &outbox);
  fixture_close (fixture);
  g_assert_true (g_file_set_contents (stray, "stray", 5, NULL));
  if (g_str_equal (what, "garbage"))
    g_assert_true (g_file_set_contents (path, "This was a database once, was it not?", -1, NULL));
  else if (g_str_equal (what, "cut"))
    g_assert_cmpint (truncate (path, 9000), ==, 0);
  else
    run_sql (fixture, "DROP TABLE outbox");

  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*built anew*");
  fixture_reopen (fixture);
  g_test_assert_expected_messages ();
  g_assert_true (pinion_store_was_rebuilt (fixture->store));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  check_rescued (fixture, draft, outbox);

  /* A file nobody knows is a draft; the next ids are not those of old files. */
  PinionStoreSession *session = fixture_begin (fixture);
  g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, 4711);
  g_assert_true (message->local_draft);
  static const char *const bare[] = { "INBOX", NULL };
  fixture_list (session, fixture->account, bare);
  fixture_commit (fixture);
  fixture_find_folders (fixture);
  session = fixture_begin (fixture);
  gint64 id = fixture_add (session, fixture_folder (fixture, "INBOX"), 1, 0, "a@x", NULL, 1);
  g_assert_cmpint (id, >, 4711);
  fixture_commit (fixture);

  fixture_reopen (fixture);
  g_assert_false (pinion_store_was_rebuilt (fixture->store));
  fixture_free (fixture);
}

static void
test_broken (gconstpointer data)
{
  break_and_open (data);
}

/* Files that a process wrote before it was killed, or the disk was full, and never committed. */
static void
test_never_committed (void)
{
  Fixture *fixture = fixture_new ();
  static const char *const names[] = { "drafts/4711.eml", "outbox/4711.eml", "outbox/1.eml.AB12CD" };
  gint64 draft, outbox;

  fill (fixture, &draft, &outbox);
  fixture_close (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_in (fixture, names[i]);
      g_assert_true (g_file_set_contents (path, "stray", 5, NULL));
    }

  fixture_reopen (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_in (fixture, names[i]);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  check_rescued (fixture, draft, outbox);
  fixture_free (fixture);
}

/* Overwrites the first page of @table. */
static void
garble (const char *path,
        const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'",
                                          table);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA wal_checkpoint (TRUNCATE)", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  off_t page = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  int fd = g_open (path, O_RDWR | O_CLOEXEC, 0);
  g_autofree char *noise = g_strnfill (4096, 'z');
  g_assert_cmpint (pwrite (fd, noise, 4096, (page - 1) * 4096), ==, 4096);
  close (fd);
}

/* Damage that is only met while reading: the session fails, the next opening rebuilds. */
static void
test_broken_inside (void)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *path = path_in (fixture, "pinion.db");
  gint64 draft, outbox;

  fill (fixture, &draft, &outbox);
  fixture_close (fixture);
  garble (path, "placement");
  fixture_reopen (fixture);
  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_vanished (session, fixture_folder (fixture, "INBOX"), &(guint32) { 1 }, 1);
  g_autoptr (GError) error = fixture_end (fixture);
  g_assert_error (error, PINION_ERROR, PINION_ERROR_STORE_BROKEN);

  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*built anew*");
  fixture_reopen (fixture);
  g_test_assert_expected_messages ();
  check_rescued (fixture, draft, outbox);

  fixture_free (fixture);
}

static void
test_read_only (void)
{
  Fixture fixture = { .dir = (char *) "/sys/pinion-store-test/data" };
  g_autoptr (GError) error = fixture_try_open (&fixture);

  g_assert_error (error, PINION_ERROR, PINION_ERROR_STORE_READ_ONLY);
}

/* -- A full disk ------------------------------------------------------------------------------- */

static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_disk_full (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *long_text = g_strnfill (2000, 'x');
  guint32 n_kept = 0;

  signal (SIGXFSZ, SIG_IGN);
  limit_files (600 * 1024);
  for (guint32 uid = 1; error == NULL; uid++)
    {
      g_autofree char *id = g_strdup_printf ("%u.%s@x", uid, long_text);
      PinionStoreSession *session = fixture_begin (fixture);
      fixture_add (session, fixture_folder (fixture, "INBOX"), uid, 0, id, NULL, uid);
      error = fixture_end (fixture);
      if (error == NULL)
        n_kept = uid;
    }
  g_assert_error (error, PINION_ERROR, PINION_ERROR_DISK_FULL);

  /* So it is for a letter. */
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (900 * 1024), 900 * 1024);
  PinionStoreHeader header = { 0 };
  PinionStoreSession *session = fixture_begin (fixture);
  pinion_store_draft_save (session, fixture->account, 0, &header, large, 0);
  g_autoptr (GError) draft_error = fixture_end (fixture);
  g_assert_error (draft_error, PINION_ERROR, PINION_ERROR_DISK_FULL);
  limit_files (0);

  /* There is room again, and nothing was lost or half done. */
  fixture_check (fixture);
  session = fixture_begin (fixture);
  g_autoptr (GArray) placements = pinion_store_placements_list (session,
                                                                fixture_folder (fixture, "INBOX"));
  g_assert_cmpuint (placements->len, ==, n_kept);
  fixture_add (session, fixture_folder (fixture, "INBOX"), n_kept + 1, 0, "last@x", NULL, 1);
  fixture_commit (fixture);
  fixture_reopen (fixture);
  fixture_check (fixture);

  fixture_free (fixture);
}

/* -- Processes --------------------------------------------------------------------------------- */

/* What a child process does until it is killed, or @n acts are done. */
static void
act (Fixture *fixture,
     guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d.%u@x", (int) getpid (), i);
      g_autofree char *text = g_strnfill ((gsize) g_random_int_range (1, 50000), 'd');
      g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
      PinionStoreHeader header = { .message_id = id, .subject = "Draft", .date = 5 };
      PinionStoreOutgoing outgoing = { .account_id = fixture->account, .raw = raw,
                                       .header = header, .sender = "me@x",
                                       .recipients = recipients };

      PinionStoreSession *session = fixture_begin (fixture);
      guint32 uid = (guint32) g_random_int_range (1, G_MAXINT32);
      gint64 message = fixture_add (session, fixture_folder (fixture, "INBOX"), uid, 0, id,
                                    i % 2 == 0 ? NULL : "0@x", i);
      g_autoptr (GArray) ids = fixture_ids (message);
      if (i % 3 == 0)
        pinion_store_command_archive (session, ids, 0);
      if (i % 3 == 1)
        pinion_store_command_add_label (session, ids, fixture_folder (fixture, "Projects"));
      if (i % 5 == 0)
        pinion_store_draft_save (session, fixture->account, 0, &header, raw, 0);
      if (i % 7 == 0)
        pinion_store_outbox_add (session, &outgoing);
      pinion_store_command_set_flag (session, ids, PINION_FLAG_SEEN, TRUE);
      fixture_commit (fixture);
    }
}

static void
run_child (const char *dir,
           guint       n)
{
  Fixture fixture = { .dir = g_strdup (dir), .account = 1 };

  fixture.to_test = g_async_queue_new ();
  fixture.to_store = g_async_queue_new ();
  fixture.folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GError *error = fixture_try_open (&fixture);
  g_assert_no_error (error);
  fixture_find_folders (&fixture);
  act (&fixture, n);
}

static GPid
spawn_child (Fixture    *fixture,
             const char *n)
{
  const char *argv[] = { program, "--child", fixture->dir, n, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);

  return pid;
}

/* Each raw file that only we have is there with all its bytes. */
static void
check_files (Fixture *fixture)
{
  PinionStoreSession *session = fixture_read (fixture);
  g_autoptr (GArray) drafts = pinion_store_drafts_list (session, 0);
  g_autoptr (GPtrArray) items = pinion_store_outbox_list (session, 0);

  for (guint i = 0; i < drafts->len; i++)
    {
      g_autoptr (PinionStoreMessage) message
        = pinion_store_message_get (session, g_array_index (drafts, gint64, i));
      g_assert_true (pinion_store_body_is_whole (message));
    }
  for (guint i = 0; i < items->len; i++)
    {
      PinionStoreOutboxItem *item = g_ptr_array_index (items, i);
      g_assert_true (g_file_test (item->path, G_FILE_TEST_EXISTS));
    }
  fixture_commit (fixture);
}

static void
test_killed (void)
{
  Fixture *fixture = fixture_new ();
  guint n_rounds = g_test_slow () ? 200 : 12;

  for (guint i = 0; i < n_rounds; i++)
    {
      GPid pid = spawn_child (fixture, "100000");

      g_usleep ((gulong) g_test_rand_int_range (20000, 150000));
      kill (pid, SIGKILL);
      waitpid (pid, NULL, 0);
      fixture_reopen (fixture);
      g_assert_false (pinion_store_was_rebuilt (fixture->store));
      fixture_check (fixture);
      check_files (fixture);
    }

  fixture_free (fixture);
}

static void
test_together (void)
{
  Fixture *fixture = fixture_new ();
  GPid pids[3];

  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    pids[i] = spawn_child (fixture, "60");
  act (fixture, 60);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    {
      int status;

      waitpid (pids[i], &status, 0);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
    }

  fixture_check (fixture);
  check_files (fixture);
  PinionStoreSession *session = fixture_read (fixture);
  PinionStoreFolder *archive = pinion_store_folder_get (session,
                                                        fixture_folder (fixture, "Archive"));
  g_assert_cmpint (archive->total, ==, 4 * 20);
  pinion_store_folder_unref (archive);
  fixture_commit (fixture);

  fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  dex_init ();
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    {
      run_child (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));
      _exit (0);
    }

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/recovery/too-new", test_too_new);
  g_test_add_func ("/store/recovery/never-committed", test_never_committed);
  g_test_add_func ("/store/recovery/upgrade", test_upgrade);
  g_test_add_func ("/store/recovery/foreign-keys", test_foreign_keys);
  g_test_add_data_func ("/store/recovery/broken/garbage", "garbage", test_broken);
  g_test_add_data_func ("/store/recovery/broken/cut", "cut", test_broken);
  g_test_add_data_func ("/store/recovery/broken/table", "table", test_broken);
  g_test_add_func ("/store/recovery/broken/inside", test_broken_inside);
  g_test_add_func ("/store/recovery/read-only", test_read_only);
  g_test_add_func ("/store/recovery/disk-full", test_disk_full);
  g_test_add_func ("/store/recovery/killed", test_killed);
  g_test_add_func ("/store/recovery/together", test_together);

  return g_test_run ();
}
