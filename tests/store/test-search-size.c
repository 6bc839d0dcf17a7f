/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches that take long, and questions as large as they may be. */

#include "search-fixture.h"

#define N_NEW 3100
#define N_OLD 1100

/* Whichever way is gone and left: what is found is the same.  The new ones have none of what is
 * asked for, so that the search is long; the old ones are more than a few. */
static void
test_ways (void)
{
  static const struct
  {
    const char *query;
    guint n;
  } cases[] = {
    { "label:projects", N_OLD },
    { "is:starred", N_OLD },
    { "is:starred label:projects", N_OLD },
    { "label:projects plan", N_OLD },
    { "is:starred is:unread", 0 },
    { "-is:unread", N_OLD },
    { "-is:read", N_NEW },
    { "-is:read is:starred", 0 },
    { "-after:2023-10 is:starred", N_OLD },
    { "has:attachment", 0 },
    { "-has:attachment zq", N_OLD },
    { "label:projects -plan", 0 },
    { "p", N_NEW + N_OLD },
    { "pl", N_NEW + N_OLD },
    { "zq", N_OLD },
    { "z", N_OLD },
    { "q", 0 },
    { "plan zq", N_OLD },
    { "plan zq ", 0 },
    { "label:projects z", N_OLD },
    { "label:inbox z", 0 },
    { "-p z", N_OLD },
    { "-nothing zq", N_OLD },
    { "plan -nothing zq", N_OLD },
    { "plan -zquark z", 0 },
  };
  Case self;

  case_init (&self);
  PinionStoreSession *session = fixture_begin (self.store);
  for (guint i = 0; i < N_NEW + N_OLD; i++)
    {
      gboolean is_old = i >= N_NEW;
      g_autofree char *id = g_strdup_printf (is_old ? "plan zquark %u" : "plan %u", i);

      fixture_add (session, fixture_folder (self.store, is_old ? "Projects" : "INBOX"), i + 1,
                   is_old ? PINION_FLAG_FLAGGED | PINION_FLAG_SEEN : 0, id, NULL,
                   NOW - i * 10000);
    }
  fixture_commit (self.store);
  g_assert_cmpuint (case_fill (&self), ==, N_NEW + N_OLD);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (guint limit = 0; limit <= 7; limit += 7)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GArray) hits = case_find_full (&self, cases[i].query,
                                                    PINION_STORE_SEARCH_BY_DATE, limit, &error);

          g_assert_no_error (error);
          if (hits->len != (limit > 0 ? MIN (cases[i].n, limit) : cases[i].n))
            g_error ("'%s' finds %u of %u", cases[i].query, hits->len, limit);
          if (hits->len > 0)
            g_assert_cmpint (g_array_index (hits, PinionStoreHit, 0).date, ==,
                             NOW - (cases[i].n == N_OLD ? N_NEW : 0) * 10000);
        }
    }
  case_clear (&self);
}

/* As many terms as there may be, and as long ones. */
static void
test_large_questions (void)
{
  static const char *const terms[] = { "-w%u ",           "w%u ",
                                       "w%u OR ",         "-\"w%u x\" ",
                                       "is:unread OR w%u ", "-w%u OR label:w%u " };
  Case self;

  case_init (&self);
  case_add_letters (&self);
  case_fill (&self);
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autoptr (GString) text = g_string_new ("zebra ");
      g_auto (GStrv) pieces = g_strsplit (terms[i], "%u", -1);

      for (guint j = 0; j < PINION_SEARCH_MAX_TERMS - 1; j++)
        {
          g_autofree char *number = g_strdup_printf ("%u", j);
          g_autofree char *term = g_strjoinv (number, pieces);
          g_string_append (text, term);
        }
      for (guint order = 0; order < 2; order++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GArray) hits = case_find_full (&self, text->str, order, 5, &error);
          if (error != NULL)
            g_error ("'%s': %s", text->str, error->message);
        }
    }

  g_autoptr (GString) phrase = g_string_new ("\"");
  while (phrase->len < PINION_SEARCH_MAX_TEXT)
    g_string_append (phrase, "a ");
  assert_found (&self, phrase->str, "");
  g_string_append (phrase, "\"");
  assert_found (&self, phrase->str, "");
  case_clear (&self);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  dex_init ();

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/search/ways", test_ways);
  g_test_add_func ("/store/search/large-questions", test_large_questions);

  return g_test_run ();
}
