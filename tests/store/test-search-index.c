/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The index follows the store, whatever is done to its file. */

#include "pinion-store-messages.h"
#include "pinion-store-session.h"
#include "search-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
index_path (Case *self)
{
  return g_build_filename (self->store->dir, "search.db", NULL);
}

static void
spoil (const char *path,
       long        from,
       const char *text)
{
  FILE *file = g_fopen (path, "r+");

  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, from, SEEK_SET), ==, 0);
  for (guint i = 0; i < 3000; i++)
    fputs (text, file);
  fclose (file);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* Whatever is done to the file: after the next filling everything is found again. */
static void
test_broken (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  g_autofree char *path = index_path (&self);

  /* Gone while it was open. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) none = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpuint (case_fill (&self), ==, G_N_ELEMENTS (letters));
  assert_found (&self, "zebra", "trash junk starred");

  /* Not a database at all. */
  case_reopen (&self);
  spoil (path, 0, "not a database ");
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");

  /* Of another version, or another store. */
  run_sql (path, "PRAGMA user_version = 77");
  case_reopen (&self);
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  run_sql (path, "UPDATE state SET identity = 'somebody else''s'");
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");

  /* Without one of its tables. */
  run_sql (path, "DROP TABLE doc");
  g_clear_error (&error);
  g_autoptr (GArray) still
    = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (still);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpuint (case_fill (&self), ==, G_N_ELEMENTS (letters));
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

/* The words themselves are damaged: noticed by whoever reads them. */
static void
test_broken_inside (void)
{
  Case self;
  g_autoptr (GError) error = NULL;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  case_reopen (&self);
  g_autofree char *path = index_path (&self);
  run_sql (path, "PRAGMA wal_checkpoint (TRUNCATE)");
  spoil (path, 8192, "damage ");

  g_autoptr (GArray) hits = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (hits);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

static gint64
count_waiting (Case *self)
{
  PinionStoreSession *session = fixture_read (self->store);
  gint64 waiting = pinion_store_search_get_waiting (session);

  fixture_commit (self->store);

  return waiting;
}

/* What the object counts, which also knows of a broken index. */
static gint64
count_all_waiting (Case *self)
{
  DexFuture *future = case_wait (pinion_store_search_count_waiting (self->search));
  gint64 waiting = g_value_get_int64 (dex_future_get_value (future, NULL));

  dex_unref (future);

  return waiting;
}

#define assert_waiting(self, n)                                                 \
  G_STMT_START                                                                  \
  {                                                                             \
    g_assert_cmpint (count_waiting (self), ==, n);                               \
    g_assert_cmpint (count_all_waiting (self), ==, n);                           \
  }                                                                             \
  G_STMT_END

/* How many messages wait, from before there is an index on. */
static void
test_waiting (void)
{
  Case self;

  case_init (&self);
  assert_waiting (&self, 0);
  case_add_letters (&self);
  assert_waiting (&self, N_LETTERS);
  case_fill (&self);
  assert_waiting (&self, 0);

  PinionStoreSession *session = fixture_begin (self.store);
  fixture_add (session, fixture_folder (self.store, "INBOX"), 100, 0, "new", NULL, NOW);
  fixture_commit (self.store);
  assert_waiting (&self, 1);
  g_assert_cmpuint (case_fill (&self), ==, 1);
  assert_waiting (&self, 0);

  g_autofree char *path = index_path (&self);
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_waiting (&self, N_LETTERS + 1);
  case_fill (&self);
  assert_waiting (&self, 0);
  case_clear (&self);
}

/* It is made anew, once; whoever holds it in the meantime is not disturbed. */
static void
test_discarded (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  pinion_store_search_discard (self.search);
  g_assert_cmpuint (case_fill (&self), ==, N_LETTERS);

  pinion_store_search_discard (self.search);
  g_assert_cmpint (count_waiting (&self), ==, 0);
  g_assert_cmpint (count_all_waiting (&self), ==, N_LETTERS);
  g_assert_cmpuint (case_fill (&self), ==, N_LETTERS);
  g_assert_cmpuint (case_fill (&self), ==, 0);
  assert_waiting (&self, 0);
  assert_found (&self, "zebra", "trash junk starred");

  PinionStoreSearch *other = pinion_store_search_new (self.store->store);
  PinionStoreSession *session = fixture_begin (self.store);
  fixture_add (session, fixture_folder (self.store, "INBOX"), 100, 0, "new", NULL, NOW);
  fixture_commit (self.store);
  g_autoptr (GPtrArray) documents = case_next (&self);
  pinion_store_search_discard (other);
  g_autoptr (GError) busy = fixture_wait (pinion_store_search_next (other, 10, TRUE));
  g_assert_true (pinion_error_is (busy, PINION_ERROR_BUSY));
  g_assert_no_error (fixture_wait (pinion_store_search_put (self.search, documents)));
  g_assert_cmpuint (case_fill (&self), ==, 0);

  /* Then it is, since nothing has made it anew. */
  g_clear_object (&self.search);
  self.search = other;
  g_assert_cmpuint (case_fill (&self), ==, N_LETTERS + 1);
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

/* Who asks notices first; then everything waits until it is made anew.  An index that is only being
 * made is left alone. */
static void
test_noticed_by_asking (void)
{
  Case self;
  g_autoptr (GError) error = NULL;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  case_reopen (&self);
  g_autofree char *path = index_path (&self);
  run_sql (path, "PRAGMA user_version = 77");
  g_autoptr (GArray) none = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpint (count_all_waiting (&self), ==, N_LETTERS);
  g_assert_cmpuint (case_fill (&self), ==, N_LETTERS);

  /* Another store's. */
  case_reopen (&self);
  run_sql (path, "UPDATE state SET identity = 'somebody else''s'");
  g_clear_error (&error);
  none = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpuint (case_fill (&self), ==, N_LETTERS);

  case_reopen (&self);
  run_sql (path, "DELETE FROM state");
  g_clear_error (&error);
  none = case_find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_BUSY));
  g_assert_cmpint (count_all_waiting (&self), ==, 0);
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

/* The store was moved aside and begun anew: ids mean other messages now. */
static void
test_store_rebuilt (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  g_clear_object (&self.search);
  fixture_close (self.store);
  g_autofree char *path = g_build_filename (self.store->dir, "pinion.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_unlink (log);
  spoil (path, 0, "not a database ");
  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*is broken*");
  case_reopen (&self);
  g_test_assert_expected_messages ();

  case_fill (&self);
  assert_found (&self, "zebra", "");
  case_clear (&self);
}

/* A child fills the index and is killed in the middle, again and again. */
static void
test_killed (void)
{
  Case self;
  guint rounds = 0;

  case_init (&self);
  case_add_letters (&self);
  g_clear_object (&self.search);
  fixture_close (self.store);

  for (guint milliseconds = 0; milliseconds < 12; milliseconds++)
    {
      g_autofree char *delay = g_strdup_printf ("%u", milliseconds * 4);
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      const char *arguments[] = { program, "--fill", self.store->dir, delay, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                                   NULL, NULL, NULL, &error));
      g_assert_no_error (error);
      rounds++;
    }

  g_assert_no_error (fixture_try_open (self.store));
  self.search = pinion_store_search_new (self.store->store);
  case_fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  assert_found (&self, "会议", "chinese");
  for (guint i = 0; i < N_LETTERS; i++)
    {
      g_autofree char *found = case_find (&self, letters[i].from_address);
      g_assert_nonnull (strstr (found, letters[i].key));
    }
  case_clear (&self);
}

/* What the child of test_killed() does. */
G_NORETURN static void
fill_and_die (const char *dir,
              guint       milliseconds)
{
  Fixture store = { .dir = (char *) dir };
  Case self = { .store = &store };

  alarm (20);
  g_assert_no_error (fixture_try_open (&store));
  self.search = pinion_store_search_new (store.store);
  for (gint64 end = g_get_monotonic_time () + milliseconds * 1000;;)
    {
      g_autoptr (GPtrArray) documents = case_next (&self);

      for (guint i = 0; i < documents->len; i++)
        case_complete (g_ptr_array_index (documents, i));
      g_ptr_array_set_size (documents, (int) MIN (documents->len, 3));
      DexFuture *future = pinion_store_search_put (self.search, documents);
      while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING
             || documents->len == 0)
        {
          if (g_get_monotonic_time () >= end)
            kill (getpid (), SIGKILL);
        }
      dex_unref (future);
    }
}

/* What the program has died over twice is not read any more. */
static void
test_reading (void)
{
  Case self;

  case_init (&self);
  PinionStore *store = self.store->store;
  g_assert_true (pinion_store_search_begin_reading (store, 7));
  g_assert_true (pinion_store_search_begin_reading (store, 8));
  g_assert_true (pinion_store_search_begin_reading (store, 7));
  g_assert_true (pinion_store_search_begin_reading (store, 7));
  for (guint i = 0; i < 3; i++)
    g_assert_false (pinion_store_search_begin_reading (store, 7));
  g_assert_true (pinion_store_search_begin_reading (store, 8));
  g_assert_true (pinion_store_search_begin_reading (store, 8));
  g_assert_false (pinion_store_search_begin_reading (store, 8));

  pinion_store_search_end_reading (store);
  g_assert_true (pinion_store_search_begin_reading (store, 8));

  /* Nonsense in the file is no reason not to read. */
  g_autofree char *path = g_build_filename (self.store->dir, "search.reading", NULL);
  g_assert_true (g_file_set_contents (path, "nonsense", -1, NULL));
  g_assert_true (pinion_store_search_begin_reading (store, 8));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  for (guint i = 0; i < 5; i++)
    g_assert_true (pinion_store_search_begin_reading (store, 8));
  pinion_store_search_end_reading (store);
  case_clear (&self);
}

/* And by nobody else who is not asked to: it is marked, and indexed without its text. */
static void
test_poison (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  g_autoptr (GPtrArray) documents = case_next (&self);
  PinionStoreDocument *document = g_ptr_array_index (documents, 0);
  gint64 id = document->message;
  document->is_poison = TRUE;
  g_assert_no_error (fixture_wait (pinion_store_search_put (self.search, documents)));

  PinionStoreSession *session = fixture_read (self.store);
  g_autoptr (PinionStoreMessage) marked = pinion_store_message_get (session, id);
  g_autoptr (PinionStoreMessage) other = pinion_store_message_get (session, id + 1);
  g_assert_true (marked->poison);
  g_assert_false (other->poison);
  fixture_commit (self.store);
  case_fill (&self);
  case_clear (&self);
}

/* Only one fills at a time. */
static void
test_one_writer (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  g_autoptr (GPtrArray) documents = case_next (&self);
  PinionStoreSearch *other = pinion_store_search_new (self.store->store);
  g_autoptr (GError) error = fixture_wait (pinion_store_search_next (other, 10, TRUE));
  g_assert_true (pinion_error_is (error, PINION_ERROR_BUSY));

  /* Until it is done. */
  case_fill (&self);
  g_assert_no_error (fixture_wait (pinion_store_search_next (other, 10, TRUE)));
  g_object_unref (other);
  case_clear (&self);
}

/* Header first; the message without its body waits a little, unless everything is wanted. */
static void
test_patience (void)
{
  Case self;

  case_init (&self);
  case_fill (&self);
  case_add_letters (&self);
  DexFuture *future = case_wait (pinion_store_search_next (self.search, 100, FALSE));
  GPtrArray *documents = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpuint (documents->len, ==, 0);
  dex_unref (future);
  g_assert_cmpuint (case_fill (&self), ==, G_N_ELEMENTS (letters));
  case_clear (&self);
}

/* A store whose queue is of the version before, with something in it, keeps queue and index. */
static void
test_earlier_queue (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 message = fixture_add (session, fixture_folder (self.store, "INBOX"), 100, 0, "new", NULL,
                                NOW);
  pinion_sql_run (session, "INSERT INTO search_queue VALUES (?, 0, 0, 1)", sql_int (message));
  pinion_sql_run (session, "ALTER TABLE search_identity DROP COLUMN noted");
  pinion_sql_run (session, "UPDATE search_identity SET version = 1");
  pinion_sql_run (session, "DROP TRIGGER search_added");
  fixture_commit (self.store);

  g_assert_cmpuint (case_fill (&self), ==, 1);
  assert_waiting (&self, 0);
  assert_found (&self, "zebra", "trash junk starred");

  session = fixture_begin (self.store);
  fixture_add (session, fixture_folder (self.store, "INBOX"), 101, 0, "newer", NULL, NOW);
  fixture_commit (self.store);
  assert_waiting (&self, 1);
  g_assert_cmpuint (case_fill (&self), ==, 1);
  case_clear (&self);
}

/* What is deleted before it was indexed leaves nothing behind that waits. */
static void
test_gone_before (void)
{
  Case self;

  case_init (&self);
  case_fill (&self);
  for (guint32 uid = 100; uid < 103; uid++)
    {
      PinionStoreSession *session = fixture_begin (self.store);
      gint64 message = fixture_add (session, fixture_folder (self.store, "INBOX"), uid, 0, "new",
                                    NULL, NOW);
      fixture_commit (self.store);
      assert_waiting (&self, 1);

      session = fixture_begin (self.store);
      pinion_store_vanished (session, fixture_folder (self.store, "INBOX"), &uid, 1);
      pinion_message_forget (session, message);
      fixture_commit (self.store);
      case_fill (&self);
      assert_waiting (&self, 0);
    }
  case_clear (&self);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  dex_init ();
  if (argc == 4 && g_str_equal (argv[1], "--fill"))
    fill_and_die (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/search/broken", test_broken);
  g_test_add_func ("/store/search/broken-inside", test_broken_inside);
  g_test_add_func ("/store/search/waiting", test_waiting);
  g_test_add_func ("/store/search/discarded", test_discarded);
  g_test_add_func ("/store/search/noticed-by-asking", test_noticed_by_asking);
  g_test_add_func ("/store/search/store-rebuilt", test_store_rebuilt);
  g_test_add_func ("/store/search/killed", test_killed);
  g_test_add_func ("/store/search/reading", test_reading);
  g_test_add_func ("/store/search/poison", test_poison);
  g_test_add_func ("/store/search/one-writer", test_one_writer);
  g_test_add_func ("/store/search/patience", test_patience);
  g_test_add_func ("/store/search/earlier-queue", test_earlier_queue);
  g_test_add_func ("/store/search/gone-before", test_gone_before);

  return g_test_run ();
}
