/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rows of a search say of what was found. */

#include <glib/gstdio.h>

#include "pinion-conversation.h"
#include "pinion-engine-private.h"
#include "pinion-search.h"
#include "pinion-test-fiber.h"
#include "search-fixture.h"

#define TEN "one two three four five six seven eight nine ten "
#define PREVIEW TEN "and so on"

/* The first letter's file. */
static const char file[] =
  "From: Ana Lima <ana@lakeside.example>\r\n"
  "Subject: Budget for the caf=?utf-8?q?=C3=A9?=\r\n"
  "MIME-Version: 1.0\r\n"
  "Content-Type: multipart/mixed; boundary=b\r\n"
  "\r\n"
  "--b\r\n"
  "Content-Type: text/plain; charset=utf-8\r\n"
  "\r\n"
  TEN "\r\n" TEN "\r\n"
  "> a Pélican and a heron,\r\n> 東京都知事\r\n"
  "--b\r\n"
  "Content-Type: application/pdf; name=\"Tern table.pdf\"\r\n"
  "Content-Disposition: attachment; filename=\"Tern table.pdf\"\r\n"
  "\r\n"
  "%PDF\r\n"
  "--b--\r\n";

typedef struct
{
  Fixture *store;
  PinionEngine *engine;
  PinionConversationList *list;
} World;

static DexFuture *
bring_file (PinionStoreSession *session,
            gpointer            data)
{
  g_autofree char *path = pinion_store_dup_temp_path (pinion_store_session_get_store (session));
  PinionStoreBodyFacts facts = { PREVIEW, TRUE };

  g_assert_true (g_file_set_contents (path, file, -1, NULL));
  pinion_store_body_arrived (session, 1, path, &facts);

  return dex_future_new_true ();
}

static DexFuture *
forget_file (PinionStoreSession *session,
             gpointer            data)
{
  pinion_store_body_forget (session, 1);

  return dex_future_new_true ();
}

static void
change (World          *self,
        PinionStoreFunc func)
{
  g_autoptr (GError) error = NULL;

  dex_await (pinion_store_write (self->engine->store, func, NULL, NULL), &error);
  g_assert_no_error (error);
}

static void
world_init (World *self)
{
  Case letters_case = { .store = fixture_new () };
  g_autoptr (GError) error = NULL;

  case_add_letters (&letters_case);
  self->store = letters_case.store;
  fixture_close (self->store);
  self->engine = dex_await_object (pinion_engine_open (self->store->dir), &error);
  g_assert_no_error (error);
  change (self, bring_file);
  dex_await (pinion_engine_index_all (self->engine), &error);
  g_assert_no_error (error);
}

static void
world_clear (World *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->list);
  dex_await (pinion_engine_close (self->engine), &error);
  g_assert_no_error (error);
  g_clear_object (&self->engine);
  fixture_free (self->store);
}

static void
ask (World      *self,
     const char *text)
{
  g_autoptr (PinionSearchQuery) query = pinion_search_query_parse (text, NOW);

  if (self->list == NULL)
    self->list
      = pinion_conversation_list_new_for_search (self->engine, query, PINION_SEARCH_BY_DATE);
  else
    pinion_conversation_list_set_query (self->list, query, PINION_SEARCH_BY_DATE);
}

/* The first row, which is kept as a row that is shown is. */
static void
wait_for_snippet (World             *self,
                  const char        *expected,
                  PinionSearchField  field)
{
  g_autoptr (PinionConversation) row = NULL;
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (;;)
    {
      g_clear_object (&row);
      row = g_list_model_get_item (G_LIST_MODEL (self->list), 0);
      if (row != NULL && !pinion_conversation_list_get_loading (self->list) &&
          g_str_equal (pinion_conversation_get_snippet (row), expected))
        break;
      if (g_get_monotonic_time () > deadline)
        g_error ("'%s', not '%s'",
                 row != NULL ? pinion_conversation_get_snippet (row) : "nothing", expected);
      dex_await (dex_timeout_new_msec (5), NULL);
    }
  g_assert_cmpint (pinion_conversation_get_snippet_field (row), ==, field);
}

static const struct
{
  const char *query;
  const char *snippet;
  PinionSearchField field;
} cases[] = {
  { "pelican", "…nine ten a Pélican and a heron, 東京都知事", PINION_SEARCH_BODY },
  /* Shown already, and found elsewhere */
  { "budget", PREVIEW, PINION_SEARCH_BODY },
  { "ana", PREVIEW, PINION_SEARCH_BODY },
  { "from:ana label:inbox", PREVIEW, PINION_SEARCH_BODY },
  { "three", PREVIEW, PINION_SEARCH_BODY },
  { "from:ana pel", "…nine ten a Pélican and a heron, 東京都知事", PINION_SEARCH_BODY },
  { "budget heron", "…a Pélican and a heron, 東京都知事", PINION_SEARCH_BODY },
  { "京都", "…and a heron, 東京都知事", PINION_SEARCH_BODY },
  { "tern", "Tern table.pdf", PINION_SEARCH_FILE_NAME },
  { "filename:tab", "Tern table.pdf", PINION_SEARCH_FILE_NAME },
  { "filename:tab pelican", "…nine ten a Pélican and a heron, 東京都知事",
    PINION_SEARCH_BODY },
  { "has:attachment from:lima", PREVIEW, PINION_SEARCH_BODY },
};

static DexFuture *
test_quotes (gpointer data)
{
  World self = { 0 };

  world_init (&self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ask (&self, cases[i].query);
      wait_for_snippet (&self, cases[i].snippet, cases[i].field);
    }
  world_clear (&self);

  return dex_future_new_true ();
}

/* The same row, shown all the while: it follows the question, and the mail. */
static DexFuture *
test_follows (gpointer data)
{
  World self = { 0 };
  g_autoptr (PinionConversation) row = NULL;

  world_init (&self);
  ask (&self, "pel");
  wait_for_snippet (&self, cases[0].snippet, PINION_SEARCH_BODY);
  row = g_list_model_get_item (G_LIST_MODEL (self.list), 0);

  ask (&self, "from:ana label:inbox tern");
  wait_for_snippet (&self, "Tern table.pdf", PINION_SEARCH_FILE_NAME);
  g_assert_cmpstr (pinion_conversation_get_snippet (row), ==, "Tern table.pdf");

  /* Its text is gone before it is asked for, but what it says stays known. */
  ask (&self, "from:ana label:inbox");
  wait_for_snippet (&self, PREVIEW, PINION_SEARCH_BODY);
  change (&self, forget_file);
  ask (&self, "subject:budget");
  wait_for_snippet (&self, PREVIEW, PINION_SEARCH_BODY);
  change (&self, bring_file);
  ask (&self, "heron");
  wait_for_snippet (&self, "…a Pélican and a heron, 東京都知事", PINION_SEARCH_BODY);
  world_clear (&self);

  return dex_future_new_true ();
}

/* The engine is closed while rows are being read. */
static DexFuture *
test_closing (gpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      World self = { 0 };
      g_autoptr (PinionConversation) row = NULL;

      world_init (&self);
      ask (&self, "pelican");
      for (guint j = 0; j < i; j++)
        {
          dex_await (dex_timeout_new_msec (1), NULL);
          g_clear_object (&row);
          row = g_list_model_get_item (G_LIST_MODEL (self.list), 0);
        }
      pinion_conversation_list_stop (self.list);
      world_clear (&self);
    }

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  pinion_test_init (&argc, &argv);
  pinion_test_add_fiber ("/engine/excerpts/quotes", test_quotes);
  pinion_test_add_fiber ("/engine/excerpts/follows", test_follows);
  pinion_test_add_fiber ("/engine/excerpts/closing", test_closing);

  return g_test_run ();
}
