/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list that a search shows, its index kept in the background, suggestions. */

#include "pinion-search.h"

#include "pinion-conversation.h"
#include "pinion-engine-private.h"
#include "pinion-test-fiber.h"
#include "search-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

typedef struct
{
  Fixture *store;
  PinionEngine *engine;
} World;

static gpointer
await_object (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  gpointer object = dex_await_object (future, &error);

  g_assert_no_error (error);

  return object;
}

/* The letters' headers in a store, no index yet. */
static void
world_init (World *self)
{
  Case letters_case = { .store = fixture_new () };

  case_add_letters (&letters_case);
  self->store = letters_case.store;
  fixture_close (self->store);
  self->engine = await_object (pinion_engine_open (self->store->dir));
}

static void
world_clear (World *self)
{
  g_autoptr (GError) error = NULL;

  dex_await (pinion_engine_close (self->engine), &error);
  g_assert_no_error (error);
  g_clear_object (&self->engine);
  fixture_free (self->store);
}

static PinionSearchQuery *
parse (const char *text)
{
  return pinion_search_query_parse (text, NOW);
}

static void
set_query (PinionConversationList *list,
           const char             *text)
{
  g_autoptr (PinionSearchQuery) query = parse (text);

  pinion_conversation_list_set_query (list, query, PINION_SEARCH_BY_DATE);
}

static PinionConversationList *
list_new (World      *self,
          const char *text)
{
  g_autoptr (PinionSearchQuery) query = parse (text);

  return pinion_conversation_list_new_for_search (self->engine, query, PINION_SEARCH_BY_DATE);
}

/* "Budget for the café | Old contract": the rows that are here, "…" for one that is not yet.
 * Returns: (transfer full) */
static char *
dup_rows (PinionConversationList *list)
{
  GString *rows = g_string_new (NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PinionConversation) row = g_list_model_get_item (G_LIST_MODEL (list), i);
      const char *subject = pinion_conversation_get_subject (row);

      g_string_append_printf (rows, "%s%s", i > 0 ? " | " : "", subject != NULL ? subject : "…");
    }

  return g_string_free (rows, FALSE);
}

static void
wait_for_rows (PinionConversationList *list,
               const char             *expected)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *rows = dup_rows (list);

      if (g_str_equal (rows, expected) && !pinion_conversation_list_get_loading (list))
        return;
      if (g_get_monotonic_time () > deadline)
        g_error ("'%s', not '%s'", rows, expected);
      dex_await (dex_timeout_new_msec (5), NULL);
    }
}

/* Nobody made an index: it is made when a list asks, and the list shows what it finds then. */
static DexFuture *
test_list (gpointer data)
{
  World self;

  world_init (&self);
  g_autoptr (PinionConversationList) list = list_new (&self, "café");
  g_assert_true (pinion_conversation_list_get_loading (list));
  wait_for_rows (list, "Budget for the café");

  set_query (list, "from:ana");
  g_assert_true (pinion_conversation_list_get_loading (list));
  g_assert_cmpstr (pinion_conversation_list_get_query (list)->text, ==, "from:ana");
  wait_for_rows (list, "Budget for the café | Thrown away");

  /* A key after the other: only the last counts. */
  for (guint i = 1; i <= strlen ("contract"); i++)
    {
      g_autofree char *typed = g_strndup ("contract", i);
      set_query (list, typed);
    }
  wait_for_rows (list, "Old contract");
  set_query (list, "qqqqq");
  wait_for_rows (list, "");
  world_clear (&self);

  return dex_future_new_true ();
}

static DexFuture *
star_all (PinionStoreSession *session,
          gpointer            data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 id = 1; id <= N_LETTERS; id++)
    g_array_append_val (ids, id);
  pinion_store_command_set_flag (session, ids, PINION_FLAG_FLAGGED, GPOINTER_TO_INT (data));

  return dex_future_new_true ();
}

/* What changes in the store changes what is found. */
static DexFuture *
test_follows (gpointer data)
{
  World self;
  g_autoptr (GError) error = NULL;

  world_init (&self);
  g_autoptr (PinionConversationList) list = list_new (&self, "is:starred from:ana");
  wait_for_rows (list, "");
  dex_await (pinion_store_write (self.engine->store, star_all, GINT_TO_POINTER (TRUE), NULL),
             &error);
  g_assert_no_error (error);
  wait_for_rows (list, "Budget for the café | Thrown away");
  dex_await (pinion_store_write (self.engine->store, star_all, GINT_TO_POINTER (FALSE), NULL),
             &error);
  g_assert_no_error (error);
  wait_for_rows (list, "");
  world_clear (&self);

  return dex_future_new_true ();
}

static void
spoil (World      *self,
       const char *sql)
{
  g_autofree char *path = g_build_filename (self->store->dir, "search.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* The index is useless: nobody is told, and it is made anew while the list waits. */
static DexFuture *
test_broken (gpointer data)
{
  static const char *const damage[] = { "DROP TABLE doc", "DROP TABLE short",
                                        "UPDATE state SET identity = 'another store''s'",
                                        "DELETE FROM shard; PRAGMA user_version = 77" };
  World self;

  world_init (&self);
  g_autoptr (PinionConversationList) list = list_new (&self, "won z");
  wait_for_rows (list, "You won a zebra");
  g_clear_object (&list);

  for (guint i = 0; i < G_N_ELEMENTS (damage); i++)
    {
      spoil (&self, damage[i]);

      /* The index of another version or store is noticed by who opens it. */
      dex_await (pinion_engine_close (self.engine), NULL);
      g_object_unref (self.engine);
      self.engine = await_object (pinion_engine_open (self.store->dir));
      list = list_new (&self, "won z");
      wait_for_rows (list, "You won a zebra");
      g_clear_object (&list);
    }
  world_clear (&self);

  return dex_future_new_true ();
}

static DexFuture *
test_once (gpointer data)
{
  World self;
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionSearchQuery) query = parse ("ana");

  world_init (&self);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) found = dex_await_boxed (
          pinion_engine_search (self.engine, query, PINION_SEARCH_BY_DATE, i, FALSE), &error);

      g_assert_no_error (error);
      g_assert_cmpuint (found->len, ==, i > 0 ? i : 2);
      g_assert_cmpstr (pinion_conversation_get_subject (g_ptr_array_index (found, 0)), ==,
                       "Budget for the café");
      if (i == 0)
        spoil (&self, "DROP TABLE doc");
    }

  g_autofree PinionReach *reach = dex_await_boxed (pinion_engine_get_reach (self.engine, 0), &error);
  g_assert_no_error (error);
  g_assert_cmpint (reach->oldest, ==, NOW - 800 * DAY);
  g_assert_cmpint (reach->waiting, ==, 0);
  g_assert_cmpint (reach->bodies_missing, >, 0);
  world_clear (&self);

  return dex_future_new_true ();
}

/* "label:\"Projects\" from:…": what would be inserted.  Returns: (transfer full) */
static char *
dup_suggestions (World      *self,
                 const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) suggestions
      = dex_await_boxed (pinion_engine_suggest (self->engine, text, 4), &error);
  GString *inserts = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < suggestions->len; i++)
    {
      const PinionSuggestion *suggestion = g_ptr_array_index (suggestions, i);

      g_assert_nonnull (suggestion->name);
      g_assert_true ((suggestion->label != 0) != (suggestion->address != NULL));
      g_string_append_printf (inserts, "%s%s", i > 0 ? ", " : "", suggestion->insert);
    }

  return g_string_free (inserts, FALSE);
}

static DexFuture *
test_suggestions (gpointer data)
{
  static const struct
  {
    const char *text;
    const char *inserts;
  } cases[] = {
    { "jo", "from:joerg@weiss.example" },
    { "budget jo", "from:joerg@weiss.example" },
    { "to:jorg", "to:joerg@weiss.example" },
    { "pro", "label:\"Projects\"" },
    { "label:pro", "label:\"Projects\"" },
    { "from:pro", "" },
    { "label:jo", "" },
    { "is:starred", "" },
    { "", "" },
  };
  World self;
  g_autoptr (GError) error = NULL;

  world_init (&self);
  dex_await (pinion_engine_index_all (self.engine), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inserts = dup_suggestions (&self, cases[i].text);
      g_assert_cmpstr (inserts, ==, cases[i].inserts);
    }
  world_clear (&self);

  return dex_future_new_true ();
}

/* -- How far back --------------------------------------------------------------------------- */

static DexFuture *
set_ranges (PinionStoreSession *session,
            gpointer            data)
{
  const PinionHistory *histories = data;
  g_autoptr (GPtrArray) accounts = pinion_store_accounts_list (session);

  if (accounts->len == 1)
    {
      g_autoptr (PinionAccount) other = pinion_account_new ();

      g_set_str (&other->email, "other@example.com");
      pinion_store_account_add (session, other);
      g_clear_pointer (&accounts, g_ptr_array_unref);
      accounts = pinion_store_accounts_list (session);
    }
  for (guint i = 0; i < 2; i++)
    {
      const PinionAccount *account = g_ptr_array_index (accounts, i);

      pinion_store_history_set (session, account->id, histories[i], G_MININT64);
    }

  return dex_future_new_for_int64 (((const PinionAccount *) g_ptr_array_index (accounts, 1))->id);
}

static PinionReach *
reach_of (World  *self,
          gint64  account)
{
  g_autoptr (GError) error = NULL;
  PinionReach *reach = dex_await_boxed (pinion_engine_get_reach (self->engine, account), &error);

  g_assert_no_error (error);

  return reach;
}

/* Of several accounts the one that reaches back least is named. */
static DexFuture *
test_reach (gpointer data)
{
  static const PinionHistory ranges[][2] = {
    { PINION_HISTORY_ALL, PINION_HISTORY_1_MONTH },
    { PINION_HISTORY_ALL, PINION_HISTORY_ALL },
  };
  World self;

  world_init (&self);
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 other = dex_await_int64 (
          pinion_store_write (self.engine->store, set_ranges, (gpointer) ranges[i], NULL), &error);
      g_autofree PinionReach *all = reach_of (&self, 0);
      g_autofree PinionReach *one = reach_of (&self, self.store->account);
      g_autofree PinionReach *two = reach_of (&self, other);

      g_assert_no_error (error);
      g_assert_cmpint (all->since, ==, MAX (one->since, two->since));
      g_assert_cmpint (one->account, ==, 0);
      g_assert_cmpint (all->account, ==,
                       one->since == two->since  ? 0
                       : one->since > two->since ? self.store->account
                                                 : other);
      if (i == 0)
        g_assert_cmpint (one->since, !=, two->since);
    }
  world_clear (&self);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/engine/search/list", test_list);
  pinion_test_add_fiber ("/engine/search/follows", test_follows);
  pinion_test_add_fiber ("/engine/search/broken", test_broken);
  pinion_test_add_fiber ("/engine/search/once", test_once);
  pinion_test_add_fiber ("/engine/search/suggestions", test_suggestions);
  pinion_test_add_fiber ("/engine/search/reach", test_reach);

  return g_test_run ();
}
