/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The index: what is found by what, and that it follows the store whatever happens. */

#include "pinion-store-search.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW ((gint64) 1700000000)
#define DAY 86400

typedef struct
{
  Fixture *store;
  PinionStoreSearch *search;
} Case;

/* Letters, told apart by their keys. */
typedef struct
{
  const char *key;
  const char *folder;
  const char *from_name;
  const char *from_address;
  const char *subject;
  const char *body;
  const char *files;
  PinionFlags flags;
  int days_ago;
  guint64 size;
} Letter;

static const Letter letters[] = {
  { "budget", "INBOX", "Ana Lima", "ana@lakeside.example", "Budget for the café",
    "The quarterly report is attached. Straße and façade need work.", "Report 2024.pdf",
    PINION_FLAG_SEEN, 10, 5000000 },
  { "german", "Projects", "Jörg Weiß", "joerg@weiss.example", "Grüße aus der Straße",
    "Der Fußball ist größer als das Maß.", NULL, 0, 20, 2000 },
  { "polish", "INBOX", "Łukasz", "lukasz@example.org", "Zażółć gęślą jaźń", "Łódź", NULL, 0, 30,
    2000 },
  { "turkish", "INBOX", "İpek", "ipek@example.org", "İSTANBUL'da ılık", "Iğdır", NULL, 0, 31, 2000 },
  { "greek", "INBOX", "Ελένη", "eleni@example.org", "Καλημέρα κόσμε", "ΟΔΥΣΣΕΥΣ", NULL, 0, 32, 2000 },
  { "russian", "INBOX", "Иван", "ivan@example.org", "Ёлка и хороший день", "МОСКВА", NULL, 0, 33,
    2000 },
  { "chinese", "INBOX", "王小明", "wang@example.cn", "关于东京会议的通知",
    "请各位参加明天的预算讨论。", "会议记录.docx", 0, 40, 2000 },
  { "japanese", "INBOX", "田中", "tanaka@example.jp", "会議のご案内",
    "データベースの移行について、ﾌﾟﾛｼﾞｪｸﾄ会議を開きます。", NULL, 0, 41, 2000 },
  { "korean", "INBOX", "김민수", "kim@example.kr", "대학교에서 회의",
    "내일 학교에서 만나요.", NULL, 0, 42, 2000 },
  { "thai", "INBOX", "สมชาย", "somchai@example.th", "การประชุมพรุ่งนี้",
    "กรุณาเตรียมรายงานงบประมาณ", NULL, 0, 43, 2000 },
  { "arabic", "INBOX", "أحمد", "ahmed@example.eg", "مُحَمَّد في المدرسة", "الاجتماع غدًا الساعة ٣", NULL, 0,
    44, 2000 },
  { "hebrew", "INBOX", "דוד", "david@example.il", "שָׁלוֹם לכולם", "הפגישה מחר", NULL, 0, 45, 2000 },
  { "hindi", "INBOX", "राम", "ram@example.in", "नमस्ते दुनिया", "बैठक कल है", NULL, 0, 46, 2000 },
  { "ligature", "INBOX", "Office", "office@example.org", "The ﬁnal oﬃce ﬂoor", "Ｆｕｌｌ　ｗｉｄｔｈ", NULL,
    0, 47, 2000 },
  { "trash", "Trash", "Ana Lima", "ana@lakeside.example", "Thrown away", "zebra", NULL,
    PINION_FLAG_SEEN, 50, 2000 },
  { "junk", "Junk", "Spammer", "win@spam.example", "You won a zebra", "money", NULL, 0, 51, 2000 },
  { "starred", "Archive", "Bo Li", "bo@lakeside.example", "Old contract", "signed contract zebra",
    "contract-final_v2.odt", PINION_FLAG_SEEN | PINION_FLAG_FLAGGED, 800, 30000 },
  { "mail", "INBOX", "Me", "me@example.com", "e-mail from me", "see https://example.org/a_b?c=d",
    NULL, PINION_FLAG_SEEN, 5, 2000 },
};

static const struct
{
  const char *query;
  const char *found;
} questions[] = {
  /* Words, beginnings, case, accents. */
  { "budget", "budget" },
  { "BUDGET", "budget" },
  { "budg", "budget" },
  { "udget", "" },
  { "cafe", "budget" },
  { "café", "budget" },
  { "facade", "budget" },
  { "strasse", "budget german" },
  { "straße", "budget german" },
  { "STRASSE", "budget german" },
  { "fussball", "german" },
  { "groesser", "" },
  { "grosser", "german" },
  { "zazolc", "polish" },
  { "lodz", "polish" },
  { "lukasz", "polish" },
  { "istanbul", "turkish" },
  { "ilik", "turkish" },
  { "igdir", "turkish" },
  { "καλημερα", "greek" },
  { "οδυσσευς", "greek" },
  { "елка", "russian" },
  { "москва", "russian" },
  { "final office", "ligature" },
  { "floor", "ligature" },
  { "full width", "ligature" },
  { "ＢＵＤＧＥＴ", "budget" },
  { "quarterly cafe", "budget" },
  { "quart caf", "budget" },
  { "quarterly zebra", "" },
  { "email", "" },
  { "e-mail", "mail" },
  { "example.org/a_b", "mail" },

  /* Scripts without blanks, and partial words. */
  { "东京", "chinese" },
  { "京会", "chinese" },
  { "会议", "chinese" },
  { "东", "chinese" },
  { "知", "chinese" },
  { "预算讨论", "chinese" },
  { "预讨", "" },
  { "会議", "japanese" },
  { "データベース", "japanese" },
  { "でーた", "japanese" },
  { "ﾃﾞｰﾀﾍﾞｰｽ", "japanese" },
  { "プロジェクト", "japanese" },
  { "クト", "japanese" },
  { "학교", "korean" },
  { "대학교", "korean" },
  { "학교에서", "korean" },
  { "회의", "korean" },
  { "ประชุม", "thai" },
  { "งบประมาณ", "thai" },
  { "รายงาน", "thai" },
  { "محمد", "arabic" },
  { "مُحَمَّد", "arabic" },
  { "غدا", "arabic" },
  { "احمد", "arabic" },
  { "المدرسه", "arabic" },
  { "الساعة 3", "arabic" },
  { "שלום", "hebrew" },
  { "नमस्ते", "hindi" },
  { "बैठक", "hindi" },

  /* Phrases, minus, OR. */
  { "\"quarterly report\"", "budget" },
  { "\"report quarterly\"", "" },
  { "\"quarterly repor\"", "" },
  { "\"quarterly repor", "budget" },
  { "“quarterly report”", "budget" },
  { "\"budg\"", "" },
  { "\"明天的预算\"", "chinese" },
  { "zebra", "trash junk starred" },
  { "zebra -contract", "trash junk" },
  { "zebra -\"signed contract\"", "trash junk" },
  { "zebra -from:ana", "junk starred" },
  { "-zebra -from:spam lima", "budget" },
  { "budget OR zebra", "budget trash junk starred" },
  { "budget OR fussball zebra", "" },
  { "zebra budget OR contract", "starred" },
  { "zebra OR is:starred from:bo", "starred" },
  { "is:starred OR budget", "budget starred" },
  { "zebra -from:ana OR is:starred", "junk starred" },
  { "budget or zebra", "" },

  /* Fields. */
  { "from:ana", "budget trash" },
  { "from:\"Ana Lima\"", "budget trash" },
  { "from:lakeside", "budget trash starred" },
  { "FROM:Ana", "budget trash" },
  { "from:ana@lakeside.example", "budget trash" },
  { "from:me", "mail" },
  { "-from:me e-mail", "" },
  { "to:somebody", "budget german" },
  { "cc:carla", "budget" },
  { "bcc:boss", "german" },
  { "subject:report", "" },
  { "body:report", "budget" },
  { "subject:budget", "budget" },
  { "subject:会議", "japanese" },
  { "filename:report", "budget" },
  { "filename:pdf", "budget" },
  { "filename:contract-final_v2.odt", "starred" },
  { "filename:会议", "chinese" },
  { "report", "budget" },
  { "v2", "starred" },
  { "label:projects", "german" },
  { "label:Projects grusse", "german" },
  { "in:trash", "trash" },
  { "label:spam", "junk" },
  { "label:nosuch", "" },
  { "-label:inbox zebra", "trash junk starred" },
  { "has:attachment", "budget chinese starred" },
  { "has:attachment zebra", "starred" },
  { "is:starred", "starred" },
  { "is:starred zebra", "starred" },
  { "is:unread zebra", "junk" },
  { "is:read zebra", "trash starred" },
  { "-is:read zebra", "junk" },
  { "larger:1M", "budget" },
  { "larger:1m report", "budget" },
  { "larger:20k", "budget starred" },
  { "smaller:3K zebra", "trash junk" },
  { "before:2022-01-01", "starred" },
  { "after:2023-11-03", "budget mail" },
  { "after:2023-11 before:2023-11-05", "budget" },
  { "after:2w", "budget mail" },
  { "before:1y zebra", "starred" },
  { "before:2022", "starred" },

  /* What cannot be understood is words. */
  { "before:soon zebra", "" },
  { "is:purple", "" },
  { "has:report", "" },
  { "larger:than", "" },
  { "nosuchfield:zebra", "" },
  { "", "" },
  { "   ", "" },
  { "\"\"", "" },
  { "-", "" },
  { "!!! ??? ()", "" },
  { "zebra ()", "trash junk starred" },
  { "zebra OR", "trash junk starred" },
  { "from:", "mail" },

  /* Nothing that is typed is a question to SQLite. */
  { "zebra\"", "trash junk starred" },
  { "zebra*", "trash junk starred" },
  { "zebra' OR 1=1 --", "trash junk starred" },
  { "zebra\" OR \"budget", "budget trash junk starred" },
  { "subject : zebra", "" },
  { "{subject} : zebra", "" },
  { "^zebra", "trash junk starred" },
  { "zebra NEAR contract", "" },
  { "NEAR(zebra contract)", "" },
  { "zebra AND contract", "" },
  { "zebra NOT contract", "" },
  { "zebra + contract", "starred" },
  { "label:\"'); DROP TABLE message; --\"", "" },
  { "from:\"x' OR '1'='1\"", "" },
  { "larger:1e400", "" },
  { "larger:-5 zebra", "" },
  { "zebra \xff\xfe", "trash junk starred" },
};

/* -- Helpers ----------------------------------------------------------------------------------- */

static DexFuture *
wait_for (DexFuture *future)
{
  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_usleep (20);

  return future;
}

static GPtrArray *
next (Case *self)
{
  g_autoptr (GError) error = NULL;
  DexFuture *future = wait_for (pinion_store_search_next (self->search, 1000, TRUE));
  const GValue *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  GPtrArray *documents = g_value_dup_boxed (value);
  dex_unref (future);

  return documents;
}

/* The rest of a letter, as reading its file would tell. */
static void
complete (PinionStoreDocument *document)
{
  for (guint i = 0; i < G_N_ELEMENTS (letters) && !document->is_gone; i++)
    {
      const Letter *letter = &letters[i];

      if (g_strcmp0 (document->subject, letter->subject) != 0)
        continue;
      g_set_str (&document->body, letter->body);
      g_set_str (&document->files, letter->files);
      if (i < 2)
        g_set_str (&document->recipients, "Somebody Else somebody@example.net");
      if (i == 0)
        g_set_str (&document->copies, "Carla carla@example.net");
      if (i == 1)
        g_set_str (&document->blind, "The Boss boss@example.net");
    }
}

static guint
fill (Case *self)
{
  guint n = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) documents = next (self);

      if (documents->len == 0)
        return n;
      for (guint i = 0; i < documents->len; i++)
        complete (g_ptr_array_index (documents, i));
      GError *error = fixture_wait (pinion_store_search_put (self->search, documents));
      g_assert_no_error (error);
      n += documents->len;
    }
}

static gint64
add_letter (Case               *self,
            PinionStoreSession *session,
            const Letter       *letter,
            guint32             uid)
{
  PinionStoreIncoming incoming = {
    .uid = uid,
    .flags = letter->flags,
    .received = NOW - letter->days_ago * DAY,
    .size = letter->size,
    .header = {
      .message_id = letter->key,
      .date = NOW - letter->days_ago * DAY,
      .from_name = letter->from_name,
      .from_address = letter->from_address,
      .to = "Me",
      .subject = letter->subject,
      .has_attachments = letter->files != NULL,
    },
  };

  pinion_store_messages_add (session, fixture_folder (self->store, letter->folder), &incoming, 1);

  return incoming.id;
}

static void
add_letters (Case *self)
{
  PinionStoreSession *session = fixture_begin (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    add_letter (self, session, &letters[i], i + 1);
  fixture_commit (self->store);
}

static void
case_init (Case *self)
{
  self->store = fixture_new ();
  self->search = pinion_store_search_new (self->store->store);
}

static void
case_clear (Case *self)
{
  g_clear_object (&self->search);
  fixture_free (self->store);
}

static GArray *
find_full (Case                  *self,
           const char            *text,
           PinionStoreSearchOrder order,
           guint                  limit,
           GError               **error)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  DexFuture *future
    = wait_for (pinion_store_search_find (self->search, query, order, limit, NULL));
  const GValue *value = dex_future_get_value (future, error);
  GArray *hits = value != NULL ? g_value_dup_boxed (value) : NULL;

  dex_unref (future);

  return hits;
}

/* "budget german": keys of what was found, in the order of the letters. */
static char *
find (Case       *self,
      const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = find_full (self, text, PINION_STORE_SEARCH_BY_DATE, 0, &error);
  GString *found = g_string_new (NULL);
  gint64 last = G_MAXINT64;

  g_assert_no_error (error);
  PinionStoreSession *session = fixture_read (self->store);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < hits->len; i++)
    {
      const PinionStoreHit *hit = &g_array_index (hits, PinionStoreHit, i);
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (session, hit->message_id);

      g_assert_nonnull (message);
      g_assert_cmpint (hit->date, <=, last);
      last = hit->date;
      g_hash_table_add (keys, g_strdup (message->message_id_header));
    }
  fixture_commit (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    {
      if (g_hash_table_contains (keys, letters[i].key))
        g_string_append_printf (found, "%s%s", found->len > 0 ? " " : "", letters[i].key);
    }
  g_assert_cmpuint (g_hash_table_size (keys), ==, hits->len);

  return g_string_free (found, FALSE);
}

#define assert_found(self, query, expected)                                     \
  G_STMT_START                                                                  \
  {                                                                             \
    g_autofree char *found_ = find (self, query);                                \
    if (g_strcmp0 (found_, expected) != 0)                                       \
      g_error ("'%s' finds '%s', not '%s'", query, found_, expected);            \
  }                                                                             \
  G_STMT_END

/* -- Tests ------------------------------------------------------------------------------------- */

static void
test_questions (void)
{
  Case self;

  case_init (&self);
  add_letters (&self);
  g_assert_cmpuint (fill (&self), ==, G_N_ELEMENTS (letters));

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    assert_found (&self, questions[i].query, questions[i].found);
  case_clear (&self);
}

/* Nothing of what anybody types is an error, whatever it is cut from. */
static void
test_nonsense (void)
{
  static const char alphabet[] = "az -\"':*()OR{}^+,from:label:is:starred before:1d\\%_\n;&|<>";
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  Case self;

  case_init (&self);
  add_letters (&self);
  fill (&self);

  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      int n = g_rand_int_range (random, 1, 30);

      while (n-- > 0)
        g_string_append_c (text, alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)]);
      g_autoptr (GArray) hits
        = find_full (&self, text->str, PINION_STORE_SEARCH_BY_RELEVANCE, 5, &error);
      if (error != NULL)
        g_error ("'%s': %s", text->str, error->message);
    }

  g_autofree char *long_text = g_strnfill (100000, 'a');
  assert_found (&self, long_text, "");
  for (guint i = 0; i < 100000; i += 2)
    long_text[i] = ' ';
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = find_full (&self, long_text, PINION_STORE_SEARCH_BY_DATE, 5, &error);
  g_assert_no_error (error);
  case_clear (&self);
}

static void
test_follows_the_store (void)
{
  Case self;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 id = add_letter (&self, session, &letters[0], 1);
  fixture_commit (self.store);
  g_assert_cmpuint (fill (&self), ==, 1);
  g_assert_cmpuint (fill (&self), ==, 0);
  assert_found (&self, "budget", "budget");

  /* Flags and labels are the store's and need no indexing. */
  g_autoptr (GArray) ids = fixture_ids (id);
  session = fixture_begin (self.store);
  pinion_store_command_set_flag (session, ids, PINION_FLAG_FLAGGED, TRUE);
  fixture_commit (self.store);
  assert_found (&self, "is:starred", "budget");
  g_assert_cmpuint (fill (&self), ==, 0);

  session = fixture_begin (self.store);
  pinion_store_command_move (session, ids, 0, fixture_folder (self.store, "Projects"));
  fixture_commit (self.store);
  assert_found (&self, "label:projects budget", "budget");
  assert_found (&self, "label:inbox budget", "");
  g_assert_cmpuint (fill (&self), ==, 0);

  /* A body that arrives does. */
  g_autofree char *path = pinion_store_dup_temp_path (self.store->store);
  g_assert_true (g_file_set_contents (path, "raw", -1, NULL));
  session = fixture_begin (self.store);
  pinion_store_body_arrived (session, id, path, NULL);
  fixture_commit (self.store);
  g_autoptr (GPtrArray) waiting = next (&self);
  g_assert_cmpuint (waiting->len, ==, 1);
  PinionStoreDocument *document = g_ptr_array_index (waiting, 0);
  g_assert_true (g_file_test (document->body_path, G_FILE_TEST_EXISTS));
  g_set_str (&document->body, "something about giraffes");

  /* It changes while it is being read: what was read is indexed, and it stays in the queue. */
  session = fixture_begin (self.store);
  pinion_store_body_forget (session, id);
  g_assert_true (g_file_set_contents (path, "other", -1, NULL));
  pinion_store_body_arrived (session, id, path, NULL);
  fixture_commit (self.store);
  g_assert_no_error (fixture_wait (pinion_store_search_put (self.search, waiting)));
  assert_found (&self, "giraffes", "budget");
  assert_found (&self, "quarterly", "");
  g_assert_cmpuint (fill (&self), ==, 1);
  assert_found (&self, "giraffes", "");
  assert_found (&self, "quarterly", "budget");

  /* And so does one that goes. */
  session = fixture_begin (self.store);
  pinion_store_vanished (session, fixture_folder (self.store, "INBOX"), (guint32[]) { 1 }, 1);
  fixture_commit (self.store);
  session = fixture_begin (self.store);
  pinion_store_messages_collect (session, self.store->account, G_MAXINT64);
  fixture_commit (self.store);
  fill (&self);
  assert_found (&self, "budget", "");
  case_clear (&self);
}

static void
test_account_removed (void)
{
  Case self;

  case_init (&self);
  add_letters (&self);
  fill (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  pinion_store_account_remove (session, self.store->account);
  fixture_commit (self.store);
  assert_found (&self, "zebra", "");
  g_assert_cmpuint (fill (&self), ==, G_N_ELEMENTS (letters));
  case_clear (&self);
}

static char *
index_path (Case *self)
{
  return g_build_filename (self->store->dir, "search.db", NULL);
}

static void
reopen (Case *self)
{
  g_clear_object (&self->search);
  fixture_reopen (self->store);
  self->search = pinion_store_search_new (self->store->store);
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
  add_letters (&self);
  fill (&self);
  g_autofree char *path = index_path (&self);

  /* Gone while it was open. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) none = find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (none);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpuint (fill (&self), ==, G_N_ELEMENTS (letters));
  assert_found (&self, "zebra", "trash junk starred");

  /* Not a database at all. */
  reopen (&self);
  spoil (path, 0, "not a database ");
  fill (&self);
  assert_found (&self, "zebra", "trash junk starred");

  /* Of another version, or another store. */
  run_sql (path, "PRAGMA user_version = 77");
  reopen (&self);
  fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  run_sql (path, "UPDATE state SET identity = 'somebody else''s'");
  fill (&self);
  assert_found (&self, "zebra", "trash junk starred");

  /* Without one of its tables. */
  run_sql (path, "DROP TABLE doc");
  g_clear_error (&error);
  g_autoptr (GArray) still = find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (still);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  g_assert_cmpuint (fill (&self), ==, G_N_ELEMENTS (letters));
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
  add_letters (&self);
  fill (&self);
  reopen (&self);
  g_autofree char *path = index_path (&self);
  run_sql (path, "PRAGMA wal_checkpoint (TRUNCATE)");
  spoil (path, 8192, "damage ");

  g_autoptr (GArray) hits = find_full (&self, "zebra", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_null (hits);
  g_assert_true (pinion_error_is (error, PINION_ERROR_STORE_BROKEN));
  fill (&self);
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

/* The store was moved aside and begun anew: ids mean other messages now. */
static void
test_store_rebuilt (void)
{
  Case self;

  case_init (&self);
  add_letters (&self);
  fill (&self);
  g_clear_object (&self.search);
  fixture_close (self.store);
  g_autofree char *path = g_build_filename (self.store->dir, "pinion.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_unlink (log);
  spoil (path, 0, "not a database ");
  g_test_expect_message ("pinion-store", G_LOG_LEVEL_WARNING, "*is broken*");
  reopen (&self);
  g_test_assert_expected_messages ();

  fill (&self);
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
  add_letters (&self);
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
  fill (&self);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i += 7)
    assert_found (&self, questions[i].query, questions[i].found);
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
      g_autoptr (GPtrArray) documents = next (&self);

      for (guint i = 0; i < documents->len; i++)
        complete (g_ptr_array_index (documents, i));
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

/* Only one fills at a time. */
static void
test_one_writer (void)
{
  Case self;

  case_init (&self);
  add_letters (&self);
  g_autoptr (GPtrArray) documents = next (&self);
  PinionStoreSearch *other = pinion_store_search_new (self.store->store);
  g_autoptr (GError) error = fixture_wait (pinion_store_search_next (other, 10, TRUE));
  g_assert_true (pinion_error_is (error, PINION_ERROR_BUSY));

  /* Until it is done. */
  fill (&self);
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
  fill (&self);
  add_letters (&self);
  DexFuture *future = wait_for (pinion_store_search_next (self.search, 100, FALSE));
  GPtrArray *documents = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpuint (documents->len, ==, 0);
  dex_unref (future);
  g_assert_cmpuint (fill (&self), ==, G_N_ELEMENTS (letters));
  case_clear (&self);
}

static void
test_conversations (void)
{
  Case self;
  g_autoptr (GError) error = NULL;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 inbox = fixture_folder (self.store, "INBOX");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("plan-%u", i);
      g_autofree char *parent = i % 3 == 0 ? NULL : g_strdup_printf ("plan-%u", i - i % 3);
      /* Many have the very same date, as after a move from another server. */
      fixture_add (session, inbox, i + 1, 0, id, parent, NOW - (i < 100 ? 0 : i * 1000));
    }
  fixture_commit (self.store);
  fill (&self);

  g_autoptr (GArray) all = find_full (&self, "plan", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 100);
  g_autoptr (GArray) some = find_full (&self, "plan", PINION_STORE_SEARCH_BY_DATE, 40, &error);
  g_assert_cmpuint (some->len, ==, 40);
  g_assert_cmpint (g_array_index (some, PinionStoreHit, 39).date, ==,
                   g_array_index (all, PinionStoreHit, 39).date);
  g_autoptr (GArray) one = find_full (&self, "\"plan-299\"", PINION_STORE_SEARCH_BY_DATE, 0,
                                      &error);
  g_assert_cmpuint (one->len, ==, 1);
  case_clear (&self);
}

static void
test_relevance (void)
{
  static const Letter pair[] = {
    { "body", "INBOX", "Ana", "ana@example.org", "Lunch", "the merger is off", NULL, 0, 1, 2000 },
    { "subject", "INBOX", "Ana", "ana@example.org", "Merger agreement", "merger merger merger",
      NULL, 0, 30, 2000 },
  };
  Case self;
  g_autoptr (GError) error = NULL;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 newest = add_letter (&self, session, &pair[0], 1);
  gint64 best = add_letter (&self, session, &pair[1], 2);
  fixture_commit (self.store);
  g_autoptr (GPtrArray) documents = next (&self);
  for (guint i = 0; i < documents->len; i++)
    {
      PinionStoreDocument *document = g_ptr_array_index (documents, i);
      g_set_str (&document->body, pair[document->message == newest ? 0 : 1].body);
    }
  g_assert_no_error (fixture_wait (pinion_store_search_put (self.search, documents)));

  g_autoptr (GArray) dated = find_full (&self, "merger", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_cmpint (g_array_index (dated, PinionStoreHit, 0).message_id, ==, newest);
  g_autoptr (GArray) weighed
    = find_full (&self, "merger", PINION_STORE_SEARCH_BY_RELEVANCE, 0, &error);
  g_assert_cmpint (g_array_index (weighed, PinionStoreHit, 0).message_id, ==, best);
  g_assert_no_error (error);
  case_clear (&self);
}

static void
test_cancelled (void)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse ("zebra", NOW);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Case self;

  case_init (&self);
  add_letters (&self);
  fill (&self);
  g_cancellable_cancel (cancellable);
  g_autoptr (GError) error = fixture_wait (
    pinion_store_search_find (self.search, query, PINION_STORE_SEARCH_BY_DATE, 0, cancellable));
  g_assert_true (pinion_error_is (error, PINION_ERROR_CANCELLED));
  assert_found (&self, "zebra", "trash junk starred");
  case_clear (&self);
}

static void
test_people (void)
{
  static const struct
  {
    const char *text;
    const char *address;
  } people[] = {
    { "ana", "ana@lakeside.example" }, { "LIM", "ana@lakeside.example" },
    { "jorg", "joerg@weiss.example" }, { "weiss", "joerg@weiss.example" },
    { "ana li", "ana@lakeside.example" }, { "田中", "tanaka@example.jp" },
    { "eleni@", "eleni@example.org" },
  };
  Case self;

  case_init (&self);
  add_letters (&self);
  fill (&self);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      DexFuture *future = wait_for (pinion_store_search_people (self.search, people[i].text, 5));
      GPtrArray *found = g_value_get_boxed (dex_future_get_value (future, NULL));

      g_assert_cmpuint (found->len, >=, 1);
      g_assert_cmpstr (((PinionStorePerson *) g_ptr_array_index (found, 0))->address, ==,
                       people[i].address);
      dex_unref (future);
    }

  DexFuture *future = wait_for (pinion_store_search_people (self.search, "%_%", 50));
  GPtrArray *all = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpuint (all->len, ==, 17);
  dex_unref (future);
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
  g_test_add_func ("/store/search/questions", test_questions);
  g_test_add_func ("/store/search/nonsense", test_nonsense);
  g_test_add_func ("/store/search/follows-the-store", test_follows_the_store);
  g_test_add_func ("/store/search/account-removed", test_account_removed);
  g_test_add_func ("/store/search/broken", test_broken);
  g_test_add_func ("/store/search/broken-inside", test_broken_inside);
  g_test_add_func ("/store/search/store-rebuilt", test_store_rebuilt);
  g_test_add_func ("/store/search/killed", test_killed);
  g_test_add_func ("/store/search/one-writer", test_one_writer);
  g_test_add_func ("/store/search/patience", test_patience);
  g_test_add_func ("/store/search/conversations", test_conversations);
  g_test_add_func ("/store/search/relevance", test_relevance);
  g_test_add_func ("/store/search/cancelled", test_cancelled);
  g_test_add_func ("/store/search/people", test_people);

  return g_test_run ();
}
