/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words and questions as they are understood. */

#include "pinion-search-query.h"
#include "pinion-words.h"

#include <string.h>

/* Tuesday, 14 November 2023, 22:13:20 UTC */
#define NOW ((gint64) 1700000000)

static const struct
{
  const char *text;
  const char *words;
} folds[] = {
  { "", "" },
  { "Hello, World", " hello world" },
  { "Straße STRASSE ẞ", " strasse strasse ss" },
  { "ﬁn Œuvre Ærø ĳ", " fin oeuvre aero ij" },
  { "café cafe\xcc\x81 CAFÉ", " cafe cafe cafe" },
  { "İstanbul ılık", " istanbul ilik" },
  { "ＡＢＣ１２", " abc12" },
  { "Ёлка й", " елка й" },
  { "ΣΊΣΥΦΟΣ", " σισυφοσ" },
  { "مُحَمَّدٌ مــحمد", " محمد محمد" },
  { "٣ ۳ 3", " 3 3 3" },
  { "שָׁלוֹם", " שלום" },
  { "a_b-c@d.e", " a b c d e" },
  { "東京都", " 東京 京都 都" },
  { "カタカナ", " かた たか かな な" },
  { "ｶﾞｷﾞ", " がぎ ぎ" },
  { "か\xe3\x82\x99", " が" },
  { "한국어", " 한국 국어 어" },
  { "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", " 한" },
  { "iPhone用", " iphone 用" },
  { "ไทย", " ไท ทย ย" },
  { "नमस्ते", " नमस्ते" },
  { "co\xc2\xadoperate zero\xe2\x80\x8bwidth", " cooperate zerowidth" },
  { "\xff\xfe" "a\xc3", " a" },
  { "👍🏽", " 👍" },
};

static void
test_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    {
      g_autofree char *words = pinion_words_fold (folds[i].text);
      g_assert_cmpstr (words, ==, folds[i].words);
    }

  g_autofree char *long_word = g_strnfill (1000, 'x');
  g_autofree char *words = pinion_words_fold (long_word);
  g_assert_cmpuint (strlen (words), ==, PINION_WORD_MAX + 1);
}

static gboolean
check_word (const char    *word,
            gsize          length,
            PinionWordKind kind,
            gsize          start,
            gsize          end,
            gpointer       user_data)
{
  gsize *last = user_data;

  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (start, <, end);
  g_assert_cmpuint (start, >=, last[0]);
  g_assert_cmpuint (end, <=, last[1]);
  g_assert_true (g_utf8_validate (word, (gssize) length, NULL));
  last[0] = start;

  return TRUE;
}

/* Any bytes are text, and places stay inside. */
static void
test_words_of_anything (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      int n = g_rand_int_range (random, 0, 40);

      while (n-- > 0)
        {
          if (g_rand_boolean (random))
            g_string_append_c (text, (char) g_rand_int_range (random, 0, 256));
          else
            g_string_append_unichar (text, (gunichar) g_rand_int_range (random, 1, 0xd000));
        }
      gsize last[] = { 0, text->len };
      pinion_words_each (text->str, text->len, i % 2 == 0, check_word, last);
    }
}

/* A term as "field:text", marked: - negated, = exact, > last, | alternative. */
static char *
describe (const PinionSearchQuery *query)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < query->terms->len; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (query->terms, i);

      g_string_append_printf (all, "%s%s%s%s%s[%s%s%s]", i > 0 ? " " : "",
                              term->is_alternative ? "|" : "", term->negated ? "-" : "",
                              term->exact ? "=" : "", term->is_last ? ">" : "",
                              pinion_search_field_to_string (term->field),
                              term->field != PINION_SEARCH_WORDS ? ":" : "", term->text);
    }

  return g_string_free (all, FALSE);
}

static const struct
{
  const char *text;
  const char *terms;
} queries[] = {
  { "", "" },
  { "  ", "" },
  { "one two", "[one] >[two]" },
  { "one two ", "[one] [two]" },
  { "\"one two\" three", "=[one two] >[three]" },
  { "\"one two", ">[one two]" },
  { "„one two“ x", "=[one two] >[x]" },
  { "-one -\"two three\"", "-[one] -=[two three]" },
  { "one - two", "[one] [-] >[two]" },
  { "one OR two", "[one] |>[two]" },
  { "one OR", "[one]" },
  { "OR one", "[OR] >[one]" },
  { "one OR OR two", "[one] |[OR] >[two]" },
  { "one or two", "[one] [or] >[two]" },
  { "from:ana Subject:\"a b\"", "[from:ana] =[subject:a b]" },
  { "-from:ana to:bo", "-[from:ana] >[to:bo]" },
  { "in:Work label:\"My Work\"", "[label:Work] =[label:My Work]" },
  { "is:unread has:attachment", "[is:unread] >[has:attachment]" },
  { "is:odd has:nothing", "[is:odd] >[has:nothing]" },
  { "before:2024-02-30", ">[before:2024-02-30]" },
  { "larger:2.5MB smaller:10", "[larger:2.5MB] >[smaller:10]" },
  { "foo:bar http://x", "[foo:bar] >[http://x]" },
  { "from: x", "[from:] >[x]" },
  { "label:\"say \"\"hi\"\" now\" x", "=[label:say \"hi\" now] >[x]" },
  { "\"\"\"all\"\"\"", "=[\"all\"]" },
  { "\"\" x", "=[] >[x]" },
  { "\"\"", "=[]" },
  { "\"one\"\"", ">[one\"]" },
  { "label:\"„neu“ plan\" x", "=[label:„neu“ plan] >[x]" },
  { "“one two\" x", "=[one two] >[x]" },
  { "\"C:\\dir\\\" x", "=[C:\\dir\\] >[x]" },
};

static void
test_queries (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (queries[i].text, NOW);
      g_autofree char *terms = describe (query);

      g_assert_cmpstr (terms, ==, queries[i].terms);
      for (guint j = 0; j < query->terms->len; j++)
        {
          const PinionSearchTerm *term = g_ptr_array_index (query->terms, j);
          g_autofree char *span
            = g_strndup (query->text + term->start, term->end - term->start);

          if (strstr (span, "\"\"") == NULL)
            g_assert_nonnull (strstr (span, term->text));
        }
    }

  g_autoptr (PinionSearchQuery) none = pinion_search_query_parse (NULL, NOW);
  g_assert_true (pinion_search_query_is_empty (none));
}

static void
test_fields (void)
{
  g_autoptr (PinionSearchQuery) query
    = pinion_search_query_parse ("is:odd before:2024-02-30 before:2024-02 larger:2.5k", NOW);
  static const PinionSearchField fields[] = { PINION_SEARCH_WORDS, PINION_SEARCH_WORDS,
                                              PINION_SEARCH_BEFORE, PINION_SEARCH_LARGER };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_cmpint (((PinionSearchTerm *) g_ptr_array_index (query->terms, i))->field, ==,
                     fields[i]);
  g_assert_cmpint (((PinionSearchTerm *) g_ptr_array_index (query->terms, 3))->value, ==, 2560);
}

static const struct
{
  const char *text;
  const char *date;
} dates[] = {
  { "2024", "2024-01-01" },        { "2024-03", "2024-03-01" },   { "2024/3/9", "2024-03-09" },
  { "9.3.2024", "2024-03-09" },    { "today", "2023-11-14" },     { "Yesterday", "2023-11-13" },
  { "monday", "2023-11-13" },      { "tue", "2023-11-07" },       { "7d", "2023-11-07" },
  { "2w", "2023-10-31" },          { "1m", "2023-10-14" },        { "1y", "2022-11-14" },
  { "3 days ago", "2023-11-11" },  { "2 weeks", "2023-10-31" },   { "1 month", "2023-10-14" },
  { "2024-13", NULL },             { "2024-02-30", NULL },        { "12345", NULL },
  { "1/2/2024", NULL },            { "soon", NULL },              { "", NULL },
  { "7", NULL },                   { "-3d", NULL },               { "99999999999d", NULL },
  { "2024-", NULL },               { "9999y", NULL },             { "3 days later", NULL },
};

static void
test_dates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      gint64 seconds = 0;
      gboolean is_date = pinion_search_parse_date (dates[i].text, NOW, &seconds);

      if (dates[i].date == NULL)
        {
          g_assert_false (is_date);
          continue;
        }
      g_assert_true (is_date);
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
      g_autofree char *text = g_date_time_format (date, "%Y-%m-%d");
      g_assert_cmpstr (text, ==, dates[i].date);
    }
}

static const struct
{
  const char *query;
  const char *text;
  const char *marked;
} marks[] = {
  { "budget", "The Budget, again: budgets", "The [Budget], again: [budgets]" },
  { "\"budget\"", "budget budgets", "[budget] budgets" },
  { "strasse", "In der Straße 3", "In der [Straße] 3" },
  { "\"red car\" blue", "a red car, a blue car", "a [red car], a [blue] car" },
  { "-budget", "budget", "budget" },
  { "from:ana", "ana", "ana" },
  { "subject:ana", "ana", "[ana]" },
  { "京都", "東京都知事", "東[京都]知事" },
  { "京都知", "東京都知事", "東[京都知]事" },
  { "都", "東京都知事", "東京[都]知事" },
  { "会議", "会議と会議", "[会議]と[会議]" },
  { "e-mail", "an e-mail", "an [e-mail]" },
  { "견적서.pdf", "새 견적서.pdf", "새 [견적서.pdf]" },
  { "서.pdf", "새 견적서.pdf", "새 견적[서.pdf]" },
  { "견적서 센서", "광학 센서 견적서", "광학 [센서] [견적서]" },
  { "\"센서 견적\"", "광학 센서 견적서", "광학 [센서 견적]서" },
  { "서", "센서", "센[서]" },
  { "is:starred", "starred", "starred" },
  { "", "text", "text" },
};

static void
test_marks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (marks[i].query, NOW);
      g_autoptr (GArray) ranges
        = pinion_search_query_mark (query, PINION_SEARCH_SUBJECT, marks[i].text);
      g_autoptr (GString) text = g_string_new (marks[i].text);

      for (guint j = ranges->len; j > 0; j--)
        {
          const PinionSearchRange *range = &g_array_index (ranges, PinionSearchRange, j - 1);

          g_string_insert_c (text, (gssize) range->end, ']');
          g_string_insert_c (text, (gssize) range->start, '[');
        }
      g_assert_cmpstr (text->str, ==, marks[i].marked);
    }
}

#define TEN "one two three four five six seven eight nine ten "
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* @seen: what the row shows as subject.  @excerpt: %NULL where nothing is to be told. */
static const struct
{
  const char *query;
  const char *seen;
  const char *text;
  const char *excerpt;
} excerpts[] = {
  { "pelican", "", "The pelican came.", "The pelican came." },
  { "pelican", "", "\n  The pelican came.\n", "The pelican came." },
  { "pelican", "A Pelican", "The pelican came.", NULL },
  { "heron", "A pelican", "The pelican came.", NULL },
  { "pel", "", TEN "and a\n> > Pélican came\n>again", "…ten and a Pélican came again" },
  { "pelican", "", TEN "\n\nHere\nthe pelican", "…Here the pelican" },
  { "strasse", "", TEN "STRAẞE, Straße", "…eight nine ten STRAẞE, Straße" },
  /* What is not shown, whatever else is */
  { "budget pelican", "The budget", TEN "budget pelican", "…nine ten budget pelican" },
  { "from:ana pelican", "", "ana and the pelican", "ana and the pelican" },
  { "heron OR pelican", "Heron", "The pelican came.", NULL },
  { "heron OR pelican OR tern", "tern", "The pelican came.", NULL },
  { "heron OR pelican tern", "Heron", "The pelican, a tern", "The pelican, a tern" },
  { "from:ana -pelican is:starred subject:pelican", "", "ana pelican", NULL },
  { "\"red car\"", "", "a red boat, a red\ncar", "a red boat, a red car" },
  /* Far behind, and across what is looked through at a time */
  { "pelican", "", LONG LONG LONG LONG LONG LONG LONG LONG "pelican",
    "…eight nine ten pelican" },
  { "\"ten pelican\"", "", LONG LONG LONG LONG LONG "pelican",
    "…eight nine ten pelican" },
  { "pelican", "", LONG "pelican " TEN TEN TEN TEN,
    "…eight nine ten pelican " TEN TEN "one two three four five six seven eight…" },
  /* Scripts without blanks; a character is never torn */
  { "京都", "", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九東京都知事",
    "…五六七八九十一二三四五六七八九東京都知事" },
  { "서", "", "광학 센서", "광학 센서" },
  { "เมือง", "",
    "ที่นี่ที่นี่ที่นี่ที่นี่กเมือง", "…นี่ที่นี่ที่นี่กเมือง" },
  { "שלום", "", TEN "שלום", "…eight nine ten שלום" },
};

static void
test_excerpts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (excerpts); i++)
    {
      g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (excerpts[i].query, NOW);
      PinionSearchText shown = { PINION_SEARCH_SUBJECT, excerpts[i].seen };
      PinionSearchTerms unseen = pinion_search_query_get_unseen (query, &shown, 1);
      g_autofree char *excerpt
        = pinion_search_query_dup_excerpt (query, unseen, excerpts[i].text);

      g_assert_cmpstr (excerpt, ==, excerpts[i].excerpt);
    }
}

static void
test_without (void)
{
  static const struct
  {
    const char *text;
    guint index;
    const char *rest;
  } cases[] = {
    { "one two three", 1, "one three" }, { "one two three", 0, "two three" },
    { "one two three", 2, "one two" },   { "one OR two three", 1, "one three" },
    { "one OR two three", 0, "two three" }, { "from:ana", 0, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (cases[i].text, NOW);
      g_autofree char *rest = pinion_search_query_dup_without (query, cases[i].index);

      g_assert_cmpstr (rest, ==, cases[i].rest);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/search-query/words", test_words);
  g_test_add_func ("/core/search-query/words-of-anything", test_words_of_anything);
  g_test_add_func ("/core/search-query/queries", test_queries);
  g_test_add_func ("/core/search-query/fields", test_fields);
  g_test_add_func ("/core/search-query/dates", test_dates);
  g_test_add_func ("/core/search-query/marks", test_marks);
  g_test_add_func ("/core/search-query/excerpts", test_excerpts);
  g_test_add_func ("/core/search-query/without", test_without);

  return g_test_run ();
}
