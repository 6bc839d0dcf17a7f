/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "search-fixture.h"

const Letter letters[N_LETTERS] = {
  { "budget", "INBOX", "Ana Lima", "ana@lakeside.example", "Budget for the café",
    "The quarterly report is attached. Straße and façade need work.", "Report 2024.pdf",
    PINION_FLAG_SEEN, 10, 5000000 },
  { "german", "Projects", "Jörg Weiß", "joerg@weiss.example", "Grüße aus der Straße",
    "Der Fußball ist größer als das Maß.", NULL, 0, 20, 2000 },
  { "polish", "INBOX", "Łukasz", "lukasz@example.org", "Zażółć gęślą jaźń", "Łódź", NULL, 0, 30,
    2000 },
  { "turkish", "INBOX", "İpek", "ipek@example.org", "İSTANBUL'da ılık", "Iğdır", NULL, 0, 31,
    2000 },
  { "greek", "INBOX", "Ελένη", "eleni@example.org", "Καλημέρα κόσμε", "ΟΔΥΣΣΕΥΣ", NULL, 0, 32,
    2000 },
  { "russian", "INBOX", "Иван", "ivan@example.org", "Ёлка и хороший день", "МОСКВА", NULL, 0, 33,
    2000 },
  { "chinese", "INBOX", "王小明", "wang@example.cn", "关于东京会议的通知",
    "请各位参加明天的预算讨论。", "会议记录.docx", 0, 40, 2000 },
  { "japanese", "INBOX", "田中", "tanaka@example.jp", "会議のご案内",
    "データベースの移行について、ﾌﾟﾛｼﾞｪｸﾄ会議を開きます。", NULL, 0, 41, 2000 },
  { "korean", "INBOX", "김민수", "kim@example.kr", "대학교에서 회의",
    "내일 학교에서 만나요.", "견적서.pdf", 0, 42, 2000 },
  { "thai", "INBOX", "สมชาย", "somchai@example.th", "การประชุมพรุ่งนี้",
    "กรุณาเตรียมรายงานงบประมาณ", NULL, 0, 43, 2000 },
  { "arabic", "INBOX", "أحمد", "ahmed@example.eg", "مُحَمَّد في المدرسة", "الاجتماع غدًا الساعة ٣",
    NULL, 0, 44, 2000 },
  { "hebrew", "INBOX", "דוד", "david@example.il", "שָׁלוֹם לכולם", "הפגישה מחר", NULL, 0, 45, 2000 },
  { "hindi", "INBOX", "राम", "ram@example.in", "नमस्ते दुनिया", "बैठक कल है", NULL, 0, 46, 2000 },
  { "ligature", "INBOX", "Office", "office@example.org", "The ﬁnal oﬃce ﬂoor",
    "Ｆｕｌｌ　ｗｉｄｔｈ", NULL, 0, 47, 2000 },
  { "trash", "Trash", "Ana Lima", "ana@lakeside.example", "Thrown away", "zebra", NULL,
    PINION_FLAG_SEEN, 50, 2000 },
  { "junk", "Junk", "Spammer", "win@spam.example", "You won a zebra", "money", NULL, 0, 51, 2000 },
  { "starred", "Archive", "Bo Li", "bo@lakeside.example", "Old contract", "signed contract zebra",
    "contract-final_v2.odt", PINION_FLAG_SEEN | PINION_FLAG_FLAGGED, 800, 30000 },
  { "mail", "INBOX", "Me", "me@example.com", "e-mail from me", "see https://example.org/a_b?c=d",
    NULL, PINION_FLAG_SEEN, 5, 2000 },
};

DexFuture *
case_wait (DexFuture *future)
{
  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_usleep (20);

  return future;
}

GPtrArray *
case_next (Case *self)
{
  g_autoptr (GError) error = NULL;
  DexFuture *future = case_wait (pinion_store_search_next (self->search, 1000, TRUE));
  const GValue *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  GPtrArray *documents = g_value_dup_boxed (value);
  dex_unref (future);

  return documents;
}

/* The rest of a letter, as reading its file would tell. */
void
case_complete (PinionStoreDocument *document)
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

guint
case_fill (Case *self)
{
  guint n = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) documents = case_next (self);

      if (documents->len == 0)
        return n;
      for (guint i = 0; i < documents->len; i++)
        case_complete (g_ptr_array_index (documents, i));
      GError *error = fixture_wait (pinion_store_search_put (self->search, documents));
      g_assert_no_error (error);
      n += documents->len;
    }
}

gint64
case_add_letter (Case               *self,
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

void
case_add_letters (Case *self)
{
  PinionStoreSession *session = fixture_begin (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    case_add_letter (self, session, &letters[i], i + 1);
  fixture_commit (self->store);
}

void
case_init (Case *self)
{
  self->store = fixture_new ();
  self->search = pinion_store_search_new (self->store->store);
}

void
case_clear (Case *self)
{
  g_clear_object (&self->search);
  fixture_free (self->store);
}

GArray *
case_find_full (Case                  *self,
           const char            *text,
           PinionStoreSearchOrder order,
           guint                  limit,
           GError               **error)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  DexFuture *future
    = case_wait (pinion_store_search_find (self->search, query, order, limit, NULL));
  const GValue *value = dex_future_get_value (future, error);
  GArray *hits = value != NULL ? g_value_dup_boxed (value) : NULL;

  dex_unref (future);

  return hits;
}

/* "budget german": keys of what was found, in the order of the letters. */
char *
case_find (Case       *self,
      const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = case_find_full (self, text, PINION_STORE_SEARCH_BY_DATE, 0, &error);
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

void
case_reopen (Case *self)
{
  g_clear_object (&self->search);
  fixture_reopen (self->store);
  self->search = pinion_store_search_new (self->store->store);
}
