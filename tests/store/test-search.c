/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is found by what. */

#include "pinion-store-server-hits.h"
#include "search-fixture.h"

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
  { "quarterly c", "budget" },
  { "quarterly ca", "budget" },
  { "quarterly cx", "" },
  { "quarterly st", "budget" },
  { "zebra s", "junk starred" },
  { "ζ", "" },
  { "κο", "greek" },
  { "καλημερα κ", "greek" },
  { "нужно х", "" },
  { "елка х", "russian" },
  { "-zebra quarterly c", "budget" },
  { "zebra -t", "junk starred" },
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
  { "견적서", "korean" },
  { "견적", "korean" },
  { "filename:견적서.pdf", "korean" },
  { "filename:견적서", "korean" },
  { "filename:서.pdf", "korean" },
  { "filename:견적.pdf", "" },
  { "subject:\"대학교에서 회의\"", "korean" },
  { "subject:\"에서 회의\"", "korean" },
  { "\"대학교 회의\"", "" },
  { "\"내일 학교에서 만나요\"", "korean" },
  { "\"내일 학교에서 만나\"", "korean" },
  { "\"학교에서 내일\"", "" },
  { "김민수", "korean" },
  { "from:\"김민수\"", "korean" },
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
  { "filename:pdf", "budget korean" },
  { "filename:contract-final_v2.odt", "starred" },
  { "filename:会议", "chinese" },
  { "filename:会议记录.docx", "chinese" },
  { "filename:记录.docx", "chinese" },
  { "\"会议记录.docx\"", "chinese" },
  { "report", "budget" },
  { "v2", "starred" },
  { "label:projects", "german" },
  { "label:Projects grusse", "german" },
  { "in:trash", "trash" },
  { "label:spam", "junk" },
  { "label:nosuch", "" },
  { "-label:inbox zebra", "trash junk starred" },
  { "label:\"proj\"", "" },
  { "label:\"PROJECTS\"", "german" },
  { "label:\"inbox\" zebra", "" },
  { "has:attachment", "budget chinese korean starred" },
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
  { "-after:2022", "starred" },
  { "-before:2023-11-03", "budget mail" },
  { "-smaller:2M", "budget" },
  { "-larger:2500 zebra", "trash junk" },
  { "-has:attachment zebra", "trash junk" },

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
  { "\"quarterly \"\"report\"\" is\"", "budget" },
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

/* -- Tests ------------------------------------------------------------------------------------- */

static void
test_questions (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  g_assert_cmpuint (case_fill (&self), ==, G_N_ELEMENTS (letters));

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
  case_add_letters (&self);
  case_fill (&self);

  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      int n = g_rand_int_range (random, 1, 30);

      while (n-- > 0)
        g_string_append_c (text, alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)]);
      g_autoptr (GArray) hits
        = case_find_full (&self, text->str, PINION_STORE_SEARCH_BY_RELEVANCE, 5, &error);
      if (error != NULL)
        g_error ("'%s': %s", text->str, error->message);
    }

  g_autofree char *long_text = g_strnfill (100000, 'a');
  assert_found (&self, long_text, "");
  for (guint i = 0; i < 100000; i += 2)
    long_text[i] = ' ';
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits
    = case_find_full (&self, long_text, PINION_STORE_SEARCH_BY_DATE, 5, &error);
  g_assert_no_error (error);
  case_clear (&self);
}

/* Of what is found, newest first.  Returns: (transfer full) */
static char *
dup_subjects (Case       *self,
              const char *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = case_find_full (self, query, PINION_STORE_SEARCH_BY_DATE, 0, &error);
  GString *subjects = g_string_new (NULL);

  g_assert_no_error (error);
  PinionStoreSession *session = fixture_read (self->store);
  for (guint i = 0; i < hits->len; i++)
    {
      g_autoptr (PinionStoreMessage) message = pinion_store_message_get (
        session, g_array_index (hits, PinionStoreHit, i).message_id);
      g_string_append_printf (subjects, "%s%s", i > 0 ? ", " : "", message->subject);
    }
  fixture_commit (self->store);

  return g_string_free (subjects, FALSE);
}

/* Names that are no words, or have quotes, levels and cousins. */
static void
test_labels (void)
{
  static const char *const paths[] = { "INBOX", "Work", "Workshop", "Work/2024", "Old/Work",
                                       "Say \"hi\" now", "C++", "C#", "***", "„Neu“", "프로젝트",
                                       "프로젝트 둘", "Räume\\B", "Postausgang", "Old/Games",
                                       "Old/Games/Ball/Red", NULL };
  static const struct
  {
    const char *query;
    const char *found;
  } cases[] = {
    { "label:\"Say \"\"hi\"\" now\"", "Say \"hi\" now" },
    { "label:\"say hi now\"", "Say \"hi\" now" },
    { "label:say", "Say \"hi\" now" },
    { "label:work", "Work, Workshop, Work/2024, Old/Work" },
    { "label:\"work\"", "Work, Work/2024" },
    { "label:\"Work/2024\"", "Work/2024" },
    { "label:\"2024\"", "Work/2024" },
    { "label:old/work", "Old/Work" },
    { "label:\"old\"", "Old/Work, Old/Games, Old/Games/Ball/Red" },
    { "label:game", "Old/Games, Old/Games/Ball/Red" },
    { "label:\"Games\"", "Old/Games, Old/Games/Ball/Red" },
    { "label:ball", "Old/Games/Ball/Red" },
    { "label:C++", "C++, C#" },
    { "label:\"c++\"", "C++" },
    { "label:\"C#\"", "C#" },
    { "label:\"C\"", "C++, C#" },
    { "label:***", "***" },
    { "label:\"***\"", "***" },
    { "label:\"„neu“\"", "„Neu“" },
    { "label:neu", "„Neu“" },
    { "label:프로", "프로젝트, 프로젝트 둘" },
    { "label:\"프로젝트\"", "프로젝트" },
    { "label:\"프로젝트 둘\"", "프로젝트 둘" },
    { "label:raume\\b", "Räume\\B" },
    { "label:\"räume\\B\"", "Räume\\B" },
    { "-label:\"inbox\" label:p", "Postausgang" },
    { "label:\"\"", "" },
    { "label:\"\"\"\"", "" },
  };
  Case self;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  fixture_list (session, self.store->account, paths);
  fixture_commit (self.store);
  fixture_find_folders (self.store);
  session = fixture_begin (self.store);
  for (guint i = 0; paths[i] != NULL; i++)
    fixture_add (session, fixture_folder (self.store, paths[i]), 1, 0, paths[i], NULL, NOW - i);
  fixture_commit (self.store);
  case_fill (&self);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = dup_subjects (&self, cases[i].query);
      if (g_strcmp0 (found, cases[i].found) != 0)
        g_error ("'%s' finds '%s', not '%s'", cases[i].query, found, cases[i].found);
    }
  case_clear (&self);
}

static void
test_follows_the_store (void)
{
  Case self;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 id = case_add_letter (&self, session, &letters[0], 1);
  fixture_commit (self.store);
  g_assert_cmpuint (case_fill (&self), ==, 1);
  g_assert_cmpuint (case_fill (&self), ==, 0);
  assert_found (&self, "budget", "budget");

  /* Flags and labels are the store's and need no indexing. */
  g_autoptr (GArray) ids = fixture_ids (id);
  session = fixture_begin (self.store);
  pinion_store_command_set_flag (session, ids, PINION_FLAG_FLAGGED, TRUE);
  fixture_commit (self.store);
  assert_found (&self, "is:starred", "budget");
  g_assert_cmpuint (case_fill (&self), ==, 0);

  session = fixture_begin (self.store);
  pinion_store_command_move (session, ids, 0, fixture_folder (self.store, "Projects"));
  fixture_commit (self.store);
  assert_found (&self, "label:projects budget", "budget");
  assert_found (&self, "label:inbox budget", "");
  g_assert_cmpuint (case_fill (&self), ==, 0);

  /* A body that arrives does. */
  g_autofree char *path = pinion_store_dup_temp_path (self.store->store);
  g_assert_true (g_file_set_contents (path, "raw", -1, NULL));
  session = fixture_begin (self.store);
  pinion_store_body_arrived (session, id, path, NULL);
  fixture_commit (self.store);
  g_autoptr (GPtrArray) waiting = case_next (&self);
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
  g_assert_cmpuint (case_fill (&self), ==, 1);
  assert_found (&self, "giraffes", "");
  assert_found (&self, "quarterly", "budget");

  /* And so does one that goes. */
  session = fixture_begin (self.store);
  pinion_store_vanished (session, fixture_folder (self.store, "INBOX"), (guint32[]) { 1 }, 1);
  fixture_commit (self.store);
  session = fixture_begin (self.store);
  pinion_store_messages_collect (session, self.store->account, G_MAXINT64);
  fixture_commit (self.store);
  case_fill (&self);
  assert_found (&self, "budget", "");
  case_clear (&self);
}

static void
test_account_removed (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  pinion_store_account_remove (session, self.store->account);
  fixture_commit (self.store);
  assert_found (&self, "zebra", "");
  g_assert_cmpuint (case_fill (&self), ==, G_N_ELEMENTS (letters));
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
  case_fill (&self);

  g_autoptr (GArray) all = case_find_full (&self, "plan", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 100);
  g_autoptr (GArray) some = case_find_full (&self, "plan", PINION_STORE_SEARCH_BY_DATE, 40, &error);
  g_assert_cmpuint (some->len, ==, 40);
  g_assert_cmpint (g_array_index (some, PinionStoreHit, 39).date, ==,
                   g_array_index (all, PinionStoreHit, 39).date);
  g_autoptr (GArray) one = case_find_full (&self, "\"plan-299\"", PINION_STORE_SEARCH_BY_DATE, 0,
                                      &error);
  g_assert_cmpuint (one->len, ==, 1);
  case_clear (&self);
}

/* "a b c: Inbox Trash": the messages and folders of the row of what was found.  Returns: (transfer
 * full) (nullable) */
static char *
dup_row (Case   *self,
         gint64  thread,
         gint64  message)
{
  PinionStoreHit hit = { .thread_id = thread, .message_id = message, .date = NOW };
  PinionStoreSession *session = fixture_read (self->store);
  g_autoptr (GPtrArray) rows = pinion_store_conversations_get_hits (session, &hit, 1);
  PinionStoreConversation *row = g_ptr_array_index (rows, 0);
  GString *text = row != NULL ? g_string_new (NULL) : NULL;

  g_assert_cmpuint (rows->len, ==, 1);
  for (guint i = 0; row != NULL && i < row->messages->len; i++)
    {
      g_autoptr (PinionStoreMessage) one
        = pinion_store_message_get (session, g_array_index (row->messages, gint64, i));
      g_string_append_printf (text, "%s ", one->message_id_header);
    }
  for (guint i = 0; row != NULL && i < row->folders->len; i++)
    {
      g_autoptr (PinionStoreFolder) folder
        = pinion_store_folder_get (session, g_array_index (row->folders, gint64, i));
      g_string_append_printf (text, "/ %s", folder->path);
    }
  fixture_commit (self->store);

  return text != NULL ? g_string_free (text, FALSE) : NULL;
}

#define assert_row(self, thread, message, expected)                             \
  G_STMT_START                                                                  \
  {                                                                             \
    g_autofree char *row_ = dup_row (self, thread, message);                     \
    g_assert_cmpstr (row_, ==, expected);                                        \
  }                                                                             \
  G_STMT_END

/* The row is that of All Mail, and where what was found lies in Trash or Junk, what lies there
 * too. */
static void
test_hits (void)
{
  Case self;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  gint64 inbox = fixture_folder (self.store, "INBOX");
  gint64 trash = fixture_folder (self.store, "Trash");
  gint64 junk = fixture_folder (self.store, "Junk");
  gint64 one = fixture_add (session, inbox, 1, 0, "one", NULL, NOW - 5);
  gint64 two = fixture_add (session, inbox, 2, 0, "two", "one", NOW - 4);
  gint64 old = fixture_add (session, trash, 1, 0, "old", "one", NOW - 3);
  gint64 bin = fixture_add (session, trash, 2, 0, "bin", "one", NOW - 2);
  gint64 spam = fixture_add (session, junk, 1, 0, "spam", "one", NOW - 1);
  gint64 gone = fixture_add (session, trash, 3, 0, "gone", NULL, NOW);
  g_autoptr (PinionStoreMessage) first = pinion_store_message_get (session, one);
  g_autoptr (PinionStoreMessage) apart = pinion_store_message_get (session, gone);
  gint64 thread = first->thread_id;
  gint64 other = apart->thread_id;
  fixture_commit (self.store);

  assert_row (&self, thread, one, "one two / INBOX");
  assert_row (&self, thread, two, "one two / INBOX");
  assert_row (&self, thread, bin, "one two old bin / INBOX/ Trash");
  assert_row (&self, thread, old, "one two old bin / INBOX/ Trash");
  assert_row (&self, thread, spam, "one two spam / INBOX/ Junk");
  assert_row (&self, other, gone, "gone / Trash");

  /* What was found has gone since: the row is that of All Mail, or none. */
  assert_row (&self, thread, 0, "one two / INBOX");
  assert_row (&self, other, 0, NULL);
  assert_row (&self, 987654, one, NULL);
  session = fixture_read (self.store);
  g_autoptr (GPtrArray) none = pinion_store_conversations_get_hits (session, NULL, 0);
  g_assert_cmpuint (none->len, ==, 0);
  fixture_commit (self.store);
  case_clear (&self);
}

static gint64
get_oldest (Case   *self,
            gint64  account)
{
  PinionStoreSession *session = fixture_read (self->store);
  gint64 oldest = pinion_store_get_oldest (session, account);

  fixture_commit (self->store);

  return oldest;
}

/* By when it was received, whatever its Date says. */
static void
test_oldest (void)
{
  Case self;

  case_init (&self);
  g_assert_cmpint (get_oldest (&self, 0), ==, 0);
  g_assert_cmpint (get_oldest (&self, self.store->account), ==, 0);

  PinionStoreSession *session = fixture_begin (self.store);
  g_autoptr (PinionAccount) account = pinion_account_new ();
  g_set_str (&account->email, "other@example.com");
  g_set_str (&account->name, "Other");
  gint64 other = pinion_store_account_add (session, account);
  for (guint i = 0; i < N_LETTERS; i++)
    case_add_letter (&self, session, &letters[i], i + 1);
  fixture_commit (self.store);
  g_assert_cmpint (get_oldest (&self, 0), ==, NOW - 800 * DAY);
  g_assert_cmpint (get_oldest (&self, self.store->account), ==, NOW - 800 * DAY);
  g_assert_cmpint (get_oldest (&self, other), ==, 0);

  session = fixture_begin (self.store);
  fixture_list (session, other, (const char *const[]) { "INBOX", NULL });
  g_autoptr (GPtrArray) folders = pinion_store_folders_list (session, other);
  PinionStoreFolder *inbox = g_ptr_array_index (folders, 0);
  fixture_add (session, inbox->id, 1, 0, "older", NULL, NOW - 900 * DAY);
  fixture_commit (self.store);
  g_assert_cmpint (get_oldest (&self, 0), ==, NOW - 900 * DAY);
  g_assert_cmpint (get_oldest (&self, self.store->account), ==, NOW - 800 * DAY);
  g_assert_cmpint (get_oldest (&self, other), ==, NOW - 900 * DAY);
  g_assert_cmpint (get_oldest (&self, 4711), ==, 0);
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
  gint64 newest = case_add_letter (&self, session, &pair[0], 1);
  gint64 best = case_add_letter (&self, session, &pair[1], 2);
  fixture_commit (self.store);
  g_autoptr (GPtrArray) documents = case_next (&self);
  for (guint i = 0; i < documents->len; i++)
    {
      PinionStoreDocument *document = g_ptr_array_index (documents, i);
      g_set_str (&document->body, pair[document->message == newest ? 0 : 1].body);
    }
  g_assert_no_error (fixture_wait (pinion_store_search_put (self.search, documents)));

  g_autoptr (GArray) dated
    = case_find_full (&self, "merger", PINION_STORE_SEARCH_BY_DATE, 0, &error);
  g_assert_cmpint (g_array_index (dated, PinionStoreHit, 0).message_id, ==, newest);
  g_autoptr (GArray) weighed
    = case_find_full (&self, "merger", PINION_STORE_SEARCH_BY_RELEVANCE, 0, &error);
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
  case_add_letters (&self);
  case_fill (&self);
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
  case_add_letters (&self);
  case_fill (&self);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      DexFuture *future = case_wait (pinion_store_search_people (self.search, people[i].text, 5));
      GPtrArray *found = g_value_get_boxed (dex_future_get_value (future, NULL));

      g_assert_cmpuint (found->len, >=, 1);
      g_assert_cmpstr (((PinionStorePerson *) g_ptr_array_index (found, 0))->address, ==,
                       people[i].address);
      dex_unref (future);
    }

  DexFuture *future = case_wait (pinion_store_search_people (self.search, "%_%", 50));
  GPtrArray *all = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpuint (all->len, ==, 17);
  dex_unref (future);
  case_clear (&self);
}

/* What a server found for @text is the message that @known finds. */
static void
note_server_hit (Case       *self,
                 const char *text,
                 const char *known)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  g_autoptr (GArray) hits = case_find_full (self, known, PINION_STORE_SEARCH_BY_DATE, 1, NULL);
  g_autoptr (GArray) messages = fixture_ids (g_array_index (hits, PinionStoreHit, 0).message_id);

  pinion_store_server_hits_add (fixture_begin (self->store), query, messages);
  fixture_commit (self->store);
}

/* A server looks into texts that are not here: what it found is found, once, for this question. */
static void
test_server_hits (void)
{
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  assert_found (&self, "quokka", "");
  note_server_hit (&self, " quokka", "from:joerg");
  assert_found (&self, "quokka", "german");
  assert_found (&self, "quokka ", "german");
  assert_found (&self, "quokk", "");

  /* With what is found here, not twice, in both orders */
  note_server_hit (&self, "from:joerg OR subject:budget", "from:joerg");
  assert_found (&self, "from:joerg OR subject:budget", "budget german");
  for (guint order = 0; order < 2; order++)
    {
      g_autoptr (GArray) hits = case_find_full (
        &self, "from:joerg OR subject:budget", (PinionStoreSearchOrder) order, 0, NULL);
      g_assert_cmpuint (hits->len, ==, 2);
    }

  /* What is known here better than there counts */
  note_server_hit (&self, "quokka after:7d", "from:joerg");
  assert_found (&self, "quokka after:7d", "");
  note_server_hit (&self, "quokka label:projects is:unread", "from:joerg");
  assert_found (&self, "quokka label:projects is:unread", "german");
  note_server_hit (&self, "quokka is:read", "from:joerg");
  assert_found (&self, "quokka is:read", "");

  /* Of so many questions only */
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("question %u", i);

      note_server_hit (&self, text, "from:joerg");
    }
  assert_found (&self, "question 59", "german");
  case_clear (&self);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  dex_init ();

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/search/questions", test_questions);
  g_test_add_func ("/store/search/nonsense", test_nonsense);
  g_test_add_func ("/store/search/labels", test_labels);
  g_test_add_func ("/store/search/follows-the-store", test_follows_the_store);
  g_test_add_func ("/store/search/account-removed", test_account_removed);
  g_test_add_func ("/store/search/conversations", test_conversations);
  g_test_add_func ("/store/search/hits", test_hits);
  g_test_add_func ("/store/search/server-hits", test_server_hits);
  g_test_add_func ("/store/search/oldest", test_oldest);
  g_test_add_func ("/store/search/relevance", test_relevance);
  g_test_add_func ("/store/search/cancelled", test_cancelled);
  g_test_add_func ("/store/search/people", test_people);

  return g_test_run ();
}
