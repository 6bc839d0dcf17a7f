/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the index is made, how large it is, and how fast it answers.  The messages are made up:
 * five years of mail in a vocabulary that is spread as words in real text are (Zipf), a twentieth
 * of it Chinese.  Prints a table; fails where a bar is missed: by the clock, or on a machine that
 * is busy with other things by the work done. --messages=N (100000), --words=N of each body (150),
 * --dir=DIR. */

#include <glib/gstdio.h>
#include <math.h>
#include <time.h>

#include "pinion-store-search.h"
#include "store-fixture.h"

#define BATCH 400
#define VOCABULARY 30000
#define NOW ((gint64) 1700000000)
#define YEARS (5 * 365 * (gint64) 86400)
#define PEOPLE 2000
#define QUERIES 200
#define KINDS 25

/* The bars, in milliseconds, at half a million messages. */
#define MEDIAN_BAR 50
#define WORST_BAR 200

static int n_messages = 100000;
static int n_words = 150;
static char *kept_dir;

static GOptionEntry entries[] = {
  { "messages", 'n', 0, G_OPTION_ARG_INT, &n_messages, "How many messages", "N" },
  { "dir", 'd', 0, G_OPTION_ARG_FILENAME, &kept_dir, "Keep it there, and use it again", "DIR" },
  { "words", 'w', 0, G_OPTION_ARG_INT, &n_words, "How many words each", "N" },
  { NULL },
};

typedef struct
{
  Fixture *store;
  PinionStoreSearch *search;
  GRand *random;
  GPtrArray *vocabulary;
  double *weights;
  guint64 bytes;
} Bench;

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

/* -- Text -------------------------------------------------------------------------------------- */

static char *
make_word (GRand *random)
{
  static const char *const syllables[] = { "ba", "re", "mo", "ti", "lun", "ka", "der", "su", "ing",
                                           "pro", "con", "ve", "sta", "ne", "far", "qui" };
  GString *word = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, 5);

  while (n-- > 0)
    g_string_append (word, syllables[g_rand_int_range (random, 0, G_N_ELEMENTS (syllables))]);

  return g_string_free (word, FALSE);
}

static void
make_vocabulary (Bench *self)
{
  double sum = 0;

  self->vocabulary = g_ptr_array_new_with_free_func (g_free);
  self->weights = g_new0 (double, VOCABULARY);
  for (guint i = 0; i < VOCABULARY; i++)
    {
      char *word = make_word (self->random);

      if (i > 500)
        {
          char *longer = g_strdup_printf ("%s%s", word, (char[]) { (char) ('a' + i % 26), '\0' });
          g_free (word);
          word = longer;
        }
      g_ptr_array_add (self->vocabulary, word);
      sum += 1.0 / (i + 3);
      self->weights[i] = sum;
    }
  for (guint i = 0; i < VOCABULARY; i++)
    self->weights[i] /= sum;
}

static const char *
pick_word (Bench *self)
{
  double at = g_rand_double (self->random);
  guint low = 0;
  guint high = VOCABULARY - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (self->weights[middle] < at)
        low = middle + 1;
      else
        high = middle;
    }

  return g_ptr_array_index (self->vocabulary, low);
}

static char *
make_text (Bench *self,
           int    words,
           int    message)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < words; i++)
    {
      if (message % 20 == 7)
        g_string_append_unichar (text, 0x4e00 + (gunichar) (pow (g_rand_double (self->random), 3)
                                                            * 3000));
      else
        g_string_append_printf (text, "%s%s", pick_word (self), i % 11 == 10 ? ".\n" : " ");
    }
  self->bytes += text->len;

  return g_string_free (text, FALSE);
}

/* -- Taking in --------------------------------------------------------------------------------- */

static gint64
date_of (int message)
{
  return NOW - (gint64) ((double) message / n_messages * YEARS);
}

static void
add_batch (Bench              *self,
           PinionStoreSession *session,
           int                 first)
{
  static const char *const folders[] = { "INBOX", "INBOX", "INBOX", "Archive", "Projects", "Family",
                                         "Trash" };

  for (int i = first; i < MIN (first + BATCH, n_messages); i++)
    {
      int person = g_rand_int_range (self->random, 0, PEOPLE);
      g_autofree char *id = g_strdup_printf ("%d@mail.example.com", i);
      g_autofree char *parent = i % 3 != 0 ? g_strdup_printf ("%d@mail.example.com", i - i % 3)
                                           : NULL;
      g_autofree char *subject = make_text (self, 6, i);
      g_autofree char *name = g_strdup_printf (
        "%s %s", (char *) g_ptr_array_index (self->vocabulary, (guint) person + 600),
        (char *) g_ptr_array_index (self->vocabulary, (guint) person + 5000));
      g_autofree char *address = g_strdup_printf ("person%d@host%d.example", person, person % 50);
      const char *references[] = { parent, NULL };
      PinionStoreIncoming incoming = {
        .uid = (guint32) i + 1,
        .flags = (i < n_messages / 50 && i % 3 == 0 ? 0 : PINION_FLAG_SEEN)
                 | (i % 500 == 3 ? PINION_FLAG_FLAGGED : 0),
        .received = date_of (i),
        .size = (guint64) (i % 100 == 9 ? 3000000 : 8000),
        .header = {
          .message_id = id,
          .references = references,
          .date = date_of (i),
          .from_name = name,
          .from_address = address,
          .to = "Me",
          .subject = subject,
          .has_attachments = i % 8 == 1,
        },
      };

      pinion_store_messages_add (session,
                                 fixture_folder (self->store, folders[i / 3 % 7]), &incoming, 1);
    }
}

static void
add_messages (Bench *self)
{
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < n_messages; i += BATCH)
    {
      PinionStoreSession *session = fixture_begin (self->store);
      add_batch (self, session, i);
      fixture_commit (self->store);
    }
  g_print ("%-44s %10.0f /s\n", "headers into the store", n_messages / seconds_since (start));
}

static GPtrArray *
next (Bench *self)
{
  DexFuture *future = pinion_store_search_next (self->search, BATCH, TRUE);

  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_usleep (20);
  GPtrArray *documents = g_value_dup_boxed (dex_future_get_value (future, NULL));
  dex_unref (future);

  return documents;
}

static void
add_bodies (Bench     *self,
            GPtrArray *documents)
{
  for (guint i = 0; i < documents->len; i++)
    {
      PinionStoreDocument *document = g_ptr_array_index (documents, i);

      document->body = make_text (self, n_words, (int) document->message);
      if (document->message % 8 == 1)
        document->files = g_strdup_printf ("%s.pdf", pick_word (self));
    }
}

static gint64
size_of (Bench      *self,
         const char *name)
{
  g_autofree char *path = g_build_filename (self->store->dir, name, NULL);
  GStatBuf info = { 0 };

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

static void
fill (Bench *self)
{
  double elapsed = 0;
  double processor = 0;
  double worst = 0;
  guint n = 0;

  for (;;)
    {
      gint64 start = g_get_monotonic_time ();
      double used = processor_seconds ();
      g_autoptr (GPtrArray) documents = next (self);

      elapsed += seconds_since (start);
      processor += processor_seconds () - used;
      if (documents->len == 0)
        break;

      add_bodies (self, documents);
      start = g_get_monotonic_time ();
      used = processor_seconds ();
      g_assert_no_error (fixture_wait (pinion_store_search_put (self->search, documents)));
      elapsed += seconds_since (start);
      worst = MAX (worst, seconds_since (start));
      processor += processor_seconds () - used;
      n += documents->len;
    }

  double text = (double) self->bytes;
  gint64 size = size_of (self, "search.db");
  g_print ("%-44s %10.0f /s, %.1f MB/s of text (worst batch %.0f ms)\n", "messages indexed",
           n / elapsed, text / elapsed / 1e6, worst * 1000);
  g_print ("%-44s %10.0f /s\n", "the same, of processor time", n / processor);
  g_print ("%-44s %10.1f MB, %.2f of the text, %.0f bytes a message\n", "index",
           (double) size / 1e6, (double) size / text, (double) size / n);
  g_assert_cmpuint (n, ==, n_messages);
  g_assert_cmpfloat (n / processor, >, 800);
}

/* -- Asking ------------------------------------------------------------------------------------ */

static const char *
word_of_rank (Bench *self,
              guint  from,
              guint  to)
{
  return g_ptr_array_index (self->vocabulary,
                            (guint) g_rand_int_range (self->random, (gint32) from, (gint32) to));
}

/* What people type: beginnings while they type, words common and rare, phrases. */
static char *
make_words (Bench *self,
            guint  kind)
{
  const char *common = word_of_rank (self, 0, 40);
  const char *middle = word_of_rank (self, 100, 2000);
  const char *rare = word_of_rank (self, 10000, VOCABULARY);

  switch (kind)
    {
    case 0:
      return g_strndup (middle, 1);
    case 1:
      return g_strndup (middle, 2);
    case 2:
      return g_strndup (middle, 3);
    case 3:
      return g_strdup_printf ("%s ", common);
    case 4:
      return g_strdup (middle);
    case 5:
      return g_strdup (rare);
    case 6:
      return g_strdup_printf ("%s %s", common, middle);
    case 7:
      return g_strdup_printf ("%s %s %s", middle, rare, common);
    case 8:
      return g_strdup_printf ("\"%s %s\"", common, word_of_rank (self, 0, 40));
    case 9:
      return g_strdup_printf ("%s -%s", common, middle);
    case 10:
      return g_strdup_printf ("%s OR %s", rare, middle);
    default:
      return g_strdup ("的一");
    }
}

/* People and filters, alone and with words. */
static char *
make_filters (Bench *self,
              guint  kind)
{
  const char *common = word_of_rank (self, 0, 40);
  const char *middle = word_of_rank (self, 100, 2000);

  switch (kind)
    {
    case 0:
      return g_strdup_printf ("from:person%d", g_rand_int_range (self->random, 0, PEOPLE));
    case 1:
      return g_strdup_printf ("is:unread %s", common);
    case 2:
      return g_strdup ("is:starred");
    case 3:
      return g_strdup_printf ("label:projects %s", middle);
    case 4:
      return g_strdup_printf ("has:attachment %s before:2021-03", common);
    case 5:
      return g_strdup_printf ("larger:2M %s", common);
    case 6:
      return g_strdup_printf ("subject:%s", middle);
    case 7:
      return g_strdup_printf ("is:starred %s after:2022", middle);
    case 8:
      return g_strdup ("label:family");
    case 9:
      return g_strdup ("has:attachment larger:2M");
    case 10:
      return g_strdup_printf ("from:%.2s %s", middle, common);
    case 11:
      return g_strdup ("before:2020 -is:read");
    default:
      return g_strdup_printf ("filename:%s", middle);
    }
}

static char *
make_query (Bench *self,
            guint  kind)
{
  return kind < 12 ? make_words (self, kind) : make_filters (self, kind - 12);
}

/* Milliseconds of the clock, and of all threads' work. */
typedef struct
{
  double clock;
  double work;
} Duration;

static Duration
ask (Bench      *self,
     const char *text,
     guint      *n)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);
  gint64 start = g_get_monotonic_time ();
  double used = processor_seconds ();
  DexFuture *future
    = pinion_store_search_find (self->search, query, PINION_STORE_SEARCH_BY_DATE, 50, NULL);

  while (dex_future_get_status (future) == DEX_FUTURE_STATUS_PENDING)
    g_usleep (100);
  Duration duration = { seconds_since (start) * 1000, (processor_seconds () - used) * 1000 };
  GArray *hits = g_value_get_boxed (dex_future_get_value (future, NULL));
  *n = hits->len;
  dex_unref (future);

  return duration;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Whether others wait for the processors, too. */
static gboolean
is_busy (void)
{
  double load = 0;

  return getloadavg (&load, 1) == 1 && load > g_get_num_processors ();
}

static void
print_times (const char *name,
             double     *times)
{
  qsort (times, QUERIES, sizeof *times, compare_doubles);
  g_print ("%-44s median %.2f ms, p95 %.1f, p99 %.1f, worst %.1f\n", name, times[QUERIES / 2],
           times[QUERIES * 95 / 100], times[QUERIES * 99 / 100], times[QUERIES - 1]);
}

static void
ask_all (Bench      *self,
         const char *name,
         guint32     seed,
         double      bar)
{
  double clocks[QUERIES], works[QUERIES];
  double kinds[KINDS] = { 0 };

  g_rand_set_seed (self->random, seed);
  for (guint i = 0; i < QUERIES; i++)
    {
      g_autofree char *query = make_query (self, i % KINDS);
      guint n;
      Duration duration = ask (self, query, &n);

      clocks[i] = duration.clock;
      works[i] = duration.work;
      kinds[i % KINDS] = MAX (kinds[i % KINDS], works[i]);
      if (works[i] > 40)
        g_print ("  slow: %s (%u found): %.0f ms, of work %.0f\n", query, n, clocks[i], works[i]);
    }

  print_times (name, clocks);
  print_times ("  of work", works);
  g_print ("  most work by kind:");
  for (guint i = 0; i < KINDS; i++)
    g_print (" %.1f", kinds[i]);
  g_print ("\n");

  double *counted = is_busy () ? works : clocks;
  g_assert_cmpfloat (counted[QUERIES / 2], <, MEDIAN_BAR);
  g_assert_cmpfloat (counted[QUERIES * 99 / 100], <, bar);
}

static void
prepare (Bench *self)
{
  if (kept_dir != NULL && g_file_test (kept_dir, G_FILE_TEST_IS_DIR))
    {
      fixture_close (self->store);
      g_set_str (&self->store->dir, kept_dir);
      g_assert_no_error (fixture_try_open (self->store));
    }
  self->search = pinion_store_search_new (self->store->store);
  if (size_of (self, "search.db") > 0)
    return;

  add_messages (self);
  fill (self);
}

static void
keep (Bench *self)
{
  fixture_close (self->store);
  if (!g_file_test (kept_dir, G_FILE_TEST_IS_DIR))
    g_assert_cmpint (g_rename (self->store->dir, kept_dir), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_parse (context, &argc, &argv, NULL);
  dex_init ();

  Bench self = { .store = fixture_new (), .random = g_rand_new_with_seed (50) };
  make_vocabulary (&self);
  g_print ("%d messages of %d words\n", n_messages, n_words);
  prepare (&self);
  ask_all (&self, "200 questions, newly opened", 51, 2 * WORST_BAR);
  ask_all (&self, "200 questions, again", 52, WORST_BAR);
  g_clear_object (&self.search);
  if (kept_dir == NULL)
    fixture_free (self.store);
  else
    keep (&self);
  g_ptr_array_unref (self.vocabulary);
  g_free (self.weights);
  g_rand_free (self.random);

  return 0;
}
